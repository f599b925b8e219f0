"""Dates of calendars that are not the common one, as days of the common one (R30).

Facts. Clients take the calendar of the device: Windows and Apple's systems write Persian dates in Iran and Afghanistan,
and wrote the calendar of Umm al-Qura in Saudi Arabia. The Persian year begins at the equinox; over the years here that
is the rule of 33 years. Months of Umm al-Qura are fixed in advance by tables, which `data/dates/calendars.json` holds.
Buddhist and Japanese years differ in the number of the year alone, and `dates` reads them by itself.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from bcclog._files import read_json

_PERSIAN_BASE: Final = 226_143
"""Makes 1 Farvardin 1405 the 21st of March 2026; every other new year follows by the rule of 33 years."""
_PERSIAN_YEARS: Final = range(1348, 1480)
"""The years in which the rule gives the dates of the Iranian calendar: 1969 to 2100."""


class _UmmAlQura(NamedTuple):
    """first: its first year; starts: the day (ordinal) on which each month begins, and one more for the end."""

    first: int
    starts: tuple[int, ...]


@cache
def _data() -> Mapping[str, Any]:
    """What stands in `calendars.json`; read on first use, then kept (one value, never changed)."""
    return read_json("dates/calendars.json")  # type: ignore[no-any-return]


@cache
def calendars_by_language() -> Mapping[str, str]:
    """language -> the calendar that its numeric dates may be in."""
    return MappingProxyType(dict(_data()["languages"]))


@cache
def _umm_al_qura() -> _UmmAlQura:
    table = _data()["umm_al_qura"]
    day = table["first_day"]
    starts = [day]
    for year in table["long_months"]:
        bits = int(year, 16)
        for month in range(12):
            day += 29 + (bits >> month & 1)
            starts.append(day)
    return _UmmAlQura(table["first_year"], tuple(starts))


def _persian(year: int, month: int, day: int) -> date | None:
    if year not in _PERSIAN_YEARS or not 1 <= month <= 12:
        return None
    longest = 31 if month <= 6 else 30 if month <= 11 else 29 + _is_persian_leap(year)
    if not 1 <= day <= longest:
        return None
    before = 31 * (month - 1) if month <= 7 else 30 * (month - 1) + 6
    return date.fromordinal(_persian_new_year(year) + before + day - 1)


def _persian_new_year(year: int) -> int:
    cycles, rest = divmod(year + 1595, 33)  # so that the leap years are the first, fifth, ... of a cycle
    return _PERSIAN_BASE + 365 * year + 8 * cycles + (rest + 3) // 4


def _is_persian_leap(year: int) -> bool:
    return _persian_new_year(year + 1) - _persian_new_year(year) == 366


def _islamic(year: int, month: int, day: int) -> date | None:
    first, starts = _umm_al_qura()
    at = (year - first) * 12 + month - 1
    if not 1 <= month <= 12 or not 0 <= at < len(starts) - 1 or not 1 <= day <= starts[at + 1] - starts[at]:
        return None
    return date.fromordinal(starts[at] + day - 1)


CALENDARS: Final[Mapping[str, Callable[[int, int, int], date | None]]] = MappingProxyType(
    {"persian": _persian, "islamic": _islamic}
)
"""Calendar -> the day that a year, month and day of it is; None where there is no such day."""
