"""HTML as lines: what a reader sees, where it stands, and what is hidden from him (T58-T60)."""

import time

import pytest

from bcclog._data import catalogue
from bcclog._html import HtmlLines, html_lines


def lines(source: str) -> HtmlLines:
    return html_lines(source, catalogue())


def shown(source: str) -> list[str]:
    return [line.text for line in lines(source).lines if line.text]


def test_blocks_and_breaks_end_a_line() -> None:
    assert shown("<p>a<b>b</b></p><div>c<br>d</div>e") == ["ab", "c", "d", "e"]


def test_cells_of_a_row_are_one_line() -> None:
    assert shown("<table><tr><th>From: </th><td>Kim &lt;kim@x.example&gt;</td></tr></table>") == [
        "From: Kim <kim@x.example>"
    ]


def test_lines_know_their_place_in_the_source() -> None:
    source = "<p>one</p><p>two &amp; three</p>"
    for line in lines(source).lines:
        if line.text:
            assert source[line.start : line.end].startswith(line.text.split()[0])


def test_blockquotes_are_depth() -> None:
    found = lines("<div>a<blockquote>b<blockquote>c</blockquote></blockquote>d</div>").lines
    assert [(line.text, line.depth) for line in found if line.text] == [("a", 0), ("b", 1), ("c", 2), ("d", 0)]


def test_entities_are_decoded_once() -> None:
    assert shown("<p>&amp;lt;b&amp;gt; &#64;</p>") == ["&lt;b&gt; @"]


def test_a_head_that_is_never_closed_hides_nothing() -> None:
    assert shown("<html><head><meta charset=utf-8><body><p>a</p>") == ["a"]


HIDDEN = [
    '<div style="display:none">x</div>',
    '<div style="DISPLAY : NONE !important">x</div>',
    '<div style="visibility:hidden">x</div>',
    '<div style="opacity:0">x</div>',
    '<span style="font-size:0">x</span>',
    '<span style="font-size:1px">x</span>',
    '<span style="color:#fff">x</span>',
    '<span style="color:#123456;background-color:#123456">x</span>',
    '<font color="#FFFFFF">x</font>',
    '<div style="mso-hide:all">x</div>',
    '<div style="position:absolute;left:-9999px">x</div>',
    '<div style="text-indent:-9999px">x</div>',
    '<div style="clip:rect(0,0,0,0)">x</div>',
    '<div style="height:0;overflow:hidden">x</div>',
    '<div style="max-height:0px;overflow:hidden">x</div>',
    "<div hidden>x</div>",
    "<template>x</template>",
    "<noscript>x</noscript>",
    "<title>x</title>",
    "<script>x</script>",
    "<!-- x -->",
    "<!--[if mso]><p>x</p><![endif]-->",
    '<img alt="x">',
    '<style>.q { display: none }</style><p class="a q">x</p>',
    '<div style="display:&#110;one">x</div>',
]


@pytest.mark.parametrize("source", HIDDEN)
def test_T58_hidden_text_is_not_shown(source: str) -> None:
    assert shown(f"<p>a</p>{source}<p>b</p>") == ["a", "b"]


def test_T58_what_is_hidden_is_kept_apart() -> None:
    assert [line.text for line in lines('<div style="display:none"><p>From: E</p><p>To: r</p></div>').hidden] == [
        "From: E",
        "To: r",
    ]


@pytest.mark.parametrize(
    "source",
    [
        '<p style="color:white;background:#000">x</p>',
        '<td bgcolor="#000"><p style="color:#fff">x</p>',
        '<p style="font-size:10.0pt">x</p>',
        '<p style="font-size:0.9em">x</p>',
        '<p style="opacity:0.5">x</p>',
        '<div style="overflow:hidden;width:100%">x</div>',
        '<p style="border:none;padding:0">x</p>',
    ],
)
def test_ordinary_styles_hide_nothing(source: str) -> None:
    assert shown(source) == ["x"]


def test_T59_a_link_to_another_address_than_the_one_shown_is_noted() -> None:
    found = lines('<p>a</p><p>From: <a href="MAILTO:%65vil@attacker.example?cc=x">kim@customer.example</a></p>')
    forged = next(n for n, line in enumerate(found.lines) if line.text.startswith("From"))
    assert found.forged == {forged}


def test_T59_a_link_to_the_address_shown_is_not() -> None:
    found = lines('<p>From: Kim &lt;<a href="mailto:Kim@customer.example">kim@customer.example</a>&gt;</p>')
    assert found.forged == frozenset()


def test_an_address_that_only_the_link_holds_is_shown() -> None:
    assert shown('<p>From: <a href="mailto:kim@customer.example">Kim</a></p>') == ["From: Kim <kim@customer.example>"]


BOMBS = {
    "nested div": lambda n: "<div>" * n,
    "unclosed b": lambda n: "<b>" * n,
    "comment": lambda n: "<!--" * n,
    "attribute": lambda n: '<a x="' * n,
    "single quote": lambda n: "<a x='" * n,
    "mixed quotes": lambda n: "<a x=\"'" * n,
    "tag and quote": lambda n: '<a ">' * n,
    "ampersand": lambda n: "&" * n,
    "cdata": lambda n: "<![CDATA[" * n,
    "attributes": lambda n: "<a " + "x=1 " * n + ">",
    "half script": lambda n: "<script></scr" * n,
    "less": lambda n: "<" * n,
    "hidden": lambda n: '<div style="display:none">' * n,
    "style": lambda n: "<style>" + ".a{" * n,
    "classes": lambda n: "<style>" + ".a " * n + "</style>",
    "links": lambda n: '<a href="mailto:a@b.example">' * n,
    "linked": lambda n: '<a href="mailto:a@b.example">x</a>' * n,
    "quote": lambda n: "<blockquote>" * n,
    "close": lambda n: "</div>" * n,
    "entities": lambda n: "&lt;" * n,
    "pre": lambda n: "<pre>" + "\n" * n,
    "title": lambda n: "<title>" * n,
}


@pytest.mark.parametrize("name", sorted(BOMBS))
def test_T60_cost_grows_with_the_length_only(name: str) -> None:
    def cost(n: int) -> float:
        source = BOMBS[name](n)
        best = 9.0
        for _ in range(2):
            start = time.process_time()
            lines(source)
            best = min(best, time.process_time() - start)
        return best

    small = 4_000
    first, second = cost(small), cost(4 * small)
    assert second < 0.05 or second / first < 10, (first, second)


def test_T60_text_in_broken_markup_is_kept() -> None:
    assert "end" in " ".join(shown('<a x="' * 100 + "<p>end</p>"))
    assert shown("a < b > c") == ["a < b > c"]
