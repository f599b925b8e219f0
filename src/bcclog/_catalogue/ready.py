"""The catalogue as it is after compiling, read from one file in place of seventy.

`data/catalogue.ready` is made when a wheel is built (`hatch_build.py`) or by `tools/make_ready.py`, and is not kept
under version control: the JSON files are the source, and without the file they are compiled at first use (six times as
slow). It begins with a stamp, so that one left over from other data or other code is not read. It is a pickle; whoever
can change it can change the code beside it.
"""

import pickle
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DATA = HERE.parent / "data"
PATH = DATA / "catalogue.ready"


def stamp() -> bytes:
    """What the compiled form is made of: name and size of the data files, and of the code that compiles them."""
    made_of = [HERE / f"{room}.py" for room in ("catalogue", "compile", "fields", "fold")]
    made_of += [HERE.parent / "forward.py", DATA / "subjects.json"]
    made_of += sorted((DATA / "clients").glob("*.json"))
    return "".join(f"{path.name} {path.stat().st_size}\n" for path in made_of).encode() + b"\n"


def load(path: Path = PATH) -> Any | None:
    """The compiled catalogue; None where there is none, or it is of something else."""
    try:
        data = path.read_bytes()
        mark = stamp()
    except OSError:  # not made, or the package lies in a zip file
        return None
    return pickle.loads(memoryview(data)[len(mark) :]) if data.startswith(mark) else None


def write(catalogue: Any, path: Path = PATH) -> None:
    """Write the compiled form of what was compiled just now."""
    path.write_bytes(stamp() + pickle.dumps(catalogue, protocol=5))
