"""The fields of a block as values (R7, R31): people, date, subject, id; and whether two readings of them agree."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain

from attrs import evolve

from bcclog._block.block import Block
from bcclog._catalogue.catalogue import Catalogue
from bcclog._dates.dates import Parsed, fits_pattern, parse_localized, settle, speaking
from bcclog._forward.quote import split_reply
from bcclog._forward.subject import base_subject, forwarded_subject, is_forward_subject
from bcclog._mime.header_text import HeaderText, clean_line, decode_header
from bcclog._people.address import AddressList, is_passed_on, normalize
from bcclog._people.block_addresses import parse_block_list, split_on_behalf
from bcclog.address import EmailAddress
from bcclog.codes import Code
from bcclog.forward import Original, Writer
from bcclog.message import Message, is_id
from bcclog.model import Lost, Reason

_MAX_DATE = 80
"""A longer date is not held against the patterns of all rows."""
_WORD = re.compile(r"\w+")
_ZONES_APART = timedelta(hours=26)
"""From UTC+14 to UTC-12."""
_LISTS = ("to", "cc", "reply_to")


def says(block: Block) -> list[tuple[str, str]]:
    """A block's fields with their values: two parts mostly say the same, letter for letter."""
    return [(field.name, field.text) for field in block.fields]


_BOLD = re.compile(r"(\*{1,3}|_{1,3})([^*_\s](?:[^*_]{0,998}[^*_\s])?)\1")
_ADDRESS_START = re.compile(r"<|\[mailto:")


def read_fields(
    block: Block, known: Catalogue, message: Message
) -> tuple[Original, tuple[Original, ...], list[Reason]]:
    """The block's fields as values; the candidates where it is unclear who the author is, who is left out then; and
    warnings."""
    warnings: list[Reason] = []
    sender: EmailAddress | None = None
    text = block.get("from") or ""
    behalf = split_on_behalf(text)
    if behalf is not None:
        warnings.append(Reason(Code.WARN_FORWARD_ON_BEHALF))
        sender = _first(parse_block_list(behalf[0]))
        text = behalf[1]
    further = [field.text for field in block.fields if field.name == "from"][1:]
    read = [parse_block_list(one) for one in (text, *further)]
    authors = [author for one in read for author in one.mailboxes]
    addressed = tuple(author for author in authors if author.email is not None)
    is_unclear = len(addressed) > 1 and len({normalize(a.email) or a.email for a in addressed if a.email}) > 1
    author = None if is_unclear else addressed[0] if addressed else (authors[0] if authors else None)
    is_named_apart = False
    if author is not None and len(authors) > 1 and addressed:
        author = _with_whole_name(text, addressed[0])
        before = authors[: authors.index(addressed[0])]
        if author.name is None and before:
            # `Kim, kim@x`: a block has one author, so a name alone before the address is his, or nobody knows whose.
            author = evolve(author, name=before[0].name if len(before) == 1 else None)
            is_named_apart = True
    elif author is not None and author.name is None and len(read[0].groups) == 1:
        author = evolve(author, name=read[0].groups[0] or None)  # `Kim: kim@x` is no group of one
    sent_by = _first(parse_block_list(block.get("sender") or ""))
    if sender is None and sent_by is not None and _who(sent_by) != _who(author):
        warnings.append(Reason(Code.WARN_FORWARD_ON_BEHALF))
        sender = sent_by
    warnings += of_author(author)
    date_text = block.date
    parsed = read_date(date_text, block, known, message)
    warnings += of_date(parsed)
    subject = _subject(block, known, message)
    warnings += map(Reason, subject.notes)
    people: dict[str, list[AddressList]] = {name: [] for name in _LISTS}
    for field in block.fields:
        if field.name in people:
            people[field.name].append(parse_block_list(field.text))
    # Who stands behind the author without an address (`Kim <kim@x.example>, Roe`) is no second one, nor his name.
    lists = (*read, *chain.from_iterable(people.values()))
    codes = [note[0] for found in lists if found.notes for note in found.notes]
    behind = authors[authors.index(addressed[0]) + 1 :] if addressed and not is_unclear else []
    if is_named_apart or any(one.email is None for one in behind):
        codes.append(Code.WARN_ADDRESS_WORDS_BEHIND)
    warnings += map(Reason, dict.fromkeys(codes))
    if block.is_cut or any(not found.is_complete for found in lists):
        warnings.append(Reason(Code.REFUSE_LIMIT_ADDRESSES))
    original = Original(
        from_=author,
        sender=sender,
        to=_everybody(people["to"], block, known),
        cc=_everybody(people["cc"], block, known),
        reply_to=_everybody(people["reply_to"], block, known),
        subject=subject.text or None,
        sent_at=None if parsed is None else parsed.value,
        sent_at_text=one_line(date_text),
        message_id=_message_id(block),
        split_by=split_reply,
    )
    return original, tuple(Original(from_=one) for one in addressed) if is_unclear else (), warnings


def _with_whole_name(text: str, author: EmailAddress) -> EmailAddress:
    """The one author whose line has a semicolon that parts no two people: `Kim; Sales <kim@customer.example>`."""
    name = _ADDRESS_START.split(text, maxsplit=1)[0].rstrip("; \t")
    if ";" not in name or "@" in name or "@" not in text[len(name) :] or not text.rstrip().endswith((">", "]")):
        return author
    return evolve(author, name=clean_line(name).text or None)


def _first(found: AddressList) -> EmailAddress | None:
    return found.mailboxes[0] if found.mailboxes else None


def _who(person: EmailAddress | None) -> str:
    """Whom two places mean alike: his address, or else his name."""
    return "" if person is None else (person.email or person.name or "").lower()


def _everybody(lists: Sequence[AddressList], block: Block, known: Catalogue) -> tuple[EmailAddress, ...]:
    people = tuple(mailbox for one in lists for mailbox in one.mailboxes)
    if len(people) > 1:
        for word, rows in known.joined_by.items():
            if rows & block.rows:  # `Kim <kim@x>, and Rosa <rosa@x>`
                first, _, rest = (people[-1].name or "").partition(" ")
                if first.lower() == word:
                    return (*people[:-1], evolve(people[-1], name=rest or None))
    return people


def _subject(block: Block, known: Catalogue, message: Message) -> HeaderText:
    """The subject on one line as it was meant: decoded where the client copied the words of RFC 2047 undecoded, and
    without the marks of bold of a program that made text of HTML."""
    text = block.get("subject") or ""
    found = decode_header(text.encode("utf-8", "replace"), message.limits) if "=?" in text else clean_line(text)
    marked = _BOLD.fullmatch(found.text)
    theirs = message.subject or ""
    if marked is None or found.text in theirs:
        return found
    # A subject may have asterisks of its own. Other values that are marked alike tell, and the forward's own subject.
    mark = marked[1][0]
    if base_subject(theirs, known) == base_subject(marked[2], known) or any(
        field.text.startswith(mark) for field in block.fields if field.name != "subject"
    ):
        return found._replace(text=marked[2])
    return found


def one_line(text: str | None) -> str | None:
    return clean_line(text or "").text or None


def _message_id(block: Block) -> str | None:
    written = block.get("message_id")
    if not written:
        return None
    text = clean_line(written).text
    start, end = text.find("<"), text.find(">")
    name = (text[start + 1 : end] if 0 <= start < end else text).strip()
    return name if is_id(name) else None


def read_date(text: str | None, block: Block, known: Catalogue, message: Message) -> Parsed | None:
    """The date that a block writes; what the numbers leave open is settled by the Date of the mail that carries it."""
    if not text:
        return None
    locales, patterns = known.dates(block.rows)
    parsed = parse_localized(text, locales, patterns=patterns)
    if parsed.value is None and parsed.code is Code.WARN_DATE_ORDER and len(text) < _MAX_DATE:
        # The languages differ; those whose pattern has another shape did not write it.
        rows = known.rows_dating({pattern for pattern in patterns if fits_pattern(text, pattern)}, block.rows)
        if rows and rows != block.rows:
            locales, patterns = known.dates(rows)
            parsed = parse_localized(text, locales, patterns=patterns)
    return settle(parsed, message.sent_at) if parsed.others else parsed


def likeliest_first(writers: tuple[Writer, ...], date: str | None) -> tuple[Writer, ...]:
    """The writers, of each client those first in whose language the date is: its words part languages that have the
    same labels (Gmail in Spanish and in Catalan)."""
    if date is None or len(writers) < 2 or writers[0].client != writers[1].client:
        return writers
    spoken = speaking(date, [writer.locale for writer in writers])
    if not spoken or writers[0].locale in spoken:
        return writers
    places = {client: place for place, client in enumerate(dict.fromkeys(writer.client for writer in writers))}
    return tuple(sorted(writers, key=lambda writer: (places[writer.client], writer.locale not in spoken)))


def with_outer_subject(
    original: Original, blocks: Sequence[Block], known: Catalogue, outer: str
) -> tuple[Original, tuple[Reason, ...]]:
    """The original with the subject of the forward that holds it, less its prefix, where no block has a line for one;
    and a note."""
    if original.subject is not None or any(field.name == "subject" for block in blocks for field in block.fields):
        return original, ()
    subject, email = forwarded_subject(outer, known, blocks[0].rows)
    author = original.from_
    if author is not None and author.email is None and email is not None and normalize(email) is not None:
        original = evolve(original, from_=EmailAddress(author.name, email))
    elif subject is None:
        return original, ()
    return evolve(original, subject=subject), (Reason(Code.WARN_FORWARD_OUTER_SUBJECT),)


def describes(block: Block, message: Message, known: Catalogue) -> bool:
    """Whether a block says of the mail that holds it what its header says: from the same to the same, in the same
    minute or without a date. No mail is forwarded inside itself, so its sender or a program wrote these fields.

    Below a line that says "forwarded", or without a date below any, it is an earlier mail forwarded once more.
    """
    if block.forward or len(message.from_) != 1:
        return False
    sender = message.from_[0]
    written = (block.get("from") or "").lower()
    if not any(key in written for key in _keys(sender)):
        return False
    told, doubts, _ = read_fields(block, known, message)
    people = told.to + told.cc
    mine = {key for one in message.to + message.cc for key in _keys(one)}
    if doubts or _who(told.from_) not in _keys(sender) or any(_who(one) not in mine for one in people):
        return False
    if block.date is None:
        return bool(people) and block.separator is None
    return told.sent_at is not None and message.sent_at is not None and same_minute(told.sent_at, message.sent_at)


def _keys(person: EmailAddress) -> tuple[str, ...]:
    return tuple(key.lower() for key in (person.email, person.name) if key)


def same_minute(written: datetime, sent: datetime) -> bool:
    """Whether a date is that of a mail to the minute, on its sender's clock or in UTC where it names no zone."""
    if written.tzinfo is None or sent.tzinfo is None:
        clocks = {sent.replace(tzinfo=None)} | ({sent.astimezone(UTC).replace(tzinfo=None)} if sent.tzinfo else set())
        written = written.replace(tzinfo=None)
    else:
        clocks = {sent}
    return any(written.replace(second=0) == clock.replace(second=0) for clock in clocks)


def is_dated_after(block: Block, above: Block, known: Catalogue, message: Message) -> bool:
    """Whether the date of a block says that its message is not inside that of the block above, which is older: by more
    than clocks and zones can differ, where the subject above says that it forwards another."""
    dates = [read_date(one.date, one, known, message) for one in (block, above)]
    later, first = (None if date is None else date.value for date in dates)
    if later is None or first is None:
        return False
    if later.tzinfo is None or first.tzinfo is None:
        later, first = later.replace(tzinfo=None), first.replace(tzinfo=None)
    is_forward = is_forward_subject(above.get("subject") or "", known, above.rows)
    return later - first > (_ZONES_APART if is_forward else timedelta(0))


def same_author(one: Original, two: Original) -> bool:
    a = one.from_.email if one.from_ else None
    b = two.from_.email if two.from_ else None
    if a is None or b is None:
        return True
    return a.lower() == b.lower() or normalize(a) == normalize(b)


def same_names(one: Original, two: Original) -> bool:
    """Whether whom one part names without an address the other names alike, in whichever order of the words."""
    if _named_otherwise(_authors(one), _authors(two)):
        return False
    return not any(_named_otherwise(getattr(one, name), getattr(two, name)) for name in ("to", "cc"))


def _named_otherwise(mine: Sequence[EmailAddress], theirs: Sequence[EmailAddress]) -> bool:
    return any(
        {_words(who.name) for who in some if who.email is None} - {_words(who.name) for who in others}
        for some, others in ((mine, theirs), (theirs, mine))
        if any(who.email for who in others) and all(who.name for who in others)
    )


def is_another(one: Original, two: Original) -> bool:
    """Whether one part names an author without an address, and the other one with whom his name shares no word."""
    mine, theirs = _authors(one), _authors(two)
    if not mine or not theirs or (mine[0].email is None) == (theirs[0].email is None):
        return False
    words = _words(mine[0].name), _words(theirs[0].name)
    return all(words) and words[0].isdisjoint(words[1])


def _authors(original: Original) -> tuple[EmailAddress, ...]:
    return () if original.from_ is None else (original.from_,)


def _words(name: str | None) -> frozenset[str]:
    return frozenset(_WORD.findall((name or "").casefold()))


def same_rest(one: Original, two: Original) -> bool:
    def people(addresses: Sequence[EmailAddress]) -> list[str]:
        return sorted(map(_who, addresses))

    def words(text: str | None) -> str:
        return "".join((text or "").split())

    mine, theirs = (who.from_.name if who.from_ else None for who in (one, two))
    return (
        people(one.to) == people(_addressed(two.to, one.to))
        and people(one.cc) == people(_addressed(two.cc, one.cc))
        and words(one.subject) == words(two.subject)
        and one.sent_at == two.sent_at
        and (not (mine and theirs) or words(mine).casefold() == words(theirs).casefold())
    )


def _addressed(mine: tuple[EmailAddress, ...], theirs: tuple[EmailAddress, ...]) -> tuple[EmailAddress, ...]:
    """The people of one part with the addresses that only the other part writes: all of the other's where it writes
    them all, else that of whoever has the same name in the same place."""
    if len(mine) != len(theirs) or all(one.email for one in mine):
        return mine
    if all(one.email for one in theirs):
        return theirs
    return tuple(
        two if one.email is None and (one.name or "").casefold() == (two.name or "").casefold() else one
        for one, two in zip(mine, theirs, strict=True)
    )


def complete(best: Original, other: Original) -> Original:
    """Fill what the preferred witness lacks: an author's address that only the other part writes out."""
    changes: dict[str, object] = {}
    if other.from_ is not None and other.from_.email and (best.from_ is None or best.from_.email is None):
        changes["from_"] = other.from_
    for name in ("to", "cc"):
        mine, theirs = getattr(best, name), getattr(other, name)
        people = _addressed(mine, theirs) if mine else theirs
        if people != mine:
            changes[name] = people
    if best.sent_at is None and other.sent_at is not None:
        changes["sent_at"], changes["sent_at_text"] = other.sent_at, other.sent_at_text
    if best.subject is None and other.subject is not None:
        changes["subject"] = other.subject
    return evolve(best, **changes) if changes else best  # type: ignore[arg-type]


def goes_to(message: Message, author: EmailAddress | None) -> bool:
    """Whether a mail's own To or Cc names the author of the message below it: then it answers him, since nobody
    forwards a mail to the one who wrote it."""
    wanted = None if author is None or author.email is None else normalize(author.email)
    return wanted is not None and any(
        one.email is not None and normalize(one.email) == wanted for one in (*message.to, *message.cc)
    )


def of_author(author: EmailAddress | None) -> tuple[Reason, ...]:
    """That the author's name says whose address it can be instead of his."""
    return () if author is None or not is_passed_on(author) else (Reason(Code.WARN_FORWARD_VIA),)


def of_date(parsed: Parsed | None) -> tuple[Reason, ...]:
    """What is uncertain about a date, with its other readings."""
    if parsed is None:
        return ()
    code = parsed.code
    others = () if code is None else tuple(Lost(what=other.isoformat(), code=code) for other in parsed.others)
    return tuple(Reason(one, None, (), others if one is code else ()) for one in parsed.codes)
