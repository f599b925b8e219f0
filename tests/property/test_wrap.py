"""What a client of the catalogue writes is read back, whoever wrote to whom and whatever stands above it (R6-R11, R31)."""

import re
from datetime import datetime
from typing import Any

import hypothesis.strategies as st
from babel.dates import format_datetime
from bcclog_fixtures import differences
from bcclog_fixtures.wrap import Wrapped, forms, wrap
from hypothesis import example, given, settings

import bcclog
from test_rows import CLIENTS, make

ROWS = [
    (name, locale)
    for name, client in CLIENTS.items()
    for locale, row in client["locales"].items()
    if "from" in row["labels"] or row.get("attributions")
]
OPEN = ("original.html",)

SCRIPTS = (
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "áàâäãåāçčđéèêëęğíìîïıłñńóòôöõøőřšşťúùûüűýžß",
    "αβγδεζηθικλμνξοπρστυφχψω", "абвгдежзийклмнопрстуфхцчшщыэюяіїєґ", "אבגדהוזחטיכלמנסעפצקרשת",
    "ابتثجحخدذرزسشصضطظعغفقكلمنهوي", "田中花子鈴木一郎王小明李娜", "ひらがなカタカナ", "김이박최민수지영", "กขคงจฉชซ", "अआइईकखगघचछजझ",
)  # fmt: skip
WORDS = st.sampled_from(SCRIPTS).flatmap(lambda script: st.text(st.sampled_from(script), min_size=1, max_size=9))
NAMES = st.one_of(
    st.lists(WORDS, min_size=1, max_size=4).map(" ".join),
    st.tuples(WORDS, WORDS).map(", ".join),
    st.tuples(WORDS, WORDS, WORDS).map(lambda words: '{} "{}" {}'.format(*words)),
    st.tuples(WORDS, WORDS).map(lambda words: "{} ({})".format(*words)),
    st.tuples(WORDS, WORDS).map(lambda words: "Dr. {}-{}".format(*words)),
    st.tuples(WORDS, WORDS).map(lambda words: "{} O'{}, Jr.".format(*words)),
)
EMAILS = st.from_regex(
    r"[a-z0-9]([a-z0-9+_.-]{0,9}[a-z0-9])?@([a-z][a-z0-9]{0,7}\.){1,2}example", fullmatch=True
).filter(lambda email: ".." not in email)
NAMED = st.fixed_dictionaries({"name": NAMES, "email": EMAILS})
PEOPLE = st.lists(st.fixed_dictionaries({"name": st.none() | NAMES, "email": EMAILS}), max_size=4)
# From the 13th on, a date of numbers says itself which of them is the day.
TIMES = st.builds(
    lambda day, time, zone: f"{day}T{time}{zone}",
    st.dates(datetime(2013, 1, 1).date(), datetime(2026, 10, 31).date()).map(  # a forward is later than its original
        lambda day: day.replace(day=13 + day.day % 16)
    ),
    st.times().map(lambda time: time.isoformat("seconds")),
    st.sampled_from(("+00:00", "+01:00", "-05:00", "+05:30", "+10:00")),
)
SUBJECTS = st.lists(
    WORDS | st.sampled_from(("Re", "–", "2026/118", "(2)", "50 %", "&", "<b>", '"x"', "a;b", "[x]")),
    min_size=1,
    max_size=25,
).map(" ".join)
LINES = st.lists(WORDS | st.sampled_from(("!", "3", "&", "...", "(x)")), max_size=12).map(" ".join)
COMMENTS = st.none() | st.lists(LINES, min_size=1, max_size=4).map("\n".join).map(str.strip).filter(bool)
ODD_LINES = st.sampled_from(
    ("-----", "________", "***", "==", "* one", "- two", "1. three", "http://ourco.example/a?b=c", "10:30", "<none>", "@rosa",
     "{from}: oben", "{to}: do", "{date}: tomorrow?", "{subject}: as below", "Re: the offer", "Fwd: this", "FYI:", "-- ",
     "Rosa\u00a0", "\u200b")
)  # fmt: skip
BODIES = st.sampled_from(
    ("Hello Rosa,\n\nthanks.\n", "ok\n", "مرحبا\n\nشكرا\n", "はい。\n", "Hi\n\n-- \nKim\n+49 30 1234\n", "a\n\n\n\nb\n")
)
ORIGINALS = st.fixed_dictionaries(
    {
        "from": NAMED, "to": PEOPLE.filter(bool), "cc": PEOPLE, "reply_to": PEOPLE.map(lambda people: people[:1]),
        "subject": SUBJECTS, "sent_at": TIMES, "message_id": st.just("one@customer.example"), "text": BODIES,
    }
)  # fmt: skip


def write_date(when: datetime, pattern: str, locale: str) -> str:
    return format_datetime(when, pattern, tzinfo=when.tzinfo, locale=make().babel_locale(locale))


def forward(original: dict[str, Any], row: tuple[str, str], pick: int, comment: str | None, form: int) -> Wrapped:
    client = CLIENTS[row[0]]
    known = forms(client)
    if not client["layout"].get("blank_after", True):
        # No empty line ends the block: whether the line below a long subject goes on with it cannot be known.
        original = {**original, "subject": original["subject"][:40].strip()}
    return wrap(
        original, row[1], client, comment=comment, form=known[form % len(known)], pick=pick, write_date=write_date
    )


def wrong(wrapped: Wrapped, raw: bytes | None = None) -> list[str]:
    found = bcclog.unwrap(wrapped.raw if raw is None else raw).to_dict()
    return differences(wrapped.expect, found, OPEN)


ANY_ROW = st.sampled_from(ROWS)
ANY_WAY = st.integers(0, 2**24)
ANY_FORM = st.integers(0, 2)


@settings(max_examples=500, deadline=None)
@given(ORIGINALS, ANY_ROW, ANY_WAY, COMMENTS, ANY_FORM)
@example(
    {
        "from": {"name": "Ågren, Lisa", "email": "lisa@a.example"}, "to": [{"name": None, "email": "rosa@a.example"}],
        "cc": [], "reply_to": [], "subject": "Offer", "sent_at": "2026-01-14T09:15:00+00:00",
        "message_id": "one@customer.example", "text": "Hello Rosa,\n\nthanks.\n",
    }, ("balsa", "en"), 3, None, 0,
)  # fmt: skip
@example(
    {
        "from": {"name": "Lisa", "email": "lisa@a.example"}, "to": [{"name": None, "email": "rosa@a.example"}],
        "cc": [], "reply_to": [], "subject": "Offer", "sent_at": "2026-01-14T09:15:00+00:00",
        "message_id": "one@customer.example", "text": "Hello Rosa,\n\nthanks.\n",
    }, ("aosp-email", "es"), 3, None, 0,
)  # fmt: skip
def test_R6_original_comes_back_from_any_row(
    original: dict[str, Any], row: tuple[str, str], pick: int, comment: str | None, form: int
) -> None:
    assert wrong(forward(original, row, pick, comment, form)) == []


@settings(max_examples=200, deadline=None)
@given(ORIGINALS, ANY_ROW, st.lists(LINES, max_size=3), ODD_LINES, st.lists(LINES, max_size=3), ANY_FORM)
def test_comment_never_changes_what_the_block_says(
    original: dict[str, Any], row: tuple[str, str], above: list[str], odd: str, below: list[str], form: int
) -> None:
    labels = {field: texts[0] for field, texts in CLIENTS[row[0]]["locales"][row[1]]["labels"].items()}
    odd = re.sub(r"\{(\w+)\}", lambda slot: labels.get(slot[1], slot[1]), odd)
    comment = "\n".join([*above, odd, *below]).strip()
    wrapped = forward(original, row, 0, comment, form)
    wrapped.expect.pop("comment")
    assert wrong(wrapped) == []


@settings(max_examples=150, deadline=None)
@given(ORIGINALS, ANY_ROW, ANY_WAY, COMMENTS, st.sampled_from((" ", "  \t", "\u00a0")))
def test_line_ends_and_trailing_blanks_change_nothing(
    original: dict[str, Any], row: tuple[str, str], pick: int, comment: str | None, blank: str
) -> None:
    wrapped = forward(original, row, pick, comment, 0)
    bare = wrapped.raw.replace(b"\r\n", b"\n")
    head, _, body = bare.partition(b"\n\n")
    padded = head + b"\n\n" + body.replace(b"\n", blank.encode() + b"\n")
    assert (wrong(wrapped, bare), wrong(wrapped, padded)) == ([], [])
