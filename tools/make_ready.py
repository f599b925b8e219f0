"""Compile the catalogue into `src/bcclog/data/catalogue.ready`, or the file named: `python tools/make_ready.py [FILE]`.

A wheel holds it; in a checkout it is a convenience, and one that is out of date is not read. With `PYTHONHASHSEED=0`
the same data gives the same bytes, whoever builds.
"""

import sys
from pathlib import Path

from bcclog._catalogue import ready
from bcclog._catalogue.compile import read_catalogue

path = Path(sys.argv[1]) if len(sys.argv) > 1 else ready.PATH
ready.write(read_catalogue(), path)
print(f"{path.name}: {path.stat().st_size:,} bytes")
