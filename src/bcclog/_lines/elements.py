"""HTML as its standard has it: elements and what they do to a line, attributes, character references, and the stack of
open elements.

The stack is kept by those rules of the standard that matter to a reader: an end tag closes what it can reach, a cell
ends the cell before it, formatting that its block cut off goes on. So it says what each piece of text inherits: whether
it is hidden, how deep it is quoted, whether its line ends are kept. Each element is pushed and popped once and every
look-up is by index: linear for any input (T60).
"""

import html as html_entities
import re
from typing import Final

_ATTRIBUTE = re.compile(r"""(?<![^\s/>="'])([^\s/>="'][^\s/>=]{0,63}+)\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s"'>][^\s>]*+)""")
_ZEROS_FIRST = re.compile(r"&#0{7,}+")
_LONG_NUMBER = re.compile(r"&#[0-9]{9,}+;?")
BREAKS = frozenset(
    """
    address article aside blockquote center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr
    li main nav ol p pre section table tbody tfoot thead tr ul
    """.split()  # noqa: SIM905 - a table reads better
)
LINE_ENDS = BREAKS | {"br"}
SPACED = frozenset(
    """
    blockquote h1 h2 h3 h4 h5 h6 ol p pre table ul
    """.split()  # noqa: SIM905 - a table reads better
)
UNSEEN_ELEMENTS = frozenset(
    """
    audio canvas datalist iframe math noembed noframes noscript object rp script select style svg template textarea
    title video
    """.split()  # noqa: SIM905 - a table reads better
)
RAW = frozenset(("script", "style", "title", "textarea", "xmp", "noframes", "iframe", "noembed"))
VOID = frozenset(
    """
    area base br col embed hr img input link meta param source track wbr
    """.split()  # noqa: SIM905 - a table reads better
)
_SPECIAL = (BREAKS - {"hr"}) | frozenset(("button", "caption", "object", "select", "td", "template", "th"))
"""Elements that an inline end tag does not reach through (the standard's "special")."""
FORMATTING = frozenset(
    ("a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u")
)
"""Elements that go on behind the block that cut them off, until their own end tag ("active formatting elements")."""
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
"""The end tag of one closes any other."""
CELLS = ("td", "th", "caption")
_TABLE = frozenset(("table", "tbody", "tfoot", "thead", "tr", *CELLS))
_AROUND_ITEMS = tuple(sorted(_SPECIAL - {"address", "dd", "div", "dt", "li", "p"}))
"""Elements that the start of a list's item does not reach out of."""
_ENDS_BEFORE = {
    "li": (("li",), (*_AROUND_ITEMS, "dd", "dt")),
    "dd": (("dd", "dt"), (*_AROUND_ITEMS, "li")),
    "dt": (("dd", "dt"), (*_AROUND_ITEMS, "li")),
    "td": (CELLS, ("table",)),
    "th": (CELLS, ("table",)),
    "tr": (("tr", "caption"), ("table",)),
    "tbody": (("tbody", "thead", "tfoot", "caption"), ("table",)),
    "thead": (("tbody", "thead", "tfoot", "caption"), ("table",)),
    "tfoot": (("tbody", "thead", "tfoot", "caption"), ("table",)),
    "table": (("table",), CELLS),
    "option": (("option",), ("select",)),
}
"""Start tag -> the elements that it ends, and those in which it looks for them."""
MISPLACED: Final = 64
"""Unclosed quotes, and misplaced ends of formatting, that are put right: each may cost a look through what is open."""


def unescape(text: str) -> str:
    """The text with its character references decoded; numbers too long to be one are U+FFFD, as browsers show them.

    The standard library turns the digits into a number first and raises past 4,300 of them.
    """
    if "&" not in text:
        return text
    if "&#" in text:
        text = _LONG_NUMBER.sub("\ufffd", _ZEROS_FIRST.sub("&#0", text))
    return html_entities.unescape(text)


def attributes_of(text: str) -> dict[str, str]:
    """Names in lower case to values without quotes; the first of a repeated name counts, as browsers read it."""
    found: dict[str, str] = {}
    for name, value in _ATTRIBUTE.findall(text):
        if value[0] in "\"'":
            value = value[1:-1]
        found.setdefault(name.lower(), value)
    if "hidden" in text and "hidden" not in found and re.search(r"(?:^|\s)hidden(?:[\s/]|$)", text):
        found["hidden"] = ""
    return found


_Open = tuple[str, int, int, int, int]
"""An open element: its name, and what held before it: why text is hidden, quote depth, `pre` depth, and the place of
the nearest special element."""


class OpenElements:
    """The elements that are open at a place, outermost first.

    hides: why the text here is hidden, as bits; 0 where it is shown. quotes: levels of quotes around it; pre: not 0
    where its line ends are kept.
    """

    __slots__ = ("_is_formatted", "_places", "_special", "_stack", "hides", "pre", "quotes")

    def __init__(self) -> None:
        self._stack: list[_Open] = []
        self._places: dict[str, list[int]] = {}
        self._special = -1
        self._is_formatted = False
        self.hides = self.quotes = self.pre = 0

    def __len__(self) -> int:
        return len(self._stack)

    def names(self) -> list[str]:
        """Their names."""
        return [name for name, *_ in self._stack]

    def place(self, name: str) -> int:
        """Where the innermost element of that name is; -1 without one."""
        found = self._places.get(name)
        return found[-1] if found else -1

    def push(self, name: str, hides: int) -> int:
        """Open an element in which text is hidden for these reasons; its place."""
        place = len(self._stack)
        found = self._places.get(name)
        if found is None:
            self._places[name] = [place]
        else:
            found.append(place)
        self._stack.append((name, self.hides, self.quotes, self.pre, self._special))
        if name in _SPECIAL:
            self._special = place
        if hides != self.hides:
            self._is_formatted = self._is_formatted or name in FORMATTING
            self.hides = hides
        return place

    def ended_by(self, name: str) -> int:
        """The place of the element that the start of another one ends, -1 for none."""
        if not self._stack:
            return -1
        if name in _ENDS_BEFORE:
            ended, scope = _ENDS_BEFORE[name]
            place = self._last(ended)
            if place > self._last(scope):
                return place
        if name in BREAKS:
            if self._special >= 0 and self._stack[self._special][0] == "p":
                return self._special
            if name in _HEADINGS and self._stack[-1][0] in _HEADINGS:
                return len(self._stack) - 1
        return -1

    def closed_by(self, name: str) -> int:
        """The place of the element that the end tag closes, -1 where it reaches none."""
        place = self._last(_HEADINGS) if name in _HEADINGS else self.place(name)
        if place < 0 or place == len(self._stack) - 1:
            return place
        if name in _SPECIAL:
            return place if place >= self._last(_SCOPES.get(name, _SCOPE)) else -1
        return place if place > self._special else -1

    def has_block_above(self, place: int) -> bool:
        """Whether an element that breaks the line is open inside the one at `place`."""
        above = self._stack[place + 1 :]
        return bool(above) and any(inner in BREAKS for inner, *_ in above)

    def close(self, place: int) -> None:
        """Take the element at `place` and all inside it off the stack."""
        stack, places = self._stack, self._places
        if place == len(stack) - 1:
            name, self.hides, self.quotes, self.pre, self._special = stack.pop()
            places[name].pop()
            return
        after = self.hides
        name, self.hides, self.quotes, self.pre, self._special = stack[place]
        carried, carrier = self.hides, ""
        if self._is_formatted and name not in CELLS:
            for number in range(place + 1, len(stack)):
                inner, before, *_ = stack[number]
                if inner in FORMATTING:
                    changed = before ^ (stack[number + 1][1] if number + 1 < len(stack) else after)
                    carried = carried & ~changed | (before ^ changed) & changed
                    carrier = inner
        for inner, *_ in stack[place:]:
            places[inner].pop()
        del stack[place:]
        if carrier:
            self.push(carrier, carried)

    def take_back(self, name: str) -> bool:
        """End formatting under blocks that stay open: what it hid is shown again, unless they hide it. False where
        nothing of it can be hidden."""
        if not self._is_formatted or name not in FORMATTING:
            return False
        stack = self._stack
        place = self._places[name].pop()
        after = stack[place + 1][1]
        changed = stack[place][1] ^ after
        stack[place] = ("", *stack[place][1:])
        self._places.setdefault("", []).append(place)
        for number in range(place + 1, len(stack)):
            inner, hides, quotes, kept, nearest = stack[number]
            if (hides ^ after) & changed:
                return True
            stack[number] = (inner, hides ^ changed, quotes, kept, nearest)
        if not (self.hides ^ after) & changed:
            self.hides ^= changed
        return True

    def _last(self, names: tuple[str, ...]) -> int:
        return max(map(self.place, names))


_SCOPE: Final = ("table", *CELLS)
_SCOPES: Final = {"li": ("ul", "ol", *_SCOPE), **dict.fromkeys(_TABLE, ("table",))}
"""Elements that an end tag does not reach out of: of a list's item, of a table's parts, of all others."""
