"""The header block that a mail client writes above a forwarded message: what it is, once read."""

from typing import NamedTuple

from attrs import frozen


class Value(NamedTuple):
    """One field of a block. name: the field; text: its value with folds joined; first, last: its lines."""

    name: str
    text: str
    first: int
    last: int


@frozen(kw_only=True)
class Block:
    """A header block. start: its first line, the separator's where there is one; end: the line after it.

    label: line of the first label; separator: line of the separator or None; said: so many characters of that line
    stand before it, the last of a comment. forward: the separator says outright that the message was forwarded. rows:
    the catalogue's rows that fit. mixed: labels of several languages or none (R10). in_order: some client writes the
    fields in this order, and with no other empty lines. is_strange: lines that no client
    writes stand among the fields or right below them. is_cut: more people than are read. known: False for a block read
    by the kind of its values. between: the first of the lines that stand between the separator and the labels and are
    of neither, as a gateway's notice; None for none. rival: a whole block that begins inside this one, which is not
    whole, and goes on with another author.
    """

    start: int
    end: int
    label: int
    separator: int | None
    forward: bool
    depth: int
    fields: tuple[Value, ...]
    rows: int
    mixed: bool = False
    in_order: bool = True
    is_strange: bool = False
    is_cut: bool = False
    known: bool = True
    said: int = 0
    between: int | None = None
    rival: "Block | None" = None

    @property
    def is_glued(self) -> bool:
        """Whether the fields stand on one line."""
        return len(self.fields) > 1 and self.fields[0].last >= self.fields[-1].first

    def get(self, name: str) -> str | None:
        """The first value of a field, None where the block has none."""
        for field in self.fields:
            if field.name == name:
                return field.text
        return None

    @property
    def date(self) -> str | None:
        """The date as written, with the time where the client writes it in a line of its own."""
        return " ".join(text for text in (self.get("date"), self.get("time")) if text) or None


Labels = tuple[tuple[str, int], ...]
"""What a label can mean: fields, each with the rows of the catalogue that write it so."""
Label = tuple[Labels, str, str]
"""A label that was found: what it can mean, the value behind it, and the label itself."""


class Open(NamedTuple):
    options: Labels
    label: str
    parts: list[str]
    first: int

    @property
    def names(self) -> set[str]:
        return {name for name, _ in self.options}
