"""The catalogue's data files turned into one `Catalogue`: each label, separator and mark becomes a set of rows.

This runs when a wheel is built, and in a checkout at first use (`_ready`).
"""

import json
import re
import string
from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from operator import or_
from types import MappingProxyType
from typing import Any

from bcclog._catalogue import TEMPLATE_KEY, Catalogue, Mark, Row, Template, TemplateIndex
from bcclog._fold import (
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

_SLOT_NAMES = frozenset({"from", "forwarder", "date", "time", "name", "email", "count", "subject"})


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
    odd_labels: dict[tuple[str, str], int] = {}
    marks: dict[tuple[str, str, str, str, str | None, bool], int] = {}
    mailers: dict[str, int] = {}
    before: dict[tuple[str, str], int] = {}
    unordered = 0
    layouts = dict.fromkeys(
        (
            "bare",
            "glued",
            "spaced",
            "open_ended",
            "quoted_body",
            "rule_ends",
            "rule_between",
            "separator_below",
            "dash_stuffed",
        ),
        0,
    )
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
                    bit=bit,
                    dates=tuple(row.get("dates", ())),
                    confidence=row["confidence"],
                    rank=client["rank"],
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
                for head in _odd_heads(texts, row.get("colon"), name):
                    odd_labels[head, name] = odd_labels.get((head, name), 0) | bit
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
            if layout.get("dash_stuffed"):
                layouts["dash_stuffed"] |= bit
            if layout.get("rule_ends"):
                layouts["rule_ends"] |= bit
            if layout.get("rule_between"):
                layouts["rule_between"] |= bit
            if layout.get("separator_below"):
                layouts["separator_below"] |= bit
        bits = ((1 << len(rows)) - 1) ^ ((1 << first) - 1)
        for text in client.get("mailers", ()):
            mailers[fold(text)] = mailers.get(fold(text), 0) | bits
        for mark in client.get("html", ()):
            how = next((key for key in ("token", "value", "prefix", "contains") if key in mark), "tag")
            text = mark.get(how, "") if how != "tag" else ""
            same = mark.get("attr") or "", how, text, mark["role"], mark.get("tag"), mark.get("forward_only", False)
            marks[same] = marks.get(same, 0) | bits  # several clients share `gmail_quote`
    by_attribute: dict[str, dict[str, list[Mark]]] = {}
    for (attribute, how, text, role, tag, forward_only), bits in marks.items():
        by_attribute.setdefault(attribute, {}).setdefault(text if how in ("token", "value") else "", []).append(
            Mark(rows=bits, role=role, forward_only=forward_only, how=how, tag=tag, text=text)
        )
    for side, known in prefixes.items():
        known.update(fold_prefix(text) for text in subjects[side])
        known.difference_update(fold_prefix(text) for text in subjects.get("ambiguous", {}))
    cores.pop("", None)
    plain = {text: (pair[0], pair[1]) for text, pair in separators.items() if text[0] not in DRAWN}
    starts: dict[str, list[tuple[Template, bool]]] = {}
    tails: dict[str, list[tuple[Template, bool]]] = {}
    plain_ends = {text[-1] for text in plain}
    for (pieces, slots, forward), bits in separator_templates.items():
        core = pieces[0].lstrip(RULED), *pieces[1:-1], pieces[-1].rstrip(RULED)
        filled = _template(core, slots, bits)
        if pieces[0][:1] not in DRAWN:
            plain_ends.update(pieces[-1][-1:] or string.digits)  # a date at the end
        by, key = (
            (starts, core[0][:TEMPLATE_KEY]) if len(core[0]) >= TEMPLATE_KEY else (tails, core[-1][-TEMPLATE_KEY:])
        )
        if len(key) < TEMPLATE_KEY:
            raise DataError(f"too few letters before and behind the slots of the separator {pieces!r}")
        by.setdefault(key, []).append((filled, forward))
    languages: dict[str, int] = {}
    for number, row in enumerate(rows):
        for tag in {row.writer.locale, row.writer.locale.partition("-")[0]}:
            languages[tag] = languages.get(tag, 0) | 1 << number
    ambiguous = {
        fold_prefix(text): (_rows_of(sides["forward"], languages), _rows_of(sides["reply"], languages))
        for text, sides in subjects.get("ambiguous", {}).items()
    }
    odd: dict[str, list[tuple[str, str, int]]] = {}
    for (head, name), bits in odd_labels.items():
        odd.setdefault(head[0], []).append((head, name, bits))
    bare_rows = layouts["bare"]
    return Catalogue(
        rows=tuple(rows),
        languages=tuple(bits for tag, bits in languages.items() if "-" not in tag),
        labels=MappingProxyType({label: tuple(entry.items()) for label, entry in labels.items()}),
        parted_labels=frozenset(
            fold_label(parts[0]) for label in labels if len(parts := re.split(f"[{COLONS}]", label, maxsplit=1)) > 1
        ),
        bare_labels=MappingProxyType(
            {
                label: tuple((name, bits & bare_rows) for name, bits in entry.items() if bits & bare_rows)
                for label, entry in labels.items()
                if any(bits & bare_rows for bits in entry.values())
            }
        ),
        odd_labels=MappingProxyType({first: tuple(found) for first, found in odd.items()}),
        separators=MappingProxyType({text: (pair[0], pair[1]) for text, pair in separators.items()}),
        cores=MappingProxyType({text: (pair[0], pair[1]) for text, pair in cores.items()}),
        plain_separators=MappingProxyType(plain),
        plain_ends="".join(plain_ends),
        max_plain_chars=max(map(len, plain), default=0) + 8,
        separator_starts=MappingProxyType({key: tuple(found) for key, found in starts.items()}),
        separator_ends=MappingProxyType({key: tuple(found) for key, found in tails.items()}),
        ends=MappingProxyType(ends),
        ended=reduce(or_, ends.values(), 0),
        attributions=_index(attributions),
        reply_attributions=_index(reply_attributions),
        marks=MappingProxyType(
            {
                attr: MappingProxyType({text: tuple(found) for text, found in by_text.items()})
                for attr, by_text in by_attribute.items()
            }
        ),
        before=MappingProxyType({pair: bits | unordered for pair, bits in before.items()}),
        mailers=tuple(sorted(mailers.items(), key=lambda item: -len(item[0]))),
        all_rows=(1 << len(rows)) - 1,
        gateway_tags=frozenset(subjects.get("gateway", ())),
        forward_prefixes=frozenset(prefixes["forward"]),
        reply_prefixes=frozenset(prefixes["reply"]),
        ambiguous_prefixes=MappingProxyType(ambiguous),
        max_label_chars=max(map(len, labels)),
        **layouts,
    )


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


def _index(templates: Mapping[tuple[tuple[str, ...], tuple[str, ...]], int]) -> TemplateIndex:
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
        by_end=MappingProxyType({end: tuple(found) for end, found in by_end.items()}),
        lengths=MappingProxyType(
            {
                tail: tuple(sorted({len(end) for end in by_end if end[-3:] == tail}, reverse=True))
                for tail in {end[-3:]: None for end in by_end}
            }
        ),
        bare=tuple(by_word.pop("", ())),
        by_word=MappingProxyType({word: tuple(found) for word, found in by_word.items()}),
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


def _pieces(text: str, client: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
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
