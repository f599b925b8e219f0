"""Where the value of a field ends: whether a line without a label goes on with the value above it.

Clients fold long values, wrap them like a paragraph, write them below their labels or one person a line.
"""

import re
from collections.abc import Sequence

from bcclog._block.block import Labels, Open
from bcclog._block.label import label_of
from bcclog._block.separator import find_separator, is_rule
from bcclog._catalogue.catalogue import Catalogue
from bcclog._catalogue.fields import MANY, PEOPLE, WHOLE
from bcclog._catalogue.fold import DRAWN
from bcclog._lines.lines import Line, next_text

MAX_VALUE_LINES = 120
"""A value that names no people has so many lines; one of people has two for each that is read."""
_MAX_PEOPLE_LINES = 4_000
"""So far below a line of people the next label is looked for."""
_WIDEST = 78
"""No client that wraps writes a longer line (RFC 5322 section 2.1.1), unless it is one word."""
_WIDEST_SEEN = 80
"""Gateways wrap at the width of a terminal, too."""
_NEVER_WRAPPED = 130
"""A longer line shows that nothing wraps this text."""
_MAX_PIECES, _LONGEST_PIECE = 3, 40
"""A name is broken into so many pieces, each on a line no longer than this."""
_WRAP = 50
"""A line shorter than this was not hard-wrapped (clients wrap at 65 to 78)."""


def awaits_value(fields: Sequence[Open]) -> bool:
    """Whether a value stands below the last label: so it does for all of them, and it has none yet."""
    return bool(fields) and fields[-1].parts == [""] and _stands_below_labels(fields)


def _stands_below_labels(fields: Sequence[Open]) -> bool:
    """Whether every value stands below its label."""
    return not any(field.parts[0] for field in fields)


def _is_above_label(lines: Sequence[Line], at: int, catalogue: Catalogue) -> bool:
    """Whether the paragraph of line `at` ends soon, and a label stands below it: it is all of one value."""
    end = at
    while end < len(lines) and lines[end].text.strip() and end - at < _MAX_PIECES:
        end += 1
    below = next_text(lines, end, min(end + _MAX_PIECES, len(lines)))
    return end < below < len(lines) and label_of(lines[below].text.strip(), catalogue, 0) is not None


def goes_on_below(field: Open, below: str) -> bool:
    """Whether a list of people goes on behind an empty line, by the text there: with the address of a name, with a
    comma, or behind one with the next person."""
    value = field.parts[-1].rstrip()
    if not value or not _names_people(field.options):
        return False
    if below[:1] in (",", ";"):
        return True
    return _is_person(below) if value[-1] in ",;" else below[:1] == "<" and value[-1] != ">"


def begins_below(field: Open, below: str) -> bool:
    """Whether a list of people begins behind an empty line below its label: with one whose address is in brackets."""
    return field.parts == [""] and below.rstrip(",;")[-1:] == ">" and _names_people(field.options) and _is_person(below)


def _names_people(options: Labels) -> bool:
    return any(name in PEOPLE for name, _ in options)


def is_complete(above: Line, last: Open) -> bool:
    """Whether the value above a line ends there: a date, one closed by a bracket, or too short to have been wrapped."""
    value = last.parts[-1]
    if not value or (_names_people(last.options) and _is_open(value)):
        return not value
    return value.endswith(">") or above.end - above.start < _WRAP or any(name == "date" for name, _ in last.options)


def continues(
    lines: Sequence[Line],
    at: int,
    fields: Sequence[Open],
    alive: int,
    seen: set[str],
    catalogue: Catalogue,
    exact: bool,
    separator_rows: int,
    ahead: "Ahead",
) -> bool:
    """Whether the unlabelled line `at` goes on with the value above it."""
    text = lines[at].text.strip()
    if text[0] in DRAWN and (
        is_rule(text) or not text.strip("-") or find_separator(lines, at, text, catalogue) is not None
    ):
        return False
    last = fields[-1]
    so_far = last.parts[-1]
    raw = lines[at].text
    people = any(name in PEOPLE for name, _ in last.options)
    is_indented = raw[:1].isspace() and not _starts_alike(raw, lines[last.first].text)
    if not so_far and len(last.parts) == 1:
        # An empty subject mostly ends the block; a value begins below its label where all do (a table made text), or
        # where a word too long for the label's line was wrapped.
        if awaits_value(fields):
            return True
        if not exact and (is_indented or (_has_address(lines, at) if people else _width(text) >= _WRAP)):
            return True
    if people and (_is_open(so_far) or text[0] in ",;"):
        return True
    if not exact and len(last.parts) > 1 and _stands_below_labels(fields) and _is_above_label(lines, at, catalogue):
        return True
    if exact and people and _is_person(text) and (not so_far or is_next_person(text, so_far)):
        return True
    if not exact and people and raw.lstrip().startswith(("<", "[<")) and not so_far.rstrip().endswith(">"):
        return True
    if not exact and is_indented:
        return True
    if exact and (seen >= WHOLE or not (separator_rows or "from" in seen)):
        return False
    if ahead.line <= at:
        ahead.look(lines, at, catalogue, separator_rows, _MAX_PEOPLE_LINES if people else MAX_VALUE_LINES)
    if ahead.options:  # in HTML only lines of a text, one an element, go on below
        lacking = [bits for name, bits in ahead.options if name not in seen and (not exact or name in WHOLE)]
        if any(bits & alive for bits in lacking):
            return True
        return bool(lacking) and not exact and not last.names.isdisjoint(MANY) and _is_inside_name(lines, at, last)
    if exact:
        return False
    if alive & ~catalogue.open_ended == 0:
        return False
    above = lines[at - 1]
    if not last.names.isdisjoint(MANY):
        if "@" in _last_word(so_far):
            return False  # a list of people that goes on is broken behind its comma, or inside a name
        if _is_inside_name(lines, at, last):
            return True
    if people and "@" not in raw and not raw.rstrip().endswith((",", ";", ">")):
        return False
    word = text.split(None, 1)[0]
    width = len(above.text.rstrip()) + len(word)
    if not people and (_is_too_wide(above, so_far) or _is_too_wide(lines[at], text)):
        return False
    if above.end - above.start >= _WRAP:
        return width >= _WRAP + 15 and above.end - above.start <= _NEVER_WRAPPED
    # A word too long for the label's line, a link mostly, stands below it alone or with the value's last words.
    return (
        width >= _WIDEST
        and len(last.parts) == 1
        and any(name == "subject" for name, _ in last.options)
        and max(word[:_WIDEST]) < "\u0250"
        and _ends_soon(lines, at)
    )


def _has_address(lines: Sequence[Line], at: int) -> bool:
    """Whether a line of people has an address, or the one below begins with that of its last name."""
    below = lines[at + 1].text.lstrip() if at + 1 < len(lines) else ""
    return "@" in lines[at].text or (below[:1] == "<" and "@" in below)


def _is_inside_name(lines: Sequence[Line], at: int, last: Open) -> bool:
    """Whether line `at` goes on with the name of one of several people who all have addresses."""
    return (
        "@" not in last.parts[-1].rpartition(",")[2]
        and any("@" in part for part in last.parts[-_MAX_PIECES:])
        and _comes_to_address(lines, at)
    )


def _comes_to_address(lines: Sequence[Line], at: int) -> bool:
    """Whether a line of people has an address, or is the piece of a name with the address a line or two below: a text
    that was wrapped twice leaves such on lines of their own."""
    for number in range(at, min(at + _MAX_PIECES, len(lines))):
        text = lines[number].text.strip()
        if not text or _has_address(lines, number):
            return bool(text)
        if len(text) > _LONGEST_PIECE or not text[-1].isalpha():
            return False
    return False


def _is_too_wide(line: Line, words: str) -> bool:
    """Whether a client that wraps would have broken a line that ends with these words before the last of them."""
    return line.end - line.start > _WIDEST_SEEN and len(words.split(None, 1)) > 1


def _last_word(text: str) -> str:
    """What stands behind the last blank of a text, of any kind: programs that make text of HTML leave U+00A0."""
    return next(iter(text.rsplit(None, 1)[-1:]), "")


def _ends_soon(lines: Sequence[Line], at: int) -> bool:
    """Whether an empty line stands below line `at`, or below the next."""
    return any(number >= len(lines) or not lines[number].text.strip() for number in (at + 1, at + 2))


def _starts_alike(raw: str, label: str) -> bool:
    """Whether a line begins with the blanks of the label's line and no more: the whole text is indented."""
    indent = raw[: len(raw) - len(raw.lstrip())]
    return label.startswith(indent)


def _width(text: str) -> int:
    """How wide a line is shown: other scripts' letters count double, as wide ones do."""
    return len(text) if text.isascii() else sum(1 if char < "\u0250" else 2 for char in text[:_WRAP])


class Ahead:
    """The next labelled line below, kept from line to line, so that no line is looked at twice. line: where it stands,
    or where there is none after all; options: what it can be, empty where there is none."""

    def __init__(self) -> None:
        self.line = -1
        self.options: Labels = ()

    def look(self, lines: Sequence[Line], at: int, catalogue: Catalogue, separator_rows: int, most: int) -> None:
        """Look for it below line `at`, `most` lines far."""
        self.options = ()
        last = min(at + most, len(lines))
        for self.line in range(at + 1, last):
            text = lines[self.line].text.strip()
            if not text or lines[self.line].depth != lines[at].depth:
                return
            found = label_of(text, catalogue, separator_rows)
            if found is not None:
                self.options = found[0]
                return
        self.line = max(at + 1, last)


def is_next_person(text: str, above: str) -> bool:
    """Whether a line is one person, and the line above ends with the address of another."""
    last = _last_word(above)
    return text[:1] != "<" and "@" in last and last[-1] not in ",;" and _is_person(text)


def _is_person(text: str) -> bool:
    """Whether a line is one person with an address and nothing else."""
    return "@" in text and _PERSON.fullmatch(text) is not None


_PERSON = re.compile(r"(?:[^<>@:]{0,100}+<[^<>@:\s]{1,80}@[^<>@:\s]{1,255}>|[^<>@:\s]{1,80}@[^<>@:\s,;]{1,255})[,;]?")


def _is_open(value: str) -> bool:
    """Whether a list of people breaks off: a separator at its end, or an angle bracket or quote that is not closed."""
    value = value.rstrip()
    if value.endswith((",", ";", "、", "，", "；")):
        return True
    return value.rfind("<") > value.rfind(">") or value.count('"') % 2 == 1
