"""Plan an archive of mail into Parquet, a few mails in memory at a time, and ask DuckDB about the plans.

    pip install 'bcclog[arrow]' duckdb
    python plan_archive.py account.toml folder-of-eml-files plans.parquet [drop-address]

drop-address: where all of the mails were delivered to; without it, it is looked for in each mail.
The questions are in queries.sql, which any tool that reads Parquet can ask.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from bcclog import config
from bcclog.arrow import SCHEMA, plan_batches

QUERIES = Path(__file__).with_name("queries.sql")


def read_mails(folder: Path, recipient: str | None, rows: int = 64) -> Iterator[pa.RecordBatch]:
    """The .eml files below a folder, `rows` at a time."""
    paths = sorted(folder.rglob("*.eml"))
    for start in range(0, len(paths), rows):
        some = paths[start : start + rows]
        yield pa.record_batch(
            {
                "path": pa.array([str(path.relative_to(folder)) for path in some], pa.string()),
                "raw": pa.array([path.read_bytes() for path in some], pa.binary()),
                "recipient": pa.array([recipient] * len(some), pa.string()),
            }
        )


def plan_folder(account_file: Path, folder: Path, plans: Path, recipient: str | None = None) -> int:
    """Write the plans of all mails to a Parquet file; returns how many there are."""
    account, directory = config.load(account_file)
    count = 0
    with pq.ParquetWriter(plans, SCHEMA) as writer:
        for batch in plan_batches(read_mails(folder, recipient), account=account, directory=directory):
            writer.write_batch(batch)
            count += batch.num_rows
    return count


def ask(plans: Path) -> dict[str, list[tuple[object, ...]]]:
    """The answers to the questions of queries.sql: title -> rows."""
    answers = {}
    with duckdb.connect() as database:
        database.read_parquet(str(plans)).create_view("plans")
        for question in QUERIES.read_text("utf-8").split("-- ? ")[1:]:
            title, _, query = question.partition("\n")
            answers[title.strip()] = database.execute(query).fetchall()
    return answers


if __name__ == "__main__":
    if len(sys.argv) not in (4, 5):
        raise SystemExit(__doc__)
    account_file, folder, plans = map(Path, sys.argv[1:4])
    print(plan_folder(account_file, folder, plans, *sys.argv[4:]), "plans written to", plans)
    for title, rows in ask(plans).items():
        print(f"\n{title}")
        for row in rows:
            print("  ", *row)
