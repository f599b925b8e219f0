"""What `unwrap` gives as text, HTML and comment: where a forward begins and ends, and that its lines are as they came."""

import pytest

import bcclog
from bcclog._catalogue.shipped import catalogue
from bcclog._lines.html import html_lines
from builders import ROSA, forward, mail, multipart

GMAIL = (
    "---------- Forwarded message ---------\r\nFrom: Kim Kaufmann <kim@customer.example>\r\n"
    "Date: Mon, Mar 2, 2026 at 9:15 AM\r\nSubject: Offer\r\nTo: Rosa Rep <rosa@ourco.example>\r\n\r\n"
)
GMAIL_HTML = GMAIL.strip().replace("<", "&lt;").replace(">", "&gt;").replace("\r\n", "<br>")
TEXT = "Content-Type: text/plain; charset=utf-8"
HTML = "Content-Type: text/html; charset=utf-8"


def unwrapped(raw: bytes) -> bcclog.Forward:
    found = bcclog.unwrap(raw)
    assert isinstance(found, bcclog.Forward)
    return found


def by_text(body: str) -> bcclog.Forward:
    return unwrapped(mail("MIME-Version: 1.0", TEXT, subject="Fwd: Offer", body=body))


def by_html(body: str) -> bcclog.Forward:
    return unwrapped(mail("MIME-Version: 1.0", HTML, subject="Fwd: Offer", body=body))


def by_both(text: str, html: str) -> bcclog.Forward:
    field, body = multipart((TEXT, text), (HTML, html), subtype="alternative")
    return unwrapped(mail("MIME-Version: 1.0", field, subject="Fwd: Offer", body=body))


def gmail(body: str, below: str = "") -> str:
    return f'<div>FYI<br><div class="gmail_quote"><div class="gmail_attr">{GMAIL_HTML}<br></div><br>{body}</div>{below}</div>'


# --- below the forward ------------------------------------------------------------------------------------------------


def test_html_below_the_clients_element_is_the_forwarders() -> None:
    found = by_html(gmail("<p>Hello</p>", "<p>Rosa Rep</p>"))
    assert (found.comment, found.original.text, found.original.html) == ("FYI\n\nRosa Rep", "Hello", "<p>Hello</p>")


def test_an_end_tag_left_over_in_the_body_leaves_open_where_the_forward_ends() -> None:
    found = by_html(gmail("<p>Hello</p></div><p>Kim</p>", "<p>Rosa Rep</p></div>"))
    assert (found.comment, found.original.text) == ("FYI", "Hello\n\nKim\n\nRosa Rep")


def test_elements_that_hold_a_forward_are_known_by_their_marks() -> None:
    source = 'x<div class="gmail_quote">a<br>b</div>c'
    [one] = html_lines(source, catalogue()).extents
    assert (one.tag, one.first, one.last, one.end) == ("div", 1, 3, source.index("</div>"))
    assert html_lines(f"{source}</div>", catalogue()).extents == []
    assert len(html_lines(f"</div>{source}", catalogue()).extents) == 1
    [one] = html_lines(source.replace("</div>", ""), catalogue()).extents
    assert (one.first, one.last) == (1, 3)


@pytest.mark.parametrize(
    ("text", "html", "cut"),
    [
        ("-- \r\nRosa Rep\r\n", "<p>-- <br>Rosa Rep</p>", True),
        ("*Rosa Rep*\r\nourco.example <http://ourco.example/>\r\n", '<b>Rosa Rep</b><br><a href="http://x">ourco.example</a>', True),
        ("Rosa [image: logo]\r\n\r\nRep\r\n", '<img src="x">Rosa Rep', True),
        ("Rosa Rep, Ourco\r\n", "Rosa Rep", False),
        ("", "Rosa Rep", False),
    ],
)  # fmt: skip
def test_the_text_part_ends_where_its_html_shows_the_same_lines_below(text: str, html: str, cut: bool) -> None:
    found = by_both(f"FYI\r\n\r\n{GMAIL}Hello\r\n\r\n{text}", gmail("<p>Hello</p>", html))
    assert (found.original.text == "Hello") is (cut or not text)
    assert (found.comment == "FYI") is not cut


def test_below_a_forward_that_is_quoted_whole_the_forwarder_goes_on() -> None:
    quoted = "".join(f"> {line}\r\n" for line in f"{GMAIL}Hello".split("\r\n"))
    found = by_text(f"FYI\r\n\r\n{quoted}\r\nRegards, Rosa\r\n")
    assert (found.comment, found.original.text) == ("FYI\n\nRegards, Rosa", "Hello")


def test_below_an_end_line_the_forwarder_goes_on() -> None:
    head = "----- Forwarded message from Kim Kaufmann <kim@customer.example> -----\r\n\r\n"
    fields = (
        "Date: Mon, 2 Mar 2026 09:15:00 +0100\r\nFrom: Kim Kaufmann <kim@customer.example>\r\nSubject: Offer\r\n\r\n"
    )
    found = by_text(f"{head}{fields}Hello\r\n\r\n----- End forwarded message -----\r\n\r\n-- \r\nRosa\r\n")
    assert (found.comment, found.original.text) == ("-- \nRosa", "Hello")


# --- lines as they came -----------------------------------------------------------------------------------------------


def test_a_comment_on_the_line_of_the_separator_is_whole_where_all_is_quoted() -> None:
    lines = [
        "See below ---------- Forwarded message ---------", "From: Kim <kim@customer.example>",
        "Date: Mon, Mar 2, 2026 at 9:15 AM", "Subject: Offer", "To: Rosa <rosa@ourco.example>", "", "Hello",
    ]  # fmt: skip
    quoted = "\r\n".join(f"> {line}" for line in lines)
    found = unwrapped(mail(subject="Fwd: Offer", body=quoted))
    assert (found.comment, found.original.text) == ("> See below", "Hello")


def test_quote_marks_of_the_body_stay_as_they_stand() -> None:
    body = "Hello\r\n>> twice\r\n>From here\r\n>\r\n> > apart\r\n> end"
    found = by_text(f"{GMAIL}{body}\r\n")
    assert found.original.text == body.replace("\r\n", "\n")
    quoted = "".join(f"> {line}\r\n" for line in f"{GMAIL}{body}".split("\r\n"))
    assert by_text(quoted).original.text == body.replace("\r\n", "\n")


def test_quote_marks_of_a_second_text_part_stay_too() -> None:
    pdf = 'Content-Type: application/pdf; name="a.pdf"\nContent-Disposition: attachment; filename="a.pdf"'
    field, body = multipart((TEXT, f"{GMAIL}Hello"), (pdf, "x"), (TEXT, ">> twice"))
    found = unwrapped(mail("MIME-Version: 1.0", field, subject="Fwd: Offer", body=body))
    assert found.original.text == "Hello\n>> twice"


@pytest.mark.parametrize("first", ["Hello Rosa,", "lee@customer.example knows more", "ask <lee@customer.example>"])
def test_the_body_right_below_a_whole_list_of_people_is_none_of_them(first: str) -> None:
    block = GMAIL.strip() + ", Bob Ost <bob@ourco.example>"
    found = by_text(f"FYI\r\n\r\n{block}\r\n{first}\r\n\r\nKim\r\n").original
    assert [one.email for one in found.to] == ["rosa@ourco.example", "bob@ourco.example"]
    assert found.text == f"{first}\n\nKim"


@pytest.mark.parametrize(("outer", "is_told"), [("FW: ", True), ("FW: Please log this", False)])
def test_a_long_line_right_below_an_empty_subject_is_the_bodys_where_that_is_told(outer: str, is_told: bool) -> None:
    line = "Hello Rosa, thank you very much for your time on the phone this morning."
    block = OUTLOOK_TO_SUBJECT.replace(" Offer 4711", "")
    found = unwrapped(mail(subject=outer, body=f"{block}\r\n{line}\r\n\r\nKim\r\n"))
    assert (found.original.text == f"{line}\n\nKim") is is_told
    is_said = bcclog.Code.WARN_FORWARD_SUBJECT_END in [reason.code for reason in found.warnings]
    assert is_said is not is_told


@pytest.mark.parametrize(
    ("outer", "is_whole"), [("FW: Offer 4711 for the new machine in Kiel", True), ("FW: Offer", False)]
)
def test_a_subject_that_was_wrapped_early_is_whole_where_the_mails_own_tells(outer: str, is_whole: bool) -> None:
    body = "for the new machine\r\nin Kiel\r\n\r\nHello Rosa\r\n"
    found = unwrapped(mail(subject=outer, body=f"{OUTLOOK_TO_SUBJECT}\r\n{body}")).original
    assert found.subject == ("Offer 4711 for the new machine in Kiel" if is_whole else "Offer 4711")
    assert found.text == ("Hello Rosa" if is_whole else "for the new machine\nin Kiel\n\nHello Rosa")


def test_a_list_of_people_that_breaks_off_inside_a_name_goes_on_below() -> None:
    people = ", Bob Ost <bob@ourco.example>, Anastasija\r\nKonstantinova\r\n<anastasija@legal.example>, Eve\r\nOst <eve@a.example>"
    found = by_text(f"FYI\r\n\r\n{GMAIL.strip()}{people}\r\n\r\nHello\r\n").original
    assert [one.name for one in found.to] == ["Rosa Rep", "Bob Ost", "Anastasija Konstantinova", "Eve Ost"]
    assert found.text == "Hello"


@pytest.mark.parametrize(
    "separator",
    [
        "----- Forwarded message from Kim Kaufmann <kim@customer.example>\r\n-----",
        "----- Forwarded message from Kim Kaufmann\r\n<kim@customer.example> -----",
        "----- Forwarded message from Kim <\r\nkim@customer.example> -----",
        "-------------------- Start of forwarded message\r\n--------------------",
    ],
)
def test_the_end_of_a_separator_too_long_for_its_line_is_none_of_the_comment(separator: str) -> None:
    block = GMAIL.replace(GMAIL.split("\r\n")[0], separator)
    found = by_text(f"FYI\r\n\r\n{block}Hello\r\n")
    assert (found.comment, found.original.text) == ("FYI", "Hello")


@pytest.mark.parametrize("first", ["Quay 3 is closed on Saturday and Sunday, and so is the road.", "Hello,"])
def test_the_body_right_below_an_empty_list_of_people_is_none_of_them(first: str) -> None:
    block = GMAIL.replace(" Rosa Rep <rosa@ourco.example>\r\n\r\n", "\r\n")
    found = by_text(f"FYI\r\n\r\n{block}{first}\r\n\r\nKim\r\n").original
    assert (found.to, found.text) == ((), f"{first}\n\nKim")


def test_a_rule_below_the_fields_stays_none_of_the_body_whatever_the_mails_own_subject() -> None:
    rule = "============ Forwarded message ============"
    block = (
        f"{rule}\r\nFrom : Kim <kim@customer.example>\r\nTo : Rosa <rosa@ourco.example>\r\n"
        f"Date : Mon, 2 Mar 2026 09:15:00 +0100\r\nSubject : Offer\r\n{rule}\r\nHello\r\n"
    )
    assert unwrapped(mail(subject="Fwd: Offer for Kiel", body=block)).original.text == "Hello"


@pytest.mark.parametrize(
    ("around", "body", "html"),
    [
        ("<div><div>", "<p>Hello</p></div></div>", "<p>Hello</p>"),
        ("<div><div>", "</div></div>", ""),
        ("<div>", "Hello</div><b>Kim", "<div>Hello</div><b>Kim</b>"),
        ("<div>", "<b><p>Hello</b></p>", "<b><p>Hello</b></p>"),
        ("<table><tr><td>", "Hello</td><td>Kim</td></tr></table>", "<table><td>Hello</td><td>Kim</td></table>"),
        ("<table><tr><td>", "</td></tr><tr><td>Hello</table>", "<table><tr><td>Hello</table>"),
        ("<div>", "<ul><li>Hello<!-- Kim", "<ul><li>Hello</li></ul>"),
    ],
)
def test_the_html_ends_what_it_begins_and_nothing_else(around: str, body: str, html: str) -> None:
    assert by_html(f"FYI<br>{around}{GMAIL_HTML}<br><br>{body}").original.html == html


@pytest.mark.parametrize("kind", [TEXT, HTML])
def test_a_body_that_goes_on_past_the_limit_in_a_later_part_is_refused(kind: str) -> None:
    """T60: with `unwrap` alone too."""
    block = {TEXT: GMAIL, HTML: GMAIL_HTML + "<br><br>"}[kind]
    file = ("Content-Type: application/pdf; name=a.pdf", "x")
    field, body = multipart((kind, f"{block}Hello"), file, (kind, "x" * 1001))
    raw = mail(field, subject="Fwd: Offer", body=body)
    assert bcclog.unwrap(raw).code is bcclog.Code.FORWARD_INLINE
    found = bcclog.unwrap(raw, limits=bcclog.Limits(max_content_chars=1000))
    assert found.code is bcclog.Code.REFUSE_LIMIT_CONTENT
    assert [one.part for reason in found.evidence for one in reason.evidence] == [3]


def test_T56_a_long_thread_of_answers_is_read_whole() -> None:
    """Its blocks are lines like fields, and nothing else of it is."""
    answer = "From: Kim Kaufmann <kim@customer.example>\nSent: Monday, March 2, 2026 9:15 AM\nTo: Rosa Rep <rosa@ourco.example>\nSubject: Offer\n"
    words = "".join(f"\nSentence {number} of the answer.\n" for number in range(50))
    thread = f"{answer}{words}\n" * 100
    found = bcclog.unwrap(mail(subject="Fwd: Offer", body=thread))
    assert isinstance(found, bcclog.Forward)
    assert thread.count("\n") > bcclog.Limits().max_field_lines


def test_html_that_runs_block_and_body_together_says_that_the_subject_may_hold_the_body() -> None:
    block = OUTLOOK_TO_SUBJECT.replace("<", "&lt;").replace(">", "&gt;")
    found = by_html(f"<div>-----Original Message-----\r\n{block}\r\nHello Rosa</div>")
    assert bcclog.Code.WARN_FORWARD_SUBJECT_END in [reason.code for reason in found.warnings]


def test_the_body_right_below_a_long_subject_is_the_deeper_messages_too() -> None:
    subject = "Offer for the new machine in the hall at Kiel, with all options"
    outer, deeper = (
        f"From: {who} <{who}@customer.example>\r\nDate: Monday, March 2, 2026 at 9:15 AM\r\n"
        f"To: Rosa Rep <rosa@ourco.example>\r\nSubject: {prefix}{subject}\r\n"
        for who, prefix in (("lee", "FW: "), ("kim", ""))
    )
    found = unwrapped(mail(subject=f"FW: FW: {subject}", body=f"{outer}See below.\r\n\r\n{deeper}Hello\r\n"))
    assert [(one.subject, one.text) for one in found.chain] == [(subject, "Hello")]
    assert found.original.subject == f"FW: {subject}"


@pytest.mark.parametrize("label", ["x-none", "utf-8", "us-ascii"])
def test_T73_a_character_set_that_was_guessed_is_said_of_a_forward(label: str) -> None:
    body = (GMAIL.replace("Kaufmann", "Müller") + "Grüße\r\n").encode("latin-1")
    fields = ("MIME-Version: 1.0", f"Content-Type: text/plain; charset={label}")
    found = unwrapped(mail(*fields, subject="Fwd: Offer", body=body))
    assert bcclog.Code.WARN_CHARSET in [reason.code for reason in found.warnings]
    found = unwrapped(mail(*fields[:1], TEXT.replace("utf-8", "latin-1"), subject="Fwd: Offer", body=body))
    assert bcclog.Code.WARN_CHARSET not in [reason.code for reason in found.warnings]


def test_a_line_that_holds_a_no_break_space_is_an_empty_line() -> None:
    shown = [
        line.text for line in html_lines("<div>a</div><div>&nbsp;</div><div>b</div>\n<div>\n</div>", catalogue()).lines
    ]
    assert shown == ["a", "", "b"]
    assert by_html(gmail("<div>a</div><div>&#160;</div><div>b</div>")).original.text == "a\n\nb"


def test_marks_of_no_width_at_the_edges_are_no_text() -> None:
    assert by_text(f"{GMAIL}\ufeff\r\n  Hello\u200b\r\n\u200e\r\n").original.text == "  Hello"
    assert by_text(f"{GMAIL}\ufeff\r\n").original.text == ""


def test_the_builders_forward_is_read() -> None:
    assert unwrapped(forward()).comment == "Please log this."


# --- where the forward begins -----------------------------------------------------------------------------------------


def test_the_html_of_a_block_in_unknown_words_is_given_back() -> None:
    block = "---------- Qayna apachisqa ----------\r\nMaymanta: Kim Kaufmann <kim@customer.example>\r\n"
    block += "Pacha: 2026-03-02 09:15\r\nIma: Offer\r\nPiman: Rosa Rep <rosa@ourco.example>\r\n"
    lines = block.strip().replace("<", "&lt;").replace(">", "&gt;").replace("\r\n", "<br>")
    html = f"<body><p>FYI</p><div>{lines}</div><p>Hello</p></body>"
    for found in (by_html(html), by_both(f"FYI\r\n\r\n{block}\r\nHello\r\n", html)):
        assert (found.code, found.original.text, found.original.html) == (
            bcclog.Code.FORWARD_STRUCTURAL, "Hello", "<p>Hello</p>",
        )  # fmt: skip


def test_the_html_below_a_line_in_place_of_a_block_is_given_back() -> None:
    line = "Forwarded message from Kim Kaufmann on Mon Mar 2, 2026 at 9:15 AM:"
    text = f"FYI\r\n\r\n{line}\r\n\r\nHello\r\n"
    for found in (
        by_html(f"<p>FYI</p><div>{line}</div><p>Hello</p>"),
        by_both(text, f"<p>FYI</p><div>{line}</div><p>Hello</p>"),
    ):
        assert (found.code, found.original.html) == (bcclog.Code.FORWARD_ATTRIBUTION, "<p>Hello</p>")


def test_a_comment_in_html_above_attached_messages_is_kept() -> None:
    inner = "From: Kim Kaufmann <kim@customer.example>\nDate: Mon, 2 Mar 2026 09:15:00 +0100\nSubject: Offer\n\nHello"
    field, body = multipart((HTML, "<p>FYI</p>"), ("Content-Type: message/rfc822", inner))
    found = unwrapped(mail("MIME-Version: 1.0", field, subject="Fwd: Offer", body=body))
    assert (found.code, found.comment) == (bcclog.Code.FORWARD_ATTACHED, "FYI")


def test_T54_a_block_quoted_in_the_comment_beside_one_that_says_forwarded_is_refused() -> None:
    note = "> From: Bob <bob@ourco.example>\r\n> Date: Mon, 2 Mar 2026 08:00:00 +0100\r\n> To: Eve <eve@ourco.example>\r\n> Subject: x\r\n"
    begun = "Begin forwarded message:\r\n\r\n> From: Kim <kim@customer.example>\r\n> Subject: Offer\r\n> Date: 2 March 2026 at 09:15:00 CET\r\n>\r\n> Hello\r\n"
    found = bcclog.unwrap(mail("MIME-Version: 1.0", TEXT, subject="Fwd: Offer", body=f"{note}\r\nsee\r\n\r\n{begun}"))
    assert found.code is bcclog.Code.REFUSE_FORWARD_AMBIGUOUS


@pytest.mark.parametrize("blanks", range(9))
def test_P1_any_number_of_empty_lines_may_stand_below_the_block(blanks: int) -> None:
    assert by_text(GMAIL.strip() + "\r\n" + "\r\n" * blanks + "Hello\r\n").original.text == "Hello"
    assert by_html(gmail("<br>" * blanks + "Hello")).original.text == "Hello"
    only = "---------- Forwarded message ---------\r\nFrom: Kim Kaufmann <kim@customer.example>\r\n" + "\r\n" * blanks
    bcclog.unwrap(mail("MIME-Version: 1.0", TEXT, subject="Fwd: Offer", body=only + "Hello\r\n"))


@pytest.mark.parametrize("mark", ["> ", ">", "| "])
def test_where_the_block_alone_is_quoted_the_body_is_what_stands_below(mark: str) -> None:
    head, _, _ = GMAIL.partition("\r\n\r\n")
    quoted = "\r\n".join(mark + line for line in head.split("\r\n"))
    found = by_text(f"FYI\r\n\r\n{quoted}\r\n\r\nHello\r\n\r\n> Old\r\n")
    assert (found.comment, found.original.text) == ("FYI", "Hello\n\n> Old")


def test_where_the_quoting_goes_on_below_the_block_the_forwarder_goes_on_below_it() -> None:
    quoted = "\r\n".join(f"> {line}" for line in GMAIL.strip().split("\r\n"))
    found = by_text(f"FYI\r\n\r\n{quoted}\r\n> \r\n\r\n-- \r\nRosa\r\n")
    assert (found.comment, found.original.text) == ("FYI\n\n-- \nRosa", "")


FOOTER = "_" * 47 + "\r\nTeam mailing list\r\nteam@lists.example\r\n"
PDF = "Content-Type: application/pdf"


def parts(*further: tuple[str, str]) -> str:
    field, body = multipart((TEXT, f"FYI\r\n\r\n{GMAIL}Hello\r\n"), *further)
    return unwrapped(mail("MIME-Version: 1.0", field, subject="Fwd: Offer", body=body)).original.text or ""


def test_a_lists_footer_in_a_part_of_its_own_is_no_text() -> None:
    assert parts((TEXT, FOOTER)) == "Hello"
    assert parts((PDF, "x"), (TEXT, "Kim\r\n"), (TEXT, FOOTER)).split() == ["Hello", "Kim"]


def test_a_text_behind_a_file_goes_on_however_it_begins() -> None:
    assert parts((PDF, "x"), (TEXT, FOOTER)).split() == ["Hello", *FOOTER.split()]


OUTLOOK_TO_SUBJECT = (
    "From: Kim Kaufmann <kim@customer.example>\r\nSent: Monday, March 2, 2026 9:15 AM\r\n"
    "To: Rosa Rep <rosa@ourco.example>\r\nSubject: Offer 4711"
)
LINK = "https://shop.customer.example/products/warehouse/kiel/a-path-that-does-not-wrap"


@pytest.mark.parametrize(
    ("below", "subject", "text"),
    [
        (f"{LINK}\r\n\r\nHello\r\n", f"Offer 4711 {LINK}", "Hello"),
        (f"{LINK}\r\nfor Kiel\r\n\r\nHello\r\n", f"Offer 4711 {LINK} for Kiel", "Hello"),
        (f"{LINK}\r\nHello\r\nRosa\r\n\r\nKim\r\n", "Offer 4711", f"{LINK}\nHello\nRosa\n\nKim"),
        (
            "https://shop.customer.example/kiel\r\n\r\nHello\r\n",
            "Offer 4711",
            "https://shop.customer.example/kiel\n\nHello",
        ),
    ],
)
def test_a_word_too_long_for_the_subjects_line_stands_below_it(below: str, subject: str, text: str) -> None:
    found = by_text(f"FYI\r\n\r\n{OUTLOOK_TO_SUBJECT}\r\n{below}").original
    assert (found.subject, found.text) == (subject, text)


@pytest.mark.parametrize(
    ("text", "html", "both"),
    [
        ("Rosa; Lee <l@x.example>", "Rosa <r@x.example>; Lee", ["r@x.example", "l@x.example"]),
        ("Rosa <r@x.example>; Lee <l@x.example>", "Rosa; Lee", ["r@x.example", "l@x.example"]),
        ("Rosa; Lee", "Rosa <r@x.example>; Lee <l@x.example>", ["r@x.example", "l@x.example"]),
        ("Lee <l@x.example>; Rosa", "Rosa <r@x.example>; Lee", ["r@x.example", None]),
        ("Lee <l@x.example>", "Rosa <r@x.example>; Lee", ["r@x.example", None]),
    ],
)
def test_people_have_the_addresses_that_either_part_writes(text: str, html: str, both: list[str | None]) -> None:
    block = f"{OUTLOOK_TO_SUBJECT}\r\n\r\nHello\r\n"
    plain = block.replace("Rosa Rep <rosa@ourco.example>", text)
    marked = block.replace("Rosa Rep <rosa@ourco.example>", html).replace("<", "&lt;").replace("\r\n", "<br>")
    found = by_both(f"FYI\r\n\r\n{plain}", f"<p>FYI</p>{marked}")
    assert [one.email for one in found.original.to] == both
    differs = bcclog.Code.WARN_FORWARD_PARTS_DIFFER in [reason.code for reason in found.warnings]
    assert differs == (None in both)


@pytest.mark.parametrize(
    ("text", "html", "differ"),
    [
        ("FYI", "<p>FYI</p>", False),
        (
            "See our [site] <https://ourco.example>:\r\n\r\n* one\r\n* two",
            "<p>See <b>our</b> [site]:<ol><li>One<li>two</ol>",
            False,
        ),
        ("FYI", "<p>FYI</p><p>Call him.</p>", True),
        ("FYI. Pay him.", "<p>FYI.</p>", True),
    ],
)
def test_T57_a_comment_that_differs_between_the_parts_is_said(text: str, html: str, differ: bool) -> None:
    found = by_both(f"{text}\r\n\r\n{GMAIL}Hello\r\n", f"{html}{GMAIL_HTML}<br><br>Hello")
    assert [reason.code.value == "warn.forward.parts_differ" for reason in found.warnings].count(True) == differ


def test_T57_an_author_of_another_name_in_each_part_is_said() -> None:
    found = by_both(f"{GMAIL}Hello\r\n", f"{GMAIL_HTML}<br><br>Hello".replace("Kim Kaufmann", "The Bank"))
    assert bcclog.Code.WARN_FORWARD_PARTS_DIFFER in [reason.code for reason in found.warnings]


def test_T57_two_authors_in_one_part_are_held_against_the_others_one() -> None:
    both = GMAIL.replace("example>\r\nDate", "example>, Eve <eve@other.example>\r\nDate")
    found = by_both(f"{both}Hello\r\n", f"{GMAIL_HTML}<br><br>Hello")
    assert found.original.from_ is not None and found.original.from_.email == "kim@customer.example"
    assert bcclog.Code.WARN_FORWARD_PARTS_DIFFER in [reason.code for reason in found.warnings]
    field, body = multipart(
        (TEXT, f"{both}Hello\r\n".replace("kim@", "ida@")), (HTML, f"{GMAIL_HTML}<br><br>Hello"), subtype="alternative"
    )
    refused = bcclog.unwrap(mail("MIME-Version: 1.0", field, subject="Fwd: Offer", body=body))
    assert isinstance(refused, bcclog.Refused) and refused.code is bcclog.Code.REFUSE_FORWARD_PARTS_DISAGREE
    assert [one.from_.email if one.from_ else None for one in refused.candidates] == [
        "kim@customer.example",
        "ida@customer.example",
        "eve@other.example",
    ]


# --- a block on one line with the body ----------------------------------------------------------------------------------

FIELDS = "From: Kim <kim@customer.example>Date: Mon, Mar 2, 2026 at 9:15 AMSubject: OfferTo: Rosa <rosa@ourco.example>"


@pytest.mark.parametrize("separator", ["---------- Forwarded message ---------", "Begin forwarded message:"])
def test_R7_what_is_left_of_html_without_tags_is_cut_into_comment_fields_and_body(separator: str) -> None:
    found = by_text(f"FYI{separator}{FIELDS}Cc: Jo <jo@x.example>, Al <al@x.example>Hello, see <b@x.example>\r\nBye")
    assert (found.sign, found.comment) == (bcclog.Code.FORWARD_SIGN_SEPARATOR, "FYI")
    assert [one.email for one in found.original.to + found.original.cc] == [ROSA, "jo@x.example", "al@x.example"]
    assert (found.original.subject, found.original.text) == ("Offer", "Hello, see <b@x.example>\nBye")


@pytest.mark.parametrize(
    "body",
    [
        f"FYI. {FIELDS.replace('Date: ', 'When: ')} Hello",
        f"FYI. {FIELDS.replace('Mon, Mar 2, 2026 at 9:15 AM', 'soon')} Hello",
        f"FYI. {FIELDS.replace('kim@customer.example', 'kim')} Hello",
        f"---------- Forwarded message ---------{FIELDS}Kopie(CC): Jo <jo@x.example>Hello",
        f"---------- Forwarded message ---------{FIELDS}Cc: Hello Rosa, we order.",
    ],
)
def test_R7_a_line_whose_fields_or_their_end_are_unclear_is_no_block(body: str) -> None:
    raw = mail("MIME-Version: 1.0", TEXT, subject="Fwd: Offer", body=body)
    assert bcclog.unwrap(raw).code is bcclog.Code.NOT_FORWARDED_NO_BLOCK


@pytest.mark.parametrize("above", ["", "14:02 worker 7: "])
def test_R7_fields_on_one_line_without_a_separator_are_no_forward_by_their_place(above: str) -> None:
    line = f"{above}From: Kim <kim@customer.example> Date: Mon, 2 Mar 2026 09:15:00 +0100 To: {ROSA} Subject: Disk full"
    logged = mail("MIME-Version: 1.0", TEXT, subject="Nightly report", body=line)
    assert bcclog.unwrap(logged).code is bcclog.Code.NOT_FORWARDED_UNMARKED
    assert by_text(line).confidence is bcclog.Confidence.LOW


def test_R7_a_subject_on_a_line_with_the_body_ends_where_the_forwards_own_does() -> None:
    fields = (
        "From: Kim <kim@customer.example> Sent: Monday, March 2, 2026 9:15 AM To: Rosa <rosa@ourco.example> Subject: "
    )
    found = by_text(f"FYI {fields}Offer Hello Rosa")
    assert (found.comment, found.original.subject, found.original.text) == ("FYI", "Offer", "Hello Rosa")
    assert [warning.code for warning in found.warnings] == [bcclog.Code.WARN_DATE_NO_ZONE]
    found = by_text(f"FYI {fields}Offers Hello Rosa")
    assert (found.original.subject, found.original.text) == ("Offers Hello Rosa", "")
    assert bcclog.Code.WARN_FORWARD_SUBJECT_END in [warning.code for warning in found.warnings]


APPLE_FIELDS = (
    "From: {}\r\nSubject: Offer\r\nDate: March 2, 2026 at 9:15:00 AM GMT+1\r\nTo: Rosa Rep <rosa@ourco.example>\r\n\r\n"
)


@pytest.mark.parametrize("with_text", [True, False])
@pytest.mark.parametrize(
    ("opened", "separator", "fields"),
    [
        ('<blockquote type="cite">', "Begin forwarded message:", APPLE_FIELDS),
        ('<div class="gmail_quote">', "---------- Forwarded message ---------", GMAIL.partition("\r\n")[2]),
    ],
)
def test_R8_messages_forwarded_one_below_the_other_in_elements_of_their_own_are_no_chain(
    opened: str, separator: str, fields: str, with_text: bool
) -> None:
    people = "Kim Kaufmann <kim@customer.example>", "Lee Wong <lee@customer.example>"
    texts = [
        f"{separator}\r\n\r\n{fields.replace('Kim Kaufmann <kim@customer.example>', '{}').format(one)}Hello from {one[:3]}\r\n"
        for one in people
    ]
    closed = f"</{opened[1:].partition(' ')[0]}>"
    html = "<div>FYI</div><div>" + "<br>".join(
        opened + one.replace("<", "&lt;").replace("\r\n", "<br>") + closed for one in texts
    )
    found = by_both("FYI\r\n\r\n" + "\r\n".join(texts), html) if with_text else by_html(html)
    assert (found.comment, found.original.text, found.chain) == ("FYI", "Hello from Kim", ())
    assert [(one.from_ and one.from_.email, one.text) for one in found.others] == [
        ("lee@customer.example", "Hello from Lee")
    ]


def quoted(separator: str, author: str, body: str, mark: str = "> ") -> str:
    fields = APPLE_FIELDS.format(author)
    lines = f"{separator}\r\n\r\n{fields}{body}".split("\r\n")
    return "".join(f"{(mark + line).rstrip()}\r\n" for line in lines)


@pytest.mark.parametrize("separator", ["Begin forwarded message:", "-------- Forwarded Message --------"])
def test_R8_messages_quoted_one_below_the_other_are_no_chain(separator: str) -> None:
    people = ("Kim Kaufmann <kim@customer.example>", "Lee Wong <lee@customer.example>", "Ann Ek <ann@customer.example>")
    quotes = [quoted(separator, one, f"Hello\r\n\r\nfrom {one[:3]}") for one in people]
    found = by_text("FYI\r\n\r\n" + "\r\n".join(quotes))
    assert (found.comment, found.original.text, found.chain) == ("FYI", "Hello\n\nfrom Kim", ())
    assert [(one.from_ and one.from_.email, one.text) for one in found.others] == [
        ("lee@customer.example", "Hello\n\nfrom Lee"),
        ("ann@customer.example", "Hello\n\nfrom Ann"),
    ]
    for join in (">\r\n", ""):
        chained = by_text("FYI\r\n\r\n" + join.join(quotes[:2]))
        assert ([one.text for one in chained.chain], chained.others) == (["Hello\n\nfrom Lee"], ())
    # Whose empty lines have no marks says nothing by one more.
    unmarked = ("\r\n".join(quotes[:2])).replace(">\r\n", "\r\n")
    assert len(by_text(f"FYI\r\n\r\n{unmarked}").chain) == 1


ASKED = "Begin forwarded message:", "Kim Kaufmann <kim@customer.example>", "Hello\r\n\r\nhow many?\r\n\r\nand when?\r\n"
WHOLE = "Hello\n\nhow many?\n\nand when?"


def test_answers_between_the_lines_of_a_quoted_forward_are_the_comment() -> None:
    answered = (
        quoted(*ASKED)
        .replace("> how many?\r\n", "> how many?\r\n\r\nTen.\r\n")
        .replace("when?\r\n", "when?\r\nNow\r\n\r\nRosa\r\n")
    )
    found = by_text(f"FYI\r\n\r\n{answered}")
    assert (found.comment, found.original.text) == ("FYI\n\nTen.\n\nNow\n\nRosa", WHOLE)


@pytest.mark.parametrize("between", [
    "On Mon, Mar 2, 2026 at 9:15 AM Lee Wong <lee@customer.example> wrote:\r\n> Hi\r\n",
    "Lee says:\r\n\r\n> Hi\r\n",
    "-- \r\nRosa Rep\r\n\r\n> Hi\r\n",
])  # fmt: skip
def test_what_else_is_quoted_below_a_quoted_forward_is_the_comment(between: str) -> None:
    found = by_text(f"FYI\r\n\r\n{quoted(*ASKED)}\r\nAnd see this.\r\n\r\n{between}")
    assert found.original.text == WHOLE
    assert found.comment == f"FYI\n\nAnd see this.\n\n{between.strip()}".replace("\r\n", "\n")


def test_what_is_quoted_below_another_block_is_none_of_a_quoted_forward() -> None:
    block = f"From: {ASKED[1]}\r\nSent: Monday, March 2, 2026 9:15 AM\r\nTo: Rosa Rep <rosa@ourco.example>\r\nSubject: Price\r\n"
    found = by_text(f"FYI\r\n\r\n{quoted(*ASKED)}\r\nSee this.\r\n\r\n{block}\r\nHow much?\r\n\r\n> Hi\r\n")
    assert found.original.text == WHOLE


def test_a_message_forwarded_below_the_words_of_the_forwarder_is_no_chain() -> None:
    second = quoted(ASKED[0], "Lee Wong <lee@customer.example>", "Hi\r\n")
    found = by_text(f"FYI\r\n\r\n{quoted(*ASKED)}\r\nAnd this.\r\n\r\n{second}")
    assert (found.original.text, found.chain, [one.text for one in found.others]) == (WHOLE, (), ["Hi"])


def test_R8_a_quoted_message_below_a_separator_that_is_not_quoted_is_another() -> None:
    dashes = "-------- Forwarded Message --------"
    first, second = (
        quoted(dashes, author, "Hi\r\n").replace(f"> {dashes}", f"\r\n{dashes}")
        for author in (ASKED[1], "Lee Wong <lee@customer.example>")
    )
    found = by_text(f"FYI\r\n{first}{second}")
    assert (found.original.text, found.chain, [one.text for one in found.others]) == ("Hi", (), ["Hi"])


def test_R8_a_forward_quoted_deeper_below_an_answer_is_inside_the_forward() -> None:
    inner = quoted(ASKED[0], "Lee Wong <lee@customer.example>", "Hi\r\n", mark="> > ")
    found = by_text(f"FYI\r\n\r\n{quoted(*ASKED)}\r\nNo.\r\n\r\n{inner}")
    assert (found.comment, [one.text for one in found.chain], found.others) == ("FYI\n\nNo.", ["Hi"], ())


def test_answers_between_the_quotes_of_html_are_the_comment() -> None:
    fields = APPLE_FIELDS.format(ASKED[1].replace("<", "&lt;")).replace("\r\n", "<br>")
    opened, closed = '<blockquote type="cite">', "</blockquote>"
    html = f"FYI<br>{opened}{ASKED[0]}<br><br>{fields}<p>Hello</p>{closed}<div>Ten.</div>{opened}<p>When?</p>{closed}<p>Rosa</p>"
    found = by_html(html)
    assert (found.comment, found.original.text) == ("FYI\n\nTen.\n\nRosa", "Hello\n\nWhen?")
    assert found.original.html == f"<blockquote><p>Hello</p>{closed}{opened}<p>When?</p>{closed}"
    found = by_html(html.replace("Ten.", "Lee says:"))
    assert (found.comment, found.original.text) == ("FYI\n\nLee says:\n> When?\n>\nRosa", "Hello")


def test_html_below_an_element_that_is_no_quote_is_the_forwarders_whatever_the_original_quotes() -> None:
    said = "<p>Hello</p><blockquote>Before</blockquote>"
    again = '<div class="gmail_quote"><blockquote>Bye</blockquote></div>'
    found = by_html(gmail(said, f"<p>Rosa</p>{again}"))
    assert (found.comment, found.original.text) == ("FYI\n\nRosa\n\n> Bye", "Hello\n\n> Before")


NESTED = "<html><body><p>Hello</p></body></html><p>Kim</p>"


@pytest.mark.parametrize("below", ["", "</body></html>", "</div></body>\r\n</html>\r\n<!-- x -->"])
def test_html_below_the_end_of_a_document_that_a_reader_sees_is_the_bodys(below: str) -> None:
    found = by_html(f"<html><body><p>FYI</p>{GMAIL_HTML}<br><br>{NESTED}{below}")
    assert (found.original.text, found.original.html) == ("Hello\n\nKim", NESTED)


def test_html_of_several_parts_goes_on_behind_a_document_nested_in_the_first() -> None:
    field, body = multipart(
        (HTML, f"<body>{GMAIL_HTML}<br><br>{NESTED}</body>"), (HTML, "<html><body>Bye</body></html>")
    )
    found = unwrapped(mail("MIME-Version: 1.0", field, subject="Fwd: Offer", body=body))
    assert (found.original.text, found.original.html) == ("Hello\n\nKim\n\nBye", f"{NESTED}\nBye")


def test_references_of_html_in_the_fields_of_a_text_are_letters() -> None:
    fields = GMAIL.replace("Kim Kaufmann", "J&#252;rg M&#xFC;ller").replace(
        "To: ", "To: Ana D&#237;az <ana@partner.example>, "
    )
    found = by_text(f"FYI\r\n\r\n{fields}Sch&#246;n\r\n")
    assert (found.original.from_ and found.original.from_.name, found.original.text) == ("Jürg Müller", "Schön")
    assert [one.name for one in found.original.to] == ["Ana Díaz", "Rosa Rep"]
    plain = by_text(f"FYI\r\n\r\n{GMAIL.replace('Offer', 'R&#38;D')}Sch&#246;n\r\n")
    assert (plain.original.subject, plain.original.text) == ("R&#38;D", "Sch&#246;n")  # as they were sent


def test_a_block_of_html_that_was_escaped_twice_has_its_addresses() -> None:
    found = by_html(f"FYI<br><br>{GMAIL_HTML.replace('&', '&amp;')}<br><br>a &amp;lt; b")
    assert [str(one.name) for one in (found.original.from_, *found.original.to) if one] == ["Kim Kaufmann", "Rosa Rep"]
    assert found.original.text == "a &lt; b"
    assert {warning.code for warning in found.warnings} == {bcclog.Code.WARN_DATE_NO_ZONE}


def in_turn(*messages: tuple[str, str, str], separator: str = "---------- Forwarded message ---------") -> str:
    return "\r\n".join(
        f"{separator}\r\nFrom: {who}\r\nDate: {when}\r\nSubject: {subject}\r\nTo: Rosa Rep <rosa@ourco.example>\r\n\r\n\r\n"
        f"Hello from {who[:3]}\r\n"
        for who, when, subject in messages
    )


KIM_FIRST = ("Kim Kaufmann <kim@customer.example>", "Mon, Mar 2, 2026 at 9:15 AM", "Offer")
LEE_THEN = ("Lee Wong <lee@customer.example>", "Mon, Mar 2, 2026 at 10:15 AM", "Re: Offer")
ANN_LAST = ("Ann Ek <ann@customer.example>", "Tue, Mar 3, 2026 at 8:15 AM", "Re: Offer")


@pytest.mark.parametrize("with_html", [False, True])
def test_R8_a_message_dated_later_below_the_same_separator_is_beside_the_first(with_html: bool) -> None:
    body = "FYI\r\n\r\n" + in_turn(KIM_FIRST, LEE_THEN, ANN_LAST)
    html = body.replace("<", "&lt;").replace(">", "&gt;").replace("\r\n", "<br>\r\n")
    found = by_both(body, f'<div class="gmail_quote">{html}</div>') if with_html else by_text(body)
    assert (found.comment, found.original.text, found.chain) == ("FYI", "Hello from Kim", ())
    assert [(one.from_ and one.from_.email, one.text) for one in found.others] == [
        ("lee@customer.example", "Hello from Lee"),
        ("ann@customer.example", "Hello from Ann"),
    ]


@pytest.mark.parametrize(
    ("above", "below", "is_chain"),
    [
        (("Mon, Mar 2, 2026 at 9:15 AM", "Fwd: Offer"), "Sun, Mar 1, 2026 at 9:15 AM", True),
        # Each client writes the time of its own zone.
        (("Mon, Mar 2, 2026 at 9:15 AM", "Fwd: Offer"), "Tue, Mar 3, 2026 at 1:15 AM", True),
        (("Mon, Mar 2, 2026 at 9:15 AM", "Fwd: Offer"), "Wed, Mar 4, 2026 at 9:15 AM", False),
        (("Mon, Mar 2, 2026 at 9:15 AM", "Offer"), "Mon, Mar 2, 2026 at 9:15 AM", True),
    ],
)
def test_R8_a_message_dated_later_is_inside_another_as_far_as_zones_can_differ(
    above: tuple[str, str], below: str, is_chain: bool
) -> None:
    found = by_text(in_turn((KIM_FIRST[0], *above), (LEE_THEN[0], below, "Offer")))
    assert (len(found.chain), len(found.others)) == ((1, 0) if is_chain else (0, 1))
