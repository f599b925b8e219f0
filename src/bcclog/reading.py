"""What a mail says, before anybody is looked up: the value between `read` and `decide`."""

from enum import StrEnum
from typing import Final, NamedTuple

from attrs import field, frozen

from bcclog.account import Account
from bcclog.address import EmailAddress, NormalEmail
from bcclog.codes import Code
from bcclog.forward import Unwrapped
from bcclog.message import Message
from bcclog.model import Evidence, Later, Reason, Route, Trust


class Role(StrEnum):
    """What a person is to the logged mail."""

    RECIPIENT = "recipient"
    BCC = "bcc"
    AUTHOR = "author"
    COPIED = "copied"


NO_EVIDENCE: Final[Later[tuple[Evidence, ...]]] = Later.of(())


class Person(NamedTuple):
    """One person of a mail, once. normal: None where the address is unusable or there is none. evidence: where he
    stands, made when a trace asks for it."""

    role: Role
    address: EmailAddress
    normal: NormalEmail | None
    has_address: bool
    evidence: Later[tuple[Evidence, ...]] = NO_EVIDENCE


@frozen(kw_only=True)
class Reading:
    """One mail read for one account (phase one of two).

    route: None where the mail is refused before a route is known. refusal: the code that stops the mail whatever the
    directory says, None where it can go on. sender: the outer From, the only identity (R26).
    forwarded: what was unwrapped on the forwarding route; None on the BCC route, which never unwraps (T53).
    classes: what kind of mail it is, `class.*` (R28). people: everybody whom the logged mail names, once, and
    sender_normal, the sender's normal form, are for the rooms inside bcclog.
    """

    message: Message = field(repr=False)
    account: Account = field(repr=False)
    route: Route | None
    refusal: Code | None
    sender: EmailAddress | None
    forwarded: Unwrapped | None
    trust: Trust
    classes: tuple[Code, ...]
    _lookups: Later[tuple[NormalEmail, ...]] = field(repr=False)
    warnings: tuple[Reason, ...]
    trace: tuple[Reason, ...]
    people: tuple[Person, ...] = field(default=(), repr=False)
    sender_normal: NormalEmail | None = None

    @property
    def lookups(self) -> tuple[NormalEmail, ...]:
        """Every normalised address that `decide` will ask the directory for, in message order."""
        return self._lookups()
