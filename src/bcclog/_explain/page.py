"""What a person is told of a mail: the decisions in order, the mail as it came with the evidence marked, what is done.

`page_of` gathers all of it once, as values, and leaves out there what nobody may see (R17); `explain` writes it as
lines and `page_html` as HTML. Each list has an end, since a browser must stay quick.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time
from itertools import groupby, islice
from types import MappingProxyType
from typing import Final, NamedTuple

from attrs import frozen

from bcclog._catalogue.shipped import catalogue
from bcclog._decide.veil import HIDDEN, LISTED, MAILBOXES, Veil, clean, cut, veil_of
from bcclog._decide.what_if import changes, changes_tried, not_as_sent
from bcclog._lines.html import html_lines
from bcclog._mime.header import Field
from bcclog._people.address import parse_header_list
from bcclog.account import Directory
from bcclog.address import EmailAddress
from bcclog.codes import Code
from bcclog.forward import Forward, NotForwarded, Refused, Unwrapped
from bcclog.message import Message, parse
from bcclog.model import Evidence, Outcome, Plan, Reason
from bcclog.policy import HUBSPOT_2023_09, Policy
from bcclog.reading import Reading

_MOST_LINES: Final = 2_000
"""Lines of one text on the page; a person reads the start, and a browser must stay quick."""
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
_MOST_ALIKE: Final = 25
"""People, or files, of whom the same is said; a mail can name two thousand."""


# --- what is shown ----------------------------------------------------------------------------------------------------


class Piece(NamedTuple):
    """A run of text; mark: number of the evidence that it is, 0 for none; roles: what it was taken for."""

    text: str
    mark: int = 0
    roles: tuple[str, ...] = ()


Line = tuple[Piece, ...]


@frozen(kw_only=True)
class Mail:
    """A message as far as it is shown: its header fields by name, and its texts by title."""

    title: str
    fields: tuple[tuple[str, Line], ...]
    texts: tuple[tuple[str, tuple[Line, ...]], ...]


@frozen(kw_only=True)
class Step:
    """One decision. marks: numbers of its evidence on the page; places: its evidence in words."""

    code: Code
    about: str | None
    places: tuple[tuple[str, int], ...]
    lost: tuple[str, ...]
    change: tuple[str, ...]


class Result(NamedTuple):
    """What is done, to whom or what of all those for whom it is done for the same reason, and why."""

    verb: str
    whom: tuple[str, ...]
    code: Code


@frozen(kw_only=True)
class Page:
    title: str
    is_good: bool
    code: Code
    change: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    results: tuple[Result, ...]
    steps: tuple[Step, ...]
    warnings: tuple[Step, ...]
    mails: tuple[Mail, ...]
    without_mail: str
    """Why the mail is not shown; empty where it is."""


def page_of(
    raw: bytes | bytearray | memoryview | Message,
    plan: Plan | None,
    found: Reading | Unwrapped,
    directory: Directory | None,
) -> Page:
    if not isinstance(found, Reading | Unwrapped):
        raise TypeError(f"found is what bcclog.read or bcclog.unwrap gives, not {type(found).__name__}")
    if isinstance(found, Reading) and not isinstance(plan, Plan):
        raise TypeError(
            f"a Reading is explained with the Plan that bcclog.decide made of it, not {type(plan).__name__}"
        )
    message = raw if isinstance(raw, Message) else parse(raw)
    hint = not_as_sent(message.raw)
    given = () if hint is None else (hint,)
    if not isinstance(found, Reading):
        veil = Veil((), HUBSPOT_2023_09)
        marks = _Marks()
        marks.add((*found.evidence, *found.warnings))
        mails = _mails(message, found, marks, veil, ())
        marks.keep(mails)
        return Page(
            title=_OUTCOMES[type(found)],
            is_good=isinstance(found, Forward),
            code=found.code,
            change=(*given, *changes(found.code, None)),
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
    veil = veil_of(found, plan, directory)
    change = changes_tried(found, plan, directory)
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
        if action.code in LISTED
        for evidence in person.evidence()
        if evidence.where != "header"
    )
    mails = () if without else _mails(message, found.forwarded, marks, veil, hidden)
    marks.keep(mails)
    return Page(
        title="Logged" if plan.outcome is Outcome.LOG else "Not logged",
        is_good=plan.outcome is Outcome.LOG,
        code=plan.code,
        change=(*given, *change),
        facts=_plan_facts(plan, found, veil),
        results=_results(plan, veil),
        steps=_steps(plan.trace, marks, veil, policy, {plan.code: change}),
        warnings=_steps(plan.warnings, marks, veil, policy),
        mails=mails,
        without_mail=without,
    )


_OUTCOMES: Final = MappingProxyType({Forward: "A forward", NotForwarded: "Not a forward", Refused: "Not read"})


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

    def keep(self, mails: Iterable[Mail]) -> None:
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


def _steps(
    reasons: Iterable[Reason],
    marks: _Marks,
    veil: Veil,
    policy: Policy | None,
    known: Mapping[Code, tuple[str, ...]] = MappingProxyType({}),
) -> tuple[Step, ...]:
    """Of decisions alike that follow each other the first. known: what would change a decision, where it was tried."""
    found: list[Step] = []
    for code, alike in groupby(reasons, key=lambda reason: reason.code):
        change = known.get(code) or changes(code, policy)
        found += (
            Step(
                code=code,
                about=None if reason.about is None else veil.one(reason.about),
                places=_few(dict.fromkeys((_place(evidence), marks.number(evidence)) for evidence in reason.evidence)),
                lost=tuple(f"{veil.one(lost.what)}: {lost.code.sentence}" for lost in reason.lost),
                change=change,
            )
            for reason in islice(alike, _MOST_ALIKE)
        )
        if more := sum(1 for _ in alike):
            found.append(Step(code=code, about=f"({more:,} more)", places=(), lost=(), change=()))
    return tuple(found)


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


# --- facts ------------------------------------------------------------------------------------------------------------


def _plan_facts(plan: Plan, reading: Reading, veil: Veil) -> tuple[tuple[str, str], ...]:
    credit = plan.attribution
    rows = [
        ("route", f"{plan.route.value}, {plan.direction.value}" if plan.route and plan.direction else ""),
        ("sender", "" if plan.sender is None else _person(plan.sender, veil)),
        ("subject", veil.one(plan.subject or "")),
        ("sent", _moment(plan.sent_at, plan.warnings)),
        ("credited", f"{veil.one(credit.user or 'nobody')}. {credit.code.sentence} ({credit.code.rule})"),
        ("candidates", ", ".join(veil.one(user) for user in credit.candidates)),
        ("trust", plan.trust.code.sentence),
        ("policy", clean(plan.policy)),
    ]
    if isinstance(reading.forwarded, Forward):
        rows.insert(1, ("forward", _written(reading.forwarded)))
    return tuple((name, value) for name, value in rows if value)


def _moment(sent_at: datetime | None, warnings: Iterable[Reason]) -> str:
    """A time as it was written: without zone or time of day where none was."""
    if sent_at is None:
        return ""
    if sent_at.time() == time() and any(reason.code is Code.WARN_DATE_NO_TIME for reason in warnings):
        return f"{sent_at.date().isoformat()} (no time of day)"
    return f"{sent_at.isoformat(' ')}{' (no zone)' if sent_at.tzinfo is None else ''}"


def _forward_facts(found: Unwrapped, veil: Veil) -> tuple[tuple[str, str], ...]:
    if not isinstance(found, Forward):
        return ()
    original = found.original
    rows = [
        ("forward", _written(found)),
        ("from", "" if original.from_ is None else _person(original.from_, veil)),
        ("to", ", ".join(_person(one, veil) for one in original.to)),
        ("cc", ", ".join(_person(one, veil) for one in original.cc)),
        ("subject", veil.one(original.subject or "")),
        ("sent", _moment(original.sent_at, found.warnings)),
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


def _person(address: EmailAddress, veil: Veil) -> str:
    if veil.is_listed(address):
        return HIDDEN
    if address.email is None:
        return cut(clean(address.name or "(without a name)"))
    return cut(clean(f"{address.name} <{address.email}>" if address.name else address.email))


def _results(plan: Plan, veil: Veil) -> tuple[Result, ...]:
    found: dict[tuple[str, Code], list[str]] = {}
    for verb, what, code in _done(plan, veil):
        found.setdefault((verb, code), []).append(what)
    return tuple(
        Result(verb, (*whom[:_MOST_ALIKE], *([f"({more:,} more)"] if more > 0 else ())), code)
        for (verb, code), whom in found.items()
        for more in (len(whom) - _MOST_ALIKE,)
    )


def _done(plan: Plan, veil: Veil) -> Iterator[tuple[str, str, Code]]:
    if plan.outcome is Outcome.LOG:
        yield "credit", veil.one(plan.attribution.user or "nobody"), plan.attribution.code
    for contact in plan.contacts:
        if contact.email is None and contact.name is None:
            who = "(somebody on a Never Log list)" if contact.code in LISTED else "(without address)"
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


# --- the mail as it came ----------------------------------------------------------------------------------------------


def _mails(
    message: Message, found: Unwrapped | None, marks: _Marks, veil: Veil, hidden: Sequence[Evidence]
) -> tuple[Mail, ...]:
    mails = [_mail("The mail as it came", message, marks, veil, hidden)]
    if isinstance(found, Forward) and found.original.message is not None:
        inner = found.original.message
        own = _Marks()
        own.add(Reason(found.code, None, inner.evidence(name)) for name in ("from", "to", "cc", "date", "subject"))
        mails.append(_mail("The message that was attached to it", inner, own, veil, (), linked=False))
    return tuple(mails)


def _mail(
    title: str, message: Message, marks: _Marks, veil: Veil, hidden: Sequence[Evidence], *, linked: bool = True
) -> Mail:
    places = {start: (number if linked else 0, roles) for start, _, number, roles in marks.within("header", None)}
    fields = []
    written = message.headers
    for (name, body), field in zip(written[:_MOST_FIELDS], message.index.fields, strict=False):
        number, roles = places.get(field[2], (0, ()))
        value = _header_value(message, field, body, veil)
        fields.append((veil.one(name), (Piece(value, number, roles),)))
    if len(written) > _MOST_FIELDS:
        fields.append(("", (Piece(f"({len(written) - _MOST_FIELDS:,} more fields are not shown)"),)))
    if not written:
        fields.append(("", (Piece("(no header field can be read)"),)))
    return Mail(title=title, fields=tuple(fields), texts=tuple(_texts(message, marks, veil, hidden)))


def _header_value(message: Message, field: Field, body: str, veil: Veil) -> str:
    """A field's decoded body. One that names a listed person is written anew from those who may be shown."""
    if field[0].decode("ascii", "replace") in MAILBOXES:
        mailboxes = parse_header_list(message.index.field_bytes(field), message.limits).mailboxes
        if any(map(veil.is_listed, mailboxes)) or veil.covers(body):
            return cut(", ".join(_person(mailbox, veil) for mailbox in mailboxes)) or HIDDEN
    return veil.one(body)


def _texts(
    message: Message, marks: _Marks, veil: Veil, hidden: Sequence[Evidence]
) -> Iterator[tuple[str, tuple[Line, ...]]]:
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


def _text_lines(text: str, places: _Places, veil: Veil, unseen: Sequence[tuple[int, int]]) -> Iterator[Line]:
    at = shown = 0
    for number, line in enumerate(text.split("\n")):
        if number >= _MOST_LINES or shown >= _MOST_TEXT:
            yield (Piece(f"({text.count(chr(10), at) + 1:,} more lines are not shown)"),)
            return
        found = _line(line, at, at + len(line), places, veil, unseen)
        shown += sum(len(piece.text) for piece in found)
        yield found
        at += len(line) + 1


def _line(line: str, at: int, end: int, places: _Places, veil: Veil, unseen: Sequence[tuple[int, int]]) -> Line:
    """One line cut where evidence begins and ends; empty lines bear no mark."""
    if any(start < end and stop > at for start, stop in unseen) or veil.covers(line):
        return (Piece(HIDDEN),)
    pieces = []
    done = at
    for start, stop, number, roles in places:
        first, last = max(start, done), min(stop, end)
        if first >= last:
            continue
        if first > done:
            pieces.append(Piece(cut(clean(line[done - at : first - at]))))
        pieces.append(Piece(cut(clean(line[first - at : last - at])), number, roles))
        done = last
    if done < end:
        pieces.append(Piece(cut(clean(line[done - at :]))))
    return tuple(pieces)


def _seen_lines(source: str, places: _Places, veil: Veil, unseen: Sequence[tuple[int, int]]) -> Iterator[Line]:
    lines = html_lines(source, catalogue()).lines
    shown = 0
    for count, line in enumerate(lines):
        if count >= _MOST_LINES or shown >= _MOST_TEXT:
            yield (Piece(f"({len(lines) - count:,} more lines are not shown)"),)
            return
        text = "> " * min(line.depth, _MOST_DEPTH) + line.text
        if any(start < line.end and stop > line.start for start, stop in unseen) or veil.covers(text):
            yield (Piece(HIDDEN),)
            continue
        number, roles = next(
            ((number, roles) for start, stop, number, roles in places if start < line.end and stop > line.start),
            (0, ()),
        )
        piece = Piece(cut(clean(text)), number, roles)
        shown += len(piece.text)
        yield (piece,)
