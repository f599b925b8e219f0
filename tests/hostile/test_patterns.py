"""Every compiled pattern of the package, timed on runs that a mail can hold (T61, P15).

A pattern may cost a constant more than its text: a window of a few hundred characters at each place. It may not cost
more for each character when there are more of them. Each is timed in the way the code uses it: a pattern that is only
ever matched at one place need not be fast at finding one.
"""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from time import process_time
from typing import Any

import pytest

import bcclog

UNITS = (
    "-", "_", " ", "\t", ">", "On ", "1", "a@", ".a", "=?", "<", "a", "A", ":", "a:", ": ", "\n", "\r\n ", "x\n", '"', '\\"', "'", "(", ")", "[", "]", "[a]",
    "&", "&#1;", "=", ";", "a=", "a=b ", ",", ".", "*", "/", "{", "}", ".a{", "</", "<a ", "<a b=", "<a b=c>", "<br>", "<style", "<head>", "=?a?q?a?=", "=?utf-8?q?a?= ",
    "Fwd: ", "a-", "X-", "é", "\u00a0", "：", "a : ", "\0", "+", "% ", "0.", "#", "xn--", "a@b.c ", "from:\n", "\nlist-", "\nreturn-path: ", "\ncontent-type:", "dmarc=", "--", "begin 644 ",
)  # fmt: skip
"""What is repeated; after it stands a character that makes most patterns fail."""
BEFORE = ("", "<", '"', "<a ", "a", "\n", ".", "<a b=")
AFTER = "\x01"
EXTRAS = {"bcclog.arrow", "bcclog.__main__"}
"""Shells around `plan` that need an extra or run when imported, and read no mail themselves."""
FIRST, SMALL = 8_000, 25_000
"""Characters of a first look, at which a pattern that is quadratic takes a tenth of a second, and of the comparison."""
SLOWEST = 2.0
"""Seconds for 100,000 characters, for any pattern; most take thousandths."""


def patterns() -> Iterator[tuple[str, "re.Pattern[Any]"]]:
    """Every pattern that stands in a module of bcclog, in its classes, or in a collection of either."""
    for info in pkgutil.walk_packages(bcclog.__path__, "bcclog."):
        if info.name in EXTRAS:
            continue
        module = importlib.import_module(info.name)
        for name, value in vars(module).items():
            yield from _found(f"{info.name}.{name}", value, 2)


def _found(name: str, value: object, depth: int) -> Iterator[tuple[str, "re.Pattern[Any]"]]:
    if isinstance(value, re.Pattern):
        yield name, value
    elif depth and isinstance(value, tuple | list | set | frozenset):
        for place, inner in enumerate(value):
            yield from _found(f"{name}[{place}]", inner, depth - 1)
    elif depth and isinstance(value, dict):
        for key, inner in value.items():
            yield from _found(f"{name}[{key!r}]", inner, depth - 1)
    elif depth and isinstance(value, type) and value.__module__.startswith("bcclog"):
        yield from _found(name, dict(vars(value)), depth - 1)


PATTERNS = dict(patterns())
SOURCE = Path(bcclog.__file__).parent
SOURCES = {
    ".".join(("bcclog", *path.relative_to(SOURCE).with_suffix("").parts)): path.read_text("utf-8")
    for path in SOURCE.rglob("*.py")
}
ANCHORED = {"match", "fullmatch"}
ALIASED = {"_TOKEN": "match", "_TOKEN_WITHOUT_QUOTES": "match"}
"""How patterns are used that the code calls by another name (`self.token`)."""
SHORT = {"_COUNTER": 40, "_WRITTEN": 64}
"""Characters at most that the code gives a pattern, where it cuts them off itself."""


def uses(name: str) -> set[str]:
    """The methods of the pattern that the code calls; a pattern may be reached through a tuple or under another name,
    and then counts as searched for."""
    module, _, short = name.partition("[")[0].rpartition(".")
    found = set(re.findall(rf"(?<!\w){short}\.(\w+)\(", SOURCES[module]))
    found |= {ALIASED[short]} if short in ALIASED else set()
    return {"match" if how in ANCHORED else "search" for how in found} or {"search"}


def cost(pattern: "re.Pattern[Any]", text: Any, how: str) -> float:
    """Seconds for all places where the pattern is in the text, or for one match at its start."""
    start = process_time()
    if how == "match":
        pattern.match(text)
        pattern.fullmatch(text)
    else:
        for _ in pattern.finditer(text):
            pass
    return process_time() - start


def adversarial(pattern: "re.Pattern[Any]", unit: str, before: str, size: int, most: int | None) -> Any:
    text = (before + unit * (size // len(unit)))[:most] + AFTER
    return text.encode() if isinstance(pattern.pattern, bytes) else text


def test_the_audit_sees_the_patterns_of_the_package() -> None:
    assert len(PATTERNS) > 60
    assert {
        "bcclog._lines.html._TAG",
        "bcclog._lines.css._ESCAPE",
        "bcclog._lines.elements._ATTRIBUTE",
        "bcclog._mime.header._NAMES",
    } <= set(PATTERNS)


@pytest.mark.parametrize("name", PATTERNS)
def test_P15_T61_a_pattern_takes_time_that_grows_with_its_text(name: str) -> None:
    pattern = PATTERNS[name]
    most = SHORT.get(name.rpartition(".")[2])
    how_used = sorted(uses(name))
    slow = []
    for before in BEFORE:
        for unit in UNITS:
            for how in how_used:
                first = cost(pattern, adversarial(pattern, unit, before, FIRST, most), how)
                if first < 0.005:
                    continue
                if first > SLOWEST:
                    slow.append((how, before, unit, first, first))
                    break
                small = adversarial(pattern, unit, before, SMALL, most)
                large = adversarial(pattern, unit, before, 4 * SMALL, most)
                for _ in range(6):  # a busy machine is no growth
                    one, four = cost(pattern, small, how), cost(pattern, large, how)
                    if four <= 6 * one + 0.01 and four <= SLOWEST:
                        break
                else:
                    slow.append((how, before, unit, one, four))
    assert slow == []
