"""What decides between a forward and a reply, and whose the author is where an attribution and a block both stand."""

from datetime import datetime

import pytest

from bcclog import Confidence, EmailAddress, Forward, Refused, Unwrapped, unwrap
from bcclog.codes import Code
from builders import KIM, ROSA, mail, multipart

FORWARDED = (
    "---------- Forwarded message ---------\r\nFrom: Kim Kaufmann <kim@customer.example>\r\n"
    "Date: Mon, Mar 2, 2026 at 9:15 AM\r\nSubject: Offer\r\nTo: Rosa Rep <rosa@ourco.example>\r\n\r\n\r\nHello Rosa\r\n"
)
OUTLOOK = (
    "From: Kim Kaufmann <kim@customer.example>\r\nSent: Monday, March 2, 2026 9:15 AM\r\n"
    "To: Rosa Rep <rosa@ourco.example>\r\nSubject: Offer\r\n\r\nHello Rosa\r\n"
)
APPLE = "Begin forwarded message:\r\n\r\n" + "".join(
    f"> {line}\r\n" for line in FORWARDED.split("\r\n")[1:] if line
).replace("> Hello", "> \r\n> Hello")
BOB = "Bob <bob@ourco.example>"
WROTE = "On Mon, Mar 2, 2026 at 8:00 AM Bob <bob@ourco.example> wrote:"
DATED = (WROTE, "02.03.2026 08:00 Bob <bob@ourco.example>:")
DATE = "Wed, 04 Mar 2026 10:00:00 +0100"


def read(body: str | bytes, subject: str, *fields: str) -> Unwrapped:
    return unwrap(mail(*fields, subject=subject, body=body, date=DATE))


def rivals(found: Unwrapped) -> set[str | None]:
    """The addresses of all who can be the author, where that is refused as ambiguous."""
    assert isinstance(found, Refused)
    assert found.code is Code.REFUSE_FORWARD_AMBIGUOUS
    return {one.from_.email for one in found.candidates if one.from_ is not None}


@pytest.mark.parametrize(
    "line",
    [
        "On Monday Kim wrote:",
        "Kim wrote:",
        "Kim Kaufmann <kim@customer.example> wrote:",
        "Hi, I asked Bob <bob@buyer.example> and he wrote:",
    ],
)
@pytest.mark.parametrize(
    ("block", "subject"),
    [
        (FORWARDED, "Fwd: Offer"),
        (OUTLOOK, "FW: Offer"),
        ("-----Original Message-----\r\n" + OUTLOOK, "FW: Offer"),
        (APPLE, "Fwd: Offer"),
    ],
)
def test_R26_a_line_like_an_attribution_in_the_comment_names_no_author(line: str, block: str, subject: str) -> None:
    found = read(f"{line}\r\n\r\n{block}", subject)
    assert isinstance(found, Forward)
    assert (found.code, found.comment) == (Code.FORWARD_INLINE, line)
    assert found.original.from_ is not None
    assert found.original.from_.email == KIM
    assert found.original.text == "Hello Rosa"


@pytest.mark.parametrize("line", DATED)
@pytest.mark.parametrize(("block", "subject"), [(FORWARDED, "Fwd: Offer"), (APPLE, "Fwd: Offer"), (OUTLOOK, "FW: x")])
def test_R26_a_mail_quoted_in_the_comment_names_no_author(line: str, block: str, subject: str) -> None:
    found = read(f"{line}\r\n> Ask Kim\r\n\r\n{block}", subject)
    assert isinstance(found, Forward)
    assert (found.code, found.comment) == (Code.FORWARD_INLINE, f"{line}\n> Ask Kim")
    assert found.original.from_ is not None
    assert found.original.from_.email == KIM


@pytest.mark.parametrize("line", DATED)
@pytest.mark.parametrize("words", ["", "Please see below.\r\n\r\n"])
@pytest.mark.parametrize(
    "block",
    [
        FORWARDED,
        APPLE,
        OUTLOOK,
        f"-----Original Message-----\r\n{OUTLOOK}",
        "Begin forwarded message:\r\n\r\nOn Monday, March 2, 2026, 9:15 AM, Kim Kaufmann <kim@customer.example> wrote:\r\n",
    ],
)
def test_T54_below_a_line_that_replaces_a_block_it_is_open_whose_the_next_block_is(
    line: str, words: str, block: str
) -> None:
    found = read(f"FYI\r\n\r\n{line}\r\n\r\n{words}{block}", "FW: Offer")
    if isinstance(found, Forward):  # the line is one that no reply begins with
        assert words
        assert found.original.from_ == EmailAddress("Bob", "bob@ourco.example")
    else:
        assert rivals(found) == {"bob@ourco.example", KIM}
    same = f"{line}\r\n\r\n{words}{block}".replace("Kim Kaufmann <kim@customer.example>", BOB)
    assert isinstance(read(same, "FW: Offer"), Forward)


def test_R7_an_attribution_in_place_of_a_block_counts_above_the_history_of_the_forwarded_mail() -> None:
    found = read(
        f'On 3/13/26, 8:00 AM, "Bob Buyer" <bob@buyer.example> wrote:\r\n\r\nSee below.\r\n\r\n{OUTLOOK}', "FW: x"
    )
    assert isinstance(found, Forward)
    assert found.original.from_ is not None
    assert found.original.from_.email == "bob@buyer.example"


def test_R7_a_reply_whose_history_is_not_marked_and_holds_a_forward_is_a_reply() -> None:
    found = read(f"Thanks\r\n\r\n{WROTE}\r\n\r\nFYI\r\n\r\n{FORWARDED}", "Re: Fwd: Offer", "In-Reply-To: <a@b.example>")
    assert found.code is Code.NOT_FORWARDED_REPLY


@pytest.mark.parametrize(
    "subject", ["Automatic reply: Offer", "Abwesenheitsnotiz: Offer", "Réponse automatique : Offer"]
)
def test_R28_an_out_of_office_answer_is_no_forward(subject: str) -> None:
    body = f"I am away until Monday\r\n\r\n-----Original Message-----\r\n{OUTLOOK}"
    assert read(body, subject, "Auto-Submitted: auto-replied").code is Code.NOT_FORWARDED_REPLY
    assert read(body, subject).code is Code.NOT_FORWARDED_REPLY


@pytest.mark.parametrize("subject", ["Ang: Offer", "Odpověď: Offer", "回信：Offer", "RE_ Offer", "Reply: Offer"])
@pytest.mark.parametrize("line", ["-----Original Message-----\r\n", "_" * 32 + "\r\n"])
def test_R7_an_unknown_prefix_before_the_subject_of_the_block_decides_nothing(subject: str, line: str) -> None:
    assert read(f"Thanks\r\n\r\n{line}{OUTLOOK}", subject).code is Code.NOT_FORWARDED_REPLY


@pytest.mark.parametrize("subject", ["Vs: Offer", "Re: Offer"])
def test_R7_a_prefix_of_two_meanings_on_an_answer_is_a_replys(subject: str) -> None:
    body = 'Tack\r\n\r\nDen 2 mars 2026 09:15 skrev "Kim Kaufmann" <kim@customer.example> följande:\r\n\r\n> Hej\r\n'
    assert read(body, subject, "In-Reply-To: <a@b.example>").outcome == "not_forwarded"


def test_R8_a_forward_in_the_quoted_history_of_the_forwarded_answer_is_no_chain() -> None:
    history = "".join(f"> {line}\r\n" for line in FORWARDED.split("\r\n"))
    answer = FORWARDED.replace("Subject: Offer", "Subject: Re: Offer")
    found = read(f"{answer}\r\nIl giorno tal dei tali:\r\n\r\n{history}", "Fwd: Re: Offer")
    assert isinstance(found, Forward)
    assert found.chain == ()


def test_R8_an_attribution_whose_date_is_open_is_a_forward_with_both_readings() -> None:
    found = read(">>> Kim Kaufmann <kim@customer.example> 3/2/2026 9:15 AM >>>\r\nHello Rosa\r\n", "Fwd: Offer")
    assert isinstance(found, Forward)
    assert found.original.from_ is not None
    assert found.original.from_.email == KIM
    assert [reason.code for reason in found.warnings] == [Code.WARN_DATE_ORDER, Code.WARN_FORWARD_OUTER_SUBJECT]
    assert [lost.what for lost in found.warnings[0].lost] == ["2026-02-03T09:15:00"]


def test_R26_words_of_the_forwarder_before_a_dated_line_name_no_author() -> None:
    found = read(f"Hi, here is what Bob wrote:\r\n\r\n{WROTE}\r\n\r\n> Hello\r\n", "Fwd: Offer")
    assert isinstance(found, Forward)
    assert found.original.from_ == EmailAddress("Bob", "bob@ourco.example")
    assert found.comment == "Hi, here is what Bob wrote:"
    assert found.original.text == "Hello"


@pytest.mark.parametrize("separator", ["", "_" * 32 + "\n", "-----Original Message-----\n"])
def test_T54_what_a_note_quotes_below_such_a_line_leaves_open_whose_the_block_below_it_is(separator: str) -> None:
    """Balsa's line in English can stand in place of a block."""
    quote = "On Mon, 02 Mar 2026 09:15:00 +0100, Eve <eve@evil.example> wrote:\n> hi\n\nPlease log the one below.\n\n"
    block = f"From: Kim <{KIM}>\nSent: Monday, March 2, 2026 9:15 AM\nTo: {ROSA}\nSubject: Offer\n\nHello\n"
    found = unwrap(mail(subject="FW: Offer", body=f"{quote}{separator}{block}"))
    assert isinstance(found, Refused)
    assert found.code is Code.REFUSE_FORWARD_AMBIGUOUS
    assert [one.from_.email for one in found.candidates if one.from_] == ["eve@evil.example", KIM]


def test_R7_a_line_in_place_of_a_block_that_was_wrapped_is_no_separator() -> None:
    line = "Forwarded message from Noor van den Berg on Fri Mar 20, 2026 at 10:40\r\nAM:"
    found = read(f"FYI\r\n\r\n{line}\r\nHello\r\n\r\n{FORWARDED}", "Fwd: Offer")
    assert isinstance(found, Forward)
    assert found.original.from_ == EmailAddress("Noor van den Berg", None)
    assert (found.original.sent_at, found.comment) == (datetime(2026, 3, 20, 10, 40), "FYI")


def test_R26_an_address_in_the_middle_of_the_forwarders_words_is_no_author() -> None:
    found = read("Hi, I asked Bob <bob@buyer.example> and he wrote:\r\n\r\n> Yes\r\n", "Fwd: Offer")
    assert found.code is Code.NOT_FORWARDED_NO_BLOCK


@pytest.mark.parametrize(
    "line",
    [
        "On Mon, Mar 2, 2026 at 9:15 AM Kim Kaufmann <kim@customer.example> wrote:",
        "On Mon, Mar 2, 2026, 9:15 AM Kim Kaufmann <kim@customer.example> wrote:",
        "ma 2. maalisk. 2026 klo 9.15 Kim Kaufmann (kim@customer.example) kirjoitti:",
    ],
)
def test_R7_a_line_in_place_of_a_block_is_read_by_the_template_that_dates_it(line: str) -> None:
    found = read(f"FYI\r\n\r\n{line}\r\n\r\n> Hello\r\n", "Fwd: Offer")
    assert isinstance(found, Forward)
    assert found.original.from_ == EmailAddress("Kim Kaufmann", KIM)
    assert found.original.sent_at == datetime(2026, 3, 2, 9, 15)


@pytest.mark.parametrize(
    "comment",
    [
        "Our flight:\r\nFrom: HAM\r\nTo: KEL\r\nDate: 2 March 2026",
        "Booking:\r\nFrom: 1 March 2026\r\nTo: 5 March 2026\r\nSubject: to change",
        "To: Bob\r\nCc: Al",
        "From: Bob\r\nTo: Al",
    ],
)
@pytest.mark.parametrize("block", [FORWARDED, OUTLOOK, APPLE])
def test_R7_label_lines_of_the_comment_are_no_block(comment: str, block: str) -> None:
    found = read(f"{comment}\r\n\r\n{block}", "Fwd: Offer")
    assert isinstance(found, Forward)
    assert (found.original.from_, found.comment) == (
        EmailAddress("Kim Kaufmann", KIM), comment.replace("\r\n", "\n")
    )  # fmt: skip


def test_R7_label_lines_that_name_neither_an_address_nor_an_hour_are_no_block() -> None:
    found = read("Our flight:\r\nFrom: HAM\r\nTo: KEL\r\nDate: 2 March 2026\r\n\r\nSee you\r\n", "Fwd: trip")
    assert found.code is Code.NOT_FORWARDED_NO_BLOCK


def test_R7_a_comment_that_ends_in_a_colon_takes_nothing_from_the_block() -> None:
    found = read("FYI:\r\n\r\n" + FORWARDED.replace("Subject: Offer", "Subject: <b> & <i>"), "Fwd: Offer")
    assert isinstance(found, Forward)
    assert found.original.subject == "<b> & <i>"


@pytest.mark.parametrize("name", ["Kim", "Kim (Sales)", "A (A)"])
def test_R31_brackets_in_the_name_of_a_line_in_place_of_a_block_are_no_date(name: str) -> None:
    found = read(f"FYI\r\n\r\nForwarded message from {name} (2026-03-02 09:15:00):\r\n> Hello\r\n", "Fwd: Offer")
    assert isinstance(found, Forward)
    assert found.original.from_ == EmailAddress(name, None)
    assert found.original.sent_at == datetime(2026, 3, 2, 9, 15)


@pytest.mark.parametrize(
    "body",
    [
        "New request\r\n\r\nFrom: Kim Kaufmann <kim@customer.example>\r\nDate: 2 March 2026 09:15\r\nSubject: Offer\r\n\r\nHello",
        f"Steps to reproduce:\r\n\r\n{OUTLOOK}",
    ],
)
def test_R7_lines_like_a_block_in_a_mail_that_answers_nobody_are_no_replys(body: str) -> None:
    assert read(body, "Your form").code is Code.NOT_FORWARDED_UNMARKED
    assert read(body, "Your form", "References: <k1@customer.example>").code is Code.NOT_FORWARDED_REPLY
    assert read(body, "Re: Your form").code is Code.NOT_FORWARDED_REPLY


@pytest.mark.parametrize(
    ("file", "fields", "code"),
    [
        ('application/pdf; name="offer.pdf"', (), Code.FORWARD_INLINE),
        ('application/pdf; name="offer.pdf"', ("References: <k1@customer.example>",), Code.NOT_FORWARDED_REPLY),
        ('application/pdf; name="offer.pdf"', ("In-Reply-To: <k1@customer.example>",), Code.NOT_FORWARDED_REPLY),
        ('application/pgp-signature; name="signature.asc"', (), Code.NOT_FORWARDED_UNMARKED),
        ('image/png; name="logo.png"\nContent-ID: <logo@ourco.example>', (), Code.NOT_FORWARDED_UNMARKED),
    ],
)
def test_R7_files_speak_for_a_forward_where_nothing_else_does(file: str, fields: tuple[str, ...], code: Code) -> None:
    text = "Content-Type: text/plain; charset=utf-8", f"The offer of last week:\r\n\r\n{OUTLOOK}"
    field, body = multipart(text, (f"Content-Type: {file}\nContent-Disposition: attachment", "x"))
    found = read(body, "The offer of last week", field, "MIME-Version: 1.0", *fields)
    assert found.code is code
    if isinstance(found, Forward):
        assert (found.sign, found.confidence) == (Code.FORWARD_SIGN_ATTACHMENT, Confidence.LOW)


@pytest.mark.parametrize(
    "first",
    [
        "Subject: your order",
        "To: all who wait",
        "Cc: Eve Extra <eve@evil.example>",
        "Date: Fri, 13 Mar 2026 10:00",
        "From: Eve Extra <eve@evil.example>\r\nTo: Bob <bob@buyer.example>\r\nSubject: contact form",
    ],
)
@pytest.mark.parametrize(
    ("above", "end"),
    [
        (
            '-------- Пересылаемое сообщение --------\r\n02.03.2026, 09:15, "Kim Kaufmann" <kim@customer.example>:',
            "-------- Конец пересылаемого сообщения --------\r\n",
        ),
        (
            "Begin forwarded message:\r\n\r\n"
            "On Monday, March 2, 2026, 9:15 AM, Kim Kaufmann <kim@customer.example> wrote:",
            "",
        ),
    ],
)
def test_R7_text_below_a_line_in_place_of_a_block_is_no_field_of_it(first: str, above: str, end: str) -> None:
    found = read(f"FYI\r\n\r\n{above}\r\n\r\n{first}\r\n\r\nHello Rosa\r\n\r\n{end}", "Fwd: Offer")
    assert isinstance(found, Forward)
    original = found.original
    assert (original.from_, original.to, original.cc) == (EmailAddress("Kim Kaufmann", KIM), (), ())
    assert (original.subject, original.sent_at) == ("Offer", datetime(2026, 3, 2, 9, 15))
    assert original.text == f"{first}\r\n\r\nHello Rosa".replace("\r\n", "\n")


def test_R26_a_mail_quoted_in_the_comment_does_not_name_the_author_where_a_line_says_forwarded() -> None:
    line = '-------- Пересылаемое сообщение --------\r\n02.03.2026, 09:15, "Kim Kaufmann" <kim@customer.example>:'
    found = read(f"{WROTE}\r\n> Ask Kim\r\n\r\n{line}\r\n\r\nHello Rosa\r\n", "Fwd: Offer")
    assert isinstance(found, Forward)
    assert found.original.from_ == EmailAddress("Kim Kaufmann", KIM)
    assert (found.comment, found.original.text) == (f"{WROTE}\n> Ask Kim", "Hello Rosa")


LINKS = (
    "Begin forwarded message:\r\n\r\nOn Sunday, March 1, 2026, 9:15 AM, Lee Long <lee@partner.example> wrote:\r\n\r\nHi Kim\r\n",
    '-------- Пересылаемое сообщение --------\r\n01.03.2026, 09:15, "Lee Long" <lee@partner.example>:\r\n\r\nHi Kim\r\n'
    "\r\n-------- Конец пересылаемого сообщения --------\r\n",
    FORWARDED.replace("Kim Kaufmann <kim@customer", "Lee Long <lee@partner").replace("Hello Rosa", "Hi Kim"),
)


@pytest.mark.parametrize("inner", LINKS)
@pytest.mark.parametrize("outer", [FORWARDED, *LINKS])
def test_R8_a_line_in_place_of_a_block_is_a_link_of_the_chain_as_a_block_is(inner: str, outer: str) -> None:
    outer = outer.replace("Lee Long <lee@partner", "Kim Kaufmann <kim@customer")
    outer = outer.replace('"Lee Long" <lee@partner', '"Kim Kaufmann" <kim@customer').replace("Hi Kim", "Hello Rosa")
    found = read("FYI\r\n\r\n" + outer.replace("Hello Rosa", f"Hello Rosa\r\n\r\n{inner}"), "Fwd: Fwd: Offer")
    assert isinstance(found, Forward)
    assert found.original.from_ is not None
    assert found.original.from_.email == KIM
    assert [one.from_ for one in found.chain] == [EmailAddress("Lee Long", "lee@partner.example")]
    assert [one.text for one in found.chain] == ["Hi Kim"]
    assert (found.comment, found.others) == ("FYI", ())


def test_R8_the_first_of_a_chain_in_a_table_of_bars_is_found_above_the_next_without_one() -> None:
    table = "".join(
        f"| {label} | {value} |\r\n"
        for label, value in [
            ("From", "Kim Kaufmann<kim@customer.example>"),
            ("Date", "03/04/2026 09:15"),
            ("To", "Rosa Rep<rosa@ourco.example>"),
            ("Subject", "Fwd: Offer"),
        ]
    )
    inner = OUTLOOK.replace("Kim Kaufmann <kim@customer", "Lee Long <lee@partner")
    found = read(f"---- Forwarded Message ----\r\n{table}\r\nsee below\r\n\r\n{inner}", "Fwd: Fwd: Offer")
    assert isinstance(found, Forward)
    assert found.original.from_ == EmailAddress("Kim Kaufmann", KIM)
    assert [one.from_ for one in found.chain] == [EmailAddress("Lee Long", "lee@partner.example")]


@pytest.mark.parametrize("drawn", ["", "---------- Videresendt ----------\r\n"])
@pytest.mark.parametrize("inner", [FORWARDED, OUTLOOK, APPLE])
def test_T54_a_block_in_unknown_words_above_another_leaves_open_who_the_author_is(drawn: str, inner: str) -> None:
    outer = (
        "Avtor: Lee Long <lee@partner.example>\r\nKdaj: 2. 3. 2026 9:15\r\n"
        "Za koga: Rosa Rep <rosa@ourco.example>\r\nNaslovje: Offer\r\n\r\nsee below\r\n\r\n"
    )
    found = read(f"FYI\r\n\r\n{drawn}{outer}{inner}", "Fwd: Fwd: Offer")
    assert rivals(found) == {"lee@partner.example", KIM}


@pytest.mark.parametrize(
    "signature",
    [
        "Rosa Rep\r\nTel: 0431 123\r\nE-Mail: rosa@ourco.example\r\nWeb: www.ourco.example\r\nStand: 2.3.2026",
        "Kunde: Bob <bob@buyer.example>\r\nTermin: 2.3.2026 09:15\r\nThema: Angebot",
    ],
)
def test_R26_labelled_lines_of_the_comment_that_write_to_nobody_name_no_author(signature: str) -> None:
    found = read(f"{signature}\r\n\r\n{FORWARDED}", "Fwd: Offer")
    assert isinstance(found, Forward)
    assert found.original.from_ == EmailAddress("Kim Kaufmann", KIM)


WITHOUT_AUTHOR = (
    "---------- Forwarded message ---------\r\n{}Date: Mon, Mar 2, 2026 at 9:15 AM\r\nSubject: Fwd: Offer\r\n"
    "To: Rosa Rep <rosa@ourco.example>\r\n\r\n",
    "{}Gesendet: Montag, 2. März 2026 09:15\r\nAn: Rosa Rep <rosa@ourco.example>\r\nBetreff: Fwd: Offer\r\n\r\n",
    "-------- 转发邮件信息 --------\r\n{}发送日期：2026-03-02 09:15:00\r\n收件人：Rosa\r\n主题：Fwd: Offer\r\n\r\n",
)


@pytest.mark.parametrize("author", ["", "Od kogo: Kim\r\n", "From Kim Kaufmann <kim@customer.example>\r\n"])
@pytest.mark.parametrize("outer", WITHOUT_AUTHOR)
@pytest.mark.parametrize("inner", [FORWARDED, OUTLOOK, APPLE, LINKS[0], LINKS[1]])
def test_T54_the_block_inside_one_that_names_no_author_is_not_taken_for_it(author: str, outer: str, inner: str) -> None:
    inner = inner.replace("Kim Kaufmann <kim@customer", "Lee Long <lee@partner")
    found = read(f"FYI\r\n\r\n{outer.format(author)}see below\r\n\r\n{inner}", "Fwd: Fwd: Offer")
    assert rivals(found) == {"lee@partner.example"}


BARE_LINKS = (
    ">>> Lee Long <lee@partner.example> 01.03.2026 09:15 >>>\r\nHi Kim\r\n",
    "On Sunday, Mar 01, 2026 at 9:15 AM, Lee Long <lee@partner.example> wrote:\r\nHi Kim\r\n",
    "---- Forwarded Message ----\r\n| From | Lee Long<lee@partner.example> |\r\n| Date | 03/01/2026 09:15 |\r\n"
    "| To | Kim<kim@customer.example> |\r\n| Subject | Offer |\r\n\r\nHi Kim\r\n",
    "---- Forwarded Message ----\r\n| From | Lee Long<lee@partner.example> |\r\n| --- | --- |\r\n"
    "| Date | 03/01/2026 09:15 |\r\n| To | Kim<kim@customer.example> |\r\n\r\nHi Kim\r\n",
)


@pytest.mark.parametrize("inner", BARE_LINKS)
@pytest.mark.parametrize("last", ["", "\r\nsee this\r\n\r\n" + FORWARDED.replace("kim@", "al@")])
def test_R8_a_line_without_a_separator_and_a_table_of_bars_are_links_below_the_subject_of_a_forward(
    inner: str, last: str
) -> None:
    outer = FORWARDED.replace("Subject: Offer", "Subject: Fwd: Offer")
    found = read("FYI\r\n\r\n" + outer.replace("Hello Rosa", f"see below\r\n\r\n{inner}{last}"), "Fwd: Fwd: Offer")
    assert isinstance(found, Forward)
    authors = [one.from_.email for one in found.chain if one.from_ is not None]
    is_open = bool(last) and "|" not in inner  # whether the line was forwarded, or quoted above a forward
    assert authors == [*([] if is_open else ["lee@partner.example"]), *(["al@customer.example"] if last else [])]
    assert found.chain[-1].text == ("Hello Rosa" if last else "Hi Kim")
    assert is_open == (Code.WARN_FORWARD_CHAIN_INCOMPLETE in [one.code for one in found.warnings])


@pytest.mark.parametrize("line", ["02.03.2026 09:15 Lee Long <lee@partner.example>:", *LINKS[:2]])
def test_R8_a_link_without_a_subject_has_that_of_the_forward_above_less_its_prefix(line: str) -> None:
    inner = line.partition("\r\n\r\nHi Kim")[0]
    last = FORWARDED.replace("kim@", "al@")
    outer = FORWARDED.replace("Subject: Offer", "Subject: Fwd: FW: Offer")
    found = read(outer.replace("Hello Rosa", f"see\r\n\r\n{inner}\r\n\r\nHi\r\n\r\n{last}"), "Fwd: Fwd: FW: Offer")
    assert isinstance(found, Forward)
    assert [(one.from_ and one.from_.email, one.subject) for one in found.chain] == [
        ("lee@partner.example", "FW: Offer"),
        ("al@customer.example", "Offer"),
    ]
    codes = [one.code for one in found.warnings]
    assert (Code.WARN_FORWARD_OUTER_SUBJECT in codes, Code.WARN_FORWARD_CHAIN_INCOMPLETE in codes) == (True, False)


@pytest.mark.parametrize(
    ("subject", "line", "chain"),
    [
        (
            "En: Offer",
            "Em 1 de março de 2026 09:15, Lee Long < lee@partner.example> escreveu:",
            ["lee@partner.example"],
        ),
        ("Vs: Offer", "1. marts 2026 09:15 skrev Lee Long < lee@partner.example>:", ["lee@partner.example"]),
        ("Vs: Offer", "Lee Long <lee@partner.example> kirjoitti 1.3.2026 klo 9.15:", []),
    ],
)
def test_R8_the_line_of_a_link_says_whether_the_prefix_above_it_is_that_of_a_forward(
    subject: str, line: str, chain: list[str]
) -> None:
    outer = FORWARDED.replace("Subject: Offer", f"Subject: {subject}")
    found = read(outer.replace("Hello Rosa", f"see below\r\n\r\n{line}\r\n\r\n> Hi Kim\r\n"), f"Fwd: {subject}")
    assert isinstance(found, Forward)
    assert [one.from_ and one.from_.email for one in found.chain] == chain


def test_R8_such_a_line_that_quotes_a_forward_makes_the_chain_incomplete() -> None:
    line = "Em 1 de março de 2026 09:15, Lee Long < lee@partner.example> escreveu:"
    quoted = "".join(f"> {text}".rstrip() + "\r\n" for text in f"see below\r\n\r\n{FORWARDED}".split("\r\n"))
    outer = FORWARDED.replace("Subject: Offer", "Subject: En: Fwd: Offer")
    found = read(outer.replace("Hello Rosa", f"see\r\n\r\n{line}\r\n\r\n{quoted}"), "Fwd: En: Fwd: Offer")
    assert isinstance(found, Forward)
    assert found.chain or Code.WARN_FORWARD_CHAIN_INCOMPLETE in [one.code for one in found.warnings]


@pytest.mark.parametrize("line", DATED)
@pytest.mark.parametrize("block", [FORWARDED, LINKS[0]])
def test_T54_the_block_inside_what_a_line_quotes_can_be_part_of_it(line: str, block: str) -> None:
    quoted = "".join(f"> {text}".rstrip() + "\r\n" for text in f"see below\r\n\r\n{block}".split("\r\n"))
    inside = read(f"FYI\r\n\r\n{line}\r\n\r\n{quoted}", "Fwd: Fwd: Offer")
    if isinstance(inside, Refused):
        assert rivals(inside) == {"bob@ourco.example", "lee@partner.example" if "Lee" in block else KIM}
    else:
        assert isinstance(inside, Forward)  # the line is one that no reply begins with
        assert inside.original.from_ == EmailAddress("Bob", "bob@ourco.example")


def test_R8_a_line_that_replies_begin_with_is_no_link_and_a_chain_without_one_is_incomplete() -> None:
    reply = "On Sun, Mar 1, 2026 at 9:15 AM Lee Long <lee@partner.example> wrote:\r\n\r\n> Hi Kim\r\n"
    for subject, is_said in (("Fwd: Offer", True), ("Re: Offer", False), ("Offer", False)):
        block = FORWARDED.replace("Subject: Offer", f"Subject: {subject}").replace("Hello Rosa", f"Yes.\r\n\r\n{reply}")
        found = read(block, f"Fwd: {subject}")
        assert isinstance(found, Forward)
        assert found.chain == ()
        assert (Code.WARN_FORWARD_CHAIN_INCOMPLETE in [one.code for one in found.warnings]) == is_said


@pytest.mark.parametrize(
    "inside",
    [
        "---------- Forwarded message ---------\r\n\r\nHi",  # its block was lost
        "Von Lee <lee@partner.example>\r\nAn Kim <kim@customer.example>\r\nBetreff Offer\r\n\r\nHi",
        "Anfa 2. mairs 2026 uair 9:15 sgr\u00ecobh Lee <lee@partner.example> seo:\r\n\r\nHi",
    ],
)
def test_R8_a_forward_inside_of_which_something_is_left_makes_the_chain_incomplete(inside: str) -> None:
    for subject in ("Fwd: Offer", "Offer"):
        block = FORWARDED.replace("Subject: Offer", f"Subject: {subject}").replace("Hello Rosa", f"see\r\n\r\n{inside}")
        found = read(block, f"Fwd: {subject}")
        assert isinstance(found, Forward)
        assert found.chain == ()
        is_said = Code.WARN_FORWARD_CHAIN_INCOMPLETE in [one.code for one in found.warnings]
        assert is_said == (subject == "Fwd: Offer")


def test_R8_a_forward_that_says_nothing_of_another_is_whole() -> None:
    found = read(FORWARDED.replace("Subject: Offer", "Subject: FW: your invoice"), "Fwd: FW: your invoice")
    assert isinstance(found, Forward)
    assert (found.confidence, Code.WARN_FORWARD_CHAIN_INCOMPLETE in [one.code for one in found.warnings]) == (
        Confidence.HIGH,
        False,
    )


@pytest.mark.parametrize("block", [FORWARDED, OUTLOOK, APPLE, LINKS[2]])
def test_T54_where_the_subject_says_one_more_forward_the_one_that_was_found_is_in_doubt(block: str) -> None:
    found = read(f"FYI\r\n\r\n{block}", "Fwd: FW: Offer")
    assert isinstance(found, Forward)
    assert found.confidence is Confidence.LOW
    assert Code.WARN_FORWARD_CHAIN_INCOMPLETE in [one.code for one in found.warnings]


def test_R8_where_the_subjects_say_one_more_forward_the_chain_is_incomplete() -> None:
    outer = FORWARDED.replace("Subject: Offer", "Subject: Fwd: Fwd: Offer").replace("Hello Rosa", LINKS[2])
    found = read(outer, "Fwd: Fwd: Fwd: Offer")
    assert isinstance(found, Forward)
    assert [one.from_ for one in found.chain] == [EmailAddress("Lee Long", "lee@partner.example")]
    assert Code.WARN_FORWARD_CHAIN_INCOMPLETE in [one.code for one in found.warnings]


LOST = (
    # of a line in place of a block the separator alone is left
    ("-------- Пересылаемое сообщение --------\r\n\r\n", None),
    ("Begin forwarded message:\r\n\r\n", None),
    # Orange: the date stands in the line above, and the author's line is lost or in unknown words
    ("> Message du 02/03/26 09:15\r\n> A : Rosa Rep <rosa@ourco.example>\r\n> Objet : Fwd: Offer\r\n>\r\n", None),
    (f"> Message du 02/03/26 09:15\r\n> Qu : {BOB}\r\n> A : {ROSA}\r\n> Objet : Fwd: Offer\r\n>\r\n", BOB),
    # AOSP writes no date, and the author's line is lost or in unknown words
    (f"-------- Original Message --------\r\nSubject: Fwd: Offer\r\nTo: {ROSA}\r\n\r\n", None),
    (f"-------- Original Message --------\r\nSubject: Fwd: Offer\r\nQu: {BOB}\r\nTo: {ROSA}\r\n\r\n", None),
    # eM Client writes no colons, and its separator is lost
    (f"Von {BOB}\r\nAn {ROSA}\r\nDatum 02.03.2026 09:15:00\r\nBetreff Fwd: Offer\r\n\r\n", BOB),
    # Foxmail writes no addresses, and the date is lost
    ("发件人： Bob\r\n收件人： Rosa Rep\r\n抄送： Jo\r\n主题： Fwd: Offer\r\n", "Bob"),
    # a line in place of a block in words of no row
    ("Anfa 2. mairs 2026 uair 9:15 sgr\u00ecobh Bob <bob@ourco.example> seo:\r\n\r\n", BOB),
    ("Anfa 2/3/2026 sgr\u00ecobh\r\nBob <bob@ourco.example> seo:\r\n\r\n", BOB),
)


@pytest.mark.parametrize(("outer", "author"), LOST)
@pytest.mark.parametrize("inner", [FORWARDED, OUTLOOK, APPLE, LINKS[0], LINKS[1]])
def test_T54_the_block_inside_what_is_left_of_another_is_not_taken_for_it(
    outer: str, author: str | None, inner: str
) -> None:
    inner = inner.replace("Kim Kaufmann <kim@customer", "Lee Long <lee@partner")
    body = f"FYI\r\n\r\n{outer}see below\r\n\r\n{inner}"
    if outer.startswith(">"):
        body = body.replace("\r\nsee below", "\r\n> see below")
    found = read(body, "Fwd: Fwd: Offer")
    named = {"lee@partner.example"}
    if author is not None:
        named.add("bob@ourco.example" if "@" in author else None)
    assert rivals(found) == named


@pytest.mark.parametrize(
    "comment",
    [
        "From: Rosa\r\nTo: CRM\r\nSubject: log this",
        "Von Bob <bob@buyer.example>\r\nAn Rosa",
        "Order 4711 of 2026, please ask Bob <bob@buyer.example>:",
        "I forwarded message 4711 of Bob <bob@buyer.example> at 9:15, and he says:",
        "Message du 02/03/26 09:15",
    ],
)
@pytest.mark.parametrize("block", [FORWARDED, OUTLOOK, APPLE])
def test_R26_words_of_the_comment_that_no_client_writes_name_no_author(comment: str, block: str) -> None:
    found = read(f"{comment}\r\n\r\n{block}", "Fwd: Offer")
    assert isinstance(found, Forward)
    assert found.original.from_ == EmailAddress("Kim Kaufmann", KIM)


def test_R7_a_gateways_notice_below_a_separator_is_no_block_without_an_author() -> None:
    head = FORWARDED.partition("\r\n")[0]
    inner = FORWARDED
    notice = f"{head}\r\nCAUTION: this mail came from outside.\r\n\r\n{inner.removeprefix(head)}"
    assert isinstance(read(f"FYI\r\n\r\n{notice}", "Fwd: Fwd: Offer"), Forward)


@pytest.mark.parametrize("drawn", ["", "---------- Videresendt ----------\r\n"])
@pytest.mark.parametrize("last", ["", FORWARDED])
def test_R8_a_block_in_unknown_words_is_a_link_below_the_subject_of_a_forward(drawn: str, last: str) -> None:
    inner = (
        "Avtor: Lee Long <lee@partner.example>\r\nKdaj: 2. 3. 2026 9:15\r\n"
        f"Za koga: Rosa Rep <rosa@ourco.example>\r\nNaslovje: Fwd: Offer\r\n\r\nHi\r\n\r\n{last}"
    )
    block = FORWARDED.replace("Hello Rosa", f"see below\r\n\r\n{drawn}{inner}")
    found = read(block.replace("Subject: Offer", "Subject: Fwd: Fwd: Offer", 1), "Fwd: Fwd: Fwd: Offer")
    assert isinstance(found, Forward)
    authors = [one.from_.email for one in found.chain if one.from_ is not None]
    assert authors == ["lee@partner.example", *([KIM] if last else [])]
    form = read(block, "Fwd: Offer")  # the forwarded mail is none: a form, which it can hold
    assert isinstance(form, Forward)
    assert [one for one in form.chain if one.from_ and one.from_.email != KIM] == []


YANDEX = '-------- Пересылаемое сообщение --------\r\n02.03.2026, 09:15, "Kim Kaufmann" <kim@customer.example>:'


@pytest.mark.parametrize(
    ("line", "beside", "code"),
    [
        (YANDEX, YANDEX, None),
        (YANDEX, YANDEX.replace("kim@", "eve@"), Code.REFUSE_FORWARD_PARTS_DISAGREE),
        (YANDEX, YANDEX.replace("Kim K", "Eve K"), Code.WARN_FORWARD_PARTS_DIFFER),
        (YANDEX, YANDEX.replace("2026", "2025"), Code.WARN_FORWARD_PARTS_DIFFER),
        (YANDEX, "FYI", Code.WARN_FORWARD_ONE_PART),
        (">>> Kim Kaufmann 02.03.2026 09:15 >>>", ">>> Kim Kaufmann <kim@customer.example> 02.03.2026 09:15 >>>", None),
        (">>> Kim Kaufmann <kim@customer.example> 02.03.2026 09:15 >>>", ">>> Kim Kaufmann 02.03.2026 09:15 >>>", None),
    ],
)
def test_T57_a_line_in_place_of_a_block_is_held_against_that_of_the_other_part(
    line: str, beside: str, code: Code | None
) -> None:
    drawn = beside.replace("<", "&lt;").replace(">", "&gt;").replace("\r\n", "<br>")
    field, body = multipart(
        ("Content-Type: text/plain; charset=utf-8", f"FYI\r\n\r\n{line}\r\n\r\nHello Rosa\r\n"),
        ("Content-Type: text/html; charset=utf-8", f"<p>FYI</p><p>{drawn}</p><p>Hello Rosa</p>"),
        subtype="alternative",
    )
    found = read(body, "Fwd: Offer", "MIME-Version: 1.0", field)
    if isinstance(found, Forward):
        assert found.original.from_ == EmailAddress("Kim Kaufmann", KIM)
        warned = {reason.code for reason in found.warnings}
        assert warned - {Code.WARN_DATE_NO_ZONE, Code.WARN_FORWARD_OUTER_SUBJECT} == ({code} if code else set())
    else:
        assert found.code is code


@pytest.mark.parametrize(
    "line",
    [
        "Le 01/03/2026 10:00:00, Bob Roe a écrit :",
        "Am 01.03.2026 10:00:00 schrieb(en) Bob Roe:",
        "El 01/03/26 10:00:00, Bob Roe escribió:",
        "Dne 1.3.2026 10:00:00 napsal Bob Roe:",
        "На 01.03.2026 10:00:00, Bob Roe написал:",
    ],
)
@pytest.mark.parametrize("block", [FORWARDED, OUTLOOK, APPLE])
@pytest.mark.parametrize("comment", ["FYI\r\n\r\n{}\r\n> fine by me\r\n", "{}\r\n> fine by me\r\n\r\nFYI\r\n"])
def test_a_mail_quoted_in_the_comment_takes_no_blocks_place_in_any_language(
    line: str, block: str, comment: str
) -> None:
    """Balsa writes these lines in place of a block; above a block they are what others quote."""
    found = read(f"{comment.format(line)}\r\n{block}", "Fwd: Offer")
    assert isinstance(found, Forward)
    assert found.original.from_ == EmailAddress("Kim Kaufmann", KIM)


@pytest.mark.parametrize(
    ("name", "line", "code"),
    [
        ("From: Kim Kaufmann", "From: Kim Kaufmann <kim@customer.example>", None),
        ("From: Kim Kaufmann", "From: kim@customer.example", None),
        ("From: Kim", "From: Kim Kaufmann <kim@customer.example>", Code.WARN_FORWARD_PARTS_DIFFER),
        ("From: Kim Kaufmann", "From: Eve Evil <eve@evil.example>", Code.REFUSE_FORWARD_PARTS_DISAGREE),
        ("To: Rosa Rep", "To: Rosa Rep <rosa@ourco.example>", None),
        ("To: Rosa Rep; Jim Jones", "To: Jim Jones <jim@x.example>; Rosa Rep <rosa@ourco.example>", None),
        ("To: Rosa Rep", "To: Eve <eve@evil.example>", Code.WARN_FORWARD_PARTS_DIFFER),
    ],
)
@pytest.mark.parametrize("text_has_name", [True, False])
def test_T57_a_name_without_an_address_is_held_against_the_name_in_the_other_part(
    name: str, line: str, code: Code | None, text_has_name: bool
) -> None:
    field = name.partition(":")[0]
    usual = next(one for one in OUTLOOK.split("\r\n") if one.startswith(f"{field}:"))
    mine, theirs = (OUTLOOK.replace(usual, one) for one in (name, line))
    text, html = (mine, theirs) if text_has_name else (theirs, mine)
    drawn = html.replace("<", "&lt;").replace(">", "&gt;").replace("\r\n", "<br>")
    header, body = multipart(
        ("Content-Type: text/plain; charset=utf-8", f"FYI\r\n\r\n{text}"),
        ("Content-Type: text/html; charset=utf-8", f"<p>FYI</p>{drawn}"),
        subtype="alternative",
    )
    found = read(body, "FW: Offer", "MIME-Version: 1.0", header)
    if isinstance(found, Forward):
        assert {reason.code for reason in found.warnings} - {Code.WARN_DATE_NO_ZONE} == ({code} if code else set())
    else:
        assert found.code is code


LOG_FIELDS = "From: Rosa Rep <rosa@ourco.example>\r\nTo: Log <log@in.crm.example>\r\nSubject: please log\r\n"
PRINTED = (
    "From: Rosa Rep <rosa@ourco.example>\r\nSent: Wednesday, March 4, 2026 {}\r\n"
    "To: log@in.crm.example\r\nSubject: FW: Offer\r\n"
)
IN_PLACE = "On Mon, Mar 2, 2026 at 8:00 AM Kim Kaufmann <kim@customer.example> wrote:\r\n\r\n> Hello Rosa\r\n"
"""A line that Balsa and others write in place of a block."""


def to_log(body: str, subject: str = "FW: Offer", html: str | None = None) -> Unwrapped:
    kind, data = "", body.encode()
    if html is not None:
        kind, data = multipart(
            ("Content-Type: text/plain; charset=utf-8", body),
            ("Content-Type: text/html; charset=utf-8", html),
            subtype="alternative",
        )
    return unwrap(mail(*filter(None, (kind,)), to="log@in.crm.example", subject=subject, body=data, date=DATE))


@pytest.mark.parametrize("with_html", [False, True])
@pytest.mark.parametrize("block", [FORWARDED, OUTLOOK, "-----Original Message-----\r\n" + OUTLOOK])
@pytest.mark.parametrize("gap", ["\r\n", "\r\nFYI\r\n\r\n"])
@pytest.mark.parametrize(
    "fields",
    [
        LOG_FIELDS,
        LOG_FIELDS.replace("Rosa Rep <rosa@ourco.example>", "Rosa Rep"),
        PRINTED.format("10:00 AM"),
        PRINTED.format("9:00 AM"),
        "_" * 32 + "\r\n" + PRINTED.format("10:00 AM"),
        LOG_FIELDS * 2,
        "Please log.\r\n\r\n" + LOG_FIELDS,
    ],
)
def test_R26_fields_of_the_mail_itself_above_a_block_are_the_comments(
    fields: str, gap: str, block: str, with_html: bool
) -> None:
    body = fields + gap + block
    html = body.replace("<", "&lt;").replace(">", "&gt;").replace("\r\n", "<br>\r\n") if with_html else None
    found = to_log(body, html=html)
    assert isinstance(found, Forward)
    assert found.original.from_ == EmailAddress("Kim Kaufmann", KIM)
    assert (found.original.text, found.chain) == ("Hello Rosa", ())
    assert found.comment == (fields + gap).replace("\r\n", "\n").strip()


def test_R26_below_fields_of_the_mail_itself_a_line_stands_in_place_of_a_block() -> None:
    found = to_log(f"{LOG_FIELDS}\r\n{IN_PLACE}", "Fwd: Offer")
    assert isinstance(found, Forward)
    assert (found.code, found.original.from_) == (Code.FORWARD_ATTRIBUTION, EmailAddress("Kim Kaufmann", KIM))


@pytest.mark.parametrize("fields", [LOG_FIELDS, PRINTED.format("10:00 AM")])
def test_R7_fields_of_the_mail_itself_are_no_block_of_a_forward(fields: str) -> None:
    found = to_log(f"{fields}\r\nPlease log my call.\r\n")
    assert found.code is Code.NOT_FORWARDED_NO_BLOCK


@pytest.mark.parametrize(
    "fields",
    [
        "---------- Forwarded message ---------\r\n" + PRINTED.format("9:55 AM"),
        "-------- Original Message --------\r\n" + LOG_FIELDS,
        PRINTED.format("9:55 AM"),
        PRINTED.format("10:00 AM").replace("log@in.crm.example", "ann@third.example"),
        LOG_FIELDS.replace("Log <log@in.crm.example>", "Log <log@in.crm.example>, Ann <ann@third.example>"),
        LOG_FIELDS.replace("rosa@", "sam@").replace("Rosa Rep", "Sam Seller"),
    ],
)
def test_R8_what_its_sender_forwarded_before_is_a_chain(fields: str) -> None:
    found = to_log(f"{fields}\r\n{FORWARDED}")
    assert isinstance(found, Forward)
    assert found.original.from_ is not None
    assert found.original.from_.email != KIM
    assert [one.from_ and one.from_.email for one in found.chain] == [KIM]


def test_R14_a_mail_that_its_sender_wrote_to_another_is_read_as_forwarded() -> None:
    found = to_log(OUTLOOK.replace("Kim Kaufmann <kim@customer.example>", "Rosa Rep <rosa@ourco.example>"))
    assert isinstance(found, Forward)
    assert found.original.from_ == EmailAddress("Rosa Rep", "rosa@ourco.example")


MAIL_RU = (
    "-------- Пересылаемое сообщение --------\r\nОт кого: Lee Long <lee@partner.example>\r\n"
    "Кому: Kim Kaufmann <kim@customer.example>\r\nДата: Понедельник, 2 марта 2026, 9:15 +03:00\r\nТема: Offer\r\n\r\n"
    "Hello Kim\r\n"
)


def test_R8_the_end_line_of_the_outermost_forward_is_the_last_where_another_begins_as_it_does_and_has_none() -> None:
    found = read(
        '-------- Пересылаемое сообщение --------\r\n02.03.2026, 10:15, "Kim Kaufmann" <kim@customer.example>:\r\n\r\n'
        f"See below\r\n\r\n{MAIL_RU}\r\n-------- Конец пересылаемого сообщения --------\r\n\r\nRosa\r\n",
        "Fwd: Fwd: Offer",
    )
    assert isinstance(found, Forward)
    assert [one.text for one in found.chain] == ["Hello Kim"]
    assert (found.original.text or "").endswith("Hello Kim")
    assert found.comment == "Rosa"


@pytest.mark.parametrize(
    "line",
    [
        "20 mars 2026, 09:15:00 Bob <bob@ourco.example>:",
        ">>> Bob <bob@ourco.example> 02.03.2026 09:15 >>>",
    ],
)
def test_R8_a_line_above_a_block_names_the_outermost_author_where_the_subjects_say_that_one_more_is_there(
    line: str,
) -> None:
    body = f"Please log\r\n\r\n{line}\r\n\r\nSee below.\r\n\r\n{FORWARDED}"
    found = read(body, "Fwd: Fwd: Offer")
    assert isinstance(found, Forward)
    assert (found.code, found.comment) == (Code.FORWARD_ATTRIBUTION, "Please log")
    assert found.original.from_ is not None
    assert found.original.from_.name == "Bob"
    assert [one.from_ and one.from_.email for one in found.chain] == [KIM]
    assert rivals(read(body, "Fwd: Offer")) == {"bob@ourco.example", KIM}


def test_R26_a_line_that_quotes_less_than_the_block_names_no_author_whatever_the_subjects_say() -> None:
    found = read(f"{WROTE}\r\n> Ask Kim\r\n\r\n{FORWARDED}", "Fwd: Fwd: Offer")
    assert isinstance(found, Forward)
    assert found.original.from_ is not None
    assert found.original.from_.email == KIM
    assert Code.WARN_FORWARD_CHAIN_INCOMPLETE in {warning.code for warning in found.warnings}


PROTON = "Em 2026-03-02 09:15, Bob < bob@ourco.example> escreveu:"
"""As Proton's app writes it in Portuguese, where `En:` is a forward's prefix, below a separator that says less."""


def test_R8_a_prefix_that_forwards_have_in_the_language_of_a_line_alone_says_that_the_line_is_a_link() -> None:
    inner = "".join(f"> {line}".rstrip() + "\r\n" for line in FORWARDED.split("\r\n"))
    found = read(
        FORWARDED.replace("Kim Kaufmann <kim@customer.example>", "Ann <ann@third.example>")
        .replace("Subject: Offer", "Subject: En: Fwd: Offer")
        .replace("Hello Rosa", f"{PROTON}\r\n\r\n> See below.\r\n>\r\n{inner}"),
        "Fwd: En: Fwd: Offer",
    )
    assert isinstance(found, Forward)
    assert [one.from_ and one.from_.email for one in found.chain] == ["bob@ourco.example", KIM]


def test_T54_a_name_above_a_block_can_be_the_authors_where_the_subjects_say_that_a_forward_is_between() -> None:
    body = f"Bob Builder wrote:\r\n\r\nSee below.\r\n\r\n{FORWARDED}"
    found = read(body, "Fwd: Fwd: Offer")
    assert isinstance(found, Refused)
    assert [one.from_ and one.from_.name for one in found.candidates] == ["Kim Kaufmann", "Bob Builder"]
    once = read(body, "Fwd: Offer")
    assert isinstance(once, Forward)
    assert once.original.from_ == EmailAddress("Kim Kaufmann", KIM)


@pytest.mark.parametrize(
    ("subject", "is_said"), [("Fwd: Fwd: Offer", True), ("Fwd: Re: Offer", False), ("Offer", False)]
)
def test_R8_a_line_without_a_subject_below_a_subject_of_two_forwards_makes_the_chain_incomplete(
    subject: str, is_said: bool
) -> None:
    found = read("-------- Пересылаемое сообщение --------\r\n" + DATED[1] + "\r\n\r\nHello\r\n", subject)
    assert isinstance(found, Forward)
    assert (Code.WARN_FORWARD_CHAIN_INCOMPLETE in {one.code for one in found.warnings}) == is_said


@pytest.mark.parametrize("name", ["A, A", "M, Jo", "A., Bo", "Doe, Jane"])
def test_R31_a_name_that_begins_with_a_letter_and_a_comma_is_none_of_the_date_above_it(name: str) -> None:
    found = read(f"14. jan 2026. 00:00:00 {name} <kim@customer.example>:\r\n\r\nHello\r\n", "Fwd: Offer")
    assert isinstance(found, Forward)
    assert found.original.from_ == EmailAddress(name, KIM)
