"""The run of labelled lines that makes a block, read from its first label down."""

import re
from collections.abc import Sequence
from functools import reduce
from operator import or_

from bcclog._block.attribution import author_and_date
from bcclog._block.block import Labels, Open
from bcclog._block.label import RAW_WORDS, begins_like_field, label_of, names_of, raw_field, run_in
from bcclog._block.meaning import LIKE_DATE, STRANGE, rows_in_order, settled, solve
from bcclog._block.separator import Separator, is_rule
from bcclog._block.value import (
    MAX_VALUE_LINES,
    Ahead,
    awaits_value,
    begins_below,
    continues,
    goes_on_below,
    is_complete,
    is_next_person,
)
from bcclog._catalogue.catalogue import Catalogue
from bcclog._catalogue.fields import CORE, MANY, PEOPLE, WHOLE
from bcclog._catalogue.fold import DRAWN
from bcclog._lines.lines import Line
from bcclog.codes import Code
from bcclog.policy import Limits

MAX_BLANKS = 3
"""So many empty lines stand inside a block, or between its separator and its first label."""
_MAX_FIELDS = 60
_MAX_BELOW_BLANK = 10
"""So many lines below an empty one count whatever stands there: they are of the block where it awaits a value."""
_TRACE = re.compile(r"Received:\s{0,9}(?:from|by|\(|with|id|via|for)\b")
"""A raw field, and not the label of a date (Dynamics 365)."""
_ENDS_PERSON = re.compile(r"@[^\s,;]*+[>\])\"']*+;?\Z")
"""A list of people that ends with an address; one that does not goes on below, or its last person has none."""
_MAX_STRANGE = 4
"""So many lines below one with a label of no known language, a known one stands."""
_STRANGE = re.compile(r"[*_]{0,2}([^\W\d_][^\n:：<>@\"]{0,39}?)[ \t\u00a0*_]{0,3}[:：][*_]{0,2}(?:[ \t\u00a0]+|$)(.*)")
"""A label of no known language, with its value."""


def _names(fields: Sequence[Open], alive: int) -> set[str]:
    return {value.name for value in solve(fields, alive)[0]}


def _last(fields: Sequence[Open], rows: int) -> str:
    """The last of the fields by which blocks are told; "" without any."""
    return next((value.name for value in reversed(solve(fields, rows)[0]) if value.name in CORE), "")


class FieldLines:
    """How many lines of some texts can be of a block's fields: such as begin like one, each of which can be the first
    of a block and is tried, and those that stand so few lines below that they can be of its value; fewer behind an
    empty line, where people alone can be of it, so that a long thread of answers is read."""

    def __init__(self, catalogue: Catalogue, limits: Limits) -> None:
        self._catalogue = catalogue
        self._most = limits.max_field_lines
        self._texts: list[Sequence[Line]] = []
        self._lines = self._found = 0

    def notes(self, lines: Sequence[Line]) -> tuple[Code, ...]:
        """REFUSE_LIMIT_CONTENT where there are too many with those of one more text (T56). Hardly any mail has so many
        lines at all that they are counted."""
        self._texts.append(lines)
        self._lines += len(lines)
        if self._lines > self._most:
            self._found += sum(map(self._count, self._texts))
            self._texts.clear()
        return (Code.REFUSE_LIMIT_CONTENT,) if self._found > self._most else ()

    def _count(self, lines: Sequence[Line]) -> int:
        found = left = near = 0
        for line in lines:
            text = line.text.strip()
            if not text:
                near = min(near, _MAX_BELOW_BLANK)
            elif begins_like_field(text, self._catalogue):
                left = near = MAX_VALUE_LINES
            if left:
                found += near > 0 or "@" in text
                left -= 1
                near -= 1
        return found


class Run:
    """The labelled lines from line `top` on, as far as they go.

    rest: what is read of line `top` where the separator stands on it too, else "". given: the fields that stand above,
    in a line of their own. fields: what was read; end: the line
    behind it. alive: the rows that could have written all of it; seen: the fields that the labels are for sure. mixed:
    a label that none of those rows writes. repeated: the fields of the label that came a second time and ended the run.
    below_blank: the first line below an empty one inside; is_parted: its rows leave none there.
    gap: so many empty lines stand above the last label; blanks: above the line that is read. is_raw: fields of a
    header stand among them. is_strange, is_cut: as in `Block`.
    """

    __slots__ = (
        "alive", "at", "below", "below_blank", "blanks", "catalogue", "depth", "end", "exact", "fields", "gap", "given",
        "is_apart", "is_cut", "is_open", "is_parted", "is_raw", "is_spaced", "is_strange", "limits", "lines", "mixed",
        "repeated", "rest", "rows", "seen", "separator", "top",
    )  # fmt: skip

    def __init__(
        self,
        lines: Sequence[Line],
        top: int,
        depth: int,
        rest: str,
        separator: Separator | None,
        catalogue: Catalogue,
        limits: Limits,
        exact: bool,
        given: frozenset[str] = frozenset(),
    ) -> None:
        self.lines = lines
        self.at = self.end = self.top = top
        self.depth = depth
        self.rest = rest
        self.separator = separator
        self.rows = 0 if separator is None else separator.rows
        self.catalogue = catalogue
        self.limits = limits
        self.exact = exact
        self.alive = catalogue.all_rows
        self.fields: list[Open] = []
        self.given = given
        self.seen: set[str] = set(given)
        self.repeated: set[str] = set()
        self.below = Ahead()
        self.below_blank = self.blanks = self.gap = 0
        self.mixed = self.is_raw = self.is_strange = self.is_cut = False
        self.is_open = self.is_spaced = self.is_apart = self.is_parted = False
        self._read()
        self._leave_tail()

    @property
    def _names_forwarder(self) -> bool:
        return self.separator is not None and "forwarder" in self.separator.values

    @property
    def twice(self) -> int:
        """The number of the first field of the label that came a second time; that of all fields without one."""
        return next((place for place, field in enumerate(self.fields) if field.names & self.repeated), len(self.fields))

    @property
    def is_unfinished(self) -> bool:
        """Whether the run ends right above a line that says something, though it lacks a field that all blocks have, or
        its last field ends within a list of people."""
        at, lines = self.end, self.lines
        if at >= len(lines) or lines[at].depth != self.depth or not lines[at].text.strip():
            return False
        last = self.fields[-1]
        if not self.seen >= WHOLE:
            return True
        written = " ".join(last.parts).rstrip()
        return not last.names.isdisjoint(MANY) and "@" in written and not _ENDS_PERSON.search(written)

    def continues(self, other: "Run") -> bool:
        """Whether this run has all fields of the other and goes on behind its last line, with further fields, or with
        further people of its last one."""
        mine, theirs = self.fields, other.fields
        if self.mixed > other.mixed or [field.first for field in mine[: len(theirs)]] != [one.first for one in theirs]:
            return False
        added = mine[len(theirs) - 1].parts[len(theirs[-1].parts) :]
        if len(mine) > len(theirs):
            return bool(added) and not mine[len(theirs)].names.isdisjoint(CORE)
        return not theirs[-1].names.isdisjoint(MANY) and any("@" in part for part in added)

    def _read(self) -> None:
        count = len(self.lines)
        while self.at < count and len(self.fields) < _MAX_FIELDS:
            line = self.lines[self.at]
            text = line.text.strip() if self.at != self.top else self.rest or line.text.strip()
            if not text:
                if not self._pass_blank():
                    break
            elif line.depth != self.depth or len(text) > self.limits.max_field_bytes or not self._take(text):
                break

    def _leave_tail(self) -> None:
        """Leave the lines that look like fields at the end to the body, where no empty line ends the block and no row
        that writes the fields above writes them there."""
        lines, fields = self.lines, self.fields
        if len(fields) + len(self.given) <= len(WHOLE) or self.end >= len(lines):
            return
        is_ended = not lines[self.end].text.strip()
        names = [field.names for field in fields]
        if not self.given.union(*names) >= WHOLE:
            return
        alive = self.rows or self.catalogue.all_rows
        if (
            is_ended
            and not self.mixed
            and rows_in_order(fields, alive & self.alive, self.catalogue) & ~self.catalogue.open_ended
        ):
            return  # nearly every block: a row that leaves an empty line below writes all of it
        is_mixed = is_whole = False
        can_be = set(self.given)
        for number, field in enumerate(fields):
            above = fields[:number]
            is_whole = is_whole or (can_be >= WHOLE and self.given | _names(above, alive) >= WHOLE)
            if above and is_whole and not self._writes(above, field, alive, is_ended):
                self.fields, self.end, self.alive, self.mixed = above, field.first, alive, is_mixed
                self.seen = {*self.given, *_names(above, alive)}
                self.is_raw = any(self._is_unknown(one) for one in above)
                self.is_strange = self.is_raw and self.separator is None
                self.repeated = set()
                return
            can_be |= names[number]
            if not names[number].isdisjoint(CORE):
                narrowed = reduce(or_, (bits for _, bits in field.options)) & alive
                is_mixed = is_mixed or not narrowed
                alive = narrowed or alive

    def _writes(self, above: Sequence[Open], field: Open, alive: int, is_ended: bool) -> bool:
        """Whether a row that writes the fields above writes this one below them, in text one of those that write no
        empty line below where there are such; or whether fields of a header stand among those above, or an empty line
        of such a row ends the block (is_ended: one stands there)."""
        rows = rows_in_order(above, alive, self.catalogue) or alive
        if is_ended and rows & ~self.catalogue.open_ended:
            return True
        if self._is_unknown(field):
            return any(map(self._is_unknown, above))
        rows = rows if self.exact else rows & self.catalogue.open_ended or rows
        last = _last(above, alive)
        before = self.catalogue.before
        return any(
            bits & rows and (name not in CORE or before.get((last, name), 0) & rows) for name, bits in field.options
        )

    def _is_unknown(self, field: Open) -> bool:
        """Whether no row has a field's label: one of a header, or in no known language."""
        return all(bits == self.catalogue.all_rows for _, bits in field.options)

    def _pass_blank(self) -> bool:
        """Go to the next line that says something, where the block goes on there."""
        lines, at, fields = self.lines, self.at, self.fields
        count = len(lines)
        following = at + 1
        while following < count and following - at < MAX_BLANKS and not lines[following].text.strip():
            following += 1
        if following >= count or lines[following].depth != self.depth or not fields:
            return False
        self.blanks = following - at
        ahead = lines[following].text.strip()
        if goes_on_below(fields[-1], ahead):
            self.at = following
            return True
        if self.exact and not self.seen >= WHOLE and is_next_person(ahead, fields[-1].parts[-1]):
            self.at = following  # people in paragraphs of their own, in a cell
            self.is_spaced = True
            return True
        if not fields[-1].parts[-1] and (self.is_apart or len(fields) == 1):
            # Each label and each value stands alone, as services make them of cells.
            self.at = following
            self.is_apart = self.is_spaced = True
            return True
        if begins_below(fields[-1], ahead):
            self.at = following
            return True
        if self.is_spaced and not self._missing() and not 0 < following - at <= self.gap:
            return False  # what stands further apart than the block's own last fields is the body
        rows = self.alive if len(fields) == 1 or self.is_spaced else self._spaced_rows()
        if not rows and self._is_parted(following, ahead):
            self.is_parted = True
            self.below_blank = self.below_blank or following
            self.at = following
            return True
        if not rows:
            return False
        if (
            self.separator is None
            and len(fields) == 1
            and fields[0].parts[0]
            and following + 1 < count
            and lines[following + 1].text.strip()
        ):
            return False  # `To: do`, the last line of the comment, and the block below it
        if not ahead:
            return False  # more empty lines than any client leaves inside a block
        found = label_of(ahead, self.catalogue, self.rows)
        if found is None and self.is_spaced and (self.is_raw or not self.seen >= WHOLE) and raw_field(ahead):
            self.at = following  # each field of a header, as it was pasted, in a paragraph of its own
            return True
        if (
            found is None
            or all(name in self.seen for name, _ in found[0])
            or not any(self._is_next(name, bits & rows) for name, bits in found[0])
        ):
            return False
        self.is_spaced = True
        self.below_blank = self.below_blank or following
        self.at = following
        return True

    def _is_parted(self, following: int, ahead: str) -> bool:
        """Whether somebody put the empty line above line `following` into a block whose rows leave none there: the
        block lacks what each has, these rows write the field below it, and it is one by its value or by the next."""
        missing = self._missing()
        found = label_of(ahead, self.catalogue, self.rows) if missing and not self.mixed else None
        if found is None:
            return False
        rows = rows_in_order(self.fields, (self.rows or self.catalogue.all_rows) & self.alive, self.catalogue)
        last = _last(self.fields, rows)
        before = self.catalogue.before
        names = {name for name, bits in found[0] if bits & rows & before.get((last, name), 0)} - self.seen
        is_people = "@" in found[1] and not names.isdisjoint(PEOPLE)
        is_date = "date" in names and LIKE_DATE.search(found[1]) is not None
        is_last = names == missing == {"subject"}
        return (not names.isdisjoint(missing) and (is_people or is_date or is_last)) or (
            bool(names) and self._goes_on(following)
        )

    def _missing(self) -> frozenset[str]:
        """The fields of each block that are not there yet; below a line of the author's own Notes writes them again."""
        missing = WHOLE - (self.seen - self.given)
        return missing and missing - settled(self.fields, self.alive)

    def _spaced_rows(self) -> int:
        """The rows that leave empty lines inside their block and write what was read in this order, where more must
        follow."""
        if not self._missing():
            return 0
        tolerant = self.catalogue.spaced & (self.rows or self.catalogue.all_rows) & self.alive
        return rows_in_order(self.fields, tolerant, self.catalogue)

    def _is_next(self, name: str, rows: int) -> bool:
        """Whether some of the rows write a field below what was read."""
        if name not in CORE or not rows or self.is_spaced or len(self.fields) == 1:
            return bool(rows)
        last = _last(self.fields, rows) or name
        before = self.catalogue.before
        return bool(before.get((last, name), 0) & rows or not before.get((name, last), 0) & rows)

    def _take(self, text: str) -> bool:
        """Take a line as what it is to the block; False where it is none of it."""
        at, fields = self.at, self.fields
        found = label_of(text, self.catalogue, self.rows)
        if len(text) > self.limits.max_line_chars and not any(
            name in MANY for name, _ in (found[0] if found is not None else fields[-1].options if fields else ())
        ):
            return False
        if found is not None and self.rows and found[2].lower() in RAW_WORDS:
            # `Sender:` among raw fields is no author, though another client than the separator's calls its author so.
            found = found if not self.is_raw and any(bits & self.rows for _, bits in found[0]) else None
        if found is not None and text.startswith("Received") and _TRACE.match(text):
            found = None
        if found is not None:
            return self._take_label(*found)
        separator = self.separator
        raw = raw_field(text) if fields or separator is not None else None
        # In HTML the body can follow the last field at once; where raw fields stood among the others it does not.
        if raw is not None and (not self.exact or self.is_raw or not self.seen >= WHOLE):
            self.is_raw = True
            self.is_strange = self.is_strange or separator is None
            self._add((("other", self.catalogue.all_rows),), *raw)
            return True
        strange = None if self.lines[at].text[:1].isspace() or awaits_value(fields) else _STRANGE.match(text)
        if strange is not None and text[0].islower() and fields and len(fields[-1].parts) > 1:
            strange = None  # the rest of a subject that was wrapped: `and repair: third draft`
        if strange is not None and (
            is_complete(self.lines[at - 1], fields[-1]) if fields else separator is not None and separator.forward
        ):
            self.is_strange = True
            if not self._goes_on(at):
                # Right below the fields of a client that leaves an empty line there it can be one in no known language.
                self.mixed = self.mixed or not (self.exact or self.alive & self.catalogue.open_ended)
                return False
            self._add(((STRANGE, self.catalogue.all_rows),), strange.group(1), strange.group(2))
            return True
        return self._take_value(text)

    def _add(self, options: Labels, label: str, value: str) -> None:
        self.fields.append(Open(options, label, [value], self.at))
        self.gap, self.blanks = self.blanks, 0
        self.at += 1
        self.end = self.at

    def _take_label(self, options: Labels, value: str, label: str) -> bool:
        if len(options) == 1 and not self.is_open:
            # Nearly every label: one field, which the block lacks.
            ((name, bits),) = options
            narrowed = bits & self.alive
            if narrowed and name not in self.seen:
                if name in CORE:
                    self.alive = narrowed
                if name != "other":
                    self.seen.add(name)
                if name == "from" and self._names_forwarder and author_and_date(value, self.catalogue, self.rows):
                    self.seen.add("date")  # behind the author, on his line
                self._add(options, label, value)
                return True
        names = names_of(options, self.alive)
        if self.is_open and (names & self.seen or len(names) == 1):
            self.seen |= settled(self.fields, self.alive)
        if names <= self.seen:
            self.repeated = names
            if names != {"from"} or self.at != self.end or not self._is_rival():
                return False
        narrowed = 0
        for _, bits in options:
            narrowed |= bits
        narrowed &= self.alive
        # Other fields (Bcc, Message-ID, Importance) tell nothing of the client: many write all fields there are.
        if narrowed:
            if not names.isdisjoint(CORE):
                self.alive = narrowed
        else:
            if self.separator is None and len(self.fields) < 2:
                return False
            if self.is_open and not self.mixed:
                taken = {name for field in self.fields for name, bits in field.options if bits & self.alive}
                if names <= taken:
                    self.repeated = names  # `To: your door` below `收件人`, which is To in all these rows but one
                    return False
            self.mixed = self.mixed or not names.isdisjoint(CORE)
        if len(names) == 1:
            self.seen |= names - {"other"}
        else:
            self.is_open = True
        self._add(options, label, value)
        return True

    def _take_value(self, text: str) -> bool:
        """Take a line without a label as the rest of the value above it, where it is."""
        fields, at = self.fields, self.at
        if text[0] in DRAWN and self.rows & self.catalogue.rule_inside and is_rule(text):
            return self._pass_blank()
        is_behind = self.rest and at == self.top + 1
        if (
            not fields
            or is_behind
            or not continues(
                self.lines, at, fields, self.alive, self.seen, self.catalogue, self.exact, self.rows, self.below
            )
        ):
            return False
        self.end = at + 1
        if len(fields[-1].parts) > MAX_VALUE_LINES:
            is_many = not fields[-1].names.isdisjoint(MANY)
            if not is_many or len(fields[-1].parts) > 2 * self.limits.max_addresses:
                self.is_cut = is_many
                return False
        while (run := run_in(text, self.catalogue, self.alive, self.seen)) is not None:
            before, options, value, label = run
            fields[-1].parts.append(before)
            self.seen |= {name for name, bits in options if bits & self.alive}
            fields.append(Open(options, label, [], at))
            text = value
        parts = fields[-1].parts
        if "@" in text and parts and "from" not in fields[-1].names and is_next_person(text, parts[-1]):
            parts[-1] += ","  # one person a line
        parts.append(text)
        self.at += 1
        return True

    def _goes_on(self, at: int) -> bool:
        """Whether a known label that the block lacks stands a few lines below line `at`."""
        lines = self.lines
        for ahead in range(at + 1, min(at + 1 + _MAX_STRANGE, len(lines))):
            text = lines[ahead].text.strip()
            if not text or lines[ahead].depth != lines[at].depth:
                return False
            found = label_of(text, self.catalogue, self.rows)
            if found is not None:
                return any(name not in self.seen and name in CORE and bits & self.alive for name, bits in found[0])
        return False

    def _is_rival(self) -> bool:
        """Whether a second author's line belongs to the block as its first one does: what follows is the block's, and
        no comment can stand between them."""
        lines, at = self.lines, self.at
        first = next((field for field in self.fields if "from" in field.names), None)
        if first is None or not ("@" in first.parts[0] and "@" in lines[at].text):
            return False
        if at + 1 >= len(lines) or (self.separator is None and len(self.fields) > 1):
            return False
        below = label_of(lines[at + 1].text.strip(), self.catalogue, 0) if lines[at + 1].text.strip() else None
        return below is not None and any(
            name in CORE and (name == "from" or name not in self.seen) for name, _ in below[0]
        )
