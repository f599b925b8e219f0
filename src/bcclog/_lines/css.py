"""Styles as a reader sees them: which text of a mail they hide (T58), and which paragraphs they set close together.

What is recognised is listed in docs/security.md. Styles are read as written, rule by rule, without the cascade of the
standard: what a mail that hides text does is simple, and doubt counts as visible.
"""

import re
from colorsys import hls_to_rgb
from typing import Final

from bcclog._lines.elements import unescape

_HIDING_HINT = re.compile(
    r"hidden|none|opacity|font-size|font:|mso-hide|clip|left:|right:|top:|bottom:|height|width|color|indent|collapse|visib|scale|filter|zoom|translate|inset|margin|background",
    re.IGNORECASE,
)
_KEPT = 256
"""Style attributes of one mail whose meaning is kept: mail repeats few, an attack invents many."""
_ZERO = re.compile(r"^[+-]?0*\.?0*(?:px|pt|em|rem|%|ex|cm|mm|in)?$")
_TINY = re.compile(
    r"^(?:(?:0*\.\d+|0*[01])(?:\.\d+)?(?:px|pt)|0*\.(?:0\d*|1(?:[01]\d*)?)(?:em|rem)|0*(?:\d|1[01])(?:\.\d+)?%)$"
)
"""A size below two pixels; of a text of 16 that is an eighth."""
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
_Color = tuple[int, ...] | None
"""Red, green and blue up to 255; empty for what is see-through; None where nobody knows it."""
_Effect = tuple[int, int, str, str]
"""What a style does to what is inside: the reasons to hide that it adds, and those that it takes back; the colours of
the text and of the ground as written, empty where it sets none."""
_NO_EFFECT: Final = (0, 0, "", "")


class Styles:
    """The styles of one mail."""

    __slots__ = ("_colors", "_known", "_quiet", "_read", "_tight", "keeping", "painted")

    def __init__(self, source: str) -> None:
        self._quiet, self._tight, self.keeping = _style_sheets(source)
        self._read: dict[str, _Effect] = {}
        self._known: dict[str, _Color] = {}
        # The colours of the text and of the ground in the elements that are open and set one, innermost last, each with
        # the element's place. Which elements a style sheet paints is not known.
        is_painted = "<style" in source.lower() and "background" in source and _has_ground(source)
        self._colors: list[tuple[int, _Color, _Color]] = [(-2, None, None if is_painted else (255, 255, 255))]
        self.painted = -2

    def hides(self, found: dict[str, str], around: int, place: int) -> int:
        """Why the text in an element with these attributes is hidden, given why the text around it is; 0 where it is
        shown. place: how many elements are open around it, -1 for the page itself."""
        if "hidden" in found:
            return around | GONE
        hides = around
        if self._quiet:
            for word in found.get("class", "").lower().split():
                if (effect := self._quiet.get(f".{word}")) is not None:
                    hides = hides & ~effect[1] | effect[0]
            if (effect := self._quiet.get(f"#{found.get('id', '').strip().lower()}")) is not None:
                hides = hides & ~effect[1] | effect[0]
        color, ground = found.get("color", ""), found.get("bgcolor", "")
        if "background" in found:
            ground = _PICTURE
        style = found.get("style")
        if style is not None:
            effect = self._read.get(style)
            if effect is None:
                if len(self._read) >= _KEPT:
                    self._read.clear()
                effect = self._read[style] = _effect(unescape(style))
            hides = hides & ~effect[1] | effect[0]
            color, ground = effect[2] or color, effect[3] or ground
        return self._against_ground(color, ground, hides, place) if color or ground else hides

    def _against_ground(self, color: str, ground: str, hides: int, place: int) -> int:
        """Why text is hidden in an element that sets the colour of the text, or of the ground, or both."""
        if place >= 0:
            self.close(place)  # past the limit of nesting elements follow each other at one place
        _, text, under = self._colors[-1]
        if color:
            text = () if _is_clear(color) else self._color(color)
        if ground:
            under = self._color(ground)
        self._colors.append((place, text, under))
        self.painted = place
        return hides | _NO_COLOR if text == () or _is_alike(text, under) else hides & ~_NO_COLOR

    def close(self, place: int) -> None:
        """The element at `place`, and all inside it, has ended."""
        while self._colors[-1][0] >= place:
            self._colors.pop()
        self.painted = self._colors[-1][0]

    def _color(self, written: str) -> _Color:
        if written not in self._known:
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[written] = _color_of(written)
        return self._known[written]

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

    def keeps_lines(self, name: str, found: dict[str, str] | None) -> bool | None:
        """Whether the line ends in an element of this name and attributes are kept; None where nothing says."""
        keeping = self.keeping
        keeps = keeping.get(name)
        if found is None:
            return keeps
        if keeping:
            words = [f".{word}" for word in found.get("class", "").lower().split()]
            for word in (*words, f"#{found.get('id', '').strip().lower()}"):
                keeps = keeping.get(word, keeps)
        style = found.get("style")
        own = None if style is None or "white-space" not in style.lower() else _keeps_lines(style)
        return keeps if own is None else own


def _keeps_lines(rules: str) -> bool | None:
    """Whether style rules keep line ends; None where they do not say."""
    space = _WHITE_SPACE.search(rules)
    return None if space is None else space.group(1).lower() in _KEEPS_LINES


_WHITE_SPACE = re.compile(r"white-space\s{0,9}:\s{0,9}([a-z-]{1,20})", re.IGNORECASE)
_KEEPS_LINES = frozenset(("pre", "pre-wrap", "pre-line", "break-spaces"))
_NARROW_MEDIA = re.compile(r"@media[^{}]{0,300}\{")
_NARROW = re.compile(r"\bprint\b|max-(?:device-)?width\s{0,3}:\s{0,3}\d{1,3}px")
_TWO_BRACES = re.compile(r"\}\s*+\}")
_SIMPLE_SELECTOR = re.compile(
    r"(?:[a-z][a-z0-9]{0,9}[\s>]{1,20}){0,8}[a-z0-9*]{0,10}([.#][-\w]{1,64})\Z", re.IGNORECASE
)


def _style_sheets(source: str) -> tuple[dict[str, _Effect], frozenset[str], dict[str, bool]]:
    """`.class` and `#id` that a style element of this mail hides, for a reader at a wide screen; the `p` and
    `.class` of paragraphs that follow each other without a margin, as Outlook's do; and the elements, `.class` and
    `#id` that keep line ends, or do not.

    A rule below another class (`u + .body .x`) or for paper and narrow screens says nothing of him.
    """
    found: dict[str, _Effect] = {}
    tight: set[str] = set()
    keeping: dict[str, bool] = {}
    if "<style" not in source and "<STYLE" not in source and "<Style" not in source:
        return found, frozenset(), keeping
    low = source.lower()
    at = low.find("<style")
    while at >= 0:
        start = low.find(">", at) + 1
        end = low.find("</style", start) if start else -1
        if not start:
            break
        for rule in _wide_screen(low[start : end if end >= 0 else len(low)]).split("}"):
            selectors, _, rules = rule.rpartition("{")
            effect = _effect(rules) if selectors else _NO_EFFECT
            color, ground = effect[2], effect[3]
            if color and (_is_clear(color) or (ground and _is_alike(_color_of(color), _color_of(ground)))):
                effect = (effect[0] | _NO_COLOR, *effect[1:])
            close = "margin" in rules and _has_no_margin(rules)
            keeps = _keeps_lines(rules) if "white-space" in rules else None
            if not effect[0] and not close and keeps is None:
                continue
            for written in selectors.rpartition("{")[2].rpartition("*/")[2].replace("<!--", "").split(","):
                selector = written.strip()
                simple = _SIMPLE_SELECTOR.match(selector)
                if simple is not None and effect[0]:
                    found[simple.group(1)] = effect
                if close and _PARAGRAPH.match(selector):
                    tight.add(selector.removeprefix("p") or "p")
                if keeps is not None and (simple is not None or selector.isalpha()):
                    keeping[selector if simple is None else simple.group(1)] = keeps
        at = low.find("<style", end) if end >= 0 else -1
    return found, frozenset(tight), keeping


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


_WHITE_PART: Final = 240
"""No eye tells white from a colour of which every part is so much of 255."""
_NAMED: Final = {
    name: (int(code[:2], 16), int(code[2:4], 16), int(code[4:], 16))
    for name, code in (
        pair.split("=")
        for pair in """
        black=000000 silver=c0c0c0 gray=808080 grey=808080 white=ffffff maroon=800000 red=ff0000 purple=800080
        fuchsia=ff00ff magenta=ff00ff green=008000 lime=00ff00 olive=808000 yellow=ffff00 navy=000080 blue=0000ff
        teal=008080 aqua=00ffff cyan=00ffff orange=ffa500 snow=fffafa ivory=fffff0 floralwhite=fffaf0 ghostwhite=f8f8ff
        whitesmoke=f5f5f5 mintcream=f5fffa azure=f0ffff aliceblue=f0f8ff honeydew=f0fff0
        """.split()  # noqa: SIM905 - a table reads better
    )
}
"""The names of HTML, and all that are white to the eye (CSS Color 4, section 6.1)."""
_HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})(?:[0-9a-f]{1,2})?\Z")
_RGB = re.compile(r"rgba?\((\d{1,3})[,\s]\s*(\d{1,3})[,\s]\s*(\d{1,3})(?:\s*[,/]\s*[\d.]{1,6}%?)?\)\Z")
_HSL = re.compile(
    r"hsla?\(([\d.]{1,9})(?:deg)?[,\s]\s*([\d.]{1,9})%[,\s]\s*([\d.]{1,9})%(?:\s*[,/]\s*[\d.]{1,6}%?)?\)\Z"
)
_PICTURE: Final = "url()"


def _color_of(written: str) -> _Color:
    """A colour as CSS and HTML write it; None for one that is not known, as that of a picture."""
    written = written.strip().lower()
    if (found := _HEX.match(written)) is not None:
        digits = found[1] if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if (found := _RGB.match(written)) is not None:
        return int(found[1]), int(found[2]), int(found[3])
    if (found := _HSL.match(written)) is not None:
        hue, saturation, lightness = map(float, found.groups())
        red, green, blue = hls_to_rgb(hue % 360 / 360, min(lightness, 100) / 100, min(saturation, 100) / 100)
        return round(red * 255), round(green * 255), round(blue * 255)
    return _NAMED.get(written)


def _is_clear(color: str) -> bool:
    return _CLEAR.match(color.replace(" ", "")) is not None


def _is_alike(text: _Color, ground: _Color) -> bool:
    """Whether no eye tells two colours from each other: the same, or both white."""
    return text is not None and ground is not None and (text == ground or min(*text, *ground) >= _WHITE_PART)


_GROUND = re.compile(
    r"b(?:ackground(?:-color)?|gcolor)\s{0,9}[:=]\s{0,9}[\"']?\s{0,9}([^;\"'<>]{0,100})", re.IGNORECASE
)
_AS_AROUND = frozenset(("inherit", "currentcolor", "unset"))
_NO_GROUND = frozenset(("", "none", "transparent", "inherit", "initial", "unset", "0", "0 0"))


def _has_ground(source: str) -> bool:
    """Whether the mail paints any ground in another colour than white, on which white text can be read."""
    grounds = (found[1].partition("!")[0].strip().lower() for found in _GROUND.finditer(source))
    return any(ground not in _NO_GROUND and not _is_alike(_color_of(ground), (255, 255, 255)) for ground in grounds)


_COMMENT = re.compile(r"/\*(?:[^*]|\*(?!/))*+(?:\*/)?")
_ESCAPE = re.compile(r"\\([0-9a-f]{1,6})\s?|\\", re.IGNORECASE)


def _effect(style: str) -> _Effect:
    """What style rules do to the text inside (T58); what is recognised is listed in docs/security.md."""
    if "/*" in style:
        style = _COMMENT.sub(" ", style)
    if "\\" in style:
        style = _ESCAPE.sub(lambda match: chr(int(match.group(1) or "20", 16) % 0x110000), style)
    if not _HIDING_HINT.search(style):
        return _NO_EFFECT
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
    color = get("-webkit-text-fill-color") or get("color", "")
    ground = get("background-color") or get("background", "")
    if "url(" in (picture := get("background-image") or get("background", "")) or "gradient" in picture:
        ground = _PICTURE
    color = "" if color in _AS_AROUND else color
    ground = "" if ground in _NO_GROUND else ground
    if _is_out_of_sight(rules):
        adds |= GONE
    return adds, takes, color, ground


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
    if _SMALL_ZOOM.match(get("zoom") or "1") or _FADED.search(get("filter", "").replace(" ", "")):
        return True
    is_placed = get("position") in ("absolute", "fixed")
    if is_placed and get("clip", "auto") not in ("auto", "inherit", ""):
        return True
    if _CUT_AWAY.match(get("clip-path", "").replace(" ", "")):
        return True
    if any(_CUTS.search(get(name, "")) for name in ("overflow", "overflow-x", "overflow-y")) and any(
        _NO_ROOM.match(get(side, "")) for side in ("height", "max-height", "width", "max-width")
    ):
        return True
    moved = [get(name, "") for name in _OFF_SCREEN]
    moved += _MOVED.findall(get("transform", "").replace(" ", "")) + get("translate", "").split()
    if is_placed or get("position") == "relative":
        moved += [get(side, "") for side in ("left", "top", "right", "bottom", "inset")]
    return any(value[:1] == "-" and _is_far(value[1:]) for value in moved)


def _is_far(length: str) -> bool:
    """Whether a length is more than any indent or margin of a page: off the screen."""
    found = _LENGTH.match(length)
    return found is not None and float(found[1]) * _PIXELS.get(found[2], 0) >= _FAR


_LENGTH = re.compile(r"(\d{1,9}(?:\.\d{0,9})?)(px|pt|pc|r?em|ex|ch|%|vw|vh|cm|mm|in)?")
_PIXELS: Final = {
    "px": 1, "pt": 1.3, "pc": 16, "em": 16, "rem": 16, "ex": 8, "ch": 8, "%": 6, "vw": 10, "vh": 8, "cm": 38, "mm": 3.8,
    "in": 96,
}  # fmt: skip
"""About so many pixels is a unit."""
_FAR: Final = 500
"""Pixels; those who hide text so write thousands, and lists of Word have indents of a hundred at most."""
_NO_ROOM = re.compile(r"[+-]?(?:0+(?:\.0*)?|\.0+)(?:px|pt|em|rem|%|ex|cm|mm|in)?\Z|0*(?:1|1?\.\d{1,9})(?:px|pt)\Z")
_CUTS = re.compile(r"hidden|clip|scroll|auto")
_CUT_AWAY = re.compile(
    r"inset\((?:[5-9]\d|100)%|circle\(0(?!\.)|ellipse\(0(?!\.)|polygon\(0(?:px|%)?0(?:px|%)?,0(?:px|%)?0"
)
_SMALL_ZOOM = re.compile(r"0*(?:\.0\d*|\.)\d*\Z|[0-9](?:\.\d*)?%\Z")
_MOVED = re.compile(r"translate(?:x|y|3d)?\((?:[^(),]{1,9},)?(-[\d.]{1,9}[a-z%]{0,3})")
_SHRUNK = re.compile(r"scale(?:x|y|3d)?\(0*(?:\.0\d*)?[,)]|scale(?:3d)?\([^,()]{1,9},0*(?:\.0\d*)?[,)]")
_FADED = re.compile(r"opacity\((?:0*(?:\.0\d*)?|\d?(?:\.\d*)?%)\)")
"""Below a tenth of the size, and of the strength."""
_OFF_SCREEN = ("text-indent", "margin-left", "margin-right", "margin-top", "margin")
