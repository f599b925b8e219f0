"""The numbers of a date: cut apart once from the words between them, and which of them are the time of day."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from bcclog._dates.words import TOKEN, Gap, Table, Word
from bcclog._dates.zones import hours_minutes, numbered_zone, numeric_zone, offset_of

YEARS: Final = range(1970, 2101)


class Scan(NamedTuple):
    """A text cut up. widths: digits of each number; a time with colons stands among them as number -1 of width 0."""

    numbers: list[int]
    widths: list[int]
    gaps: list[Gap]
    time: tuple[int, int, int] | None
    offset: int | None
    zone_text: str | None


def scan_numbers(folded: str, table: Table) -> Scan | None:
    """Cut a folded text into numbers and gaps; find the time with colons and the numeric zone. None: not a date."""
    tokens = TOKEN.findall(folded)
    count = len(tokens)
    tokens += ("", "", "", "")  # so that looking ahead needs no bounds
    numbers: list[int] = []
    widths: list[int] = []
    gaps: list[Gap] = []
    shape = ""
    atoms: list[str] = []
    time: tuple[int, int, int] | None = None
    offset: int | None = None
    zone_text: str | None = None
    at = 0
    while at < count:
        token = tokens[at]
        first = token[0]
        at += 1
        if "0" <= first <= "9":
            if len(token) > 8 or len(numbers) > 12:
                return None
            if len(token) in (5, 6) and tokens[at] == ":" and int(token[:4]) in YEARS:  # grommunio: `yHH:mm`
                gaps.append(Gap(shape, atoms))
                shape, atoms = "", []
                numbers.append(int(token[:4]))
                widths.append(4)
                token = token[4:]
            gaps.append(Gap(shape, atoms))
            shape, atoms = "", []
            if tokens[at] != ":" or not tokens[at + 1].isdigit():
                numbers.append(int(token))
                widths.append(len(token))
                continue
            if time is not None:
                return None
            minute, second = tokens[at + 1], "0"
            at += 2
            if gaps[-1].shape == "." and widths[-1] <= 2 and tokens[at] != ":":  # H.mm:ss in Low German
                gaps.pop()
                widths.pop()
                token, minute, second = str(numbers.pop()), token, minute
            elif tokens[at] == ":" and tokens[at + 1].isdigit():
                second = tokens[at + 1]
                at += 2
                if tokens[at] in (".", ",") and tokens[at + 1].isdigit():  # ISO 8601: a fraction is dropped
                    at += 2
            if len(token) > 2 or len(minute) > 2 or len(second) > 2:
                return None
            time = int(token), int(minute), int(second)
            numbers.append(-1)
            widths.append(0)
        elif first > "@" and first not in "[\\]^_`{|}~":
            numbered = numbered_zone(tokens, at, table.zones) if len(token) == 2 and tokens[at].isdigit() else None
            if numbered:
                zone_text = numbered.upper()
                offset = table.zones[numbered]
                at += 1 if numbered[-1].isdigit() else 2
                continue
            atoms.append(token)
            shape += "w"
        elif first in "+-" and tokens[at].isdigit():
            named = bool(atoms) and atoms[-1] in table.gmt and shape.rstrip(" ").endswith("w")
            taken = numeric_zone(tokens, at, named, shape, numbers)
            if not taken:
                shape += first
                continue
            read = offset_of(first, *hours_minutes(tokens[at : at + taken]))
            if read is None or (offset is not None and offset != read):
                return None
            offset = read
            text = first + "".join(tokens[at : at + taken])
            zone_text = atoms[-1].upper() + text if named else text
            at += taken
        else:
            shape += first
    gaps.append(Gap(shape, atoms))
    return Scan(numbers, widths, gaps, time, offset, zone_text) if numbers else None


class Roles(NamedTuple):
    """What the words say. months: (number or 0 where languages differ, the weekdays it may be instead); units: number's
    index -> letters of `yodhisnk`; eras: number's index -> years to add; periods: (gap, from, to) in minutes."""

    months: list[tuple[int, tuple[int, ...]]]
    weekdays: set[int]
    units: dict[int, str]
    eras: dict[int, int]
    periods: list[tuple[int, int, int]]


def roles_of(scan: Scan, words: Sequence[Word], pick: int) -> Roles:
    """What each word says in the languages of `pick`; a word that none of them has counts in any language."""
    roles = Roles([], set(), {}, {}, [])
    units = roles.units
    gaps = scan.gaps
    count = len(scan.numbers)
    for gap, first, last, mask, meanings in words:
        read_by = pick if mask & pick else -1  # the text may mix languages
        shape = gaps[gap].shape
        after = first and gap > 0 and shape.lstrip(" -.").startswith("w")
        before = last and gap < count and shape.rstrip(" #-").endswith("w")
        months: set[int] = set()
        days: list[int] = []
        is_unit = False
        for kind, value, end, languages in meanings:
            if not languages & read_by:
                continue
            if kind == "m":
                months.add(value)
            elif kind == "w":
                days.append(value)
            elif kind == "p":
                roles.periods.append((gap, value, end))
            elif kind in "yodhis":
                if after:
                    units[gap - 1] = units.get(gap - 1, "") + kind
                    is_unit = True
            elif kind in "nk":
                if before:
                    units[gap] = units.get(gap, "") + kind
            elif kind == "e" and before:
                roles.eras[gap] = value
        if is_unit:
            continue
        if months:
            roles.months.append((months.pop() if len(months) == 1 else 0, tuple(days)))
        else:
            roles.weekdays.update(days)
    return roles


def clock_of(scan: Scan, roles: Roles) -> tuple[range, int, int, int] | None:
    """The time of day with the numbers it takes up, as written: with colons, units (14h30, 14時30分) or dots."""
    numbers, widths, gaps = scan.numbers, scan.widths, scan.gaps
    count = len(numbers)
    if scan.time is not None:
        at = widths.index(0)
        return range(at, at + 1), *scan.time
    for at, kinds in roles.units.items():
        if "h" in kinds and widths[at] <= 2:
            start = at
            while start > 0 and gaps[start].shape == "." and widths[start - 1] <= 2:
                start -= 1
            if start < at:  # `09.15 Uhr`: the unit stands behind the whole time
                parts = [*numbers[start : at + 1], 0]
                return (range(start, at + 1), parts[0], parts[1], parts[2]) if at - start < 3 else None
            end = at + 1
            while end < min(count, at + 3) and gaps[end].shape.strip() == "w" and widths[end] <= 2:
                if not set(roles.units.get(end, "is")) & set("is"):
                    break
                end += 1
            parts = [*numbers[at:end], 0, 0]
            return range(at, end), parts[0], parts[1], parts[2]
    if count == 2 and widths == [8, 6] and gaps[1].atoms == ["t"]:  # ISO 8601 basic format
        return range(1, 2), numbers[1] // 10000, numbers[1] // 100 % 100, numbers[1] % 100
    needed = 1 if 8 in widths else 2 if roles.months else 3
    last = count - 1
    while last > 0 and gaps[last].shape == ".":
        last -= 1
    first = 0
    while first < count - 1 and gaps[first + 1].shape == ".":
        first += 1
    for group in (range(last, count), range(first + 1)):
        if len(group) in (2, 3) and count - len(group) >= needed and all(widths[i] <= 2 for i in group):
            parts = [*(numbers[i] for i in group), 0]
            return group, parts[0], parts[1], parts[2]
    return None


def hour_of_day(hour: int, minute: int, periods: Sequence[tuple[int, int, int]]) -> int:
    """The hour on the 24-hour clock: of the two it can be, the one nearest to the words' part of the day.

    So 12 AM is 0, 12 PM is 12, 晚上7 is 19, and 中午 leaves both 11:18 and 12:36 as they are.
    """
    if not periods:
        return hour
    _, start, end = periods[0]
    if end - start == 720 and start in (0, 720):  # AM and PM: what is below comes to the same
        return hour % 12 + start // 60

    def distance(minutes: int) -> int:
        if start <= minutes < end or start <= minutes + 1440 < end:
            return 0
        return min(min((minutes - edge) % 1440, (edge - minutes) % 1440) for edge in (start, end))

    early = hour % 12
    return min((early, early + 12), key=lambda each: distance(each * 60 + minute))


def time_of_day(hour: int, minute: int, second: int) -> tuple[int, int, int] | None:
    """The time, None where there is none such. Second 60 is a leap second (RFC 5322 3.3) and counts as 59."""
    if hour > 23 or minute > 59 or second > 60:
        return None
    return hour, minute, min(second, 59)
