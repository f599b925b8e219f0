"""The package's own data files, wherever the package lies: in a folder or in a zip file."""

from typing import Any


def read_text(name: str) -> str:
    """The content of `data/<name>`."""
    from importlib.resources import files  # with what it loads, a tenth of the cost of importing bcclog

    return files("bcclog").joinpath("data", *name.split("/")).read_text("utf-8")


def read_json(name: str) -> Any:
    """The same read as JSON; anew each time, so that the caller keeps what he makes of it."""
    import json  # not for whoever only imports bcclog

    return json.loads(read_text(name))
