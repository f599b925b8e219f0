"""Which files are kept, left out, or part of the body (R18, R19, T74, T75)."""

import base64

import pytest
from attrs import evolve

from bcclog import HUBSPOT_2023_09, HUBSPOT_2025_12, AttachmentActionKind, Code, Plan, SizeScope, plan
from bcclog._mime.attachments import safe_name
from builders import BCC, LOG, account, directory, forward, mail, multipart

TEXT = ("Content-Type: text/plain", "hello")
KEEP, DROP, INLINE = AttachmentActionKind.KEEP, AttachmentActionKind.DROP, AttachmentActionKind.INLINE


def file(name: str, data: bytes, media_type: str = "application/pdf", *more: str) -> tuple[str, bytes]:
    header = f'Content-Type: {media_type}; name="{name}"\nContent-Transfer-Encoding: base64\n' + "\n".join(more)
    return header, base64.encodebytes(data).replace(b"\n", b"\r\n")


def planned(*parts: tuple[str, str | bytes], options: dict[str, object] | None = None, **given) -> Plan:
    field, body = multipart(*parts, **given)
    policy = evolve(HUBSPOT_2023_09, **(options or {}))
    return plan(mail(field, body=body), account=account(policy=policy), directory=directory(), recipient=BCC)


def files(found: Plan) -> list[tuple[str | None, AttachmentActionKind, int]]:
    return [(a.name, a.action, a.size) for a in found.attachments]


def test_R18_an_attachment_over_the_limit_is_left_out_and_the_mail_is_logged():
    found = planned(TEXT, file("a.pdf", b"x" * 100), file("b.pdf", b"x" * 101), options={"max_attachment_bytes": 100})
    assert files(found) == [("a.pdf", KEEP, 100), ("b.pdf", DROP, 101)]
    assert found.code is Code.LOG_BCC
    assert [(n.to, n.code, n.about) for n in found.notices] == [
        ("rosa@ourco.example", Code.NOTICE_ATTACHMENT_DROPPED, Code.ATTACHMENT_DROP_SIZE)
    ]


def test_R18_the_limit_is_50_MB_of_decoded_bytes():
    """T74: the size is counted, whatever the mail says of it."""
    header = "Content-Type: application/zip\nContent-Disposition: attachment; size=1"
    limit = 50_000_000
    assert files(planned(TEXT, (header, b"x" * limit)))[0][1:] == (KEEP, limit)
    assert files(planned(TEXT, (header, b"x" * (limit + 1))))[0][1:] == (DROP, limit + 1)


def test_R18_the_limit_holds_for_all_files_together_by_option():
    options = {"max_attachment_bytes": 100, "attachment_scope": SizeScope.TOTAL}
    found = planned(TEXT, file("a", b"x" * 60), file("b", b"x" * 60), file("c", b"x" * 40), options=options)
    assert files(found) == [("a", KEEP, 60), ("b", DROP, 60), ("c", KEEP, 40)]


@pytest.mark.parametrize("sender", ["Eve <eve@attacker.example>"])
def test_T50_an_unknown_sender_gets_no_notice_of_a_dropped_file(sender: str):
    from bcclog import Contact

    field, body = multipart(TEXT, file("a.pdf", b"x" * 100))
    policy = evolve(HUBSPOT_2023_09, max_attachment_bytes=10)
    found = plan(
        mail(field, from_=sender, body=body),
        account=account(policy=policy),
        directory=directory(contacts=[("kim@customer.example", Contact(id="c1"))]),
        recipient=BCC,
    )
    assert (found.code, files(found)[0][1], found.notices) == (Code.LOG_BCC, DROP, ())


def test_R18_content_over_2_MB_is_refused_by_the_preset_of_2025_12():
    def code(text: bytes) -> Code:
        field, body = multipart(("Content-Type: text/plain", text), file("a.pdf", b"x" * 3_000_000))
        policy = HUBSPOT_2025_12
        return plan(mail(field, body=body), account=account(policy=policy), directory=directory(), recipient=BCC).code

    assert code(b"x" * 2_000_000) is Code.LOG_BCC
    assert code(b"x" * 2_000_001) is Code.REFUSE_SIZE_CONTENT
    assert planned(("Content-Type: text/plain", b"x" * 2_000_001)).code is Code.LOG_BCC


def html(source: str, encoding: str = "7bit") -> tuple[str, bytes]:
    data = source.encode()
    if encoding == "base64":
        data = base64.encodebytes(data)
    return f"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: {encoding}", data


def image(name: str, size: int, content_id: str = "i1@x") -> tuple[str, bytes]:
    return file(name, b"x" * size, "image/png", f"Content-ID: <{content_id}>")


@pytest.mark.parametrize("encoding", ["7bit", "base64"])
@pytest.mark.parametrize(
    "source", ['<img src="cid:i1@x">', "<img src='CID:i1%40x'>", "<div style='background:url(cid:i1@x)'>"]
)
def test_R19_an_image_that_the_html_refers_to_is_body(source: str, encoding: str):
    found = planned(html(source, encoding), image("photo.png", 90_000), subtype="related")
    assert [(a.action, a.code) for a in found.attachments] == [(INLINE, Code.ATTACHMENT_INLINE)]


def test_R19_an_image_that_nothing_refers_to_is_an_attachment():
    found = planned(html("<p>cid:other"), image("photo.png", 90_000), subtype="related")
    assert [(a.action, a.code) for a in found.attachments] == [(KEEP, Code.ATTACHMENT_KEEP)]
    assert files(planned(TEXT, image("photo.png", 90_000))) == [("photo.png", KEEP, 90_000)]


@pytest.mark.parametrize(
    ("name", "size", "code"),
    [
        ("pixel.gif", 43, Code.ATTACHMENT_INLINE_PIXEL),
        ("image001.png", 5_000, Code.ATTACHMENT_INLINE_LOGO),
        ("Company-Logo.png", 5_000, Code.ATTACHMENT_INLINE_LOGO),
        ("image001.png", 80_000, Code.ATTACHMENT_INLINE),
        ("chart.png", 5_000, Code.ATTACHMENT_INLINE),
    ],
)
def test_R19_logos_and_pixels_are_marked(name: str, size: int, code: Code):
    found = planned(html('<img src="cid:i1@x">'), image(name, size), subtype="related")
    assert [a.code for a in found.attachments] == [code]


def test_R18_an_inline_image_over_the_limit_is_left_out_too():
    found = planned(
        html('<img src="cid:i1@x">'), image("a.png", 200), subtype="related", options={"max_attachment_bytes": 100}
    )
    assert [a.code for a in found.attachments] == [Code.ATTACHMENT_DROP_SIZE]


def test_T81_many_references_are_one_pass():
    source = "".join(f'<img src="cid:x{n}@y">' for n in range(100_000))
    found = planned(html(source), image("a.png", 300, "x99999@y"), subtype="related")
    assert [a.action for a in found.attachments] == [INLINE]


def test_T76_a_part_that_lies_elsewhere_is_never_kept():
    found = planned(TEXT, ("Content-Type: message/external-body; access-type=URL; URL=http://x.example", "x"))
    assert [(a.action, a.code) for a in found.attachments] == [(DROP, Code.ATTACHMENT_DROP_OPAQUE)]


def test_T77_winmail_dat_is_kept_unread_with_a_warning():
    found = planned(TEXT, file("winmail.dat", b"\x78\x9f\x3e\x22", "application/ms-tnef"))
    assert [a.action for a in found.attachments] == [KEEP]
    assert Code.WARN_TNEF in [reason.code for reason in found.warnings]


def test_attachments_of_an_inline_forward_are_those_of_the_mail():
    raw = forward()
    inner_field, inner_body = raw.split(b"\r\n\r\n", 1)[0], raw.split(b"\r\n\r\n", 1)[1]
    alternative = next(line for line in inner_field.split(b"\r\n") if line.startswith(b"Content-Type"))
    field, body = multipart((alternative.decode(), inner_body), file("a.pdf", b"12345"), boundary="outer")
    found = plan(
        mail(field, to=LOG, subject="Fwd: Re: Offer", body=body),
        account=account(),
        directory=directory(),
        recipient=LOG,
    )
    assert (found.code, files(found)) == (Code.LOG_FORWARD, [("a.pdf", KEEP, 5)])


def test_attachments_of_an_attached_forward_are_those_of_the_attached_message():
    field, body = multipart(TEXT, file("inner.pdf", b"12345"), boundary="inner")
    inner = mail(field, from_="Kim <kim@customer.example>", to="rosa@ourco.example", body=body)
    field, body = multipart(TEXT, file("outer.pdf", b"1"), ("Content-Type: message/rfc822", inner), boundary="outer")
    found = plan(
        mail(field, to=LOG, subject="Fwd: Offer", body=body), account=account(), directory=directory(), recipient=LOG
    )
    assert (found.code, files(found)) == (Code.LOG_FORWARD, [("inner.pdf", KEEP, 5)])


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a.pdf", "a.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\y.doc", "y.doc"),
        ("/abs", "abs"),
        ("C:x", "C_x"),
        ("a\0b.pdf", "ab.pdf"),
        ("a\nb.pdf", "ab.pdf"),
        ("a.pdf\u202egnp.exe", "a.pdfgnp.exe"),
        (".", "attachment-3"),
        ("..", "attachment-3"),
        ("", "attachment-3"),
        (None, "attachment-3"),
        (".bashrc", "bashrc"),
        ("x. . ", "x"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("com1", "_com1"),
        ("con .txt", "_con .txt"),
        ("a:b?.txt", "a_b_.txt"),
        ("\ud800a", "a"),
        ("Übersicht 1.pdf", "Übersicht 1.pdf"),
        ("dir/", "attachment-3"),
        ("\u200b", "attachment-3"),
    ],
)
def test_T75_safe_names_are_no_paths(name: str | None, safe: str):
    assert safe_name(name, 3, "application/pdf") == safe


@pytest.mark.parametrize("name", ["x" * 10_000, "ü" * 10_000, "x" * 300 + ".pdf", "x." + "y" * 300, "." * 500 + "a"])
def test_T75_safe_names_are_short_and_keep_the_extension(name: str):
    safe = safe_name(name, 3, "application/pdf")
    assert 1 <= len(safe.encode()) <= 255
    assert safe.endswith(".pdf") == name.endswith(".pdf")


def test_a_message_without_a_name_is_an_eml_file():
    assert safe_name(None, 2, "message/rfc822") == "attachment-2.eml"
