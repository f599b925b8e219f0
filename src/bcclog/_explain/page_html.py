"""A page of HTML that one can look at, hand on and print: self-contained, without a script, and loading nothing (T83).

Each character of the mail is escaped, and no attribute and no URL is made of it (T82, T86).
"""

import re
from collections.abc import Sequence
from functools import cache
from html import escape
from types import MappingProxyType
from typing import Final

from bcclog._explain.page import Line, Page, Piece, Step
from bcclog._files import read_text
from bcclog.codes import Code

_HEAD: Final = (
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'\">\n"
    '<meta name="referrer" content="no-referrer">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
)


@cache
def _style() -> str:
    """The style sheet that ships with the package; read on first use, then kept (one value, never changed)."""
    return read_text("explain.css")


def html_of(page: Page) -> str:
    """The page as HTML."""
    kind = "good" if page.is_good else "bad"
    out = [
        _HEAD,
        f"<title>{page.title}: {page.code.value}</title>\n<style>{_style()}</style>\n</head>\n<body>\n",
        f'<header class="{kind}">\n<div class="wrap">\n<h1>{page.title}</h1>\n',
        f'<p class="lead">{_told(page.code)}</p>\n{_changes(page.change)}</div>\n</header>\n',
        f'<main class="wrap{" beside" if page.mails else ""}">\n<div>\n',
    ]
    if page.facts:
        out.append('<h2>In short</h2>\n<dl class="box facts">\n')
        out += (f"<dt>{name}</dt><dd>{_bdi(value)}</dd>\n" for name, value in page.facts)
        out.append("</dl>\n")
    if page.results:
        out.append("<h2>What is done</h2>\n<ul>\n")
        out += (
            f'<li><div class="done"><span class="verb {verb.partition(" ")[0]}">{verb}</span>'
            f"<div>{''.join(f'<p>{_bdi(one)}</p>' for one in whom)}</div></div>"
            f'<p class="soft">{_told(code)}</p></li>\n'
            for verb, whom, code in page.results
        )
        out.append("</ul>\n")
    links = _Links()
    for title, steps, letter in (("The decisions, in order", page.steps, "d"), ("What was odd", page.warnings, "w")):
        if steps:
            out.append(f"<h2>{title}</h2>\n<ol>\n")
            out += (_step(step, number, letter, links) for number, step in enumerate(steps, 1))
            out.append("</ol>\n")
    out.append("</div>\n")
    if page.without_mail:
        out.append(f"<div>\n<h2>The mail</h2>\n<p>{escape(page.without_mail)}</p>\n</div>\n")
    if page.mails:
        # The region scrolls by itself beside the decisions, so the keyboard must be able to reach it.
        out.append('<div class="mail" role="region" aria-label="The mail" tabindex="0">\n')
        for mail in page.mails:
            out.append(f"<h2>{mail.title}</h2>\n")
            out.append('<dl class="box fields">\n')
            out += (f"<dt>{_bdi(name)}</dt>{_field(line, links)}\n" for name, line in mail.fields)
            out.append("</dl>\n")
            for title, lines in mail.texts:
                shown = _row if any(piece.roles for line in lines for piece in line) else _bare_row
                out.append(f'<h3>{title}</h3>\n<pre class="box">')
                out += (shown(line, links) for line in lines)
                out.append("</pre>\n")
        out.append("</div>\n")
    out.append("</main>\n</body>\n</html>\n")
    return "".join(out)


class _Links:
    """Ways between decisions and evidence: a decision links to the first place of its evidence, and back."""

    def __init__(self) -> None:
        self._steps: dict[object, list[tuple[str, int]]] = {}
        self._seen: set[int] = set()

    def add(self, step: Step, number: int, letter: str) -> None:
        for key in (*(mark for _, mark in step.places if mark), step.code.value):
            if (letter, number) not in self._steps.setdefault(key, []):
                self._steps[key].append((letter, number))

    def anchor(self, mark: int) -> str:
        """The `id` of a place, where it stands first."""
        if not mark or mark in self._seen:
            return ""
        self._seen.add(mark)
        return f' id="e{mark}"'

    def back(self, pieces: Sequence[Piece]) -> str:
        """The roles of a line's pieces, and the numbers of the decisions that rest on them."""
        marked = [piece for piece in pieces if piece.roles]
        keys = dict.fromkeys(key for piece in marked for key in (piece.mark, *piece.roles))
        steps = dict.fromkeys(step for key in keys for step in self._steps.get(key, ()))
        roles = ", ".join(dict.fromkeys(role for piece in marked for role in piece.roles))
        numbers = " ".join(
            f'<a href="#{letter}{number}" aria-label="{_KINDS[letter]} {number}">{number}</a>'
            for letter, number in steps
        )
        return f"{escape(roles)} {numbers}".rstrip()


_KINDS: Final = MappingProxyType({"d": "decision", "w": "oddity"})
_LABEL: Final = re.compile(r"[^:\uff1a]{1,60}[:\uff1a]")
"""The label of a block's line, to be shown in bold; lines without a colon are shown as they are."""


def _row(line: Line, links: _Links) -> str:
    """A line of text with its roles beside it, on the left whatever the direction of the text, which the line takes
    from its own letters."""
    roles = links.back(line)
    text = "".join(_piece(piece, links) for piece in line)
    marked = " marked" if roles else ""
    return (
        f'<span class="row{marked}"><span class="role" dir="ltr">{roles}</span>'
        f'<span class="line" dir="auto">{text}</span></span>'
    )


def _bare_row(line: Line, _: _Links) -> str:
    """A line of a text in which nothing has a role."""
    return f'<span class="row bare"><span class="line" dir="auto">{"".join(escape(p.text) for p in line)}</span></span>'


def _field(line: Line, links: _Links) -> str:
    """A header field's value with its roles behind it."""
    roles = links.back(line)
    shown = f' <span class="role" dir="ltr">{roles}</span>' if roles else ""
    return f'<dd dir="auto">{"".join(_piece(piece, links) for piece in line)}{shown}</dd>'


def _piece(piece: Piece, links: _Links) -> str:
    if not piece.roles:
        return escape(piece.text)
    label = _LABEL.match(piece.text) if len(piece.roles) == 1 and piece.roles[0] in _LABELLED else None
    end = label.end() if label else 0
    bold = f"<b>{escape(piece.text[:end])}</b>" if end else ""
    return f"<mark{links.anchor(piece.mark)}>{bold}{escape(piece.text[end:])}</mark>"


_LABELLED: Final = frozenset(("from", "sender", "to", "cc", "bcc", "reply_to", "date", "subject"))
"""Roles of lines that begin with a label."""


def _step(step: Step, number: int, letter: str, links: _Links) -> str:
    links.add(step, number, letter)
    about = "" if step.about is None else f"<p>{_bdi(step.about)}</p>"
    places = ", ".join(
        f'<a href="#e{mark}">{escape(place)}</a>' if mark else escape(place) for place, mark in step.places
    )
    rests = f'<p class="soft">rests on {places}</p>' if places else ""
    lost = "".join(f'<p class="soft">not taken: {_bdi(text)}</p>' for text in step.lost)
    return (
        f'<li id="{letter}{number}"><span class="number">{number}</span><p>{_told(step.code)}</p>'
        f"{about}{rests}{lost}{_changes(step.change)}</li>\n"
    )


def _told(code: Code) -> str:
    return f"{escape(code.sentence)} <code>{code.rule} {code.value}</code>"


def _changes(changes: Sequence[str]) -> str:
    return "".join(f'<p class="change"><b>To change this:</b> {escape(change)}</p>\n' for change in changes)


def _bdi(text: str) -> str:
    return f'<bdi dir="auto">{escape(text)}</bdi>'
