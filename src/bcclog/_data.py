"""The catalogue that ships with the package."""

from functools import cache

from bcclog._catalogue import Catalogue


@cache
def catalogue() -> Catalogue:
    """The catalogue that ships with the package; read on first use, then kept (one value, never changed)."""
    from bcclog import _ready  # loads pickle and pathlib

    ready: Catalogue | None = _ready.load()
    if ready is not None:
        return ready
    from bcclog._compile import read_catalogue  # a wheel has it compiled

    return read_catalogue()
