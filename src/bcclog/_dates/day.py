"""Which numbers are day, month and year: by what is certain first, then by the order of the client or the language."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Final, NamedTuple

from bcclog._dates.calendars import CALENDARS
from bcclog._dates.numbers import YEARS, Roles, Scan
from bcclog._dates.words import Table

_OWN_MONTHS: Final = 100
_MONTHS_OF: Final = {1: "persian", 2: "islamic"}
"""Months of other calendars stand in the table as 101 to 112 and 201 to 212."""
_ORDER_FIELD: Final = re.compile(r"y+|M+|L+|d+")


def habits_of(patterns: Sequence[str], locales: Sequence[str], table: Table, *, is_year_last: bool) -> set[str]:
    """The orders of a numeric date with their marks (`d/m/y`), as the patterns of the client have them, else the
    locales.

    is_year_last: four digits stand behind the others, so patterns that begin with the year say nothing.
    """
    orders = map(_pattern_order, patterns)
    found = {order for order in orders if order and not (is_year_last and order[0] == "y")}
    if not found:
        for locale in locales:
            name = locale.replace("_", "-")
            while name and name not in table.orders:
                name = name.rpartition("-")[0]
            found.add(table.orders.get(name, ""))
        found.discard("")
    return found


@cache
def _pattern_order(pattern: str) -> str:
    """`d/m/y` for `dd/MM/y 'at' HH:mm`; empty where the month is a word or a field is missing.

    Kept: one for each pattern of the catalogue, about 500.
    """
    bare = "".join(pattern.split("'")[::2])
    fields = list(_ORDER_FIELD.finditer(bare))
    order = "".join(dict.fromkeys(field[0][0].lower() for field in fields)).replace("l", "m")
    if "MMM" in bare or "LLL" in bare or len(order) != 3:
        return ""
    mark = bare[fields[0].end() : fields[1].start()].strip() or " "
    return mark[0].join(order)


def _by_habit(possible: Mapping[str, date], habits: set[str], mark: str) -> str | None:
    """The order that the habits give to a date with that mark, None where they differ.

    Who puts the year first and writes another mark did not write it: `02/03/26` is not of Canadian French, which has
    hyphens. With dots no locale of CLDR has the month first: who has that habit elsewhere did not write dots.
    """
    fit = {habit for habit in habits if habit[::2] in possible and (mark, habit[::2]) != (".", "mdy")}
    found = {habit[::2] for habit in {h for h in fit if h[0] != "y" or h[1] == mark} or fit}
    if not found and mark == "." and "dmy" in possible:
        return "dmy"
    return found.pop() if len(found) == 1 else None


class Ambiguous(NamedTuple):
    """A date whose day and month only habit tells apart, or whose month's name only the language. value: None where
    there is no habit, and where the languages differ; others: the days that it could be too."""

    value: date | None
    others: tuple[date, ...]


def find_day(
    scan: Scan, roles: Roles, used: range, habits: set[str], is_year_first: bool, shift: int, calendar: str | None
) -> date | Ambiguous | None:
    """The calendar date from the numbers that are not the time. habits: orders of a numeric date; is_year_first: the
    language writes the year before a month's name; shift: years of the language's own era (Thai 543); calendar: the
    language's own calendar, for a year that the common one cannot mean."""
    numbers, widths = scan.numbers, scan.widths
    if any(not month and not days for month, days in roles.months):
        return Ambiguous(None, ())  # `lis` is October in Croatian, November in Polish

    def day_of(year: int, month: int, day: int) -> date | None:
        if month > _OWN_MONTHS:
            calendar_of, month = divmod(month, _OWN_MONTHS)
            return CALENDARS[_MONTHS_OF[calendar_of]](year, month, day)
        if calendar is not None and year not in YEARS:
            return CALENDARS[calendar](year, month, day)
        return _common_day(year, month, day)

    free = [i for i in range(len(numbers)) if i not in used]
    if len(free) == 2 and len(roles.months) == 1 and not roles.units and not roles.eras:  # by far the most
        day_at, year_at = free if widths[free[1]] == 4 else free[::-1]
        if widths[year_at] == 4 and widths[day_at] <= 2:
            return day_of(_year(numbers[year_at], 4, shift), roles.months[0][0], numbers[day_at])
    if len(free) == 1 and widths[free[0]] == 8:
        value = numbers[free[0]]
        return day_of(value // 10000, value // 100 % 100, value % 100)
    if any(widths[i] > 4 for i in free):
        return None

    year = month = day = None
    rest = []
    for i in free:
        kinds = roles.units.get(i, "")
        if i in roles.eras and year is None:
            year = numbers[i] + roles.eras[i]
        elif "y" in kinds and year is None:
            year = _year(numbers[i], widths[i], shift)
        elif "k" in kinds:  # Vietnamese `Th 2` is Monday
            continue
        elif ("o" in kinds or "n" in kinds) and month is None:
            if numbers[i] > 12:
                return None  # no month of any calendar, whatever stands for one in the table
            month = numbers[i]
        elif "d" in kinds and day is None:
            day = numbers[i]
        else:
            rest.append(i)
    long = [i for i in rest if widths[i] > 2]
    if len(long) > 1 or (long and (year is not None or widths[long[0]] != 4)):
        return None
    if long:
        year = _year(numbers[long[0]], 4, shift)
        rest.remove(long[0])

    names = list(roles.months)
    weekdays = roles.weekdays
    while names and (len(names) > 1 or len(rest) + (year is not None) > 2):
        index = next((n for n, (_, days) in enumerate(names) if days), None)  # `mar` is Tuesday, or March
        if index is None:
            break
        weekdays = weekdays | set(names.pop(index)[1])
    if names:
        if month is not None or any(value != names[0][0] for value, _ in names):
            return None
        month = names[0][0]

    values = [numbers[i] for i in rest]
    if month is not None:
        if year is None and day is None and len(values) == 2:
            first, second = values
            day_first = day_of(_year(second, 2, shift), month, first) if widths[rest[1]] == 2 else None
            year_first = day_of(_year(first, 2, shift), month, second) if widths[rest[0]] == 2 else None
            return _by_name(day_first, year_first, weekdays, is_year_first)
        if year is None and day is not None and len(values) == 1:
            return day_of(_year(values[0], 2, shift), month, day)
        if year is not None and day is None and len(values) == 1:
            return day_of(year, month, values[0])
        return day_of(year, month, day) if year is not None and day is not None and not values else None

    mark = scan.gaps[rest[1]].shape.strip() if len(rest) > 1 else ""
    if year is not None and day is None and len(values) == 2:
        first, second = values
        if not long or long[0] < rest[0]:
            return day_of(year, first, second) or day_of(year, second, first)
        if long[0] < rest[1]:
            return None
        possible = {"dmy": day_of(year, second, first), "mdy": day_of(year, first, second)}
    elif year is None and day is None and len(values) == 3:
        a, b, c = values
        possible = {
            "dmy": day_of(_year(c, 2, shift), b, a),
            "mdy": day_of(_year(c, 2, shift), a, b),
            "ymd": day_of(_year(a, 2, shift), b, c),
        }
        if widths[rest[0]] == 1:
            del possible["ymd"]  # nobody writes a year with one digit
        if widths[rest[2]] == 1:
            del possible["dmy"], possible["mdy"]
    else:
        return None
    return _by_order(possible, habits, mark, weekdays)


def _by_name(
    day_first: date | None, year_first: date | None, weekdays: set[int], is_year_first: bool
) -> date | Ambiguous | None:
    """Choose between the orders of a month's name with a day and a year of two digits: what alone can be, else the
    weekday, else the language of the words; the day is first in nearly all, whatever they do with numbers."""
    if day_first is None or year_first is None:
        return day_first or year_first
    fits = (day_first.weekday() in weekdays, year_first.weekday() in weekdays)
    if fits[0] != fits[1]:
        return day_first if fits[0] else year_first
    return Ambiguous(year_first, (day_first,)) if is_year_first and day_first != year_first else day_first


def _by_order(
    possible: Mapping[str, date | None], habits: set[str], mark: str, weekdays: set[int]
) -> date | Ambiguous | None:
    """Choose among the orders of a numeric date: what alone can be, else the weekday, else habit."""
    left = {name: value for name, value in possible.items() if value is not None}
    named = {name: value for name, value in left.items() if value.weekday() in weekdays}
    left = named or left
    order = _by_habit(left, habits, mark)
    if order is not None:
        chosen = left[order]
        other = left.get({"dmy": "mdy", "mdy": "dmy"}.get(order, "dmy"))
        is_open = (mark, order) != (".", "dmy") and other is not None and other != chosen
        return Ambiguous(chosen, (other,)) if is_open and other is not None else chosen
    values = sorted(set(left.values()))
    if len(values) < 2:
        return values[0] if values else None
    return Ambiguous(None, tuple(values))


def _year(number: int, width: int, shift: int) -> int:
    """Two digits are 1970 to 2069; a year of the language's own era is brought to the common one.

    Of that era two digits are what the common one has no mail of, from 2043 to 1989: `69` is 2569, in Thai 2026.
    """
    if width <= 2:
        if shift and 43 <= number < 90:
            return (2000 + shift) // 100 * 100 + number - shift
        return number + (1900 if number >= 70 else 2000)
    return number - shift if number - shift in YEARS else number


def _common_day(year: int, month: int, day: int) -> date | None:
    return date(year, month, day) if is_day(year, month, day) else None


def is_day(year: int, month: int, day: int) -> bool:
    return year in YEARS and 1 <= month <= 12 and 1 <= day <= 31 and (day <= 28 or day <= _last_day(year, month))


def _last_day(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31
