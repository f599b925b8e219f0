"""The compiled catalogue says what the data files say, and one that is out of date is not read."""

import os
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest

from bcclog._catalogue import ready
from bcclog._catalogue.compile import read_catalogue

ROOT = Path(__file__).parents[1]


def plain(value: Any) -> Any:
    """A value as data that compares by content."""
    if attrs.has(type(value)):
        return {field.name: plain(getattr(value, field.name)) for field in attrs.fields(type(value))}
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    return tuple(map(plain, value)) if isinstance(value, tuple) else value


def test_the_compiled_catalogue_equals_the_data_files(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.ready"
    ready.write(read_catalogue(), path)
    assert plain(ready.load(path)) == plain(read_catalogue())


def test_without_a_compiled_catalogue_the_data_files_are_read(tmp_path: Path) -> None:
    assert ready.load(tmp_path / "catalogue.ready") is None


def test_a_catalogue_compiled_from_other_data_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "catalogue.ready"
    ready.write("of old", path)
    assert ready.load(path) == "of old"
    changed = ready.stamp().replace(b"subjects.json ", b"subjects.json 9", 1)
    monkeypatch.setattr(ready, "stamp", lambda: changed)
    assert ready.load(path) is None


def test_the_stamp_names_all_that_is_compiled() -> None:
    names = ready.stamp().decode()
    folder = ready.DATA
    for file in (
        *(folder / "clients").glob("*.json"),
        folder / "subjects.json",
        *(ready.HERE / f"{room}.py" for room in ("catalogue", "compile", "fields", "fold")),
    ):
        assert f"{file.name} {file.stat().st_size}\n" in names


def test_a_build_installs_what_its_hook_imports() -> None:
    """The hook compiles with the package itself: without its libraries no fresh checkout could be installed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"]["custom"] == {
        "require-runtime-dependencies": True
    }


def test_the_same_data_gives_the_same_bytes_whoever_builds(tmp_path: Path) -> None:
    """The hook of the build runs it so (`hatch_build.py`)."""
    made = []
    for name in ("one", "two"):
        environ = {**os.environ, "PYTHONHASHSEED": "0"}
        subprocess.run([sys.executable, ROOT / "tools" / "make_ready.py", tmp_path / name], env=environ, check=True)
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]
    assert 'PYTHONHASHSEED": "0"' in (ROOT / "hatch_build.py").read_text("utf-8")
