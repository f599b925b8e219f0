"""The date of a forwarded block whose day and month the numbers leave open (R30)."""

import email
import email.policy
from datetime import datetime

import pytest

from bcclog import Code, Forward, explain, plan, rebuild, unwrap
from builders import LOG, account, directory, forward, mail, multipart

BLOCK = (
    "-----Original Message-----\r\n"
    "From: Kim Kaufmann <kim@customer.example>\r\n"
    "Sent: {date}\r\n"
    "To: Rosa Rep <rosa@ourco.example>\r\n"
    "Subject: Offer\r\n"
)


def read(written: str) -> Forward:
    """A forward of Monday, 2 March 2026."""
    found = unwrap(forward(block=BLOCK.format(date=written), subject="FW: Offer"))
    assert isinstance(found, Forward)
    return found


def readings(found: Forward) -> list[str]:
    return [lost.what for reason in found.warnings if reason.code is Code.WARN_DATE_ORDER for lost in reason.lost]


def test_a_forward_is_later_than_its_original() -> None:
    """12 February, since 2 December is yet to come."""
    found = read("12/02/2026 08:15")
    assert found.original.sent_at == datetime(2026, 2, 12, 8, 15)
    assert readings(found) == []
    assert Code.WARN_DATE_NO_ZONE in [reason.code for reason in found.warnings]


def test_what_stays_open_is_reported_with_both_readings() -> None:
    found = read("01/02/2026 08:15")
    both = {"2026-01-02T08:15:00", "2026-02-01T08:15:00"}
    taken = {found.original.sent_at.isoformat()} if found.original.sent_at else set()
    assert {*readings(found), *taken} == both


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("Sunday, February 1, 2026", ["warn.date.no_zone", "warn.date.no_time"]),
        ("13/01/2026", ["warn.date.no_zone", "warn.date.no_time"]),
        ("01/02/2026", ["warn.date.order", "warn.date.no_time"]),
        ("1 February 2026 GMT+0100", ["warn.date.no_time"]),
        ("Sunday, February 1, 2026 12:00 AM", ["warn.date.no_zone"]),
    ],
)
def test_R30_a_day_without_a_time_says_so(written: str, codes: list[str]) -> None:
    """Midnight stands in for the time that nobody wrote."""
    found = read(written)
    assert found.original.sent_at is not None
    assert (found.original.sent_at.hour, found.original.sent_at.minute) == (0, 0)
    assert [reason.code.value for reason in found.warnings if reason.code.value.startswith("warn.date")] == codes


def test_R30_a_day_is_shown_as_a_day_and_rebuilt_without_a_date_field() -> None:
    raw = forward(block=BLOCK.format(date="Sunday, February 1, 2026 GMT+0100"), subject="FW: Offer")
    made = plan(raw, account=account(), directory=directory(), recipient=LOG)
    assert Code.WARN_DATE_NO_TIME in [reason.code for reason in made.warnings]
    found = unwrap(raw)
    assert isinstance(found, Forward)
    shown = explain.to_text(raw, None, found)
    assert "  sent       2026-02-01 (no time of day)" in shown
    assert any("warn.date.no_time" in line for line in shown)
    again = email.message_from_bytes(rebuild(found), policy=email.policy.default)
    assert again["Date"] is None
    assert again["X-Bcclog-Reconstructed"].endswith("; local-date=2026-02-01")


def test_R30_the_date_fields_of_a_mail_and_of_an_attached_message_say_it_too() -> None:
    inner = mail(from_="Kim <kim@customer.example>", date="1 Feb 2026")
    field, body = multipart(("Content-Type: message/rfc822", inner))
    raw = mail(field, subject="Fwd: Offer", body=body, date="Mon, 2 Mar 2026")
    found = unwrap(raw)
    assert isinstance(found, Forward)
    assert [reason.code.value for reason in found.warnings] == ["warn.date.no_zone", "warn.date.no_time"]
    made = plan(raw, account=account(), directory=directory(), recipient=LOG)
    assert [
        (reason.code.value, [one.where for one in reason.evidence])
        for reason in made.warnings
        if reason.code.value.startswith("warn.date")
    ] == [
        ("warn.date.no_zone", ["attachment"]),
        ("warn.date.no_time", ["attachment"]),
        ("warn.date.no_zone", ["header"]),
        ("warn.date.no_time", ["header"]),
    ]


def test_R30_what_is_uncertain_about_a_deeper_message_is_said_with_its_place() -> None:
    inner = BLOCK.format(date="Sunday, February 1, 2026").replace("From: Kim", "From: Ida")
    outer = BLOCK.format(date="Mon, 2 Mar 2026 09:15:00 +0100").replace("Offer", "FW: Offer")
    raw = forward(block=outer, text=f"See below.\r\n\r\n{inner}\r\nHello", subject="FW: FW: Offer", html=False)
    found = unwrap(raw)
    assert isinstance(found, Forward) and len(found.chain) == 1
    lines = raw.decode().replace("\r\n", "\n")
    place = lines.index("Sent: Sunday") - lines.index("Please log this.")
    said = {reason.code: [one.span for one in reason.evidence if one.field == "date"] for reason in found.warnings}
    assert set(said) == {Code.WARN_DATE_NO_ZONE, Code.WARN_DATE_NO_TIME}
    assert [span.start for spans in said.values() for span in spans if span] == [place, place]


def test_R30_what_is_uncertain_about_a_date_rests_on_its_line() -> None:
    found = read("01/02/2026")
    assert [(reason.code, [one.field for one in reason.evidence]) for reason in found.warnings] == [
        (Code.WARN_DATE_ORDER, ["date"]),
        (Code.WARN_DATE_NO_TIME, ["date"]),
    ]


def test_a_deeper_message_of_two_authors_is_said_to_be_incomplete() -> None:
    inner = BLOCK.format(date="Sun, 1 Feb 2026 09:15:00 +0100").replace(
        "example>", "example>; Bo <bo@other.example>", 1
    )
    outer = BLOCK.format(date="Mon, 2 Mar 2026 09:15:00 +0100").replace("Offer", "FW: Offer")
    found = unwrap(forward(block=outer, text=f"\r\n{inner}\r\nHello", subject="FW: FW: Offer", html=False))
    assert isinstance(found, Forward) and len(found.chain) == 1
    (deeper,) = found.chain
    assert (deeper.from_, deeper.subject, len(deeper.to)) == (None, "Offer", 1)
    assert [reason.code for reason in found.warnings] == [Code.WARN_FORWARD_CHAIN_INCOMPLETE]


def test_R30_the_dates_of_all_attached_messages_are_spoken_of() -> None:
    dates = "Sun, 1 Feb 2026 09:15:00 +0100", "1 Feb 2026"
    inner = [mail(from_="Kim <kim@customer.example>", date=date) for date in dates]
    field, body = multipart(*(("Content-Type: message/rfc822", one) for one in inner))
    found = unwrap(mail(field, subject="Fwd: Offer", body=body))
    assert isinstance(found, Forward)
    assert [(reason.code, [one.part for one in reason.evidence]) for reason in found.warnings] == [
        (Code.WARN_DATE_NO_ZONE, [2]),
        (Code.WARN_DATE_NO_TIME, [2]),
    ]
