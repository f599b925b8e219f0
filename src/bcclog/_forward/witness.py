"""One part of a mail's body as a witness of a forward: its lines, the block in them, and where what was forwarded ends.

Text and HTML are read by the same finder. HTML says more: exact cells, marks of the client, and the element that holds
the forwarded message, whose end is where the forwarder goes on.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from bcclog._block.attribution import find_attribution
from bcclog._block.block import Block
from bcclog._block.find import find_block
from bcclog._block.run import MAX_BLANKS
from bcclog._block.separator import find_separator, is_rule
from bcclog._catalogue.catalogue import Catalogue
from bcclog._catalogue.fold import DRAWN
from bcclog._forward.fields import is_dated_after
from bcclog._lines.html import Extent, HtmlLines
from bcclog._lines.lines import Line, next_text
from bcclog.codes import Code
from bcclog.message import Message
from bcclog.model import Evidence, Reason, TextSpan
from bcclog.policy import DEFAULT_LIMITS, Limits

_MAX_BLOCK_LINES = 40
"""A block below a line of dashes is looked for in so many lines."""
_END_TAG = re.compile(r"</[a-zA-Z0-9]{1,20}\s*>")


class Answer(NamedTuple):
    """What the forwarder wrote between two elements of the forward. first, after: its lines, half-open; start, end: its
    place in the HTML, from the one element's end to the other's start."""

    first: int
    after: int
    start: int
    end: int


class Witness(NamedTuple):
    """One part's lines and the block in them. html: None for a text part; notes: the limits that the part passed.

    closed: the line where the element ends that the client put round the forward, and closed_at its end tag's offset in
    the HTML; None where no element tells. before: what parts of the body above this one say. top: the line from which
    on a forward can stand: below the mail's own fields, where those are written above it. is_mended: the lines are not
    as they stand in the source. is_marked: HTML made of text, whose quoting is drawn with marks. answers: where the
    forwarder's own words stand in HTML between elements that the forward was parted into.
    """

    part: int
    source: str
    lines: list[Line]
    html: HtmlLines | None
    block: Block | None
    notes: tuple[Reason, ...] = ()
    closed: int | None = None
    closed_at: int | None = None
    before: str = ""
    top: int = 0
    is_mended: bool = False
    is_marked: bool = False
    answers: tuple[Answer, ...] = ()


BLOCK_CODES = {True: Code.FORWARD_INLINE, False: Code.FORWARD_STRUCTURAL}


def cut_at(lines: Sequence[Line], block: Block, number: int, known: Catalogue, limits: Limits, *, exact: bool) -> Block:
    """The block as it is where nothing stands from line `number` on."""
    found = find_block(lines[:number], block.start, known, limits, exact=exact)
    return found if found is not None and found.label == block.label else block


def with_block(witness: Witness, block: Block, known: Catalogue) -> Witness:
    """The witness with a block that was found in another way."""
    read = witness._replace(block=block)
    return read if read.html is None else _with_extent(read, read.html, block, known)


def _with_extent(witness: Witness, html: HtmlLines, block: Block, known: Catalogue) -> Witness:
    """The witness with the end of the element that the client put round the forward, by the marks of the catalogue.

    It is the innermost element round the block that holds text below the block too. Some clients put the body into an
    element of its own, below the block (Tuta, Zimbra) or behind the block's own (Apple on iOS), or into several. One
    that begins as a forward of its own holds the next of several messages. A quote is parted where its reader answers
    in it.
    """
    if not html.extents:
        return witness
    lines = witness.lines
    answers: list[Answer] = []
    text = next_text(lines, block.end)
    around = [one for one in html.extents if one.first <= block.label and one.last >= block.end]
    found = next((one for one in reversed(around) if one.last > text), None)
    if found is not None:
        text = next_text(lines, found.last)
    for one in html.extents:
        if one.first < block.end or one.last <= text:
            continue
        if one.first > text:
            if found is None or one.mark != found.mark or not _answers_between(lines, found, one, block, known):
                break
            start = _behind(witness.source, found.end)
            answers.append(Answer(found.last, one.first, start, max(start, html.breaks[one.first - 1])))
        elif found is None:
            if one.mark != around[-1].mark if around else one.mark.role != "body" or not one.mark.rows & block.rows:
                continue
        elif one.first < found.last or one.mark != found.mark:
            continue
        elif _begins_forward(lines, text, known):
            break
        found = one
        text = next_text(lines, one.last)
    if found is None:
        return witness
    end = _behind(witness.source, found.end) if found.first >= block.end else found.end
    return witness._replace(closed=found.last, closed_at=end, answers=tuple(answers))


def _behind(source: str, end: int) -> int:
    """The place behind the end tag that begins at `end`."""
    tag = _END_TAG.match(source, end)
    return end if tag is None else tag.end()


def _answers_between(lines: Sequence[Line], above: Extent, below: Extent, block: Block, known: Catalogue) -> bool:
    """Whether what stands between two elements answers what is quoted in the first, and the second goes on."""
    is_quote = lines[above.first].depth and lines[below.first].depth
    return bool(is_quote) and answers_quote(lines, above.last, below.first, block, known)


def answers_quote(lines: Sequence[Line], first: int, below: int, block: Block, known: Catalogue) -> bool:
    """Whether `lines[first:below]`, not quoted, answer the quote that ends above them and goes on at `below`: no other
    message begins there beside the block's, nor does a signature end the mail."""
    between = lines[first:below]
    words = [line.text.rstrip() for line in between if line.text.strip()]
    return (
        not words[-1].endswith((":", "："))
        and "--" not in words
        and not begins_beside(lines, below, block, known)
        and not any(_begins_forward(lines, number, known) for number in range(first, below))
        and find_attribution(between, known) is None
        and find_block(between, 0, known, DEFAULT_LIMITS, exact=False) is None
    )


def begins_beside(lines: Sequence[Line], number: int, block: Block, known: Catalogue) -> bool:
    """Whether a message forwarded beside the block's begins on a line or below it: one quoted deeper is inside it."""
    at = next_text(lines, number, min(number + MAX_BLANKS, len(lines)))
    return lines[number].depth <= block.depth and _begins_forward(lines, at, known)


def _begins_forward(lines: Sequence[Line], number: int, known: Catalogue) -> bool:
    """Whether a line says that a message was forwarded."""
    text = lines[number].text.strip() if number < len(lines) else ""
    separator = find_separator(lines, number, text, known) if text else None
    return separator is not None and separator.forward


def till_next(witness: Witness, known: Catalogue, message: Message, limits: Limits) -> Witness:
    """The witness with its end where the next message begins that was forwarded with it (a conversation): at the rule
    above its block, or at the same separator again, where its date says that it is not inside the first."""
    block = witness.block
    if block is None:
        return witness
    lines = witness.lines
    is_ruled = bool(block.rows & known.rule_between)
    drawn = lines[block.separator].text.strip() if block.forward and block.separator is not None else None
    if drawn is None and not is_ruled:
        return witness
    count = len(lines) if witness.closed is None else witness.closed
    tries = 0
    for number in range(block.end, count):
        line = lines[number]
        text = line.text.strip()
        is_again = text == drawn
        if line.depth != block.depth or not (is_again or (is_ruled and text[:1] in DRAWN and is_rule(text))):
            continue
        tries += 1
        if tries > limits.max_blocks:
            break
        at = number if is_again else next_text(lines, number + 1)
        window = lines[at : min(at + _MAX_BLOCK_LINES, count)]
        found = find_block(window, 0, known, limits, exact=witness.html is not None)
        if found is None or found.start or found.depth != block.depth or not found.rows & block.rows:
            continue
        if not is_again or is_dated_after(found, block, known, message):
            at = 0 if witness.html is None else witness.html.breaks[number - 1]
            return witness._replace(closed=number, closed_at=None if witness.html is None else at)
    return witness


def block_evidence(witness: Witness) -> tuple[Reason, ...]:
    """Where the separator and the fields of the witness's block stand."""
    block = witness.block
    if block is None:
        return ()
    where, part = "text" if witness.html is None else "html", witness.part
    lines, bottom = witness.lines, len(witness.lines) - 1
    places = [(field.name, field.first, field.last) for field in block.fields]
    if block.separator is not None:
        places.insert(0, ("separator", block.separator, block.separator))
    found = [
        Evidence(
            where=where,
            field=name,
            part=part,
            span=TextSpan(lines[first].start, lines[last if last < bottom else bottom].end),
        )
        for name, first, last in places
    ]
    code = Code.FORWARD_ATTRIBUTION if not block.fields else BLOCK_CODES[block.known]
    return (Reason(code, None, tuple(found)),)
