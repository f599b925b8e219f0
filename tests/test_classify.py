"""What is not a person, and what is not ordinary mail (R28, T32, T50, T51)."""

import pytest
from attrs import evolve

from bcclog import HUBSPOT_2023_09, Code, Contact, Handling, Plan, plan, read
from builders import BCC, KIM, account, directory, mail, multipart


def classes(*fields: str, **given: object) -> tuple[Code, ...]:
    return read(mail(*fields, **given), account=account(), recipient=BCC).classes  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("X-Nothing: 1", ()),
        ("Return-Path: <>", (Code.CLASS_BOUNCE,)),
        ("Return-Path: <MAILER-DAEMON@mx.ourco.example>", (Code.CLASS_BOUNCE,)),
        ("Return-Path: <MAILER-DAEMON>", (Code.CLASS_BOUNCE,)),
        ("Return-Path: <mailer-daemon-rosa@ourco.example>", ()),
        ("X-Failed-Recipients: ann@partner.example", (Code.CLASS_BOUNCE,)),
        ("X-DSNContext: 7ce717b1 - 1148 - 00000002 - 00000000", (Code.CLASS_BOUNCE,)),
        ("X-MS-Embedded-Report:", (Code.CLASS_BOUNCE,)),
        ("Return-Path: <rosa@ourco.example>", ()),
        ("Content-Type: multipart/report; boundary=x", (Code.CLASS_BOUNCE,)),
        ("Auto-Submitted: auto-replied", (Code.CLASS_AUTO_REPLY,)),
        ("Auto-Submitted: auto-generated; x=y", (Code.CLASS_AUTO_REPLY,)),
        ("Auto-Submitted: No", ()),
        ("X-Auto-Response-Suppress: All", (Code.CLASS_AUTO_REPLY,)),
        ("X-Auto-Response-Suppress: OOF, AutoReply", (Code.CLASS_AUTO_REPLY,)),
        ("X-Auto-Response-Suppress: DR, RN, NRN", ()),
        ("Precedence: bulk", (Code.CLASS_AUTO_REPLY,)),
        ("Precedence: auto_reply", (Code.CLASS_AUTO_REPLY,)),
        ("Precedence: first-class", ()),
        ("X-Autoreply: yes", (Code.CLASS_AUTO_REPLY,)),
        ("X-Loop: x", (Code.CLASS_AUTO_REPLY,)),
        ("List-Id: <team.lists.example>", (Code.CLASS_LIST,)),
        ("List-Post: <mailto:team@lists.example>", (Code.CLASS_LIST,)),
        ("Precedence: list", (Code.CLASS_LIST,)),
        ("List-Unsubscribe: <mailto:x@y.example>", ()),
        ("Content-Type: text/calendar", (Code.CLASS_CALENDAR,)),
    ],
)
def test_R28_the_class_of_a_mail(field: str, expected: tuple[Code, ...]):
    assert classes(field) == expected


def test_R28_a_list_mail_with_bulk_precedence_is_a_list_mail():
    assert classes("List-Id: <x.y>", "Precedence: bulk") == (Code.CLASS_LIST,)


def test_R28_an_automatic_reply_with_an_empty_return_path_is_no_bounce():
    assert classes("Return-Path: <>", "Auto-Submitted: auto-replied") == (Code.CLASS_AUTO_REPLY,)


def test_R28_a_calendar_part_anywhere_counts():
    field, body = multipart(
        ("Content-Type: text/plain", "hi"), ("Content-Type: text/calendar; method=REQUEST", "BEGIN:")
    )
    assert classes(field, body=body) == (Code.CLASS_CALENDAR,)


def planned(*fields: str, options: dict[str, object] | None = None, **given: object) -> Plan:
    policy = evolve(HUBSPOT_2023_09, **(options or {}))
    contacts = [("info@customer.example", Contact(id="c1")), ("no-reply@customer.example", Contact(id="c2"))]
    return plan(
        mail(*fields, **given), account=account(policy=policy), directory=directory(contacts=contacts), recipient=BCC
    )  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("field", "option", "refusal"),
    [
        ("Return-Path: <>", "bounces", Code.REFUSE_NOT_PERSON_BOUNCE),
        ("Auto-Submitted: auto-replied", "auto_replies", Code.REFUSE_NOT_PERSON_AUTO_REPLY),
        ("List-Id: <x.y>", "lists", Code.REFUSE_NOT_PERSON_LIST),
        ("Content-Type: text/calendar", "calendar", Code.REFUSE_NOT_PERSON_CALENDAR),
    ],
)
def test_R28_each_class_has_its_option(field: str, option: str, refusal: Code):
    found = planned(field, options={option: Handling.SKIP})
    assert (found.code, found.body, found.created) == (refusal, None, ())
    assert [c.code for c in planned(field, options={option: Handling.LOG}).contacts] == [Code.CONTACT_SKIP_CREATE_OFF]
    assert [c.email for c in planned(field, options={option: Handling.CREATE}).created] == [KIM]


@pytest.mark.parametrize("local", ["info", "Sales", "postmaster", "support+crm", "webmaster", "abuse"])
def test_T32_role_addresses_are_logged_and_never_created(local: str):
    found = planned(to=f"{local}@other.example")
    assert [c.code for c in found.contacts] == [Code.CONTACT_SKIP_CREATE_OFF]
    found = planned(to=f"{local}@other.example", options={"role_addresses": Handling.SKIP})
    assert [c.code for c in found.contacts] == [Code.CONTACT_SKIP_ROLE]


def test_T32_a_role_address_that_has_a_contact_is_logged():
    assert [c.code for c in planned(to="info@customer.example").contacts] == [Code.CONTACT_LINK_RECIPIENT]


@pytest.mark.parametrize(
    "local",
    [
        "no-reply",
        "noreply",
        "NoReply+x",
        "do_not_reply",
        "donotreply",
        "no.reply",
        "calendar-noreply",
        "noreply-7f3a",
        "mailer-daemon",
        "bounce",
        "bounces",
        "bounce-123",
        "bounces+kim=customer.example",
        "bounce+sales-4",
    ],
)
def test_T32_machines_are_no_people(local: str):
    assert [c.code for c in planned(to=f"{local}@other.example").contacts] == [Code.CONTACT_SKIP_NO_REPLY]


@pytest.mark.parametrize(
    "local",
    [
        "norepl",
        "anoreplyson",
        "informatics",
        "salesman",
        "info-kim",
        "bounce.house",
        "bouncer",
        "noreplyson",
        "re.ply.no",
    ],
)
def test_T32_what_only_holds_such_a_word_is_a_person(local: str):
    assert [c.email for c in planned(to=f"{local}@other.example").created] == [f"{local}@other.example"]


def test_R28_the_address_of_the_list_is_no_person():
    found = planned(
        "List-Post: <mailto:team@lists.example?subject=x>", to=f"Team@lists.example, {KIM}", options={"lists": "create"}
    )
    assert [c.code for c in found.contacts] == [Code.CONTACT_SKIP_LIST, Code.CONTACT_CREATE_RECIPIENT]


@pytest.mark.parametrize(
    "field", ["Auto-Submitted: auto-replied", "Precedence: bulk", "Return-Path: <>", "X-Loop: x", "List-Id: <x.y>"]
)
@pytest.mark.parametrize("handling", [Handling.SKIP, Handling.LOG, Handling.CREATE])
def test_T50_no_notice_goes_to_automatic_mail(field: str, handling: Handling):
    options = {"bounces": handling, "auto_replies": handling, "lists": handling, "max_attachment_bytes": 1}
    kind, body = multipart(("Content-Type: text/plain", "hi"), ("Content-Type: application/pdf; name=a.pdf", "12345"))
    assert planned(field, kind, body=body, options=options).notices == ()


@pytest.mark.parametrize("value", ["1", "", "refused"])
def test_T50_an_own_notice_that_comes_back_is_a_loop(value: str):
    found = planned(f"X-Bcclog-Notice: {value}")
    assert (found.code, found.notices) == (Code.REFUSE_LOOP, ())


def test_T13_a_mail_that_passed_too_many_servers_is_a_loop():
    assert planned(*["Received: from a by b; x"] * 100).code is Code.LOG_BCC
    assert planned(*["received: from a by b; x"] * 101).code is Code.REFUSE_LOOP


def test_T51_a_forged_bounce_changes_nobody():
    inner = "From: Rosa Rep <rosa@ourco.example>\r\nTo: info@customer.example\r\n\r\nhello"
    field, body = multipart(
        ("Content-Type: text/plain", "failed"), ("Content-Type: message/rfc822", inner), subtype="report"
    )
    found = planned(field, body=body, from_="MAILER-DAEMON@attacker.example")
    assert (found.code, found.contacts, found.associations) == (Code.REFUSE_NOT_PERSON_BOUNCE, (), ())


def test_T49_fields_of_an_attached_message_make_no_class():
    inner = "Auto-Submitted: auto-replied\r\nList-Id: <x.y>\r\nFrom: x@y.example\r\n\r\nhello"
    assert classes("Content-Type: message/rfc822", body=inner) == ()


def test_R28_a_calendar_file_attached_to_a_mail_makes_it_no_calendar_mail() -> None:
    field, body = multipart(
        ("Content-Type: text/plain", "The booking."),
        (
            "Content-Type: text/calendar; name=booking.ics\nContent-Disposition: attachment; filename=booking.ics",
            "BEGIN:",
        ),
    )
    assert classes(field, body=body) == ()
