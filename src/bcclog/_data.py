"""The catalogue: what each mail client writes in each language, read from `data/` and turned into indexes once.

A client in a language is a row, and a row is one bit. Each index maps a normalised string to the set of rows that
write it, as one integer; reading a block is `alive &= bits` a line, whatever the number of rows. What is left alive
are the clients and languages that could have written the block, and all of them are reported.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from attrs import frozen

from bcclog.forward import Writer

DECORATION = "-_=*~<>—–‐‑─━ \t\u00a0"
"""What separator lines are drawn with; stripped at both ends, so that a wrapped or shortened rule is still known."""

_INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_SLOT_NAMES = frozenset({"from", "forwarder", "date", "time", "name", "email", "count", "subject"})


DRAWN = frozenset("-_=*<>—–‐‑─━")
"""Characters that a drawn separator line begins with."""
TEMPLATE_KEY = 4
"""Separators with slots are found by so many letters behind the rule."""


class DataError(ValueError):
    """A data file that does not say what it must; the message names the file."""


def fold(text: str) -> str:
    """The one normal form of labels, separators and templates, for rows and for mail alike: no invisible marks, NFC,
    case folded, white space (NBSP too) as single blanks."""
    if text.isascii():
        return " ".join(text.lower().split())
    if _INVISIBLE.search(text):  # four times as fast as removing what is hardly ever there
        text = _INVISIBLE.sub("", text)
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return " ".join(text.casefold().split())


def fold_label(text: str) -> str:
    """A label's normal form: `fold` without bold marks and quotes around it."""
    return fold(text).strip("*_'\"`´ ")


def fold_separator(text: str) -> str:
    """A separator's normal form: `fold` without the rules that it is drawn with."""
    return fold(text).strip(DECORATION)


@frozen(kw_only=True)
class Template:
    """A line with slots, matched by its literal pieces in order, so that no row can make the parser slow.

    pieces: folded literals; slots[i] names what stands between pieces[i] and pieces[i + 1].
    """

    pieces: tuple[str, ...]
    slots: tuple[str, ...]
    rows: int

    def match(self, line: str, folded: str) -> dict[str, str] | None:
        """The slots' values in `line` (blanks made single), or None. `folded` is `line` folded, of equal length."""
        pieces = self.pieces
        if not folded.startswith(pieces[0]) or not folded.endswith(pieces[-1]):
            return None
        at = len(pieces[0])
        end = len(folded) - len(pieces[-1])
        values: dict[str, str] = {}
        for slot, piece in zip(self.slots, pieces[1:], strict=True):
            last = slot is self.slots[-1] and len(values) == len(self.slots) - 1
            found = end if last else folded.find(piece, at, end)
            if found < at or (last and found < at):
                return None
            values[slot] = line[at:found].strip()
            at = found + len(piece)
        return values


@frozen(kw_only=True)
class Mark:
    """A mark in the HTML by which a client's block is known."""

    rows: int
    role: str
    forward_only: bool
    how: str
    tag: str | None
    text: str


@frozen(kw_only=True)
class Row:
    """One client in one language."""

    writer: Writer
    order: tuple[str, ...]
    labels: Mapping[str, tuple[str, ...]]
    dates: tuple[str, ...]
    confidence: str


@frozen(kw_only=True, eq=False)
class Catalogue:
    (
        """All rows and the indexes over them; every `int` is a set of rows.

    labels: folded label -> ((field, rows), ...); bare_labels: those written without a colon.
    separators: folded whole line -> (rows that mean a forward, rows that write it above replies too); cores: the same
    without the rules drawn around; plain_separators: those without rules, with their last characters and longest
    length, so that a line is seldom folded in vain; separator_templates: by the first letters of the core, those of
    fewer letters under "". ends: folded end line.
    attributions, reply_attributions: lines in place of a block, and above a reply's history; attribution_ends,
    reply_ends: what they end with, where not with a slot.
    marks: attribute -> value or word -> marks. before: (a, b) -> rows in which field a stands before field b, those of
    no fixed order included.
    attributed: rows that write an attribution in place of a block, or of its first line. bare, glued, spaced,
    open_ended, quoted_body, rule_ends, separator_below: rows with that layout.
    """
        """
    """
    )

    rows: tuple[Row, ...]
    labels: Mapping[str, tuple[tuple[str, int], ...]]
    bare_labels: Mapping[str, tuple[tuple[str, int], ...]]
    separators: Mapping[str, tuple[int, int]]
    plain_separators: Mapping[str, tuple[int, int]]
    plain_ends: str
    max_plain_chars: int
    cores: Mapping[str, tuple[int, int]]
    separator_templates: Mapping[str, tuple[tuple[Template, bool], ...]]
    ends: Mapping[str, int]
    attributions: tuple[Template, ...]
    reply_attributions: tuple[Template, ...]
    attributed: int
    attribution_ends: tuple[str, ...]
    reply_ends: tuple[str, ...]
    marks: Mapping[str, Mapping[str, tuple[Mark, ...]]]
    before: Mapping[tuple[str, str], int]
    all_rows: int
    bare: int
    glued: int
    spaced: int
    open_ended: int
    quoted_body: int
    rule_ends: int
    separator_below: int
    forward_prefixes: frozenset[str]
    reply_prefixes: frozenset[str]
    max_label_chars: int

    def writers(self, rows: int) -> tuple[Writer, ...]:
        """The clients and languages in a set of rows, in the catalogue's order."""
        found = []
        while rows:
            low = rows & -rows
            found.append(self.rows[low.bit_length() - 1].writer)
            rows ^= low
        return tuple(found)

    def row_labels(self, row: int) -> Mapping[str, tuple[str, ...]]:
        """The labels of the one row whose bit `row` is, as it writes them."""
        return self.rows[row.bit_length() - 1].labels

    def dates(self, rows: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Languages and date patterns of a set of rows, without repeats, for `parse_localized`."""
        locales: dict[str, None] = {}
        patterns: dict[str, None] = {}
        while rows:
            low = rows & -rows
            row = self.rows[low.bit_length() - 1]
            locales[row.writer.locale] = None
            patterns.update(dict.fromkeys(row.dates))
            rows ^= low
        return tuple(locales), tuple(patterns)


@cache
def catalogue() -> Catalogue:
    """The catalogue that ships with the package; read on first use, then kept (one value, never changed)."""
    folder = files("bcclog") / "data"
    clients = [
        json.loads(path.read_text("utf-8"))
        for path in sorted((folder / "clients").iterdir(), key=lambda path: path.name)
        if path.name.endswith(".json")
    ]
    return compile_catalogue(clients, json.loads((folder / "subjects.json").read_text("utf-8")))


def compile_catalogue(clients: Iterable[Mapping[str, Any]], subjects: Mapping[str, Any]) -> Catalogue:
    """Turn client files into one catalogue. `DataError` for a template with an unknown slot."""
    rows: list[Row] = []
    labels: dict[str, dict[str, int]] = {}
    separators: dict[str, list[int]] = {}
    cores: dict[str, list[int]] = {}
    separator_templates: dict[tuple[tuple[str, ...], tuple[str, ...], bool], int] = {}
    ends: dict[str, int] = {}
    attributions: dict[tuple[tuple[str, ...], tuple[str, ...]], int] = {}
    reply_attributions: dict[tuple[tuple[str, ...], tuple[str, ...]], int] = {}
    marks: dict[str, dict[str, list[Mark]]] = {}
    before: dict[tuple[str, str], int] = {}
    unordered = 0
    layouts = dict.fromkeys(("bare", "glued", "spaced", "open_ended", "quoted_body", "rule_ends", "separator_below"), 0)
    prefixes: dict[str, set[str]] = {"forward": set(), "reply": set()}

    for client in clients:
        first = len(rows)
        layout = client.get("layout", {})
        for locale, row in client["locales"].items():
            bit = 1 << len(rows)
            order = tuple(name.rstrip("?") for name in row.get("order", client["order"]))
            rows.append(
                Row(
                    writer=Writer(client["client"], locale),
                    order=order,
                    labels=MappingProxyType({name: tuple(texts) for name, texts in row.get("labels", {}).items()}),
                    dates=tuple(row.get("dates", ())),
                    confidence=row["confidence"],
                )
            )
            if not order:
                unordered |= bit  # writes the fields in the order of the original's header
            for position, name in enumerate(order):
                for later in order[position + 1 :]:
                    before[name, later] = before.get((name, later), 0) | bit
            for name, texts in row.get("labels", {}).items():
                for text in texts:
                    entry = labels.setdefault(fold_label(text), {})
                    entry[name] = entry.get(name, 0) | bit
            for key, kind in (("separators", 0), ("reply_separators", 1)):
                for text in row.get(key, ()):
                    if "{" in text:
                        pieces, slots = _pieces(text, client["client"])
                        template = (pieces, slots, kind == 0)
                        separator_templates[template] = separator_templates.get(template, 0) | bit
                    else:
                        separators.setdefault(fold(text), [0, 0])[kind] |= bit
                        cores.setdefault(fold_separator(text), [0, 0])[kind] |= bit
            for text in row.get("ends", ()):
                ends[fold_separator(text)] = ends.get(fold_separator(text), 0) | bit
            for key, index in (("attributions", attributions), ("reply_attributions", reply_attributions)):
                for text in row.get(key, ()):
                    pair = _pieces(text, client["client"])
                    index[pair] = index.get(pair, 0) | bit
            prefixes["forward"].update(fold_prefix(text) for text in row.get("subject_prefixes", ()))
            if layout.get("colon", "required") != "required":
                layouts["bare"] |= bit
            if layout.get("glued"):
                layouts["glued"] |= bit
            if layout.get("blank_inside"):
                layouts["spaced"] |= bit
            if not layout.get("blank_after", True):
                layouts["open_ended"] |= bit
            if layout.get("quoted") == "body":
                layouts["quoted_body"] |= bit
            if layout.get("rule_ends"):
                layouts["rule_ends"] |= bit
            if layout.get("separator_below"):
                layouts["separator_below"] |= bit
        bits = ((1 << len(rows)) - 1) ^ ((1 << first) - 1)
        for mark in client.get("html", ()):
            how = next((key for key in ("token", "value", "prefix", "contains") if key in mark), "tag")
            text = mark.get(how, "") if how != "tag" else ""
            marks.setdefault(mark.get("attr") or "", {}).setdefault(
                text if how in ("token", "value") else "", []
            ).append(
                Mark(
                    rows=bits,
                    role=mark["role"],
                    forward_only=mark.get("forward_only", False),
                    how=how,
                    tag=mark.get("tag"),
                    text=text,
                )
            )
    for side, known in prefixes.items():
        known.update(fold_prefix(text) for text in subjects[side])
        known.difference_update(fold_prefix(text) for text in subjects.get("ambiguous", {}))
    cores.pop("", None)
    plain = {text: (pair[0], pair[1]) for text, pair in separators.items() if text[0] not in DRAWN}
    by_start: dict[str, list[tuple[Template, bool]]] = {}
    for (pieces, slots, forward), bits in separator_templates.items():
        key = fold_separator(pieces[0])[:TEMPLATE_KEY]
        by_start.setdefault(key if len(key) == TEMPLATE_KEY else "", []).append(
            (Template(pieces=pieces, slots=slots, rows=bits), forward)
        )
    bare_rows = layouts["bare"]
    return Catalogue(
        rows=tuple(rows),
        labels=MappingProxyType({label: tuple(entry.items()) for label, entry in labels.items()}),
        bare_labels=MappingProxyType(
            {
                label: tuple((name, bits & bare_rows) for name, bits in entry.items() if bits & bare_rows)
                for label, entry in labels.items()
                if any(bits & bare_rows for bits in entry.values())
            }
        ),
        separators=MappingProxyType({text: (pair[0], pair[1]) for text, pair in separators.items()}),
        cores=MappingProxyType({text: (pair[0], pair[1]) for text, pair in cores.items()}),
        plain_separators=MappingProxyType(plain),
        plain_ends="".join({text[-1] for text in plain}),
        max_plain_chars=max(map(len, plain), default=0) + 8,
        separator_templates=MappingProxyType({key: tuple(found) for key, found in by_start.items()}),
        ends=MappingProxyType(ends),
        attributions=_templates(attributions),
        reply_attributions=_templates(reply_attributions),
        attributed=sum_rows(attributions),
        attribution_ends=tuple({pieces[-1] for pieces, _ in attributions} - {""}),
        reply_ends=tuple({pieces[-1] for pieces, _ in reply_attributions} - {""}),
        marks=MappingProxyType(
            {
                attr: MappingProxyType({text: tuple(found) for text, found in by_text.items()})
                for attr, by_text in marks.items()
            }
        ),
        before=MappingProxyType({pair: bits | unordered for pair, bits in before.items()}),
        all_rows=(1 << len(rows)) - 1,
        forward_prefixes=frozenset(prefixes["forward"]),
        reply_prefixes=frozenset(prefixes["reply"]),
        max_label_chars=max(map(len, labels)),
        **layouts,
    )


def sum_rows(index: Mapping[Any, int]) -> int:
    """All rows of an index together."""
    rows = 0
    for bits in index.values():
        rows |= bits
    return rows


def fold_prefix(text: str) -> str:
    """A subject prefix's normal form: `fwd` for `Fwd:`, `Fwd :` and `FWD：`."""
    return fold(text).rstrip(":： ")


def _templates(index: Mapping[tuple[tuple[str, ...], tuple[str, ...]], int]) -> tuple[Template, ...]:
    return tuple(Template(pieces=pieces, slots=slots, rows=rows) for (pieces, slots), rows in index.items())


def _pieces(text: str, client: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    pieces: list[str] = []
    slots: list[str] = []
    rest = text
    while True:
        literal, brace, rest = rest.partition("{")
        pieces.append(_INVISIBLE.sub("", literal).casefold().replace("\u00a0", " "))
        if not brace:
            return tuple(pieces), tuple(slots)
        slot, brace, rest = rest.partition("}")
        if not brace or slot not in _SLOT_NAMES:
            raise DataError(f"clients/{client}.json: unknown slot in the template {text!r}")
        slots.append(slot)
