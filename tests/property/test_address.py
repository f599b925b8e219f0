"""Any bytes give a clean list; what the standard library writes is read back; the normal form is idempotent."""

import re
import unicodedata
from email.headerregistry import Address

import hypothesis.strategies as st
from hypothesis import example, given

from bcclog._people.address import parse_header_list, sender_of
from bcclog._people.block_addresses import _MARKDOWN, _BlockReader, parse_block_list, split_on_behalf
from bcclog._people.normal import decode_a_label, is_lookalike, normalize, normalize_domain, skeleton, widen
from bcclog.address import EmailAddress
from bcclog.codes import Code
from bcclog.policy import Limits

LIMITS = Limits()
DIRTY = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u200b-\u200f\ud800-\udfff]")
PIECES = [
    '"', "\\", "(", ")", "<", ">", "[", "]", "@", ",", ";", ":", ".", " ", "\t", "\r\n ", "\0", "\x0b", "a", "Kim", "x.example", "a@x.example",
    "<b@y.example>", "=?utf-8?q?", "=C3=A9", "?=", "mailto:", "é", "\u200b", "\u202e", "＠", "，", "、", "；", "“", "”", "'", "*", "on behalf of", "\ud800",
]  # fmt: skip
TEXT = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
BYTES = st.one_of(st.binary(max_size=40), TEXT.map(lambda text: text.encode("utf-8", "surrogatepass")))
ATOM = st.text("abcdefghijklmnopqrstuvwxyzABC0123456789!#$%&'*+-/?^_{|}~", min_size=1, max_size=12)
DOMAIN = st.lists(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=8), min_size=1, max_size=3).map(
    lambda labels: ".".join([*labels, "example"])
)
NAME = st.text(
    st.characters(
        codec="utf-8", exclude_categories=["C", "Z", "Mn", "Me"], exclude_characters="=?\u115f\u1160\u3164\uffa0\u2800"
    ),
    min_size=1,
    max_size=10,
)
NAMES = (
    st.lists(NAME, min_size=1, max_size=4).map(" ".join).filter(lambda name: name[0] not in "\"'`“”„‟‘’‚«»‹›「」『』＂")
)


def clean(one: EmailAddress) -> bool:
    return not any(DIRTY.search(text) for text in (one.name or "", one.email or ""))


@given(BYTES)
def test_any_bytes_give_a_clean_list_with_spans_inside(body: bytes) -> None:
    found = parse_header_list(body, LIMITS)
    assert all(map(clean, found.mailboxes))
    for _, start, end in found.notes:
        assert 0 <= start <= end <= len(body)
    ends = [0, *(edge for span in found.unreadable for edge in span), len(body)]
    assert ends == sorted(ends)


@given(BYTES)
def test_a_sender_is_the_only_mailbox_of_a_field_without_doubt(body: bytes) -> None:
    sender = sender_of(body, LIMITS)
    found = parse_header_list(body, LIMITS)
    if isinstance(sender, Code):
        assert str(sender).startswith(("identity.ambiguous.", "refuse.identity.none"))
    else:
        assert found.mailboxes == (sender,) and not found.groups and not found.unreadable
        assert sender.email is not None and normalize(sender.email) is not None


@given(BYTES, BYTES)
def test_nothing_that_is_added_to_a_from_field_changes_its_sender_unseen(body: bytes, more: bytes) -> None:
    """T2, T16-T21: whatever stands beside a sender, he is the sender still or there is none - or the field was cut in a comment or name."""
    sender = sender_of(b"rep@acme.example, " + body + more, LIMITS)
    assert sender == EmailAddress(None, "rep@acme.example") or isinstance(sender, Code)


@given(st.lists(st.tuples(NAMES, ATOM, DOMAIN), min_size=1, max_size=5))
@example([("Roe, Kim", "kim", "x.example")])
@example([('Kim "K" \\ Roe', "kim", "x.example")])
def test_what_the_standard_library_writes_is_read_back(people: list[tuple[str, str, str]]) -> None:
    addresses = [Address(name, local, domain) for name, local, domain in people]
    body = ", ".join(map(str, addresses))
    found = parse_header_list(body, LIMITS)
    assert [(one.name, one.email) for one in found.mailboxes] == [
        (one.display_name, one.addr_spec) for one in addresses
    ]
    assert not found.unreadable


@given(st.lists(st.tuples(ATOM, DOMAIN), min_size=1, max_size=5), st.sampled_from([b"\r\n ", b"\r\n\t", b" ", b"  "]))
def test_P9_folding_changes_nothing(people: list[tuple[str, str]], fold: bytes) -> None:
    body = ", ".join(f'"Roe, Kim" <{local}@{domain}>' for local, domain in people).encode()
    assert parse_header_list(body.replace(b" ", fold), LIMITS).mailboxes == parse_header_list(body, LIMITS).mailboxes


@given(TEXT)
def test_any_text_gives_a_clean_list_of_people(text: str) -> None:
    found = parse_block_list(text)
    assert all(map(clean, found.mailboxes))
    assert all(one.name or one.email for one in found.mailboxes)
    for _, start, end in found.notes:
        assert 0 <= start <= end <= len(text)
    both = split_on_behalf(text)
    assert both is None or all(both)


@given(st.lists(st.tuples(ATOM.filter(lambda local: local.strip("'*`!.?/&{|}") == local and "?" not in local and "/" not in local and "&" not in local), DOMAIN), min_size=1, max_size=5),
       st.sampled_from(["{name} <{email}>", '"{name}" <{email}>', "{name} [mailto:{email}]", "{name} ({email})", "{name} <{email}<mailto:{email}>>"]),
       st.sampled_from([", ", "; ", ",", ";\n "]))  # fmt: skip
def test_people_written_in_any_notation_are_read_back(
    people: list[tuple[str, str]], notation: str, separator: str
) -> None:
    emails = [f"{local}@{domain}" for local, domain in people]
    text = separator.join(notation.format(name=f"Roe, Kim {n}", email=email) for n, email in enumerate(emails))
    assert [(one.name, one.email) for one in parse_block_list(text).mailboxes] == [
        (f"Roe, Kim {n}", email) for n, email in enumerate(emails)
    ]


@given(TEXT)
def test_the_normal_form_is_idempotent_clean_and_short(text: str) -> None:
    for written in (text, f"{text}@x.example", f"kim@{text}", f"kim@{text}.example"):
        normal = normalize(written)
        if normal is None:
            continue
        local, _, domain = normal.rpartition("@")
        assert domain.isascii() and domain == domain.lower() and "." in domain and len(domain) <= 253
        assert normalize_domain(domain) == domain
        assert local and len(local.encode()) <= 64 and local.isprintable() and not DIRTY.search(local)
        assert unicodedata.is_normalized("NFC", local)
        if not re.search(r'[\s"(),:;<>@\[\\\]]', local):
            assert normalize(normal) == normal
        wide = widen(normal, plus_tags=True, gmail_dots=True)
        assert widen(wide, plus_tags=True, gmail_dots=True) == wide


@given(ATOM, DOMAIN)
def test_case_quotes_and_final_dots_do_not_matter(local: str, domain: str) -> None:
    plain = normalize(f"{local}@{domain}")
    assert plain is not None
    assert {normalize(f"{local.upper()}@{domain.upper()}."), normalize(f'"{local}"@{domain}..')} == {plain}


@given(st.text(st.characters(categories=["Ll", "Lo", "Nd"]), min_size=1, max_size=12))
def test_a_label_and_u_label_are_one_domain(label: str) -> None:
    normal = normalize_domain(f"{label}.example")
    if normal is not None and normal.startswith("xn--"):
        decoded = decode_a_label(normal.partition(".")[0])
        assert decoded is not None and normalize_domain(f"{decoded}.example") == normal
        assert not is_lookalike(normal, {normal})
        assert isinstance(skeleton(normal), str)


USUAL = st.lists(
    st.sampled_from(
        ["Kim Kaufmann <kim@x.example>", "<b@y.example>", "a@x.example", "Ó. Süß-Meyer & Co <o@z.example>", "Kim", "K, R <k@x.example>",
         '"Q" <q@x.example>', "D'Arcy <d@x.example>", "'Z' <z@x.example>", "x@y@z.example", "Kim <kim@x.example", "a@b", "G: a@x.example",
         '"Roe, Rick" <r@x.example>', "ローザ・レップ <l@x.example>", "Kim\u3164 <kim@x.example>", "\uffa0 <f@x.example>",
         "kim@x.example-", "<kim@x.example->"]
    ),
    max_size=5,
)  # fmt: skip


@given(
    st.one_of(
        USUAL.flatmap(lambda items: st.sampled_from([", ", "; ", ",", " "]).map(lambda sep: sep.join(items))), TEXT
    )
)
def test_the_short_way_through_a_usual_list_gives_what_the_long_way_gives(text: str) -> None:
    assert parse_block_list(text) == _BlockReader(_MARKDOWN.sub(r"\1", text), LIMITS).read()
