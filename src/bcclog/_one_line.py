"""A block that stands on one line, or is put together otherwise than with a label at the start of each line."""

from collections.abc import Sequence
from itertools import islice

from attrs import evolve

from bcclog._block import CORE, WHOLE, Block, Labels, Value
from bcclog._catalogue import Catalogue
from bcclog._fold import flatten, fold_label
from bcclog._label import COLON, label_of
from bcclog._lines import Line
from bcclog._meaning import by_order
from bcclog._separator import Separator

_MAX_GLUED = 60
"""So many colons of a block on one line are looked at."""
_MAX_PASSED_OVER = 8
"""So many labels on such a line can be words of its values."""
_MAX_WORDS = 6
"""A label on such a line has no more words."""
_FEWEST_GLUED = 3
"""Fields that a block on one line has at least."""


def read_glued(
    lines: Sequence[Line],
    number: int,
    separator: Separator,
    text: str,
    catalogue: Catalogue,
    at: int,
) -> Block | None:
    """A block that the text part runs together on one line (Yahoo, Samsung, IONOS, and what services make of others):
    cut it at the labels of the separator's languages."""
    rows = separator.rows if separator.forward else separator.rows & catalogue.glued or separator.rows
    places = [colon.end() for colon in islice(COLON.finditer(text), _MAX_GLUED)]
    if len(places) < _FEWEST_GLUED:
        return None
    fields: list[tuple[str, int, int]] = []
    seen: set[str] = set()
    above = passed_over = spoken = 0
    for place in places:
        last, above = above, place
        if text[place - 2 : place - 1].isdigit():
            continue  # a time
        found = _label_before(text, last, place - 1, catalogue)
        if not fields and (found is None or found[0]):
            return None  # the line begins with a label
        if found is None:
            continue
        start, options = found
        spoken = spoken or catalogue.speaking_as(rows)
        name, narrowed = _among(options, seen, rows, separator.rows, spoken)
        if name not in CORE or (
            # Below a subject that its rows write last, a label is a word of the subject.
            fields and fields[-1][0] == "subject" and not rows & catalogue.before.get(("subject", name), 0)
        ):
            passed_over += 1
            if passed_over > _MAX_PASSED_OVER:
                break
            continue
        rows = narrowed
        fields.append((name, start, place))
        seen.add(name)
        if seen >= WHOLE:
            break
    if "from" not in seen or len(fields) < _FEWEST_GLUED:
        return None
    ends = [start for _, start, _ in fields[1:]] + [len(text)]
    values = [Value(name, text[after:end].strip(), at, at) for (name, _, after), end in zip(fields, ends, strict=True)]
    values += _labelled_below(lines, at + 1, lines[at].depth, rows, seen, catalogue)
    rows, fits = by_order(values, rows & catalogue.glued or rows, catalogue)
    return evolve(_below_separator(lines, number, separator, values, rows), in_order=fits)


def read_as_written(
    lines: Sequence[Line], number: int, separator: Separator, text: str, catalogue: Catalogue, at: int
) -> Block | None:
    """A block that a translator has put together otherwise than with a label at the start of each line: by the lines
    that its row writes, one after the other. text: what is read of line `at`."""
    for templates in catalogue.as_written:
        values: list[Value] = []
        rows = separator.rows & templates[0].rows
        line, read = at, text
        for template in templates if rows else ():
            filled = template.match(*flatten(read))
            if filled is None:
                break
            values += (Value(name, value, line, line) for name, value in filled.values.items())
            line += 1
            read = lines[line].text.strip() if line < len(lines) and lines[line].depth == lines[at].depth else ""
        else:
            if values:
                seen = {value.name for value in values}
                values += _labelled_below(lines, line, lines[at].depth, rows, seen, catalogue)
                return _below_separator(lines, number, separator, values, rows, max(line, values[-1].last + 1))
    return None


def _labelled_below(
    lines: Sequence[Line], at: int, depth: int, rows: int, seen: set[str], catalogue: Catalogue
) -> list[Value]:
    """The labelled lines right below fields that stand together on one line, as far as the block lacks theirs."""
    found: list[Value] = []
    seen = set(seen)
    while at < len(lines) and lines[at].depth == depth:
        text = lines[at].text.strip()
        label = label_of(text, catalogue, rows) if text else None
        names = [name for name, bits in label[0] if bits & rows and name in CORE and name not in seen] if label else []
        if label is None or len(names) != 1:
            break
        found.append(Value(names[0], label[1], at, at))
        seen.add(names[0])
        at += 1
    return found


def _below_separator(
    lines: Sequence[Line], number: int, separator: Separator, values: Sequence[Value], rows: int, end: int = 0
) -> Block:
    return Block(
        start=number,
        end=end or values[-1].last + 1,
        label=values[0].first,
        separator=number,
        forward=separator.forward,
        depth=lines[values[0].first].depth,
        fields=tuple(values),
        rows=rows,
    )


def _among(options: Labels, seen: set[str], rows: int, every: int, spoken: int) -> tuple[str, int]:
    """What a label on a line of several means, and the rows that it leaves: of `rows`; else, for a field that each
    block has, of `every` row that writes the separator; else of those `spoken` in the same language, which leaves all.
    """
    options = tuple((name, bits) for name, bits in options if name not in seen)
    for among in (rows, every):
        name, bits = max(
            ((name, bits & among) for name, bits in options if among == rows or name in WHOLE),
            key=lambda pair: (pair[1].bit_count(), pair[0] == "from"),
            default=("other", 0),
        )
        if bits:
            return name, bits
    name, bits = max(
        ((name, bits & spoken) for name, bits in options), key=lambda pair: pair[1].bit_count(), default=("other", 0)
    )
    return (name, rows) if bits else ("other", rows)


def _label_before(text: str, start: int, colon: int, catalogue: Catalogue) -> tuple[int, Labels] | None:
    """The longest label that ends at a colon, and where it begins: at a word, or at a capital behind a small letter
    (`OfferTo:`)."""
    found = None
    tries = 0
    for at in range(colon - 1, max(start, colon - catalogue.max_label_chars) - 1, -1):
        if at > start and (text[at].isspace() or (text[at - 1].isalpha() and not _is_hump(text, at))):
            continue
        options = catalogue.labels.get(fold_label(text[at:colon]))
        if options is not None:
            found = at, options
        tries += 1
        if tries == _MAX_WORDS:
            break
    return found


def _is_hump(text: str, at: int) -> bool:
    return text[at].isupper() and (text[at - 1].islower() or text[at + 1].islower())
