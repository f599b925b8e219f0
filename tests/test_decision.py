"""The decision core, whole plans and its finest cases: what mutants of it survived without (docs/mutation-testing.md)."""

import hmac
from datetime import datetime
from typing import Any

import bcclog_fixtures
import pytest
from attrs import evolve

from bcclog import (
    HUBSPOT_2023_09,
    PERMISSIVE,
    Code,
    Company,
    Connected,
    Contact,
    ContactActionKind,
    Limits,
    MemoryDirectory,
    NeverLog,
    PolicyError,
    TeamAddress,
    TrustGrant,
    User,
    decide,
    plan,
    read,
)
from bcclog._decide.contacts import has_holdings, is_drop, people, shown
from bcclog._decide.keys import KEY_HEAD, duplicate_keys, letters_of
from bcclog.account import Holding
from bcclog.address import EmailAddress, NormalEmail
from bcclog.reading import NO_EVIDENCE, Role
from builders import BCC, KIM, LOG, ROSA, account, directory, forward, mail, multipart

MX = "mx.ourco.example"
ROSA_SHOWN = {"name": "Rosa Rep", "email": ROSA}
CREDITED = {"user": "u1", "rule": "R20", "code": "attribution.connected", "candidates": []}


def told(raw: bytes, recipient: str = BCC, *, users: Any = None, contacts: Any = (), **given: Any) -> dict[str, Any]:
    found = plan(
        raw, account=account(**given), directory=directory(users=users, contacts=contacts), recipient=recipient
    )
    return found.to_dict()


def codes(found: dict[str, Any], of: str = "contacts") -> list[str]:
    return [one["code"] for one in found[of]]


def reason(found: dict[str, Any], code: Code) -> dict[str, Any]:
    return next(one for one in found["trace"] if one["code"] == code.value)


def test_the_plan_of_a_log_says_all_of_it() -> None:
    contact = Contact(id="c1", company="co1", primary_company="co0", open_deals=("d1",))
    found = told(
        mail("Received: from a by b; Mon, 02 Mar 2026 09:16:00 +0100", "Cc: Ann <ann@b.example>"),
        contacts=[(KIM, contact)],
        never_log=["b.example"],
        digest_key=b"k",
    )
    assert (found["outcome"], found["code"], found["policy"]) == ("log", "log.bcc", "HUBSPOT_2023_09")
    assert (found["route"], found["direction"], found["sender"]) == ("bcc", "outgoing", ROSA_SHOWN)
    assert (found["subject"], found["sent_at"]) == ("Offer", "2026-03-02T09:15:00+01:00")
    assert found["times"] == {
        "header": "2026-03-02T09:15:00+01:00", "block": None, "received": "2026-03-02T09:16:00+01:00", "code": "time.header",
    }  # fmt: skip
    assert found["attribution"] == CREDITED
    assert found["associations"] == [
        {"kind": "contact", "id": "c1", "email": KIM, "code": "association.contact"},
        {"kind": "company", "id": "co1", "email": KIM, "code": "association.company"},
        {"kind": "deal", "id": "d1", "email": KIM, "code": "association.deal"},
    ]
    digest = hmac.new(b"k", b"ann@b.example", "sha256").hexdigest()
    assert found["contacts"][1] == {
        "email": None, "name": None, "action": "skip", "code": "contact.skip.never_log_domain", "contact": None, "digest": digest,
    }  # fmt: skip
    credit = reason(found, Code.ATTRIBUTION_CONNECTED)
    assert (credit["about"], [one["where"] for one in credit["evidence"]]) == ("u1", ["directory"])


def test_the_plan_of_a_refusal_keeps_what_it_says_of_the_mail_and_nothing_of_its_content() -> None:
    found = told(forward(html=False), LOG)
    assert (found["outcome"], found["code"]) == ("refuse", "refuse.forward.html_missing")
    assert (found["policy"], found["sender"], found["subject"]) == ("HUBSPOT_2023_09", ROSA_SHOWN, "Fwd: Re: Offer")
    assert found["times"]["header"] == found["sent_at"] == "2026-03-02T09:15:00+01:00"
    assert found["attribution"] == CREDITED
    assert found["notices"] == [{"to": ROSA, "code": "notice.refused", "about": "refuse.forward.html_missing"}]


def test_a_mail_without_a_sender_is_told_of_with_nothing() -> None:
    found = told(mail(from_=None))
    assert (found["sender"], found["subject"], found["sent_at"]) == (None, None, None)
    assert found["attribution"] == {"user": None, "rule": "R25", "code": "attribution.unattributed", "candidates": []}


def test_R30_the_times_of_a_forward_are_all_kept() -> None:
    received = "Received: from a by b; Mon, 02 Mar 2026 10:16:00 +0100"
    found = told(forward(received), LOG)
    assert found["times"] == {
        "header": "2026-03-02T09:15:00+01:00", "block": "2026-03-02T09:15:00", "received": "2026-03-02T10:16:00+01:00", "code": "time.block",
    }  # fmt: skip
    late = told(mail(received, date=None))
    assert (late["times"]["received"], late["times"]["code"]) == ("2026-03-02T10:16:00+01:00", "time.received")


def test_R20_what_an_untrusted_sender_would_have_been_credited_by_is_said() -> None:
    grants = {"aligned": TrustGrant(), "unaligned": TrustGrant(attribute=False), "absent": TrustGrant()}
    raw = mail(f"Authentication-Results: {MX}; dmarc=fail header.from=ourco.example")
    found = told(raw, authserv_ids=[MX], policy=evolve(HUBSPOT_2023_09, trust=grants))
    assert reason(found, Code.ATTRIBUTION_UNTRUSTED)["lost"] == [{"what": "u1", "code": "attribution.connected"}]


def test_R24_R25_decide_asks_the_ladder_with_the_route_and_the_options() -> None:
    team = MemoryDirectory.of(
        [User(id="u1", address=ROSA), User(id="u2", connected=[Connected(address=ROSA)])],
        team_addresses=[TeamAddress(address=ROSA, first_connected_by="u1")],
    )
    found = plan(mail(), account=account(), directory=team, recipient=BCC)
    assert (found.attribution.code, found.attribution.user) == (Code.ATTRIBUTION_TEAM, "u1")
    gone = [User(id="u1", address=ROSA, is_active=False)]
    for credit, user in ((True, "u1"), (False, None)):
        policy = evolve(HUBSPOT_2023_09, credit_deactivated=credit)
        assert told(mail(), users=gone, policy=policy)["attribution"]["user"] == user


def test_the_body_of_a_log_is_that_of_the_message_that_is_logged() -> None:
    found = plan(mail(body="Hello\r\n"), account=account(), directory=directory(), recipient=BCC)
    assert found.body is not None
    assert (found.body.of, found.body.text, found.body.html) == ("message", "Hello\n", None)
    html = mail("Content-Type: text/html", body="<b>Hello</b>\r\n")
    found = plan(html, account=account(), directory=directory(), recipient=BCC)
    assert found.body is not None
    assert (found.body.text, found.body.html) == (None, "<b>Hello</b>\n")
    found = plan(forward(), account=account(), directory=directory(), recipient=LOG)
    assert found.body is not None
    assert (found.body.of, "suits us well" in (found.body.text or ""), "suits us well" in (found.body.html or "")) == (
        "original",
        True,
        True,
    )


# --- what is said beside the decision ---------------------------------------------------------------------------------


def warned(found: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The warnings, each with the places of its evidence."""
    return [
        (one["code"], one["about"], *((at["where"], at["field"], at["part"], at["span"]) for at in one["evidence"]))
        for one in found["warnings"]
    ]


def at(raw: bytes, name: str) -> tuple[str, str, None, list[int]]:
    """Where the body of a field stands, as evidence."""
    start = raw.index(f"{name}:".encode()) + len(name) + 1
    return "header", name.lower(), None, [start, raw.index(b"\r\n", start)]


def test_R30_T24_T80_what_is_odd_in_subject_and_date_is_said_with_its_place() -> None:
    raw = mail(subject="Of\u202efer", date="Mon, 99 Mar 2026")
    assert warned(told(raw)) == [
        ("warn.text.bidi", None, at(raw, "Subject")),
        ("warn.date.invalid", None, at(raw, "Date")),
        ("time.none", None),
    ]
    assert told(raw)["subject"] == "Offer"
    assert warned(told(mail())) == []


def test_T24_a_refusal_says_of_the_subject_where_it_stands_in_the_mail() -> None:
    raw = b"From rosa@ourco.example Mon Mar  2 09:15:00 2026\n" + mail(
        "Received: from a by b; Mon, 02 Mar 2026 09:16:00 +0100", subject="Of\u202efer"
    )
    found = told(raw, LOG)
    assert (found["code"], found["subject"]) == ("refuse.forward.no_header_block", "Offer")
    assert warned(found) == [("warn.text.bidi", None, at(raw, "Subject"))]
    assert found["times"]["received"] == "2026-03-02T09:16:00+01:00"


def test_the_limits_of_the_account_hold_for_what_a_refusal_shows() -> None:
    words = "=?utf-8?q?O?= =?utf-8?q?f?= =?utf-8?q?f?="
    for most, subject in ((1_000, "Off"), (2, words)):
        policy = evolve(HUBSPOT_2023_09, limits=Limits(max_encoded_words=most))
        assert told(mail(subject=words), LOG, policy=policy)["subject"] == subject


def test_R17_of_a_mail_with_nobody_left_its_two_times_are_kept() -> None:
    received = "Received: from a by b; Mon, 02 Mar 2026 09:16:00 +0100"
    found = told(mail(received), never_log=[KIM])
    assert (found["code"], found["subject"]) == ("refuse.nobody_to_log", None)
    assert found["times"] == {
        "header": "2026-03-02T09:15:00+01:00", "block": None, "received": "2026-03-02T09:16:00+01:00", "code": "time.header",
    }  # fmt: skip
    policy = evolve(HUBSPOT_2023_09, limits=Limits(max_encoded_words=1))
    words = "=?utf-8?q?Mon,?= =?utf-8?q?_02_Mar_2026_09=3A15=3A00_+0100?="
    for given, header in (({}, "2026-03-02T09:15:00+01:00"), ({"policy": policy}, None)):
        found = told(mail(f"Received: from a by b; {words}", date=words), never_log=[KIM], **given)
        assert (found["times"]["header"], found["times"]["received"]) == (header, header)


def test_R30_a_forward_without_a_date_has_the_time_of_its_header() -> None:
    block = "---------- Forwarded message ---------\r\nFrom: Kim <kim@customer.example>\r\nSubject: x\r\nTo: Rosa <rosa@ourco.example>\r\n"
    found = told(forward(block=block), LOG, policy=PERMISSIVE)
    assert (found["outcome"], found["times"]["code"], found["sent_at"]) == (
        "log",
        "time.header",
        "2026-03-02T09:15:00+01:00",
    )


def test_T70_T77_what_is_odd_of_a_file_is_said_with_its_part() -> None:
    many = "; ".join(f"a{number}=1" for number in range(120))
    field, body = multipart(
        ("Content-Type: text/plain", "x"),
        ("Content-Type: application/ms-tnef; name=a.bin; name*9*=x; x", "y"),
        ("Content-Type: application/octet-stream; name=WINMAIL.dat", "y"),
        (f"Content-Type: application/pdf; name=a.pdf; {many}", "y"),
        ("Content-Type: application/pdf; name=b.pdf", "y"),
    )
    assert warned(told(mail(field, body=body))) == [
        ("warn.param", None, ("attachment", None, 2, None)),
        ("warn.tnef", None, ("attachment", None, 2, None)),
        ("warn.tnef", None, ("attachment", None, 3, None)),
        ("warn.param", None, ("attachment", None, 4, None)),
    ]
    for kind in ("application/ms-tnef", "application/vnd.ms-tnef"):
        assert warned(told(mail(f"Content-Type: {kind}"))) == [("warn.tnef", None, ("attachment", None, 0, None))]


def test_R29_the_keys_are_those_of_the_message_that_is_logged() -> None:
    raw = mail()
    assert (
        told(raw)["keys"]
        == duplicate_keys(
            author=NormalEmail(ROSA),
            message_id="m1@ourco.example",
            sent_at=datetime.fromisoformat("2026-03-02T09:15:00+01:00"),
            subject="Offer",
            letters="hellokimhereistheoffer",
        ).to_dict()
    )
    inner = mail(from_="Kim@customer.example", to=ROSA, message_id="<k1@customer.example>", subject="Re: Offer")
    field, body = multipart(("Content-Type: text/plain", "note"), ("Content-Type: message/rfc822", inner))
    assert (
        told(mail(field, subject="Fwd: Re: Offer", to=LOG, body=body), LOG)["keys"]
        == duplicate_keys(
            author=NormalEmail(KIM),
            message_id="k1@customer.example",
            sent_at=datetime.fromisoformat("2026-03-02T09:15:00+01:00"),
            subject="Re: Offer",
            letters="hellokimhereistheoffer",
        ).to_dict()
    )
    for text in ("Thank you, that suits us well.\r\n", "x" * 3_000, ""):
        assert (
            told(forward(text=text), LOG)["keys"]
            == duplicate_keys(
                author=NormalEmail(KIM),
                message_id=None,
                sent_at=datetime.fromisoformat("2026-03-02T09:15:00"),
                subject="Re: Offer",
                letters=letters_of(text[:KEY_HEAD]),
            ).to_dict()
        )


LISTED_MAIL = (
    ("List-Post: <mailto:kayak@lists.example>", True),
    ("List-Post: <mailto:Kayak@Lists.example?subject=x>", True),
    ("List-Post: caf\u00e9 <MAILTO:kayak@lists.example> (x)", True),
    ("List-Post: <mailto:kayak@lists.example> <x>, <mailto:other@lists.example>", True),
    ("List-Post: NO", False),
    ("List-Post: <mailto:>", False),
    ("List-Post: mailto:kayak@lists.example", False),
    ("List-Id: <kayak@lists.example>", False),
)


@pytest.mark.parametrize(("field", "is_list"), LISTED_MAIL)
def test_T49_the_list_of_the_mail_and_that_of_the_message_inside_are_nobody(field: str, is_list: bool) -> None:
    policy = evolve(PERMISSIVE, lists="create", log_copied=True)
    contacts = [("kayak@lists.example", Contact(id="c1"))]
    found = told(mail(field, to=f"kayak@lists.example, {KIM}"), policy=policy, contacts=contacts)
    assert codes(found) == ["contact.skip.list" if is_list else "contact.link.recipient", "contact.create.recipient"]
    inner = mail(field, from_=KIM, to=f"kayak@lists.example, {ROSA}")
    for outer in ((), ("List-Post: <mailto:other@lists.example>",)):
        kind, body = multipart(("Content-Type: text/plain", "note"), ("Content-Type: message/rfc822", inner))
        raw = mail(kind, *outer, to=LOG, subject="Fwd: Offer", body=body)
        found = told(raw, LOG, policy=policy, contacts=contacts)
        assert codes(found)[:2] == [
            "contact.create.author",
            "contact.skip.list" if is_list else "contact.link.copied",
        ]


def test_wrong_types_are_refused_with_a_sentence() -> None:
    with pytest.raises(TypeError, match=r"^reading is what bcclog\.read gives, not bytes$"):
        decide(b"", directory=directory())  # type: ignore[arg-type]
    for lacks in ("holdings", "contact"):
        half = type("Half", (), {name: lambda *_: () for name in ("holdings", "contact") if name != lacks})()
        with pytest.raises(TypeError, match=f"needs a method {lacks}"):
            plan(mail(), account=account(), directory=half, recipient=BCC)


def test_of_a_mail_without_a_sender_nobody_is_looked_up() -> None:
    def never() -> None:
        raise AssertionError

    raw = mail(from_=None)
    assert read(raw, account=account(), recipient=BCC).lookups == ()
    assert plan(raw, account=account(), directory=Answering(never), recipient=BCC).attribution.user is None


def test_R17_the_senders_name_shows_no_listed_address_either() -> None:
    for name, shown_name in (("Rosa", "Rosa"), ('"for kim@customer.example"', None)):
        found = told(mail(from_=f"{name} <{ROSA}>", to="ann@b.example"), never_log=[KIM])
        assert found["sender"] == {"name": shown_name, "email": ROSA}
    found = told(mail(from_=f'"for {KIM}" <{ROSA}>', to="ann@b.example"))
    assert found["sender"] == {"name": f"for {KIM}", "email": ROSA}


def test_the_trace_of_a_refusal_ends_with_it() -> None:
    assert [one["code"] for one in told(mail(to=ROSA))["trace"]][-2:] == ["contact.skip.user", "refuse.nobody_to_log"]
    assert [one["code"] for one in told(forward(html=False), LOG)["trace"]].count("refuse.nobody_to_log") == 0


def test_R27_R28_trust_and_classes_are_told_of_logs_and_refusals() -> None:
    fields = (f"Authentication-Results: {MX}; dmarc=pass header.from=ourco.example", "List-Id: <x.lists.example>")
    policy = evolve(HUBSPOT_2023_09, lists="create")
    for to, outcome in ((KIM, "log"), (ROSA, "refuse")):
        found = told(mail(*fields, to=to), authserv_ids=[MX], policy=policy)
        assert found["outcome"] == outcome
        assert found["trust"] == {"verdict": "aligned", "basis": "dmarc", "code": "trust.aligned"}
        assert found["classes"] == ["class.list"]


def test_R16_the_list_of_a_user_who_is_not_credited_keeps_nobody_out() -> None:
    listing = [KIM]
    one = User(id="u1", address=ROSA, connected=[Connected(address=ROSA)])
    other = User(id="u2", aliases=[ROSA], never_log=listing)
    assert codes(told(mail(), users=[one, other])) == ["contact.create.recipient"]
    assert codes(told(mail(), users=[evolve(one, never_log=listing), evolve(other, never_log=[])])) == [
        "contact.skip.never_log_address"
    ]
    shared = [User(id="u1", address=ROSA), User(id="u2", address=ROSA, never_log=listing)]
    assert codes(told(mail(), users=shared)) == ["contact.skip.never_log_address"]


def test_R29_a_message_of_html_alone_has_letters() -> None:
    inner = mail("Content-Type: text/html", from_=KIM, body="<p>Hello</p>\r\n")
    kind, body = multipart(("Content-Type: message/rfc822", inner))
    keys = told(mail(kind, to=LOG, subject="Fwd: Offer", body=body), LOG)["keys"]
    assert (
        keys
        == duplicate_keys(
            author=NormalEmail(KIM),
            message_id="m1@ourco.example",
            sent_at=datetime.fromisoformat("2026-03-02T09:15:00+01:00"),
            subject="Offer",
            letters="hello",
        ).to_dict()
    )


# --- forwards against the policy ------------------------------------------------------------------------------------


def test_R10_a_client_that_is_not_accepted_lends_its_language_to_nobody() -> None:
    for clients, locales, code in (
        (None, {"en"}, "log.forward"),
        ({"gmail-web"}, {"en"}, "log.forward"),
        (None, {"de"}, "refuse.forward.language"),
        (None, {"en-GB"}, "refuse.forward.language"),
        ({"mutt"}, {"en"}, "refuse.forward.client"),
    ):
        policy = evolve(HUBSPOT_2023_09, clients=clients and frozenset(clients), locales=frozenset(locales))
        assert told(forward(), LOG, policy=policy)["code"] == code


@pytest.mark.parametrize(("accepted", "outcome"), [("de", "log"), ("de-DE", "log"), ("de-CH", "refuse"), ("d", None)])
def test_R10_an_accepted_language_covers_its_regions_and_no_other(accepted: str, outcome: str | None) -> None:
    raw = bcclog_fixtures.case("forward/roundcube/de-DE/html-comma-name").raw
    policy = evolve(HUBSPOT_2023_09, locales={accepted})
    if outcome is None:
        with pytest.raises(PolicyError):
            account(policy=policy)
    else:
        assert told(raw, LOG, policy=policy)["outcome"] == outcome


def test_R14_T19_an_own_author_with_an_at_sign_in_quotes_is_own() -> None:
    block = (
        '---------- Forwarded message ---------\r\nFrom: "s@m"@ourco.example\r\nDate: Mon, Mar 2, 2026 at 9:15 AM\r\n'
        "Subject: Re: Offer\r\nTo: Kim <kim@customer.example>\r\n"
    )
    inner = mail(from_='"s@m"@ourco.example')
    kind, body = multipart(("Content-Type: message/rfc822", inner))
    assert told(mail(kind, to=LOG, subject="Fwd: Offer", body=body), LOG)["code"] == "log.forward_sent"
    assert told(forward(block=block), LOG)["code"] == "log.forward_sent"


def test_R14_only_those_copied_on_an_own_mail_become_its_recipients() -> None:
    block = (
        "---------- Forwarded message ---------\r\nFrom: Sam <sam@ourco.example>\r\nDate: Mon, Mar 2, 2026 at 9:15 AM\r\n"
        "Subject: Re: Offer\r\nTo: Kim <kim@customer.example>\r\n"
    )
    found = told(forward(block=block), LOG)
    assert (found["code"], codes(found)) == (
        "log.forward_sent",
        ["contact.skip.own_domain", "contact.create.recipient"],
    )
    allowed = evolve(HUBSPOT_2023_09, own_domains="create")
    created = told(forward(block=block), LOG, policy=allowed)["contacts"]
    assert [one["code"] for one in created] == ["contact.create.author", "contact.create.recipient"]
    found = told(forward(block=block), LOG)
    assert (found["subject"], found["times"]["code"]) == ("Re: Offer", "time.block")


# --- people ---------------------------------------------------------------------------------------------------------


def test_T38_dots_in_a_gmail_address_are_no_sign_of_the_user_himself() -> None:
    """The drop address and the sender are met by tags, and by nothing wider."""
    users = [User(id="u1", address="rosa.rep@gmail.com")]
    raw = mail(from_="rosa.rep@gmail.com", to="rosarep+x@gmail.com, rosa.rep+x@gmail.com")
    assert codes(told(raw, users=users)) == ["contact.create.recipient", "contact.skip.user"]


def test_a_tag_alone_makes_nobody_a_user() -> None:
    found = told(mail(to="kim+crm@customer.example, rosa+crm@ourco.example"))
    assert codes(found) == ["contact.create.recipient", "contact.skip.user"]


@pytest.mark.parametrize("sender", [ROSA, '"ro@sa"@ourco.example'])
def test_T19_T23_an_at_sign_in_a_quoted_local_part_moves_no_domain(sender: str) -> None:
    users = [User(id="u1", address=sender)]
    found = told(
        mail(
            from_=sender,
            to="Kim <kim@0urco.example>, Jo <jo@ourco.example>, '\"j@o\"@customer.example'".replace("'", ""),
        ),
        users=users,
        domains=[],
    )
    assert found["attribution"]["user"] == "u1"
    assert codes(found) == ["contact.skip.lookalike", "contact.create.recipient", "contact.create.recipient"]


def test_T23_the_domain_of_a_stranger_is_not_protected() -> None:
    raw = mail(from_="ann@c1ient.example", to="kim@client.example")
    assert codes(told(raw, policy=PERMISSIVE)) == ["contact.skip.unattributed"]
    policy = evolve(PERMISSIVE, unknown_sender_may_create=True)
    assert codes(told(raw, policy=policy)) == ["contact.create.recipient"]
    users = [User(id="u1", address="ann@c1ient.example")]
    assert codes(told(raw, policy=policy, users=users)) == ["contact.skip.lookalike"]


def test_T23_what_is_below_an_own_domain_imitates_nothing() -> None:
    found = told(mail(to="kim@a.ourco.example"), policy=evolve(HUBSPOT_2023_09, own_domains="create"))
    assert codes(found) == ["contact.create.recipient"]


def test_an_own_drop_address_is_skipped_with_its_code() -> None:
    assert codes(told(mail(to=f"{BCC}, x@bcc.hubspot.com, {KIM}"))) == [
        "contact.skip.drop_address",
        "contact.skip.other_drop_address",
        "contact.create.recipient",
    ]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("bcc@in.crm.example", True),
        ("bcc+x@in.crm.example", True),
        ("log@in.crm.example", True),
        ("log+x@in.crm.example", True),
        ("in+7@in.crm.example", True),
        ("in+7+x@in.crm.example", False),
        ("in@in.crm.example", False),
        ("kim@in.crm.example", False),
        ("bcc@a.in.crm.example", False),
        ("bcc@customer.example", False),
        ("kim@drop.example", True),
        ("kim@a.drop.example", True),
        ("x@y@drop.example", True),
        ("kim@notdrop.example", False),
        ("drop.example@customer.example", False),
    ],
)
def test_R2_T29_what_is_a_drop_address(address: str, expected: bool) -> None:
    given = account(bcc_addresses=[BCC, "in+7@in.crm.example"], drop_domains=["drop.example"])
    assert is_drop(NormalEmail(address), given) is expected
    written = address if address.count("@") == 1 else '"x@y"@drop.example'
    found = plan(mail(f"Cc: {written}"), account=given, directory=directory(), recipient=BCC)
    assert (found.contacts[1].code is Code.CONTACT_SKIP_DROP_ADDRESS) is expected
    assert (Code.WARN_DROP_ADDRESS_LEAKED in {warning.code for warning in found.warnings}) is expected


def test_R2_an_account_without_drop_domains_has_its_addresses_alone() -> None:
    found = told(mail(f"Cc: bcc+x@in.crm.example, {LOG}, jo@in.crm.example"), drop_domains=[])
    assert codes(found) == [
        "contact.create.recipient",
        "contact.skip.drop_address",
        "contact.skip.drop_address",
        "contact.create.recipient",
    ]


def test_R28_a_list_that_the_mail_came_through_is_skipped_and_nobody_else() -> None:
    raw = mail("List-Post: <mailto:kayak@lists.example>", to=f"kayak@lists.example, {KIM}")
    policy = evolve(HUBSPOT_2023_09, lists="create")
    assert codes(told(raw, policy=policy)) == ["contact.skip.list", "contact.create.recipient"]
    raw = mail(to=f"kayak@lists.example, {KIM}")
    assert codes(told(raw, policy=policy)) == ["contact.create.recipient", "contact.create.recipient"]


class Answering:
    """A directory whose answers are no tuples."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def holdings(self, _: NormalEmail) -> Any:
        return self.answer() if callable(self.answer) else self.answer

    def contact(self, _: NormalEmail) -> None:
        return None


@pytest.mark.parametrize("answer", [(), [], lambda: iter(()), frozenset()])
def test_a_directory_may_say_nobody_in_any_form(answer: Any) -> None:
    assert not has_holdings(Answering(answer), NormalEmail(KIM))
    found = plan(mail(), account=account(), directory=Answering(answer), recipient=BCC)
    assert (found.attribution.user, found.attribution.candidates) == (None, ())
    assert [one.code for one in found.contacts] == [Code.CONTACT_SKIP_UNATTRIBUTED]


@pytest.mark.parametrize("form", [tuple, list, iter])
def test_a_directory_may_answer_in_any_form(form: Any) -> None:
    held = Holding(user="u1", kind="connected")
    found = plan(mail(), account=account(), directory=Answering(lambda: form([held])), recipient=BCC)
    assert found.attribution.user == "u1"
    assert has_holdings(Answering(lambda: form([held])), NormalEmail(KIM))


def test_people_are_told_apart_by_address_and_without_one_by_name() -> None:
    written = [
        EmailAddress(None, "bad@@x"),
        EmailAddress("Kim", "bad@@x"),
        EmailAddress("Jo", "bad@@x"),
        EmailAddress("Kim", "bad@@y"),
        EmailAddress("bad@@x", None),
        EmailAddress("Kim", None),
        EmailAddress("Kim", None),
        EmailAddress(None, None),
        EmailAddress("", KIM),
        EmailAddress("Kim", KIM.upper()),
        EmailAddress("K.", KIM),
    ]
    found = people([(Role.RECIPIENT, written, NO_EVIDENCE), (Role.BCC, written, NO_EVIDENCE)])
    assert [(one.address.name, one.address.email, one.normal, one.has_address) for one in found] == [
        ("Kim", "bad@@x", None, True),
        ("Kim", "bad@@y", None, True),
        ("bad@@x", None, None, False),
        ("Kim", None, None, False),
        (None, None, None, False),
        ("Kim", KIM, KIM, True),
    ]
    assert {one.role for one in found} == {Role.RECIPIENT}


@pytest.mark.parametrize(
    ("option", "email", "entry"),
    [
        ("never_log_plus_tags", "kim+crm@customer.example", KIM),
        ("never_log_gmail_dots", "k.im@gmail.com", "kim@gmail.com"),
        ("never_log_subdomains", "kim@a.customer.example", "customer.example"),
    ],
)
def test_R16_each_option_of_never_log_is_the_policys(option: str, email: str, entry: str) -> None:
    for on, code in ((True, "contact.skip.never_log"), (False, "contact.create.recipient")):
        policy = evolve(HUBSPOT_2023_09, **{option: on})
        assert codes(told(mail(to=email), policy=policy, never_log=[entry]))[0].startswith(code)


@pytest.mark.parametrize("written", ["kim%customer.example@b.example", '"x kim@customer.example y"@b.example'])
def test_T42_an_address_that_holds_a_listed_one_is_listed_by_its_code(written: str) -> None:
    assert codes(told(mail(to=written), never_log=[KIM])) == ["contact.skip.never_log_address"]
    assert codes(told(mail(to=written), never_log=["customer.example"])) == ["contact.skip.never_log_domain"]


LISTS = (NeverLog.of(["zyx@listed.example"]),)


@pytest.mark.parametrize(
    ("name", "email", "expected"),
    [
        ("Kim", KIM, ("Kim", KIM)),
        ("zyx@listed.example", KIM, (None, KIM)),
        ("Kim, zyx@listed.example.", KIM, (None, KIM)),
        ("-zyx@listed.example-", KIM, (None, KIM)),
        ("-zyx@listed.example", KIM, (None, KIM)),
        ("..zyx@listed.example", KIM, (None, KIM)),
        ("Xzyx@listed.example", KIM, ("Xzyx@listed.example", KIM)),
        (None, KIM, (None, KIM)),
        ("zyx\u200b@listed.example", KIM, (None, KIM)),
        ("z*y*x@listed.example", KIM, (None, KIM)),
        ("jo@b.example", KIM, ("jo@b.example", KIM)),
        ("zyx@listed.example/x", KIM, (None, KIM)),
        ("-z*yx@listed.example", KIM, (None, KIM)),
        ("x|-zyx@listed.example", KIM, (None, KIM)),
        ("to=zyx@listed.example", KIM, (None, KIM)),
        ("x|zyx@listed.example|y", KIM, (None, KIM)),
        ("zyx\uff20listed.example", KIM, (None, KIM)),
        ("zyx\ufe6blisted.example", KIM, (None, KIM)),
        ("zyx%40listed.example", KIM, (None, KIM)),
        ("zyx=40listed.example", KIM, (None, KIM)),
        ("jo@b.example/x", KIM, ("jo@b.example/x", KIM)),
        ("jo@", KIM, (None, KIM)),
        ("Kim", "kim@localhost", (None, None)),
        ("Kim", "k im@b.example", ("Kim", "k im@b.example")),
        ("Kim", "zy x@listed.example", (None, None)),
        ("Kim", "zyx@listed.example/x", (None, None)),
        ("Kim", "jo@b.example/x", ("Kim", "jo@b.example/x")),
        (None, "z\u200byx@listed.example", (None, None)),
    ],
)
def test_R17_T41_a_plan_shows_no_listed_address_in_any_dress(
    name: str | None, email: str, expected: tuple[str | None, str | None]
) -> None:
    found = shown(EmailAddress(name, email), LISTS, HUBSPOT_2023_09)
    assert (found.name, found.email) == expected


# --- associations ---------------------------------------------------------------------------------------------------


def test_R5_each_contact_links_its_own_records_and_the_first_wins_a_shared_one() -> None:
    contacts = [
        ("a@b.example", Contact(id="c1", company="co1", primary_company="co0", open_deals=("d1", "d2"))),
        ("c@b.example", Contact(id="c2")),
        ("e@b.example", Contact(id="c3", company="co1", open_deals=("d2", "d3"))),
    ]
    raw = mail(to="new@b.example, info@b.example, a@b.example, c@b.example, other@c.example, e@b.example")
    found = told(raw, contacts=contacts, policy=evolve(HUBSPOT_2023_09, role_addresses="skip"))
    assert [(one["kind"], one["id"], one["email"]) for one in found["associations"]] == [
        ("contact", None, "new@b.example"),
        ("contact", "c1", "a@b.example"),
        ("company", "co1", "a@b.example"),
        ("deal", "d1", "a@b.example"),
        ("deal", "d2", "a@b.example"),
        ("contact", "c2", "c@b.example"),
        ("contact", None, "other@c.example"),
        ("contact", "c3", "e@b.example"),
        ("deal", "d3", "e@b.example"),
    ]
    assert "association.company" in codes(found, "associations")
    primary = told(raw, contacts=contacts, policy=evolve(HUBSPOT_2023_09, company=Company.PRIMARY))
    assert [(one["id"], one["code"]) for one in primary["associations"] if one["kind"] == "company"] == [
        ("co0", "association.primary_company"),
        ("co1", "association.primary_company"),
    ]


def test_R11_who_is_copied_and_exists_is_linked_by_option_and_never_created() -> None:
    block = (
        "---------- Forwarded message ---------\r\nFrom: Kim <kim@customer.example>\r\nDate: Mon, Mar 2, 2026 at 9:15 AM\r\n"
        "Subject: x\r\nTo: Jo <jo@b.example>, Ann <ann@b.example>\r\n"
    )
    found = plan(
        forward(block=block),
        account=account(policy=evolve(PERMISSIVE, log_copied=True)),
        directory=directory(contacts=[("jo@b.example", Contact(id="c1"))]),
        recipient=LOG,
    )
    assert [(one.email, one.action) for one in found.contacts] == [
        (KIM, ContactActionKind.CREATE),
        ("jo@b.example", ContactActionKind.LINK),
        ("ann@b.example", ContactActionKind.SKIP),
    ]


@pytest.mark.parametrize(
    "author",
    ["", f"From: {'K' * 10_000} <kim@customer.example>\r\n", "Fr\u043em: Kim <kim@customer.example>\r\n", "From: Kim\r\n", "From:\r\n"],
    ids=["none", "too long", "mixed scripts", "a name", "empty"],
)  # fmt: skip
def test_T63_T64_who_the_mail_went_to_never_becomes_its_author(author: str) -> None:
    text = (
        f"---------- Forwarded message ---------\r\n{author}Date: Mon, Mar 2, 2026 at 9:15 AM\r\nSubject: x\r\n"
        "To: Jo <jo@b.example>\r\n\r\nHello\r\n"
    )
    for policy in (PERMISSIVE, HUBSPOT_2023_09):
        found = told(mail(to=LOG, subject="Fwd: x", body=text), LOG, policy=policy)
        assert (found["outcome"], found["contacts"]) == ("refuse", [])


def test_T23_where_no_domain_is_protected_nobody_imitates_one() -> None:
    found = told(
        mail(from_="Ann <ann@b.example>"),
        domains=[],
        policy=evolve(PERMISSIVE, unknown_sender_may_create=True),
        users=[],
    )
    assert codes(found) == ["contact.create.recipient"]


def test_R28_a_stranger_who_writes_to_himself_under_a_tag_is_no_contact() -> None:
    found = told(mail("Cc: ann+notes@b.example", from_="Ann <ann@b.example>"), policy=PERMISSIVE)
    assert codes(found)[1:] == ["contact.skip.sender"]


def test_T19_a_recipient_with_an_at_sign_in_quotes_is_of_the_domain_behind_the_last() -> None:
    found = told(mail('Cc: "a@customer.example"@ourco.example'))
    assert codes(found)[1:] == ["contact.skip.own_domain"]
