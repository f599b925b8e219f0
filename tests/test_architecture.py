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
"""Values and codes: every room may use them, and they use what stands beside them in `HOUSE`."""

HOUSE: dict[str, set[str]] = {
    "codes": set(),
    "policy": set(),
    "address": set(),
    "model": set(),
    "_files": set(),
    "_mime": set(),
    "_people": {"_files", "_mime"},
    "_dates": {"_files"},
    "message": {"_dates", "_mime", "_people"},
    "forward": set(),
    "_catalogue": set(),
    "account": {"_catalogue", "_people"},
    "reading": set(),
    "_lines": {"_catalogue", "_people"},
    "_block": {"_catalogue", "_dates", "_lines"},
    "_forward": {"_block", "_catalogue", "_dates", "_lines", "_mime", "_people"},
    "_decide": {"_dates", "_files", "_forward", "_mime", "_people"},
    "_explain": {"_catalogue", "_decide", "_files", "_lines", "_mime", "_people"},
    "explain": {"_decide", "_explain"},
    "notices": {"_files"},
    "diff": {"_decide"},
    "arrow": {"_decide"},
    "config": set(),
    "_sources": set(),
    "_workers": {"_sources"},
    "cli": {"_decide", "_sources", "_workers", "config", "diff", "explain", "notices"},
    "__main__": {"cli"},
}
"""The folders, and the rooms that stand alone: which of the others each may import."""
FREE = {"__init__", "_warm"}
"""Rooms that stand above all others."""

ROOMS: dict[str, dict[str, set[str]]] = {
    "_mime": {
        "charset": set(),
        "decode": {"charset"},
        "header_text": {"charset", "decode"},
        "parameters": {"charset", "header_text"},
        "header": set(),
        "scan": {"decode", "header", "header_text", "parameters"},
        "attachments": {"decode", "scan"},
    },
    "_people": {
        "normal": set(),
        "address": {"normal"},
        "block_addresses": {"address", "normal"},
        "never_log": {"normal"},
    },
    "_dates": {
        "calendars": set(),
        "words": set(),
        "zones": {"words"},
        "numbers": {"words", "zones"},
        "day": {"calendars", "numbers", "words"},
        "dates": {"calendars", "day", "numbers", "words", "zones"},
    },
    "_catalogue": {
        "fields": set(),
        "fold": set(),
        "catalogue": {"fold"},
        "compile": {"catalogue", "fields", "fold"},
        "ready": set(),
        "shipped": {"catalogue", "compile", "ready"},
    },
    "_lines": {
        "lines": set(),
        "elements": set(),
        "css": {"elements"},
        "html": {"css", "elements", "lines"},
        "fragment": {"elements", "html"},
    },
    "_block": {
        "block": set(),
        "separator": set(),
        "attribution": {"separator"},
        "label": {"block"},
        "value": {"block", "label", "separator"},
        "meaning": {"block"},
        "run": {"attribution", "block", "label", "meaning", "separator", "value"},
        "one_line": {"block", "label", "meaning", "separator"},
        "find": {"attribution", "block", "label", "meaning", "one_line", "run", "separator"},
        "structure": {"block", "label", "meaning", "separator"},
        "mend": {"block"},
    },
    "_forward": {
        "subject": set(),
        "quote": set(),
        "witness": {"fields"},
        "parts": {"fields", "witness"},
        "twins": {"subject", "witness"},
        "fields": {"quote", "subject"},
        "body": {"parts", "witness"},
        "in_place": {"body", "fields", "quote", "subject", "witness"},
        "chain": {"body", "fields", "in_place", "subject", "twins", "witness"},
        "rivals": {"fields", "in_place", "subject", "witness"},
        "sign": {"fields", "subject", "witness"},
        "inline": {"body", "chain", "fields", "in_place", "parts", "rivals", "sign", "subject", "twins", "witness"},
        "attached": {"body", "fields", "inline", "quote", "sign", "subject"},
        "unwrap": {"attached", "inline"},
        "rebuild": set(),
    },
    "_decide": {
        "route": set(),
        "trust": set(),
        "classify": set(),
        "contacts": {"classify"},
        "attribute": set(),
        "keys": set(),
        "veil": {"contacts"},
        "read": {"classify", "contacts", "route", "trust"},
        "decide": {"attribute", "classify", "contacts", "keys", "read"},
        "plan": {"decide", "read"},
        "what_if": {"decide", "read"},
    },
    "_explain": {
        "page": set(),
        "page_html": {"page"},
    },
}
"""The rooms of each folder, and which of the same folder each may import."""

OUTSIDE = {
    "chardet": {"_mime.charset"},
    "mailparser_reply": {"_forward.quote"},
    "click": {"cli"},
    "rich": {"cli"},
    "pyarrow": {"arrow"},
}
"""What comes from outside the standard library enters through one room (attrs excepted)."""


def rooms() -> dict[str, Path]:
    """Every room by its name, such as `cli` or `_mime.scan`; what stands in a folder's `__init__` is tested below."""
    named = {".".join(path.relative_to(SOURCE).with_suffix("").parts): path for path in sorted(SOURCE.rglob("*.py"))}
    return {name: path for name, path in named.items() if not name.endswith(".__init__")}


def imports(path: Path) -> tuple[set[str], set[str]]:
    """The rooms that a room imports, and what it imports from outside."""
    inside, outside = set(), set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            top, _, rest = node.module.partition(".")
            if top != "bcclog":
                outside.add(top)
            elif rest and rest not in ROOMS:
                inside.add(rest)
            else:
                inside.update(f"{rest}.{name.name}" if rest else name.name for name in node.names)
        elif isinstance(node, ast.Import):
            outside.update(name.name.partition(".")[0] for name in node.names)
    return inside, outside


def test_every_room_imports_only_what_stands_below_it() -> None:
    wrong = {}
    for name, path in rooms().items():
        folder, _, room = name.rpartition(".")
        if name in FREE:
            continue
        allowed = BASE | (HOUSE[folder or room])
        beside = {f"{folder}.{other}" for other in ROOMS[folder][room]} if folder else set()
        surplus = {used for used in imports(path)[0] - beside if used.partition(".")[0] not in allowed}
        if surplus:
            wrong[name] = surplus
    assert wrong == {}


def test_no_room_is_missing_from_the_tables_or_left_in_them() -> None:
    alone = {name for name in rooms() if "." not in name}
    assert alone - FREE == set(HOUSE) - set(ROOMS)
    inside = {f"{folder}.{room}" for folder, listed in ROOMS.items() for room in listed}
    assert set(rooms()) - alone == inside


def test_a_folder_says_what_it_holds_and_nothing_else() -> None:
    for folder in ROOMS:
        (said,) = ast.parse((SOURCE / folder / "__init__.py").read_text("utf-8")).body
        assert isinstance(said, ast.Expr)


def test_each_library_enters_through_one_room() -> None:
    users: dict[str, set[str]] = {}
    for room, path in rooms().items():
        for name in imports(path)[1] & set(OUTSIDE):
            users.setdefault(name, set()).add(room)
    assert users == OUTSIDE


def test_no_client_or_language_is_named_in_a_branch() -> None:
    branch = re.compile(r"""\b(?:if|elif|case)\b.*\b(?:client|locale|language)[a-z_.]*\s*(?:==|in)\s*['"(\[{]""")
    found = [
        f"{path.name}:{number}"
        for path in SOURCE.rglob("*.py")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if branch.search(line)
    ]
    assert found == []


def test_rooms_import_one_another_in_no_circle() -> None:
    used = {name: imports(path)[0] for name, path in rooms().items() if name != "__init__"}
    # `from bcclog import explain` names a room, `from bcclog import plan` a function.
    order = TopologicalSorter({room: inside & used.keys() for room, inside in used.items()})
    order.prepare()  # raises `CycleError` with the circle


def test_importing_the_package_loads_no_library_that_few_mails_need() -> None:
    """The quote library alone costs as much time as all of bcclog."""
    seldom = ("mailparser_reply", "chardet", "email.message", "click", "rich", "pyarrow")
    code = f"import sys, bcclog; print([name for name in {seldom} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
