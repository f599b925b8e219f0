"""Agreement with two other parsers on every mail of the corpus (P16): the standard library's and a Rust one.

From, To, Cc, Subject and Message-ID are compared. What differs is listed in `data/differential.json` by reason, case by
case and field by field; a difference that is not listed fails, and so does a listed one that is gone. The corpus holds
many mails that are broken on purpose, and there the three may well differ; on mail that a program really wrote they
may not.
"""

import json
from collections.abc import Callable, Mapping
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import bcclog_fixtures
import fast_mail_parser
import pytest

import bcclog

LISTED = json.loads((Path(__file__).parent / "data" / "differential.json").read_text("utf-8"))
FIELDS = ("from", "to", "cc", "subject", "message_id")
BY_PROGRAMS = ("forward", "forward-attached", "chain", "redirect", "not-forward")
"""Kinds of cases whose mails were written by mail programs, or as they write."""

MOST_BYTES = 2**19
"""Larger mails are about cost and limits, and nobody else has those limits."""


def one_line(text: str | None) -> str | None:
    return " ".join(text.split()) if text else None


def ours(raw: bytes) -> dict[str, Any]:
    message = bcclog.parse(raw)
    found: dict[str, Any] = {
        name: [address.email for address in addresses if address.email]
        for name, addresses in (("from", message.from_), ("to", message.to), ("cc", message.cc))
    }
    return found | {"subject": one_line(message.subject), "message_id": message.message_id}


def one_id(text: str | None) -> str | None:
    return text.strip().strip("<>") or None if text else None


def standard_library(raw: bytes) -> dict[str, Any]:
    message = message_from_bytes(raw, policy=policy.default)
    found: dict[str, Any] = {
        name: [
            address.addr_spec
            for field in message.get_all(name) or ()
            for address in field.addresses
            if address.addr_spec and address.domain
        ]
        for name in ("from", "to", "cc")
    }
    subject, message_id = message["subject"], message["message-id"]
    return found | {
        "subject": one_line(subject),
        "message_id": one_id(None if message_id is None else str(message_id)),
    }


def rust(raw: bytes) -> dict[str, Any]:
    mail = fast_mail_parser.parse_email(raw)
    ids = next((values for name, values in mail.headers.items() if name.lower() == "message-id"), [])
    sender = [mail.from_] if mail.from_ is not None else []
    found: dict[str, Any] = {
        name: [address.address for address in addresses or () if address.address]
        for name, addresses in (("from", sender), ("to", mail.to), ("cc", mail.cc))
    }
    return found | {"subject": one_line(mail.subject), "message_id": one_id(ids[0] if ids else None)}


# What the others raise on the mails listed as `raises`.
RAISED: dict[str, tuple[type[Exception], ...]] = {
    "standard_library": (IndexError, RecursionError, ValueError),
    "rust": (fast_mail_parser.ParseError,),
}
PARSERS: dict[str, Callable[[bytes], Mapping[str, Any]]] = {"standard_library": standard_library, "rust": rust}


def differences(name: str) -> dict[str, list[str]]:
    """Case -> fields that differ; `raises` where the other parser gave up."""
    found: dict[str, list[str]] = {}
    for case in bcclog_fixtures.cases():
        if len(case.raw) > MOST_BYTES:
            continue
        try:
            theirs = PARSERS[name](case.raw)
        except RAISED[name]:
            found[case.id] = ["raises"]
            continue
        mine = ours(case.raw)
        differ = [field for field in FIELDS if (mine[field] or theirs[field]) and mine[field] != theirs[field]]
        if differ:
            found[case.id] = differ
    return found


@pytest.mark.parametrize("name", PARSERS)
def test_P16_every_difference_is_listed_with_its_reason(name: str) -> None:
    listed = {case: fields for cases in LISTED[name].values() for case, fields in cases.items()}
    assert differences(name) == listed
    assert sum(map(len, LISTED[name].values())) == len(listed)


@pytest.mark.parametrize("name", PARSERS)
def test_P16_no_mail_that_a_program_wrote_is_read_otherwise(name: str) -> None:
    listed = [case for cases in LISTED[name].values() for case in cases]
    assert [case for case in listed if case.startswith(tuple(f"{kind}/" for kind in BY_PROGRAMS))] == []
    assert len(listed) < 0.02 * sum(1 for _ in bcclog_fixtures.cases())
