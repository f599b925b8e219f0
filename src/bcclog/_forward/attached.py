"""Forwards as attachments: the real headers of an attached message beat an inline block (R15)."""

from functools import partial

from attrs import evolve

from bcclog._catalogue.catalogue import Catalogue
from bcclog._forward.body import text_of_html, text_of_message
from bcclog._forward.fields import of_author, of_date, same_author
from bcclog._forward.inline import read_inline
from bcclog._forward.quote import split_reply
from bcclog._forward.sign import SIGNS_OF_ITS_OWN
from bcclog.codes import Code
from bcclog.forward import Confidence, Forward, Original, Refused, Unwrapped
from bcclog.message import Message
from bcclog.model import Evidence, Reason
from bcclog.policy import Limits

_TOLD_APART = 20
"""So many letters tell whether words are of the attached message."""


def read_attached(message: Message, inline: Unwrapped, known: Catalogue, limits: Limits) -> Unwrapped:
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
    if message is None:
        return []
    return [*map(Reason, message.header_notes), *of_author(original.from_), *of_date(message.date)]


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
        if inner.attached_messages and not digests(inner):
            deeper = _from_message(inner.attached_messages[0], known, limits)
            chain.append(deeper)
            warnings += _of_header(deeper)
            inner = deeper.message
            continue
        found = read_inline(inner, known, limits, False)
        if isinstance(found, Forward) and found.code is Code.FORWARD_INLINE and found.sign in SIGNS_OF_ITS_OWN:
            chain += [found.original, *found.chain]
            warnings += found.warnings
        break
    return tuple(chain), warnings


def digests(message: Message) -> list[int]:
    """Indexes of the parts that are digests (RFC 2046 section 5.1.5)."""
    return [part.index for part in message.index.parts if part.media_type == "multipart/digest"]
