"""The catalogue's data files turned into one `Catalogue`: each label, separator and mark becomes a set of rows.

This runs when a wheel is built, and in a checkout at first use (`ready`).
"""

import json
import re
import string
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import combinations
from operator import or_
from typing import Any, Final, NamedTuple, TypeVar

from bcclog._catalogue.catalogue import TEMPLATE_KEY, Catalogue, Mark, Row, Template, TemplateIndex
from bcclog._catalogue.fields import CORE
from bcclog._catalogue.fold import (
    COLONS,
    DRAWN,
    INVISIBLE,
    INVISIBLE_MARK,
    RULED,
    flatten,
    fold,
    fold_label,
    fold_prefix,
    fold_separator,
)
from bcclog.forward import Writer

_SLOT_NAMES = frozenset({"from", "forwarder", "date", "time", "name", "email", "count", "subject", "to", "cc"})


class DataError(ValueError):
    """A data file that does not say what it must; the message names the file."""


def read_catalogue() -> Catalogue:
    """The catalogue, compiled from the package's data files."""
    from importlib.resources import files

    folder = files("bcclog") / "data"
    clients = [
        json.loads(path.read_text("utf-8")) for path in (folder / "clients").iterdir() if path.name.endswith(".json")
    ]
    clients.sort(key=lambda client: (client["rank"], client["client"]))
    return compile_catalogue(clients, json.loads((folder / "subjects.json").read_text("utf-8")))


class _Written(NamedTuple):
    """One row as its data file has it, or one version of it: the file, the key there, the row itself, and its bit in
    sets of rows."""

    client: Mapping[str, Any]
    locale: str
    row: Mapping[str, Any]
    bit: int


_Key = TypeVar("_Key", bound=Hashable)
_Line = tuple[tuple[str, ...], tuple[str, ...]]
"""A line with slots: the pieces between them, and the slots' names."""


def compile_catalogue(clients: Iterable[Mapping[str, Any]], subjects: Mapping[str, Any]) -> Catalogue:
    """Turn client files into one catalogue. `DataError` for a template with an unknown slot."""
    clients = tuple(clients)
    given = [
        (client, locale, version)
        for client in clients
        for locale, row in client["locales"].items()
        for version in _versions(row)
    ]
    written = [_Written(client, locale, row, 1 << place) for place, (client, locale, row) in enumerate(given)]
    # The versions of a row share their writer, and stand one behind the other.
    writers = {(client["client"], locale): Writer(client["client"], locale) for client, locale, _ in given}
    rows = tuple(
        Row(
            writer=writers[one.client["client"], one.locale],
            bit=one.bit,
            dates=tuple(one.row.get("dates", ())),
            confidence=one.row["confidence"],
            rank=one.client["rank"],
        )
        for one in written
    )
    of_client = {
        client["client"]: reduce(or_, (one.bit for one in written if one.client is client), 0) for client in clients
    }
    languages = _gathered(
        (tag, row.bit)
        for row in rows
        for tag in dict.fromkeys((row.writer.locale, row.writer.locale.partition("-")[0]))
    )
    ends = _gathered((fold_separator(text), one.bit) for one in written for text in one.row.get("ends", ()))
    ends.pop("", None)
    end_rules = ((text, one.bit) for one in written for text in one.row.get("ends", ()) if not fold_separator(text))
    joined_by = ((fold(one.row["joined_by"]), one.bit) for one in written if "joined_by" in one.row)
    mailers = _gathered(
        (fold(text), of_client[client["client"]]) for client in clients for text in client.get("mailers", ())
    )
    return Catalogue(
        rows=rows,
        languages=tuple(bits for tag, bits in languages.items() if "-" not in tag),
        **_labels(written),
        **_separators(written),
        ends=ends,
        ended=reduce(or_, ends.values(), 0),
        end_rules=_gathered(end_rules),
        joined_by=_gathered(joined_by),
        **_as_written(written),
        author_lines=tuple(_template(*line, bits) for line, bits in _lines(written, "author_lines").items()),
        attributions=_index(_lines(written, "attributions")),
        reply_attributions=_index(_lines(written, "reply_attributions")),
        marks=_marks(clients, of_client),
        before=_order(written),
        mailers=tuple(sorted(mailers.items(), key=lambda item: -len(item[0]))),
        all_rows=(1 << len(rows)) - 1,
        gateway_tags=frozenset(subjects.get("gateway", ())),
        **_prefixes(written, subjects, languages),
        subject_templates=tuple(
            _template(*_pieces(text, "subjects"), reduce(or_, (of_client.get(name, 0) for name in names), 0))
            for text, names in subjects.get("templates", {}).items()
        ),
        no_subject=frozenset(map(fold, subjects.get("none", ()))),
        **_layouts(written),
    )


def _versions(row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The row once for each set of labels that no block mixes with another (`labels_by_version`)."""
    labels = row["labels"]
    count = max(map(len, labels.values())) if row.get("labels_by_version") else 1
    if count == 1:
        return [row]
    return [
        {**row, "labels": {field: [texts[min(turn, len(texts) - 1)]] for field, texts in labels.items()}}
        for turn in range(count)
    ]


def _gathered(found: Iterable[tuple[_Key, int]]) -> dict[_Key, int]:
    """Each key with all rows that were found for it, in the order of the first."""
    gathered: dict[_Key, int] = {}
    for key, rows in found:
        gathered[key] = gathered.get(key, 0) | rows
    return gathered


def _order(written: Sequence[_Written]) -> Mapping[tuple[str, str], int]:
    """(a, b) -> the rows in which field a stands before field b. Those that give no order write the fields in that of
    the original's header."""
    orders = [
        (tuple(name.rstrip("?") for name in order), one.bit)
        for one in written
        for order in (one.row.get("order", one.client["order"]), *one.client.get("further_orders", ()))
    ]
    unordered = reduce(or_, (bit for order, bit in orders if not order), 0)
    before = _gathered((pair, bit) for order, bit in orders for pair in combinations(order, 2))
    return {pair: bits | unordered for pair, bits in before.items()}


def _labels(written: Sequence[_Written]) -> dict[str, Any]:
    """The catalogue's indexes of labels, by their names.

    What a row calls two fields of the block (Group-Office's Slovenian `Od`) counts below its separator alone, so that
    it takes nothing from the clients that mean one field by it.
    """
    given = [(name, texts, one) for one in written for name, texts in one.row.get("labels", {}).items()]
    fields: dict[str, dict[str, int]] = {}
    for (label, name), bits in _gathered(
        ((fold_label(text), name), one.bit) for name, texts, one in given for text in texts
    ).items():
        fields.setdefault(label, {})[name] = bits
    shared = {
        label: reduce(or_, (a & b for a, b in combinations((rows.get(name, 0) for name in CORE), 2)), 0)
        for label, rows in fields.items()
    }
    labels = {
        label: {name: bits & ~shared[label] for name, bits in rows.items() if bits & ~shared[label]}
        for label, rows in fields.items()
        if shared[label] != reduce(or_, rows.values())
    }
    heads = _gathered(
        ((head, name), one.bit) for name, texts, one in given for head in _odd_heads(texts, one.row.get("colon"), name)
    )
    odd: dict[str, list[tuple[str, str, int]]] = {}
    for (head, field), bits in heads.items():
        odd.setdefault(head[0], []).append((head, field, bits))
    bare = _with_layout(written, *_LAYOUTS["bare"])
    return {
        "labels": {label: tuple(entry.items()) for label, entry in labels.items()},
        "parted_labels": frozenset(
            fold_label(parts[0]) for label in labels if len(parts := re.split(f"[{COLONS}]", label, maxsplit=1)) > 1
        ),
        "bare_labels": {
            label: tuple((name, bits & bare) for name, bits in entry.items() if bits & bare)
            for label, entry in labels.items()
            if any(bits & bare for bits in entry.values())
        },
        "odd_labels": {first: tuple(found) for first, found in odd.items()},
        "shared_labels": {label: tuple(entry.items()) for label, entry in fields.items() if shared[label]},
        "sharing": reduce(or_, shared.values(), 0),
        "max_label_chars": max(map(len, fields)),
    }


def _separators(written: Sequence[_Written]) -> dict[str, Any]:
    """The catalogue's indexes of separators, by their names: whole lines, and lines with slots."""
    given = [
        (text, is_reply, one)
        for one in written
        for key, is_reply in (("separators", False), ("reply_separators", True))
        for text in one.row.get(key, ())
    ]
    separators: dict[str, tuple[int, int]] = {}
    cores: dict[str, tuple[int, int]] = {}
    for text, is_reply, one in given:
        if "{" not in text:
            for index, key in ((separators, fold(text)), (cores, fold_separator(text))):
                forward, reply = index.get(key, (0, 0))
                index[key] = (forward, reply | one.bit) if is_reply else (forward | one.bit, reply)
    cores.pop("", None)
    plain = {text: pair for text, pair in separators.items() if text[0] not in DRAWN}
    plain_ends = {text[-1] for text in plain}
    starts: dict[str, list[tuple[Template, bool]]] = {}
    tails: dict[str, list[tuple[Template, bool]]] = {}
    for ((pieces, slots), is_reply), bits in _gathered(
        ((_pieces(text, one.client["client"]), is_reply), one.bit) for text, is_reply, one in given if "{" in text
    ).items():
        core = pieces[0].lstrip(RULED), *pieces[1:-1], pieces[-1].rstrip(RULED)
        if pieces[0][:1] not in DRAWN:
            plain_ends.update(pieces[-1][-1:] or string.digits)  # a date at the end
        by, key = (
            (starts, core[0][:TEMPLATE_KEY]) if len(core[0]) >= TEMPLATE_KEY else (tails, core[-1][-TEMPLATE_KEY:])
        )
        if len(key) < TEMPLATE_KEY:
            raise DataError(f"too few letters before and behind the slots of the separator {pieces!r}")
        by.setdefault(key, []).append((_template(core, slots, bits), not is_reply))
    return {
        "separators": separators,
        "cores": cores,
        "plain_separators": plain,
        "plain_ends": "".join(sorted(plain_ends)),
        "max_plain_chars": max(map(len, plain), default=0) + 8,
        "separator_starts": {key: tuple(found) for key, found in starts.items()},
        "separator_ends": {key: tuple(found) for key, found in tails.items()},
    }


def _lines(written: Sequence[_Written], key: str) -> dict[_Line, int]:
    """The lines in place of a block that the rows give under that key."""
    return _gathered((_pieces(text, one.client["client"]), one.bit) for one in written for text in one.row.get(key, ()))


def _as_written(written: Sequence[_Written]) -> dict[str, Any]:
    """The blocks that rows give line by line, and all rows that do."""
    blocks = _gathered(
        (tuple(_pieces(text, one.client["client"]) for text in one.row["as_written"]), one.bit)
        for one in written
        if "as_written" in one.row
    )
    return {
        "as_written": tuple(tuple(_template(*line, bits) for line in block) for block, bits in blocks.items()),
        "as_written_rows": reduce(or_, blocks.values(), 0),
    }


def _marks(
    clients: Iterable[Mapping[str, Any]], of_client: Mapping[str, int]
) -> Mapping[str, Mapping[str, tuple[Mark, ...]]]:
    """The marks in HTML, by attribute and text. Several clients share some (`gmail_quote`)."""
    marks: dict[tuple[str, str, str, str, str | None, bool], int] = {}
    for client in clients:
        for mark in client.get("html", ()):
            how = next((key for key in ("token", "value", "prefix", "contains") if key in mark), "tag")
            text = mark.get(how, "") if how != "tag" else ""
            same = mark.get("attr") or "", how, text, mark["role"], mark.get("tag"), mark.get("forward_only", False)
            marks[same] = marks.get(same, 0) | of_client[client["client"]]
    by_attribute: dict[str, dict[str, list[Mark]]] = {}
    for (attribute, how, text, role, tag, forward_only), bits in marks.items():
        by_attribute.setdefault(attribute, {}).setdefault(text if how in ("token", "value") else "", []).append(
            Mark(rows=bits, role=role, forward_only=forward_only, how=how, tag=tag, text=text)
        )
    return {
        attribute: {text: tuple(found) for text, found in by_text.items()}
        for attribute, by_text in by_attribute.items()
    }


def _prefixes(written: Sequence[_Written], subjects: Mapping[str, Any], languages: Mapping[str, int]) -> dict[str, Any]:
    """The catalogue's prefixes of subjects, by their names; those that mean both are kept apart."""
    ambiguous = {
        fold_prefix(text): (_rows_of(sides["forward"], languages), _rows_of(sides["reply"], languages))
        for text, sides in subjects.get("ambiguous", {}).items()
    }
    of_rows = {fold_prefix(text) for one in written for text in one.row.get("subject_prefixes", ())}
    return {
        "forward_prefixes": frozenset({*of_rows, *map(fold_prefix, subjects["forward"])} - ambiguous.keys()),
        "reply_prefixes": frozenset({*map(fold_prefix, subjects["reply"])} - ambiguous.keys()),
        "ambiguous_prefixes": ambiguous,
    }


_LAYOUTS: Final[dict[str, tuple[str, Callable[[Any], bool]]]] = {
    "bare": ("colon", lambda colon: colon not in (None, "required")),
    "glued": ("glued", bool),
    "spaced": ("blank_inside", bool),
    "open_ended": ("blank_after", lambda blank: blank is False),
    "quoted_block": ("quoted", lambda quoted: quoted == "block"),
    "quoted_body": ("quoted", lambda quoted: quoted == "body"),
    "dash_stuffed": ("dash_stuffed", bool),
    "rule_ends": ("rule_ends", bool),
    "rule_inside": ("rule_inside", bool),
    "rule_between": ("rule_between", bool),
    "separator_below": ("separator_below", bool),
}
"""The catalogue's name of a set of rows -> the key of a client's layout, and which of its values count."""


def _layouts(written: Sequence[_Written]) -> dict[str, Any]:
    """The catalogue's sets of rows with a layout, by their names."""
    return {name: _with_layout(written, key, counts) for name, (key, counts) in _LAYOUTS.items()}


def _with_layout(written: Sequence[_Written], key: str, counts: Callable[[Any], bool]) -> int:
    return reduce(or_, (one.bit for one in written if counts(one.client.get("layout", {}).get(key))), 0)


def _odd_heads(texts: Iterable[str], colon: str | list[str] | Mapping[str, str] | None, name: str) -> Iterator[str]:
    """Labels with what the row writes in place of a colon behind them."""
    if isinstance(colon, Mapping):
        colon = colon.get(name)
    signs = [colon] if isinstance(colon, str) else colon or ()
    return (text + sign for text in texts for sign in signs if sign[-1] not in COLONS)


def _rows_of(tags: Iterable[str], languages: Mapping[str, int]) -> int:
    found = 0
    for tag in tags:
        found |= languages.get(tag, 0)
    return found


def _template(pieces: tuple[str, ...], slots: tuple[str, ...], bits: int) -> Template:
    dated = [number for number, slot in enumerate(slots) if slot in ("date", "time")]
    if dated and dated[-1] - dated[0] != len(dated) - 1:
        raise DataError(f"date and time are apart in the template {pieces!r}")
    head = pieces[0].lstrip("> ")
    return Template(
        pieces=(head, *pieces[1:]),
        marks=pieces[0].count(">") - head.count(">"),
        letters=sum(map(len, pieces)),
        slots=slots,
        rows=bits,
        dated=(dated[0], dated[-1]) if dated else None,
    )


def _index(templates: Mapping[_Line, int]) -> TemplateIndex:
    by_end: dict[str, list[Template]] = {}
    by_word: dict[str, list[Template]] = {}
    last = set(INVISIBLE)
    every = 0
    for (pieces, slots), bits in templates.items():
        template = _template(pieces, slots, bits)
        every |= bits
        last.add(pieces[-1][-1:])
        if any(char.isalpha() for char in pieces[-1]):
            by_end.setdefault(pieces[-1], []).append(template)
        else:
            by_word.setdefault(_word(template.pieces), []).append(template)
    is_open = "" in last
    return TemplateIndex(
        by_end={end: tuple(found) for end, found in by_end.items()},
        lengths={
            tail: tuple(sorted({len(end) for end in by_end if end[-3:] == tail}, reverse=True))
            for tail in {end[-3:]: None for end in by_end}
        },
        bare=tuple(by_word.pop("", ())),
        by_word={word: tuple(found) for word, found in by_word.items()},
        last=frozenset(last - {""}),
        is_open=is_open,
        rows=every,
    )


def _word(pieces: tuple[str, ...]) -> str:
    """The longest word of a template that no slot touches, empty where there is none."""
    words = [
        word
        for number, piece in enumerate(pieces)
        for word in f"{'x' if number else ''}{piece}{'x' if number < len(pieces) - 1 else ''}".split()[
            number > 0 : None if number == len(pieces) - 1 else -1
        ]
    ]
    return max(words, key=len, default="")


def _pieces(text: str, client: str) -> _Line:
    pieces: list[str] = []
    slots: list[str] = []
    rest = text
    while True:
        literal, brace, rest = rest.partition("{")
        # Blanks at the ends count here, which flattening takes away.
        pieces.append(flatten(f"|{INVISIBLE_MARK.sub('', literal)}|")[1][1:-1])
        if not brace:
            return (pieces[0].lstrip(), *pieces[1:-1], pieces[-1].rstrip()), tuple(slots)
        slot, brace, rest = rest.partition("}")
        if not brace or slot not in _SLOT_NAMES:
            raise DataError(f"clients/{client}.json: unknown slot in the template {text!r}")
        slots.append(slot)
