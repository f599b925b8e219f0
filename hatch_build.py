"""What hatchling runs when it builds a wheel: the catalogue is compiled into it (`src/bcclog/_catalogue/ready.py`)."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_RUN = "import runpy, sys; script, out, *sys.path = sys.argv[1:]; sys.argv = [script, out]; runpy.run_path(script)"
"""Run a script that is given one file, with the path given behind it."""


class CompileCatalogue(BuildHookInterface):  # type: ignore[type-arg]
    """Adds `data/catalogue.ready` to the wheel, and nothing to the checkout, whose data files change."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Not for an editable install: its data files change under it."""
        if version == "editable":
            return
        self._folder = tempfile.TemporaryDirectory()  # hatchling packs the file after this returns
        path = Path(self._folder.name) / "catalogue.ready"
        root = Path(self.root)
        # A process of its own: sets are written in the order of their hashes, and two builds give the same wheel. It
        # gets the path of this one, where pip has put the libraries of the build, and none of pip's own start.
        environ = {**os.environ, "PYTHONHASHSEED": "0"}
        environ.pop("PYTHONPATH", None)
        made = [str(root / "tools" / "make_ready.py"), str(path), str(root / "src"), *sys.path]
        subprocess.run([sys.executable, "-c", _RUN, *made], env=environ, check=True)
        build_data["force_include"][str(path)] = f"bcclog/data/{path.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Remove what `initialize` wrote."""
        if version != "editable":
            self._folder.cleanup()
