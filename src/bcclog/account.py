"""What bcclog is told about the account: its addresses, its people, its contacts.

The directory is injected. `Directory` is a protocol of two methods by normalised address; `MemoryDirectory` answers
them from values. A service with a database calls `read`, looks up `reading.lookups` in its own way, and hands
`decide` a `MemoryDirectory` of what it found.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any, Protocol

from attrs import Attribute, field, frozen

from bcclog._people.address import normalize, normalize_domain
from bcclog._people.never_log import NeverLog
from bcclog.address import NormalEmail
from bcclog.policy import HUBSPOT_2023_09, Policy, PolicyError


def _normal(address: str, what: str) -> NormalEmail:
    normal = normalize(address) if isinstance(address, str) else None
    if normal is None:
        raise PolicyError(f"{what} must be an e-mail address such as log@in.crm.example, not {address!r}")
    return normal


def _normals(addresses: Iterable[str]) -> frozenset[NormalEmail]:
    return frozenset(_normal(address, "a drop address") for address in _listed(addresses, "addresses"))


def _domains(domains: Iterable[str]) -> frozenset[str]:
    return frozenset(map(_domain, _listed(domains, "domains")))


def _domain(domain: object) -> str:
    normal = normalize_domain(domain) if isinstance(domain, str) else None
    if normal is None:
        raise PolicyError(f"a domain must be one such as ourco.example, not {domain!r}")
    return normal


def _listed(values: Any, what: str) -> Iterable[Any]:
    """A list; one string is not taken for a list of letters."""
    if isinstance(values, str):
        raise PolicyError(f"expected a list of {what}, not the single string {values!r}")
    if not isinstance(values, Iterable):
        raise PolicyError(f"expected a list of {what}, not {values!r}")
    return values


def _strings(values: Iterable[str]) -> tuple[str, ...]:
    found = tuple(_listed(values, "strings"))
    for value in found:
        if not isinstance(value, str):
            raise PolicyError(f"expected a list of strings, not one with {value!r}")
    return found


def _names(values: Iterable[str]) -> frozenset[str]:
    return frozenset(_strings(values))


def _connections(values: "Iterable[Connected]") -> "tuple[Connected, ...]":
    found = tuple(_listed(values, "Connected"))
    for value in found:
        if not isinstance(value, Connected):
            raise PolicyError(f"User.connected is a list of bcclog.Connected(address=...), not one with {value!r}")
    return found


def _string(owner: object, attribute: "Attribute[Any]", value: object) -> None:
    if not isinstance(value, str) or not value:
        raise PolicyError(f"{type(owner).__name__}.{attribute.name} must be a string that is not empty, not {value!r}")


def _string_or_none(owner: object, attribute: "Attribute[Any]", value: object) -> None:
    if value is not None:
        _string(owner, attribute, value)


def _never_log(entries: "NeverLog | Iterable[str]") -> NeverLog:
    return entries if isinstance(entries, NeverLog) else NeverLog.of(entries)


def _check_writers(policy: Policy) -> None:
    """`PolicyError` for a client or language that no row of the catalogue has: it would refuse every forward."""
    if policy.clients is None and policy.locales is None:
        return
    # Few policies name any, and the package is imported without the catalogue.
    from difflib import get_close_matches

    from bcclog._catalogue.shipped import catalogue

    writers = [row.writer for row in catalogue().rows]
    known = {
        "clients": {writer.client for writer in writers},
        "locales": {tag for writer in writers for tag in writer.languages},
    }
    for option, names in known.items():
        for name in sorted((getattr(policy, option) or frozenset()) - names):
            first = name.replace("_", "-").partition("-")[0].lower()
            alike = [known for known in sorted(names) if known.partition("-")[0] == first]
            near = alike or get_close_matches(name, sorted(names), 3)
            hint = f"near it are {', '.join(near[:8])}; " if near else ""
            raise PolicyError(f"Policy.{option}: the catalogue has no {name!r}; {hint}the docs list all under Coverage")


@frozen(kw_only=True)
class Account:
    """One account: where its mail arrives, what is its own, and its policy.

    domains: the company's own mail domains. bcc_addresses, forwarding_addresses: the drop addresses (R1).
    drop_domains: domains whose every address is a drop address and never a contact (R2).
    never_log: the account-wide list (R16). authserv_ids: the ids under which the account's own mail server writes
    Authentication-Results, given only where that server removes foreign fields that bear them (R27, T44).
    """

    domains: frozenset[str] = field(factory=frozenset, converter=_domains)
    bcc_addresses: frozenset[NormalEmail] = field(factory=frozenset, converter=_normals)
    forwarding_addresses: frozenset[NormalEmail] = field(factory=frozenset, converter=_normals)
    drop_domains: frozenset[str] = field(factory=frozenset, converter=_domains)
    never_log: NeverLog = field(factory=lambda: NeverLog.of(()), converter=_never_log)
    authserv_ids: frozenset[str] = field(factory=frozenset, converter=_names)
    policy: Policy = HUBSPOT_2023_09
    digest_key: bytes | None = field(default=None, repr=False)
    """With a key, a person on Never Log leaves a keyed digest in the plan and nothing else."""

    def __attrs_post_init__(self) -> None:
        if not (self.bcc_addresses or self.forwarding_addresses):
            raise PolicyError("an Account needs at least one of bcc_addresses and forwarding_addresses")
        both = self.bcc_addresses & self.forwarding_addresses
        if both:
            raise PolicyError(f"{min(both)} cannot be both a BCC and a forwarding address")
        if not isinstance(self.policy, Policy):
            raise PolicyError(f"Account.policy must be a Policy; bcclog.preset(name) gives one, not {self.policy!r}")
        if not isinstance(self.digest_key, bytes | None):
            raise PolicyError(f"Account.digest_key must be bytes, or None, not {type(self.digest_key).__name__}")
        _check_writers(self.policy)

    @cached_property
    def drop_hosts(self) -> frozenset[str]:
        """The domains of the drop addresses: nobody elsewhere has one."""
        return frozenset(address.rpartition("@")[2] for address in self.bcc_addresses | self.forwarding_addresses)


class HoldingKind(StrEnum):
    """In what way a user has an address (R20-R24)."""

    CONNECTED = "connected"
    ACCOUNT = "account"
    ALIAS = "alias"
    TEAM = "team"


@frozen(kw_only=True)
class Holding:
    """One user's hold on one address. since: when it was connected; None where that is not known.

    For `team`, `user` is the one who first connected the team address (R24).
    never_log: the user's own list (R16).
    """

    user: str = field(validator=_string)
    kind: HoldingKind = field(converter=HoldingKind)
    since: datetime | None = None
    is_active: bool = True
    never_log: NeverLog = field(factory=lambda: NeverLog.of(()), converter=_never_log)

    def __attrs_post_init__(self) -> None:
        if self.since is not None and self.since.tzinfo is None:
            raise PolicyError(f"Holding.since needs a time zone, for example UTC, to be compared: {self.since!r}")


@frozen(kw_only=True)
class Contact:
    """A contact that exists. open_deals: most recent first (R5). primary_company: where it is not `company`."""

    id: str = field(validator=_string)
    company: str | None = field(default=None, validator=_string_or_none)
    primary_company: str | None = field(default=None, validator=_string_or_none)
    open_deals: tuple[str, ...] = field(default=(), converter=_strings)


class UserDirectory(Protocol):
    """Who of the account's users has an address."""

    def holdings(self, email: NormalEmail) -> Iterable[Holding]:
        """Every user's hold on the normalised address; in any order, none when nobody has it."""


class ContactDirectory(Protocol):
    """Which contact has an address."""

    def contact(self, email: NormalEmail) -> Contact | None:
        """The contact with the normalised address, or None."""


class Directory(UserDirectory, ContactDirectory, Protocol):
    """Users and contacts in one."""


def check_directory(directory: object, *methods: str) -> None:
    """`TypeError` for what answers no such question: said at once, and not at the first mail that asks it."""
    for method in methods:
        if not callable(getattr(directory, method, None)):
            raise TypeError(f"directory needs a method {method}, as bcclog.MemoryDirectory has; this is {directory!r}")


@frozen(kw_only=True)
class Connected:
    """A personal address that a user has connected, and since when."""

    address: str = field(validator=_string)
    since: datetime | None = None


@frozen(kw_only=True)
class User:
    """A user of the account, as `MemoryDirectory.of` takes him."""

    id: str = field(validator=_string)
    name: str | None = None
    address: str | None = field(default=None, validator=_string_or_none)
    aliases: tuple[str, ...] = field(default=(), converter=_strings)
    connected: tuple[Connected, ...] = field(default=(), converter=_connections)
    never_log: tuple[str, ...] = field(default=(), converter=_strings)
    is_active: bool = True


@frozen(kw_only=True)
class TeamAddress:
    """An address connected for a team, and the user who connected it first (R24)."""

    address: str = field(validator=_string)
    first_connected_by: str = field(validator=_string)


@frozen
class MemoryDirectory:
    """A directory held in two frozen mappings; build it with `MemoryDirectory.of`."""

    _holdings: Mapping[NormalEmail, tuple[Holding, ...]]
    _contacts: Mapping[NormalEmail, Contact]

    @classmethod
    def of(
        cls,
        users: Iterable[User] = (),
        team_addresses: Iterable[TeamAddress] = (),
        contacts: Iterable[tuple[str, Contact]] = (),
    ) -> "MemoryDirectory":
        """users, team_addresses: as the CRM knows them; contacts: pairs of (address, Contact).

        `PolicyError` for an address that is none, a user id given twice, a team address of an unknown user, or two
        contacts with one address: which of them to log on is for the CRM to say.
        """
        holdings: dict[NormalEmail, list[Holding]] = {}
        by_id: dict[str, User] = {}
        lists: dict[str, NeverLog] = {}

        def hold(address: str, user: User, kind: HoldingKind, since: datetime | None = None) -> None:
            holding = Holding(user=user.id, kind=kind, since=since, is_active=user.is_active, never_log=lists[user.id])
            holdings.setdefault(_normal(address, f"an address of user {user.id}"), []).append(holding)

        for user in _listed(users, "User"):
            if not isinstance(user, User):
                raise PolicyError(f"users is a list of bcclog.User, not one with {user!r}")
            if user.id in by_id:
                raise PolicyError(f"user id {user.id!r} is given twice")
            by_id[user.id] = user
            lists[user.id] = NeverLog.of(user.never_log)
            if user.address is not None:
                hold(user.address, user, HoldingKind.ACCOUNT)
            for alias in user.aliases:
                hold(alias, user, HoldingKind.ALIAS)
            for connected in user.connected:
                hold(connected.address, user, HoldingKind.CONNECTED, connected.since)
        for team in team_addresses:
            owner = by_id.get(team.first_connected_by)
            if owner is None:
                raise PolicyError(f"team address {team.address!r} names the unknown user {team.first_connected_by!r}")
            hold(team.address, owner, HoldingKind.TEAM)
        people: dict[NormalEmail, Contact] = {}
        for pair in _listed(contacts, "pairs of (address, Contact)"):
            if not (isinstance(pair, tuple) and len(pair) == 2 and isinstance(pair[1], Contact)):
                raise PolicyError(f"contacts is a list of pairs (address, Contact), not one with {pair!r}")
            email = _normal(pair[0], "a contact's address")
            if people.setdefault(email, pair[1]) != pair[1]:
                raise PolicyError(f"contacts {people[email].id!r} and {pair[1].id!r} have the same address {email}")
        return _directory({email: tuple(held) for email, held in holdings.items()}, people)

    def __reduce__(self) -> tuple[object, ...]:
        # A read-only mapping cannot be pickled, and a directory goes to the workers of an archive.
        return _directory, (dict(self._holdings), dict(self._contacts))

    def holdings(self, email: NormalEmail) -> tuple[Holding, ...]:
        """See `UserDirectory`."""
        return self._holdings.get(email, ())

    def contact(self, email: NormalEmail) -> Contact | None:
        """See `ContactDirectory`."""
        return self._contacts.get(email)


def _directory(
    holdings: dict[NormalEmail, tuple[Holding, ...]], contacts: dict[NormalEmail, Contact]
) -> MemoryDirectory:
    return MemoryDirectory(MappingProxyType(holdings), MappingProxyType(contacts))
