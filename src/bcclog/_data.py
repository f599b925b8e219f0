"""The catalogue: what each mail client writes in each language, read from `data/` and turned into indexes once.

A client in a language is a row, and a row is one bit. Each index maps a normalised string to the set of rows that
write it, as one integer; reading a block is `alive &= bits` a line, whatever the number of rows. What is left alive
are the clients and languages that could have written the block, and all of them are reported.
"""

import json
import re
import string
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import cache, reduce
from operator import or_
from types import MappingProxyType
from typing import Any, NamedTuple

from attrs import frozen

from bcclog.forward import Writer

DECORATION = "-_=*~<>—–‐‑─━ \t\u00a0"
"""What separator lines are drawn with; stripped at both ends, so that a wrapped or shortened rule is still known."""

INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u200b\u200c\u200d\u200e\u200f"
    "\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069"
    "\u206a\u206b\u206c\u206d\u206e\u206f\u2800\u3164\ufe0e\ufe0f\ufeff\uffa0\ufff9\ufffa\ufffb"
)
"""What shows nothing: marks of direction, which clients that write right to left put around whole lines, of no width
(Unicode's Default_Ignorable_Code_Point, as far as mail has it), and fillers, with which newsletters pad."""
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
COLONS = ":：፡፦꞉՝︓﹕៖׃`"
"""What stands between a label and its value, whatever the script; a row that writes something else names it."""
_SLOT_NAMES = frozenset({"from", "forwarder", "date", "time", "name", "email", "count", "subject"})


DRAWN = frozenset("-_=*<>—–‐‑─━")
"""Characters that a drawn separator line begins with."""
TEMPLATE_KEY = 4
"""Separators with slots are found by so many letters behind the rule, or before it."""
RULED = "-_=*~—–‐‑─━ "
"""What a separator with slots is drawn with: no angle brackets, which belong to an address in it."""
_MAX_CUTS = 16
"""Where a date in a template may end (or begin) is asked at so many places: no date has more words."""


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


def flatten(text: str) -> tuple[str, str]:
    """`text` without invisible marks, NFC, with single blanks; and the same case folded place by place, so that what
    is found in the second can be cut from the first. A character that folds to several (`ß`) stays."""
    plain = " ".join(text.split())
    if plain.isascii():
        return plain, plain.lower()
    if _INVISIBLE.search(plain):
        plain = " ".join(_INVISIBLE.sub("", plain).split())
    if not unicodedata.is_normalized("NFC", plain):
        plain = unicodedata.normalize("NFC", plain)
    folded = plain.casefold()
    if len(folded) != len(plain):
        folded = "".join(low if len(low := char.casefold()) == 1 else char for char in plain)
    return plain, folded


def fold_label(text: str) -> str:
    """A label's normal form: `fold` without bold marks and quotes around it."""
    return fold(text).strip("*_'\"`´ ")


def fold_separator(text: str) -> str:
    """A separator's normal form: `fold` without the rules that it is drawn with."""
    return fold(text).strip(DECORATION)


DateEnd = Callable[[str, int, Sequence[int]], int | None]
"""Which of some places in a text ends the date that begins at another (`_dates.date_end`)."""


class Filled(NamedTuple):
    """A template's slots as a line fills them. values: date and time, which stand side by side, are one, as written,
    where is_dated: they were read whole as a date."""

    values: dict[str, str]
    is_dated: bool


@frozen(kw_only=True)
class Template:
    """A line with slots, matched by its literal pieces in order, so that no row can make the parser slow.

    pieces: folded literals; slots[i] names what stands between pieces[i] and pieces[i + 1]. dated: the first and the
    last slot of date and time, which stand side by side. marks: the quote marks in front (`>>> Kim ... >>>`), which are
    not part of the pieces, since a reader of text takes them for quoting. letters: of all pieces together.
    """

    pieces: tuple[str, ...]
    slots: tuple[str, ...]
    rows: int
    dated: tuple[int, int] | None
    marks: int
    letters: int

    def match(self, line: str, folded: str, date_end: DateEnd | None = None) -> Filled | None:
        """The slots' values in a flattened line, or None.

        Each literal counts where it stands first. A blank or a comma beside a date stands in the date as well; there
        `date_end` says which one ends it, and a line in which it knows none is cut at the first.
        """
        pieces = self.pieces
        if not folded.startswith(pieces[0]) or not folded.endswith(pieces[-1]):
            return None
        at = len(pieces[0])
        end = len(folded) - len(pieces[-1])
        last = len(self.slots) - 1
        run = self.dated
        values: dict[str, str] = {}
        is_dated = False
        number = 0
        while number <= last:
            piece = pieces[number + 1]
            through = number
            if number == last:
                found = end
            else:
                found = folded.find(piece, at, end)
                if date_end is not None and run == (number + 1, last):
                    places = _places(folded, piece, at, end, from_end=True)
                    asked = (p for p in reversed(places) if date_end(line, p + len(piece), (end,)))
                    found = next(asked, found)
            if date_end is not None and run is not None and run[0] == number:
                piece = pieces[run[1] + 1]
                places = [end]
                if run[1] < last:
                    behind = pieces[run[1] + 2].lstrip()  # `12:05 A <a@b.example>`: the name, and no half of the day
                    places = [
                        place
                        for place in _places(folded, piece, at, end, from_end=False)
                        if not behind or not folded.startswith(behind, place + len(piece))
                    ]
                ends = date_end(line, at, places) if places else None
                if ends is not None:
                    found, through, is_dated = ends, run[1], True
                else:
                    piece = pieces[number + 1]
            if found < at:
                return None
            values[self.slots[number]] = line[at:found].strip()
            at = found + len(piece)
            number = through + 1
        return Filled(values, is_dated)


def _places(folded: str, piece: str, start: int, end: int, *, from_end: bool) -> list[int]:
    """The first (or the last, last first) places of a literal, `_MAX_CUTS` of them at most."""
    found: list[int] = []
    while len(found) < _MAX_CUTS:
        place = folded.rfind(piece, start, end) if from_end else folded.find(piece, start, end)
        if place < 0:
            break
        found.append(place)
        if from_end:
            end = place + len(piece) - 1
        else:
            start = place + 1
    return found


@frozen(kw_only=True, eq=False)
class TemplateIndex:
    """Templates by what only few lines have, so that a line is held against few of them.

    by_end: last literal, where it has letters -> templates; lengths: the last three letters of those literals (all of a
    shorter one) -> how long they are. by_word: the
    longest word of the other ones -> templates. bare: those without any word, which have a date. last: the characters
    with which a line of a template can end, invisible marks included; open: whether some end with a slot. rows: of all.
    """

    by_end: Mapping[str, tuple[Template, ...]]
    lengths: Mapping[str, tuple[int, ...]]
    by_word: Mapping[str, tuple[Template, ...]]
    bare: tuple[Template, ...]
    last: frozenset[str]
    is_open: bool
    rows: int

    def likely(self, folded: str) -> list[Template]:
        """The templates that a folded line can be of."""
        found: list[Template] = []
        lengths = self.lengths
        for tail in (folded[-3:], folded[-2:], folded[-1:]):
            for length in lengths.get(tail, ()):
                found += self.by_end.get(folded[-length:], ())
        words = dict.fromkeys(folded.split())  # in their order, so that the same line gives the same list
        if not self.by_word.keys().isdisjoint(words):
            for word in words:
                found += self.by_word.get(word, ())
        if self.bare and any(char.isdigit() for char in folded):
            found += self.bare
        return found


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
    """One client in one language. bit: its place in sets of rows."""

    writer: Writer
    bit: int
    dates: tuple[str, ...]
    confidence: str
    rank: int


@frozen(kw_only=True, eq=False)
class Catalogue:
    """All rows and the indexes over them; every `int` is a set of rows.

    labels: folded label -> ((field, rows), ...); parted_labels: what stands before the first colon of those that hold
    one themselves (`Responder-a:`); bare_labels: those written without a colon; odd_labels: first character -> (label
    with what its rows write in place of a colon, field, rows).
    separators: folded whole line -> (rows that mean a forward, rows that write it above replies too); cores: the same
    without the rules drawn around; plain_separators: those without rules, with their last characters and longest
    length, so that a line is seldom folded in vain. separator_starts, separator_ends: separators with slots by the
    first letters of the core or, where a slot stands there, by the last; with whether they mean a forward. ends: folded
    end line; ended: rows that write one.
    attributions, reply_attributions: lines in place of a block, and above a reply's history.
    marks: attribute -> value or word -> marks. before: (a, b) -> rows in which field a stands before field b, those of
    no fixed order included. mailers: what X-Mailer or User-Agent begins with -> rows, the longest first.
    bare, glued, spaced, open_ended, quoted_body, rule_ends, rule_between, separator_below: rows with that layout.
    gateway_tags: words that gateways put before a subject, with a colon.
    languages: the rows of each language.
    ambiguous_prefixes: subject prefix -> (rows in whose language it is a forward's, rows in whose it is a reply's).
    """

    rows: tuple[Row, ...]
    languages: tuple[int, ...]
    labels: Mapping[str, tuple[tuple[str, int], ...]]
    parted_labels: frozenset[str]
    bare_labels: Mapping[str, tuple[tuple[str, int], ...]]
    odd_labels: Mapping[str, tuple[tuple[str, str, int], ...]]
    separators: Mapping[str, tuple[int, int]]
    plain_separators: Mapping[str, tuple[int, int]]
    plain_ends: str
    max_plain_chars: int
    cores: Mapping[str, tuple[int, int]]
    separator_starts: Mapping[str, tuple[tuple[Template, bool], ...]]
    separator_ends: Mapping[str, tuple[tuple[Template, bool], ...]]
    ends: Mapping[str, int]
    ended: int
    attributions: TemplateIndex
    reply_attributions: TemplateIndex
    marks: Mapping[str, Mapping[str, tuple[Mark, ...]]]
    before: Mapping[tuple[str, str], int]
    mailers: tuple[tuple[str, int], ...]
    all_rows: int
    bare: int
    glued: int
    spaced: int
    open_ended: int
    quoted_body: int
    rule_ends: int
    rule_between: int
    separator_below: int
    forward_prefixes: frozenset[str]
    gateway_tags: frozenset[str]
    reply_prefixes: frozenset[str]
    ambiguous_prefixes: Mapping[str, tuple[int, int]]
    max_label_chars: int

    def writers(self, rows: int) -> tuple[Writer, ...]:
        """The clients and languages in a set of rows, the most common clients first."""
        return tuple(row.writer for row in _in(self.rows, rows))

    def rows_dating(self, patterns: Set[str], rows: int) -> int:
        """Those of a set of rows that write their dates by one of the patterns."""
        found = 0
        for row in _in(self.rows, rows):
            if not patterns.isdisjoint(row.dates):
                found |= row.bit
        return found

    def speaking_as(self, rows: int) -> int:
        """All rows in the languages of a set of rows."""
        return reduce(or_, (spoken for spoken in self.languages if spoken & rows), 0)

    def mailed_by(self, mailer: str) -> int:
        """The rows of the clients that call themselves so in X-Mailer or User-Agent; none for an unknown name."""
        folded = fold(mailer)
        return next((rows for prefix, rows in self.mailers if folded.startswith(prefix)), 0)

    def dates(self, rows: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Languages and date patterns of a set of rows, without repeats, for `parse_localized`."""
        locales: dict[str, None] = {}
        patterns: dict[str, None] = {}
        for row in _in(self.rows, rows):
            locales[row.writer.locale] = None
            patterns.update(dict.fromkeys(row.dates))
        return tuple(locales), tuple(patterns)


def _in(rows: Sequence[Row], bits: int) -> Iterator[Row]:
    """The rows of a set, in the catalogue's order."""
    while bits:
        low = bits & -bits
        yield rows[low.bit_length() - 1]
        bits ^= low


@cache
def catalogue() -> Catalogue:
    """The catalogue that ships with the package; read on first use, then kept (one value, never changed)."""
    from bcclog import _ready  # loads pickle and pathlib

    ready: Catalogue | None = _ready.load()
    return read_catalogue() if ready is None else ready


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
        ("bare", "glued", "spaced", "open_ended", "quoted_body", "rule_ends", "rule_between", "separator_below"), 0
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


def fold_prefix(text: str) -> str:
    """A subject prefix's normal form: `fwd` for `Fwd:`, `Fwd :` and `FWD：`."""
    return fold(text).rstrip(":： ")


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
        pieces.append(flatten(f"|{_INVISIBLE.sub('', literal)}|")[1][1:-1])
        if not brace:
            return (pieces[0].lstrip(), *pieces[1:-1], pieces[-1].rstrip()), tuple(slots)
        slot, brace, rest = rest.partition("}")
        if not brace or slot not in _SLOT_NAMES:
            raise DataError(f"clients/{client}.json: unknown slot in the template {text!r}")
        slots.append(slot)
