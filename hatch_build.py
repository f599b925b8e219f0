"""What hatchling runs when it builds a wheel: the catalogue is compiled into it (see `src/bcclog/_ready.py`)."""

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileCatalogue(BuildHookInterface):  # type: ignore[type-arg]
    """Adds `data/catalogue.ready` to the wheel, and nothing to the checkout, whose data files change."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Not for an editable install: its data files change under it."""
        if version == "editable":
            return
        sys.path.insert(0, str(Path(self.root) / "src"))
        from bcclog import _ready
        from bcclog._compile import read_catalogue

        self._folder = tempfile.TemporaryDirectory()  # hatchling packs the file after this returns
        path = Path(self._folder.name) / _ready.PATH.name
        _ready.write(read_catalogue(), path)
        build_data["force_include"][str(path)] = f"bcclog/data/{path.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Remove what `initialize` wrote."""
        if version != "editable":
            self._folder.cleanup()
