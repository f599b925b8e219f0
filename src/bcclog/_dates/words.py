"""The words of dates in all languages: how text is folded and cut, and what each word can mean.

They are CLDR's and what clients write besides. One table for all languages: word -> meanings, each with the languages
in which it means that; the words of one date must agree on a language.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from bcclog._files import read_json

_JOIN: Final = 8  # `p. m.`, `da manhã`: words of the table are written in up to eight pieces (Makonde months)
# Numbers, words, single marks, blanks. Words are everything that is not ASCII, and ASCII letters.
TOKEN: Final = re.compile(r"[0-9]+|[^\x00-@\[-`{-\x7f]+|[!-/:-@\[-`{-~]| +")
# Marks inside words fall away, so that `ג׳`, `ג'` and `ג` are one word; zero-width and direction marks too.
_DROPPED: Final = (
    "'\"`´‘’‚“”„ʼʻ׳״་\u00ad\u0307\u061c\u180e\u200b\u200c\u200d\u200e\u200f"
    "\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_BLANKS: Final = "\t\n\v\f\r\u0085\u1680\u2028\u2029"
_COMMAS: Final = "،؛、。・·「」『』〔〕【】«»…፡።፣፥⹁"
_DASHES: Final = "‐‑‒–—−"


class Table(NamedTuple):
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


class Gap(NamedTuple):
    """What stands between two numbers. shape: its marks and blanks, with `w` for each word."""

    shape: str
    atoms: list[str]


class _Entry(NamedTuple):
    """A word of the table. mask: the languages that have it; meanings: (kind, number, second number, languages)."""

    mask: int
    meanings: tuple[tuple[str, int, int, int], ...]


class Word(NamedTuple):
    """A known word. gap: number of the gap it stands in; first, last: it begins or ends the gap's words."""

    gap: int
    first: bool
    last: bool
    mask: int
    meanings: tuple[tuple[str, int, int, int], ...]


def fold(text: str) -> str:
    """The normal form of dates, for data and mail alike: NFKC, case folded, every script's digits as 0-9, blanks as
    blanks, marks inside words and invisible ones dropped, dashes as `-`, other scripts' commas as `,`."""
    return fold_by(text, folding_table())


def split_words(folded: str) -> list[str]:
    """The words of a folded text, without numbers and marks."""
    return [token for token in TOKEN.findall(folded) if token[0] > "@" and token[0] not in "[\\]^_`{|}~"]


def fold_by(text: str, table: Mapping[int, str | None]) -> str:
    if text.isascii():
        return text.lower().translate(table)
    bare = unicodedata.normalize("NFKC", text).translate(table).casefold().replace("\u0307", "")
    return unicodedata.normalize("NFC", bare)


@cache
def _supplement() -> Mapping[str, Any]:
    """What stands in `supplement.json`; read on first use, then kept (one value, never changed)."""
    return read_json("dates/supplement.json")  # type: ignore[no-any-return]


@cache
def folding_table() -> Mapping[int, str | None]:
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
def table_of_words() -> Table:
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
    return Table(
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
        fold=folding_table(),
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


def look_up(
    gaps: Sequence[Gap], likely: int, table: Table, zones: Mapping[str, int | None]
) -> tuple[list[Word], int, bool]:
    """Every known word with its meanings, the languages that have all of them, and whether there are unknown ones.

    likely: languages whose words in several pieces (`da manhã`) go before single ones (`de` `mar`); those that are
    parts of the day and nothing else do so in any.
    """
    words: list[Word] = []
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
                    if text is not None and (likely & _entry(text).mask or _is_of_day(text)):
                        texts = (text,)
                        at = end
                        break
            if not texts:
                text = known.get(atom)
                if text is not None:
                    texts = (text,)
                elif not atom.isascii():
                    texts = segments_of(atom, known)
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
                words.append(Word(number, not start + position, at == count and position == end, mask, meanings))
                alive &= mask
    return words, alive, unknown


@cache
def _entry(text: str) -> _Entry:
    """The meaning of a table's entry. Kept: at most as many as the table has different entries, about 6,000."""
    sets = table_of_words().sets
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


def _is_of_day(text: str) -> bool:
    """Whether an entry says which half of the day it is, and nothing else."""
    meanings = _entry(text).meanings
    return bool(meanings) and all(kind == "p" for kind, *_ in meanings)


def segments_of(atom: str, known: Mapping[str, str]) -> Sequence[str]:
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


def languages_of(words: Sequence[Word], alive: int, given: int, clients: int) -> int:
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


def language_of(locale: str) -> str:
    """`pt` of `pt-BR` or `pt_BR`."""
    return locale.replace("_", "-").partition("-")[0].lower()
