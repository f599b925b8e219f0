"""`read`, `decide` and `plan`: call the rooms in order and gather reasons; no rule of its own.

The order in which a mail can be refused: limits and loops, who sent it, what class of mail it is, the route, trust,
format, and last what holds for a forward. The first refusal stands, and nothing behind it is looked at.
"""

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from bcclog._decide.attribute import credit
from bcclog._decide.classify import AUTOMATIC, class_refusal, classify, is_loop, may_create_of, suffixes
from bcclog._decide.contacts import (
    Circumstances,
    Decided,
    associate,
    decide_people,
    has_holdings,
    is_drop,
    listed_code,
    nobody_is_left,
    people,
    shown,
    without_tag,
)
from bcclog._decide.keys import KEY_HEAD, duplicate_keys, letters_of, text_head
from bcclog._decide.route import find_route
from bcclog._decide.trust import read_trust
from bcclog._mime.attachments import content_bytes, plan_attachments
from bcclog._mime.decode import decode_part
from bcclog._mime.header_text import decode_header
from bcclog._mime.scan import Field, Index
from bcclog._people.address import AddressList, normalize, parse_header_list, sole_sender
from bcclog._people.never_log import NeverLog
from bcclog.account import Account, Directory, Holding, check_directory
from bcclog.address import EmailAddress, NormalEmail
from bcclog.codes import Code, Severity
from bcclog.forward import Forward, NotForwarded, Original, Refused, Unwrapped
from bcclog.message import Message, parse, read_date, receipt_of
from bcclog.model import (
    AttachmentAction,
    Attribution,
    Body,
    ByteSpan,
    ContactActionKind,
    Direction,
    Evidence,
    Keys,
    Later,
    Lost,
    Notice,
    Outcome,
    Plan,
    Reason,
    Route,
    Times,
    Trust,
)
from bcclog.policy import Chain, Policy, TrustGrant
from bcclog.reading import NO_EVIDENCE, Person, Reading, Role

if TYPE_CHECKING:
    from bcclog._dates.dates import Parsed


def read(raw: bytes | bytearray | memoryview | Message, *, account: Account, recipient: str | None = None) -> Reading:
    """Say what a mail is and whom it names, for one account; nobody is looked up.

    raw: the mail's bytes, or what `parse` made of them. recipient: the SMTP envelope recipient, the ordinary source of
    the route (R1); None where it is not known.
    Returns a `Reading` for any bytes; a mail that is refused whatever the directory says has its `refusal` set. Look up
    `reading.lookups` and hand the reading to `decide`. `TypeError` for a wrong type from the caller.
    Rules R1, R2, R7-R10, R15, R18, R27, R28.
    """
    reader = _read(raw, account, recipient)
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


def plan(
    raw: bytes | bytearray | memoryview | Message,
    *,
    account: Account,
    directory: Directory,
    recipient: str | None = None,
) -> Plan:
    """`read` and `decide` in a row, for a directory that is in memory. Any bytes give a `Plan`, possibly a refusal."""
    return _decide(_read(raw, account, recipient), directory)


# --- read -------------------------------------------------------------------------------------------------------

_NOT_REPEATABLE: Final = (b"to", b"cc", b"date", b"subject", b"message-id", b"reply-to")
"""Fields of which RFC 5322 allows one (T1)."""
_RECIPIENTS: Final = ((Role.RECIPIENT, b"to"), (Role.RECIPIENT, b"cc"), (Role.BCC, b"bcc"))
_NO_TRUST: Final = Trust(code=Code.TRUST_ABSENT)
_UNREAD: Final = frozenset((Code.REFUSE_LIMIT_MESSAGE, Code.REFUSE_LIMIT_HEADER))


def _read(raw: bytes | bytearray | memoryview | Message, account: Account, recipient: str | None) -> "_Reader":
    if not isinstance(account, Account):
        raise TypeError(f"account is a bcclog.Account, not {type(account).__name__}")
    reader = _Reader(raw if isinstance(raw, Message) else parse(raw, limits=account.policy.limits), account)
    reader.refusal = refusal = reader.read(recipient)
    # Where there is evidence for the refusal, it stands in the trace already.
    if refusal is not None and refusal not in [reason.code for reason in reader.trace]:
        reader.trace.append(Reason(refusal))
    return reader


class _Reader:
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
        (policy.chain is Chain.REFUSE and bool(forward.chain), Code.REFUSE_FORWARD_CHAIN),  # R8
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


def _lookups(reader: _Reader) -> tuple[NormalEmail, ...]:
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


# --- decide -----------------------------------------------------------------------------------------------------


class _Logged(NamedTuple):
    """The message that is logged: the mail itself (R3), the forwarded one (R6), or an own one that was forwarded."""

    code: Code
    direction: Direction
    mail: Index
    original: Original | None


_NONE_DECIDED: Final[Later[tuple[Decided, ...]]] = Later.of(())


def decide(reading: Reading, *, directory: Directory) -> Plan:
    """Say what to do with a mail that was read.

    directory: users and contacts by normalised address; asked for nobody outside `reading.lookups`.
    Returns a frozen `Plan`; the same reading and the same answers give the same plan (R32).
    Rules R3-R6, R11, R14, R16-R32. `TypeError` for a wrong type from the caller.
    """
    if not isinstance(reading, Reading):
        raise TypeError(f"reading is what bcclog.read gives, not {type(reading).__name__}")
    return _decide(reading, directory)


def _decide(reading: Reading | _Reader, directory: Directory) -> Plan:
    check_directory(directory, "holdings", "contact")
    account, message = reading.account, reading.message
    policy = account.policy
    sender = reading.sender_normal
    holdings = () if sender is None else tuple(directory.holdings(sender))
    grant = policy.trust[reading.trust.verdict]
    attribution = _credited(holdings, reading.route, policy, grant)
    lists = _lists(account, holdings, attribution)
    trace, warnings = reading.trace, reading.warnings
    # What follows in the trace, each row to become a `Reason`.
    rows: list[_Row] = []
    if sender is not None:
        rows.append((attribution.code, attribution.user, _BY_DIRECTORY, attribution.lost))
    named = _named_sender(reading, lists, attribution, policy)

    def refused(
        code: Code, decided: Later[tuple[Decided, ...]] = _NONE_DECIDED, direction: Direction | None = None
    ) -> Plan:
        # Any other refusal stands in the trace already.
        ending = (Reason(code),) if code is Code.REFUSE_NOBODY_TO_LOG else ()
        head = _NO_HEAD if sender is None else _later_head(message, code is Code.REFUSE_NOBODY_TO_LOG)
        return Plan(
            outcome=Outcome.REFUSE,
            code=code,
            policy=policy.name,
            route=reading.route,
            direction=direction,
            sender=named,
            subject=Later(lambda: head().subject),
            times=Later(lambda: head().times),
            attribution=attribution,
            contacts=() if decided is _NONE_DECIDED else Later(lambda: tuple([one.action for one in decided()])),
            notices=_notices(reading, attribution, code, ()),
            trust=reading.trust,
            classes=reading.classes,
            warnings=Later(lambda: (*warnings, *head().notes)),
            trace=Later(lambda: (*trace, *_reasons(rows), *_reasons(_rows_of(decided())), *ending)),
        )

    if reading.refusal is not None:
        return refused(reading.refusal)
    logged, everybody = _logged(reading, directory)
    may_log = None if attribution.is_known or policy.unknown_sender_may_log else Code.CONTACT_SKIP_UNATTRIBUTED
    may_create = _why_not_create(attribution, grant, reading.classes, policy)
    # Nobody who is listed may be looked up (R17), so where lists are in force the gates come first.
    nobody = None if lists or may_create is None else nobody_is_left(everybody, account, directory, may_log)
    circumstances = Circumstances(
        account=account,
        directory=directory if nobody is None else nobody,
        sender=sender,
        is_known=attribution.user is not None,
        never_log=lists,
        list_addresses=_list_addresses(message, logged),
        may_log=may_log,
        may_create=may_create,
    )
    if nobody is not None:
        later = Later(lambda: decide_people(everybody, circumstances))
        return refused(Code.REFUSE_NOBODY_TO_LOG, later, logged.direction)
    decided = decide_people(everybody, circumstances)
    if all(one.action.action is ContactActionKind.SKIP for one in decided):
        return refused(Code.REFUSE_NOBODY_TO_LOG, Later.of(decided), logged.direction)
    rows += _rows_of(decided)
    attachments = plan_attachments(logged.mail, policy)
    rows += [(attachment.code, attachment.safe_name, NO_EVIDENCE, ()) for attachment in attachments]
    subject, notes = _subject(message) if logged.original is None else (logged.original.subject, ())
    times = Later(lambda: _times(message.date, message.receipt, logged.original))
    return Plan(
        outcome=Outcome.LOG,
        code=logged.code,
        policy=policy.name,
        route=reading.route,
        direction=logged.direction,
        sender=named,
        subject=subject,
        times=times,
        attribution=attribution,
        contacts=tuple([one.action for one in decided]),
        associations=associate(decided, policy),
        attachments=attachments,
        notices=_notices(reading, attribution, None, tuple([attachment.code for attachment in attachments])),
        trust=reading.trust,
        keys=Later(lambda: _keys(message, sender, times(), subject, logged)),
        classes=reading.classes,
        warnings=Later(
            lambda: (
                *warnings,
                *notes,
                *_time_warnings(message, times()),
                *_file_warnings(logged.mail, attachments),
            )
        ),
        trace=Later(lambda: (*trace, *_reasons(rows), Reason(times().code), Reason(logged.code))),
        body=_body(message, logged.original),
    )


def _credited(holdings: tuple[Holding, ...], route: Route | None, policy: Policy, grant: TrustGrant) -> Attribution:
    """Who is credited (R21-R25), where the sender is trusted with it (R27)."""
    attribution = credit(holdings, route, policy.credit_deactivated)
    user = attribution.user
    if user is None or grant.attribute:
        return attribution
    lost = (Lost(what=user, code=attribution.code),)
    return Attribution(code=Code.ATTRIBUTION_UNTRUSTED, candidates=(user,), lost=lost)


def _named_sender(
    reading: Reading | _Reader, lists: tuple[NeverLog, ...], attribution: Attribution, policy: Policy
) -> EmailAddress | None:
    """The sender as the plan shows him; None for a stranger on a Never Log list, who leaves no address (R17)."""
    sender = reading.sender_normal
    if reading.sender is None or not lists:
        return reading.sender
    is_listed = sender is not None and listed_code(sender, lists, policy) is not None
    return None if is_listed and not attribution.is_known else shown(reading.sender, lists, policy)


def _why_not_create(
    attribution: Attribution, grant: TrustGrant, classes: tuple[Code, ...], policy: Policy
) -> Code | None:
    """Why no contact may be created for this mail, whoever it is; None where that is each person's question."""
    if not (attribution.is_known or policy.unknown_sender_may_create):
        return Code.CONTACT_SKIP_UNATTRIBUTED
    if not grant.create:
        return Code.CONTACT_SKIP_TRUST
    return Code.CONTACT_SKIP_CREATE_OFF if classes and not may_create_of(classes, policy) else None


_Row = tuple[Code, str | None, Later[tuple[Evidence, ...]], tuple[Lost, ...]]
_BY_DIRECTORY: Final[Later[tuple[Evidence, ...]]] = Later.of((Evidence(where="directory"),))


def _rows_of(decided: Iterable[Decided]) -> list[_Row]:
    return [(one.action.code, one.action.email, one.person.evidence, ()) for one in decided]


def _reasons(rows: list[_Row]) -> list[Reason]:
    return [Reason(code, about, evidence(), lost) for code, about, evidence, lost in rows]


def _lists(account: Account, holdings: tuple[Holding, ...], attribution: Attribution) -> tuple[NeverLog, ...]:
    """R16: the account's list, and that of the credited user, or of every candidate while nobody is credited; those
    that list anybody."""
    users = attribution.candidates if attribution.user is None else (attribution.user,)
    found = [account.never_log] if account.never_log else []
    for holding in holdings:
        if holding.never_log and holding.user in users and holding.never_log not in found:
            found.append(holding.never_log)
    return tuple(found)


def _logged(reading: Reading | _Reader, directory: Directory) -> tuple[_Logged, tuple[Person, ...]]:
    """Which message is logged, in which direction, and what its people are to it (R3, R6, R14)."""
    account, everybody = reading.account, reading.people
    if not isinstance(reading.forwarded, Forward):
        return _Logged(Code.LOG_BCC, Direction.OUTGOING, reading.message.index, None), everybody
    original = reading.forwarded.original
    index = reading.message.index if original.message is None else original.message.index
    author = next((person.normal for person in everybody if person.role is Role.AUTHOR), None)
    if (
        author is not None
        and account.policy.own_author_is_outgoing
        and (not account.domains.isdisjoint(suffixes(author.rpartition("@")[2])) or has_holdings(directory, author))
    ):
        everybody = tuple(
            person._replace(role=Role.RECIPIENT) if person.role is Role.COPIED else person for person in everybody
        )
        return _Logged(Code.LOG_FORWARD_SENT, Direction.OUTGOING, index, original), everybody
    return _Logged(Code.LOG_FORWARD, Direction.INCOMING, index, original), everybody


def _list_addresses(message: Message, logged: _Logged) -> frozenset[NormalEmail]:
    """Posting addresses (List-Post) of the mail and of the attached message: they only ever keep somebody out (T49)."""
    found: list[NormalEmail] = []
    for index in (message.index,) if logged.mail is message.index else (message.index, logged.mail):
        field = index.first(b"list-post")
        if field is None:
            continue
        body = index.field_bytes(field).decode("ascii", "replace")
        start = body.lower().find("<mailto:")
        if start >= 0:
            address = normalize(body[start + 8 :].partition(">")[0].partition("?")[0])
            if address is not None:
                found.append(address)
    return frozenset(found)


def _subject(message: Message, shift: int = 0) -> tuple[str | None, tuple[Reason, ...]]:
    """The subject, and what was odd about it. shift: where `message` begins in the mail."""
    field = message.index.first(b"subject")
    if field is None:
        return None, ()
    decoded = decode_header(message.index.field_bytes(field), message.limits)
    if not decoded.notes:
        return decoded.text, ()
    evidence = (Evidence(where="header", field="subject", span=ByteSpan(field[2] + shift, field[3] + shift)),)
    return decoded.text, tuple(Reason(code, None, evidence) for code in decoded.notes)


class _Head(NamedTuple):
    """What the plan of a refused mail says of its header, with what was odd there."""

    subject: str | None
    times: Times
    notes: tuple[Reason, ...]


_NO_HEAD: Final = Later.of(_Head(None, Times(), ()))


def _later_head(message: Message, is_private: bool) -> Later[_Head]:
    """The header of a refused mail, read when it is asked for. Nothing else of the mail is kept for it.

    is_private: nobody was left to log to, so there is no subject, and two dates are all that is kept (R17).
    """
    index, limits = message.index, message.limits
    if is_private:
        date, receipt = index.written(b"date"), receipt_of(index)
        return Later(lambda: _Head(None, _times(read_date(date, limits), read_date(receipt, limits), None), ()))
    start = index.header.start
    block = index.raw[start : index.header.end]

    def read_head() -> _Head:
        header = parse(block, limits=limits)
        subject, notes = _subject(header, start)
        return _Head(subject, _times(header.date, header.receipt, None), notes)

    return Later(read_head)


def _times(date: "Parsed | None", receipt: "Parsed | None", original: Original | None) -> Times:
    """R30: the forwarded message's own time where there is one, else the Date field, else the receipt."""
    header = None if date is None else date.value
    received = None if receipt is None else receipt.value
    block = None if original is None else original.sent_at
    if original is not None and block is not None:
        code = Code.TIME_BLOCK if original.message is None else Code.TIME_ATTACHED
        return Times(header=header, block=block, received=received, chosen=block, code=code)
    if header is not None:
        return Times(header=header, received=received, chosen=header, code=Code.TIME_HEADER)
    if received is not None:
        return Times(received=received, chosen=received, code=Code.TIME_RECEIVED)
    return Times()


def _time_warnings(message: Message, times: Times) -> tuple[Reason, ...]:
    """The Date field's own oddities, and a chosen time without zone; a block's date was warned of by `unwrap`."""
    found: list[Reason] = []
    date = message.date
    if date is not None:
        found += (Reason(code, None, message.evidence("date")) for code in date.codes)
    if times.code is Code.TIME_NONE:
        found.append(Reason(Code.TIME_NONE))
    return tuple(found)


def _file_warnings(index: Index, attachments: tuple[AttachmentAction, ...]) -> tuple[Reason, ...]:
    found: list[Reason] = []
    for attachment in attachments:
        evidence = (Evidence(where="attachment", part=attachment.part),)
        notes = dict.fromkeys(index.parts[attachment.part].parameter_notes)
        found += (Reason(code, None, evidence) for code in notes)
        if attachment.media_type in _TNEF or attachment.safe_name.lower() == "winmail.dat":
            found.append(Reason(Code.WARN_TNEF, None, evidence))
    return tuple(found)


_TNEF: Final = frozenset(("application/ms-tnef", "application/vnd.ms-tnef"))


def _keys(message: Message, sender: NormalEmail | None, times: Times, subject: str | None, logged: _Logged) -> Keys:
    original = logged.original
    if original is None:
        return duplicate_keys(
            author=sender,
            message_id=message.message_id,
            sent_at=times.header,
            subject=subject,
            letters=text_head(logged.mail),
        )
    letters = letters_of((original.text or "")[:KEY_HEAD]) if original.message is None else text_head(logged.mail)
    author = None if original.from_ is None else normalize(original.from_.email or "")
    return duplicate_keys(
        author=author, message_id=original.message_id, sent_at=original.sent_at, subject=subject, letters=letters
    )


def _body(message: Message, original: Original | None) -> Body:
    if original is None:
        return Body(of="message", text=Later(lambda: message.text_body), html=Later(lambda: message.html_body))
    return Body(of="original", text=Later(lambda: original.text), html=Later(lambda: original.html))


def _notices(
    reading: Reading | _Reader, attribution: Attribution, refusal: Code | None, attachments: tuple[Code, ...]
) -> tuple[Notice, ...]:
    """R12, R18: what the sender is told. Only a credited sender of ordinary mail, never one found unaligned (T50)."""
    if (
        reading.sender is None
        or reading.sender.email is None
        or attribution.user is None
        or reading.trust.code is Code.TRUST_UNALIGNED
        or not AUTOMATIC.isdisjoint(reading.classes)
    ):
        return ()
    to = reading.sender.email
    if refusal is not None:
        if refusal in _SILENT or not reading.account.policy.notify_refused:
            return ()
        return (Notice(to=to, code=Code.NOTICE_REFUSED, about=refusal),)
    if Code.ATTACHMENT_DROP_SIZE in attachments:
        return (Notice(to=to, code=Code.NOTICE_ATTACHMENT_DROPPED, about=Code.ATTACHMENT_DROP_SIZE),)
    return ()


_SILENT: Final = frozenset((Code.REFUSE_LOOP, Code.REFUSE_ROUTE_UNKNOWN))
"""Refusals that nobody is told of: a loop would go on, and a guess at an address would be answered (T30)."""
