"""The cost of any mail grows with its bytes, on both routes and through `unwrap`, whatever the mail holds (P2)."""

from collections.abc import Callable
from time import process_time

import pytest
from attrs import evolve

import bcclog
import bcclog.explain
from bcclog import PERMISSIVE, Forward, Limits, plan, rebuild, unwrap
from builders import BCC, LOG, account, directory
from hostile.generators import ATTACKS, Attack

ACCOUNT = account(policy=PERMISSIVE, authserv_ids=["mx.ourco.example"], never_log=["listed.example"])
WIDE = account(
    policy=evolve(PERMISSIVE, limits=Limits(max_fields=2**27, max_header_bytes=2**27, max_addresses=2**27)),
)
SMALL, LARGE = 2**14, 2**16
LOWEST = 0.03
"""Seconds below which the clock of a busy machine says nothing of growth."""


def read(raw: bytes) -> None:
    """All that a caller can ask of a mail on the forwarding route."""
    plan(raw, account=ACCOUNT, directory=directory(), recipient=LOG).to_json()
    found = unwrap(raw)
    found.to_dict()
    if isinstance(found, Forward):
        assert found.original.reply is not None
        rebuild(found)


def log(raw: bytes) -> None:
    """The BCC route."""
    found = plan(raw, account=ACCOUNT, directory=directory(), recipient=BCC)
    found.to_json()
    if found.body is not None:
        assert (found.body.text, found.body.html) != ("", "")


def cost(work: Callable[[], object], times: int) -> float:
    """The best of so many runs in seconds."""
    best = float("inf")
    for _ in range(times):
        start = process_time()
        work()
        best = min(best, process_time() - start)
    return best


def assert_linear(work: Callable[[bytes], None], attack: Attack) -> None:
    """Four times the bytes in about four times the time, and no reading slower than a mebibyte in two seconds (P2)."""
    large = attack.build(LARGE)
    first = cost(lambda: work(large), 1)
    allowed = 10 * LOWEST + 6 * len(large) / 2**20  # `read` reads a mail three times
    if first <= LOWEST:
        return
    small = attack.build(SMALL)
    slow = first
    for _ in range(0 if first > 10 * allowed else 4):  # a pause of the machine is no growth
        slow = cost(lambda: work(large), 3)
        if slow <= allowed and slow <= LOWEST + 6 * cost(lambda: work(small), 3):
            return
    pytest.fail(f"{len(large)} bytes took {slow:.3f} s")


@pytest.mark.parametrize("name", ATTACKS)
def test_P2_what_is_forwarded_is_read_in_linear_time(name: str) -> None:
    assert_linear(read, ATTACKS[name])


@pytest.mark.parametrize("name", ATTACKS)
def test_P2_what_is_copied_is_read_in_linear_time(name: str) -> None:
    assert_linear(log, ATTACKS[name])


def explain(raw: bytes) -> None:
    """The page for a person, which shows the mail itself."""
    reading = bcclog.read(raw, account=ACCOUNT, recipient=LOG)
    bcclog.explain.to_html(raw, bcclog.decide(reading, directory=directory()), reading)


@pytest.mark.parametrize("name", [name for name, attack in ATTACKS.items() if not attack.is_header])
def test_P2_what_is_forwarded_is_explained_in_linear_time(name: str) -> None:
    assert_linear(explain, ATTACKS[name])


@pytest.mark.parametrize("name", [name for name, attack in ATTACKS.items() if attack.is_header])
def test_P2_without_the_limits_of_headers_the_growth_is_the_same(name: str) -> None:
    def work(raw: bytes) -> None:
        plan(raw, account=WIDE, directory=directory(), recipient=BCC).to_json()

    assert_linear(work, ATTACKS[name])


@pytest.mark.parametrize("name", [name for name, attack in ATTACKS.items() if not attack.is_header])
def test_P2_a_mebibyte_of_anything_takes_at_most_two_seconds(name: str) -> None:
    raw = ATTACKS[name].build(2**20)
    for _ in range(3):
        slow = cost(lambda: plan(raw, account=ACCOUNT, directory=directory(), recipient=LOG), 1)
        if slow <= 2:
            return
    pytest.fail(f"{slow:.1f} s")


@pytest.mark.parametrize("name", [name for name, attack in ATTACKS.items() if not attack.is_header])
def test_P2_ten_mebibytes_of_anything_take_at_most_twenty_seconds(name: str) -> None:
    raw = ATTACKS[name].build(10 * 2**20)
    assert cost(lambda: plan(raw, account=ACCOUNT, directory=directory(), recipient=LOG), 1) <= 20
