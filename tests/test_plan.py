"""`read`, `decide`, `plan` as a whole (R1-R32)."""

import gc
import json
import pickle
from datetime import UTC, datetime, timedelta, timezone
from itertools import permutations
from types import FunctionType, ModuleType

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError

from bcclog import (
    HUBSPOT_2023_09,
    PERMISSIVE,
    Chain,
    Code,
    Contact,
    EmailAddress,
    Limits,
    Outcome,
    Plan,
    Times,
    decide,
    parse,
    plan,
    read,
)
from builders import BCC, BLOCK, KIM, LOG, ROSA, account, directory, forward, mail, multipart


def planned(
    raw: bytes, recipient: str = BCC, options: dict[str, object] | None = None, policy=HUBSPOT_2023_09, **given
) -> Plan:
    return plan(
        raw,
        account=account(policy=evolve(policy, **(options or {}))),
        directory=directory(**given),
        recipient=recipient,
    )


def test_R32_a_plan_is_frozen_and_the_same_for_the_same_input():
    one, two = planned(mail()), planned(mail())
    assert one == two
    assert one.to_json() == two.to_json()
    with pytest.raises(FrozenInstanceError):
        one.subject = "x"  # type: ignore[misc]


LATER = ("subject", "times", "keys", "warnings", "trace")
"""What a plan works out when it is asked for."""
PLANS = {
    "logged": lambda: planned(mail("Reply-To: other@ourco.example")),
    "logged forward": lambda: planned(forward(), LOG),
    "refused by its class": lambda: planned(mail("List-Id: <l.example>", subject="=?utf-8?q?Angebot_=FF?=")),
    "refused, nobody left": lambda: planned(mail(to="sam@ourco.example")),
    "refused, no sender": lambda: planned(mail(from_=None)),
}


@pytest.mark.parametrize("name", PLANS)
def test_R32_nobody_can_tell_what_a_plan_was_asked_before(name: str):
    make = PLANS[name]
    expected = make().to_dict()
    for order in permutations(LATER):
        one = make()
        assert [getattr(one, field) for field in order] == [getattr(one, field) for field in order]
        assert one.to_dict() == expected
    for count in range(len(LATER) + 1):
        asked, fresh = make(), make()
        for field in LATER[:count]:
            getattr(asked, field)
        assert (asked, hash(asked), repr(asked)) == (fresh, hash(make()), repr(make()))
    assert make() != evolve(make(), subject="another")


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_survives_pickling(name: str):
    plan = PLANS[name]()
    copy = pickle.loads(pickle.dumps(plan))
    assert copy == plan and copy.to_dict() == plan.to_dict()
    if plan.body is not None:
        assert copy.body is not None
        assert (copy.body.of, copy.body.text, copy.body.html) == (plan.body.of, plan.body.text, plan.body.html)


@pytest.mark.parametrize(
    ("raw", "kept"),
    [(mail("List-Id: <l.example>"), True), (mail(to="sam@ourco.example"), False)],
    ids=["by its class", "nobody left"],
)
def test_R17_a_refused_plan_holds_no_body_and_no_recipient_when_nobody_is_left(raw: bytes, kept: bool):
    seen, todo, held = set(), [planned(raw)], b""
    while todo:
        value = todo.pop()
        if id(value) not in seen and not isinstance(value, type | ModuleType):
            seen.add(id(value))
            held += value if isinstance(value, bytes) else b""
            # A function's globals are the whole library; what it closes over is its own.
            todo += value.__closure__ or () if isinstance(value, FunctionType) else gc.get_referents(value)
    assert b"here is the offer" not in held
    assert (b"Subject: Offer" in held) is kept


@pytest.mark.parametrize(
    "value", [HUBSPOT_2023_09, PERMISSIVE, account(), directory(contacts=[(KIM, Contact(id="c1"))])]
)
def test_what_workers_are_given_survives_pickling(value: object):
    assert pickle.loads(pickle.dumps(value)) == value


@pytest.mark.parametrize(
    ("raw", "recipient"),
    [(b"", BCC), (mail(from_="a@x.example, b@y.example"), BCC), (mail(), "x@y.example"), (forward(block=""), LOG)],
)
def test_a_refusal_stands_once_in_the_trace(raw: bytes, recipient: str):
    plan = planned(raw, recipient)
    assert [reason.code for reason in plan.trace].count(plan.code) == 1


def test_plan_is_read_and_decide():
    reading = read(mail(), account=account(), recipient=BCC)
    assert decide(reading, directory=directory()) == planned(mail())
    assert reading.lookups == (ROSA, KIM)


@pytest.mark.parametrize("wrong", ["text", None, 7, ["x"]])
def test_T88_a_wrong_type_is_the_callers_mistake(wrong: object):
    with pytest.raises(TypeError):
        plan(wrong, account=account(), directory=directory())  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="Account"):
        plan(b"", account=wrong, directory=directory())  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_T88_any_buffer_is_read(kind: type):
    assert planned(kind(mail())) == planned(mail())


def test_R6_a_forward_is_logged_on_its_author():
    found = planned(forward(), LOG)
    assert (found.outcome, found.code, found.direction) == (Outcome.LOG, Code.LOG_FORWARD, "incoming")
    assert (found.subject, found.sender) == ("Re: Offer", EmailAddress("Rosa Rep", ROSA))
    assert found.body is not None
    assert (found.body.of, found.body.text) == ("original", "Thank you, that suits us well.")


def test_T53_the_bcc_route_never_unwraps():
    found = planned(forward().replace(f"To: {LOG}".encode(), b"To: ann@b.example"))
    assert (found.code, [c.email for c in found.contacts]) == (Code.LOG_BCC, ["ann@b.example"])
    assert found.body is not None
    assert found.body.of == "message"
    assert read(forward(), account=account(), recipient=BCC).forwarded is None


# --- identity ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (mail("From: eve@attacker.example"), Code.IDENTITY_AMBIGUOUS_FROM_COUNT),
        (mail(*["X-A: 1"] * 100, "FROM: eve@attacker.example"), Code.IDENTITY_AMBIGUOUS_FROM_COUNT),
        (mail(from_=f"eve@attacker.example, {ROSA}"), Code.IDENTITY_AMBIGUOUS_FROM_LIST),
        (mail("Sender: " + ROSA, from_=f"eve@attacker.example, {ROSA}"), Code.IDENTITY_AMBIGUOUS_FROM_LIST),
        (mail(from_=f"{ROSA}:eve@attacker.example;"), Code.IDENTITY_AMBIGUOUS_FROM_GROUP),
        (mail(from_=f"Rosa:{ROSA};"), Code.IDENTITY_AMBIGUOUS_FROM_GROUP),
        (mail("From : eve@attacker.example"), Code.IDENTITY_AMBIGUOUS_HEADER),
        (mail(from_=None), Code.REFUSE_IDENTITY_NONE),
        (mail("Sender: " + ROSA, "Return-Path: <" + ROSA + ">", from_="<>"), Code.REFUSE_IDENTITY_NONE),
        (mail(from_=f"<@attacker.example:{ROSA}>"), Code.IDENTITY_AMBIGUOUS_ADDRESS),
        (mail(from_='"rosa@ourco.example"@ourco.example@attacker.example'), Code.IDENTITY_AMBIGUOUS_ADDRESS),
        (mail("X: 1\rFrom: eve@attacker.example"), Code.IDENTITY_AMBIGUOUS_FROM_COUNT),
    ],
)
def test_T1_to_T6_without_one_sender_nobody_is_credited_and_nothing_created(raw: bytes, code: Code):
    found = planned(raw)
    assert found.outcome is Outcome.REFUSE
    assert found.code in (code, Code.IDENTITY_AMBIGUOUS_HEADER, Code.IDENTITY_AMBIGUOUS_LINE_ENDS)
    assert (found.attribution.user, found.contacts, found.sender, found.notices) == (None, (), None, ())


def test_T1_the_candidates_are_in_the_trace_and_listed_ones_are_not():
    raw = mail(from_=f"eve@attacker.example, {ROSA}")
    found = planned(raw)
    reason = next(reason for reason in found.trace if reason.lost)
    assert [lost.what for lost in reason.lost] == ["eve@attacker.example", ROSA]
    found = plan(raw, account=account(never_log=["attacker.example"]), directory=directory(), recipient=BCC)
    assert "attacker" not in found.to_json()


def test_T1_repeated_recipient_fields_are_merged_with_a_warning():
    found = planned(mail("To: Ann <ann@b.example>"))
    assert sorted(c.email or "" for c in found.created) == ["ann@b.example", KIM]
    assert [reason.code for reason in found.warnings] == [Code.WARN_HEADER_REPEATED]


def test_T27_a_reply_to_elsewhere_is_warned_of():
    assert [r.code for r in planned(mail("Reply-To: x@y.example")).warnings] == [Code.WARN_REPLY_TO]
    assert planned(mail(f"Reply-To: {ROSA.upper()}")).warnings == ()


def test_T12_a_header_past_its_limit_is_refused_whole():
    raw = mail(*["X-A: 1"] * 10, "From: eve@attacker.example")
    found = planned(raw, options={"limits": Limits(max_fields=10)})
    assert (found.code, found.sender, found.contacts) == (Code.REFUSE_LIMIT_HEADER, None, ())


def test_T88_a_message_past_its_limit_is_refused():
    assert planned(mail(), options={"limits": Limits(max_message_bytes=50)}).code is Code.REFUSE_LIMIT_MESSAGE


def test_T60_text_past_its_limit_is_refused_and_never_cut():
    options = {"limits": Limits(max_content_chars=100)}
    assert planned(mail(body="x" * 100), options=options).code is Code.LOG_BCC
    assert planned(mail(body="x" * 101), options=options).code is Code.REFUSE_LIMIT_CONTENT
    raw = mail("Content-Transfer-Encoding: quoted-printable", body="=\r\n" * 200 + "x")
    assert planned(raw, options=options).code is Code.LOG_BCC


def test_T76_a_piece_of_a_message_is_refused():
    found = planned(mail("Content-Type: message/partial; id=x; number=1; total=2"))
    assert (found.code, len(found.notices)) == (Code.REFUSE_FORMAT_PARTIAL, 1)


@pytest.mark.parametrize("recipient", [BCC, LOG])
def test_T78_an_encrypted_mail_is_refused(recipient: str):
    raw = mail("Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m")
    assert planned(raw, recipient).code is Code.REFUSE_FORMAT_ENCRYPTED


# --- forwards ---------------------------------------------------------------------------------------------------


def test_R7_without_a_block_the_forward_is_refused_and_the_sender_told():
    found = planned(mail(to=LOG, subject="Fwd: Offer"), LOG)
    assert found.code is Code.REFUSE_FORWARD_NO_HEADER_BLOCK
    assert [(n.to, n.code, n.about) for n in found.notices] == [
        (ROSA, Code.NOTICE_REFUSED, Code.REFUSE_FORWARD_NO_HEADER_BLOCK)
    ]
    assert planned(mail(to=LOG), LOG, {"notify_refused": False}).notices == ()


CHAIN = BLOCK + "\r\n" + BLOCK.replace("kim@customer", "ann@other").replace("Kim Kaufmann", "Ann Meier")


def test_R8_a_forward_of_a_forward_is_refused_or_its_outermost_message_logged():
    raw = forward(block=CHAIN)
    assert planned(raw, LOG).code is Code.REFUSE_FORWARD_CHAIN
    found = planned(raw, LOG, {"chain": Chain.OUTERMOST})
    assert (found.code, found.contacts[0].email) == (Code.LOG_FORWARD, KIM)


def attached(*messages: bytes) -> bytes:
    parts = [("Content-Type: message/rfc822", message) for message in messages]
    field, body = multipart(("Content-Type: text/plain", "see below"), *parts, boundary="outer")
    return mail(field, to=LOG, subject="Fwd: Offer", body=body)


INNER = mail(from_=f"Kim <{KIM}>", to=f"{ROSA}, ann@b.example", subject="Re: Offer", body="Fine with us.")


def test_R15_a_message_forwarded_as_attachment_is_logged():
    found = planned(attached(INNER), LOG)
    assert (found.code, found.times.code, found.subject) == (Code.LOG_FORWARD, Code.TIME_ATTACHED, "Re: Offer")
    assert [c.code for c in found.contacts] == [
        Code.CONTACT_CREATE_AUTHOR,
        Code.CONTACT_SKIP_USER,
        Code.CONTACT_SKIP_COPIED,
    ]
    assert found.body is not None
    assert found.body.text == "Fine with us."


@pytest.mark.parametrize("policy", [HUBSPOT_2023_09, PERMISSIVE])
def test_T66_several_forwarded_messages_are_refused(policy):
    assert planned(attached(INNER, INNER), LOG, policy=policy).code is Code.REFUSE_FORWARD_SEVERAL


def test_R9_both_parts_are_required_by_option():
    raw = forward(html=False)
    assert planned(raw, LOG).code is Code.REFUSE_FORWARD_HTML_MISSING
    assert planned(raw, LOG, {"require_both_parts": False}).code is Code.LOG_FORWARD
    only_html = (
        raw.replace(b"text/plain", b"text/html").replace(b"<kim@", b"&lt;kim@").replace(b"\r\nDate", b"<br>\r\nDate")
    )
    assert planned(only_html, LOG, {"require_both_parts": True}).code is not Code.LOG_FORWARD


def test_R10_clients_and_languages_are_accepted_by_option():
    assert planned(forward(), LOG, {"clients": frozenset({"gmail-web"})}).code is Code.LOG_FORWARD
    assert planned(forward(), LOG, {"clients": frozenset({"mutt"})}).code is Code.REFUSE_FORWARD_CLIENT
    assert planned(forward(), LOG, {"locales": frozenset({"en"})}).code is Code.LOG_FORWARD
    assert planned(forward(), LOG, {"locales": frozenset({"ka"})}).code is Code.REFUSE_FORWARD_LANGUAGE
    both = {"clients": frozenset({"gmail-web"}), "locales": frozenset({"ka"})}
    assert planned(forward(), LOG, both).code is Code.REFUSE_FORWARD_LANGUAGE


def test_R6_a_block_without_the_authors_address_is_refused():
    block = BLOCK.replace("Kim Kaufmann <kim@customer.example>", "Kim Kaufmann")
    assert planned(forward(block=block), LOG).code is Code.REFUSE_FORWARD_NO_AUTHOR


def test_R12_every_refusal_says_what_to_do_and_keeps_no_body():
    for raw in (mail(to=LOG), forward(html=False), forward(block=CHAIN)):
        found = planned(raw, LOG)
        assert found.outcome is Outcome.REFUSE
        assert (found.body, found.attachments, found.associations) == (None, (), ())
        assert found.code.sentence
        assert found.trace[-1].code is found.code or found.code in [reason.code for reason in found.trace]


def test_R15_a_redirected_mail_is_refused():
    assert planned(mail(f"Resent-From: {ROSA}", f"Resent-To: {LOG}"), LOG).code is Code.REFUSE_FORWARD_REDIRECT


def test_P8_what_is_inside_leaves_route_user_and_trust_unchanged():
    plain = planned(mail(to=LOG), LOG)
    for raw in (forward(), forward(block=CHAIN), attached(INNER)):
        found = planned(raw, LOG)
        assert (found.route, found.attribution, found.trust) == (plain.route, plain.attribution, plain.trust)


# --- times ------------------------------------------------------------------------------------------------------

BERLIN = timezone(timedelta(hours=1))
RECEIVED = "Received: from a.example by b.example; Mon, 02 Mar 2026 08:16:00 +0000"


def test_R30_the_header_time_and_the_receipt_are_kept():
    found = planned(mail(RECEIVED))
    header = datetime(2026, 3, 2, 9, 15, tzinfo=BERLIN)
    assert found.times == Times(
        header=header, received=datetime(2026, 3, 2, 8, 16, tzinfo=UTC), chosen=header, code=Code.TIME_HEADER
    )


def test_R30_the_time_of_the_block_is_chosen_for_a_forward_and_stays_without_zone():
    found = planned(forward(RECEIVED), LOG)
    assert (found.times.code, found.sent_at) == (Code.TIME_BLOCK, datetime(2026, 3, 2, 9, 15))
    assert found.times.header is not None
    assert Code.WARN_DATE_NO_ZONE in [reason.code for reason in found.warnings]


@pytest.mark.parametrize("date", [None, "", "Mon, 99 Foo 99999 99:99 +9999", "9" * 5_000])
def test_T80_without_a_date_the_receipt_is_taken_and_never_now(date: str | None):
    found = planned(mail(RECEIVED, date=date))
    assert (found.times.code, found.sent_at) == (Code.TIME_RECEIVED, datetime(2026, 3, 2, 8, 16, tzinfo=UTC))
    found = planned(mail(date=date))
    assert (found.times, found.sent_at) == (Times(), None)
    assert Code.TIME_NONE in [reason.code for reason in found.warnings]


# --- outputs ----------------------------------------------------------------------------------------------------


def test_T85_the_plan_is_json():
    for raw, recipient in ((mail(), BCC), (forward(), LOG), (b"", BCC), (mail(from_=None), BCC)):
        found = planned(raw, recipient)
        assert json.loads(found.to_json()) == json.loads(json.dumps(found.to_dict()))


def test_T82_one_line_values_have_no_line_breaks():
    raw = mail(to=f"=?utf-8?q?a=0D=0ABcc:_E?= <{KIM}>", subject="=?utf-8?q?x=0D=0Ay=1B[2J?=")
    found = planned(raw)
    assert found.subject is not None
    assert found.subject.isprintable()
    assert (found.contacts[0].name or "").isprintable()
    assert "\\r" not in found.to_json()


def test_T10_what_looks_like_smtp_in_the_body_is_text():
    body = "\r\n.\r\nMAIL FROM:<eve@attacker.example>\r\nDATA\r\nFrom: rosa@ourco.example\r\n\r\n"
    assert planned(mail(from_="eve@attacker.example", body=body)).attribution.user is None


def test_every_decision_is_in_the_trace_with_its_evidence():
    raw = mail("Cc: Ann <ann@b.example>")
    found = planned(raw, contacts=[(KIM, Contact(id="c1"))])
    codes = [reason.code for reason in found.trace]
    assert codes == [
        Code.ROUTE_ENVELOPE,
        Code.TRUST_ABSENT,
        Code.ATTRIBUTION_CONNECTED,
        Code.CONTACT_LINK_RECIPIENT,
        Code.CONTACT_CREATE_RECIPIENT,
        Code.TIME_HEADER,
        Code.LOG_BCC,
    ]
    spans = [reason.evidence[0].span for reason in found.trace if reason.code.startswith("contact")]
    assert [raw[span.start : span.end].strip() for span in spans if span] == [
        b"Kim Kaufmann <kim@customer.example>",
        b"Ann <ann@b.example>",
    ]


@pytest.mark.parametrize("raw", [b"", b"\0", b"From", b"From: x", b"\r\n\r\n", bytes(range(256)), b"\xff" * 1000])
def test_T88_any_bytes_give_a_plan(raw: bytes):
    for recipient in (BCC, LOG, None):
        assert planned(raw, recipient).outcome is Outcome.REFUSE  # type: ignore[arg-type]


def test_T88_every_start_of_a_mail_gives_a_plan():
    for whole, recipient in ((mail(RECEIVED, f"Cc: {BCC}"), BCC), (forward(), LOG)):
        for end in range(0, len(whole), 7):
            planned(whole[:end], recipient)


def test_a_message_parsed_before_keeps_its_identity():
    message = parse(mail())
    assert read(message, account=account(), recipient=BCC).message is message
