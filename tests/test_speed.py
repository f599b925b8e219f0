"""Speed: the harness of benchmarks/ judges rightly, and the ratios that hang on no corpus stay within their goals."""

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

RUN = Path(__file__).parent.parent / "benchmarks" / "run.py"


@pytest.fixture(scope="module")
def run() -> ModuleType:
    spec = importlib.util.spec_from_file_location("benchmarks_run", RUN)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["benchmarks_run"] = module
    spec.loader.exec_module(module)
    return module


def test_plan_of_a_25_mb_attachment_costs_at_most_five_scans_for_line_starts(run: ModuleType) -> None:
    raw = run.large_mail(25 * 2**20)
    assert [(file.size > 19_000_000, file.action.value) for file in run.plan(raw).attachments] == [(True, "keep")]
    row = run.Row("plan", run.each(run.plan, [raw]), "count", run.each(lambda mail: mail.count(b"\n--"), [raw]), 5.0)
    [(_, _, ratio)] = run.measure([row], rounds=5)
    assert ratio <= 5.0


def test_each_ratio_is_the_median_of_its_rounds_after_one_to_warm_up(run: ModuleType) -> None:
    ours, theirs = iter((99.0, 2.0, 30.0, 4.0)), iter((1.0, 1.0, 10.0, 1.0))
    row = run.Row("row", lambda: next(ours), "peer", lambda: next(theirs))
    assert list(run.measure([row], rounds=3)) == [(row, 4.0, 3.0)]


def test_a_ratio_that_grew_by_more_than_30_percent_is_a_fault(
    run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    baseline = tmp_path / "baseline.json"
    baseline.write_text(json.dumps({"plan": 1.0, "unwrap": 2.0}), "utf-8")
    monkeypatch.setattr(run, "BASELINE", baseline)
    assert run.check({"plan": 1.29, "unwrap": 0.5}) == []
    assert run.check({"plan": 1.31}) == ["plan: 1.31, was 1.00, allowed 1.30"]
    assert run.check({"new": 1.0}) == ["new: not in baseline.json; --write-baseline adds it"]


def test_the_baseline_names_what_the_short_form_measures(run: ModuleType) -> None:
    assert {row.name for row in run.common_rows(step=400)} == set(json.loads(run.BASELINE.read_text("utf-8")))
