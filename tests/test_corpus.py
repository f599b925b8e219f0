"""Every case of the corpus, through the door that other suites use: the pytest plugin and the comparison of `bcclog_fixtures`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import bcclog_fixtures
import jsonschema
import pytest

import bcclog
from bcclog import config

ROOT = Path(__file__).parent.parent
SCHEMAS = {
    name: jsonschema.Draft202012Validator(
        json.loads((ROOT / "src" / "bcclog" / "data" / "schema" / f"{name}.schema.json").read_text("utf-8"))
    )
    for name in ("plan", "unwrapped")
}
EXAMPLE = config.load(ROOT / "docs" / "account.example.toml")


def setting(given: Mapping[str, Any]) -> tuple[bcclog.Account, bcclog.MemoryDirectory]:
    """The account and directory of a case: the README's, or its own."""
    own = {
        key: value
        for key, value in given.items()
        if key in ("account", "options", "users", "team_addresses", "contacts")
    }
    if not own:
        return EXAMPLE
    account = {"domains": ["ourco.example"], "bcc_addresses": ["bcc@in.crm.example"],
               "forwarding_addresses": ["log@in.crm.example"], "drop_domains": ["in.crm.example"], **own.pop("account", {})}  # fmt: skip
    users = own.pop("users", [{"id": "u1", "name": "Rosa Rep", "address": "rosa@ourco.example"}])
    return config.from_data({"account": account, "users": users, **own})


def answer(raw: bytes, given: Mapping[str, Any], expect: Mapping[str, Any]) -> dict[str, Any]:
    """What bcclog says of a case; a plan is made of every case, and all of it is held to the published schemas."""
    result: dict[str, Any] = {}
    if "unwrap" in expect:
        result["unwrap"] = bcclog.unwrap(raw).to_dict()
        SCHEMAS["unwrapped"].validate(result["unwrap"])
    account, directory = setting(given)
    plan = bcclog.plan(raw, account=account, directory=directory, recipient=given.get("recipient"))
    result["plan"] = plan.to_dict()
    SCHEMAS["plan"].validate(result["plan"])
    assert plan.code is not bcclog.Code.REFUSE_INTERNAL
    return result


def wrong(case: bcclog_fixtures.Case | bcclog_fixtures.Variant) -> list[str]:
    """Where the answer is not what the case, or a variant of one, expects."""
    found = answer(case.raw, case.given, case.expect)
    return [
        line
        for key, place in (("unwrap", ""), ("plan", "plan"))
        if key in case.expect
        for line in bcclog_fixtures.differences(case.expect[key], found[key], case.unspecified, place=place)
    ]


@pytest.mark.bcclog_corpus()
def test_case(case: bcclog_fixtures.Case) -> None:
    assert wrong(case) == []
