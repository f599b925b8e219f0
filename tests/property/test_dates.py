"""Any text gives a value or none; what Babel or the standard library writes is read back."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime, parsedate_to_datetime

import hypothesis.strategies as st
from babel import Locale, localedata
from babel.dates import format_date, format_time
from hypothesis import given

from bcclog._dates.dates import Parsed, parse_localized, parse_rfc5322
from bcclog.codes import Code

LOCALES = st.lists(st.sampled_from(["en", "en-GB", "de", "fr", "zh-Hans", "th", "he", "", "-", "x" * 20]), max_size=3)
PIECES = st.lists(
    st.sampled_from(
        ["1", "5", "12", "31", "99", "2020", "20200304", "٣", "𝟗", "०", ":", ".", "/", "-", "+", "(", ")", ",", " ", "T",
         "Z", "h", "年", "月", "日", "时", "中午", "PM", "a.m.", "Mar", "mar.", "Monday", "GMT", "UTC", "+0200", "CET",
         "ב", "ינואר", "วันจันทร์", "令和", "民國", "tháng", "de", "\u202f", "\u200f", "\ud800", "İ", "ﷺ", "\x00"]
    ),
    max_size=25,
).map("".join)  # fmt: skip
STYLES = ("full", "long", "medium", "short")
UNREAD = {
    "dz": "Dzongkha writes the word for hour before the number, as in `hour 7 minute 32`",
}
"""Languages whose dates, as Babel writes them, are not all read, with the reason."""
OWN_ERA = "th"
"""Where two digits are a year of the language's own era unless mail was written in that year of the common one: 2043 to
1989 are not."""


def is_sound(parsed: Parsed) -> bool:
    value = parsed.value
    if value is None:
        return parsed.code in (Code.WARN_DATE_INVALID, Code.WARN_DATE_ORDER)
    if (value.tzinfo is None and parsed.code is None) or parsed.code is Code.WARN_DATE_INVALID:
        return False
    return 1970 <= value.year <= 2100 and (parsed.has_time or (value.hour, value.minute, value.second) == (0, 0, 0))


@given(st.one_of(st.text(max_size=300), PIECES), LOCALES)
def test_T80_any_text_gives_a_sound_value_or_none_and_twice_the_same(text: str, locales: list[str]) -> None:
    parsed = parse_localized(text, locales, patterns=(text,))
    assert is_sound(parsed)
    assert parsed == parse_localized(text, locales, patterns=(text,))
    assert is_sound(parse_rfc5322(text))


@given(
    st.datetimes(datetime(1970, 1, 2), datetime(2100, 12, 30)),
    st.integers(-1439, 1439),
    st.sampled_from(["{}", "{} (comment)", " {}", "{}\r\n"]),
)
def test_the_date_field_is_read_as_the_standard_library_reads_it(moment: datetime, zone: int, form: str) -> None:
    """Deliberate differences, left out here: `-0000` is UTC, seconds 60, years outside 1970-2100, two-digit years 50-68
    (RFC 5322: 1950-1968), names of zones beyond RFC 5322."""
    text = form.format(format_datetime(moment.replace(tzinfo=timezone(timedelta(minutes=zone)), microsecond=0)))
    expected = parsedate_to_datetime(text)
    assert parse_rfc5322(text).value == expected
    assert parse_localized(text, ("de",)).value == expected
    assert parse_rfc5322(format_datetime(moment.replace(tzinfo=UTC), usegmt=True)).value == parsedate_to_datetime(
        format_datetime(moment.replace(tzinfo=UTC), usegmt=True)
    )


def written(locale: Locale, moment: datetime, style: str, clock: str) -> str:
    """Babel's date and time, put together as the locale does."""
    pattern = str(locale.datetime_formats[style]).replace("'", "")
    return pattern.replace("{0}", format_time(moment, clock, locale=locale)).replace(
        "{1}", format_date(moment, style, locale=locale)
    )


def differences(moment: datetime, identifiers: list[str]) -> list[tuple[str, str]]:
    found = []
    for identifier in identifiers:
        localedata._cache.clear()  # Babel merges locales in place; what was loaded before would show through
        locale = Locale.parse(identifier)
        for style in STYLES:
            if style == "short" and locale.language == OWN_ERA and not 1990 <= moment.year < 2043:
                continue
            for clock, expected in (("short", moment.replace(second=0)), ("medium", moment)):
                text = written(locale, moment, style, clock)
                parsed = parse_localized(text, (identifier.replace("_", "-"),))
                if (parsed.value, parsed.words_known, parsed.has_time) != (expected, True, True):
                    found.append((identifier, text))
    return found


IDENTIFIERS = sorted(name for name in localedata.locale_identifiers() if name.partition("_")[0] not in UNREAD)


def test_a_date_written_in_any_locale_of_cldr_is_read_back() -> None:
    """All locales and styles. Short dates with two-digit years and months before days are right by the locale's habit."""
    assert len(IDENTIFIERS) > 1000
    assert differences(datetime(2019, 12, 4, 19, 32, 5), IDENTIFIERS) == []


@given(
    st.datetimes(datetime(1970, 1, 1), datetime(2069, 12, 31)).map(lambda moment: moment.replace(microsecond=0)),
    st.lists(st.sampled_from(IDENTIFIERS), min_size=1, max_size=3),
)
def test_any_moment_written_in_a_locale_is_read_back(moment: datetime, identifiers: list[str]) -> None:
    assert differences(moment, identifiers) == []
