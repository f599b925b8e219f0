"""The parts of a mail's body read as witnesses: the text, the HTML, and the block in each.

Text that a program spoilt is mended only where a block cannot be read without it. HTML gives exact cells and marks of
the client; in it the fields of a block end where the element begins that the client made for the body.
"""

import re
from collections.abc import Callable, Sequence
from functools import partial

from bcclog._block.block import Block
from bcclog._block.find import find_block
from bcclog._block.mend import (
    is_escaped,
    is_spoilt,
    is_surely_spoilt,
    may_be_below_another,
    mended,
    unescaped,
    without_armour,
    without_marks,
)
from bcclog._block.run import FieldLines
from bcclog._block.separator import find_separator
from bcclog._catalogue.catalogue import Catalogue
from bcclog._catalogue.fields import WHOLE
from bcclog._forward.fields import describes
from bcclog._forward.witness import Witness, cut_at, till_next, with_block
from bcclog._lines.html import HtmlLines, html_lines
from bcclog._lines.lines import Line, next_text, text_lines, text_notes
from bcclog.codes import Code
from bcclog.message import Message
from bcclog.model import Evidence, Reason
from bcclog.policy import Limits

_FOOTER_RULE = 40
"""Underscores that Mailman draws above its footer, at least (DEFAULT_MSG_FOOTER has 47); Outlook draws 32."""
_BODY = re.compile(r"<body(?:\s[^>]*)?>", re.IGNORECASE)
_BOLD = re.compile(r"<(?:b|strong|th)[\s>]|font-weight", re.IGNORECASE)
TAIL = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)


def text_witness(message: Message, known: Catalogue, limits: Limits) -> Witness | None:
    """The first text part that has a block, or the first; None without any. What follows it belongs to its body."""
    first: Witness | None = None
    parts = message.text_parts()
    before: list[str] = []
    counted = FieldLines(known, limits)
    for part, text in parts:
        lines = text_lines(text, limits)
        passed = text_notes(text, lines, limits)
        bare = without_armour(lines)
        lines = lines if bare is None else bare
        notes = _noted("text", part, message, (*passed, *counted.notes(lines)))
        if _is_cut(notes):
            return Witness(part, text, lines, None, None, notes)
        block = find_block(lines, 0, known, limits, exact=False)
        witness = Witness(part, text, lines, None, block, notes, is_mended=bare is not None)
        if witness.block is None or is_spoilt(witness.block, lines, known):
            witness = _mended(witness, known, limits)
        elif may_be_below_another(witness.block, lines):
            other = _mended(witness, known, limits)
            witness = other if _place(other) < _place(witness) else witness
        following = partial(find_block, witness.lines, catalogue=known, limits=limits, exact=False)
        block, top = _below_own_fields(witness.block, message, known, limits, following)
        witness = witness._replace(block=block, top=top)
        first = first or witness
        if witness.block is not None:
            first = till_next(witness, known, message, limits)._replace(before="\n\n".join(before))
            break
        before.append(text.strip())
    if first is not None:
        # A client that puts a file between two texts goes on with the body in the next part.
        sources = [first.source]
        at = len(first.source) + 1
        above = first.part
        counted = FieldLines(known, limits)
        rest = parts[parts.index((first.part, first.source)) + 1 :]
        if rest:
            counted.notes(tuple(first.lines))
        for part, text in rest:
            lines = text_lines(text, limits)
            if _is_footer(message, above, part, lines):
                continue
            above = part
            passed = (*text_notes(text, lines, limits), *counted.notes(lines))
            if len(first.lines) + len(lines) > limits.max_lines and Code.REFUSE_LIMIT_CONTENT not in passed:
                passed = (*passed, Code.REFUSE_LIMIT_CONTENT)
            first = first._replace(notes=(*first.notes, *_noted("text", part, message, passed)))
            if Code.REFUSE_LIMIT_CONTENT in passed:
                break
            first.lines.extend(line._replace(start=line.start + at, end=line.end + at) for line in lines)
            sources.append(text)
            at += len(text) + 1
        if len(sources) > 1:
            first = first._replace(source="\n".join(sources))
    return first


def _is_cut(notes: Sequence[Reason]) -> bool:
    """Whether not all of a part was read. Such a mail is refused, whatever block stands in the rest."""
    return any(note.code is Code.REFUSE_LIMIT_CONTENT for note in notes)


def _is_footer(message: Message, above: int, part: int, lines: Sequence[Line]) -> bool:
    """Whether a list's server added a part: it begins with a line of underscores, as Mailman's footer does, and no file
    stands between it and the text above, as where a client goes on."""
    first = next_text(lines, 0)
    rule = lines[first].text.rstrip() if first < len(lines) else ""
    return (
        len(rule) >= _FOOTER_RULE
        and not rule.strip("_")
        and all(one.media_type.startswith(("text/", "multipart/")) for one in message.index.parts[above + 1 : part])
    )


def _mended(witness: Witness, known: Catalogue, limits: Limits) -> Witness:
    """The witness as it was before a program spoilt its text, where there is a block in that."""
    lines = mended(witness.source, witness.lines, known, limits)
    passed = () if lines is None else FieldLines(known, limits).notes(lines)
    if passed:
        return witness._replace(notes=(*witness.notes, *map(Reason, passed)))
    block = None if lines is None else find_block(lines, 0, known, limits, exact=False)
    if lines is None or (block is None and not is_surely_spoilt(witness.source)):
        return witness
    return witness._replace(lines=lines, block=block, is_mended=True)


def _place(witness: Witness) -> int:
    """Where the first label of the witness's block stands in the source; its end without one."""
    return len(witness.source) if witness.block is None else witness.lines[witness.block.label].start


def _noted(where: str, part: int, message: Message, codes: tuple[Code, ...]) -> tuple[Reason, ...]:
    """The limits that a part passed, and what its decoding guessed or lost, each with the part as evidence."""
    codes = (*codes, *message.text_notes(part))
    return tuple(Reason(code, None, (Evidence(where=where, part=part),)) for code in dict.fromkeys(codes))


def html_witness(message: Message, known: Catalogue, limits: Limits) -> Witness | None:
    """The same for HTML."""
    first: Witness | None = None
    parts = message.html_parts()
    before: list[str] = []
    counted = FieldLines(known, limits)
    for number, (part, source) in enumerate(parts):
        html = html_lines(source, known, limits)
        passed = (*counted.notes(html.lines), *counted.notes(html.hidden))
        notes = _noted("html", part, message, (*html.notes, *passed))
        if _is_cut(notes):
            return Witness(part, source, html.lines, html, None, notes)
        block = _block_in(html, known, limits)
        below: tuple[Reason, ...] = ()
        if block is not None and number + 1 < len(parts):
            # A client that puts a file between two pieces of HTML goes on with the body in the next part.
            below = tuple(note for later, _ in parts[number + 1 :] for note in _noted("html", later, message, ()))
            source = "\n".join((source[: _inside(source)[1]], *(s[slice(*_inside(s))] for _, s in parts[number + 1 :])))
            html = html_lines(source, known, limits)
            block = _block_in(html, known, limits)
        if block is not None and is_escaped(block):
            html = html._replace(lines=unescaped(html.lines, block))
            block = _block_in(html, known, limits)
        marked = without_marks(html.lines, limits) if block is None else None
        passed = FieldLines(known, limits).notes(html.lines if marked is None else marked)
        if (
            marked is not None
            and not passed
            and (block := find_block(marked, 0, known, limits, exact=False)) is not None
        ):
            html = html._replace(lines=marked)
        notes = (*_noted("html", part, message, (*html.notes, *passed)), *below)
        is_marked = marked is not None and block is not None
        block, top = _below_own_fields(block, message, known, limits, partial(_block_in, html, known, limits))
        if block is not None and not is_marked:
            block = _above_body(html, source, block, known, limits)
        witness = Witness(part, source, html.lines, html, block, notes, top=top, is_marked=is_marked)
        if block is not None:
            witness = till_next(with_block(witness, block, known), known, message, limits)
            return witness._replace(before="\n\n".join(before))
        before.append("\n".join(line.text for line in html.lines).strip())
        first = first or witness
    return first


def _inside(source: str) -> tuple[int, int]:
    """Where the content of the body element begins and ends: no end tag of a nested document ends it."""
    head = _BODY.search(source)
    end = len(source)
    for tail in reversed(list(TAIL.finditer(source))):
        if source[tail.end() : end].strip():
            break
        end = tail.start()
    return head.end() if head is not None else 0, end


def _below_own_fields(
    block: Block | None, message: Message, known: Catalogue, limits: Limits, following: Callable[[int], Block | None]
) -> tuple[Block | None, int]:
    """The first block that does not say of the mail itself what its header says, and the line below the last that does.

    following: the first block from a line on.
    """
    top = 0
    for _ in range(limits.max_blocks):
        if block is None or not describes(block, message, known):
            break
        top = block.end
        block = following(top)
    return block, top


def _block_in(html: HtmlLines, known: Catalogue, limits: Limits, start: int = 0) -> Block | None:
    """The HTML's first block from line `start` on; where it runs into an element marked as a client's block, the one
    that begins there. The last line of a comment can look like a field (`To: Bob`), and in text nobody could tell.
    """
    lines = html.lines
    block = find_block(lines, start, known, limits, exact=True)
    if block is None:
        return None
    for number, mark in html.marks:
        if mark.role == "block" and block.label < number < block.end:
            at = next_text(lines, number)
            above = at - 1
            while above > block.start and not lines[above].text.strip():
                above -= 1
            text = lines[above].text.strip()
            top = above if text and find_separator(lines, above, text, known) is not None else at
            marked = find_block(lines, top, known, limits, exact=True)
            return marked if marked is not None and marked.label == at else block
    return block


def _above_body(html: HtmlLines, source: str, block: Block, known: Catalogue, limits: Limits) -> Block:
    """The HTML's block less the last lines that look like fields of it, where they stand in the element that the client
    made for the body, or where its labels above are bold and theirs are not."""
    seen: set[str] = set()
    bodies = [number for number, mark in html.marks if mark.role == "body" and number > block.label]
    for field in sorted(block.fields, key=lambda field: field.first):
        number = field.first
        if seen >= WHOLE and (
            any(body <= number for body in bodies)
            or (
                not _is_bold(html, source, number)
                and all(_is_bold(html, source, one.first) for one in block.fields if one.first < number)
            )
        ):
            return cut_at(html.lines, block, number, known, limits, exact=True)
        seen.add(field.name)
    return block


def _is_bold(html: HtmlLines, source: str, number: int) -> bool:
    return _BOLD.search(source, html.breaks[number - 1] if number else 0, html.breaks[number]) is not None


def is_forged(html: Witness) -> bool:
    """T59: a link in the line of the author leads to another address than the one shown."""
    if html.block is None or html.html is None:
        return False
    return any(
        field.name in ("from", "sender") and any(n in html.html.forged for n in range(field.first, field.last + 1))
        for field in html.block.fields
    )


def is_hidden_block(html: Witness, known: Catalogue, limits: Limits) -> bool:
    assert html.html is not None
    return bool(html.html.hidden) and find_block(html.html.hidden, 0, known, limits, exact=True) is not None
