"""A forward with an attribution line in place of a block (aerc, Balsa, Yandex, Outlook for Mac, FairEmail)."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from bcclog._block.attribution import AUTHOR_SLOTS, Attribution, attributions, find_attribution
from bcclog._block.block import Block
from bcclog._block.separator import Separator, find_separator
from bcclog._catalogue.catalogue import Catalogue
from bcclog._forward.body import comment_of, with_body
from bcclog._forward.fields import (
    complete,
    goes_to,
    likeliest_first,
    of_author,
    of_date,
    one_line,
    read_date,
    same_author,
    with_outer_subject,
)
from bcclog._forward.quote import split_reply
from bcclog._forward.subject import is_between_lost, is_forward_subject, is_reply_subject
from bcclog._forward.witness import Witness, block_evidence, with_block
from bcclog._lines.lines import Line, next_text
from bcclog._mime.header_text import clean_line
from bcclog._people.address import tidy_name
from bcclog._people.block_addresses import parse_block_list
from bcclog.address import EmailAddress
from bcclog.codes import Code
from bcclog.forward import Confidence, Forward, Original, Refused
from bcclog.message import Message
from bcclog.model import Reason

_MAX_GAP = 4
"""Lines between a separator and the line below it, blank ones included."""
MAX_COMMENT_LINES = 400
"""An attribution in place of a block is looked for so far down."""
_NO_NAME = re.compile(r"[\d:;@]|,.*,")


class InPlace(NamedTuple):
    """A line that can stand in place of a block. above: the separator right above it; is_likely: it is one that some
    client writes there, or the separator says "forwarded"; others begin the history of a reply."""

    line: Attribution
    above: Separator | None
    is_likely: bool

    @property
    def is_said(self) -> bool:
        """Whether the separator above says "forwarded"."""
        return self.above is not None and self.above.forward


def forward_in_place(
    message: Message,
    witness: Witness,
    lines: Sequence[InPlace],
    text: Witness | None,
    html: Witness | None,
    known: Catalogue,
    meant: bool,
) -> tuple[Forward, Witness] | Refused | None:
    """A forward with an attribution line in place of a block (aerc, Balsa, Yandex, Outlook for Mac, FairEmail), without
    what was forwarded inside it; and the part it was read in. A refusal where the other part names another author.

    lines: those of the witness above its block, by `lines_in_place`. Where it has none, lines that replies begin with
    count too.
    """
    subject = message.subject or ""
    has_header = message.has_field("x-forwarded-message-id")
    is_answer = message.has_field("in-reply-to")
    possible = [one for one in lines if one.is_likely or witness.block is None]
    # People quote another mail in their comment, but below a separator a client wrote the line. They write `here is
    # what Kim wrote:` themselves; clients leave the date away only where the mail has none.
    for place in sorted(possible, key=lambda one: (not one.is_said, not one.line.is_dated)):
        found, above, separated = place.line, place.above, place.is_said
        # `VS:` with In-Reply-To is an answer, whatever it means in the language of a line that replies begin with.
        named = has_header or is_forward_subject(subject, known, 0 if is_answer else found.rows)
        # A reply's history begins with the same line, and an answer is no forward, whatever address it was sent to.
        answers = is_reply_subject(subject, known, found.rows, answers=is_answer)
        if not (named or separated or (meant and not answers)):
            continue
        inside = witness.block
        if inside is not None and not separated and _is_quoting(witness.lines, inside, found, known):
            # What the block can be part of is no comment where the subjects say that a forward stands above the block.
            own = inside.get("subject") or ""
            can_hold = found.is_dated and _can_hold(found, witness.lines, inside)
            if not (can_hold and is_between_lost(subject, own, known, found.rows)):
                continue
        block = _in_its_place(found, above)
        told = _original_of(found, block, known, message)
        if told is None:
            continue
        original, warnings = told
        if not named and not separated and goes_to(message, original.from_):
            continue  # an answer to him
        read = with_block(witness, block, known)
        twin = read if witness is html else html
        other = html if witness is text else text
        if other is not None:
            beside = _beside(other, original, known, message, with_replies=witness.block is None)
            if isinstance(beside, _Beside):
                warnings = (*warnings, *_unlike(original, beside.original))
                original = complete(original, beside.original)
                twin = beside.holder if other is html else twin
            elif beside is not None:
                evidence = block_evidence(read)
                return Refused(
                    code=Code.REFUSE_FORWARD_PARTS_DISAGREE, candidates=(original, beside), evidence=evidence
                )
            elif other.block is None:
                warnings = (*warnings, Reason(Code.WARN_FORWARD_ONE_PART))
        original, noted = with_outer_subject(original, (block,), known, message.subject or "")
        forward = Forward(
            code=Code.FORWARD_ATTRIBUTION,
            sign=Code.FORWARD_SIGN_SEPARATOR
            if separated
            else Code.FORWARD_SIGN_SUBJECT
            if named
            else Code.FORWARD_SIGN_ROUTE,
            confidence=Confidence.LOW,
            writers=likeliest_first(known.writers(block.rows), original.sent_at_text),
            comment=comment_of(read, known),
            original=with_body(original, read, twin, known, message),
            has_text=text is not None,
            has_html=html is not None,
            evidence=block_evidence(read),
            warnings=(*warnings, *noted),
            source=message,
        )
        return forward, read
    return None


class _Beside(NamedTuple):
    """What the other part says in a line in place of a block, and that part with the line as its block."""

    original: Original
    holder: Witness


def _beside(
    other: Witness, original: Original, known: Catalogue, message: Message, *, with_replies: bool
) -> _Beside | Original | None:
    """The line of the other part that names the same author; else what the first with another address says; None
    without one."""
    first: Original | None = None
    for one in lines_in_place(other.lines, known, other.top, MAX_COMMENT_LINES):
        block = _in_its_place(one.line, one.above)
        told = _original_of(one.line, block, known, message) if one.is_likely or with_replies else None
        if told is not None:
            if same_author(original, told[0]) and (_has_address(original, told[0]) or _is_namesake(original, told[0])):
                return _Beside(told[0], with_block(other, block, known))
            first = first or (None if same_author(original, told[0]) else told[0])
    return first


def _has_address(one: Original, two: Original) -> bool:
    return all(who.from_ is not None and who.from_.email is not None for who in (one, two))


def _is_namesake(one: Original, two: Original) -> bool:
    mine, theirs = (who.from_.name if who.from_ else None for who in (one, two))
    return (mine or "").casefold() == (theirs or "").casefold()


def _unlike(one: Original, two: Original) -> tuple[Reason, ...]:
    """That two parts write the same author's name or the date in two ways."""
    if _is_namesake(one, two) and one.sent_at == two.sent_at:
        return ()
    return (Reason(Code.WARN_FORWARD_PARTS_DIFFER),)


Link = tuple[Block, Original, tuple[Reason, ...]]
"""A message forwarded inside another with a line in place of a block: the line as one, what it says, and what is
uncertain about its author and date."""


def said_link(lines: Sequence[Line], known: Catalogue, start: int, end: int, message: Message) -> Link | None:
    """The first link in `lines[start:end]` whose line stands below a separator that says "forwarded"."""
    for found, above, _ in lines_in_place(lines, known, start, end):
        if above is not None and above.forward and above.last >= start:
            link = _link(found, above, known, message)
            if link is not None:
                return link
    return None


def bare_link(
    lines: Sequence[Line], place: InPlace, following: Block | None, known: Catalogue, message: Message
) -> Link | None:
    """The link whose line is one that clients write in place of a block, where it does not quote somebody in a comment
    above the block that follows: in a mail whose subject is that of a forward."""
    found = place.line
    if not place.is_likely or not found.is_dated:
        return None
    if following is not None and _is_quoting(lines, following, found, known):
        return None
    return _link(found, place.above, known, message)


def _link(found: Attribution, above: Separator | None, known: Catalogue, message: Message) -> Link | None:
    block = _in_its_place(found, above)
    told = _original_of(found, block, known, message)
    return None if told is None else (block, *told)


def _original_of(
    found: Attribution, block: Block, known: Catalogue, message: Message
) -> tuple[Original, tuple[Reason, ...]] | None:
    """What a line in place of a block says of the original, and what is uncertain about both; None where it says
    no author or no date after all."""
    author = _author_of(found.values)
    date_text = " ".join(found.values[slot] for slot in ("date", "time") if slot in found.values) or None
    parsed = read_date(date_text, block, known, message)
    if author is None and not AUTHOR_SLOTS.isdisjoint(found.values):
        return None
    if date_text and (parsed is None or not (parsed.value or parsed.others)):
        return None
    original = Original(
        from_=author,
        sent_at=parsed.value if parsed else None,
        sent_at_text=one_line(date_text),
        split_by=split_reply,
    )
    return original, (*of_author(author), *of_date(parsed))


def author_above(witness: Witness, lines: Sequence[InPlace], *, is_between: bool) -> EmailAddress | None:
    """Whom a dated line above the witness's block names with his address, where the block can be part of what it
    quotes: then all of that can be what he wrote and was forwarded. No client puts it above its own block.

    lines: those of the witness, by `lines_in_place`. is_between: the subjects say that a forward stands above the
    block; then a name alone will do.
    """
    block = witness.block
    assert block is not None
    for found, _, _ in lines:
        can_hold = _can_hold(found, witness.lines, block) and (is_between or found.is_dated)
        author = _author_of(found.values) if can_hold else None
        if author is not None and (is_between or author.email is not None):
            return author
    return None


def _can_hold(found: Attribution, lines: Sequence[Line], block: Block) -> bool:
    """Whether a block below a line that names somebody can be part of what the line quotes: what stands between is not
    marked as quoted, or the block is part of the same quote."""
    first = next_text(lines, found.last + 1)
    if first >= block.start or lines[first].depth <= found.depth:
        return found.last < block.start and found.depth == lines[block.start].depth
    # An empty line without a mark ends what is quoted.
    return all(line.depth > found.depth for line in lines[first : block.label + 1])


def _is_quoting(lines: Sequence[Line], block: Block, found: Attribution, known: Catalogue) -> bool:
    """Whether an attribution above a block belongs to the forwarder's own words: `see what Kim wrote:`, or a line that
    replies begin with, above a block that says "forwarded" or right above one that says nothing."""
    if not found.is_dated:
        return True
    if find_attribution(lines, known, found.first, found.last + 1) is None:
        return False
    between = lines[found.last + 1 : block.start]
    is_deeper = block.depth > found.depth
    if any(line.text.strip() and line.depth <= found.depth for line in between):
        return block.forward and not is_deeper
    return block.forward or not is_deeper


def _in_its_place(found: Attribution, above: Separator | None) -> Block:
    """An attribution, and the separator above it, as a block without fields."""
    start = found.first if above is None else above.last
    rows = 0 if above is None else found.rows & above.rows
    return Block(
        start=start,
        end=found.last + 1,
        label=found.first,
        separator=None if above is None else start,
        forward=above is not None and above.forward,
        depth=found.depth,
        fields=(),
        rows=rows or found.rows,
    )


def _author_of(values: dict[str, str]) -> EmailAddress | None:
    """The one author that an attribution names; his address is None where the line gives a name only."""
    if "email" in values:
        name = tidy_name(clean_line(values.get("name", "")).text).strip("\"' ")
        emails = [mailbox.email for mailbox in parse_block_list(values["email"]).mailboxes if mailbox.email is not None]
        return EmailAddress(name or None, emails[0]) if len(emails) == 1 else None
    text = values.get("from") or values.get("name") or ""
    found = parse_block_list(text).mailboxes
    addressed = [mailbox for mailbox in found if mailbox.email is not None]
    dated = not values.keys().isdisjoint(("date", "time"))
    ends = text.endswith(_endings(addressed[0].email or "") if dated else ">") if addressed else False
    if len(addressed) == 1 and (ends or (dated and "<" in text)):
        # `On Mon, 2 Mar at 9:15 AM , Kim <kim@x> wrote:` of Freshdesk: a date that cannot be read is no name.
        return addressed[0] if dated or not _NO_NAME.search(addressed[0].name or "") else None
    if not text or len(addressed) > 1 or (not dated and (len(text) > 60 or _NO_NAME.search(text))):
        return None
    return EmailAddress(clean_line(text).text or None, None)


def _endings(email: str) -> tuple[str, ...]:
    """How a line that names its author ends with his address: Zimbra leaves the brackets away, others write round ones.
    One that is nothing but the address is his name, of clients that write names alone (aerc, alot, Balsa)."""
    return f" {email}", f" ({email})", f" [{email}]"


def lines_in_place(lines: Sequence[Line], known: Catalogue, start: int, end: int) -> Iterator[InPlace]:
    """The lines in `lines[start:end]` that can stand in place of a block, from the top."""
    both = attributions(lines, known, start, min(end, len(lines)), (known.attributions, known.reply_attributions))
    for _, same in groupby(both, key=lambda pair: pair[0].last):
        # `{date} {name} <{email}>:` fits the line of a reply too, and takes its `wrote` for a part of the name, as
        # `{name} wrote:` takes its date.
        pairs = list(same)
        found, index = next((pair for pair in pairs if pair[0].has_words and pair[0].is_dated), pairs[0])
        number = found.first - 1
        while number >= 0 and found.first - number < _MAX_GAP and not lines[number].text.strip():
            number -= 1
        text = lines[number].text.strip() if number >= 0 else ""
        above = find_separator(lines, number, text, known) if text else None
        yield InPlace(found, above, index is known.attributions or (above is not None and above.forward))
