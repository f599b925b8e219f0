"""`read`: what a mail is and whom it names. Calls the rooms in order and gathers reasons; no rule of its own.

The order in which a mail can be refused: limits and loops, who sent it, what class of mail it is, the route, trust,
format, and last what holds for a forward. The first refusal stands, and nothing behind it is looked at.
"""

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Final

from bcclog._decide.classify import class_refusal, classify, is_loop
from bcclog._decide.contacts import (
    is_drop,
    listed_code,
    people,
    without_tag,
)
from bcclog._decide.route import find_route
from bcclog._decide.trust import read_trust
from bcclog._mime.attachments import content_bytes
from bcclog._mime.decode import decode_part
from bcclog._mime.header import Field
from bcclog._mime.scan import Index
from bcclog._people.address import AddressList, normalize, parse_header_list, sole_sender
from bcclog.account import Account
from bcclog.address import EmailAddress, NormalEmail
from bcclog.codes import Code, Severity
from bcclog.forward import Forward, NotForwarded, Refused, Unwrapped
from bcclog.message import Message, parse
from bcclog.model import (
    ByteSpan,
    Evidence,
    Later,
    Lost,
    Reason,
    Route,
    Trust,
)
from bcclog.policy import Chain, Policy
from bcclog.reading import NO_EVIDENCE, Person, Reading, Role

if TYPE_CHECKING:
    pass


def read(raw: bytes | bytearray | memoryview | Message, *, account: Account, recipient: str | None = None) -> Reading:
    """Say what a mail is and whom it names, for one account; nobody is looked up.

    raw: the mail's bytes, or what `parse` made of them. recipient: the SMTP envelope recipient, the ordinary source of
    the route (R1); None where it is not known.
    Returns a `Reading` for any bytes; a mail that is refused whatever the directory says has its `refusal` set. Look up
    `reading.lookups` and hand the reading to `decide`. `TypeError` for a wrong type from the caller.
    Rules R1, R2, R7-R10, R15, R18, R27, R28.
    """
    reader = read_mail(raw, account, recipient)
    return Reading(
        message=reader.message,
        account=account,
        route=reader.route,
        refusal=reader.refusal,
        sender=reader.sender,
        sender_normal=reader.sender_normal,
        forwarded=reader.forwarded,
        trust=reader.trust,
        classes=reader.classes,
        lookups=Later(lambda: _lookups(reader)),
        warnings=tuple(reader.warnings),
        trace=tuple(reader.trace),
        people=reader.people,
    )


_NOT_REPEATABLE: Final = (b"to", b"cc", b"date", b"subject", b"message-id", b"reply-to")
"""Fields of which RFC 5322 allows one (T1)."""
_RECIPIENTS: Final = ((Role.RECIPIENT, b"to"), (Role.RECIPIENT, b"cc"), (Role.BCC, b"bcc"))
_NO_TRUST: Final = Trust(code=Code.TRUST_ABSENT)
_UNREAD: Final = frozenset((Code.REFUSE_LIMIT_MESSAGE, Code.REFUSE_LIMIT_HEADER))


def read_mail(raw: bytes | bytearray | memoryview | Message, account: Account, recipient: str | None) -> "Reader":
    """The mail as far as it was read, to the first refusal."""
    if not isinstance(account, Account):
        raise TypeError(f"account is a bcclog.Account, not {type(account).__name__}")
    reader = Reader(raw if isinstance(raw, Message) else parse(raw, limits=account.policy.limits), account)
    reader.refusal = refusal = reader.read(recipient)
    # Where there is evidence for the refusal, it stands in the trace already.
    if refusal is not None and refusal not in [reason.code for reason in reader.trace]:
        reader.trace.append(Reason(refusal))
    return reader


class Reader:
    """What is known of one mail so far. `read` runs the rooms in order and stops at the first refusal."""

    __slots__ = (
        "account", "classes", "forwarded", "message", "people", "refusal", "route", "sender", "sender_normal", "trace",
        "trust", "warnings",
    )  # fmt: skip

    def __init__(self, message: Message, account: Account) -> None:
        self.message = message
        self.account = account
        self.route: Route | None = None
        self.refusal: Code | None = None
        self.sender: EmailAddress | None = None
        self.sender_normal: NormalEmail | None = None
        self.forwarded: Unwrapped | None = None
        self.trust = _NO_TRUST
        self.classes: tuple[Code, ...] = ()
        self.people: tuple[Person, ...] = ()
        self.warnings: list[Reason] = []
        self.trace: list[Reason] = []

    def read(self, recipient: str | None) -> Code | None:
        """The first refusal, None for a mail that can go on."""
        message, account, index = self.message, self.account, self.message.index
        if message.refusal in _UNREAD:
            return message.refusal
        if index.notes:
            self.warnings += (note for note in message.notes if note.code.severity is Severity.WARNING)
        if is_loop(index, account):
            return Code.REFUSE_LOOP
        refusal = self._read_sender()
        if refusal is not None:
            return refusal
        assert self.sender_normal is not None
        local, _, domain = self.sender_normal.rpartition("@")
        for name in index.header.repeated(_NOT_REPEATABLE):
            self.warnings.append(Reason(Code.WARN_HEADER_REPEATED, None, _evidence(name, index.all(name))))
        self.classes = classify(index, local)
        if self.classes:
            self.trace += (Reason(code) for code in self.classes)
            refusal = class_refusal(self.classes, account.policy)
            if refusal is not None:
                return refusal
        self.route, reason = find_route(message, account, recipient)
        if self.route is None:
            if reason.evidence:
                self.trace.append(Reason(reason.code, None, reason.evidence))
            return reason.code
        self.trace.append(reason)
        self.trust, (reason, *warnings) = read_trust(index, account, domain)
        self.trace.append(reason)
        self.warnings += warnings
        if not account.policy.trust[self.trust.verdict].log:
            return Code.REFUSE_TRUST
        if message.refusal is not None:
            return message.refusal
        if message.is_encrypted:
            return Code.REFUSE_FORMAT_ENCRYPTED
        if _is_cut(index, message):
            return Code.REFUSE_LIMIT_CONTENT
        return self._read_bcc() if self.route is Route.BCC else self._read_forward()

    def _read_sender(self) -> Code | None:
        """T1-T6: who sent the mail, where every sane reader sees the same."""
        index, limits = self.message.index, self.message.limits
        found = index.all(b"from")
        code = next((code for code, _, _ in index.notes if code in _IDENTITY_NOTES), None) if index.notes else None
        if code is None and len(found) != 1:
            code = Code.IDENTITY_AMBIGUOUS_FROM_COUNT if found else Code.REFUSE_IDENTITY_NONE
        if code is None:
            body = index.field_bytes(found[0])
            listed = parse_header_list(body, limits)
            sender = sole_sender(listed, body)
            if isinstance(sender, Code):
                code = sender
            else:
                normal = normalize(sender.email or "")
                if normal is not None:
                    self.sender, self.sender_normal = sender, normal
                    if listed.notes:
                        self._warn_of(listed, _evidence(b"from", found))
                    self._warn_of_reply_to()
                    return None
                code = Code.REFUSE_IDENTITY_NONE
        mailboxes = (
            mailbox for field in found for mailbox in parse_header_list(index.field_bytes(field), limits).mailboxes
        )
        policy = self.account.policy
        lost = tuple(
            Lost(what=person.normal, code=code)
            for person in people(((Role.RECIPIENT, mailboxes, NO_EVIDENCE),))[:_MAX_CANDIDATES]
            if person.normal and listed_code(person.normal, (self.account.never_log,), policy) is None
        )
        self.trace.append(Reason(code, None, _evidence(b"from", found), lost))
        return code

    def _warn_of(self, found: AddressList, evidence: tuple[Evidence, ...]) -> None:
        self.warnings += (Reason(code, None, evidence) for code in dict.fromkeys(note[0] for note in found.notes))

    def _warn_of_reply_to(self) -> None:
        index, limits = self.message.index, self.message.limits
        found = index.all(b"reply-to")
        for field in found:
            for address in parse_header_list(index.field_bytes(field), limits).mailboxes:
                if normalize(address.email or "") != self.sender_normal:
                    self.warnings.append(Reason(Code.WARN_REPLY_TO, None, _evidence(b"reply-to", found)))
                    return

    def _read_bcc(self) -> Code | None:
        """R3, R4: the visible recipients, and those in a Bcc field that was left in."""
        index, limits = self.message.index, self.message.limits
        header = index.header
        groups: list[tuple[Role, tuple[EmailAddress, ...], Later[tuple[Evidence, ...]]]] = []
        count = 0
        for role, name in _RECIPIENTS:
            for field in header.all(name):
                evidence = Later(partial(_evidence, name, (field,)))
                found = parse_header_list(header.body(field), limits)
                if found.notes:
                    self._warn_of(found, evidence())
                if not found.is_complete and Code.REFUSE_LIMIT_ADDRESSES in [note[0] for note in found.notes]:
                    return Code.REFUSE_LIMIT_ADDRESSES
                count += len(found.mailboxes)
                if count > limits.max_addresses:
                    return Code.REFUSE_LIMIT_ADDRESSES
                groups.append((role, found.mailboxes, evidence))
        self.people = people(groups)
        self._warn_of_leak([person.normal for person in self.people if person.role is Role.RECIPIENT])
        return self._too_much_content(index)

    def _warn_of_leak(self, visible: Iterable[NormalEmail | None]) -> None:
        if any(normal is not None and is_drop(normal, self.account) for normal in visible):
            self.warnings.append(Reason(Code.WARN_DROP_ADDRESS_LEAKED))

    def _too_much_content(self, index: Index) -> Code | None:
        most = self.account.policy.max_content_bytes
        # Decoding never makes text longer, so a mail that is short in all need not be counted.
        if most is not None and index.end - index.start > most and content_bytes(index) > most:
            return Code.REFUSE_SIZE_CONTENT
        return None

    def _read_forward(self) -> Code | None:
        """R6-R15: the forwarded message, held against the policy."""
        message, policy = self.message, self.account.policy
        # In To alone the forwarding address is where it belongs; beside others it was shown to them (R2).
        visible = [normalize(address.email) for address in (*message.to, *message.cc) if address.email is not None]
        if any(normal is not None and not is_drop(normal, self.account) for normal in visible):
            self._warn_of_leak(visible)
        from bcclog._forward.unwrap import (
            unwrap,  # half of bcclog, which an account with a BCC address alone never needs
        )

        forwarded = unwrap(message, limits=policy.limits, is_to_forwarding_address=True)
        self.forwarded = forwarded
        self.warnings += forwarded.warnings
        self.trace += forwarded.evidence
        if isinstance(forwarded, Forward) and forwarded.sign is not None:
            self.trace.append(Reason(forwarded.sign))
        if isinstance(forwarded, Refused):
            return forwarded.code
        if isinstance(forwarded, NotForwarded):
            return _NOT_FORWARDED[forwarded.code]
        refusal = _forward_refusal(forwarded, policy)
        if refusal is not None:
            if refusal is Code.REFUSE_FORWARD_CHAIN and forwarded.chain_evidence:
                self.trace.append(Reason(refusal, None, forwarded.chain_evidence))
            return refusal
        original = forwarded.original
        count = len(original.to) + len(original.cc)
        if count >= policy.limits.max_addresses:
            return Code.REFUSE_LIMIT_ADDRESSES
        evidence: dict[str | None, tuple[Evidence, ...]] = {}
        for reason in forwarded.evidence:
            for one in reason.evidence:
                evidence[one.field] = (*evidence.get(one.field, ()), one)
        author = () if original.from_ is None else (original.from_,)
        self.people = people(
            (
                (Role.AUTHOR, author, Later.of(evidence.get("from", ()))),
                (Role.COPIED, original.to, Later.of(evidence.get("to", ()))),
                (Role.COPIED, original.cc, Later.of(evidence.get("cc", ()))),
            )
        )
        return self._too_much_content(message.index if original.message is None else original.message.index)


_IDENTITY_NOTES: Final = frozenset((Code.IDENTITY_AMBIGUOUS_HEADER, Code.IDENTITY_AMBIGUOUS_LINE_ENDS))
_MAX_CANDIDATES: Final = 20
"""Candidates named when the sender is ambiguous: enough for a person to see what is wrong."""
_NOT_FORWARDED: Final = {
    Code.NOT_FORWARDED_NO_BLOCK: Code.REFUSE_FORWARD_NO_HEADER_BLOCK,
    Code.NOT_FORWARDED_UNMARKED: Code.REFUSE_FORWARD_NO_HEADER_BLOCK,
    Code.NOT_FORWARDED_REPLY: Code.REFUSE_FORWARD_REPLY,
}


def _is_cut(index: Index, message: Message) -> bool:
    """Whether a text of the body is longer than is decoded (T60). Few mails are long enough to have to look."""
    most = message.limits.max_content_chars
    if index.end - index.start <= most:
        return False
    for number in {*index.text_body, *index.html_body}:
        part = index.parts[number]
        if part.body_end - part.body_start > most and part.media_type.startswith("text/"):
            notes = decode_part(part.raw_body(), part.cte, part.charset, message.limits).notes
            if Code.REFUSE_LIMIT_CONTENT in notes:
                return True
    return False


def _forward_refusal(forward: Forward, policy: Policy) -> Code | None:
    """R6-R10: what the policy does not accept of a forward that was read, the first row that speaks."""
    attached = forward.code is Code.FORWARD_ATTACHED
    author = forward.original.from_
    rows = (
        (policy.chain is Chain.REFUSE and _is_chain(forward), Code.REFUSE_FORWARD_CHAIN),  # R8
        (bool(forward.others), Code.REFUSE_FORWARD_SEVERAL),  # R8, T66
        # An attached message has its own header: R9 and R10 are about blocks.
        (policy.require_both_parts and not attached and not forward.has_html, Code.REFUSE_FORWARD_HTML_MISSING),
        (policy.require_both_parts and not attached and not forward.has_text, Code.REFUSE_FORWARD_TEXT_MISSING),
        (policy.require_both_parts and _is_in_one_part(forward), Code.REFUSE_FORWARD_ONE_PART),  # T57
        (
            forward.code is Code.FORWARD_ATTRIBUTION and not policy.accept_attribution,
            Code.REFUSE_FORWARD_NO_HEADER_BLOCK,
        ),
        (forward.code is Code.FORWARD_STRUCTURAL and not policy.accept_structural, Code.REFUSE_FORWARD_LANGUAGE),
        (bool(forward.writers) and not _is_written_by(forward, policy.clients, None), Code.REFUSE_FORWARD_CLIENT),
        (
            bool(forward.writers) and not _is_written_by(forward, policy.clients, policy.locales),
            Code.REFUSE_FORWARD_LANGUAGE,
        ),
        (author is None or author.email is None, Code.REFUSE_FORWARD_NO_AUTHOR),
    )
    return next((code for speaks, code in rows if speaks), None)


def _is_chain(forward: Forward) -> bool:
    """Whether more than one was forwarded in turn, be it that all but one were lost and only the subjects say so."""
    return bool(forward.chain) or any(one.code is Code.WARN_FORWARD_CHAIN_INCOMPLETE for one in forward.warnings)


def _is_in_one_part(forward: Forward) -> bool:
    return any(warning.code is Code.WARN_FORWARD_ONE_PART for warning in forward.warnings)


def _is_written_by(forward: Forward, clients: frozenset[str] | None, locales: frozenset[str] | None) -> bool:
    """R10: whether one of the rows that fit the block is of an accepted client and language."""
    return any(
        (clients is None or writer.client in clients) and (locales is None or not locales.isdisjoint(writer.languages))
        for writer in forward.writers
    )


def _evidence(name: bytes, found: Iterable[Field]) -> tuple[Evidence, ...]:
    field = name.decode()
    return tuple([Evidence(where="header", field=field, span=ByteSpan(start, end)) for _, _, start, end in found])


def _lookups(reader: Reader) -> tuple[NormalEmail, ...]:
    """The sender and everybody who gets as far as a look-up, with the address without +tag for the users' gate."""
    found = [] if reader.sender_normal is None else [reader.sender_normal]
    account = reader.account
    for person in reader.people:
        normal = person.normal
        if (
            normal is not None
            and not is_drop(normal, account)
            and listed_code(normal, (account.never_log,), account.policy) is None
        ):
            found.append(normal)
            if "+" in normal:
                found.append(without_tag(normal))
    return tuple(dict.fromkeys(found))
