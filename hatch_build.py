"""What hatchling runs when it builds a wheel: the catalogue is compiled into it (see `src/bcclog/_ready.py`)."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileCatalogue(BuildHookInterface):  # type: ignore[type-arg]
    """Adds `data/catalogue.ready` to the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Not for an editable install: its data files change under it."""
        if version == "editable":
            return
        sys.path.insert(0, str(Path(self.root) / "src"))
        from bcclog import _ready
        from bcclog._data import read_catalogue

        _ready.write(read_catalogue())
        build_data["artifacts"].append(_ready.PATH.relative_to(self.root).as_posix())
