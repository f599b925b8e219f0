"""Forged senders: nobody is credited and nothing is created for any of them (P5, T1-T9, T14-T27, T44-T49).

The cases named A8 to A19 are shapes of From published with "Composition Kills" (Chen, Paxson, Jiang, USENIX Security
2020) and the tool espoofer; A3 to A7 attack the server that writes Authentication-Results, and are read here in the
form in which such a server passes them on. Rosa is the user; eve@attacker.example forges.
"""

import base64

import pytest
from attrs import evolve

from bcclog import HUBSPOT_2023_09, Code, ContactActionKind, Plan, TrustGrant, plan
from builders import BCC, LOG, ROSA, account, directory, forward, mail, multipart

EVE = "eve@attacker.example"
MX = "mx.ourco.example"


def encoded(text: str, charset: str = "utf-8") -> str:
    """A whole text as one encoded word in base64."""
    return f"=?{charset}?B?{base64.b64encode(text.encode()).decode()}?="


FROM_FIELDS: dict[str, str] = {
    # --- T1, A8-A11: which of several
    "T1 A8 two From": f"From: {EVE}\r\nFrom: <{ROSA}>",
    "T1 two From the other way round": f"From: <{ROSA}>\r\nFrom: {EVE}",
    "T1 two From in other case": f"From: <{ROSA}>\r\nFROM: {EVE}",
    "T1 two From far apart": "\r\n".join([f"From: <{ROSA}>", *["X-A: 1"] * 100, f"from: {EVE}"]),
    "T1 the same From twice": f"From: <{ROSA}>\r\nFrom: <{ROSA}>",
    "T1 an empty From first": f"From:\r\nFrom: <{ROSA}>",
    "T4 A9 a blank before the first name": f" From: <{EVE}>\r\nFrom: <{ROSA}>",
    "T4 A9 a tab before a second name": f"X-A: 1\r\nFrom: <{ROSA}>\r\n\tFrom: <{EVE}>",
    "T4 A10 a blank before the colon": f"From: <{EVE}>\r\nFrom : <{ROSA}>",
    "T4 A10 only a From with a blank": f"From : <{ROSA}>",
    "T4 A11 a fold before the colon": f"From\r\n : <{EVE}>\r\nFrom: <{ROSA}>",
    "T4 A12 a fold before the colon and a Sender": f"From\r\n : <{EVE}>\r\nSender: <{ROSA}>",
    "T4 A13 a fold before the colon and a Resent-From": f"From\r\n : <{EVE}>\r\nResent-From: <{ROSA}>",
    "T4 NUL in the name": f"From\0: <{EVE}>\r\nFrom: <{ROSA}>",
    "T4 a soft hyphen in the name": f"Fr\u00adom: <{EVE}>\r\nFrom: <{ROSA}>",
    "T4 a no-break space in the name": f"From\u00a0: <{EVE}>\r\nFrom: <{ROSA}>",
    "T4 a zero-width space before the name": f"\u200bFrom: <{EVE}>\r\nFrom: <{ROSA}>",
    "T4 a BOM before the name": f"\ufeffFrom: <{EVE}>\r\nFrom: <{ROSA}>",
    # --- T2, T3: several in one
    "T2 A14 two mailboxes": f"From: <{EVE}>, <{ROSA}>\r\nSender: <s@sender.ourco.example>",
    "T2 two mailboxes the other way round": f"From: <{ROSA}>, <{EVE}>",
    "T2 two users": f"From: <{ROSA}>, <{ROSA}>",
    "T2 a list with empty places": f"From: ,, <{EVE}> ,, <{ROSA}>",
    "T3 a group named like the user": f"From: {ROSA}:{EVE};",
    "T3 a group with the user": f"From: Team:{ROSA};",
    "T3 an empty group and a mailbox": f"From: Undisclosed:;, {ROSA}",
    # --- T5, T27: none, and others in its place
    "T5 none": "Subject: x",
    "T5 empty": "From: <>",
    "T5 a name only": "From: rosa",
    "T27 Sender": f"From: <{EVE}>\r\nSender: <{ROSA}>",
    "T27 Sender alone": f"Sender: <{ROSA}>",
    "T27 Resent-From alone": f"Resent-From: <{ROSA}>",
    "T27 Return-Path, Reply-To, X-Original-From": (
        f"Return-Path: <{ROSA}>\r\nReply-To: <{ROSA}>\r\nX-Original-From: <{ROSA}>\r\nFrom: <{EVE}>"
    ),
    "T27 List-Post and Apparently-From": f"List-Unsubscribe: <mailto:{ROSA}>\r\nApparently-From: {ROSA}\r\nFrom: {EVE}",
    # --- T6, T7: line ends and NUL
    "T6 a second From behind a CR": f"X-A: 1\rFrom: <{EVE}>\r\nFrom: <{ROSA}>",
    "T6 a From behind a CR": f"From: <{EVE}>\r\nX-A: 1\rFrom: <{ROSA}>",
    "T6 a header that ends at CR CR": f"X-A: 1\r\rFrom: <{ROSA}>\r\nFrom: <{EVE}>",
    "T6 LF CR": f"X-A: 1\n\rFrom: <{EVE}>\n\rFrom: <{ROSA}>",
    "T6 the user, then LF CR and another From": f"From: <{ROSA}>\n\rFrom: <{EVE}>",
    "T6 the user, then CR LF CR and another From": f"From: <{ROSA}>\r\n\rFrom: <{EVE}>",
    "T7 NUL in the address": f"From: {ROSA}\0@attacker.example",
    "T7 NUL behind the address": f"From: <{ROSA}\0>",
    "T7 NUL before the rest": f"From: <{ROSA}\0{EVE}>",
    # --- T8, T9: folds and the end of the header
    "T8 a fold inside the address": f"From: <rosa@our\r\n co.example>, {EVE}",
    "T8 a fold that hides another": f"From:\r\n \r\n <{EVE}>\r\nFrom: <{ROSA}>",
    "T9 a line without colon, then another From": f"From: <{EVE}>\r\nno colon here\r\nFrom: <{ROSA}>",
    "T9 no header at all": f"\r\nFrom: <{ROSA}>",
    "T9 an mbox line": f"From {ROSA} Mon Mar 2 09:15:00 2026\r\nFrom: <{EVE}>",
    "T9 a quoted mbox line": f">From {ROSA} x\r\nFrom: <{EVE}>",
    # --- T14, A15: encoded words
    "T14 A15 an encoded address beside another": f"From: {encoded(f'<{ROSA}>')},<{EVE}>",
    "T14 an encoded address alone": f"From: {encoded(ROSA)}",
    "T14 an encoded address in brackets": f"From: <{encoded(ROSA)}>",
    "T14 an encoded address as name": f"From: {encoded(f'{ROSA}')} <{EVE}>",
    "T14 an encoded mailbox as name": f"From: {encoded(f'Rosa <{ROSA}>')} <{EVE}>",
    "T14 an encoded local part": "From: =?utf-8?q?rosa?=@ourco.example",
    "T14 an encoded domain": f"From: rosa@{encoded('ourco.example')}",
    "T14 two encoded pieces": f"From: {encoded('<rosa@')}{encoded('ourco.example>')} <{EVE}>",
    "T14 an encoded comma": f"From: {encoded(f'{ROSA},')}<{EVE}>",
    "T15 an encoded line break": f"From: =?utf-8?q?a=0D=0AFrom:_{ROSA.replace('@', '=40')}=0D=0A?= <{EVE}>",
    "T15 an encoded NUL": f"From: =?utf-8?q?{ROSA.replace('@', '=40')}=00?= <{EVE}>",
    # --- T16 to T19, A16 to A19: the grammar
    "T16 several @": f"From: {ROSA}@attacker.example",
    "T16 a quoted address as local part": f'From: "{ROSA}"@attacker.example',
    "T16 two addresses in brackets": f"From: <{ROSA}><{EVE}>",
    "T16 an address as name": f"From: {ROSA} <{EVE}>",
    "T16 a quoted address as name": f'From: "{ROSA}" <{EVE}>',
    "T16 a quoted mailbox as name": f'From: "Rosa <{ROSA}>" <{EVE}>',
    "T16 A19 an address behind the brackets": f"From: <{EVE}>{ROSA}",
    "T16 A19 brackets behind the brackets": f"From: <{ROSA}>{EVE}",
    "T16 an address before a colon": f"From: {ROSA}:<{EVE}>",
    "T17 a comment inside the address": "From: rosa(x@y)@ourco(>).example",
    "T17 a comment before": f"From: ({ROSA}) {EVE}",
    "T17 a comment behind": f"From: {EVE} ({ROSA})",
    "T17 a comment that never ends": f"From: <{ROSA}> ({EVE}",
    "T17 many comments open": f"From: {'(' * 100_000}{ROSA}",
    "T18 A16 a source route": f"From: <@attacker.example,@any.example:{ROSA}>",
    "T18 a source route the other way round": f"From: <@ourco.example:{EVE}>",
    "T19 A17 a quoted pair before a comma": f"From: <{ROSA}>\\,<{EVE}>",
    "T19 A17 a quoted pair before the brackets": f"From: {ROSA}\\<{EVE}>",
    "T19 an open quote": f'From: "{ROSA} <{EVE}>',
    "T19 a quote that swallows": f'From: "<{ROSA}>, " <{EVE}>',
    "T16 A18 a comma in a comment": f"From: <{ROSA}(,{EVE})>",
    "T21 A18 brackets in brackets": f"From: <<{ROSA}>>",
    "T21 A18 an open bracket": f"From: <{ROSA}",
    "T21 A18 a closing bracket": f"From: {ROSA}>",
    "T21 nothing but brackets": f"From: {'<' * 10_000}{ROSA}",
    "T22 a semicolon": f"From: {ROSA}; {EVE}",
    "T22 a full-width comma": f"From: {ROSA}，{EVE}",
    "T22 a full-width at sign": "From: rosa＠ourco.example",
    "T22 a tab between": f"From: {ROSA}\t{EVE}",
    # --- T20, T23 to T26: domains and letters
    "T20 an address literal": "From: rosa@[127.0.0.1]",
    "T20 one label": "From: rosa@ourco",
    "T20 an empty label": "From: rosa@ourco..example",
    "T20 a longer domain": "From: rosa@ourco.example.attacker.example",
    "T20 a prefix of the domain": "From: rosa@notourco.example",
    "T23 a Cyrillic letter": "From: rosa@\u043eurco.example",
    "T23 its A-label": "From: rosa@xn--urco-4ve.example",
    "T23 a Cyrillic local part": "From: r\u043esa@ourco.example",
    "T23 a dot of another script": "From: rosa@ourco\u2024example",
    "T24 a direction mark": "From: rosa\u202e@ourco.example",
    "T24 a zero-width space": "From: rosa@our\u200bco.example",
    "T24 a soft hyphen": "From: ro\u00adsa@ourco.example",
    "T24 a tag character": "From: rosa@ourco.example\U000e0061",
    "T25 a false A-label": "From: rosa@xn--ourco-.example",
    "T23 full-width letters in the domain": "From: rosa@\uff4furco.example",
    "T23 mathematical letters in the domain": "From: rosa@\U0001d428urco.example",
    "T23 a raised letter in the domain": "From: rosa@ourc\u1d52.example",
    "T39 an ideographic dot": "From: rosa@ourco\u3002example",
    "T39 a full-width dot": "From: rosa@ourco\uff0eexample",
    "T23 a variation selector in the domain": "From: rosa@our\ufe0fco.example",
    "T26 full-width letters": "From: \uff52osa@ourco.example",
    "T26 mathematical letters": "From: \U0001d42bosa@ourco.example",
    "T26 a combining mark": "From: rosa\u0300@ourco.example",
    "T16 a route by percent": "From: rosa%ourco.example@attacker.example",
    "T16 a route by exclamation mark": "From: ourco.example!rosa@attacker.example",
    "T26 a long s": "From: ro\u017fa@ourco.example",
    "T19 a quoted blank": 'From: "rosa "@ourco.example',
    "T4 A9 a vertical tab before the colon": f"From\x0b: <{EVE}>\r\nFrom: <{ROSA}>",
    "T4 DEL before the name": f"\x7fFrom: <{EVE}>\r\nFrom: <{ROSA}>",
    "T6 a CR and another address": f"From: <{ROSA}>\r<{EVE}>",
    "T16 A19 text behind the brackets": f"From: <{ROSA}> x",
    "T18 a route with a semicolon": f"From: <@a.example;{ROSA}>",
    "T22 a semicolon at the end": f"From: <{ROSA}>;",
    "T73 a stateful charset around another": f'From: \x1b$B"<{EVE}>\x1b(B <{ROSA}>',
    "T9 an address in the body's first line": f"X-A: 1\r\n\r\nFrom: <{ROSA}>",
    "T37 a tag": "From: rosa+x@ourco.example",
    "T38 dots": "From: r.o.s.a@ourco.example",
}


def forged(field: str) -> bytes:
    """A mail with that From, with whatever else a well-meaning mail has."""
    base = mail(from_=None).decode()
    return (field + "\r\n" + base).encode("utf-8", "surrogateescape")


def planned(raw: bytes, recipient: str = BCC, **given: object) -> Plan:
    return plan(raw, account=account(**given), directory=directory(), recipient=recipient)


@pytest.mark.parametrize("recipient", [BCC, LOG, None])
@pytest.mark.parametrize("name", FROM_FIELDS)
def test_P5_a_forged_from_credits_nobody_and_creates_nothing(name: str, recipient: str | None):
    for raw in (forged(FROM_FIELDS[name]), forged(FROM_FIELDS[name]).replace(b"\r\n", b"\n")):
        found = planned(raw, recipient)
        assert found.attribution.user is None
        assert not any(contact.action is ContactActionKind.CREATE for contact in found.contacts)
        assert found.sender is None or found.sender.email != ROSA
        assert found.notices == ()


@pytest.mark.parametrize("name", FROM_FIELDS)
def test_P5_the_same_field_in_a_forward_credits_nobody(name: str):
    inner = forged(FROM_FIELDS[name])
    field, body = multipart(("Content-Type: message/rfc822", inner))
    for raw in (mail(field, from_=EVE, to=LOG, body=body), forward(block="From: " + ROSA + "\r\n", from_=EVE)):
        assert planned(raw, LOG).attribution.user is None


def test_the_table_is_about_its_subject():
    """Without the forgery the same mail is Rosa's."""
    found = planned(forged(f"From: Rosa <{ROSA}>"))
    assert (found.attribution.user, len(found.created)) == ("u1", 1)
    assert len(FROM_FIELDS) > 90


@pytest.mark.parametrize(
    "field",
    [
        "From: ROSA@OURCO.EXAMPLE",
        'From: "rosa"@ourco.example',
        'From: "Eve <eve@attacker.example>" <rosa@ourco.example>',
        "From: (eve@attacker.example) rosa@ourco.example",
        "From: rosa@ourco.example(@attacker.example)",
        "From: =?utf-8?q?Eve?= <rosa@ourco.example>",
        "From:\r\n Rosa\r\n <rosa@ourco.example>",
        "From: <rosa@ourco.example.>",
    ],
)
def test_T19_T26_other_spellings_of_one_address_are_the_user(field: str):
    assert planned(forged(field)).attribution.user == "u1"


# --- verdicts (T44-T49) -------------------------------------------------------------------------------------------

STRICT = evolve(
    HUBSPOT_2023_09,
    trust={
        "aligned": TrustGrant(),
        "unaligned": TrustGrant(log=False, create=False, attribute=False),
        "absent": TrustGrant(log=True, create=False, attribute=False),
    },
)
VERDICTS: dict[str, str] = {
    "none": "X-A: 1",
    "T44 another id": "Authentication-Results: mx.attacker.example; dmarc=pass header.from=ourco.example",
    "T44 a longer id": f"Authentication-Results: {MX}.attacker.example; dmarc=pass header.from=ourco.example",
    "T44 a shorter id": "Authentication-Results: ourco.example; dmarc=pass header.from=ourco.example",
    "T44 the id in a comment": f"Authentication-Results: ({MX}) mx.attacker.example; dmarc=pass header.from=ourco.example",
    "T44 the id as a word later": f"Authentication-Results: x; {MX}; dmarc=pass header.from=ourco.example",
    "T44 two that disagree": (
        f"Authentication-Results: {MX}; dmarc=fail header.from=ourco.example\r\n"
        f"Authentication-Results: {MX}; dmarc=pass header.from=ourco.example"
    ),
    "T44 another field": f"X-Authentication-Results: {MX}; dmarc=pass header.from=ourco.example",
    "T45 A4 a quote in the domain": f"Authentication-Results: {MX}; dkim=pass header.d=ourco.example'a.attacker.example",
    "T45 A5 a parenthesis in the address": (
        f"Authentication-Results: {MX}; spf=pass smtp.mailfrom=any@ourco.example(a.attacker.example"
    ),
    "T45 A6 a quote in the address": (
        f"Authentication-Results: {MX}; spf=pass smtp.mailfrom=any@ourco.example'@any.attacker.example"
    ),
    "T45 A7 a route in the address": (
        f"Authentication-Results: {MX}; spf=pass smtp.mailfrom=@ourco.example,@any.example:'any@attacker.example"
    ),
    "T45 a verdict in quotes": (
        f'Authentication-Results: {MX}; spf=pass smtp.mailfrom="x; dmarc=pass header.from=ourco.example"'
    ),
    "T45 a verdict in a comment": f"Authentication-Results: {MX}; dmarc=fail (dmarc=pass) header.from=ourco.example",
    "T45 a verdict twice": f"Authentication-Results: {MX}; dmarc=pass header.from=ourco.example; dmarc=fail",
    "T46 A1 a subdomain that is not there": (
        f"Authentication-Results: {MX}; spf=none smtp.mailfrom=any@mailfrom.ourco.example; dmarc=none"
    ),
    "T46 A2 an empty sender": f"Authentication-Results: {MX}; spf=pass smtp.helo=ourco.example smtp.mailfrom=",
    "T46 a HELO": f"Authentication-Results: {MX}; spf=pass smtp.helo=ourco.example",
    "T46 another From": f"Authentication-Results: {MX}; dmarc=pass header.from=attacker.example",
    "T46 a signature of another": f"Authentication-Results: {MX}; dkim=pass header.d=attacker.example header.i=@ourco.example",
    "T46 a top-level domain": f"Authentication-Results: {MX}; dkim=pass header.d=example",
    "T48 a chain of its own": f"ARC-Authentication-Results: i=1; {MX}; dmarc=pass header.from=ourco.example",
    "T48 a chain by nobody named": f"Authentication-Results: {MX}; arc=pass header.oldest-pass=0; dmarc=fail",
}


@pytest.mark.parametrize("name", VERDICTS)
def test_P5_T44_to_T48_a_forged_verdict_is_not_trusted(name: str):
    found = planned(mail(VERDICTS[name]), policy=STRICT, authserv_ids=[MX])
    assert found.trust.code is not Code.TRUST_ALIGNED
    assert (found.attribution.user, found.created) == (None, ())


def test_T44_the_verdict_of_the_own_server_is_trusted():
    found = planned(
        mail(f"Authentication-Results: {MX}; dmarc=pass header.from=ourco.example"), policy=STRICT, authserv_ids=[MX]
    )
    assert (found.trust.code, found.attribution.user, len(found.created)) == (Code.TRUST_ALIGNED, "u1", 1)


def test_T49_no_field_of_a_message_inside_touches_trust_route_or_credit():
    proof = f"Authentication-Results: {MX}; dmarc=pass header.from=ourco.example"
    inner = mail(
        proof, f"Delivered-To: {BCC}", "List-Id: <x.y>", "Auto-Submitted: auto-replied", from_="kim@customer.example"
    )
    field, body = multipart(("Content-Type: message/rfc822", inner))
    raw = mail(field, to=LOG, from_=EVE, body=body)
    found = planned(raw, None, authserv_ids=[MX])
    assert (found.trust.code, found.route, found.classes) == (Code.TRUST_ABSENT, "forwarding", ())
    assert (found.attribution.user, found.created) == (None, ())
