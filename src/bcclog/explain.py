"""Why a mail was logged or not, for the person who asks: one page of HTML, or plain lines for a terminal.

What is shown is gathered once (`page`), and what nobody may see is left out there, so that both forms keep R17:
nothing of a person on Never Log, and nothing of a mail that was refused because nobody is left. Both forms treat the
mail as hostile: its HTML is shown as the lines that a reader would see and never as HTML (T82, T83, T86).
"""

from collections.abc import Iterator

from bcclog._decide.veil import clean
from bcclog._explain.page import Line, Page, page_of
from bcclog._explain.page_html import html_of
from bcclog.account import Directory
from bcclog.forward import Unwrapped
from bcclog.message import Message
from bcclog.model import Plan
from bcclog.reading import Reading

__all__ = ["clean", "to_html", "to_text"]


def to_html(
    raw: bytes | bytearray | memoryview | Message,
    plan: Plan | None,
    found: Reading | Unwrapped,
    *,
    directory: Directory | None = None,
) -> str:
    """One self-contained page: the mail with the evidence marked, the decisions in order, who was created and why.

    raw: the mail. plan, found: what `decide` made of it and the reading it was made from; or None and what `unwrap`
    gave. directory: with it, the users' own Never Log lists hold for mail too that was refused before they were asked
    for. The page has no script and loads nothing (T83); what is shown of a mail is bounded. Rules R12, R17.
    """
    return html_of(page_of(raw, plan, found, directory))


def to_text(
    raw: bytes | bytearray | memoryview | Message,
    plan: Plan | None,
    found: Reading | Unwrapped,
    *,
    directory: Directory | None = None,
) -> tuple[str, ...]:
    """The same as lines for a terminal, without line ends and without a control character (T82)."""
    return tuple(_text(page_of(raw, plan, found, directory)))


def _text(page: Page) -> Iterator[str]:
    yield f"{page.title}  [{page.code.rule} {page.code.value}]"
    yield f"  {page.code.sentence}"
    for change in page.change:
        yield f"  -> {change}"
    for name, value in page.facts:
        yield f"  {name:<10} {value}"
    if page.results:
        yield ""
        yield "What is done"
        for verb, whom, code in page.results:
            for number, one in enumerate(whom):
                yield f"  {'' if number else verb:<14} {one}"
            yield f"  {'':<14} {code.sentence} [{code.rule} {code.value}]"
    for title, steps in (("The decisions, in order", page.steps), ("What was odd", page.warnings)):
        if steps:
            yield ""
            yield title
        for number, step in enumerate(steps, 1):
            yield f"  {number:>2}. {step.code.sentence} [{step.code.rule} {step.code.value}]"
            if step.about is not None:
                yield f"      about {step.about}"
            places = ", ".join(f"{place} {{{mark}}}" if mark else place for place, mark in step.places)
            if places:
                yield f"      rests on {places}"
            for lost in step.lost:
                yield f"      not taken: {lost}"
            for change in step.change:
                yield f"      -> {change}"
    if page.without_mail:
        yield ""
        yield page.without_mail
    for mail in page.mails:
        yield ""
        yield mail.title
        for name, line in mail.fields:
            yield f"  {_plain(line, name + ': ' if name else '')}"
        for title, lines in mail.texts:
            yield ""
            yield f"  {title}"
            for line in lines:
                yield f"  | {_plain(line)}".rstrip()


def _plain(line: Line, before: str = "") -> str:
    shown = []
    for piece in line:
        if piece.roles:
            number = str(piece.mark) if piece.mark else ""
            shown.append(f"{{{number}}}[{piece.text}]({', '.join(piece.roles)})")
        else:
            shown.append(piece.text)
    return before + "".join(shown)
