"""Separator lines (`---------- Forwarded message ---------`): what a client writes above a block, and what it says.

Facts: rules are shortened and lengthened on the way, a long line is wrapped, and clients that write right to left put
marks of direction around it. So a line is known by its words, whatever the rule around them.
"""

import re
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from bcclog._catalogue.catalogue import TEMPLATE_KEY, Catalogue, Template
from bcclog._catalogue.fold import DECORATION, DRAWN, INVISIBLE, RULED, flatten, fold, fold_separator
from bcclog._lines.lines import Line

_BOLD = re.compile(r"([*_]{1,2})([^*_]{1,80})\1")
"""What programs make of bold text: the words of a separator, or all of it."""
_RULE = re.compile(r"[-_=─━—]{5,}\Z")
_GLUED = re.compile(r"(?:[-_=]{2,40}[ \t\u00a0]?[^-_=\n]{2,80}[-_=]{2,40})")
_DRAWN_ENDS = frozenset(RULED.strip())
_EDGES = frozenset(INVISIBLE)
_STRIPPED = f"{INVISIBLE} \t\u00a0"
_MAX_CHARS = 300
_WORDS_RULE = 5
"""Underscores that Word makes of a drawn line."""
_MAX_INSIDE = 8
"""So many drawn words of a line are held against the separators."""
_WRAPPED = 40
"""A shorter line was not wrapped (clients wrap at 65 to 78, and at a word)."""


_COLON_ENDS = (":", "：", " :")
_MAX_WRAPPED = 3
"""So many lines a separator is wrapped over."""


class Separator(NamedTuple):
    """A separator line: rows that write it, whether it says outright that this is a forward, its slots, and what
    follows it on the same line (glued blocks). last: its last line."""

    rows: int
    forward: bool
    values: dict[str, str]
    rest: str
    last: int


def find_separator(lines: Sequence[Line], number: int, text: str, catalogue: Catalogue) -> Separator | None:
    """What the line `text` (stripped, not empty) is as a separator; it may be wrapped (Notes)."""
    if text[0] in _EDGES or text[-1] in _EDGES:
        text = text.strip(_STRIPPED)
        if not text:
            return None
    if text[0] == "\\":
        text = text.replace("\\", "")  # a converter to Markdown escapes what is drawn
        if not text:
            return None
    if text[0] not in DRAWN:
        if text[-1] not in catalogue.plain_ends or len(text) > _MAX_CHARS:
            return None
        if len(text) <= catalogue.max_plain_chars:
            pair = _plain(fold(text), catalogue)
            if pair is not None:
                return _whole(pair, number)
        if text[-1] in ":：":
            return None
    elif len(text) > _MAX_CHARS:
        return _glued(text, number, catalogue)
    else:
        folded = fold(text)
        pair = catalogue.separators.get(folded)
        if pair is None:
            core = folded.strip(DECORATION)
            if not core:
                if "_" in folded and (len(folded) >= 20 or len(folded) == _WORDS_RULE) and _RULE.match(folded):
                    return _whole(catalogue.separators.get("_" * 32, (0, 0)), number)._replace(forward=False)
                return None
            pair = catalogue.cores.get(core) if len(folded) - len(core) >= 4 else None
            if pair is None and text[0] == text[-1] == "*":  # bold
                pair = catalogue.plain_separators.get(core)
        if pair is not None:
            return _whole(pair, number)
    found = None if text[-1] in RULED else _wrapped(lines, number, text, catalogue)
    if found is not None:
        return found
    return _filled(text, number, catalogue) or _glued(text, number, catalogue)


def _plain(folded: str, catalogue: Catalogue) -> tuple[int, int] | None:
    """What a folded line means as a separator without a rule, whichever colon it ends with."""
    pair = catalogue.plain_separators.get(folded)
    if pair is None and folded[-1:] in _COLON_ENDS:
        words = folded.rstrip(":： ")
        pair = next(filter(None, (catalogue.plain_separators.get(words + end) for end in _COLON_ENDS)), None)
    return pair


def _wrapped(lines: Sequence[Line], number: int, text: str, catalogue: Catalogue) -> Separator | None:
    """A separator that was wrapped over two lines, or over three where it names somebody (Mutt, Horde)."""
    is_drawn = text[0] in _DRAWN_ENDS
    last = text
    for at in range(number + 1, min(number + (_MAX_WRAPPED if is_drawn else 2), len(lines))):
        below = lines[at].text.strip()
        is_broken = len(last) >= _WRAPPED or (is_drawn and "@" in below)
        if not below or not is_broken or len(below) > _MAX_CHARS:
            return None
        text = f"{text} {below}"
        if below[-1] in _DRAWN_ENDS:
            return _filled(text, at, catalogue)
        last = below
    return None


def _whole(pair: tuple[int, int], number: int, rest: str = "") -> Separator:
    return Separator(pair[0] | pair[1], bool(pair[0]) and not pair[1], {}, rest, number)


def _filled(text: str, last: int, catalogue: Catalogue) -> Separator | None:
    """A separator with slots; the rule around it has four characters or more where it is drawn at all."""
    bold = _BOLD.match(text)
    if bold is not None:
        text = bold[2] + text[bold.end() :]
    plain, folded = flatten(text)
    core = folded.strip(RULED)
    found: tuple[tuple[Template, bool], ...] = (
        *catalogue.separator_starts.get(core[:TEMPLATE_KEY], ()),
        *catalogue.separator_ends.get(core[-TEMPLATE_KEY:], ()),
    )
    if not found or (folded[0] in DRAWN and len(folded) - len(core) < 4):
        return None
    start = len(folded) - len(folded.lstrip(RULED))
    inner = plain[start : start + len(core)]
    rows = 0
    forward = True
    values: dict[str, str] = {}
    for template, means_forward in sorted(found, key=lambda pair: -pair[0].letters):
        filled = template.match(inner, core)
        if filled is None or not all(filled.values.values()):
            continue
        if not rows or [*filled.values.values()] == [*values.values()]:
            values.update(filled.values)  # what one client calls the name, another calls the author
            rows |= template.rows
            forward = forward and means_forward
    return None if not rows else Separator(rows, forward, values, "", last)


def _glued(text: str, number: int, catalogue: Catalogue) -> Separator | None:
    """A separator with the block behind it on the same line."""
    if text[0] not in DRAWN or (":" not in text and "：" not in text):
        return None
    glued = _GLUED.match(text)
    if glued is None or glued.end() == len(text):
        return None
    pair = catalogue.cores.get(fold_separator(glued.group()))
    if pair is None:
        return None
    return _whole(pair, number, text[glued.end() :].strip())


def separator_inside(text: str, number: int, catalogue: Catalogue) -> tuple[int, Separator] | None:
    """The first drawn separator inside a line, with text before and behind it, and where it begins."""
    for found in islice(_GLUED.finditer(text), _MAX_INSIDE):
        pair = catalogue.cores.get(fold_separator(found.group()))
        if pair is not None:
            return found.start(), _whole(pair, number, text[found.end() :].strip())
    return None


def is_rule(text: str) -> bool:
    """Whether a line is nothing but a drawn rule."""
    return _RULE.match(text) is not None
