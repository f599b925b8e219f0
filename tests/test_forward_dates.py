"""The date of a forwarded block whose day and month the numbers leave open (R30)."""

from datetime import datetime

from bcclog import Code, Forward, unwrap
from builders import forward

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
