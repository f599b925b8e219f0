"""The package's own data files, wherever the package lies: in a folder or in a zip file."""

import json
from typing import Any


def read_json(name: str) -> Any:
    """The content of `data/<name>`; read anew each time, so that the caller keeps what he makes of it."""
    from importlib.resources import files  # with what it loads, a tenth of the cost of importing bcclog

    return json.loads(files("bcclog").joinpath("data", *name.split("/")).read_bytes())
