"""The matching form of addresses, narrow and wide: T16, T19, T20, T23-T26, T33-T41."""

import json
import unicodedata
from importlib.resources import files

import pytest

from bcclog._people.normal import (
    decode_a_label,
    has_broken_idna,
    is_lookalike,
    normalize,
    normalize_domain,
    routed,
    skeleton,
    widen,
)
from bcclog.address import NormalEmail

KIM = "kim@customer.example"


@pytest.mark.parametrize(
    "written",
    [
        KIM, "KIM@Customer.EXAMPLE", "kim@customer.example.", "kim@customer.example...", '"kim"@customer.example',
        '"k\\im"@customer.example', "  kim@customer.example\r\n", "kim@customer。example", "kim@customer．example",
        "kim@ｃｕｓｔｏｍｅｒ.example",
    ],
)  # fmt: skip
def test_T33_T34_T35_T39_spellings_of_one_address_have_one_form(written: str) -> None:
    assert normalize(written) == KIM


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('"a b"@x.example', "a b@x.example"),
        ('"a\\"b"@x.example', 'a"b@x.example'),
        ('"a,b>"@x.example', "a,b>@x.example"),
        ('"rep@acme.example"@attacker.example', "rep@acme.example@attacker.example"),
        ('""@x.example', None),
        ('" "@x.example', None),
        ('"a@x.example', None),
        ('"a"b@x.example', None),
    ],
)
def test_T19_local_parts_are_compared_without_quotes(written: str, expected: str | None) -> None:
    assert normalize(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        "", "@", "a", "a@", "@x.example", "rep@acme.example@attacker.example", "a@[127.0.0.1]", "a@[IPv6:::1]", "a@localhost",
        "a@x..y", "a@.x.example", "a@-x.example", "a@x-.example", "a@x_y.example", "a@127.0.0.1", "a@x.123", "a@x y.example",
        "a b@x.example", "a@x.example\0", "<a@x.example>", "a(c)@x.example", "a" * 65 + "@x.example", "ü" * 33 + "@x.example",
        "a@" + "x" * 64 + ".example", "a@" + "ü" * 64 + ".example", "a@" + "b." * 126 + "cc", "a@" + "b" * 10**6, "a" * 10**6 + "@x.example",
        "rep＠acme.example", "a@b＠c.example", "a@\ud800.example", "\ud800@x.example", "a@x.example\ufffd",
    ],
)  # fmt: skip
def test_T20_what_is_nobodys_address_on_the_internet_has_no_form(written: str) -> None:
    assert normalize(written) is None


def test_T20_lengths_up_to_the_limit_are_usable() -> None:
    assert normalize("a" * 64 + "@x.example") == "a" * 64 + "@x.example"
    assert normalize("a@" + "x" * 63 + ".example") == "a@" + "x" * 63 + ".example"
    domain = "b." * 125 + "ccc"
    assert (len(domain), normalize(f"a@{domain}....")) == (253, f"a@{domain}")


@pytest.mark.parametrize(
    "domain",
    [
        "аcme.example",
        "acme\u2024example.com",
        "acme.example\u2044x.example",
        "acme.exarnple",
        "асме.example",
        "acme\u00b7x.example",
    ],
)
def test_T23_a_lookalike_never_equals_what_it_imitates(domain: str) -> None:
    assert normalize(f"rep@{domain}") != "rep@acme.example"


@pytest.mark.parametrize(
    "odd",
    [
        "\u202e",
        "\u2066",
        "\u200b",
        "\u200c",
        "\u200d",
        "\u200e",
        "\u00ad",
        "\ufeff",
        "\U000e0041",
        "\u034f",
        "\u3164",
        "\u2800",
        "\ufe0f",
        "\x07",
    ],
)
def test_T24_T41_invisible_characters_leave_no_form(odd: str) -> None:
    assert [
        normalize(text)
        for text in (f"k{odd}im@x.example", f"kim@x{odd}.example", f"kim@é{odd}.example", f"{odd}kim@x.example")
    ] == [None] * 4


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("bu\u0308cher.example", "xn--bcher-kva.example"),
        ("XN--BCHER-KVA.example", "xn--bcher-kva.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("STRAẞE.example", "xn--strae-oqa.example"),
        ("βόλος.example", "xn--nxasmm1c.example"),
        ("ΒΌΛΟΣ.example", "xn--nxasmq6b.example"),
        ("пример.рф", "xn--e1afmkfd.xn--p1ai"),
        ("ﬁ.example", "fi.example"),
        ("\u212aim.example", "kim.example"),
        ("xn--acme-.example", "xn--acme-.example"),
        ("xn--99999.example", "xn--99999.example"),
        ("xn--é.example", None),
        ("ｘn--bcher-kva.example", None),
        ("i❤.example", None),
        ("\u0301a.example", None),
    ],
)
def test_T25_T39_domains_are_compared_by_their_a_labels(domain: str, expected: str | None) -> None:
    assert normalize_domain(domain) == expected


def test_T25_false_a_labels_are_known() -> None:
    assert [label for label in ("xn--bcher-kva", "xn--acme-", "xn--99999", "xn--", "xn--ls8h", "xn--a-ecp.") if decode_a_label(label) is None] == [
        "xn--acme-", "xn--99999", "xn--", "xn--ls8h", "xn--a-ecp.",
    ]  # fmt: skip
    assert has_broken_idna("a.XN--ACME-.example") and not has_broken_idna("xn--bcher-kva.example")


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        ("REP", "rep"),
        ("É", "É"),
        ("e\u0301", "é"),
        ("\u0130", "\u0130"),
        ("ﬁ", "ﬁ"),
        ("\u212aim", None),
        ("K\u0130", "k\u0130"),
        ("\u212a\u0130", None),
    ],
)
def test_T26_local_parts_fold_ascii_only(local: str, expected: str | None) -> None:
    found = normalize(f"{local}@x.example")
    assert found == (None if expected is None else f"{expected}@x.example")


def test_T26_no_single_character_becomes_an_ascii_local_part() -> None:
    for point in range(128, 0x3000):
        found = normalize(f"{chr(point)}@x.example")
        assert found is None or not found.isascii(), hex(point)


def test_T23_no_single_character_becomes_ascii_punctuation_of_a_domain() -> None:
    for point in range(128, 0x30000):
        found = normalize_domain(f"a{chr(point)}b.example")
        assert found is None or found.count(".") == 1 or chr(point) in "。．｡", hex(point)


@pytest.mark.parametrize(
    ("normal", "tags", "dots", "both"),
    [
        ("kim+crm@customer.example", KIM, "kim+crm@customer.example", KIM),
        ("kim+a+b@x.example", "kim@x.example", "kim+a+b@x.example", "kim@x.example"),
        ("+a@x.example", "+a@x.example", "+a@x.example", "+a@x.example"),
        ("k.i.m@gmail.com", "k.i.m@gmail.com", "kim@gmail.com", "kim@gmail.com"),
        ("k.i.m+a@googlemail.com", "k.i.m@googlemail.com", "kim+a@gmail.com", "kim@gmail.com"),
        ("k.i.m@gmail.com.example", "k.i.m@gmail.com.example", "k.i.m@gmail.com.example", "k.i.m@gmail.com.example"),
    ],
)
def test_T37_T38_the_wide_form_joins_the_spellings_of_one_mailbox(normal: str, tags: str, dots: str, both: str) -> None:
    email = NormalEmail(normal)
    assert widen(email, plus_tags=True, gmail_dots=False) == tags
    assert widen(email, plus_tags=False, gmail_dots=True) == dots
    assert widen(email, plus_tags=True, gmail_dots=True) == both
    assert widen(email, plus_tags=False, gmail_dots=False) == normal


@pytest.mark.parametrize(
    "domain", ["аcme.example", "acme.exarnple", "acmе.example", "асме.example", "mail.аcme.example", "acme.ехample"]
)
def test_T23_a_domain_that_looks_like_a_protected_one_is_a_lookalike(domain: str) -> None:
    normal = normalize_domain(domain)
    assert normal is not None and is_lookalike(normal, {"acme.example", "other.example"})


@pytest.mark.parametrize(
    "domain",
    [
        "acme.example",
        "mail.acme.example",
        "acme.example.attacker.example",
        "notacme.example",
        "büro.example",
        "acné.example",
    ],
)
def test_T23_the_protected_domain_itself_and_others_are_no_lookalikes(domain: str) -> None:
    normal = normalize_domain(domain)
    assert normal is not None and not is_lookalike(normal, {"acme.example"})


def test_T23_an_imitated_idn_is_a_lookalike_too() -> None:
    real, fake = normalize_domain("bücher.example"), normalize_domain("büсher.example")
    assert real is not None and fake is not None and real != fake and skeleton(real) == skeleton(fake)


def test_every_confusable_is_a_letter_that_a_domain_can_hold() -> None:
    data = json.loads((files("bcclog") / "data" / "confusables.json").read_text("utf-8"))
    assert list(data["characters"]) == sorted(data["characters"])
    every = "".join(data["characters"].values())
    assert len(set(every)) == len(every)
    for char in every:
        assert unicodedata.normalize("NFKC", char).casefold() == char, char
        assert char.isascii() or normalize_domain(f"a{char}b.example"), char


@pytest.mark.parametrize(
    "written",
    [
        "kim=customer.example@groups.io", "kim=40customer.example@lists.example", "kim%customer.example@b.example", "customer.example!kim@b.example",
        '"kim@customer.example"@b.example', "SRS0=ab=cd=customer.example=kim@b.example", "prvs=0123abcd=kim@customer.example",
        "list-bounces+kim=customer.example@b.example", "IMCEASMTP-kim+40customer+2Eexample@b.example", "'kim@customer.example", "*kim*@customer.example",
        "to=kim@customer.example", "//kim@customer.example", "kim@customer.example.invalid",
        "kim_customer.example#EXT#@ourco.onmicrosoft.com",
    ],
)  # fmt: skip
def test_T16_T42_the_address_inside_another_is_found_for_blocking(written: str) -> None:
    normal = normalize(written)
    assert normal is not None and KIM in routed(normal)


@pytest.mark.parametrize(
    "written", [KIM, "kim+tag@customer.example", "kim-k.x_1@customer.example", "o'neil@customer.example"]
)
def test_an_ordinary_address_holds_no_other(written: str) -> None:
    normal = normalize(written)
    assert normal is not None and routed(normal) == ()
