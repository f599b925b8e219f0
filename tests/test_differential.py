"""Agreement with two other parsers (P16): the standard library's and a Rust one, over all mail there is.

The mail is every case of the corpus, 6,046 real mails, and the mails that CPython tests its own parser with
(`material.py`). Three comparisons:

- `structure`, with the standard library: every header field with its value, the tree of parts, every decoded body, in
  messages inside as well (reports and pieces of messages are one opaque part here and parsed as messages there);
- `standard_library`, its modern policy, and `rust`, fast-mail-parser: From, To, Cc, Subject, Message-ID.

What differs is listed in `data/differential.json` by reason, case by case and field by field. A difference that is not
listed fails, and so does a listed one that is gone. The corpus holds many mails that are broken on purpose, and there
the three may well differ; on mail that a program really wrote they may not.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from email import message_from_bytes, policy
from email.message import Message
from functools import cache
from pathlib import Path
from typing import Any

import bcclog_fixtures
import fast_mail_parser
import pytest

import bcclog
import material
from bcclog._mime.decode import decode_bytes
from bcclog._mime.scan import Index, scan
from bcclog.policy import Limits

LISTED = json.loads((Path(__file__).parent / "data" / "differential.json").read_text("utf-8"))
FIELDS = ("from", "to", "cc", "subject", "message_id")
BY_PROGRAMS = ("forward", "forward-attached", "chain", "redirect", "not-forward")
"""Kinds of cases whose mails were written by mail programs, or as they write."""

MOST_BYTES = 2**19
"""Larger mails are about cost and limits, and nobody else has those limits."""
LEAST = 0.995
"""Of all values of real mail that both parsers read, those that are equal."""


@cache
def mails() -> dict[str, bytes]:
    """Name -> mail; the corpus by its ids, the others behind `spam-assassin/` and `cpython/`."""
    corpus = {case.id: case.raw for case in bcclog_fixtures.cases()}
    found = {name: raw for name, raw in corpus.items() if len(raw) <= MOST_BYTES}
    for source in (material.spam_assassin, material.cpython):
        found.update({f"{source.__name__.replace('_', '-')}/{name}": raw for name, raw in source().items()})
    return found


def one_line(text: str | None) -> str | None:
    return " ".join(text.split()) if text else None


def one_id(text: str | None) -> str | None:
    return text.strip().strip("<>") or None if text else None


# --- the fields of one mail -----------------------------------------------------------------------------------------


def ours(raw: bytes) -> dict[str, Any]:
    message = bcclog.parse(raw)
    found: dict[str, Any] = {
        name: [address.email for address in addresses if address.email]
        for name, addresses in (("from", message.from_), ("to", message.to), ("cc", message.cc))
    }
    return found | {"subject": one_line(message.subject), "message_id": message.message_id}


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


# --- the structure of one mail --------------------------------------------------------------------------------------


def flatten(message: Message) -> list[Message]:
    """The parts in the order of the mail; a message inside is a leaf."""
    if not (message.is_multipart() and message.get_content_maintype() == "multipart"):
        return [message]
    inner = [part for part in message.get_payload() if isinstance(part, Message)]
    return [message, *(leaf for part in inner for leaf in flatten(part))]


def structure(raw: bytes) -> dict[str, Any]:
    """Ours: fields, types of parts, bodies; and the same of each message inside."""
    return _of_index(scan(raw, Limits()))


def _of_index(index: Index) -> dict[str, Any]:
    bodies: list[Any] = []
    for part in index.parts:
        if part.media_type == "message/rfc822":
            bodies.append(structure(decode_bytes(part.raw_body(), part.cte)[0]))
        elif not part.media_type.startswith(("multipart/", "message/")):
            bodies.append(decode_bytes(part.raw_body(), part.cte)[0])
    return {
        "fields": [
            (field[0].decode("latin-1"), one_line(index.field_bytes(field).decode("latin-1"))) for field in index.fields
        ],
        "tree": [part.media_type for part in index.parts],
        "bodies": bodies,
    }


def structure_of_standard_library(raw: bytes) -> dict[str, Any]:
    return _of_message(message_from_bytes(raw))


def _of_message(message: Message) -> dict[str, Any]:
    parts = flatten(message)
    bodies: list[Any] = []
    for part in parts:
        kind = part.get_content_type()
        if kind == "message/rfc822" and part.is_multipart():
            bodies.append(_of_message(part.get_payload(0)))
        elif not part.is_multipart() and not kind.startswith("message/"):
            bodies.append(part.get_payload(decode=True))
    return {
        "fields": [
            (name.lower(), one_line(value.encode("ascii", "surrogateescape").decode("latin-1")))
            for name, value in message.raw_items()
        ],
        "tree": [part.get_content_type() for part in parts],
        "bodies": bodies,
    }


# What the others raise on the mails listed as `raises`.
RAISED: dict[str, tuple[type[Exception], ...]] = {
    "structure": (RecursionError,),
    "standard_library": (IndexError, RecursionError, ValueError),
    "rust": (fast_mail_parser.ParseError,),
}
PARSERS: dict[str, tuple[Callable[[bytes], Mapping[str, Any]], Callable[[bytes], Mapping[str, Any]]]] = {
    "structure": (structure, structure_of_standard_library),
    "standard_library": (ours, standard_library),
    "rust": (ours, rust),
}


@cache
def differences(name: str) -> dict[str, list[str]]:
    """Mail -> what differs; `raises` where the other parser gave up."""
    mine, theirs = PARSERS[name]
    found: dict[str, list[str]] = {}
    for mail, raw in mails().items():
        try:
            other = theirs(raw)
        except RAISED[name]:
            found[mail] = ["raises"]
            continue
        own = mine(raw)
        differ = [key for key in own if (own[key] or other[key]) and own[key] != other[key]]
        if differ:
            found[mail] = differ
    return found


def listed(name: str) -> Iterator[tuple[str, list[str]]]:
    return ((mail, fields) for cases in LISTED[name].values() for mail, fields in cases.items())


@pytest.mark.parametrize("name", PARSERS)
def test_P16_every_difference_is_listed_with_its_reason(name: str) -> None:
    merged: dict[str, list[str]] = {}
    for mail, fields in listed(name):
        merged.setdefault(mail, []).extend(fields)
    assert {mail: sorted(fields) for mail, fields in differences(name).items()} == {
        mail: sorted(fields) for mail, fields in merged.items()
    }


# Encoded words stand side by side or before a colon, or cut a character in two, against RFC 2047; words stand behind a
# Message-ID. The standard library reads them as bcclog does; the Rust parser leaves them.
FAULTS_OF_CLIENTS = {"rust": {"sogo": "subject", "horde-imp": "subject", "meli": "subject", "balsa": "message_id"}}


@pytest.mark.parametrize("name", ["standard_library", "rust"])
def test_P16_no_mail_that_a_program_wrote_is_read_otherwise(name: str) -> None:
    kinds = tuple(f"{kind}/" for kind in BY_PROGRAMS)
    odd = [(mail, fields) for mail, fields in listed(name) if mail.startswith(kinds)]
    faults = FAULTS_OF_CLIENTS.get(name, {})
    assert [mail for mail, fields in odd if fields != [faults.get(mail.split("/")[1])]] == []
    own = {mail for mail in mails() if not mail.startswith(("spam-assassin/", "cpython/"))}
    broken = {mail for mail, _ in listed(name)} - {mail for mail, _ in odd}
    assert len(broken & own) < 0.02 * len(own)


@pytest.mark.parametrize("name", PARSERS)
def test_P16_real_mail_is_read_alike_in_all_but_one_value_of_two_hundred(name: str) -> None:
    real = [mail for mail in mails() if mail.startswith("spam-assassin/")]
    differ = {mail: fields for mail, fields in differences(name).items() if mail in set(real)}
    answered = [mail for mail in real if differ.get(mail) != ["raises"]]
    values = len(answered) * len(PARSERS[name][0](b""))
    unequal = sum(len(differ.get(mail, ())) for mail in answered)
    assert len(real) > 6_000
    assert 1 - unequal / values >= LEAST, (unequal, values)


def test_the_material_is_there() -> None:
    assert (len(material.spam_assassin()), len(material.cpython()) >= 45) == (6046, True)
