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
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from typing import Any, Final, NamedTuple

from attrs import evolve, frozen

from bcclog._calendars import CALENDARS, calendars_by_language
from bcclog._files import read_json
from bcclog.codes import Code

MAX_CHARS: Final = 256
"""A longer text is no date (T80). The longest known one, with weekday, zone and its cities, has about 130."""

_MAX_HEADER_CHARS: Final = 998  # RFC 5322 2.1.1: a line; comments in the Date field can be long
_YEARS: Final = range(1970, 2101)
_OWN_MONTHS: Final = 100
_MONTHS_OF: Final = {1: "persian", 2: "islamic"}
"""Months of other calendars stand in the table as 101 to 112 and 201 to 212."""
_SLACK: Final = timedelta(hours=26)
"""By so much two clocks that show the same moment can differ, UTC+14 and UTC-12."""
_READINGS: Final = 4  # where a date may end at several places
_ZONE_WORDS: Final = 10
"""The longest name of a zone that is written out has as many words."""
_JOIN: Final = 8  # `p. m.`, `da manhã`: words of the table are written in up to eight pieces (Makonde months)

# Numbers, words, single marks, blanks. Words are everything that is not ASCII, and ASCII letters.
_TOKEN: Final = re.compile(r"[0-9]+|[^\x00-@\[-`{-\x7f]+|[!-/:-@\[-`{-~]| +")
_FIELD: Final = re.compile(r"'([^']*+)'|([A-Za-z])\2*")
_WORDS: Final = re.compile(r"(?:w\.?)++")
_RFC5322: Final = re.compile(
    r" ?(?:[A-Za-z]{1,9} ?,? ?)?([0-9]{1,2}) ([A-Za-z]{3}) ([0-9]{2,4}) "
    r"([0-9]{1,2}) ?: ?([0-9]{2})(?: ?: ?([0-9]{2}))?(?: ([+-][0-9]{4}|[A-Za-z]{1,5}))? ?",
)
_ORDER_FIELD: Final = re.compile(r"y+|M+|L+|d+")
_ZONE_NAME: Final = re.compile(r"[0-9](?: ?[AaPp]\.?[Mm]\.?)? \(?([A-Z]{2,5})(?![A-Za-z])")
"""A word in capitals behind a time that no table has: a zone, whichever it is."""
_MONTHS: Final = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip

# Marks inside words fall away, so that `ג׳`, `ג'` and `ג` are one word; zero-width and direction marks too.
_DROPPED: Final = (
    "'\"`´‘’‚“”„ʼʻ׳״་\u00ad\u0307\u061c\u180e\u200b\u200c\u200d\u200e\u200f"
    "\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_BLANKS: Final = "\t\n\v\f\r\u0085\u1680\u2028\u2029"
_COMMAS: Final = "،؛、。・·「」『』〔〕【】«»…፡።፣፥⹁"
_DASHES: Final = "‐‑‒–—−"


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


class _Table(NamedTuple):
    """words: folded word -> `meaning set meaning set ...` as in cldr.json. sets: bit sets of languages, -1 is all.
    orders: locale -> "d/m/y", its order with the mark between. year_first: the languages that write the year before a
    month's name. zones: abbreviation -> minutes east of UTC, or None where it names several zones; regional_zones: the
    same by locale or language, which go first; shared_zones: abbreviation -> the places that use it, each with the
    minutes that it means there and then those of the other half of the year, where the clocks change. gmt:
    words that stand before an offset. years: language -> years its own era is ahead."""

    words: Mapping[str, str]
    sets: Sequence[int]
    bits: Mapping[str, int]
    clients: int
    orders: Mapping[str, str]
    year_first: int
    zones: Mapping[str, int | None]
    regional_zones: Mapping[str, Mapping[str, int | None]]
    shared_zones: Mapping[str, Sequence[Sequence[int]]]
    gmt: frozenset[str]
    years: Mapping[str, int]
    fold: Mapping[int, str | None]


class _Gap(NamedTuple):
    """What stands between two numbers. shape: its marks and blanks, with `w` for each word."""

    shape: str
    atoms: list[str]


class _Entry(NamedTuple):
    """A word of the table. mask: the languages that have it; meanings: (kind, number, second number, languages)."""

    mask: int
    meanings: tuple[tuple[str, int, int, int], ...]


class _Word(NamedTuple):
    """A known word. gap: number of the gap it stands in; first, last: it begins or ends the gap's words."""

    gap: int
    first: bool
    last: bool
    mask: int
    meanings: tuple[tuple[str, int, int, int], ...]


class _Scan(NamedTuple):
    """A text cut up. widths: digits of each number; a time with colons stands among them as number -1 of width 0."""

    numbers: list[int]
    widths: list[int]
    gaps: list[_Gap]
    time: tuple[int, int, int] | None
    offset: int | None
    zone_text: str | None


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
            offset = _offset(zone[0], zone[1:3], zone[3:5])
            if offset is None:
                return _INVALID
        else:
            zone = zone.upper()
            offset = _zones("en").get(zone.lower())
    time = _time(int(hour), int(minute), int(second or 0))
    if time is None or not _is_day(full_year, month, int(day)):
        return _INVALID
    value = datetime(full_year, month, int(day), *time, tzinfo=_zone_of(offset))
    if offset is not None:
        return Parsed(value, True, zone, None, True)
    return Parsed(value, True, zone, _zone_code(None, zone), True, _by_place(value, zone))


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
    rest, name, offset = _without_long_zone(_fold(text, _folding()), locales)
    return parsed if name is None else _in_zone(_parse_localized(rest, locales, patterns), name.upper(), offset)


def _without_long_zone(folded: str, locales: Sequence[str]) -> tuple[str, str | None, int | None]:
    """The text without the zone that it writes out (`Eastern Standard Time`), the zone's name, and its minutes east of
    UTC, None where the name says none. It is looked for in the languages given and in English."""
    tokens = _TOKEN.findall(folded)
    at = [number for number, token in enumerate(tokens) if split_words(token)]
    for language in dict.fromkeys((*map(_language, locales), "en")):
        names, beginnings = _long_zones(language)
        for first, start in enumerate(at):
            if tokens[start] not in beginnings:
                continue
            for last in range(min(first + _ZONE_WORDS, len(at)) - 1, first - 1, -1):
                name = " ".join(tokens[number] for number in at[first : last + 1])
                if name in names:
                    return "".join((*tokens[:start], *tokens[at[last] + 1 :])), name, names[name]
    return folded, None, None


@cache
def _long_zones(language: str) -> tuple[Mapping[str, int | None], frozenset[str]]:
    """The names of zones that a language writes out, and the words that they begin with. Kept: one for each language of
    `dates/zones.json`, about 25, and for each other tag of the catalogue, about 120."""
    names = {
        name: int(minutes) if minutes else None
        for minutes, found in _zone_file().get(language, {}).items()
        for name in found.split("|")
    }
    return names, frozenset(name.partition(" ")[0] for name in names)


@cache
def _zone_file() -> Mapping[str, Mapping[str, str]]:
    """Language -> minutes east of UTC, or nothing, -> names of zones that mean them; read on first use, then kept."""
    return read_json("dates/zones.json")["zones"]  # type: ignore[no-any-return]


def _in_zone(parsed: Parsed, name: str, offset: int | None) -> Parsed:
    """A date without a zone in the one that was written beside it."""
    if parsed.zone_text is not None or not parsed.has_time:
        return parsed
    zone = _zone_of(offset)
    return evolve(
        parsed,
        value=parsed.value and parsed.value.replace(tzinfo=zone),
        others=tuple(other.replace(tzinfo=zone) for other in parsed.others),
        zone_text=name,
        code=_zone_code(offset, name) if parsed.code is Code.WARN_DATE_NO_ZONE else parsed.code,
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
    table = _table()
    scan = _scan(_fold(text, table.fold), table)
    if scan is None:
        return _INVALID
    given = 0
    for locale in locales:
        given |= table.bits.get(locale) or table.bits.get(_language(locale), 0)
    zones = _zones_of(locales)
    words, alive, unknown = _look_up(scan.gaps, given or table.clients, table, zones)
    if given and (unknown or not alive & given):
        # The date is in another language than the labels, whose words in several pieces (`μ.μ.`) were not looked up.
        again = _look_up(scan.gaps, -1, table, zones)
        if again[1] and again[2] <= unknown:
            words, alive, unknown = again
    if not alive:
        # Words taken together are of a language that lacks the others (`de jul` in `14 de jul. de 2013`).
        apart = _look_up(scan.gaps, 0, table, zones)
        words, alive, unknown = apart if apart[1] else (words, alive, unknown)
    pick = _languages(words, alive, given, table.clients)
    parsed = _read(scan, words, pick, locales, patterns, table, zones, bool(alive) and not unknown)
    if unknown and parsed.has_time and parsed.code is Code.WARN_DATE_NO_ZONE:
        name = _ZONE_NAME.search(text)
        if name is not None and name[1].lower() not in table.words:
            return evolve(parsed, zone_text=name[1], code=Code.WARN_DATE_ZONE)
    return parsed


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
    tokens = _TOKEN.findall(_fold(text, _folding()))
    shape = "".join("9" if token[0].isdigit() else "w" if split_words(token) else token.strip() for token in tokens)
    return _WORDS.sub("w", shape)


def date_end(text: str, start: int, ends: Sequence[int]) -> int | None:
    """Which of `ends` (places in `text`, ascending) ends the date that begins at `start`, None where none does.

    The last one before a word of no date, less the words behind the time that say nothing of it: `15:55 Sun Yi` is a
    time and a name, `3:55 PM` and `15:55 Uhr` are times. Linear in `ends`, with `_READINGS` readings of the date.
    """
    table = _table()
    words = table.words
    zones = _zone_names()
    read_to: list[int] = []
    last = 0
    before = start
    for end in ends:
        if end - start > MAX_CHARS:
            break
        chunk = _fold(text[before:end], table.fold)
        atoms = split_words(chunk)
        # Which zone a name means hangs on the language, which is not known here. `Art` and `Pat` are people.
        names = {} if text[before:end].strip().istitle() else zones
        if not all(a in words or a in names or a in _pieces() or _segment(a, words) for a in atoms):
            break
        is_zone = bool(atoms) and bool(read_to) and all(a in names for a in atoms)
        read_to.append(read_to[-1] if is_zone else end)
        if not atoms or is_zone or any(char.isdigit() for char in chunk) or _says_time(atoms, names):
            last = len(read_to)
        before = end
    for number in range(last - 1, max(-1, last - 1 - _READINGS), -1):
        parsed = parse_localized(text[start : read_to[number]], ())
        if parsed.words_known and (parsed.value is not None or parsed.code is Code.WARN_DATE_ORDER):
            return ends[number]
    return None


@cache
def _zone_names() -> Mapping[str, int | None]:
    """The names of zones in any language, with what one of them means: one value, never changed."""
    table = _table()
    names: dict[str, int | None] = {}
    for zones in (*table.regional_zones.values(), table.zones):
        names.update(zones)
    return names


@cache
def _pieces() -> frozenset[str]:
    """The pieces of the words that are written in several: one value, never changed."""
    return frozenset(piece for word in _table().words if " " in word for piece in word.split())


def _says_time(atoms: list[str], zones: Mapping[str, int | None]) -> bool:
    """Whether words behind a date are more of it: parts of the day, units, eras and zones."""
    found, _, is_unknown = _look_up((_Gap("", atoms),), -1, _table(), zones)
    return not is_unknown and all(any(kind in "phisyodenk" for kind, *_ in word.meanings) for word in found)


def fold(text: str) -> str:
    """The normal form of dates, for data and mail alike: NFKC, case folded, every script's digits as 0-9, blanks as
    blanks, marks inside words and invisible ones dropped, dashes as `-`, other scripts' commas as `,`."""
    return _fold(text, _folding())


def split_words(folded: str) -> list[str]:
    """The words of a folded text, without numbers and marks."""
    return [token for token in _TOKEN.findall(folded) if token[0] > "@" and token[0] not in "[\\]^_`{|}~"]


def _fold(text: str, table: Mapping[int, str | None]) -> str:
    if text.isascii():
        return text.lower().translate(table)
    bare = unicodedata.normalize("NFKC", text).translate(table).casefold().replace("\u0307", "")
    return unicodedata.normalize("NFC", bare)


@cache
def _supplement() -> Mapping[str, Any]:
    """What stands in `supplement.json`; read on first use, then kept (one value, never changed)."""
    return read_json("dates/supplement.json")  # type: ignore[no-any-return]


@cache
def _folding() -> Mapping[int, str | None]:
    """The translation table of `fold`: one value, never changed."""
    table: dict[int, str | None] = {}
    for zero in _supplement()["zeros"].split():
        first = int(zero, 16)
        table.update(zip(range(first, first + 10), "0123456789", strict=True))
    for chars, into in ((_DROPPED, None), (_BLANKS, " "), (_COMMAS, ","), (_DASHES, "-")):
        table.update(dict.fromkeys(map(ord, chars), into))
    table[ord("ı")] = "i"  # Turkish capitals fold to dotted letters
    table[ord("∶")] = ":"
    return table


@cache
def _table() -> _Table:
    """The words of `data/dates`; read on first use, then kept (one value, never changed)."""
    cldr = read_json("dates/cldr.json")
    more = _supplement()
    words: dict[str, str] = cldr["words"]
    sets = [int(text, 16) for text in cldr["sets"]]
    bits = {language: 1 << number for number, language in enumerate(cldr["languages"])}
    for entry in more["entries"]:
        number = len(sets)
        sets.append(-1 if entry["languages"] == "*" else sum(bits[name] for name in entry["languages"].split()))
        for code, texts in entry["words"].items():
            for word in texts.split():
                word = word.replace("_", " ")
                known = words.get(word)
                words[word] = f"{code} {number}" if known is None else f"{known} {code} {number}"
    regional_zones = {
        name: {**cldr["zones"].get(name, {}), **more["regional_zones"].get(name, {})}
        for name in (*cldr["zones"], *more["regional_zones"])
    }
    shared_zones: dict[str, list[list[int]]] = {
        name: list(places.values()) for name, places in more["shared_zones"].items()
    }
    return _Table(
        words=words,
        sets=sets,
        bits={**bits, **{alias: bits[name] for alias, name in more["aliases"].items()}},
        clients=sum(bits[name] for name in more["clients"].split()),
        orders=cldr["orders"],
        year_first=sum(bits[name] for name in cldr["year_first"].split()),
        zones={**_agreed_zones(regional_zones, words), **dict.fromkeys(shared_zones), **more["zones"]},
        regional_zones=regional_zones,
        shared_zones=shared_zones,
        gmt=frozenset((*cldr["gmt"], *more["gmt"].split())),
        years=more["years"],
        fold=_folding(),
    )


def _agreed_zones(by_locale: Mapping[str, Mapping[str, int | None]], words: Mapping[str, str]) -> dict[str, int]:
    """The names of zones that mean the same to every locale that has them and are no word of a date: clients of any
    language write them, and copy them (`PKT`, `WIB`, `HNEC`)."""
    found: dict[str, set[int | None]] = {}
    for names in by_locale.values():
        for name, offset in names.items():
            found.setdefault(name, set()).add(offset)
    return {
        name: offset
        for name, offsets in found.items()
        if len(offsets) == 1 and len(name) > 2 and name not in words and (offset := next(iter(offsets))) is not None
    }


def _scan(folded: str, table: _Table) -> _Scan | None:
    """Cut a folded text into numbers and gaps; find the time with colons and the numeric zone. None: not a date."""
    tokens = _TOKEN.findall(folded)
    count = len(tokens)
    tokens += ("", "", "", "")  # so that looking ahead needs no bounds
    numbers: list[int] = []
    widths: list[int] = []
    gaps: list[_Gap] = []
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
            if len(token) in (5, 6) and tokens[at] == ":" and int(token[:4]) in _YEARS:  # grommunio: `yHH:mm`
                gaps.append(_Gap(shape, atoms))
                shape, atoms = "", []
                numbers.append(int(token[:4]))
                widths.append(4)
                token = token[4:]
            gaps.append(_Gap(shape, atoms))
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
            numbered = _numbered_zone(tokens, at, table.zones) if len(token) == 2 and tokens[at].isdigit() else None
            if numbered:
                zone_text = numbered.upper()
                offset = table.zones[numbered]
                at += 1 if numbered[-1].isdigit() else 2
                continue
            atoms.append(token)
            shape += "w"
        elif first in "+-" and tokens[at].isdigit():
            named = bool(atoms) and atoms[-1] in table.gmt and shape.rstrip(" ").endswith("w")
            taken = _numeric_zone(tokens, at, named, shape, numbers)
            if not taken:
                shape += first
                continue
            read = _offset(first, *_hours_minutes(tokens[at : at + taken]))
            if read is None or (offset is not None and offset != read):
                return None
            offset = read
            text = first + "".join(tokens[at : at + taken])
            zone_text = atoms[-1].upper() + text if named else text
            at += taken
        else:
            shape += first
    gaps.append(_Gap(shape, atoms))
    return _Scan(numbers, widths, gaps, time, offset, zone_text) if numbers else None


def _numbered_zone(tokens: Sequence[str], at: int, zones: Mapping[str, int | None]) -> str | None:
    """The name of a zone with a number in it, of which a word of two letters is the beginning: `ZE2`, `ZE5B`."""
    name = "".join(tokens[at - 1 : at + 1])
    longer = name + tokens[at + 1]
    return longer if tokens[at + 1].isalpha() and longer in zones else name if name in zones else None


def _numeric_zone(tokens: Sequence[str], at: int, named: bool, shape: str, numbers: Sequence[int]) -> int:
    """How many tokens after a sign are a zone: `+8` only after GMT or UTC, `+0200` and `+02:00` after a time (-1),
    `+02` right behind it."""
    digits = len(tokens[at])
    colon = digits <= 2 and tokens[at + 1] == ":" and len(tokens[at + 2]) == 2 and tokens[at + 2].isdigit()
    if named:
        return 3 if colon else 1 if digits <= 4 else 0
    if -1 not in numbers and not (len(numbers) >= 3 and shape.endswith(" ")):
        return 0
    if colon and digits == 2:
        return 3
    return 1 if digits == 4 or (digits == 2 and not shape and numbers[-1] == -1) else 0


def _hours_minutes(tokens: Sequence[str]) -> tuple[str, str]:
    if len(tokens) == 3:
        return tokens[0], tokens[2]
    digits = tokens[0]
    return (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")


def _offset(sign: str, hours: str, minutes: str) -> int | None:
    """Minutes east of UTC, None where there can be no such zone."""
    if int(hours) > 23 or int(minutes) > 59:
        return None
    value = int(hours) * 60 + int(minutes)
    return -value if sign == "-" else value


def _zones_of(locales: Sequence[str]) -> Mapping[str, int | None]:
    """The names of zones by which to read: those of the first locale that has any of its own, then the common ones."""
    common = _table().zones
    return next((zones for zones in map(_zones, locales) if zones is not common), common)


@cache
def _zones(locale: str) -> Mapping[str, int | None]:
    """The names of zones of a locale and its language, then the common ones, and these alone where it has none.

    Kept: at most as many as the catalogue has locales, about 300.
    """
    table = _table()
    regional = table.regional_zones
    here = {**regional.get(_language(locale), {}), **regional.get(locale.replace("_", "-"), {})}
    return {**table.zones, **here} if here else table.zones


def _look_up(
    gaps: Sequence[_Gap], likely: int, table: _Table, zones: Mapping[str, int | None]
) -> tuple[list[_Word], int, bool]:
    """Every known word with its meanings, the languages that have all of them, and whether there are unknown ones.

    likely: languages whose words in several pieces (`da manhã`) go before single ones (`de` `mar`).
    """
    words: list[_Word] = []
    alive = -1
    unknown = False
    known = table.words
    for number, (_, atoms) in enumerate(gaps):
        count = len(atoms)
        at = 0
        while at < count:
            atom = atoms[at]
            start = at
            at += 1
            texts: Sequence[str] = ()
            if count > at:
                for end in range(min(count, start + _JOIN), at, -1):
                    text = known.get(" ".join(atoms[start:end]))
                    if text is not None and likely & _entry(text).mask:
                        texts = (text,)
                        at = end
                        break
            if not texts:
                text = known.get(atom)
                if text is not None:
                    texts = (text,)
                elif not atom.isascii():
                    texts = _segment(atom, known)
            named = atom in zones or atom in table.gmt
            if not texts:
                unknown = unknown or not named
                continue
            end = len(texts) - 1
            for position, text in enumerate(texts):
                mask, meanings = _entry(text)
                if named:  # `ut` is a zone, or Slovak for Tuesday
                    meanings = meanings if mask & likely else ()
                    mask = -1
                words.append(_Word(number, not start + position, at == count and position == end, mask, meanings))
                alive &= mask
    return words, alive, unknown


@cache
def _entry(text: str) -> _Entry:
    """The meaning of a table's entry. Kept: at most as many as the table has different entries, about 6,000."""
    sets = _table().sets
    pairs = text.split()
    mask = 0
    masks: dict[str, int] = {}
    for code, number in zip(pairs[::2], pairs[1::2], strict=True):
        mask |= sets[int(number)]
        masks[code] = masks.get(code, 0) | sets[int(number)]
    meanings: list[tuple[str, int, int, int]] = []
    for code, languages in masks.items():
        if code != "f":  # which language a literal is of matters, and nothing else
            start, _, end = code[1:].partition("-")
            meanings.append((code[0], int(start or 0), int(end or 0), languages))
    return _Entry(mask, tuple(meanings))


def _segment(atom: str, known: Mapping[str, str]) -> Sequence[str]:
    """A run without blanks (Chinese, Thai, Hebrew prefixes) cut into words of the table, the longest first; or nothing.

    At most 24 look-ups for each character: no word that is written so is longer.
    """
    found: list[str] = []
    at = 0
    while at < len(atom):
        for end in range(min(len(atom), at + 24), at, -1):
            text = known.get(atom[at:end])
            if text is not None:
                found.append(text)
                at = end
                break
        else:
            return ()
    return found


def _languages(words: Sequence[_Word], alive: int, given: int, clients: int) -> int:
    """The languages by which to read: those given, else those of mail clients, else any.

    They have all the words or, where no language has, as many as can be had in the order of the text.
    """
    if alive:
        return alive & given or alive & clients or alive
    pick = 0
    for start in (given, clients, -1):
        pick = start
        for word in words:
            pick = pick & word.mask or pick
        if start and all(
            kind != "m" or languages & pick
            for word in words
            if word.mask & pick
            for kind, _, _, languages in word.meanings
        ):
            return pick
    return pick


def _language(locale: str) -> str:
    """`pt` of `pt-BR` or `pt_BR`."""
    return locale.replace("_", "-").partition("-")[0].lower()


class _Roles(NamedTuple):
    """What the words say. months: (number or 0 where languages differ, the weekdays it may be instead); units: number's
    index -> letters of `yodhisnk`; eras: number's index -> years to add; periods: (gap, from, to) in minutes."""

    months: list[tuple[int, tuple[int, ...]]]
    weekdays: set[int]
    units: dict[int, str]
    eras: dict[int, int]
    periods: list[tuple[int, int, int]]


def _roles(scan: _Scan, words: Sequence[_Word], pick: int) -> _Roles:
    """What each word says in the languages of `pick`; a word that none of them has counts in any language."""
    roles = _Roles([], set(), {}, {}, [])
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


def _clock(scan: _Scan, roles: _Roles) -> tuple[range, int, int, int] | None:
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


def _hour(hour: int, minute: int, periods: Sequence[tuple[int, int, int]]) -> int:
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


def _named_zone(gaps: Sequence[_Gap], used: range, zones: Mapping[str, int | None]) -> tuple[str | None, int | None]:
    """The zone that a name beside the time, or at the end, stands for; names of different ones stand for none."""
    names = []
    for at in dict.fromkeys((used[0], used[-1] + 1, len(gaps) - 1)):
        names += [atom for atom in gaps[at].atoms if atom in zones]
    if not names:
        return None, None
    offsets = {zones[name] for name in names}
    return " ".join(dict.fromkeys(names)).upper(), offsets.pop() if len(offsets) == 1 else None


def _habits(patterns: Sequence[str], locales: Sequence[str], table: _Table, *, is_year_last: bool) -> set[str]:
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


class _Ambiguous(NamedTuple):
    """A date whose day and month only habit tells apart, or whose month's name only the language. value: None where
    there is no habit, and where the languages differ; others: the days that it could be too."""

    value: date | None
    others: tuple[date, ...]


def _find_date(
    scan: _Scan, roles: _Roles, used: range, habits: set[str], is_year_first: bool, shift: int, calendar: str | None
) -> date | _Ambiguous | None:
    """The calendar date from the numbers that are not the time. habits: orders of a numeric date; is_year_first: the
    language writes the year before a month's name; shift: years of the language's own era (Thai 543); calendar: the
    language's own calendar, for a year that the common one cannot mean."""
    numbers, widths = scan.numbers, scan.widths
    if any(not month and not days for month, days in roles.months):
        return _Ambiguous(None, ())  # `lis` is October in Croatian, November in Polish

    def day_of(year: int, month: int, day: int) -> date | None:
        if month > _OWN_MONTHS:
            calendar_of, month = divmod(month, _OWN_MONTHS)
            return CALENDARS[_MONTHS_OF[calendar_of]](year, month, day)
        if calendar is not None and year not in _YEARS:
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
) -> date | _Ambiguous | None:
    """Choose between the orders of a month's name with a day and a year of two digits: what alone can be, else the
    weekday, else the language of the words; the day is first in nearly all, whatever they do with numbers."""
    if day_first is None or year_first is None:
        return day_first or year_first
    fits = (day_first.weekday() in weekdays, year_first.weekday() in weekdays)
    if fits[0] != fits[1]:
        return day_first if fits[0] else year_first
    return _Ambiguous(year_first, (day_first,)) if is_year_first and day_first != year_first else day_first


def _by_order(
    possible: Mapping[str, date | None], habits: set[str], mark: str, weekdays: set[int]
) -> date | _Ambiguous | None:
    """Choose among the orders of a numeric date: what alone can be, else the weekday, else habit."""
    left = {name: value for name, value in possible.items() if value is not None}
    named = {name: value for name, value in left.items() if value.weekday() in weekdays}
    left = named or left
    order = _by_habit(left, habits, mark)
    if order is not None:
        chosen = left[order]
        other = left.get({"dmy": "mdy", "mdy": "dmy"}.get(order, "dmy"))
        is_open = (mark, order) != (".", "dmy") and other is not None and other != chosen
        return _Ambiguous(chosen, (other,)) if is_open and other is not None else chosen
    values = sorted(set(left.values()))
    if len(values) < 2:
        return values[0] if values else None
    return _Ambiguous(None, tuple(values))


def _year(number: int, width: int, shift: int) -> int:
    """Two digits are 1970 to 2069; a year of the language's own era is brought to the common one.

    Of that era two digits are what the common one has no mail of, from 2043 to 1989: `69` is 2569, in Thai 2026.
    """
    if width <= 2:
        if shift and 43 <= number < 90:
            return (2000 + shift) // 100 * 100 + number - shift
        return number + (1900 if number >= 70 else 2000)
    return number - shift if number - shift in _YEARS else number


def _common_day(year: int, month: int, day: int) -> date | None:
    return date(year, month, day) if _is_day(year, month, day) else None


def _is_day(year: int, month: int, day: int) -> bool:
    return year in _YEARS and 1 <= month <= 12 and 1 <= day <= 31 and (day <= 28 or day <= _last_day(year, month))


def _last_day(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _time(hour: int, minute: int, second: int) -> tuple[int, int, int] | None:
    """The time, None where there is none such. Second 60 is a leap second (RFC 5322 3.3) and counts as 59."""
    if hour > 23 or minute > 59 or second > 60:
        return None
    return hour, minute, min(second, 59)


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
        code=Code.WARN_DATE_ORDER if by_habit else _zone_code(offset, zone_text),
        words_known=words_known,
    )


def _zone_code(offset: int | None, zone_text: str | None) -> Code | None:
    if offset is not None:
        return None
    return Code.WARN_DATE_ZONE if zone_text else Code.WARN_DATE_NO_ZONE


def _by_place(value: datetime, zone_text: str | None) -> tuple[datetime, ...]:
    """The other moments that a value can be, by the places that share its zone's name."""
    places = _table().shared_zones.get(zone_text.lower(), ()) if zone_text else ()
    readings = [
        value.replace(tzinfo=_zone_of(place[0])) for place in places if _shown(place, value) in (place[0], None)
    ]
    return tuple(reading for reading in readings if value.tzinfo is None or reading != value)


def _moment(day: date, time: tuple[int, int, int] | None, offset: int | None) -> datetime:
    return datetime(day.year, day.month, day.day, *(time or (0, 0, 0)), tzinfo=_zone_of(offset))


@cache
def _zone_of(offset: int | None) -> timezone | None:
    """The zone so many minutes east of UTC. Kept: there are at most 2,879."""
    return None if offset is None else UTC if offset == 0 else timezone(timedelta(minutes=offset))


def _read(
    scan: _Scan,
    words: Sequence[_Word],
    pick: int,
    locales: Sequence[str],
    patterns: Sequence[str],
    table: _Table,
    zones: Mapping[str, int | None],
    words_known: bool,
) -> Parsed:
    """Give every number its role and build the value."""
    widths = scan.widths
    roles = _roles(scan, words, pick)
    clock = _clock(scan, roles)
    time = None
    zone_text, offset = scan.zone_text, scan.offset
    used = range(0)
    if clock is not None:
        used, hour, minute, second = clock
        if roles.periods and hour <= 12:
            hour = _hour(hour, minute, [p for p in roles.periods if p[0] in (used[0], used[-1] + 1)])
        time = _time(hour, minute, second)
        if time is None:
            return _no_value(Code.WARN_DATE_INVALID, False, words_known)
        if offset is None:
            zone_text, offset = _named_zone(scan.gaps, used, zones)
    shift = next((years for name, years in table.years.items() if table.bits[name] & pick), 0)
    habits: set[str] = set()
    if widths[0] != 4 and all(days for _, days in roles.months):  # else they cannot matter
        habits = _habits(patterns, locales, table, is_year_last=4 in widths)
    is_year_first = bool(roles.months) and not pick & ~table.year_first
    calendar = next((name for language, name in calendars_by_language().items() if table.bits[language] & pick), None)
    found = _find_date(scan, roles, used, habits, is_year_first, shift, calendar)
    if isinstance(found, _Ambiguous):
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
    code = None if possible[0].tzinfo is not None else _zone_code(None, parsed.zone_text)
    return evolve(parsed, value=possible[0], others=(), code=code)


def _settle_zone(parsed: Parsed, latest: datetime) -> Parsed:
    here = latest.utcoffset()
    if not here or parsed.value is None or parsed.zone_text is None:
        return parsed
    minutes = here // timedelta(minutes=1)
    fit = [
        place[0]
        for place in _table().shared_zones[parsed.zone_text.lower()]
        if _shown(place, parsed.value) == place[0] and _shown(place, latest) == minutes
    ]
    if len(fit) != 1:
        return parsed
    return evolve(parsed, value=parsed.value.replace(tzinfo=_zone_of(fit[0])), others=(), code=None)


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
