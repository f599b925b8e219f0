"""What the text and the HTML of one mail tell of each other: where a block, its subject and the body end.

Clients write the same block twice. What one of the two leaves open (a subject wrapped, a body that begins like a field,
a block on one line) the other one has in a cell, or on a line of its own.
"""

import re

from attrs import evolve

from bcclog._block.one_line import PEOPLE_WITH_ADDRESS
from bcclog._catalogue.catalogue import Catalogue
from bcclog._catalogue.fields import WHOLE
from bcclog._forward.subject import base_subject
from bcclog._forward.witness import Witness, cut_at, with_block
from bcclog._lines.lines import next_text
from bcclog.codes import Code
from bcclog.model import Reason
from bcclog.policy import Limits

_LINKS = re.compile(r"<[^<>\s]{0,2000}[:/@][^<>\s]{0,2000}>|\[(?:image|cid|https?|mailto):[^\[\]]{0,2000}\]")


def less_body(witness: Witness, twin: Witness, known: Catalogue, limits: Limits) -> Witness:
    """The witness with its block less the last lines that look like fields of it, where the other part has the first of
    them below its block; where an empty line ends one of the two blocks alone, that one is right."""
    block, other = witness.block, twin.block
    if block is None or other is None or len(block.fields) <= len(other.fields):
        return witness
    below = next_text(twin.lines, other.end)
    words = _letters(twin.lines[below].text) if below < len(twin.lines) else ""
    seen: set[str] = set()
    for field in sorted(block.fields, key=lambda field: field.first):
        if words and seen >= WHOLE and _letters(witness.lines[field.first].text) == words:
            last = below + block.end - field.first
            is_ended = next_text(witness.lines, block.end) > block.end and next_text(twin.lines, last) == last
            if below == other.end and is_ended:
                return witness
            cut = cut_at(witness.lines, block, field.first, known, limits, exact=witness.html is not None)
            return witness if cut is block else with_block(witness, cut, known)
        seen.add(field.name)
    return witness


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
