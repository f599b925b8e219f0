"""Who is credited for a mail: the sending address against the account's users (R20-R26).

The ladder is a table: each row is a code, the kind of holding it asks for, and how it picks one user of those who hold
the address so. The first row that picks somebody wins; where a row can only doubt, nobody is credited and the
candidates are listed (R25). An address matches by its normal form alone: nothing wider ever earns a credit.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from bcclog._people.address import normalize
from bcclog.account import Holding, HoldingKind, UserDirectory, check_directory
from bcclog.codes import Code
from bcclog.model import Attribution, Lost, Route

_Held = Mapping[str, datetime | None]
"""User's id -> the earliest instant known at which he connected the address."""


def _everybody(held: _Held) -> tuple[str, ...]:
    """Whoever there is: one of them is picked where he is the only one."""
    return tuple(held)


def _first_connected(held: _Held) -> tuple[str, ...]:
    """Who connected first; several when that cannot be told: equal instants, or one not known."""
    earliest = min((since for since in held.values() if since is not None), default=None)
    return tuple(user for user, since in held.items() if since is None or since == earliest)


class _Step(NamedTuple):
    """One rule. pick: of the users who hold the address so, those who cannot be told apart, one at least. doubt: the
    code when these are several; None where the rule then steps aside."""

    code: Code
    kind: HoldingKind
    pick: Callable[[_Held], tuple[str, ...]]
    route: Route | None = None
    doubt: Code | None = None


_STEPS: Final = (
    _Step(
        Code.ATTRIBUTION_TEAM, HoldingKind.TEAM, _first_connected, Route.BCC, Code.ATTRIBUTION_AMBIGUOUS_SAME_INSTANT
    ),  # R24: ahead of all others, on the BCC route only
    _Step(Code.ATTRIBUTION_CONNECTED, HoldingKind.CONNECTED, _everybody),  # R20
    _Step(Code.ATTRIBUTION_ACCOUNT, HoldingKind.ACCOUNT, _everybody),  # R21
    _Step(Code.ATTRIBUTION_ALIAS, HoldingKind.ALIAS, _everybody),  # R22
    _Step(
        Code.ATTRIBUTION_LONGEST_CONNECTED, HoldingKind.CONNECTED, _first_connected,
        doubt=Code.ATTRIBUTION_AMBIGUOUS_SAME_INSTANT,
    ),  # R23
)  # fmt: skip


def attribute(
    address: str, *, directory: UserDirectory, route: Route | None = None, credit_deactivated: bool = False
) -> Attribution:
    """Credit the user who sends from `address`, by the first of R20-R25 that applies.

    address: the outer From and nothing else (R26). route: R24 holds on the BCC route only; None leaves it out.
    credit_deactivated: count deactivated users like others; they are passed over otherwise (R25).
    Returns an `Attribution`: the user, or nobody with the candidates listed. `candidates` of an unattributed address
    are users who have it in a way that earns no credit on this route (a team address on the forwarding route).
    """
    if not isinstance(address, str):
        raise TypeError(f"address is a string, not {type(address).__name__}")
    check_directory(directory, "holdings")
    normal = normalize(address)
    if normal is None:
        return Attribution(code=Code.ATTRIBUTION_UNATTRIBUTED)
    return credit(directory.holdings(normal), route, credit_deactivated)


_NOBODY: Final = Attribution(code=Code.ATTRIBUTION_UNATTRIBUTED)


def credit(holdings: Iterable[Holding], route: Route | None, credit_deactivated: bool) -> Attribution:
    """`attribute` over what the directory answered, in any order."""
    if holdings == ():
        return _NOBODY  # most senders of an archive are nobody's, and a value costs more than the question
    held: dict[HoldingKind, dict[str, datetime | None]] = {}
    users: set[str] = set()
    passed: set[str] = set()
    for holding in holdings:
        if not (holding.is_active or credit_deactivated):
            passed.add(holding.user)
            continue
        users.add(holding.user)
        of_kind = held.setdefault(holding.kind, {})
        since = of_kind.get(holding.user)
        if holding.user not in of_kind or (holding.since is not None and (since is None or holding.since < since)):
            of_kind[holding.user] = holding.since
    for step in _STEPS:
        if step.kind not in held or (step.route is not None and step.route is not route):
            continue
        picked = step.pick(held[step.kind])
        if len(picked) == 1:
            return _attribution(step.code, picked[0], (), users, passed)
        if step.doubt is not None:
            return _attribution(step.doubt, None, tuple(sorted(picked)), users, passed)
    # What is left is shared as account address or alias (R25), or is a team address off the BCC route (R24).
    is_shared = HoldingKind.ACCOUNT in held or HoldingKind.ALIAS in held
    code = Code.ATTRIBUTION_AMBIGUOUS_SHARED if is_shared else Code.ATTRIBUTION_UNATTRIBUTED
    return _attribution(code, None, tuple(sorted(users)), users, passed)


def _attribution(
    code: Code, user: str | None, candidates: tuple[str, ...], users: set[str], passed: set[str]
) -> Attribution:
    """The result; whoever has the address too and is not credited is listed with the code that won over him."""
    lost = [Lost(what=other, code=code) for other in sorted(users) if other != user and other not in candidates]
    lost += [Lost(what=other, code=Code.ATTRIBUTION_SKIP_DEACTIVATED) for other in sorted(passed)]
    return Attribution(code=code, user=user, candidates=candidates, lost=tuple(lost))
