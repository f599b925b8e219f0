"""The catalogue: what each mail client writes in each language, as indexes.

A client in a language is a row, and a row is one bit. Each index maps a normalised string to the set of rows that
write it, as one integer; reading a block is `alive &= bits` a line, whatever the number of rows. What is left alive
are the clients and languages that could have written the block, and all of them are reported.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from functools import reduce
from operator import or_
from typing import NamedTuple

from attrs import frozen

from bcclog._catalogue.fold import fold
from bcclog.forward import Writer

TEMPLATE_KEY = 4
"""Separators with slots are found by so many letters behind the rule, or before it."""
_MAX_CUTS = 16
"""Where a date in a template may end (or begin) is asked at so many places: no date has more words."""


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
                    begins = (p + len(piece) for p in reversed(places))
                    date = next((p for p in begins if _is_whole(line, p, end) and date_end(line, p, (end,))), None)
                    if date is not None:
                        values[self.slots[number]] = line[at : date - len(piece)].strip()
                        values[self.slots[number + 1]] = line[date:end].strip()
                        return Filled(values, True)
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


def _is_whole(line: str, start: int, end: int) -> bool:
    """Whether no bracket closes there that was opened before: `Kim (A) (2026-03-02)` has one date."""
    closed = line.find(")", start, end)
    return closed < 0 or line.find("(", start, closed) >= 0


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
        if self.bare and any(map(str.isdigit, folded)):
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
    """One client in one language, or one version of it there. bit: its place in sets of rows."""

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
    with what its rows write in place of a colon, field, rows); shared_labels: those that some rows (sharing) write for
    two fields in a fixed order, with all that they mean below a separator of those.
    separators: folded whole line -> (rows that mean a forward, rows that write it above replies too); cores: the same
    without the rules drawn around; plain_separators: those without rules, with their last characters and longest
    length, so that a line is seldom folded in vain. separator_starts, separator_ends: separators with slots by the
    first letters of the core or, where a slot stands there, by the last; with whether they mean a forward. ends: folded
    end line; ended: rows that write one; end_rules: the same for those of dashes alone, as written.
    attributions, reply_attributions: lines in place of a block, and above a reply's history.
    marks: attribute -> value or word -> marks. before: (a, b) -> rows in which field a stands before field b, those of
    no fixed order included. mailers: what X-Mailer or User-Agent begins with -> rows, the longest first.
    bare, glued, spaced, open_ended, quoted_block, quoted_body, rule_ends, rule_inside, rule_between, separator_below,
    dash_stuffed: rows with that layout.
    gateway_tags: words that gateways put before a subject, with a colon.
    languages: the rows of each language.
    joined_by: the word before the last of several people -> rows. author_lines: lines of author and date below a
    separator that names the forwarder.
    as_written: blocks whose lines begin with no label, a template a line; as_written_rows: all that have one.
    subject_templates: what some clients make of the original's subject beside a prefix; no_subject: what stands there
    where it has none.
    ambiguous_prefixes: subject prefix -> (rows in whose language it is a forward's, rows in whose it is a reply's).
    """

    rows: tuple[Row, ...]
    languages: tuple[int, ...]
    labels: Mapping[str, tuple[tuple[str, int], ...]]
    parted_labels: frozenset[str]
    bare_labels: Mapping[str, tuple[tuple[str, int], ...]]
    odd_labels: Mapping[str, tuple[tuple[str, str, int], ...]]
    shared_labels: Mapping[str, tuple[tuple[str, int], ...]]
    sharing: int
    separators: Mapping[str, tuple[int, int]]
    plain_separators: Mapping[str, tuple[int, int]]
    plain_ends: str
    max_plain_chars: int
    cores: Mapping[str, tuple[int, int]]
    separator_starts: Mapping[str, tuple[tuple[Template, bool], ...]]
    separator_ends: Mapping[str, tuple[tuple[Template, bool], ...]]
    ends: Mapping[str, int]
    ended: int
    end_rules: Mapping[str, int]
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
    quoted_block: int
    quoted_body: int
    dash_stuffed: int
    rule_ends: int
    rule_inside: int
    rule_between: int
    separator_below: int
    forward_prefixes: frozenset[str]
    gateway_tags: frozenset[str]
    reply_prefixes: frozenset[str]
    ambiguous_prefixes: Mapping[str, tuple[int, int]]
    joined_by: Mapping[str, int]
    author_lines: tuple[Template, ...]
    as_written: tuple[tuple[Template, ...], ...]
    as_written_rows: int
    subject_templates: tuple[Template, ...]
    no_subject: frozenset[str]
    max_label_chars: int

    def writers(self, rows: int) -> tuple[Writer, ...]:
        """The clients and languages in a set of rows, the most common clients first."""
        found: list[Writer] = []
        for row in _in(self.rows, rows):
            if not found or row.writer is not found[-1]:  # two versions of a row have one
                found.append(row.writer)
        return tuple(found)

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
