"""The header block itself: what belongs to it, what is the comment above and the body below, and what it cannot hold."""

import textwrap
from html import escape

import pytest

from bcclog import Confidence, Forward, Refused, Unwrapped, unwrap
from bcclog.codes import Code
from builders import KIM, ROSA, mail, multipart

GMAIL = "---------- Forwarded message ---------"
DATE = "Wed, 04 Mar 2026 10:00:00 +0100"


def text(body: str, subject: str = "Fwd: Offer", *, meant: bool = False) -> Unwrapped:
    raw = mail(subject=subject, body=body.replace("\n", "\r\n"), date=DATE)
    return unwrap(raw, is_to_forwarding_address=meant)


def html(source: str, subject: str = "Fwd: Offer") -> Unwrapped:
    fields = "MIME-Version: 1.0", "Content-Type: text/html; charset=utf-8"
    return unwrap(mail(*fields, subject=subject, body=source, date=DATE))


def test_R26_a_second_author_right_below_the_first_is_refused_with_both() -> None:
    found = text(
        f"{GMAIL}\nFrom: Kim <{KIM}>\nFrom: Eve <eve@evil.example>\nDate: Mon, Mar 2, 2026 at 9:15 AM\nTo: {ROSA}\n"
    )
    assert isinstance(found, Refused)
    assert found.code is Code.REFUSE_FORWARD_AMBIGUOUS
    assert [o.from_.email for o in found.candidates if o.from_] == [KIM, "eve@evil.example"]


@pytest.mark.parametrize("start", ["Cc: Boss <boss@big.example>", "Reply-To: Boss <boss@big.example>", "Bcc: x"])
def test_R26_lines_like_labels_at_the_head_of_the_body_stay_in_it(start: str) -> None:
    block = f"From: Kim <{KIM}>\nDate: Mon, Mar 2, 2026 at 9:15 AM\nSubject: Offer\nTo: {ROSA}\n"
    for separator in (f"{GMAIL}\n", "-------- Original Message --------\n"):
        found = text(f"{separator}{block}\n{start}\n\nHello")
        assert isinstance(found, Forward)
        assert (found.original.cc, found.original.reply_to) == ((), ())
        assert found.original.text == f"{start}\n\nHello"


@pytest.mark.parametrize(
    "comment", ["Subject: as discussed\nFrom: Eve <eve@evil.example>", "Subject: hello\nFrom: Paris"]
)
@pytest.mark.parametrize("is_html", [True, False])
def test_T54_a_block_with_a_second_author_below_fields_that_can_be_the_comments_is_open(
    comment: str, is_html: bool
) -> None:
    whole = f"{comment}\nDate: Mar 2, 2026, 09:15\nFrom: {KIM}\nTo: {ROSA}\nSubject: Offer\n\nHello"  # Tuta
    rows = "".join(f"<div>{escape(line) or '<br>'}</div>" for line in whole.split("\n"))
    found = html(rows) if is_html else text(whole)
    assert isinstance(found, Refused)
    assert found.code is Code.REFUSE_FORWARD_AMBIGUOUS
    assert KIM in [one.from_.email for one in found.candidates if one.from_]


LIKE_FIELDS = (
    "Reply-To: Eve <eve@evil.example>",
    "Antwort an: Eve <eve@evil.example>",
    "Importance: high",
    "Bcc: eve@evil.example",
    "Attachments: two",
    "Date: Fri, 13 Mar 2026 10:00",
    "Sent: Friday, March 13, 2026 10:00 AM",
    "To: your door",
    "From: our warehouse in Kiel",
)
WITHOUT_EMPTY_LINE = (
    f"From: Kim <{KIM}>\nDate: Monday, 2 March 2026 at 09:15\nTo: {ROSA}\nSubject: Offer",  # Outlook for Mac
    f"Gesendet: Montag, 02. März 2026 um 09:15 Uhr\nVon: Kim <{KIM}>\nAn: {ROSA}\nBetreff: Offer",  # WEB.DE
    f"Sent: Monday, March 02, 2026 at 9:15 AM\nFrom: Kim <{KIM}>\nTo: {ROSA}\nSubject: Offer",  # GMX
    f"发件人： Kim <{KIM}>\n发送时间： 2026-03-02 09:15\n收件人： {ROSA}\n主题： Offer",  # Foxmail
    f"--- On Mon, 3/2/26, Kim <{KIM}> wrote:\n\nFrom: Kim <{KIM}>\nSubject: Offer\nTo: {ROSA}\n"
    "Date: Monday, March 2, 2026, 9:15 AM",  # Yahoo! Mail Classic
)


PARTED = (
    f"{GMAIL}\nFrom: Kim <{KIM}>\nDate: Mon, Mar 2, 2026 at 9:15 AM\n\nSubject: Offer\nTo: {ROSA}\nCc: bo@x.example",
    f"{GMAIL}\nFrom: Kim <{KIM}>\nDate: Mon, Mar 2, 2026 at 9:15 AM\nSubject: Offer\n\nTo: {ROSA}\nCc: bo@x.example",
    f"From: Kim <{KIM}>\nSent: Monday, March 2, 2026 9:15 AM\n\nTo: {ROSA}\nCc: bo@x.example\nSubject: Offer",
    f"From: Kim <{KIM}>\nSent: Monday, March 2, 2026 9:15 AM\n\nTo: {ROSA}\n\nCc: bo@x.example\nSubject: Offer",
    f"From: Kim <{KIM}>\nSent: Monday, March 2, 2026 9:15 AM\n\nTo: Rosa\nCc: bo@x.example\n\nSubject: Offer",
    f"Gesendet: Montag, 02. März 2026 um 09:15 Uhr\nVon: Kim <{KIM}>\n\nAn: {ROSA}\nCc: bo@x.example\nBetreff: Offer",
    f"Begin forwarded message:\n\nFrom: Kim <{KIM}>\nSubject: Offer\n\nDate: 2 March 2026 at 09:15:00 CET\n"
    f"To: {ROSA}\nCc: bo@x.example",
)


@pytest.mark.parametrize("block", PARTED)
@pytest.mark.parametrize("is_html", [True, False])
def test_R7_a_block_with_an_empty_line_that_no_client_leaves_is_whole_and_said(block: str, is_html: bool) -> None:
    whole = f"FYI\n\n{block}\n\nHello"
    rows = "".join(f"<div>{escape(line) or '<br>'}</div>" for line in whole.split("\n"))
    found = html(rows) if is_html else text(whole)
    assert isinstance(found, Forward)
    original = found.original
    assert original.from_ is not None
    assert (original.from_.email, original.subject) == (KIM, "Offer")
    assert [one.email or one.name for one in (*original.to, *original.cc)] in (
        [ROSA, "bo@x.example"], ["Rosa", "bo@x.example"]
    )  # fmt: skip
    assert original.sent_at is not None
    assert (found.comment, original.text) == ("FYI", "Hello")
    assert Code.WARN_FORWARD_ORDER in [warning.code for warning in found.warnings]


@pytest.mark.parametrize(
    "below",
    [
        "To: your door",
        "Cc: Boss <boss@big.example>",
        "From: our warehouse",
        "Date: Friday",
        "Subject: more",
        "An: x@y.de",
    ],
)
def test_R7_lines_like_fields_below_an_empty_line_are_the_bodys_where_the_client_writes_none(below: str) -> None:
    block = f"{GMAIL}\nFrom: Kim <{KIM}>\nDate: Mon, Mar 2, 2026 at 9:15 AM\nSubject: Offer"
    found = text(f"FYI\n\n{block}\n\n{below}\nHello")
    assert isinstance(found, Forward)
    assert (found.original.to, found.original.cc, found.original.text) == ((), (), f"{below}\nHello")


@pytest.mark.parametrize("first", LIKE_FIELDS)
@pytest.mark.parametrize("block", WITHOUT_EMPTY_LINE)
def test_R7_lines_like_fields_right_below_a_block_are_the_bodys_where_its_client_writes_none(
    block: str, first: str
) -> None:
    found = text(f"FYI\n\n{block}\n{first}\nHello\n\nKim", "FW: Offer")
    plain = text(f"FYI\n\n{block}\nDear Rosa\nHello\n\nKim", "FW: Offer")
    assert isinstance(found, Forward)
    assert isinstance(plain, Forward)
    assert found.original.text == f"{first}\nHello\n\nKim"
    for name in ("from_", "to", "cc", "reply_to", "subject", "sent_at"):
        assert getattr(found.original, name) == getattr(plain.original, name)


@pytest.mark.parametrize("first", [*LIKE_FIELDS, "Cc: Eve <eve@evil.example>", "CC: Boss"])
def test_R7_lines_like_fields_are_the_bodys_below_a_client_that_never_leaves_an_empty_line(first: str) -> None:
    block = (  # Yahoo! Mail Classic
        f"--- On Mon, 2/3/26, Kim <{KIM}> wrote:\n\n> From: Kim <{KIM}>\n> Subject: Offer\n> To: {ROSA}\n"
        "> Received: Monday, 2 March, 2026, 9:15 AM"
    )
    found = text(f"FYI\n\n{block}\n> {first}\n>\n> Hello")
    plain = text(f"FYI\n\n{block}\n> Dear Rosa\n>\n> Hello")
    assert isinstance(found, Forward)
    assert isinstance(plain, Forward)
    assert found.original.text == f"{first}\n\nHello"
    for name in ("from_", "to", "cc", "reply_to", "subject", "sent_at"):
        assert getattr(found.original, name) == getattr(plain.original, name)


@pytest.mark.parametrize("first", [*LIKE_FIELDS[:2], *LIKE_FIELDS[5:], "Cc: Eve <eve@evil.example>", "CC: Boss"])
def test_R7_a_field_of_another_language_or_place_at_the_end_of_a_block_is_the_bodys_or_said(first: str) -> None:
    block = f"Από: Kim <{KIM}>\nΗμερομηνία: 2026-03-02 09:15\nΠρος: {ROSA}\nΘέμα: Offer"
    found = text(f"FYI\n\n{block}\n{first}\n\nHello", "FW: Offer")
    assert isinstance(found, Forward)
    said = {Code.WARN_FORWARD_ORDER, Code.WARN_FORWARD_MIXED_LANGUAGES} & {one.code for one in found.warnings}
    assert found.original.text == ("Hello" if said else f"{first}\n\nHello")


@pytest.mark.parametrize("first", [*LIKE_FIELDS, "Cc: Eve <eve@evil.example>"])
def test_R7_what_the_html_tells_of_the_first_line_of_the_body_holds_for_the_text_too(first: str) -> None:
    block = {"Από": f"Kim <{KIM}>", "Ημερομηνία": "2026-03-02 09:15", "Προς": ROSA, "Θέμα": "Offer"}
    lines = "\n".join(f"{label}: {value}" for label, value in block.items())
    rows = "".join(f"<b>{label}:</b> {escape(value)}<br>" for label, value in block.items())
    field, body = multipart(
        ("Content-Type: text/plain; charset=utf-8", f"{lines}\n{first}\n\nHello\n"),
        ("Content-Type: text/html; charset=utf-8", f"<div>{rows}</div><div>{escape(first)}<br><br>Hello</div>"),
        subtype="alternative",
    )
    found = unwrap(mail(field, subject="FW: Offer", body=body, date=DATE))
    assert isinstance(found, Forward)
    assert (found.original.cc, found.original.reply_to) == ((), ())
    assert found.original.text == f"{first}\n\nHello"


@pytest.mark.parametrize("first", [*LIKE_FIELDS, "Cc: Eve <eve@evil.example>"])
def test_R7_a_date_behind_the_author_is_the_blocks_date(first: str) -> None:
    block = (
        f"{'-' * 22} Forwarded by Rosa Rep/Ourco on 03/04/2026 10:00 AM {'-' * 27}\n\n"
        f"\tFrom:  Kim Kaufmann                           03/02/2026 09:15 AM\n\t\n\nTo: {ROSA}\nSubject: Offer\n"
    )
    found = text(f"FYI\n\n{block}\n{first}\n\nHello")
    plain = text(f"FYI\n\n{block}\nDear Rosa\n\nHello")
    assert isinstance(found, Forward)
    assert isinstance(plain, Forward)
    assert plain.original.sent_at is not None
    assert found.original.text == f"{first}\n\nHello"
    for name in ("from_", "to", "cc", "reply_to", "subject", "sent_at"):
        assert getattr(found.original, name) == getattr(plain.original, name)


def test_R7_a_field_that_the_client_writes_there_is_the_blocks_without_an_empty_line_too() -> None:
    block = f"From: Kim <{KIM}>\nSent: Monday, March 2, 2026 9:15 AM\nTo: {ROSA}\nSubject: Offer"
    found = text(f"FYI\n\n{block}\nImportance: High\nHello", "FW: Offer")
    assert isinstance(found, Forward)
    assert found.original.text == "Hello"


def test_R26_a_word_that_means_author_in_one_row_stays_what_it_is_below_a_foreign_label() -> None:
    block = f"发件人: Kim <{KIM}>\n日期: 2026-03-02 09:15\n收件人: {ROSA}\n主题: Offer\nTo: your door\n\nHello"
    found = text(f"FYI\n\n{block}", "FW: Offer")
    assert isinstance(found, Forward)
    assert found.original.from_ is not None
    assert found.original.from_.email == KIM
    assert found.original.text == "To: your door\n\nHello"


@pytest.mark.parametrize("comment", ["To:", "Subject:", "To: Bob\nCc: Al", "Subject: hello"])
def test_R7_lines_of_the_comment_in_another_language_are_none_of_a_block_that_is_whole(comment: str) -> None:
    block = f"发件人： Kim <{KIM}>\n发送时间： 2026-03-02 09:15\n收件人： {ROSA}\n抄送： Jo\n主题： Offer\n\nHello"
    found = text(f"FYI\n{comment}\n{block}", "FW: Offer")
    assert isinstance(found, Forward)
    assert found.original.from_ is not None
    assert (found.original.from_.email, found.original.subject) == (KIM, "Offer")
    assert [one.email for one in found.original.to] == [ROSA]
    assert found.comment == f"FYI\n{comment}"


@pytest.mark.parametrize("first", LIKE_FIELDS)
def test_R26_lines_like_fields_below_a_line_in_place_of_a_block_make_none(first: str) -> None:
    found = text(f"FYI\n\n----- On Mar 2, 2026, at 9:15 AM, Kim wrote:\n\n{first}\nHello")
    assert isinstance(found, Forward)
    assert found.original.from_ is not None
    assert (found.original.from_.name, found.original.text) == ("Kim", f"{first}\nHello")


@pytest.mark.parametrize("first", LIKE_FIELDS)
@pytest.mark.parametrize("date", ["Date:", "Sent:"])
@pytest.mark.parametrize("is_bold", [True, False])
def test_R7_lines_like_fields_in_html_are_the_bodys_where_labels_or_the_text_tell(
    first: str, date: str, is_bold: bool
) -> None:
    fields = [("From:", f"Kim <{KIM}>"), (date, "Monday, 2 March 2026 at 09:15"), ("Subject:", "Offer"), ("To:", ROSA)]
    bold = "<b>{}</b> {}<br>" if is_bold else "{} {}<br>"
    lines = "".join(bold.format(label, escape(value)) for label, value in fields)
    source = f"<div>FYI</div><div>{lines}<div>{escape(first)}<br>Hello<br></div></div>"
    said = "FYI\n\n" + "".join(f"{label} {value}\n" for label, value in fields) + f"\n{first}\nHello\n"
    field, both = multipart(
        ("Content-Type: text/plain; charset=utf-8", said), ("Content-Type: text/html; charset=utf-8", source),
        subtype="alternative",
    )  # fmt: skip
    bodies = [unwrap(mail(field, "MIME-Version: 1.0", subject="Fwd: Offer", body=both, date=DATE))]
    for found in [*bodies, html(source)] if is_bold else bodies:
        assert isinstance(found, Forward)
        assert (found.original.cc, found.original.reply_to, len(found.original.to)) == ((), (), 1)
        assert found.original.sent_at is not None
        assert found.original.sent_at.day == 2
        assert found.original.text == f"{first}\nHello"


@pytest.mark.parametrize(
    "comment",
    [
        "To: Bob",
        "Subject: as discussed",
        "Cc: Bob as well",
        f"E: {ROSA}\nT: +49 30 123",
        "Datum: 3. März\nBetreff: nichts",
        "An: Bob\nDatum: 3. März\nBetreff: nichts",
        "Date: 3 March\nSubject: nothing",
    ],
)
def test_R7_a_line_like_a_label_right_above_the_block_is_the_comments(comment: str) -> None:
    block = (
        f"From: Kim <{KIM}>\nSent: Monday, March 2, 2026 9:15 AM\nTo: {ROSA}\nCc: Jo <jo@x.example>\nSubject: Offer\n"
    )
    found = text(f"{comment}\n{block}\nHello", "FW: Offer")
    assert isinstance(found, Forward)
    assert (found.comment, found.original.subject, found.original.text) == (comment, "Offer", "Hello")
    assert [who.email for who in found.original.to] == [ROSA]


@pytest.mark.parametrize("label", ["Σταλμένο", "Ngày đi"])
def test_R10_a_line_with_a_strange_label_is_read_by_its_kind_and_said(label: str) -> None:
    fields = f"From: Kim <{KIM}>", f"{label}: 2 March 2026 09:15", f"To: {ROSA}", "Subject: Offer"
    for found in (
        text("\n".join(fields) + "\n\nHello", "FW: Offer"),
        html("<br>".join(fields).replace("<kim", "&lt;kim").replace("e>", "e&gt;") + "<br><br>Hello", "FW: Offer"),
    ):
        assert isinstance(found, Forward)
        assert found.original.from_ is not None
        assert (found.original.from_.name, found.original.from_.email) == ("Kim", KIM)
        assert found.original.sent_at_text == "2 March 2026 09:15"
        assert (found.original.subject, found.original.text) == ("Offer", "Hello")
        assert Code.WARN_FORWARD_MIXED_LANGUAGES in [reason.code for reason in found.warnings]


@pytest.mark.parametrize("line", ["Flag: x", f"Signed By: {KIM}"])
def test_R10_a_line_with_a_strange_label_right_below_the_fields_is_the_bodys_and_said(line: str) -> None:
    fields = f"From: Kim <{KIM}>\nSent: Monday, March 2, 2026 9:15 AM\nTo: {ROSA}\nSubject: Offer"
    for blank in ("", "\n"):
        found = text(f"-----Original Message-----\n{fields}\n{blank}{line}\n\nHello", "FW: Offer")
        assert isinstance(found, Forward)
        assert found.original.text == f"{line}\n\nHello"
        assert (Code.WARN_FORWARD_MIXED_LANGUAGES in [reason.code for reason in found.warnings]) == (blank == "")


DISORDERLY = f"To: Rosa <{ROSA}>\nSubject: Offer\nFrom: Kim <{KIM}>\nSent: Monday, March 2, 2026 9:15 AM\n\nHello"


def test_R7_a_block_in_an_order_that_no_client_writes_counts_less_and_says_so() -> None:
    found = text(DISORDERLY, "FW: Offer")
    assert isinstance(found, Forward)
    assert (found.original.from_.email if found.original.from_ else None, found.original.text) == (KIM, "Hello")
    assert found.confidence is Confidence.LOW
    assert Code.WARN_FORWARD_ORDER in [reason.code for reason in found.warnings]
    below_separator = text(f"---------- Forwarded message ---------\n{DISORDERLY}", "Fwd: Offer")
    assert isinstance(below_separator, Forward)
    assert below_separator.confidence is Confidence.HIGH
    assert Code.WARN_FORWARD_ORDER in [reason.code for reason in below_separator.warnings]


def test_R7_no_such_block_is_a_forward_by_its_place_alone() -> None:
    fields, _, body = DISORDERLY.partition("\n\n")
    to, subject, author, sent = fields.split("\n")
    assert isinstance(text(f"{author}\n{sent}\n{to}\n{subject}\n\n{body}", "Please log this"), Forward)
    assert not isinstance(text(DISORDERLY, "Please log this"), Forward)


@pytest.mark.parametrize(
    "labels", [("From", "Gesendet", "An", "Betreff"), ("Von", "Sent", "An", "Subject"), ("Da", "Envoyé", "To", "Objet")]
)
def test_R7_a_block_mixes_no_languages(labels: tuple[str, str, str, str]) -> None:
    author, date, to, subject = labels
    lines = f"{author}: Kim <{KIM}>", f"{date}: 02.03.2026 09:15", f"{to}: Rosa <{ROSA}>", f"{subject}: Offer"
    found = text("\n".join(lines) + "\n\nHello", "Fwd: Offer")
    assert isinstance(found, Forward)
    assert found.confidence is Confidence.LOW
    assert found.code is Code.FORWARD_STRUCTURAL or Code.WARN_FORWARD_MIXED_LANGUAGES in [
        reason.code for reason in found.warnings
    ]


def test_R10_a_strange_label_of_recipients_is_read_as_theirs() -> None:
    found = text(f"Od: Kim <{KIM}>\nData: 2.3.2026 09:15\nGorra: Rosa <{ROSA}>\nTemat: Offer\n\nHello", "FW: Offer")
    assert isinstance(found, Forward)
    assert [who.email for who in found.original.to] == [ROSA]
    assert found.original.sent_at_text == "2.3.2026 09:15"


def test_R10_the_identifier_of_a_message_is_nobodys_address() -> None:
    """MH answers below these three fields (`replcomps`)."""
    reply = f"    Date:        Mon, 2 Mar 2026 09:15:00 +0100\n    From:        Kim <{KIM}>\n"
    reply += "    Message-ID:  <1029945287.4797.TMDA@x.example>\n\n  | Any hints?\n\nHello"
    assert text(reply, "Fwd: Offer").outcome == "not_forwarded"
    found = text(
        f"Zu: Kim <{KIM}>\nWann: 2.3.2026 09:15\nMessage-ID: <12.34@x.example>\nWas: Offer\n\nHello", "Fwd: Offer"
    )
    assert isinstance(found, Forward)
    assert (found.original.to, found.original.cc, found.original.subject) == ((), (), "Offer")


@pytest.mark.parametrize(
    "body",
    [
        f"From: Kim <{KIM}>\nDate: Mon, 2 Mar 2026 09:15:00 +0100\nSubject: Printer broken\nPriority: High\n\nIt broke.",
        f"Von: Kim ({KIM})\nBetrag: 10,00 EUR\nDatum: 2. März 2026 09:15\nAn: Rosa Rep\n\nDanke",
    ],
)
def test_R7_a_form_with_a_strange_line_is_no_forward_by_its_place(body: str) -> None:
    assert text(body, "Notice").outcome == "not_forwarded"


def people(count: int) -> list[str]:
    return [f"Person Number{n} <person{n}@customer.example>" for n in range(count)]


@pytest.mark.parametrize("count", [200, 2000])
@pytest.mark.parametrize("width", [None, 40, 76])
def test_T28_a_block_holds_as_many_recipients_as_a_mail(count: int, width: int | None) -> None:
    to = ", ".join(people(count))
    to = to if width is None else "\n".join(textwrap.wrap(to, width))
    found = text(
        f"{GMAIL}\nFrom: Kim <{KIM}>\nDate: Mon, Mar 2, 2026 at 9:15 AM\nSubject: Offer\nTo: {to}\nCc: {ROSA}\n\nHello"
    )
    assert isinstance(found, Forward)
    assert [who.email for who in found.original.to] == [f"person{n}@customer.example" for n in range(count)]
    assert (len(found.original.cc), found.original.text) == (1, "Hello")


@pytest.mark.parametrize("between", [", ", ",\n"])
def test_T28_more_recipients_than_are_read_are_refused_and_not_cut(between: str) -> None:
    to = between.join(people(2_100))
    found = text(f"{GMAIL}\nFrom: Kim <{KIM}>\nDate: Mon, Mar 2, 2026 at 9:15 AM\nSubject: Offer\nTo: {to}\n\nHello")
    assert found.code is Code.REFUSE_LIMIT_ADDRESSES


def test_R8_a_meetings_lines_below_the_subject_are_all_of_the_block() -> None:
    found = text(
        f"-----Original Appointment-----\nFrom: Kim <{KIM}>\nSent: Monday, March 2, 2026 9:15 AM\nTo: {ROSA}\n"
        "Subject: Offer\nWhen: Monday, March 9, 2026 9:15 AM-10:00 AM.\nWhere: Room 1\n\nHello",
        "FW: Offer",
    )
    assert isinstance(found, Forward)
    assert found.original.text == "Hello"


def test_R8_a_label_of_two_meanings_that_is_settled_opens_no_second_field() -> None:
    found = text(
        f"发件人: Kim <{KIM}>\n发送时间: 2026年3月2日 9:15\n收件人: {ROSA}\n主题: Offer\n发件人: Kiel\n\nHello",
        "FW: Offer",
    )
    assert isinstance(found, Forward)
    assert found.original.text == "发件人: Kiel\n\nHello"


def test_R8_one_word_for_author_and_recipient_counts_below_its_own_separator_alone() -> None:
    """Group-Office in Slovenian; in Polish `Od` is the author's, and a second one is a second author (R26)."""
    block = f'Od: "Kim" <{KIM}>\nOd: "Rosa" <{ROSA}>\nDatum: 02-03-2026 9:15\n\nOd: Kiel\n'
    found = text(f"--- Original message follows ---\nZadeva: Offer\n{block}")
    assert isinstance(found, Forward)
    original = found.original
    assert original.from_ is not None and original.from_.email == KIM
    assert [person.email for person in original.to] == [ROSA]
    assert original.text == "Od: Kiel"
    other = text(f"--- Wiadomość oryginalna ---\nTemat: Offer\n{block.replace('Datum', 'Data')}")
    assert isinstance(other, Refused)
    assert other.code is Code.REFUSE_FORWARD_AMBIGUOUS


@pytest.mark.parametrize(
    "line", ["*Subject: **Offer*", "*Subject:* Offer", "**Subject:** Offer", "_Subject:_ Offer", "*Subject: Offer*"]
)
@pytest.mark.parametrize(
    "author", ["*From:* Kim", "*From: **Kim*", "_From:_ Kim", "*From*: Kim", "From: *Kim*", "**From:** *Kim*"]
)
def test_R8_marks_of_bold_and_italics_are_no_part_of_a_value(line: str, author: str) -> None:
    found = text(f"{GMAIL}\n{author} <{KIM}>\nDate: Mon, Mar 2, 2026 at 9:15 AM\n{line}\nTo: {ROSA}\n\nHello")
    assert isinstance(found, Forward)
    assert found.original.from_ is not None
    assert (found.original.from_.name, found.original.from_.email) == ("Kim", KIM)
    assert found.original.subject == "Offer"


def test_R8_marks_of_the_subject_itself_stay() -> None:
    found = text(f"{GMAIL}\nFrom: Kim <{KIM}>\nSubject: *bold* offer\nTo: {ROSA}\n\nHello")
    assert isinstance(found, Forward)
    assert found.original.subject == "*bold* offer"


def test_R8_a_date_in_the_line_above_the_fields_is_the_blocks() -> None:
    block = (
        f'> Message du 02/03/26 09:15\n> De : "Kim" <{KIM}>\n> A : {ROSA}\n> Copie à : \n> Objet : Offer\n> \n> Hello'
    )
    found = text(f"FYI\n\n{block}", "TR : Offer")
    assert isinstance(found, Forward)
    assert found.original.sent_at is not None
    assert found.original.sent_at.isoformat() == "2026-03-02T09:15:00"
    assert (found.comment, found.original.text) == ("FYI", "Hello")


@pytest.mark.parametrize(
    "line",
    [
        "*Begin forwarded message:*",
        "**---------- Forwarded message ---------**",
        r"\-\-\-\- Forwarded message \-\-\-",
        "  _____  ",
    ],
)
def test_R7_a_separator_is_known_through_what_converters_make_of_it(line: str) -> None:
    found = text(
        f"FYI\n\n{line}\n\nFrom: Kim <{KIM}>\nDate: Mon, Mar 2, 2026 at 9:15 AM\nSubject: Offer\nTo: {ROSA}\n\nHello"
    )
    assert isinstance(found, Forward)
    assert (found.comment, found.original.text) == ("FYI", "Hello")


def test_R8_entourages_end_line_is_not_of_the_body() -> None:
    block = f"From: Kim <{KIM}>\nDate: Mon, 2 Mar 2026 09:15:00 +0100\nTo: {ROSA}\nSubject: Offer\n\nHello"
    found = text(f"FYI\n\n------ Forwarded Message\n{block}\n\n------ End of Forwarded Message", "FW: Offer")
    assert isinstance(found, Forward)
    assert (found.comment, found.original.text) == ("FYI", "Hello")


@pytest.mark.parametrize("separator", [GMAIL, "-----Original Message-----", "Begin forwarded message:"])
@pytest.mark.parametrize(("notice", "is_apart"), [("[EXT] by gateway\n" * 9, True), ("[EXT]\n" * 10, False)])
def test_R7_a_separator_is_known_above_the_few_lines_of_a_gateways_notice(
    separator: str, notice: str, is_apart: bool
) -> None:
    block = f"From: Kim <{KIM}>\nDate: Mon, Mar 2, 2026 at 9:15 AM\nSubject: Offer\nTo: {ROSA}\n\nHello"
    found = text(f"FYI\n\n{separator}\n{notice}{block}")
    assert isinstance(found, Forward)
    above = "FYI\n\n" if is_apart else f"FYI\n\n{separator}\n"
    assert (found.comment, found.original.text) == (above + notice.strip(), "Hello")


def test_R7_the_author_in_a_separator_above_a_notice_is_the_blocks() -> None:
    fields = f"Date: Mon, 2 Mar 2026 09:15:00 +0100\nFrom: Kim <{KIM}>\nTo: {ROSA}\nSubject: Offer\n\nHello"
    found = text(
        f"----- Forwarded message from Kim <{KIM}> -----\n[EXTERNAL]\n{fields}\n----- End forwarded message -----"
    )
    assert isinstance(found, Forward)
    assert {one.client for one in found.writers} >= {"mutt"}
    assert (found.sign, found.comment, found.original.text) == (Code.FORWARD_SIGN_SEPARATOR, "[EXTERNAL]", "Hello")


PERSONS = "Rosa <rosa@ourco.example>", '"Lu, Al" <al@x.example>', "bo@x.example"


@pytest.mark.parametrize("comma", [",", ";", ""])
@pytest.mark.parametrize(
    "between", ["<br>", "<br>&nbsp; &nbsp;", "</td></tr><tr><td></td><td>", "</td></tr><tr><th>&nbsp;</th><td>", "<p>"]
)
def test_R8_people_of_a_block_in_html_stand_one_a_line(between: str, comma: str) -> None:
    if between == "<p>" and not comma:
        return  # an empty line and an address may be the body
    persons = [person.replace("<", "&lt;").replace(">", "&gt;") for person in PERSONS]
    fields = {
        "Subject": "Offer",
        "From": f"Kim &lt;{KIM}&gt;",
        "Date": "Mon, March 2, 2026 9:15 am",
        "To": (comma + between).join(persons),
        "Cc": (comma + between).join(("Jo &lt;jo@x.example&gt;", "Ed &lt;ed@x.example&gt;")),
    }
    rows = "".join(f"<tr><td>{label}:</td><td>{value}</td></tr>" for label, value in fields.items())
    found = html(f"FYI<p>-------- Original Message --------</p><table>{rows}</table><p>Hello</p>")
    assert isinstance(found, Forward)
    assert [who.email for who in found.original.to] == [ROSA, "al@x.example", "bo@x.example"]
    assert [who.email for who in found.original.cc] == ["jo@x.example", "ed@x.example"]
    assert (found.comment, found.original.text) == ("FYI", "Hello")


@pytest.mark.parametrize("comma", [",", "", ",\n"])
def test_R8_people_of_a_block_in_text_stand_one_a_line(comma: str) -> None:
    fields = f"From: Kim <{KIM}>\nSent: Monday, March 2, 2026 9:15 AM\nTo: {ROSA}{comma}\nAl <al@x.example>"
    found = text(f"{GMAIL}\n{fields}\nSubject: Offer\n\nHello")
    assert isinstance(found, Forward)
    assert [who.email for who in found.original.to] == [ROSA, "al@x.example"]
    assert found.original.text == "Hello"


def test_R8_a_separator_above_the_end_of_what_was_forwarded_belongs_to_no_block_below_it() -> None:
    kim = f"Date: Mon, 2 Mar 2026 09:15:00 +0100\nFrom: Kim <{KIM}>\nTo: {ROSA}\nSubject: Offer\n\nHello"
    ann = f"From: Ann <ann@x.example>\nSent: Monday, March 2, 2026 9:15 AM\nTo: {ROSA}\nSubject: Bill\n\nHello"
    end = "----- End forwarded message -----"
    found = text(f"----- Forwarded message from Kim <{KIM}> -----\n{kim}\n-----Original Message-----\n{end}\n{ann}")
    assert isinstance(found, Forward)
    assert [who.email for one in (found.original, *found.others) if (who := one.from_)] == [KIM, "ann@x.example"]
    assert found.chain == ()


def test_R8_people_in_paragraphs_of_their_own_are_of_a_block_that_is_not_whole_yet() -> None:
    rows = f"<tr><td>From:<td>Kim &lt;{KIM}&gt;<tr><td>Sent:<td>Monday, March 2, 2026 9:15 AM<tr><td>To:<td>"
    rows += f"<p>{ROSA}</p><p>Al &lt;al@x.example&gt;</p><tr><td>Cc:<td><p>ed@x.example</p><tr><td>Subject:<td>Offer"
    found = html(f"FYI<p>-----Original Message-----</p><table>{rows}</table><p>Hello</p>")
    assert isinstance(found, Forward)
    assert [who.email for who in (*found.original.to, *found.original.cc)] == [ROSA, "al@x.example", "ed@x.example"]
    assert (found.comment, found.original.subject, found.original.text) == ("FYI", "Offer", "Hello")


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (["Rosa Rep", "Lee Wong", "Ann Ek"], ["Rosa Rep", "Lee Wong", "Ann Ek"]),
        (["", "Rep, Rosa", "Wong, Lee"], ["Rep, Rosa", "Wong, Lee"]),
        (["Rosa Rep,", "Lee Wong"], ["Rosa Rep, Lee Wong"]),  # nobody knows whether the comma parts two
        (["Rosa Rep; Lee Wong;", "Ann Ek"], ["Rosa Rep", "Lee Wong", "Ann Ek"]),
        (["Rosa Wolfeschlegelsteinhausenbergerdorff", "Rep <rosa@ourco.example>"], ["Rosa Wolfeschlegelsteinhausenbergerdorff Rep"]),
    ],
)  # fmt: skip
def test_R31_names_without_addresses_stand_one_a_line(lines: list[str], names: list[str]) -> None:
    people = "\n".join(lines)
    found = text(
        f"From: Kim <kim@customer.example>\nSent: Monday, March 2, 2026 9:15 AM\nTo: {people}\nSubject: Offer\n\nHi\n"
    )
    assert isinstance(found, Forward)
    assert [one.name for one in found.original.to] == names


def test_R31_the_last_person_of_a_block_keeps_a_link_that_was_wrapped_below_his_name() -> None:
    found = text(
        f"-------- Forwarded Message --------\r\nSubject: Offer\r\nDate: Mon, 2 Mar 2026 09:15:00 +0100\r\nFrom: Kim <{KIM}>\r\n"
        f"To: Rosa <{ROSA}>\r\nCC: Smith, Jane\r\n[<jane@partner.example>](mailto:jane@partner.example)\r\n\r\nHello\r\n"
    )
    assert isinstance(found, Forward)
    assert [(one.name, one.email) for one in found.original.cc] == [("Smith, Jane", "jane@partner.example")]


def test_R31_quoted_people_wrapped_without_marks_are_whole() -> None:
    found = text(
        "FYI: this line is of the comment and is longer than any line that a program which wraps leaves in the text below\n\n"
        "Begin forwarded message:\n\n> From: Kim <kim@customer.example>\n> Subject: Offer\n"
        "> Date: March 2, 2026 at 9:15:00 AM GMT+1\n> To: Lee Wong <lee@customer.example>, Mail Room\n"
        '<post-room@customer.example>, "Dr. Ann Ek, Framework Agreements North and\nSouth" <ann@customer.example>,\n'
        "frameworks-and-agreements-of-all-kinds@customer.example\n> Cc: Rosa <rosa@ourco.example>\n>\n> Hello\n"
    )
    assert isinstance(found, Forward)
    assert [one.email for one in found.original.to] == [
        "lee@customer.example", "post-room@customer.example", "ann@customer.example",
        "frameworks-and-agreements-of-all-kinds@customer.example",
    ]  # fmt: skip
    names = [one.name for one in (*found.original.to, *found.original.cc)]
    assert names == ["Lee Wong", "Mail Room", "Dr. Ann Ek, Framework Agreements North and South", None, "Rosa"]
    assert (found.original.text, found.original.sent_at_text) == ("Hello", "March 2, 2026 at 9:15:00 AM GMT+1")


@pytest.mark.parametrize(
    "separator",
    [
        "----- Forwarded message from Kim <kim@customer.example> -----",
        '----- Forwarded message from "Kim Kaufmann of the Framework\nAgreements" <kim@customer.example> -----',
        "----- Forwarded message from Kim Kaufmann-Steinhausenberger\n<kim-kaufmann-of-the-agreements@customer.example>\n-----",
        '----- Forwarded message from "Kim Kaufmann, Framework and its\nAgreements"\n<kim-kaufmann-of-the-agreements@customer.example> -----',
    ],
)  # fmt: skip
def test_R7_a_separator_with_a_name_is_none_of_the_comment_however_it_was_wrapped(separator: str) -> None:
    block = f"Date: Mon, 2 Mar 2026 09:15:00 +0100\nFrom: Kim <{KIM}>\nTo: {ROSA}\nSubject: Offer"
    found = text(f"FYI\n\n{separator}\n\n{block}\n\nHello\n\n----- End forwarded message -----\n")
    assert isinstance(found, Forward) and found.original.from_ is not None
    assert (found.comment, found.original.from_.email, found.original.text) == ("FYI", KIM, "Hello")


def test_R7_a_subject_below_its_label_is_whole_however_it_was_wrapped() -> None:
    """Roundcube's text of its HTML has labels and values on lines of their own; a gateway wraps it once more."""
    subject = "Framework agreement for the supply and assembly, yearly inspection and repair of doors: third draft"
    wrapped = subject.replace("yearly ", "\nyearly\n")
    blocks = (("Subject", wrapped), ("Date", "2026-03-02 09:15"), ("From", f"Kim <{KIM}>"), ("To", f"Rosa <{ROSA}>"))
    block = "\n\n".join(f"    {label}:\n    {value}" for label, value in blocks)
    found = text(f"FYI\n\n-------- Original Message --------\n\n{block}\n\nHello\n", "Fwd: other")
    assert isinstance(found, Forward)
    assert (found.comment, found.original.subject, found.original.text) == ("FYI", subject, "Hello")
    flat = "\n".join(f"{label}:\n{value}" for label, value in (*blocks[1:], ("Subject", "Offer")))
    found = text(f"FYI\n\n-------- Original Message --------\n{flat}\nHello\nRosa\n", "Fwd: Offer")
    assert isinstance(found, Forward)
    assert (found.original.subject, found.original.text) == ("Offer", "Hello\nRosa")


@pytest.mark.parametrize(
    "first",
    ["Date: Friday, March 13, 2026 10:00 AM", "Cc: all of us", "Reply-To: eve@evil.example", "Importance: High"],
)
@pytest.mark.parametrize(
    ("separator", "body"),
    [("", '<div name="quoted-content">'), ("<div>-------- Original Message --------</div>", '<div id="forwardbody1">')],
)
def test_R26_lines_like_labels_stay_in_an_element_that_is_marked_as_the_body(
    separator: str, body: str, first: str
) -> None:
    """Nothing but the element parts it from the block of GMX and Roundcube."""
    block = (
        "<b>Sent:</b>&nbsp;Monday, March 02, 2026 at 9:15 AM<br><b>From:</b>&nbsp;Kim &lt;kim@customer.example&gt;<br>"
        "<b>To:</b>&nbsp;Rosa &lt;rosa@ourco.example&gt;<br><b>Subject:</b>&nbsp;Offer"
    )
    found = html(
        f'<div>FYI</div>{separator}<div name="quote"><div>{block}</div>{body}<div>{first}</div><div>Hello</div></div></div>'
    )
    assert isinstance(found, Forward)
    assert (found.original.cc, found.original.reply_to) == ((), ())
    assert found.original.sent_at_text == "Monday, March 02, 2026 at 9:15 AM"
    assert (found.original.text, found.comment) == (f"{first}\nHello", "FYI")


@pytest.mark.parametrize("colon", [":", "：", "\u00a0:", " ："])
@pytest.mark.parametrize(
    ("words", "labels"),
    [
        ("転送されたメッセージ", ("差出人", "件名", "日付", "宛先")),
        ("下面是被转发的邮件", ("发件人", "主题", "日期", "收件人")),
        ("Début du message réexpédié", ("De", "Objet", "Date", "À")),
    ],
)
def test_R7_a_separator_without_a_rule_ends_with_any_colon(
    words: str, labels: tuple[str, str, str, str], colon: str
) -> None:
    values = (f"Kim <{KIM}>", "Offer", "Mon, 2 Mar 2026 09:15:00 +0100", f"Rosa <{ROSA}>")
    block = "\n".join(f"> {label}{colon} {value}" for label, value in zip(labels, values, strict=True))
    found = text(f"FYI\n\n{words}{colon}\n\n{block}\n>\n> Hello\n")
    assert isinstance(found, Forward)
    assert (found.comment, found.sign, found.original.text) == ("FYI", Code.FORWARD_SIGN_SEPARATOR, "Hello")


@pytest.mark.parametrize("blank", ["\u00a0", " "])
def test_R31_blanks_that_do_not_break_are_blanks(blank: str) -> None:
    """Programs that make text of HTML leave U+00A0; a list that was folded goes on below it as below any other."""
    block = (
        "Subject: Offer\nDate: Mon, 2 Mar 2026 09:15:00 +0100\nFrom: Kim Kaufmann <kim@customer.example>\n"
        "To: Rosa Rep <rosa@ourco.example>, Wolfeschlegel\nSteinhausenberger <w@customer.example>, Mary Ann\n"
        " Ek <ann@customer.example>\nCC: Lee Wong <lee@customer.example>\n\nHello\n"
    )
    found = text("-------- Original Message --------\n" + block.replace(" ", blank))
    assert isinstance(found, Forward) and found.original.from_ is not None
    people = [found.original.from_, *found.original.to, *found.original.cc]
    assert [one.name for one in people] == [
        "Kim Kaufmann", "Rosa Rep", "Wolfeschlegel Steinhausenberger", "Mary Ann Ek", "Lee Wong",
    ]  # fmt: skip
    assert (found.original.subject, found.original.text) == ("Offer", "Hello")
    em = 'Von "Kim" <kim@customer.example>\nAn "Rosa" <rosa@ourco.example>\nDatum 02.03.2026 09:15:55\nBetreff Offer\n\nHello\n'
    found = text("------ Weitergeleitete Nachricht ------\n" + em.replace(" ", blank))
    assert isinstance(found, Forward) and found.original.subject == "Offer"


@pytest.mark.parametrize("rule", ["", "________________________________\n"])
def test_tables_above_and_below_a_block_stay_as_they_were_drawn(rule: str) -> None:
    """`a` and `De` are labels in French."""
    above, below = "| a | b |\n|---|---|\n| 1 | 2 |", "De | A\n---|---\nA | 4"
    block = "De : Kim <kim@customer.example>\nEnvoyé : lundi 2 mars 2026 09:15\nÀ : Rosa <rosa@ourco.example>\nObjet : Offer"
    found = text(f"{above}\n\n{rule}{block}\n\n{below}\n")
    assert isinstance(found, Forward)
    assert (found.comment, found.original.text) == (above, below)


def test_R31_people_wrapped_inside_a_name_go_on_above_a_label_of_another_client() -> None:
    """The row of Mail.ru has no label for Cc."""
    found = text(
        "-------- Пересылаемое сообщение --------\nОт кого: Kim <kim@customer.example>\n"
        "Кому: Rosa <rosa@ourco.example>, Lee\nWong <lee@customer.example>\nКопия: Ann <ann@customer.example>\n"
        "Дата: Понедельник, 2 марта 2026, 9:15 +03:00\nТема: Offer\n\nHello\n"
    )
    assert isinstance(found, Forward)
    people = [(one.name, one.email) for one in (*found.original.to, *found.original.cc)]
    assert people == [("Rosa", ROSA), ("Lee Wong", "lee@customer.example"), ("Ann", "ann@customer.example")]
    assert found.original.sent_at_text == "Понедельник, 2 марта 2026, 9:15 +03:00"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Ek &amp; Co.", "Ek & Co."),
        ("&quot;Ek, J&ouml;rg&quot;", "Ek, Jörg"),
        ("Ek&nbsp;Ltd", "Ek Ltd"),
        ("Ek & Co", "Ek & Co"),
    ],
)
def test_R31_references_of_html_in_names_part_no_people(written: str, name: str) -> None:
    who = f"{written} <ek@customer.example>"
    found = text(f"From: {who}\nSent: Monday, March 2, 2026 9:15 AM\nTo: {who}; Rosa <{ROSA}>\nSubject: Offer\n\nHi\n")
    assert isinstance(found, Forward) and found.original.from_ is not None
    people = [(one.name, one.email) for one in (found.original.from_, *found.original.to)]
    assert people == [(name, "ek@customer.example"), (name, "ek@customer.example"), ("Rosa", ROSA)]


def test_R7_a_text_that_was_wrapped_twice_has_all_its_people_and_its_subject() -> None:
    found = text(
        "---------- Forwarded message ---------\n"
        "Subject: Framework agreement for the supply, assembly, yearly\ninspection\nand doors: third draft\n"
        "From: Kim Kaufmann <kim@customer.example>\nDate: Mon, Mar 2, 2026 at 9:15 AM\n"
        "To: Rosa Rep <rosa@ourco.example>, Lee Wong <lee@customer.example>, Maria\nde los\nAngeles Perez <m@x.example>, Ann\n"
        "Ek <ann@customer.example>\n\nHello\n",
        "Fwd: x",
    )
    assert isinstance(found, Forward)
    assert (
        found.original.subject
        == "Framework agreement for the supply, assembly, yearly inspection and doors: third draft"
    )
    names = [one.name for one in found.original.to]
    assert (names, found.original.text) == (["Rosa Rep", "Lee Wong", "Maria de los Angeles Perez", "Ann Ek"], "Hello")
    found = text(
        "From: Kim Kaufmann <kim@customer.example>\nSent: Monday, March 2, 2026 9:15 AM\nSubject: Offer\n"
        "To: Lee Wong <lee@customer.example>; Rosa Rep\nHello\nRosa, write to m@x.example\n",
        "FW: Offer",
    )
    assert isinstance(found, Forward)
    assert [one.name for one in found.original.to] == ["Lee Wong", "Rosa Rep"]


@pytest.mark.parametrize("width", [None, 60, 72, 76, 78])
@pytest.mark.parametrize(
    "tags", ["<div>{}</div>", "{}<br>", "<p>{}</p>", '<div dir="auto">{}</div>', "<div><b>{}</b></div>"]
)
def test_R6_the_tags_of_a_text_break_its_lines_where_a_program_wrapped_them(tags: str, width: int | None) -> None:
    """Samsung Email's text part can hold them."""
    block = (
        "-------- Original message --------",
        f"From: Kim Kaufmann &lt;{KIM}&gt; ",
        "Date: 3/2/26  9:15 AM  (GMT+01:00) ",
        f"To: Rosa Rep &lt;{ROSA}&gt;, jane@customer.example ",
        "Cc: Ann Lee &lt;ann@boss.example&gt; ",
        "Subject: Offer ",
        "<br>" if "<br>" not in tags else "",
        "Hello Rosa,",
    )
    source = "".join(map(tags.format, block))
    found = text("FYI\n\n" + (source if width is None else "\n".join(textwrap.wrap(source, width))))
    assert isinstance(found, Forward)
    original = found.original
    assert (found.client, found.comment, original.subject) == ("samsung-email", "FYI", "Offer")
    assert [who.email for who in (*original.to, *original.cc)] == [ROSA, "jane@customer.example", "ann@boss.example"]
    assert (original.text, original.sent_at is None) == ("Hello Rosa,", False)


@pytest.mark.parametrize("margin", ["\t", "    ", " \t ", "\t\t", "\u00a0" * 4, "        "])
def test_R6_a_quote_that_was_set_in_is_read(margin: str) -> None:
    lines = (
        f"{GMAIL}\nFrom: Kim <{KIM}>\nDate: Mon, Mar 2, 2026 at 9:15 AM\nSubject: Offer\nTo: {ROSA}\n\nHello\n\n> Hi"
    )
    found = text("FYI\n\n" + "".join(f"{margin}> {line}\n" for line in lines.split("\n")) + "\nRosa")
    assert isinstance(found, Forward)
    assert (found.comment, found.original.text) == ("FYI\n\nRosa", "Hello\n\n> Hi")


@pytest.mark.parametrize(
    "words", ["*Message du :* {}", "*Message du : {}*", "**Message du :** {}", "_Message du :_ {}"]
)
def test_R30_a_separator_whose_words_were_bold_gives_its_date(words: str) -> None:
    date = words.format("02/03/2026 09:15")
    found = text(f"FYI\n\n{date}\n*De :* Kim <{KIM}>\n*A :* {ROSA}\n*Sujet :* Offer\n\nHello", "TR: Offer")
    assert isinstance(found, Forward)
    assert (found.client, found.comment, str(found.original.sent_at)) == ("sfr-mail", "FYI", "2026-03-02 09:15:00")


def test_R6_a_rule_right_below_the_fields_is_drawn_round_them() -> None:
    """EGroupware writes it in each language, and a block without a subject."""
    rule = "-" * 58
    block = f"----------------ursprüngliche Nachricht-----------------\nVon: Kim <{KIM}>\nAn: Rosa <{ROSA}>\n"
    raw = mail(
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        subject="[FWD] Offer",
        date=DATE,
        body=f"FYI\n\n{block}Datum: Mon, 2 Mar 2026 09:15:00 +0100\n{rule}\n> Hello\n> Kim\n".replace("\n", "\r\n"),
    )
    found = unwrap(raw)
    assert isinstance(found, Forward)
    assert (found.comment, found.original.subject, found.original.text) == ("FYI", "Offer", "Hello\nKim")
