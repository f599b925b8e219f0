"""Styles as a reader sees them: which text of a mail they hide (T58), and which paragraphs they set close together.

What is recognised is listed in docs/security.md. Styles are read as written, rule by rule, without the cascade of the
standard: what a mail that hides text does is simple, and doubt counts as visible.
"""

import re
from typing import Final

from bcclog._elements import unescape

_HIDING_HINT = re.compile(
    r"hidden|none|opacity|font-size|font:|mso-hide|clip|left:|right:|top:|bottom:|height|width|color|indent|collapse|visib|scale|filter",
    re.IGNORECASE,
)
_KEPT = 256
"""Style attributes of one mail whose meaning is kept: mail repeats few, an attack invents many."""
_ZERO = re.compile(r"^[+-]?0*\.?0*(?:px|pt|em|rem|%|ex|cm|mm|in)?$")
_TINY = re.compile(r"^(?:(?:0*\.\d+|0*[01])(?:\.\d+)?(?:px|pt)|0*\.0\d*(?:em|rem)|0*\d(?:\.\d+)?%)$")
_FAINT = re.compile(r"^(?:-.*|0*(?:\.0\d*)?|\d?(?:\.\d*)?%)$")
"""An opacity below a tenth."""
_CLEAR = re.compile(
    r"^(?:transparent|#[0-9a-f]{3}0|#[0-9a-f]{6}00|(?:rgb|hsl)a?\((?:(?:[^,)]*,){3}|[^/)]*/)0*(?:\.0*)?%?\))$"
)
"""A colour that is see-through."""
_SIZE_OF_ITS_OWN = re.compile(r"^(?:[\d.]{1,20}(?:px|pt|pc|cm|mm|in|rem|vw|vh)|(?:x{1,3}-)?(?:small|large)|medium)$")
GONE: Final = 1
"""Text that is not there at all, with all that is in it. An element inside may take back the other reasons."""
_NO_SIZE, _INVISIBLE, _NO_COLOR = 2, 4, 8
_Effect = tuple[int, int]
"""What a style does to what is inside: the reasons to hide that it adds, and those that it takes back."""


class Styles:
    """The styles of one mail."""

    __slots__ = ("_is_colored", "_quiet", "_read", "_tight")

    def __init__(self, source: str) -> None:
        self._quiet, self._tight = _style_sheets(source)
        self._is_colored = ("background" in source or "bgcolor" in source) and _has_ground(source)
        self._read: dict[str, _Effect] = {}

    def hides(self, found: dict[str, str], around: int) -> int:
        """Why the text in an element with these attributes is hidden, given why the text around it is; 0 where it is
        shown."""
        if "hidden" in found:
            return around | GONE
        hides = around
        if self._quiet:
            for word in found.get("class", "").lower().split():
                if (effect := self._quiet.get(f".{word}")) is not None:
                    hides = hides & ~effect[1] | effect[0]
            if (effect := self._quiet.get(f"#{found.get('id', '').strip().lower()}")) is not None:
                hides = hides & ~effect[1] | effect[0]
        color = found.get("color")
        if color is not None:  # <font color>
            is_white = not self._is_colored and _is_white(color.lower())
            hides = hides | _NO_COLOR if is_white else hides & ~_NO_COLOR
        style = found.get("style")
        if style is not None:
            effect = self._read.get(style)
            if effect is None:
                if len(self._read) >= _KEPT:
                    self._read.clear()
                effect = self._read[style] = _effect(unescape(style), self._is_colored)
            adds, takes = effect
            hides = hides & ~takes | adds
        return hides

    def is_close_set(self, found: dict[str, str] | None) -> bool:
        """Whether the next paragraph follows one with these attributes without an empty line, as Outlook's do."""
        if not found:
            return "p" in self._tight
        style = found.get("style")
        if style is not None and "margin" in style.lower():
            own = _has_no_margin(unescape(style).lower())
            if own is not None:
                return own
        tight = self._tight
        return bool(tight) and (
            "p" in tight or any(f".{word}" in tight for word in found.get("class", "").lower().split())
        )


def keeps_lines(found: dict[str, str]) -> bool | None:
    """Whether the line ends in an element with these attributes are kept; None where it does not say."""
    style = found.get("style")
    if style is None or "white-space" not in style.lower():
        return None
    space = _WHITE_SPACE.search(style)
    return None if space is None else space.group(1).lower() in _KEEPS_LINES


_WHITE_SPACE = re.compile(r"white-space\s{0,9}:\s{0,9}([a-z-]{1,20})", re.IGNORECASE)
_KEEPS_LINES = frozenset(("pre", "pre-wrap", "pre-line", "break-spaces"))
_NARROW_MEDIA = re.compile(r"@media[^{}]{0,300}\{")
_NARROW = re.compile(r"\bprint\b|max-(?:device-)?width\s{0,3}:\s{0,3}\d{1,3}px")
_TWO_BRACES = re.compile(r"\}\s*+\}")
_SIMPLE_SELECTOR = re.compile(
    r"(?:[a-z][a-z0-9]{0,9}[\s>]{1,20}){0,8}[a-z0-9*]{0,10}([.#][-\w]{1,64})\Z", re.IGNORECASE
)


def _style_sheets(source: str) -> tuple[dict[str, _Effect], frozenset[str]]:
    """`.class` and `#id` that a style element of this mail hides, for a reader at a wide screen; and the `p` and
    `.class` of paragraphs that follow each other without a margin, as Outlook's do.

    A rule below another class (`u + .body .x`) or for paper and narrow screens says nothing of him.
    """
    found: dict[str, _Effect] = {}
    tight: set[str] = set()
    if "<style" not in source and "<STYLE" not in source and "<Style" not in source:
        return found, frozenset()
    low = source.lower()
    at = low.find("<style")
    while at >= 0:
        start = low.find(">", at) + 1
        end = low.find("</style", start) if start else -1
        if not start:
            break
        for rule in _wide_screen(low[start : end if end >= 0 else len(low)]).split("}"):
            selectors, _, rules = rule.rpartition("{")
            effect = _effect(rules, True) if selectors else (0, 0)
            close = "margin" in rules and _has_no_margin(rules)
            if not effect[0] and not close:
                continue
            for written in selectors.rpartition("{")[2].rpartition("*/")[2].replace("<!--", "").split(","):
                selector = written.strip()
                simple = _SIMPLE_SELECTOR.match(selector)
                if simple is not None and effect[0]:
                    found[simple.group(1)] = effect
                if close and _PARAGRAPH.match(selector):
                    tight.add(selector.removeprefix("p") or "p")
        at = low.find("<style", end) if end >= 0 else -1
    return found, frozenset(tight)


_PARAGRAPH = re.compile(r"p\Z|p?\.[-\w]{1,64}\Z")
_NO_MARGIN = re.compile(r"[+-]?0*(?:\.0\d*)?(?:px|pt|em|rem|%|ex|cm|mm|in)?\Z")


def _has_no_margin(style: str) -> bool | None:
    """Whether style rules say that nothing stands above and below; None where they say nothing of it."""
    top = bottom = None
    for rule in style.split(";"):
        name, _, value = rule.partition(":")
        name, sizes = name.strip(), value.partition("!")[0].split()
        if not sizes:
            continue
        if name == "margin":
            top, bottom = sizes[0], sizes[2] if len(sizes) > 2 else sizes[0]
        elif name == "margin-top":
            top = sizes[0]
        elif name == "margin-bottom":
            bottom = sizes[0]
    if top is None and bottom is None:
        return None
    return all(size is not None and _NO_MARGIN.match(size) for size in (top, bottom))


def _wide_screen(css: str) -> str:
    """A style sheet less what holds for paper and narrow screens alone."""
    kept = []
    at = 0
    while (media := _NARROW_MEDIA.search(css, at)) is not None:
        kept.append(css[at : media.start()])
        at = media.end()
        if _NARROW.search(media.group()):
            closed = _TWO_BRACES.search(css, at)
            at = closed.end() if closed is not None else len(css)
    kept.append(css[at:])
    return "".join(kept)


_WHITE = re.compile(
    r"#?(?:f[0-9a-f]){3}(?:[0-9a-f]{2})?\Z|#?f{3}[0-9a-f]?\Z"
    r"|rgba?\(2[45]\d,?2[45]\d,?2[45]\d(?:[,/][\d.]{1,6}%?)?\)\Z"
    r"|hsla?\([^,()]{1,9},[^,()]{1,9},(?:9[5-9]|100)(?:\.\d{1,6})?%(?:,[\d.]{1,6}%?)?\)\Z"
    r"|(?:white|snow|ivory|(?:floral|ghost)white|whitesmoke|mintcream|azure|aliceblue|honeydew)\Z"
)
"""White, and what no eye tells from it: every part of the colour is at least 240 of 255."""


def _is_white(color: str) -> bool:
    return _WHITE.match("".join(color.split())) is not None


_GROUND = re.compile(
    r"b(?:ackground(?:-color)?|gcolor)\s{0,9}[:=]\s{0,9}[\"']?\s{0,9}([^;\"'<>]{0,100})", re.IGNORECASE
)
_NO_GROUND = frozenset(("", "none", "transparent", "inherit", "initial", "unset", "0", "0 0"))


def _has_ground(source: str) -> bool:
    """Whether the mail paints any ground in another colour than white, on which white text can be read."""
    grounds = (found[1].partition("!")[0].strip().lower() for found in _GROUND.finditer(source))
    return any(ground not in _NO_GROUND and not _is_white(ground) for ground in grounds)


_COMMENT = re.compile(r"/\*(?:[^*]|\*(?!/))*+(?:\*/)?")
_ESCAPE = re.compile(r"\\([0-9a-f]{1,6})\s?|\\", re.IGNORECASE)


def _effect(style: str, colored: bool) -> _Effect:
    """What style rules do to the text inside (T58); what is recognised is listed in docs/security.md."""
    if "/*" in style:
        style = _COMMENT.sub(" ", style)
    if "\\" in style:
        style = _ESCAPE.sub(lambda match: chr(int(match.group(1) or "20", 16) % 0x110000), style)
    if not _HIDING_HINT.search(style):
        return 0, 0
    rules: dict[str, str] = {}
    important: set[str] = set()
    for rule in style.lower().split(";"):
        name, _, value = rule.partition(":")
        name = name.strip()
        if "!" in value:
            value, _, word = value.partition("!")
            if "important" in word:
                important.add(name)
        elif name in important:
            continue
        rules[name] = value.strip()
    get = rules.get
    adds = takes = 0
    visibility = get("visibility")
    if visibility in ("hidden", "collapse"):
        adds |= _INVISIBLE
    elif visibility == "visible":
        takes |= _INVISIBLE
    size = get("font-size") or _size_in(get("font", ""))
    if size and (_ZERO.match(size) or _TINY.match(size)):
        adds |= _NO_SIZE
    elif size and _SIZE_OF_ITS_OWN.match(size):
        takes |= _NO_SIZE
    color = (get("-webkit-text-fill-color") or get("color", "")).replace(" ", "")
    if color:
        background = (get("background-color") or get("background") or "").replace(" ", "")
        if (
            color == background
            or _CLEAR.match(color)
            or (_is_white(color) and (_is_white(background) if background else not colored))
        ):
            adds |= _NO_COLOR
        elif color not in ("inherit", "currentcolor"):
            takes |= _NO_COLOR
    if _is_out_of_sight(rules):
        adds |= GONE
    return adds, takes


def _size_in(font: str) -> str:
    """The size in the shorthand `font: bold 13px/1.5 Arial`."""
    words = (word.partition("/")[0] for word in font.split()[:6])
    return next((word for word in words if _SIZE_OF_ITS_OWN.match(word) or _ZERO.match(word)), "")


def _is_out_of_sight(rules: dict[str, str]) -> bool:
    """Whether nothing inside can be seen, whatever its own style says."""
    get = rules.get
    if get("display") == "none" or get("mso-hide") == "all" or _FAINT.match(get("opacity") or "1"):
        return True
    if get("content-visibility") == "hidden":
        return True
    if _SHRUNK.search(get("transform", "").replace(" ", "")) or _ZERO.match(get("scale") or "1"):
        return True
    if _FADED.search(get("filter", "").replace(" ", "")):
        return True
    if ("clip" in rules and get("clip") not in ("auto", "inherit", "")) or get("clip-path", "none") not in ("none", ""):
        return True
    if any("hidden" in get(name, "") for name in ("overflow", "overflow-x", "overflow-y")) and any(
        _ZERO.match(get(side) or "1") for side in ("height", "max-height", "width", "max-width")
    ):
        return True
    if get("position") in ("absolute", "fixed") and any(
        get(side, "").startswith("-") and len(get(side, "")) >= 5 for side in ("left", "top", "right", "bottom")
    ):
        return True
    return any(get(name, "").startswith("-") and len(get(name, "")) >= 6 for name in _OFF_SCREEN)


_SHRUNK = re.compile(r"scale(?:x|y|3d)?\(0*(?:\.0\d*)?[,)]|scale(?:3d)?\([^,()]{1,9},0*(?:\.0\d*)?[,)]")
_FADED = re.compile(r"opacity\((?:0*(?:\.0\d*)?|\d?(?:\.\d*)?%)\)")
"""Below a tenth of the size, and of the strength."""
_OFF_SCREEN = ("text-indent", "margin-left", "margin-right", "margin-top")
