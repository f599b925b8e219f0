"""Attribution lines (`On 3 March 2026, Kim <kim@x.example> wrote:`): above a reply's history, and in place of a block.

Each is a template of the catalogue, matched by its literal pieces. A template of few letters (`{name} wrote:`) fits
much, so of those that fit, the one that says most counts: whose date is read whole, then of most letters, then with
most slots, then on the fewest lines. Lines are looked for by their end, which few lines have; a line is joined with
those above it as far as clients wrap one.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bcclog._block.separator import find_separator
from bcclog._catalogue.catalogue import Catalogue, Filled, Template, TemplateIndex
from bcclog._catalogue.fold import DRAWN, flatten
from bcclog._dates.dates import date_end
from bcclog._lines.lines import Line

_TIME = re.compile(r"\d{1,2}[:.]\d\d(?!\w)")
"""A name that begins so is the end of a date that was cut too early."""
AUTHOR_SLOTS = frozenset(("email", "from", "name"))
MAX_LINES = 3
"""An attribution is wrapped over at most so many lines."""
_MAX_CHARS = 500
_MAX_AUTHOR = 120
"""A line of author and date is no longer."""
_AUTHOR_WORDS = 6
"""The date, and the last word of the author before it, are among so many words."""
_TIME_LAST = re.compile(r"\d[:.]\d\d(?:\s?[apAP][mM])?\Z")
_WRAPPED = 24
"""A shorter line does not go on below: clients wrap at 65 to 78, and no address is longer than the rest."""
_MAX_TRIES = 64
"""So many lines that could be an attribution are looked at: more of them are a list, or an attack (P2)."""


class Attribution(NamedTuple):
    """An attribution line. first, last: its lines; depth: how deep they are quoted; values: what its slots hold; rows:
    the catalogue's rows that write it; is_dated: its date was read whole; has_words: its template
    has words of its own."""

    first: int
    last: int
    depth: int
    values: dict[str, str]
    rows: int
    is_dated: bool
    has_words: bool


def attributions(
    lines: Sequence[Line], known: Catalogue, start: int, end: int, indexes: Sequence[TemplateIndex]
) -> Iterator[tuple[Attribution, TemplateIndex]]:
    """The attributions in `lines[start:end]` from the top, each with the index whose templates it fits.

    indexes: `known.attributions`, those that some clients write in place of a forward's block, or
    `known.reply_attributions`, or both.
    """
    tries = [0] * len(indexes)
    for last in range(start, end):
        text = lines[last].text.strip()
        if not text or len(text) > _MAX_CHARS:
            continue
        for number, index in enumerate(indexes):
            if tries[number] < _MAX_TRIES and (
                text[-1] in index.last
                or (index.is_open and ("@" in text or (last > start and "@" in lines[last - 1].text)))
            ):
                tries[number] += 1
                found = _ending_at(lines, start, last, text, index, known)
                if found is not None:
                    yield found, index


def reply_attributions(lines: Sequence[Line], known: Catalogue, start: int, end: int) -> Iterator[Attribution]:
    """The attributions above a reply's history in `lines[start:end]`, from the top."""
    for found, _ in attributions(lines, known, start, end, (known.reply_attributions,)):
        yield found


def find_attribution(lines: Sequence[Line], known: Catalogue, start: int = 0, end: int | None = None) -> int | None:
    """The first line in `lines[start:end]` where a reply attribution of the catalogue stands, None without one."""
    found = next(reply_attributions(lines, known, start, len(lines) if end is None else end), None)
    return None if found is None else found.first


def attribution_at(lines: Sequence[Line], number: int, known: Catalogue) -> Attribution | None:
    """The attribution in place of a block that starts on line `number`, None without one."""
    end = min(number + MAX_LINES, len(lines))
    found = next(attributions(lines, known, number, end, (known.attributions,)), None)
    return found[0] if found is not None and found[0].first == number else None


def author_at(
    lines: Sequence[Line], number: int, known: Catalogue, rows: int, between: int | None = None
) -> Attribution | None:
    """Author and date in place of these two fields, on line `number` or on two, below a separator that `rows` write.
    between: a line of something else between the two."""
    joined = ""
    for last in range(number, min(number + (2 if between is None else 3), len(lines))):
        if last == between:
            continue
        text = lines[last].text.strip()
        if not text or lines[last].depth != lines[number].depth:
            break
        joined = f"{joined} {text}".lstrip()
        values = author_and_date(joined, known, rows)
        if values is not None:
            return Attribution(number, last, lines[number].depth, values, rows, True, False)
    return None


def author_and_date(text: str, known: Catalogue, rows: int) -> dict[str, str] | None:
    """The author and the date that stand on one line in the catalogue's form; None where the date is none."""
    if len(text) > _MAX_AUTHOR or not _TIME_LAST.search(text, max(0, len(text) - 12)):
        return None
    words = text.split()
    name, date = words[:-_AUTHOR_WORDS], words[-_AUTHOR_WORDS:]
    plain, folded = flatten(" ".join(date))
    for template in known.author_lines:
        filled = template.match(plain, folded, date_end) if template.rows & rows else None
        if filled is not None and filled.is_dated and all(filled.values.values()):
            return {**filled.values, "name": " ".join((*name, filled.values["name"]))}
    return None


def _ending_at(
    lines: Sequence[Line], start: int, last: int, text: str, index: TemplateIndex, known: Catalogue
) -> Attribution | None:
    """The attribution that ends with line `last` and begins at `start` or below."""
    fits: list[tuple[Filled, Template, int]] = []
    depth = lines[last].depth
    joined = text
    first = last
    while True:
        plain, folded = flatten(joined)
        for template in index.likely(folded):
            marks = ">" * template.marks
            if marks and depth < template.marks and not folded.startswith(marks):
                continue
            cut = 0 if not marks or depth else len(marks) + (folded[len(marks) : len(marks) + 1] == " ")
            filled = template.match(plain[cut:], folded[cut:], date_end)
            if filled is not None and _is_attribution(filled.values, template):
                fits.append((filled, template, first))
        first -= 1
        if first < start or last - first >= MAX_LINES or lines[first].depth != depth:
            break
        above = lines[first].text.strip()
        if not _WRAPPED <= len(above) <= _MAX_CHARS - len(joined):
            break
        separator = find_separator(lines, first, above, known)
        if separator is not None and (above[0] in DRAWN or not separator.values):
            break  # `Forwarded message from Kim on Fri Mar 13, 2026 at 9:15` is none: it goes on below
        joined = f"{above} {joined}"
    if not fits:
        return None
    filled, template, first = max(fits, key=lambda fit: (fit[0].is_dated, fit[1].letters, len(fit[1].slots), fit[2]))
    rows = 0
    same = _letters_of(filled.values) if len(fits) > 1 else ()
    for other, another, start in fits:
        if other is filled or (start == first and _letters_of(other.values) == same):
            rows |= another.rows
    has_words = any(char.isalpha() for piece in template.pieces for char in piece)
    return Attribution(first, last, max(0, depth - template.marks), filled.values, rows, filled.is_dated, has_words)


def _letters_of(values: dict[str, str]) -> tuple[str, ...]:
    """Author and date of an attribution, whichever slots hold them: two templates that give the same are one line's."""
    parts = (("from", "name", "email"), ("date", "time"))
    return tuple("".join(filter(str.isalnum, "".join(values.get(slot, "") for slot in slots))) for slots in parts)


def _is_attribution(values: dict[str, str], template: Template) -> bool:
    """A template of few letters matches much; its slots must hold what they say. Few have no author's (alot)."""
    name = values.get("from") or values.get("name") or ""
    author = values.get("email") or name
    date = values.get("date") or values.get("time")
    is_named = (bool(author) and not _TIME.match(name)) or AUTHOR_SLOTS.isdisjoint(template.slots)
    return is_named and (date is None or any(c.isdigit() for c in date)) and len(author) < 200
