"""A piece of a mail's HTML as one that can stand in a page: it ends what it begins, and nothing else.

What is cut out of a mail can end elements that began above the cut. In a page these end tags would end the page's own;
without them the lines that they part would run together. So such elements begin with the piece.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from bcclog._catalogue.catalogue import Catalogue
from bcclog._lines.elements import BREAKS, CELLS, FORMATTING, RAW, VOID
from bcclog._lines.html import Reader, find_close
from bcclog.policy import DEFAULT_LIMITS

_OF_TABLE: Final = frozenset(("tbody", "thead", "tfoot", "tr", "colgroup", "col", *CELLS))
"""Elements that are nothing outside a table, and that inside one end what is open of it."""
_HOLDERS: Final = {**dict.fromkeys(_OF_TABLE, ("table",)), "li": ("ul", "ol"), "dd": ("dl",), "dt": ("dl",)}
"""Elements that would end one of the page's own kind, and what must stand around them."""
_PARTING: Final = BREAKS.union(CELLS)
_DRAWN: Final = ("svg", "math")
"""Elements in which a tag that ends with `/>` ends its element."""
_ALONE: Final = frozenset(("a", "nobr"))
"""Formatting that ends where another of its kind begins."""
_SHOWN: Final = frozenset(("embed", "hr", "img", "input"))


def balanced(above: str, piece: str, catalogue: Catalogue) -> str:
    """The piece of HTML as a fragment whose elements all begin and end in it. above: what stands above it in the mail.

    An element that began above and ends between two things that are seen begins with the piece, without its attributes;
    where nothing is seen before its end tag, or behind, that tag is left out. The end tags that the piece lacks stand
    at its end. A piece that ends inside a comment or a tag ends before that. All else stays as it is written. Linear in
    the length of both (T60).
    """
    around = _Tags(above, (), catalogue)
    around.read()
    fragment = _Tags(piece, around.open.names(), catalogue)
    fragment.read()
    return fragment.whole()


class _Ended(NamedTuple):
    """An end of elements that began above the piece. places: where they are; start, end: its tag, empty where none of
    their own ends them; is_needed: elements of the piece end with them."""

    places: range
    start: int
    end: int
    is_needed: bool


class _Tags(Reader):
    """A pass over a piece of HTML that asks of its tags alone which element each one ends.

    above: names of the elements that are open where the piece begins; base: how many of them still are. ended: the ends
    of the others. holders: places of those that have to stand around parts of theirs. left_out: tags that end nothing.
    first, last: where what is seen begins, and where the last of it ends; stop: where the rest cannot be seen. active:
    the formatting that goes on until its own end tag, counted for each cell apart, with the cell's place. is_odd: the
    tag being read has a quote without end.
    """

    __slots__ = ("above", "active", "base", "ended", "first", "holders", "is_odd", "last", "left_out", "stop")

    def __init__(self, piece: str, above: Sequence[str], catalogue: Catalogue) -> None:
        super().__init__(piece, catalogue, DEFAULT_LIMITS)
        self.above = above
        for name in above:
            self.open.push(name, 0)
        self.base = len(above)
        self.ended: list[_Ended] = []
        self.holders: set[int] = set()
        self.left_out: list[tuple[int, int]] = []
        self.first, self.last = len(piece), -1
        self.stop = len(piece)
        self.active: list[tuple[int, Counter[str]]] = [(-1, Counter())]
        self.is_odd = False

    def odd_tag(self, less: int) -> int:
        self.is_odd = True
        at = super().odd_tag(less)
        self.is_odd = False
        if at < 0:
            self.stop = less
        return at

    def text(self, at: int, end: int) -> None:
        if not self.source[at:end].isspace():
            self.see(at, end)

    def see(self, at: int, end: int) -> None:
        """Something is to be seen there."""
        self.first = min(self.first, at)
        self.last = end

    def start(self, name: str, attributes: str, end: int) -> int:
        opened = self.open
        holder = max(map(opened.place, _HOLDERS[name])) if name in _HOLDERS else self.base
        if self.is_odd or name == "plaintext" or (holder < 0 and name in _OF_TABLE):
            self.left_out.append((self.less, end))
            return end
        if name in RAW:
            after = find_close(self.source, name, end)
            if after < 0:
                self.stop = self.less
            return after
        if 0 <= holder < self.base:
            self.holders.add(holder)
            self.last = end
        ended = opened.ended_by(name)
        if ended >= 0:
            self.close(ended, self.less)
        if name in _SHOWN:
            self.see(self.less, end)
        if name in VOID or (attributes.endswith("/") and max(map(opened.place, _DRAWN)) >= 0):
            return end
        place = opened.push(name, 0)
        if name in CELLS:
            self.active.append((place, Counter()))
        elif name in FORMATTING:
            active = self.active[-1][1]
            active[name] += not (name in _ALONE and active[name])
        return end

    def end(self, name: str, end: int) -> None:
        opened = self.open
        place = -1 if self.is_odd else opened.closed_by(name)
        active = self.active[-1][1]
        if name in FORMATTING and not self.is_odd and active[name]:
            active[name] -= 1
            place = place if place >= self.base else -1  # it goes on behind a block that cut it off
        elif name in FORMATTING and not 0 <= place < self.base:
            place = -1  # it has ended, though what began in it goes on
            self.left_out.append((self.less, end))
        elif place < 0 and name not in ("br", "p") and (self.is_odd or opened.place(name) < self.base):
            self.left_out.append((self.less, end))
        if place >= 0:
            self.close(place, end)

    def close(self, place: int, after: int) -> None:
        """Close the element at `place`, whose own end tag ends at `after`, or that of another begins there."""
        if place < self.base:
            self.ended.append(_Ended(range(place, self.base), self.less, after, len(self.open) > self.base))
            self.base = place
        self.open.close(place)
        while self.active[-1][0] >= place:
            self.active.pop()

    def whole(self) -> str:
        """The piece with what it lacks, and without what ends nothing."""
        begun = dict.fromkeys(self.holders, True)
        for one in self.ended:
            if one.is_needed or self.first < one.start < self.last:
                for place in one.places:
                    if place == one.places[0] or self.above[place] in _PARTING:
                        begun[place] = False
            elif one.end > one.start:
                self.left_out.append((one.start, one.end))
        pieces = [f"<{self.above[place]}>" for place in sorted(begun)]
        at = 0
        for start, end in sorted(self.left_out):
            pieces.append(self.source[at:start])
            at = end
        pieces.append(self.source[at : max(at, self.stop)])
        names = self.open.names()
        for place in range(len(names) - 1, self.base - 1, -1):
            around, active = self.active[-1]
            if names[place] not in FORMATTING or active[names[place]]:
                pieces.append(f"</{names[place]}>")
            active[names[place]] -= active[names[place]] > 0
            if around == place:
                self.active.pop()
        pieces += [f"</{name}>" for name in self.active[0][1].elements()]
        pieces += [f"</{self.above[place]}>" for place in sorted(begun, reverse=True) if begun[place]]
        return "".join(pieces)
