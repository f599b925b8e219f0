"""What a reader sees of HTML is what a browser's engine makes of it (lexbor's tree): the same words on the same lines."""

import bcclog_fixtures
import hypothesis.strategies as st
from browser_tree import browser_lines, our_lines, stands_alone
from hypothesis import given, settings

import bcclog
from bcclog._catalogue.shipped import catalogue
from bcclog._lines.fragment import balanced

_TAGS = (
    "a", "b", "big", "blockquote", "br", "center", "dd", "div", "dl", "dt", "em", "font", "h1", "h2", "hr", "i", "li",
    "o:p", "ol", "p", "pre", "s", "section", "small", "span", "strong", "sup", "u", "ul",
)  # fmt: skip
_TEXT = ("x", "y z", " ", "A &lt; b", "&nbsp;", "\n", "<!-- c -->", "<![if !vml]>", "<?xml:namespace />", "</1>", "< 5")
_CELLS = (
    "<table><tr><td>x<td>y</table>",
    "<table><tbody><tr><td><p>x</p></td></tr><tr><td><div>y</p></tbody></table>",
    "<table><tr><td><b>x</td></tr></table>",
    "<table><tr><th><ul><li>x</ul></div>z</th><td><table><tr><td>y</td></table></td></tr></table>",
)
_SOUP = st.lists(
    st.one_of(
        st.sampled_from(_TAGS).map(lambda tag: f"<{tag}>"),
        st.sampled_from(_TAGS).map(lambda tag: f"</{tag}>"),
        st.sampled_from(_TEXT),
        st.sampled_from(_CELLS),
    ),
    max_size=24,
).map("".join)


def test_the_html_of_the_corpus_reads_as_in_a_browser() -> None:
    wrong = []
    parts = 0
    for case in bcclog_fixtures.cases():
        if "hostile" not in case.id:
            for _, source in bcclog.parse(case.raw).html_parts():
                parts += 1
                if our_lines(source) != browser_lines(source):
                    wrong.append(case.id)
    assert parts > 1000
    assert wrong == []


@settings(max_examples=2000)
@given(_SOUP)
def test_tags_in_any_disorder_read_as_in_a_browser(source: str) -> None:
    """T60: ends that end nothing, formatting across blocks, lists and headings that end each other."""
    assert our_lines(source) == browser_lines(source)


@settings(max_examples=2000)
@given(_SOUP, _SOUP)
def test_a_piece_of_any_html_stands_alone_in_a_page(above: str, piece: str) -> None:
    """T60: what is cut out of a mail ends none of the elements of a page around it."""
    assert stands_alone(balanced(above, piece, catalogue()))


def test_the_html_of_what_was_forwarded_stands_alone_in_a_page() -> None:
    wrong = []
    count = 0
    for case in bcclog_fixtures.cases(kind="forward"):
        found = bcclog.unwrap(case.raw)
        if isinstance(found, bcclog.Forward) and (html := found.original.html) is not None:
            count += 1
            if not stands_alone(html):
                wrong.append(case.id)
    assert count > 1000
    assert wrong == []
