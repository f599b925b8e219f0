"""A programmer's mistake raises at once, and the message says what was expected; no mail is needed to find it."""

import re
from collections.abc import Callable

import pytest
from attrs import evolve

import bcclog
from bcclog import (
    Account,
    Contact,
    Holding,
    MemoryDirectory,
    PolicyError,
    TeamAddress,
    TrustGrant,
    User,
    diff,
    explain,
    notices,
)
from bcclog._catalogue.shipped import catalogue

ACCOUNT = Account(bcc_addresses=["bcc@in.crm.example"])
NOBODY = MemoryDirectory.of()
BCC = ["bcc@in.crm.example"]
KIM = "kim@customer.example"
NOTICE = bcclog.Notice(to=KIM, code=bcclog.Code.NOTICE_REFUSED, about=bcclog.Code.REFUSE_ROUTE_NONE)

WRONG_VALUES: list[tuple[Callable[[], object], str]] = [
    (lambda: Account(bcc_addresses="bcc@in.crm.example"), "a list of addresses, not the single string"),
    (lambda: Account(bcc_addresses=None), "a list of addresses, not None"),
    (lambda: Account(bcc_addresses=[5]), "must be an e-mail address such as log@in.crm.example, not 5"),
    (lambda: Account(bcc_addresses=BCC, domains="ourco.example"), "a list of domains, not the single string"),
    (lambda: Account(bcc_addresses=BCC, domains=["@ourco.example"]), "a domain must be one such as ourco.example"),
    (lambda: Account(bcc_addresses=BCC, domains=[None]), "a domain must be one such as ourco.example, not None"),
    (lambda: Account(bcc_addresses=BCC, authserv_ids="mx.crm.example"), "not the single string 'mx.crm.example'"),
    (lambda: Account(bcc_addresses=BCC, policy="PERMISSIVE"), "must be a Policy; bcclog.preset(name) gives one"),
    (lambda: Account(bcc_addresses=BCC, digest_key="secret"), "Account.digest_key must be bytes, or None, not str"),
    (lambda: User(id=5), "User.id must be a string that is not empty, not 5"),
    (lambda: User(id=""), "User.id must be a string that is not empty"),
    (lambda: User(id="u1", address=5), "User.address must be a string"),
    (lambda: User(id="u1", aliases="r@ourco.example"), "a list of strings, not the single string 'r@ourco.example'"),
    (lambda: User(id="u1", never_log=[None]), "a list of strings, not one with None"),
    (lambda: User(id="u1", connected="r@ourco.example"), "a list of Connected, not the single string"),
    (lambda: User(id="u1", connected=["r@ourco.example"]), "a list of bcclog.Connected(address=...)"),
    (lambda: Holding(user=5, kind="alias"), "Holding.user must be a string"),
    (lambda: TeamAddress(address=None, first_connected_by="u1"), "TeamAddress.address must be a string"),
    (lambda: Contact(id=5), "Contact.id must be a string"),
    (lambda: Contact(id="c1", company=5), "Contact.company must be a string"),
    (lambda: Contact(id="c1", open_deals="d1"), "a list of strings, not the single string 'd1'"),
    (lambda: MemoryDirectory.of(["u1"]), "users is a list of bcclog.User, not one with 'u1'"),
    (lambda: MemoryDirectory.of(User(id="u1")), "a list of User, not User(id='u1'"),
    (lambda: MemoryDirectory.of(contacts=[(KIM, "c1")]), "pairs (address, Contact), not one with ('kim@"),
    (lambda: MemoryDirectory.of(contacts={KIM: Contact(id="c1")}), "pairs (address, Contact), not one with 'kim@"),
    (
        lambda: MemoryDirectory.of(contacts=[(KIM, Contact(id="c1")), (KIM.upper(), Contact(id="c2"))]),
        "contacts 'c1' and 'c2' have the same address kim@customer.example",
    ),
    (lambda: evolve(bcclog.PERMISSIVE, require_both_parts="no"), "Policy.require_both_parts must be true or false"),
    (lambda: evolve(bcclog.PERMISSIVE, max_open_deals=-1), "Policy.max_open_deals must be a whole number, 0 or more"),
    (lambda: evolve(bcclog.PERMISSIVE, max_open_deals=True), "Policy.max_open_deals must be a whole number"),
    (lambda: evolve(bcclog.PERMISSIVE, max_content_bytes="2 MB"), "a whole number, 0 or more, or None, not '2 MB'"),
    (lambda: evolve(bcclog.PERMISSIVE, clients="gmail-web"), "Policy.clients must be a list of strings, or None"),
    (lambda: evolve(bcclog.PERMISSIVE, arc_sealers=[5]), "Policy.arc_sealers must be a list of strings"),
    (lambda: evolve(bcclog.PERMISSIVE, limits=5), "Policy.limits must be a bcclog.Limits, not 5"),
    (lambda: evolve(bcclog.PERMISSIVE, chain="never"), "Chain is one of refuse, outermost, not 'never'"),
    (lambda: evolve(bcclog.PERMISSIVE, trust={}), "Policy.trust needs exactly the keys aligned, unaligned, absent"),
    (
        lambda: evolve(bcclog.PERMISSIVE, trust=dict.fromkeys(("aligned", "unaligned", "absent"), True)),
        "each value of Policy.trust must be a bcclog.TrustGrant",
    ),
    (lambda: TrustGrant(log="no"), "TrustGrant.log must be true or false, not 'no'"),
    (
        lambda: Account(bcc_addresses=BCC, policy=evolve(bcclog.PERMISSIVE, clients=["gmial-web"])),
        "Policy.clients: the catalogue has no 'gmial-web'; near it are gmail-web",
    ),
    (
        lambda: evolve(ACCOUNT, policy=evolve(bcclog.PERMISSIVE, locales=["de", "german"])),
        "Policy.locales: the catalogue has no 'german'",
    ),
]


@pytest.mark.parametrize(("build", "message"), WRONG_VALUES, ids=[message for _, message in WRONG_VALUES])
def test_a_wrong_value_is_refused_when_it_is_made(build: Callable[[], object], message: str) -> None:
    with pytest.raises(PolicyError, match=re.escape(message)):
        build()


WRONG_CALLS: list[tuple[Callable[[], object], str]] = [
    (lambda: bcclog.plan("mail", account=ACCOUNT, directory=NOBODY), "passed as bytes, for example path.read_bytes()"),
    (lambda: bcclog.plan(b"", account="acme", directory=NOBODY), "account is a bcclog.Account, not str"),
    (lambda: bcclog.plan(b"", account=ACCOUNT, directory=None), "directory needs a method holdings"),
    (lambda: bcclog.plan(b"", account=ACCOUNT, directory={}), "directory needs a method holdings"),
    (lambda: bcclog.decide(b"", directory=NOBODY), "reading is what bcclog.read gives, not bytes"),
    (lambda: bcclog.attribute(None, directory=NOBODY), "address is a string, not NoneType"),
    (lambda: bcclog.attribute("rosa@ourco.example", directory=[]), "directory needs a method holdings"),
    (lambda: bcclog.rebuild(bcclog.unwrap(b"")), "rebuild takes a Forward"),
    (lambda: bcclog.normalize(None), "an address is passed as a string, not as NoneType"),
    (lambda: bcclog.normalize(KIM.encode()), "an address is passed as a string, not as bytes"),
    (lambda: bcclog.parse(b"", limits=5), "limits is a bcclog.Limits, not int"),
    (lambda: bcclog.unwrap(b"", limits={}), "limits is a bcclog.Limits, not dict"),
    (lambda: bcclog.unwrap("mail"), "passed as bytes, for example path.read_bytes()"),
    (lambda: explain.to_html(b"", None, None), "found is what bcclog.read or bcclog.unwrap gives, not NoneType"),
    (lambda: explain.to_text("mail", None, bcclog.unwrap(b"")), "passed as bytes, for example path.read_bytes()"),
    (lambda: explain.to_text(b"", None, bcclog.read(b"", account=ACCOUNT)), "the Plan that bcclog.decide made of it"),
    (lambda: notices.render(None), "notice is one of plan.notices, not NoneType"),
    (lambda: notices.render(NOTICE, None), "language is a tag such as 'de', not NoneType"),
    (lambda: diff.compare("old.ndjson", []), "old is an open file of plans or a list of lines, not str"),
    (lambda: diff.compare([], None), "new is an open file of plans or a list of lines, not NoneType"),
    (lambda: diff.compare_sorted(b"{}", []), "old is an open file of plans or a list of lines, not bytes"),
    (lambda: diff.compare_policies([], ACCOUNT, None, directory=NOBODY), "new is a bcclog.Account, not NoneType"),
    (lambda: diff.compare_policies([], ACCOUNT, ACCOUNT, directory=None), "directory needs a method holdings"),
    (lambda: diff.compare_policies(b"", ACCOUNT, ACCOUNT, directory=NOBODY), "mails is a list of pairs"),
    (
        lambda: list(diff.compare_policies([b"mail"], ACCOUNT, ACCOUNT, directory=NOBODY)),
        "mails is a list of pairs (path, raw mail), not one with bytes",
    ),
]


@pytest.mark.parametrize(("call", "message"), WRONG_CALLS, ids=[message for _, message in WRONG_CALLS])
def test_a_wrong_argument_is_refused_whatever_the_mail(call: Callable[[], object], message: str) -> None:
    with pytest.raises(TypeError, match=re.escape(message)):
        call()


def test_lists_of_a_policy_may_be_lists() -> None:
    assert evolve(bcclog.PERMISSIVE, clients=["gmail-web"]).clients == frozenset({"gmail-web"})


def test_every_client_and_language_of_the_catalogue_may_be_named() -> None:
    writers = [row.writer for row in catalogue().rows]
    policy = evolve(
        bcclog.PERMISSIVE,
        clients=[writer.client for writer in writers],
        locales=[tag for writer in writers for tag in writer.languages],
    )
    assert Account(bcc_addresses=BCC, policy=policy).policy == policy


def test_a_contact_given_twice_alike_is_one() -> None:
    contact = Contact(id="c1")
    assert MemoryDirectory.of(contacts=[(KIM, contact), (KIM, contact)]).contact(bcclog.NormalEmail(KIM)) == contact
