"""Who is credited (R20-R26)."""

from datetime import UTC, datetime

import pytest

from bcclog import Code, Connected, Lost, MemoryDirectory, Route, TeamAddress, User, attribute, plan
from builders import BCC, LOG, ROSA, account, forward, mail

EARLY = datetime(2020, 1, 1, tzinfo=UTC)
BETWEEN = datetime(2022, 1, 1, tzinfo=UTC)
LATE = datetime(2024, 1, 1, tzinfo=UTC)
SHARED = "sales.desk@ourco.example"


def connected(user: str, since: datetime | None = None, *, is_active: bool = True) -> User:
    return User(id=user, connected=[Connected(address=SHARED, since=since)], is_active=is_active)


def credited(*users: User, route: Route | None = Route.BCC, teams: tuple[TeamAddress, ...] = (), **options: bool):
    return attribute(SHARED, directory=MemoryDirectory.of(users, teams), route=route, **options)


def outcome(*users: User, **given):
    found = credited(*users, **given)
    return found.user, found.code, found.candidates


def test_R20_one_user_with_the_connected_address_is_credited():
    assert outcome(connected("a")) == ("a", Code.ATTRIBUTION_CONNECTED, ())


def test_R21_one_user_with_the_account_address_is_credited():
    assert outcome(User(id="a", address=SHARED)) == ("a", Code.ATTRIBUTION_ACCOUNT, ())


def test_R22_one_user_with_the_alias_is_credited():
    assert outcome(User(id="a", aliases=[SHARED])) == ("a", Code.ATTRIBUTION_ALIAS, ())


def test_R23_of_several_connected_users_the_longest_connected_is_credited():
    assert outcome(connected("a", LATE), connected("b", EARLY)) == ("b", Code.ATTRIBUTION_LONGEST_CONNECTED, ())


@pytest.mark.parametrize("route", [Route.BCC, Route.FORWARDING, None])
def test_R20_to_R22_hold_in_their_order(route: Route | None):
    users = [User(id="c", aliases=[SHARED]), User(id="b", address=SHARED), connected("a")]
    assert outcome(*users, route=route) == ("a", Code.ATTRIBUTION_CONNECTED, ())
    assert outcome(*users[:2], route=route) == ("b", Code.ATTRIBUTION_ACCOUNT, ())


def test_R21_comes_before_R23():
    users = [connected("a", EARLY), connected("b", LATE), User(id="c", address=SHARED)]
    assert outcome(*users) == ("c", Code.ATTRIBUTION_ACCOUNT, ())


def test_R22_comes_before_R23():
    users = [connected("a", EARLY), connected("b", LATE), User(id="c", aliases=[SHARED])]
    assert outcome(*users) == ("c", Code.ATTRIBUTION_ALIAS, ())


def test_R24_the_team_address_comes_first_on_the_bcc_route():
    team = TeamAddress(address=SHARED, first_connected_by="b")
    assert outcome(connected("a"), User(id="b"), teams=(team,)) == ("b", Code.ATTRIBUTION_TEAM, ())


def test_R24_does_not_hold_on_the_forwarding_route():
    team = TeamAddress(address=SHARED, first_connected_by="b")
    assert outcome(connected("a"), User(id="b"), teams=(team,), route=Route.FORWARDING) == (
        "a",
        Code.ATTRIBUTION_CONNECTED,
        (),
    )


def test_R25_a_team_address_alone_is_known_and_uncredited_on_the_forwarding_route():
    team = TeamAddress(address=SHARED, first_connected_by="b")
    found = credited(User(id="b"), teams=(team,), route=Route.FORWARDING)
    assert (found.user, found.code, found.candidates) == (None, Code.ATTRIBUTION_UNATTRIBUTED, ("b",))
    assert found.is_known


def test_R25_two_first_connectors_of_a_team_address_are_ambiguous():
    users = [User(id="a"), User(id="b")]
    teams = (
        TeamAddress(address=SHARED, first_connected_by="a"),
        TeamAddress(address=SHARED, first_connected_by="b"),
    )
    assert outcome(*users, teams=teams) == (None, Code.ATTRIBUTION_AMBIGUOUS_SAME_INSTANT, ("a", "b"))


def test_R25_nobody_has_the_address():
    assert outcome(User(id="a", address="other@ourco.example")) == (None, Code.ATTRIBUTION_UNATTRIBUTED, ())


def test_R25_what_is_no_address_is_nobodys():
    assert attribute("rosa", directory=MemoryDirectory.of()).code is Code.ATTRIBUTION_UNATTRIBUTED


@pytest.mark.parametrize("kind", ["address", "aliases"])
def test_R25_several_users_who_share_it_are_ambiguous(kind: str):
    value = SHARED if kind == "address" else (SHARED,)
    users = [User(id=name, **{kind: value}) for name in ("b", "a")]
    assert outcome(*users) == (None, Code.ATTRIBUTION_AMBIGUOUS_SHARED, ("a", "b"))


def test_R25_the_same_instant_is_ambiguous_and_names_only_the_first():
    users = [connected("c", LATE), connected("b", EARLY), connected("a", EARLY)]
    assert outcome(*users) == (None, Code.ATTRIBUTION_AMBIGUOUS_SAME_INSTANT, ("a", "b"))


def test_R25_an_unknown_instant_could_be_the_first():
    users = [connected("a", EARLY), connected("b", None)]
    assert outcome(*users) == (None, Code.ATTRIBUTION_AMBIGUOUS_SAME_INSTANT, ("a", "b"))


def test_R25_deactivated_users_are_passed_over():
    found = credited(connected("a", EARLY, is_active=False), connected("b", LATE))
    assert (found.user, found.code) == ("b", Code.ATTRIBUTION_CONNECTED)
    assert found.lost == (Lost(what="a", code=Code.ATTRIBUTION_SKIP_DEACTIVATED),)


def test_R25_deactivated_users_count_by_option():
    users = [connected("a", EARLY, is_active=False), connected("b", LATE)]
    assert outcome(*users, credit_deactivated=True) == ("a", Code.ATTRIBUTION_LONGEST_CONNECTED, ())


def test_R25_only_a_deactivated_user_is_nobody():
    assert outcome(connected("a", is_active=False)) == (None, Code.ATTRIBUTION_UNATTRIBUTED, ())


def test_R20_one_user_twice_is_one_user():
    user = User(id="a", connected=[Connected(address=SHARED, since=LATE), Connected(address=SHARED, since=EARLY)])
    assert outcome(user) == ("a", Code.ATTRIBUTION_CONNECTED, ())
    assert outcome(user, connected("b", BETWEEN))[0] == "a"


@pytest.mark.parametrize(
    ("times", "first"),
    [
        ((LATE, EARLY), True),
        ((EARLY, LATE), True),
        ((EARLY, None), True),
        ((None, EARLY), True),
        ((None, None, EARLY), True),
        ((LATE, LATE), False),
        ((LATE, None), False),
    ],
)
def test_R23_of_several_times_of_one_user_the_earliest_known_counts(times: tuple[datetime | None, ...], first: bool):
    several = User(id="a", connected=[Connected(address=SHARED, since=since) for since in times])
    for users in ((several, connected("b", BETWEEN)), (connected("b", BETWEEN), several)):
        assert outcome(*users) == ("a" if first else "b", Code.ATTRIBUTION_LONGEST_CONNECTED, ())


def test_R23_one_time_of_one_user_says_nothing_of_another():
    users = [
        User(id="b", connected=[Connected(address=SHARED, since=BETWEEN)]),
        User(id="a", connected=[Connected(address=SHARED, since=LATE)]),
        User(id="c", connected=[Connected(address=SHARED, since=EARLY)]),
    ]
    for order in (users, users[::-1], [users[1], users[2], users[0]]):
        assert outcome(*order)[0] == "c"


def test_wrong_types_are_refused_with_a_sentence():
    with pytest.raises(TypeError, match=r"^address is a string, not int$"):
        attribute(1, directory=MemoryDirectory.of())  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="holdings"):
        attribute(SHARED, directory=object())  # type: ignore[arg-type]


def test_those_who_lost_are_listed_with_the_code_that_won():
    users = [connected("a"), User(id="c", aliases=[SHARED]), User(id="b", address=SHARED)]
    assert credited(*users).lost == (
        Lost(what="b", code=Code.ATTRIBUTION_CONNECTED),
        Lost(what="c", code=Code.ATTRIBUTION_CONNECTED),
    )


@pytest.mark.parametrize(
    "address", ["SALES.Desk@OurCo.Example", "sales.desk@ourco.example.", '"sales.desk"@ourco.example']
)
def test_the_address_matches_by_its_normal_form(address: str):
    directory = MemoryDirectory.of([connected("a")])
    assert attribute(address, directory=directory).user == "a"


@pytest.mark.parametrize(
    "address", ["sales.desk+x@ourco.example", "salesdesk@ourco.example", "sales.desk@mail.ourco.example"]
)
def test_T37_nothing_wider_than_the_normal_form_is_credited(address: str):
    directory = MemoryDirectory.of([connected("a")])
    assert attribute(address, directory=directory).user is None


class ReversedDirectory:
    """Answers in the other order."""

    def __init__(self, of: MemoryDirectory) -> None:
        self.of = of

    def holdings(self, email):
        return iter(reversed(self.of.holdings(email)))

    def contact(self, email):
        return self.of.contact(email)


def test_T87_the_order_of_the_directory_does_not_matter():
    users = [connected("a", EARLY), connected("b", EARLY), User(id="c", address=SHARED), User(id="d", address=SHARED)]
    directory = MemoryDirectory.of(users)
    assert attribute(SHARED, directory=directory) == attribute(SHARED, directory=ReversedDirectory(directory))


@pytest.mark.parametrize("field", ["Sender", "Reply-To", "Resent-From", "Return-Path", "X-Original-From", "List-Post"])
def test_T27_no_other_field_is_the_sending_address(field: str):
    """R19-R26: the outer From is the only identity."""
    raw = mail(f"{field}: <{ROSA}>", from_="Eve <eve@attacker.example>")
    found = plan(raw, account=account(), directory=MemoryDirectory.of([User(id="u1", address=ROSA)]), recipient=BCC)
    assert found.attribution.user is None


def test_R26_who_wrote_the_forwarded_message_is_never_credited():
    directory = MemoryDirectory.of([User(id="u2", address="kim@customer.example")])
    found = plan(forward(from_="Eve <eve@attacker.example>"), account=account(), directory=directory, recipient=LOG)
    assert found.attribution.user is None
    assert found.created == ()
