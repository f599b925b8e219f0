"""What `unwrap` gives back: a forward, no forward, or a refusal, each with its code and evidence."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from bcclog.address import EmailAddress
from bcclog.codes import Code
from bcclog.model import Evidence, Reason

if TYPE_CHECKING:
    from bcclog.message import Message


class Confidence(StrEnum):
    """How sure a reading is: `high`, text and HTML agree or the message was attached; `medium`, one witness, or a
    sign weaker than a separator; `low`, an attribution line or a block read by the kind of its values."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@frozen
class Writer:
    """A row of the catalogue that fits: which client, in which language (BCP 47)."""

    client: str
    locale: str

    @property
    def languages(self) -> tuple[str, ...]:
        """The locale and the wider tags that cover it, as RFC 4647 filters by them: `de-AT`, `de`."""
        subtags = self.locale.split("-")
        return tuple("-".join(subtags[:count]) for count in range(len(subtags), 0, -1))


def _nothing() -> None:
    return None


@frozen
class ReplySplit:
    """A text in two. reply: the author's own; history: what he quoted, None where he quoted nothing."""

    reply: str
    history: str | None


def _whole(text: str) -> ReplySplit:
    return ReplySplit(text.strip(), None)


@frozen(kw_only=True)
class Original:
    """The forwarded message, as far as the forward carries it.

    sent_at: aware only where a zone was written (R30); sent_at_text: the date as written.
    sender: who wrote on behalf of `from_`, where the block names both (R31).
    text, html: decoded when asked for; html is the source as it came, without the style sheet in the head of the outer
    mail, by which its classes were drawn.
    message: the attached message itself, where it was forwarded as an attachment (R15).
    """

    from_: EmailAddress | None = None
    sender: EmailAddress | None = None
    to: tuple[EmailAddress, ...] = ()
    cc: tuple[EmailAddress, ...] = ()
    reply_to: tuple[EmailAddress, ...] = ()
    subject: str | None = None
    sent_at: datetime | None = None
    sent_at_text: str | None = None
    message_id: str | None = None
    message: "Message | None" = field(default=None, eq=False, repr=False)
    _text: Callable[[], str | None] = field(default=_nothing, eq=False, repr=False)
    _html: Callable[[], str | None] = field(default=_nothing, eq=False, repr=False)
    _split_by: Callable[[str], ReplySplit] = field(default=_whole, eq=False, repr=False)

    @cached_property
    def text(self) -> str | None:
        """The body as plain text, history included; None where the forward carries none."""
        return self._text()

    @cached_property
    def html(self) -> str | None:
        """The body's HTML source, history included: clean it before it is shown. None where there is none.

        It is a piece of the forward's HTML, whose elements begin and end in it: of one that began above it there is the
        start tag without attributes, or no end tag; end tags that it lacks are added. All else is as it came.
        """
        return self._html()

    @cached_property
    def _split(self) -> ReplySplit:
        return self._split_by(self.text or "")

    @property
    def reply(self) -> str:
        """The author's own text: `text` without the quoted history below it and without the signature's history."""
        return self._split.reply

    @property
    def history(self) -> str | None:
        """The quoted history below the reply (R8), None where there is none."""
        return self._split.history

    def to_dict(self) -> dict[str, Any]:
        return {
            "from": self.from_ and self.from_.to_dict(),
            "sender": self.sender and self.sender.to_dict(),
            "to": [address.to_dict() for address in self.to],
            "cc": [address.to_dict() for address in self.cc],
            "reply_to": [address.to_dict() for address in self.reply_to],
            "subject": self.subject,
            "sent_at": None if self.sent_at is None else self.sent_at.isoformat(),
            "sent_at_text": self.sent_at_text,
            "message_id": self.message_id,
            "text": self.text,
            "html": self.html,
        }


@frozen(kw_only=True)
class Forward:
    """A forward that was read.

    code: `forward.inline`, `forward.attached`, `forward.attribution` or `forward.structural`.
    sign: what says that it is a forward and not a reply (`forward.sign.*`); None for an attached message.
    writers: every row of the catalogue that fits, most likely first; several clients write the same block.
    comment: what the forwarder wrote above and, where something tells where the forward ends, below; None for nothing.
    original: the outermost forwarded message; chain: the deeper ones, outermost first (R8).
    others: further messages forwarded beside it in the same mail.
    chain_evidence: where the separators and fields of the chain's blocks stand in the mail.
    has_text, has_html: whether the outer mail held both parts (R9).
    """

    code: Code
    sign: Code | None = None
    confidence: Confidence
    writers: tuple[Writer, ...] = ()
    comment: str | None = None
    original: Original
    chain: tuple[Original, ...] = ()
    others: tuple[Original, ...] = ()
    chain_evidence: tuple[Evidence, ...] = ()
    has_text: bool = True
    has_html: bool = True
    evidence: tuple[Reason, ...] = ()
    warnings: tuple[Reason, ...] = ()
    source: "Message | None" = field(default=None, eq=False, repr=False)
    """The mail that the forward was read from, for `rebuild`."""

    outcome = "forward"

    @property
    def client(self) -> str | None:
        """The most likely client's id in the catalogue."""
        return self.writers[0].client if self.writers else None

    @property
    def locale(self) -> str | None:
        """The most likely client's language, BCP 47."""
        return self.writers[0].locale if self.writers else None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON data, the form that `bcclog unwrap --json` prints."""
        return {
            "outcome": self.outcome,
            "code": self.code.value,
            "sign": self.sign and self.sign.value,
            "client": self.client,
            "locale": self.locale,
            "writers": [[writer.client, writer.locale] for writer in self.writers],
            "confidence": self.confidence.value,
            "comment": self.comment,
            "original": self.original.to_dict(),
            "chain": [original.to_dict() for original in self.chain],
            "others": [original.to_dict() for original in self.others],
            "evidence": [reason.to_dict() for reason in self.evidence],
            "warnings": [reason.to_dict() for reason in self.warnings],
        }


@frozen(kw_only=True)
class NotForwarded:
    """The mail is no forward. code: `not_forwarded.no_block` or `not_forwarded.reply`."""

    code: Code
    evidence: tuple[Reason, ...] = ()
    warnings: tuple[Reason, ...] = ()

    outcome = "not_forwarded"

    def to_dict(self) -> dict[str, Any]:
        return _without_original(self)


@frozen(kw_only=True)
class Refused:
    """Something that looks like a forward and is not read, because it could be read in two ways or not at all.

    candidates: the readings that were possible, for a person to look at; never used by bcclog. Where the block's author
    is in doubt they bear people, subject and date, and no text.
    """

    code: Code
    candidates: tuple[Original, ...] = ()
    evidence: tuple[Reason, ...] = ()
    warnings: tuple[Reason, ...] = ()

    outcome = "refused"

    def to_dict(self) -> dict[str, Any]:
        return _without_original(self)


Unwrapped = Forward | NotForwarded | Refused


def _without_original(result: NotForwarded | Refused) -> dict[str, Any]:
    return {
        "outcome": result.outcome,
        "code": result.code.value,
        "sign": None,
        "client": None,
        "locale": None,
        "writers": [],
        "confidence": None,
        "comment": None,
        "original": None,
        "chain": [],
        "others": [],
        "evidence": [reason.to_dict() for reason in result.evidence],
        "warnings": [reason.to_dict() for reason in result.warnings],
    }
