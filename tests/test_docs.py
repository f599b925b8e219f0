"""The docs are true: examples run and print what the page says, printed parts are what the code says, and what a page
names is there."""

import importlib
import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import jsonschema
import pytest

from bcclog._catalogue.compile import compile_catalogue
from bcclog._catalogue.shipped import catalogue
from bcclog._lines.html import html_lines

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "SECURITY.md", *sorted(DOCS.glob("*.md"))]
MARK = "\0"


def make_docs() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_docs", ROOT / "tools" / "make_docs.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MAKE = make_docs()

# --- examples -----------------------------------------------------------------------------------------------------------

PRELUDE = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); from shell_lines import run as _bcclog"
"""Line 1 of every program, where a page has its title; what runs a line `bcclog ...` of a shell block."""


def program(page: str) -> tuple[str, list[str]]:
    """A page as one program whose lines stand where they stand in the page, and what each block must print.

    A block of Python is run, and of a block of shell each line that begins with `bcclog `. A block of text that follows
    next is the output; without one there must be none.
    """
    lines = [PRELUDE]
    expected: list[str] = []
    kind = ""
    wants_output = False
    for line in page.split("\n")[1:]:
        code = ""
        if kind and line == "```":
            if kind in ("python", "sh"):
                code = f"print({MARK!r}, end='')"
                expected.append("")
                wants_output = True
            kind = ""
        elif kind == "python":
            code = line
        elif kind == "sh":
            if line.startswith("bcclog "):
                code = f"_bcclog({line!r})"
        elif kind == "text":
            if wants_output:
                expected[-1] += f"{line}\n"
        elif line.startswith("```"):
            kind = line.strip("`") or "other"
            wants_output = wants_output and kind == "text"
        elif line:
            wants_output = False
        lines.append(code)
    return "\n".join(lines), expected


def has_example(page: Path) -> bool:
    return "\n```python\n" in page.read_text("utf-8") or "\nbcclog " in page.read_text("utf-8")


@pytest.mark.parametrize("page", [page for page in PAGES if has_example(page)], ids=lambda page: page.name)
def test_the_examples_of_a_page_print_what_it_says(page: Path, tmp_path: Path) -> None:
    source, expected = program(page.read_text("utf-8"))
    (tmp_path / page.name).write_text(source, "utf-8")
    done = subprocess.run(
        [sys.executable, "-X", "utf8", str(tmp_path / page.name)],
        cwd=ROOT if page.name == "README.md" else tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "COLUMNS": "200"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split(MARK)[:-1] == expected


def test_most_pages_have_examples() -> None:
    assert sum(map(has_example, PAGES)) >= 8


# --- what is printed from the code, and what is named --------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(MAKE.PRINTED))
def test_a_printed_part_is_on_one_page_and_up_to_date(name: str) -> None:
    found = [match[3] for page in PAGES for match in MAKE.REGION.finditer(page.read_text("utf-8")) if match[2] == name]
    assert found == [MAKE.PRINTED[name]()], "run: python tools/make_docs.py"


def rows() -> list[tuple[str, str]]:
    """Each rule, threat and promise with its row, in the order of the pages; rows printed from the code left out."""
    return [
        (match[1], match[0])
        for name in ("rules.md", "security.md")
        for line in MAKE.REGION.sub("", (DOCS / name).read_text("utf-8")).split("\n")
        if (match := MAKE.ROW.fullmatch(line))
    ]


def test_every_rule_threat_and_promise_has_a_row_of_its_own() -> None:
    expected = [f"{letter}{n}" for letter, most in (("R", 32), ("T", 88), ("P", 17)) for n in range(1, most + 1)]
    assert [number for number, _ in rows()] == expected


def test_what_a_row_names_as_its_test_holds_the_number() -> None:
    wrong = {
        number: place
        for number, row in rows()
        for place in re.findall(r"`((?:tests|fixtures)/[^`]*)`", row.rpartition("|")[0].rpartition("|")[2])
        if place not in MAKE.tested().get(number, ())
    }
    assert wrong == {}, "run: python tools/make_docs.py"


def test_every_room_is_in_the_drawing() -> None:
    page = (DOCS / "how-a-mail-flows.md").read_text("utf-8")
    source = ROOT / "src" / "bcclog"
    rooms = {path.relative_to(source).with_suffix("").as_posix() for path in source.rglob("*.py")}
    private = {room for room in rooms if room[0] == "_" and "__" not in room}
    drawn = set()
    folder = ""
    for first, second in re.findall(r"^\| ([^|]*?) ?\| ([^|]*?) ?\| ", page, re.MULTILINE):
        if first:
            folder = f"{first.strip('*`')}/" if "`" in first else ""
        drawn |= {folder + room for room in re.findall(r"`([a-z_]+)`", second)}
    assert drawn == private


def test_every_public_name_is_in_the_reference() -> None:
    import bcclog

    page = (DOCS / "api.md").read_text("utf-8")
    assert {name for name in bcclog.__all__ if f" {name}\n" not in page} == set()


@pytest.mark.parametrize("name", ["arrow", "config", "diff", "explain", "notices"])
def test_every_public_function_of_a_module_beside_is_in_the_reference(name: str) -> None:
    module = importlib.import_module(f"bcclog.{name}")
    public = {
        key
        for key, value in vars(module).items()
        if not key.startswith("_") and getattr(value, "__module__", None) == module.__name__ and callable(value)
    } | {*getattr(module, "__all__", ())}
    page = (DOCS / "api.md").read_text("utf-8")
    listed = re.search(rf"automodule:: bcclog\.{name}\n   :members: (.*)", page)
    assert listed is not None
    assert set(listed[1].split(", ")) == public


def test_the_row_that_is_shown_is_a_row() -> None:
    shown = re.search(r"```json\n(.*?)```", (DOCS / "catalogue.md").read_text("utf-8"), re.DOTALL)
    assert shown is not None
    client = json.loads(shown[1])
    jsonschema.Draft202012Validator(MAKE.CLIENT_SCHEMA).validate(client)
    known = compile_catalogue([client], {"forward": {}, "reply": {}})
    assert [row.writer.client for row in known.rows] == ["lettera"]


# --- hidden text (T58) ---------------------------------------------------------------------------------------------------


def styles(heading: str) -> list[str]:
    """The code in the table below a heading of the security page, first column."""
    _, found, rest = (DOCS / "security.md").read_text("utf-8").partition(f"### {heading}\n")
    assert found
    return re.findall(r"^\| `([^`]+)` \|", rest.partition("\n#")[0], re.MULTILINE)


def is_seen(opening: str) -> bool:
    before, _, after = opening.partition(" … ")
    names = re.findall(r"<(\w+)", before)
    source = f"<p>above</p>{before}secret{after or f'</{names[-1]}>'}<p>below</p>"
    found = [line.text for line in html_lines(source, catalogue()).lines if line.text]
    assert {"above", "below"} <= set(found)
    return any("secret" in text for text in found)


def test_T58_what_is_said_to_be_recognised_as_hidden_is() -> None:
    listed = styles("Recognised as hidden")
    assert len(listed) >= 20
    assert [style for style in listed if is_seen(style)] == []


def test_T58_what_is_said_to_be_missed_is() -> None:
    listed = styles("Not recognised")
    assert listed
    assert [style for style in listed if not is_seen(style)] == []
