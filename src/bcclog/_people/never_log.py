"""Never Log lists (R16): who is neither created nor logged, by address or by domain.

A list is checked when it is made and looked up in sets: O(labels) for any length of list, and no entry ever becomes a
pattern (T43). Matching is on the normal form and on the widest one that the policy asks for (T33-T41).
"""

from collections.abc import Iterable, Set
from functools import cached_property

from attrs import frozen

from bcclog._people.normal import GMAIL, normalize, normalize_domain, widen
from bcclog.address import NormalEmail
from bcclog.codes import Code
from bcclog.policy import PolicyError

_EXPECTED = "an address (kim@customer.example), a domain (customer.example) or all of a domain (*@customer.example)"


@frozen
class NeverLog:
    """One list; build it with `NeverLog.of`."""

    addresses: frozenset[NormalEmail] = frozenset()
    domains: frozenset[str] = frozenset()

    @classmethod
    def of(cls, entries: Iterable[str]) -> "NeverLog":
        """entries: addresses, `domain`, `*@domain` or `@domain`. `PolicyError` for an entry that is none of them, or
        would cover a whole top-level domain."""
        if isinstance(entries, str):
            raise PolicyError(f"a Never Log list is a list of entries, not the single string {entries!r}")
        addresses, domains = set(), set()
        for entry in entries:
            if not isinstance(entry, str):
                raise PolicyError(f"a Never Log entry must be {_EXPECTED}, not {entry!r}")
            text = entry.strip()
            local, at, domain = text.rpartition("@")
            if at and local not in ("", "*"):
                address = normalize(text) if "*" not in text else None
                if address is None:
                    raise PolicyError(f"a Never Log entry must be {_EXPECTED}, not {entry!r}")
                addresses.add(address)
                continue
            normal = normalize_domain(domain)
            if normal is None or "." not in normal:
                raise PolicyError(f"a Never Log entry must be {_EXPECTED}, not {entry!r}")
            domains.add(normal)
        return cls(frozenset(addresses), frozenset(domains))

    def __bool__(self) -> bool:
        """Whether anybody is listed."""
        return bool(self.addresses or self.domains)

    def match(
        self, email: NormalEmail, *, subdomains: bool = True, plus_tags: bool = True, gmail_dots: bool = True
    ) -> Code | None:
        """The code by which the address is listed, the address itself before its domain; None where it is not.

        subdomains: a listed domain covers those below it, by whole labels (T40). plus_tags: an entry covers the same
        local part with a tag, or a further one, behind it (T37). gmail_dots: the spellings of one Gmail mailbox are one
        (T38). Costs one look-up a label and a tag, however long the list.
        """
        local, _, domain = email.rpartition("@")
        if self.addresses:
            listed: Set[NormalEmail] = self.addresses
            if gmail_dots and domain in GMAIL:
                listed = self._without_dots
                local, _, domain = widen(email, plus_tags=False, gmail_dots=True).rpartition("@")
            while True:
                if NormalEmail(f"{local}@{domain}") in listed:
                    return Code.CONTACT_SKIP_NEVER_LOG_ADDRESS
                local = local.rpartition("+")[0]
                if not (plus_tags and local):
                    break
        if self.domains:
            if domain in self.domains or (gmail_dots and domain in GMAIL and self.domains & GMAIL):
                return Code.CONTACT_SKIP_NEVER_LOG_DOMAIN
            at = domain.find(".") if subdomains else -1
            while at >= 0:
                if domain[at + 1 :] in self.domains:
                    return Code.CONTACT_SKIP_NEVER_LOG_DOMAIN
                at = domain.find(".", at + 1)
        return None

    @cached_property
    def _without_dots(self) -> frozenset[NormalEmail]:
        """The entries with those of Gmail in their one spelling (T38)."""
        return frozenset(widen(address, plus_tags=False, gmail_dots=True) for address in self.addresses)
