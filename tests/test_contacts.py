"""Create, link, skip (R2-R6, R11, R16, R17, R28, T23, T28, T33-T42)."""

import hmac

import pytest
from attrs import evolve

from bcclog import (
    HUBSPOT_2023_09,
    HUBSPOT_2025_12,
    Code,
    Contact,
    Handling,
    Limits,
    MemoryDirectory,
    Outcome,
    Plan,
    User,
    plan,
)
from builders import BCC, BLOCK, KIM, LOG, ROSA, account, directory, forward, mail

CONTACT = Contact(id="contact-1", company="co1", primary_company="co0", open_deals=tuple(f"d{n}" for n in range(1, 8)))
CREATE, LINK = Code.CONTACT_CREATE_RECIPIENT, Code.CONTACT_LINK_RECIPIENT


def planned(
    *fields: str, options: dict[str, object] | None = None, never_log=(), contacts=(), users=None, **given
) -> Plan:
    return plan(
        mail(*fields, **given),
        account=account(policy=evolve(HUBSPOT_2023_09, **(options or {})), never_log=list(never_log)),
        directory=directory(contacts=contacts, users=users),
        recipient=BCC,
    )


def codes(found: Plan) -> list[Code]:
    return [contact.code for contact in found.contacts]


def emails(found: Plan) -> list[str | None]:
    return [contact.email for contact in found.contacts]


def test_R3_every_visible_recipient_is_created_or_linked():
    found = planned("Cc: Ann <ann@b.example>", contacts=[(KIM, CONTACT)])
    assert [(c.email, c.name, c.code, c.contact) for c in found.contacts] == [
        (KIM, "Kim Kaufmann", LINK, "contact-1"),
        ("ann@b.example", "Ann", CREATE, None),
    ]
    assert (found.code, found.direction) == (Code.LOG_BCC, "outgoing")


def test_R4_a_recipient_only_in_bcc_is_neither_created_nor_linked():
    contacts = [("ann@b.example", CONTACT)]
    found = planned("Bcc: ann@b.example, bo@b.example", contacts=contacts)
    assert codes(found) == [CREATE, Code.CONTACT_SKIP_BCC_ONLY, Code.CONTACT_SKIP_BCC_ONLY]
    assert [a.id for a in found.associations] == [None]


def test_R4_a_recipient_in_to_and_bcc_is_visible():
    assert codes(planned(f"Bcc: {KIM}")) == [CREATE]


def test_R5_contact_company_and_five_most_recent_open_deals_are_linked():
    found = planned(contacts=[(KIM, CONTACT)])
    assert [(a.kind, a.id) for a in found.associations] == [
        ("contact", "contact-1"),
        ("company", "co1"),
        ("deal", "d1"),
        ("deal", "d2"),
        ("deal", "d3"),
        ("deal", "d4"),
        ("deal", "d5"),
    ]


def test_R5_the_primary_company_is_linked_by_option():
    changed = {"company": HUBSPOT_2025_12.company, "max_open_deals": 0}
    found = planned(contacts=[(KIM, CONTACT)], options=changed)
    assert [(a.kind, a.id, a.code) for a in found.associations[1:]] == [
        ("company", "co0", Code.ASSOCIATION_PRIMARY_COMPANY)
    ]
    found = planned(contacts=[(KIM, Contact(id="contact-1", company="co1"))], options=changed)
    assert [a.id for a in found.associations[1:]] == ["co1"]


def test_R5_a_record_is_linked_once():
    contacts = [
        (KIM, CONTACT),
        ("ann@customer.example", evolve(CONTACT, id="contact-2")),
        ("kk@customer.example", CONTACT),
    ]
    found = planned("Cc: ann@customer.example, kk@customer.example", contacts=contacts)
    assert [a.id for a in found.associations if a.kind != "deal"] == ["contact-1", "co1", "contact-2"]


def test_R5_a_created_contact_is_linked_by_its_address():
    (link,) = planned().associations
    assert (link.kind, link.id, link.email) == ("contact", None, KIM)


def test_a_person_named_twice_is_one_person_with_the_first_name_that_is_one():
    found = planned("Cc: Kim K <kim@customer.example>", to="KIM@Customer.example., kim@customer.example")
    assert [(c.email, c.name) for c in found.contacts] == [("KIM@Customer.example.", "Kim K")]


def test_R28_users_and_colleagues_are_no_contacts():
    users = [User(id="u1", address=ROSA), User(id="u2", aliases=["pat@private.example"])]
    found = planned(
        "Cc: pat@private.example, pat+x@private.example, col@ourco.example, b@eu.ourco.example", users=users
    )
    assert codes(found) == [
        CREATE,
        Code.CONTACT_SKIP_USER,
        Code.CONTACT_SKIP_USER,
        Code.CONTACT_SKIP_OWN_DOMAIN,
        Code.CONTACT_SKIP_OWN_DOMAIN,
    ]


def test_R28_colleagues_are_logged_or_created_by_option():
    contacts = [("col@ourco.example", CONTACT)]
    given = {"to": "col@ourco.example, new@ourco.example", "contacts": contacts}
    assert codes(planned(**given, options={"own_domains": Handling.LOG})) == [LINK, Code.CONTACT_SKIP_CREATE_OFF]
    assert codes(planned(**given, options={"own_domains": Handling.CREATE})) == [LINK, CREATE]


def test_R28_the_sender_himself_is_no_contact_even_where_users_are():
    options = {"users": Handling.CREATE, "own_domains": Handling.CREATE}
    assert codes(planned(f"Cc: {ROSA}", options=options)) == [CREATE, Code.CONTACT_SKIP_USER]


@pytest.mark.parametrize("address", ["a@[127.0.0.1]", "a@localhost", "a@x..y", "a@-x.example", f"{'a' * 65}@x.example"])
def test_T20_addresses_of_no_person_are_skipped(address: str):
    found = planned(f"Cc: {address}")
    assert codes(found)[0] is CREATE
    assert set(codes(found)[1:]) <= {Code.CONTACT_SKIP_ADDRESS_INVALID}


def test_T23_a_lookalike_of_an_own_domain_is_skipped():
    found = planned("Cc: a@оurco.example, b@xn--urco-45d.example, c@ourc0.example, d@outco.example")
    assert codes(found)[-1] is CREATE
    assert set(codes(found)[1:-1]) <= {Code.CONTACT_SKIP_LOOKALIKE, Code.CONTACT_SKIP_ADDRESS_INVALID}
    assert Code.CONTACT_SKIP_LOOKALIKE in codes(found)


def test_T28_over_the_cap_of_new_contacts_none_is_created():
    options = {"limits": Limits(max_new_contacts=3)}
    several = [f"p{n}@b.example" for n in range(4)]
    assert codes(planned(to=", ".join(several[:3]), options=options)) == [CREATE] * 3
    found = planned(to=", ".join(several), options=options, contacts=[(KIM, CONTACT)])
    assert (found.code, codes(found)) == (Code.REFUSE_NOBODY_TO_LOG, [Code.CONTACT_SKIP_CAP] * 4)
    found = planned(f"Cc: {KIM}", to=", ".join(several), options=options, contacts=[(KIM, CONTACT)])
    assert codes(found) == [Code.CONTACT_SKIP_CAP] * 4 + [LINK]


def test_T28_over_the_cap_of_addresses_the_mail_is_refused():
    options = {"limits": Limits(max_addresses=3)}
    assert planned(to="a@b.example, b@b.example, c@b.example", options=options).outcome is Outcome.LOG
    assert planned(to="a@b.example, b@b.example, c@b.example, d@b.example", options=options).code is (
        Code.REFUSE_LIMIT_ADDRESSES
    )
    assert planned("Cc: c@b.example", "Cc: d@b.example", to="a@b.example, b@b.example", options=options).code is (
        Code.REFUSE_LIMIT_ADDRESSES
    )


STRANGER = "Eve <eve@attacker.example>"


def test_T29_an_unknown_sender_creates_nobody_by_default():
    found = planned(f"Cc: {KIM}", to="new@b.example", from_=STRANGER, contacts=[(KIM, CONTACT)])
    assert codes(found) == [Code.CONTACT_SKIP_UNATTRIBUTED, LINK]
    assert found.attribution.user is None
    assert codes(planned(from_=STRANGER, options={"unknown_sender_may_create": True})) == [CREATE]


def test_R25_an_unknown_sender_logs_on_nobody_by_option():
    found = planned(from_=STRANGER, contacts=[(KIM, CONTACT)], options={"unknown_sender_may_log": False})
    assert (found.code, codes(found)) == (Code.REFUSE_NOBODY_TO_LOG, [Code.CONTACT_SKIP_UNATTRIBUTED])


def test_R25_an_ambiguous_sender_is_known_and_may_create():
    users = [User(id="a", address=ROSA), User(id="b", address=ROSA)]
    found = planned(users=users)
    assert (found.attribution.user, found.attribution.candidates, codes(found)) == (None, ("a", "b"), [CREATE])


# --- Never Log --------------------------------------------------------------------------------------------------

LISTED_ADDRESS, LISTED_DOMAIN = Code.CONTACT_SKIP_NEVER_LOG_ADDRESS, Code.CONTACT_SKIP_NEVER_LOG_DOMAIN


def test_R16_a_listed_person_is_skipped_and_the_others_are_logged():
    found = planned("Cc: ann@b.example", never_log=[KIM])
    assert codes(found) == [LISTED_ADDRESS, CREATE]
    assert emails(found) == [None, "ann@b.example"]
    assert "kim" not in found.to_json().lower()


def test_R16_a_listed_contact_is_not_linked_either():
    found = planned("Cc: ann@b.example", never_log=["customer.example"], contacts=[(KIM, CONTACT)])
    assert codes(found) == [LISTED_DOMAIN, CREATE]
    assert "contact-1" not in found.to_json()


@pytest.mark.parametrize(
    "address",
    [
        "KIM@Customer.EXAMPLE",
        "kim@customer.example.",
        '"kim"@customer.example',
        '"k\\im"@customer.example',
        "kim(x)@customer.example",
        "kim+crm@customer.example",
        "Kim <kim@customer.example>",
        "Team: kim@customer.example;",
    ],
)
def test_T33_to_T37_no_dress_evades_the_list(address: str):
    found = planned(to=address, never_log=[KIM])
    assert found.created == ()
    assert found.code is Code.REFUSE_NOBODY_TO_LOG


def test_T38_gmail_dots_do_not_evade_the_list():
    found = planned(to="k.i.m@gmail.com, ki.m+x@googlemail.com, k.im@b.example", never_log=["kim@gmail.com"])
    assert [c.email for c in found.created] == ["k.im@b.example"]


def test_T39_either_form_of_a_domain_is_the_same():
    for listed, written in (("bücher.example", "XN--BCHER-KVA.example"), ("xn--bcher-kva.example", "bücher.example")):
        assert planned(to=f"kim@{written}", never_log=[listed]).code is Code.REFUSE_NOBODY_TO_LOG


def test_T40_subdomains_are_covered_and_neighbours_are_not():
    to = "a@a.b.customer.example, b@notcustomer.example, c@customer.example.attacker.example"
    found = planned(to=to, never_log=["customer.example"])
    assert codes(found) == [LISTED_DOMAIN, CREATE, CREATE]
    found = planned(to=to, never_log=["customer.example"], options={"never_log_subdomains": False})
    assert codes(found) == [CREATE, CREATE, CREATE]


def test_T41_an_address_with_what_cannot_be_seen_is_no_contact():
    for char in ("\u200b", "\u00ad", "\u202e", "\ufeff"):
        assert planned(to=f"k{char}im@customer.example", never_log=[KIM]).created == ()


def test_R16_the_list_of_the_credited_user_counts_and_that_of_others_does_not():
    users = [User(id="u1", address=ROSA, never_log=[KIM]), User(id="u2", address="pat@ourco.example")]
    assert codes(planned(users=users)) == [LISTED_ADDRESS]
    assert codes(planned(users=users, from_="pat@ourco.example")) == [CREATE]


def test_R16_while_nobody_is_credited_the_lists_of_all_candidates_count():
    users = [User(id="u1", address=ROSA), User(id="u2", address=ROSA, never_log=[KIM])]
    assert codes(planned(users=users)) == [LISTED_ADDRESS]


def test_R17_nothing_is_kept_when_nobody_is_left():
    found = planned(never_log=[KIM], subject="Kim's secret", body="kim@customer.example")
    assert (found.code, found.outcome) == (Code.REFUSE_NOBODY_TO_LOG, Outcome.REFUSE)
    assert (found.body, found.subject, found.attachments, found.keys.fingerprint) == (None, None, (), None)
    assert found.associations == ()
    assert "customer.example" not in found.to_json()


def test_R17_a_listed_person_leaves_a_keyed_digest_if_the_account_has_a_key():
    digests = []
    for written in (KIM, "KIM@customer.example."):
        found = plan(
            mail(to=written), account=account(never_log=[KIM], digest_key=b"k"), directory=directory(), recipient=BCC
        )
        digests.append(found.contacts[0].digest)
    assert digests == [hmac.new(b"k", KIM.encode(), "sha256").hexdigest()] * 2
    assert planned(never_log=[KIM]).contacts[0].digest is None


def test_R17_a_listed_stranger_who_sends_leaves_no_address():
    found = planned(from_=STRANGER, never_log=["attacker.example"], contacts=[(KIM, CONTACT)])
    assert (found.outcome, found.sender) == (Outcome.LOG, None)
    assert "attacker.example" not in found.to_json()


def test_R17_a_user_of_a_listed_domain_stays_the_sender():
    found = planned(never_log=["ourco.example"])
    assert found.sender is not None
    assert (found.sender.email, found.attribution.user) == (ROSA, "u1")


def test_T42_a_listed_author_of_a_forward_is_skipped():
    """R6: unless his address or its domain is on the list."""
    for listed in (KIM, "customer.example"):
        found = plan(forward(), account=account(never_log=[listed]), directory=directory(), recipient=LOG)
        assert (found.code, found.body, found.subject) == (Code.REFUSE_NOBODY_TO_LOG, None, None)
        assert "kim" not in found.to_json().lower()


def test_T86_the_trace_names_no_listed_person():
    found = planned("Cc: ann@b.example", never_log=[KIM])
    reasons = [reason for reason in found.trace if reason.code is LISTED_ADDRESS]
    assert [(reason.about, reason.evidence) for reason in reasons] == [(None, ())]


@pytest.mark.parametrize(
    "to",
    [
        "Kim\u200b <k\u200bim@customer.example>",
        '"kim@customer.example" <eve@b.example>',
        "kim@customer.example@x",
        '"Kim (kim@customer.example)" <eve@b.example>',
        "kim@customer\u00ad.example",
        "kim＠customer.example <a@b.example>",
        "<kim @ customer.example>, a@b.example",
        '"via kim+x@customer.example," <eve@b.example>',
    ],
)
def test_T41_no_other_text_of_a_person_holds_a_listed_address(to: str):
    found = planned(to=to, never_log=[KIM])
    assert "customer" not in found.to_json()


def test_T41_names_and_bad_addresses_of_others_stay():
    to = '"bo@c.example" <bo@b.example>, a@localhost, b@-x.example'
    found = planned(to=to)
    assert (found.contacts[0].email, found.contacts[0].name) == ("bo@b.example", "bo@c.example")
    found = planned(to=to, never_log=[KIM])
    assert [(c.email, c.name) for c in found.contacts] == [("bo@b.example", "bo@c.example"), (None, None), (None, None)]


# --- forwards ---------------------------------------------------------------------------------------------------


def forwarded(raw: bytes, *, contacts=(), options: dict[str, object] | None = None, users=None) -> Plan:
    return plan(
        raw,
        account=account(policy=evolve(HUBSPOT_2023_09, **(options or {}))),
        directory=directory(contacts=contacts, users=users),
        recipient=LOG,
    )


COPIED = BLOCK + "Cc: Ann <ann@b.example>\r\n"


def test_R6_the_author_of_the_forwarded_message_is_created_or_linked():
    found = forwarded(forward())
    assert (found.code, found.direction) == (Code.LOG_FORWARD, "incoming")
    assert [(c.email, c.code) for c in found.contacts] == [
        (KIM, Code.CONTACT_CREATE_AUTHOR),
        (ROSA, Code.CONTACT_SKIP_USER),
    ]
    found = forwarded(forward(), contacts=[(KIM, CONTACT)])
    assert found.contacts[0].code is Code.CONTACT_LINK_AUTHOR
    assert found.associations[0].id == "contact-1"


def test_R11_people_copied_on_the_forwarded_message_are_not_logged():
    found = forwarded(forward(block=COPIED), contacts=[("ann@b.example", CONTACT)])
    assert codes(found)[-1] is Code.CONTACT_SKIP_COPIED


def test_R11_contacts_copied_are_logged_by_option_and_nobody_is_created():
    raw = forward(block=COPIED + "", note="x\r\n")
    options = {"log_copied": True}
    assert codes(forwarded(raw, contacts=[("ann@b.example", CONTACT)], options=options))[-1] is Code.CONTACT_LINK_COPIED
    assert codes(forwarded(raw, options=options))[-1] is Code.CONTACT_SKIP_COPIED


OWN = BLOCK.replace("Kim Kaufmann <kim@customer.example>", "Col League <col@ourco.example>").replace(
    "Rosa Rep <rosa@ourco.example>", "Kim Kaufmann <kim@customer.example>, Ann <ann@b.example>"
)


def test_R14_a_forward_of_an_own_mail_is_logged_on_its_recipients():
    found = forwarded(forward(block=OWN), contacts=[(KIM, CONTACT)])
    assert (found.code, found.direction) == (Code.LOG_FORWARD_SENT, "outgoing")
    assert codes(found) == [Code.CONTACT_SKIP_OWN_DOMAIN, LINK, CREATE]


def test_R14_a_user_by_alias_is_an_own_author_too():
    users = [User(id="u1", address=ROSA, aliases=["col@private.example"])]
    found = forwarded(forward(block=OWN.replace("col@ourco", "col@private")), users=users)
    assert (found.code, codes(found)[0]) == (Code.LOG_FORWARD_SENT, Code.CONTACT_SKIP_USER)
    assert found.attribution.user == "u1"


def test_R14_by_option_nobody_is_left():
    found = forwarded(forward(block=OWN), options={"own_author_is_outgoing": False})
    assert (found.code, found.direction) == (Code.REFUSE_NOBODY_TO_LOG, "incoming")


def test_T65_a_forgers_forward_creates_nobody():
    found = forwarded(forward(from_=STRANGER))
    assert (found.attribution.code, found.created) == (Code.ATTRIBUTION_UNATTRIBUTED, ())
    assert codes(found)[0] is Code.CONTACT_SKIP_UNATTRIBUTED


def test_T65_an_own_author_inside_gives_a_forger_nothing():
    found = forwarded(forward(from_=STRANGER, block=OWN))
    assert (found.attribution.user, found.created, found.direction) == (None, (), "outgoing")


def test_R31_a_person_without_address_is_named_and_skipped():
    block = BLOCK.replace("Rosa Rep <rosa@ourco.example>", "Ann Meier")
    found = forwarded(forward(block=block))
    assert [(c.email, c.name, c.code) for c in found.contacts[1:]] == [
        (None, "Ann Meier", Code.CONTACT_SKIP_NO_ADDRESS)
    ]


def test_the_directory_is_asked_only_for_lookups():
    asked: list[str] = []

    class Asked(MemoryDirectory):
        def holdings(self, email):
            asked.append(email)
            return super().holdings(email)

        def contact(self, email):
            asked.append(email)
            return super().contact(email)

    from bcclog import decide, read

    raw = mail(f"Cc: ann+x@b.example, {BCC}, no@listed.example")
    reading = read(raw, account=account(never_log=["listed.example"]), recipient=BCC)
    decide(reading, directory=Asked({}, {}))
    assert set(asked) <= set(reading.lookups)
    assert reading.lookups == (ROSA, KIM, "ann+x@b.example", "ann@b.example")


def test_R32_a_plan_that_logs_nothing_asks_the_directory_before_it_is_there_and_never_after():
    # Why each person is skipped is worked out when it is asked for; with a list in force it is worked out at once.
    from bcclog import decide, read

    asked: list[str] = []
    closed: list[bool] = []

    class Closing(MemoryDirectory):
        def holdings(self, email):
            assert not closed
            asked.append(email)
            return super().holdings(email)

        def contact(self, email):
            assert not closed
            asked.append(email)
            return super().contact(email)

    given = {
        "to": f"{ROSA}, rosa+old@ourco.example, new@ourco.example, ann+x@b.example, info@b.example, {BCC}",
        "from_": STRANGER,
    }
    others = f"Cc: eve+x@attacker.example, no-reply@c.example, x@y@z.example, Sales:;, kim@xn--orco-0ra.example, {KIM}"
    for options in ({}, {"unknown_sender_may_log": False}):
        contacts = [(KIM, CONTACT)] if options else []
        mine = account(policy=evolve(HUBSPOT_2023_09, **options))
        known = directory(contacts=contacts)
        reading = read(mail(others, **given), account=mine, recipient=BCC)
        found = decide(reading, directory=Closing(known._holdings, known._contacts))
        closed.append(True)
        at_once = planned(others, never_log=["listed.example"], contacts=contacts, options=options, **given)
        assert found.code is Code.REFUSE_NOBODY_TO_LOG
        assert len(set(codes(found))) >= 6 and found.contacts == at_once.contacts
        assert found.trace == at_once.trace and found == at_once
        assert set(asked) <= set(reading.lookups)
        closed.clear()
        asked.clear()


def test_T23_a_lookalike_of_a_listed_domain_or_of_the_users_is_skipped():
    found = planned(to="a@custorner.example", never_log=["customer.example"])
    assert codes(found) == [Code.CONTACT_SKIP_LOOKALIKE]
    users = [User(id="u1", address="rosa@free.example")]
    found = planned(to="a@frее.example, b@free.example", from_="rosa@free.example", users=users)
    assert codes(found)[-1] is CREATE
    assert set(codes(found)[:-1]) <= {Code.CONTACT_SKIP_LOOKALIKE, Code.CONTACT_SKIP_ADDRESS_INVALID}
