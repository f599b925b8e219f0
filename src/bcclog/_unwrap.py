"""Recognise a forward and recover the message inside it (R6-R15).

Text and HTML are two witnesses. Each is turned into lines, the same finder looks for a block in both, and they must
agree on the author. HTML gives exact cells, so its fields are preferred; text gives the body. What the block alone
cannot say, whether it stands above a forward or above a reply, is decided by a ladder of signs.

Nothing here asks the policy: what was found is a fact, whether it counts is decided later (`_plan`).
"""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import NamedTuple

from attrs import evolve

from bcclog._address import UNSHOWABLE, AddressList, normalize
from bcclog._attribution import Attribution, attributions, find_attribution, reply_attributions
from bcclog._block import Block, find_block
from bcclog._block_addresses import parse_block_list, split_on_behalf
from bcclog._catalogue import Catalogue
from bcclog._data import catalogue
from bcclog._dates import Parsed, fits_pattern, parse_localized, settle
from bcclog._decode import clean_line
from bcclog._fold import DRAWN, fold_separator
from bcclog._html import HtmlLines, html_lines
from bcclog._lines import UNSEEN, Line, dequote, text_lines, text_notes
from bcclog._quote import split_reply
from bcclog._separator import Separator, find_separator, is_rule
from bcclog._structure import find_structure
from bcclog._subject import base_subject, is_forward_subject, is_reply_subject
from bcclog.address import EmailAddress
from bcclog.codes import Code
from bcclog.forward import Confidence, Forward, NotForwarded, Original, Refused, Unwrapped
from bcclog.message import Message, given_limits, is_id, parse
from bcclog.model import Evidence, Lost, Reason, TextSpan
from bcclog.policy import Limits

_MAILER_FIELDS = ("x-mailer", "user-agent")
_MAX_GAP = 4
"""Lines between a separator and the line below it, blank ones included."""
_MAX_COMMENT_LINES = 400
"""An attribution in place of a block is looked for so far down."""
_STUFFED = re.compile(r"(?m)^- (?=-)")
"""What RFC 934 puts before a line that begins with a dash."""
_BARE_DASH = re.compile(r"(?m)^-(?! -)")
_LEAD = re.compile(r"(?:\s|<br[^<>]{0,200}>|</[a-zA-Z0-9]{1,20}\s*>)*+")
_MAX_BLOCK_LINES = 40
"""A block below a line of dashes is looked for in so many lines."""
_MAX_DATE = 80
"""A longer date is not held against the patterns of all rows."""
_NO_NAME = re.compile(r"[\d,:;@]")
_NO_WIDTH = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_MANY = 4000
"""A shorter list does not hold more people than are read."""
_AFTER_PREFIX = (":", "：", "_")
_BODY = re.compile(r"<body(?:\s[^>]*)?>", re.IGNORECASE)
_END_TAG = re.compile(r"</[a-zA-Z0-9]{1,20}\s*>")
_TAIL = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)


class _Witness(NamedTuple):
    """One part's lines and the block in them. html: None for a text part; notes: the limits that the part passed.

    closed: the line where the element ends that the client put round the forward, and closed_at its end tag's offset in
    the HTML; None where no element tells. before: what parts of the body above this one say.
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


def unwrap(raw: bytes | Message, *, limits: Limits | None = None, is_to_forwarding_address: bool = False) -> Unwrapped:
    """Recover the forwarded message from a mail.

    raw: the mail's bytes or what `parse` made of them. is_to_forwarding_address: the mail reached a forwarding address,
    so a block that could be a reply's is meant as a forward.
    Returns `Forward`, `NotForwarded` or `Refused`, each with a code and evidence; never raises on any bytes. Nothing of
    it is a decision: chains, missing parts and weak readings are reported, and `decide` holds them against the policy.
    Rules R6-R15.
    """
    limits = given_limits(limits)
    message = raw if isinstance(raw, Message) else parse(raw, limits=limits)
    known = catalogue()
    if message.refusal is not None:
        return Refused(code=message.refusal)
    if message.is_encrypted:
        return Refused(code=Code.REFUSE_FORMAT_ENCRYPTED)
    if message.media_type == "multipart/report":
        return NotForwarded(code=Code.NOT_FORWARDED_NO_BLOCK)
    inline = _inline(message, known, limits, is_to_forwarding_address)
    if message.attached_messages:
        return _attached(message, inline, known, limits)
    if isinstance(inline, Forward):
        return inline
    if message.has_field("resent-from") or message.has_field("resent-to"):
        return Refused(code=Code.REFUSE_FORWARD_REDIRECT, evidence=_field_evidence(message, "resent-from"))
    if message.media_type == "multipart/digest":
        return Refused(code=Code.REFUSE_FORWARD_DIGEST)
    if message.has_field("x-forwarded-to") or message.has_field("x-forwarded-for"):
        return Refused(code=Code.REFUSE_FORWARD_AUTOMATIC, evidence=_field_evidence(message, "x-forwarded-to"))
    if inline.code is Code.NOT_FORWARDED_NO_BLOCK and message.outlook_items:
        found = tuple(Evidence(where="attachment", part=part) for part in message.outlook_items)
        code = Code.REFUSE_FORMAT_OUTLOOK_ITEM
        return Refused(code=code, evidence=(Reason(code, None, found),))
    return inline


# --- inline -----------------------------------------------------------------------------------------------------------


def _inline(message: Message, known: Catalogue, limits: Limits, meant: bool) -> Unwrapped:
    text = _text_witness(message, known, limits)
    html = _html_witness(message, known, limits)
    notes = (*(text.notes if text is not None else ()), *(html.notes if html is not None else ()))
    cut = tuple(note for note in notes if note.code is Code.REFUSE_LIMIT_CONTENT)
    if cut:
        return Refused(code=Code.REFUSE_LIMIT_CONTENT, evidence=cut)  # never decided on the part that was read
    found = _weigh(message, text, html, known, limits, meant)
    return evolve(found, warnings=(*notes, *found.warnings)) if notes else found


def _weigh(
    message: Message, text: _Witness | None, html: _Witness | None, known: Catalogue, limits: Limits, meant: bool
) -> Unwrapped:
    """What the two witnesses say together."""
    best = html if html is not None and html.block is not None else text
    if best is None or best.block is None:
        return _without_block(message, text, html, known, limits, meant)
    for witness in (text, html):
        if witness is not None and witness.block is not None:
            in_place = _by_attribution(message, witness, text, html, known, meant, replies=False)
            if in_place is not None:
                return in_place
    block = best.block
    if html is not None and html.html is not None and _is_forged(html):
        return Refused(code=Code.REFUSE_FORWARD_LINK_DIFFERS, evidence=_evidence(best))
    sign = _sign(message, best, html, known, meant)
    if sign is None:
        return NotForwarded(code=Code.NOT_FORWARDED_REPLY, evidence=_evidence(best))
    if html is not None and html.html is not None and html.block is None and _is_hidden_block(html, known, limits):
        return Refused(code=Code.REFUSE_FORWARD_HIDDEN_BLOCK, evidence=_evidence(best))
    if any(w is not None and w.block is not None and message.is_suspect_charset(w.part) for w in (text, html)):
        return Refused(code=Code.REFUSE_FORWARD_CHARSET, evidence=_evidence(best))
    original, doubts, warnings = _read_fields(block, known, message)
    if doubts:
        return Refused(code=Code.REFUSE_FORWARD_AMBIGUOUS, candidates=doubts, evidence=_evidence(best))
    if any(reason.code is Code.REFUSE_LIMIT_ADDRESSES for reason in warnings):
        return Refused(code=Code.REFUSE_LIMIT_ADDRESSES, evidence=_evidence(best))  # never decided on some of them
    confidence = Confidence.HIGH if sign in _STRONG_SIGNS else Confidence.MEDIUM
    if text is not None and html is not None:
        if text.block is None or html.block is None:
            warnings.append(Reason(Code.WARN_FORWARD_ONE_PART))
            confidence = Confidence.LOW
        else:
            other = original if _says(text.block) == _says(block) else _read_fields(text.block, known, message)[0]
            if not _same_author(original, other):
                return Refused(
                    code=Code.REFUSE_FORWARD_PARTS_DISAGREE,
                    candidates=(original, other),
                    evidence=_evidence(html) + _evidence(text),
                )
            original = _complete(original, other)
            text = _with_twin_end(text, html)
            if not _same_rest(original, other):
                warnings.append(Reason(Code.WARN_FORWARD_PARTS_DIFFER))
    rival = _rival(best, original, known, limits, message)
    if rival is not None:
        return Refused(code=Code.REFUSE_FORWARD_AMBIGUOUS, candidates=(original, rival), evidence=_evidence(best))
    rows = _rows(message, text, html, known)
    if not block.known:
        confidence = Confidence.LOW
    if any(w is not None and w.block is not None and message.is_contradictory(w.part) for w in (text, html)):
        confidence = Confidence.LOW
    if block.mixed and block.known:
        warnings.append(Reason(Code.WARN_FORWARD_MIXED_LANGUAGES))
    chain, others, chained = _deeper(
        text if text is not None and text.block is not None else best, original, known, limits, message
    )
    if 1 + len(chain) + len(others) > limits.max_blocks:  # what stands behind the cap was not read (P14)
        return Refused(code=Code.REFUSE_FORWARD_CHAIN, evidence=_evidence(best))
    holder = text if text is not None and text.block is not None else best
    return Forward(
        code=_BLOCK_CODES[block.known],
        sign=sign,
        confidence=confidence,
        writers=known.writers(rows),
        comment=_comment(holder, known, others),
        original=_with_body(original, text, html, known, message),
        chain=chain,
        others=others,
        chain_evidence=chained,
        has_text=text is not None,
        has_html=html is not None,
        evidence=_evidence(best),
        warnings=tuple(warnings),
        source=message,
    )


def _says(block: Block) -> list[tuple[str, str]]:
    """A block's fields with their values: two parts mostly say the same, letter for letter."""
    return [(field.name, field.text) for field in block.fields]


_BLOCK_CODES = {True: Code.FORWARD_INLINE, False: Code.FORWARD_STRUCTURAL}
_STRONG_SIGNS = frozenset((Code.FORWARD_SIGN_SEPARATOR, Code.FORWARD_SIGN_MARKUP, Code.FORWARD_SIGN_HEADER))


def _text_witness(message: Message, known: Catalogue, limits: Limits) -> _Witness | None:
    first: _Witness | None = None
    parts = message.text_parts()
    before: list[str] = []
    for part, text in parts:
        lines = text_lines(text, limits)
        notes = _limits_passed("text", part, message, text_notes(text, lines, limits))
        witness = _Witness(part, text, lines, None, find_block(lines, 0, known, limits, exact=False), notes)
        first = first or witness
        if witness.block is not None:
            first = _till_next(witness, known, limits)._replace(before="\n\n".join(before))
            break
        before.append(text.strip())
    if first is not None:
        # A client that puts a file between two texts goes on with the body in the next part.
        sources = [first.source]
        at = len(first.source) + 1
        for part, text in parts[parts.index((first.part, first.source)) + 1 :]:
            lines = text_lines(text, limits)
            passed = text_notes(text, lines, limits)
            if len(first.lines) + len(lines) > limits.max_lines and Code.REFUSE_LIMIT_CONTENT not in passed:
                passed = (*passed, Code.REFUSE_LIMIT_CONTENT)
            first = first._replace(notes=(*first.notes, *_limits_passed("text", part, message, passed)))
            if Code.REFUSE_LIMIT_CONTENT in passed:
                break
            first.lines.extend(line._replace(start=line.start + at, end=line.end + at) for line in lines)
            sources.append(text)
            at += len(text) + 1
        if len(sources) > 1:
            first = first._replace(source="\n".join(sources))
    return first


def _limits_passed(where: str, part: int, message: Message, codes: tuple[Code, ...]) -> tuple[Reason, ...]:
    """The limits that a part passed, its size included, each with the part as evidence."""
    if message.is_cut(part):
        codes = (*codes, Code.REFUSE_LIMIT_CONTENT)
    return tuple(Reason(code, None, (Evidence(where=where, part=part),)) for code in dict.fromkeys(codes))


def _html_witness(message: Message, known: Catalogue, limits: Limits) -> _Witness | None:
    first: _Witness | None = None
    parts = message.html_parts()
    before: list[str] = []
    for number, (part, source) in enumerate(parts):
        html = html_lines(source, known, limits)
        block = _block_in(html, known, limits)
        if block is not None and number + 1 < len(parts):
            # A client that puts a file between two pieces of HTML goes on with the body in the next part.
            source = "\n".join((source[: _inside(source)[1]], *(s[slice(*_inside(s))] for _, s in parts[number + 1 :])))
            html = html_lines(source, known, limits)
            block = _block_in(html, known, limits)
        witness = _Witness(part, source, html.lines, html, block, _limits_passed("html", part, message, html.notes))
        if block is not None:
            witness = _till_next(_with_extent(witness, html, block), known, limits)
            return witness._replace(before="\n\n".join(before))
        before.append("\n".join(line.text for line in html.lines).strip())
        first = first or witness
    return first


def _inside(source: str) -> tuple[int, int]:
    """Where the content of the body element begins and ends."""
    head, tail = _BODY.search(source), _TAIL.search(source)
    return head.end() if head is not None else 0, tail.start() if tail is not None else len(source)


def _block_in(html: HtmlLines, known: Catalogue, limits: Limits) -> Block | None:
    """The HTML's first block; where it runs into an element marked as a client's block, the one that begins there.

    The last line of a comment can look like a field (`To: Bob`), and in text nobody could tell.
    """
    lines = html.lines
    block = find_block(lines, 0, known, limits, exact=True)
    if block is None:
        return None
    for number, mark in html.marks:
        if mark.role == "block" and block.label < number < block.end:
            at = _next_text(lines, number)
            above = at - 1
            while above > block.start and not lines[above].text.strip():
                above -= 1
            text = lines[above].text.strip()
            start = above if text and find_separator(lines, above, text, known) is not None else at
            marked = find_block(lines, start, known, limits, exact=True)
            return marked if marked is not None and marked.label == at else block
    return block


def _at(witness: _Witness, block: Block) -> _Witness:
    """The witness with a block that was found in another way."""
    read = witness._replace(block=block)
    return read if read.html is None else _with_extent(read, read.html, block)


def _with_extent(witness: _Witness, html: HtmlLines, block: Block) -> _Witness:
    """The witness with the end of the element that the client put round the forward, by the marks of the catalogue.

    It is the innermost element round the block that holds text below the block too. Some clients put the body into an
    element of its own, below the block (Tuta, Zimbra) or behind the block's own (Apple on iOS), or into several.
    """
    if not html.extents:
        return witness
    lines = witness.lines
    text = _next_text(lines, block.end)
    around = [one for one in html.extents if one.first <= block.label and one.last >= block.end]
    found = next((one for one in reversed(around) if one.last > text), None)
    if found is not None:
        text = _next_text(lines, found.last)
    for one in html.extents:
        if one.first < block.end or one.last <= text:
            continue
        if one.first > text:
            break
        if found is None:
            if one.mark != around[-1].mark if around else one.mark.role != "body" or not one.mark.rows & block.rows:
                continue
        elif one.first < found.last or one.mark != found.mark:
            continue
        found = one
        text = _next_text(lines, one.last)
    if found is None:
        return witness
    end = _END_TAG.match(witness.source, found.end) if found.first >= block.end else None
    return witness._replace(closed=found.last, closed_at=found.end if end is None else end.end())


def _next_text(lines: Sequence[Line], number: int) -> int:
    """The first line from `number` on that is not blank; their count where all are."""
    while number < len(lines) and not lines[number].text.strip():
        number += 1
    return number


_ADDRESS_START = re.compile(r"<|\[mailto:")
_LINKS = re.compile(r"<[^<>\s]{0,2000}[:/@][^<>\s]{0,2000}>|\[(?:image|cid|https?|mailto):[^\[\]]{0,2000}\]")


def _with_twin_end(text: _Witness, html: _Witness) -> _Witness:
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


def _sign(message: Message, best: _Witness, html: _Witness | None, known: Catalogue, meant: bool) -> Code | None:
    """What says that the block stands above a forward, strongest first; None for a reply (issue of R7).

    Clients write the same block above a forward and above a reply's history, and "Original Message" above both; then
    the subject's prefix decides, then the route, then whether anything stands above the block at all.
    """
    block = best.block
    assert block is not None
    subject = message.subject or ""
    is_reply = is_reply_subject(subject, known, block.rows)
    is_forward = is_forward_subject(subject, known, block.rows)
    if (is_reply or (block.depth > 0 and not (block.forward and is_forward))) and (
        (is_reply and block.depth > 0) or find_attribution(best.lines, known, 0, block.start) is not None
    ):
        return None  # a reply that quotes a forward, whether its history is marked or not
    if block.forward:
        return Code.FORWARD_SIGN_SEPARATOR
    if html is not None and html.html is not None and any(mark.forward_only for _, mark in html.html.marks):
        return Code.FORWARD_SIGN_MARKUP
    if message.has_field("x-forwarded-message-id"):
        return Code.FORWARD_SIGN_HEADER
    if is_forward:
        return Code.FORWARD_SIGN_SUBJECT
    if meant:
        return Code.FORWARD_SIGN_ROUTE
    if is_reply or message.has_field("in-reply-to") or _answers(message, block, known):
        return None
    # Only a whole block counts here: advertising imitates the lines of a header.
    is_whole = "@" in (block.get("from") or "") and _date(block.date, block, known, message) is not None
    # Words above "Original Message" are a forwarder's who renamed the subject, where the mail answers no other.
    starts_thread = block.separator is not None and not message.has_field("references")
    first = not any(line.text.strip() for line in best.lines[: block.start])
    return Code.FORWARD_SIGN_PLACE if is_whole and not block.is_strange and (first or starts_thread) else None


def _answers(message: Message, block: Block, known: Catalogue) -> bool:
    """Whether a mail in words of its own answers what stands below: a program wrote it, or its subject is the block's
    behind words that no row writes (`Ang: Offer`, `Automatic reply: Offer`), which reply and forward alike can be."""
    if (message.header("auto-submitted") or "no").strip().lower() != "no":
        return True
    theirs = base_subject(block.get("subject") or "", known)
    mine = base_subject(message.subject or "", known)
    head = mine.removesuffix(theirs)
    return bool(theirs) and 0 < len(head) < len(mine) and head.rstrip().endswith(_AFTER_PREFIX)


def _is_forged(html: _Witness) -> bool:
    """T59: a link in the line of the author leads to another address than the one shown."""
    if html.block is None or html.html is None:
        return False
    return any(
        field.name in ("from", "sender") and any(n in html.html.forged for n in range(field.first, field.last + 1))
        for field in html.block.fields
    )


def _is_hidden_block(html: _Witness, known: Catalogue, limits: Limits) -> bool:
    assert html.html is not None
    return bool(html.html.hidden) and find_block(html.html.hidden, 0, known, limits, exact=True) is not None


def _read_fields(
    block: Block, known: Catalogue, message: Message
) -> tuple[Original, tuple[Original, ...], list[Reason]]:
    """The block's fields as values; the candidates where it is unclear who the author is; and warnings."""
    warnings: list[Reason] = []
    sender: EmailAddress | None = None
    text = block.get("from") or ""
    behalf = split_on_behalf(text)
    if behalf is not None:
        warnings.append(Reason(Code.WARN_FORWARD_ON_BEHALF))
        sender = _first(parse_block_list(behalf[0]))
        text = behalf[1]
    further = [field.text for field in block.fields if field.name == "from"][1:]
    authors = [author for one in (text, *further) for author in parse_block_list(one).mailboxes]
    addressed = tuple(author for author in authors if author.email is not None)
    if len({normalize(a.email) or a.email for a in addressed if a.email}) > 1:
        return Original(), tuple(Original(from_=author) for author in addressed), warnings
    author = addressed[0] if addressed else (authors[0] if authors else None)
    if len(authors) > 1 and addressed and ";" in text:
        author = _with_whole_name(text, addressed[0])
    date_text = block.date
    parsed = _date(date_text, block, known, message)
    warnings += _of_date(parsed)
    subject = clean_line(block.get("subject") or "")
    warnings += map(Reason, subject.notes)
    if block.is_cut or not all(
        parse_block_list(field.text).is_complete for field in block.fields if len(field.text) > _MANY
    ):
        warnings.append(Reason(Code.REFUSE_LIMIT_ADDRESSES))
    original = Original(
        from_=author,
        sender=sender,
        to=_people(block, "to"),
        cc=_people(block, "cc"),
        reply_to=_people(block, "reply_to"),
        subject=subject.text or None,
        sent_at=None if parsed is None else parsed.value,
        sent_at_text=_one_line(date_text),
        message_id=_message_id(block),
        split_by=split_reply,
    )
    return original, (), warnings


def _with_whole_name(text: str, author: EmailAddress) -> EmailAddress:
    """The one author whose line has a semicolon that parts no two people: `Kim; Sales <kim@customer.example>`."""
    name = _ADDRESS_START.split(text, maxsplit=1)[0]
    if "@" in name or "@" not in text[len(name) :] or not text.rstrip().endswith((">", "]")):
        return author
    return evolve(author, name=clean_line(name).text or None)


def _first(found: AddressList) -> EmailAddress | None:
    return found.mailboxes[0] if found.mailboxes else None


def _people(block: Block, name: str) -> tuple[EmailAddress, ...]:
    return tuple(
        mailbox
        for field in block.fields
        if field.name == name and field.text
        for mailbox in parse_block_list(field.text).mailboxes
    )


def _one_line(text: str | None) -> str | None:
    return clean_line(text or "").text or None


def _message_id(block: Block) -> str | None:
    text = clean_line(next((field.text for field in block.fields if field.name == "message_id"), "")).text
    start, end = text.find("<"), text.find(">")
    name = (text[start + 1 : end] if 0 <= start < end else text).strip()
    return name if is_id(name) else None


def _date(text: str | None, block: Block, known: Catalogue, message: Message) -> Parsed | None:
    """The date that a block writes; what the numbers leave open is settled by the Date of the mail that carries it."""
    if not text:
        return None
    locales, patterns = known.dates(block.rows)
    parsed = parse_localized(text, locales, patterns=patterns)
    if parsed.value is None and parsed.code is Code.WARN_DATE_ORDER and len(text) < _MAX_DATE:
        # The languages differ; those whose pattern has another shape did not write it.
        rows = known.rows_dating({pattern for pattern in patterns if fits_pattern(text, pattern)}, block.rows)
        if rows and rows != block.rows:
            locales, patterns = known.dates(rows)
            parsed = parse_localized(text, locales, patterns=patterns)
    return settle(parsed, message.sent_at) if parsed.others else parsed


def _same_author(one: Original, two: Original) -> bool:
    a = one.from_.email if one.from_ else None
    b = two.from_.email if two.from_ else None
    if a is None or b is None:
        return True
    return a.lower() == b.lower() or normalize(a) == normalize(b)


def _same_rest(one: Original, two: Original) -> bool:
    def people(addresses: Sequence[EmailAddress]) -> list[str]:
        return sorted((a.email or a.name or "").lower() for a in addresses)

    def words(text: str | None) -> str:
        return "".join((text or "").split())

    return (
        people(one.to) == people(two.to)
        and people(one.cc) == people(two.cc)
        and words(one.subject) == words(two.subject)
        and one.sent_at == two.sent_at
    )


def _complete(best: Original, other: Original) -> Original:
    """Fill what the preferred witness lacks: an author's address that only the other part writes out."""
    changes: dict[str, object] = {}
    if other.from_ is not None and other.from_.email and (best.from_ is None or best.from_.email is None):
        changes["from_"] = other.from_
    for name in ("to", "cc"):
        mine, theirs = getattr(best, name), getattr(other, name)
        if (len(mine) == len(theirs) and any(a.email is None for a in mine) and all(a.email for a in theirs)) or (
            not mine and theirs
        ):
            changes[name] = theirs
    if best.sent_at is None and other.sent_at is not None:
        changes["sent_at"], changes["sent_at_text"] = other.sent_at, other.sent_at_text
    if best.subject is None and other.subject is not None:
        changes["subject"] = other.subject
    return evolve(best, **changes) if changes else best  # type: ignore[arg-type]


def _rows(message: Message, text: _Witness | None, html: _Witness | None, known: Catalogue) -> int:
    """The catalogue's rows that fit both witnesses, and the marks in the HTML and the name of the program that sent the
    mail where those leave any."""
    rows = 0
    for witness in (html, text):
        if witness is not None and witness.block is not None:
            rows = rows & witness.block.rows or rows or witness.block.rows
    if html is not None and html.html is not None:
        for _, mark in html.html.marks:
            if mark.role in ("wrapper", "block", "separator", "body"):
                rows = rows & mark.rows or rows
    for name in _MAILER_FIELDS:
        if message.has_field(name):
            rows = rows & known.mailed_by(message.header(name) or "") or rows
    return rows


def _rival(best: _Witness, original: Original, known: Catalogue, limits: Limits, message: Message) -> Original | None:
    """T54: a block quoted in the forwarder's note, with the real one below it: less deeply quoted, or below a line that
    says "forwarded", where the first has none."""
    block = best.block
    assert block is not None
    if block.depth == 0:
        return None
    for number in range(block.end, len(best.lines)):
        if best.lines[number].depth < block.depth and best.lines[number].text.strip():
            second = find_block(best.lines, number, known, limits, exact=best.html is not None)
            if second is not None and (second.depth < block.depth or (second.forward and block.separator is None)):
                rival, _, _ = _read_fields(second, known, message)
                if not _same_author(original, rival):
                    return rival
            return None
    return None


def _comment(witness: _Witness, known: Catalogue, others: Sequence[Original] = ()) -> str | None:
    """What the forwarder wrote above the forward and, where it is known where that ends, below it."""
    block = witness.block
    assert block is not None
    above = witness.lines[: block.start]
    if block.said:
        line = witness.lines[block.start]
        above = [*above, line._replace(text=line.text[: block.said], end=line.start + block.said)]
    words = [witness.before] if witness.before else []
    _, rest = _body_end(witness, known)
    below = witness.lines[rest:] if not others else []  # else the next message forwarded stands there
    words += [_trimmed(witness, lines, 0).strip() for lines in (above, below) if lines]
    return "\n\n".join(filter(None, words)) or None


def _trimmed(witness: _Witness, lines: Sequence[Line], levels: int) -> str:
    """The lines as text, without `levels` levels of quoting, and without blank lines and marks of no width at the ends
    (Apple Mail on iOS begins a body with U+FEFF)."""
    source = witness.source if witness.html is None else None
    first, last = 0, len(lines)
    while first < last and lines[first].depth <= levels and not lines[first].text.strip(UNSEEN):
        first += 1
    while last > first and lines[last - 1].depth <= levels and not lines[last - 1].text.strip(UNSEEN):
        last -= 1
    return dequote(lines[first:last], levels, source).strip(_NO_WIDTH)


# --- body and what is deeper ------------------------------------------------------------------------------------------


def _with_body(
    original: Original, text: _Witness | None, html: _Witness | None, known: Catalogue, message: Message
) -> Original:
    holder = text if text is not None and text.block is not None else html
    assert holder is not None
    return evolve(
        original,
        text=lambda: _body_text(holder, known),
        html=lambda: _body_html(html, known) if html is not None and html.block is not None else None,
        message_id=original.message_id or message.forwarded_message_id,
    )


def _body_end(witness: _Witness, known: Catalogue) -> tuple[int, int]:
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
    if block.rows & known.rule_ends:
        last = count
        while last > block.end and not lines[last - 1].text.strip():
            last -= 1
        if last > block.end and is_rule(lines[last - 1].text.strip()):
            return last - 1, last
    least = 0 if witness.html is not None else block.depth
    if not block.rows & ~known.quoted_body and witness.html is None:
        first = _next_text(lines, block.end)
        if first < count and lines[first].depth > block.depth:
            least = block.depth + 1  # all that these clients forward is quoted
    if not ends and not least:
        return count, count
    opened = 1
    for number in range(block.end, count):
        line = lines[number]
        if line.depth < least and line.text.strip():
            return number, number + (fold_separator(line.text) in ends)
        if ends and line.depth == block.depth and len(line.text) < 200:
            core = fold_separator(line.text)
            if core in ends:
                opened -= 1
                if not opened:
                    return number, number + 1
            elif core and (text := line.text.strip())[0] in DRAWN:
                inner = find_separator(lines, number, text, known)
                if inner is not None and inner.rows & block.rows:
                    opened += 1
    return count, count


def _till_next(witness: _Witness, known: Catalogue, limits: Limits) -> _Witness:
    """The witness with its end at the rule above the next message that was forwarded with it (a conversation)."""
    block = witness.block
    if block is None or not block.rows & known.rule_between:
        return witness
    lines = witness.lines
    count = len(lines) if witness.closed is None else witness.closed
    tries = 0
    for number in range(block.end, count):
        line = lines[number]
        if line.depth != block.depth or line.text[:1] not in DRAWN or not is_rule(line.text.strip()):
            continue
        tries += 1
        if tries > limits.max_blocks:
            break
        at = _next_text(lines, number + 1)
        window = lines[at : min(at + _MAX_BLOCK_LINES, count)]
        found = find_block(window, 0, known, limits, exact=witness.html is not None)
        if found is not None and found.start == 0 and found.depth == block.depth and found.rows & block.rows:
            at = 0 if witness.html is None else witness.html.breaks[number - 1]
            return witness._replace(closed=number, closed_at=None if witness.html is None else at)
    return witness


def _body_text(witness: _Witness, known: Catalogue) -> str:
    block = witness.block
    assert block is not None
    end, _ = _body_end(witness, known)
    lines = witness.lines[block.end : end]
    levels = block.depth
    # In HTML a client's quoting is seen as such; below a line in place of a block it mostly is.
    if witness.html is not None or block.rows & known.quoted_body or not block.fields:
        filled = [line for line in lines if line.text.strip()]
        if filled and all(line.depth > levels for line in filled):
            levels += 1
    text = _trimmed(witness, lines, levels)
    if not block.rows & known.dash_stuffed or _BARE_DASH.search(text):
        return text
    return _STUFFED.sub("", text)


def _body_html(witness: _Witness, known: Catalogue) -> str:
    block, html = witness.block, witness.html
    assert block is not None and html is not None
    start = html.breaks[block.end - 1] if block.end else 0
    lead = _LEAD.match(witness.source, start)
    start = lead.end() if lead else start
    last, _ = _body_end(witness, known)
    if last == witness.closed and witness.closed_at is not None:
        end = witness.closed_at
    elif last < len(witness.lines):
        end = html.breaks[last - 1]
    else:
        tail = _TAIL.search(witness.source, start)
        end = tail.start() if tail is not None else len(witness.source)
    return witness.source[start:end].strip()


def _deeper(
    witness: _Witness, outer: Original, known: Catalogue, limits: Limits, message: Message
) -> tuple[tuple[Original, ...], tuple[Original, ...], tuple[Evidence, ...]]:
    """The forwards inside the forwarded message, outermost first, messages forwarded beside it, and where the blocks of
    the first stand.

    A deeper block is a link of a chain where its separator says so or the subject above it is that of a forward; a
    block under a reply is history, and so is all below it.
    """
    chain: list[Original] = []
    others: list[Original] = []
    places: list[Evidence] = []
    block = witness.block
    assert block is not None
    exact = witness.html is not None
    following = find_block(witness.lines, block.end, known, limits, exact=exact)
    if following is None:  # most forwards: nothing more to ask
        return (), (), ()
    closed, _ = _body_end(witness, known)
    within = witness._replace(lines=witness.lines[:closed])
    subject = outer.subject or ""
    answers = reply_attributions(witness.lines, known, block.end, len(witness.lines))
    answer = next(answers, None)
    while following is not None and len(chain) + len(others) < limits.max_blocks:
        while answer is not None and answer.first < block.end:
            answer = next(answers, None)
        if answer is not None and answer.last < following.start:
            break
        beside = following.start >= closed
        if not (following.forward or beside or is_forward_subject(subject, known, following.rows)):
            break
        if not (following.forward or following.known):
            break
        if following.depth > block.depth and is_reply_subject(subject, known, following.rows):
            break  # quoted by an answer
        inner, _, _ = _read_fields(following, known, message)
        holder = (witness if beside else within)._replace(block=following)
        if beside:
            holder = _till_next(holder._replace(closed=None), known, limits)
        inner = evolve(inner, text=partial(_body_text, holder, known))
        (others if beside else chain).append(inner)
        if not beside:
            places += (one for reason in _evidence(holder._replace(block=following)) for one in reason.evidence)
        subject = inner.subject or ""
        block = following
        following = find_block(witness.lines, block.end, known, limits, exact=exact)
    return tuple(chain), tuple(others), tuple(places)


def _evidence(witness: _Witness) -> tuple[Reason, ...]:
    block = witness.block
    if block is None:
        return ()
    where = "text" if witness.html is None else "html"
    lines = witness.lines

    def span(first: int, last: int) -> TextSpan:
        return TextSpan(lines[first].start, lines[min(last, len(lines) - 1)].end)

    found = []
    if block.separator is not None:
        found.append(
            Evidence(where=where, field="separator", part=witness.part, span=span(block.separator, block.separator))
        )
    found += [
        Evidence(where=where, field=field.name, part=witness.part, span=span(field.first, field.last))
        for field in block.fields
    ]
    code = Code.FORWARD_ATTRIBUTION if not block.fields else _BLOCK_CODES[block.known]
    return (Reason(code, None, tuple(found)),)


def _field_evidence(message: Message, name: str) -> tuple[Reason, ...]:
    return (Reason(Code.FORWARD_SIGN_HEADER, None, message.evidence(name)),) if message.has_field(name) else ()


# --- without a block --------------------------------------------------------------------------------------------------


def _without_block(
    message: Message, text: _Witness | None, html: _Witness | None, known: Catalogue, limits: Limits, meant: bool
) -> Unwrapped:
    """No block in either part: an attribution line in its place, a block in unknown words, a hidden one, or nothing."""
    subject = message.subject or ""
    named = is_forward_subject(subject, known) or message.has_field("x-forwarded-message-id")
    if html is not None and html.html is not None and _is_hidden_block(html, known, limits):
        return Refused(code=Code.REFUSE_FORWARD_HIDDEN_BLOCK)
    for witness in (text, html):
        if witness is None:
            continue
        forward = _by_attribution(message, witness, text, html, known, meant, replies=True)
        if forward is not None:
            return forward
    if (
        message.has_field("in-reply-to")
        and is_reply_subject(subject, known)
        and any(find_attribution(witness.lines, known) is not None for witness in (text, html) if witness is not None)
    ):
        return NotForwarded(code=Code.NOT_FORWARDED_REPLY)
    for witness in (text, html):
        if witness is None:
            continue
        block = find_structure(witness.lines, known, limits, named=named, meant=meant)
        if block is None:
            continue
        original, doubts, warnings = _read_fields(block, known, message)
        if doubts:
            continue
        read = _at(witness, block)
        twin = read if witness is html else None
        if witness is text and html is not None:
            beside = find_structure(html.lines, known, limits, named=named, meant=meant)
            twin = html if beside is None else _at(html, beside)
        return Forward(
            code=Code.FORWARD_STRUCTURAL,
            sign=Code.FORWARD_SIGN_SUBJECT
            if named
            else Code.FORWARD_SIGN_ROUTE
            if meant
            else Code.FORWARD_SIGN_SEPARATOR,
            confidence=Confidence.LOW,
            comment=_comment(read, known),
            original=_with_body(original, read, twin, known, message),
            has_text=text is not None,
            has_html=html is not None,
            evidence=_evidence(read),
            warnings=tuple(warnings),
            source=message,
        )
    for witness in (text, html):
        lines = [] if witness is None else witness.lines
        first = next(_in_place(lines, known, min(len(lines), _MAX_COMMENT_LINES), True), None)
        if first is not None and is_reply_subject(
            subject, known, first[0].rows, answers=message.has_field("in-reply-to")
        ):
            return NotForwarded(code=Code.NOT_FORWARDED_REPLY)
    return NotForwarded(code=Code.NOT_FORWARDED_NO_BLOCK)


def _by_attribution(
    message: Message,
    witness: _Witness,
    text: _Witness | None,
    html: _Witness | None,
    known: Catalogue,
    meant: bool,
    *,
    replies: bool,
) -> Forward | None:
    """A forward with an attribution line in place of a block (aerc, Balsa, Yandex, Outlook for Mac, FairEmail).

    replies: attribution lines of replies count too, where nothing else was found. Only lines above the block that
    the witness has are looked at.
    """
    subject = message.subject or ""
    has_header = message.has_field("x-forwarded-message-id")
    is_answer = message.has_field("in-reply-to")
    end = len(witness.lines) if witness.block is None else witness.block.start
    for found, above in _in_place(witness.lines, known, min(end, _MAX_COMMENT_LINES), replies):
        # `VS:` with In-Reply-To is an answer, whatever it means in the language of a line that replies begin with.
        named = has_header or is_forward_subject(subject, known, 0 if is_answer else found.rows)
        separated = above is not None and above.forward
        # A reply's history begins with the same line, and an answer is no forward, whatever address it was sent to.
        answers = is_reply_subject(subject, known, found.rows, answers=is_answer)
        if not (named or separated or (meant and not answers)):
            continue
        author = _author_of(found.values)
        if witness.block is not None and not separated and _is_quoting(witness, found, author, known):
            continue
        date_text = " ".join(found.values[slot] for slot in ("date", "time") if slot in found.values) or None
        block = _in_its_place(found, above)
        parsed = _date(date_text, block, known, message)
        if author is None or (date_text and (parsed is None or not (parsed.value or parsed.others))):
            continue
        warnings = _of_date(parsed)
        read = _at(witness, block)
        twin = read if witness is html else None
        if witness is text and html is not None:
            same = _in_place(html.lines, known, min(len(html.lines), _MAX_COMMENT_LINES), replies)
            twin = next((_at(html, _in_its_place(f, a)) for f, a in same if _author_of(f.values) == author), html)
        original = Original(
            from_=author,
            sent_at=parsed.value if parsed else None,
            sent_at_text=_one_line(date_text),
            split_by=split_reply,
        )
        return Forward(
            code=Code.FORWARD_ATTRIBUTION,
            sign=Code.FORWARD_SIGN_SEPARATOR
            if separated
            else Code.FORWARD_SIGN_SUBJECT
            if named
            else Code.FORWARD_SIGN_ROUTE,
            confidence=Confidence.LOW,
            writers=known.writers(found.rows),
            comment=_comment(read, known),
            original=_with_body(original, read, twin, known, message),
            has_text=text is not None,
            has_html=html is not None,
            evidence=_evidence(read),
            warnings=warnings,
            source=message,
        )
    return None


def _is_quoting(witness: _Witness, found: Attribution, author: EmailAddress | None, known: Catalogue) -> bool:
    """Whether an attribution above a block belongs to the forwarder's own words: `see what Kim wrote:`, or a line that
    replies begin with, above a block that says "forwarded" or right above one that says nothing."""
    block = witness.block
    assert block is not None
    if not found.is_dated and (author is None or author.email is None):
        return True
    if find_attribution(witness.lines, known, found.first, found.last + 1) is None:
        return False
    between = witness.lines[found.last + 1 : block.start]
    is_deeper = block.depth > found.depth
    if any(line.text.strip() and line.depth <= found.depth for line in between):
        return block.forward and not is_deeper
    return block.forward or not is_deeper


def _of_date(parsed: Parsed | None) -> tuple[Reason, ...]:
    """What is uncertain about a date, with its other readings."""
    if parsed is None or parsed.code is None:
        return ()
    return (Reason(parsed.code, None, (), tuple(Lost(what=o.isoformat(), code=parsed.code) for o in parsed.others)),)


def _in_its_place(found: Attribution, above: Separator | None) -> Block:
    """An attribution, and the separator above it, as a block without fields."""
    start = found.first if above is None else above.last
    return Block(
        start=start,
        end=found.last + 1,
        label=found.first,
        separator=None if above is None else start,
        forward=above is not None and above.forward,
        depth=found.depth,
        fields=(),
        rows=found.rows,
    )


def _author_of(values: dict[str, str]) -> EmailAddress | None:
    """The one author that an attribution names; his address is None where the line gives a name only."""
    if "email" in values:
        name = clean_line(values.get("name", "")).text.strip("\"' ")
        email = UNSHOWABLE.sub("\ufffd", values["email"].strip("<>[] "))
        return EmailAddress(name or None, email) if "@" in email else None
    text = values.get("from") or values.get("name") or ""
    found = parse_block_list(text).mailboxes
    addressed = [mailbox for mailbox in found if mailbox.email is not None]
    if len(addressed) == 1 and "<" in text:
        return addressed[0]
    if (
        not text
        or len(addressed) > 1
        or (not values.keys() & {"date", "time"} and (len(text) > 60 or _NO_NAME.search(text)))
    ):
        return None
    return EmailAddress(clean_line(text).text or None, None)


def _in_place(
    lines: Sequence[Line], known: Catalogue, end: int, replies: bool
) -> Iterator[tuple[Attribution, Separator | None]]:
    """Attributions from the top, each with the separator right above it. Those of replies count below a separator
    that says "forwarded", and everywhere with `replies`."""
    both = attributions(lines, known, 0, end, (known.attributions, known.reply_attributions))
    for _, same in groupby(both, key=lambda pair: pair[0].last):
        # `{date} {name} <{email}>:` fits the line of a reply too, and takes its `wrote` for a part of the name.
        pairs = list(same)
        worded = (pair for pair in pairs if pair[0].has_words and pair[0].is_dated)
        found, index = pairs[0] if pairs[0][0].has_words else next(worded, pairs[0])
        number = found.first - 1
        while number >= 0 and found.first - number < _MAX_GAP and not lines[number].text.strip():
            number -= 1
        text = lines[number].text.strip() if number >= 0 else ""
        above = find_separator(lines, number, text, known) if text else None
        if replies or index is known.attributions or (above is not None and above.forward):
            yield found, above


# --- attached ---------------------------------------------------------------------------------------------------------


def _attached(message: Message, inline: Unwrapped, known: Catalogue, limits: Limits) -> Unwrapped:
    """R15: the real headers of an attached message beat an inline block, if both name the same author."""
    originals = tuple(_from_message(inner) for inner in message.attached_messages)
    if isinstance(inline, Forward) and inline.code is Code.FORWARD_INLINE:
        same = [o for o in originals if _same_author(inline.original, o)]
        if not same:
            # The message forwarded inline had another message attached; the client's own block stands above it.
            return inline
    if isinstance(inline, Refused) and inline.code is not Code.REFUSE_FORWARD_HIDDEN_BLOCK:
        return inline
    first, *rest = originals
    chain = _attached_chain(first, known, limits)
    if chain is None:
        return Refused(code=Code.REFUSE_FORWARD_DEPTH, evidence=_attached_evidence(message))
    comment = inline.comment if isinstance(inline, Forward) else _said(message, known, limits)
    return Forward(
        code=Code.FORWARD_ATTACHED,
        confidence=Confidence.HIGH,
        comment=comment,
        original=first,
        chain=chain,
        others=tuple(rest),
        has_text=any(True for _ in message.text_parts()),
        has_html=any(True for _ in message.html_parts()),
        evidence=_attached_evidence(message),
    )


def _attached_evidence(message: Message) -> tuple[Reason, ...]:
    found = tuple(Evidence(where="attachment", part=part) for part in message.attached_parts)
    return (Reason(Code.FORWARD_ATTACHED, None, found),)


def _said(message: Message, known: Catalogue, limits: Limits) -> str | None:
    """What the forwarder of attached messages wrote: the text, or the HTML where there is no text."""
    text = next((text.strip() for _, text in message.text_parts()), "")
    if not text:
        sources = message.html_parts()[:1]
        text = "\n".join(line.text for _, source in sources for line in html_lines(source, known, limits).lines).strip()
    return text or None


def _from_message(inner: Message) -> Original:
    return Original(
        from_=inner.from_[0] if len(inner.from_) == 1 else None,
        sender=inner.sender,
        to=inner.to,
        cc=inner.cc,
        reply_to=inner.reply_to,
        subject=inner.subject,
        sent_at=inner.sent_at,
        sent_at_text=inner.sent_at_text,
        message_id=inner.message_id,
        message=inner,
        text=lambda: inner.text_body,
        html=lambda: inner.html_body,
        split_by=split_reply,
    )


def _attached_chain(first: Original, known: Catalogue, limits: Limits) -> tuple[Original, ...] | None:
    """The forwards inside an attached message, outermost first; None where they lie deeper than messages are read."""
    chain: list[Original] = []
    inner = first.message
    while inner is not None:
        if inner.attached_parts and inner.index.nesting >= limits.max_nested_messages:
            return None
        if inner.attached_messages:
            deeper = _from_message(inner.attached_messages[0])
            chain.append(deeper)
            inner = deeper.message
            continue
        found = _inline(inner, known, limits, False)
        if isinstance(found, Forward) and found.code is Code.FORWARD_INLINE and found.sign in _STRONG_SIGNS:
            chain += [found.original, *found.chain]
        break
    return tuple(chain)
