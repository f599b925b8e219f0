"""One part of a mail's body as a witness of a forward: its lines, the block in them, and where what was forwarded ends.

Text and HTML are read by the same finder. HTML says more: exact cells, marks of the client, and the element that holds
the forwarded message, whose end is where the forwarder goes on.
"""

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from attrs import evolve

from bcclog._block.attribution import find_attribution
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
from bcclog._block.one_line import PEOPLE_WITH_ADDRESS
from bcclog._block.run import MAX_BLANKS, FieldLines
from bcclog._block.separator import find_separator, is_rule
from bcclog._catalogue.catalogue import Catalogue
from bcclog._catalogue.fields import WHOLE
from bcclog._catalogue.fold import DRAWN
from bcclog._forward.fields import describes, is_dated_after
from bcclog._forward.subject import base_subject
from bcclog._lines.html import Extent, HtmlLines, html_lines
from bcclog._lines.lines import Line, next_text, text_lines, text_notes
from bcclog.codes import Code
from bcclog.message import Message
from bcclog.model import Evidence, Reason, TextSpan
from bcclog.policy import DEFAULT_LIMITS, Limits

_MAX_BLOCK_LINES = 40
"""A block below a line of dashes is looked for in so many lines."""
_FOOTER_RULE = 40
"""Underscores that Mailman draws above its footer, at least (DEFAULT_MSG_FOOTER has 47); Outlook draws 32."""
_BODY = re.compile(r"<body(?:\s[^>]*)?>", re.IGNORECASE)
_BOLD = re.compile(r"<(?:b|strong|th)[\s>]|font-weight", re.IGNORECASE)
_END_TAG = re.compile(r"</[a-zA-Z0-9]{1,20}\s*>")
TAIL = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)


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
    the HTML; None where no element tells. before: what parts of the body above this one say.
    top: the line from which on a forward can stand: below the mail's own fields, where those are written above it.
    is_mended: the lines are not as they stand in the source. is_marked: HTML made of text, whose quoting is drawn with
    marks. answers: where the forwarder's own words stand in HTML
    between elements that the forward was parted into.
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
        counted.notes(tuple(first.lines))
        for part, text in parts[parts.index((first.part, first.source)) + 1 :]:
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
            witness = till_next(_with_extent(witness, html, block, known), known, message, limits)
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
            return _cut_at(html.lines, block, number, known, limits, exact=True)
        seen.add(field.name)
    return block


def _is_bold(html: HtmlLines, source: str, number: int) -> bool:
    return _BOLD.search(source, html.breaks[number - 1] if number else 0, html.breaks[number]) is not None


def _cut_at(
    lines: Sequence[Line], block: Block, number: int, known: Catalogue, limits: Limits, *, exact: bool
) -> Block:
    """The block as it is where nothing stands from line `number` on."""
    found = find_block(lines[:number], block.start, known, limits, exact=exact)
    return found if found is not None and found.label == block.label else block


def less_body(witness: Witness, twin: Witness, known: Catalogue, limits: Limits) -> Witness:
    """The witness with its block less the last lines that look like fields of it, where the other part has the first of
    them below its block; where an empty line ends one of the two blocks alone, that one is right."""
    block, other = witness.block, twin.block
    if block is None or other is None or len(block.fields) <= len(other.fields):
        return witness
    below = next_text(twin.lines, other.end)
    if below == other.end and next_text(witness.lines, block.end) > block.end:
        return witness
    words = _letters(twin.lines[below].text) if below < len(twin.lines) else ""
    seen: set[str] = set()
    for field in sorted(block.fields, key=lambda field: field.first):
        if words and seen >= WHOLE and _letters(witness.lines[field.first].text) == words:
            cut = _cut_at(witness.lines, block, field.first, known, limits, exact=witness.html is not None)
            return witness if cut is block else with_block(witness, cut, known)
        seen.add(field.name)
    return witness


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


def with_block_end(text: Witness, subject: str, known: Catalogue) -> Witness:
    """The text witness with the body's first words apart from the last field, where the text runs the block together
    on one line and the body on behind it (Yahoo's apps; what is left of HTML without its tags).

    subject: what else tells the subject, the HTML's block or the mail's own; where it does not begin the line's words,
    nothing is known, which a note says where the client does not write such a line itself.
    """
    block = text.block
    assert block is not None
    *above, last = block.fields
    if last.name == "subject":
        wanted = base_subject(subject, known)
        words = base_subject(last.text, known)
        following = words[len(wanted) : len(wanted) + 1]
        if not wanted or not words.startswith(wanted) or not (following.isspace() or following.isupper()):
            if words == wanted or block.rows & known.glued:
                return text  # these clients end the line there
            return text._replace(notes=(*text.notes, Reason(Code.WARN_FORWARD_SUBJECT_END)))
        cut = len(last.text) - len(words) + len(wanted)
    else:
        people = PEOPLE_WITH_ADDRESS.match(last.text)
        if people is None or people.end() == len(last.text):
            return text
        cut = people.end()
    line = text.lines[last.last]
    rest = last.text[cut:].strip()
    lines = list(text.lines)
    lines.insert(block.end, line._replace(text=rest, start=line.end - len(rest)))
    fields = (*above, last._replace(text=last.text[:cut]))
    return text._replace(lines=lines, block=evolve(block, fields=fields))


def with_doubtful_end(html: Witness, subject: str, known: Catalogue) -> Witness:
    """HTML whose block stands on one line and ends with the subject, with a note where the body's words can be in it:
    its places have no line ends to cut at."""
    assert html.block is not None
    if html.block.fields[-1].name != "subject" or with_block_end(html, subject, known) is html:
        return html
    return html._replace(notes=(*html.notes, Reason(Code.WARN_FORWARD_SUBJECT_END)))


def with_subject_end(text: Witness, subject: str | None, known: Catalogue) -> Witness:
    """The text witness with the end of the subject where something tells it: the body's first lines stand right below a
    long subject as the rest of a wrapped one does (Outlook for Mac and Yahoo leave no empty line there).

    subject: what else tells the subject, as above, or None; where nothing does, a note says so.
    """
    block, lines = text.block, text.lines
    assert block is not None
    *above, last = block.fields
    below = lines[block.end].text.strip() if block.end < len(lines) else ""
    if block.is_glued or last.name != "subject" or (last.last == last.first and not below):
        return text
    words, wanted = _letters(base_subject(last.text, known)), _letters(base_subject(subject or "", known))
    body = last.last + 1
    if len(wanted) > len(words):
        if body != block.end or not wanted.startswith(words):
            return text
        read = len(words)
        while read < len(wanted) and body < len(lines):
            rest = _letters(lines[body].text)
            if not rest or not wanted.startswith(rest, read):
                break
            read += len(rest)
            body += 1
        if read < len(wanted):
            return text
        whole = " ".join([last.text, *(line.text.strip() for line in lines[block.end : body])])
    else:
        extra = len(words) - len(wanted)
        while extra > 0 and body > last.first + 1:
            body -= 1
            extra -= len(_letters(lines[body].text))
        rest = " ".join(filter(None, (line.text.strip() for line in lines[body : last.last + 1])))
        if subject is None or extra or not words.startswith(wanted) or not last.text.endswith(rest):
            doubtful = last.last > last.first
            return text._replace(notes=(*text.notes, Reason(Code.WARN_FORWARD_SUBJECT_END))) if doubtful else text
        if not rest:
            return text
        whole = last.text[: -len(rest)].rstrip()
    last = last._replace(text=whole, last=body - 1)
    return text._replace(block=evolve(block, fields=(*above, last), end=body))


_LINKS = re.compile(r"<[^<>\s]{0,2000}[:/@][^<>\s]{0,2000}>|\[(?:image|cid|https?|mailto):[^\[\]]{0,2000}\]")


def with_twin_end(text: Witness, html: Witness) -> Witness:
    """The text witness less what the HTML shows below the forward's own element, where the text ends with the same."""
    assert text.block is not None
    if html.closed is None or text.closed is not None:
        return text
    below = [line.text for line in html.lines[html.closed :] if line.text.strip()]
    wanted = "".join(map(_letters, below))
    if not wanted:
        return text
    number, left = len(text.lines), len(wanted)
    while left and number > text.block.end:
        number -= 1
        letters = _letters(text.lines[number].text)
        if not wanted.endswith(letters, 0, left):
            return text
        left -= len(letters)
    if left:
        return text
    for drawn in reversed([line.strip() for line in below[: next(n for n, t in enumerate(below) if _letters(t))]]):
        above = number - 1
        while above > text.block.end and not text.lines[above].text.strip():
            above -= 1
        if above < text.block.end or text.lines[above].text.strip() != drawn:
            break
        number = above  # the `-- ` above a signature
    return text._replace(closed=number)


def _letters(text: str) -> str:
    """What text and HTML of the same line have in common: letters and digits, less the targets of links."""
    return "".join(filter(str.isalnum, _LINKS.sub("", text) if "<" in text or "[" in text else text))


def same_comment(text: Witness, html: Witness) -> bool:
    """Whether the words above the block are the same in both, by their letters: numbers of lists are drawn in HTML."""
    one, two = _said(text), _said(html)
    return one == two or _only_letters(one) == _only_letters(two)


def _said(witness: Witness) -> str:
    lines, block = witness.lines, witness.block
    assert block is not None
    above = [line.text.strip() for line in lines[: block.start] if line.text]
    return "\n".join(filter(None, (witness.before, *above, lines[block.start].text[: block.said].strip())))


def _only_letters(text: str) -> str:
    return "".join(filter(str.isalpha, _letters(text))).casefold()


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
