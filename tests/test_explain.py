"""The explanation of a plan: one page, or lines for a terminal."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import bcclog_fixtures
import pytest
from attrs import evolve, fields
from hypothesis import given, settings
from hypothesis import strategies as st

import bcclog
from bcclog import HUBSPOT_2023_09, Code, Connected, Policy, User
from bcclog._decide.what_if import OPTIONS, OTHERWISE
from bcclog.explain import clean, to_html, to_text
from builders import BCC, BLOCK, LOG, ROSA, account, directory, forward, mail, multipart
from oracles import ATTRIBUTES, TAGS

EVIL = '<script>alert(1)</script>"><img src=x onerror=alert(1)><a href="javascript:alert(1)">'


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.odd: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.marked: list[str] = []
        self.roles: list[str] = []
        self._inside = ""
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.odd.append(tag)
        for name, value in attrs:
            if name not in ATTRIBUTES or not re.fullmatch(ATTRIBUTES[name], value or ""):
                self.odd.append(f"{tag} {name}={value}")
        found = dict(attrs)
        if tag == "mark":
            self.marked.append("")
            self._inside = "mark"
        elif found.get("class") == "role":
            self.roles.append("")
            self._inside = "span"
        self.ids += [found["id"] or ""] if "id" in found else []
        self.links += [found["href"] or ""] if "href" in found else []

    def handle_data(self, data: str) -> None:
        if self.lasttag == "style":
            return
        self.text += data
        if self._inside == "mark":
            self.marked[-1] += data
        elif self._inside == "span":
            self.roles[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""

    def handle_comment(self, data: str) -> None:
        self.odd.append(f"comment {data}")


def explained(
    raw: bytes,
    recipient: str,
    acc: bcclog.Account | None = None,
    known: bcclog.MemoryDirectory | None = None,
) -> tuple[_Reader, str, str]:
    acc, known = acc or account(), known or directory()
    reading = bcclog.read(raw, account=acc, recipient=recipient)
    plan = bcclog.decide(reading, directory=known)
    page = to_html(raw, plan, reading, directory=known)
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader, page, "\n".join(to_text(raw, plan, reading, directory=known))


def test_page_is_whole_without_script_and_loads_nothing() -> None:
    reader, page, _ = explained(forward(), LOG)
    assert reader.odd == []
    assert "default-src 'none'; style-src 'unsafe-inline'" in page
    assert "url(" not in page and "@import" not in page and "http" not in page.replace("http-equiv", "")


def test_evidence_is_marked_in_place_with_the_role_it_was_given() -> None:
    reader, page, text = explained(forward(), LOG)
    assert reader.marked == [
        f"Rosa Rep <{ROSA}>",
        "---------- Forwarded message ---------",
        "From: Kim Kaufmann <kim@customer.example>",
        "Date: Mon, Mar 2, 2026 at 9:15 AM",
        "Subject: Re: Offer",
        f"To: Rosa Rep <{ROSA}>",
    ]
    assert '<mark id="e3"><b>From:</b> Kim Kaufmann &lt;kim@customer.example&gt;</mark>' in page
    assert [role for role in reader.roles if role] == [
        "attribution.connected 5", "separator 3", "from 3 6", "date 3 1", "subject 3", "to 3 7",
    ]  # fmt: skip
    assert "  | {3}[From: Kim Kaufmann <kim@customer.example>](from)" in text.split("\n")


def test_evidence_in_plain_text_is_marked_by_code_points() -> None:
    permissive = account(policy=bcclog.PERMISSIVE)
    reader, _, _ = explained(forward(html=False, note="Bitte \U0001f600 loggen, Grüße.\r\n"), LOG, permissive)
    assert "From: Kim Kaufmann <kim@customer.example>" in reader.marked


def test_every_link_of_a_decision_leads_to_a_mark_and_no_mark_has_two_names() -> None:
    for raw, recipient in ((forward(), LOG), (mail(), BCC), (mail("Cc: a@b.example, c@d.example"), BCC)):
        reader, _, _ = explained(raw, recipient)
        assert reader.links
        assert {link.removeprefix("#") for link in reader.links} <= set(reader.ids)
        assert len(reader.ids) == len(set(reader.ids))


def test_decisions_stand_in_order_with_rule_sentence_and_what_would_change_them() -> None:
    raw = forward(text=f"Forwarded once more\r\n\r\n{BLOCK}\r\nthe first text\r\n")
    reader, _, text = explained(raw, LOG)
    assert text.split("\n")[:4] == [
        "Not logged  [R8 refuse.forward.chain]",
        "  The mail is a forward of a forward.",
        "  -> Forward the single message itself and not another forward of it.",
        "  -> An administrator can change the policy option chain from refuse to outermost: the mail is then logged.",
    ]
    assert "the policy option chain from refuse to outermost: the mail is then logged." in reader.text
    (refusal,) = [reason for reason in bcclog.plan(raw, account=account(), directory=directory(), recipient=LOG).trace
                  if reason.code is bcclog.Code.REFUSE_FORWARD_CHAIN]  # fmt: skip
    assert [one.field for one in refusal.evidence] == ["separator", "from", "date", "subject", "to"]
    assert "rests on separator in the text part" in text[text.rindex("R8 refuse.forward.chain") :]
    assert text.index("R1 route.envelope") < text.index("R7 forward.inline") < text.rindex("R8 refuse.forward.chain")


def test_options_named_are_options_of_the_policy() -> None:
    named = {name for names in OPTIONS.values() for name in names} | OTHERWISE.keys()
    limits = {f"limits.{field.name}" for field in fields(bcclog.Limits)}
    assert named <= {field.name for field in fields(Policy)} | limits


def test_people_of_whom_the_same_is_said_stand_together_and_have_an_end() -> None:
    people = [f"P{number} <p{number}@b{number}.example>" for number in range(40)]
    _, page, text = explained(mail(to=", ".join(people)), BCC)
    assert page.count('<span class="verb create">') == 1
    assert "  create contact P0 <p0@b0.example>\n                 P1 <p1@b1.example>\n" in text
    assert text.count("(15 more)") == 3 and "P25" not in text[: text.index("The mail as it came")]
    assert text.count("[R3 contact.create.recipient]") == 1 + 25 + 1
    _, _, text = explained(mail(to=", ".join(f"p{number}@b.example" for number in range(60))), BCC)
    assert f"-> {MAY}limits.max_new_contacts, now 50." in text


MAY = "An administrator can change the policy option "
NO_HTML = forward(html=False)
CHAIN = BLOCK + "\r\n" + BLOCK.replace("kim@customer", "ann@other")
LINE = "On Mon, Mar 2, 2026 at 9:15 AM Kim Kaufmann <kim@customer.example> wrote:\r\n"


@pytest.mark.parametrize(
    ("raw", "policy", "told"),
    [
        (NO_HTML, {}, ["require_both_parts from true to false: the mail is then logged."]),
        (
            forward(block=CHAIN, html=False),
            {},
            ["chain from refuse to outermost: the mail is then refused for another reason. "
             "The mail has no HTML part, which the policy wants every forward to have."],
        ),
        (forward(), {"clients": ["mutt"]}, ["clients from mutt to not set: the mail is then logged."]),
        (forward(), {"locales": ["de", "fr"]}, ["locales from de, fr to not set: the mail is then logged."]),
        (forward(), {"max_content_bytes": 9}, ["max_content_bytes from 9 to not set: the mail is then logged."]),
        (forward(block=LINE), {}, ["accept_attribution from false to true: the mail is then logged."]),
        (forward(block="Hello\r\n"), {}, []),
        (forward(block="Hello\r\n"), {"accept_attribution": True}, []),
        (mail("Precedence: list", "List-Id: <l.b.example>", to=LOG), {}, ["lists, now skip."]),
    ],
    ids=["html", "two reasons", "client", "language", "size", "line", "in vain", "allowed", "before the route"],
)  # fmt: skip
def test_an_option_is_named_where_it_changes_the_refusal_and_with_what_comes_out(
    raw: bytes, policy: dict[str, object], told: list[str]
) -> None:
    _, _, text = explained(raw, LOG, account(policy=evolve(HUBSPOT_2023_09, **policy)))
    head = text[: text.index("credited")]
    assert head.startswith("Not logged")
    assert [line.partition(MAY)[2] for line in head.split("\n") if MAY in line] == told


def test_without_a_directory_it_is_said_whether_the_mail_is_still_refused_for_this() -> None:
    reading = bcclog.read(NO_HTML, account=account(), recipient=LOG)
    plan = bcclog.decide(reading, directory=directory())
    assert f"  -> {MAY}require_both_parts from true to false: the mail is then not refused for this." in to_text(
        NO_HTML, plan, reading
    )


def test_people_are_told_with_what_is_done_about_them_and_why() -> None:
    _, _, text = explained(forward(), LOG)
    assert "  credit         u1\n" in text
    assert "  create contact Kim Kaufmann <kim@customer.example>" in text
    assert "[R28 contact.skip.user]" in text
    assert "  credited   u1. One user alone has connected the sending address as a personal address. (R20)" in text


def test_an_attached_message_is_shown_with_its_own_header() -> None:
    field, body = multipart(
        ("Content-Type: text/plain", "for the file"),
        ("Content-Type: message/rfc822", mail(from_="Kim <kim@customer.example>", to=ROSA, subject="Inner")),
    )
    reader, _, _ = explained(mail(field, to=LOG, body=body), LOG)
    assert "The message that was attached to it" in reader.text
    assert "Inner" in reader.marked


def test_a_decision_that_rests_on_very_many_places_names_the_first() -> None:
    field, body = multipart(
        ("Content-Type: text/plain", "for the file"),
        *(
            ("Content-Type: message/rfc822", mail(from_="Kim <kim@customer.example>", subject=f"{n}"))
            for n in range(30)
        ),
    )
    _, _, text = explained(mail(field, to=LOG, body=body), LOG)
    assert "attached part 13, 18 more places" in text


def test_T83_nothing_of_the_mail_becomes_markup_or_attribute() -> None:
    block = BLOCK.replace("Kim Kaufmann", EVIL).replace("Re: Offer", EVIL)
    field, body = multipart(
        ("Content-Type: text/plain; charset=utf-8", f"{EVIL}\r\n{block}\r\n{EVIL}</pre></main>"),
        (f'Content-Type: application/x; name="{EVIL}"\nContent-Disposition: attachment; filename="{EVIL}"', "x"),
    )
    permissive = account(policy=bcclog.PERMISSIVE)
    raw = mail(
        f"X-Evil: {EVIL}", f"{EVIL}: x", field, from_=f'"{EVIL}" <{ROSA}>', to=LOG, subject=f"Fwd: {EVIL}", body=body
    )
    for shown in (raw, forward(block=block, text=EVIL, note=EVIL)):
        reader, page, _ = explained(shown, LOG, permissive)
        assert reader.odd == []
        assert "<script" not in page and "<img" not in page
        assert "alert(1)" in reader.text


def test_T82_no_control_character_reaches_the_terminal_or_the_page() -> None:
    raw = mail(
        "X-One: \x1b[2J\x07\x00\x9b",
        subject="a =?utf-8?q?=1B=5B2J=E2=80=AE=E2=80=A8b=0D=0Ac?=",
        body="\x1b]0;owned\x07 \u202e \u2028 \u2066 \ufeff \ud7ff".encode() + b"\r\n\x85\xff\r",
    )
    _, page, text = explained(raw, BCC)
    for line in text.split("\n"):
        assert all(char.isprintable() or char in "\u200c\u200d" for char in line), line
    assert all(char.isprintable() or char in "\n\u200c\u200d" for char in page)
    assert "\\x1b" in text and "\\u202e" in text


def test_what_is_cleaned_is_seen_as_its_escape() -> None:
    assert clean("a\x1b\u202e\U000e0041\ud800\t\u00a0b\u200d") == "a\\x1b\\u202e\\U000e0041\\ud800  b\u200d"


LISTED = account(never_log=["*@lawyer.example", "private@home.example"])
HIDDEN = ("larry", "lawyer", "private@home")


@pytest.mark.parametrize(
    "raw",
    [
        mail(to="Kim <kim@customer.example>, Larry Lawyer <larry@lawyer.example>"),
        mail(to="Kim <kim@customer.example>, =?utf-8?q?Larry_Lawyer?= <larry(x)@ lawyer.example>"),
        mail("Cc: a@b.example, Larry Lawyer <LARRY+tag@sub.Lawyer.example.>", "Reply-To: larry@lawyer.example"),
        mail("Received: from x by y for <larry@lawyer.example>; Mon, 02 Mar 2026 09:15:00 +0100"),
        mail("X-To: larry@lawyer.example", "Return-Path: <bounce+larry=lawyer.example@esp.example>",
             to="kim@customer.example, larry@lawyer.example"),
        mail("Cc: Larry Lawyer <larry@lawyer.example>", subject="For Larry Lawyer", body="Dear Larry  Lawyer,\r\nbye"),
        mail(body="ask larry@lawyer.example\r\nor mailto:private@home.example?subject=x\r\nor to=private@home.example&x=1"),
        mail(body='or "larry"@lawyer.example\r\n or larry\uff20lawyer.example or la\u00adrry@law\u200byer.example'),
        mail(body="larry @ lawyer.example\r\nor larry@lawyer . example\r\nor larry@ lawyer.example, x"),
        mail(body="larry%40lawyer.example\r\nor =?utf-8?q?larry=40lawyer.example?=\r\nor larry\ufe6blawyer.example"),
        mail(to="Kim <kim@customer.example>, larry=40lawyer.example@dmarc.ietf.org"),
    ],
)  # fmt: skip
def test_R17_T86_nothing_of_a_listed_person_is_shown(raw: bytes) -> None:
    _, page, text = explained(raw, BCC, LISTED)
    for shown in (page.partition("<body>")[2].lower(), text.lower()):
        kept = re.sub("never_log|somebody on a never log list", "", shown)
        assert [word for word in HIDDEN if word in kept] == []
    assert "kim@customer.example" in text


def test_R17_a_listed_person_in_a_refused_forward_is_not_shown() -> None:
    block = BLOCK.replace("To: ", "Cc: Larry Lawyer\r\n <larry@lawyer.example>\r\nTo: ")
    for raw in (forward(block=block, html=False), forward(block=block, text=f"x\r\n\r\n{BLOCK}\r\ny\r\n")):
        _, page, text = explained(raw, LOG, LISTED)
        assert text.startswith("Not logged")
        assert "lawyer.example" not in page + text
        assert "thank you" in text.lower() or "x" in text


def test_R17_the_lines_of_a_block_that_hold_a_listed_person_are_hidden_whole() -> None:
    block = BLOCK.replace("To: ", "Cc: Larry\r\n Lawyer <larry@lawyer.example>\r\nTo: ")
    _, page, text = explained(forward(block=block, html=False), LOG, evolve(LISTED, policy=bcclog.PERMISSIVE))
    assert "contact.skip.never_log_domain" in text
    assert "Larry" not in page + text


def test_R17_a_mail_refused_since_nobody_is_left_is_not_shown_at_all() -> None:
    raw = mail("X-Secret: secret", to="Larry <larry@lawyer.example>", subject="secret", body="secret")
    reader, page, text = explained(raw, BCC, LISTED)
    assert "secret" not in page + text
    assert "nothing of it is shown (R17)" in reader.text
    assert reader.links == []


def test_R17_a_users_own_list_holds_for_mail_that_was_refused_before_it_was_asked_for() -> None:
    rosa = User(id="u1", address=ROSA, connected=[Connected(address=ROSA)], never_log=["kim@customer.example"])
    known = directory(users=[rosa])
    raw = forward(html=False)
    _, page, text = explained(raw, LOG, None, known)
    assert "refuse.forward.html_missing" in text
    assert "kim" not in (page + text).lower()


def test_R17_a_listed_stranger_who_wrote_the_mail_is_not_shown() -> None:
    _, page, text = explained(mail(from_="Larry <larry@lawyer.example>"), BCC, LISTED)
    assert "larry" not in (page + text).lower()


def test_more_listed_people_than_can_be_searched_for_close_the_mail() -> None:
    many = ", ".join(f"p{n}@lawyer.example" for n in range(70))
    reader, page, _ = explained(mail(to=f"kim@customer.example, {many}", body="secret"), BCC, LISTED)
    assert "too many people on Never Log lists" in reader.text
    assert "secret" not in page and "lawyer.example" not in page


def test_a_mention_or_a_price_hides_no_line() -> None:
    _, _, text = explained(mail(body="thanks @kim, 3 @ 5 each\r\n"), BCC, LISTED)
    assert "  | thanks @kim, 3 @ 5 each" in text.split("\n")


def test_right_to_left_text_keeps_its_direction() -> None:
    raw = forward(text="\u05e9\u05dc\u05d5\u05dd Rosa")
    _, page, _ = explained(raw, LOG)
    assert '<span class="line" dir="auto">\u05e9\u05dc\u05d5\u05dd Rosa</span>' in page


def test_a_huge_mail_makes_a_small_page_that_says_what_is_left_out() -> None:
    raw = mail(*(f"X-{n}: {'y' * 500}" for n in range(1_500)), body=b"a\r\n" * 200_000 + b"b" * 10**6)
    _, page, text = explained(raw, BCC)
    assert len(page) < 2_000_000
    assert "1,205 more fields are not shown" in text
    assert (
        "more lines are not shown" in text
        and "more characters are not shown" in explained(mail(body="b" * 9_000), BCC)[2]
    )


def test_unwrap_alone_is_explained_too() -> None:
    raw = forward()
    found = bcclog.unwrap(raw)
    text = "\n".join(to_text(raw, None, found))
    assert text.startswith("A forward  [R7 forward.inline]")
    assert "{2}[From: Kim Kaufmann <kim@customer.example>](from)" in text
    assert "Not a forward" in to_html(mail(), None, bcclog.unwrap(mail()))
    reading = bcclog.read(raw, account=account(), recipient=LOG)
    with pytest.raises(TypeError, match="is explained with the Plan"):
        to_text(raw, None, reading)


def _colors(block: str) -> dict[str, str]:
    return dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block))


def _luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_contrast_is_AA_in_light_and_dark() -> None:
    _, page, _ = explained(mail(), BCC)
    light, dark = page.split("@media (prefers-color-scheme: dark)")[:2]
    for colors in (_colors(light), _colors(dark.partition("} }")[0])):
        assert len(colors) == 11
        pairs = [
            (front, back) for front in ("text", "soft", "good", "bad", "link", "edge") for back in ("page", "card")
        ]
        for front, back in [*pairs, ("text", "mark"), ("edge", "mark"), ("text", "chip")]:
            high, low = sorted((_luminance(colors[front]), _luminance(colors[back])), reverse=True)
            assert (high + 0.05) / (low + 0.05) >= 4.5, (front, back)


def _some_of_the_corpus() -> Iterator[bcclog_fixtures.Case]:
    found = [case for case in bcclog_fixtures.cases() if "recipe" not in case.sidecar]
    yield from found[:: max(len(found) // 60, 1)]


@pytest.mark.parametrize("case", list(_some_of_the_corpus()), ids=lambda case: str(case.id))
def test_pages_of_the_corpus_are_clean(case: bcclog_fixtures.Case) -> None:
    reader, page, _ = explained(case.raw, LOG)
    assert reader.odd == []
    assert all(char.isprintable() or char in "\n\u200c\u200d" for char in page)
    assert {link.removeprefix("#") for link in reader.links} <= set(reader.ids)


_pieces = st.sampled_from(
    [b"From: ", b"To: ", b"<", b">", b"@", b"a@b.example", b"larry@lawyer.example", b"\r\n", b"\n", b"\r", b" ", b"&", b'"',
     b"<script>", b"\x1b", b"\x00", b"\xff", b"=?utf-8?b?", b"Content-Type: text/html", b"---------- Forwarded message ---------",
     f"Rosa <{ROSA}>".encode(), b"\xe2\x80\xae"]
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(_pieces, max_size=40).map(b"".join) | st.binary(max_size=200))
def test_any_bytes_give_a_clean_page(raw: bytes) -> None:
    for recipient in (BCC, LOG):
        reader, page, text = explained(raw, recipient, LISTED)
        assert reader.odd == []
        assert all(char.isprintable() or char in "\n\u200c\u200d" for char in text + page)
        assert re.search(r"larry@lawyer\.example(?![\w.=+@-])", page + text) is None


def test_codes_with_an_option_are_of_the_table() -> None:
    assert all(isinstance(code, Code) for code in OPTIONS)
