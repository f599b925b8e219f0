"""The frozen values that a plan is made of.

Everything here is data: JMAP's words for mail (RFC 8621), a CRM's words for decisions. Evidence is a span and never a
copy, so that a plan quotes nothing of a mail it must not keep (R17). All spans are half-open and count from 0.
"""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from attrs import field, frozen

from bcclog.address import EmailAddress
from bcclog.codes import Code

_T = TypeVar("_T")


class Later(Generic[_T]):
    """A value that is worked out when it is first asked for, and then kept.

    What makes it is a function of frozen values, so nobody can tell whether it was asked for before: values that hold
    one are equal, and are pickled, by what it gives.
    """

    __slots__ = ("_make", "_value")

    def __init__(self, make: Callable[[], _T]) -> None:
        self._make: Callable[[], _T] | None = make
        self._value: _T

    @classmethod
    def of(cls, value: _T) -> "Later[_T]":
        """One that is known already."""
        known = cls.__new__(cls)
        known._make = None
        known._value = value
        return known

    def __call__(self) -> _T:
        """The value."""
        make = self._make
        if make is not None:
            # In this order, so that another thread finds the value or works out an equal one.
            self._value = make()
            self._make = None
        return self._value

    def __reduce__(self) -> tuple[Any, ...]:
        return Later.of, (self(),)


def _known(value: _T | Later[_T]) -> _T:
    return value() if isinstance(value, Later) else value


def _shown(value: object) -> str:
    return repr(_known(value))


class Route(StrEnum):
    """R1: by which kind of drop address the mail came."""

    BCC = "bcc"
    FORWARDING = "forwarding"


class Direction(StrEnum):
    """Whether the account's side wrote the logged mail (`outgoing`) or the customer did (`incoming`)."""

    OUTGOING = "outgoing"
    INCOMING = "incoming"


class Outcome(StrEnum):
    """What becomes of the mail."""

    LOG = "log"
    REFUSE = "refuse"


@frozen
class ByteSpan:
    """A place in the raw message, in bytes."""

    start: int
    end: int


@frozen
class TextSpan:
    """A place in the decoded text of one part, in code points."""

    start: int
    end: int


@frozen(kw_only=True)
class Evidence:
    """What a decision rests on.

    where: `envelope`, `header`, `text`, `html`, `attachment`, `directory` or `policy`.
    field: the header field's name, the role in a forwarded block (`from`, `separator`, ...), or the option's name.
    part: index of the MIME part that the span counts in (None for the message's own header).
    """

    where: str
    field: str | None = None
    part: int | None = None
    span: ByteSpan | TextSpan | None = None

    def to_dict(self) -> dict[str, Any]:
        span = self.span
        return {
            "where": self.where,
            "field": self.field,
            "part": self.part,
            "span": None if span is None else [span.start, span.end],
            "unit": None if span is None else ("byte" if isinstance(span, ByteSpan) else "code_point"),
        }


@frozen(kw_only=True)
class Lost:
    """An alternative that was looked at and not taken: what it was, and the code that says why not."""

    what: str
    code: Code

    def to_dict(self) -> dict[str, Any]:
        return {"what": self.what, "code": self.code.value}


@frozen
class Reason:
    """One decision: its code (with rule and words), whom or what it is about, its evidence, and what lost.

    about: an address, a user's id or a file name; None for the whole mail, and for people on Never Log (R17).
    """

    code: Code
    about: str | None = None
    evidence: tuple[Evidence, ...] = ()
    lost: tuple[Lost, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "code": self.code.value,
            "rule": self.code.rule,
            "about": self.about,
            "evidence": [evidence.to_dict() for evidence in self.evidence],
            "lost": [lost.to_dict() for lost in self.lost],
        }


@frozen(kw_only=True)
class Attribution:
    """Who is credited (R20-R25). user: his id, or None with the candidates listed."""

    code: Code
    user: str | None = None
    candidates: tuple[str, ...] = ()
    lost: tuple[Lost, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether the sending address belongs to somebody of the account, credited or not."""
        return self.user is not None or bool(self.candidates)

    def to_dict(self) -> dict[str, Any]:
        return {
            "user": self.user,
            "rule": self.code.rule,
            "code": self.code.value,
            "candidates": list(self.candidates),
        }


class ContactActionKind(StrEnum):
    """What is done about one person."""

    CREATE = "create"
    LINK = "link"
    SKIP = "skip"


@frozen(kw_only=True)
class ContactAction:
    """Create, link or skip one person.

    email, name: as the mail writes them; both None for a person on Never Log, who is counted and not named (R17).
    contact: the id of the contact that exists, for `link`.
    digest: for a person on Never Log, HMAC-SHA-256 of the normalised address in hexadecimal, if the caller gave a key.
    """

    action: ContactActionKind
    code: Code
    email: str | None
    name: str | None = None
    contact: str | None = None
    digest: str | None = None

    def to_dict(self) -> dict[str, Any]:
        return {
            "email": self.email,
            "name": self.name,
            "action": self.action.value,
            "code": self.code.value,
            "contact": self.contact,
            "digest": self.digest,
        }


@frozen(kw_only=True)
class Association:
    """One record that the logged mail is linked to. kind: `contact`, `company` or `deal`; id: None for a contact that
    is created by this plan, who is then named by `email`."""

    kind: str
    id: str | None
    email: str
    code: Code

    def to_dict(self) -> dict[str, Any]:
        return {"kind": self.kind, "id": self.id, "email": self.email, "code": self.code.value}


class AttachmentActionKind(StrEnum):
    """What is done about one attached file."""

    KEEP = "keep"
    DROP = "drop"
    INLINE = "inline"


@frozen(kw_only=True)
class AttachmentAction:
    """Keep, drop or treat as body one attached file.

    name: as the mail writes it, cleaned for one line; safe_name: usable as a file name, never a path (T75).
    size: decoded bytes. part: index of the MIME part in the message that is logged.
    """

    action: AttachmentActionKind
    code: Code
    name: str | None
    safe_name: str
    media_type: str
    size: int
    part: int

    def to_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "safe_name": self.safe_name,
            "media_type": self.media_type,
            "size": self.size,
            "part": self.part,
            "action": self.action.value,
            "code": self.code.value,
        }


@frozen(kw_only=True)
class Notice:
    """A message that the caller may send to the sender: never to anybody else, never quoting the mail (T50).

    about: the code that the notice tells of; the words are in `bcclog.notices`, by language.
    """

    to: str
    code: Code
    about: Code

    def to_dict(self) -> dict[str, Any]:
        return {"to": self.to, "code": self.code.value, "about": self.about.value}


_VERDICTS = {code: code.value.rpartition(".")[2] for code in Code if code.value.startswith("trust.")}


@frozen(kw_only=True)
class Trust:
    """R27: what the caller's own server said of the From domain. basis: the method that decided (`dmarc`, `dkim`,
    `spf`, `arc`), None without a verdict."""

    code: Code
    basis: str | None = None

    @property
    def verdict(self) -> str:
        """`aligned`, `unaligned` or `absent`."""
        return _VERDICTS[self.code]

    def to_dict(self) -> dict[str, Any]:
        return {"verdict": self.verdict, "basis": self.basis, "code": self.code.value}


@frozen(kw_only=True)
class Times:
    """R30: every time that is known, and why one was chosen. A datetime without tzinfo was written without a zone."""

    header: datetime | None = None
    block: datetime | None = None
    received: datetime | None = None
    chosen: datetime | None = None
    code: Code = Code.TIME_NONE

    def to_dict(self) -> dict[str, Any]:
        return {
            "header": _iso(self.header),
            "block": _iso(self.block),
            "received": _iso(self.received),
            "code": self.code.value,
        }


@frozen(kw_only=True)
class Keys:
    """R29: keys under which the same mail is found again, as hexadecimal SHA-256; None where the mail lacks what the
    key is made of.

    message_id: Message-ID with sender, date and subject, so that a reused id merges nothing.
    fingerprint: sender, date, subject and the start of the text.
    any_route: the same through BCC, forward or sync.
    """

    message_id: str | None = None
    fingerprint: str | None = None
    any_route: str | None = None

    def to_dict(self) -> dict[str, Any]:
        return {"message_id": self.message_id, "fingerprint": self.fingerprint, "any_route": self.any_route}


@frozen(kw_only=True)
class Body:
    """What is to be kept of the mail's body, decoded when asked for.

    of: `message` (BCC route) or `original` (the forwarded message).
    """

    of: str
    _text: Later[str | None] = field(eq=False, repr=False)
    _html: Later[str | None] = field(eq=False, repr=False)

    @property
    def text(self) -> str | None:
        """The plain text, or None."""
        return self._text()

    @property
    def html(self) -> str | None:
        """The HTML source as it came, of a forwarded message `Original.html`: clean it before it is shown. None where
        there is none."""
        return self._html()


@frozen(kw_only=True)
class Plan:
    """What to do with one mail (R32): frozen, explained, the same for the same input.

    outcome, code: whether it is logged, and the code that decided.
    associations: what the log is linked to.
    trace: the decisions in order; warnings: what was odd and survivable.
    body: what may be kept of the text; None for a refusal (R17).

    Nothing that is decided hangs on subject, times, keys, warnings or trace, nor, where everybody is passed over, on
    why each one is: these are worked out when they are first asked for, which cannot be told from outside. A refusal
    keeps no more of the mail for them than its header, and where nobody is left to log to (R17) no more than two dates
    and the people whom `contacts` names.
    """

    outcome: Outcome
    code: Code
    policy: str
    route: Route | None = None
    direction: Direction | None = None
    sender: EmailAddress | None = None
    _subject: str | Later[str | None] | None = field(default=None, eq=_known, repr=_shown)
    _times: Times | Later[Times] = field(default=Times(), eq=_known, repr=_shown)
    attribution: Attribution = Attribution(code=Code.ATTRIBUTION_UNATTRIBUTED)
    _contacts: tuple[ContactAction, ...] | Later[tuple[ContactAction, ...]] = field(default=(), eq=_known, repr=_shown)
    associations: tuple[Association, ...] = ()
    attachments: tuple[AttachmentAction, ...] = ()
    notices: tuple[Notice, ...] = ()
    trust: Trust = Trust(code=Code.TRUST_ABSENT)
    _keys: Keys | Later[Keys] = field(default=Keys(), eq=_known, repr=_shown)
    classes: tuple[Code, ...] = ()
    _warnings: tuple[Reason, ...] | Later[tuple[Reason, ...]] = field(default=(), eq=_known, repr=_shown)
    _trace: tuple[Reason, ...] | Later[tuple[Reason, ...]] = field(default=(), eq=_known, repr=_shown)
    body: Body | None = field(default=None, eq=False, repr=False)

    @property
    def contacts(self) -> tuple[ContactAction, ...]:
        """One entry for each person read, in message order."""
        return _known(self._contacts)

    @property
    def subject(self) -> str | None:
        """The logged message's subject on one line; None without one, and where nobody is left to log to."""
        return _known(self._subject)

    @property
    def times(self) -> Times:
        """Every time that is known, and why one was chosen (R30)."""
        return _known(self._times)

    @property
    def keys(self) -> Keys:
        """Keys under which the same mail is found again (R29)."""
        return _known(self._keys)

    @property
    def warnings(self) -> tuple[Reason, ...]:
        """What was odd and survivable."""
        return _known(self._warnings)

    @property
    def trace(self) -> tuple[Reason, ...]:
        """The decisions in order."""
        return _known(self._trace)

    @property
    def sent_at(self) -> datetime | None:
        """The chosen time (R30); without tzinfo where none was written."""
        return self.times.chosen

    @property
    def created(self) -> tuple[ContactAction, ...]:
        """The people to create a contact for."""
        return tuple(contact for contact in self.contacts if contact.action is ContactActionKind.CREATE)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON data by `bcclog/data/schema/plan.schema.json`; the body is not part of it."""
        return {
            "outcome": self.outcome.value,
            "code": self.code.value,
            "policy": self.policy,
            "route": self.route and self.route.value,
            "direction": self.direction and self.direction.value,
            "sender": self.sender and self.sender.to_dict(),
            "sent_at": _iso(self.sent_at),
            "subject": self.subject,
            "times": self.times.to_dict(),
            "attribution": self.attribution.to_dict(),
            "contacts": [contact.to_dict() for contact in self.contacts],
            "associations": [association.to_dict() for association in self.associations],
            "attachments": [attachment.to_dict() for attachment in self.attachments],
            "notices": [notice.to_dict() for notice in self.notices],
            "trust": self.trust.to_dict(),
            "keys": self.keys.to_dict(),
            "classes": [code.value for code in self.classes],
            "warnings": [reason.to_dict() for reason in self.warnings],
            "trace": [reason.to_dict() for reason in self.trace],
        }

    def to_json(self) -> str:
        """`to_dict()` as one line of JSON that is safe inside HTML too (T85)."""
        return to_json(self.to_dict())


def to_json(data: object) -> str:
    """One line of JSON in ASCII, with `<` escaped, so that it may stand in a script element (T82, T85)."""
    import json  # not for whoever only imports bcclog

    return json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")


def _iso(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat()
