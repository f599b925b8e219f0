"""The rooms and what each may import, read from the code, so that the drawing in docs/how-a-mail-flows.md stays true."""

import ast
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

SOURCE = Path(__file__).parent.parent / "src" / "bcclog"
DOCS = Path(__file__).parent.parent / "docs"

BASE = {"codes", "policy", "address", "model", "account", "message", "forward", "reading"}
"""Values and codes: every room may use them, and they use nothing but one another."""

ROOMS: dict[str, set[str]] = {
    "codes": set(),
    "policy": set(),
    "address": set(),
    "model": {"address", "codes"},
    "_files": set(),
    "_charset": set(),
    "_decode": {"_charset"},
    "_header_text": {"_charset", "_decode"},
    "_parameters": {"_charset", "_header_text"},
    "_scan": {"_decode", "_header_text", "_parameters"},
    "_normal": {"_files"},
    "_address": {"_header_text", "_normal"},
    "_block_addresses": {"_address", "_files", "_header_text", "_normal"},
    "_never_log": {"_address", "_normal"},
    "_calendars": {"_files"},
    "_date_words": {"_files"},
    "_zones": {"_date_words", "_files"},
    "_date_numbers": {"_date_words", "_zones"},
    "_day": {"_calendars", "_date_numbers", "_date_words"},
    "_dates": {"_calendars", "_date_numbers", "_date_words", "_day", "_zones"},
    "forward": {"message"},
    "_ready": set(),
    "_fold": set(),
    "_catalogue": {"_fold"},
    "_compile": {"_block", "_catalogue", "_fold"},
    "_data": {"_catalogue", "_compile", "_ready"},
    "_lines": {"_fold"},
    "_elements": set(),
    "_css": {"_elements"},
    "_html": {"_catalogue", "_css", "_elements", "_lines", "_normal"},
    "_separator": {"_catalogue", "_fold", "_lines"},
    "_attribution": {"_catalogue", "_dates", "_fold", "_lines", "_separator"},
    "_block": set(),
    "_label": {"_block", "_catalogue", "_fold"},
    "_value": {"_block", "_catalogue", "_fold", "_label", "_lines", "_separator"},
    "_meaning": {"_block", "_catalogue"},
    "_one_line": {"_block", "_catalogue", "_fold", "_label", "_lines", "_meaning", "_separator"},
    "_run": {"_block", "_catalogue", "_fold", "_label", "_lines", "_meaning", "_separator", "_value"},
    "_find_block": {
        "_attribution", "_block", "_catalogue", "_fold", "_label", "_lines", "_meaning", "_one_line", "_run",
        "_separator",
    },
    "_mend": {"_block", "_catalogue", "_elements", "_fold", "_lines"},
    "_structure": {"_block", "_catalogue", "_dates", "_fold", "_label", "_lines", "_meaning", "_separator"},
    "_quote": {"_attribution", "_catalogue", "_data", "_find_block", "_lines", "_separator"},
    "_subject": {"_catalogue", "_fold"},
    "message": {"_address", "_dates", "_decode", "_header_text", "_scan"},
    "_witness": {"_attribution", "_block", "_catalogue", "_find_block", "_fold", "_html", "_lines", "_mend", "_one_line", "_run", "_separator", "_subject"},
    "_fields": {"_address", "_block", "_block_addresses", "_catalogue", "_dates", "_header_text", "_quote", "_subject"},
    "_body": {"_block", "_catalogue", "_fold", "_html", "_lines", "_separator", "_witness"},
    "_in_place": {
        "_address", "_attribution", "_block", "_block_addresses", "_body", "_catalogue", "_fields",
        "_header_text", "_lines", "_quote", "_separator", "_subject", "_witness",
    },
    "_chain": {
        "_attribution", "_block", "_body", "_catalogue", "_fields", "_find_block", "_in_place", "_structure", "_subject",
        "_witness",
    },
    "_rivals": {
        "_catalogue", "_fields", "_find_block", "_in_place", "_lines", "_separator", "_structure", "_witness",
    },
    "_unwrap": {
        "_attachments", "_attribution", "_block", "_body", "_catalogue", "_chain", "_data", "_fields", "_in_place", "_quote",
        "_rivals", "_structure", "_subject", "_witness",
    },
    "_rebuild": {"_attachments", "_normal", "_scan"},
    "account": {"_address", "_data", "_never_log"},
    "reading": {"account", "forward", "message"},
    "_route": {"_address", "_scan"},
    "_trust": {"_address", "_scan"},
    "_classify": {"_address", "_files", "_scan"},
    "_contacts": {"_address", "_classify", "_never_log"},
    "_attribute": {"_address"},
    "_attachments": {"_decode", "_scan"},
    "_keys": {"_address", "_charset", "_data", "_decode", "_scan", "_subject"},
    "config": {"account"},
    "_sources": set(),
    "_workers": {"_sources"},
    "notices": {"_files"},
    "_veil": {"_address", "_contacts", "_never_log"},
    "_what_if": {"_plan"},
    "_page": {"_address", "_data", "_html", "_scan", "_veil", "_what_if"},
    "_page_html": {"_files", "_page"},
    "explain": {"_page", "_page_html", "_veil"},
    "diff": {"_plan", "_veil"},
    "arrow": {"_plan"},
}  # fmt: skip
FREE = {"__init__", "__main__", "_plan", "_warm", "cli"}
"""Rooms that stand above all others."""

OUTSIDE = {
    "chardet": {"_charset"},
    "mailparser_reply": {"_quote"},
    "click": {"cli"},
    "rich": {"cli"},
    "pyarrow": {"arrow"},
}
"""What comes from outside the standard library enters through one room (attrs excepted)."""


def imports(path: Path) -> tuple[set[str], set[str]]:
    inside, outside = set(), set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            top, _, rest = node.module.partition(".")
            if top == "bcclog":
                inside.update([rest.partition(".")[0]] if rest else [name.name for name in node.names])
            else:
                outside.add(top)
        elif isinstance(node, ast.Import):
            outside.update(name.name.partition(".")[0] for name in node.names)
    return inside, outside


def test_every_room_imports_only_what_stands_below_it() -> None:
    wrong = {}
    for path in sorted(SOURCE.glob("*.py")):
        if path.stem in FREE:
            continue
        inside, _ = imports(path)
        surplus = inside - BASE - ROOMS[path.stem] - {path.stem}
        if surplus:
            wrong[path.stem] = surplus
    assert wrong == {}


def test_no_room_is_missing_from_the_table_or_left_in_it() -> None:
    assert {path.stem for path in SOURCE.glob("*.py")} - FREE == set(ROOMS)


def test_each_library_enters_through_one_room() -> None:
    users: dict[str, set[str]] = {}
    for path in SOURCE.glob("*.py"):
        for name in imports(path)[1] & set(OUTSIDE):
            users.setdefault(name, set()).add(path.stem)
    assert users == OUTSIDE


def test_no_client_or_language_is_named_in_a_branch() -> None:
    branch = re.compile(r"""\b(?:if|elif|case)\b.*\b(?:client|locale|language)[a-z_.]*\s*(?:==|in)\s*['"(\[{]""")
    found = [
        f"{path.name}:{number}"
        for path in SOURCE.glob("*.py")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if branch.search(line)
    ]
    assert found == []


def test_rooms_import_one_another_in_no_circle() -> None:
    rooms = {path.stem: imports(path)[0] for path in SOURCE.glob("*.py") if path.stem != "__init__"}
    # `from bcclog import _quote` names a room, `import bcclog` in a shell the whole.
    order = TopologicalSorter({room: inside & rooms.keys() for room, inside in rooms.items()})
    order.prepare()  # raises `CycleError` with the circle


def test_importing_the_package_loads_no_library_that_few_mails_need() -> None:
    """The quote library alone costs as much time as all of bcclog."""
    seldom = ("mailparser_reply", "chardet", "email.message", "click", "rich", "pyarrow")
    code = f"import sys, bcclog; print([name for name in {seldom} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
