"""The author's own text apart from the history that he quotes (R8).

What begins a history: a block or an attribution line that the catalogue knows, or quoted lines (`> `) with the line
that introduces them. Where it stands decides what it is:

- at the end, below the author's words (top posting): history; a signature below is the author's, a list's footer not;
- at the top, with his words below (bottom posting): history;
- with his words between (answers inside): no history, since without the questions the answers say nothing.

Text made of HTML quotes without marks. There an attribution begins the history if it says when or from which address;
the quote library is asked where the catalogue knows none. Its patterns backtrack, so it never sees the mail, only a few
short lines around a line that could be an attribution.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from bcclog._block.attribution import MAX_LINES, reply_attributions
from bcclog._block.find import find_block
from bcclog._block.separator import find_separator, is_rule
from bcclog._catalogue.catalogue import Catalogue
from bcclog._catalogue.shipped import catalogue
from bcclog._lines.lines import Line, text_lines
from bcclog.forward import ReplySplit
from bcclog.policy import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    from mailparser_reply import EmailReplyParser

_MAX_CANDIDATES = 24
"""Lines without quote marks below them that are looked at as attributions, each with two neighbours."""
_MAX_CHARS = 200
_WHEN = re.compile(r"(?<!\d)(?:20\d\d|\d{1,2}[:.h]\d\d)(?!\d)")
"""A year or a time of day: with an address, enough of an attribution in a language that nobody catalogued."""
_WRAPPED = 40
"""A line shorter than this was not wrapped: it is no first line of an attribution that goes on below."""


def split_reply(text: str) -> ReplySplit:
    """Split the text of one message; line ends are LF. A text of more than `max_lines` lines is all reply.

    Linear: one pass for the block, one for the quotes, and so many candidates as `_MAX_CANDIDATES`.
    """
    limits = DEFAULT_LIMITS
    lines = text_lines(text, limits)
    if lines[-1].end < len(text):
        return ReplySplit(text.strip(), None)
    for number, line in enumerate(lines):
        if line.depth == 3 and line.text.endswith(">>>"):  # GroupWise draws its attribution with quote marks
            lines[number] = line._replace(text=text[line.start : line.end], depth=0)
    found = _history(lines, catalogue(), limits)
    if found is None:
        return ReplySplit(text.strip(), None)
    first, after = found
    start = lines[first].start
    end = lines[after].start if after < len(lines) else len(text)
    own = [piece for piece in (text[:start].rstrip(), text[end:].strip("\n").rstrip()) if piece.strip()]
    return ReplySplit("\n\n".join(own).strip(), text[start:end].strip() or None)


def _history(lines: Sequence[Line], known: Catalogue, limits: Limits) -> tuple[int, int] | None:
    """The lines of the history: its first, and the one after its last."""
    block = find_block(lines, 0, known, limits, exact=False)
    end = block.start if block is not None and block.depth == 0 else len(lines)
    quotes = _quoted(lines, end)
    tail = None
    if quotes:
        first, after = quotes[-1]
        head = _introduction(lines, first, known)
        below = _filled(lines, after, end)
        if below is None or _is_footer(lines[below].text):
            if len(quotes) == 1 or head < first:
                tail = head, len(lines)
        elif _is_signature(lines[below].text) and end == len(lines):
            if len(quotes) == 1 or head < first:
                tail = head, below
        elif len(quotes) == 1 and end == len(lines) and _filled(lines, 0, head) is None:
            return 0, after
    limit = tail[0] if tail is not None else end
    # Quoted lines that are no history are questions between answers; an attribution above them introduces them.
    after_quotes = quotes[-1][1] if quotes and tail is None else 0
    plain = _plain(lines, after_quotes, limit, known)
    if plain is not None:
        return _with_rule(lines, plain, known), len(lines)
    if tail is not None:
        return tail
    return (end, len(lines)) if end < len(lines) else None


def _quoted(lines: Sequence[Line], end: int) -> list[tuple[int, int]]:
    """Runs of quoted lines: the first, and the one after the last. Empty lines do not end a run."""
    runs: list[tuple[int, int]] = []
    is_open = False
    for number in range(end):
        line = lines[number]
        if line.depth:
            if is_open:
                runs[-1] = (runs[-1][0], number + 1)
            else:
                runs.append((number, number + 1))
            is_open = True
        elif line.text.strip():
            is_open = False
    return runs


def _filled(lines: Sequence[Line], start: int, end: int) -> int | None:
    """The first line with text in `lines[start:end]`."""
    return next((number for number in range(start, end) if lines[number].text.strip()), None)


def _is_signature(text: str) -> bool:
    return text.rstrip("\n") in ("-- ", "--")


def _is_footer(text: str) -> bool:
    """The rule above what a mailing list or a gateway adds."""
    return len(text.strip()) >= 20 and is_rule(text.strip())


def _introduction(lines: Sequence[Line], first: int, known: Catalogue) -> int:
    """The first line of what introduces the quote on line `first`: an attribution of the catalogue, or a line that ends
    as one and says when or from which address; `first` without one."""
    last = first - 1
    while last >= 0 and first - last <= 2 and not lines[last].text.strip():
        last -= 1
    if last < 0 or not lines[last].text.strip():
        return first
    found = _attribution(lines, last, known)
    if found is None:
        found = _like_attribution(lines, last)
    text = lines[last].text.strip()
    if found is None and find_separator(lines, last, text, known) is not None:
        return last
    if found is None and text.endswith((":", "：")) and not lines[last].depth and _filled(lines, 0, last) is None:
        return last  # nobody begins his own words so
    return first if found is None else _with_rule(lines, found, known)


def _attribution(lines: Sequence[Line], last: int, known: Catalogue) -> int | None:
    """The first line of the catalogue's attribution that ends on line `last`; the rest of a wrapped one may follow."""
    start = max(0, last - MAX_LINES + 1)
    found = max(reply_attributions(lines, known, start, last + 1), key=lambda one: one.last, default=None)
    if found is None or found.depth or (found.last < last and len(found.values) < 2):
        return None
    return found.first


def _like_attribution(lines: Sequence[Line], last: int) -> int | None:
    text = _shown(lines[last].text)
    if len(text) > _MAX_CHARS:
        return None
    if _is_drawn(text):
        return last
    if not text.endswith((":", "：")):
        return None
    start = last
    while not any(char.isdigit() for char in lines[start].text):
        above = lines[start - 1].text.strip() if start else ""
        if last - start + 1 >= MAX_LINES or not _WRAPPED <= len(above) <= _MAX_CHARS or lines[start - 1].depth:
            return last if "@" in text else None
        start -= 1
    return start


def _is_drawn(text: str) -> bool:
    """Whether a line drawn at both ends says when and from which address, as Zoho's does in each language."""
    return text.startswith("---") and text.endswith("---") and "@" in text and _WHEN.search(text) is not None


def _shown(text: str) -> str:
    """The line without blanks and marks of direction at its ends."""
    return text.strip(" \t\u00a0\u200e\u200f\u202a\u202b\u202c\u2067\u2068\u2069")


def _with_rule(lines: Sequence[Line], start: int, known: Catalogue) -> int:
    """The separator or drawn rule right above an attribution belongs to it."""
    above = start - 1
    while above >= 0 and start - above <= 2 and not lines[above].text.strip():
        above -= 1
    text = lines[above].text.strip() if above >= 0 else ""
    if text and not lines[above].depth and (is_rule(text) or find_separator(lines, above, text, known) is not None):
        return above
    return start


def _plain(lines: Sequence[Line], start: int, end: int, known: Catalogue) -> int | None:
    """The first attribution with unquoted text below it, that says when or from which address."""
    for found in reply_attributions(lines, known, start, end):
        if not found.depth and found.values.keys() & {"date", "time", "email"}:
            end = found.first
            break
    else:
        found = None
    unknown = _unknown(lines, start, end)
    return unknown if unknown is not None or found is None else found.first


def _unknown(lines: Sequence[Line], start: int, end: int) -> int | None:
    """The first line like an attribution in `lines[start:end]` in words that the catalogue does not have."""
    asked = 0
    for last in range(start, end):
        text = _shown(lines[last].text)
        if lines[last].depth or len(text) > _MAX_CHARS:
            continue
        if _is_drawn(text):
            return last
        if not text.endswith((":", "：")):
            continue
        near = (lines[number].text for number in range(max(start, last - MAX_LINES + 1), last + 1))
        if not any(char.isdigit() for text in near for char in text):
            continue
        asked += 1
        if asked > _MAX_CANDIDATES:
            return None
        if "@" in text and _WHEN.search(text) and not _is_filled(lines, last - 1):
            return last
        found = _ask_library(lines, start, last)
        if found is not None:
            return found
    return None


def _is_filled(lines: Sequence[Line], number: int) -> bool:
    return number >= 0 and bool(lines[number].text.strip())


@cache
def quote_library() -> "EmailReplyParser":
    """The library with every language it has; loaded here, since it costs as much as all of bcclog and hardly any mail
    needs it. One value, never changed."""
    from mailparser_reply import EmailReplyParser
    from mailparser_reply.constants import MAIL_LANGUAGES

    return EmailReplyParser(languages=sorted(MAIL_LANGUAGES))


def _ask_library(lines: Sequence[Line], start: int, last: int) -> int | None:
    """The first line of what the quote library takes for an attribution that ends on line `last`."""
    for first in range(last, max(start - 1, last - MAX_LINES), -1):
        texts = [line.text.strip()[:_MAX_CHARS] for line in lines[first : last + 1]]
        if not texts[0] or not any(char.isdigit() for text in texts for char in text):
            continue
        replies = quote_library().read("\n".join(("x", "", *texts))).replies
        if len(replies) > 1 and replies[-1].headers:
            return first
    return None
