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


def image(content_id: str) -> tuple[str, str]:
    return f"Content-Type: image/png\nContent-Transfer-Encoding: base64\nContent-ID: <{content_id}>", "iVBORw0KGgo="


def shown_and_attached(raw: bytes) -> tuple[list[str], list[str]]:
    """The Content-IDs of a rebuilt message's images beside its HTML, and of those that are files."""
    forward = bcclog.unwrap(raw)
    assert isinstance(forward, bcclog.Forward)
    message = email.message_from_bytes(bcclog.rebuild(forward), policy=email.policy.default)
    related = [part for part in message.walk() if part.get_content_type() == "multipart/related"]
    inline = [str(part["Content-ID"]) for one in related for part in one.walk() if part["Content-ID"]]
    return inline, [str(part["Content-ID"]) for part in message.walk() if part["Content-ID"] not in (None, *inline)]


def with_images(comment: str, body: str, *content_ids: str) -> bytes:
    rows = BLOCK.replace("<", "&lt;").replace(">", "&gt;").replace("\r\n", "<br>")
    html = f'<div>{comment}<div class="gmail_quote"><div class="gmail_attr">{rows}</div><br>{body}</div></div>'
    field, content = builders.multipart(
        ("Content-Type: text/html; charset=utf-8", html), *map(image, content_ids), subtype="related"
    )
    return builders.mail("MIME-Version: 1.0", field, to=builders.LOG, subject="Fwd: Re: Offer", body=content)


def test_R19_the_forwarders_own_images_are_not_the_originals() -> None:
    raw = with_images('FYI <img src="cid:logo@o">', 'Hi <img src="cid:photo@x">', "logo@o", "photo@x", "other@x")
    assert shown_and_attached(raw) == (["<photo@x>"], ["<other@x>"])


def test_R19_an_image_that_both_show_is_the_originals_too() -> None:
    raw = with_images('FYI <img src="cid:logo@o">', 'Hi <img src="cid:logo@o">', "logo@o")
    assert shown_and_attached(raw) == (["<logo@o>"], [])


@pytest.mark.parametrize(
    ("source", "content_id", "is_shown"),
    [
        ('<img src="cid:pic%202@x">', "pic 2@x", True),
        ("<img src='CID:pic@x'>", "pic@x", True),
        ('<img src="cid:a&amp;b@x">', "a&b@x", True),
        ("<div style='background:url(cid:pic@x)'>", "pic@x", True),
        ('<img src="cid:pic10@x">', "pic1", False),
        ('<img src="cid:pic10@x">', "0@x", False),
    ],
)
def test_R19_an_image_is_shown_where_the_html_names_it_whole(source: str, content_id: str, is_shown: bool) -> None:
    found = shown_and_attached(with_images("FYI", f"Hi {source}", content_id))
    assert found == (([f"<{content_id}>"], []) if is_shown else ([], [f"<{content_id}>"]))


def test_an_image_between_two_texts_comes_back() -> None:
    plain = "Content-Type: text/plain; charset=utf-8"
    field, content = builders.multipart(
        (plain, f"{BLOCK}\r\nBefore\r\n"),
        ("Content-Type: image/png\nContent-Transfer-Encoding: base64\nContent-ID: <mid@x>", "iVBORw0KGgo="),
        (plain, "Behind\r\n"),
    )
    raw = builders.mail("MIME-Version: 1.0", field, to=builders.LOG, subject="Fwd: Re: Offer", body=content)
    assert shown_and_attached(raw) == ([], ["<mid@x>"])
