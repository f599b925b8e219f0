"""Messages forwarded as attachments, digests, and mail that a server passed on (R15)."""

import pytest

import bcclog
from bcclog.codes import Code
from builders import LOG, account, directory, mail, multipart

TEXT = "Content-Type: text/plain; charset=utf-8"
OUTLOOK = (
    "see below\r\n\r\nFrom: Bob Ost <bob@supplier.example>\r\nSent: Sunday, March 1, 2026 9:15 AM\r\n"
    "To: Kim Kaufmann <kim@customer.example>\r\nSubject: Deep\r\n\r\nHi\r\n"
)


def inner(*, subject: str = "Offer", body: str = "Hello\r\nKim\r\n", field: str = TEXT) -> bytes:
    return mail(
        "MIME-Version: 1.0",
        field,
        from_="Kim Kaufmann <kim@customer.example>",
        to="Rosa Rep <rosa@ourco.example>",
        subject=subject,
        message_id="<i1@customer.example>",
        body=body,
    )


def with_attached(message: bytes, head: str = "Content-Type: message/rfc822") -> bytes:
    field, body = multipart((TEXT, "FYI\r\n"), (head, message))
    return mail("MIME-Version: 1.0", field, to=LOG, subject="Fwd: Offer", body=body)


def attached(message: bytes, head: str = "Content-Type: message/rfc822") -> bcclog.Forward:
    found = bcclog.unwrap(with_attached(message, head))
    assert isinstance(found, bcclog.Forward)
    assert (found.code, found.comment) == (Code.FORWARD_ATTACHED, "FYI")
    return found


@pytest.mark.parametrize("above", [b"\xef\xbb\xbf", b"\r\n", b"\xef\xbb\xbf\r\n\r\n", b"\n"])
@pytest.mark.parametrize(
    "head", ["Content-Type: message/rfc822", 'Content-Type: application/octet-stream; name="a.eml"']
)
def test_R15_what_a_program_left_above_the_fields_of_a_file_is_passed_over(above: bytes, head: str) -> None:
    found = attached(above + inner(), head)
    assert (found.original.from_ and found.original.from_.email, found.original.subject) == (
        "kim@customer.example",
        "Offer",
    )
    assert found.original.text == "Hello\r\nKim\r\n".replace("\r", "")
    message = bcclog.parse(with_attached(above + inner(), head)).attached_messages[0]
    assert Code.WARN_MIME_AMBIGUOUS in [note.code for note in message.notes]


def test_R15_empty_lines_above_what_is_no_field_begin_a_body() -> None:
    found = bcclog.unwrap(with_attached(b"\r\nHello, no field here: none\r\n"))
    assert isinstance(found, bcclog.NotForwarded)


@pytest.mark.parametrize(
    "head",
    [
        'Content-Type: application/octet-stream; name="Offer.EML"',
        'Content-Type: application/eml; name="offer.eml"',
        "Content-Type: application/eml",
        'Content-Type: text/rfc822; name="offer.eml"\nContent-Disposition: attachment',
        'Content-Type: text/plain; name="offer.eml"\nContent-Disposition: attachment; filename="offer.eml"',
        'Content-Type: text/plain; charset=us-ascii; name="offer.eml"',
        'Content-Type: TEXT/PLAIN; NAME="OFFER.EML"\nContent-Disposition: inline',
        "Content-Type: application/octet-stream\nContent-Disposition: attachment; filename*=UTF-8''angebot%20f%C3%BCr.eml",
        "Content-Type: application/octet-stream\nContent-Disposition: attachment; filename*0*=UTF-8''f%C3%BCr; filename*1=.eml",
        'Content-Type: application/octet-stream; name="=?utf-8?q?f=C3=BCr=2Eeml?="',
        'Content-Type: application/octet-stream; name="offer.eml."',
        'Content-Type: application/x-unknown; name="offer.eml"',
        'Content-Type: application/rfc822; name="offer.eml"',
        'Content-Type: message/x-eml; name="offer.eml"',
        'Content-Type: application/vnd.ms-outlook; name="offer.eml"',
        'Content-Type: eml; name="offer.eml"',
    ],
)
@pytest.mark.parametrize("is_first", [False, True])
def test_R15_a_file_that_is_a_message_is_one_whatever_type_a_program_guessed(head: str, is_first: bool) -> None:
    parts = [(TEXT, "FYI\r\n"), (head, inner())]
    field, body = multipart(*parts[:: -1 if is_first else 1])
    found = bcclog.unwrap(mail("MIME-Version: 1.0", field, to=LOG, subject="Fwd: Offer", body=body))
    assert isinstance(found, bcclog.Forward)
    author = found.original.from_
    assert author is not None and author.email == "kim@customer.example"
    assert (found.code, found.comment) == (Code.FORWARD_ATTACHED, "FYI")


@pytest.mark.parametrize("kind", ["message/external-body; access-type=x", "text/html", "image/png", "message/partial"])
def test_R15_a_part_of_another_kind_is_no_message_whatever_its_name(kind: str) -> None:
    head = f'Content-Type: {kind}; name="offer.eml"\nContent-Disposition: attachment'
    assert not isinstance(bcclog.unwrap(with_attached(inner(), head)), bcclog.Forward)


@pytest.mark.parametrize("name", ["notes.txt", "offer.eml.txt", "eml"])
def test_R15_a_text_file_of_another_name_is_no_message(name: str) -> None:
    head = f'Content-Type: text/plain; name="{name}"\nContent-Disposition: attachment'
    assert isinstance(bcclog.unwrap(with_attached(inner(), head)), bcclog.NotForwarded)


@pytest.mark.parametrize(
    ("subject", "chain"), [("FW: Deep", ["bob@supplier.example"]), ("RE: Deep", []), ("Deep and high", [])]
)
def test_R8_an_attached_forward_has_the_chain_that_it_has_inline(subject: str, chain: list[str]) -> None:
    found = attached(inner(subject=subject, body=OUTLOOK))
    assert [one.from_ and one.from_.email for one in found.chain] == chain


def test_R8_an_attached_forward_is_refused_as_a_chain_is() -> None:
    plan = bcclog.plan(
        with_attached(inner(subject="FW: Deep", body=OUTLOOK)), account=account(), directory=directory(), recipient=LOG
    )
    assert plan.code is Code.REFUSE_FORWARD_CHAIN


BLOCK = "---------- Forwarded message ---------\r\nFrom: Kim <kim@customer.example>\r\nDate: Mon, 02 Mar 2026 09:15:00 +0100\r\nSubject: {}\r\nTo: Rosa <rosa@ourco.example>\r\n\r\n{}"


@pytest.mark.parametrize(
    ("subject", "below", "comment"),
    [
        ("Offer", "Please log it.", "FYI\n\nPlease log it."),
        ("Offer", "Hello Rosa", "FYI"),  # the attached message's own words
        ("Offer", "", "FYI"),
        ("Off", "", "FYI"),  # cut
    ],
)
def test_R15_words_below_a_block_whose_message_is_attached_are_the_forwarders(
    subject: str, below: str, comment: str
) -> None:
    message = b"From: Kim <kim@customer.example>\r\nSubject: Offer\r\n\r\nHello Rosa\r\n"
    raw = with_attached(message).replace(
        b"\r\n\r\nFYI\r\n", f"\r\n\r\nFYI\r\n\r\n{BLOCK.format(subject, below)}\r\n".encode()
    )
    found = bcclog.unwrap(raw)
    assert isinstance(found, bcclog.Forward)
    assert (found.code, found.comment) == (Code.FORWARD_ATTACHED, comment)


YANDEX = (
    '-------- Пересылаемое сообщение --------\r\n02.03.2026, 09:15, "Kim" <kim@customer.example>:\r\n\r\nWhat is this?\r\n'
    "-------- Конец пересылаемого сообщения --------"
)
FAIREMAIL = "2 mars 2026, 09:15:00 Kim <kim@customer.example>:\r\n\r\nWhat is this?"
UNKNOWN = "Xfrom: Kim <kim@customer.example>\r\nXdate: Mon, 02 Mar 2026 09:15:00 +0100\r\nXsubject: Question\r\nXto: Rosa <rosa@ourco.example>"


def with_inline(body: str, message: bytes, *, subject: str, is_meant: bool = False) -> bcclog.Unwrapped:
    field, parts = multipart((TEXT, f"FYI\r\n\r\n{body}\r\n"), ("Content-Type: message/rfc822", message))
    raw = mail("MIME-Version: 1.0", field, to=LOG, subject=subject, body=parts)
    return bcclog.unwrap(raw, is_to_forwarding_address=is_meant)


def emails(found: bcclog.Unwrapped) -> list[str | None]:
    """The authors of the forwarded message and of those inside it."""
    assert isinstance(found, bcclog.Forward)
    return [one.from_ and one.from_.email for one in (found.original, *found.chain)]


def by(author: str, *, subject: str = "Offer", body: str = "Hello\r\n") -> bytes:
    return mail(
        "MIME-Version: 1.0", TEXT, from_=f"{author} <{author.lower()}@supplier.example>", subject=subject, body=body
    )


@pytest.mark.parametrize("block", [BLOCK.format("Question", "What is this?"), YANDEX])
@pytest.mark.parametrize("message", [by("Bob"), inner(subject="Offer").replace(b"02 Mar", b"01 Mar")])
def test_R15_a_message_that_was_attached_to_the_one_forwarded_is_not_taken_for_it(block: str, message: bytes) -> None:
    found = with_inline(block, message, subject="Fwd: Question")
    assert emails(found) == ["kim@customer.example"]
    assert isinstance(found, bcclog.Forward)
    assert (found.original.subject, found.original.text) == ("Question", "What is this?")


@pytest.mark.parametrize("line", [FAIREMAIL, UNKNOWN])
def test_T54_a_line_above_an_attached_message_of_another_leaves_open_who_wrote_what_was_forwarded(line: str) -> None:
    found = with_inline(line, by("Bob"), subject="Fwd: Question")
    assert isinstance(found, bcclog.Refused)
    assert found.code is Code.REFUSE_FORWARD_AMBIGUOUS
    assert [one.from_ and one.from_.email for one in found.candidates] == [
        "kim@customer.example",
        "bob@supplier.example",
    ]
    # What was sent to be logged, without a word of a forward, is what is attached.
    meant = with_inline(line, by("Bob"), subject="Question", is_meant=True)
    assert emails(meant) == ["bob@supplier.example"]
    told = with_inline(line, by("Bob"), subject="Fwd: Offer")
    assert emails(told) == ["bob@supplier.example"]
    assert isinstance(told, bcclog.Forward)
    assert told.comment == f"FYI\n\n{line}".replace("\r\n", "\n")


@pytest.mark.parametrize("block", [BLOCK.format("Fwd: Offer", "See below"), YANDEX])
def test_R8_an_attached_message_is_inside_the_forward_whose_subject_says_so(block: str) -> None:
    found = with_inline(block, by("Bob"), subject="Fwd: Fwd: Offer")
    assert emails(found) == ["kim@customer.example", "bob@supplier.example"]
    deep = BLOCK.replace("Kim <kim@customer.example>", "Ann <ann@third.example>").format("Offer", "Hello")
    found = with_inline(block, by("Bob", subject="Fwd: Offer", body=deep), subject="Fwd: Fwd: Offer")
    assert emails(found) == ["kim@customer.example", "bob@supplier.example", "ann@third.example"]
    assert isinstance(found, bcclog.Forward)
    assert not any(warning.code is Code.WARN_FORWARD_CHAIN_INCOMPLETE for warning in found.warnings)
    other = with_inline(block, by("Bob", subject="Other"), subject="Fwd: Fwd: Offer")
    assert emails(other) == ["kim@customer.example"]
    assert isinstance(other, bcclog.Forward)
    assert any(warning.code is Code.WARN_FORWARD_CHAIN_INCOMPLETE for warning in other.warnings)


def test_R8_the_chain_of_an_attached_message_has_its_own_block_above_what_was_attached_to_that() -> None:
    bob = by("Bob")
    field, parts = multipart(
        (TEXT, BLOCK.format("Fwd: Offer", "See below")), ("Content-Type: message/rfc822", bob), boundary="b1"
    )
    lee = mail("MIME-Version: 1.0", field, from_="Lee <lee@third.example>", subject="Fwd: Fwd: Offer", body=parts)
    assert emails(attached(lee)) == ["lee@third.example", "kim@customer.example", "bob@supplier.example"]


def test_R8_a_line_in_place_of_a_block_is_a_link_inside_an_attached_message_too() -> None:
    assert emails(attached(by("Bob", subject="Fwd: Offer", body=YANDEX))) == [
        "bob@supplier.example",
        "kim@customer.example",
    ]
    unclear = attached(
        by(
            "Bob",
            subject="Fwd: Offer",
            body=f"{FAIREMAIL}\r\n\r\n{BLOCK.format('Offer', 'Hi').replace('Kim <kim', 'Ann <ann')}",
        )
    )
    assert emails(unclear) == ["bob@supplier.example"]
    assert any(warning.code is Code.WARN_FORWARD_CHAIN_INCOMPLETE for warning in unclear.warnings)


def test_an_attached_message_of_html_alone_has_its_text() -> None:
    html = "<p>Hello</p><p>Kim</p><blockquote type=cite>Old</blockquote>"
    original = attached(inner(body=html, field="Content-Type: text/html; charset=utf-8")).original
    assert (original.text, original.html) == ("Hello\n\nKim\n\n> Old", html)
    assert original.reply == "Hello\n\nKim"


# --- digests ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_meant", [True, False])
@pytest.mark.parametrize("masthead", [True, False])
@pytest.mark.parametrize("count", [1, 3])
def test_R15_a_digest_of_messages_is_no_forward(count: int, masthead: bool, is_meant: bool) -> None:
    field, body = multipart(*[("", inner(subject=f"Offer {number}")) for number in range(count)], subtype="digest")
    if masthead:
        welcome = "Send Users mailing list submissions to\r\n users@lists.example\r\n"
        field, body = multipart((TEXT, welcome), (field, body), (TEXT, "End of Users Digest\r\n"), boundary="b1")
    raw = mail("MIME-Version: 1.0", field, subject="Users Digest, Vol 1, Issue 2", body=body)
    found = bcclog.unwrap(raw, is_to_forwarding_address=is_meant)
    assert (found.outcome, found.code) == ("refused", Code.REFUSE_FORWARD_DIGEST)


DIGEST = (
    "Today's Topics:\r\n\r\n   1. Offer (Kim Kaufmann)\r\n\r\n" + "-" * 70 + "\r\n\r\nMessage: 1\r\n"
    "Date: Mon, 2 Mar 2026 09:15:00 +0100\r\nFrom: Kim Kaufmann <kim@customer.example>\r\nSubject: Offer\r\n"
    "To: users@lists.example\r\n\r\nHello\r\n\r\n" + "-" * 30 + "\r\n\r\nEnd of Users Digest\r\n"
)
"""RFC 1153, with the number that Mailman adds."""


@pytest.mark.parametrize("is_meant", [True, False])
@pytest.mark.parametrize("body", [DIGEST, DIGEST.replace("Message: 1\r\n", "")])
def test_R15_a_digest_in_plain_text_is_no_forward_of_its_first_message(body: str, is_meant: bool) -> None:
    found = bcclog.unwrap(mail(subject="Users Digest, Vol 1", body=body), is_to_forwarding_address=is_meant)
    assert (found.outcome, found.code) == ("refused", Code.REFUSE_FORWARD_DIGEST)


def test_a_digest_that_somebody_forwards_is_a_forward() -> None:
    block = OUTLOOK.partition("\r\n\r\n")[2].replace("Subject: Deep\r\n\r\nHi\r\n", f"Subject: Digest\r\n\r\n{DIGEST}")
    found = bcclog.unwrap(mail(subject="FW: Digest", body=f"FYI\r\n\r\n{block}"))
    assert isinstance(found, bcclog.Forward) and found.original.subject == "Digest"


def test_R8_a_digest_forwarded_as_an_attachment_is_no_chain() -> None:
    field, body = multipart(("", inner()), ("", inner(subject="Next")), subtype="digest", boundary="b1")
    digest = mail("MIME-Version: 1.0", field, from_="Users <users@lists.example>", body=body)
    found = attached(digest)
    assert (found.original.from_ and found.original.from_.email, found.chain) == ("users@lists.example", ())


# --- passed on by a server --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("Resent-From: rosa@ourco.example", Code.REFUSE_FORWARD_REDIRECT),
        ("Resent-Sender: rosa@ourco.example", Code.REFUSE_FORWARD_REDIRECT),
        ("Resent-Date: Tue, 10 Mar 2026 10:00:00 +0100", Code.REFUSE_FORWARD_REDIRECT),
        ("Resent-Message-ID: <r1@ourco.example>", Code.REFUSE_FORWARD_REDIRECT),
        ("X-Forwarded-For: rosa@ourco.example log@in.crm.example", Code.REFUSE_FORWARD_AUTOMATIC),
        ("X-MS-Exchange-Inbox-Rules-Loop: rosa@ourco.example", Code.REFUSE_FORWARD_AUTOMATIC),
        ("X-MS-Exchange-ForwardingLoop: rosa@ourco.example", Code.REFUSE_FORWARD_AUTOMATIC),
        ("X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent", Code.REFUSE_FORWARD_AUTOMATIC),
        ("X-Sieve-Redirected-From: rosa@ourco.example", Code.REFUSE_FORWARD_AUTOMATIC),
        ("Auto-Submitted: auto-forwarded", Code.REFUSE_FORWARD_AUTOMATIC),
        ("Auto-Submitted: no", Code.NOT_FORWARDED_NO_BLOCK),
        ("X-MS-Exchange-Generated-Message-Source: Journal Agent", Code.NOT_FORWARDED_NO_BLOCK),
        ("X-MS-Exchange-Transport-Rules-Loop: 1", Code.NOT_FORWARDED_NO_BLOCK),
    ],
)
def test_R15_what_a_server_passed_on_is_refused_and_the_field_is_the_evidence(field: str, code: Code) -> None:
    found = bcclog.unwrap(mail(field, from_="Kim Kaufmann <kim@customer.example>", to="rosa@ourco.example"))
    assert found.code is code
    if isinstance(found, bcclog.Refused):
        [reason] = found.evidence
        assert [one.field for one in reason.evidence] == [field.partition(":")[0].lower()]


@pytest.mark.parametrize(
    ("field", "code"),
    [
        (b'From: "lee@partner.example" <kim@customer.example>', Code.WARN_NAME_HOLDS_ADDRESS),
        (b"From: \"'Kim Kaufmann' via Sales\" <sales@ourco.example>", Code.WARN_FORWARD_VIA),
        (b"From: Kim Kaufmann <kim=40customer.example@dmarc.lists.example>", Code.WARN_FORWARD_VIA),
        (b"From: Kim Kaufmann <kim@customer.example.invalid>", Code.WARN_FORWARD_VIA),
        (b"From: Kim M\xfcller <kim@customer.example>", Code.WARN_HEADER_8BIT),
        (b"To: rosa@ourco.example, rosa@@ourco.example", Code.WARN_ADDRESS_UNREADABLE),
        (b"Subject: Gr\xf6\xdfe", Code.WARN_HEADER_8BIT),
        (b"Subject: =?x-none?Q?Gr=F6=DFe?=", Code.WARN_CHARSET),
    ],
)
def test_what_is_odd_about_the_header_of_an_attached_message_is_said(field: bytes, code: Code) -> None:
    name = field.partition(b":")[0]
    lines = [field if line.startswith(name + b":") else line for line in inner().split(b"\r\n")]
    assert code in [reason.code for reason in attached(b"\r\n".join(lines)).warnings]
