"""Duplicate keys (R29, T52)."""

import base64
import hashlib
import quopri

import pytest

from bcclog import Keys, plan
from builders import BCC, BLOCK, LOG, account, directory, forward, mail, multipart

TEXT = "Thank you, that suits us well. Größe 7 – fine.\r\n\r\n> older\r\nKim\r\n"


def keys(raw: bytes, recipient: str = BCC) -> Keys:
    return plan(raw, account=account(), directory=directory(), recipient=recipient).keys


def same(one: Keys, two: Keys) -> tuple[bool, bool, bool]:
    return (
        one.message_id == two.message_id,
        one.fingerprint == two.fingerprint,
        one.any_route == two.any_route,
    )


def test_R29_keys_are_sha256_in_hexadecimal():
    found = keys(mail())
    for key in (found.message_id, found.fingerprint, found.any_route):
        assert key is not None
        assert len(bytes.fromhex(key)) == 32
    assert len({found.message_id, found.fingerprint, found.any_route}) == 3


def test_R29_the_keys_are_these():
    """Keys are stored by callers: a change of this test is a change for them."""
    time, letters = "2026-03-02T08:15:00+00:00", "hellokimhereistheoffer"
    assert keys(mail()) == Keys(
        message_id=digest("message_id.1", "m1@ourco.example", "rosa@ourco.example", time, "offer"),
        fingerprint=digest("fingerprint.1", "rosa@ourco.example", time, "offer", letters),
        any_route=digest("any_route.1", "rosa@ourco.example", "0", "offer", letters),
    )


def digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@pytest.mark.parametrize("name", ["\n", "\r"])
def test_P9_line_ends_do_not_matter(name: str):
    raw = mail(body=TEXT)
    assert keys(raw.replace(b"\r\n", name.encode())) == keys(raw)


def encoded(body: bytes, cte: str) -> bytes:
    return mail("Content-Type: text/plain; charset=utf-8", f"Content-Transfer-Encoding: {cte}", body=body)


@pytest.mark.parametrize("text", [TEXT, TEXT * 200, "é" * 5_000, "x" * 5_000, "\r\n" * 50 + TEXT])
def test_P9_the_transfer_encoding_does_not_matter(text: str):
    data = text.encode()
    plain = keys(encoded(data, "8bit"))
    assert keys(encoded(base64.encodebytes(data), "base64")) == plain
    assert keys(encoded(quopri.encodestring(data), "quoted-printable")) == plain


def test_the_character_set_and_the_form_of_an_accent_do_not_matter():
    plain = keys(mail("Content-Type: text/plain; charset=utf-8", body="Größe".encode()))
    assert keys(mail("Content-Type: text/plain; charset=iso-8859-1", body="Größe".encode("latin-1"))) == plain
    assert keys(mail("Content-Type: text/plain; charset=utf-8", body="Gro\u0308ße".encode())) == plain


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"from_": "Pat <pat@ourco.example>"}, (False, False, False)),
        ({"date": "Mon, 02 Mar 2026 09:16:00 +0100"}, (False, False, False)),
        ({"date": "Mon, 02 Mar 2026 09:15:01 +0100"}, (False, False, True)),
        ({"date": "Mon, 02 Mar 2026 08:15:00 +0000"}, (True, True, True)),
        ({"subject": "Another"}, (False, False, False)),
        ({"subject": "Re: Offer"}, (False, False, True)),
        ({"message_id": "<m2@ourco.example>"}, (False, True, True)),
        ({"body": "Something else"}, (True, False, False)),
    ],
)
def test_T52_a_message_id_alone_makes_no_two_mails_one(changed: dict[str, str], expected: tuple[bool, bool, bool]):
    assert same(keys(mail()), keys(mail(**changed))) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize("message_id", [None, "<>", "", "<a b>", "<a><b>", f"<{'x' * 100_000}>"])
def test_T52_without_one_message_id_there_is_no_such_key(message_id: str | None):
    found = keys(mail(message_id=message_id))
    assert found.message_id is None
    assert found.fingerprint is not None


def test_T52_two_message_ids_are_none():
    assert keys(mail("Message-ID: <other@x.example>")).message_id is None


def test_a_refused_mail_has_no_keys():
    assert keys(mail(from_=None)) == Keys()


ORIGINAL = mail(
    "Content-Type: text/plain; charset=utf-8",
    from_="Kim Kaufmann <kim@customer.example>",
    to="Rosa Rep <rosa@ourco.example>",
    subject="Re: Offer",
    date="Mon, 02 Mar 2026 09:15:42 +0100",
    message_id="<k1@customer.example>",
    body=TEXT,
)


def test_R29_the_any_route_key_is_equal_through_a_forward_and_through_sync():
    """A forward gives local time without zone or seconds, a prefix in the subject, and the text rewrapped."""
    from bcclog import parse
    from bcclog._decide.keys import duplicate_keys, text_head

    message = parse(ORIGINAL)
    synced = duplicate_keys(
        author="kim@customer.example",
        message_id=message.message_id,
        sent_at=message.sent_at,
        subject=message.subject,
        letters=text_head(message.index),
    )
    wrapped = TEXT.replace(", ", ",\r\n")
    by_block = keys(forward(block=BLOCK.replace("9:15 AM", "3:15 AM"), text=wrapped), LOG)
    assert by_block.any_route == synced.any_route
    assert by_block.fingerprint != synced.fingerprint
    field, body = multipart(("Content-Type: message/rfc822", ORIGINAL))
    attached = keys(mail(field, to=LOG, subject="Fwd: Offer", body=body), LOG)
    assert attached == synced


@pytest.mark.parametrize(
    "prefix", ["Re: ", "AW: ", "回复：", "Fwd: Re: ", "RE[2]: ", "[Fwd: ", "Réf : ", "Doorst: Antw: "]
)
def test_R29_prefixes_of_any_language_do_not_matter_on_any_route(prefix: str):
    assert keys(mail(subject=f"{prefix}Offer")).any_route == keys(mail()).any_route


def test_html_only_mail_has_letters_too():
    source = "<html><head><title>t</title><style>p{x:y}</style></head><body><p>Hello <b>Kim</b>,</p></body></html>"
    plain = keys(mail(body="Hello Kim,"))
    assert keys(mail("Content-Type: text/html", body=source)).any_route == plain.any_route
