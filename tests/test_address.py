"""Address fields by the grammar, and the one sender of a From field: T2, T3, T5, T7, T8, T11, T14-T22, T24, T25, T28."""

from email.headerregistry import AddressHeader
from email.policy import default

import pytest

from bcclog._people.address import AddressList, parse_header_list, sender_of, tidy_name
from bcclog.address import EmailAddress
from bcclog.codes import Code
from bcclog.policy import Limits

LIMITS = Limits()
EVIL = "evil@attacker.example"


def read(body: bytes | str, limits: Limits = LIMITS) -> AddressList:
    return parse_header_list(body, limits)


def pairs(body: bytes | str) -> list[tuple[str | None, str | None]]:
    return [(one.name, one.email) for one in read(body).mailboxes]


def codes(body: bytes | str) -> list[Code]:
    return [code for code, _, _ in read(body).notes]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("kim@customer.example", [(None, "kim@customer.example")]),
        ("<kim@customer.example>", [(None, "kim@customer.example")]),
        ("Kim Roe <kim@customer.example>", [("Kim Roe", "kim@customer.example")]),
        ("J. R. Roe <kim@customer.example>", [("J. R. Roe", "kim@customer.example")]),
        ('"Roe, Kim" <kim@customer.example>', [("Roe, Kim", "kim@customer.example")]),
        ('"Kim \\"K\\" Roe" <kim@customer.example>', [('Kim "K" Roe', "kim@customer.example")]),
        ("'Kim Roe' <kim@customer.example>", [("Kim Roe", "kim@customer.example")]),
        ("\"'Kim Roe'\" <kim@customer.example>", [("Kim Roe", "kim@customer.example")]),
        ('Kim "Kimmy" Roe <kim@customer.example>', [("Kim Kimmy Roe", "kim@customer.example")]),
        ("=?utf-8?q?J=C3=BCrgen?= <kim@customer.example>", [("Jürgen", "kim@customer.example")]),
        ('"=?utf-8?q?J=C3=BCrgen?=" <kim@customer.example>', [("Jürgen", "kim@customer.example")]),
        ("Jürgen <jürgen@bücher.example>", [("Jürgen", "jürgen@bücher.example")]),
        ("a@x.example, b@x.example", [(None, "a@x.example"), (None, "b@x.example")]),
        ("a@x.example,, b@x.example,", [(None, "a@x.example"), (None, "b@x.example")]),
        ("kim..roe@docomo.example", [(None, "kim..roe@docomo.example")]),
    ],
)
def test_R31_names_are_decoded_and_kept_whole(body: str, expected: list[tuple[str | None, str]]) -> None:
    assert read(body) == AddressList(mailboxes=tuple(EmailAddress(*one) for one in expected))


def test_a_name_without_pairs_of_quotes_is_kept_as_it_is() -> None:
    assert [tidy_name(name) for name in ("'Kim", "“Kim”", "''", "'", '"\'"Kim"\'"', "O'Neil")] == [
        "'Kim", "Kim", "", "'", '"Kim"', "O'Neil",
    ]  # fmt: skip


# --- lists and groups


@pytest.mark.parametrize(
    "body", [f"{EVIL}, rep@acme.example", f"rep@acme.example, Rep <{EVIL}>", "a@x.example, a@x.example"]
)
def test_T2_a_from_with_several_mailboxes_names_no_sender(body: str) -> None:
    assert sender_of(body, LIMITS) is Code.IDENTITY_AMBIGUOUS_FROM_LIST


@pytest.mark.parametrize(
    "body", [f"rep@acme.example:{EVIL};", "Undisclosed:;", "Team: rep@acme.example", "a:b:c@x.example;"]
)
def test_T3_a_group_in_from_names_no_sender(body: str) -> None:
    assert sender_of(body, LIMITS) is Code.IDENTITY_AMBIGUOUS_FROM_GROUP


def test_T3_members_of_a_group_are_read_and_its_name_is_nobody() -> None:
    found = read('Team: a@x.example, "B, C" <b@x.example>;, d@x.example, Empty:;')
    assert found == AddressList(
        mailboxes=(
            EmailAddress(None, "a@x.example"),
            EmailAddress("B, C", "b@x.example"),
            EmailAddress(None, "d@x.example"),
        ),
        groups=("Team", "Empty"),
    )


@pytest.mark.parametrize(
    "body", ["", " ", "<>", "rep", "Rep <>", '"Rep"', "(rep)", ",", "rep＠acme.example", "a@localhost", "a@[127.0.0.1]"]
)
def test_T5_a_from_without_a_usable_address_names_nobody(body: str) -> None:
    assert sender_of(body, LIMITS) is Code.REFUSE_IDENTITY_NONE


# --- bytes


@pytest.mark.parametrize("body", [b"rep@acme.example\0@attacker.example", b"rep\0@acme.example", b"rep@acme.example\0"])
def test_T7_nul_in_an_address_makes_it_unreadable(body: bytes) -> None:
    assert (pairs(body), sender_of(body, LIMITS)) == ([], Code.IDENTITY_AMBIGUOUS_ADDRESS)


@pytest.mark.parametrize("body", [b"\r\n \r\n kim@x.example", b"\r\n\t Kim\r\n Roe\r\n <kim@x.example>\r\n"])
def test_T8_folds_between_tokens_are_blanks(body: bytes) -> None:
    assert pairs(body)[0][1] == "kim@x.example" and sender_of(body, LIMITS) == read(body).mailboxes[0]


def test_T11_raw_bytes_are_utf8_or_else_windows_1252_in_names_only() -> None:
    assert pairs(b"Andr\xe9 <kim@x.example>") == [("André", "kim@x.example")]
    assert codes(b"Andr\xe9 <kim@x.example>") == [Code.WARN_HEADER_8BIT]
    assert pairs(b"kim@caf\xe9.example") == [(None, "kim@caf\ufffd.example")]
    assert pairs(b"kim@\xc0\x80.example") == [(None, "kim@\ufffd\ufffd.example")]
    assert pairs("kim@café.example".encode()) == [(None, "kim@café.example")]


def test_text_is_read_as_its_utf8_form() -> None:
    assert read("Jürgen <ü@x.example>, x") == read("Jürgen <ü@x.example>, x".encode())
    assert pairs("\ud800@x.example") == [(None, "\ufffd\ufffd\ufffd@x.example")]


# --- what an address is not


@pytest.mark.parametrize(
    "body",
    ["=?utf-8?q?rep?=@acme.example", "rep@=?utf-8?q?acme?=.example", "<=?utf-8?b?cmVwQGFjbWUuZXhhbXBsZQ==?=>"],
)
def test_T14_encoded_words_are_never_decoded_inside_an_address(body: str) -> None:
    assert (pairs(body), sender_of(body, LIMITS)) == ([], Code.IDENTITY_AMBIGUOUS_ADDRESS)


@pytest.mark.parametrize(
    "name", ["=?utf-8?q?rep=40acme.example?=", "=?utf-8?q?=22rep=40acme.example=22_=3Cx=40y=3E=2C?="]
)
def test_T14_decoded_text_is_a_name_and_is_never_parsed_again(name: str) -> None:
    found = sender_of(f"{name} <{EVIL}>", LIMITS)
    assert isinstance(found, EmailAddress) and found.email == EVIL
    assert codes(f"{name} <{EVIL}>") == [Code.WARN_NAME_HOLDS_ADDRESS]


def test_T15_controls_in_an_encoded_name_become_one_blank() -> None:
    assert pairs("=?utf-8?q?a=0D=0ABcc=3A=09E=00?= <kim@x.example>") == [("a Bcc: E", "kim@x.example")]


@pytest.mark.parametrize(
    "body",
    [
        "rep@acme.example@attacker.example", f"<rep@acme.example><{EVIL}>", f"rep@acme.example <{EVIL}>",
        f"<rep@acme.example> {EVIL}", f"rep@acme.example {EVIL}", f"rep@acme.example\t{EVIL}", f'"rep@acme.example"{EVIL}',
    ],
)  # fmt: skip
def test_T16_several_addresses_in_one_item_are_none(body: str) -> None:
    assert (pairs(body), codes(body)) == ([], [Code.WARN_ADDRESS_UNREADABLE])
    assert read(body).unreadable == ((0, len(body)),)
    assert sender_of(body, LIMITS) is Code.IDENTITY_AMBIGUOUS_ADDRESS


def test_T16_a_quoted_at_sign_belongs_to_the_local_part() -> None:
    assert sender_of('"rep@acme.example"@attacker.example', LIMITS) == EmailAddress(
        None, '"rep@acme.example"@attacker.example'
    )


@pytest.mark.parametrize("name", ['"rep@acme.example"', '"Rep (rep@acme.example)"'])
def test_T16_a_name_that_holds_another_address_is_noted_and_not_used(name: str) -> None:
    assert pairs(f"{name} <{EVIL}>") == [(name.strip('"'), EVIL)]
    assert codes(f"{name} <{EVIL}>") == [Code.WARN_NAME_HOLDS_ADDRESS]


def test_T16_the_address_itself_as_name_is_no_second_address() -> None:
    assert sender_of("Kim@x.example <kim@x.example>", LIMITS) == EmailAddress(None, "kim@x.example")
    assert codes('"kim@x.example" <kim@x.example>') == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("kim@x.example (Kim Roe)", ("Kim Roe", "kim@x.example")),
        ("kim@x.example (Kim \\(K\\) Roe)", ("Kim (K) Roe", "kim@x.example")),
        ("(rep@acme.example) kim@x.example", (None, "kim@x.example")),
        ("Kim (K) Roe <kim@x.example> (at work)", ("Kim Roe", "kim@x.example")),
        ("(a(b)c) <kim@x.example>", (None, "kim@x.example")),
    ],
)
def test_T17_comments_are_dropped_and_the_old_form_gives_the_name(body: str, expected: tuple[str, str]) -> None:
    assert pairs(body) == [expected]
    assert isinstance(sender_of(body, LIMITS), EmailAddress)


@pytest.mark.parametrize(
    "body",
    [
        "rep(x@y)@acme(>).example",
        "rep @acme.example",
        "<rep@acme(x).example>",
        "rep@acme\r\n .example",
        "<rep@acme.example(x)>",
    ],
)
def test_T17_T36_comments_and_blanks_inside_an_address_are_dropped_and_doubted_in_from(body: str) -> None:
    assert pairs(body) == [(None, "rep@acme.example")]
    assert sender_of(body, LIMITS) is Code.IDENTITY_AMBIGUOUS_ADDRESS


def test_T17_comments_nested_past_the_limit_make_the_field_unreadable() -> None:
    allowed, deep = (f"{'(' * n}x{')' * n} kim@x.example, {EVIL}" for n in (32, 33))
    assert [one.email for one in read(allowed).mailboxes] == ["kim@x.example", EVIL]
    assert (read(deep).mailboxes, read(deep).is_complete) == ((), False)
    assert sender_of(deep, LIMITS) is Code.IDENTITY_AMBIGUOUS_ADDRESS


@pytest.mark.parametrize("route", ["@acme.example", "@acme.example,@b", ",@acme.example", "@[1.2.3.4]"])
def test_T18_a_source_route_is_dropped_and_doubted_in_from(route: str) -> None:
    body = f"Rep <{route}:{EVIL}>"
    assert (pairs(body), read(body).has_route) == ([("Rep", EVIL)], True)
    assert sender_of(body, LIMITS) is Code.IDENTITY_AMBIGUOUS_ADDRESS


@pytest.mark.parametrize(
    ("body", "email"),
    [
        ('"john"@x.example', "john@x.example"),
        ('"a b"@x.example', '"a b"@x.example'),
        ('"a\\"b"@x.example', '"a\\"b"@x.example'),
        ('"a,b>"@x.example', '"a,b>"@x.example'),
        ('Kim <"a,b>"@x.example>', '"a,b>"@x.example'),
        ('""@x.example', '""@x.example'),
        ('"a". b @x.example', "a.b@x.example"),
    ],
)
def test_T19_quoted_local_parts_are_whole(body: str, email: str) -> None:
    assert [one.email for one in read(body + ", c@x.example").mailboxes] == [email, "c@x.example"]


@pytest.mark.parametrize(
    "bad",
    ["<<a@x.example>>", "a@x.example>", "<a@x.example", "Kim <>", "rep", "a@", "@x.example", "Kim a@x.example",
     "<a@x.example> Kim", "a@x.example)", "[x] <a@x.example>", "a@x.example; b@x.example", "a\\b@x.example"],
)  # fmt: skip
def test_T21_a_bad_item_ends_at_its_comma_and_is_reported(bad: str) -> None:
    found = read(f"first@x.example, {bad}, last@x.example")
    assert [one.email for one in found.mailboxes] == ["first@x.example", "last@x.example"]
    ((start, end),) = found.unreadable
    assert f"first@x.example, {bad}, last@x.example"[start:end].strip(" ,") == bad
    assert found.notes == ((Code.WARN_ADDRESS_UNREADABLE, start, end),)


@pytest.mark.parametrize(
    "body",
    [
        '"unclosed <kim@x.example>',
        "(unclosed kim@x.example",
        "Doe, John <john@x.example>",
        "<kim@x.example",
        f"x, {EVIL}",
    ],
)
def test_T21_an_unreadable_item_in_from_names_no_sender(body: str) -> None:
    assert sender_of(body, LIMITS) is Code.IDENTITY_AMBIGUOUS_ADDRESS


def test_T21_an_unclosed_quote_does_not_swallow_what_follows_its_comma() -> None:
    assert pairs('"unclosed <a@x.example>, b@x.example') == [(None, "b@x.example")]


@pytest.mark.parametrize(
    "body",
    [
        "a@x.example; c@y.example",
        "a@x.example，c@y.example",
        "a@x.example、c@y.example",
        "a@x.example،c@y.example",
        "a＠x.example",
    ],
)
def test_T22_only_commas_separate_in_header_fields(body: str) -> None:
    assert pairs(body) == []


@pytest.mark.parametrize("odd", ["\u202e", "\u2066", "\u200b", "\u200d", "\xad", "\ufeff", "\U000e0041", "ㅤ"])
def test_T24_what_cannot_be_seen_is_stripped_from_names_and_marks_addresses(odd: str) -> None:
    assert pairs(f"Ki{odd}m <kim@x.example>")[0][1] == "kim@x.example"
    assert pairs(f"k{odd}im@x.example") == [(None, "k\ufffdim@x.example")]
    assert sender_of(f"k{odd}im@x.example", LIMITS) is Code.IDENTITY_AMBIGUOUS_ADDRESS


def test_T24_direction_marks_in_a_name_are_noted() -> None:
    assert (pairs("Ki\u202em <kim@x.example>"), codes("Ki\u202em <kim@x.example>")) == (
        [("Kim", "kim@x.example")],
        [Code.WARN_TEXT_BIDI],
    )


@pytest.mark.parametrize(
    ("domain", "expected"),
    [("xn--acme-.example", [Code.WARN_IDNA]), ("xn--bcher-kva.example", []), ("xn--99999.example", [Code.WARN_IDNA])],
)
def test_T25_a_false_a_label_is_kept_and_noted(domain: str, expected: list[Code]) -> None:
    assert (pairs(f"kim@{domain}"), codes(f"kim@{domain}")) == ([(None, f"kim@{domain}")], expected)


# --- limits


@pytest.mark.parametrize(("count", "is_complete"), [(1_999, True), (2_000, True), (2_001, False)])
def test_T28_past_the_limit_of_addresses_reading_stops_and_says_so(count: int, is_complete: bool) -> None:
    found = read(", ".join(f"kim{n}@x.example" for n in range(count)) + ", ")
    assert (len(found.mailboxes), found.is_complete) == (min(count, 2_000), is_complete)
    assert [code for code, _, _ in found.notes] == ([] if is_complete else [Code.REFUSE_LIMIT_ADDRESSES])


@pytest.mark.parametrize(("count", "is_complete"), [(1_000, True), (1_001, False)])
def test_past_the_limit_of_encoded_words_the_field_is_unreadable(count: int, is_complete: bool) -> None:
    body = "=?utf-8?q?a=?= " * count + "<kim@x.example>"
    assert (read(body).is_complete, bool(read(body).mailboxes)) == (is_complete, is_complete)
    assert isinstance(sender_of(body, LIMITS), EmailAddress) is is_complete


# --- the standard library


@pytest.mark.parametrize(
    "body",
    [
        "kim@x.example", "Kim Roe <kim@x.example>", '"Roe, Kim" <kim@x.example>, Jo <jo@x.example>', "Kim <kim@x.example> (c)",
        "Team: a@x.example, B <b@x.example>;", "=?utf-8?b?SsO8cmdlbg==?= Roe <kim@x.example>", '"a b"@x.example', "a . b@x . example",
        "<@r.example:kim@x.example>", "Kim\r\n Roe\r\n <kim@x.example>", '"Kim \\\\ Roe" <kim@x.example>', "Undisclosed:;, a@x.example",
    ],
)  # fmt: skip
def test_agrees_with_the_standard_library_on_grammatical_lists(body: str) -> None:
    header = default.header_factory("to", body.replace("\r\n", ""))
    assert isinstance(header, AddressHeader)
    expected = [(one.display_name or None, one.addr_spec) for one in header.addresses]
    assert pairs(body) == expected
