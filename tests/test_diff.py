"""Two streams of plans, or two policies, compared."""

import json
import tracemalloc
from collections.abc import Iterator

import pytest
from attrs import evolve

import bcclog
from bcclog import Code, Contact, diff
from bcclog.diff import Change, DiffError, Kind, compare, compare_policies, compare_sorted, to_text
from bcclog.model import to_json
from builders import BCC, LOG, account, directory, forward, mail


def line(
    path: str, raw: bytes, recipient: str = BCC, known: bcclog.MemoryDirectory | None = None, **changes: object
) -> str:
    """One line as `bcclog plan --json` prints it."""
    plan = bcclog.plan(raw, account=account(**changes), directory=known or directory(), recipient=recipient)
    return to_json({"path": path, **plan.to_dict()})


def test_equal_plans_are_the_same() -> None:
    (found,) = compare([line("a.eml", mail())], [line("a.eml", mail()) + "\n"])
    assert (found.kind, found.changes) == (Kind.SAME, ())
    assert (found.old_code, found.new_code) == ("log.bcc", "log.bcc")


def test_a_mail_planned_differently_is_told_with_the_codes_of_both_sides() -> None:
    raw = forward(html=False)
    old = line("a.eml", raw, LOG)
    new = line("a.eml", raw, LOG, policy=bcclog.PERMISSIVE)
    (found,) = compare([old], [new])
    assert found.kind is Kind.CHANGED
    assert (found.old_code, found.new_code) == ("refuse.forward.html_missing", "log.forward")
    assert Change("outcome", None, "refuse [refuse.forward.html_missing]", "log [log.forward]") == found.changes[0]
    assert (
        Change("contact", "kim@customer.example", None, "create 'Kim Kaufmann' [contact.create.author]")
        in found.changes
    )
    assert found.why_old == ("refuse.forward.html_missing",)
    assert found.why_new[-1] == "log.forward"
    assert json.loads(json.dumps(found.to_dict()))["changes"][0]["old"] == "refuse [refuse.forward.html_missing]"


def test_contacts_associations_attribution_and_attachments_are_compared_one_by_one() -> None:
    known = directory(contacts=[("kim@customer.example", Contact(id="c7", company="co1"))])
    raw = mail("Cc: ann@customer.example")
    old, new = line("a.eml", raw), line("a.eml", raw, known=known)
    (found,) = compare([old], [new])
    assert found.changes == (
        Change(
            "contact",
            "kim@customer.example",
            "create 'Kim Kaufmann' [contact.create.recipient]",
            "link 'Kim Kaufmann' to c7 [contact.link.recipient]",
        ),
        Change("association", "contact kim@customer.example", "link [association.contact]", None),
        Change("association", "contact c7", None, "link [association.contact]"),
        Change("association", "company co1", None, "link [association.company]"),
    )
    (nobody,) = compare([old], [line("a.eml", raw, known=directory(users=[]))])
    assert nobody.changes[0] == Change("outcome", None, "log [log.bcc]", "refuse [refuse.nobody_to_log]")
    assert "attribution" in [change.what for change in nobody.changes]
    field = 'Content-Type: application/pdf; name="a.pdf"\r\nContent-Disposition: attachment; filename="a.pdf"'
    big = mail(field, body="x" * 2_000)
    small = evolve(bcclog.HUBSPOT_2023_09, max_attachment_bytes=100)
    (dropped,) = compare([line("a.eml", big)], [line("a.eml", big, policy=small)])
    assert (
        Change(
            "attachment",
            "a.pdf (part 0)",
            "keep 2000 bytes [attachment.keep]",
            "drop 2000 bytes [attachment.drop.size]",
        )
        in dropped.changes
    )


def test_R17_people_on_never_log_are_compared_by_number_and_not_named() -> None:
    raw = mail("Cc: larry@lawyer.example, lea@lawyer.example, ann@customer.example")
    old, new = line("a.eml", raw), line("a.eml", raw, never_log=["lawyer.example"])
    (found,) = compare([old], [new])
    hidden = [change for change in found.changes if change.what == "contact" and change.about is None]
    assert hidden == [Change("contact", None, None, "skip [contact.skip.never_log_domain]")] * 2


def test_mails_of_one_side_only_are_told() -> None:
    one, two = line("1.eml", mail()), line("2.eml", mail())
    for compared in (compare, compare_sorted):
        found = list(compared([one, two], [two]))
        assert [(d.path, d.kind) for d in sorted(found, key=lambda d: d.path)] == [
            ("1.eml", Kind.ONLY_OLD),
            ("2.eml", Kind.SAME),
        ]
        (alone,) = compared([], [one])
        assert (alone.kind, alone.old_code, alone.new_code) == (Kind.ONLY_NEW, None, "log.bcc")


def test_order_does_not_matter_unless_the_streams_are_said_to_be_sorted() -> None:
    lines = [line(f"{n}.eml", mail()) for n in range(5)]
    assert {d.kind for d in compare(lines, lines[::-1])} == {Kind.SAME}
    with pytest.raises(DiffError, match=r"new: '3.eml' stands out of order; sort the file by line"):
        list(compare_sorted(lines, lines[::-1]))


def test_sorted_means_as_the_lines_themselves_sort() -> None:
    paths = ["a.eml", "a", "a b", "ä", "a<b", "a/b", "a#10", "a#9", "A", 'a"b', "a\\b", "\U0001f600", "~"]
    lines = sorted(line(path, mail()) for path in paths)
    assert [d.kind for d in compare_sorted(lines, lines)] == [Kind.SAME] * len(paths)


def test_a_path_that_stands_twice_is_paired_in_order() -> None:
    one, two = line("-", mail()), line("-", forward(), LOG)
    assert [d.kind for d in compare([one, two], [one, two])] == [Kind.SAME, Kind.SAME]
    assert [d.kind for d in compare([one, two], [one])] == [Kind.SAME, Kind.ONLY_OLD]


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ("{", "old, line 2: this is no JSON"),
        ("[" * 100_000, "old, line 2: this is no JSON"),
        (b"\xff", "old, line 2: this is no JSON"),
        ("[]", "old, line 2: this is no plan"),
        ("7", "old, line 2: this is no plan"),
        ('{"path": 1}', "old, line 2: this is no plan"),
        ('{"path": "a", "outcome": "log", "code": "x", "attribution": []}', "old, line 2: this is no plan"),
    ],
)
def test_what_is_no_plan_is_named_by_its_line(bad: str | bytes, message: str) -> None:
    with pytest.raises(DiffError, match=message):
        list(compare(["\n", bad], []))


def test_streams_too_far_apart_are_asked_to_be_sorted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diff, "MOST_UNPAIRED", 3)
    lines = [line(f"{n}.eml", mail()) for n in range(4)]
    with pytest.raises(DiffError, match="more than 3 mails have no partner yet"):
        list(compare(lines, []))


def test_streams_in_like_order_are_compared_in_little_memory() -> None:
    shape = line("%d.eml", mail("Cc: " + ", ".join(f"p{n}@customer.example" for n in range(30))))

    def stream() -> Iterator[str]:
        for number in range(10_000, 12_000):
            yield shape.replace("%d", str(number), 1)

    for compared in (compare, compare_sorted):
        tracemalloc.start()
        assert sum(d.kind is Kind.SAME for d in compared(stream(), stream())) == 2_000
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 1_000_000, peak


def test_two_policies_over_the_same_mails() -> None:
    mails = [("a.eml", mail()), ("b.eml", forward(html=False))]
    old, new = account(), account(policy=bcclog.PERMISSIVE)
    found = list(compare_policies([mails[0]], old, new, directory=directory(), recipient=BCC))
    assert [d.kind for d in found] == [Kind.SAME]
    (changed,) = compare_policies([mails[1]], old, new, directory=directory(), recipient=LOG)
    assert (changed.old_code, changed.new_code) == ("refuse.forward.html_missing", "log.forward")
    tight = account(policy=evolve(bcclog.PERMISSIVE, limits=bcclog.Limits(max_message_bytes=10)))
    (refused,) = compare_policies([mails[1]], old, tight, directory=directory(), recipient=LOG)
    assert refused.new_code == Code.REFUSE_LIMIT_MESSAGE.value


def test_differences_are_counted() -> None:
    raw = forward(html=False)
    old = [line("a", raw, LOG), line("b", mail()), line("c", mail())]
    new = [line("a", raw, LOG, policy=bcclog.PERMISSIVE), line("b", mail())]
    tally = diff.Tally()
    assert len(list(tally.counting(compare(old, new)))) == 3
    told = tally.to_dict()
    assert {key: told[key] for key in ("mails", "same", "changed", "only_old", "only_new")} == {
        "mails": 3, "same": 1, "changed": 1, "only_old": 1, "only_new": 0,
    }  # fmt: skip
    assert told["codes"] == [{"old": "refuse.forward.html_missing", "new": "log.forward", "mails": 1}]
    assert told["what"]["outcome"] == 1


def test_T82_a_difference_is_told_in_clean_lines() -> None:
    old = line("a\x1b[2J.eml", forward(html=False), LOG)
    new = line("a\x1b[2J.eml", forward(html=False), LOG, policy=bcclog.PERMISSIVE)
    (found,) = compare([old], [new])
    lines = to_text(found)
    assert lines[:4] == (
        "a\\x1b[2J.eml: changed  [refuse.forward.html_missing -> log.forward]",
        "  outcome",
        "    - refuse [refuse.forward.html_missing]",
        "    + log [log.forward]",
    )
    assert all(shown.isprintable() for shown in lines)
