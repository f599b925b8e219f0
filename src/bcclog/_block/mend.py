"""Text that a program spoilt on the way, as the lines that its client wrote.

Facts: apps and gateways make text of HTML and leave tags or character references in it, or write tables and lists as
Markdown does; some programs quote with `|`; some wrap what was quoted already, and the rest of the line bears no mark.
Nothing here is looked for unless a block could not be read without it, and what comes out is read by the same finder as
any other text. A part is one program's work, so all of it is mended alike, but for tables and lists, of which only the
lines that begin with a label are.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from bcclog._block.block import Block
from bcclog._catalogue.catalogue import Catalogue
from bcclog._catalogue.fold import COLONS, fold_label
from bcclog._lines.elements import unescape
from bcclog._lines.lines import Line, next_text, unquote
from bcclog.policy import Limits

_TAGGED = re.compile(r"<br\s{0,3}/?>|</?(?:b|strong|span|font|div|p)(?:\s[^<>\n]{0,200})?>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:a|b|i|u|em|strong|span|font|o:p)(?:\s[^<>\n]{0,500})?>", re.IGNORECASE)
_BREAK = re.compile(r"<br\s{0,3}/?>|</(?:div|p|tr|li)>", re.IGNORECASE)
_BLOCK_START = re.compile(r"<(?:div|p|tr|li|td)(?:\s[^<>\n]{0,500})?>", re.IGNORECASE)
_BREAK_WITHIN = re.compile(r"(?:<br\s{0,3}/?>|</(?:div|p|tr|li)>)(?=[ \t]{0,8}[^\s])", re.IGNORECASE)
_FEWEST_WITHIN = 3
"""So many breaks within lines are the source of HTML, whose line ends are blanks."""
_BEGINS_LINE = re.compile(r"\s{0,8}<(?:div|p|tr|li|td|table)[\s>]", re.IGNORECASE)
_ENDS_LINE = re.compile(r"(?:<br\s{0,3}/?>|</?(?:div|p|tr|li|td|table)(?:\s[^<>\n]{0,500})?>)\s{0,8}\Z", re.IGNORECASE)
_LONGEST_TAG = 520
_MARGIN = re.compile(r"(?m)^(?:[ \u00a0]{0,8}\t[ \t\u00a0]{0,8}|[ \u00a0]{4,12})(?=>)")
_ESCAPED = re.compile(r"&lt; ?[^\s<>&]{1,64}@[^\s<>&]{1,253} ?&gt;|[:：]&nbsp;")
_REFERENCE = re.compile(
    r"&(?:#\d{2,6}|#[xX][0-9a-fA-F]{2,5}|amp|apos|nbsp|szlig"
    r"|[A-Za-z]{1,2}(?:acute|caron|cedil|circ|grave|lig|ring|slash|tilde|uml));"
)
"""References of HTML that stand in names; not `&quot;`, which Exchange writes itself round `im Auftrag von`."""
_PIPED = re.compile(r"(?m)^[ \t]{0,3}\|")
_BARRED = re.compile(r"(?m)(?:^\|(?:[ \t>|][^\n|]*)?\n){3}")
_PIPES = re.compile(r"[ \t]{0,3}(?:\|[ \t]?)+")
_RULE_OF_TABLE = re.compile(r"\|?(?:\s{0,3}:?-{2,200}:?\s{0,3}\|){1,9}(?:\s{0,3}:?-{2,200}:?\s{0,3})?\Z")
_DRAWN_BEFORE = re.compile(r"\\?[-_=]{3,40}[^-_=|\n]{2,80}[-_=]{3,40}\s{1,9}")
_MAX_CELLS = 8
_MOST = 4_000
"""A block in a table, a list or pieces is looked for in so many lines."""
_GAP = re.compile(r"(?:\n[ \t\xa0]{0,99}){5}")
_BULLETS = re.compile(r"(?m)^[> \t]{0,8}[-\u2022\u00b7\u25aa\u25e6\u2013] {1,4}[^\W\d][^\n:]{0,60}:")
_BULLET = re.compile(r"[ \t]{0,4}[-\u2022\u00b7\u25aa\u25e6\u2013] {1,4}(?=\S)")
_FEWEST_LISTED = 3
"""So many labels behind bullets, or in a table's first cells, are a block."""
_LEAST_WRAPPED, _LEAST_WIDTH = 40, 66
"""A quoted line that goes on below is so long, and so long with the next word (programs wrap at 65 to 78)."""
_COLON_SET = frozenset(COLONS)
_COLON = re.compile(f"[{COLONS}]")
_ESCAPED_FROM = re.compile(r"(?m)^>From[ \t]{1,12}:")
_SPACED_FROM = re.compile(r"From[ \t]{1,12}:")
"""`From     :`, before which a mailbox in a file puts a mark, as it begins like the line above a message (RFC 4155)."""
_ARMOUR, _ARMOUR_WITHIN = "-----BEGIN PGP SIGNED MESSAGE-----", 40
"""The line above a text that was signed in the clear; it is looked for below so many empty ones."""
_SIGNATURE, _SIGNATURE_END = "-----BEGIN PGP SIGNATURE-----", "-----END PGP SIGNATURE-----"
_MAX_GAP = 12
"""So far below a block half a label can stand."""
_COLON_BELOW = re.compile(f"(?m)^[> \\t]{{0,8}}[{COLONS}] ")
_LABEL_END = f"{COLONS}*_ \t\u00a0"


def is_spoilt(block: Block, lines: Sequence[Line], known: Catalogue) -> bool:
    """Whether a block's values bear what no person writes there (a reference of HTML, a cell's edge), whether a quoted
    block ends where a line was wrapped, or half a label stands below it."""
    said = "\n".join([field.text for field in block.fields])
    if ("|" in said or "&" in said) and (
        any(field.text.startswith(("|", "&nbsp;")) for field in block.fields) or is_escaped(block)
    ):
        return True
    if block.depth > 0 and _rests(lines, block.end):
        return True
    below = next_text(lines, block.end, min(block.end + _MAX_GAP, len(lines)))
    ends = [field.last for field in block.fields if field.last > field.first]
    return any(_is_half(lines, number, known) for number in (*ends, below))


def is_escaped(block: Block) -> bool:
    """Whether a block's people or date have references of HTML: a subject can have them from its author."""
    return any(
        "&" in field.text
        and field.name != "subject"
        and ("&lt;" in field.text or _REFERENCE.search(field.text) is not None)
        for field in block.fields
    )


def unescaped(lines: Sequence[Line], block: Block) -> list[Line]:
    """The lines with what the references in a block's mean, as a client writes them that escapes its HTML twice."""
    inside = [line._replace(text=" ".join(unescape(line.text).split("\n"))) for line in lines[block.start : block.end]]
    return [*lines[: block.start], *inside, *lines[block.end :]]


def without_armour(lines: Sequence[Line]) -> list[Line] | None:
    """The lines of a text that was signed in the clear, as they were before (RFC 9580 section 7); None where the first
    is no armour. The signature at the end is left out, and what a list put below it stays."""
    first = next_text(lines, 0, min(_ARMOUR_WITHIN, len(lines)))
    if first == len(lines) or lines[first].text.rstrip() != _ARMOUR:
        return None
    head = first + 1
    while head < len(lines) and lines[head].text.strip():  # `Hash: SHA512`
        head += 1
    found: list[Line] = []
    is_signature = False
    for line in islice(lines, head, None):
        text = line.text
        if is_signature:
            is_signature = text.rstrip() != _SIGNATURE_END
        elif text.rstrip() == _SIGNATURE:
            is_signature = True
        elif text.startswith("- ") and not line.depth:
            found.append(line._replace(text=text[2:], start=line.start + 2))
        else:
            found.append(line)
    return found


def without_marks(lines: Sequence[Line], limits: Limits) -> list[Line] | None:
    """Lines of HTML that was made of text, with the marks that quote it (`> From: ...`) as depth; None where none has
    any."""
    if not any(line.text.lstrip()[:1] == ">" for line in lines):
        return None
    found = []
    for line in lines:
        text, depth = unquote(line.text, max(0, limits.max_quote_depth - line.depth))
        found.append(line._replace(text=text, depth=line.depth + depth) if depth else line)
    return found


def may_be_below_another(block: Block, lines: Sequence[Line]) -> bool:
    """Whether another block may stand above this one in a table, or with its labels apart."""
    return any("|" in line.text or line.text.rstrip()[-1:] in _COLON_SET for line in lines[: block.label])


def is_surely_spoilt(source: str) -> bool:
    """Whether a text has an address in escaped angle brackets, or is quoted with bars."""
    return _is_escaped(source) or ("|" in source and _BARRED.search(source) is not None)


def _is_escaped(source: str) -> bool:
    return "&" in source and _ESCAPED.search(source) is not None


def mended(source: str, lines: Sequence[Line], known: Catalogue, limits: Limits) -> list[Line] | None:
    """The lines of a text as they were before a program spoilt them; None where nothing hints at it, or where they
    were more than are read.

    source: the text; lines: its lines as `text_lines` gives them. The places of a mended line are those of the lines
    that it was made of. Linear in the text.
    """
    around = min((line.depth for line in lines if line.text.strip()), default=0)
    hints = source if not around else "\n".join(line.text for line in lines)  # all of it was quoted once more
    found: Sequence[Line] = lines
    if ">From" in source and _ESCAPED_FROM.search(source):
        found = _without_escape(found)
    if ">" in hints and len(_MARGIN.findall(hints)) >= _FEWEST_LISTED:
        found = [_without_margin(line, limits) for line in found]
    if ("<" in hints and _TAGGED.search(hints)) or _is_escaped(hints) or ("&" in hints and _REFERENCE.search(hints)):
        if len(_BREAK_WITHIN.findall(hints)) >= _FEWEST_WITHIN:
            found = _with_whole_tags(found)
        found = list(islice(_without_markup(found, limits), limits.max_lines + 1))
        if len(found) > limits.max_lines:
            return None
    if ">" in source:
        found = _rejoined(found)
    if _GAP.search(hints):
        found = _squeezed(found)
    top, rest = found[:_MOST], found[_MOST:]
    if "|" in hints:
        table = [_rows(line.text, known) for line in top]
        if sum(map(bool, table)) >= _FEWEST_LISTED:
            top = _without_table(top, table)
        elif _PIPED.search(hints):
            top, rest = ([_quoted(line, around, limits) for line in part] for part in (top, rest))
    if _COLON_BELOW.search(hints):
        top = _with_colons(top, known)
    top = _with_whole_labels(top, known)
    if _BULLETS.search(hints):
        heads = [_bullet(line.text, known) for line in top]
        if sum(map(bool, heads)) >= _FEWEST_LISTED:
            top = [line._replace(text=line.text[head:]) for line, head in zip(top, heads, strict=True)]
    found = [*top, *rest]
    return None if found == lines else found


def with_tables(lines: Sequence[Line], known: Catalogue) -> list[Line]:
    """The lines with each table of bars that has as many labels on end as a block as lines of one."""
    table = [_rows(line.text, known) for line in lines]
    number = 0
    while number < len(table):
        last = number
        while last < len(table) and (table[last] or (last > number and _is_drawn(lines[last].text.strip()))):
            last += 1
        if sum(map(bool, table[number:last])) < _FEWEST_LISTED:
            table[number:last] = [[]] * (last - number)
        number = last + 1
    return _without_table(lines, table) if any(table) else list(lines)


def _rests(lines: Sequence[Line], number: int) -> int:
    """How many lines from `number` on, without marks of quoting between quoted ones, are the rest of the one above
    them; several where people stand in them, whom nobody writes between the lines that he answers."""
    if number <= 0:
        return 0
    depth, end = lines[number - 1].depth, number
    while end < len(lines) and lines[end].depth < depth and _is_wrapped(lines[end - 1], lines[end]):
        end += 1
    if end == len(lines) or lines[end].depth != depth:
        return 0
    rests = lines[number:end]
    return len(rests) if len(rests) == 1 or any("@" in line.text for line in rests) else 0


def _is_wrapped(above: Line, line: Line) -> bool:
    """Whether a line is so long that a program which wraps put the first word of the next there. What stands below a
    short one is no link: that answers it."""
    word = line.text.strip().split(" ", 1)[0]
    width = above.end - above.start
    return bool(word) and (width >= _LEAST_WRAPPED or "/" not in word) and width + len(word) >= _LEAST_WIDTH


def _without_escape(lines: Sequence[Line]) -> list[Line]:
    """The lines without the mark that a mailbox has put before a label, where the line below or above has none."""
    found = list(lines)
    for number, line in enumerate(lines):
        if line.depth == 1 and _SPACED_FROM.match(line.text):
            beside = (*lines[max(0, number - 1) : number], *lines[number + 1 : number + 2])
            if any(one.text and not one.depth for one in beside):
                found[number] = line._replace(depth=0, start=line.start + 1)
    return found


def _without_margin(line: Line, limits: Limits) -> Line:
    """A line that was set in by a tab, or by more blanks than a quote's, with its marks of quoting read."""
    margin = _MARGIN.match(line.text)
    if margin is None:
        return line
    text, depth = unquote(line.text[margin.end() :], max(0, limits.max_quote_depth - line.depth))
    return line._replace(text=text, depth=line.depth + depth)


def _with_whole_tags(lines: Sequence[Line]) -> list[Line]:
    """The lines of a text that is the source of HTML as its tags break them, from the first with one to the last."""
    tagged = [number for number, line in enumerate(lines) if "<" in line.text]
    if not tagged:
        return list(lines)
    found = list(lines[: tagged[0]])
    pieces: list[str] = []
    first = tagged[0]
    for number in range(first, tagged[-1] + 1):
        line = lines[number]
        pieces.append(line.text.strip() if pieces else line.text)
        below = lines[number + 1] if number < tagged[-1] else None
        if (
            below is None
            or below.depth != line.depth
            or not (line.text.strip() and below.text.strip())
            or _ENDS_LINE.search(line.text, max(0, len(line.text) - _LONGEST_TAG))
            or _BEGINS_LINE.match(below.text)
        ):
            found.append(lines[first]._replace(text=" ".join(pieces), end=line.end))
            pieces, first = [], number + 1
    return [*found, *lines[tagged[-1] + 1 :]]


def _rejoined(lines: Sequence[Line]) -> list[Line]:
    """The lines with the rests of quoted ones put back."""
    found: list[Line] = []
    number = 0
    while number < len(lines):
        rests = _rests(lines, number)
        if rests:
            words = [line.text.strip() for line in lines[number : number + rests]]
            above = found.pop()
            end = lines[number + rests - 1].end
            found.append(above._replace(text=" ".join([above.text.rstrip(), *words]), end=end))
        else:
            found.append(lines[number])
        number += rests or 1
    return found


def _squeezed(lines: Sequence[Line]) -> list[Line]:
    """The lines with one empty line for several: services that take tags away leave all white space of the HTML."""
    found: list[Line] = []
    for line in lines:
        if line.text.strip() or not found or found[-1].text:
            found.append(line if line.text.strip() else line._replace(text=""))
    return found


def _with_colons(lines: Sequence[Line], known: Catalogue) -> list[Line]:
    """The lines with the colon on the line of its label: services put what was bold on a line of its own."""
    found: list[Line] = []
    for line in lines:
        if line.text.lstrip()[:1] in _COLON_SET and found and fold_label(found[-1].text) in known.labels:
            label = found.pop()
            line = label._replace(text=f"{label.text.strip()}{line.text.strip()}", end=line.end)
        found.append(line)
    return found


def _is_half(lines: Sequence[Line], number: int, known: Catalogue) -> bool:
    """Whether the first words of a label stand on a line and the rest on the next: programs that only take the tags
    away keep the line ends of the HTML (`Kopie`, `(CC): Kim`)."""
    if number + 1 >= len(lines):
        return False
    text, below = lines[number].text.strip(), lines[number + 1].text.strip()
    if not below or not 0 < len(text) <= known.max_label_chars or not any(map(str.isalpha, text)):
        return False  # a rule above a label is no half of it
    colon = _COLON.search(below, 0, known.max_label_chars)
    if colon is None or _COLON.search(text) is not None:
        return False
    return fold_label(f"{text} {below[: colon.start()]}") in known.labels


def _with_whole_labels(lines: Sequence[Line], known: Catalogue) -> list[Line]:
    """The lines with both halves of a label on one."""
    found: list[Line] = []
    number = 0
    while number < len(lines):
        line = lines[number]
        if _is_half(lines, number, known):
            number += 1
            line = line._replace(text=f"{line.text.strip()} {lines[number].text.strip()}", end=lines[number].end)
        found.append(line)
        number += 1
    return found


def _bullet(text: str, known: Catalogue) -> int:
    """How long the bullet in front of a label is; 0 for a line without one."""
    mark = _BULLET.match(text)
    if mark is None:
        return 0
    head, colon, _ = text[mark.end() : mark.end() + known.max_label_chars + 12].partition(":")
    return mark.end() if colon and fold_label(head) in known.labels else 0


def _without_markup(lines: Sequence[Line], limits: Limits) -> Iterator[Line]:
    """The lines without tags and references; one with line breaks in it becomes several."""
    for line in lines:
        if "<" not in line.text and "&" not in line.text:
            yield line
            continue
        shown = _BLOCK_START.sub("", _TAG.sub("", line.text))
        pieces = _BREAK.split(shown)
        if len(pieces) > 1 and not pieces[-1].strip():
            pieces.pop()  # the line ends here anyway
        for piece in pieces:
            most = limits.max_quote_depth - line.depth
            text, deeper = unquote(" ".join(unescape(piece).split("\n")), most)
            yield Line(text.replace("\u00a0", " "), line.depth + deeper, line.start, line.end)


def _quoted(line: Line, around: int, limits: Limits) -> Line:
    """A line quoted with `|` as one quoted with `>`. around: how deep all lines are quoted with `>`."""
    marks = _PIPES.match(line.text) if line.depth <= around else None
    if marks is None:
        return line
    depth = line.depth + marks[0].count("|")
    text, deeper = unquote(line.text[marks.end() :], max(0, limits.max_quote_depth - depth))
    return line._replace(text=text, depth=min(depth, limits.max_quote_depth) + deeper)


def _rows(text: str, known: Catalogue) -> list[str]:
    """A row of a table as a line of a block, where a label stands in its first cell; with the separator as a line of
    its own that html2text puts into the first row. Empty for what is no such row."""
    if "|" not in text:
        return []
    drawn = _DRAWN_BEFORE.match(text)
    row = _row(text if drawn is None else text[drawn.end() :], known)
    return [] if row is None else [row] if drawn is None else [drawn[0].strip(), row]


def _row(text: str, known: Catalogue) -> str | None:
    cells = [cell.strip() for cell in text.strip().strip("|").split("|", _MAX_CELLS)]
    if len(cells) < 2:
        return None
    label, *values = cells
    head = label.rstrip(_LABEL_END)
    if not head or fold_label(head) not in known.labels:
        return None
    return f"{head.lstrip('*_')}: {' '.join(filter(None, values))}"


def _without_table(lines: Sequence[Line], table: Sequence[Sequence[str]]) -> list[Line]:
    """The lines with the rows of the block's table as lines, and without its rules and empty rows."""
    found: list[Line] = []
    for number, (line, rows) in enumerate(zip(lines, table, strict=True)):
        if rows:
            found += (line._replace(text=row) for row in rows)
        elif not (any(table[max(0, number - 2) : number + 3]) and _is_drawn(line.text.strip())):
            found.append(line)
    return found


def _is_drawn(text: str) -> bool:
    """Whether a line is what a table has beside its rows: a rule, or a row of empty cells."""
    return _RULE_OF_TABLE.match(text) is not None or bool(text and not text.strip("| \t"))
