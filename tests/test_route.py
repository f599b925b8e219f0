"""By which drop address a mail came (R1, R2)."""

import pytest

from bcclog import Code, Evidence, Message, Plan, Route, parse, plan, read
from builders import BCC, KIM, LOG, account, directory, mail

OTHER = "999@bcc.elsewhere.example"


def route(raw: bytes, recipient: str | None = None) -> tuple[Route | None, Code | None]:
    reading = read(raw, account=account(), recipient=recipient)
    return reading.route, reading.refusal


def route_code(raw: bytes, recipient: str | None = None) -> Code:
    return read(raw, account=account(), recipient=recipient).trace[0].code


@pytest.mark.parametrize(("recipient", "kind"), [(BCC, Route.BCC), ("BCC@IN.CRM.Example.", Route.BCC)])
def test_R1_the_envelope_recipient_says_the_route(recipient: str, kind: Route):
    assert route(mail(), recipient) == (kind, None)
    assert route_code(mail(), recipient) is Code.ROUTE_ENVELOPE


@pytest.mark.parametrize(
    "recipient",
    [
        OTHER,
        "bcc1@in.crm.example",
        "bcc+x@in.crm.example",
        f"<{BCC}>",
        "",
        "x",
        f"{BCC}, {LOG}",
        "bcc@in.crm.example\0",
    ],
)
def test_T30_an_envelope_recipient_that_is_no_drop_address_is_refused(recipient: str):
    assert route(mail(f"Delivered-To: {BCC}"), recipient) == (None, Code.REFUSE_ROUTE_UNKNOWN)


def test_T30_nobody_is_told_of_an_unknown_drop_address():
    found = plan(mail(), account=account(), directory=directory(), recipient=OTHER)
    assert (found.attribution.user, found.notices) == ("u1", ())


def test_R1_a_recipient_of_the_wrong_type_is_the_callers_mistake():
    with pytest.raises(TypeError, match="as a string"):
        read(mail(), account=account(), recipient=b"x")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("Delivered-To", Code.ROUTE_DELIVERED_TO),
        ("X-Original-To", Code.ROUTE_X_ORIGINAL_TO),
        ("Envelope-To", Code.ROUTE_ENVELOPE_TO),
        ("Cc", Code.ROUTE_HEADER),
        ("Bcc", Code.ROUTE_HEADER),
    ],
)
def test_R1_header_fields_say_the_route_without_an_envelope(field: str, code: Code):
    raw = mail(f"{field}: Log <{BCC}>")
    assert route(raw) == (Route.BCC, None)
    assert route_code(raw) is code


def test_R1_sources_are_asked_in_order():
    raw = mail(f"Bcc: {LOG}", f"X-Original-To: {BCC}", f"Delivered-To: {LOG}")
    assert route_code(raw) is Code.ROUTE_DELIVERED_TO
    assert route_code(mail(f"Bcc: {LOG}", f"X-Original-To: {BCC}")) is Code.ROUTE_X_ORIGINAL_TO


def test_R1_a_source_that_names_both_kinds_refuses():
    assert route(mail(f"Cc: {BCC}", f"Bcc: {LOG}")) == (None, Code.REFUSE_ROUTE_BOTH)
    assert route(mail(f"Delivered-To: {BCC}", f"Delivered-To: {LOG}")) == (None, Code.REFUSE_ROUTE_BOTH)


def test_R1_no_source_refuses():
    assert route(mail()) == (None, Code.REFUSE_ROUTE_NONE)


def test_R1_the_topmost_received_field_says_the_route():
    raw = mail(f"Received: from a.example (b.example [192.0.2.1]) by mx.crm.example\r\n\tfor <{BCC}>; Mon, 2 Mar 2026")
    assert route(raw) == (Route.BCC, None)
    assert route_code(raw) is Code.ROUTE_RECEIVED


def test_T13_a_lower_received_field_says_nothing():
    raw = mail(f"Received: from a by b for <{KIM}>; x", f"Received: from c by d for <{BCC}>; y")
    assert route(raw) == (None, Code.REFUSE_ROUTE_NONE)


@pytest.mark.parametrize(
    "clause",
    [f"from x (helo for <{BCC}>) by mx", f"from x by mx; for <{BCC}>", f"from x (a (b) for {BCC} c) by mx for"],
)
def test_T13_a_comment_in_received_says_nothing(clause: str):
    assert route(mail(f"Received: {clause}")) == (None, Code.REFUSE_ROUTE_NONE)


@pytest.mark.parametrize(
    "to", [f'"{BCC}" <{KIM}>', f"{KIM} ({BCC})", f"{BCC}: {KIM};", "bcc@in.crm.example.attacker.example"]
)
def test_T29_names_and_comments_never_route(to: str):
    assert route(mail(to=to)) == (None, Code.REFUSE_ROUTE_NONE)


@pytest.mark.parametrize("to", [f"Team: {BCC};", f'"bcc"@in.crm.example, {KIM}', f"Log <{BCC.upper()}>"])
def test_T29_group_members_and_quoted_addresses_route(to: str):
    assert route(mail(to=to)) == (Route.BCC, None)


def warnings(found: Plan) -> list[Code]:
    return [reason.code for reason in found.warnings]


@pytest.mark.parametrize("field", ["Cc: Bcc <{}>", "Cc: bcc+tag@in.crm.example, {}", "Cc: any@in.crm.example"])
def test_R2_a_visible_drop_address_is_no_contact_and_has_leaked(field: str):
    """T29: twice with tags too."""
    found = plan(mail(field.format(BCC)), account=account(), directory=directory(), recipient=BCC)
    assert [contact.email for contact in found.created] == [KIM]
    assert {c.code for c in found.contacts if c.email != KIM} == {Code.CONTACT_SKIP_DROP_ADDRESS}
    assert warnings(found) == [Code.WARN_DROP_ADDRESS_LEAKED]


def test_R2_a_drop_address_in_bcc_has_not_leaked():
    found = plan(mail(f"Bcc: {BCC}"), account=account(), directory=directory())
    assert warnings(found) == []


def test_R2_the_forwarding_address_alone_in_to_has_not_leaked():
    reading = read(mail(to=LOG), account=account(), recipient=LOG)
    assert Code.WARN_DROP_ADDRESS_LEAKED not in [reason.code for reason in reading.warnings]
    reading = read(mail(f"Cc: {KIM}", to=LOG), account=account(), recipient=LOG)
    assert Code.WARN_DROP_ADDRESS_LEAKED in [reason.code for reason in reading.warnings]


@pytest.mark.parametrize("address", ["x@bcc.hubspot.com", "dropbox@1.acme.capsulecrm.com", "acme@pipedrivemail.com"])
def test_T31_drop_addresses_of_other_systems_are_no_contacts(address: str):
    found = plan(mail(f"Cc: {address}"), account=account(), directory=directory(), recipient=BCC)
    assert [c.code for c in found.contacts] == [Code.CONTACT_CREATE_RECIPIENT, Code.CONTACT_SKIP_OTHER_DROP_ADDRESS]


@pytest.mark.parametrize(
    "address",
    [
        "x@bcc.hubspot.com.attacker.example",
        "bcc.hubspot.com@attacker.example",
        "ann@capsulecrm.com",
        "a@notbcc.hubspot.com",
    ],
)
def test_T31_what_only_holds_such_a_name_is_an_ordinary_stranger(address: str):
    found = plan(mail(f"Cc: {address}"), account=account(), directory=directory(), recipient=BCC)
    assert [contact.email for contact in found.created] == [KIM, address]


def test_the_evidence_is_the_field_that_named_the_drop_address():
    raw = mail(f"Delivered-To: {BCC}")
    reading = read(raw, account=account())
    (evidence,) = reading.trace[0].evidence
    assert isinstance(evidence, Evidence)
    assert raw[evidence.span.start : evidence.span.end].strip() == BCC.encode()


def test_a_parsed_message_is_read_like_its_bytes():
    message = parse(mail())
    assert isinstance(message, Message)
    assert plan(message, account=account(), directory=directory(), recipient=BCC) == plan(
        mail(), account=account(), directory=directory(), recipient=BCC
    )
