"""HTML to lines with offsets and marks: the second witness of a forward.

Facts about HTML in mail: it is written by mail clients, cut by gateways, and forged by attackers; what counts is what
a reader sees, line by line, and where in the source it stands. docs/limits.md says by measurement why no library stands
here: each takes quadratic time or memory for hostile input, and most give no places.

How it thinks: tags are cut by one possessive pattern and `str.find`. Text goes to the line that is being written, or to
what is hidden; a tag ends the line or not. What is open around it (`elements`) and the styles (`css`) say the rest.
Linear for any input (T60).
"""

import html as html_entities
import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote

from bcclog._catalogue.catalogue import Catalogue, Mark
from bcclog._lines.css import GONE, Styles
from bcclog._lines.elements import (
    BREAKS,
    CELLS,
    LINE_ENDS,
    MISPLACED,
    RAW,
    SPACED,
    UNSEEN_ELEMENTS,
    VOID,
    OpenElements,
    attributes_of,
    unescape,
)
from bcclog._lines.lines import UNSEEN, Line, new_line
from bcclog._people.normal import SOFT_BREAK
from bcclog.codes import Code
from bcclog.policy import DEFAULT_LIMITS, Limits

# A quote is one behind `=` only: elsewhere in a tag browsers read it as a letter.
_TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,63})((?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+'|(?!["'])[^\s>]*+))*+)>""")
_NOT_IN_URL = re.compile(r"\A[\x00-\x20]++|[\t\r\n]")
_AS_SHOWN = str.maketrans("\u00a0\r\n", "   ")
_KEPT = 256
"""Start tags of one mail whose meaning is kept: mail repeats few, an attack invents many."""
_HOLDERS = frozenset(("wrapper", "body"))
"""Roles of marks on elements that hold the forwarded message, or its body alone."""


class Extent(NamedTuple):
    """An element in which a client puts the forwarded message. mark: by which it is known; tag: its name; first, last:
    its lines, half-open; end: offset of its end tag."""

    mark: Mark
    tag: str
    first: int
    last: int
    end: int


class HtmlLines(NamedTuple):
    """What a reader sees, and what is hidden from him.

    lines: visible lines; spans count in the HTML source. breaks[i]: offset just after the tag that ended line i.
    hidden: lines that are in the source and not to be seen. marks: (line number, mark) of catalogued marks, the line
    being the first that follows. extents: the elements that are marked as holding a forward, in the order in which they
    begin; without those behind which an end tag of their kind is left over, since nobody knows where they really end.
    forged: line numbers in which a link's target is not the address shown (T59).
    notes: WARN_LIMIT_QUOTE_DEPTH and WARN_LIMIT_HTML_NESTING where deeper nesting was flattened, WARN_LONG_LINE, and
    REFUSE_LIMIT_CONTENT where the lines end at `max_lines`.
    """

    lines: list[Line]
    breaks: list[int]
    hidden: list[Line]
    marks: list[tuple[int, Mark]]
    extents: list[Extent]
    forged: frozenset[int]
    notes: tuple[Code, ...]


def html_lines(source: str, catalogue: Catalogue, limits: Limits = DEFAULT_LIMITS) -> HtmlLines:
    """Cut HTML into visible lines in one pass; linear in `len(source)` for any input (T60)."""
    reader = Reader(source, catalogue, limits)
    reader.read()
    return reader.found()


class Reader:
    """One pass over one source. `pieces` is the text of the line being written, `line_start` where it begins, -1 before
    its first letter; `less` is the place of the tag being read."""

    __slots__ = (
        "breaks", "close_set", "comments_end", "extents", "failures", "forged", "hidden_lines", "hidden_pieces",
        "hidden_start", "holding", "in_row", "index", "left_over", "less", "limits", "line_start", "lines", "link",
        "links", "marks", "notes", "open", "over", "over_hides", "pieces", "source", "styles", "tags",
    )  # fmt: skip

    def __init__(self, source: str, catalogue: Catalogue, limits: Limits) -> None:
        self.source = source
        self.limits = limits
        self.index = catalogue.marks
        self.styles = Styles(source)
        self.open = OpenElements()
        # What is found.
        self.lines: list[Line] = []
        self.breaks: list[int] = []
        self.hidden_lines: list[Line] = []
        self.marks: list[tuple[int, Mark]] = []
        self.extents: list[Extent] = []
        self.forged: set[int] = set()
        self.notes: dict[Code, None] = {}
        # The lines being written.
        self.pieces: list[str] = []
        self.line_start = -1
        self.hidden_pieces: list[str] = []
        self.hidden_start = 0
        self.link: tuple[int, str] | None = None  # the open link: its first piece, whom it writes to
        self.links: list[tuple[int, int, str]] = []
        self.in_row = False  # a cell stands before in the row
        # Elements: those that hold a forward, with the number of their extent; end tags that ended nothing; paragraphs
        # without an empty line behind them; how many are flattened, and why text was hidden around these.
        self.holding: list[tuple[int, int]] = []
        self.left_over: dict[str, int] = {}
        self.close_set: set[int] = set()
        self.over = self.over_hides = 0
        self.tags: dict[tuple[str, str], tuple[dict[str, str], tuple[Mark, ...]]] = {}
        self.less = 0
        self.failures = 0
        self.comments_end = -2  # -1: no comment ends any more

    def read(self) -> None:
        """Text and tags in turn, to the end of the source or to where the rest cannot be seen."""
        source, size, limits = self.source, len(self.source), self.limits
        at = 0
        while 0 <= at < size:
            less = source.find("<", at)
            if less < 0:
                less = size
            if less > at:
                self.text(at, less)
            if less == size:
                break
            if len(self.lines) + len(self.hidden_lines) >= limits.max_lines:
                self.notes[Code.REFUSE_LIMIT_CONTENT] = None
                break
            self.less = less
            match = _TAG.match(source, less) if self.failures < MISPLACED else None
            if match is None:
                at = self.odd_tag(less)
                continue
            closing, name, attributes = match.groups()
            at = match.end()
            if closing:
                self.end(name.lower(), at)
            else:
                at = self.start(name.lower(), attributes, at)
        if self.hidden_pieces:
            self.flush_hidden(size)
        self.flush(size)

    def odd_tag(self, less: int) -> int:
        """What begins with `<` and is no tag in form; where to go on, -1 where nothing behind it can be seen."""
        source = self.source
        following = source[less + 1 : less + 2]
        if following in "!?":
            if not source.startswith("<!--", less):
                return source.find(">", less) + 1 or -1
            if self.comments_end != -1:
                self.comments_end = source.find("-->", less + 2)
            return self.comments_end + 3 if self.comments_end >= 0 else -1
        if following.isalpha() or (following == "/" and source[less + 2 : less + 3].isalpha()):
            # An unclosed quote: the tag ends at the next `>`. Counted, so that it cannot be made to rescan for ever.
            self.failures += 1
            end = source.find(">", less) + 1
            if not end:
                return -1
            first = less + 1 + (following == "/")
            name = re.split(r"[\s/>]", source[first : min(end, first + 65)], maxsplit=1)[0]
            if following != "/":
                return self.start(name.lower(), source[first + len(name) : end - 1], end)
            self.end(name.lower(), end)
            return end
        if following == "/":
            return source.find(">", less) + 1 or -1
        (self.hidden_pieces if self.open.hides else self.pieces).append("&lt;")
        return less + 1

    # --- text ---------------------------------------------------------------------------------------------------

    def text(self, at: int, end: int) -> None:
        """The text between two tags."""
        source = self.source
        if self.open.hides:
            if not self.hidden_pieces:
                self.hidden_start = at
            self.hidden_pieces.append(source[at:end])
            return
        if self.hidden_pieces:
            self.flush_hidden(at)
        newline = source.find("\n", at, end) if self.open.pre else -1
        while newline >= 0 and len(self.lines) < self.limits.max_lines:
            if self.line_start < 0:
                self.line_start = at
            self.pieces.append(source[at:newline])
            self.flush(newline, True)
            self.line_start = at = newline + 1
            newline = source.find("\n", at, end)
        text = source[at:end]
        if self.line_start < 0 and not text.isspace():
            self.line_start = at
        self.pieces.append(text)

    def flush(self, after: int, blank: bool = False) -> None:
        """End the line that is being written. after: the place behind what ended it; blank: keep an empty one."""
        if not (self.pieces or self.links or blank):
            return
        if self.links:
            _show_targets(self.pieces, self.links, self.forged, len(self.lines), self.limits.max_line_chars)
            self.links = []
        text = "".join(self.pieces)
        self.pieces = []
        if "&" in text:
            text = unescape(text)
        if self.open.pre:
            text = text.translate(_AS_SHOWN).rstrip()
        elif "\u00a0" in text:
            blank = True  # a no-break space alone is a line for who reads it
            text = " ".join(" ".join(piece.split()) for piece in text.split("\u00a0")).rstrip()
        else:
            text = " ".join(text.split())
        if text[-1:] > "~" and not text.strip(UNSEEN):
            text, blank = "", True
        if text or blank:
            start = self.line_start if self.line_start >= 0 else after
            self.lines.append(new_line((text, self.open.quotes, start, after)))
            self.breaks.append(after)
        self.line_start = -1

    def flush_hidden(self, after: int) -> None:
        """End the line of hidden text."""
        text = " ".join(unescape("".join(self.hidden_pieces)).split())
        if text:
            self.hidden_lines.append(Line(text, self.open.quotes, self.hidden_start, after))
        self.hidden_pieces = []

    def next_line(self) -> int:
        """The number of the line that what follows will be on."""
        return len(self.lines) + (self.line_start >= 0)

    # --- tags ---------------------------------------------------------------------------------------------------

    def start(self, name: str, attributes: str, end: int) -> int:
        """A start tag; where to go on, -1 where the rest of the source is its text."""
        opened = self.open
        if opened.hides and name in LINE_ENDS:
            self.flush_hidden(self.less)
        ended = opened.ended_by(name)
        if ended >= 0:
            self.close(ended, self.less)
        found: dict[str, str] | None = None
        marks: tuple[Mark, ...] = ()
        if attributes or (name == "hr" and "" in self.index):
            found, marks = self.said_by(name, attributes)
        hides = opened.hides
        if name in UNSEEN_ELEMENTS:
            if name in RAW:
                return find_close(self.source, name, end)
            hides |= GONE
        elif found and name not in VOID:
            hides = self.styles.hides(found, hides, -1 if name in ("html", "body") else len(opened))
        gone = hides & GONE
        if name == "br":
            if not gone:  # in text of the ground's colour too
                self.flush(end, True)
        elif name in BREAKS and not gone:
            self.flush(self.less)
            if name == "tr":
                self.in_row = False
        elif name in CELLS:
            if gone:
                self.hidden_pieces.append(" ")
            elif self.pieces and self.in_row:
                self.pieces.append(" ")
            self.in_row = True
        elif name == "a" and found is not None and not opened.hides:
            target = _mailto(found.get("href", ""))
            if target is not None:
                self.link = (len(self.pieces), target)
        place = -1
        if name in ("html", "body"):
            opened.hides = hides  # their end tags end nothing
        elif name not in VOID and not (gone and attributes.endswith("/")):
            place = self.push(name, found, hides)
        if marks and not gone:
            self.mark(name, marks, place)
        return end

    def said_by(self, name: str, attributes: str) -> tuple[dict[str, str], tuple[Mark, ...]]:
        """The attributes of a start tag and the marks it bears. A mail says the same of many elements: read once."""
        said = self.tags.get((name, attributes))
        if said is None:
            if len(self.tags) >= _KEPT:
                self.tags.clear()
            own = attributes_of(attributes)
            said = self.tags[name, attributes] = (own, _marks_of(self.index, name, own))
        return said

    def push(self, name: str, found: dict[str, str] | None, hides: int) -> int:
        """Open the element; its place, -1 where it is flattened."""
        opened, limits = self.open, self.limits
        if len(opened) >= limits.max_html_depth:
            # Flattened: what it hides is hidden until as many elements ended as began here.
            self.notes[Code.WARN_LIMIT_HTML_NESTING] = None
            if not self.over:
                self.over_hides = opened.hides
            self.over += 1
            opened.hides = hides
            return -1
        place = opened.push(name, hides)
        if name == "p":
            if self.styles.is_close_set(found):
                self.close_set.add(place)
            else:
                self.close_set.discard(place)
        if found is not None or self.styles.keeping:
            keeps = self.styles.keeps_lines(name, found)
            if keeps is not None:
                opened.pre = opened.pre + 1 if keeps else 0
        if name == "blockquote":
            opened.quotes += 1
            if opened.quotes > limits.max_quote_depth:
                opened.quotes = limits.max_quote_depth
                self.notes[Code.WARN_LIMIT_QUOTE_DEPTH] = None
        elif name == "pre":
            opened.pre += 1
        return place

    def mark(self, name: str, marks: tuple[Mark, ...], place: int) -> None:
        """Note the marks that an element bears, and how far it reaches where it holds a forward."""
        line = self.next_line()
        for mark in marks:
            self.marks.append((line, mark))
            if mark.role in _HOLDERS and place >= 0:
                self.holding.append((place, len(self.extents)))
                self.extents.append(Extent(mark, name, line, -1, -1))

    def end(self, name: str, end: int) -> None:
        """An end tag. That of a block which is not open shows nothing, but for `</p>`, which makes an empty one.
        `</br>` is `<br>`."""
        opened = self.open
        if name == "br":
            self.start(name, "", end)
            return
        place = -1 if self.over else opened.closed_by(name)
        is_end = place >= 0 or bool(self.over) or name == "p"
        if opened.hides and name in LINE_ENDS and is_end:
            self.flush_hidden(self.less)
        was_gone = opened.hides & GONE
        is_spaced = (
            is_end and name in SPACED and not was_gone and not (name == "p" and opened.place("p") in self.close_set)
        )
        if name == "a" and self.link is not None:
            first, target = self.link
            self.links.append((first, len(self.pieces), target))
            self.link = None
        elif name in BREAKS and not was_gone and is_end:
            self.flush(end)
            if name == "tr":
                self.in_row = False
        if self.over:
            self.over -= 1
            if not self.over:
                opened.hides = self.over_hides
        elif place >= 0:
            self.close(place, end)
        elif opened.place(name) < 0:
            self.left_over[name] = self.less
        elif self.failures < MISPLACED and opened.take_back(name):
            self.failures += 1
        if is_spaced and self.lines and self.lines[-1].text:
            self.lines.append(Line("", opened.quotes, end, end))
            self.breaks.append(end)

    def close(self, place: int, after: int) -> None:
        """Close the element at `place`; a block that ends inside it ends its line at `after`."""
        holding = self.holding
        while holding and holding[-1][0] >= place:
            number = holding.pop()[1]
            self.extents[number] = self.extents[number]._replace(last=self.next_line(), end=self.less)
        if self.pieces and self.open.has_block_above(place):
            self.flush(after)
        self.open.close(place)
        if self.styles.painted >= place:
            self.styles.close(place)

    def found(self) -> HtmlLines:
        """What the pass has found."""
        extents = self.extents
        if extents:
            if Code.WARN_LIMIT_HTML_NESTING in self.notes:
                extents = []
            extents = [
                one if one.last >= 0 else one._replace(last=len(self.lines), end=len(self.source))
                for one in extents
                if one.last < 0 or self.left_over.get(one.tag, -1) < one.end
            ]
        most = self.limits.max_line_chars
        if len(self.source) > most and any(len(line.text) > most for line in self.lines):
            self.notes[Code.WARN_LONG_LINE] = None
        return HtmlLines(
            self.lines, self.breaks, self.hidden_lines, self.marks, extents, frozenset(self.forged), tuple(self.notes)
        )


def _marks_of(index: Mapping[str, Mapping[str, tuple[Mark, ...]]], tag: str, found: dict[str, str]) -> tuple[Mark, ...]:
    """The marks of the catalogue that a tag with these attributes bears."""
    marks: list[Mark] = []
    for name, value in found.items() or (("", ""),):
        by_text = index.get(name)
        if by_text is None:
            continue
        texts = dict.fromkeys((value, *value.split()) if name else ("",))
        if "x_" in value:  # Outlook on the web puts it before the classes and ids of what it quotes
            texts.update(dict.fromkeys([word.removeprefix("x_") for word in value.split()]))
        for text in texts:
            # The empty string is the place of those that are held against the whole value.
            if (text or not name) and text in by_text:
                marks += [mark for mark in by_text[text] if mark.tag in (None, tag)]
        marks += [mark for mark in by_text.get("", ()) if mark.tag in (None, tag) and _has(mark, value)]
    return tuple(marks)


def _has(mark: Mark, value: str) -> bool:
    if mark.how == "prefix":
        return value.startswith(mark.text)
    if mark.how == "contains":
        # Clients and gateways put blanks into styles as they like; the catalogue holds them without.
        return mark.text in (value.replace(" ", "").lower() if mark.text not in value else value)
    return mark.how == "tag"


def _show_targets(pieces: list[str], links: list[tuple[int, int, str]], forged: set[int], line: int, most: int) -> None:
    """Let the line show the address behind a link whose text has none, and note one whose text has another (T59)."""
    shown = unescape("".join(pieces)).lower()
    if len(shown) > most:
        return  # never a line of a header block, and each link is looked for in all of it
    if not shown.isascii():
        shown = SOFT_BREAK.sub("", shown)
    missing = []
    is_shown: dict[str, bool] = {}
    for start, end, written in links:
        linked = _addresses(written[:most])
        for address in linked:
            if address not in is_shown:
                is_shown[address] = _is_shown(address.lower(), shown)
        target = ", ".join(address for address in linked if not is_shown[address])
        if not target:
            continue
        missing.append(target)
        text = "".join(pieces[start:end])
        if "@" in unescape(text):
            forged.add(line)
        elif end > start and text.strip():
            pieces[end - 1] += f" &lt;{html_entities.escape(target)}&gt;"
    if "@" in shown and missing:
        forged.add(line)


def _is_shown(address: str, shown: str) -> bool:
    """Whether a text shows an address whole, and not a longer one that holds it."""
    end = 0
    for _ in range(_MAX_LONGER):
        at = shown.find(address, end)
        if at < 0:
            break
        end = at + len(address)
        if not _OF_LONGER_LEFT.match(shown[max(0, at - 1) : at]) and not _OF_LONGER_RIGHT.match(shown[end : end + 2]):
            return True
    return False


def _addresses(target: str) -> list[str]:
    """The addresses of a link; clients write the marks around an address into it (`mailto:'kim@x.example'`)."""
    found = (part.rpartition("<")[2].strip(" \t'\"<>") for part in _PARTED.split(target))
    return [address for address in found if "@" in address]


def _mailto(href: str) -> str | None:
    """Whom a `mailto:` link writes to, as a browser reads it: character references decoded, blanks in front and line
    ends and tabs anywhere taken out, percent codes decoded once, the header fields behind `?` left out (T59)."""
    if href.startswith("http"):
        return None
    href = _NOT_IN_URL.sub("", unescape(href))
    if href[:7].lower() != "mailto:":
        return None
    return unquote(href[7:].partition("?")[0]).strip()


def find_close(source: str, name: str, at: int) -> int:
    """Offset after the end tag of a raw-text element, -1 when it never ends. Searched case-insensitively but without
    lowering the whole source each time."""
    match = re.compile(f"</{name}[^>]{{0,1000}}>", re.IGNORECASE).search(source, at)
    return -1 if match is None else match.end()


_PARTED = re.compile(r"[,;]")
_MAX_LONGER = 32
"""So many longer addresses that hold a link's are passed over in one line."""
_OF_LONGER_LEFT = re.compile(r"[\w.+%-]")
_OF_LONGER_RIGHT = re.compile(r"[._-]?[^\W_]")
