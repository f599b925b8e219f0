"""What the labels of a block mean together, and which rows of the catalogue write them so and in this order."""

import re
from collections.abc import Sequence
from itertools import pairwise
from operator import attrgetter

from bcclog._block.block import Open, Value
from bcclog._catalogue.catalogue import Catalogue
from bcclog._catalogue.fields import CORE, MANY, PEOPLE

_SPLIT_NAME = re.compile(r"(\w-) (?=\w)")
"""A name broken behind its hyphen (KMail); no name has a blank there."""
_OF_A_LIST = re.compile(r'[@<>;:"、，；：；،؛\[(]|,\Z')
"""What stands in a list of people, and in no name."""
_WIDEST_NAME = 50
"""A name alone is shorter, and so is no line that a client wrapped."""
STRANGE = "strange"
"""What a label of no known language means, until the kind of its value says it."""
_ADDRESS = re.compile(r"[^\s<>@,;]{1,64}@[^\s<>@,;]{1,253}")
LIKE_DATE = re.compile(r"\d.{0,40}?(?:\d:\d\d|\d\.\d\d|\d{4})|\d{4}.{0,40}?\d")


def solve(fields: Sequence[Open], alive: int) -> tuple[tuple[Value, ...], int, bool]:
    """Give each label its field: what only one field can be first, then the rest among what is left.

    `Da` is From in Italian and To in Breton; `收件人` is To in all Chinese clients but one, whose From it is (KMail).
    """
    choices, unsure = _choices(fields, alive)
    values = []
    taken: set[str] = set()
    for field, options in zip(fields, choices, strict=True):
        if len(options) > 1:  # Thunderbird's Korean `참조` is Cc, then References
            options = {name: bits for name, bits in options.items() if name not in taken} or options
        name = _likeliest(options) if len(options) > 1 else next(iter(options))
        taken.add(name)
        if name in CORE and options[name] & alive:
            alive &= options[name]
        text = field.parts[0]
        if len(field.parts) > 1:
            parts = [part for part in field.parts if part]
            # Names one a line, without addresses: a `;` parts two, since a comma can stand in one.
            text = ("; " if name in MANY and _are_names(parts) else " ").join(parts)
            if name in PEOPLE:
                text = _SPLIT_NAME.sub(r"\1", text)
        values.append(Value(name, text, field.first, field.first + len(field.parts) - 1))
    return tuple(values), alive, unsure


def _are_names(parts: Sequence[str]) -> bool:
    """Whether each line of a value is a name alone, and none so long that it was wrapped."""
    return all(len(part) < _WIDEST_NAME and part[0].isalpha() and _OF_A_LIST.search(part) is None for part in parts)


def _likeliest(options: dict[str, int]) -> str:
    return max(options, key=lambda name: (options[name].bit_count(), name == "from"))


def _choices(fields: Sequence[Open], alive: int) -> tuple[list[dict[str, int]], bool]:
    """What each label can be, with its rows, after what only one field can be was taken; whether some rows are none of
    those alive."""
    choices = []
    unsure = is_open = False
    for field in fields:
        options = {name: narrowed for name, bits in field.options if (narrowed := bits & alive)}
        if not options:
            unsure = unsure or not field.names.isdisjoint(CORE)
            options = dict(field.options)
        choices.append(options)
        is_open = is_open or len(options) > 1
    if not is_open:
        return choices, unsure  # nearly always
    while True:
        settled = {next(iter(options)) for options in choices if len(options) == 1} - {"other"}
        changed = False
        for options in choices:
            if len(options) > 1:
                left = [name for name in options if name not in settled]
                if left and len(left) < len(options):
                    for name in settled & set(options):
                        del options[name]
                    changed = True
        if not changed:
            return choices, unsure


def settled(fields: Sequence[Open], alive: int) -> set[str]:
    """The fields that the labels read so far are already: what only one field can be, then what that leaves."""
    return {next(iter(options)) for options in _choices(fields, alive)[0] if len(options) == 1} - {"other"}


def rows_in_order(fields: Sequence[Open], rows: int, catalogue: Catalogue) -> int:
    """Those of a set of rows that write the fields read so far in this order."""
    if rows:
        names = [next(iter(options)) for options in _choices(fields, rows)[0] if len(options) == 1]
        for pair in pairwise(name for name in names if name in CORE):
            rows &= catalogue.before.get(pair, 0)
    return rows


def by_order(values: Sequence[Value], alive: int, catalogue: Catalogue) -> tuple[int, bool]:
    """Those of the rows that write the fields in this order, and True; without any those that write most pairs of them
    so, and False."""
    names = [value.name for value in sorted(values, key=attrgetter("first")) if value.name in CORE]
    fits = True
    for pair in pairwise(names):
        narrowed = alive & catalogue.before.get(pair, 0)
        if narrowed:
            alive = narrowed
        else:
            fits = False
    return alive, fits


def by_kind(values: Sequence[Value]) -> tuple[Value, ...]:
    """Give the fields with a strange label what the block lacks: a date to a value with a time of day or a year, people
    to a value with addresses. The rest says nothing."""
    missing = {"date", "to"} - {value.name for value in values}
    found = []
    for value in values:
        if value.name == STRANGE:
            kind = "to" if _ADDRESS.search(value.text) else "date" if LIKE_DATE.search(value.text) else "other"
            value = value._replace(name=kind if kind in missing else "other")
            missing.discard(value.name)
        found.append(value)
    return tuple(found)
