"""Address lists built to cost more than their size (T17, T21, T28, T61): 4n characters in about 4 times the time of n."""

from collections.abc import Callable
from time import process_time

import pytest

from bcclog._people.address import parse_header_list, sender_of
from bcclog._people.block_addresses import parse_block_list, split_on_behalf
from bcclog._people.normal import has_broken_idna, normalize, skeleton
from bcclog.policy import Limits

LIMITS = Limits()
WIDE = Limits(max_addresses=2**27, max_encoded_words=2**27, max_comment_depth=2**27)
"""Without the caps that would hide a cost that grows too fast."""
TOKENS = (
    '"', '\\"', '"\\', '"\\",', '"a",', "(", ")", "()", "(\\", "<", ">", "<<", "<a", "<a@b<", "@", "a@", "@a", "a@b@", "a@b,", "a@b.c;", ".", ".a",
    ",", ";", ":", "a:", "a:;", "[", "[a", "[\\", "a", "a ", " ", "\t", "\r\n ", "\\", "=?", "=?a?q?a?=", "=?a?q?a?= ", "<a@b>", "<a@b>,", "(a@b)",
    "[a@b]", "[mailto:", "@a:", "<@a,", '"a" <', "'", "“", "é", "é@", "\u200e", "，", "；", "＠", "im auftrag von ", '"x" on behalf of ', "\0", "*",
)  # fmt: skip
FUNCTIONS: dict[str, Callable[[str], object]] = {
    "header": lambda text: parse_header_list(text, WIDE),
    "header within limits": lambda text: parse_header_list(text, LIMITS),
    "sender": lambda text: sender_of(text, LIMITS),
    "block": lambda text: parse_block_list(text, WIDE),
    "on behalf": split_on_behalf,
    "normal form": normalize,
    "domain": lambda text: normalize("a@" + text),
    "broken idna": has_broken_idna,
    "looks": skeleton,
}
SIZE = 2**13


def cost(function: Callable[[str], object], text: str) -> float:
    start = process_time()
    function(text)
    return process_time() - start


@pytest.mark.parametrize(
    ("name", "before"),
    [(name, "") for name in FUNCTIONS]
    + [(name, before) for name in ("header", "block") for before in ('"', "(", "Kim <", "<a@b.c> ")],
)
def test_T61_lists_of_any_repeated_token_are_read_in_linear_time(name: str, before: str) -> None:
    function = FUNCTIONS[name]
    slow = []
    for token in TOKENS:
        text = before + token * (SIZE // len(token)) + "\x01"
        if cost(function, text + text[len(before) :] * 3) < 0.01:
            continue
        # A pause of the machine is not a growth: the best of three.
        small = min(cost(function, text) for _ in range(3))
        large = min(cost(function, text + text[len(before) :] * 3) for _ in range(3))
        if large > 7 * small + 0.02:
            slow.append((token, small, large))
    assert slow == []


@pytest.mark.parametrize("token", ["<", "(", '"', ",", "a@b.example,", "=?utf-8?q?a?= ", "a@", "<a@b>"])
def test_T28_a_field_of_the_greatest_size_costs_less_than_a_second(token: str) -> None:
    text = token * (LIMITS.max_field_bytes // len(token))
    assert cost(lambda text: parse_header_list(text, LIMITS), text) < 1
    assert cost(parse_block_list, text) < 2
