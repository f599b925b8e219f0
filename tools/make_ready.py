"""Compile the catalogue into `src/bcclog/data/catalogue.ready`: `python tools/make_ready.py`.

A wheel holds it; in a checkout it is a convenience, and one that is out of date is not read.
"""

from bcclog import _ready
from bcclog._compile import read_catalogue

_ready.write(read_catalogue())
print(f"{_ready.PATH.name}: {_ready.PATH.stat().st_size:,} bytes")
