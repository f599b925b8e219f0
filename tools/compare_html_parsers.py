"""Why bcclog cuts HTML itself: other parsers on hostile and on real HTML, measured beside `_lines.html`.

    python tools/compare_html_parsers.py [FOLDER]

Needs html5lib, justhtml, lxml, selectolax, tree-sitter-html and turbohtml.

FOLDER holds raw mails in files, in any depth; without it the corpus in `fixtures/` is read alone. Prints Markdown: the
slowest hostile input of each parser, its time for 32 KiB and its growth from a quarter of that, the places in the source
that the parser gives, its time on the HTML parts of the mails against ours, and how often our visible text is the
browser engine's (lexbor).
"""

import argparse
import difflib
import sys
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from statistics import median
from time import process_time

import bcclog_fixtures
import html5lib
import lxml.html
import tree_sitter
import tree_sitter_html
import turbohtml
from browser_tree import browser_lines, our_lines
from justhtml import JustHTML
from selectolax.lexbor import LexborHTMLParser

import bcclog
from bcclog._catalogue.shipped import catalogue
from bcclog._lines.html import html_lines

SMALL, FACTOR = 2**13, 4
"""Bytes of the small input, and how much longer the large one is."""


def _fonts(size: int) -> str:
    """Formatting that is never ended, each of its own: a tree in the standard's way opens it all again in each `<p>`."""
    return "".join(f"<font size={number}><p>x" for number in range(size // len("<font size=999><p>x")))


def _rows(size: int) -> str:
    """Rows without a table, deep in other elements."""
    each = size // len("<div><tr>")
    return "<div>" * each + "<tr>" * each


def _again(before: str, unit: str, after: str = "") -> Callable[[int], str]:
    return lambda size: before + unit * (size // len(unit)) + after


HOSTILE: dict[str, Callable[[int], str]] = {
    "`<div>` without end": _again("", "<div>"),
    "`<b>` without end": _again("", "<b>"),
    "`<!--` without end": _again("", "<!--"),
    '`<a x="` without end': _again("", '<a x="'),
    "one tag of many attributes": _again("<a ", "b=c ", ">"),
    "`<![CDATA[` without end": _again("", "<![CDATA["),
    "`</scr` in a script": _again("<script>", "</scr"),
    "`<`": _again("", "<"),
    "`&`": _again("", "&"),
    "`<p><b>` misnested": _again("", "<p><b></p>"),
    "`<table>` in `<table>`": _again("", "<table>"),
    "`<a>` in `<a>`": _again("", "<a><p>"),
    "`<font>` of its own in each `<p>`": _fonts,
    "`<tr>` without a table": _rows,
}


class _Events(HTMLParser):
    """The standard library's parser, fed at once, with what it hears thrown away."""


def _standard(source: str) -> None:
    parser = _Events()
    parser.feed(source)
    parser.close()


_SITTER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_html.language()))
PARSERS: dict[str, tuple[Callable[[str], object], str]] = {
    "bcclog": (lambda source: html_lines(source, catalogue()), "every line, code points"),
    f"html.parser {sys.version_info.major}.{sys.version_info.minor}": (_standard, "line and column of a tag's start"),
    "lexbor (selectolax)": (LexborHTMLParser, "none"),
    "lxml": (lambda source: lxml.html.document_fromstring(source or "<p>"), "line of a tag, capped"),
    "html5lib": (html5lib.parse, "none in the tree"),
    "tree-sitter-html": (lambda source: _SITTER.parse(source.encode()), "bytes"),
    "JustHTML": (lambda source: JustHTML(source, sanitize=False, track_node_locations=True), "starts of nodes"),
    "turbohtml": (lambda source: turbohtml.parse(source, source_locations=True), "starts and ends of nodes"),
}


def seconds(work: Callable[[str], object], source: str) -> float | str:
    """CPU time of one run, or what it raised."""
    start = process_time()
    try:
        work(source)
    except Exception as error:  # noqa: BLE001 - what a parser raises is what is measured
        return type(error).__name__
    return process_time() - start


def growth() -> None:
    """The slowest input of each parser: its time, and how it grows with four times the bytes (linear is 4)."""
    print(
        "| parser | places in the source | slowest input | 32 KiB of it | growth | raises on |\n|---|---|---|---|---|---|"
    )
    for parser, (work, places) in PARSERS.items():
        worst, raised = (0.0, 1.0, ""), []
        for name, attack in HOSTILE.items():
            small, large = attack(SMALL), attack(FACTOR * SMALL)
            seconds(work, "<p>x")
            first, second = seconds(work, small), seconds(work, large)
            if isinstance(first, str) or isinstance(second, str):
                raised.append(f"{name} ({first if isinstance(first, str) else second})")
            elif second > worst[0]:
                worst = second, first, name
        second, first, name = worst
        factor = f"{second / first:.0f}" if second > 0.02 else "-"
        print(f"| {parser} | {places} | {name} | {second:.3f} s | {factor} | {', '.join(raised) or '-'} |", flush=True)


def sources(folder: Path | None) -> Iterator[str]:
    """The HTML parts of the corpus, and of the mails in the folder."""
    raws = [case.raw for case in bcclog_fixtures.cases() if "hostile" not in case.id]
    if folder is not None:
        raws += [path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()]
    for raw in raws:
        for _, source in bcclog.parse(raw).html_parts():
            yield source


def speed(parts: list[str]) -> None:
    """Medians of interleaved rounds, each parser over all parts."""
    print("\n| parser | time beside bcclog's |\n|---|---|")
    times: dict[str, list[float]] = {name: [] for name in PARSERS}
    for _ in range(3):
        for name, (work, _) in PARSERS.items():
            start = process_time()
            for part in parts:
                work(part)
            times[name].append(process_time() - start)
    for name in PARSERS:
        print(f"| {name} | {median(times[name]) / median(times['bcclog']):.2f} |")


def agreement(parts: list[str], shown: int) -> None:
    """How many parts have the same visible words, and the same visible lines, as lexbor's tree; the first differences."""
    words = lines = 0
    for part in parts:
        ours, theirs = our_lines(part), browser_lines(part)
        words += "".join(ours) == "".join(theirs)
        lines += ours == theirs
        if ours != theirs and shown > 0:
            shown -= 1
            print("\n```diff")
            for number, line in enumerate(difflib.unified_diff(theirs, ours, "lexbor", "bcclog", lineterm="", n=0)):
                if number < 12:
                    print(line[:160])
            print("```")
    print(f"\n{len(parts)} parts: {words} with the same visible text, {lines} with the same lines too.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--differences", type=int, default=0, help="how many parts that differ are printed")
    parser.add_argument("--only", choices=("growth", "speed", "agreement"))
    options = parser.parse_args()
    parts = [] if options.only == "growth" else list(sources(options.folder))
    if options.only in (None, "growth"):
        growth()
    if options.only in (None, "speed"):
        speed(parts)
    if options.only in (None, "agreement"):
        agreement(parts, options.differences)


if __name__ == "__main__":
    main()
