"""Never Log lists: R16, T33-T43."""

from time import process_time

import pytest

from bcclog._people.never_log import NeverLog
from bcclog._people.normal import normalize
from bcclog.codes import Code
from bcclog.policy import PolicyError

ADDRESS, DOMAIN = Code.CONTACT_SKIP_NEVER_LOG_ADDRESS, Code.CONTACT_SKIP_NEVER_LOG_DOMAIN


def match(entry: str, email: str, **options: bool) -> Code | None:
    normal = normalize(email)
    assert normal is not None
    return NeverLog.of([entry]).match(normal, **options)


@pytest.mark.parametrize(
    "entry",
    [
        "kim@customer.example",
        "KIM@Customer.EXAMPLE",
        "kim@customer.example.",
        '"k\\im"@customer.example',
        " kim@customer.example\n",
    ],
)
@pytest.mark.parametrize(
    "email", ["kim@customer.example", "Kim@CUSTOMER.example...", '"kim"@customer.example', "kim@customer。example"]
)
def test_T33_T34_T35_T39_a_listed_address_is_known_in_every_spelling(entry: str, email: str) -> None:
    assert match(entry, email, plus_tags=False, gmail_dots=False, subdomains=False) is ADDRESS


@pytest.mark.parametrize(
    "entry",
    ["bücher.example", "XN--BCHER-KVA.example", "@BÜCHER.example", "*@bu\u0308cher.example.", "bücher。example"],
)
@pytest.mark.parametrize("domain", ["bücher.example", "xn--bcher-kva.EXAMPLE", "BÜCHER．example"])
def test_T39_a_listed_domain_is_known_as_u_label_and_as_a_label(entry: str, domain: str) -> None:
    assert match(entry, f"kim@{domain}") is DOMAIN


@pytest.mark.parametrize(
    ("entry", "email", "with_tags", "without"),
    [
        ("kim@customer.example", "kim+crm@customer.example", ADDRESS, None),
        ("kim@customer.example", "kim+a+b@customer.example", ADDRESS, None),
        ("kim+a@customer.example", "kim+a+b@customer.example", ADDRESS, None),
        ("kim+a@customer.example", "kim+a@customer.example", ADDRESS, ADDRESS),
        ("kim+a@customer.example", "kim@customer.example", None, None),
        ("kim@customer.example", "kimmy@customer.example", None, None),
        ("kim@customer.example", "+kim@customer.example", None, None),
    ],
)
def test_T37_a_listed_address_covers_its_tags_by_option(
    entry: str, email: str, with_tags: Code | None, without: Code | None
) -> None:
    assert (match(entry, email, plus_tags=True), match(entry, email, plus_tags=False)) == (with_tags, without)


@pytest.mark.parametrize(
    ("entry", "email", "with_dots", "without"),
    [
        ("kim@gmail.com", "k.i.m@gmail.com", ADDRESS, None),
        ("k.im@googlemail.com", "ki.m@gmail.com", ADDRESS, None),
        ("kim@gmail.com", "k.im+x@googlemail.com", ADDRESS, None),
        ("kim@customer.example", "k.im@customer.example", None, None),
        ("gmail.com", "kim@googlemail.com", DOMAIN, None),
        ("googlemail.com", "kim@gmail.com", DOMAIN, None),
        ("customer.example", "kim@gmail.com", None, None),
        ("a@gmail.com", '"a+x@b"@gmail.com', ADDRESS, ADDRESS),
    ],
)
def test_T38_the_spellings_of_a_gmail_mailbox_are_one_by_option(
    entry: str, email: str, with_dots: Code | None, without: Code | None
) -> None:
    assert (match(entry, email, gmail_dots=True), match(entry, email, gmail_dots=False)) == (with_dots, without)


@pytest.mark.parametrize(
    ("email", "with_subdomains", "without"),
    [
        ("kim@customer.example", DOMAIN, DOMAIN),
        ("kim@a.b.customer.example", DOMAIN, None),
        ("kim@notcustomer.example", None, None),
        ("kim@customer.example.attacker.example", None, None),
        ("customer.example@attacker.example", None, None),
        ('"a@customer.example"@attacker.example', None, None),
    ],
)
def test_T40_R16_a_listed_domain_covers_its_subdomains_by_option(
    email: str, with_subdomains: Code | None, without: Code | None
) -> None:
    for entry in ("customer.example", "@customer.example", "*@customer.example"):
        assert match(entry, email, subdomains=True) is with_subdomains
        assert match(entry, email, subdomains=False) is without


def test_T38_an_entry_with_a_tag_is_itself_among_the_spellings_of_a_gmail_mailbox() -> None:
    assert match("kim+crm@gmail.com", "k.im+crm@gmail.com", gmail_dots=True, plus_tags=False) is ADDRESS
    assert match("kim+crm@gmail.com", "k.im+crm@gmail.com", gmail_dots=True, plus_tags=True) is ADDRESS
    assert match("kim@gmail.com", "k.im+crm@gmail.com", gmail_dots=True, plus_tags=False) is None


@pytest.mark.parametrize(
    ("entry", "email"),
    [
        ("customer.example", "kim@a.customer.example"),
        ("kim@customer.example", "kim+crm@customer.example"),
        ("kim@gmail.com", "k.im@gmail.com"),
        ("attacker.example", '"a@customer.example"@attacker.example'),
    ],
)
def test_R16_a_list_covers_most_where_nothing_else_is_said(entry: str, email: str) -> None:
    assert match(entry, email) is not None


def test_the_address_itself_speaks_before_its_domain() -> None:
    both = NeverLog.of(["customer.example", "kim@customer.example"])
    found = [normalize(f"{local}@customer.example") for local in ("kim", "jo")]
    assert [both.match(email) for email in found if email] == [ADDRESS, DOMAIN]


@pytest.mark.parametrize(
    "entry",
    ["", " ", "*", "@", "*@*", "*@", "@*", "*@com", "com", "@com", "kim@com", "kim@*", "*im@customer.example", "*.customer.example",
     "kim @customer.example", "customer example", "kim@customer.example, jo@partner.example", "<kim@customer.example>", "a@b@c.example",
     "kim\u200b@customer.example", "[127.0.0.1]", ".customer.example", "/.*/", "kim@cust\0mer.example", "10.0.0.1"],
)  # fmt: skip
def test_T43_an_entry_that_lists_nobody_or_everybody_is_refused_with_a_sentence(entry: str) -> None:
    with pytest.raises(PolicyError, match=r"^a Never Log entry must be an address .*, not ") as caught:
        NeverLog.of(["kim@customer.example", entry])
    assert repr(entry) in str(caught.value)


def test_T43_wrong_types_are_refused() -> None:
    with pytest.raises(PolicyError, match="not the single string"):
        NeverLog.of("kim@customer.example")
    with pytest.raises(PolicyError, match="not None"):
        NeverLog.of([None])  # type: ignore[list-item]


def test_T43_a_list_of_a_hundred_thousand_entries_is_looked_up_as_fast_as_one_of_ten() -> None:
    entries = [f"kim{n}@customer.example" for n in range(50_000)] + [f"x{n}.example" for n in range(50_000)]
    large, small = NeverLog.of(entries), NeverLog.of(entries[:5] + entries[-5:])
    email = normalize("kim+a.b+c@a.b.c.d.e.f.stranger.example")
    assert email is not None

    def cost(listed: NeverLog) -> float:
        best = 1.0
        for _ in range(5):
            start = process_time()
            for _ in range(2_000):
                assert listed.match(email) is None
            best = min(best, process_time() - start)
        return best

    assert cost(large) < 10 * cost(small)


def test_an_empty_list_matches_nobody() -> None:
    email = normalize("kim@customer.example")
    assert email is not None and NeverLog.of(()).match(email) is None
