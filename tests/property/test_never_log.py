"""P7: a listed person is known in every spelling of his address, and nobody else is taken for him."""

import re

import hypothesis.strategies as st
import pytest
from hypothesis import given

from bcclog import plan
from bcclog._decide.contacts import listed_code
from bcclog._people.address import parse_header_list
from bcclog._people.block_addresses import parse_block_list
from bcclog._people.never_log import NeverLog
from bcclog._people.normal import normalize, normalize_domain
from bcclog.codes import Code
from bcclog.policy import HUBSPOT_2023_09, Limits, PolicyError
from builders import BCC, account, directory, mail

LOCAL = st.from_regex(re.compile(r"[a-z][a-z0-9]{0,7}(\.[a-z0-9]{1,5})?"), fullmatch=True)
LABEL = st.one_of(
    st.from_regex(re.compile(r"[a-z][a-z0-9]{0,7}"), fullmatch=True),
    st.sampled_from(["bücher", "пример", "例え"]),
)
DOMAIN = st.lists(LABEL, min_size=1, max_size=3).map(lambda labels: ".".join([*labels, "example"]))


@st.composite
def spellings(draw: st.DrawFn, local: str, domain: str) -> str:
    """One more way to write the address (T33-T39)."""
    domain = draw(
        st.sampled_from(
            [
                domain,
                domain.upper(),
                (normalize_domain(domain) or domain).upper(),
            ]
        )
    )
    domain = draw(
        st.sampled_from([domain, domain.replace(".", "。"), domain.replace(".", " . "), domain.replace(".", "(x).(@)")])
    )
    local = draw(
        st.sampled_from(
            [local, local.upper(), f'"{local}"', '"' + "".join("\\" + char for char in local) + '"', local + "(x)"]
        )
    )
    at = draw(st.sampled_from(["@", " @ ", "\r\n @", "@(a@b.example)"]))
    dots = draw(st.sampled_from(["", ".", "..."]))
    return draw(st.sampled_from(["{}", "<{}>", "Kim <{}>", "<@a.example,@b.example:{}>", "Team: {};"])).format(
        f"{local}{at}{domain}{dots}"
    )


@given(st.data(), LOCAL, DOMAIN)
def test_P7_T33_T39_no_spelling_of_a_listed_address_gets_through(data: st.DataObject, local: str, domain: str) -> None:
    listed = [NeverLog.of([f"{local}@{domain}"]), NeverLog.of([domain])]
    written = data.draw(spellings(local, domain))
    for one in parse_header_list(written, Limits()).mailboxes:
        normal = normalize(one.email or "")
        assert normal is None or all(one.match(normal) is not None for one in listed), (written, normal)


# What people and programs put around an address, in pairs or not; no letters, which are part of one.
MARKS = st.text(
    "'\"`´*_~#|/\\=+-–—•^!?.,:;&%$<>()[]{}‘’‚‛“”„«»‹›「」『』【】（）［］＜＞＂＇\u00ad\u200b\u200e\u202a\u2060\ufeff\u00a0\u3000 \t€§°™🎉@",
    max_size=3,
)


@given(
    LOCAL,
    DOMAIN,
    MARKS,
    MARKS,
    st.sampled_from(["{}", "Kim {}", "Kim <{}>", "Kim [mailto:{}]", "{}; jo@b.example", "jo@b.example, {}"]),
)
def test_P7_T42_no_marks_round_an_address_in_a_block_get_a_listed_one_through(
    local: str, domain: str, left: str, right: str, written: str
) -> None:
    for entry in (f"{local}@{domain}", domain):
        listed = NeverLog.of([entry])
        for one in parse_block_list(written.format(f"{left}{local}@{domain}{right}")).mailboxes:
            normal = normalize(one.email or "")
            is_other = normal is None or normal == "jo@b.example"
            assert is_other or listed_code(normal, [listed], HUBSPOT_2023_09) is not None, (one, entry)


@given(LOCAL, DOMAIN, LOCAL, LABEL)
def test_P7_tags_and_subdomains_are_covered(local: str, domain: str, tag: str, label: str) -> None:
    tagged, below = normalize(f"{local}+{tag}@{domain}"), normalize(f"{local}@{label}.{domain}")
    assert tagged is not None and below is not None
    assert NeverLog.of([f"{local}@{domain}"]).match(tagged) is Code.CONTACT_SKIP_NEVER_LOG_ADDRESS
    assert NeverLog.of([f"@{domain}"]).match(below) is Code.CONTACT_SKIP_NEVER_LOG_DOMAIN


@given(LOCAL, DOMAIN, LOCAL, DOMAIN)
def test_nobody_else_is_listed(local: str, domain: str, other_local: str, other_domain: str) -> None:
    listed, other = normalize(f"{local}@{domain}"), normalize(f"{other_local}@{other_domain}")
    assert listed is not None and other is not None
    if listed != other:
        assert NeverLog.of([listed]).match(other) is None
    theirs, own = (one.rpartition("@")[2] for one in (other, listed))
    expected = theirs == own or theirs.endswith("." + own)
    assert (NeverLog.of([own]).match(other) is not None) is expected


@given(st.text(max_size=20))
def test_T43_any_entry_is_a_list_or_a_sentence(entry: str) -> None:
    try:
        listed = NeverLog.of([entry])
    except PolicyError as error:
        assert str(error).startswith("a Never Log entry must be an address")
    else:
        assert len(listed.addresses) + len(listed.domains) == 1
        assert all("." in domain for domain in listed.domains)


@pytest.mark.parametrize(
    "written",
    [
        "kim%customer.example@b.example",
        "kim+x%customer.example@b.example",
        "customer.example!kim@b.example",
        "b.example!customer.example!kim@c.example",
        "kim%CUSTOMER.example%c.example@b.example",
        '"kim@customer.example"@b.example',
        '"Kim@customer.example."@b.example',
        '"kim@customer.example x"@b.example',
        '"<kim@customer.example>, jo@c.example"@b.example',
        "kim=40customer.example@dmarc.ietf.org",
        "kim=customer.example@groups.io",
        "SRS0=hash=day=customer.example=kim@b.example",
        "list-bounces+kim=customer.example@b.example",
        "IMCEASMTP-kim+40customer+2Eexample@b.example",
        "\uff4bim@customer.example",
        "\uff2b\uff29\uff2d@customer.example",
        '"\uff4bim@customer.example"@b.example',
    ],
)
def test_T16_T35_T42_an_address_that_holds_a_listed_one_is_listed(written: str) -> None:
    for entry in ("kim@customer.example", "customer.example"):
        found = plan(
            mail(to=f"{written}, ann@b.example"),
            account=account(never_log=[entry]),
            directory=directory(),
            recipient=BCC,
        )
        assert [contact.email for contact in found.contacts] == [None, "ann@b.example"]
        assert "customer.example" not in found.to_json().lower()


@pytest.mark.parametrize(
    "written",
    ["kim%@b.example", "!kim@b.example", "100%sure@b.example", '"a@b"@c.example', "a=b@c.example", "a=@c.example"],
)
def test_a_sign_of_a_route_alone_lists_nobody(written: str) -> None:
    found = plan(
        mail(to=written), account=account(never_log=["customer.example"]), directory=directory(), recipient=BCC
    )
    assert [contact.code for contact in found.contacts] == [Code.CONTACT_CREATE_RECIPIENT]
