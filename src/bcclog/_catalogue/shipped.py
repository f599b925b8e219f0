"""The catalogue that ships with the package."""

from functools import cache

from bcclog._catalogue.catalogue import Catalogue


@cache
def catalogue() -> Catalogue:
    """The catalogue that ships with the package; read on first use, then kept (one value, never changed)."""
    from bcclog._catalogue.ready import load  # with it pickle and pathlib

    ready: Catalogue | None = load()
    if ready is not None:
        return ready
    from bcclog._catalogue.compile import read_catalogue  # a wheel has it compiled

    return read_catalogue()
