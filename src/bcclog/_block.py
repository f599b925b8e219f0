"""Find and read the header block that a mail client writes above a forwarded message (R7, R8, R10).

Facts: a block is a run of `Label: value` lines, mostly below a separator line. Clients fold long values, wrap them,
pad labels, quote everything, leave blank lines inside, or glue it all into one line. A label hardly ever means two
fields, so a block is solved as a whole: every row of the catalogue that could have written what was read so far stays
alive, and a line is one dict lookup and one `&`.

The same code reads the lines of a text part and the lines of an HTML part. In HTML a line ends where the client ended
it (`exact`); in text it may go on below.
"""

import re
from collections.abc import Sequence
from itertools import islice, pairwise
from typing import NamedTuple

from attrs import evolve, frozen

from bcclog._attribution import attribution_at, author_and_date, author_at
from bcclog._catalogue import Catalogue
from bcclog._fold import COLONS, DRAWN, flatten, fold_label, fold_separator
from bcclog._lines import Line
from bcclog._separator import Separator, find_separator, is_rule
from bcclog.policy import Limits

_CORE = frozenset(("from", "to", "cc", "date", "subject", "reply_to"))
_PEOPLE = frozenset(("from", "sender", "to", "cc", "bcc", "reply_to"))
_WHOLE = frozenset(("from", "to", "date", "subject"))
"""What follows these below the first blank line is the body, whoever leaves blank lines inside."""
_MANY = frozenset(("to", "cc", "bcc"))
"""Fields that announcements fill with hundreds of people."""
_COLON = re.compile(f"[{COLONS}]")
_RAW_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{0,30}(?:-[A-Za-z0-9]{1,30}){1,6}\Z")
_RAW_WORDS = frozenset(
    (
        "received",
        "sender",
        "lines",
        "status",
        "organization",
        "importance",
        "priority",
        "keywords",
        "comments",
        "precedence",
    )
)
_SPLIT_NAME = re.compile(r"(\w-) (?=\w)")
"""A name broken behind its hyphen (KMail); no name has a blank there."""
_MAX_GLUED = 60
"""So many colons of a block on one line are looked at."""
_MAX_PASSED_OVER = 8
"""So many labels on such a line can be words of its values."""
_MAX_WORDS = 6
"""A label on such a line has no more words."""
_FEWEST_GLUED = 3
"""Fields that a block on one line has at least."""
_MAX_BLANKS = 3
_MAX_VALUE_LINES = 120
"""A value that names no people has so many lines; one of people has two for each that is read."""
_MAX_PEOPLE_LINES = 4_000
"""So far below a line of people the next label is looked for."""
_MAX_FIELDS = 60
_MAX_STRANGE = 4
"""So many lines below one with a label of no known language, a known one stands."""
_MAX_RUN_ON = 1000
"""A line of the comment with a separator behind it is no longer."""
_DRAWN_LINE = re.compile(r"\s*+([-_=])\1{3,}+[^\n]{1,80}?\1{4}\s*+\Z")
_RULE_INSIDE = re.compile(r"(?<=[ \t\u00a0])[-_=]{4,}(?=[^-_=])")
_STRANGE = re.compile(r"[*_]{0,2}([^\W\d_][^\n:：<>@\"]{0,39}?)[ \t\u00a0*_]{0,3}[:：][*_]{0,2}(?:[ \t\u00a0]+|$)(.*)")
"""A label of no known language, with its value."""
_WIDEST = 78
"""No client that wraps writes a longer line (RFC 5322 section 2.1.1), unless it is one word."""
_NEVER_WRAPPED = 130
"""A longer line shows that nothing wraps this text."""
_WRAP = 50
"""A line shorter than this was not hard-wrapped (clients wrap at 65 to 78)."""


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
    fields in this order. is_strange: lines that no client
    writes stand among the fields or right below them. is_cut: more people than are read. known: False for a block read
    by the kind of its values.
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

    @property
    def is_glued(self) -> bool:
        """Whether the fields stand on one line."""
        return len(self.fields) > 1 and self.fields[0].last == self.fields[-1].first

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


_Labels = tuple[tuple[str, int], ...]
_Tried = dict[int, tuple[_Labels, str, str] | None]
_MAX_TRIED = 512
"""Lines whose labels are remembered: more than one try reads; what is forgotten is looked up again."""


def find_block(lines: Sequence[Line], start: int, catalogue: Catalogue, limits: Limits, *, exact: bool) -> Block | None:
    """The first block at or after line `start`, or None.

    One pass; a line is looked at as a separator and as a label, one lookup each. A try that fails says at which line to
    go on, and none reads more than a block may hold, so the cost is linear.
    """
    cap = limits.max_field_bytes
    longest = catalogue.max_label_chars + 12
    number = start - 1
    count = len(lines)
    tried: _Tried = {}
    while (number := number + 1) < count:
        text = lines[number].text.strip()
        if not text or len(text) > cap:
            continue
        separator = find_separator(lines, number, text, catalogue)
        if separator is not None:
            found = _read(lines, number, separator, catalogue, limits, exact, tried)
            if isinstance(found, Block):
                return found
        colon = _COLON.search(text, 0, longest)
        if colon is None:
            continue
        head = text[: colon.start()]
        options = _fields_of(head, catalogue)
        if options is not None and any(name in _CORE for name, _ in options):
            if len(tried) > _MAX_TRIED:
                tried.clear()
            if _comes_again(lines, number, catalogue, tried):
                continue
            found = _read(lines, number, None, catalogue, limits, exact, tried)
            if isinstance(found, Block):
                return found
            number = max(number, found - 1)
    return None


def _fields_of(head: str, catalogue: Catalogue) -> _Labels | None:
    """What a label can mean; most are written as the catalogue has them, and need no folding."""
    return catalogue.labels.get(head.lower()) or catalogue.labels.get(fold_label(head))


def _label_at(number: int, text: str, catalogue: Catalogue, tried: _Tried) -> tuple[_Labels, str, str] | None:
    if number not in tried:
        tried[number] = _label(text, catalogue, 0)
    return tried[number]


def _comes_again(lines: Sequence[Line], number: int, catalogue: Catalogue, tried: _Tried) -> bool:
    """Whether the label of the line stands again two labels on (`To:`, `From:`, `To:`): no block begins here, since
    without a separator one has three fields, and each once."""
    options: list[_Labels] = []
    for line in lines[number : number + 3]:
        text = line.text.strip()
        found = (
            _label_at(number + len(options), text, catalogue, tried)
            if text and line.depth == lines[number].depth
            else None
        )
        if found is None or len(found[0]) != 1:
            return False
        options.append(found[0])
    return len(options) == 3 and options[0] == options[2] != options[1]


def _names(options: _Labels, alive: int) -> set[str]:
    """What a label can be: by the rows that are alive, or by all where it is of none of those."""
    if len(options) == 1:
        return {options[0][0]}
    return {name for name, bits in options if bits & alive} or {name for name, _ in options}


class _Open(NamedTuple):
    options: _Labels
    label: str
    parts: list[str]
    first: int

    @property
    def names(self) -> set[str]:
        return {name for name, _ in self.options}


def _read(
    lines: Sequence[Line],
    number: int,
    separator: Separator | None,
    catalogue: Catalogue,
    limits: Limits,
    exact: bool,
    tried: _Tried,
    *,
    below_repeated: bool = False,
) -> Block | int:
    """Read one block whose separator, or first label, stands on line `number`. When there is none after all: the line
    where the next can begin. below_repeated: it is the second try, below a label that came twice.
    tried: what was found at the start of lines by earlier tries, without a separator."""
    count = len(lines)
    at = number if separator is None else separator.last + 1
    separator_rows = 0 if separator is None else separator.rows
    if separator is not None:
        if separator.rest:
            at = number  # `-----Mensaje original----- Enviado: ...`: the other fields can stand below
        for _ in range(_MAX_BLANKS):
            if at < count and at != number and not lines[at].text.strip():
                at += 1
        if at >= count:
            return number + 1
        first = separator.rest or lines[at].text.strip()
        whole = _read_glued(lines, number, separator, first, catalogue, at) or (
            _read_as_written(lines, number, separator, first, catalogue, at)
            if separator_rows & catalogue.as_written_rows
            else None
        )
        if whole is not None:
            return whole
    depth = lines[at].depth
    label_line = at
    attribution = attribution_at(lines, at, catalogue) if separator_rows & catalogue.attributions.rows else None
    in_lines = separator is not None and "forwarder" in separator.values
    if attribution is None and in_lines and _label_at(at, lines[at].text.strip(), catalogue, tried) is None:
        attribution = author_at(lines, at, catalogue, separator_rows)
    if attribution is not None and attribution.rows & separator_rows:
        # Notes: the author and his date on a line of their own, the other fields below it.
        at = attribution.last + 1
        while at < count and at - attribution.last <= _MAX_BLANKS and not lines[at].text.strip():
            at += 1
        if at >= count:
            return number + 1
    else:
        attribution = None
    alive = catalogue.all_rows
    mixed = False
    fields: list[_Open] = []
    seen: set[str] = set()
    spaced = apart = False
    below_blank = 0
    repeated: set[str] = set()
    is_strange = is_cut = is_open = is_raw = False
    below = _Ahead()
    tolerant = catalogue.spaced & (separator_rows or catalogue.all_rows)
    end = at
    while at < count and len(fields) < _MAX_FIELDS:
        line = lines[at]
        text = line.text.strip() if at != number or separator is None else separator.rest
        if text and (line.depth != depth or len(text) > limits.max_field_bytes):
            break
        if not text:
            following = at + 1
            while following < count and following - at < _MAX_BLANKS and not lines[following].text.strip():
                following += 1
            if following >= count or lines[following].depth != depth or not fields:
                break
            if _goes_on_below(fields[-1], lines[following].text.lstrip()[:1]):
                at = following
                continue
            if not fields[-1].parts[-1] and (apart or len(fields) == 1):
                at = following  # each label and each value stands alone, as services make them of cells
                apart = spaced = True
                continue
            if not (
                len(fields) == 1
                or spaced
                or (_in_order(fields, alive & tolerant, catalogue) and not (seen | _settled(fields, alive)) >= _WHOLE)
            ):
                break
            if (
                separator is None
                and len(fields) == 1
                and fields[0].parts[0]
                and following + 1 < count
                and lines[following + 1].text.strip()
            ):
                break  # `To: do`, the last line of the comment, and the block below it
            ahead = lines[following].text.strip()
            if not ahead:
                break  # more empty lines than any client leaves inside a block
            found = _label(ahead, catalogue, separator_rows)
            if found is None or all(name in seen for name, _ in found[0]) or not any(b & alive for _, b in found[0]):
                break
            spaced = True
            below_blank = below_blank or following
            at = following
            continue
        found = _label(text, catalogue, separator_rows) if separator_rows else _label_at(at, text, catalogue, tried)
        if len(text) > limits.max_line_chars and not any(
            name in _MANY for name, _ in (found[0] if found is not None else fields[-1].options if fields else ())
        ):
            break
        if found is not None and separator_rows and found[2].lower() in _RAW_WORDS:
            # `Sender:` among raw fields is no author, though another client than the separator's calls its author so.
            found = found if not is_raw and any(bits & separator_rows for _, bits in found[0]) else None
        if found is not None:
            options, value, label = found
            names = _names(options, alive)
            if is_open and (names & seen or len(names) == 1):
                seen |= _settled(fields, alive)
            if names <= seen:
                repeated = names
                if names != {"from"} or at != end or not _is_rival(lines, at, fields, separator, catalogue, seen):
                    break
            narrowed = 0
            for _, bits in options:
                narrowed |= bits
            narrowed &= alive
            if narrowed:
                # Raw fields (Message-ID, References) tell nothing of the client: many write all fields there are.
                if not names.isdisjoint(_CORE):
                    alive = narrowed
            else:
                if separator is None and len(fields) < 2:
                    break
                mixed = True
            if len(names) == 1:
                seen |= names - {"other"}
            else:
                is_open = True
            fields.append(_Open(options, label, [value], at))
            at += 1
            end = at
            continue
        raw = _raw_field(text) if fields or separator is not None else None
        # In HTML the body can follow the last field at once; where raw fields stood among the others it does not.
        if raw is not None and (not exact or (separator is not None and (is_raw or not seen >= _WHOLE))):
            is_raw = True
            is_strange = is_strange or separator is None
            fields.append(_Open((("other", catalogue.all_rows),), raw[0], [raw[1]], at))
            at += 1
            end = at
            continue
        strange = None if lines[at].text[:1] in (" ", "\t") or _awaits_value(fields) else _STRANGE.match(text)
        if strange is not None and (
            _is_complete(lines[at - 1], fields[-1]) if fields else separator is not None and separator.forward
        ):
            is_strange = True
            if not _goes_on(lines, at, alive, seen, catalogue, separator_rows):
                break
            fields.append(_Open(((_STRANGE_FIELD, catalogue.all_rows),), strange.group(1), [strange.group(2)], at))
            at += 1
            end = at
            continue
        behind = separator is not None and bool(separator.rest) and at == number + 1
        if (
            not fields
            or behind
            or not _continues(lines, at, fields, alive, seen, catalogue, exact, separator_rows, below)
        ):
            break
        end = at + 1
        many = not fields[-1].names.isdisjoint(_MANY)
        if len(fields[-1].parts) > (2 * limits.max_addresses if many else _MAX_VALUE_LINES):
            is_cut = many
            break
        while (run := _run_in(text, catalogue, alive, seen)) is not None:
            before, options, value, label = run
            fields[-1].parts.append(before)
            seen |= {name for name, bits in options if bits & alive}
            fields.append(_Open(options, label, [], at))
            text = value
        fields[-1].parts.append(text)
        at += 1
    if not fields:
        return number + 1
    if repeated and below_blank and separator is None and not below_repeated:
        # `To: Bob`, `Cc: Al`, an empty line, and the block, which is whole without them.
        second = _read(lines, below_blank, None, catalogue, limits, exact, tried, below_repeated=True)
        if isinstance(second, Block):
            return second
    if repeated and "from" not in repeated and separator is None and not below_repeated:
        # `To: Bob`, the last line of the comment, right above the block, which has a `To:` of its own.
        twice = next((place for place, field in enumerate(fields) if field.names & repeated), len(fields))
        start = next((field.first for field in fields[twice + 1 :] if field.names & _CORE), None)
        block = (
            None if start is None else _read(lines, start, None, catalogue, limits, exact, tried, below_repeated=True)
        )
        if isinstance(block, Block) and (
            len(block.fields) > len(fields) - (twice == 0)
            or not _by_order(_solve(fields, alive)[0], alive, catalogue)[1]
        ):
            return block
    if attribution is None and not (separator is not None and "from" in separator.values):
        if "from" not in seen and not any(name == "from" for field in fields for name, _ in field.options):
            # No author: nor has any block that begins at one of these lines, but for the last.
            return number + 1 if repeated or separator is not None else max(number + 1, fields[-1].first)
        if len(fields) < (3 if separator is None else 2):
            return number + 1
    values, alive, unsure = _solve(fields, alive)
    if any(value.name == _STRANGE_FIELD for value in values):
        values = _by_kind(values)
        unsure = True
    mixed = mixed or unsure
    if attribution is not None:
        slots, last = attribution.values, attribution.last
        written = {"from": slots.get("from") or _named(slots), "date": slots.get("date")}
        values = (*(Value(name, text, label_line, last) for name, text in written.items() if text), *values)
    elif in_lines and not any(value.name == "date" for value in values):
        values = _date_apart(values, catalogue, separator_rows)
    if separator is not None and "date" in separator.values and not any(v.name == "date" for v in values):
        # Orange: the date stands above the fields. Beside a forwarder's name it is that of his forwarding (Notes).
        above = separator.values if "forwarder" not in separator.values else {}
        values = (*values, *(Value("date", above[name], number, separator.last) for name in above if name == "date"))
    if separator is not None and "from" in separator.values and not any(v.name == "from" for v in values):
        values = (*values, Value("from", separator.values["from"], number, separator.last))
    core = {value.name for value in values} & _CORE
    if "from" not in core or len(core) < (2 if separator is not None else 3):
        return number + 1
    if separator is None and not _is_of_mail(values):
        return number + 1
    start, said = number if separator is not None else label_line, 0
    drawn = start
    if separator is None and label_line:
        start, separator, said = _drawn_above(lines, label_line, catalogue)
        drawn = start
    elif separator is not None:
        start = _rule_above(lines, number)
    if separator is not None and (alive & separator.rows or is_raw):
        # Whoever writes raw fields (Thunderbird with all headers) leaves their names and order as they were.
        alive = alive & separator.rows or separator.rows or alive
    elif separator is not None and not separator.rows:
        separator = None
    fits = True
    if not is_raw:
        alive, fits = _by_order([value for value in values if value.first >= label_line], alive, catalogue)
    end = _skip_below(lines, end, depth, alive, separator, catalogue)
    return Block(
        start=start,
        end=end,
        label=label_line,
        separator=drawn if separator is not None else None,
        said=said,
        forward=separator is not None and separator.forward,
        depth=depth,
        fields=values,
        rows=alive,
        mixed=mixed,
        in_order=fits,
        is_strange=is_strange,
        is_cut=is_cut,
    )


def _is_of_mail(values: Sequence[Value]) -> bool:
    """Whether a block without a separator is of mail: no client leaves out both every address and the time of day.
    `From: HAM`, `To: KEL`, `Date: 2 March` are a flight's."""
    return any(
        "@" in value.text if value.name in _PEOPLE else value.name == "date" and _CLOCK.search(value.text)
        for value in values
    )


_CLOCK = re.compile(
    r"(?<![\d.])\d{1,2}\s?[:.٫h時时点點시]\s?\d{2}(?![\d.]*\d)|\d\s?[ap]\.?m\b|[上下]午|오[전후]", re.IGNORECASE
)


def _drawn_above(lines: Sequence[Line], label: int, catalogue: Catalogue) -> tuple[int, Separator | None, int]:
    """What is drawn above a block that no separator line stands above: where the block starts with it, the separator,
    and how many characters of its line stand before it.

    A bare rule, a drawn line in unknown words, or a separator that a service has put behind the comment's last line.
    """
    above = label - 1
    while above > 0 and label - above <= _MAX_BLANKS and not lines[above].text.strip():
        above -= 1
    text = lines[above].text.rstrip()
    if lines[above].depth != lines[label].depth or text[-1:] not in DRAWN or len(text) > _MAX_RUN_ON:
        return label, None, 0
    if is_rule(text.strip()) or _DRAWN_LINE.match(text):
        return above, None, 0
    rule = _RULE_INSIDE.search(text)
    if rule is None:
        return label, None, 0
    separator = find_separator(lines, above, text[rule.start() :], catalogue)
    if separator is None or not separator.rows or separator.rest:
        return label, None, 0
    return above, separator, rule.start()


def _rule_above(lines: Sequence[Line], separator: int) -> int:
    """The line of a bare rule drawn above a separator (SFR), else the separator's own."""
    above = separator - 1
    while above > 0 and separator - above < _MAX_BLANKS and not lines[above].text.strip():
        above -= 1
    if above < 0 or lines[above].depth != lines[separator].depth or lines[above].text[:1] not in DRAWN:
        return separator
    return above if is_rule(lines[above].text.strip()) else separator


def _date_apart(values: Sequence[Value], catalogue: Catalogue, rows: int) -> tuple[Value, ...]:
    """The fields with the date that stands behind the author on his line (Notes) as one of its own."""
    found: list[Value] = []
    for value in values:
        slots = author_and_date(value.text, catalogue, rows) if value.name == "from" else None
        if slots is None:
            found.append(value)
        else:
            found += (value._replace(text=_named(slots) or ""), value._replace(name="date", text=slots["date"]))
    return tuple(found)


_STRANGE_FIELD = "strange"
"""What a label of no known language means, until the kind of its value says it."""
_ADDRESS = re.compile(r"[^\s<>@,;]{1,64}@[^\s<>@,;]{1,253}")


def _awaits_value(fields: Sequence[_Open]) -> bool:
    """Whether a value stands below the last label: so it does for all of them, and it has none yet."""
    return bool(fields) and fields[-1].parts == [""] and not any(field.parts[0] for field in fields)


def _goes_on_below(field: _Open, first: str) -> bool:
    """Whether a list of people goes on behind an empty line, by the first character there: with the address of a name,
    or with a comma."""
    value = field.parts[-1].rstrip()
    if not value or not _names_people(field.options):
        return False
    return (first == "<" and value[-1] not in ">,;") or first in (",", ";")


def _names_people(options: _Labels) -> bool:
    return any(name in _PEOPLE for name, _ in options)


def _is_complete(above: Line, last: _Open) -> bool:
    """Whether the value above a line ends there: a date, one closed by a bracket, or too short to have been wrapped."""
    value = last.parts[-1]
    if not value or (_names_people(last.options) and _is_open(value)):
        return not value
    return value.endswith(">") or above.end - above.start < _WRAP or any(name == "date" for name, _ in last.options)


def _goes_on(
    lines: Sequence[Line], at: int, alive: int, seen: set[str], catalogue: Catalogue, separator_rows: int
) -> bool:
    """Whether a known label that the block lacks stands a few lines below."""
    for ahead in range(at + 1, min(at + 1 + _MAX_STRANGE, len(lines))):
        text = lines[ahead].text.strip()
        if not text or lines[ahead].depth != lines[at].depth:
            return False
        found = _label(text, catalogue, separator_rows)
        if found is not None:
            return any(name not in seen and name in _CORE and bits & alive for name, bits in found[0])
    return False


def _is_rival(
    lines: Sequence[Line],
    at: int,
    fields: Sequence[_Open],
    separator: Separator | None,
    catalogue: Catalogue,
    seen: set[str],
) -> bool:
    """Whether a second author's line belongs to the block as its first one does: what follows is the block's, and no
    comment can stand between them."""
    first = next((field for field in fields if any(name == "from" for name, _ in field.options)), None)
    if first is None or not ("@" in first.parts[0] and "@" in lines[at].text):
        return False
    if at + 1 >= len(lines) or (separator is None and len(fields) > 1):
        return False
    below = _label(lines[at + 1].text.strip(), catalogue, 0) if lines[at + 1].text.strip() else None
    return below is not None and any(name in _CORE and (name == "from" or name not in seen) for name, _ in below[0])


def _by_kind(values: Sequence[Value]) -> tuple[Value, ...]:
    """Give the fields with a strange label what the block lacks: a date to a value with a time of day or a year, people
    to a value with addresses. The rest says nothing."""
    missing = {"date", "to"} - {value.name for value in values}
    found = []
    for value in values:
        if value.name == _STRANGE_FIELD:
            kind = "to" if _ADDRESS.search(value.text) else "date" if _LIKE_DATE.search(value.text) else "other"
            value = value._replace(name=kind if kind in missing else "other")
            missing.discard(value.name)
        found.append(value)
    return tuple(found)


_LIKE_DATE = re.compile(r"\d.{0,40}?(?:\d:\d\d|\d\.\d\d|\d{4})|\d{4}.{0,40}?\d")


def _in_order(fields: Sequence[_Open], rows: int, catalogue: Catalogue) -> int:
    """Those of a set of rows that write the fields read so far in this order."""
    if rows:
        names = [next(iter(options)) for options in _choices(fields, rows)[0] if len(options) == 1]
        for pair in pairwise(name for name in names if name in _CORE):
            rows &= catalogue.before.get(pair, 0)
    return rows


def _settled(fields: Sequence[_Open], alive: int) -> set[str]:
    """The fields that the labels read so far are already: what only one field can be, then what that leaves."""
    return {next(iter(options)) for options in _choices(fields, alive)[0] if len(options) == 1} - {"other"}


def _named(slots: dict[str, str]) -> str | None:
    name, email = slots.get("name"), slots.get("email")
    return f"{name or ''} <{email}>".strip() if email else name


def _label(text: str, catalogue: Catalogue, separator_rows: int) -> tuple[_Labels, str, str] | None:
    """The label at the start of a line: its possible fields with their rows, the value, the label; None without one.

    separator_rows: the rows that write the separator above; what only some of them write in place of a colon counts.
    """
    longest = catalogue.max_label_chars + 12
    found = None
    colon = _COLON.search(text, 0, longest)
    if colon is not None:
        head = text[: colon.start()]
        folded = head.lower()
        options = catalogue.labels.get(folded)
        if options is None:
            folded = fold_label(head)
            options = catalogue.labels.get(folded)
        if folded in catalogue.parted_labels:
            # A translator's colon inside the label makes two (`Responder-a::`): the longer label wins.
            further = _COLON.search(text, colon.end(), longest)
            longer = None if further is None else catalogue.labels.get(fold_label(text[: further.start()]))
            if further is not None and longer is not None:
                colon, head, options = further, text[: further.start()], longer
        if options is not None:
            found = options, _unmarked(text[colon.end() :].lstrip(COLONS), head), head
    if found is not None or not separator_rows:
        return found
    for head, name, rows in catalogue.odd_labels.get(text[:1], ()):
        if rows & separator_rows and text.startswith(head):
            return ((name, rows),), text[len(head) :].strip(), head
    if separator_rows & catalogue.bare:
        words = text.split(" ")
        for used in range(1, min(4, len(words))):
            head = " ".join(words[:used])
            options = catalogue.bare_labels.get(fold_label(head))
            if options is not None:
                return options, " ".join(words[used:]).strip(), head
    return None


def _unmarked(value: str, head: str) -> str:
    """A value without the marks of bold or italics that its label opened (`*Subject: **Offer*`, `_From:_ Kim`)."""
    mark = head[:1]
    if mark not in "*_" or not mark or head[1:2] == " " or head[-1:] == mark:
        return value.strip(" \t\u00a0")
    value = value.strip(" \t\u00a0")
    size = len(head) - len(head.lstrip(mark))
    if value[:size] != mark * size:  # the whole line is marked
        return value[:-size] if value[-size:] == mark * size else value
    value = value[size:].strip(" \t\u00a0")
    if value[:size] == mark * size == value[-size:] and len(value) > 2 * size:
        value = value[size:-size].strip(" \t\u00a0")
    return value


def _run_in(text: str, catalogue: Catalogue, alive: int, seen: set[str]) -> tuple[str, _Labels, str, str] | None:
    """A label inside a continuation line, as Claws writes it when it wraps the block like a paragraph:
    `<gergo@x.example> Cc: Jane <...>`. Gives what stands before it, its fields, what follows it, and the label."""
    longest = catalogue.max_label_chars + 12
    colon = _COLON.search(text)
    while colon is not None:
        # A label is short: looking further back for the bracket would be quadratic in a line of colons (P2).
        bracket = text.rfind(">", max(0, colon.start() - longest), colon.start())
        head = text[bracket + 1 : colon.start()].strip() if bracket >= 0 else ""
        options = _fields_of(head, catalogue) if head else None
        if options is not None and any(bits & alive and name not in seen for name, bits in options):
            return text[: bracket + 1].strip(), options, text[colon.end() :].strip(), head
        colon = _COLON.search(text, colon.end())
    return None


def _raw_field(text: str) -> tuple[str, str] | None:
    """A raw header field among the labels (`Received:`), as Mutt and Thunderbird write them with all headers."""
    head, colon, value = text.partition(":")
    if not colon or len(head) > 60 or not (_RAW_NAME.match(head) or head.lower() in _RAW_WORDS):
        return None
    return head, value.strip()


def _continues(
    lines: Sequence[Line],
    at: int,
    fields: Sequence[_Open],
    alive: int,
    seen: set[str],
    catalogue: Catalogue,
    exact: bool,
    separator_rows: int,
    ahead: "_Ahead",
) -> bool:
    """Whether the unlabelled line `at` goes on with the value above it."""
    text = lines[at].text.strip()
    if text[0] in DRAWN and (is_rule(text) or find_separator(lines, at, text, catalogue) is not None):
        return False
    last = fields[-1]
    so_far = last.parts[-1]
    raw = lines[at].text
    people = any(name in _PEOPLE for name, _ in last.options)
    is_indented = raw[:1] in (" ", "\t") and not _starts_alike(raw, lines[last.first].text)
    if not so_far and len(last.parts) == 1:
        # An empty subject mostly ends the block; a value begins below its label where all do (a table made text), or
        # where a word too long for the label's line was wrapped.
        if _awaits_value(fields):
            return True
        if not exact and (people or is_indented or _width(text) >= _WRAP):
            return True
    if people and (_is_open(so_far) or text[0] in ",;"):
        return True
    if not exact and people and raw.lstrip()[:1] == "<" and not so_far.rstrip().endswith(">"):
        return True
    if not exact and is_indented:
        return True
    if exact and (seen >= _WHOLE or not (separator_rows or "from" in seen)):
        return False
    if ahead.line <= at:
        ahead.look(lines, at, catalogue, separator_rows, _MAX_PEOPLE_LINES if people else _MAX_VALUE_LINES)
    if ahead.options:  # in HTML only lines of a text, one an element, go on below
        return any(name not in seen and bits & alive and (not exact or name in _WHOLE) for name, bits in ahead.options)
    if exact:
        return False
    if alive & ~catalogue.open_ended == 0:
        return False
    above = lines[at - 1]
    if people and "@" not in raw and not raw.rstrip().endswith((",", ";", ">")):
        return False
    word = text.split(" ", 1)[0]
    width = len(above.text.rstrip()) + len(word)
    if above.end - above.start >= _WRAP:
        return width >= _WRAP + 15 and above.end - above.start <= _NEVER_WRAPPED
    # A word too long for the label's line, a link mostly, stands below it alone or with the value's last words.
    return (
        width >= _WIDEST
        and len(last.parts) == 1
        and any(name == "subject" for name, _ in last.options)
        and max(word[:_WIDEST]) < "\u0250"
        and _ends_soon(lines, at)
    )


def _ends_soon(lines: Sequence[Line], at: int) -> bool:
    """Whether an empty line stands below line `at`, or below the next."""
    return any(number >= len(lines) or not lines[number].text.strip() for number in (at + 1, at + 2))


def _starts_alike(raw: str, label: str) -> bool:
    """Whether a line begins with the blanks of the label's line and no more: the whole text is indented."""
    indent = raw[: len(raw) - len(raw.lstrip())]
    return label.startswith(indent)


def _width(text: str) -> int:
    """How wide a line is shown: other scripts' letters count double, as wide ones do."""
    return len(text) if text.isascii() else sum(1 if char < "\u0250" else 2 for char in text[:_WRAP])


class _Ahead:
    """The next labelled line below, kept from line to line, so that no line is looked at twice. line: where it stands,
    or where there is none after all; options: what it can be, empty where there is none."""

    def __init__(self) -> None:
        self.line = -1
        self.options: _Labels = ()

    def look(self, lines: Sequence[Line], at: int, catalogue: Catalogue, separator_rows: int, most: int) -> None:
        """Look for it below line `at`, `most` lines far."""
        self.options = ()
        last = min(at + most, len(lines))
        for self.line in range(at + 1, last):
            text = lines[self.line].text.strip()
            if not text or lines[self.line].depth != lines[at].depth:
                return
            found = _label(text, catalogue, separator_rows)
            if found is not None:
                self.options = found[0]
                return
        self.line = max(at + 1, last)


def _is_open(value: str) -> bool:
    """Whether a list of people breaks off: a separator at its end, or an angle bracket or quote that is not closed."""
    value = value.rstrip()
    if value.endswith((",", ";", "、", "，", "；")):
        return True
    return value.rfind("<") > value.rfind(">") or value.count('"') % 2 == 1


def _solve(fields: Sequence[_Open], alive: int) -> tuple[tuple[Value, ...], int, bool]:
    """Give each label its field: what only one field can be first, then the rest among what is left.

    `Da` is From in Italian and To in Breton; `收件人` is To in all Chinese clients but one, whose From it is (KMail).
    """
    choices, unsure = _choices(fields, alive)
    values = []
    taken: set[str] = set()
    for field, options in zip(fields, choices, strict=True):
        if len(options) > 1:  # Thunderbird's Korean `참조` is Cc, then References
            options = {name: bits for name, bits in options.items() if name not in taken} or options
        name = _likeliest(options) if len(options) > 1 else next(iter(options))
        taken.add(name)
        if name in _CORE and options[name] & alive:
            alive &= options[name]
        text = field.parts[0]
        if len(field.parts) > 1:
            text = " ".join(part for part in field.parts if part)
            if name in _PEOPLE:
                text = _SPLIT_NAME.sub(r"\1", text)
        values.append(Value(name, text, field.first, field.first + len(field.parts) - 1))
    return tuple(values), alive, unsure


def _likeliest(options: dict[str, int]) -> str:
    return max(options, key=lambda name: (options[name].bit_count(), name == "from"))


def _choices(fields: Sequence[_Open], alive: int) -> tuple[list[dict[str, int]], bool]:
    """What each label can be, with its rows, after what only one field can be was taken; whether some rows are none of
    those alive."""
    choices = []
    unsure = False
    for field in fields:
        options = {name: bits & alive for name, bits in field.options if bits & alive}
        if not options:
            unsure = True
            options = dict(field.options)
        choices.append(options)
    if all(len(options) == 1 for options in choices):
        return choices, unsure  # nearly always
    while True:
        settled = {next(iter(options)) for options in choices if len(options) == 1} - {"other"}
        changed = False
        for options in choices:
            if len(options) > 1:
                left = [name for name in options if name not in settled]
                if left and len(left) < len(options):
                    for name in settled & set(options):
                        del options[name]
                    changed = True
        if not changed:
            return choices, unsure


def _by_order(values: Sequence[Value], alive: int, catalogue: Catalogue) -> tuple[int, bool]:
    """Those of the rows that write the fields in this order, and True; without any those that write most pairs of them
    so, and False."""
    names = [value.name for value in sorted(values, key=lambda v: v.first) if value.name in _CORE]
    fits = True
    for pair in pairwise(names):
        narrowed = alive & catalogue.before.get(pair, 0)
        if narrowed:
            alive = narrowed
        else:
            fits = False
    return alive, fits


def _skip_below(
    lines: Sequence[Line], end: int, depth: int, alive: int, separator: Separator | None, catalogue: Catalogue
) -> int:
    """The line after a second separator that stands below the fields (Zoho, SquirrelMail)."""
    if separator is None:
        return end
    at = end
    while at < len(lines) and at - end < 2 and not lines[at].text.strip():
        at += 1
    if at < len(lines) and lines[at].depth == depth:
        text = lines[at].text.strip()
        core = fold_separator(text)
        if text[:1] in DRAWN and (
            core in catalogue.ends or (alive & catalogue.separator_below and core in catalogue.cores)
        ):
            return at + 1
        if not core and is_rule(text) and alive & catalogue.separator_below:
            return at + 1
    return end


def _read_glued(
    lines: Sequence[Line],
    number: int,
    separator: Separator,
    text: str,
    catalogue: Catalogue,
    at: int,
) -> Block | None:
    """A block that the text part runs together on one line (Yahoo, Samsung, IONOS, and what services make of others):
    cut it at the labels of the separator's languages."""
    rows = separator.rows if separator.forward else separator.rows & catalogue.glued or separator.rows
    places = [colon.end() for colon in islice(_COLON.finditer(text), _MAX_GLUED)]
    if len(places) < _FEWEST_GLUED:
        return None
    fields: list[tuple[str, int, int]] = []
    seen: set[str] = set()
    above = passed_over = spoken = 0
    for place in places:
        last, above = above, place
        if text[place - 2 : place - 1].isdigit():
            continue  # a time
        found = _label_before(text, last, place - 1, catalogue)
        if not fields and (found is None or found[0]):
            return None  # the line begins with a label
        if found is None:
            continue
        start, options = found
        spoken = spoken or catalogue.speaking_as(rows)
        name, narrowed = _among(options, seen, rows, separator.rows, spoken)
        if name not in _CORE or (
            # Below a subject that its rows write last, a label is a word of the subject.
            fields and fields[-1][0] == "subject" and not rows & catalogue.before.get(("subject", name), 0)
        ):
            passed_over += 1
            if passed_over > _MAX_PASSED_OVER:
                break
            continue
        rows = narrowed
        fields.append((name, start, place))
        seen.add(name)
        if seen >= _WHOLE:
            break
    if "from" not in seen or len(fields) < _FEWEST_GLUED:
        return None
    ends = [start for _, start, _ in fields[1:]] + [len(text)]
    values = [Value(name, text[after:end].strip(), at, at) for (name, _, after), end in zip(fields, ends, strict=True)]
    values += _labelled_below(lines, at + 1, lines[at].depth, rows, seen, catalogue)
    rows, fits = _by_order(values, rows & catalogue.glued or rows, catalogue)
    return evolve(_below_separator(lines, number, separator, values, rows), in_order=fits)


def _read_as_written(
    lines: Sequence[Line], number: int, separator: Separator, text: str, catalogue: Catalogue, at: int
) -> Block | None:
    """A block that a translator has put together otherwise than with a label at the start of each line: by the lines
    that its row writes, one after the other. text: what is read of line `at`."""
    for templates in catalogue.as_written:
        values: list[Value] = []
        rows = separator.rows & templates[0].rows
        line, read = at, text
        for template in templates if rows else ():
            filled = template.match(*flatten(read))
            if filled is None:
                break
            values += (Value(name, value, line, line) for name, value in filled.values.items())
            line += 1
            read = lines[line].text.strip() if line < len(lines) and lines[line].depth == lines[at].depth else ""
        else:
            if values:
                seen = {value.name for value in values}
                values += _labelled_below(lines, line, lines[at].depth, rows, seen, catalogue)
                return _below_separator(lines, number, separator, values, rows, max(line, values[-1].last + 1))
    return None


def _labelled_below(
    lines: Sequence[Line], at: int, depth: int, rows: int, seen: set[str], catalogue: Catalogue
) -> list[Value]:
    """The labelled lines right below fields that stand together on one line, as far as the block lacks theirs."""
    found: list[Value] = []
    seen = set(seen)
    while at < len(lines) and lines[at].depth == depth:
        text = lines[at].text.strip()
        label = _label(text, catalogue, rows) if text else None
        names = [name for name, bits in label[0] if bits & rows and name in _CORE and name not in seen] if label else []
        if label is None or len(names) != 1:
            break
        found.append(Value(names[0], label[1], at, at))
        seen.add(names[0])
        at += 1
    return found


def _below_separator(
    lines: Sequence[Line], number: int, separator: Separator, values: Sequence[Value], rows: int, end: int = 0
) -> Block:
    return Block(
        start=number,
        end=end or values[-1].last + 1,
        label=values[0].first,
        separator=number,
        forward=separator.forward,
        depth=lines[values[0].first].depth,
        fields=tuple(values),
        rows=rows,
    )


def _among(options: _Labels, seen: set[str], rows: int, every: int, spoken: int) -> tuple[str, int]:
    """What a label on a line of several means, and the rows that it leaves: of `rows`; else, for a field that each
    block has, of `every` row that writes the separator; else of those `spoken` in the same language, which leaves all.
    """
    options = tuple((name, bits) for name, bits in options if name not in seen)
    for among in (rows, every):
        name, bits = max(
            ((name, bits & among) for name, bits in options if among == rows or name in _WHOLE),
            key=lambda pair: (pair[1].bit_count(), pair[0] == "from"),
            default=("other", 0),
        )
        if bits:
            return name, bits
    name, bits = max(
        ((name, bits & spoken) for name, bits in options), key=lambda pair: pair[1].bit_count(), default=("other", 0)
    )
    return (name, rows) if bits else ("other", rows)


def _label_before(text: str, start: int, colon: int, catalogue: Catalogue) -> tuple[int, _Labels] | None:
    """The longest label that ends at a colon, and where it begins: at a word, or at a capital behind a small letter
    (`OfferTo:`)."""
    found = None
    tries = 0
    for at in range(colon - 1, max(start, colon - catalogue.max_label_chars) - 1, -1):
        if at > start and (text[at].isspace() or (text[at - 1].isalpha() and not _is_hump(text, at))):
            continue
        options = catalogue.labels.get(fold_label(text[at:colon]))
        if options is not None:
            found = at, options
        tries += 1
        if tries == _MAX_WORDS:
            break
    return found


def _is_hump(text: str, at: int) -> bool:
    return text[at].isupper() and (text[at - 1].islower() or text[at + 1].islower())
