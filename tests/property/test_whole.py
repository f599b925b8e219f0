"""What holds for any mail, through the public functions: mails by a grammar of good and hostile pieces.

Promises P1, P6 to P9, P12 to P14 of `docs/security.md`; each test names its own.
"""

import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import jsonschema
import pytest
from attrs import evolve, fields
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import bcclog
from bcclog import (
    HUBSPOT_2023_09,
    PERMISSIVE,
    Code,
    Contact,
    ContactActionKind,
    Limits,
    Outcome,
    Plan,
    explain,
    parse,
    plan,
    read,
    unwrap,
)
from bcclog._people.normal import normalize
from bcclog.cli import main
from builders import BCC, BLOCK, KIM, LOG, ROSA, account, directory, forward, mail, multipart
from oracles import UNCLEAN, check_page, check_plan, check_unwrapped

SCHEMAS = Path(bcclog.__file__).parent / "data" / "schema"
VALID = {
    name: jsonschema.Draft202012Validator(json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8")))
    for name in ("plan", "unwrapped")
}

# --- the grammar --------------------------------------------------------------------------------------------------

ODD = st.sampled_from(
    [
        "\r", "\n", "\t", "<script>", '"><img onerror=x>', "=1+1", "@x", "\\", '"', "(", ")", "<", ">", ",", ";", ":", "[bold]", "=?utf-8?q?=0D=0A=1B=5B2J?=", "=?x?", "é", "日本", "&#9999999999;", "\0", "\x0c", "\x19", "\x9b", "\u2028", "\u202e", "\u200b",
    ]
)  # fmt: skip
WORD = st.one_of(st.sampled_from(["Kim", "Offer", "Re:", "Fwd:", "x", "2026", "via", "on behalf of"]), ODD)
TEXT = st.lists(WORD, max_size=5).map(" ".join)
LOCAL = st.sampled_from(
    ["kim", "KIM", "k.i.m", "kim+crm", '"k im"', "info", "no-reply", "ann", "b\u00f6", "", "a" * 70]
)
DOMAIN = st.sampled_from(
    ["customer.example", "CUSTOMER.example.", "b.customer.example", "b\u00fccher.example", "xn--bcher-kva.example", "x", "[127.0.0.1]", "ourco.example", "in.crm.example", "x..y"]
)  # fmt: skip
ADDRESS = st.one_of(
    st.builds("{}@{}".format, LOCAL, DOMAIN), st.sampled_from([ROSA, BCC, LOG, "kim@customer.example"]), ODD
)
MAILBOX = st.one_of(
    ADDRESS,
    st.builds("{} <{}>".format, TEXT, ADDRESS),
    st.builds('"{}" <{}>'.format, TEXT, ADDRESS),
    st.builds("({}) {}".format, TEXT, ADDRESS),
    st.builds("Team: {}, {};".format, ADDRESS, ADDRESS),
)
MAILBOXES = st.lists(MAILBOX, max_size=5).map(", ".join)
FIELD = st.one_of(
    st.builds("{}: {}".format, st.sampled_from(["To", "Cc", "Bcc", "Reply-To", "Sender", "Resent-From", "Delivered-To"]), MAILBOXES),
    st.builds("{}: {}".format, st.sampled_from(["Subject", "Message-ID", "References", "X-A", "List-Id", "Received", "Comments"]), TEXT),
    st.builds("Date: {}".format, st.sampled_from(["Mon, 02 Mar 2026 09:15:00 +0100", "31 Feb 99999 25:61 +9999", "x", ""])),
    st.builds("From: {}".format, MAILBOX),
    st.builds("Content-Type: {}; {}={}".format, st.sampled_from(["text/plain", "text/html", "multipart/mixed", "message/rfc822", "x", "text/calendar"]), st.sampled_from(["boundary", "charset", "name", "name*"]), TEXT),
    TEXT,
)  # fmt: skip
SUBJECT = st.sampled_from(["Offer", "Re: Offer", "", "<b>", "[bold]", "日本"])
BLOCKS = st.builds(
    "{}From: {}\nDate: {}\nSubject: {}\nTo: {}\nCc: {}\n\n".format,
    st.sampled_from(["", "---------- Forwarded message ---------\n", "> ", "-----Original Message-----\n"]),
    MAILBOX, st.sampled_from(["Mon, Mar 2, 2026 at 9:15 AM", "x", "99/99/99999"]), SUBJECT, MAILBOXES, MAILBOXES,
)  # fmt: skip
CONTENT = st.lists(st.one_of(BLOCKS, TEXT, st.just("\n"), st.just("On 2 March 2026, Kim <kim@customer.example> wrote:\n> x\n")), max_size=4).map("".join)  # fmt: skip
FILE = st.builds(
    "Content-Type: application/pdf; name=\"{}\"\nContent-Disposition: attachment; filename*=utf-8''{}".format,
    TEXT,
    TEXT,
)


def in_html(text: str) -> str:
    return "<div>" + text.replace("<", "&lt;").replace("\n", "<br>\n") + "</div>"


@st.composite
def mails(draw: st.DrawFn) -> bytes:
    """A mail by Rosa, mostly: fields, a text, an HTML part, a file, a message, in any combination."""
    fields = [field.replace("\n", " ").replace("\r", " ") if draw(st.booleans()) else field for field in draw(st.lists(FIELD, max_size=4))]  # fmt: skip
    from_ = draw(st.sampled_from([f"Rosa <{ROSA}>"] * 5 + ["kim@customer.example", None]))
    to = draw(st.one_of(MAILBOXES, st.sampled_from([LOG, BCC])))
    content = draw(CONTENT)
    parts = [("Content-Type: text/plain; charset=utf-8", content.encode("utf-8", "surrogatepass"))]
    if draw(st.booleans()):
        parts.append(("Content-Type: text/html; charset=utf-8", in_html(content).encode("utf-8", "surrogatepass")))
    if draw(st.booleans()):
        parts.append((draw(FILE).replace("\r", " "), b"x" * draw(st.integers(0, 50))))
    if draw(st.booleans()):
        parts.append(
            ("Content-Type: message/rfc822", mail(from_=draw(MAILBOX), to=draw(MAILBOXES), subject=draw(TEXT)))
        )
    field, body = multipart(*parts)
    return mail(*fields, field, from_=from_, to=to, subject=draw(TEXT), body=body)


RECIPIENT = st.sampled_from([BCC, LOG, None])
ACCOUNT = account(policy=PERMISSIVE)
CONTACTS = [("ann@customer.example", Contact(id="c1"))]


def planned(raw: bytes, recipient: str | None, **given_: Any) -> Plan:
    return plan(
        raw,
        account=account(**{"policy": PERMISSIVE, **given_}),
        directory=directory(contacts=CONTACTS),
        recipient=recipient,
    )


# --- P1, P12: totality and clean output -----------------------------------------------------------------------------


def check(raw: bytes, recipient: str | None) -> None:
    found = planned(raw, recipient)
    check_page(explain.to_html(raw, found, read(raw, account=ACCOUNT, recipient=recipient)))
    VALID["plan"].validate(found.to_dict())
    check_plan(found)
    unwrapped = unwrap(raw)
    VALID["unwrapped"].validate(unwrapped.to_dict())
    check_unwrapped(unwrapped)


@settings(max_examples=3000, deadline=None)
@given(mails(), RECIPIENT)
def test_P1_P12_any_mail_gives_a_clean_plan_by_the_schema(raw: bytes, recipient: str | None):
    check(raw, recipient)


@settings(max_examples=400, deadline=None)
@given(mails(), RECIPIENT, st.data())
def test_P1_P12_any_damage_to_a_mail_gives_a_clean_plan(raw: bytes, recipient: str | None, data: st.DataObject):
    damaged = bytearray(raw)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(damaged)))
        kind = data.draw(st.sampled_from(["cut", "put", "change"]))
        if kind == "cut":
            del damaged[at : at + data.draw(st.integers(1, 40))]
        elif kind == "put":
            damaged[at:at] = data.draw(st.binary(max_size=6))
        elif at < len(damaged):
            damaged[at] = data.draw(st.integers(0, 255))
    check(bytes(damaged), recipient)


@settings(max_examples=40, deadline=None)
@given(mails())
def test_P12_T82_the_terminal_shows_no_control_character(raw: bytes):
    with TemporaryDirectory() as folder:
        account_file, file = Path(folder) / "account.toml", Path(folder) / "mail.eml"
        account_file.write_text(bcclog.config.TEMPLATE, "utf-8")
        file.write_bytes(raw)
        for command in (["unwrap"], ["plan", "--account", str(account_file), "--recipient", BCC]):
            shown = CliRunner().invoke(main, [*command, str(file)])
            assert shown.exit_code == 0, shown.exception
            assert not UNCLEAN.search(shown.output.replace("\n", ""))


# --- who is in the plan ----------------------------------------------------------------------------------------------


@settings(max_examples=400, deadline=None)
@given(mails(), RECIPIENT)
def test_no_address_is_in_the_plan_that_was_not_in_the_mail(raw: bytes, recipient: str | None):
    found = planned(raw, recipient)
    reading = read(raw, account=ACCOUNT, recipient=recipient)
    named = {person.address.email for person in reading.people}
    assert {contact.email for contact in found.contacts} <= named | {None}
    assert {notice.to for notice in found.notices} <= {reading.sender.email if reading.sender else ""}
    assert {normalize(contact.email or "") for contact in found.created} <= set(reading.lookups)


ENTRIES = st.lists(
    st.sampled_from(["customer.example", "kim@customer.example", "ann@customer.example", "b\u00fccher.example", "*@b.example"]),
    max_size=3,
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(mails(), RECIPIENT, ENTRIES, ENTRIES)
def test_P7_an_entry_more_on_never_log_never_adds_a_contact(raw: bytes, recipient: str | None, one: list[str], two: list[str]):  # fmt: skip
    def logged(found: Plan) -> list[str | None]:
        return sorted(c.email or "" for c in found.contacts if c.action is not ContactActionKind.SKIP)

    fewer, more = planned(raw, recipient, never_log=one), planned(raw, recipient, never_log=[*one, *two])
    assert set(logged(more)) <= set(logged(fewer))
    assert (more.attribution, more.route, more.trust) == (fewer.attribution, fewer.route, fewer.trust)


LISTED = "zyxkim@zyxlisted.example"


@st.composite
def dressed(draw: st.DrawFn) -> str:
    """The listed address in some spelling of a header field (T33-T42)."""
    local, domain = "zyxkim", "zyxlisted.example"
    if draw(st.booleans()):
        local = "".join(c.upper() if draw(st.booleans()) else c for c in local)
    if draw(st.booleans()):
        domain = "".join(c.upper() if draw(st.booleans()) else c for c in domain)
    local += draw(st.sampled_from(["", "", "+crm", "+a+b"]))
    domain = draw(st.sampled_from(["", "", "mail."])) + domain + draw(st.sampled_from(["", "", ".", "..", "\u3002"]))
    if draw(st.booleans()):
        local = f'"{draw(st.sampled_from(["", chr(92)]))}{local}"'
    gap = st.sampled_from(["", "", "", " ", "(x)", "\r\n ", "( \\) )", "\u200b", "\u00ad"])
    address = f"{local}{draw(gap)}@{draw(gap)}{domain}"
    name = draw(st.sampled_from(["", "Kim", '"Kim, K"', "=?utf-8?b?S2lt?=", "'zyxkim@zyxlisted.example'", '"zyxkim@zyxlisted.example"']))  # fmt: skip
    shape = draw(st.sampled_from(["{n} <{a}>", "{n} <@x.example:{a}>", "T: {n} <{a}>;", "T: a@b.example, {a};", "{a}", "{a} (Kim)", "<{a}>"]))  # fmt: skip
    return shape.format(n=name, a=address)


@settings(max_examples=1500, deadline=None)
@given(
    dressed(),
    st.sampled_from(["To", "Cc", "Bcc", "inner", "block", "copied", "cc of block", "Resent-To", "Reply-To", "html"]),
    st.booleans(),
)
def test_P7_T33_to_T42_no_dress_and_no_door_brings_a_listed_person_into_a_plan(listed: str, door: str, alone: bool):
    other = "" if alone else "ann@b.example"
    folded = listed.replace("\r\n ", " ")
    recipient = LOG
    if door in ("To", "Cc", "Bcc", "Resent-To", "Reply-To"):
        raw = mail(f"{door}: {listed}", to=other or None, body=f"Dear {LISTED}")
        recipient = BCC
    elif door == "inner":
        field, body = multipart(("Content-Type: message/rfc822", mail(from_=listed, to=other or None)))
        raw = mail(field, to=LOG, subject="Fwd: x", body=body)
    else:
        block = {
            "block": f"From: {folded}\nTo: {other or ROSA}\n",
            "copied": f"From: {other or ROSA}\nTo: {folded}\n",
            "cc of block": f"From: {other or ROSA}\nTo: {ROSA}\nCc: {folded}\n",
            "html": f"From: {folded}\nTo: {other or ROSA}\n",
        }[door]
        text = f"---------- Forwarded message ---------\nDate: Mon, Mar 2, 2026 at 9:15 AM\nSubject: x\n{block}\nDear\n"
        if door == "html":
            field, body = "Content-Type: text/html; charset=utf-8", in_html(text).encode()
        else:
            field, body = "Content-Type: text/plain; charset=utf-8", text.encode()
        raw = mail(field, to=LOG, subject="Fwd: x", body=body)
    found = planned(raw, recipient, never_log=["zyxlisted.example"], digest_key=b"k")
    assert "zyx" not in found.to_json().lower()
    if all(contact.action is ContactActionKind.SKIP for contact in found.contacts):
        assert (found.outcome, found.body, found.attachments) == (Outcome.REFUSE, None, ())


@settings(max_examples=400, deadline=None)
@given(mails(), st.sampled_from([BCC, None]))
def test_P13_everybody_in_to_and_cc_is_in_the_plan(raw: bytes, recipient: str | None):
    message = parse(raw)
    found = planned(raw, recipient)
    if found.route is not bcclog.Route.BCC or (found.outcome is Outcome.REFUSE and found.code is not Code.REFUSE_NOBODY_TO_LOG):  # fmt: skip
        return
    written = [address.email for address in (*message.to, *message.cc) if address.email]
    counted = {normalize(contact.email) or contact.email for contact in found.contacts if contact.email}
    assert {normalize(email) or email for email in written} <= counted
    if any(read_.unreadable for name in ("to", "cc") for read_ in message.address_lists(name)):
        assert Code.WARN_ADDRESS_UNREADABLE in {warning.code for warning in found.warnings}


# --- P8, P9: what changes nothing ---------------------------------------------------------------------------------------


def outside(found: Plan) -> tuple[object, ...]:
    return (found.route, found.attribution, found.trust, found.sender)


@settings(max_examples=400, deadline=None)
@given(mails(), mails(), RECIPIENT)
def test_P8_another_body_leaves_route_user_and_trust_as_they_are(one: bytes, two: bytes, recipient: str | None):
    head, _, _ = one.partition(b"\r\n\r\n")
    _, _, body = two.partition(b"\r\n\r\n")
    first, second = planned(one, recipient), planned(head + b"\r\n\r\n" + body, recipient)
    if Code.REFUSE_NOT_PERSON_CALENDAR not in (first.code, second.code):
        assert outside(first) == outside(second)


@settings(max_examples=300, deadline=None)
@given(BLOCKS, BLOCKS)
def test_a_forged_inner_block_never_changes_who_is_credited(block: str, inner: str):
    text = BLOCK.replace("\r\n", "\n")
    found = [
        planned(mail(to=LOG, subject="Fwd: x", body=body), LOG)
        for body in (text, text + inner, block + text, block, "x")
    ]
    assert {one.attribution.user for one in found} == {"u1"}
    assert len({outside(one) for one in found}) == 1


def without_spans(data: object) -> object:
    if isinstance(data, dict):
        return {key: without_spans(value) for key, value in data.items() if key not in ("span", "size")}
    return [without_spans(value) for value in data] if isinstance(data, list) else data


def same(one: bytes, two: bytes, recipient: str | None) -> None:
    first, second = planned(one, recipient).to_dict(), planned(two, recipient).to_dict()
    for data in (first, second):
        data["warnings"] = [w for w in data["warnings"] if w["code"] != Code.WARN_LINE_ENDS_MIXED.value]
    assert without_spans(first) == without_spans(second)


@settings(max_examples=300, deadline=None)
@given(MAILBOXES, MAILBOXES, TEXT, CONTENT, RECIPIENT)
def test_P9_line_ends_do_not_matter(to: str, cc: str, subject: str, content: str, recipient: str | None):
    clean = [re.sub(r"[\r\n\0]", " ", text) for text in (to, cc, subject)]
    raw = mail(f"Cc: {clean[1]}", to=clean[0], subject=clean[2], body=content.replace("\r", "").replace("\n", "\r\n"))
    same(raw, raw.replace(b"\r\n", b"\n"), recipient)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.builds(
            "{} <{}@b.example>".format,
            st.sampled_from(["Kim", '"K, L"', "=?utf-8?q?K=C3=A9?="]),
            st.sampled_from(["a", "b", "c"]),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_P9_folding_does_not_matter(people: list[str]):
    same(mail(to=", ".join(people)), mail(to=",\r\n\t".join(people)), BCC)
    same(mail(to=", ".join(people)), mail(to=" ,\r\n ".join(people).replace(" <", "\r\n <")), BCC)


# --- P14: limits ------------------------------------------------------------------------------------------------------


def nested(n: int) -> bytes:
    """A multipart in a multipart, n deep, with a text in the innermost."""
    head = "".join(f"Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n" for i in range(1, n))
    return mail("Content-Type: multipart/mixed; boundary=b0", body=f"--b0\n{head}Content-Type: text/plain\n\nx\n")


def parts(n: int) -> bytes:
    """n parts, the multipart itself counted."""
    field, body = multipart(*[("Content-Type: text/plain", "x")] * (n - 1))
    return mail(field, body=body)


def padded(n: int) -> bytes:
    """A mail whose header has n bytes up to the blank line, in fields that are not too long."""
    rest = n - len(mail(body="")) + 2
    sizes = [100_000] * (rest // 100_000 - 1)
    sizes.append(rest - sum(sizes))
    return mail(*("X-A: " + "x" * (size - len("X-A: \r\n")) for size in sizes))


LIMITED: dict[str, tuple[int, Any, Code, str]] = {
    "max_message_bytes": (600, lambda n: mail(body="x" * (n - len(mail(body="")))), Code.REFUSE_LIMIT_MESSAGE, "code"),
    "max_header_bytes": (700, padded, Code.REFUSE_LIMIT_HEADER, "code"),
    "max_field_bytes": (400, lambda n: mail("X-A: " + "x" * (n - 5)), Code.REFUSE_LIMIT_HEADER, "code"),
    "max_fields": (20, lambda n: mail(*["X-A: 1"] * (n - 5)), Code.REFUSE_LIMIT_HEADER, "code"),
    "max_received": (7, lambda n: mail(*["Received: from a by b; x"] * n), Code.REFUSE_LOOP, "code"),
    "max_depth": (6, nested, Code.PART_OPAQUE_DEPTH, "warning"),
    "max_parts": (9, parts, Code.PART_OPAQUE_COUNT, "warning"),
    "max_addresses": (
        12, lambda n: mail(to=", ".join(f"a{i}@b.example" for i in range(n))), Code.REFUSE_LIMIT_ADDRESSES, "code",
    ),
    "max_new_contacts": (
        8, lambda n: mail(to=", ".join(f"a{i}@b{i}.example" for i in range(n))), Code.CONTACT_SKIP_CAP, "contacts",
    ),
    "max_comment_depth": (
        5, lambda n: mail(from_="(" * n + ")" * n + ROSA), Code.IDENTITY_AMBIGUOUS_ADDRESS, "code",
    ),
    "max_encoded_words": (
        6, lambda n: mail(from_="=?utf-8?q?a?= " * n + f"<{ROSA}>"), Code.IDENTITY_AMBIGUOUS_ADDRESS, "code",
    ),
    "max_content_chars": (900, lambda n: mail(body="x" * n), Code.REFUSE_LIMIT_CONTENT, "code"),
}  # fmt: skip
"""Limit -> (its value in the test, a mail that has so many, the code past it, where it is said)."""


def forwarded(rest: str, *, html: bool = False) -> bytes:
    """A forward in one part with more text below the block."""
    if not html:
        body = f"note\r\n\r\n{BLOCK}\r\n{rest}"
        return mail("Content-Type: text/plain; charset=utf-8", to=LOG, subject="Fwd: Re: Offer", body=body)
    rows = BLOCK.replace("<", "&lt;").replace(">", "&gt;").replace("\r\n", "<br>")
    source = f'<div class="gmail_quote"><div class="gmail_attr">{rows}</div><br>{rest}</div>'
    return mail("Content-Type: text/html; charset=utf-8", to=LOG, subject="Fwd: Re: Offer", body=source)


def attached(n: int) -> bytes:
    """n messages, each inside the one before; the outermost is Kim's."""
    raw = mail(from_="deep@b.example")
    for number in range(2, n + 1):
        raw = mail("Content-Type: message/rfc822", from_=KIM if number == n else "deep@b.example", body=raw)
    return mail("Content-Type: message/rfc822", to=LOG, subject="Fwd: Re: Offer", body=raw)


LIMITED_FORWARDS: dict[str, tuple[int, Any, Code]] = {
    "max_nested_messages": (4, attached, Code.REFUSE_FORWARD_DEPTH),
    "max_line_chars": (200, lambda n: forwarded("x" * n + "\r\n"), Code.WARN_LONG_LINE),
    "max_quote_depth": (5, lambda n: forwarded(">" * n + " x\r\n"), Code.WARN_LIMIT_QUOTE_DEPTH),
    "max_html_depth": (
        9, lambda n: forwarded("<div>" * (n - 1) + "x" + "</div>" * (n - 1), html=True), Code.WARN_LIMIT_HTML_NESTING,
    ),
    "max_blocks": (4, lambda n: forwarded((BLOCK + "\r\nx\r\n") * (n - 1)), Code.REFUSE_FORWARD_CHAIN),
    "max_field_lines": (
        300,
        lambda n: forwarded("Date: x\r\n" * (n - len(BLOCK.split("\n")))),
        Code.REFUSE_LIMIT_CONTENT,
    ),
    "max_lines": (
        30,
        lambda n: forwarded("x\r\n" * (n - len(f"note\r\n\r\n{BLOCK}\r\n".split("\n")))),
        Code.REFUSE_LIMIT_CONTENT,
    ),
}  # fmt: skip
"""The same for limits of what is read of a forward; none of them changes who its author is."""


@pytest.mark.parametrize("name", LIMITED_FORWARDS)
@pytest.mark.parametrize("is_default", [False, True])
def test_P14_T88_at_a_limit_of_a_forward_its_author_stays(name: str, is_default: bool):
    value, build, code = LIMITED_FORWARDS[name]
    limits = evolve(Limits(), **{name: value})
    if is_default:
        value, limits = getattr(Limits(), name), Limits()
    policy = evolve(PERMISSIVE, limits=limits)
    for n in (value - 1, value, value + 1):
        raw = build(n)
        found = plan(raw, account=account(policy=policy), directory=directory(), recipient=LOG)
        assert (code in {found.code, *(warning.code for warning in found.warnings)}) == (n > value)
        assert [contact.email for contact in found.created] in ([KIM], [] if found.code is code else [KIM])
        unwrapped = unwrap(raw, limits=limits)
        assert (code in {unwrapped.code, *(warning.code for warning in unwrapped.warnings)}) == (n > value)


@pytest.mark.parametrize(("kind", "line"), [("text/plain", "x\r\n"), ("text/html", "x<br>")])
def test_P14_behind_a_part_that_was_not_read_whole_nothing_is_decided(kind: str, line: str):
    block = BLOCK if kind == "text/plain" else BLOCK.replace("<", "&lt;").replace("\r\n", "<br>")
    field, body = multipart((f"Content-Type: {kind}", line * 30), (f"Content-Type: {kind}", block))
    raw = mail(field, to=LOG, subject="Fwd: Re: Offer", body=body)
    codes = [unwrap(raw, limits=Limits(max_lines=most)).code for most in (20, 31)]
    assert codes == [Code.REFUSE_LIMIT_CONTENT, Code.FORWARD_INLINE]


def test_P14_past_the_limit_of_parameters_a_file_says_so():
    policy = evolve(HUBSPOT_2023_09, limits=Limits(max_parameters=7))
    for n in (6, 7, 8):
        head = "Content-Type: application/pdf" + "".join(f"; a{i}=x" for i in range(n))
        field, body = multipart(("Content-Type: text/plain", "x"), (f"{head}\nContent-Disposition: attachment", b"x"))
        found = plan(mail(field, body=body), account=account(policy=policy), directory=directory(), recipient=BCC)
        assert (Code.WARN_PARAM in {warning.code for warning in found.warnings}) == (n > 7)
        assert found.outcome is Outcome.LOG


def test_P14_every_limit_has_its_test():
    assert {field.name for field in fields(Limits)} == {*LIMITED, *LIMITED_FORWARDS, "max_parameters"}


@pytest.mark.parametrize("name", LIMITED)
@pytest.mark.parametrize("is_default", [False, True])
def test_P14_T88_at_a_limit_all_is_read_and_past_it_stands_its_code(name: str, is_default: bool):
    value, build, code, where = LIMITED[name]
    policy = evolve(HUBSPOT_2023_09, limits=evolve(Limits(), **{name: value}))
    if is_default:
        value, policy = getattr(Limits(), name), HUBSPOT_2023_09

    def said(n: int) -> set[Code]:
        found = plan(build(n), account=account(policy=policy), directory=directory(), recipient=BCC)
        assert found.attribution.user in ("u1", None)
        assert found.sender is None or found.sender.email == ROSA
        return {
            "code": {found.code},
            "warning": {warning.code for warning in found.warnings},
            "contacts": {contact.code for contact in found.contacts},
        }[where]

    assert code not in said(value - 1)
    assert code not in said(value)
    assert code in said(value + 1)


@pytest.mark.parametrize("name", ["max_message_bytes", "max_header_bytes", "max_field_bytes", "max_fields"])
def test_P14_T88_past_a_limit_of_the_message_nothing_is_unwrapped(name: str):
    value, build, code, _ = LIMITED[name]
    for n in (value - 1, value, value + 1):
        assert (unwrap(build(n), limits=evolve(Limits(), **{name: value})).code is code) == (n > value)


def test_P6_over_the_cap_of_contacts_none_is_created():
    policy = evolve(HUBSPOT_2023_09, limits=Limits(max_new_contacts=3))
    raw = mail(to=", ".join(f"a{i}@b{i}.example" for i in range(4)) + ", ann@customer.example")
    found = plan(raw, account=account(policy=policy), directory=directory(contacts=CONTACTS), recipient=BCC)
    assert [contact.code for contact in found.contacts] == [Code.CONTACT_SKIP_CAP] * 4 + [Code.CONTACT_LINK_RECIPIENT]


def test_P14_past_a_limit_of_the_header_no_other_sender_wins():
    late = b"From: eve@attacker.example\r\n"
    for raw in (mail(*["X-A: 1"] * 3_000), mail("X-A: " + "x" * 300_000), mail(*["X-A: " + "x" * 900] * 1_500)):
        head, _, body = raw.partition(b"\r\n\r\n")
        for broken in (late + raw, head + b"\r\n" + late + b"\r\n" + body):
            found = planned(broken, BCC)
            assert (found.code, found.sender, found.created) == (Code.REFUSE_LIMIT_HEADER, None, ())


def test_the_grammar_reaches_forwards_and_logs():
    assert planned(forward(), LOG).outcome is Outcome.LOG
