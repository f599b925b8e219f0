"""The account file: TOML to `(account, directory)`, with errors that name key, line and what was expected."""

import tomllib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from attrs import evolve, fields

from bcclog.account import Account, Connected, Contact, MemoryDirectory, TeamAddress, User
from bcclog.policy import HUBSPOT_2023_09, Limits, Policy, PolicyError, TrustGrant, preset

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
# With a key, whoever is listed under never_log leaves a digest in the plan, by which one can be known again.
# digest_key = "a long random text, kept secret"

# [options]
# require_both_parts = false
# locales = ["de", "en-GB"]
# trust.unaligned = { log = true, create = false, attribute = false }
# limits.max_new_contacts = 20

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
    strings = {key: reader.strings(("account", key), given.get(key, [])) for key in sorted(_LISTS)}
    for key, values in strings.items():
        if values:  # one by one, so that an error names its key
            needed = {} if key in _DROP_ADDRESSES else _ANY_DROP_ADDRESS
            reader.checked(("account", key), partial(Account, **needed, **{key: values}))  # type: ignore[arg-type]
    secret = given.get("digest_key")
    digest_key = None if secret is None else reader.string(("account", "digest_key"), secret).encode()
    build = partial(Account, policy=policy, digest_key=digest_key, **strings)
    account = reader.checked(("account",), build)
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


_LISTS = {"domains", "bcc_addresses", "forwarding_addresses", "drop_domains", "never_log", "authserv_ids"}
_ACCOUNT = {*_LISTS, "policy", "digest_key"}
_DROP_ADDRESSES = ("bcc_addresses", "forwarding_addresses")
_ANY_DROP_ADDRESS = {"bcc_addresses": ["log@in.crm.example"]}
"""An account needs one; where another of its values is tried alone, any will do."""


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
        names = [step for step in path if isinstance(step, str)]
        position = next((step for step in path if isinstance(step, int)), 0)
        for depth in range(len(names), 0, -1):
            table = ".".join(names[:depth])
            heads = [n for n, line in enumerate(self._lines) if line.strip().startswith((f"[{table}]", f"[[{table}]]"))]
            if len(heads) > position:
                return self._line_below(heads[position], names[depth:]) + 1
        return self._line_below(-1, names) + 1

    def _line_below(self, head: int, names: list[str]) -> int:
        """The line of the key `names` in the table that begins at `head`; that line itself where it has none."""
        below: dict[str, int] = {}
        for number in range(head + 1, len(self._lines)):
            line = self._lines[number].lstrip()
            if line.startswith("["):
                break
            below.setdefault(line.partition("=")[0].strip().strip("\"'"), number)
        keys = (".".join(names[:count]) for count in range(len(names), 0, -1))
        return next((below[key] for key in keys if key in below), max(head, 0))

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
    reader.known(("options",), table, {f.name for f in fields(Policy)} - {"name"})
    for name, value in table.items():
        if name == "trust":
            value = {**policy.trust, **_grants(reader, value)}
        elif name == "limits":
            value = _limits(reader, policy.limits, value)
        changed = partial(evolve, policy, name=f"{policy.name.removesuffix('+')}+", **{name: value})
        policy = reader.checked(("options", name), changed)
        reader.checked(("options", name), partial(Account, policy=policy, **_ANY_DROP_ADDRESS))  # type: ignore[arg-type]
    return policy


def _limits(reader: _Reader, limits: Limits, value: object) -> Limits:
    here = ("options", "limits")
    table = reader.table(here, value)
    reader.known(here, table, {f.name for f in fields(Limits)})
    for name, most in table.items():
        limits = reader.checked((*here, name), partial(evolve, limits, **{name: most}))
    return limits


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
