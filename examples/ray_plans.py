"""Plan a table of raw mails on many machines with Ray Data.

    pip install 'bcclog[arrow]' 'ray[data]'
    python ray_plans.py account.toml mails.parquet plans-folder

mails.parquet has the columns raw (binary) and, if known, recipient and path.
"""

import sys
from pathlib import Path
from typing import Any

import ray

from bcclog import config
from bcclog.arrow import plan_batches


def plan_with_ray(mails: Any, account_file: Path) -> Any:
    """A Ray dataset of mails to one of plans."""
    account, directory = config.load(account_file)
    return mails.map_batches(
        plan_batches, batch_format="pyarrow", batch_size=256, fn_kwargs={"account": account, "directory": directory}
    )


if __name__ == "__main__":
    plan_with_ray(ray.data.read_parquet(sys.argv[2]), Path(sys.argv[1])).write_parquet(sys.argv[3])
