"""Text as lines with their quote depth and their place: what the block finder reads, from text and from HTML alike."""

from typing import NamedTuple

from bcclog.policy import Limits


class Line(NamedTuple):
    """One line. text: without quote marks, not otherwise stripped; depth: levels of quoting (`>` or blockquote);
    start, end: its place in the decoded part, half-open, in code points, without the line end."""

    text: str
    depth: int
    start: int
    end: int


def text_lines(text: str, limits: Limits) -> list[Line]:
    """The lines of a plain-text part whose line ends are LF.

    A line starts a quote when `>` is its first mark, or follows at most three blanks; `> > x`, `>>x` and `> >x` are all
    two levels. Deeper than `limits.max_quote_depth` the marks stay in the text. Linear in the length of the text.
    """
    lines = []
    at = 0
    cap = limits.max_quote_depth
    for raw in text.split("\n"):
        end = at + len(raw)
        if ">" in raw[:4]:
            rest, depth = _unquote(raw, cap)
            lines.append(Line(rest, depth, at, end))
        else:
            lines.append(Line(raw, 0, at, end))
        at = end + 1
    return lines


def _unquote(raw: str, cap: int) -> tuple[str, int]:
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


def dequote(lines: list[Line], levels: int) -> str:
    """The lines' text with `levels` levels of quoting taken off and deeper ones kept, joined by LF."""
    return "\n".join("> " * (line.depth - levels) + line.text if line.depth > levels else line.text for line in lines)
