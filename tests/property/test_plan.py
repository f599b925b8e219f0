"""Plans for any mail: total, the same for the same input, and nothing of a person on Never Log (P1, P7, P10, T42)."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from bcclog import ContactActionKind, Outcome, User, plan
from builders import BCC, LOG, account, directory, forward, mail, multipart

LISTED = "zyxlisted"
"""A word that stands in the listed person's address and domain and nowhere else."""

WRITTEN = st.sampled_from(
    [
        "kim@zyxlisted.example",
        "KIM@ZYXListed.Example.",
        '"kim"@zyxlisted.example',
        '"k\\im"@zyxlisted.example',
        "kim+crm@zyxlisted.example",
        "Kim <kim@zyxlisted.example>",
        "kim(x)@zyxlisted.example",
        "a@b.zyxlisted.example",
        "Team: kim@zyxlisted.example;",
        "<@zyxlisted.example:kim@zyxlisted.example>",
        "kim @ zyxlisted . example",
        "=?utf-8?q?Kim?= <kim@zyxlisted.example>",
    ]
)
OTHERS = st.sampled_from(["ann@b.example", "Bo <bo@c.example>", "rosa@ourco.example", BCC, "info@d.example", "bad@@x"])
LISTS = st.lists(st.one_of(WRITTEN, OTHERS), max_size=4).map(", ".join)
ACCOUNT = account(never_log=["zyxlisted.example"], digest_key=b"key")


def text_of(raw: bytes, recipient: str) -> tuple[str, object]:
    found = plan(raw, account=ACCOUNT, directory=directory(), recipient=recipient)
    kept = found.to_json()
    if not any(c.action is not ContactActionKind.SKIP for c in found.contacts):
        assert found.outcome is Outcome.REFUSE
        assert (found.body, found.attachments, found.associations) == (None, (), ())
    return kept.lower(), found


@settings(max_examples=60, deadline=None)
@given(LISTS, LISTS, LISTS)
def test_P7_T42_no_plan_of_the_bcc_route_names_a_listed_person(to: str, cc: str, bcc: str):
    raw = mail(f"Cc: {cc}", f"Bcc: {bcc}", to=to, body="hello kim@zyxlisted.example")
    assert LISTED not in text_of(raw, BCC)[0]


@settings(max_examples=40, deadline=None)
@given(WRITTEN, LISTS, st.booleans())
def test_P7_T42_no_plan_of_the_forwarding_route_names_a_listed_person(author: str, to: str, is_attached: bool):
    if is_attached:
        inner = mail(f"Resent-To: {author}", from_=author, to=to)
        field, body = multipart(("Content-Type: message/rfc822", inner))
        raw = mail(field, to=LOG, subject="Fwd: x", body=body)
    else:
        block = f"---------- Forwarded message ---------\r\nFrom: {author}\r\nDate: Mon, Mar 2, 2026 at 9:15 AM\r\n"
        raw = forward(block=f"{block}Subject: Offer\r\nTo: {to or 'x@b.example'}\r\n")
    assert LISTED not in text_of(raw, LOG)[0]


FIELDS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "From",
                "To",
                "Cc",
                "Bcc",
                "Subject",
                "Date",
                "Message-ID",
                "Content-Type",
                "Delivered-To",
                "Received",
                "X",
                "Reply-To",
                "List-Post",
                "Return-Path",
                "Auto-Submitted",
                "Content-Transfer-Encoding",
                "Resent-From",
            ]
        ),
        st.one_of(
            OTHERS,
            WRITTEN,
            st.text(max_size=30),
            st.sampled_from(
                ["multipart/mixed; boundary=b", "text/html", "message/rfc822", "base64", "<m@x>", "=?x?q?=0A?="]
            ),
        ),
    ),
    max_size=8,
)
BODIES = st.one_of(
    st.binary(max_size=200),
    st.sampled_from(
        [b"--b\r\n\r\nx\r\n--b--", b"--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: a@b.example\r\n\r\nx\r\n--b--"]
    ),
)


@settings(max_examples=150, deadline=None)
@given(FIELDS, BODIES, st.sampled_from([BCC, LOG, None]))
def test_P1_any_mail_gives_a_plan_that_is_json_and_the_same_again(fields, body: bytes, recipient: str | None):
    head = "".join(f"{name}: {value}\r\n" for name, value in fields)
    raw = head.encode("utf-8", "surrogatepass") + b"\r\n" + body
    found = plan(raw, account=ACCOUNT, directory=directory(), recipient=recipient)
    assert json.loads(found.to_json()) == json.loads(json.dumps(found.to_dict()))
    assert plan(raw, account=ACCOUNT, directory=directory(), recipient=recipient) == found
    found.to_json().encode("utf-8")
    if found.body is not None:
        for text in (found.body.text, found.body.html):
            assert text is None or text.encode("utf-8") is not None


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([BCC, LOG, None]))
def test_P1_any_bytes_give_a_plan(raw: bytes, recipient: str | None):
    found = plan(raw, account=ACCOUNT, directory=directory(), recipient=recipient)
    assert found.outcome is Outcome.REFUSE


@settings(max_examples=60, deadline=None)
@given(LISTS, LISTS, LISTS)
def test_P13_every_recipient_is_in_the_plan(to: str, cc: str, bcc: str):
    """Each once, by normal form; those on Never Log are counted and not named."""
    from bcclog import parse
    from bcclog._people.address import normalize

    raw = mail(f"Cc: {cc}", f"Bcc: {bcc}", to=to)
    message = parse(raw)
    named = [a.email or "" for a in (*message.to, *message.cc, *message.bcc)]
    found = plan(raw, account=ACCOUNT, directory=directory(), recipient=BCC)
    assert len(found.contacts) == len({normalize(email) or email for email in named})


@settings(max_examples=60, deadline=None)
@given(LISTS, st.binary(max_size=200))
def test_T87_the_body_never_changes_who_is_credited(to: str, body: bytes):
    users = [User(id="u1", address="rosa@ourco.example")]
    for recipient in (BCC, LOG):
        one = plan(mail(to=to), account=ACCOUNT, directory=directory(users=users), recipient=recipient)
        two = plan(mail(to=to, body=body), account=ACCOUNT, directory=directory(users=users), recipient=recipient)
        assert (one.attribution, one.route, one.trust, one.sender) == (
            two.attribution,
            two.route,
            two.trust,
            two.sender,
        )
