"""Text that a program spoilt on the way, as the lines that its client wrote.

Facts: apps and gateways make text of HTML and leave tags or character references in it, or write a table as Markdown
does; converters set labels and values apart by empty lines; some programs quote with `|`. Nothing here is looked for
unless a block could not be read without it, and what comes out is read by the same finder as any other text. A part
is one program's work, so all of it is mended alike, but for tables, of which only the rows that begin with a label are.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from bcclog._block import Block
from bcclog._catalogue import Catalogue
from bcclog._elements import unescape
from bcclog._fold import COLONS, fold_label
from bcclog._lines import Line, unquote
from bcclog.policy import Limits

_TAGGED = re.compile(r"<br\s{0,3}/?>|</?(?:b|strong|span|font|div|p)(?:\s[^<>\n]{0,200})?>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:a|b|i|u|em|strong|span|font|o:p)(?:\s[^<>\n]{0,500})?>", re.IGNORECASE)
_BREAK = re.compile(r"<br\s{0,3}/?>|</(?:div|p|tr|li)>", re.IGNORECASE)
_BLOCK_START = re.compile(r"<(?:div|p|tr|li|td)(?:\s[^<>\n]{0,500})?>", re.IGNORECASE)
_ESCAPED = re.compile(r"&lt;[^\s<>&]{1,64}@[^\s<>&]{1,253}&gt;|[:：]&nbsp;")
_PIPED = re.compile(r"(?m)^[ \t]{0,3}\|")
_PIPES = re.compile(r"[ \t]{0,3}(?:\|[ \t]?)+")
_RULE_OF_TABLE = re.compile(r"\|?(?:\s{0,3}:?-{2,200}:?\s{0,3}\|){1,9}(?:\s{0,3}:?-{2,200}:?\s{0,3})?\Z")
_MAX_CELLS = 8
_MAX_LOOKED_AT = 400
"""Labels alone on their line are looked for in so many lines."""
_FEWEST_APART = 3
"""So many labels alone on their lines are a block; fewer are words."""
_MAX_GAP = 4
"""The last value stands so many lines below its label."""
_MAX_VALUE_LINES = 40
_COLON_SET = frozenset(COLONS)
_LABEL_END = f"{COLONS}*_ \t\u00a0"


def is_spoilt(block: Block) -> bool:
    """Whether a block's values bear what no person writes there: an escaped angle bracket, a cell's edge."""
    return any(
        field.text.startswith(("|", "&nbsp;")) or (field.name != "subject" and "&lt;" in field.text)
        for field in block.fields
    )


def is_escaped(source: str) -> bool:
    """Whether a text has an address in escaped angle brackets."""
    return "&" in source and _ESCAPED.search(source) is not None


def mended(source: str, lines: Sequence[Line], known: Catalogue, limits: Limits) -> list[Line] | None:
    """The lines of a text as they were before a program spoilt them; None where nothing hints at it, or where they
    were more than are read.

    source: the text; lines: its lines as `text_lines` gives them. The places of a mended line are those of the lines
    that it was made of. Linear in the text.
    """
    found: Sequence[Line] = lines
    if ("<" in source and _TAGGED.search(source)) or is_escaped(source):
        found = list(islice(_without_markup(source, found, limits), limits.max_lines + 1))
        if len(found) > limits.max_lines:
            return None
    if "|" in source:
        table = [_row(line.text, known) for line in found]
        if any(table):
            found = _without_table(found, table)
        elif _PIPED.search(source):
            found = [_quoted(line, limits) for line in found]
    found = _put_together(found, known)
    return None if found is lines else list(found)


def _without_markup(source: str, lines: Sequence[Line], limits: Limits) -> Iterator[Line]:
    """The lines without tags and references; one with line breaks in it becomes several."""
    for line in lines:
        raw = source[line.start : line.end]
        if "<" not in raw and "&" not in raw:
            yield line
            continue
        shown = _BLOCK_START.sub("", _TAG.sub("", raw))
        pieces = _BREAK.split(shown)
        if len(pieces) > 1 and not pieces[-1].strip():
            pieces.pop()  # the line ends here anyway
        for piece in pieces:
            text, depth = unquote(" ".join(unescape(piece).split("\n")), limits.max_quote_depth)
            yield Line(text.replace("\u00a0", " "), depth, line.start, line.end)


def _quoted(line: Line, limits: Limits) -> Line:
    """A line quoted with `|` as one quoted with `>`."""
    marks = _PIPES.match(line.text) if not line.depth else None
    if marks is None:
        return line
    depth = min(marks[0].count("|"), limits.max_quote_depth)
    return line._replace(text=line.text[marks.end() :], depth=depth)


def _row(text: str, known: Catalogue) -> str | None:
    """A row of a table as a line of a block, where a label stands in its first cell."""
    if "|" not in text:
        return None
    cells = [cell.strip() for cell in text.strip().strip("|").split("|", _MAX_CELLS)]
    if len(cells) < 2:
        return None
    label, *values = cells
    head = label.rstrip(_LABEL_END)
    if not head or fold_label(head) not in known.labels:
        return None
    return f"{head.lstrip('*_')}: {' '.join(filter(None, values))}"


def _without_table(lines: Sequence[Line], table: Sequence[str | None]) -> list[Line]:
    """The lines with the rows of the block's table as lines, and without its rules and empty rows."""
    found = []
    for number, (line, row) in enumerate(zip(lines, table, strict=True)):
        if row is not None:
            found.append(line._replace(text=row))
        elif not (any(table[max(0, number - 2) : number + 3]) and _is_drawn(line.text.strip())):
            found.append(line)
    return found


def _is_drawn(text: str) -> bool:
    """Whether a line is what a table has beside its rows: a rule, or a row of empty cells."""
    return _RULE_OF_TABLE.match(text) is not None or bool(text and not text.strip("| \t"))


def _put_together(lines: Sequence[Line], known: Catalogue) -> Sequence[Line]:
    """The lines with labels and values on one line that stood on lines of their own, with empty ones between."""
    run: list[int] = []
    for number, line in enumerate(lines[:_MAX_LOOKED_AT]):
        head = line.text.rstrip("*_ \t\u00a0")
        if head[-1:] not in _COLON_SET or fold_label(head.rstrip(_LABEL_END)) not in known.labels:
            continue
        if run and not _is_value(lines[run[-1] + 1 : number]):
            if len(run) >= _FEWEST_APART:
                break
            run = []
        run.append(number)
    if len(run) < _FEWEST_APART:
        return lines
    last = run[-1] + 1
    while last < len(lines) and last - run[-1] < _MAX_GAP and not lines[last].text.strip():
        last += 1
    found = list(lines[: run[0]])
    for label, after in zip(run, [*run[1:], last + 1], strict=True):
        value = [line for line in lines[label + 1 : after] if line.text.strip()]
        text = " ".join(line.text.strip() for line in (lines[label], *value))
        found.append(lines[label]._replace(text=text, end=value[-1].end if value else lines[label].end))
    return [*found, *lines[last + 1 :]]


def _is_value(lines: Sequence[Line]) -> bool:
    """Whether the lines between two labels are one value, or none: no empty line stands between its lines."""
    filled = [number for number, line in enumerate(lines) if line.text.strip()]
    return len(filled) <= _MAX_VALUE_LINES and (not filled or filled[-1] - filled[0] + 1 == len(filled))
