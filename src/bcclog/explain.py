"""Why a mail was logged or not, for the person who asks: one page of HTML, or plain lines for a terminal.

What is shown is gathered once (`_Page`) and what nobody may see is left out there, so that both forms keep R17: nothing
of a person on Never Log, and nothing of a mail that was refused because nobody is left. Both forms treat the mail as
hostile: each character of it is escaped or replaced, no attribute and no URL is made of it, its HTML is shown as the
lines that a reader would see and never as HTML (T82, T83, T86).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from types import MappingProxyType
from typing import Final, NamedTuple

from attrs import frozen

from bcclog._address import normalize, parse_header_list
from bcclog._contacts import listed_code
from bcclog._data import catalogue
from bcclog._html import html_lines
from bcclog._never_log import NeverLog
from bcclog._scan import Field
from bcclog.account import Directory
from bcclog.address import EmailAddress
from bcclog.codes import Code
from bcclog.forward import Forward, NotForwarded, Original, Refused, Unwrapped
from bcclog.message import Message, parse
from bcclog.model import Evidence, Outcome, Plan, Reason
from bcclog.policy import HUBSPOT_2023_09, Policy
from bcclog.reading import Reading

_HIDDEN: Final = "(hidden: it names somebody on a Never Log list)"
_MOST_LINES: Final = 2_000
"""Lines of one text on the page; a person reads the start, and a browser must stay quick."""
_MOST_CHARS: Final = 2_000
"""Characters of one line or header field; more is cut, and the page says so."""
_MOST_TEXT: Final = 200_000
"""Characters of one text on the page, as they are shown, with escapes."""
_MOST_FIELDS: Final = 300
"""Header fields on the page; an ordinary mail has some thirty."""
_MOST_DEPTH: Final = 8
"""Levels of quoting that are told apart."""
_MOST_TEXTS: Final = 4
"""Text parts of each kind on the page."""
_MOST_PLACES: Final = 12
"""Places of evidence that are named for one decision; a header block has some eight."""
_MOST_NAMES: Final = 64
"""Names and addresses of listed people that every line is searched for; with more, no text is shown at all."""

OPTIONS: Final = MappingProxyType(
    {
        Code.REFUSE_FORWARD_CHAIN: "chain",
        Code.REFUSE_FORWARD_HTML_MISSING: "require_both_parts",
        Code.REFUSE_FORWARD_TEXT_MISSING: "require_both_parts",
        Code.REFUSE_FORWARD_ONE_PART: "require_both_parts",
        Code.REFUSE_FORWARD_NO_HEADER_BLOCK: "accept_attribution",
        Code.REFUSE_FORWARD_LANGUAGE: "accept_structural",
        Code.REFUSE_FORWARD_CLIENT: "clients",
        Code.REFUSE_SIZE_CONTENT: "max_content_bytes",
        Code.REFUSE_TRUST: "trust",
        Code.REFUSE_NOT_PERSON_BOUNCE: "bounces",
        Code.REFUSE_NOT_PERSON_AUTO_REPLY: "auto_replies",
        Code.REFUSE_NOT_PERSON_LIST: "lists",
        Code.REFUSE_NOT_PERSON_CALENDAR: "calendar",
        Code.LOG_FORWARD_SENT: "own_author_is_outgoing",
        Code.CONTACT_SKIP_COPIED: "log_copied",
        Code.CONTACT_SKIP_USER: "users",
        Code.CONTACT_SKIP_OWN_DOMAIN: "own_domains",
        Code.CONTACT_SKIP_ROLE: "role_addresses",
        Code.CONTACT_SKIP_NO_REPLY: "no_reply_addresses",
        Code.CONTACT_SKIP_LIST: "list_addresses",
        Code.CONTACT_SKIP_UNATTRIBUTED: "unknown_sender_may_create",
        Code.CONTACT_SKIP_TRUST: "trust",
        Code.ATTRIBUTION_UNTRUSTED: "trust",
        Code.ATTRIBUTION_SKIP_DEACTIVATED: "credit_deactivated",
        Code.ASSOCIATION_COMPANY: "company",
        Code.ASSOCIATION_PRIMARY_COMPANY: "company",
        Code.ASSOCIATION_DEAL: "max_open_deals",
        Code.ATTACHMENT_DROP_SIZE: "max_attachment_bytes",
        Code.NOTICE_REFUSED: "notify_refused",
    }
)
"""Code -> the policy's option that would change it."""


# --- what is shown ----------------------------------------------------------------------------------------------------


class _Piece(NamedTuple):
    """A run of text; mark: number of the evidence that it is, 0 for none; roles: what it was taken for."""

    text: str
    mark: int = 0
    roles: tuple[str, ...] = ()


_Line = tuple[_Piece, ...]


@frozen(kw_only=True)
class _Mail:
    """A message as far as it is shown: its header fields by name, and its texts by title."""

    title: str
    fields: tuple[tuple[str, _Line], ...]
    texts: tuple[tuple[str, tuple[_Line, ...]], ...]


@frozen(kw_only=True)
class _Step:
    """One decision. marks: numbers of its evidence on the page; places: its evidence in words."""

    code: Code
    about: str | None
    places: tuple[tuple[str, int], ...]
    lost: tuple[str, ...]
    change: tuple[str, ...]


@frozen(kw_only=True)
class _Page:
    title: str
    is_good: bool
    code: Code
    change: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    results: tuple[tuple[str, str, Code], ...]
    """What is done: (verb, to whom or what, why)."""
    steps: tuple[_Step, ...]
    warnings: tuple[_Step, ...]
    mails: tuple[_Mail, ...]
    without_mail: str
    """Why the mail is not shown; empty where it is."""


def to_html(
    raw: bytes | bytearray | memoryview | Message,
    plan: Plan | None,
    found: Reading | Unwrapped,
    *,
    directory: Directory | None = None,
) -> str:
    """One self-contained page: the mail with the evidence marked, the decisions in order, who was created and why.

    raw: the mail. plan, found: what `decide` made of it and the reading it was made from; or None and what `unwrap`
    gave. directory: with it, the users' own Never Log lists hold for mail too that was refused before they were asked
    for. The page has no script and loads nothing (T83); what is shown of a mail is bounded. Rules R12, R17.
    """
    return _html(_page(raw, plan, found, directory))


def to_text(
    raw: bytes | bytearray | memoryview | Message,
    plan: Plan | None,
    found: Reading | Unwrapped,
    *,
    directory: Directory | None = None,
) -> tuple[str, ...]:
    """The same as lines for a terminal, without line ends and without a control character (T82)."""
    return tuple(_text(_page(raw, plan, found, directory)))


def clean(text: str) -> str:
    """Text of a mail on one line as it may be shown: what is not to be seen stands as its escape, such as \\x1b."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in _JOINERS else _shown(c) for c in text)


_JOINERS: Final = "\u200c\u200d"
"""They shape Persian and Indic words and emoji, and change nothing else."""
_SPACES: Final = "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"


def _shown(char: str) -> str:
    if char in _SPACES:
        return " "
    code = ord(char)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65_536 else f"\\U{code:08x}"


def _page(
    raw: bytes | bytearray | memoryview | Message,
    plan: Plan | None,
    found: Reading | Unwrapped,
    directory: Directory | None,
) -> _Page:
    if not isinstance(found, Reading | Unwrapped):
        raise TypeError(f"found is what bcclog.read or bcclog.unwrap gives, not {type(found).__name__}")
    if isinstance(found, Reading) and not isinstance(plan, Plan):
        raise TypeError(
            f"a Reading is explained with the Plan that bcclog.decide made of it, not {type(plan).__name__}"
        )
    message = raw if isinstance(raw, Message) else parse(raw)
    if not isinstance(found, Reading):
        veil = _Veil((), HUBSPOT_2023_09)
        marks = _Marks()
        marks.add((*found.evidence, *found.warnings))
        mails = _mails(message, found, marks, veil, ())
        marks.keep(mails)
        return _Page(
            title=_OUTCOMES[type(found)],
            is_good=isinstance(found, Forward),
            code=found.code,
            change=_change(found.code, None),
            facts=_forward_facts(found, veil),
            results=(),
            steps=_steps(found.evidence, marks, veil, None),
            warnings=_steps(found.warnings, marks, veil, None),
            mails=mails,
            without_mail="",
        )
    assert plan is not None
    message = found.message  # read within the account's limits
    policy = found.account.policy
    veil = _veil(found, plan, directory)
    marks = _Marks()
    if found.sender is not None:
        marks.add((Reason(plan.attribution.code, None, message.evidence("from")),))
    marks.add((*plan.trace, *plan.warnings))
    without = ""
    if plan.code is Code.REFUSE_NOBODY_TO_LOG:
        without = "Nobody is left to log this mail on, so nothing of it is shown (R17)."
    elif veil.is_closed:
        without = "The mail names too many people on Never Log lists to be shown (R17)."
    hidden = tuple(
        evidence
        for person, action in zip(found.people, plan.contacts, strict=False)
        if action.code in _LISTED
        for evidence in person.evidence()
        if evidence.where != "header"
    )
    mails = () if without else _mails(message, found.forwarded, marks, veil, hidden)
    marks.keep(mails)
    return _Page(
        title="Logged" if plan.outcome is Outcome.LOG else "Not logged",
        is_good=plan.outcome is Outcome.LOG,
        code=plan.code,
        change=_change(plan.code, policy),
        facts=_plan_facts(plan, found, veil),
        results=tuple(_results(plan, veil)),
        steps=_steps(plan.trace, marks, veil, policy),
        warnings=_steps(plan.warnings, marks, veil, policy),
        mails=mails,
        without_mail=without,
    )


_OUTCOMES: Final = MappingProxyType({Forward: "A forward", NotForwarded: "Not a forward", Refused: "Not read"})
_LISTED: Final = frozenset((Code.CONTACT_SKIP_NEVER_LOG_ADDRESS, Code.CONTACT_SKIP_NEVER_LOG_DOMAIN))


# --- what nobody may see (R17) ----------------------------------------------------------------------------------------


class _Veil:
    """Hides every line that holds an address on a list, or a name or address of a listed person of this mail.

    A word with an @ that is no address is taken for a listed one while there is a list: a doubt never shows anybody.
    """

    def __init__(
        self, lists: Sequence[NeverLog], policy: Policy, people: Iterable[EmailAddress] = (), *, is_closed: bool = False
    ) -> None:
        self._lists = tuple(one for one in lists if one.addresses or one.domains)
        self._policy = policy
        needles: dict[str, None] = {}
        for person in people:
            if person.email:
                needles[_flat(person.email)] = None
                needles[_flat(person.email.replace("@", "="))] = None  # as a bounce address holds it
            if person.name and person.name.strip():
                needles[_flat(person.name)] = None
        self.is_closed = is_closed or len(needles) > _MOST_NAMES
        self._needles = () if self.is_closed else tuple(needles)

    def covers(self, text: str) -> bool:
        """Whether the text must not be shown."""
        if self.is_closed:
            return True
        if self._needles:
            flat = f" {_flat(text)} "
            for needle in self._needles:
                if len(needle) > 3 or not needle.isascii():
                    if needle in flat:
                        return True
                elif needle in _WORDS.split(flat):
                    return True
        return bool(self._lists) and ("@" in text or "\uff20" in text) and self._holds_listed(text)

    def _holds_listed(self, text: str) -> bool:
        for run in _AROUND.split(text.replace("\uff20", "@")):
            if "@" not in run:
                continue
            for word in (run, *_WITHIN.split(run)):
                if "@" not in word:
                    continue
                bare = _ODD.sub("", word).strip(".-")
                local, _, domain = bare.rpartition("@")
                if not local and "." not in domain:
                    continue  # a mention, or a price
                normal = normalize(bare)
                if normal is None or listed_code(normal, self._lists, self._policy) is not None:
                    return True
        return False

    def is_listed(self, address: EmailAddress) -> bool:
        """Whether the mailbox is a listed person's, or shows one."""
        if address.email is None:
            return address.name is not None and self.covers(address.name)
        normal = normalize(address.email)
        if normal is not None and listed_code(normal, self._lists, self._policy) is not None:
            return True
        return self.covers(address.email) or (address.name is not None and self.covers(address.name))

    def one(self, text: str) -> str:
        """The text on one line, as it may be shown."""
        return _HIDDEN if self.covers(text) else _cut(clean(text))


_AROUND: Final = re.compile(r"[\s<>()\[\]\"',;:]+")
_WITHIN: Final = re.compile(r"[^\w.@+-]+")
_ODD: Final = re.compile(r"[^\w.@+=-]+")
_WORDS: Final = re.compile(r"\W+")


def _flat(text: str) -> str:
    return " ".join(text.split()).casefold()


def _veil(reading: Reading, plan: Plan, directory: Directory | None) -> _Veil:
    """Lists in force, blocking wide: the account's, and with a directory those of everybody who has the sender's
    address; and the people of this mail whom the plan or a list keeps out."""
    policy, account = reading.account.policy, reading.account
    lists = [account.never_log]
    sender = None if reading.sender is None or reading.sender.email is None else normalize(reading.sender.email)
    if directory is not None and sender is not None:
        lists += (holding.never_log for holding in directory.holdings(sender))
    kept_out = [
        person.address for person, action in zip(reading.people, plan.contacts, strict=False) if action.code in _LISTED
    ]
    if reading.sender is not None and plan.sender is None:
        kept_out.append(reading.sender)
    message = reading.message
    named = [mailbox for name in _MAILBOXES for mailbox in message.addresses(name)]
    named += (person.address for person in reading.people)
    named += (mailbox for original in _originals(reading.forwarded) for mailbox in _mailboxes(original))
    for address in named:
        normal = None if address.email is None else normalize(address.email)
        if normal is not None and listed_code(normal, lists, policy) is not None:
            kept_out.append(address)
    return _Veil(lists, policy, kept_out)


_MAILBOXES: Final = ("from", "sender", "reply-to", "to", "cc", "bcc", "resent-from", "resent-to", "resent-cc")


def _originals(found: Unwrapped | None) -> tuple[Original, ...]:
    if isinstance(found, Forward):
        return (found.original, *found.chain, *found.others)
    return found.candidates if isinstance(found, Refused) else ()


def _mailboxes(original: Original) -> Iterator[EmailAddress]:
    if original.from_ is not None:
        yield original.from_
    if original.sender is not None:
        yield original.sender
    yield from (*original.to, *original.cc, *original.reply_to)


# --- evidence ---------------------------------------------------------------------------------------------------------


class _Marks:
    """Evidence by place, each place numbered once in the order in which the decisions name it."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int | None, int, int], tuple[int, list[str]]] = {}

    def add(self, reasons: Iterable[Reason]) -> None:
        for reason in reasons:
            for evidence in reason.evidence:
                if evidence.span is None:
                    continue
                _, roles = self._found.setdefault(_key(evidence), (len(self._found) + 1, []))
                role = reason.code.value if evidence.where == "header" else evidence.field or reason.code.value
                if role not in roles:
                    roles.append(role)

    def keep(self, mails: Iterable[_Mail]) -> None:
        """Forget the places that did not come to be shown, so that nothing refers to them."""
        lines = [line for mail in mails for _, line in mail.fields]
        lines += (line for mail in mails for _, text in mail.texts for line in text)
        shown = {piece.mark for line in lines for piece in line}
        self._found = {key: found for key, found in self._found.items() if found[0] in shown}

    def number(self, evidence: Evidence) -> int:
        """The number of a place; 0 where it is not marked."""
        return 0 if evidence.span is None else self._found.get(_key(evidence), (0, []))[0]

    def within(self, where: str, part: int | None) -> list[tuple[int, int, int, tuple[str, ...]]]:
        """The places in one part, in order: (start, end, number, roles)."""
        return sorted(
            (start, end, number, tuple(roles))
            for (place, of, start, end), (number, roles) in self._found.items()
            if place == where and of == part
        )

    def parts(self, where: str) -> list[int]:
        """The parts of that kind with evidence in them."""
        return sorted({of for place, of, _, _ in self._found if place == where and of is not None})


def _key(evidence: Evidence) -> tuple[str, int | None, int, int]:
    assert evidence.span is not None
    return evidence.where, evidence.part, evidence.span.start, evidence.span.end


def _steps(reasons: Iterable[Reason], marks: _Marks, veil: _Veil, policy: Policy | None) -> tuple[_Step, ...]:
    return tuple(
        _Step(
            code=reason.code,
            about=None if reason.about is None else veil.one(reason.about),
            places=_few(dict.fromkeys((_place(evidence), marks.number(evidence)) for evidence in reason.evidence)),
            lost=tuple(f"{veil.one(lost.what)}: {lost.code.sentence}" for lost in reason.lost),
            change=_change(reason.code, policy),
        )
        for reason in reasons
    )


def _few(places: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """The first places of a decision; a hundred would hide what it says."""
    found = tuple(places)
    if len(found) <= _MOST_PLACES:
        return found
    return (*found[:_MOST_PLACES], (f"{len(found) - _MOST_PLACES:,} more places", 0))


def _place(evidence: Evidence) -> str:
    match evidence.where:
        case "header":
            return f"header field {evidence.field}" if evidence.field else "header"
        case "text" | "html":
            return f"{evidence.field or 'place'} in the {evidence.where} part"
        case "attachment":
            return "attached part" if evidence.part is None else f"attached part {evidence.part}"
        case "envelope":
            return "SMTP envelope"
        case where:
            return where


def _change(code: Code, policy: Policy | None) -> tuple[str, ...]:
    """What would change a decision: what a person can do, and the policy's option."""
    option = OPTIONS.get(code)
    shown: tuple[str, ...] = ()
    if option is not None and policy is not None:
        shown = (f"An administrator can change the policy option {option}, now {_value(getattr(policy, option))}.",)
    elif option is not None:
        shown = (f"An administrator can change the policy option {option}.",)
    return (*((code.action,) if code.action else ()), *shown)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "not set"
    if isinstance(value, int):
        return f"{value:,}"
    return str(value) if isinstance(value, str) else "set by the account"


# --- facts ------------------------------------------------------------------------------------------------------------


def _plan_facts(plan: Plan, reading: Reading, veil: _Veil) -> tuple[tuple[str, str], ...]:
    credit = plan.attribution
    rows = [
        ("route", f"{plan.route.value}, {plan.direction.value}" if plan.route and plan.direction else ""),
        ("sender", "" if plan.sender is None else _person(plan.sender, veil)),
        ("subject", veil.one(plan.subject or "")),
        ("sent", "" if plan.sent_at is None else f"{plan.sent_at.isoformat(' ')}{_zone(plan)}"),
        ("credited", f"{veil.one(credit.user or 'nobody')}. {credit.code.sentence} ({credit.code.rule})"),
        ("candidates", ", ".join(veil.one(user) for user in credit.candidates)),
        ("trust", plan.trust.code.sentence),
        ("policy", clean(plan.policy)),
    ]
    if isinstance(reading.forwarded, Forward):
        rows.insert(1, ("forward", _written(reading.forwarded)))
    return tuple((name, value) for name, value in rows if value)


def _zone(plan: Plan) -> str:
    return " (no zone)" if plan.sent_at is not None and plan.sent_at.tzinfo is None else ""


def _forward_facts(found: Unwrapped, veil: _Veil) -> tuple[tuple[str, str], ...]:
    if not isinstance(found, Forward):
        return ()
    original = found.original
    rows = [
        ("forward", _written(found)),
        ("from", "" if original.from_ is None else _person(original.from_, veil)),
        ("to", ", ".join(_person(one, veil) for one in original.to)),
        ("cc", ", ".join(_person(one, veil) for one in original.cc)),
        ("subject", veil.one(original.subject or "")),
        ("sent", "" if original.sent_at is None else original.sent_at.isoformat(" ")),
    ]
    return tuple((name, value) for name, value in rows if value)


def _written(found: Forward) -> str:
    if found.client:
        writer = f"written by {found.client} ({found.locale})"
    else:
        writer = (
            "as an attachment" if found.code is Code.FORWARD_ATTACHED else "written by no client that is known for sure"
        )
    sign = f", {found.sign.sentence[0].lower()}{found.sign.sentence[1:]}" if found.sign else ""
    return f"{writer}, confidence {found.confidence.value}{sign}"


def _person(address: EmailAddress, veil: _Veil) -> str:
    if veil.is_listed(address):
        return _HIDDEN
    if address.email is None:
        return _cut(clean(address.name or "(without a name)"))
    return _cut(clean(f"{address.name} <{address.email}>" if address.name else address.email))


def _results(plan: Plan, veil: _Veil) -> Iterator[tuple[str, str, Code]]:
    if plan.outcome is Outcome.LOG:
        yield "credit", veil.one(plan.attribution.user or "nobody"), plan.attribution.code
    for contact in plan.contacts:
        if contact.email is None and contact.name is None:
            who = "(somebody on a Never Log list)" if contact.code in _LISTED else "(without address)"
        else:
            who = _person(EmailAddress(contact.name, contact.email), veil)
        yield f"{contact.action.value} contact", who, contact.code
    for link in plan.associations:
        whom = f"new contact {veil.one(link.email)}" if link.id is None else f"{link.kind} {veil.one(link.id)}"
        yield "link", whom, link.code
    for file in plan.attachments:
        yield f"{file.action.value} file", f"{veil.one(file.safe_name)} ({file.size:,} bytes)", file.code
    for notice in plan.notices:
        yield "notify", veil.one(notice.to), notice.code


_NO_FIELD: Final = "No header field can be read."


# --- the mail as it came ----------------------------------------------------------------------------------------------


def _mails(
    message: Message, found: Unwrapped | None, marks: _Marks, veil: _Veil, hidden: Sequence[Evidence]
) -> tuple[_Mail, ...]:
    mails = [_mail("The mail as it came", message, marks, veil, hidden)]
    if isinstance(found, Forward) and found.original.message is not None:
        inner = found.original.message
        own = _Marks()
        own.add(Reason(found.code, None, inner.evidence(name)) for name in ("from", "to", "cc", "date", "subject"))
        mails.append(_mail("The message that was attached to it", inner, own, veil, (), linked=False))
    return tuple(mails)


def _mail(
    title: str, message: Message, marks: _Marks, veil: _Veil, hidden: Sequence[Evidence], *, linked: bool = True
) -> _Mail:
    places = {start: (number if linked else 0, roles) for start, _, number, roles in marks.within("header", None)}
    fields = []
    written = message.headers
    for (name, body), field in zip(written[:_MOST_FIELDS], message.index.fields, strict=False):
        number, roles = places.get(field[2], (0, ()))
        value = _header_value(message, field, body, veil)
        fields.append((veil.one(name), (_Piece(value, number, roles),)))
    if len(written) > _MOST_FIELDS:
        fields.append(("", (_Piece(f"({len(written) - _MOST_FIELDS:,} more fields are not shown)"),)))
    return _Mail(title=title, fields=tuple(fields), texts=tuple(_texts(message, marks, veil, hidden)))


def _header_value(message: Message, field: Field, body: str, veil: _Veil) -> str:
    """A field's decoded body. One that names a listed person is written anew from those who may be shown."""
    if field[0].decode("ascii", "replace") in _MAILBOXES:
        mailboxes = parse_header_list(message.index.field_bytes(field), message.limits).mailboxes
        if any(map(veil.is_listed, mailboxes)) or veil.covers(body):
            return _cut(", ".join(_person(mailbox, veil) for mailbox in mailboxes)) or _HIDDEN
    return veil.one(body)


def _texts(
    message: Message, marks: _Marks, veil: _Veil, hidden: Sequence[Evidence]
) -> Iterator[tuple[str, tuple[_Line, ...]]]:
    """The parts with evidence; where there is none the plain text, and HTML where there is no plain text."""
    texts, sources = message.text_parts(), message.html_parts()
    chosen = [one for one in texts if one[0] in marks.parts("text")][:_MOST_TEXTS]
    chosen_html = [one for one in sources if one[0] in marks.parts("html")][:_MOST_TEXTS]
    if not chosen and not chosen_html:
        chosen = list(texts[:_MOST_TEXTS])
        chosen_html = [] if texts else list(sources[:_MOST_TEXTS])
    for part, text in chosen:
        unseen = [(e.span.start, e.span.end) for e in hidden if e.where == "text" and e.part == part and e.span]
        yield f"Plain text (part {part})", tuple(_text_lines(text, marks.within("text", part), veil, unseen))
    for part, source in chosen_html:
        unseen = [(e.span.start, e.span.end) for e in hidden if e.where == "html" and e.part == part and e.span]
        yield (
            f"HTML as a reader sees it (part {part})",
            tuple(_seen_lines(source, marks.within("html", part), veil, unseen)),
        )


_Places = Sequence[tuple[int, int, int, tuple[str, ...]]]


def _text_lines(text: str, places: _Places, veil: _Veil, unseen: Sequence[tuple[int, int]]) -> Iterator[_Line]:
    at = shown = 0
    for number, line in enumerate(text.split("\n")):
        if number >= _MOST_LINES or shown >= _MOST_TEXT:
            yield (_Piece(f"({text.count(chr(10), at) + 1:,} more lines are not shown)"),)
            return
        found = _line(line, at, at + len(line), places, veil, unseen)
        shown += sum(len(piece.text) for piece in found)
        yield found
        at += len(line) + 1


def _line(line: str, at: int, end: int, places: _Places, veil: _Veil, unseen: Sequence[tuple[int, int]]) -> _Line:
    """One line cut where evidence begins and ends; empty lines bear no mark."""
    if any(start < end and stop > at for start, stop in unseen) or veil.covers(line):
        return (_Piece(_HIDDEN),)
    pieces = []
    done = at
    for start, stop, number, roles in places:
        first, last = max(start, done), min(stop, end)
        if first >= last:
            continue
        if first > done:
            pieces.append(_Piece(_cut(clean(line[done - at : first - at]))))
        pieces.append(_Piece(_cut(clean(line[first - at : last - at])), number, roles))
        done = last
    if done < end:
        pieces.append(_Piece(_cut(clean(line[done - at :]))))
    return tuple(pieces)


def _seen_lines(source: str, places: _Places, veil: _Veil, unseen: Sequence[tuple[int, int]]) -> Iterator[_Line]:
    lines = html_lines(source, catalogue()).lines
    shown = 0
    for count, line in enumerate(lines):
        if count >= _MOST_LINES or shown >= _MOST_TEXT:
            yield (_Piece(f"({len(lines) - count:,} more lines are not shown)"),)
            return
        text = "> " * min(line.depth, _MOST_DEPTH) + line.text
        if any(start < line.end and stop > line.start for start, stop in unseen) or veil.covers(text):
            yield (_Piece(_HIDDEN),)
            continue
        number, roles = next(
            ((number, roles) for start, stop, number, roles in places if start < line.end and stop > line.start),
            (0, ()),
        )
        piece = _Piece(_cut(clean(text)), number, roles)
        shown += len(piece.text)
        yield (piece,)


def _cut(text: str) -> str:
    if len(text) <= _MOST_CHARS:
        return text
    return f"{text[:_MOST_CHARS]}… ({len(text) - _MOST_CHARS:,} more characters are not shown)"


# --- as plain lines ---------------------------------------------------------------------------------------------------


def _text(page: _Page) -> Iterator[str]:
    yield f"{page.title}  [{page.code.rule} {page.code.value}]"
    yield f"  {page.code.sentence}"
    for change in page.change:
        yield f"  -> {change}"
    for name, value in page.facts:
        yield f"  {name:<10} {value}"
    if page.results:
        yield ""
        yield "What is done"
        for verb, what, code in page.results:
            yield f"  {verb:<14} {what}"
            yield f"  {'':<14} {code.sentence} [{code.rule} {code.value}]"
    for title, steps in (("The decisions, in order", page.steps), ("What was odd", page.warnings)):
        if steps:
            yield ""
            yield title
        for number, step in enumerate(steps, 1):
            yield f"  {number:>2}. {step.code.sentence} [{step.code.rule} {step.code.value}]"
            if step.about is not None:
                yield f"      about {step.about}"
            places = ", ".join(f"{place} {{{mark}}}" if mark else place for place, mark in step.places)
            if places:
                yield f"      rests on {places}"
            for lost in step.lost:
                yield f"      not taken: {lost}"
            for change in step.change:
                yield f"      -> {change}"
    if page.without_mail:
        yield ""
        yield page.without_mail
    for mail in page.mails:
        yield ""
        yield mail.title
        if not mail.fields:
            yield f"  {_NO_FIELD}"
        for name, line in mail.fields:
            yield f"  {_plain(line, name + ': ' if name else '')}"
        for title, lines in mail.texts:
            yield ""
            yield f"  {title}"
            for line in lines:
                yield f"  | {_plain(line)}".rstrip()


def _plain(line: _Line, before: str = "") -> str:
    shown = []
    for piece in line:
        if piece.roles:
            number = str(piece.mark) if piece.mark else ""
            shown.append(f"{{{number}}}[{piece.text}]({', '.join(piece.roles)})")
        else:
            shown.append(piece.text)
    return before + "".join(shown)


# --- as HTML ----------------------------------------------------------------------------------------------------------

_STYLE: Final = """
:root { color-scheme: light dark; --page: #f6f7f9; --card: #ffffff; --line: #d5dae1; --text: #1b1f24; --soft: #545d68;
  --good: #116329; --bad: #a40e26; --mark: #fff3c4; --edge: #7a5600; --link: #0b57a4; --chip: #eef1f5; }
@media (prefers-color-scheme: dark) { :root { --page: #111418; --card: #1a1e24; --line: #3d444d; --text: #e8ebef;
  --soft: #a9b2bd; --good: #6fdd8b; --bad: #ff9b93; --mark: #463a12; --edge: #f0c04f; --link: #86b9ff;
  --chip: #272d35; } }
* { box-sizing: border-box; }
html { scroll-padding: 1rem; }
body { margin: 0; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
header { background: var(--card); border-bottom: 1px solid var(--line); border-block-start: .4rem solid var(--tone); }
.good { --tone: var(--good); } .bad { --tone: var(--bad); }
.wrap { max-width: 52rem; margin: 0 auto; padding: 1.2rem 1.2rem .8rem; }
h1 { margin: 0; font-size: 2rem; line-height: 1.2; color: var(--tone); }
h2 { margin: 1.6rem 0 .6rem; font-size: 1.15rem; }
h2:first-child { margin-top: .4rem; }
h3 { margin: 1.1rem 0 .4rem; font-size: .95rem; color: var(--soft); }
p { margin: .25rem 0; }
.lead { font-size: 1.15rem; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
code, pre { font-family: ui-monospace, "DejaVu Sans Mono", "Noto Sans Mono", Menlo, Consolas, monospace; }
code { display: inline-block; font-size: .78rem; color: var(--soft); overflow-wrap: anywhere; }
bdi, dd, pre, li, p { overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .25rem 1rem; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; text-align: start; }
.box { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .8rem 1rem; }
ol, ul { margin: 0; padding: 0; list-style: none; }
li { background: var(--card); border: 1px solid var(--line); padding: .6rem .9rem; }
li + li { border-top: 0; }
li:first-child { border-radius: .5rem .5rem 0 0; } li:last-child { border-radius: 0 0 .5rem .5rem; }
li:only-child { border-radius: .5rem; }
ol > li { padding-inline-start: 3.1rem; position: relative; }
.number { position: absolute; inset-inline-start: .8rem; inset-block-start: .65rem; min-width: 1.6rem; padding: 0 .3rem;
  border-radius: .8rem; background: var(--chip); font: 600 .8rem/1.6rem system-ui, sans-serif; text-align: center; }
.verb { display: inline-block; padding: 0 .5rem; border: 1px solid currentColor; border-radius: .8rem;
  margin-inline-end: .3rem; font: 600 .8rem/1.5 system-ui, sans-serif; color: var(--soft); }
.create, .link, .keep, .inline { color: var(--good); } .credit { color: var(--link); }
.drop { color: var(--bad); } .notify { color: var(--edge); }
.change { padding-inline-start: .7rem; border-inline-start: 3px solid var(--edge); margin-top: .4rem; }
.change b { color: var(--edge); }
.soft { color: var(--soft); font-size: .92rem; }
li:target { box-shadow: inset 0 0 0 3px var(--edge); }
pre { margin: 0; padding: .6rem 0; white-space: pre-wrap; font-size: .85rem; line-height: 1.55; }
.row { display: grid; grid-template-columns: 6.6rem minmax(0, 1fr); column-gap: .7rem; padding-inline: .8rem; }
.row > .line { min-height: 1.55em; unicode-bidi: isolate; text-align: start; }
.row.bare { grid-template-columns: minmax(0, 1fr); }
.marked { background: var(--mark); }
mark { background: var(--mark); color: inherit; }
mark b { color: var(--edge); }
mark:target { outline: 3px solid var(--edge); outline-offset: 1px; }
.role { font: 600 .75rem/1.55 system-ui, sans-serif; color: var(--edge); text-align: end; white-space: normal;
  overflow-wrap: anywhere; }
.role a { color: inherit; }
dd .role { margin-inline-start: .5em; }
.fields { grid-template-columns: minmax(6rem, max-content) minmax(0, 1fr); font-size: .875rem; }
@media (min-width: 75rem) {
  .wrap { max-width: 96rem; }
  .beside { display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 6fr); gap: 2rem; align-items: start; }
  .mail { position: sticky; top: 0; max-height: 100vh; overflow: auto; padding: .4rem .4rem 1rem;
    scroll-padding: 20vh 0; } }
@media (max-width: 36rem) {
  .wrap { padding: .8rem; }
  .facts, .fields { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .facts dt, .fields dt { font-size: .8rem; } .facts dd, .fields dd { margin-bottom: .4rem; }
  .row, .row > .role { display: block; } .row > .role { text-align: start; padding-top: .3rem; }
  .row > .role:empty { display: none; }
  .row > .line { display: block; } }
@media print { .mail { position: static; max-height: none; } li, .box { break-inside: avoid; } }
"""
_HEAD: Final = (
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'\">\n"
    '<meta name="referrer" content="no-referrer">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
)


def _html(page: _Page) -> str:
    kind = "good" if page.is_good else "bad"
    out = [
        _HEAD,
        f"<title>{page.title}: {page.code.value}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n",
        f'<header class="{kind}">\n<div class="wrap">\n<h1>{page.title}</h1>\n',
        f'<p class="lead">{_told(page.code)}</p>\n{_changes(page.change)}</div>\n</header>\n',
        f'<main class="wrap{" beside" if page.mails else ""}">\n<div>\n',
    ]
    if page.facts:
        out.append('<h2>In short</h2>\n<dl class="box facts">\n')
        out += (f"<dt>{name}</dt><dd>{_bdi(value)}</dd>\n" for name, value in page.facts)
        out.append("</dl>\n")
    if page.results:
        out.append("<h2>What is done</h2>\n<ul>\n")
        out += (
            f'<li><span class="verb {verb.partition(" ")[0]}">{verb}</span> {_bdi(what)}'
            f'<p class="soft">{_told(code)}</p></li>\n'
            for verb, what, code in page.results
        )
        out.append("</ul>\n")
    links = _Links()
    for title, steps, letter in (("The decisions, in order", page.steps, "d"), ("What was odd", page.warnings, "w")):
        if steps:
            out.append(f"<h2>{title}</h2>\n<ol>\n")
            out += (_step(step, number, letter, links) for number, step in enumerate(steps, 1))
            out.append("</ol>\n")
    out.append("</div>\n")
    if page.without_mail:
        out.append(f"<div>\n<h2>The mail</h2>\n<p>{escape(page.without_mail)}</p>\n</div>\n")
    if page.mails:
        # The region scrolls by itself beside the decisions, so the keyboard must be able to reach it.
        out.append('<div class="mail" role="region" aria-label="The mail" tabindex="0">\n')
        for mail in page.mails:
            out.append(f"<h2>{mail.title}</h2>\n")
            if mail.fields:
                out.append('<dl class="box fields">\n')
                out += (f"<dt>{_bdi(name)}</dt>{_field(line, links)}\n" for name, line in mail.fields)
                out.append("</dl>\n")
            else:
                out.append(f'<p class="box soft">{_NO_FIELD}</p>\n')
            for title, lines in mail.texts:
                shown = _row if any(piece.roles for line in lines for piece in line) else _bare_row
                out.append(f'<h3>{title}</h3>\n<pre class="box">')
                out += (shown(line, links) for line in lines)
                out.append("</pre>\n")
        out.append("</div>\n")
    out.append("</main>\n</body>\n</html>\n")
    return "".join(out)


class _Links:
    """Ways between decisions and evidence: a decision links to the first place of its evidence, and back."""

    def __init__(self) -> None:
        self._steps: dict[object, list[tuple[str, int]]] = {}
        self._seen: set[int] = set()

    def add(self, step: _Step, number: int, letter: str) -> None:
        for key in (*(mark for _, mark in step.places if mark), step.code.value):
            if (letter, number) not in self._steps.setdefault(key, []):
                self._steps[key].append((letter, number))

    def anchor(self, mark: int) -> str:
        """The `id` of a place, where it stands first."""
        if not mark or mark in self._seen:
            return ""
        self._seen.add(mark)
        return f' id="e{mark}"'

    def back(self, pieces: Sequence[_Piece]) -> str:
        """The roles of a line's pieces, and the numbers of the decisions that rest on them."""
        marked = [piece for piece in pieces if piece.roles]
        keys = dict.fromkeys(key for piece in marked for key in (piece.mark, *piece.roles))
        steps = dict.fromkeys(step for key in keys for step in self._steps.get(key, ()))
        roles = ", ".join(dict.fromkeys(role for piece in marked for role in piece.roles))
        numbers = " ".join(
            f'<a href="#{letter}{number}" aria-label="{_KINDS[letter]} {number}">{number}</a>'
            for letter, number in steps
        )
        return f"{escape(roles)} {numbers}".rstrip()


_KINDS: Final = MappingProxyType({"d": "decision", "w": "oddity"})
_LABEL: Final = re.compile(r"[^:\uff1a]{1,60}[:\uff1a]")
"""The label of a block's line, to be shown in bold; lines without a colon are shown as they are."""


def _row(line: _Line, links: _Links) -> str:
    """A line of text with its roles beside it, on the left whatever the direction of the text, which the line takes
    from its own letters."""
    roles = links.back(line)
    text = "".join(_piece(piece, links) for piece in line)
    marked = " marked" if roles else ""
    return (
        f'<span class="row{marked}"><span class="role" dir="ltr">{roles}</span>'
        f'<span class="line" dir="auto">{text}</span></span>'
    )


def _bare_row(line: _Line, _: _Links) -> str:
    """A line of a text in which nothing has a role."""
    return f'<span class="row bare"><span class="line" dir="auto">{"".join(escape(p.text) for p in line)}</span></span>'


def _field(line: _Line, links: _Links) -> str:
    """A header field's value with its roles behind it."""
    roles = links.back(line)
    shown = f' <span class="role" dir="ltr">{roles}</span>' if roles else ""
    return f'<dd dir="auto">{"".join(_piece(piece, links) for piece in line)}{shown}</dd>'


def _piece(piece: _Piece, links: _Links) -> str:
    if not piece.roles:
        return escape(piece.text)
    label = _LABEL.match(piece.text) if len(piece.roles) == 1 and piece.roles[0] in _LABELLED else None
    end = label.end() if label else 0
    bold = f"<b>{escape(piece.text[:end])}</b>" if end else ""
    return f"<mark{links.anchor(piece.mark)}>{bold}{escape(piece.text[end:])}</mark>"


_LABELLED: Final = frozenset(("from", "sender", "to", "cc", "bcc", "reply_to", "date", "subject"))
"""Roles of lines that begin with a label."""


def _step(step: _Step, number: int, letter: str, links: _Links) -> str:
    links.add(step, number, letter)
    about = "" if step.about is None else f"<p>{_bdi(step.about)}</p>"
    places = ", ".join(
        f'<a href="#e{mark}">{escape(place)}</a>' if mark else escape(place) for place, mark in step.places
    )
    rests = f'<p class="soft">rests on {places}</p>' if places else ""
    lost = "".join(f'<p class="soft">not taken: {_bdi(text)}</p>' for text in step.lost)
    return (
        f'<li id="{letter}{number}"><span class="number">{number}</span><p>{_told(step.code)}</p>'
        f"{about}{rests}{lost}{_changes(step.change)}</li>\n"
    )


def _told(code: Code) -> str:
    return f"{escape(code.sentence)} <code>{code.rule} {code.value}</code>"


def _changes(changes: Sequence[str]) -> str:
    return "".join(f'<p class="change"><b>To change this:</b> {escape(change)}</p>\n' for change in changes)


def _bdi(text: str) -> str:
    return f'<bdi dir="auto">{escape(text)}</bdi>'
