"""The bounded run of the fuzzer fails when the fuzzer does not really run (P17); what it must hold is `oracles.py`."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def ran(
    folder: Path, *, executions: int, new: int, status: int = 0, runs: str = "100"
) -> subprocess.CompletedProcess[str]:
    """`fuzz/run.sh` with one process that says of itself what is given here."""
    (folder / "fuzz").mkdir()
    shutil.copy(ROOT / "fuzz" / "run.sh", folder / "fuzz")
    python = folder / "python"
    python.write_text(
        f"#!/bin/sh\necho 'stat::number_of_executed_units: {executions}'\necho 'stat::new_units_added: {new}'\n"
        f"echo '#{executions} DONE cov: 1'\ncase $1 in *fuzz_plan.py) exit {status};; esac\n",
        "utf-8",
    )
    python.chmod(0o755)
    return subprocess.run(
        ["bash", "fuzz/run.sh"],
        cwd=folder,
        env={**os.environ, "BCCLOG_PYTHON": str(python), "BCCLOG_RUNS": runs, "BCCLOG_FUZZERS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_P17_a_run_that_did_all_and_found_new_coverage_passes(tmp_path: Path) -> None:
    done = ran(tmp_path, executions=100, new=1)
    assert (done.returncode, "executions: 100, inputs with new coverage: 1" in done.stdout) == (0, True)


@pytest.mark.parametrize(
    ("executions", "new", "status", "says"),
    [
        (99, 1, 0, "fewer executions than asked for"),
        (100, 0, 0, "no new coverage"),
        (100, 1, 77, "the fuzzer found something"),
    ],
)
def test_P17_a_run_that_did_not_fails_and_says_why(
    tmp_path: Path, executions: int, new: int, status: int, says: str
) -> None:
    done = ran(tmp_path, executions=executions, new=new, status=status)
    assert done.returncode == 1
    assert says in done.stdout


def test_P17_the_gates_run_it_with_a_hundred_thousand_executions() -> None:
    assert "\nbash fuzz/run.sh\n" in (ROOT / ".ci" / "run").read_text("utf-8")
    assert "${BCCLOG_RUNS:-100000}" in (ROOT / "fuzz" / "run.sh").read_text("utf-8")
