"""The author's own text apart from the quoted history below it (R8).

Three things tell where history begins, asked in this order: a block or attribution line that the catalogue knows; a
quoted tail (`> `) with the line that introduces it; and, for what is left, the quote library's own header patterns.
The library's patterns backtrack, so it is never given the mail, only a few short lines around a line that could be an
attribution.
"""

from collections.abc import Sequence
from functools import cache

from attrs import frozen
from mailparser_reply import EmailReplyParser
from mailparser_reply.constants import MAIL_LANGUAGES

from bcclog._attribution import MAX_LINES, find_attribution
from bcclog._block import find_block
from bcclog._data import Catalogue, catalogue
from bcclog._lines import Line, text_lines
from bcclog.policy import DEFAULT_LIMITS, Limits

_MAX_CANDIDATES = 24
"""Lines that the library is asked about, each with two neighbours."""
_MAX_CANDIDATE_CHARS = 200


@frozen
class ReplySplit:
    """reply: the author's own text; history: what he quoted below it, None where he quoted nothing."""

    reply: str
    history: str | None


def split_reply(text: str) -> ReplySplit:
    """Split the text of one message; line ends are LF. Text between quotes (an answer inside) keeps all as reply."""
    limits = DEFAULT_LIMITS
    lines = text_lines(text, limits)
    start = _history_start(lines, catalogue(), limits)
    if start is None:
        return ReplySplit(text.strip(), None)
    at = lines[start].start
    return ReplySplit(text[:at].strip(), text[at:].strip() or None)


def _history_start(lines: Sequence[Line], known: Catalogue, limits: Limits) -> int | None:
    block = find_block(lines, 0, known, limits, exact=False)
    end = block.start if block is not None else len(lines)
    found = find_attribution(lines, known, 0, end)
    if found is not None and _is_tail(lines, found):
        return found
    tail = _quoted_tail(lines, end)
    if tail is not None:
        return tail
    asked = _ask_library(lines, end)
    if asked is not None:
        return asked
    return block.start if block is not None else None


def _is_tail(lines: Sequence[Line], start: int) -> bool:
    """Whether nothing of the author's own follows: all below is quoted, or none of it is (HTML made text)."""
    depths = [line.depth > lines[start].depth for line in lines[start + 1 :] if line.text.strip()]
    if not any(depths):
        return True
    first = depths.index(True)
    return first <= MAX_LINES and all(depths[first:])


def _quoted_tail(lines: Sequence[Line], end: int) -> int | None:
    last = end - 1
    while last >= 0 and not lines[last].text.strip():
        last -= 1
    start = last
    while start >= 0 and (lines[start].depth > 0 or not lines[start].text.strip()):
        start -= 1
    if last < 0 or start == last or lines[last].depth == 0:
        return None
    head = start
    for _ in range(MAX_LINES - 1):
        if head >= 1 and lines[head].text.rstrip().endswith((":", "：")) is False and lines[head - 1].text.strip():
            head -= 1
    if start >= 0 and lines[start].text.rstrip().endswith((":", "：")):
        while start > 0 and start > head and lines[start - 1].text.strip() and "@" not in lines[start].text:
            start -= 1
        return start
    return start + 1


@cache
def _parser() -> EmailReplyParser:
    return EmailReplyParser(languages=sorted(MAIL_LANGUAGES))


def _ask_library(lines: Sequence[Line], end: int) -> int | None:
    asked = 0
    for number in range(end):
        text = lines[number].text.strip()
        if not text.endswith((":", "：")) or not any(c.isdigit() for c in text) or len(text) > _MAX_CANDIDATE_CHARS:
            continue
        asked += 1
        if asked > _MAX_CANDIDATES:
            return None
        start = max(0, number - MAX_LINES + 1)
        for first in range(number, start - 1, -1):
            window = "\n".join(line.text.strip()[:_MAX_CANDIDATE_CHARS] for line in lines[first : number + 1])
            replies = _parser().read(f"x\n\n{window}").replies
            if len(replies) > 1 and replies[-1].headers and _is_tail(lines, number):
                return first
    return None
