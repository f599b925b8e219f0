"""Recognise a forward and recover the message inside it (R6-R15).

Text and HTML are two witnesses. Each is turned into lines, the same finder looks for a block in both, and they must
agree on the author. HTML gives exact cells, so its fields are preferred; text gives the body. What the block alone
cannot say, whether it stands above a forward or above a reply, is decided by a ladder of signs.

Nothing here asks the policy: what was found is a fact, whether it counts is decided later (`_decide`).
"""

from collections.abc import Sequence
from functools import partial

from attrs import evolve

from bcclog._block.attribution import find_attribution
from bcclog._block.block import Block
from bcclog._block.structure import find_structure
from bcclog._catalogue.catalogue import Catalogue
from bcclog._catalogue.shipped import catalogue
from bcclog._forward.body import comment_of, text_of_html, text_of_message, with_body
from bcclog._forward.chain import forwards_inside, resting
from bcclog._forward.fields import (
    complete,
    is_another,
    of_date,
    read_date,
    read_fields,
    same_author,
    same_names,
    same_rest,
    says,
    with_outer_subject,
)
from bcclog._forward.in_place import MAX_COMMENT_LINES, InPlace, forward_in_place, lines_in_place
from bcclog._forward.quote import split_reply
from bcclog._forward.rivals import candidates
from bcclog._forward.subject import base_subject, is_between_lost, is_forward_subject, is_reply_subject
from bcclog._forward.witness import (
    BLOCK_CODES,
    Witness,
    block_evidence,
    html_witness,
    is_forged,
    is_hidden_block,
    less_body,
    same_comment,
    text_witness,
    with_block,
    with_block_end,
    with_doubtful_end,
    with_subject_end,
    with_twin_end,
)
from bcclog._mime.attachments import carries_files
from bcclog.codes import Code
from bcclog.forward import Confidence, Forward, NotForwarded, Original, Refused, Unwrapped
from bcclog.message import Message, given_limits, parse
from bcclog.model import Evidence, Reason
from bcclog.policy import Limits

_MAILER_FIELDS = ("x-mailer", "user-agent")
_AFTER_PREFIX = (":", "：", "_")
_RESENT_FIELDS = ("resent-from", "resent-to", "resent-sender", "resent-date", "resent-message-id", "resent-cc")
"""RFC 5322 section 3.6.6 asks for the first and a date; servers cut some of them away."""
_RULE_FIELDS = (
    "x-forwarded-to",
    "x-forwarded-for",
    "x-ms-exchange-inbox-rules-loop",
    "x-ms-exchange-forwardingloop",
    "x-sieve-redirected-from",
)
"""What Gmail, Exchange (by a rule of the mailbox, and by its setting: Microsoft, "Loop prevention in Exchange Online
demystified", 2021) and Dovecot put on mail that they pass on by themselves. A rule of the server, which has a field of
its own there, also adds recipients to what a person forwards by hand."""
_RULE_WORDS = (
    ("auto-submitted", "auto-forwarded"),
    ("x-ms-exchange-generated-message-source", "mailbox rules agent"),
)
"""Fields that say the same by their first words; others stand there too (RFC 3834 section 5)."""


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
    digests = _digests(message)
    if digests and not isinstance(inline, Forward):
        found = tuple(Evidence(where="attachment", part=part) for part in digests)
        return Refused(code=Code.REFUSE_FORWARD_DIGEST, evidence=(Reason(Code.REFUSE_FORWARD_DIGEST, None, found),))
    if message.attached_messages:
        return _attached(message, inline, known, limits)
    if isinstance(inline, Forward):
        return inline
    resent = _first_field(message, _RESENT_FIELDS)
    if resent is not None:
        return Refused(code=Code.REFUSE_FORWARD_REDIRECT, evidence=_field_evidence(message, resent))
    by_rule = _first_field(message, _RULE_FIELDS) or next(
        (name for name, word in _RULE_WORDS if (message.header(name) or "").lower().startswith(word)), None
    )
    if by_rule is not None:
        return Refused(code=Code.REFUSE_FORWARD_AUTOMATIC, evidence=_field_evidence(message, by_rule))
    if inline.code is Code.NOT_FORWARDED_NO_BLOCK and message.outlook_items:
        found = tuple(Evidence(where="attachment", part=part) for part in message.outlook_items)
        code = Code.REFUSE_FORMAT_OUTLOOK_ITEM
        return Refused(code=code, evidence=(Reason(code, None, found),))
    return inline


# --- inline -----------------------------------------------------------------------------------------------------------


def _inline(message: Message, known: Catalogue, limits: Limits, meant: bool) -> Unwrapped:
    text = text_witness(message, known, limits)
    html = html_witness(message, known, limits)
    if text is not None and html is not None:
        text, html = less_body(text, html, known, limits), less_body(html, text, known, limits)
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
        lines = tuple(lines_in_place(witness.lines, known, 0, min(first.start, MAX_COMMENT_LINES)))
        in_place = forward_in_place(message, witness, lines, text, html, known, meant) if lines else None
        if in_place is not None:
            return _with_deeper(in_place, lines, known, limits, message)
        above = lines if witness is best else above
    block = best.block
    if html is not None and html.html is not None and is_forged(html):
        return Refused(code=Code.REFUSE_FORWARD_LINK_DIFFERS, evidence=block_evidence(best))
    if _is_digest(best):
        return Refused(code=Code.REFUSE_FORWARD_DIGEST, evidence=block_evidence(best))
    sign = _sign(message, best, html, known, meant)
    if sign in _NO_SIGNS:
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
    confidence = _CONFIDENCE.get(sign, Confidence.MEDIUM)
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
    if is_between_lost(message.subject or "", original.subject or "", known):
        warnings.append(Reason(Code.WARN_FORWARD_CHAIN_INCOMPLETE))
        confidence = Confidence.LOW
    if 1 + len(chain) + len(others) > limits.max_blocks:  # what stands behind the cap was not read (P14)
        return Refused(code=Code.REFUSE_FORWARD_CHAIN, evidence=evidence)
    return Forward(
        code=BLOCK_CODES[block.known],
        sign=sign,
        confidence=confidence,
        writers=known.writers(rows),
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


_STRONG_SIGNS = frozenset((Code.FORWARD_SIGN_SEPARATOR, Code.FORWARD_SIGN_MARKUP, Code.FORWARD_SIGN_HEADER))
_CONFIDENCE = {**dict.fromkeys(_STRONG_SIGNS, Confidence.HIGH), Code.FORWARD_SIGN_ATTACHMENT: Confidence.LOW}
_NO_SIGNS = frozenset((Code.NOT_FORWARDED_REPLY, Code.NOT_FORWARDED_UNMARKED))
_SIGNS_OF_ITS_OWN = _STRONG_SIGNS | {Code.FORWARD_SIGN_SUBJECT}
"""What says of a message by itself that it is a forward, whichever way it came."""
_DIGEST_TOP, _DIGEST_RULE = "-" * 70, "-" * 30
"""The lines above the first message of a digest and below each (RFC 1153 section 3)."""
_TOLD_APART = 20
"""So many letters tell whether words are of the attached message."""
_ABOVE_DIGEST = 4
"""Between the first of them and the block stand empty lines and the message's number."""


def _is_digest(witness: Witness) -> bool:
    """Whether the witness's block is that of the first message of a digest of a list, in plain text (RFC 1153)."""
    block, lines = witness.block, witness.lines
    assert block is not None
    above = lines[max(0, block.start - _ABOVE_DIGEST) : block.label]
    return any(line.text.rstrip() == _DIGEST_TOP for line in above) and any(
        line.text.rstrip() == _DIGEST_RULE for line in lines[block.end :]
    )


def _sign(message: Message, best: Witness, html: Witness | None, known: Catalogue, meant: bool) -> Code:
    """What says that the block stands above a forward, strongest first; else that it is a reply's, or that nothing says
    so (issue of R7).

    Clients write the same block above a forward and above a reply's history, and "Original Message" above both; then
    the subject's prefix decides, then the route, then whether anything stands above the block at all, then the files:
    replies leave those of the original out.
    """
    block = best.block
    assert block is not None
    subject = message.subject or ""
    is_reply = is_reply_subject(subject, known, block.rows)
    is_forward = is_forward_subject(subject, known, block.rows)
    if (is_reply or (block.depth > 0 and not (block.forward and is_forward))) and (
        (is_reply and block.depth > 0) or find_attribution(best.lines, known, 0, block.start) is not None
    ):
        return Code.NOT_FORWARDED_REPLY  # that quotes a forward, whether its history is marked or not
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
        return Code.NOT_FORWARDED_REPLY
    # Only a whole block counts here: advertising imitates the lines of a header.
    is_whole = "@" in (block.get("from") or "") and read_date(block.date, block, known, message) is not None
    # Words above "Original Message" are a forwarder's who renamed the subject, where the mail answers no other.
    in_thread = message.has_field("references")
    is_drawn = block.separator is not None
    starts_thread = is_drawn and not in_thread
    first = not any(line.text.strip() for line in best.lines[: block.start])
    # No client runs its fields together without a separator: a log has such lines too.
    is_client_like = block.in_order and not block.is_strange and (is_drawn or not (block.mixed or block.is_glued))
    if is_whole and is_client_like and (first or starts_thread):
        return Code.FORWARD_SIGN_PLACE
    if is_whole and is_client_like and not in_thread and carries_files(message.index):
        return Code.FORWARD_SIGN_ATTACHMENT
    return Code.NOT_FORWARDED_REPLY if in_thread else Code.NOT_FORWARDED_UNMARKED


def _unlike_clients(block: Block) -> tuple[Code, ...]:
    """What no client does that the catalogue knows."""
    order = () if block.in_order else (Code.WARN_FORWARD_ORDER,)
    return (*order, Code.WARN_FORWARD_MIXED_LANGUAGES) if block.mixed else order


def _answers(message: Message, block: Block, known: Catalogue) -> bool:
    """Whether a mail in words of its own answers what stands below: a program wrote it, or its subject is the block's
    behind words that no row writes (`Ang: Offer`, `Automatic reply: Offer`), which reply and forward alike can be."""
    if (message.header("auto-submitted") or "no").strip().lower() != "no":
        return True
    theirs = base_subject(block.get("subject") or "", known)
    mine = base_subject(message.subject or "", known)
    head = mine.removesuffix(theirs)
    return bool(theirs) and 0 < len(head) < len(mine) and head.rstrip().endswith(_AFTER_PREFIX)


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
    if is_between_lost(message.subject or "", forward.original.subject or "", known):
        warnings.append(Reason(Code.WARN_FORWARD_CHAIN_INCOMPLETE))
    if not chain and not others:
        return evolve(forward, warnings=(*forward.warnings, *warnings)) if warnings else forward
    return evolve(
        forward,
        comment=comment_of(witness, known, others),
        chain=chain,
        others=others,
        chain_evidence=places,
        warnings=(*forward.warnings, *warnings),
    )


def _digests(message: Message) -> list[int]:
    """Indexes of the parts that are digests (RFC 2046 section 5.1.5)."""
    return [part.index for part in message.index.parts if part.media_type == "multipart/digest"]


def _first_field(message: Message, names: Sequence[str]) -> str | None:
    """The first of the fields that the mail has."""
    return next((name for name in names if message.has_field(name)), None)


def _field_evidence(message: Message, name: str) -> tuple[Reason, ...]:
    return (Reason(Code.FORWARD_SIGN_HEADER, None, message.evidence(name)),)


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
        lines = tuple(lines_in_place(witness.lines, known, 0, MAX_COMMENT_LINES))
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
        block = find_structure(witness.lines, known, limits, named=named, meant=meant)
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
            beside = find_structure(html.lines, known, limits, named=named, meant=meant)
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


# --- attached ---------------------------------------------------------------------------------------------------------


def _attached(message: Message, inline: Unwrapped, known: Catalogue, limits: Limits) -> Unwrapped:
    """R15: the real headers of an attached message beat an inline block, if both name the same author."""
    by_part = {part: _from_message(inner, known, limits) for part, inner in message.attached_by_part.items()}
    originals = tuple(by_part.values())
    if isinstance(inline, Forward) and inline.code is Code.FORWARD_INLINE:
        same = [o for o in originals if same_author(inline.original, o)]
        if not same:
            # The message forwarded inline had another message attached; the client's own block stands above it.
            return inline
    if isinstance(inline, Refused) and inline.code is not Code.REFUSE_FORWARD_HIDDEN_BLOCK:
        return inline
    first, *rest = originals
    found = _attached_chain(first, known, limits)
    if found is None:
        return Refused(code=Code.REFUSE_FORWARD_DEPTH, evidence=_attached_evidence(message))
    chain, noted = found
    warnings: list[Reason] = []
    for part, one in by_part.items():
        place = (Evidence(where="attachment", part=part),)
        notes = _of_header(one) + (noted if one is first else [])
        warnings += (evolve(note, evidence=place) for note in notes)
    if isinstance(inline, Forward):
        pieces = (inline.comment, _said_below(inline.original, first))
        comment = "\n\n".join(filter(None, pieces)) or None
    else:
        comment = _said(message, known, limits)
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
        warnings=tuple(warnings),
    )


def _said_below(inline: Original, attached: Original) -> str | None:
    """What the forwarder wrote below a block whose message is attached beside it (meli): words that are not its own."""
    if not same_author(inline, attached) or inline.subject != attached.subject:
        return None
    words, own = ("".join(filter(str.isalnum, one.text or "")) for one in (inline, attached))
    return inline.text if words and words[:_TOLD_APART] not in own else None


def _of_header(original: Original) -> list[Reason]:
    """What is uncertain about an attached message's header, as it is said of a block."""
    message = original.message
    return [] if message is None else [*map(Reason, message.header_notes), *of_date(message.date)]


def _attached_evidence(message: Message) -> tuple[Reason, ...]:
    found = tuple(Evidence(where="attachment", part=part) for part in message.attached_parts)
    return (Reason(Code.FORWARD_ATTACHED, None, found),)


def _said(message: Message, known: Catalogue, limits: Limits) -> str | None:
    """What the forwarder of attached messages wrote: the text, or the HTML where there is no text."""
    text = next((text.strip() for _, text in message.text_parts()), "")
    return text or text_of_html(message.html_parts()[:1], known, limits)


def _from_message(inner: Message, known: Catalogue, limits: Limits) -> Original:
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
        text=partial(text_of_message, inner, known, limits),
        html=lambda: inner.html_body,
        split_by=split_reply,
    )


def _attached_chain(
    first: Original, known: Catalogue, limits: Limits
) -> tuple[tuple[Original, ...], list[Reason]] | None:
    """The forwards inside an attached message, outermost first, and what is uncertain about them; None where they lie
    deeper than messages are read."""
    chain: list[Original] = []
    warnings: list[Reason] = []
    inner = first.message
    while inner is not None:
        if inner.attached_parts and inner.index.nesting >= limits.max_nested_messages:
            return None
        if inner.attached_messages and not _digests(inner):
            deeper = _from_message(inner.attached_messages[0], known, limits)
            chain.append(deeper)
            warnings += _of_header(deeper)
            inner = deeper.message
            continue
        found = _inline(inner, known, limits, False)
        if isinstance(found, Forward) and found.code is Code.FORWARD_INLINE and found.sign in _SIGNS_OF_ITS_OWN:
            chain += [found.original, *found.chain]
            warnings += found.warnings
        break
    return tuple(chain), warnings
