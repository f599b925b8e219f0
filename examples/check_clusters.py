"""Run the Ray and Spark examples on this machine and hold what they give against plain calls of bcclog.

pip install 'bcclog[arrow]' duckdb 'ray[data]' 'pyspark[sql]'    (and a Java runtime for Spark)
python check_clusters.py account.toml folder-of-eml-files log@in.crm.example
"""

import os
import sys
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import ray
from plan_archive import read_mails
from pyspark.sql import SparkSession
from ray_plans import plan_with_ray
from spark_plans import plan_with_spark

import bcclog
from bcclog import config


def main(account_file: Path, folder: Path, recipient: str) -> None:
    """Plan the mails in three ways and compare outcome, code and people of each."""
    account, directory = config.load(account_file)
    mails = pa.Table.from_batches(read_mails(folder, recipient))
    expected = {}
    for row in mails.to_pylist():
        found = bcclog.plan(row["raw"], account=account, directory=directory, recipient=recipient).to_dict()
        expected[row["path"]] = (
            found["outcome"],
            found["code"],
            found["subject"],
            [c["email"] for c in found["contacts"]],
        )

    with_ray = plan_with_ray(ray.data.from_arrow(mails), account_file).take_all()
    assert {
        r["path"]: (r["outcome"], r["code"], r["subject"], [c["email"] for c in r["contacts"]]) for r in with_ray
    } == expected
    print(f"Ray {ray.__version__}: {len(with_ray)} plans, all equal")

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    with tempfile.TemporaryDirectory() as place:
        pq.write_table(mails, f"{place}/mails.parquet")
        spark = SparkSession.builder.master("local[2]").appName("bcclog").getOrCreate()
        rows = plan_with_spark(spark.read.parquet(f"{place}/mails.parquet"), account_file).collect()
        assert {r.path: (r.outcome, r.code, r.subject, [c.email for c in r.contacts]) for r in rows} == expected
        print(f"Spark {spark.version}: {len(rows)} plans, all equal")
        spark.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
