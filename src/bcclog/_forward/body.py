"""What stands below a block and above it: the forwarded body as text and as HTML, and the forwarder's own comment."""

import re
from collections.abc import Sequence

from attrs import evolve

from bcclog._block.block import Block
from bcclog._block.separator import find_separator, is_rule
from bcclog._catalogue.catalogue import Catalogue
from bcclog._catalogue.fold import DRAWN, fold_separator
from bcclog._forward.parts import TAIL
from bcclog._forward.witness import Witness, answers_quote, begins_beside
from bcclog._lines.fragment import balanced
from bcclog._lines.html import html_lines
from bcclog._lines.lines import UNSEEN, Line, dequote, next_text
from bcclog.forward import Original
from bcclog.message import Message
from bcclog.policy import Limits

_STUFFED = re.compile(r"(?m)^- (?=-)")
"""What RFC 934 puts before a line that begins with a dash."""
_BARE_DASH = re.compile(r"(?m)^-(?! -)")
_LEAD = re.compile(r"(?:\s|<br[^<>]{0,200}>|</[a-zA-Z0-9]{1,20}\s*>)*+")
_NO_WIDTH = "\u00ad\u200b\u200c\u200d\u2060\ufeff"


def comment_of(witness: Witness, known: Catalogue, others: Sequence[Original] = ()) -> str | None:
    """What the forwarder wrote above the forward and, where it is known where that ends, below it."""
    block = witness.block
    assert block is not None
    above = witness.lines[: block.start]
    if block.said:
        line = witness.lines[block.start]
        above = [*above, line._replace(text=line.text[: block.said], end=line.end - len(line.text) + block.said)]
    between = [] if block.between is None else witness.lines[block.between : block.label]
    words = [witness.before] if witness.before else []
    end, rest = body_end(witness, known)
    inside = [witness.lines[first:after] for first, after in _answers(witness, end, known)]
    below = witness.lines[rest:] if not others else []  # else the next message forwarded stands there
    words += [_trimmed(witness, lines, 0).strip() for lines in (above, between, *inside, below) if lines]
    return "\n\n".join(filter(None, words)) or None


def _trimmed(witness: Witness, lines: Sequence[Line], levels: int) -> str:
    """The lines as text, without `levels` levels of quoting, and without blank lines and marks of no width at the ends
    (Apple Mail on iOS begins a body with U+FEFF)."""
    source = witness.source if witness.html is None and not witness.is_mended else None
    first, last = 0, len(lines)
    while first < last and not lines[first].text.strip(UNSEEN):
        first += 1
    while last > first and not lines[last - 1].text.strip(UNSEEN):
        last -= 1
    return dequote(lines[first:last], levels, source).strip(_NO_WIDTH)


def with_body(
    original: Original, text: Witness | None, html: Witness | None, known: Catalogue, message: Message
) -> Original:
    """The original with its body, read when it is asked for: the text of the part of text where that has a block."""
    holder = text if text is not None and text.block is not None else html
    assert holder is not None
    return evolve(
        original,
        text=lambda: body_text(holder, known),
        html=lambda: _body_html(html, known) if html is not None and html.block is not None else None,
        message_id=original.message_id or message.forwarded_message_id,
    )


def body_end(witness: Witness, known: Catalogue) -> tuple[int, int]:
    """The line where the forwarded body ends, and the line from which the forwarder goes on.

    What tells is an end mark of the client's own, its element in the HTML, where its quoting ends, or the block of the
    next message of the conversation.
    """
    block = witness.block
    assert block is not None
    lines = witness.lines
    count = len(lines)
    if witness.closed is not None and block.end <= witness.closed:
        count = witness.closed
    ends = {core for core, rows in known.ends.items() if rows & block.rows} if block.rows & known.ended else set()
    is_ruled = block.rows & known.rule_ends
    rules = {rule for rule, rows in known.end_rules.items() if rows & block.rows} if is_ruled else set()
    depths = (block.depth, lines[block.start].depth)  # in HTML the block can stand in a quote and its lines around it
    if count == witness.closed and (below := next_text(lines, count)) < len(lines) and (ends or rules):
        text = lines[below].text.strip()  # the end mark can stand behind the element
        if text in rules or fold_separator(text) in ends:
            return count, below + 1
    if is_ruled:
        for number in range(count - 1, block.end - 1, -1):
            if lines[number].depth in depths and lines[number].text.strip() in rules:
                return number, number + 1  # the last one as long as the client writes it
        last = count
        while last > block.end and not lines[last - 1].text.strip():
            last -= 1
        if last > block.end and is_rule(lines[last - 1].text.strip()):
            return last - 1, last
    least = _least(witness, known) if witness.html is None or witness.is_marked else 0
    last = _end_of_quote(lines, block, least, count, known) if least else count
    if not ends:
        return last, last
    opened = 1
    written = None
    for number in range(block.end, last):
        line = lines[number]
        if line.depth in depths and len(line.text) < 200:
            core = fold_separator(line.text)
            if core in ends:
                opened -= 1
                written = number
                if not opened:
                    return number, number + 1
            elif core and (text := line.text.strip())[0] in DRAWN:
                inner = find_separator(lines, number, text, known)
                if inner is not None and inner.rows & block.rows:
                    opened += 1
    if last < count and fold_separator(lines[last].text) in ends:
        return last, last + 1
    # Another client begins a forward with the same line, and ends it with none (Mail.ru inside Yandex).
    return (last, last) if written is None else (written, written + 1)


def _end_of_quote(lines: Sequence[Line], block: Block, least: int, count: int, known: Catalogue) -> int:
    """The line where what is quoted `least` deep below a block ends: before the forwarder's own words, but where these
    answer what is quoted and the quote goes on below, or before the quote of the next message."""
    number = block.end
    is_marked = any(line.depth >= least and not line.text.strip() for line in lines[block.label : block.end])
    while number < count:
        line = lines[number]
        if line.depth >= least:
            is_marked = is_marked or not line.text.strip()
            number += 1
            continue
        below = _quoted_again(lines, number, least, count)
        first = next_text(lines, number, below)
        if below == count:
            return first
        if first < below:
            if not answers_quote(lines, first, below, block, known):
                return first
        elif is_marked and begins_beside(lines, below, block, known):
            return number  # an empty line of the quote has its mark
        number = below
    return count


def _quoted_again(lines: Sequence[Line], number: int, least: int, count: int) -> int:
    """The first line from `number` on that is quoted `least` deep; `count` without one."""
    while number < count and lines[number].depth < least:
        number += 1
    return number


def _answers(witness: Witness, end: int, known: Catalogue) -> list[tuple[int, int]]:
    """The lines of the forwarded body that the forwarder wrote, as runs with the empty lines around."""
    block = witness.block
    assert block is not None
    if witness.html is not None and not witness.is_marked:
        return [(one.first, one.after) for one in witness.answers if block.end <= one.first and one.after <= end]
    least = _least(witness, known)
    runs = []
    number = block.end
    while least and number < end:
        below = _quoted_again(witness.lines, number, least, end)
        if next_text(witness.lines, number, below) < below:
            runs.append((number, below))
        number = below + 1
    return runs


def _least(witness: Witness, known: Catalogue) -> int:
    """How deep all of the forwarded body is quoted in text."""
    block, lines = witness.block, witness.lines
    assert block is not None
    if not block.rows & ~known.quoted_body:
        first = next_text(lines, block.end)
        if first < len(lines) and lines[first].depth > block.depth:
            return block.depth + 1  # all that these clients forward is quoted
    return _depth_of_body(witness, known)


def _depth_of_body(witness: Witness, known: Catalogue) -> int:
    """How deep the text's body is quoted: as deep as its block, but where the quoting ends right below that, as where a
    program marks the header lines alone."""
    block, lines = witness.block, witness.lines
    assert block is not None
    end = block.end
    if block.rows & known.quoted_block:
        while end < len(lines) and lines[end].depth == block.depth and not lines[end].text.strip():
            end += 1
    if block.depth and end < len(lines) and lines[end].depth < block.depth:
        text = next_text(lines, end)
        if text < len(lines):
            return min(block.depth, lines[text].depth)
    return block.depth


def body_text(witness: Witness, known: Catalogue) -> str:
    block = witness.block
    assert block is not None
    end, _ = body_end(witness, known)
    lines = []
    start = block.end
    for first, after in _answers(witness, end, known):
        lines += witness.lines[start:first]
        start = after
    lines += witness.lines[start:end]
    is_text = witness.html is None or witness.is_marked
    levels = _depth_of_body(witness, known) if is_text else block.depth
    # In HTML a client's quoting is seen as such; below a line in place of a block it mostly is.
    if witness.html is not None or block.rows & known.quoted_body or not block.fields:
        filled = [line for line in lines if line.text.strip()]
        if filled and all(line.depth > levels for line in filled):
            levels += 1
    text = _trimmed(witness, lines, levels)
    if not block.rows & known.dash_stuffed or _BARE_DASH.search(text):
        return text
    return _STUFFED.sub("", text)


def _body_html(witness: Witness, known: Catalogue) -> str:
    block, html = witness.block, witness.html
    assert block is not None and html is not None
    start = html.breaks[block.end - 1] if block.end else 0
    lead = _LEAD.match(witness.source, start)
    first = start = lead.end() if lead else start
    last, _ = body_end(witness, known)
    if last == witness.closed and witness.closed_at is not None:
        end = witness.closed_at
    elif last < len(witness.lines):
        end = html.breaks[last - 1]
    else:
        # Nested documents, and what a gateway puts below the document's end, belong to the body: a reader sees them.
        shown = next((line.end for line in reversed(witness.lines[block.end :]) if line.text.strip()), start)
        tail = TAIL.search(witness.source, max(start, shown))
        end = tail.start() if tail is not None else len(witness.source)
    pieces = []
    for answer in witness.answers:
        if start <= answer.start and answer.end <= end:
            pieces.append(witness.source[start : answer.start])
            start = answer.end
    pieces.append(witness.source[start:end])
    return balanced(witness.source[:first], "".join(pieces), known).strip()


def text_of_message(message: Message, known: Catalogue, limits: Limits) -> str | None:
    """The text of a message that was attached, made of its HTML where it has no other."""
    text = message.text_body
    if text is not None and text.strip():
        return text
    return text_of_html(message.html_parts(), known, limits) or text


def text_of_html(parts: Sequence[tuple[int, str]], known: Catalogue, limits: Limits) -> str | None:
    """HTML parts as the text that a reader sees, quoting marked; None for none."""
    texts = (dequote(html_lines(source, known, limits).lines, 0, None).strip() for _, source in parts)
    return "\n".join(filter(None, texts)) or None
