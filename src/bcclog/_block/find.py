"""Find and read the header block that a mail client writes above a forwarded message (R7, R8, R10).

Facts: a block is a run of `Label: value` lines, mostly below a separator line. Clients fold long values, wrap them,
pad labels, quote everything, leave blank lines inside, or glue it all into one line. A label hardly ever means two
fields, so a block is solved as a whole: every row of the catalogue that could have written what was read so far stays
alive, and a line is one dict lookup and one `&`.

The same code reads the lines of a text part and the lines of an HTML part. In HTML a line ends where the client ended
it (`exact`); in text it may go on below.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from attrs import evolve

from bcclog._block.attribution import MAX_LINES, Attribution, attribution_at, attributions, author_and_date, author_at
from bcclog._block.block import Block, Value
from bcclog._block.label import begins_like_field, label_of, raw_field
from bcclog._block.meaning import LIKE_DATE, STRANGE, by_kind, by_order, solve
from bcclog._block.one_line import FEWEST_CHARS, read_as_written, read_one_line, read_run_together
from bcclog._block.run import MAX_BLANKS, Run
from bcclog._block.separator import Separator, find_separator, is_rule
from bcclog._catalogue.catalogue import Catalogue
from bcclog._catalogue.fields import CORE, PEOPLE, WHOLE
from bcclog._catalogue.fold import DRAWN, fold_separator
from bcclog._lines.lines import Line, next_text
from bcclog.policy import Limits

_MAX_RUN_ON = 1000
"""A line of the comment with a separator behind it is no longer."""
_DRAWN_LINE = re.compile(r"\s*+([-_=])\1{3,}+[^\n]{1,80}?\1{4}\s*+\Z")
_RULE_INSIDE = re.compile(r"(?<=[ \t\u00a0])[-_=]{4,}(?=[^-_=])")
_LONGEST_NO_RULE = 40
"""People end no line of theirs with more dashes."""
_LEAST_FRAME = 20
"""So long a rule right below the fields, where no body of the client's begins, is drawn round them (EGroupware)."""
_RULE_BELOW = re.compile(r"[-_=─━—]{4,}+\Z")
_CLOCK = re.compile(
    r"(?<![\d.])\d{1,2}\s?[:.٫h時时点點시]\s?\d{2}(?![\d.]*\d)|\d\s?[ap]\.?m\b|[上下]午|오[전후]", re.IGNORECASE
)
_MAX_NOTICE = 10
"""So many lines can stand between a separator and its block."""
_MAX_HEADER = 200
"""So many lines stand above the sender in a header."""
_TRACE = re.compile(
    r"(?:Received|Return-Path|Delivered-To|DKIM-Signature|Authentication-Results|ARC-Seal):", re.IGNORECASE
)
"""Fields that servers put above all others, and that no person writes."""
_MAX_COMMENT_FIELDS = 3
"""So many lines like fields end a comment."""
_MAX_RUNS = 64
"""So many second tries are remembered."""
_FROM_AND_DATE = frozenset(("from", "date"))


class _Text(NamedTuple):
    """What blocks are looked for in. runs: those of second tries, by their first line: the next try begins there."""

    lines: Sequence[Line]
    catalogue: Catalogue
    limits: Limits
    exact: bool
    runs: dict[int, Run]


def find_block(
    lines: Sequence[Line],
    start: int,
    catalogue: Catalogue,
    limits: Limits,
    *,
    exact: bool,
    said: list[int] | None = None,
) -> Block | None:
    """The first block at or after line `start`, or None.

    said: takes the lines above that say "forwarded" and that no block stands below.

    One pass; a line is looked at as a separator and as a label, one lookup each. A try that fails says at which line to
    go on, and none reads more than a block may hold, so the cost is linear.
    """
    cap = limits.max_field_bytes
    number = start - 1
    count = len(lines)
    text = _Text(lines, catalogue, limits, exact, {})
    above: tuple[int, Separator] | None = None
    while (number := number + 1) < count:
        line = lines[number].text.strip()
        if not line or len(line) > cap:
            continue
        separator = find_separator(lines, number, line, catalogue)
        if separator is not None:
            found = _read(text, number, separator)
            if isinstance(found, Block):
                return found
            if said is not None and separator.forward:
                said.append(number)
            above = (number, separator) if any(map(str.isalpha, line)) and not separator.rest else None
        if len(line) >= FEWEST_CHARS and "@" in line:
            whole = read_run_together(lines, number, catalogue)
            if whole is not None:
                return whole
        if begins_like_field(line, catalogue):
            found = _read(text, number, None)
            if isinstance(found, Block):
                return _below_notice(text, found, *above) if above is not None else found
            number = max(number, found - 1)
    return None


def _below_notice(text: _Text, block: Block, number: int, separator: Separator) -> Block:
    """The block with the separator that stands above it on line `number`, where few lines stand between the two, as a
    gateway's notice does. Below a line in place of a block the second is part of the text (a contact form), and so is
    one in words that no client writes below a separator that says "forwarded"."""
    if (
        0 < block.label - separator.last <= _MAX_NOTICE
        and (separator.rows & block.rows or not separator.forward)
        and not _names_author(text, separator, block.label)
    ):
        whole = _read(text, number, separator._replace(last=block.label - 1))
        if isinstance(whole, Block) and whole.label == block.label:
            first = separator.last + 1
            if all(char in DRAWN for char in text.lines[first].text.strip()):
                first += 1  # the end of the separator, which was too long for its line
            is_said = any(line.text.strip() for line in text.lines[first : block.label])
            return evolve(whole, between=first if is_said else None)
    return block


def _names_author(text: _Text, separator: Separator, end: int) -> bool:
    """Whether the first words below a separator, above line `end`, are a line that names the author in place of a
    block."""
    lines, catalogue = text.lines, text.catalogue
    first = _said(lines, separator.last + 1)
    last = min(first + MAX_LINES, end)
    found = next(
        attributions(lines, catalogue, first, last, (catalogue.attributions, catalogue.reply_attributions)), None
    )
    return found is not None and found[0].first == first


def _read(text: _Text, number: int, separator: Separator | None, *, is_second_try: bool = False) -> Block | int:
    """Read one block whose separator, or first label, stands on line `number`. When there is none after all: the line
    where the next can begin. is_second_try: below a label that came twice."""
    lines, catalogue = text.lines, text.catalogue
    top, rest = number, ""
    if separator is not None:
        # `-----Mensaje original----- Enviado: ...`: the other fields can stand below
        separator = _named_above(lines, separator, catalogue)
        rest = separator.rest
        top = number if rest else _said(lines, separator.last + 1)
        if top >= len(lines):
            return number + 1
        first = rest or lines[top].text.strip()
        whole = read_one_line(lines, number, separator, first, catalogue, top) or (
            read_as_written(lines, number, separator, first, catalogue, top)
            if separator.rows & catalogue.as_written_rows
            else None
        )
        if whole is not None:
            return whole
    label = top
    author = None if separator is None else _author_above(text, top, separator)
    if author is not None:
        top, rest = _said(lines, author.last + 1), ""
        if top >= len(lines):
            return number + 1
    given = frozenset() if author is None else _FROM_AND_DATE
    run = text.runs.get(number) if separator is None else None
    if run is None:
        run = _run(text, top, lines[label].depth, rest, separator, given)
    if not run.fields:
        return number + 1
    if is_second_try:
        if len(text.runs) > _MAX_RUNS:
            text.runs.clear()
        text.runs[number] = run
    if (run.repeated or run.mixed) and separator is None and not is_second_try:
        second = _below_comment(text, run)
        if second is not None:
            return second
    above = {} if separator is None else separator.values
    # A separator with author and date (Yahoo Mail Classic) is like a line in place of a block: both stand below again.
    if author is None and ("from" not in above or "date" in above):
        if not any(name == "from" for field in run.fields for name, _ in field.options):
            return number + 1 if separator is not None else _behind(run)
        if len(run.fields) < (3 if separator is None else 2):
            return number + 1
    block = _block_of(text, run, number, label, author)
    if block is not None and "from" in run.repeated and separator is None and not is_second_try:
        return evolve(block, rival=_rival(text, run))
    return block or (number + 1 if separator is not None else _behind(run))


def _rival(text: _Text, run: Run) -> Block | None:
    """The whole block that can begin at a field of a run which a second author ended: `Subject: as discussed`,
    `From: Eve` can be the comment's last lines above a block that begins with its date; or what follows is the text."""
    if {name for field in run.fields for name in field.names} >= WHOLE:
        return None
    whole = (one for one in _inside(text, run) if {value.name for value in one.fields} >= WHOLE)
    return next(whole, None)


def _inside(text: _Text, run: Run) -> Iterator[Block]:
    """The blocks as some client writes them that begin at the first fields below that of the run."""
    for field in run.fields[1 : 1 + _MAX_COMMENT_FIELDS]:
        found = _read(text, field.first, None, is_second_try=True)
        if isinstance(found, Block) and found.in_order and not found.mixed:
            yield found


def _run(text: _Text, top: int, depth: int, rest: str, separator: Separator | None, given: frozenset[str]) -> Run:
    """The run of labelled lines from line `top` on."""
    lines, catalogue, limits, exact, _ = text
    run = Run(lines, top, depth, rest, separator, catalogue, limits, exact, given)
    if exact and run.fields and run.is_unfinished:
        # A server made HTML of a text, line by line, and folded values stayed folded.
        folded = Run(lines, top, depth, rest, separator, catalogue, limits, False, given)
        return folded if folded.continues(run) else run
    return run


def _behind(run: Run) -> int:
    """Where the next block can begin below a run without a separator that is none: what all of it lacks (an author, an
    address) no block has that begins at one of its lines and ends where it does.

    So it is down to the label that came a second time and ended the run. Else it is down to the last: what begins above
    that can go on further only into the labels of the next block, whose author it would take.
    """
    fields = run.fields
    if not run.repeated:
        return max(run.top + 1, fields[-1].first)
    return next((field.first for field in fields[run.twice + 1 :]), run.end)


def _said(lines: Sequence[Line], at: int) -> int:
    """The first line from `at` on that says something, as far as a client leaves lines empty there."""
    return next_text(lines, at, min(at + MAX_BLANKS, len(lines)))


def _named_above(lines: Sequence[Line], separator: Separator, catalogue: Catalogue) -> Separator:
    """The separator with the one right below it of the same rows, where a client names the forwarder on a line of his
    own above its separator (Becky)."""
    at = separator.last + 1
    if "forwarder" not in separator.values or at >= len(lines) or not (line := lines[at].text.strip()):
        return separator
    below = find_separator(lines, at, line, catalogue)
    if below is None or not below.rows & separator.rows:
        return separator
    return separator._replace(rows=below.rows & separator.rows, last=below.last, rest=below.rest)


def _author_above(text: _Text, at: int, separator: Separator) -> Attribution | None:
    """The author and his date on a line of their own above the fields, as below a separator that names the forwarder
    (Notes). Below another a line of both stands in place of a block: what follows is the text."""
    if "forwarder" not in separator.values:
        return None
    lines, catalogue = text.lines, text.catalogue
    found = attribution_at(lines, at, catalogue) if separator.rows & catalogue.attributions.rows else None
    if found is None and label_of(lines[at].text.strip(), catalogue, 0) is None:
        below = label_of(lines[at + 1].text.strip(), catalogue, separator.rows) if at + 1 < len(lines) else None
        is_sender = below is not None and any(name == "sender" and rows & separator.rows for name, rows in below[0])
        found = author_at(lines, at, catalogue, separator.rows, at + 1 if is_sender else None)
        if found is not None and below is not None and found.last > at + 1:
            found.values["sender"] = below[1]  # `Kim`, `Sent by: Rosa`, and the date
    return found if found is not None and found.rows & separator.rows else None


def _below_comment(text: _Text, run: Run) -> Block | None:
    """The block below a comment whose last lines look like its fields, so that a label came twice, or one is in another
    language."""
    if run.below_blank:
        # `To: Bob`, `Cc: Al`, an empty line, and the block, which is whole without them.
        whole = _read(text, run.below_blank, None, is_second_try=True)
        if isinstance(whole, Block):
            return whole
    if "from" in run.repeated:
        return None
    # `To: Bob`, the last line of the comment, right above the block, which has a `To:` of its own.
    fields = run.fields
    if not run.repeated:
        # `To:`, the last line of the comment, above a block in another language, which could do without it
        return next(_inside(text, run), None)
    twice = run.twice
    below = [field.first for field in fields[twice + 1 :] if field.names & CORE]
    block: Block | None = None
    for start in below[:_MAX_COMMENT_FIELDS]:
        found = _read(text, start, None, is_second_try=True)
        if not isinstance(found, Block):
            break
        if found.in_order and not found.mixed:
            block = found
            break
        block = block or found
    if block is None:
        return None
    values, alive, _ = solve(fields, run.alive)
    if run.mixed or not by_order(values, alive, text.catalogue)[1]:
        return block
    first = values[0]
    if block.mixed or (twice == 0 and first.name == "date" and LIKE_DATE.search(first.text)):
        # `Gesendet: 2.3.2026 9:15`, the first line of the block, and `Date: Friday`, the body's right below
        return None
    return block if len(block.fields) > len(fields) - (twice == 0) else None


def _block_of(text: _Text, run: Run, number: int, label: int, author: Attribution | None) -> Block | None:
    """The block that a run of labelled lines makes with its separator and what stands above it; None where that is too
    little. number: the line of the separator, or the first; label: the first below the separator."""
    lines, catalogue, separator = text.lines, text.catalogue, run.separator
    values, alive, unsure = solve(run.fields, run.alive)
    if any(value.name == STRANGE for value in values):
        values = by_kind(values)
        unsure = True
    above = {} if separator is None else separator.values
    if author is not None:
        slots = author.values
        written = {"from": slots.get("from") or _named(slots), "sender": slots.get("sender"), "date": slots.get("date")}
        values = (*(Value(name, told, label, author.last) for name, told in written.items() if told), *values)
    elif separator is not None and "forwarder" in above and not any(value.name == "date" for value in values):
        values = _date_apart(values, catalogue, separator.rows)
    in_block = values
    if separator is not None:
        # Orange: the date stands above the fields. Beside a forwarder's name it is that of his forwarding (Notes).
        for name in ("from",) if "forwarder" in above else ("date", "from"):
            if name in above and not any(value.name == name for value in values):
                values = (*values, Value(name, above[name], number, separator.last))
    core = {value.name for value in values} & CORE
    if "from" not in core or len(core) < (2 if separator is not None else 3):
        return None
    if separator is None and not _is_of_mail(values):
        return None
    start, said = number if separator is not None else label, 0
    drawn = start
    if separator is None and label:
        start, separator, said = _drawn_above(lines, label, catalogue)
        drawn = start
        if start == label:
            start = _header_above(lines, label)
    elif separator is not None:
        start = _rule_above(lines, number)
    if separator is not None and (alive & separator.rows or run.is_raw):
        # Whoever writes raw fields (Thunderbird with all headers) leaves their names and order as they were.
        alive = alive & separator.rows or separator.rows or alive
    elif separator is not None and not separator.rows:
        separator = None
    in_order = True
    if not run.is_raw:
        alive, in_order = by_order(in_block, alive, catalogue)
    return Block(
        start=start,
        end=_skip_below(lines, run.end, run.depth, alive, separator, catalogue),
        label=label,
        separator=drawn if separator is not None else None,
        said=said,
        forward=separator is not None and separator.forward,
        depth=run.depth,
        fields=values,
        rows=alive,
        mixed=run.mixed or unsure,
        in_order=in_order and not run.is_parted,
        is_strange=run.is_strange,
        is_cut=run.is_cut,
    )


def _is_of_mail(values: Sequence[Value]) -> bool:
    """Whether a block without a separator is of mail: no client leaves out both every address and the time of day.
    `From: HAM`, `To: KEL`, `Date: 2 March` are a flight's."""
    return any(
        "@" in value.text if value.name in PEOPLE else value.name == "date" and _CLOCK.search(value.text)
        for value in values
    )


def _header_above(lines: Sequence[Line], label: int) -> int:
    """The first line of the header whose last fields the block is, as people paste it from a message's source: its
    upper ones (`Delivered-To`, `Received`, a signature) are no comment. The label's own line where there are none."""
    top = label
    while (
        top > 0
        and label - top < _MAX_HEADER
        and lines[top - 1].text.strip()
        and lines[top - 1].depth == lines[label].depth
    ):
        top -= 1
    while top < label and raw_field(lines[top].text.strip()) is None:
        top += 1
    return top if any(_TRACE.match(line.text.strip()) for line in lines[top:label]) else label


def _drawn_above(lines: Sequence[Line], label: int, catalogue: Catalogue) -> tuple[int, Separator | None, int]:
    """What is drawn above a block that no separator line stands above: where the block starts with it, the separator,
    and how many characters of its line stand before it.

    A bare rule, a drawn line in unknown words, or a separator or long rule that a service has put behind the comment's
    last line.
    """
    above = label - 1
    while above > 0 and label - above <= MAX_BLANKS and not lines[above].text.strip():
        above -= 1
    text = lines[above].text.rstrip()
    if lines[above].depth != lines[label].depth or text[-1:] not in DRAWN or len(text) > _MAX_RUN_ON:
        return label, None, 0
    if is_rule(text.strip()) or _DRAWN_LINE.match(text):
        return above, None, 0
    words = len(text.rstrip("-"))
    if len(text) - words > _LONGEST_NO_RULE:
        return above, None, words
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
    while above > 0 and separator - above < MAX_BLANKS and not lines[above].text.strip():
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


def _named(slots: dict[str, str]) -> str | None:
    name, email = slots.get("name"), slots.get("email")
    return f"{name or ''} <{email}>".strip() if email else name


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
        is_frame = at == end and len(text) >= _LEAST_FRAME and not alive & catalogue.open_ended
        if not core and _RULE_BELOW.match(text) and (is_frame or alive & catalogue.separator_below):
            return at + 1
    return end
