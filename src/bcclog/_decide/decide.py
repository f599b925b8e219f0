"""`decide`: what to do with a mail that was read. Calls the rooms in order and gathers reasons; no rule of its own."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, NamedTuple

from bcclog._decide.attribute import credit
from bcclog._decide.classify import AUTOMATIC, may_create_of, suffixes
from bcclog._decide.contacts import (
    Circumstances,
    Decided,
    associate,
    decide_people,
    has_holdings,
    listed_code,
    nobody_is_left,
    shown,
)
from bcclog._decide.keys import KEY_HEAD, duplicate_keys, letters_of, text_head
from bcclog._decide.read import Reader
from bcclog._mime.attachments import plan_attachments
from bcclog._mime.header_text import decode_header
from bcclog._mime.scan import Index
from bcclog._people.address import is_passed_on, normalize
from bcclog._people.never_log import NeverLog
from bcclog.account import Account, Directory, Holding, check_directory
from bcclog.address import EmailAddress, NormalEmail
from bcclog.codes import Code
from bcclog.forward import Forward, Original
from bcclog.message import Message, is_tnef, parse, read_date, receipt_of
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
)
from bcclog.policy import Policy, TrustGrant
from bcclog.reading import NO_EVIDENCE, Person, Reading, Role

if TYPE_CHECKING:
    from bcclog._dates.dates import Parsed


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
    return decide_mail(reading, directory)


def decide_mail(reading: Reading | Reader, directory: Directory) -> Plan:
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
    reading: Reading | Reader, lists: tuple[NeverLog, ...], attribution: Attribution, policy: Policy
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


def _logged(reading: Reading | Reader, directory: Directory) -> tuple[_Logged, tuple[Person, ...]]:
    """Which message is logged, in which direction, and what its people are to it (R3, R6, R14)."""
    account, everybody = reading.account, reading.people
    if not isinstance(reading.forwarded, Forward):
        return _Logged(Code.LOG_BCC, Direction.OUTGOING, reading.message.index, None), everybody
    original = reading.forwarded.original
    index = reading.message.index if original.message is None else original.message.index
    writer = next((person for person in everybody if person.role is Role.AUTHOR), None)
    author = None if writer is None or is_passed_on(writer.address) else writer.normal  # a group's address is nobody's
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
        if is_tnef(attachment.media_type, attachment.safe_name):
            found.append(Reason(Code.WARN_TNEF, None, evidence))
    return tuple(found)


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
    reading: Reading | Reader, attribution: Attribution, refusal: Code | None, attachments: tuple[Code, ...]
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
