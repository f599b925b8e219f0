"""What two streams of plans plan differently, and why: how a vendor upgrades bcclog, or changes a policy, safely.

A stream is NDJSON as `bcclog plan --json` prints it, one plan a line with its `path`. Mails are paired by path. What is
compared is what would be done and kept; the trace, the warnings and the policy's name are no difference by themselves,
but the codes that only one side's trace bears are given as the reason for one.
"""

import json
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple

from attrs import frozen

from bcclog._decide.plan import plan
from bcclog._decide.veil import clean
from bcclog.account import Account, Directory, check_directory
from bcclog.message import parse
from bcclog.model import to_json

MOST_UNPAIRED: Final = 100_000
"""Plans held for want of their partner, some 2 kB each, before `compare` asks for sorted streams."""


class DiffError(ValueError):
    """A stream that cannot be compared; the message names stream and line."""


class Kind(StrEnum):
    """How the two plans of one mail stand to each other."""

    SAME = "same"
    CHANGED = "changed"
    ONLY_OLD = "only_old"
    ONLY_NEW = "only_new"


class Change(NamedTuple):
    """One thing planned differently.

    what: `outcome`, `attribution`, `contact`, `association`, `attachment`, `notice`, or the name of a plain field of a
    plan. about: the address, record or file; None for the whole mail. old, new: what each side plans, with its code;
    None where that side has no such entry.
    """

    what: str
    about: str | None
    old: str | None
    new: str | None

    def to_dict(self) -> dict[str, str | None]:
        return self._asdict()


@frozen(kw_only=True)
class Difference:
    """The two plans of one mail, compared.

    old_code, new_code: the code that decided, None where a side lacks the mail. why_old, why_new: codes that only one
    side's trace and warnings bear, in its order.
    """

    path: str
    kind: Kind
    old_code: str | None
    new_code: str | None
    changes: tuple[Change, ...] = ()
    why_old: tuple[str, ...] = ()
    why_new: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "path": self.path,
            "kind": self.kind.value,
            "old_code": self.old_code,
            "new_code": self.new_code,
            "changes": [change.to_dict() for change in self.changes],
            "why_old": list(self.why_old),
            "why_new": list(self.why_new),
        }


def to_text(difference: Difference) -> tuple[str, ...]:
    """A difference as lines for a terminal, without control characters (T82); `-` is the old side and `+` the new."""
    sides = f"{difference.old_code or 'no plan'} -> {difference.new_code or 'no plan'}"
    lines = [f"{difference.path}: {difference.kind.value}  [{sides}]"]
    for change in difference.changes:
        lines.append(f"  {change.what}" if change.about is None else f"  {change.what} {change.about}")
        lines += (f"    {sign} {value}" for sign, value in (("-", change.old), ("+", change.new)) if value is not None)
    for sign, codes in (("-", difference.why_old), ("+", difference.why_new)):
        if codes:
            lines.append(f"  why {sign} {', '.join(codes)}")
    return tuple(map(clean, lines))


class Tally:
    """Counts differences as they pass: `for d in tally.counting(compare(old, new)): ...`."""

    def __init__(self) -> None:
        self.kinds: Counter[str] = Counter()
        self.codes: Counter[tuple[str | None, str | None]] = Counter()
        """Of changed mails: (code that decided before, code that decides now)."""
        self.whats: Counter[str] = Counter()
        """Of changed mails: in how many each thing is planned differently."""

    def counting(self, differences: Iterable[Difference]) -> Iterator[Difference]:
        """The same differences, counted."""
        for difference in differences:
            self.kinds[difference.kind.value] += 1
            if difference.kind is Kind.CHANGED:
                self.codes[difference.old_code, difference.new_code] += 1
                self.whats.update({change.what for change in difference.changes})
            yield difference

    def to_dict(self) -> dict[str, Any]:
        """The counts as JSON data, the most frequent first."""
        return {
            "mails": self.kinds.total(),
            **{kind.value: self.kinds[kind.value] for kind in Kind},
            "what": dict(_by_count(self.whats)),
            "codes": [{"old": old, "new": new, "mails": count} for (old, new), count in _by_count(self.codes)],
        }


def _by_count(counter: "Counter[Any]") -> list[tuple[Any, int]]:
    return sorted(counter.items(), key=lambda item: (-item[1], str(item[0])))


_Lines = Iterable[str | bytes]


def compare(old: _Lines, new: _Lines, *, names: tuple[str, str] = ("old", "new")) -> Iterator[Difference]:
    """Compare two streams of plans by path, equal ones too (`Kind.SAME`), in the order in which pairs are complete.

    old, new: lines of NDJSON; names: what errors call them. In like order, as from two runs over the same archive,
    nothing is held but mails that one side lacks; at most `MOST_UNPAIRED` are, and past that `DiffError` asks for
    sorted streams. One path may stand several times: the first is paired with the first. Mails of one side alone come
    last.
    `DiffError` names stream and line of what is no plan.
    """
    return _compare(*_both(old, new, names))


def _both(old: _Lines, new: _Lines, names: tuple[str, str]) -> "tuple[Iterator[_Plan], Iterator[_Plan]]":
    """The plans of both streams. `TypeError` for a path, or a whole file in one string, in place of lines."""
    for side, lines in (("old", old), ("new", new)):
        if isinstance(lines, str | bytes) or not isinstance(lines, Iterable):
            raise TypeError(f"{side} is an open file of plans or a list of lines, not {type(lines).__name__}")
    return _plans(old, names[0]), _plans(new, names[1])


def _compare(old: "Iterator[_Plan]", new: "Iterator[_Plan]") -> Iterator[Difference]:
    waiting: tuple[dict[str, deque[_Plan]], dict[str, deque[_Plan]]] = ({}, {})
    count = 0
    for side, found in _alternate(old, new):
        partners = waiting[1 - side].get(found.path)
        if partners is None:
            waiting[side].setdefault(found.path, deque()).append(found)
            count += 1
            if count > MOST_UNPAIRED:
                raise DiffError(
                    f"more than {MOST_UNPAIRED:,} mails have no partner yet, {found.path!r} the last; sort both files "
                    "by line (LC_ALL=C sort) and compare them as sorted"
                )
            continue
        partner = partners.popleft()
        count -= 1
        if not partners:
            del waiting[1 - side][found.path]
        yield _difference(found, partner) if side == 0 else _difference(partner, found)
    for side in (0, 1):
        for alone in waiting[side].values():
            yield from (_alone(one, side) for one in alone)


def compare_sorted(old: _Lines, new: _Lines, *, names: tuple[str, str] = ("old", "new")) -> Iterator[Difference]:
    """The same for streams of any length that are sorted by line (`LC_ALL=C sort`), two plans in memory at a time.

    `DiffError` for a stream that is not sorted by path, before anything wrong is said of a mail.
    """
    old_plans, new_plans = _both(old, new, names)
    return _compare_sorted(_in_order(old_plans, names[0]), _in_order(new_plans, names[1]))


def _compare_sorted(old: "Iterator[_Plan]", new: "Iterator[_Plan]") -> Iterator[Difference]:
    left, right = next(old, None), next(new, None)
    while left is not None or right is not None:
        if right is None or (left is not None and left.key < right.key):
            assert left is not None
            yield _alone(left, 0)
            left = next(old, None)
        elif left is None or right.key < left.key:
            yield _alone(right, 1)
            right = next(new, None)
        else:
            yield _difference(left, right)
            left, right = next(old, None), next(new, None)


def compare_policies(
    mails: Iterable[tuple[str, bytes]],
    old: Account,
    new: Account,
    *,
    directory: Directory,
    recipient: str | None = None,
) -> Iterator[Difference]:
    """Plan each mail for two accounts, which differ in their policy, say, and compare the plans.

    mails: pairs of (path, raw mail). old, new: the account before and after. One mail is in memory at a time.
    `TypeError` for a wrong type from the caller.
    """
    for side, account in (("old", old), ("new", new)):
        if not isinstance(account, Account):
            raise TypeError(f"{side} is a bcclog.Account, not {type(account).__name__}")
    check_directory(directory, "holdings", "contact")
    if isinstance(mails, str | bytes) or not isinstance(mails, Iterable):
        raise TypeError(f"mails is a list of pairs (path, raw mail), not {type(mails).__name__}")
    return _compare_policies(mails, old, new, directory, recipient)


def _compare_policies(
    mails: Iterable[tuple[str, bytes]], old: Account, new: Account, directory: Directory, recipient: str | None
) -> Iterator[Difference]:
    shared = old.policy.limits == new.policy.limits
    for mail in mails:
        if not isinstance(mail, tuple | list) or len(mail) != 2 or not isinstance(mail[0], str):
            raise TypeError(f"mails is a list of pairs (path, raw mail), not one with {type(mail).__name__}")
        path, raw = mail
        before = parse(raw, limits=old.policy.limits)
        after = before if shared else parse(raw, limits=new.policy.limits)
        yield _difference(
            _shape({"path": path, **plan(before, account=old, directory=directory, recipient=recipient).to_dict()}),
            _shape({"path": path, **plan(after, account=new, directory=directory, recipient=recipient).to_dict()}),
        )


# --- streams ----------------------------------------------------------------------------------------------------------


class _Plan(NamedTuple):
    """What is compared of one plan.

    key: the path as it stands in the line, by which lines are sorted. entries: (what, about, number of the same before)
    -> what is planned, with its code. why: every code of the trace and the warnings.
    """

    path: str
    key: str
    code: str
    entries: dict[tuple[str, str | None, int], str]
    why: tuple[str, ...]


def _alternate(old: "Iterator[_Plan]", new: "Iterator[_Plan]") -> "Iterator[tuple[int, _Plan]]":
    """One of each in turn, with its side, so that streams in like order meet at once."""
    streams = {0: old, 1: new}
    while streams:
        for side in tuple(streams):
            found = next(streams[side], None)
            if found is None:
                del streams[side]
            else:
                yield side, found


def _plans(lines: Iterable[str | bytes], name: str) -> Iterator[_Plan]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found = _shape(json.loads(line))
        except (ValueError, RecursionError):
            raise DiffError(f"{name}, line {number}: this is no JSON") from None
        except (KeyError, TypeError, AttributeError):
            raise DiffError(f"{name}, line {number}: this is no plan as `bcclog plan --json` prints it") from None
        yield found


def _in_order(plans: Iterator[_Plan], name: str) -> Iterator[_Plan]:
    last = ""
    for found in plans:
        if found.key < last:
            raise DiffError(f"{name}: {found.path!r} stands out of order; sort the file by line (LC_ALL=C sort)")
        last = found.key
        yield found


_PLAIN: Final = ("route", "direction", "sent_at", "subject")


def _shape(data: Mapping[str, Any]) -> _Plan:
    """The plan of one line as entries to compare. `KeyError`, `TypeError` or `AttributeError` for what is none."""
    path = data["path"]
    if not isinstance(path, str):
        raise TypeError
    entries: dict[tuple[str, str | None, int], str] = {}
    seen: Counter[tuple[str, str | None]] = Counter()

    def add(what: str, about: str | None, value: str) -> None:
        entries[what, about, seen[what, about]] = value
        seen[what, about] += 1

    add("outcome", None, f"{data['outcome']} [{data['code']}]")
    credit = data["attribution"]
    candidates = f" ({', '.join(credit['candidates'])})" if credit["candidates"] else ""
    add("attribution", None, f"{credit['user'] or 'nobody'}{candidates} [{credit['code']}]")
    for name in _PLAIN:
        if data[name] is not None:
            add(name, None, data[name])
    sender = data["sender"]
    if sender is not None:
        add("sender", None, f"{sender['name']} <{sender['email']}>")
    for name, key in data["keys"].items():
        if key is not None:
            add(f"keys.{name}", None, key)
    for contact in data["contacts"]:
        name = f" {contact['name']!r}" if contact["name"] else ""
        to = f" to {contact['contact']}" if contact["contact"] else ""
        add("contact", contact["email"] or contact["digest"], f"{contact['action']}{name}{to} [{contact['code']}]")
    for link in data["associations"]:
        add("association", f"{link['kind']} {link['id'] or link['email']}", f"link [{link['code']}]")
    for file in data["attachments"]:
        add(
            "attachment",
            f"{file['safe_name']} (part {file['part']})",
            f"{file['action']} {file['size']} bytes [{file['code']}]",
        )
    for notice in data["notices"]:
        add("notice", notice["to"], f"{notice['about']} [{notice['code']}]")
    why = tuple(dict.fromkeys(reason["code"] for reason in (*data["trace"], *data["warnings"])))
    return _Plan(path, to_json(path), data["code"], entries, why)


# --- one mail ---------------------------------------------------------------------------------------------------------


def _difference(old: _Plan, new: _Plan) -> Difference:
    changes = tuple(
        Change(what, about, old.entries.get(key), new.entries.get(key))
        for key in dict.fromkeys((*old.entries, *new.entries))
        if old.entries.get(key) != new.entries.get(key)
        for what, about, _ in (key,)
    )
    if not changes:
        return Difference(path=old.path, kind=Kind.SAME, old_code=old.code, new_code=new.code)
    return Difference(
        path=old.path,
        kind=Kind.CHANGED,
        old_code=old.code,
        new_code=new.code,
        changes=changes,
        why_old=tuple(code for code in old.why if code not in new.why),
        why_new=tuple(code for code in new.why if code not in old.why),
    )


def _alone(found: _Plan, side: int) -> Difference:
    codes = (found.code, None) if side == 0 else (None, found.code)
    return Difference(path=found.path, kind=(Kind.ONLY_OLD, Kind.ONLY_NEW)[side], old_code=codes[0], new_code=codes[1])
