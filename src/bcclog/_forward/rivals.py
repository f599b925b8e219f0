"""Who else can be meant by a forward: the authors between whom it stays open (T54)."""

from collections.abc import Sequence

from bcclog._block.find import find_block
from bcclog._block.separator import find_separator
from bcclog._block.structure import find_remains, find_structure, has_headless
from bcclog._catalogue.catalogue import Catalogue
from bcclog._forward.fields import is_another, read_fields, same_author
from bcclog._forward.in_place import InPlace, author_above
from bcclog._forward.subject import is_between_lost
from bcclog._forward.witness import Witness
from bcclog._lines.lines import next_text
from bcclog.forward import Original
from bcclog.message import Message
from bcclog.policy import Limits


def candidates(
    best: Witness, lines: Sequence[InPlace], original: Original, known: Catalogue, limits: Limits, message: Message
) -> tuple[Original, ...]:
    """The originals that can be meant, where it is unclear which was forwarded; none where it is clear (T54).

    lines: those above the witness's block that can stand in place of one.
    """
    author = None
    if lines:
        is_between = is_between_lost(message.subject or "", original.subject or "", known)
        author = author_above(best, lines, is_between=is_between)
    above = _rival_above(best, known, limits, message) if author is None else Original(from_=author)
    block = best.block
    assert block is not None
    inside = None if block.rival is None else read_fields(block.rival, known, message)[0]
    if inside is not None and inside.from_ != original.from_:
        return original, inside
    for rival in (above, _rival_below(best, known, limits, message)):
        if rival is not None and rival.from_ is None:
            return (original,)
        if rival is not None and (not same_author(original, rival) or is_another(original, rival)):
            return original, rival
    return ()


def _rival_above(best: Witness, known: Catalogue, limits: Limits, message: Message) -> Original | None:
    """The author of a block in unknown words above the witness's block, or of what is left of one: that can hold it. He
    is None where it names nobody, or was lost below its separator."""
    block = best.block
    assert block is not None
    lines, label = best.lines, block.label
    first = next_text(lines, best.top, label)
    if first == label or (first == block.separator and not block.said and next_text(lines, first + 1, label) == label):
        return None  # nothing stands above but the separator
    over = lines[best.top : label]
    shape = find_structure(over, known, limits, named=False, meant=True) or find_remains(over, known, limits)
    if shape is not None:
        return read_fields(shape, known, message)[0]
    return Original() if has_headless(over, known, limits) or _has_lost(best, known, limits) else None


def _has_lost(best: Witness, known: Catalogue, limits: Limits) -> bool:
    """Whether a separator above the witness's block, with words between the two, says "forwarded" and has no block: it
    is not the block's own, nor one that its client writes."""
    block = best.block
    assert block is not None
    over = best.lines[best.top : block.start]
    said: list[int] = []
    find_block(over, 0, known, limits, exact=best.html is not None, said=said)
    for number in said:
        separator = find_separator(over, number, over[number].text.strip(), known)
        if separator is None or next_text(over, separator.last + 1) == len(over):
            continue
        if block.forward or not separator.rows & block.rows:
            return True
    return False


def _rival_below(best: Witness, known: Catalogue, limits: Limits, message: Message) -> Original | None:
    """The author of a second block: the first, or what is below a line in its place, is quoted in the forwarder's note,
    with the real one below it, less deeply quoted, or below a line that says "forwarded", where the first has none."""
    block = best.block
    assert block is not None
    depth = block.depth
    if not block.fields and not block.forward:
        # A line in place of a block, without a separator, stands above what a note quotes as well.
        first = next_text(best.lines, block.end)
        depth = max(depth, best.lines[first].depth) if first < len(best.lines) else depth
    if depth == 0:
        return None
    for number in range(block.end, len(best.lines)):
        if best.lines[number].depth < depth and best.lines[number].text.strip():
            second = find_block(best.lines, number, known, limits, exact=best.html is not None)
            if second is not None and (second.depth < depth or (second.forward and block.separator is None)):
                return read_fields(second, known, message)[0]
            return None
    return None
