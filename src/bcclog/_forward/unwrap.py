"""Recognise a forward and recover the message inside it (R6-R15).

What an inline block says and what attached messages say, then what shows that a program passed the mail on by itself.

Nothing here asks the policy: what was found is a fact, whether it counts is decided later (`_decide`).
"""

from collections.abc import Sequence

from bcclog._catalogue.shipped import catalogue
from bcclog._forward.attached import digests, read_attached
from bcclog._forward.inline import read_inline
from bcclog.codes import Code
from bcclog.forward import Forward, NotForwarded, Refused, Unwrapped
from bcclog.message import Message, given_limits, parse
from bcclog.model import Evidence, Reason
from bcclog.policy import Limits

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
    inline = read_inline(message, known, limits, is_to_forwarding_address)
    lists = digests(message)
    if lists and not isinstance(inline, Forward):
        found = tuple(Evidence(where="attachment", part=part) for part in lists)
        return Refused(code=Code.REFUSE_FORWARD_DIGEST, evidence=(Reason(Code.REFUSE_FORWARD_DIGEST, None, found),))
    if message.attached_messages:
        return read_attached(message, inline, known, limits)
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


def _first_field(message: Message, names: Sequence[str]) -> str | None:
    """The first of the fields that the mail has."""
    return next((name for name in names if message.has_field(name)), None)


def _field_evidence(message: Message, name: str) -> tuple[Reason, ...]:
    return (Reason(Code.FORWARD_SIGN_HEADER, None, message.evidence(name)),)
