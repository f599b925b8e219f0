"""`rebuild`: the original as a message again."""

import email
import email.policy

import bcclog_fixtures
import pytest

import bcclog
import builders
from builders import BLOCK


@pytest.mark.bcclog_corpus(kind="forward", client="roundcube", locale="de-DE")
def test_an_inline_original_says_the_same_as_the_forward(case: bcclog_fixtures.Case) -> None:
    forward = bcclog.unwrap(case.raw)
    assert isinstance(forward, bcclog.Forward)
    raw = bcclog.rebuild(forward)
    again = bcclog.parse(raw)
    original = forward.original
    assert again.from_ == ((original.from_,) if original.from_ else ())
    assert (again.to, again.cc, again.reply_to) == (original.to, original.cc, original.reply_to)
    assert (again.subject or None) == original.subject
    assert (again.text_body or "").split() == (original.text or "").split()
    assert (again.html_body or "").split() == (original.html or "").split()
    assert again.has_field("x-bcclog-reconstructed")
    assert bcclog.rebuild(forward) == raw


@pytest.mark.bcclog_corpus(kind="forward-attached")
def test_an_attached_original_comes_back_as_it_was(case: bcclog_fixtures.Case) -> None:
    forward = bcclog.unwrap(case.raw)
    assert isinstance(forward, bcclog.Forward)
    again = bcclog.parse(bcclog.rebuild(forward))
    assert again.from_[0] == forward.original.from_
    assert not again.has_field("x-bcclog-reconstructed")


def test_files_come_back_with_the_message() -> None:
    [case] = [
        case
        for case in bcclog_fixtures.cases(kind="forward", client="roundcube", locale="de-DE")
        if case.name.startswith("html-attachment-and-inline-image")
    ]
    forward = bcclog.unwrap(case.raw)
    assert isinstance(forward, bcclog.Forward)
    message = email.message_from_bytes(bcclog.rebuild(forward), policy=email.policy.default)
    kinds = [part.get_content_type() for part in message.walk()]
    assert "text/plain" in kinds and "text/html" in kinds
    assert any(kind.startswith("image/") for kind in kinds)


@pytest.mark.parametrize(
    ("written", "rebuilt"),
    [
        ("joerg@müller.example", "joerg@xn--mller-kva.example"),
        ("jörg@müller.example", "jörg@xn--mller-kva.example"),
        ("jörg@customer.example", "jörg@customer.example"),
    ],
)
def test_R31_addresses_beyond_ascii_come_back_with_all_others_of_their_field(written: str, rebuilt: str) -> None:
    block = BLOCK.replace("Kim Kaufmann <kim@customer.example>", f"Jörg Müßig <{written}>")
    block = block.replace("To: ", f"To: Jörg Müßig <{written}>, ")
    forward = bcclog.unwrap(builders.forward(block=block))
    assert isinstance(forward, bcclog.Forward)
    again = bcclog.parse(bcclog.rebuild(forward))
    joerg = bcclog.EmailAddress("Jörg Müßig", rebuilt)
    assert (again.from_, again.to) == ((joerg,), (joerg, bcclog.EmailAddress("Rosa Rep", "rosa@ourco.example")))
