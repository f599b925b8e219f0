"""A table of raw mails in, a table of plans out."""

import importlib.util
import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import bcclog
from bcclog.arrow import SCHEMA, plan_batches
from builders import BCC, LOG, account, directory, forward, mail

ROOT = Path(__file__).parent.parent
ZONED = "2026-03-02T08:15:00+00:00"


def table(rows: list[tuple[bytes | None, str | None, str | None]], kind: Any = None) -> pa.Table:
    raws, recipients, paths = zip(*rows, strict=True)
    return pa.table(
        {
            "other": list(range(len(rows))),
            "path": pa.array(paths, pa.string()),
            "raw": pa.array(raws, kind or pa.binary()),
            "recipient": pa.array(recipients, pa.string()),
        }
    )


ROWS: list[tuple[bytes | None, str | None, str | None]] = [
    (mail("Cc: ann@customer.example"), BCC, "a.eml"),
    (forward(), LOG, "b.eml"),
    (forward(html=False), LOG, None),
    (b"\xff\x00", None, "d.eml"),
]


def planned(batches: Any) -> Iterator[Any]:
    return plan_batches(batches, account=account(), directory=directory())


def test_every_row_is_the_plan_of_its_mail() -> None:
    (found,) = planned(table(ROWS))
    assert found.schema.equals(SCHEMA)
    for row, (raw, recipient, path) in zip(found.to_pylist(), ROWS, strict=True):
        assert raw is not None
        plan = bcclog.plan(raw, account=account(), directory=directory(), recipient=recipient)
        data = plan.to_dict()
        assert row["path"] == path
        for name in (
            "outcome", "code", "policy", "route", "direction", "sent_at", "subject", "sender", "contacts", "associations",
            "attachments", "notices", "keys", "classes",
        ):  # fmt: skip
            assert row[name] == data[name], name
        assert [row["user"], row["rule"], row["attribution"], row["candidates"]] == [
            data["attribution"][name] for name in ("user", "rule", "code", "candidates")
        ]
        assert row["trust"] == data["trust"]["verdict"]
        assert row["warnings"] == [reason["code"] for reason in data["warnings"]]
        assert json.loads(row["trace"]) == data["trace"]


def test_R30_a_time_is_an_instant_only_where_the_zone_is_known() -> None:
    (found,) = planned(table(ROWS))
    with_zone, without, *_ = found.to_pylist()
    assert (with_zone["sent_at"], with_zone["sent_at_utc"].isoformat()) == ("2026-03-02T09:15:00+01:00", ZONED)
    assert (without["sent_at"], without["sent_at_utc"]) == ("2026-03-02T09:15:00", None)


@pytest.mark.parametrize("date", ["Fri, 31 Dec 9999 23:59:59 -1200", "Mon, 01 Jan 0001 00:00:00 +1200"])
def test_T80_a_time_at_the_end_of_the_calendar_gives_a_row(date: str) -> None:
    (found,) = planned(table([(mail(date=date), BCC, None)]))
    assert found.to_pylist()[0]["sent_at_utc"] is None


@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary(), pa.binary_view()], ids=str)
def test_each_binary_type_is_read(kind: Any) -> None:
    (found,) = planned(table(ROWS, kind))
    assert found.column("code").to_pylist() == [
        "log.bcc", "log.forward", "refuse.forward.html_missing", "refuse.identity.none",
    ]  # fmt: skip


def test_record_batches_give_record_batches_one_for_one() -> None:
    batches = table(ROWS * 3).to_batches(max_chunksize=5)
    found = list(planned(iter(batches)))
    assert [(type(one), one.num_rows) for one in found] == [
        (pa.RecordBatch, 5),
        (pa.RecordBatch, 5),
        (pa.RecordBatch, 2),
    ]
    (single,) = planned(batches[0])
    assert single.equals(found[0])


def test_a_table_of_nothing_gives_a_table_of_nothing() -> None:
    (found,) = planned(table(ROWS).slice(0, 0))
    assert (found.num_rows, found.schema.equals(SCHEMA)) == (0, True)
    assert list(planned(iter(()))) == []


def test_a_row_without_a_mail_is_a_row_of_nulls() -> None:
    (found,) = planned(table([(None, BCC, "gone.eml")]))
    (row,) = found.to_pylist()
    assert row.pop("path") == "gone.eml"
    assert set(row.values()) == {None}


def test_recipient_and_path_may_be_missing() -> None:
    raw = mail(to=f"kim@customer.example, {BCC}")
    (found,) = planned(pa.table({"raw": pa.array([raw], pa.binary())}))
    assert (found.to_pylist()[0]["path"], found.to_pylist()[0]["code"]) == (None, "log.bcc")


def test_a_table_without_mails_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="a column raw with the mails is needed; there are a, b"):
        next(planned(pa.table({"a": [1], "b": [2]})))
    with pytest.raises(TypeError, match="the column raw must be binary, not string"):
        next(planned(pa.table({"raw": ["text"]})))
    with pytest.raises(TypeError, match="the column recipient must be of strings, not int64"):
        next(planned(pa.table({"raw": pa.array([b""], pa.binary()), "recipient": [5]})))
    with pytest.raises(TypeError, match="an iterable of them, not of bytes"):
        next(planned([b"From: a@b.example"]))


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())]
)
def test_strings_may_be_held_in_any_way(kind: pa.DataType) -> None:
    columns = {"raw": pa.array([mail()], pa.binary()), "path": pa.array(["a.eml"]).cast(kind)}
    columns["recipient"] = pa.array([BCC]).cast(kind)
    (found,) = planned(pa.table(columns))
    assert (found.to_pylist()[0]["path"], found.to_pylist()[0]["code"]) == ("a.eml", "log.bcc")


def test_memory_is_that_of_one_batch_however_long_the_table() -> None:
    batch = table([(mail(body="x" * 50_000), BCC, "a.eml")] * 8).to_batches()[0]
    list(planned(batch))  # what is loaded on first use
    before = most = pa.total_allocated_bytes()
    tracemalloc.start()
    for _ in planned(batch for _ in range(100)):
        most = max(most, pa.total_allocated_bytes())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most - before + peak < 2_000_000  # of 40 MB


def example(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "examples" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_example_plans_an_archive_and_asks_duckdb(tmp_path: Path) -> None:
    archive = example("plan_archive")
    mails = tmp_path / "mails" / "2026"
    mails.mkdir(parents=True)
    for number in range(70):
        (mails / f"{number:02}.eml").write_bytes(mail(to=f"{BCC}, kim@customer.example", subject=f"Offer {number}"))
    (mails / "twice.eml").write_bytes(mail(to=f"{BCC}, kim@customer.example", subject="Offer 7"))
    (mails / "ann.eml").write_bytes(mail(to=f"{BCC}, Ann <ann@customer.example>", from_="stranger@else.example"))
    (mails / "lost.eml").write_bytes(mail())
    (mails / "log.eml").write_bytes(forward())
    plans = tmp_path / "plans.parquet"
    assert archive.plan_folder(ROOT / "docs" / "account.example.toml", tmp_path / "mails", plans) == 74
    assert pq.read_schema(plans).equals(SCHEMA)
    answers = archive.ask(plans)
    assert answers == {
        "Who would be created?": [("kim@customer.example", "Kim Kaufmann", 72)],
        "Who would be credited, and by which rule?": [("u1", "R20", 73), ("(nobody)", "R25", 1)],
        "Why is mail refused?": [
            ("refuse.nobody_to_log", 1, "2026/ann.eml"),
            ("refuse.route.none", 1, "2026/lost.eml"),
        ],
        "Who is passed over, and why?": [
            ("contact.skip.drop_address", 72),
            ("contact.skip.unattributed", 1),
            ("contact.skip.user", 1),
        ],
        "Which mails came twice, whatever their route?": answers["Which mails came twice, whatever their route?"],
        "What was sent when, where the zone is known?": [("2026-03", 73)],
    }
    ((_, twice),) = answers["Which mails came twice, whatever their route?"]
    assert twice == ["2026/07.eml", "2026/twice.eml"]
