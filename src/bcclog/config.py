"""The account file: TOML to `(account, directory)`, with errors that name key, line and what was expected."""

import tomllib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from attrs import evolve, fields

from bcclog.account import Account, Connected, Contact, MemoryDirectory, TeamAddress, User
from bcclog.policy import HUBSPOT_2023_09, Policy, PolicyError, TrustGrant, preset

TEMPLATE = """\
# Your account, as bcclog reads it. What would be done with a mail:
#   bcclog plan --account account.toml --recipient bcc@in.crm.example mail.eml

[account]
# The company's own mail domains: colleagues are never contacts.
domains = ["ourco.example"]
# Where mail arrives that a user wrote himself, with this address in Bcc.
bcc_addresses = ["bcc@in.crm.example"]
# Where users forward mail to that others wrote.
forwarding_addresses = ["log@in.crm.example"]
# Every address of these domains is a drop address and never a contact.
drop_domains = ["in.crm.example"]
# HUBSPOT_2023_09, HUBSPOT_2025_12 or PERMISSIVE; single options are changed below, under [options].
policy = "HUBSPOT_2023_09"
# Nobody listed here is created or logged: an address, a domain, or *@domain.
never_log = ["*@lawyer.example", "private@home.example"]
# The names under which your own mail server writes Authentication-Results, if it removes those that others forge.
authserv_ids = ["mx.crm.example"]

# [options]
# require_both_parts = false
# trust.unaligned = { log = true, create = false, attribute = false }

[[users]]
id = "u1"
name = "Rosa Rep"
address = "rosa@ourco.example"
aliases = ["r.rep@ourco.example"]
connected = [{ address = "rosa@ourco.example", since = 2021-05-04T10:00:00Z }]
never_log = []

[[team_addresses]]
address = "sales@ourco.example"
first_connected_by = "u1"

[[contacts]]
id = "c1"
address = "maria@prospect.example"
company = "co1"
open_deals = ["d1", "d2"]
"""


class ConfigError(PolicyError):
    """An account file that cannot be used; the message names the key, its line, and what was expected."""


def load(path: str | Path) -> tuple[Account, MemoryDirectory]:
    """Read an account file. `ConfigError` for a wrong or unknown key, `OSError` where the file cannot be read."""
    return loads(Path(path).read_text("utf-8"), str(path))


def loads(text: str, name: str = "account.toml") -> tuple[Account, MemoryDirectory]:
    """Read the text of an account file; `name` stands in error messages."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name}: this is no TOML: {error}") from None
    return _build(data, _Reader(text, name))


def from_data(data: Mapping[str, Any], name: str = "account") -> tuple[Account, MemoryDirectory]:
    """The same from data that is read already (JSON of a fixture, say); a `since` may be a string in ISO 8601."""
    return _build(data, _Reader("", name))


def _build(data: Mapping[str, Any], reader: "_Reader") -> tuple[Account, MemoryDirectory]:
    reader.known((), data, {"account", "options", "users", "team_addresses", "contacts"})
    given = reader.table(("account",), data.get("account"))
    reader.known(("account",), given, _ACCOUNT)
    name = reader.string(("account", "policy"), given.get("policy", HUBSPOT_2023_09.name))
    policy = reader.checked(("account", "policy"), partial(preset, name))
    policy = _options(reader, policy, data.get("options", {}))
    strings = {key: reader.strings(("account", key), given.get(key, [])) for key in sorted(_ACCOUNT - {"policy"})}
    for key, values in strings.items():
        if values:  # one by one, so that an error names its key
            needed = {} if key in _DROP_ADDRESSES else {"bcc_addresses": ["log@in.crm.example"]}
            reader.checked(("account", key), partial(Account, **needed, **{key: values}))  # type: ignore[arg-type]
    account = reader.checked(("account",), lambda: Account(policy=policy, **strings))  # type: ignore[arg-type]
    users = [_user(reader, number, entry) for number, entry in enumerate(reader.tables("users", data))]
    teams = []
    for number, entry in enumerate(reader.tables("team_addresses", data)):
        here = ("team_addresses", number)
        reader.known(here, entry, {"address", "first_connected_by"})
        teams.append(
            TeamAddress(
                address=reader.string((*here, "address"), entry.get("address")),
                first_connected_by=reader.string((*here, "first_connected_by"), entry.get("first_connected_by")),
            )
        )
    contacts = [_contact(reader, number, entry) for number, entry in enumerate(reader.tables("contacts", data))]
    for number, user in enumerate(users):
        reader.checked(("users", number), partial(MemoryDirectory.of, [user]))
    reader.checked(("users",), partial(MemoryDirectory.of, users))
    by_id = {user.id: [user] for user in users}
    for number, team in enumerate(teams):
        owner = by_id.get(team.first_connected_by, [])
        reader.checked(("team_addresses", number), partial(MemoryDirectory.of, owner, [team]))
    for number, contact in enumerate(contacts):
        reader.checked(("contacts", number), partial(MemoryDirectory.of, contacts=[contact]))
    return account, reader.checked(("contacts",), partial(MemoryDirectory.of, users, teams, contacts))


_ACCOUNT = {
    "domains", "bcc_addresses", "forwarding_addresses", "drop_domains", "policy", "never_log", "authserv_ids",
}  # fmt: skip

_DROP_ADDRESSES = ("bcc_addresses", "forwarding_addresses")


_Path = tuple[str | int, ...]
_T = TypeVar("_T")


class _Reader:
    """Checks values and turns what is wrong into an error that names file, line and key."""

    def __init__(self, text: str, name: str) -> None:
        self._lines = text.splitlines()
        self._name = name

    def fail(self, path: _Path, message: str) -> ConfigError:
        """The error for the value at `path`."""
        shown = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
        return ConfigError(f"{self._name}, line {self._line(path)}: {shown or 'the file'}: {message}")

    def _line(self, path: _Path) -> int:
        """The line of a key, as near as a search for its table and then its name comes; counted from 1."""
        at = 0
        if path:
            position = path[1] if len(path) > 1 and isinstance(path[1], int) else 0
            seen = -1
            for number, line in enumerate(self._lines):
                bare = line.strip()
                if bare.startswith((f"[{path[0]}]", f"[[{path[0]}]]")):
                    seen += 1
                    if seen == position:
                        at = number
                        break
        names = [step for step in path[1:] if isinstance(step, str)] or [step for step in path if isinstance(step, str)]
        for name in names[:1]:
            for number in range(at, len(self._lines)):
                if self._lines[number].lstrip().partition("=")[0].strip().strip("\"'") == name:
                    return number + 1
        return at + 1

    def checked(self, path: _Path, build: Callable[[], _T]) -> _T:
        try:
            return build()
        except PolicyError as error:
            raise self.fail(path, str(error)) from None

    def known(self, path: _Path, table: Mapping[str, Any], names: set[str]) -> None:
        for key in table:
            if key not in names:
                raise self.fail((*path, key), f"unknown key; known here are {', '.join(sorted(names))}")

    def table(self, path: _Path, value: object) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            raise self.fail(path, f"expected a table [{path[-1]}]")
        return value

    def tables(self, key: str, data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        value = data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            raise self.fail((key,), f"expected tables [[{key}]]")
        return value

    def string(self, path: _Path, value: object) -> str:
        if not isinstance(value, str) or not value:
            raise self.fail(path, f"expected a string, not {value!r}")
        return value

    def strings(self, path: _Path, value: object) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            raise self.fail(path, f"expected a list of strings, not {value!r}")
        return value


def _options(reader: _Reader, policy: Policy, options: object) -> Policy:
    table = reader.table(("options",), options)
    reader.known(("options",), table, {f.name for f in fields(Policy)} - {"name", "limits"})
    for name, value in table.items():
        if name == "trust":
            value = {**policy.trust, **_grants(reader, value)}
        changed = partial(evolve, policy, name=f"{policy.name.removesuffix('+')}+", **{name: value})
        policy = reader.checked(("options", name), changed)
    return policy


def _grants(reader: _Reader, value: object) -> dict[str, TrustGrant]:
    """What each verdict named may do; what is left out stays allowed."""
    here = ("options", "trust")
    found: dict[str, TrustGrant] = {}
    for verdict, given in reader.table(here, value).items():
        grants = reader.table((*here, verdict), given)
        reader.known((*here, verdict), grants, {f.name for f in fields(TrustGrant)})
        found[verdict] = reader.checked((*here, verdict), partial(TrustGrant, **grants))
    return found


def _user(reader: _Reader, number: int, entry: Mapping[str, Any]) -> User:
    here = ("users", number)
    reader.known(here, entry, {"id", "name", "address", "aliases", "connected", "never_log", "is_active"})
    connected = []
    given = entry.get("connected", [])
    for item in given if isinstance(given, list) else [given]:
        if not isinstance(item, dict):
            raise reader.fail((*here, "connected"), 'expected entries such as { address = "a@b.example", since = ... }')
        reader.known((*here, "connected"), item, {"address", "since"})
        since = item.get("since")
        if isinstance(since, str):
            try:
                since = datetime.fromisoformat(since)
            except ValueError:
                raise reader.fail((*here, "connected"), f"since: expected a date and time, not {since!r}") from None
        if since is not None and not isinstance(since, datetime):
            raise reader.fail((*here, "connected"), f"since: expected a date and time, not {since!r}")
        if since is not None and since.tzinfo is None:
            raise reader.fail(
                (*here, "connected"), f"since: {since.isoformat()} needs a time zone, such as Z at its end"
            )
        connected.append(
            Connected(
                address=reader.string((*here, "connected"), item.get("address")),
                since=None if since is None else since.astimezone(UTC),
            )
        )
    is_active = entry.get("is_active", True)
    if not isinstance(is_active, bool):
        raise reader.fail((*here, "is_active"), f"expected true or false, not {is_active!r}")
    return User(
        id=reader.string((*here, "id"), entry.get("id")),
        name=None if entry.get("name") is None else reader.string((*here, "name"), entry["name"]),
        address=None if entry.get("address") is None else reader.string((*here, "address"), entry["address"]),
        aliases=tuple(reader.strings((*here, "aliases"), entry.get("aliases", []))),
        connected=tuple(connected),
        never_log=tuple(reader.strings((*here, "never_log"), entry.get("never_log", []))),
        is_active=is_active,
    )


def _contact(reader: _Reader, number: int, entry: Mapping[str, Any]) -> tuple[str, Contact]:
    here = ("contacts", number)
    reader.known(here, entry, {"id", "address", "company", "primary_company", "open_deals"})
    optional = {
        key: None if entry.get(key) is None else reader.string((*here, key), entry[key])
        for key in ("company", "primary_company")
    }
    return reader.string((*here, "address"), entry.get("address")), Contact(
        id=reader.string((*here, "id"), entry.get("id")),
        open_deals=tuple(reader.strings((*here, "open_deals"), entry.get("open_deals", []))),
        **optional,
    )
