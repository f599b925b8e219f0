"""HTML to lines with offsets and marks: the second witness of a forward.

Facts about HTML in mail: it is written by mail clients, cut by gateways, and forged by attackers; what counts is what
a reader sees, line by line, and where in the source it stands. docs/limits.md says by measurement why no library stands
here: each is quadratic, gives no places, or loses text.

How it thinks: tags are cut by one possessive pattern and `str.find`. A stack of open elements, kept by the rules of the
HTML standard that matter to a reader (an end tag closes what it can reach, a cell ends the cell before it, formatting
that its block cut off goes on), says what each piece of text inherits: whether it is hidden, how deep it is quoted.
Each element is pushed and popped once and every look-up in the stack is by index: linear for any input (T60).
"""

import html as html_entities
import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote

from bcclog._catalogue import Catalogue, Mark
from bcclog._lines import UNSEEN, Line
from bcclog.codes import Code
from bcclog.policy import DEFAULT_LIMITS, Limits

# A quote is one behind `=` only: elsewhere in a tag browsers read it as a letter.
_TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,63})((?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+'|(?!["'])[^\s>]*+))*+)>""")
_ATTRIBUTE = re.compile(r"""([^\s/>="'][^\s/>=]{0,63})\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s"'>][^\s>]*+)""")
_ZEROS_FIRST = re.compile(r"&#0{7,}+")
_LONG_NUMBER = re.compile(r"&#[0-9]{9,}+;?")
_NOT_IN_URL = re.compile(r"\A[\x00-\x20]++|[\t\r\n]")
_BREAKS = frozenset(
    """
    address article aside blockquote center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr
    li main nav ol p pre section table tbody tfoot thead tr ul
    """.split()  # noqa: SIM905 - a table reads better
)
_LINE_ENDS = _BREAKS | {"br"}
_SPACED = frozenset(
    """
    blockquote h1 h2 h3 h4 h5 h6 ol p pre table ul
    """.split()  # noqa: SIM905 - a table reads better
)
_UNSEEN = frozenset(
    """
    audio canvas datalist iframe math noembed noframes noscript object rp script select style svg template textarea
    title video
    """.split()  # noqa: SIM905 - a table reads better
)
_RAW = frozenset(("script", "style", "title", "textarea", "xmp", "noframes", "iframe", "noembed"))
_VOID = frozenset(
    """
    area base br col embed hr img input link meta param source track wbr
    """.split()  # noqa: SIM905 - a table reads better
)
_SPECIAL = (_BREAKS - {"hr"}) | frozenset(("button", "caption", "object", "select", "td", "template", "th"))
"""Elements that an inline end tag does not reach through (the standard's "special")."""
_FORMATTING = frozenset(
    ("a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u")
)
"""Elements that go on behind the block that cut them off, until their own end tag ("active formatting elements")."""
_CELLS = ("td", "th", "caption")
_TABLE = frozenset(("table", "tbody", "tfoot", "thead", "tr", *_CELLS))
_ENDS_BEFORE = {
    "li": (("li",), ("ul", "ol")),
    "dd": (("dd", "dt"), ("dl",)),
    "dt": (("dd", "dt"), ("dl",)),
    "td": (_CELLS, ("table",)),
    "th": (_CELLS, ("table",)),
    "tr": (("tr", "caption"), ("table",)),
    "tbody": (("tbody", "thead", "tfoot", "caption"), ("table",)),
    "thead": (("tbody", "thead", "tfoot", "caption"), ("table",)),
    "tfoot": (("tbody", "thead", "tfoot", "caption"), ("table",)),
    "option": (("option",), ("select",)),
}
"""Start tag -> the elements that it ends, and those in which it looks for them."""
_HIDING_HINT = re.compile(
    r"hidden|none|opacity|font-size|font:|mso-hide|clip|left:|right:|top:|bottom:|height|width|color|indent|collapse|visib",
    re.IGNORECASE,
)
_FAILURES = 64
"""Unclosed quotes, and misplaced ends of formatting, that are put right: each may cost a look through what is open."""
_KEPT = 256
"""Start tags of one mail, and style attributes, whose meaning is kept: mail repeats few, an attack invents many."""
_ZERO = re.compile(r"^[+-]?0*\.?0*(?:px|pt|em|rem|%|ex|cm|mm|in)?$")
_TINY = re.compile(r"^(?:(?:0*\.\d+|0*[01])(?:\.\d+)?(?:px|pt)|0*\.0\d*(?:em|rem)|0*\d(?:\.\d+)?%)$")
_FAINT = re.compile(r"^(?:-.*|0*(?:\.0\d*)?|\d?(?:\.\d*)?%)$")
"""An opacity below a tenth."""
_CLEAR = re.compile(
    r"^(?:transparent|#[0-9a-f]{3}0|#[0-9a-f]{6}00|(?:rgb|hsl)a?\((?:(?:[^,)]*,){3}|[^/)]*/)0*(?:\.0*)?%?\))$"
)
"""A colour that is see-through."""
_SIZE_OF_ITS_OWN = re.compile(r"^(?:[\d.]{1,20}(?:px|pt|pc|cm|mm|in|rem|vw|vh)|(?:x{1,3}-)?(?:small|large)|medium)$")

_HOLDERS = frozenset(("wrapper", "body"))
"""Roles of marks on elements that hold the forwarded message, or its body alone."""
_GONE, _NO_SIZE, _INVISIBLE, _NO_COLOR = 1, 2, 4, 8
"""Why text is hidden. What is gone stays gone with all that is in it; an element inside may take back the others."""


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


_Open = tuple[str, int, int, int, int]
"""An open element: its name, and what held before it: why text is hidden, quote depth, `pre` depth, and the place of
the nearest special element."""


def html_lines(source: str, catalogue: Catalogue, limits: Limits = DEFAULT_LIMITS) -> HtmlLines:
    """Cut HTML into visible lines in one pass; linear in `len(source)` for any input (T60)."""
    lines: list[Line] = []
    breaks: list[int] = []
    hidden_lines: list[Line] = []
    marks: list[tuple[int, Mark]] = []
    extents: list[Extent] = []
    holding: list[tuple[int, int]] = []
    left_over: dict[str, int] = {}
    forged: set[int] = set()
    notes: dict[Code, None] = {}
    pieces: list[str] = []
    links: list[tuple[int, int, str]] = []
    line_start = -1
    hidden_pieces: list[str] = []
    hidden_start = 0
    link: str | None = None
    link_from = 0
    cell = False
    failures = 0
    quiet, tight = _style_sheets(source)
    close_set: set[int] = set()
    colored = ("background" in source or "bgcolor" in source) and _has_ground(source)
    index = catalogue.marks
    tags: dict[tuple[str, str], tuple[dict[str, str], tuple[Mark, ...]]] = {}
    styles: dict[str, _Effect] = {}
    most_lines, most_open, most_quotes = limits.max_lines, limits.max_html_depth, limits.max_quote_depth
    at = 0
    size = len(source)
    comments_end = -2

    stack: list[_Open] = []
    places: dict[str, list[int]] = {}
    state = depth = pre = 0
    special = -1
    over = over_state = 0
    is_formatted = False

    def flush(after: int, blank: bool = False) -> None:
        nonlocal line_start, pieces, links
        if links:
            _show_targets(pieces, links, forged, len(lines), limits.max_line_chars)
            links = []
        text = "".join(pieces)
        pieces = []
        if "&" in text:
            text = unescape(text)
        shows_blank = blank
        if pre:
            text = text.translate(_AS_SHOWN).rstrip()
        elif "\u00a0" in text:
            shows_blank = True  # a no-break space alone is a line for who reads it
            text = " ".join(" ".join(piece.split()) for piece in text.split("\u00a0")).rstrip()
        else:
            text = " ".join(text.split())
        if text[-1:] > "~" and not text.strip(UNSEEN):
            text, shows_blank = "", True
        if text or shows_blank:
            lines.append(Line(text, depth, line_start if line_start >= 0 else after, after))
            breaks.append(after)
        line_start = -1

    def flush_hidden(after: int) -> None:
        nonlocal hidden_pieces
        text = " ".join(unescape("".join(hidden_pieces)).split())
        if text:
            hidden_lines.append(Line(text, depth, hidden_start, after))
        hidden_pieces = []

    def close(place: int, after_tag: int) -> None:
        """Take the element at `place` and all inside it off the stack; a block that ends with it ends its line."""
        nonlocal state, depth, pre, special
        while holding and holding[-1][0] >= place:
            number = holding.pop()[1]
            extents[number] = extents[number]._replace(last=len(lines) + (line_start >= 0), end=less)
        if place == len(stack) - 1:
            name, state, depth, pre, special = stack.pop()
            places[name].pop()
            return
        if pieces and any(inner in _BREAKS for inner, *_ in stack[place + 1 :]):
            flush(after_tag)
        after = state
        name, state, depth, pre, special = stack[place]
        carried, carrier = state, ""
        if is_formatted and name not in _CELLS:
            for number in range(place + 1, len(stack)):
                inner, before, *_ = stack[number]
                if inner in _FORMATTING:
                    changed = before ^ (stack[number + 1][1] if number + 1 < len(stack) else after)
                    carried = carried & ~changed | (before ^ changed) & changed
                    carrier = inner
        for inner, *_ in stack[place:]:
            places[inner].pop()
        del stack[place:]
        if carrier:
            push(carrier, carried)

    def push(name: str, hides: int) -> None:
        nonlocal state, special
        place = len(stack)
        found = places.get(name)
        if found is None:
            places[name] = [place]
        else:
            found.append(place)
        stack.append((name, state, depth, pre, special))
        if name in _SPECIAL:
            special = place
        state = hides

    def take_back(place: int) -> None:
        """End formatting at `place` under blocks that stay open: what it hid is shown again, unless they hide it."""
        nonlocal state
        after = stack[place + 1][1]
        changed = stack[place][1] ^ after
        stack[place] = ("", *stack[place][1:])
        places.setdefault("", []).append(place)
        for number in range(place + 1, len(stack)):
            inner, hides, quotes, kept, nearest = stack[number]
            if (hides ^ after) & changed:
                return
            stack[number] = (inner, hides ^ changed, quotes, kept, nearest)
        if not (state ^ after) & changed:
            state ^= changed

    def last(names: tuple[str, ...]) -> int:
        most = -1
        for name in names:
            found = places.get(name)
            if found and found[-1] > most:
                most = found[-1]
        return most

    while at < size:
        less = source.find("<", at)
        if less < 0:
            less = size
        if less > at:
            if state:
                if not hidden_pieces:
                    hidden_start = at
                hidden_pieces.append(source[at:less])
            else:
                if hidden_pieces:
                    flush_hidden(at)
                newline = source.find("\n", at, less) if pre else -1
                while newline >= 0 and len(lines) < most_lines:
                    if line_start < 0:
                        line_start = at
                    pieces.append(source[at:newline])
                    flush(newline, True)
                    line_start = at = newline + 1
                    newline = source.find("\n", at, less)
                text = source[at:less]
                if line_start < 0 and not text.isspace():
                    line_start = at
                pieces.append(text)
        if less == size:
            break
        if len(lines) + len(hidden_lines) >= most_lines:
            notes[Code.REFUSE_LIMIT_CONTENT] = None
            break
        following = source[less + 1 : less + 2]
        if following in "!?":
            if source.startswith("<!--", less):
                if comments_end == -1:
                    end = -1
                else:
                    end = comments_end = source.find("-->", less + 2)
                if end < 0:
                    break
                at = end + 3
            else:
                end = source.find(">", less)
                if end < 0:
                    break
                at = end + 1
            continue
        match = _TAG.match(source, less) if failures < _FAILURES else None
        if match is not None:
            closing, name, attributes = match.groups()
            end = match.end()
        elif following.isalpha() or (following == "/" and source[less + 2 : less + 3].isalpha()):
            # An unclosed quote: the tag ends at the next `>`. Counted, so that it cannot be made to rescan for ever.
            failures += 1
            end = source.find(">", less) + 1
            if not end:
                break
            closing = "/" if following == "/" else ""
            name = re.split(r"[\s/>]", source[less + 1 + len(closing) : min(end, less + 66)], maxsplit=1)[0]
            attributes = source[less + 1 + len(closing) + len(name) : end - 1]
        elif following == "/":
            end = source.find(">", less) + 1
            if not end:
                break
            at = end
            continue
        else:
            (hidden_pieces if state else pieces).append("&lt;")
            at = less + 1
            continue
        at = end
        name = name.lower()
        if state and name in _LINE_ENDS:
            flush_hidden(less)
        if not closing:
            if stack:
                if name in _BREAKS and special >= 0 and stack[special][0] == "p":
                    close(special, less)
                elif name in _ENDS_BEFORE:
                    ended, scope = _ENDS_BEFORE[name]
                    place = last(ended)
                    if place > last(scope):
                        close(place, less)
            found: dict[str, str] | None = None
            its_marks: tuple[Mark, ...] = ()
            if attributes or (name == "hr" and "" in index):
                # A mail says the same of many elements: what its tags say is read once.
                read = tags.get((name, attributes))
                if read is None:
                    if len(tags) >= _KEPT:
                        tags.clear()
                    own = _attributes(attributes)
                    read = tags[name, attributes] = (own, _marks_of(index, name, own))
                found, its_marks = read
            hides = state
            if name in _UNSEEN:
                if name in _RAW:
                    ending = _find_close(source, name, end)
                    if ending < 0:
                        break
                    at = ending
                    continue
                hides |= _GONE
            elif found and name not in _VOID:
                hides = _hidden(found, state, quiet, colored, styles)
            gone = hides & _GONE
            place = -1
            if name == "br":
                if not state:
                    flush(end, True)
            elif name in _BREAKS and not gone:
                flush(less)
                if name == "tr":
                    cell = False
            elif name in _CELLS:
                if gone:
                    hidden_pieces.append(" ")
                elif pieces and cell:
                    pieces.append(" ")
                cell = True
            elif name == "a" and found is not None and not state:
                target = _mailto(found.get("href", ""))
                if target is not None:
                    link, link_from = target, len(pieces)
            if name in ("html", "body"):
                state = hides  # their end tags end nothing
            elif name not in _VOID and not (gone and attributes.endswith("/")):
                if len(stack) < most_open:
                    is_formatted = is_formatted or (hides != state and name in _FORMATTING)
                    place = len(stack)
                    push(name, hides)
                    if name == "p":
                        if (found or tight) and _is_close_set(found or {}, tight):
                            close_set.add(place)
                        else:
                            close_set.discard(place)
                    if found is not None and "white-space" in (style := found.get("style", "")).lower():
                        space = _WHITE_SPACE.search(style)
                        if space is not None:
                            pre = pre + 1 if space.group(1).lower() in _KEEPS_LINES else 0
                    if name == "blockquote":
                        depth += 1
                        if depth > most_quotes:
                            depth = most_quotes
                            notes[Code.WARN_LIMIT_QUOTE_DEPTH] = None
                    elif name == "pre":
                        pre += 1
                else:
                    # Flattened: what it hides is hidden until as many elements ended as began here.
                    notes[Code.WARN_LIMIT_HTML_NESTING] = None
                    if not over:
                        over_state = state
                    over += 1
                    state = hides
            if gone:
                continue
            if its_marks:
                line = len(lines) + (line_start >= 0)
                for mark in its_marks:
                    marks.append((line, mark))
                    if mark.role in _HOLDERS and place >= 0:
                        holding.append((place, len(extents)))
                        extents.append(Extent(mark, name, line, -1, -1))
        else:
            was_gone = state & _GONE
            is_close = name == "p" and bool(close_set) and bool(places.get(name)) and places[name][-1] in close_set
            if name == "a" and link is not None:
                links.append((link_from, len(pieces), link))
                link = None
            elif name in _BREAKS and not was_gone:
                flush(end)
                if name == "tr":
                    cell = False
            if over:
                over -= 1
                if not over:
                    state = over_state
            elif found_places := places.get(name):
                place = found_places[-1]
                if place == len(stack) - 1:
                    close(place, end)
                elif name in _SPECIAL:
                    if place >= last(("table",) if name in _TABLE else ("table", *_CELLS)):
                        close(place, end)
                elif place > special:
                    close(place, end)
                elif is_formatted and name in _FORMATTING and failures < _FAILURES:
                    failures += 1
                    found_places.pop()
                    take_back(place)
            else:
                left_over[name] = less
            if name in _SPACED and not was_gone and not is_close and lines and lines[-1].text:
                lines.append(Line("", depth, end, end))
                breaks.append(end)
    if hidden_pieces:
        flush_hidden(size)
    flush(size)
    if extents:
        if Code.WARN_LIMIT_HTML_NESTING in notes:
            extents = []
        extents = [
            one if one.last >= 0 else one._replace(last=len(lines), end=size)
            for one in extents
            if one.last < 0 or left_over.get(one.tag, -1) < one.end
        ]
    if any(len(line.text) > limits.max_line_chars for line in lines):
        notes[Code.WARN_LONG_LINE] = None
    return HtmlLines(lines, breaks, hidden_lines, marks, extents, frozenset(forged), tuple(notes))


def unescape(text: str) -> str:
    """The text with its character references decoded; numbers too long to be one are U+FFFD, as browsers show them.

    The standard library turns the digits into a number first and raises past 4,300 of them.
    """
    if "&" not in text:
        return text
    if "&#" in text:
        text = _LONG_NUMBER.sub("\ufffd", _ZEROS_FIRST.sub("&#0", text))
    return html_entities.unescape(text)


def _attributes(text: str) -> dict[str, str]:
    """Names in lower case to values without quotes; the first of a repeated name counts, as browsers read it."""
    found: dict[str, str] = {}
    for name, value in _ATTRIBUTE.findall(text):
        if value[0] in "\"'":
            value = value[1:-1]
        found.setdefault(name.lower(), value)
    if "hidden" in text and "hidden" not in found and re.search(r"(?:^|\s)hidden(?:[\s/]|$)", text):
        found["hidden"] = ""
    return found


def _marks_of(index: Mapping[str, Mapping[str, tuple[Mark, ...]]], tag: str, found: dict[str, str]) -> tuple[Mark, ...]:
    """The marks of the catalogue that a tag with these attributes bears."""
    marks: list[Mark] = []
    for name, value in found.items() or (("", ""),):
        by_text = index.get(name)
        if by_text is None:
            continue
        # Outlook on the web puts `x_` before the classes and ids of what it quotes.
        for text in {value, *value.split(), *(word.removeprefix("x_") for word in value.split())} if name else ("",):
            if text or not name:  # the empty string is the place of those that are held against the whole value
                marks += (mark for mark in by_text.get(text, ()) if mark.tag in (None, tag))
        marks += (mark for mark in by_text.get("", ()) if mark.tag in (None, tag) and _has(mark, value))
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
    missing = []
    for start, end, written in links:
        target = ", ".join(address for address in _addresses(written[:most]) if address.lower() not in shown)
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


def _find_close(source: str, name: str, at: int) -> int:
    """Offset after the end tag of a raw-text element, -1 when it never ends. Searched case-insensitively but without
    lowering the whole source each time."""
    match = re.compile(f"</{name}[^>]{{0,1000}}>", re.IGNORECASE).search(source, at)
    return -1 if match is None else match.end()


_PARTED = re.compile(r"[,;]")
_WHITE_SPACE = re.compile(r"white-space\s{0,9}:\s{0,9}([a-z-]{1,20})", re.IGNORECASE)
_KEEPS_LINES = frozenset(("pre", "pre-wrap", "pre-line", "break-spaces"))
_AS_SHOWN = str.maketrans("\u00a0\r\n", "   ")
_Effect = tuple[int, int]
"""What a style does to what is inside: the reasons to hide that it adds, and those that it takes back."""
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


def _is_close_set(found: dict[str, str], tight: frozenset[str]) -> bool:
    """Whether the next paragraph follows this one without an empty line, by its own style or the style sheet's."""
    style = found.get("style")
    if style is not None and "margin" in style.lower():
        own = _has_no_margin(unescape(style).lower())
        if own is not None:
            return own
    return "p" in tight or any(f".{word}" in tight for word in found.get("class", "").lower().split())


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


def _hidden(
    found: dict[str, str], state: int, quiet: dict[str, _Effect], colored: bool, styles: dict[str, _Effect]
) -> int:
    """Why the text in an element is hidden, given why the text around it is; 0 where it is shown. styles: what the
    style attributes of this mail do, as far as they were read."""
    if "hidden" in found:
        return state | _GONE
    if quiet:
        for word in found.get("class", "").lower().split():
            if (effect := quiet.get(f".{word}")) is not None:
                state = state & ~effect[1] | effect[0]
        if (effect := quiet.get(f"#{found.get('id', '').strip().lower()}")) is not None:
            state = state & ~effect[1] | effect[0]
    color = found.get("color")
    if color is not None:  # <font color>
        state = state | _NO_COLOR if not colored and color.strip().lower() in _WHITE else state & ~_NO_COLOR
    style = found.get("style")
    if style is not None:
        effect = styles.get(style)
        if effect is None:
            if len(styles) >= _KEPT:
                styles.clear()
            effect = styles[style] = _effect(unescape(style), colored)
        adds, takes = effect
        state = state & ~takes | adds
    return state


_WHITE = frozenset(("white", "#fff", "#ffffff", "rgb(255,255,255)"))
_GROUND = re.compile(
    r"b(?:ackground(?:-color)?|gcolor)\s{0,9}[:=]\s{0,9}[\"']?\s{0,9}([^;\"'<>]{0,100})", re.IGNORECASE
)
_NO_GROUND = frozenset(("", "none", "transparent", "inherit", "initial", "unset", "0", "0 0", *_WHITE))


def _has_ground(source: str) -> bool:
    """Whether the mail paints any ground in another colour than white, on which white text can be read."""
    grounds = (found[1].partition("!")[0].strip().lower() for found in _GROUND.finditer(source))
    return any(ground not in _NO_GROUND and ground.replace(" ", "") not in _WHITE for ground in grounds)


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
            or (color in _WHITE and background in _WHITE)
            or (color in _WHITE and not background and not colored)
        ):
            adds |= _NO_COLOR
        elif color not in ("inherit", "currentcolor"):
            takes |= _NO_COLOR
    if _is_out_of_sight(rules):
        adds |= _GONE
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


_OFF_SCREEN = ("text-indent", "margin-left", "margin-right", "margin-top")
