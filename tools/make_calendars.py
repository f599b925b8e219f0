"""Build `src/bcclog/data/dates/calendars.json`: the months of the calendar of Umm al-Qura, from the package hijridate.

    python tools/make_calendars.py            write the file
    python tools/make_calendars.py --check    compare only; exit 1 when it differs

Which calendar a language's numeric dates may be in is by CLDR's calendar preferences of its regions (IR, AF: persian;
SA: islamic-umalqura). The names of the months are in `supplement.json`, with their source.
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path

from hijridate import Hijri

TARGET = Path(__file__).parents[1] / "src" / "bcclog" / "data" / "dates" / "calendars.json"
FIRST, LAST = 1389, 1500
LANGUAGES = {"ar": "islamic", "ckb": "persian", "fa": "persian", "ps": "persian"}


def build() -> str:
    """The file's text: one year a line, as a set of bits: bit 0 is Muharram, 1 is 30 days, 0 is 29."""
    years = []
    for year in range(FIRST, LAST + 1):
        long = sum((Hijri(year, month, 1).month_length() == 30) << (month - 1) for month in range(1, 13))
        years.append(f"{long:03x}")
    table = {
        "about": "Calendars other than the common one; made by tools/make_calendars.py.",
        "source": f"hijridate {version('hijridate')}: the tables of Umm al-Qura",
        "languages": LANGUAGES,
        "umm_al_qura": {
            "first_year": FIRST,
            "first_day": Hijri(FIRST, 1, 1).to_gregorian().toordinal(),
            "long_months": years,
        },
    }
    return json.dumps(table, ensure_ascii=False, indent=0) + "\n"


if __name__ == "__main__":
    text = build()
    if "--check" in sys.argv:
        sys.exit(TARGET.read_text("utf-8") != text)
    TARGET.write_text(text, "utf-8", newline="\n")
