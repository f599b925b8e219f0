"""Print what the docs take from the code: python tools/make_docs.py. tests/test_docs.py compares them.

Two kinds of place in a page. Between `<!-- printed: NAME -->` and `<!-- end -->` stands what `PRINTED[NAME]` gives, and
must be equal to it. In a row of a table that begins with a rule, threat or promise (`| R7 | ... |`) the last cell names
the tests and the corpus where that number stands; it is filled here, and a test holds that what it names is true.
"""

import ast
import importlib.util
import json
import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import ModuleType

from attrs import fields
from click.testing import CliRunner

import bcclog
from bcclog import arrow, cli, config, explain, policy
from bcclog.codes import Code
from bcclog.policy import HUBSPOT_2023_09, HUBSPOT_2025_12, PERMISSIVE, PRESETS, Limits, Policy, differences

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
CLIENTS = ROOT / "src" / "bcclog" / "data" / "clients"
SHIPPED = json.loads((DOCS / "shipped-locales.json").read_text("utf-8"))["clients"]
CLIENT_SCHEMA = json.loads((ROOT / "src" / "bcclog" / "data" / "schema" / "client.schema.json").read_text("utf-8"))
NOT_TESTS = ("test_docs.py", "test_coverage_of_rules.py")
"""They name every number and prove none."""
NONE_YET = "none yet"

REGION = re.compile(r"(<!-- printed: ([a-z ]+) -->\n\n)(.*?)(\n<!-- end -->)", re.DOTALL)
ROW = re.compile(r"\| ([RTP]\d{1,2}) \|.*\|")
_NUMBERS = re.compile(r"(?<![A-Za-z0-9])([RTP])(\d{1,2})(?:-\1?(\d{1,2}))?(?![0-9])")


# --- printed from the code ----------------------------------------------------------------------------------------------


def codes() -> str:
    """Every code with its words, by area."""
    areas: dict[str, list[Code]] = {}
    for code in Code:
        areas.setdefault(code.value.partition(".")[0], []).append(code)
    lines: list[str] = []
    for area, found in areas.items():
        lines += [f"## {area}", "", "| code | rule | severity | what it means, and what to do |", "|---|---|---|---|"]
        lines += [
            f"| `{c.value}` | {c.rule} | {c.severity.value} | {' '.join((c.sentence, c.action)).strip()} |"
            for c in found
        ]
        lines.append("")
    return "\n".join(lines)


def options() -> str:
    """Every option of a policy with its default and docstring."""
    lines = ["| option | default | what it says |", "|---|---|---|"]
    lines += [
        f"| `{f.name}` | {_shown(getattr(HUBSPOT_2023_09, f.name))} | {_docstrings('Policy')[f.name]} |"
        for f in fields(Policy)
        if f.name != "name"
    ]
    return "\n".join(lines) + "\n"


def presets() -> str:
    """The options in which the presets differ."""
    found = (HUBSPOT_2023_09, HUBSPOT_2025_12, PERMISSIVE)
    assert set(PRESETS) == {preset.name for preset in found}
    names = [f.name for f in fields(Policy) if any(f.name in differences(found[0], other) for other in found[1:])]
    lines = ["| option | " + " | ".join(f"`{preset.name}`" for preset in found) + " |", "|---|---|---|---|"]
    lines += [
        f"| `{name}` | " + " | ".join(_shown(getattr(preset, name)) for preset in found) + " |"
        for name in names
        if name != "name"
    ]
    return "\n".join(lines) + "\n"


def limits() -> str:
    """Every limit with its default and docstring."""
    lines = ["| limit | default | what it bounds, and the code past it |", "|---|---|---|"]
    lines += [
        f"| `{f.name}` | {getattr(Limits(), f.name):,} | {_docstrings('Limits')[f.name]} |" for f in fields(Limits)
    ]
    return "\n".join(lines) + "\n"


def rules_to_code() -> str:
    """Each rule with its codes and the options that name it."""
    lines = ["| rule | codes | options |", "|---|---|---|"]
    for number in range(1, 33):
        rule = f"R{number}"
        bearing = [f"`{code.value}`" for code in Code if rule in numbers_in(code.rule)]
        named = [f"`{name}`" for name, text in _docstrings("Policy").items() if rule in numbers_in(text)]
        lines.append(f"| {rule} | {', '.join(bearing) or 'none of its own'} | {', '.join(named) or 'none'} |")
    return "\n".join(lines) + "\n"


def command_line() -> str:
    """The help of each command."""
    shown = []
    for name in cli.main.commands:
        told = CliRunner().invoke(cli.main, [name, "--help"], prog_name="bcclog", terminal_width=100).output
        shown.append(f"## bcclog {name}\n\n```text\n{re.sub(r'[ ]+$', '', told, flags=re.MULTILINE)}```\n")
    return "\n".join(shown)


def explanation() -> str:
    """What `bcclog explain` prints for the mail of howto-explain.md, up to the mail itself."""
    source = (DOCS / "howto-explain.md").read_text("utf-8")
    raw = re.search(r'raw = b"""(.*?)"""', source, re.DOTALL)
    assert raw is not None
    account, directory = config.loads(config.TEMPLATE)
    reading = bcclog.read(raw[1].encode(), account=account, recipient="log@in.crm.example")
    lines = explain.to_text(raw[1].encode(), bcclog.decide(reading, directory=directory), reading, directory=directory)
    return "```text\n" + "\n".join(lines) + "\n```\n"


def arrow_columns() -> str:
    """The columns of a table of plans with their types."""
    lines = ["| column | Arrow type |", "|---|---|"]
    lines += [f"| `{field.name}` | `{str(field.type).replace('child 0, item: ', '')}` |" for field in arrow.SCHEMA]
    return "\n".join(lines) + "\n"


def client_keys() -> str:
    """The keys of a client's file."""
    return _keys(CLIENT_SCHEMA["properties"], CLIENT_SCHEMA["required"])


def layout_keys() -> str:
    """The keys of `layout`."""
    return _keys(CLIENT_SCHEMA["properties"]["layout"]["properties"], ())


def row_keys() -> str:
    """The keys of a row."""
    row = CLIENT_SCHEMA["$defs"]["row"]
    return _keys(row["properties"], row["required"])


@cache
def _coverage_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fixtures_coverage", ROOT / "fixtures" / "coverage_table.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def coverage() -> str:
    """Which clients and languages the corpus covers."""
    return str(_coverage_script().table())


def shipped() -> str:
    """Which locales the clients ship, and what each of them writes."""
    clients = [json.loads(path.read_text("utf-8")) for path in sorted(CLIENTS.glob("*.json"))]
    lines = [
        "| client | locales | own row | English | as another row | listed from |",
        "|---|---|---|---|---|---|",
    ]
    total = dict.fromkeys(("own", "english", "like"), 0)
    for client in clients:
        if client["client"] not in SHIPPED:
            continue
        listed = SHIPPED[client["client"]]
        number = {
            "own": len(client["locales"]),
            "english": len(listed.get("english", "").split()),
            "like": len(listed.get("like", {})),
        }
        total = {kind: total[kind] + number[kind] for kind in total}
        like = ", ".join(f"{one} as {other}" for one, other in listed.get("like", {}).items())
        lines.append(
            f"| {client['client']} | {len(listed['locales'].split())} | {number['own'] or '-'} "
            f"| {listed.get('english', '-')} | {like or '-'} | {listed['source']} |"
        )
    closed = [client["client"] for client in clients if client["client"] not in SHIPPED]
    return (
        f"The {len(SHIPPED)} clients whose strings are public ship {sum(total.values()):,} locales: {total['own']:,} have a "
        f"row of their own, {total['english']} leave the words in English, and {total['like']} write what another row "
        "says.\n\n" + "\n".join(lines) + f"\n\nStrings not public: {', '.join(closed)}.\n"
    )


def figures() -> str:
    """What README says of the corpus, in whole hundreds, so that a new case seldom changes it."""
    cases = list(_coverage_script().cases())
    captured = [case for case in cases if case.sidecar["provenance"]["kind"] == "captured"]
    rows = sum(len(json.loads(path.read_text("utf-8"))["locales"]) for path in CLIENTS.glob("*.json"))
    mails = json.loads((ROOT / "tests" / "data" / "public_mail.json").read_text("utf-8"))
    return (
        f"- The corpus has more than {_hundreds(len(cases))} cases; more than {_hundreds(len(captured))} of them were "
        f"written by {len({case.client for case in captured})} real clients\n  (`python fixtures/coverage_table.py`). Every "
        "field of every case comes out right (`bash .ci/test tests/test_corpus.py`).\n"
        f"- The catalogue holds more than {_hundreds(rows)} pairs of client and language; "
        "[docs/coverage.md](docs/coverage.md) has the table.\n"
        f"- Of {mails['mails']:,} public mails the {len(mails['forwards'])} forwards are found, listed by hand "
        "(`bash .ci/test tests/test_public_mail.py`).\n"
    )


def _hundreds(number: int) -> str:
    return f"{number // 100 * 100:,}"


def _keys(properties: dict[str, dict[str, object]], required: Sequence[str]) -> str:
    lines = ["| key | what it holds |", "|---|---|"]
    for name, about in properties.items():
        told = f"{about.get('description', '')}"
        if "enum" in about:
            told += f" One of {', '.join(f'`{value}`' for value in about['enum'])}."  # type: ignore[attr-defined]
        if "default" in about:
            told += f" Default: `{json.dumps(about['default'])}`."
        told = re.sub(r'"(.{1,3})"', r"`\1`", told)  # quotation marks round signs such as "?"
        lines.append(f"| `{name}`{'' if name in required or not required else ', optional'} | {told} |")
    return "\n".join(lines) + "\n"


PRINTED = {
    "arrow columns": arrow_columns,
    "command line": command_line,
    "explanation": explanation,
    "client keys": client_keys,
    "layout keys": layout_keys,
    "row keys": row_keys,
    "codes": codes,
    "options": options,
    "presets": presets,
    "limits": limits,
    "rules to code": rules_to_code,
    "coverage": coverage,
    "shipped": shipped,
    "figures": figures,
}


@cache
def _docstrings(name: str) -> dict[str, str]:
    """The docstrings below the fields of a class of bcclog.policy, each on one line."""
    tree = ast.parse(Path(policy.__file__).read_text("utf-8"))
    body = next(node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name)
    found: dict[str, str] = {}
    for node, below in pairwise(body):
        if (
            isinstance(node, ast.AnnAssign)
            and isinstance(node.target, ast.Name)
            and isinstance(below, ast.Expr)
            and isinstance(below.value, ast.Constant)
        ):
            found[node.target.id] = " ".join(str(below.value.value).split())
    return found


def _shown(value: object) -> str:
    value = getattr(value, "value", value)
    if isinstance(value, Limits):
        return "see below"
    if isinstance(value, bool) or value is None:
        return f"`{value}`"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, str):
        return f"`{value}`"
    return "none" if not value or value == frozenset() else "everything allowed"


# --- found in the tests -------------------------------------------------------------------------------------------------


def numbers_in(text: str) -> Iterator[str]:
    """The rules, threats and promises that a text names; `T33-T36` names four."""
    for letter, first, last in _NUMBERS.findall(text):
        yield from (f"{letter}{number}" for number in range(int(first), int(last or first) + 1))


@cache
def tested() -> dict[str, tuple[str, ...]]:
    """Number -> test files and kinds of corpus cases that name it, sorted."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "tests").rglob("*.py")):
        if path.name.startswith("test_") and path.name not in NOT_TESTS:
            for number in set(numbers_in(path.read_text("utf-8"))):
                found.setdefault(number, set()).add(path.relative_to(ROOT).as_posix())
    for path in sorted((ROOT / "fixtures").glob("*/*/*/*.json")):
        if path.with_suffix(".eml").exists():
            kind = path.relative_to(ROOT).parts[1]
            for number in re.findall(r'"([RT]\d{1,2})"', path.read_text("utf-8")):
                found.setdefault(number, set()).add(f"fixtures/{kind}/")
    return {number: tuple(sorted(places)) for number, places in found.items()}


def fill(page: str) -> str:
    """The page with its printed parts and its cells of tests filled."""
    page = REGION.sub(lambda match: match[1] + PRINTED[match[2]]() + match[4], page)
    lines = []
    is_tested = False
    for line in page.split("\n"):
        is_tested = line.endswith("| tested in |") or (is_tested and line.startswith("|"))
        lines.append(_filled(line) if is_tested else line)
    return "\n".join(lines)


def _filled(line: str) -> str:
    match = ROW.fullmatch(line)
    if match is None:
        return line
    head = line.removesuffix("|").rstrip().rpartition("|")[0]
    places = tested().get(match[1], ())
    return f"{head}| {', '.join(f'`{place}`' for place in places) or NONE_YET} |"


if __name__ == "__main__":
    for path in (ROOT / "README.md", *sorted(DOCS.glob("*.md"))):
        before = path.read_text("utf-8")
        after = fill(before)
        if after != before:
            path.write_text(after, "utf-8")
