"""The Ray and Spark examples, run on this machine: `pytest -m cluster`, with ray, pyspark and a Java runtime installed.

They are not run by default: the two weigh more than everything else together.
"""

import subprocess
import sys
from pathlib import Path

import bcclog_fixtures
import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.cluster
def test_ray_and_spark_plan_as_one_machine_does() -> None:
    mails = next(bcclog_fixtures.cases(kind="forward", client="thunderbird", locale="it")).path.parent
    count = len(list(mails.glob("*.eml")))
    assert count > 10
    done = subprocess.run(
        [
            sys.executable,
            str(ROOT / "examples" / "check_clusters.py"),
            str(ROOT / "docs" / "account.example.toml"),
            str(mails),
            "log@in.crm.example",
        ],
        stdout=subprocess.PIPE,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0
    said = [line for line in done.stdout.splitlines() if line.endswith("all equal")]
    assert [(line.partition(" ")[0], f" {count} plans" in line) for line in said] == [("Ray", True), ("Spark", True)]
