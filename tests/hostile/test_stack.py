"""How deep the stack goes (P4): 150 frames above the caller are enough for any mail."""

import inspect
import sys
from collections.abc import Callable

import pytest

from bcclog import PERMISSIVE, Forward, plan, rebuild, unwrap
from builders import BCC, LOG, account, directory, mail
from hostile.generators import ATTACKS

ACCOUNT = account(policy=PERMISSIVE)
FRAMES = 150


def in_small_stack(work: Callable[[], object]) -> None:
    """Run with so many frames to spare and no more."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + FRAMES)
    try:
        work()
    finally:
        sys.setrecursionlimit(before)


def test_a_stack_this_small_does_stop_a_recursion() -> None:
    def deep(n: int) -> int:
        return 0 if n == 0 else 1 + deep(n - 1)

    with pytest.raises(RecursionError):
        in_small_stack(lambda: deep(FRAMES + 10))


@pytest.mark.parametrize("name", ATTACKS)
def test_P4_a_hundred_and_fifty_frames_are_enough(name: str) -> None:
    raw = ATTACKS[name].build(2**14)
    for warm in (mail(), raw):  # what is loaded on first use may go deeper, once
        plan(warm, account=ACCOUNT, directory=directory(), recipient=LOG)
        unwrap(warm).to_dict()

    def work() -> None:
        for recipient in (BCC, LOG):
            plan(raw, account=ACCOUNT, directory=directory(), recipient=recipient).to_json()
        found = unwrap(raw)
        found.to_dict()
        if isinstance(found, Forward):
            rebuild(found)

    in_small_stack(work)
