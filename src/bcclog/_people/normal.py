"""The matching form of addresses: what is compared with users, contacts and lists.

Two rules lead (docs/security.md): *narrow* is `normalize`, which makes equal only what mail systems deliver alike;
*wide* are `widen` and `is_lookalike`, which serve to block and never to grant. An address in doubt has no normal form:
it can then be neither credited nor created.

Domains follow UTS 46, non-transitional (ß, ς stay themselves), with the tables of `unicodedata`; the A-label is the
key (T25). Narrower than UTS 46: symbols and emoji (which IDNA 2008 forbids), invisible characters (T24) and whatever
maps to an ASCII character that is no letter, digit or hyphen (T23: U+2024) have no normal form.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final, NamedTuple

from bcclog._files import read_json
from bcclog.address import NormalEmail

MAX_LOCAL: Final = 64
"""Octets of a local part (RFC 5321 section 4.5.3.1.1)."""
MAX_DOMAIN: Final = 253
"""Octets of a domain without its final dot: 255 on the wire (RFC 1035 section 2.3.4)."""
MAX_LABEL: Final = 63

# The usual address: dot-atom, host name of two labels or more of which the last is no number. Every quantifier is
# possessive and what follows it cannot match inside it: linear.
_PLAIN: Final = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}+@(?:[A-Za-z0-9]++(?:-++[A-Za-z0-9]++)*+\.)++(?=[0-9]*+[A-Za-z-])"
    r"[A-Za-z0-9]++(?:-++[A-Za-z0-9]++)*+"
)
_HOST_LABEL: Final = re.compile(r"[a-z0-9]++(?:-++[a-z0-9]++)*+")
_QUOTED_LOCAL: Final = re.compile(r'"((?:[^"\\]|\\.)*+)"', re.DOTALL)
_QUOTED_PAIR: Final = re.compile(r"\\(.)", re.DOTALL)
_NOT_ATOM: Final = re.compile(r"[\x00-\x20\x7f\"(),:;<>@\[\\\]]")
# T24, T41: what cannot be seen. Unicode's Default_Ignorable_Code_Point less unassigned ones, the blank braille
# pattern, and U+FFFD, which stands for what was unreadable.
INVISIBLE: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Programs put marks that nobody sees beside the `@` and the dots of an address, so that a line can break there.
_BREAKS: Final = "\u00ad\u200b\u2060\ufeff"
SOFT_BREAK: Final = re.compile(f"(?<=[@.-])[{_BREAKS}]++|(?<![{_BREAKS}])[{_BREAKS}]++(?=[@.-])")
_UNUSABLE: Final = re.compile(f"[{INVISIBLE}\ufffd\uff20\ufe6b]")
# U+212A would become K, the Greek question mark a semicolon: one of two addresses, and nobody can tell which (T26).
_ASCII_BY_NFC: Final = re.compile("[\u037e\u1fef\u212a]")
_DOTS: Final = str.maketrans("\u3002\uff0e\uff61", "...")  # UTS 46 section 4, IDNA 2003 section 3.1
_UPPER: Final = str.maketrans({upper: chr(upper + 32) for upper in range(ord("A"), ord("Z") + 1)})
# Punctuation that IDNA 2008 admits in some contexts (RFC 5892 appendix A).
_CONTEXTUAL: Final = frozenset("\u00b7\u0375\u05f3\u05f4\u30fb")


def normalize(email: str) -> NormalEmail | None:
    """The narrow matching form of an address, or None for one that cannot be a person's on the internet.

    Local part: unquoted, unescaped, NFC, ASCII letters in lower case (T19, T26). Domain: A-labels in lower case
    without final dots (T25, T34, T39). None for several `@` outside quotes, address literals, single labels, numbers as
    last label, labels that are no host names, controls, invisible and direction marks, U+FFFD, lengths past RFC 5321
    (T16, T20, T24, T41), and characters of a local part that NFC makes ASCII (U+212A). Idempotent where the local part
    needs no quotes. Linear; at most 64 and 253 characters are worked on.
    """
    if not isinstance(email, str):
        raise TypeError(f"an address is passed as a string, not as {type(email).__name__}")
    if len(email) <= MAX_LABEL + 2 and _PLAIN.fullmatch(email):  # no label can be too long here
        lower = email.lower()
        if "xn--" not in lower:
            return NormalEmail(lower)
    # A quoted, escaped local part has at most 2 * 64 + 2 characters; the domain some final dots more than 253.
    if len(email) > 2 * MAX_LOCAL + 4 + 4 * MAX_DOMAIN:
        return None
    local, at, domain = email.strip(" \t\r\n").rpartition("@")
    if not at:
        return None
    if local[:1] == '"':
        quoted = _QUOTED_LOCAL.fullmatch(local)
        if quoted is None:
            return None
        local = _QUOTED_PAIR.sub(r"\1", quoted[1])
        if not local.strip(" "):
            return None
    elif not local or _NOT_ATOM.search(local):
        return None
    normal_local = _normal_local(local)
    if normal_local is None:
        return None
    normal = normalize_domain(domain)
    return None if normal is None else NormalEmail(f"{normal_local}@{normal}")


def _normal_local(local: str) -> str | None:
    if local.isascii():
        return local.lower() if len(local) <= MAX_LOCAL and local.isprintable() else None
    composed = unicodedata.normalize("NFC", local)
    if (
        _ASCII_BY_NFC.search(local)
        or not composed.isprintable()
        or _UNUSABLE.search(composed)
        or len(composed.encode()) > MAX_LOCAL  # printable text holds no lone surrogate
    ):
        return None
    return composed.translate(_UPPER)


def normalize_domain(domain: str) -> str | None:
    """The A-label form of a host name of two labels or more, in lower case, without final dots; None if it is none."""
    if not domain.isascii():
        domain = domain.translate(_DOTS)
    domain = domain.rstrip(".")
    if len(domain) > MAX_DOMAIN:
        return None
    labels = domain.split(".")
    for number, label in enumerate(labels):
        normal = _host_label(label)
        if normal is None:
            return None
        labels[number] = normal
    if len(labels) < 2 or labels[-1].isdigit():
        return None
    domain = ".".join(labels)
    return domain if len(domain) <= MAX_DOMAIN else None


def _host_label(label: str) -> str | None:
    if not label.isascii():
        mapped = _map_label(label)
        if mapped is None:
            return None
        if mapped.startswith("xn--"):
            return None  # an A-label in full-width letters, or with others: nobody writes that in good faith
        label = mapped if mapped.isascii() else "xn--" + mapped.encode("punycode").decode("ascii")
    label = label.lower()
    # What claims to be an A-label and is none (`xn--acme-`) is kept as written, and equals nothing else (T25).
    known = label.rstrip("-") if label.startswith("xn--") else label
    return label if len(label) <= MAX_LABEL and _HOST_LABEL.fullmatch(known) else None


def is_mapped(domain: str) -> bool:
    """Whether a domain is written in characters that only a mapping makes the real ones: full-width or mathematical
    letters, a Kelvin sign, an ideographic dot. IDNA 2008 forbids them, so a mail server that checks DMARC may see no
    domain at all where UTS 46 sees the real one; no mail program writes them. To doubt a sender by, not to block."""
    if domain.isascii():
        return False
    return domain != domain.translate(_DOTS) or any(
        _map_label(label) != unicodedata.normalize("NFC", label.lower())
        for label in domain.split(".")
        if not label.isascii()
    )


# An address as it is written inside a quoted local part, between blanks and whatever else.
_WRITTEN: Final = re.compile(r"([^\s\"(),:;<>@\[\]\\]*+)@([\w.-]*+)")


_IMCEA: Final = re.compile(r"\+([0-9a-f]{2})")
_EDGES: Final = re.compile(r"\A[\W_]++|(?<![\W_])[\W_]++\Z")


def routed(normal: NormalEmail) -> tuple[NormalEmail, ...]:
    """The addresses written inside the local part of another; none for an ordinary address. For blocking only.

    Servers of old deliver `kim%customer.example@b.example`, `customer.example!kim@b.example` and
    `"kim@customer.example"@b.example` there (T16, T35). Mailing lists and forwarders put another's address into their
    own (T42): `kim=40customer.example@dmarc.ietf.org`, `kim=customer.example@groups.io`, and, by the Sender Rewriting
    Scheme, `SRS0=hash=day=customer.example=kim@b.example`. Letters of full width are the plain ones to servers that
    compare user names by PRECIS (RFC 8265). Signs at the ends of a local part can be quotes that somebody put around
    the address: `'kim@customer.example`; what stands before a `=` a label, or a seal (BATV, `prvs=...=kim@...`). Lists
    write whom a mail went to into the sender (VERP, `list+kim=customer.example@...`), Exchange encodes an address
    that it must pass through its directory (`IMCEASMTP-kim+40customer+2Eexample@...`), Entra that of a guest
    (`kim_customer.example#EXT#@...`). Some lists put `.invalid` behind the domain (RFC 2606).
    """
    local, _, domain = normal.rpartition("@")
    pairs: list[tuple[str, str]] = []
    if "@" in local:
        pairs = _WRITTEN.findall(local)
    elif "%" in local:
        user, _, host = local.rpartition("%")
        pairs = [(user, host)]
    elif "!" in local:
        host, _, user = local.rpartition("!")
        pairs = [(user, host.rpartition("!")[2])]
    elif "=" in local:
        user, _, host = local.rpartition("=")
        pairs = [
            (user, host[2:] if host.startswith("40") else host),
            (host, user.rpartition("=")[2]),
            (host, domain),
            (user.rpartition("+")[2], host),
        ]
    elif "#ext#" in local:
        pairs = [local.partition("#ext#")[0].rpartition("_")[::2]]
    elif local.startswith("imceasmtp-"):
        pairs = [(_IMCEA.sub(lambda found: chr(int(found[1], 16)), local[10:])).rpartition("@")[::2]]
    elif not local.isascii():
        plain = unicodedata.normalize("NFKC", local).casefold()
        pairs = [(plain, domain)] if plain.isascii() else []
    if not (local[:1].isalnum() and local[-1:].isalnum()):
        pairs.append((_EDGES.sub("", local), domain))
    if domain.endswith(".invalid"):
        pairs.append((local, domain.removesuffix(".invalid")))
    found = [normalize(f"{user}@{host}") for user, host in pairs]
    return tuple([address for address in found if address is not None])


def _map_label(label: str) -> str | None:
    """UTS 46 mapping of a label with non-ASCII characters; None where the result is no label."""
    if _UNUSABLE.search(label):
        return None
    text = unicodedata.normalize("NFKC", label.replace("\u1e9e", "ß"))  # capital sharp s, as since UTS 46 15.1
    mapped = unicodedata.normalize("NFKC", "".join(char if char in "ßς" else char.casefold() for char in text))
    if len(mapped) > MAX_LABEL or unicodedata.category(mapped[0])[0] == "M" or mapped[0] == "-" or mapped[-1] == "-":
        return None
    for char in mapped:
        if char.isascii():
            if not (char.isalnum() or char == "-"):
                return None
        elif unicodedata.category(char) not in _LABEL_CATEGORIES and char not in _CONTEXTUAL:
            return None
    return mapped


_LABEL_CATEGORIES: Final = frozenset(("Ll", "Lo", "Lm", "Mn", "Mc", "Nd"))


def decode_a_label(label: str) -> str | None:
    """The U-label of an A-label in lower case; None where it does not decode to one that encodes to it again (T25)."""
    rest = label.removeprefix("xn--")
    if len(label) > MAX_LABEL or not rest.isascii():
        return None
    try:
        decoded = rest.encode("ascii").decode("punycode")
    except UnicodeError:
        return None
    # Python before 3.13 decodes some broken input to lone surrogates or nothing.
    if not decoded or decoded.isascii() or not decoded.isprintable() or _map_label(decoded) != decoded:
        return None
    return decoded if "xn--" + decoded.encode("punycode").decode("ascii") == label else None


def has_broken_idna(domain: str) -> bool:
    """Whether a label claims to be an A-label and is none (`warn.idna`); it is kept as written."""
    return any(
        label.startswith("xn--") and decode_a_label(label) is None
        for label in domain[: MAX_DOMAIN + 1].lower().split(".")
    )


# --- wider forms, for blocking only -----------------------------------------------------------------------------

GMAIL: Final = frozenset(("gmail.com", "googlemail.com"))


def widen(normal: NormalEmail, *, plus_tags: bool, gmail_dots: bool) -> NormalEmail:
    """The form under which addresses of one mailbox meet: without `+tag` (T37), and for Gmail without dots and under
    one domain (T38). For blocking, never for granting."""
    local, _, domain = normal.rpartition("@")
    if plus_tags:
        local = local.partition("+")[0] or local
    if gmail_dots and domain in GMAIL:
        local = local.replace(".", "") or local
        domain = "gmail.com"
    return NormalEmail(f"{local}@{domain}")


class _Confusables(NamedTuple):
    """table: character -> the letter it is taken for; plain: its ASCII part; sequences: letters that look like one."""

    table: Mapping[int, str]
    plain: tuple[tuple[str, str], ...]
    sequences: tuple[tuple[str, str], ...]


@cache
def _confusables() -> _Confusables:
    data = read_json("confusables.json")
    pairs = [(char, plain) for plain, chars in data["characters"].items() for char in chars]
    return _Confusables(
        table=MappingProxyType({ord(char): plain for char, plain in pairs}),
        plain=tuple(pair for pair in pairs if pair[0].isascii()),
        sequences=tuple(data["sequences"].items()),
    )


def skeleton(domain: str) -> str:
    """What a normal domain looks like: its U-labels with confusable characters replaced by one letter of each kind.

    Two domains with one skeleton are easily taken for each other (UTS 39 section 4, on the table of
    `data/confusables.json`). Accents count as differences; the table is not complete and cannot be.
    """
    known = _confusables()
    if "xn--" in domain:
        domain = ".".join(
            (decode_a_label(label) or label) if label.startswith("xn--") else label for label in domain.split(".")
        )
    if domain.isascii():  # the few pairs of ASCII one by one take a sixth of the time of the whole table
        for written, read in known.plain:
            domain = domain.replace(written, read)
    else:
        domain = domain.translate(known.table)
    for written, read in known.sequences:
        domain = domain.replace(written, read)
    return domain


def is_lookalike(domain: str, protected_domains: Iterable[str]) -> bool:
    """Whether a normal domain imitates a protected one, or a subdomain of it, without being one (T23).

    domain, protected_domains: as `normalize` gives them. For blocking only.
    """
    protected = tuple(protected_domains)
    if any(domain == real or domain.endswith("." + real) for real in protected):
        return False
    seen = skeleton(domain)
    return any(seen == shape or seen.endswith("." + shape) for shape in map(skeleton, protected))
