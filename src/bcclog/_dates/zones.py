"""Zones of dates: by offset, by a short name, or written out in a language (R30: none is invented)."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, timedelta, timezone
from functools import cache
from typing import Final

from bcclog._dates.words import TOKEN, Gap, language_of, split_words, table_of_words
from bcclog._files import read_json
from bcclog.codes import Code

_ZONE_WORDS: Final = 10
"""The longest name of a zone that is written out has as many words."""


_ZONE_ID: Final = re.compile(
    r" ?\(?\b((?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)"
    r"/[A-Z][A-Za-z_-]{1,30}(?:/[A-Z][A-Za-z_-]{1,30})?)(?:\)|(?![A-Za-z/]))"
)


def without_zone_id(text: str) -> tuple[str, str | None]:
    """The text without the zone of the IANA database that stands in it (`(Europe/Berlin)`, as OTRS writes it), and its
    name. Its offset is not looked up: the database differs from machine to machine, and a plan must not."""
    found = _ZONE_ID.search(text)
    return (text, None) if found is None else (text[: found.start()] + text[found.end() :], found[1])


def without_long_zone(folded: str, locales: Sequence[str]) -> tuple[str, str | None, int | None]:
    """The text without the zone that it writes out (`Eastern Standard Time`), the zone's name, and its minutes east of
    UTC, None where the name says none. It is looked for in the languages given and in English."""
    tokens = TOKEN.findall(folded)
    at = [number for number, token in enumerate(tokens) if split_words(token)]
    for language in dict.fromkeys((*map(language_of, locales), "en")):
        names, beginnings = _long_zones(language)
        for first, start in enumerate(at):
            if tokens[start] not in beginnings:
                continue
            for last in range(min(first + _ZONE_WORDS, len(at)) - 1, first - 1, -1):
                name = " ".join(tokens[number] for number in at[first : last + 1])
                if name in names:
                    return "".join((*tokens[:start], *tokens[at[last] + 1 :])), name, names[name]
    return folded, None, None


def before_long_zone(folded: str) -> str | None:
    """What stands before a zone that is written out, in any language, at the end of a text; None where none is."""
    tokens = TOKEN.findall(folded)
    at = [number for number, token in enumerate(tokens) if split_words(token)]
    names, beginnings = _all_long_zones()
    for first, start in enumerate(at):
        if tokens[start] in beginnings and " ".join(tokens[number] for number in at[first:]) in names:
            return "".join(tokens[:start])
    return None


def begins_long_zone(word: str) -> bool:
    """Whether a zone that is written out begins with the word, in any language."""
    return word in _all_long_zones()[1]


@cache
def _all_long_zones() -> tuple[frozenset[str], frozenset[str]]:
    """As `_long_zones`, of all languages together: one value, never changed."""
    found = [_long_zones(language) for language in _zone_file()]
    return frozenset().union(*(names for names, _ in found)), frozenset().union(*(starts for _, starts in found))


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


@cache
def zone_names() -> Mapping[str, int | None]:
    """The names of zones in any language, with what one of them means: one value, never changed."""
    table = table_of_words()
    names: dict[str, int | None] = {}
    for zones in (*table.regional_zones.values(), table.zones):
        names.update(zones)
    return names


def zones_of(locales: Sequence[str]) -> Mapping[str, int | None]:
    """The names of zones by which to read: those of the first locale that has any of its own, then the common ones."""
    common = table_of_words().zones
    return next((zones for zones in map(zones_of_language, locales) if zones is not common), common)


@cache
def zones_of_language(locale: str) -> Mapping[str, int | None]:
    """The names of zones of a locale and its language, then the common ones, and these alone where it has none.

    Kept: at most as many as the catalogue has locales, about 300.
    """
    table = table_of_words()
    regional = table.regional_zones
    here = {**regional.get(language_of(locale), {}), **regional.get(locale.replace("_", "-"), {})}
    return {**table.zones, **here} if here else table.zones


def numbered_zone(tokens: Sequence[str], at: int, zones: Mapping[str, int | None]) -> str | None:
    """The name of a zone with a number in it, of which a word of two letters is the beginning: `ZE2`, `ZE5B`."""
    name = "".join(tokens[at - 1 : at + 1])
    longer = name + tokens[at + 1]
    return longer if tokens[at + 1].isalpha() and longer in zones else name if name in zones else None


_GO_ON: Final = (".", "/", "-", ":")
"""Marks behind a number that is part of a date."""


def numeric_zone(tokens: Sequence[str], at: int, named: bool, shape: str, numbers: Sequence[int]) -> int:
    """How many tokens after a sign are a zone: `+8` and `+02.00` (Finnish, old Italian) only after GMT or UTC, `+0200`
    and `+02:00` after a time (-1), `+02` right behind it or at the end of the date: so `strftime` names a zone that has
    no letters (Dubai, São Paulo)."""
    digits = len(tokens[at])
    signs = (":", ".") if named else (":",)
    colon = digits <= 2 and tokens[at + 1] in signs and len(tokens[at + 2]) == 2 and tokens[at + 2].isdigit()
    if named:
        return 3 if colon else 1 if digits <= 4 else 0
    if -1 not in numbers and not (len(numbers) >= 3 and shape.endswith(" ")):
        return 0
    if colon and digits == 2:
        return 3
    if digits == 4:
        return 1
    if digits != 2 or numbers[-1] != -1:
        return 0
    is_behind_day = len(numbers) > 2 or (len(numbers) > 1 and len(tokens[at + 2]) == 4)  # the year can stand behind it
    return int(not shape or (is_behind_day and tokens[at + 1] not in _GO_ON))


def hours_minutes(tokens: Sequence[str]) -> tuple[str, str]:
    if len(tokens) == 3:
        return tokens[0], tokens[2]
    digits = tokens[0]
    return (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")


def offset_of(sign: str, hours: str, minutes: str) -> int | None:
    """Minutes east of UTC, None where there can be no such zone."""
    if int(hours) > 23 or int(minutes) > 59:
        return None
    value = int(hours) * 60 + int(minutes)
    return -value if sign == "-" else value


def named_zone(gaps: Sequence[Gap], used: range, zones: Mapping[str, int | None]) -> tuple[str | None, int | None]:
    """The zone that a name beside the time, or at the end, stands for; names of different ones stand for none."""
    names = []
    for at in dict.fromkeys((used[0], used[-1] + 1, len(gaps) - 1)):
        names += [atom for atom in gaps[at].atoms if atom in zones]
    if not names:
        return None, None
    offsets = {zones[name] for name in names}
    return " ".join(dict.fromkeys(names)).upper(), offsets.pop() if len(offsets) == 1 else None


def zone_code(offset: int | None, zone_text: str | None) -> Code | None:
    if offset is not None:
        return None
    return Code.WARN_DATE_ZONE if zone_text else Code.WARN_DATE_NO_ZONE


@cache
def zone_of(offset: int | None) -> timezone | None:
    """The zone so many minutes east of UTC. Kept: there are at most 2,879."""
    return None if offset is None else UTC if offset == 0 else timezone(timedelta(minutes=offset))
