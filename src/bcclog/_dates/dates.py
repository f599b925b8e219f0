"""Dates as mail writes them: the Date field (RFC 5322), and the dates of a forwarded block in any language (R30, T80).

Facts about the field. A client formats the date of a forwarded block by the forwarder's locale and nearly never writes
a zone. The order of the numbers is that of the region, not of the words: Outlook writes English dates under Chinese
labels. Clients carry different editions of the same words (CLDR of their year, Windows, moment, PHP).

The choice made. No formats are tried in turn. A date is cut once into numbers and the gaps of words between them.
Words are looked up in one table (word -> meanings, each with a bit set of languages) and must agree on a language.
Numbers get their roles from what is certain first: colons, units such as 年, a month's name, four digits; only an
all-numeric date needs the order that the row's patterns or the locale's habit gives, and says so by a code. A weekday
that fits one order alone settles it.

Without a zone in the text a value has no zone: it never becomes UTC. Years are 1970 to 2100; anything outside, and
whatever does not add up to one date, is no value at all.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache, reduce
from operator import or_
from typing import Final

from attrs import evolve, frozen

from bcclog._dates.calendars import calendars_by_language
from bcclog._dates.day import Ambiguous, find_day, habits_of, is_day
from bcclog._dates.numbers import Scan, clock_of, hour_of_day, roles_of, scan_numbers, time_of_day
from bcclog._dates.words import (
    TOKEN,
    Gap,
    Table,
    Word,
    fold_by,
    folding_table,
    language_of,
    languages_of,
    look_up,
    segments_of,
    split_words,
    table_of_words,
)
from bcclog._dates.zones import (
    before_long_zone,
    begins_long_zone,
    named_zone,
    offset_of,
    without_long_zone,
    without_zone_id,
    zone_code,
    zone_names,
    zone_of,
    zones_of,
    zones_of_language,
)
from bcclog.codes import Code

MAX_CHARS: Final = 256
"""A longer text is no date (T80). The longest known one, with weekday, zone and its cities, has about 130."""
_MAX_HEADER_CHARS: Final = 998  # RFC 5322 2.1.1: a line; comments in the Date field can be long
_SLACK: Final = timedelta(hours=26)
"""By so much two clocks that show the same moment can differ, UTC+14 and UTC-12."""
_ZONE_ENDS: Final = 12  # a zone that is written out has at most ten words
_READINGS: Final = 4  # where a date may end at several places
_FIELD: Final = re.compile(r"'([^']*+)'|([A-Za-z])\2*")
_WORDS: Final = re.compile(r"(?:w\.?)++")
_RFC5322: Final = re.compile(
    r" ?(?:[A-Za-z]{1,9} ?,? ?)?([0-9]{1,2}) ([A-Za-z]{3}) ([0-9]{2,4}) "
    r"([0-9]{1,2}) ?: ?([0-9]{2})(?: ?: ?([0-9]{2}))?(?: ([+-][0-9]{4}|[A-Za-z]{1,5}))? ?",
)
_ZONE_NAME: Final = re.compile(r"[0-9](?: ?[AaPp]\.?[Mm]\.?)? \(?([A-Z]{2,5})(?![A-Za-z])")
"""A word in capitals behind a time that no table has: a zone, whichever it is."""
_LONE_LETTER: Final = re.compile(r"[,،、] ?[A-Z]| ?[A-Z]\.?[,،、]")
"""A capital beside a comma: a name that begins with it (`00:00, A, A`), not a part of the day or a zone."""
_MONTHS: Final = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip


@frozen
class Parsed:
    """A date as read.

    value: aware only where a zone was written; midnight where has_time is false; None where there is no one date.
    zone_text: the zone as written (upper case), also where it names no known offset.
    code: WARN_DATE_INVALID without a value; WARN_DATE_ORDER where day and month were told apart by habit only (without
    a value when there was no habit to go by); else, for a value without zone, WARN_DATE_ZONE where a zone is written
    and WARN_DATE_NO_ZONE where none is.
    words_known: every word was recognised in one language.
    others: the other readings that the numbers allow, where day and month were told apart by habit or not at all; else
    those that the zone's name allows, where it names several.
    """

    value: datetime | None
    has_time: bool
    zone_text: str | None
    code: Code | None
    words_known: bool
    others: tuple[datetime, ...] = ()

    @property
    def codes(self) -> tuple[Code, ...]:
        """All that is uncertain: `code`, WARN_DATE_ZONE beside WARN_DATE_ORDER, and WARN_DATE_NO_TIME for a value whose
        midnight nobody wrote."""
        found = [] if self.code is None else [self.code]
        readings = self.others if self.value is None else (self.value,)
        if self.code is Code.WARN_DATE_ORDER and self.zone_text and any(one.tzinfo is None for one in readings):
            found.append(Code.WARN_DATE_ZONE)
        if not self.has_time and readings:
            found.append(Code.WARN_DATE_NO_TIME)
        return tuple(found)


_INVALID: Final = Parsed(value=None, has_time=False, zone_text=None, code=Code.WARN_DATE_INVALID, words_known=False)


def parse_rfc5322(text: str) -> Parsed:
    """Read a Date field's body (RFC 5322 3.3 and 4.3).

    Obsolete zones, comments, two- and three-digit years, missing seconds and a missing zone are read. `-0000` is
    Universal Time by the RFC, hence aware; names are read as English writes them, and letters of military zones and
    names that are unknown or have several meanings give no zone (WARN_DATE_ZONE). What is not of this
    form (`asctime`, ISO 8601, `05-Mar-2020`) is read as `parse_localized` reads English. Second 60 counts as 59.
    Linear, never raises. R30, T80.
    """
    if len(text) > _MAX_HEADER_CHARS:
        return _INVALID
    plain = " ".join((_without_comments(text) if "(" in text else text).split())
    match = _RFC5322.fullmatch(plain)
    if match is None:
        return parse_localized(plain, ("en",))
    day, month_name, year, hour, minute, second, zone = match.groups()
    month = _MONTHS.get(month_name.lower())
    if month is None:
        return parse_localized(plain, ("en",))
    full_year = int(year)
    if len(year) == 2:
        full_year += 2000 if full_year < 50 else 1900
    elif len(year) == 3:
        full_year += 1900
    offset = None
    if zone:
        if zone[0] in "+-":
            offset = offset_of(zone[0], zone[1:3], zone[3:5])
            if offset is None:
                return _INVALID
        else:
            zone = zone.upper()
            offset = zones_of_language("en").get(zone.lower())
    time = time_of_day(int(hour), int(minute), int(second or 0))
    if time is None or not is_day(full_year, month, int(day)):
        return _INVALID
    value = datetime(full_year, month, int(day), *time, tzinfo=zone_of(offset))
    if offset is not None:
        return Parsed(value, True, zone, None, True)
    return Parsed(value, True, zone, zone_code(None, zone), True, _by_place(value, zone))


def _without_comments(text: str) -> str:
    """`text` without its comments (nested ones too); an unclosed one runs to the end."""
    kept: list[str] = []
    depth = 0
    for char in text:
        if char == "(":
            depth += 1
            kept.append(" ")
        elif char == ")" and depth:
            depth -= 1
        elif not depth:
            kept.append(char)
    return "".join(kept)


def parse_localized(text: str, locales: Sequence[str], *, patterns: Sequence[str] = ()) -> Parsed:
    """Read the date of a forwarded block, whatever its language.

    locales: BCP 47 tags of the block's labels, the likeliest first; words of other languages are read too. patterns:
    CLDR-like date patterns of the client's row; only the order of a numeric date is taken from them.
    At most two passes over at most `MAX_CHARS` characters; never raises. R30, T80.
    """
    parsed = _parse_localized(text, locales, patterns)
    if parsed.words_known or parsed.zone_text is not None or not (parsed.has_time or ":" in text[:MAX_CHARS]):
        return parsed
    rest, name = without_zone_id(text[:MAX_CHARS])
    if name is not None:
        return _in_zone(_parse_localized(rest, locales, patterns), name.upper(), None)
    rest, name, offset = without_long_zone(fold_by(text, folding_table()), locales)
    return parsed if name is None else _in_zone(_parse_localized(rest, locales, patterns), name.upper(), offset)


def _in_zone(parsed: Parsed, name: str, offset: int | None) -> Parsed:
    """A date without a zone in the one that was written beside it."""
    if parsed.zone_text is not None or not parsed.has_time:
        return parsed
    zone = zone_of(offset)
    return evolve(
        parsed,
        value=parsed.value and parsed.value.replace(tzinfo=zone),
        others=tuple(other.replace(tzinfo=zone) for other in parsed.others),
        zone_text=name,
        code=zone_code(offset, name) if parsed.code is Code.WARN_DATE_NO_ZONE else parsed.code,
    )


def _parse_localized(text: str, locales: Sequence[str], patterns: Sequence[str]) -> Parsed:
    if len(text) > MAX_CHARS:
        return _INVALID
    usual = _RFC5322.fullmatch(text)
    if usual is None and text.endswith(")"):
        usual = _RFC5322.fullmatch(_without_comments(text).rstrip())
        text = text if usual is None or usual[7] is None else usual[0]  # a zone alone can stand in the brackets
    if (
        usual is not None and usual[7] is not None and usual[7][0] in "+-" and len(usual[3]) == 4
        and usual[2].lower() in _MONTHS
    ):  # fmt: skip
        return parse_rfc5322(text)  # many clients copy the original's Date
    table = table_of_words()
    scan = scan_numbers(fold_by(text, table.fold), table)
    if scan is None:
        return _INVALID
    given = 0
    for locale in locales:
        given |= table.bits.get(locale) or table.bits.get(language_of(locale), 0)
    zones = zones_of(locales)
    words, alive, unknown = look_up(scan.gaps, given or table.clients, table, zones)
    if unknown or (given and not alive & given):
        # The date is in another language than the labels, whose words in several pieces (`μ.μ.`) were not looked up.
        again = look_up(scan.gaps, -1, table, zones)
        if again[1] and again[2] <= unknown:
            words, alive, unknown = again
    if not alive:
        # Words taken together are of a language that lacks the others (`de jul` in `14 de jul. de 2013`).
        apart = look_up(scan.gaps, 0, table, zones)
        words, alive, unknown = apart if apart[1] and apart[2] <= unknown else (words, alive, unknown)
    pick = languages_of(words, alive, given, table.clients)
    parsed = _read(scan, words, pick, locales, patterns, table, zones, bool(alive) and not unknown)
    if unknown and parsed.has_time and parsed.code is Code.WARN_DATE_NO_ZONE:
        name = _ZONE_NAME.search(text)
        if name is not None and name[1].lower() not in table.words:
            return evolve(parsed, zone_text=name[1], code=Code.WARN_DATE_ZONE)
    return parsed


def speaking(text: str, locales: Sequence[str]) -> frozenset[str]:
    """Those of the locales whose language has every word of the date, where it has any: `a las` is Spanish, and with
    the same labels no other. One pass over at most `MAX_CHARS` characters."""
    table = table_of_words()
    scan = scan_numbers(fold_by(text[:MAX_CHARS], table.fold), table)
    if scan is None or not any(gap.atoms for gap in scan.gaps):
        return frozenset()
    bits = {locale: table.bits.get(locale) or table.bits.get(language_of(locale), 0) for locale in locales}
    words, alive, _ = look_up(scan.gaps, reduce(or_, bits.values(), 0), table, table.zones)
    return frozenset(locale for locale, bit in bits.items() if words and bit & alive)


def fits_pattern(text: str, pattern: str) -> bool:
    """Whether a date has the shape of a CLDR-like pattern: numbers, words and marks in the same order.

    It tells apart the languages of a client whose words do not: `29. lis 2026.` is Croatian, and `29 lis 2026` Polish.
    """
    return _shape(text) == _pattern_shape(pattern)


@cache
def _pattern_shape(pattern: str) -> str:
    """Kept: one for each pattern of the catalogue, about 500."""
    return _shape(_FIELD.sub(lambda run: run[1] or ("9" if len(run[0]) < 3 or run[2] in "yHhKk" else "w"), pattern))


def _shape(text: str) -> str:
    tokens = TOKEN.findall(fold_by(text, folding_table()))
    shape = "".join("9" if token[0].isdigit() else "w" if split_words(token) else token.strip() for token in tokens)
    return _WORDS.sub("w", shape)


def date_end(text: str, start: int, ends: Sequence[int]) -> int | None:
    """Which of `ends` (places in `text`, ascending) ends the date that begins at `start`, None where none does.

    The last one before a word of no date, less the words behind the time that say nothing of it: `15:55 Sun Yi` is a
    time and a name, `3:55 PM` and `15:55 Uhr` are times. Linear in `ends`, with `_READINGS` readings of the date.
    """
    table = table_of_words()
    words = table.words
    zones = zone_names()
    dates: list[str] = []  # what is read where the date ends there: the text up to there, less a zone
    last = 0
    before = start
    while len(dates) < len(ends) and (end := ends[len(dates)]) - start <= MAX_CHARS:
        chunk = fold_by(text[before:end], table.fold)
        atoms = split_words(chunk)
        if _LONE_LETTER.fullmatch(text, before, end):
            break
        # Which zone a name means hangs on the language, which is not known here. `Art` and `Pat` are people.
        names = {} if text[before:end].strip().istitle() else zones
        is_known = all(a in words or a in names or a in _pieces() or segments_of(a, words) for a in atoms)
        is_zone = bool(atoms) and bool(dates) and all(a in names for a in atoms)
        has_digit = any(char.isdigit() for char in chunk)
        if not (is_known and has_digit) and any(map(begins_long_zone, atoms)):
            reach, date = _zone_to(text, before, ends, len(dates))
            if date is not None:
                dates += [text[start:before] + date] * (reach - len(dates))
                last = reach
                before = ends[reach - 1]
                continue
        if not is_known:
            break
        dates.append(dates[-1] if is_zone else text[start:end])
        if not atoms or is_zone or has_digit or _says_time(atoms, names):
            last = len(dates)
        before = end
    for number in range(last - 1, max(-1, last - 1 - _READINGS), -1):
        parsed = parse_localized(dates[number], ())
        if parsed.words_known and (parsed.value is not None or parsed.code is Code.WARN_DATE_ORDER):
            return ends[number]
    return None


def _zone_to(text: str, before: int, ends: Sequence[int], number: int) -> tuple[int, str | None]:
    """How many of `ends` are passed at the end of a zone that is written out, and what stands between `before` and the
    zone; None where there is none within the next ends."""
    found: tuple[int, str | None] = (number, None)
    for reach in range(number, min(number + _ZONE_ENDS, len(ends))):
        if ends[reach] - before > MAX_CHARS:
            break
        rest = before_long_zone(fold_by(text[before : ends[reach]], folding_table()))
        if rest is not None and (found[1] is None or rest == found[1]):
            found = reach + 1, rest
    return found


@cache
def _pieces() -> frozenset[str]:
    """The pieces of the words that are written in several: one value, never changed."""
    return frozenset(piece for word in table_of_words().words if " " in word for piece in word.split())


def _says_time(atoms: list[str], zones: Mapping[str, int | None]) -> bool:
    """Whether words behind a date are more of it: parts of the day, units, eras and zones."""
    found, _, is_unknown = look_up((Gap("", atoms),), -1, table_of_words(), zones)
    return not is_unknown and all(any(kind in "phisyodenk" for kind, *_ in word.meanings) for word in found)


def _parsed(
    day: date,
    time: tuple[int, int, int] | None,
    offset: int | None,
    zone_text: str | None,
    words_known: bool,
    by_habit: bool,
) -> Parsed:
    return Parsed(
        value=_moment(day, time, offset),
        has_time=time is not None,
        zone_text=zone_text,
        code=Code.WARN_DATE_ORDER if by_habit else zone_code(offset, zone_text),
        words_known=words_known,
    )


def _by_place(value: datetime, zone_text: str | None) -> tuple[datetime, ...]:
    """The other moments that a value can be, by the places that share its zone's name."""
    places = table_of_words().shared_zones.get(zone_text.lower(), ()) if zone_text else ()
    readings = [value.replace(tzinfo=zone_of(place[0])) for place in places if _shown(place, value) in (place[0], None)]
    return tuple(reading for reading in readings if value.tzinfo is None or reading != value)


def _moment(day: date, time: tuple[int, int, int] | None, offset: int | None) -> datetime:
    return datetime(day.year, day.month, day.day, *(time or (0, 0, 0)), tzinfo=zone_of(offset))


def _read(
    scan: Scan,
    words: Sequence[Word],
    pick: int,
    locales: Sequence[str],
    patterns: Sequence[str],
    table: Table,
    zones: Mapping[str, int | None],
    words_known: bool,
) -> Parsed:
    """Give every number its role and build the value."""
    widths = scan.widths
    roles = roles_of(scan, words, pick)
    clock = clock_of(scan, roles)
    time = None
    zone_text, offset = scan.zone_text, scan.offset
    used = range(0)
    if clock is not None:
        used, hour, minute, second = clock
        if roles.periods and hour <= 12:
            hour = hour_of_day(hour, minute, [p for p in roles.periods if p[0] in (used[0], used[-1] + 1)])
        time = time_of_day(hour, minute, second)
        if time is None:
            return _no_value(Code.WARN_DATE_INVALID, False, words_known)
        if offset is None:
            zone_text, offset = named_zone(scan.gaps, used, zones)
    shift = next((years for name, years in table.years.items() if table.bits[name] & pick), 0)
    habits: set[str] = set()
    if widths[0] != 4 and all(days for _, days in roles.months):  # else they cannot matter
        habits = habits_of(patterns, locales, table, is_year_last=4 in widths)
    is_year_first = bool(roles.months) and not pick & ~table.year_first
    calendar = next((name for language, name in calendars_by_language().items() if table.bits[language] & pick), None)
    found = find_day(scan, roles, used, habits, is_year_first, shift, calendar)
    if isinstance(found, Ambiguous):
        others = tuple(_moment(day, time, offset) for day in found.others)
        if found.value is None:
            nothing = _no_value(Code.WARN_DATE_ORDER, time is not None, words_known)
            return evolve(nothing, zone_text=zone_text, others=others)
        return evolve(_parsed(found.value, time, offset, zone_text, words_known, True), others=others)
    if found is None:
        return _no_value(Code.WARN_DATE_INVALID, False, words_known)
    parsed = _parsed(found, time, offset, zone_text, words_known, False)
    if not zone_text or zone_text == scan.zone_text:
        return parsed
    others = _by_place(_moment(found, time, offset), zone_text)
    return evolve(parsed, others=others) if others else parsed


def settle(parsed: Parsed, latest: datetime | None) -> Parsed:
    """A date in several readings, settled by the time of the mail that carries it.

    A forward is later than its original; and clients that write a zone's name write that of their own clock: whoever
    forwards with `+0530` means India by `IST`. UTC is no witness: servers write it for people of all places.
    latest: the outer Date, None where there is none. What it leaves open stays as it was.
    """
    if not parsed.others or latest is None:
        return parsed
    if parsed.code is not Code.WARN_DATE_ORDER:
        return _settle_zone(parsed, latest)
    end = latest.replace(tzinfo=None) + _SLACK
    possible = [one for one in (parsed.value, *parsed.others) if one is not None and one.replace(tzinfo=None) <= end]
    if len(possible) != 1:
        return parsed
    code = None if possible[0].tzinfo is not None else zone_code(None, parsed.zone_text)
    return evolve(parsed, value=possible[0], others=(), code=code)


def _settle_zone(parsed: Parsed, latest: datetime) -> Parsed:
    here = latest.utcoffset()
    if not here or parsed.value is None or parsed.zone_text is None:
        return parsed
    minutes = here // timedelta(minutes=1)
    fit = [
        place[0]
        for place in table_of_words().shared_zones[parsed.zone_text.lower()]
        if _shown(place, parsed.value) == place[0] and _shown(place, latest) == minutes
    ]
    if len(fit) != 1:
        return parsed
    return evolve(parsed, value=parsed.value.replace(tzinfo=zone_of(fit[0])), others=(), code=None)


def _shown(place: Sequence[int], value: datetime) -> int | None:
    """Minutes east of UTC that the clocks of a place show on a day; None in the weeks in which they change.

    All places that change them, of those in the table, are north of the equator.
    """
    day = value.month * 100 + value.day
    if len(place) == 1 or 401 <= day <= 1024:
        return max(place)
    return min(place) if not 324 < day < 1101 else None


def _no_value(code: Code, has_time: bool, words_known: bool) -> Parsed:
    return Parsed(value=None, has_time=has_time, zone_text=None, code=code, words_known=words_known)
