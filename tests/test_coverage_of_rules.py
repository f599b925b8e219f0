"""Every rule, every threat and every code has a case in the corpus that shows it.

Rules and threats are counted by what the sidecars name, codes by what they expect. The codes without a case are data
below, each with its reason, and the reasons are held to the code: an entry that is no longer true fails.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import bcclog_fixtures
import pytest

from bcclog import Code

SOURCE = Path(__file__).parent.parent / "src" / "bcclog"

NEVER_GIVEN = {
    Code.REFUSE_INTERNAL: "a fault of the library itself, which no known mail brings about (P1)",
}
"""Codes that nothing in the library gives."""
OUT_OF_SIGHT: dict[Code, str] = {}


@cache
def shown() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The rules, threats and codes of all cases."""
    rules: set[str] = set()
    threats: set[str] = set()
    codes: set[str] = set()
    for case in bcclog_fixtures.cases():
        rules.update(case.sidecar["rules"])
        threats.update(case.sidecar["threats"])
        codes.update(expected(case.expect))
    return frozenset(rules), frozenset(threats), frozenset(codes)


def expected(value: Any) -> Iterator[str]:
    """Every string that an expectation says must be there, in any depth."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key != "lacks":
                yield from expected(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from expected(inner)
    elif isinstance(value, str):
        yield value


def test_every_rule_has_a_case() -> None:
    assert [rule for rule in (f"R{number}" for number in range(1, 33)) if rule not in shown()[0]] == []


def test_every_threat_has_a_case() -> None:
    assert [threat for threat in (f"T{number}" for number in range(1, 89)) if threat not in shown()[1]] == []


def test_every_code_has_a_case_or_a_reason() -> None:
    without = {code for code in Code if code.value not in shown()[2]}
    assert without == {*NEVER_GIVEN, *OUT_OF_SIGHT}


@pytest.mark.parametrize("code", NEVER_GIVEN, ids=str)
def test_a_code_that_is_never_given_stands_in_no_code(code: Code) -> None:
    users = [path.name for path in SOURCE.rglob("*.py") if f"Code.{code.name}\n" in _words(path)]
    assert users == [], "it is given now: write a case and take the entry out"


def _words(path: Path) -> str:
    return "\n".join(re.split(r"[^\w.]+", path.read_text("utf-8"))) + "\n"


def test_codes_are_counted_by_what_must_be_there() -> None:
    plan = {"code": "a.b", "warnings": {"has": [{"code": "c.d"}], "lacks": [{"code": "e.f"}]}}
    assert sorted(expected({"plan": plan})) == ["a.b", "c.d"]
