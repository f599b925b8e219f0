"""Forwards as attachments: the real headers of an attached message beat an inline block (R15)."""

from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

from attrs import evolve

from bcclog._catalogue.catalogue import Catalogue
from bcclog._forward.body import text_of_html, text_of_message
from bcclog._forward.fields import of_author, of_date, same_author, same_minute
from bcclog._forward.inline import is_lost_in_part, read_inline
from bcclog._forward.quote import split_reply
from bcclog._forward.sign import SIGNS_OF_ITS_OWN
from bcclog._forward.subject import base_subject, is_forward_subject
from bcclog.codes import Code
from bcclog.forward import Confidence, Forward, Original, Refused, Unwrapped
from bcclog.message import Message
from bcclog.model import Evidence, Reason
from bcclog.policy import Limits

_TOLD_APART = 20
"""So many letters tell whether words are of the attached message."""


def read_attached(message: Message, inline: Unwrapped, known: Catalogue, limits: Limits) -> Unwrapped:
    """R15: the real headers of an attached message beat an inline block of the same message."""
    read = _read_one(message, inline, known, limits)
    forward, inner = read.found, read.inner
    if not isinstance(forward, Forward) or inner is None:
        return forward
    chain = list(forward.chain)
    warnings: list[Reason] = []
    while inner is not None:
        if inner.attached_parts and inner.index.nesting >= limits.max_nested_messages:
            return Refused(code=Code.REFUSE_FORWARD_DEPTH, evidence=_attached_evidence(message))
        deeper = _Read(read_inline(inner, known, limits, False))
        if inner.attached_messages and not digests(inner):
            deeper = _read_one(inner, deeper.found, known, limits)
        found = deeper.found
        if isinstance(found, Refused):
            warnings.append(Reason(Code.WARN_FORWARD_CHAIN_INCOMPLETE))
        if not isinstance(found, Forward):
            break
        if found.code is not Code.FORWARD_ATTACHED and found.sign not in SIGNS_OF_ITS_OWN:
            break
        chain += [found.original, *found.chain]
        warnings += found.warnings
        inner = deeper.inner
    warnings = [evolve(note, evidence=read.place) for note in warnings]
    return evolve(forward, chain=tuple(chain), warnings=(*forward.warnings, *warnings))


class _Read(NamedTuple):
    """What a mail and the messages attached to it say together. inner: the attached message that is the last of those
    that were forwarded, unread as yet, and place: where it is attached; None for none."""

    found: Unwrapped
    inner: Message | None = None
    place: tuple[Evidence, ...] = ()


def _read_one(message: Message, inline: Unwrapped, known: Catalogue, limits: Limits) -> _Read:
    """The forward that a mail with attached messages is, without what was forwarded inside these."""
    if isinstance(inline, Refused) and inline.code is not Code.REFUSE_FORWARD_HIDDEN_BLOCK:
        return _Read(inline)
    by_part = {part: _from_message(inner, known, limits) for part, inner in message.attached_by_part.items()}
    part, first = next(iter(by_part.items()))
    comment: str | None = None
    if isinstance(inline, Forward):
        same = [item for item in by_part.items() if _is_same(inline.original, item[1])]
        if same:
            part, first = same[0]
            comment = "\n\n".join(filter(None, (inline.comment, _said_below(inline.original, first)))) or None
        elif inline.code is Code.FORWARD_INLINE or inline.sign is Code.FORWARD_SIGN_SEPARATOR:
            # The message forwarded inline had another message attached; the client's own block stands above it.
            return _with_link(inline, by_part, message, known)
        elif inline.sign is not Code.FORWARD_SIGN_ROUTE and (
            base_subject(message.subject or "", known) != base_subject(first.subject or "", known)
        ):
            # The line can begin a quote in the comment, or name the author of what has the other message attached.
            candidates = (inline.original, first)
            return _Read(Refused(code=Code.REFUSE_FORWARD_AMBIGUOUS, candidates=candidates, evidence=inline.evidence))
        else:
            comment = _said(message, known, limits)
    else:
        comment = _said(message, known, limits)
    warnings = [evolve(note, evidence=_place(at)) for at, one in by_part.items() for note in _of_header(one)]
    forward = Forward(
        code=Code.FORWARD_ATTACHED,
        confidence=Confidence.HIGH,
        comment=comment,
        original=first,
        others=tuple(one for one in by_part.values() if one is not first),
        has_text=any(True for _ in message.text_parts()),
        has_html=any(True for _ in message.html_parts()),
        evidence=_attached_evidence(message),
        warnings=tuple(warnings),
    )
    return _Read(forward, first.message, _place(part))


def _with_link(inline: Forward, by_part: Mapping[int, Original], message: Message, known: Catalogue) -> _Read:
    """A forward with the attached message that was forwarded inside it: where the subject of the innermost that was
    read is that of a forward of it."""
    last = (inline.original, *inline.chain)[-1].subject or ""
    if inline.others or not is_forward_subject(last, known):
        return _Read(inline)
    words = base_subject(last, known)
    inside = [item for item in by_part.items() if base_subject(item[1].subject or "", known) == words]
    if len(inside) != 1:
        note = Reason(Code.WARN_FORWARD_CHAIN_INCOMPLETE)
        return _Read(inline if note in inline.warnings else evolve(inline, warnings=(*inline.warnings, note)))
    part, link = inside[0]
    place = _place(part)
    forward = evolve(inline, chain=(*inline.chain, link), chain_evidence=(*inline.chain_evidence, *place))
    warnings = [one for one in inline.warnings if one.code is not Code.WARN_FORWARD_CHAIN_INCOMPLETE]
    warnings += (evolve(note, evidence=place) for note in _of_header(link))
    if is_lost_in_part(message, forward, known):
        warnings.append(Reason(Code.WARN_FORWARD_CHAIN_INCOMPLETE))
    forward = evolve(forward, warnings=tuple(warnings))
    return _Read(forward, link.message, place)


def _place(part: int) -> tuple[Evidence, ...]:
    return (Evidence(where="attachment", part=part),)


def _is_same(inline: Original, attached: Original) -> bool:
    """Whether a block or a line in its place is about an attached message: both have the same author, and the same
    subject, as far as either is whole, or the same date."""
    if not same_author(inline, attached):
        return False
    one, two = ("".join(filter(str.isalnum, who.subject or "")).casefold() for who in (inline, attached))
    if one.startswith(two) or two.startswith(one):
        return True
    written, sent = inline.sent_at, attached.sent_at
    return written is not None and sent is not None and same_minute(written, sent)


def _said_below(inline: Original, attached: Original) -> str | None:
    """What the forwarder wrote below a block whose message is attached beside it (meli): words that are not its own."""
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


def digests(message: Message) -> list[int]:
    """Indexes of the parts that are digests (RFC 2046 section 5.1.5)."""
    return [part.index for part in message.index.parts if part.media_type == "multipart/digest"]
