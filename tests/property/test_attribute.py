"""Attribution against a slow and plain reading of R20-R25."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bcclog import Attribution, Holding, HoldingKind, Route, attribute
from bcclog.address import NormalEmail

ADDRESS = "desk@ourco.example"
INSTANTS = [None, *(datetime(2020 + n, 1, 1, tzinfo=UTC) for n in range(3))]
HOLDINGS = st.lists(
    st.builds(
        Holding,
        user=st.sampled_from("abc"),
        kind=st.sampled_from(list(HoldingKind)),
        since=st.sampled_from(INSTANTS),
        is_active=st.booleans(),
    ),
    max_size=6,
)


class Directory:
    def __init__(self, holdings: list[Holding]) -> None:
        self._holdings = holdings

    def holdings(self, email: NormalEmail) -> list[Holding]:
        return self._holdings if email == ADDRESS else []


def expected(holdings: list[Holding], route: Route | None) -> str | None:
    """The user by the rules' own words."""
    active = [h for h in holdings if h.is_active]

    def users(kind: HoldingKind) -> set[str]:
        return {h.user for h in active if h.kind is kind}

    def first(kind: HoldingKind) -> str | None:
        since = {
            user: min((h.since for h in active if h.kind is kind and h.user == user and h.since), default=None)
            for user in users(kind)
        }
        if len(since) == 1:
            return next(iter(since))
        if None in since.values():
            return None
        best = [user for user, instant in since.items() if instant == min(i for i in since.values() if i)]
        return best[0] if len(best) == 1 else None

    if route is Route.BCC and users(HoldingKind.TEAM):
        return first(HoldingKind.TEAM)
    for kind in (HoldingKind.CONNECTED, HoldingKind.ACCOUNT, HoldingKind.ALIAS):
        if len(users(kind)) == 1:
            return users(kind).pop()
    return first(HoldingKind.CONNECTED) if users(HoldingKind.CONNECTED) else None


def credited(holdings: list[Holding], route: Route | None) -> Attribution:
    return attribute(ADDRESS, directory=Directory(holdings), route=route)


@given(HOLDINGS, st.sampled_from([None, *Route]))
def test_the_credited_user_is_that_of_the_rules(holdings: list[Holding], route: Route | None):
    assert credited(holdings, route).user == expected(holdings, route)


@given(HOLDINGS, st.sampled_from([None, *Route]), st.randoms(use_true_random=False))
def test_the_order_of_holdings_does_not_matter(holdings: list[Holding], route: Route | None, random):
    shuffled = list(holdings)
    random.shuffle(shuffled)
    assert credited(shuffled, route) == credited(holdings, route)


@given(HOLDINGS, st.sampled_from([None, *Route]))
def test_everybody_who_has_the_address_is_accounted_for(holdings: list[Holding], route: Route | None):
    found = credited(holdings, route)
    named = {found.user, *found.candidates, *(lost.what for lost in found.lost)} - {None}
    assert named == {h.user for h in holdings}
