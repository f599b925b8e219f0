"""Text as lines with their quote depth and their place: what the block finder reads, from text and from HTML alike."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from bcclog._catalogue.fold import INVISIBLE
from bcclog.codes import Code
from bcclog.policy import Limits

UNSEEN = (
    f"{INVISIBLE} \t\v\f\u00a0\u1680\u2000\u2001\u2002\u2003\u2004"
    "\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
"""What a line may hold that shows nothing."""

_OTHER_LINE_ENDS = dict.fromkeys(map(ord, "\x85\u2028\u2029"), "\n")


_WIDEST_WRAPPED = 100
"""A text with a wider line of several words was not wrapped by any program on its way."""
_SENTENCE_ENDS = (".", "!", "?", ":", "。", "！", "？")


class Line(NamedTuple):
    """One line. text: without quote marks, not otherwise stripped; depth: levels of quoting (`>` or blockquote);
    start, end: its place in the decoded part, half-open, in code points, without the line end."""

    text: str
    depth: int
    start: int
    end: int


new_line: Callable[[tuple[str, int, int, int]], Line] = partial(tuple.__new__, Line)
"""A line of its four values: half the time of `Line(...)`, and nothing else is made so often."""


def next_text(lines: Sequence[Line], number: int, end: int | None = None) -> int:
    """The first line from `number` on that is not blank; `end`, or else their count, where all are."""
    end = len(lines) if end is None else end
    while number < end and not lines[number].text.strip():
        number += 1
    return number


def text_lines(text: str, limits: Limits) -> list[Line]:
    """The lines of a plain-text part whose line ends are LF; NEL, U+2028 and U+2029 end a line too.

    A line starts a quote when `>` is its first mark, or follows at most three blanks; `> > x`, `>>x` and `> >x` are all
    two levels. Deeper than `limits.max_quote_depth` the marks stay in the text, and lines past `limits.max_lines` are
    left out; `text_notes` says so. A line that shows nothing (marks of no width, blanks of any kind) is empty. Linear
    in the length of the text.
    """
    lines: list[Line] = []
    at = above = 0
    is_broken = False
    cap = limits.max_quote_depth
    if not text.isascii() and ("\u2028" in text or "\u2029" in text or "\x85" in text):
        text = text.translate(_OTHER_LINE_ENDS)
    raws = text.split("\n", limits.max_lines)
    del raws[limits.max_lines :]
    for raw in raws:
        end = at + len(raw)
        depth = 0
        if raw:
            if ">" in raw[:4]:
                raw, depth = unquote(raw, cap)
            if (raw[-1:] > "~" or raw[-1:] == " ") and not raw.strip(UNSEEN):
                raw = ""
            if depth < above and raw:
                is_broken = True
        above = depth if raw else 0
        lines.append(new_line((raw, depth, at, end)))
        at = end + 1
    return _with_broken_quotes(lines) if is_broken else lines


def _with_broken_quotes(lines: list[Line]) -> list[Line]:
    """The lines of a text that a program wrapped after it was quoted, so that the rest of a quoted line stands below it
    without a mark: as deep as the line that was broken.

    Only where each line is as full as the widest of the text allows and the quote goes on right below the rest (the
    last may end the text), and where as few end with a sentence as chance brings: a person's own words in a quote stand
    apart, or below the end of one.
    """
    widest = max((line.end - line.start for line in lines if " " in line.text.strip()), default=0)
    filled = next((number for number in range(len(lines) - 1, -1, -1) if lines[number].text.strip()), -1)
    if widest > _WIDEST_WRAPPED:
        return lines
    rests: list[tuple[int, int]] = []
    sentences = 0
    at = 1
    while at < len(lines):
        above = lines[at - 1]
        last = at
        while last < len(lines) and lines[last].depth < above.depth and _is_rest(lines[last - 1], lines[last], widest):
            last += 1
        if last > at and (last > filled or lines[last].depth >= above.depth):
            rests.append((at, last))
            sentences += above.text.rstrip().endswith(_SENTENCE_ENDS)
        at = last + 1
    if 2 * sentences > len(rests) or (len(rests) == 1 and rests[0][1] > filled):
        return lines
    mended = list(lines)
    for first, last in rests:
        for number in range(first, last):
            mended[number] = lines[number]._replace(depth=lines[first - 1].depth)
    return mended


def _is_rest(above: Line, line: Line, widest: int) -> bool:
    """Whether the first word of the line has no place at the end of the one above."""
    word = line.text.split(None, 1)[:1]
    return bool(word and above.text.strip()) and above.end - above.start + 1 + len(word[0]) > widest


def text_notes(text: str, lines: Sequence[Line], limits: Limits) -> tuple[Code, ...]:
    """Which limits the lines of `text_lines(text, limits)` passed (T62): REFUSE_LIMIT_CONTENT where lines were left
    out, WARN_LONG_LINE, WARN_LIMIT_QUOTE_DEPTH. A short text passes none, and is not looked through."""
    notes = []
    if lines and lines[-1].end < len(text):
        notes.append(Code.REFUSE_LIMIT_CONTENT)
    if len(text) > limits.max_line_chars and any(line.end - line.start > limits.max_line_chars for line in lines):
        notes.append(Code.WARN_LONG_LINE)
    deepest = limits.max_quote_depth
    if text.count(">") > deepest and any(line.depth == deepest and line.text.lstrip()[:1] == ">" for line in lines):
        notes.append(Code.WARN_LIMIT_QUOTE_DEPTH)
    return tuple(notes)


def unquote(raw: str, cap: int) -> tuple[str, int]:
    """A raw line without its quote marks, and how many of them it had: at most `cap`."""
    depth = 0
    at = 0
    while depth < cap:
        mark = at
        while raw[mark : mark + 1] in (" ", "\u00a0") and mark - at < 3:
            mark += 1
        if raw[mark : mark + 1] != ">":
            break
        depth += 1
        at = mark + 1
    if depth and raw[at : at + 1] == " ":
        at += 1
    return raw[at:], depth


def dequote(lines: Sequence[Line], levels: int, source: str | None) -> str:
    """The lines' text with `levels` levels of quoting taken off and deeper ones kept, joined by LF.

    source: the text that they are lines of, whose own marks are kept as they stand (`>From`, `>>`); None for HTML,
    whose quoting is written as `> `.
    """
    return "\n".join(line.text if line.depth <= levels else _kept(line, levels, source) for line in lines)


def _kept(line: Line, levels: int, source: str | None) -> str:
    if source is None:
        marks = "> " * (line.depth - levels)
        return marks + line.text if line.text else marks.rstrip()
    return unquote(source[line.start : line.end], levels)[0]
