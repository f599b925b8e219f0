"""HTML to lines with offsets and marks: the second witness of a forward.

Facts about HTML in mail: it is written by mail clients, cut by gateways, and forged by attackers; what counts is what
a reader sees, line by line, and where in the source it stands. The standard library's parser gives no usable offsets
and is quadratic on unclosed tags, comments and quotes before Python 3.14 (T60); parsers that are linear are compiled
and give no offsets either. So tags are cut here, by one possessive pattern and `str.find`, and nothing else of HTML is
read: no tree, no scripts, no style sheets beyond class rules that hide (T58).
"""

import html as html_entities
import re
from typing import NamedTuple
from urllib.parse import unquote

from bcclog._data import Catalogue, Mark
from bcclog._lines import Line

_TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,63})((?:[^>"']++|"[^"]*+"|'[^']*+')*+)>""")
_ATTRIBUTE = re.compile(r"""([a-zA-Z_:][-\w:.]{0,63})\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s"'>]++)""")
_BREAKS = frozenset(
    """
    address article aside blockquote center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr
    li main nav ol p pre section table tbody tfoot thead tr ul
    """.split()  # noqa: SIM905 - a table reads better
)
_SPACED = frozenset(
    """
    blockquote h1 h2 h3 h4 h5 h6 ol p pre table ul
    """.split()  # noqa: SIM905 - a table reads better
)
_UNSEEN = frozenset(
    """
    datalist head iframe math noembed noframes noscript object script select style svg template textarea title
    """.split()  # noqa: SIM905 - a table reads better
)
_RAW = frozenset(("script", "style", "title", "textarea", "xmp", "noframes", "iframe", "noembed"))
_VOID = frozenset(
    """
    area base br col embed hr img input link meta param source track wbr
    """.split()  # noqa: SIM905 - a table reads better
)
_HIDING_HINT = re.compile(
    r"hidden|none|opacity|font-size|font:|mso-hide|clip|left:|top:|height|width|color|indent", re.IGNORECASE
)
_QUOTE_FAILURES = 64
_MAX_LINE = 8_192
_ZERO = re.compile(r"^[+-]?0*\.?0*(?:px|pt|em|rem|%|ex|cm|mm|in)?$")
_TINY = re.compile(r"^(?:0*\.\d+|0*[01])(?:\.\d+)?(?:px|pt)$")
_CLASS_RULE = re.compile(r"\.([-\w]{1,64})[^{}<>]{0,200}\{([^{}]{0,1000})\}")


class HtmlLines(NamedTuple):
    """What a reader sees, and what is hidden from him.

    lines: visible lines; spans count in the HTML source. breaks[i]: offset just after the tag that ended line i.
    hidden: lines that are in the source and not to be seen. marks: (line number, mark) of catalogued marks, the line
    being the first that follows. forged: line numbers in which a link's target is not the address shown (T59).
    """

    lines: list[Line]
    breaks: list[int]
    hidden: list[Line]
    marks: list[tuple[int, Mark]]
    forged: frozenset[int]


def html_lines(source: str, catalogue: Catalogue) -> HtmlLines:
    """Cut HTML into visible lines in one pass; linear in `len(source)` for any input (T60)."""
    lines: list[Line] = []
    breaks: list[int] = []
    hidden_lines: list[Line] = []
    marks: list[tuple[int, Mark]] = []
    forged: set[int] = set()
    pieces: list[str] = []
    links: list[tuple[int, int, str]] = []
    line_start = -1
    depth = 0
    hidden_tag = ""
    hidden_count = 0
    hidden_pieces: list[str] = []
    hidden_start = 0
    link: str | None = None
    link_from = 0
    pre = 0
    cell = False
    failures = 0
    quiet = _hiding_classes(source)
    colored = "background" in source or "bgcolor" in source
    index = catalogue.marks
    at = 0
    size = len(source)
    comments_end = -2

    def flush(after: int, blank: bool = False) -> None:
        nonlocal line_start, pieces, links
        if links:
            _show_targets(pieces, links, forged, len(lines))
            links = []
        text = "".join(pieces)
        pieces = []
        if "&" in text:
            text = html_entities.unescape(text)
        text = " ".join(text.split())
        if text or blank:
            lines.append(Line(text, depth, line_start if line_start >= 0 else after, after))
            breaks.append(after)
        line_start = -1

    while at < size:
        less = source.find("<", at)
        if less < 0:
            less = size
        if less > at:
            text = source[at:less]
            if hidden_tag:
                hidden_pieces.append(text)
            elif pre and "\n" in text:
                head, *rest = text.split("\n")
                pieces.append(head)
                place = at + len(head)
                if line_start < 0:
                    line_start = at
                for piece in rest:
                    flush(place, True)
                    line_start = place + 1
                    pieces.append(piece)
                    place += 1 + len(piece)
            else:
                if line_start < 0 and not text.isspace():
                    line_start = at
                pieces.append(text)
        if less == size:
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
        match = _TAG.match(source, less) if failures < _QUOTE_FAILURES else None
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
            pieces.append("&lt;")
            at = less + 1
            continue
        at = end
        name = name.lower()
        if hidden_tag == "head" and name == "body":
            hidden_tag = ""  # a head that was never closed
        if hidden_tag:
            if name == hidden_tag:
                if closing:
                    hidden_count -= 1
                    if not hidden_count:
                        text = " ".join(html_entities.unescape(" ".join(hidden_pieces)).split())
                        if text:
                            hidden_lines.append(Line(text, depth, hidden_start, end))
                        hidden_tag = ""
                elif name not in _VOID and not attributes.endswith("/"):
                    hidden_count += 1
            elif name in _BREAKS or name == "br":
                text = " ".join(html_entities.unescape(" ".join(hidden_pieces)).split())
                if text:
                    hidden_lines.append(Line(text, depth, hidden_start, end))
                hidden_pieces = []
                hidden_start = end
            continue
        if not closing:
            found = None
            if attributes and name not in ("td", "tr"):
                found = _attributes(attributes)
            if name in _UNSEEN or (found and name not in _VOID and _is_hidden(found, quiet, colored)):
                if name in _RAW:
                    close = _find_close(source, name, end)
                    if close < 0:
                        break
                    at = close
                    continue
                if not attributes.endswith("/"):
                    hidden_tag, hidden_count, hidden_pieces, hidden_start = name, 1, [], less
                    continue
            if name == "br":
                flush(end, True)
            elif name in _BREAKS:
                flush(less)
                if name == "blockquote":
                    depth += 1
                elif name == "pre":
                    pre += 1
            elif name == "td" or name == "th":
                if pieces and cell:
                    pieces.append(" ")
                cell = True
            elif name == "a" and found is not None:
                target = found.get("href", "")
                if target[:7].lower() == "mailto:":
                    link, link_from = unquote(html_entities.unescape(target[7:]).partition("?")[0]).strip(), len(pieces)
            if found is not None and index:
                _collect_marks(index, name, found, len(lines) + (line_start >= 0), marks)
            elif name == "hr" and "" in index:
                _collect_marks(index, name, {}, len(lines), marks)
        else:
            if name == "a" and link is not None:
                links.append((link_from, len(pieces), link))
                link = None
            elif name in _BREAKS:
                flush(end)
                if name == "blockquote":
                    depth = max(0, depth - 1)
                elif name == "pre":
                    pre = max(0, pre - 1)
                elif name == "tr":
                    cell = False
                if name in _SPACED and lines and lines[-1].text:
                    lines.append(Line("", depth, end, end))
                    breaks.append(end)
    if hidden_tag and hidden_pieces:
        text = " ".join(html_entities.unescape(" ".join(hidden_pieces)).split())
        if text:
            hidden_lines.append(Line(text, depth, hidden_start, size))
    flush(size)
    return HtmlLines(lines, breaks, hidden_lines, marks, frozenset(forged))


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


def _collect_marks(index: object, tag: str, found: dict[str, str], line: int, marks: list[tuple[int, Mark]]) -> None:
    for name, value in found.items() or (("", ""),):
        by_text = index.get(name)  # type: ignore[attr-defined]
        if by_text is None:
            continue
        # Outlook on the web puts `x_` before the classes and ids of what it quotes.
        for text in {value, *value.split(), *(word.removeprefix("x_") for word in value.split())} if name else ("",):
            marks += ((line, mark) for mark in by_text.get(text, ()) if mark.tag in (None, tag))
        marks += ((line, mark) for mark in by_text.get("", ()) if mark.tag in (None, tag) and _has(mark, value))


def _has(mark: Mark, value: str) -> bool:
    if mark.how == "prefix":
        return value.startswith(mark.text)
    if mark.how == "contains":
        # Clients and gateways put blanks into styles as they like; the catalogue holds them without.
        return mark.text in (value.replace(" ", "").lower() if mark.text not in value else value)
    return mark.how == "tag"


def _show_targets(pieces: list[str], links: list[tuple[int, int, str]], forged: set[int], line: int) -> None:
    """Let the line show the address behind a link whose text has none, and note one whose text has another (T59)."""
    shown = html_entities.unescape("".join(pieces)).lower()
    if len(shown) > _MAX_LINE:
        return  # never a line of a header block, and each link is looked for in all of it
    for start, end, target in links:
        if "@" not in target or target.lower() in shown:
            continue
        text = "".join(pieces[start:end])
        if "@" in html_entities.unescape(text):
            forged.add(line)
        elif end > start and text.strip():
            pieces[end - 1] += f" &lt;{html_entities.escape(target)}&gt;"
    if "@" in shown and any("@" in t and t.lower() not in shown for _, _, t in links):
        forged.add(line)


def _find_close(source: str, name: str, at: int) -> int:
    """Offset after the end tag of a raw-text element, -1 when it never ends. Searched case-insensitively but without
    lowering the whole source each time."""
    match = re.compile(f"</{name}[^>]{{0,1000}}>", re.IGNORECASE).search(source, at)
    return -1 if match is None else match.end()


def _hiding_classes(source: str) -> frozenset[str]:
    """Classes that a style element of this mail hides outright."""
    start = source.lower().find("<style") if "<style" in source or "<STYLE" in source else -1
    if start < 0:
        return frozenset()
    end = source.rfind("</", start)
    return frozenset(
        name
        for name, rules in _CLASS_RULE.findall(source, start, end if end > start else len(source))
        if _hides(rules, True)
    )


def _is_hidden(found: dict[str, str], quiet: frozenset[str], colored: bool) -> bool:
    if "hidden" in found:
        return True
    if quiet and not quiet.isdisjoint(found.get("class", "").split()):
        return True
    if not colored and found.get("color", "").strip().lower() in _WHITE:
        return True
    style = found.get("style")
    return style is not None and _hides(html_entities.unescape(style), colored)


_WHITE = frozenset(("white", "#fff", "#ffffff", "rgb(255,255,255)"))


def _hides(style: str, colored: bool) -> bool:
    """Whether a style rule hides its text from a reader (T58); what is recognised is listed in docs/security.md."""
    if not _HIDING_HINT.search(style):
        return False
    rules: dict[str, str] = {}
    for rule in style.lower().split(";"):
        name, _, value = rule.partition(":")
        rules[name.strip()] = value.replace("!important", "").strip()
    get = rules.get
    if get("display") == "none" or get("visibility") in ("hidden", "collapse") or get("mso-hide") == "all":
        return True
    if _ZERO.match(get("opacity", "1")):
        return True
    font = get("font-size", "").strip()
    if font and (_ZERO.match(font) or _TINY.match(font)):
        return True
    if ("clip" in rules and get("clip") not in ("auto", "inherit", "")) or get("clip-path", "none") not in ("none", ""):
        return True
    if "hidden" in get("overflow", "") and any(
        _ZERO.match(get(side, "1") or "1") for side in ("height", "max-height", "width", "max-width")
    ):
        return True
    if get("position") in ("absolute", "fixed") and any(
        get(side, "").startswith("-") and len(get(side, "")) >= 5 for side in ("left", "top", "right", "bottom")
    ):
        return True
    if get("text-indent", "").startswith("-") and len(get("text-indent", "")) >= 6:
        return True
    color = get("color", "").replace(" ", "")
    background = (get("background-color") or get("background") or "").replace(" ", "")
    if color and (color == background or (color in _WHITE and background in _WHITE)):
        return True
    return bool(color in _WHITE and not background and not colored) or color == "transparent"
