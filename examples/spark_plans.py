"""Plan a table of raw mails on many machines with Spark.

    pip install 'bcclog[arrow]' 'pyspark[sql]'
    PYSPARK_PYTHON=$(which python) spark-submit spark_plans.py account.toml mails.parquet plans-folder

PYSPARK_PYTHON: the workers' Python, which must be the one that has bcclog.
mails.parquet has the columns raw (binary) and, if known, recipient and path.
"""

import sys
from functools import partial
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

from bcclog import config
from bcclog.arrow import SCHEMA, plan_batches


def plan_with_spark(mails: Any, account_file: Path) -> Any:
    """A Spark data frame of mails to one of plans."""
    account, directory = config.load(account_file)
    work = partial(plan_batches, account=account, directory=directory)
    return mails.mapInArrow(work, schema=from_arrow_schema(SCHEMA))


if __name__ == "__main__":
    spark = SparkSession.builder.getOrCreate()
    plan_with_spark(spark.read.parquet(sys.argv[2]), Path(sys.argv[1])).write.parquet(sys.argv[3])
