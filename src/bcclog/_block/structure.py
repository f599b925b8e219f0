"""A block in words that no catalogued language knows, read by the kind of its values (R10).

A forward's block has a shape in any language: a few lines `word: value` on end, one value with one address, one a
date, one with addresses, one plain text. That is enough to read it with low confidence, and never enough to call it
known: the caller's policy decides whether it counts.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from bcclog._block.block import Block, Open, Value
from bcclog._block.label import label_of
from bcclog._block.meaning import by_order, solve
from bcclog._block.separator import Separator, find_separator
from bcclog._catalogue.catalogue import Catalogue
from bcclog._catalogue.fields import CORE, PEOPLE
from bcclog._catalogue.fold import fold_label
from bcclog._dates.dates import parse_localized
from bcclog._lines.lines import Line, next_text
from bcclog.codes import Code
from bcclog.policy import Limits

_LABELLED = re.compile(
    r"[*_]{0,2}([^\W\d_][^\n:：<>@]{0,39}?)[ \t\u00a0*_]{0,3}(?:[:：][*_]{0,2}(?:[ \t\u00a0]+|$)|：)(.*)"
)
"""A label and its value. The full-width colon needs no blank behind it."""
_ADDRESS = re.compile(r"[^\s<>@,;:\"'()\[\]]{1,64}@[^\s<>@,;:\"'()\[\]]{1,253}")
_ALIKE = frozenset(("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"))
_FEWEST = 3
_MOST = 12
_SCANNED_LINES = 400
_MOST_CHARS = 400
"""A line that names author and date is no longer."""
_DATED = re.compile(r"\d[^@<>]{0,40}?\d[:.]\d\d(?!\d)|\d{1,4}[./-]\d{1,2}[./-]\d{2,4}")
"""What clients write of a date in any language: numbers and a time of day, or all of it in numbers."""
_FEWEST_NAMED = 4
"""So many fields are a client's where none has an address."""


def find_structure(
    lines: Sequence[Line], known: Catalogue, limits: Limits, *, named: bool, meant: bool, start: int = 0
) -> Block | None:
    """The first run of labelled lines from line `start` on that is shaped like a block: an author, a date, and a
    subject or recipients.

    A run with a label of mixed scripts (`From` with a Cyrillic o) is no block at all (T63).
    named: something in the mail says that it is a forward; without it a drawn line must stand above. meant: nothing but
    the address that it was sent to says so. Then the run must have all that a block has and hardly more, since orders,
    tickets and contact forms have a person, a date and a subject too, but write to nobody.
    """
    for run in _runs(lines, known, limits, start):
        first = run[0][0]
        drawn = _is_drawn(lines, first)
        if (named or meant or drawn is not None) and not any(_mixes_scripts(label) for _, label, _ in run):
            fields = (*_roles(run, known), *_date_of(_separator_above(lines, first, known)))
            names = {field.name for field in fields}
            is_block = {"from", "date"} <= names and not names.isdisjoint(("subject", "to"))
            if is_block and (named or drawn is not None or _is_whole(fields)):
                return Block(
                    start=first if drawn is None else drawn,
                    end=run[-1][0] + 1,
                    label=first,
                    separator=drawn,
                    forward=False,
                    depth=lines[first].depth,
                    fields=fields,
                    rows=0,
                    known=False,
                )
    return None


def has_headless(lines: Sequence[Line], known: Catalogue, limits: Limits) -> bool:
    """Whether a run of labelled lines says when, to whom and about what somebody wrote, and not who: a block whose
    author was lost or stands in a line that nobody reads. Below a separator it need not say when (AOSP)."""
    for run in _runs(lines, known, limits, 0):
        separator = _separator_above(lines, run[0][0], known)
        kinds = {field.name for field in (*_roles(run, known), *_date_of(separator))}
        meanings = [{name for name, _ in known.labels.get(fold_label(label), ())} for _, label, _ in run]
        # `收件人` is To nearly always, and From once
        if {"from"} in meanings or ("from" in kinds and separator is None):
            continue
        if ("date" in kinds or separator is not None) and {"to", "subject"} <= kinds.union(*meanings):
            return True
    return False


def find_remains(lines: Sequence[Line], known: Catalogue, limits: Limits) -> Block | None:
    """What is left of a forward's block, or stands in its place in unknown words, with whom it names: known labels on
    end whose separator or date was lost (eM Client writes no colons, Foxmail no addresses), in an order that some
    client writes; or a line with one address and a date that ends with a colon, above words as deep as it is."""
    texts = [line.text.strip() for line in lines[:_SCANNED_LINES]] + [""] * _FEWEST
    fields: list[Open] = []
    for number in range(len(texts) - _FEWEST + 1):
        text = texts[number]
        # Few comments have so many lines on end, and labels are looked for in no other.
        can_be_label = 0 < len(text) <= limits.max_line_chars and (fields or all(texts[number : number + _FEWEST]))
        label = label_of(text, known, known.bare) if can_be_label and len(fields) < _MOST else None
        if label is not None:
            fields.append(Open(label[0], label[2], [label[1]], number))
            continue
        named = _named_by_labels(lines, fields, known) or (
            _named_by_line(lines, number) if text[-1:] in ("：", ":") and len(text) <= _MOST_CHARS else None
        )
        if named is not None:
            return named
        fields = []
    return None


def _named_by_labels(lines: Sequence[Line], fields: Sequence[Open], known: Catalogue) -> Block | None:
    if len(fields) < _FEWEST:
        return None
    values, alive, unsure = solve(fields, known.all_rows)
    names = {value.name for value in values} & CORE
    fewest = _FEWEST if any("@" in value.text for value in values if value.name in PEOPLE) else _FEWEST_NAMED
    if unsure or "from" not in names or len(names) < fewest or not by_order(values, alive, known)[1]:
        return None
    first, last = fields[0].first, fields[-1].first
    return _unread(lines, first, last, values, alive)


def _named_by_line(lines: Sequence[Line], number: int) -> Block | None:
    """A line that ends with a colon as one in place of a block, or with the line above it that was wrapped."""
    depth = lines[number].depth
    below = next_text(lines, number + 1)
    if below < len(lines) and lines[below].depth > depth:
        return None
    text = ""
    for first in range(number, max(number - 2, -1), -1):
        if lines[first].depth != depth:
            break
        text = f"{lines[first].text.strip()} {text}"
        people = set(_ADDRESS.findall(text))
        if len(people) == 1 and _DATED.search(text) is not None:
            return _unread(lines, first, number, (Value("from", people.pop(), first, number),), 0)
    return None


def _unread(lines: Sequence[Line], first: int, last: int, fields: tuple[Value, ...], rows: int) -> Block:
    return Block(
        start=first,
        end=last + 1,
        label=first,
        separator=None,
        forward=False,
        depth=lines[first].depth,
        fields=fields,
        rows=rows,
    )


def _separator_above(lines: Sequence[Line], first: int, known: Catalogue) -> Separator | None:
    """The separator above a run, which can hold the date (Orange, SFR)."""
    above = first - 1
    while above > 0 and first - above < _FEWEST and not lines[above].text.strip():
        above -= 1
    text = lines[above].text.strip() if above >= 0 else ""
    separator = find_separator(lines, above, text, known) if text else None
    return separator if separator is not None and separator.rows else None


def _date_of(separator: Separator | None) -> tuple[Value, ...]:
    date = None if separator is None else separator.values.get("date")
    return () if separator is None or date is None else (Value("date", date, separator.last, separator.last),)


def _runs(lines: Sequence[Line], known: Catalogue, limits: Limits, at: int) -> Iterator[list[tuple[int, str, str]]]:
    """The runs of labelled lines from line `at` on that are long enough: line, label, and value. One below a separator
    is, with a line less."""
    count = min(len(lines), at + _SCANNED_LINES)
    while at < count:
        run: list[tuple[int, str, str]] = []
        while at < count and len(run) < _MOST:
            text = lines[at].text.strip()
            match = _LABELLED.match(text) if text and len(text) <= limits.max_line_chars else None
            if match is None:
                break
            run.append((at, match.group(1), match.group(2).strip()))
            at += 1
        is_long = len(run) >= _FEWEST or (len(run) == _FEWEST - 1 and _separator_above(lines, run[0][0], known))
        if is_long and not _is_beside_unread(lines, run[0][0], run[-1][0], limits):
            yield run
        at += 1 if not run else 0
        if run and at < count and len(run) >= _MOST:
            at += 1


def _is_drawn(lines: Sequence[Line], first: int) -> int | None:
    for number in range(first - 1, max(-1, first - 4), -1):
        text = lines[number].text.strip()
        if text:
            return number if len(text) >= 8 and text[:3] in ("---", "___", "===", "***", "———", "───") else None
    return None


def _is_beside_unread(lines: Sequence[Line], first: int, last: int, limits: Limits) -> bool:
    """Whether a line too long to be read stands right above or below the run: the author may stand in it (T64)."""
    return any(
        0 <= number < len(lines) and len(lines[number].text) > limits.max_line_chars for number in (first - 1, last + 1)
    )


def _mixes_scripts(label: str) -> bool:
    """Whether letters that look alike in several scripts stand side by side; Latin among Chinese is no deceit."""
    if label.isascii():
        return False
    scripts = {unicodedata.name(char, "").partition(" ")[0] for char in label if char.isalpha()}
    return len(scripts & _ALIKE) > 1


def _roles(run: Sequence[tuple[int, str, str]], known: Catalogue) -> tuple[Value, ...]:
    roles: list[Value] = []
    taken: set[str] = set()
    for line, label, value in run:
        addresses = _ADDRESS.findall(value)
        fields = {name for name, _ in known.labels.get(fold_label(label), ())} if addresses else set()
        if addresses and not (fields and fields.isdisjoint(PEOPLE)):  # `Message-ID: <20260302@x.example>`
            # Where the label is known after all, it is no author's if no client calls the author so.
            can_be_author = not fields or "from" in fields
            if "from" not in taken and can_be_author and len(set(addresses)) == 1:
                role = "from"
            else:
                role = "to" if "to" not in taken else "cc"
        elif "date" not in taken and _is_date(value):
            role = "date"
        elif "subject" not in taken and value and (not addresses or "subject" in fields):
            role = "subject"
        else:
            role = "other"
        taken.add(role)
        roles.append(Value(role, value, line, line))
    return tuple(roles)


def _is_whole(fields: Sequence[Value]) -> bool:
    """Whether every core field is there, and at most one that is none (a priority)."""
    names = [field.name for field in fields]
    return {"from", "to", "date", "subject"} <= set(names) and names.count("other") <= 1


def _is_date(value: str) -> bool:
    if not any(char.isdigit() for char in value) or len(value) > 120:
        return False
    parsed = parse_localized(value, ())
    if parsed.code is Code.WARN_DATE_ORDER:
        return parsed.has_time  # a date by its numbers, whichever of them is the day
    return parsed.value is not None and (parsed.words_known or parsed.has_time)
