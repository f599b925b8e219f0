"""A forward inside the body: what its two witnesses, text and HTML, say together (R6-R14).

Each is turned into lines, the same finder looks for a block in both, and they must agree on the author. HTML gives
exact cells, so its fields are preferred; text gives the body.
"""

from collections.abc import Sequence

from attrs import evolve

from bcclog._block.attribution import find_attribution
from bcclog._block.block import Block
from bcclog._block.structure import find_structure
from bcclog._catalogue.catalogue import Catalogue
from bcclog._forward.body import comment_of, with_body
from bcclog._forward.chain import forwards_inside, resting
from bcclog._forward.fields import (
    complete,
    is_another,
    likeliest_first,
    read_fields,
    same_author,
    same_names,
    same_rest,
    says,
    with_outer_subject,
)
from bcclog._forward.in_place import MAX_COMMENT_LINES, InPlace, forward_in_place, lines_in_place
from bcclog._forward.parts import html_witness, is_forged, is_hidden_block, text_witness
from bcclog._forward.rivals import candidates
from bcclog._forward.sign import NO_SIGNS, confidence_of, sign_of
from bcclog._forward.subject import is_between_lost, is_forward_subject, is_reply_subject
from bcclog._forward.twins import (
    less_body,
    same_comment,
    with_block_end,
    with_doubtful_end,
    with_subject_end,
    with_twin_end,
)
from bcclog._forward.witness import BLOCK_CODES, Witness, block_evidence, with_block
from bcclog.codes import Code
from bcclog.forward import Confidence, Forward, NotForwarded, Refused, Unwrapped
from bcclog.message import Message
from bcclog.model import Reason
from bcclog.policy import Limits

_MAILER_FIELDS = ("x-mailer", "user-agent")
_DIGEST_TOP, _DIGEST_RULE = "-" * 70, "-" * 30
"""The lines above the first message of a digest and below each (RFC 1153 section 3)."""
_ABOVE_DIGEST = 4
"""Between the first of them and the block stand empty lines and the message's number."""


def read_inline(message: Message, known: Catalogue, limits: Limits, meant: bool) -> Unwrapped:
    """The forward in the mail's own text and HTML, whatever is attached (R6-R14). meant: the mail reached a forwarding
    address."""
    text = text_witness(message, known, limits)
    html = html_witness(message, known, limits)
    if text is not None and html is not None:
        text, html = less_body(text, html, known, limits), less_body(html, text, known, limits)
    if html is not None and html.block is not None and not html.block.is_glued:
        html = with_subject_end(html, message.subject or None, known)  # HTML that was made of a text has its folds
    if text is not None and text.block is not None:
        told = None if html is None or html.block is None else html.block.get("subject")
        if text.block.is_glued:
            text = with_block_end(text, told or message.subject or "", known)
        else:
            text = with_subject_end(text, (message.subject or None) if told is None else told, known)
    elif html is not None and html.block is not None and html.block.is_glued:
        html = with_doubtful_end(html, message.subject or "", known)
    notes = (*(text.notes if text is not None else ()), *(html.notes if html is not None else ()))
    cut = tuple(note for note in notes if note.code is Code.REFUSE_LIMIT_CONTENT)
    if cut:
        return Refused(code=Code.REFUSE_LIMIT_CONTENT, evidence=cut)  # never decided on the part that was read
    found = _weigh(message, text, html, known, limits, meant)
    return evolve(found, warnings=(*notes, *found.warnings)) if notes else found


def _weigh(
    message: Message, text: Witness | None, html: Witness | None, known: Catalogue, limits: Limits, meant: bool
) -> Unwrapped:
    """What the two witnesses say together."""
    best = html if html is not None and html.block is not None else text
    if best is None or best.block is None:
        return _without_block(message, text, html, known, limits, meant)
    held = [(witness, witness.block) for witness in (text, html) if witness is not None and witness.block is not None]
    above: tuple[InPlace, ...] = ()
    for witness, first in held:
        lines = tuple(lines_in_place(witness.lines, known, witness.top, min(first.start, MAX_COMMENT_LINES)))
        in_place = forward_in_place(message, witness, lines, text, html, known, meant) if lines else None
        if in_place is not None:
            return _with_deeper(in_place, lines, known, limits, message)
        above = lines if witness is best else above
    block = best.block
    if html is not None and html.html is not None and is_forged(html):
        return Refused(code=Code.REFUSE_FORWARD_LINK_DIFFERS, evidence=block_evidence(best))
    if _is_digest(best):
        return Refused(code=Code.REFUSE_FORWARD_DIGEST, evidence=block_evidence(best))
    sign = sign_of(message, best, html, known, meant)
    if sign in NO_SIGNS:
        return NotForwarded(code=sign, evidence=block_evidence(best))
    if html is not None and html.html is not None and html.block is None and is_hidden_block(html, known, limits):
        return Refused(code=Code.REFUSE_FORWARD_HIDDEN_BLOCK, evidence=block_evidence(best))
    parts = [witness.part for witness, _ in held]
    if any(map(message.is_suspect_charset, parts)):
        return Refused(code=Code.REFUSE_FORWARD_CHARSET, evidence=block_evidence(best))
    original, doubts, warnings = read_fields(block, known, message)
    if doubts:
        return Refused(code=Code.REFUSE_FORWARD_AMBIGUOUS, candidates=doubts, evidence=block_evidence(best))
    if any(reason.code is Code.REFUSE_LIMIT_ADDRESSES for reason in warnings):
        return Refused(code=Code.REFUSE_LIMIT_ADDRESSES, evidence=block_evidence(best))  # never decided on some of them
    evidence = block_evidence(best)
    warnings = [resting(note, evidence[0].evidence, ()) for note in warnings]
    confidence = confidence_of(sign)
    if text is not None and html is not None:
        if text.block is None or html.block is None:
            warnings.append(Reason(Code.WARN_FORWARD_ONE_PART))
            confidence = Confidence.LOW
        else:
            differ = False
            if says(text.block) != says(block):
                other, unclear, _ = read_fields(text.block, known, message)
                if not any(same_author(original, one) and not is_another(original, one) for one in unclear or (other,)):
                    return Refused(
                        code=Code.REFUSE_FORWARD_PARTS_DISAGREE,
                        candidates=(original, *(unclear or (other,))),
                        evidence=block_evidence(html) + block_evidence(text),
                    )
                differ = bool(unclear) or not same_names(original, other)
                original = complete(original, other)
                differ = differ or not same_rest(original, other)
            text = with_twin_end(text, html)
            if differ or not same_comment(text, html):
                warnings.append(Reason(Code.WARN_FORWARD_PARTS_DIFFER))
    original, noted = with_outer_subject(original, [one for _, one in held], known, message.subject or "")
    warnings += noted
    rivals = candidates(best, above, original, known, limits, message)
    if rivals:
        return Refused(code=Code.REFUSE_FORWARD_AMBIGUOUS, candidates=rivals, evidence=evidence)
    rows = _rows(message, text, html, known)
    if not block.known:
        confidence = Confidence.LOW
    if any(map(message.is_contradictory, parts)):
        confidence = Confidence.LOW
    if block.known and (block.mixed or not block.in_order):
        warnings += map(Reason, _unlike_clients(block))
    if block.separator is None and (block.mixed or block.is_glued or not block.in_order):
        confidence = Confidence.LOW
    holder = text if text is not None and text.block is not None else best
    chain, others, chained, of_deeper = forwards_inside(holder, original, known, limits, message)
    warnings += of_deeper
    if 1 + len(chain) + len(others) > limits.max_blocks:  # what stands behind the cap was not read (P14)
        return Refused(code=Code.REFUSE_FORWARD_CHAIN, evidence=evidence)
    forward = Forward(
        code=BLOCK_CODES[block.known],
        sign=sign,
        confidence=confidence,
        writers=likeliest_first(known.writers(rows), original.sent_at_text),
        comment=comment_of(holder, known, others),
        original=with_body(original, text, html, known, message),
        chain=chain,
        others=others,
        chain_evidence=chained,
        has_text=text is not None,
        has_html=html is not None,
        evidence=evidence,
        warnings=tuple(warnings),
        source=message,
    )
    if is_lost_in_part(message, forward, known):
        lost = Reason(Code.WARN_FORWARD_CHAIN_INCOMPLETE)
        return evolve(forward, confidence=Confidence.LOW, warnings=(*forward.warnings, lost))
    return forward


def is_lost_in_part(message: Message, forward: Forward, known: Catalogue) -> bool:
    """Whether the mail's subject says that more was forwarded in turn than was read: another forward above the message,
    or, where this has no subject of its own, above or below it."""
    subject = forward.original.subject or ""
    if is_between_lost(message.subject or "", subject, known):
        return True
    has_none = any(one.code is Code.WARN_FORWARD_OUTER_SUBJECT for one in forward.warnings)
    return has_none and not forward.chain and is_forward_subject(subject, known)


def _unlike_clients(block: Block) -> tuple[Code, ...]:
    """What no client does that the catalogue knows."""
    order = () if block.in_order else (Code.WARN_FORWARD_ORDER,)
    return (*order, Code.WARN_FORWARD_MIXED_LANGUAGES) if block.mixed else order


def _is_digest(witness: Witness) -> bool:
    """Whether the witness's block is that of the first message of a digest of a list, in plain text (RFC 1153)."""
    block, lines = witness.block, witness.lines
    assert block is not None
    above = lines[max(0, block.start - _ABOVE_DIGEST) : block.label]
    return any(line.text.rstrip() == _DIGEST_TOP for line in above) and any(
        line.text.rstrip() == _DIGEST_RULE for line in lines[block.end :]
    )


def _rows(message: Message, text: Witness | None, html: Witness | None, known: Catalogue) -> int:
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


# --- without a block --------------------------------------------------------------------------------------------------


def _without_block(
    message: Message, text: Witness | None, html: Witness | None, known: Catalogue, limits: Limits, meant: bool
) -> Unwrapped:
    """No block in either part: an attribution line in its place, a block in unknown words, a hidden one, or nothing."""
    subject = message.subject or ""
    named = is_forward_subject(subject, known) or message.has_field("x-forwarded-message-id")
    if html is not None and html.html is not None and is_hidden_block(html, known, limits):
        return Refused(code=Code.REFUSE_FORWARD_HIDDEN_BLOCK)
    begun: list[int] = []
    for witness in (text, html):
        if witness is None:
            continue
        lines = tuple(lines_in_place(witness.lines, known, witness.top, MAX_COMMENT_LINES))
        begun += [one.line.rows for one in lines[:1]]
        in_place = forward_in_place(message, witness, lines, text, html, known, meant) if lines else None
        if in_place is not None:
            return _with_deeper(in_place, lines, known, limits, message)
    if (
        message.has_field("in-reply-to")
        and is_reply_subject(subject, known)
        and any(find_attribution(witness.lines, known) is not None for witness in (text, html) if witness is not None)
    ):
        return NotForwarded(code=Code.NOT_FORWARDED_REPLY)
    for witness in (text, html):
        if witness is None:
            continue
        block = find_structure(witness.lines, known, limits, named=named, meant=meant, start=witness.top)
        if block is None:
            continue
        original, doubts, warnings = read_fields(block, known, message)
        if doubts:
            continue
        read = with_block(witness, block, known)
        evidence = block_evidence(read)
        warnings = [resting(note, evidence[0].evidence, ()) for note in warnings]
        original, noted = with_outer_subject(original, (block,), known, message.subject or "")
        warnings += noted
        twin = read if witness is html else None
        if witness is text and html is not None:
            beside = find_structure(html.lines, known, limits, named=named, meant=meant, start=html.top)
            twin = html if beside is None else with_block(html, beside, known)
        return Forward(
            code=Code.FORWARD_STRUCTURAL,
            sign=Code.FORWARD_SIGN_SUBJECT
            if named
            else Code.FORWARD_SIGN_ROUTE
            if meant
            else Code.FORWARD_SIGN_SEPARATOR,
            confidence=Confidence.LOW,
            comment=comment_of(read, known),
            original=with_body(original, read, twin, known, message),
            has_text=text is not None,
            has_html=html is not None,
            evidence=evidence,
            warnings=tuple(warnings),
            source=message,
        )
    if any(is_reply_subject(subject, known, rows, answers=message.has_field("in-reply-to")) for rows in begun):
        return NotForwarded(code=Code.NOT_FORWARDED_REPLY)
    return NotForwarded(code=Code.NOT_FORWARDED_NO_BLOCK)


def _with_deeper(
    found: tuple[Forward, Witness] | Refused,
    lines: Sequence[InPlace],
    known: Catalogue,
    limits: Limits,
    message: Message,
) -> Unwrapped:
    """A forward that was read by its line in place of a block, one of several, with the forwards inside."""
    if isinstance(found, Refused):
        return found
    forward, witness = found
    rivals = candidates(witness, lines, forward.original, known, limits, message)
    if rivals:
        return Refused(code=Code.REFUSE_FORWARD_AMBIGUOUS, candidates=rivals, evidence=forward.evidence)
    chain, others, places, warnings = forwards_inside(witness, forward.original, known, limits, message)
    if 1 + len(chain) + len(others) > limits.max_blocks:
        return Refused(code=Code.REFUSE_FORWARD_CHAIN, evidence=forward.evidence)
    if chain or others:
        comment = comment_of(witness, known, others)
        forward = evolve(forward, comment=comment, chain=chain, others=others, chain_evidence=places)
    if is_lost_in_part(message, forward, known):
        warnings.append(Reason(Code.WARN_FORWARD_CHAIN_INCOMPLETE))
    return evolve(forward, warnings=(*forward.warnings, *warnings)) if warnings else forward
