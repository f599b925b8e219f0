"""A block that stands on one line, or is put together otherwise than with a label at the start of each line."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise

from attrs import evolve

from bcclog._block.block import Block, Labels, Value
from bcclog._block.label import COLON, fields_of, label_of
from bcclog._block.meaning import LIKE_DATE, by_order
from bcclog._block.separator import Separator, find_separator, is_rule, separator_inside
from bcclog._catalogue.catalogue import Catalogue
from bcclog._catalogue.fields import CORE, PEOPLE, WHOLE
from bcclog._catalogue.fold import COLONS, DRAWN, flatten
from bcclog._lines.lines import Line

_MAX_GLUED = 60
"""So many colons of a block on one line are looked at."""
_MAX_PASSED_OVER = 8
"""So many labels on such a line can be words of its values."""
_MAX_WORDS = 6
"""A label on such a line has no more words."""
_FEWEST_GLUED = 3
"""Fields that a block on one line has at least."""
FEWEST_CHARS = 60
"""A line that holds a block and more is no shorter."""
_MAX_LAST = 80
"""A longer date at the end of such a line has the body behind it."""
_SHORTEST_RULE = 5
_MAX_STARTS = 3
"""So many labels on such a line can be the first of the block; those before it are words of the comment."""
_MAX_WRAPPED = 20
"""Such a line is wrapped into so many at most."""
_WIDEST = 80
"""A program that wraps writes no longer line."""
_PERSON = r"[^<>]{0,400}+<[^<>@\s]{1,80}@[^<>@\s]{1,255}>"
PEOPLE_WITH_ADDRESS = re.compile(rf"{_PERSON}(?:\s*+[,;]{_PERSON})*+")
"""A list in which each has an address in brackets; what follows the last, without a comma before it, is none of it."""
_MORE_PEOPLE = re.compile(rf"[^<>@{COLONS}]{{1,40}}+[{COLONS}][^<>@]{{0,80}}+<[^<>@\s]{{1,80}}@")
"""`Kopie(CC): Kim <kim@x.example>`: people behind a label that is not known."""
_LAST_WITH_CAPITALS = "\u0590"
"""Latin, Greek, Cyrillic and Armenian stand before it; later scripts write no capitals, or seldom."""


def _ends_clearly(name: str, value: str) -> bool:
    """Whether the last value on a line can be told from the body that may stand behind it. A subject is held against
    what else says it (`with_block_end`)."""
    if name == "date":
        return len(value) <= _MAX_LAST
    if name not in PEOPLE or (people := PEOPLE_WITH_ADDRESS.match(value)) is None:
        return name == "subject" or "@" in value or not value.strip()
    return _MORE_PEOPLE.match(value, people.end()) is None


def read_one_line(
    lines: Sequence[Line], number: int, separator: Separator, first: str, catalogue: Catalogue, at: int
) -> Block | None:
    """A block whose fields stand together on line `at`, of which `first` is read, as its client wrote it or where that
    line was cut: wrapped hard, or before some of its labels."""
    block = None
    texts = _wrapped_texts(lines, at, catalogue) if separator.rest or separator.rows & catalogue.glued else []
    if texts:
        text, breaks = _joined(texts, first, catalogue, 0)
        block = _read_glued(lines, number, separator, text, catalogue, at, breaks) if breaks else None
    block = block or _read_glued(lines, number, separator, first, catalogue, at)
    if separator.rest and (block is None or not {value.name for value in block.fields} >= WHOLE):
        text, breaks = _joined(texts, first, catalogue, separator.rows)
        cut = _read_glued(lines, number, separator, text, catalogue, at, breaks) if breaks else None
        if cut is not None and (block is None or len(cut.fields) > len(block.fields)):
            return cut
    return block


def _wrapped_texts(lines: Sequence[Line], at: int, catalogue: Catalogue) -> list[str]:
    """The text of line `at`, and of the lines below that may have been cut off it: none is of the next message, or each
    of many separators would have twenty lines read (P2)."""
    texts = [lines[at].text.rstrip()]
    for number, line in enumerate(lines[at + 1 : at + _MAX_WRAPPED], at + 1):
        text = line.text.strip()
        if not text or line.depth != lines[at].depth:
            break
        if text[0] in DRAWN and (is_rule(text) or find_separator(lines, number, text, catalogue) is not None):
            break
        texts.append(text)
    return texts


def _joined(texts: Sequence[str], first: str, catalogue: Catalogue, rows: int) -> tuple[str, list[int]]:
    """The text `first`, which ends the first of the lines, with those below as far as they belong to it, and where in
    it these begin. rows: those whose labels begin such lines; 0 for lines that are full, as a program wraps them."""
    width = max(map(len, texts))
    breaks: list[int] = []
    if not rows and width > _WIDEST:
        return first, breaks
    for above, text in pairwise(texts):
        if label_of(text, catalogue, rows) is None if rows else len(above) + 1 + len(text.split(None, 1)[0]) <= width:
            break
        breaks.append(len(first) + 1)
        first = f"{first} {text}"
    return first, breaks


_Places = list[tuple[str, int, int]]
_Colon = tuple[int, int, Labels]
"""A colon on such a line: the place behind it, where the label before it begins, and what that can mean; nothing where
none stands there."""


def _colons(text: str, catalogue: Catalogue) -> Iterator[_Colon]:
    """The colons of a text but for those of times, as many as are looked at."""
    above = 0
    for colon in islice(COLON.finditer(text), _MAX_GLUED):
        if not text[colon.start() - 1 : colon.start()].isdigit():
            yield (colon.end(), *_label_before(text, above, colon.start(), catalogue))
        above = colon.end()


def _fields_run_together(
    text: str, colons: Iterable[_Colon], every: int, rows: int, catalogue: Catalogue
) -> tuple[_Places, int, set[str]]:
    """The fields of a block on one line, as (name, where its label begins, where its value begins); the rows that are
    left of `rows`; and the names. every: the rows of the separator."""
    fields: _Places = []
    seen: set[str] = set()
    passed_over = spoken = 0
    for place, start, options in colons:
        if not fields and (start or not options):
            break  # the line begins with a label
        if not options:
            continue
        spoken = spoken or catalogue.speaking_as(rows)
        name, narrowed = _among(options, seen, rows, every, spoken)
        if name not in CORE or (
            # Below a subject that its rows write last, a label is a word of the subject.
            fields and fields[-1][0] == "subject" and not rows & catalogue.before.get(("subject", name), 0)
        ):
            passed_over += 1
            if passed_over > _MAX_PASSED_OVER:
                break
            continue
        if seen >= WHOLE and not (
            fields[-1][0] in PEOPLE and PEOPLE_WITH_ADDRESS.fullmatch(text[fields[-1][2] : start].rstrip())
        ):
            break  # the body; behind the last address in brackets further people can follow
        rows = narrowed
        fields.append((name, start, place))
        seen.add(name)
    return fields, rows, seen


def _read_glued(
    lines: Sequence[Line],
    number: int,
    separator: Separator,
    text: str,
    catalogue: Catalogue,
    at: int,
    breaks: Sequence[int] = (),
    colons: Sequence[_Colon] | None = None,
) -> Block | None:
    """A block that the text part runs together on one line (Yahoo, Samsung, IONOS, and what services make of others):
    cut it at the labels of the separator's languages. breaks: where the text goes on in the next line; it is no such
    block if all its labels begin a line. colons: those of the text, where they are known."""
    if len(COLON.findall(text)) < _FEWEST_GLUED:
        return None
    rows = separator.rows if separator.forward else separator.rows & catalogue.glued or separator.rows
    first = _colons(text, catalogue) if colons is None else colons
    fields, rows, seen = _fields_run_together(text, first, separator.rows, rows, catalogue)
    if "from" not in seen and not separator.forward and separator.rows & catalogue.glued:
        again = _colons(text, catalogue)
        fields, rows, seen = _fields_run_together(text, again, separator.rows, separator.rows, catalogue)
    if "from" not in seen or len(fields) < _FEWEST_GLUED:
        return None
    if breaks and all(start in breaks for _, start, _ in fields[1:]):
        return None
    if not _ends_clearly(fields[-1][0], text[fields[-1][2] :]):
        return None
    ends = [start for _, start, _ in fields[1:]] + [len(text)]
    last = at + len(breaks)
    values = [
        Value(name, text[after:end].strip(), at, last) for (name, _, after), end in zip(fields, ends, strict=True)
    ]
    values += _labelled_below(lines, last + 1, lines[at].depth, rows, seen, catalogue)
    found, fits = by_order(values, rows & catalogue.glued or rows, catalogue)
    if not fits:
        found, fits = by_order(values, rows, catalogue)
    return evolve(_below_separator(lines, number, separator, values, found), in_order=fits)


def read_run_together(lines: Sequence[Line], number: int, catalogue: Catalogue) -> Block | None:
    """A block on one line with the words above it and the body: what is left of HTML that lost its tags.

    Without a separator it is one only with all that each block has, in an order that a row writes.
    """
    text = lines[number].text.rstrip()
    if len(COLON.findall(text)) < _FEWEST_GLUED:
        return None
    inside = separator_inside(text, number, catalogue)
    if inside is not None:
        said, separator = inside
        block = _read_glued(lines, number, separator, separator.rest, catalogue, number)
        return None if block is None else evolve(block, said=said)
    anything = Separator(catalogue.all_rows, True, {}, "", number)
    colons = tuple(_colons(text, catalogue))
    starts = [start for _, start, options in colons if any(name in WHOLE for name, _ in options)]
    names = {name for _, _, options in colons for name, _ in options}
    for said in starts[:_MAX_STARTS] if names >= WHOLE else ():
        below = [(place - said, start - said, options) for place, start, options in colons if place > said]
        block = _read_glued(lines, number, anything, text[said:], catalogue, number, colons=below)
        if block is None:
            continue
        author, date = block.get("from") or "", block.get("date") or ""
        is_whole = {value.name for value in block.fields} >= WHOLE and "@" in author and LIKE_DATE.search(date)
        if not is_whole or not block.in_order:
            break
        head = text[:said].rstrip()
        if is_rule(head[-_SHORTEST_RULE:]):
            head = head.rstrip(f"{head[-1]} ")
        folded = head.casefold()
        for words, (forward, reply) in catalogue.plain_separators.items():
            if folded.endswith(words):
                rows = block.rows & (forward | reply) or block.rows
                return evolve(block, forward=bool(forward) and not reply, rows=rows, said=len(head) - len(words))
        return evolve(block, separator=None, forward=False, said=len(head))
    return None


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


def _label_before(text: str, start: int, colon: int, catalogue: Catalogue) -> tuple[int, Labels]:
    """Where the longest label begins that ends at a colon, and what it can mean; nothing without one. It begins at a
    word, or at a capital behind a small letter (`OfferTo:`); else inside a word of a script that has no capitals."""
    found: tuple[int, Labels] = (colon, ())
    inside = found
    tries = 0
    for at in range(colon - 1, max(start, colon - catalogue.max_label_chars) - 1, -1):
        char = text[at]
        if at > start and (char.isspace() or (_is_of_word(text[at - 1]) and not _is_hump(text, at))):
            if char > _LAST_WITH_CAPITALS and char.isalpha() and colon - at > 1:
                options = catalogue.labels.get(text[at:colon])
                inside = inside if options is None else (at, options)
            continue
        options = fields_of(text[at:colon], catalogue)
        if options is not None:
            found = at, options
        tries += 1
        if tries == _MAX_WORDS:
            break
    return found if found[1] else inside


def _is_hump(text: str, at: int) -> bool:
    """Whether a word begins behind a letter: with a capital, or with a letter of a script that has none."""
    if text[at].isupper():
        return text[at - 1].islower() or text[at + 1].islower()
    return text[at - 1] < _LAST_WITH_CAPITALS < text[at] and text[at].isalpha()


def _is_of_word(char: str) -> bool:
    """A letter, or a mark upon one."""
    return char.isalpha() or (char > "\u02ff" and unicodedata.category(char)[0] in "MC")
