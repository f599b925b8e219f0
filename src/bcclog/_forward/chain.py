"""The messages forwarded inside another, and beside it: chains (R8), each with what is uncertain about it."""

from collections.abc import Iterator
from functools import partial

from attrs import evolve

from bcclog._block.attribution import reply_attributions
from bcclog._block.block import Block
from bcclog._block.find import find_block
from bcclog._block.mend import with_tables
from bcclog._block.structure import find_remains, find_structure
from bcclog._catalogue.catalogue import Catalogue
from bcclog._forward.body import body_end, body_text
from bcclog._forward.fields import read_fields, with_outer_subject
from bcclog._forward.in_place import InPlace, bare_link, lines_in_place, said_link
from bcclog._forward.subject import has_unclear_prefix, is_between_lost, is_forward_subject, is_reply_subject
from bcclog._forward.twins import with_subject_end
from bcclog._forward.witness import Witness, block_evidence, till_next
from bcclog.codes import Code
from bcclog.forward import Original
from bcclog.message import Message
from bcclog.model import Evidence, Reason
from bcclog.policy import Limits


def forwards_inside(
    witness: Witness, outer: Original, known: Catalogue, limits: Limits, message: Message
) -> tuple[tuple[Original, ...], tuple[Original, ...], tuple[Evidence, ...], list[Reason]]:
    """The forwards inside the forwarded message, outermost first, messages forwarded beside it, where the blocks of the
    first stand, and what is uncertain about each, with the place of its block.

    A deeper block is a link of a chain where its separator says so or the subject above it is that of a forward; a
    block under a reply is history, and so is all below it, but where both say so: then it is open who wrote the line
    that replies begin with. Where something says that a message was forwarded there, and none is read, that is said.
    """
    chain: list[Original] = []
    others: list[Original] = []
    places: list[Evidence] = []
    block = witness.block
    assert block is not None
    subject = outer.subject or ""
    witness = _with_tables(witness, known)
    links = _Links(witness, known, limits, message)
    following, linked = links.following(block.end, subject)
    warnings: list[Reason] = []
    if following is not None:
        closed, _ = body_end(witness, known)
        within = witness._replace(lines=witness.lines[:closed])
        answers = reply_attributions(witness.lines, known, block.end, len(witness.lines))
        answer = next(answers, None)
    while following is not None and len(chain) + len(others) < limits.max_blocks:
        while answer is not None and answer.first < block.end:
            answer = next(answers, None)
        is_below_answer = answer is not None and answer.last < following.start
        if is_below_answer and not (following.forward and is_forward_subject(subject, known, following.rows)):
            break
        beside = following.label >= closed
        if beside and not following.known:
            break  # in the forwarder's own words
        if not (following.forward or beside or is_forward_subject(subject, known, following.rows)):
            break
        if following.depth > block.depth and is_reply_subject(subject, known, following.rows):
            break  # quoted by an answer
        if linked is not None:
            inner, doubts, notes = linked
        else:
            ended = with_subject_end(witness._replace(block=following, notes=()), subject, known)
            following = ended.block or following
            inner, doubts, notes = read_fields(following, known, message)
            notes += ended.notes
        if not beside:
            inner, noted = with_outer_subject(inner, (following,), known, subject)
            notes += noted
        holder = (within if following.end <= closed else witness)._replace(block=following)
        place = block_evidence(holder)[0].evidence
        if doubts or is_below_answer or (not beside and is_between_lost(subject, inner.subject or "", known)):
            notes.append(Reason(Code.WARN_FORWARD_CHAIN_INCOMPLETE))
        warnings += (_of_deeper(note, place) for note in notes)
        if beside:
            holder = till_next(holder._replace(closed=None), known, message, limits)
        inner = evolve(inner, text=partial(body_text, holder, known))
        (others if beside else chain).append(inner)
        if not beside:
            places += place
        subject = inner.subject or ""
        block = following
        following, linked = links.following(block.end, subject)
    if not others and links.has_more(block.end):
        warnings.append(Reason(Code.WARN_FORWARD_CHAIN_INCOMPLETE))
    return tuple(chain), tuple(others), tuple(places), warnings


def _with_tables(witness: Witness, known: Catalogue) -> Witness:
    """A text with the tables of bars below its block as lines: the block of a forward inside can be one (NetEase)."""
    block = witness.block
    assert block is not None
    if witness.html is not None or witness.is_mended or "|" not in witness.source:
        return witness
    count = len(witness.lines)
    closed = count if witness.closed is None else witness.closed
    inside = with_tables(witness.lines[block.end : closed], known)
    lines = [*witness.lines[: block.end], *inside, *witness.lines[closed:]]
    return witness._replace(lines=lines, closed=None if witness.closed is None else closed + len(lines) - count)


_Read = tuple[Original, tuple[Original, ...], list[Reason]]
"""The fields of a block as `read_fields` gives them."""


class _Links:
    """The messages forwarded inside another, one below the other. What a search has found stays until it is passed, so
    that many links cost no more than one (P2)."""

    __slots__ = (
        "_block", "_end", "_is_named", "_known", "_limits", "_message", "_place", "_places", "_said", "_shape",
        "_subject", "_witness",
    )  # fmt: skip

    def __init__(self, witness: Witness, known: Catalogue, limits: Limits, message: Message) -> None:
        self._witness = witness
        self._known = known
        self._limits = limits
        self._message = message
        self._block: Block | None = None
        self._end = -1
        """No block stands above this line."""
        self._said: list[int] = []
        """Where it is said above that line that a message was forwarded, the last first."""
        self._subject = ""
        """The subject above what was asked for last."""
        self._is_named = False
        """Whether it is that of a forward."""
        self._shape: tuple[Block | None] | None = None
        self._places: Iterator[InPlace] | None = None
        """The lines that can stand in place of a block, from the first that was asked for on."""
        self._place: InPlace | None = None

    def following(self, start: int, subject: str) -> tuple[Block | None, _Read | None]:
        """The next block from line `start` on; with what it says, where a line stands in its place, or where it is in
        unknown words. subject: the one above."""
        lines, known = self._witness.lines, self._known
        self._subject = subject
        self._is_named = is_forward_subject(subject, known)
        if self._end < start:
            self._said = []
            exact = self._witness.html is not None
            self._block = find_block(lines, start, known, self._limits, exact=exact, said=self._said)
            self._end = len(lines) if self._block is None else self._block.start
            self._said.reverse()
        while self._said and self._said[-1] < start:
            self._said.pop()
        link = said_link(lines, known, self._said[-1], self._end, self._message) if self._said else None
        place = self._place_named(start)
        if place is not None and place.line.first < (self._end if link is None else link[0].start):
            block = self._block
            # A line that may quote somebody above a block is none where the subjects say that a forward is between.
            told = None if block is None else block.get("subject")
            block = None if told is not None and is_between_lost(subject, told, known, place.line.rows) else block
            link = bare_link(lines, place, block, known, self._message) or link
        shape = self._shape_from(start) if self._is_named and link is None else None
        if shape is not None and shape.start < self._end:
            return shape, read_fields(shape, known, self._message)
        if link is not None:
            first, original, notes = link
            return first, (original, (), list(notes))
        return self._block, None

    def has_more(self, start: int) -> bool:
        """Whether something from line `start` on says that one more message was forwarded, below the subject of a
        forward: a block, a line or what is left of one in its place, or a separator alone."""
        if self._is_named and (self._block is not None or self._said):
            return True
        if self._place_named(start) is not None:
            return True
        return self._is_named and find_remains(self._witness.lines[start:], self._known, self._limits) is not None

    def _place_named(self, start: int) -> InPlace | None:
        """The first line that can stand in place of a block from line `start` on, where the subject above is that of a
        forward, be it in the language of the line alone."""
        if not (self._is_named or has_unclear_prefix(self._subject, self._known)):
            return None
        place = self._place_from(start)
        if place is None or self._is_named or is_forward_subject(self._subject, self._known, place.line.rows):
            return place
        return None

    def _place_from(self, start: int) -> InPlace | None:
        """The first line that can stand in place of a block from line `start` on."""
        lines = self._witness.lines
        if self._places is None:
            self._places = lines_in_place(lines, self._known, start, len(lines))
            self._place = next(self._places, None)
        while self._place is not None and self._place.line.first < start:
            self._place = next(self._places, None)
        return self._place

    def _shape_from(self, start: int) -> Block | None:
        """The first block in unknown words from line `start` on."""
        if self._shape is None or (self._shape[0] is not None and self._shape[0].start < start):
            lines = self._witness.lines
            self._shape = (find_structure(lines, self._known, self._limits, named=False, meant=True, start=start),)
        return self._shape[0]


def _of_deeper(note: Reason, place: tuple[Evidence, ...]) -> Reason:
    """A warning about a deeper message, with its place: nothing is decided on its people, so more of them than are read
    are no reason to refuse the mail."""
    code = Code.WARN_FORWARD_CHAIN_INCOMPLETE if note.code is Code.REFUSE_LIMIT_ADDRESSES else note.code
    return resting(evolve(note, code=code), place, place)


_FIELD_OF = {
    Code.WARN_DATE_NO_ZONE: "date",
    Code.WARN_DATE_ZONE: "date",
    Code.WARN_DATE_NO_TIME: "date",
    Code.WARN_DATE_INVALID: "date",
    Code.WARN_DATE_ORDER: "date",
    Code.WARN_FORWARD_ON_BEHALF: "from",
}
"""The field of a block that a warning is about, where it is one."""


def resting(note: Reason, place: tuple[Evidence, ...], otherwise: tuple[Evidence, ...]) -> Reason:
    """A warning with the line of its field as evidence, by the places of the block's fields."""
    field = _FIELD_OF.get(note.code)
    found = otherwise if field is None else tuple([one for one in place if one.field == field])
    return Reason(note.code, note.about, found, note.lost) if found else note
