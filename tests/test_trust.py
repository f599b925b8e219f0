"""What the caller's own server said of the sender (R27, T44-T49)."""

import time

import authres
import pytest
from attrs import evolve

from bcclog import HUBSPOT_2023_09, Code, Plan, TrustGrant, plan, read
from bcclog._decide.trust import read_results
from builders import BCC, KIM, account, directory, mail

MX = "mx.ourco.example"
ALIGNED, UNALIGNED, ABSENT = Code.TRUST_ALIGNED, Code.TRUST_UNALIGNED, Code.TRUST_ABSENT


def trust(*results: str, ids: tuple[str, ...] = (MX,), **options: object) -> tuple[Code, str | None]:
    fields = [f"Authentication-Results: {result}" for result in results]
    found = read(mail(*fields), account=account(authserv_ids=ids, policy=policy(**options)), recipient=BCC).trust
    return found.code, found.basis


def policy(**options: object):
    return evolve(HUBSPOT_2023_09, **options)


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ("dmarc=pass header.from=ourco.example", (ALIGNED, "dmarc")),
        ("dmarc=pass (p=none) header.from=ourco.example", (ALIGNED, "dmarc")),
        ("DMARC = Pass header.from = OurCo.Example", (ALIGNED, "dmarc")),
        ("dmarc=fail header.from=ourco.example", (UNALIGNED, "dmarc")),
        ('dkim=pass header.d=ourco.example header.s=s1 header.b="a/b="', (ALIGNED, "dkim")),
        ("dkim=pass header.i=@ourco.example header.b=Ab/c+d=", (ALIGNED, "dkim")),
        ("dkim=pass header.i=@mail.ourco.example", (ALIGNED, "dkim")),
        ("spf=pass smtp.mailfrom=rosa@ourco.example", (ALIGNED, "spf")),
        ("spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=bounce.ourco.example", (ALIGNED, "spf")),
        ("dmarc=none header.from=ourco.example; spf=pass smtp.mailfrom=ourco.example", (ALIGNED, "spf")),
        ("dkim=fail header.d=ourco.example; spf=softfail smtp.mailfrom=ourco.example", (UNALIGNED, "dkim")),
        ("none", (ABSENT, None)),
        ("", (ABSENT, None)),
        ("iprev=pass policy.iprev=192.0.2.1", (ABSENT, None)),
    ],
)
def test_R27_the_verdict_of_the_own_server_is_read(results: str, expected: tuple[Code, str | None]):
    assert trust(f"{MX}; {results}") == expected


def test_R27_real_shapes_are_read():
    google = (
        f'{MX};\r\n       dkim=pass header.i=@ourco.example header.s=google header.b="ab+c/d=";\r\n'
        "       arc=pass (i=1 spf=pass spfdomain=x.example);\r\n       spf=pass (mx: domain of rosa@ourco.example"
        " designates 192.0.2.1 as permitted sender) smtp.mailfrom=rosa@ourco.example;\r\n"
        "       dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=ourco.example"
    )
    microsoft = (
        f"{MX} 1; spf=pass (sender IP is 192.0.2.1)\r\n smtp.mailfrom=ourco.example; dkim=pass (signature was"
        " verified)\r\n"
        " header.d=ourco.example;dmarc=pass action=none\r\n header.from=ourco.example;compauth=pass reason=100"
    )
    assert trust(google) == (ALIGNED, "dmarc")
    assert trust(microsoft) == (ALIGNED, "dmarc")


PASS = "dmarc=pass header.from=ourco.example"


def test_T44_without_an_id_from_the_caller_nothing_is_read():
    assert trust(f"{MX}; {PASS}", ids=()) == (ABSENT, None)


@pytest.mark.parametrize(
    "head",
    [
        "mx.ourco.example.attacker.example",
        "attacker.example",
        "(mx.ourco.example) attacker.example",
        "attacker.example (mx.ourco.example)",
        "amx.ourco.example",
        "mx.ourco.example 2",
        "mx.ourco.example x",
    ],
)
def test_T44_another_id_is_not_ours(head: str):
    assert trust(f"{head}; {PASS}") == (ABSENT, None)


@pytest.mark.parametrize(
    "head", ["MX.OurCo.Example", '"mx.ourco.example"', "mx.ourco.example 1", "(x)\r\n mx.ourco.example (y)"]
)
def test_T44_the_own_id_in_other_dress_is_ours(head: str):
    assert trust(f"{head}; {PASS}") == (ALIGNED, "dmarc")


def test_T44_fields_of_others_are_passed_over():
    assert trust(f"attacker.example; {PASS}", f"{MX}; dmarc=fail header.from=ourco.example") == (UNALIGNED, "dmarc")


def test_T44_two_own_fields_that_disagree_are_no_verdict():
    assert trust(f"{MX}; {PASS}", f"{MX}; dmarc=fail header.from=ourco.example") == (ABSENT, None)
    assert trust(f"{MX}; {PASS}", f"{MX}; {PASS}") == (ALIGNED, "dmarc")
    assert trust(f"{MX}; {PASS}", f"{MX} 2; {PASS}") == (ABSENT, None)


@pytest.mark.parametrize(
    "results",
    [
        'spf=pass smtp.mailfrom="x; dmarc=pass header.from=ourco.example"',
        "dmarc=fail (dmarc=pass) header.from=ourco.example",
        "dkim=pass header.d=ourco.example.attacker.example",
        "dkim=pass header.d=attacker.example (ourco.example)",
        f"{PASS}; dmarc=fail header.from=ourco.example",
        f"dmarc=fail header.from=ourco.example; {PASS}",
        'dmarc=fail reason="dmarc=pass header.from=ourco.example"',
        "xdmarc=pass header.from=ourco.example; spf=fail smtp.mailfrom=ourco.example",
    ],
)
def test_T45_injected_verdicts_do_not_count(results: str):
    assert trust(f"{MX}; {results}")[0] is UNALIGNED


@pytest.mark.parametrize(
    "results",
    [
        f'{PASS}; spf=pass smtp.mailfrom="unclosed',
        f"{PASS}; (unclosed",
        f"{PASS}) x",
        f"{PASS}; junk",
        f"{PASS}; \\",
        "dmarc=pass header.from=ourco.example header.from=x.example",
        f"{PASS}; =",
        f"{'(' * 40}{')' * 40}{PASS}",
        f'{PASS}; spf=pass smtp.mailfrom=a"b"c',
    ],
)
def test_T45_a_field_that_does_not_fit_the_grammar_is_not_read(results: str):
    assert trust(f"{MX}; {results}") == (ABSENT, None)


def test_T45_an_unreadable_field_under_the_own_id_is_not_passed_over():
    broken = f"{MX}; spf=pass smtp.mailfrom=any@ourco.example(a.attacker.example"
    assert trust(broken, f"{MX}; {PASS}") == (ABSENT, None)
    assert trust("mx.attacker.example; spf=pass (unclosed", f"{MX}; {PASS}") == (ALIGNED, "dmarc")


@pytest.mark.parametrize("control", ["\0", "\x01", "\x0b", "\x7f"])
def test_T45_a_field_with_a_control_character_is_not_read(control: str):
    assert trust(f"{MX}; dkim=pass header.d=ourco.example header.s=s._domainkey.attacker.example.{control}.any") == (
        ABSENT,
        None,
    )


@pytest.mark.parametrize(
    "sender",
    ['"(any@ourco.example"', "any@ourco.example'@any.attacker.example", "@ourco.example", "any@ourco.example@x.example", "<>", "ourco", "any@[192.0.2.1]",
     "any@ourco.example\ufffd"],
)  # fmt: skip
def test_T46_what_is_no_address_and_no_domain_aligns_nothing(sender: str):
    assert trust(f"{MX}; spf=pass smtp.mailfrom={sender}")[0] is UNALIGNED


@pytest.mark.parametrize("domain", ["b\u00fccher.example", "xn--bcher-kva.example", "B\u00fcCHER.example."])
def test_T25_domains_are_compared_by_their_a_labels(domain: str):
    for results in (f"dmarc=pass header.from={domain}", f"dkim=pass header.d={domain}"):
        raw = mail(f"Authentication-Results: {MX}; {results}", from_="rosa@b\u00fccher.example")
        assert read(raw, account=account(authserv_ids=[MX]), recipient=BCC).trust.code is ALIGNED


@pytest.mark.parametrize(
    "results",
    [
        "dmarc=pass header.from=attacker.example",
        "dmarc=pass header.from=mail.ourco.example",
        "dmarc=pass",
        "spf=pass smtp.helo=ourco.example",
        "spf=pass smtp.mailfrom=",
        "spf=pass smtp.mailfrom=<>",
        "dkim=pass header.d=com",
        "dkim=pass header.d=example",
        "dkim=pass header.d=attacker.example header.i=@ourco.example",
        "dkim=pass header.d=notourco.example",
    ],
)
def test_T46_what_is_not_aligned_with_the_from_that_was_read_does_not_count(results: str):
    assert trust(f"{MX}; {results}")[0] is UNALIGNED


def test_T46_subdomains_are_aligned_by_policy():
    assert trust(f"{MX}; dkim=pass header.d=mail.ourco.example")[0] is ALIGNED
    assert trust(f"{MX}; dkim=pass header.d=mail.ourco.example", aligned_subdomains=False)[0] is UNALIGNED


def test_T47_a_signature_of_part_of_the_body_is_warned_of():
    fields = (f"Authentication-Results: {MX}; {PASS}", "DKIM-Signature: v=1; a=x; d=ourco.example;\r\n l=0; b=abc=")
    reading = read(mail(*fields), account=account(authserv_ids=[MX]), recipient=BCC)
    assert Code.WARN_DKIM_LENGTH in [reason.code for reason in reading.warnings]


def sealed(
    *,
    own: str = "arc=pass; dmarc=fail header.from=ourco.example",
    seals: tuple[str, ...] = ("lists.example",),
    results: str = PASS,
    cv: str = "none",
    numbers: tuple[int, ...] | None = None,
    sealers: tuple[str, ...] = ("lists.example",),
) -> tuple[Code, str | None]:
    fields = [f"Authentication-Results: {MX}; {own}"]
    for number, domain in zip(numbers or range(1, len(seals) + 1), seals, strict=True):
        fields.append(f"ARC-Seal: i={number}; a=rsa-sha256; cv={cv}; d={domain}; s=x; b=abc")
        fields.append(f"ARC-Authentication-Results: i={number}; mx.{domain}; {results}")
    found = read(
        mail(*fields), account=account(authserv_ids=[MX], policy=policy(arc_sealers=frozenset(sealers))), recipient=BCC
    ).trust
    return found.code, found.basis


def test_T48_a_chain_sealed_by_a_named_forwarder_is_aligned():
    assert sealed() == (ALIGNED, "arc")
    assert sealed(seals=("x.example", "lists.example")) == (ALIGNED, "arc")


@pytest.mark.parametrize(
    "given",
    [
        {"own": "dmarc=fail header.from=ourco.example"},
        {"own": "arc=fail; dmarc=fail header.from=ourco.example"},
        {"own": "arc=pass; arc=fail; dmarc=fail header.from=ourco.example"},
        {"seals": ("attacker.example",)},
        {"seals": ("lists.example", "attacker.example")},
        {"sealers": ()},
        {"cv": "fail"},
        {"numbers": (2,)},
        {"seals": ("lists.example", "lists.example"), "numbers": (1, 3)},
        {"seals": ("lists.example", "lists.example"), "numbers": (1, 1)},
        {"numbers": (99999,)},
        {"results": "dmarc=fail header.from=ourco.example"},
        {"results": "dmarc=pass header.from=attacker.example"},
        {"results": "(dmarc=pass)"},
    ],
)
def test_T48_any_other_chain_is_not(given: dict):
    assert sealed(**given)[0] is UNALIGNED


def test_T49_fields_of_an_attached_message_do_not_count():
    inner = f"Authentication-Results: {MX}; {PASS}\r\nFrom: x@y.example\r\n\r\nhello"
    raw = mail("Content-Type: message/rfc822", body=inner)
    assert read(raw, account=account(authserv_ids=[MX]), recipient=BCC).trust.code is ABSENT


def granted(verdict: str, grant: TrustGrant) -> Plan:
    grants = {"aligned": TrustGrant(), "unaligned": TrustGrant(), "absent": TrustGrant(), verdict: grant}
    return plan(
        mail(f"Authentication-Results: {MX}; dmarc=fail header.from=ourco.example"),
        account=account(authserv_ids=[MX], policy=policy(trust=grants)),
        directory=directory(),
        recipient=BCC,
    )


def test_R27_the_policy_says_what_a_verdict_may_do():
    assert granted("unaligned", TrustGrant(log=False)).code is Code.REFUSE_TRUST
    assert [c.code for c in granted("unaligned", TrustGrant(create=False)).contacts] == [Code.CONTACT_SKIP_TRUST]
    found = granted("unaligned", TrustGrant(attribute=False))
    assert (found.attribution.user, found.attribution.candidates) == (None, ("u1",))
    assert found.attribution.code is Code.ATTRIBUTION_UNTRUSTED
    assert [contact.email for contact in granted("aligned", TrustGrant(log=False)).created] == [KIM]


def test_T50_an_unaligned_sender_gets_no_notice():
    assert granted("unaligned", TrustGrant(create=False)).notices == ()


EXAMPLES = {
    # --- as in appendix B of RFC 8601, with other names
    "B.2": "mx.ourco.example 1; none",
    "B.3": "mx.ourco.example;\r\n  spf=pass smtp.mailfrom=customer.example",
    "B.4": "mx.ourco.example;\r\n  auth=pass (cram-md5) smtp.auth=kim@customer.example;\r\n  spf=pass smtp.mailfrom=customer.example",
    "B.4 a second field": "mx.ourco.example; iprev=pass\r\n  policy.iprev=192.0.2.200",
    "B.5": "mx.ourco.example;\r\n  dkim=pass (good signature) header.d=customer.example",
    "B.5 a failure": "mx.ourco.example;\r\n  auth=pass (cram-md5) smtp.auth=kim@ourco.example;\r\n  spf=fail smtp.mailfrom=ourco.example",
    "B.6": 'mx.ourco.example;\r\n  dkim=pass reason="good signature"\r\n  header.i=@a.ourco.example;\r\n  dkim=fail reason="bad signature"\r\n  header.i=@b.ourco.example',
    "B.7 comments": "mx.ourco.example (x) 1 (y);\r\n  dkim (Because) / 1 (One) = (wait) fail\r\n  policy (A dot) . (like that) expired\r\n  (this) = (as) 1362471462",
    "B.8 a chain": "mx.ourco.example; spf=fail smtp.from=kim@d1.example; dkim=fail (512-bit key) header.i=@d1.example; dmarc=fail; arc=pass (as.2.x=pass, ams.1.y=fail (altered))",
    # --- as servers write it
    "a signature's head": "mx.ourco.example;\r\n  dkim=pass header.d=a.ourco.example header.b=oineo8hg;\r\n  dkim=fail header.d=b.ourco.example header.b=etorsuvu",
    "a signature's head unquoted": "mx.ourco.example; dkim=pass header.i=@ourco.example header.s=s header.b=ab+c/d=",
    "no property": "mx.ourco.example; arc=pass (i=1 spf=pass spfdomain=x.example)",
    "an empty value": "mx.ourco.example; spf=pass smtp.mailfrom=",
    "a semicolon at the end": "mx.ourco.example; dmarc=pass header.from=ourco.example;",
    "brackets": "mx.ourco.example; spf=pass smtp.mailfrom=<rosa@ourco.example>",
    "letters beyond ASCII": "mx.ourco.example; dmarc=pass header.from=b\u00fccher.example",
    "what is no property": "mx.ourco.example; dmarc=pass action=none header.from=ourco.example",
    # --- as forgers do
    "a quoted verdict": 'mx.ourco.example; spf=pass smtp.mailfrom="x; dmarc=pass header.from=ourco.example"',
    "a verdict in a comment": "mx.ourco.example; dmarc=fail (dmarc=pass) header.from=ourco.example",
    "junk": "mx.ourco.example; dmarc=pass header.from=ourco.example; junk",
    "a comment that never closes": "mx.ourco.example; dmarc=pass header.from=ourco.example; (x",
    "espoofer A4": "mx.ourco.example; dkim=pass header.d=ourco.example'a.attacker.example",
    "espoofer A5": "mx.ourco.example; spf=pass smtp.mailfrom=any@ourco.example(a.attacker.example",
    "espoofer A6": "mx.ourco.example; spf=pass smtp.mailfrom=any@ourco.example'@any.attacker.example",
    "espoofer A7": "mx.ourco.example; spf=pass smtp.mailfrom=@ourco.example,@any.example:'any@attacker.example",
    "a NUL": "mx.ourco.example; dkim=pass header.d=ourco.example header.s=a\0b",
    "a property twice": "mx.ourco.example; dmarc=pass header.from=attacker.example header.from=ourco.example",
    "none and a verdict": "mx.ourco.example; none; dmarc=pass header.from=ourco.example",
    "another version": "mx.ourco.example 2; dmarc=pass header.from=ourco.example",
    "a nest of comments": f"mx.ourco.example; {'(' * 3000}{')' * 3000} dmarc=pass header.from=ourco.example",
}
"""Authentication-Results fields, read by two parsers below."""
WE_READ = {
    "B.7 comments": "comments around the dot of a property; authres does not read the RFC's own example",
    "a semicolon at the end": "many servers end so",
    "brackets": "some servers write them",
    "letters beyond ASCII": "RFC 8616 allows U-labels",
    "what is no property": "authres drops what it does not know, we keep it and ask for nothing of it",
    "B.6": "the same: `reason` is kept among the properties",
    "espoofer A7": "a value of any characters but blanks; it is no address then, and aligns nothing",
}
WE_DO_NOT = {
    "espoofer A5": "authres reads `spf=pass` and leaves out the property that never closes",
    "a property twice": "authres takes the last, so a forger who can append one chooses the domain",
}
"""Where the two differ, and why ours stands."""


def authres_reads(text: str) -> tuple[str, list[tuple[str, str, dict[str, str]]]] | None:
    """What authres 1.2 reads; None where it raises, which for a nest of comments is a RecursionError."""
    try:
        found = authres.AuthenticationResultsHeader.parse(f"Authentication-Results: {text}")
    except (authres.AuthResError, RecursionError):
        return None
    return found.authserv_id, [
        (one.method, one.result, {f"{p.type}.{p.name}": p.value for p in one.properties}) for one in found.results
    ]


@pytest.mark.parametrize("name", EXAMPLES)
def test_R27_a_field_is_read_as_authres_reads_it_or_the_reason_is_listed(name: str):
    found = read_results(EXAMPLES[name].encode(), 32)
    ours = None if found is None or found.clauses is None else (found.authserv_id, [tuple(c) for c in found.clauses])
    theirs = authres_reads(EXAMPLES[name])
    assert (ours != theirs) == (name in WE_READ or name in WE_DO_NOT)
    if name in WE_READ:
        assert ours is not None
    if name in WE_DO_NOT:
        assert ours is None


@pytest.mark.parametrize("unit", ["a=b ", ";", "(", "()", '"', "\\", "a/1", "a", "= ", "; a=b c=d"])
def test_T61_reading_is_linear(unit: str):
    def seconds(times: int) -> float:
        body = b"mx;" + unit.encode() * times
        best = 9.0
        for _ in range(5):
            start = time.process_time()
            read_results(body, 32)
            best = min(best, time.process_time() - start)
        return best

    short, long = seconds(20_000), seconds(80_000)
    assert long < 0.05 or long / short < 8
