"""What a reader sees of HTML by the tree of lexbor, a browser's engine, and by ours: the lines of both, to be compared."""

import re
from collections.abc import Iterable

from selectolax.lexbor import LexborHTMLParser

from bcclog._catalogue.shipped import catalogue
from bcclog._lines.css import Styles
from bcclog._lines.elements import BREAKS, CELLS, LINE_ENDS, UNSEEN_ELEMENTS
from bcclog._lines.html import html_lines
from bcclog._lines.lines import UNSEEN

_TARGET = re.compile(r"<[^<>]*@[^<>]*>")
"""What our lines show of a link's address; the browser shows it when the mouse is on it."""


def our_lines(source: str) -> list[str]:
    """The visible lines of `_lines.html` without blanks, empty ones left out, and without the addresses that it shows behind
    links."""
    return _said(line.text for line in html_lines(source, catalogue()).lines)


def browser_lines(source: str) -> list[str]:
    """The same of lexbor's tree: text under no hidden element, cut at blocks and breaks. The styles are read as `_lines.css`
    reads them."""
    root = LexborHTMLParser(source).root
    found = [""]
    styles = Styles(source)
    todo = [] if root is None else [(root, 0, 0, False, False)]
    while todo:
        node, depth, hides, pre, is_read = todo.pop()
        name = node.tag or ""
        if name == "-text":
            if not hides:
                first, *rest = (node.text_content or "").split("\n") if pre else [node.text_content or ""]
                found[-1] += first
                found.extend(rest)
            continue
        if is_read:
            styles.close(depth)
            if name in BREAKS:
                found.append("")
            continue
        if name in UNSEEN_ELEMENTS or name == "head":
            continue
        if name in LINE_ENDS:
            found.append("")
        elif name in CELLS:
            found[-1] += " "
        attributes = {} if name[:1] == "-" else {key: value or "" for key, value in node.attributes.items()}
        if attributes:
            hides = styles.hides(attributes, hides, -1 if name in ("html", "body") else depth)
        keeps = styles.keeps_lines(name, attributes)
        pre = (pre or name == "pre") if keeps is None else keeps
        todo.append((node, depth, hides, pre, True))
        children = [(child, depth + 1, hides, pre, False) for child in node.iter(include_text=True)]
        todo.extend(reversed(children))
    return _said(found)


def _said(lines: Iterable[str]) -> list[str]:
    plain = ("".join(_TARGET.sub("", line).split()) for line in lines if line.strip().strip(UNSEEN))
    return [line for line in plain if line]


def stands_alone(fragment: str) -> bool:
    """Whether a page with the fragment in a block, in a cell and in bold text is by lexbor's tree the same page around
    it as without it."""
    return all(
        _around(f"{before}<div id=in>{fragment}</div>{after}") == _around(f"{before}<div id=in></div>{after}")
        for before, after in _PAGES
    )


_PAGES = (
    ("<div>", "<p>x</p></div><p>y</p>"),
    ("<table><tr><td>", "</td><td>x</td></tr></table>y"),
    ("<b><font>", "x</font>y</b>z"),
)
"""What stands before a fragment in a page, and after it."""


def _around(page: str) -> list[tuple[int, str]]:
    """The tree of the page with the depth of each node, less what stands inside the element `in`."""
    found: list[tuple[int, str]] = []
    root = LexborHTMLParser(page).root
    todo = [] if root is None else [(root, 0)]
    while todo:
        node, depth = todo.pop()
        found.append((depth, (node.text_content or "") if node.tag == "-text" else f"<{node.tag}>"))
        if (node.attributes or {}).get("id") != "in":
            todo.extend((child, depth + 1) for child in reversed(list(node.iter(include_text=True))))
    return found
