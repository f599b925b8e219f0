"""What the caller's own mail server said of the From domain (R27, T44-T48). Nothing is verified here.

Authentication-Results is text that anybody can write. It counts only where the caller names the id under which his
server writes it (and removes what others wrote under that id), and then only the topmost field with exactly that id;
fields with that id that contradict each other count for nothing. The verdict is compared with the From that bcclog
read, never with a public suffix list.

Grammar of RFC 8601 section 2.2, read clause by clause: comments are void, quoted strings are opaque. A field with a
clause that does not fit the grammar is not read at all: half of a verdict could be the half that a forger wrote.
"""

import re
from typing import Final, NamedTuple

from bcclog._mime.header import Field
from bcclog._mime.scan import Index
from bcclog._people.address import normalize, normalize_domain
from bcclog.account import Account
from bcclog.codes import Code
from bcclog.model import ByteSpan, Evidence, Reason, Trust

_QUOTED: Final = rb'"(?:[^"\\]++|\\.)*+"'
_WORDS: Final = re.compile(rb'[^()"\\;]++')
_STRING: Final = re.compile(_QUOTED, re.DOTALL)
# `method/version = result` or `ptype.property = value`; a value may be empty. Each match ends in a blank or at the end.
_PAIR: Final = re.compile(
    rb"\s*+([A-Za-z0-9_-]++(?:\s*+\.\s*+[A-Za-z0-9_-]++)?+)(?:\s*+/\s*+[0-9]++)?+\s*+=\s*+("
    + _QUOTED
    + rb'|[^\s"]*+)(?=\s|\Z)',
    re.DOTALL,
)
_ID: Final = re.compile(rb"\s*+(" + _QUOTED + rb'|[^\s"]++)(?:\s++([0-9]++))?+\s*+\Z', re.DOTALL)
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ESCAPE: Final = re.compile(rb"\\(.)", re.DOTALL)
_TAG: Final = re.compile(rb"\s*+([A-Za-z0-9_]++)\s*+=([^;]*+)(?:;|\Z)")
_MAX_FIELDS: Final = 50
"""Authentication-Results, ARC-Seal or DKIM-Signature fields looked at; RFC 8617 ends an ARC chain at 50."""


class Clause(NamedTuple):
    """One `method=result` with its properties, all in lower case."""

    method: str
    result: str
    properties: dict[str, str]


class Results(NamedTuple):
    """One field. authserv_id: folded to lower case; clauses: None where the field does not fit the grammar."""

    authserv_id: str
    clauses: tuple[Clause, ...] | None


def read_results(body: bytes, max_comment_depth: int) -> Results | None:
    """Read the body of an Authentication-Results field; None where not even the id can be read. Linear."""
    # A control character is in no token and no quoted string; a server that cuts at a NUL reads another domain (A3).
    pieces = None if _CONTROL.search(body) else _split(body, max_comment_depth)
    if pieces is None:
        return None
    head = _ID.match(pieces[0])
    if head is None:
        return None
    # Version 1 is the only one there is; of another nothing is known.
    clauses = _clauses(pieces[1:]) if head[2] in (None, b"1") else None
    return Results(_value(head[1]), clauses)


def _split(body: bytes, max_comment_depth: int) -> list[bytes] | None:
    """Cut at semicolons, comments made a blank; None for what never closes or nests too deep."""
    pieces: list[bytes] = []
    piece: list[bytes] = []
    at = depth = 0
    end = len(body)
    while at < end:
        char = body[at]
        if char == 0x5C:  # a backslash is a quoted pair in a comment and nothing elsewhere
            if not depth:
                return None
            at += 2
            continue
        if char == 0x28:
            depth += 1
            if depth > max_comment_depth:
                return None
            if depth == 1:
                piece.append(b" ")
        elif char == 0x29:
            depth -= 1
            if depth < 0:
                return None
        elif char == 0x22 and not depth:
            string = _STRING.match(body, at)
            if string is None:
                return None
            piece.append(string[0])
            at = string.end()
            continue
        elif char == 0x3B and not depth:
            pieces.append(b"".join(piece))
            piece = []
        elif char not in b'";':
            words = _WORDS.match(body, at)
            assert words is not None
            if not depth:
                piece.append(words[0])
            at = words.end()
            continue
        at += 1
    if depth:
        return None
    pieces.append(b"".join(piece))
    return pieces


def _clauses(pieces: list[bytes]) -> tuple[Clause, ...] | None:
    clauses: list[Clause] = []
    for piece in pieces:
        bare = piece.strip()
        if not bare:
            continue  # many servers end with a semicolon
        if bare.lower() == b"none":
            if any(other is not piece and other.strip() for other in pieces):
                return None  # no result, and one beside it
            continue
        pairs: list[tuple[str, str]] = []
        at = 0
        while at < len(bare):
            match = _PAIR.match(bare, at)
            if match is None:
                return None
            pairs.append((b"".join(match[1].split()).decode("ascii").lower(), _value(match[2])))
            at = match.end()
        properties: dict[str, str] = {}
        for name, value in pairs[1:]:
            if properties.setdefault(name, value) != value:
                return None
        clauses.append(Clause(pairs[0][0], pairs[0][1], properties))
    return tuple(clauses)


def _value(raw: bytes) -> str:
    """A token or quoted string as text, in lower case by ASCII alone."""
    if raw[:1] == b'"':
        raw = _ESCAPE.sub(rb"\1", raw[1:-1])
    return raw.lower().decode("utf-8", "replace")


# --- alignment --------------------------------------------------------------------------------------------------


def _is_aligned(domain: str | None, from_domain: str, subdomains: bool) -> bool:
    """T46: the same domain, or by policy a true subdomain either way. Both normalised: a single label (`d=com`) has no
    normal form."""
    if not domain:
        return False
    if domain == from_domain:
        return True
    return subdomains and (domain.endswith("." + from_domain) or from_domain.endswith("." + domain))


def _verdict(clauses: tuple[Clause, ...], from_domain: str, subdomains: bool) -> Trust:
    """What one server's clauses say: DMARC where it said something, else aligned DKIM, else aligned SPF."""
    of_dmarc = [clause for clause in clauses if clause.method == "dmarc"]
    if any(clause.result == "fail" for clause in of_dmarc):
        return Trust(code=Code.TRUST_UNALIGNED, basis="dmarc")
    if of_dmarc and all(clause.result == "pass" for clause in of_dmarc):
        named = [clause.properties.get("header.from", "") for clause in of_dmarc]
        if all(normalize_domain(name) == from_domain for name in named):
            return Trust(code=Code.TRUST_ALIGNED, basis="dmarc")
        if any(named):
            return Trust(code=Code.TRUST_UNALIGNED, basis="dmarc")
    basis: str | None = None
    for method, domain_of in (("dkim", _dkim_domain), ("spf", _spf_domain)):
        for clause in clauses:
            if clause.method == method:
                basis = basis or method
                if clause.result == "pass" and _is_aligned(domain_of(clause), from_domain, subdomains):
                    return Trust(code=Code.TRUST_ALIGNED, basis=method)
    if basis or of_dmarc:
        return Trust(code=Code.TRUST_UNALIGNED, basis=basis or "dmarc")
    return Trust(code=Code.TRUST_ABSENT)


def _dkim_domain(clause: Clause) -> str | None:
    # `header.i` alone is what Google writes; beside `header.d` it is not the signer (T46).
    signer = clause.properties.get("header.d") or clause.properties.get("header.i", "").rpartition("@")[2]
    return normalize_domain(signer)


def _spf_domain(clause: Clause) -> str | None:
    # A pass for the HELO name, or for an empty MAIL FROM, says nothing of the From (T46). What is no address and no
    # domain was checked as something else than it seems: `<(any@ourco.example>` is an empty sender to some (A2).
    sender = clause.properties.get("smtp.mailfrom", "").strip("<>")
    if "@" not in sender:
        return normalize_domain(sender)
    normal = normalize(sender)
    return None if normal is None else normal.rpartition("@")[2]


# --- the message's fields ---------------------------------------------------------------------------------------


_ABSENT: Final = (Trust(code=Code.TRUST_ABSENT), (Reason(Code.TRUST_ABSENT),))


def read_trust(index: Index, account: Account, from_domain: str) -> tuple[Trust, tuple[Reason, ...]]:
    """The verdict on a mail, with the evidence for the trace and warnings, in that order.

    index: of the outer message, whose fields alone count (T49). from_domain: of the From as read, normalised.
    Without an authserv-id from the caller nothing is read (T44).
    """
    if not account.authserv_ids:
        return _ABSENT
    policy = account.policy
    depth = policy.limits.max_comment_depth
    ids = {authserv_id.lower() for authserv_id in account.authserv_ids}
    spelt = [authserv_id.encode() for authserv_id in ids]
    ours: list[tuple[Field, tuple[Clause, ...] | None]] = []
    for field in index.all(b"authentication-results")[:_MAX_FIELDS]:
        body = index.field_bytes(field)
        results = read_results(body, depth)
        if results is not None and results.authserv_id in ids:
            ours.append((field, results.clauses))
        elif results is None and any(name in body.lower() for name in spelt):
            # It cannot be read, and could be the verdict into which a forger wrote something: doubted, not passed over.
            ours.append((field, None))
    if not ours:
        return _ABSENT
    evidence = tuple(
        Evidence(where="header", field="authentication-results", span=ByteSpan(field[2], field[3])) for field, _ in ours
    )
    verdicts: set[Trust] = set()
    for _, clauses in ours:
        if clauses is None:
            verdicts.add(Trust(code=Code.TRUST_ABSENT))
            continue
        trust = _verdict(clauses, from_domain, policy.aligned_subdomains)
        is_doubted = trust.code is not Code.TRUST_ALIGNED and bool(policy.arc_sealers)
        if is_doubted and _is_sealed(index, clauses, account, from_domain):
            trust = Trust(code=Code.TRUST_ALIGNED, basis="arc")
        verdicts.add(trust)
    # Two fields under the caller's own id that disagree: one of them is not his (T44).
    trust = verdicts.pop() if len(verdicts) == 1 else Trust(code=Code.TRUST_ABSENT)
    reasons = [Reason(trust.code, None, evidence)]
    if trust.code is Code.TRUST_ALIGNED:
        for field in index.all(b"dkim-signature")[:_MAX_FIELDS]:
            if b"l" in _tags(index.field_bytes(field)):
                where = Evidence(where="header", field="dkim-signature", span=ByteSpan(field[2], field[3]))
                reasons.append(Reason(Code.WARN_DKIM_LENGTH, None, (where,)))
    return trust, tuple(reasons)


def _tags(body: bytes) -> dict[bytes, bytes]:
    """The `tag=value` list of RFC 6376 section 3.2; a tag given twice makes the list void."""
    tags: dict[bytes, bytes] = {}
    at = 0
    while at < len(body):
        match = _TAG.match(body, at)
        if match is None:
            return tags if not body[at:].strip() else {}
        name = match[1].lower()
        if name in tags:
            return {}
        tags[name] = match[2].strip()
        at = match.end()
    return tags


def _is_sealed(index: Index, clauses: tuple[Clause, ...], account: Account, from_domain: str) -> bool:
    """T48: the caller's own server says `arc=pass`, a forwarder whom the policy names sealed last, and the results
    that he sealed say that the From domain was authenticated when the mail reached him."""
    of_arc = [clause.result for clause in clauses if clause.method == "arc"]
    if not of_arc or any(result != "pass" for result in of_arc):
        return False
    seals: dict[int, dict[bytes, bytes]] = {}
    for field in index.all(b"arc-seal"):
        tags = _tags(index.field_bytes(field))
        number = _instance(tags.get(b"i", b""))
        if number is None or number in seals:
            return False
        seals[number] = tags
    last = len(seals)
    if not last or set(seals) != set(range(1, last + 1)):
        return False
    sealer = seals[last].get(b"d", b"").lower().decode("latin-1")
    if sealer not in account.policy.arc_sealers or seals[last].get(b"cv", b"").lower() == b"fail":
        return False
    limits = account.policy.limits
    sealed = []
    for field in index.all(b"arc-authentication-results")[: _MAX_FIELDS + 1]:
        body = index.field_bytes(field)
        head, _, rest = body.partition(b";")
        if _instance(_tags(head).get(b"i", b"")) == last:
            sealed.append(read_results(rest, limits.max_comment_depth))
    if len(sealed) != 1 or sealed[0] is None or sealed[0].clauses is None:
        return False
    verdict = _verdict(sealed[0].clauses, from_domain, account.policy.aligned_subdomains)
    return verdict.code is Code.TRUST_ALIGNED


def _instance(text: bytes) -> int | None:
    """An ARC instance number, 1 to 50."""
    if not text.isdigit() or len(text) > 2:
        return None
    return int(text) if 1 <= int(text) <= _MAX_FIELDS else None
