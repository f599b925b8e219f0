"""The corpus as a product: its sidecars, its checker, its tables, its runner for Node and its mutation kit."""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import bcclog_fixtures
import pytest
from bcclog_fixtures.corpus import KINDS, Case, build

from test_corpus import answer, wrong

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures"
RUNNER = FIXTURES / "runners" / "node" / "run.mjs"


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"fixtures_{name}", FIXTURES / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


check = script("check")

# --- the checker ------------------------------------------------------------------------------------------------------


def test_the_checker_has_no_complaint() -> None:
    assert list(check.complaints()) == []


GOOD: dict[str, Any] = {
    "description": "A mail that the checker has nothing against",
    "rules": ["R3"],
    "threats": [],
    "given": {"recipient": "bcc@in.crm.example"},
    "expect": {"plan": {"outcome": "log"}},
    "unspecified": [],
    "provenance": {"kind": "generated", "how": "a test", "on": "2026-11-24", "licence": "CC0-1.0"},
}
MAIL = b"From: rosa@ourco.example\r\nTo: kim@customer.example\r\n\r\nHello\r\n"
CAPTURED = {"kind": "captured", "client": "X", "version": "1", "how": "x", "on": "2026-11-24", "licence": "CC0-1.0"}


def written(folder: Path, sidecar: dict[str, Any], mail: bytes | None = MAIL, name: str = "a-case") -> Case:
    path = folder / f"{name}.json"
    path.write_text(json.dumps(sidecar, ensure_ascii=False, indent=2) + "\n", "utf-8")
    if mail is not None:
        path.with_suffix(".eml").write_bytes(mail)
    return Case(f"bcc/any/und/{name}", "bcc", "any", "und", name, path)


def test_the_checker_lets_a_good_case_pass(tmp_path: Path) -> None:
    assert list(check.in_one_case(written(tmp_path, GOOD))) == []


@pytest.mark.parametrize(
    ("changes", "mail", "complaint"),
    [
        ({"descripton": "x"}, MAIL, "descripton"),
        ({"rules": ["R33"]}, MAIL, "R33"),
        ({"threats": ["T89"]}, MAIL, "T89"),
        ({"expect": {}}, MAIL, "expect"),
        ({"expect": {"plan": {"outcome": "log", "contact": []}}}, MAIL, "contact"),
        ({"expect": {"plan": {"outcome": "log", "contacts": {"has": []}}}}, MAIL, "has"),
        ({"provenance": {"kind": "imagined"}}, MAIL, "provenance"),
        ({"provenance": {**GOOD["provenance"], "licence": "MIT"}}, MAIL, "provenance"),
        ({"description": "A mail that should be logged on somebody"}, MAIL, "present tense"),
        ({}, None, "neither a mail nor a recipe"),
        ({"recipe": [{"text": "x"}]}, MAIL, "both a mail and a recipe"),
        ({"recipe": [{"text": "x", "bytes": "00"}]}, None, "recipe"),
        ({}, MAIL.replace(b"customer.example", b"customer.com"), "customer.com"),
        ({}, MAIL + b"=\r\nkim@customer.exam=\r\nple.se\r\n", "customer.example.se"),
        ({}, MAIL + b"see /home/kim/mail\r\n", "machine"),
        ({}, b"Content-Transfer-Encoding: base64\r\n\r\na2ltQGN1c3RvbWVyLmNvbQ==\r\n", "customer.com"),
        ({"provenance": CAPTURED}, b"Message-ID: <1@build7>\r\n" + MAIL, "host"),
        ({"provenance": CAPTURED}, MAIL.replace(b"\r\n", b"\n"), "CRLF"),
    ],
)
def test_the_checker_sees(tmp_path: Path, changes: dict[str, Any], mail: bytes | None, complaint: str) -> None:
    found = list(check.in_one_case(written(tmp_path, {**GOOD, **changes}, mail)))
    assert any(complaint in line for line in found), found


def test_the_checker_sees_a_sidecar_in_another_form(tmp_path: Path) -> None:
    case = written(tmp_path, GOOD)
    case.path.write_text(json.dumps(GOOD), "utf-8")
    assert any("two blanks" in line for line in check.in_one_case(case))


def test_the_checker_sees_a_name_in_capitals(tmp_path: Path) -> None:
    assert any("lower-case" in line for line in check.in_one_case(written(tmp_path, GOOD, name="A_Case")))


# --- the door ---------------------------------------------------------------------------------------------------------


def test_finding_no_case_is_a_failure() -> None:
    with pytest.raises(LookupError, match="nonsense"):
        list(bcclog_fixtures.cases(kind="nonsense"))


def test_cases_are_sorted_and_have_one_id_each() -> None:
    for kind in KINDS:
        ids = [case.id for case in bcclog_fixtures.cases(kind=kind)]
        assert ids == sorted(set(ids))


def test_bcclogs_own_tests_come_in_by_this_door() -> None:
    by_path = re.compile(rf"""["']?fixtures["']?[ /"']+(?:{"|".join(KINDS)})\b""")
    others = (path for path in (ROOT / "tests").rglob("*.py") if path.name != Path(__file__).name)
    assert [path.name for path in others if by_path.search(path.read_text("utf-8"))] == []


def test_one_case_can_be_asked_for_by_its_id() -> None:
    case = bcclog_fixtures.case("chain/sylpheed/en/comma-name-twice")
    assert (case.kind, case.client, case.locale, case.name) == ("chain", "sylpheed", "en", "comma-name-twice")
    for unknown in ("chain/sylpheed/en/nonsense", "chain/sylpheed/en"):
        with pytest.raises(LookupError, match=unknown):
            bcclog_fixtures.case(unknown)


def test_cases_can_be_chosen_by_client_and_locale() -> None:
    found = list(bcclog_fixtures.cases(kind="forward", client="thunderbird", locale="de"))
    assert found
    assert {(case.kind, case.client, case.locale) for case in found} == {("forward", "thunderbird", "de")}


def test_a_recipe_is_built_step_by_step() -> None:
    steps = [
        {"text": "é"},
        {"bytes": "ff00"},
        {"text": "{n},", "times": 3},
        {"bytes": "0a", "times": 2},
    ]
    assert build(steps) == b"\xc3\xa9\xff\x000,1,2,\n\n"


def test_a_recipe_past_256_mib_is_refused() -> None:
    with pytest.raises(ValueError, match="more than"):
        build([{"text": "x" * 1024, "times": 2**18 + 1}])


@pytest.mark.parametrize(
    ("expect", "actual", "agrees"),
    [
        ({"a": "x  y\n"}, {"a": "x y", "b": 1}, True),
        ({"a": None}, {}, False),
        ({"a": 1}, {"a": True}, False),
        ({"sent_at": "2026-03-02T09:15:00+01:00"}, {"sent_at": "2026-03-02T08:15:00+00:00"}, True),
        ({"sent_at": "2026-03-02T09:15:00"}, {"sent_at": "2026-03-02T09:15:00+00:00"}, False),
        ({"l": [{"a": 1}]}, {"l": [{"a": 1, "b": 2}]}, True),
        ({"l": [{"a": 1}]}, {"l": []}, False),
        ({"l": {"has": [{"a": 1}]}}, {"l": [{"a": 2}, {"a": 1}]}, True),
        ({"l": {"has": [{"a": 3}]}}, {"l": [{"a": 2}, {"a": 1}]}, False),
        ({"l": {"lacks": [{"a": 3}]}}, {"l": [{"a": 2}]}, True),
        ({"l": {"has": [{"a": 2}], "lacks": [{"a": 3}]}}, {"l": [{"a": 2}, {"a": 3}]}, False),
        ({"client": "x", "locale": "de"}, {"client": "y", "locale": "en", "writers": [["y", "en"], ["x", "de"]]}, True),
        (
            {"client": "x", "locale": "de"},
            {"client": "y", "locale": "en", "writers": [["x", "en"], ["y", "de"]]},
            False,
        ),
    ],
)
def test_an_answer_is_compared_by_the_readme(expect: Any, actual: Any, agrees: bool) -> None:
    assert (bcclog_fixtures.differences(expect, actual) == []) is agrees


def test_an_unspecified_place_is_passed_over_with_all_below_it() -> None:
    assert bcclog_fixtures.differences({"a": {"b": 1}, "c": [1]}, {"a": {"b": 2}, "c": []}, ["a", "c"]) == []


def test_the_readme_names_every_kind() -> None:
    readme = (FIXTURES / "README.md").read_text("utf-8")
    assert [kind for kind in KINDS if f"`{kind}`" not in readme] == []


# --- tables, coverage -------------------------------------------------------------------------------------------------


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, cwd=ROOT, timeout=300, check=False
    )


@pytest.mark.parametrize(
    "script", ["plans/make.py", "reconstruct/dates.py", "reconstruct/layouts.py", "reconstruct/traps.py"]
)
def test_the_written_cases_are_those_of_the_tables(script: str) -> None:
    done = run(sys.executable, FIXTURES / script, "--check")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_coverage_lists_every_client_of_the_catalogue_and_of_the_corpus() -> None:
    page = script("coverage_table").table()
    clients = {path.stem for path in (ROOT / "src" / "bcclog" / "data" / "clients").glob("*.json")}
    clients |= {case.client for case in bcclog_fixtures.cases() if case.client != "any"}
    listed = {line.split("|")[1].strip() for line in page.splitlines() if line.startswith("| ")} - {"client"}
    assert listed == clients


# --- the runner for Node ----------------------------------------------------------------------------------------------


def node(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    program = shutil.which("node")
    assert program is not None, "Node is missing; install nodejs (18.17 or later), which runs fixtures/runners/node"
    return run(program, RUNNER, *arguments)


def test_the_runner_for_node_is_one_short_file() -> None:
    """It proves that the format needs little: about 30 lines of code, and nothing but Node."""
    lines = RUNNER.read_text("utf-8").splitlines()
    assert [path.name for path in RUNNER.parent.iterdir()] == [RUNNER.name]
    assert len([line for line in lines if line and not line.startswith("//")]) <= 40


def test_node_runs_the_command_line_over_a_folder(tmp_path: Path) -> None:
    module = tmp_path / "command.mjs"
    module.write_text(
        'import { spawnSync } from "node:child_process";\n'
        'const program = ["-c", "from bcclog.cli import main; main()", "unwrap", "--json", "-"];\n'
        f"const ask = (input) => spawnSync({json.dumps(sys.executable)}, program, {{ input, maxBuffer: 2 ** 28 }});\n"
        "export const unwrap = (mail) => JSON.parse(ask(mail).stdout.toString());\n",
        "utf-8",
    )
    done = node(module, FIXTURES / "redirect" / "mutt", FIXTURES / "chain" / "sylpheed")
    expected = [
        *bcclog_fixtures.cases(kind="redirect", client="mutt"),
        *bcclog_fixtures.cases(kind="chain", client="sylpheed"),
    ]
    assert (done.returncode, done.stdout.strip()) == (
        0,
        f"{len(expected)} right, 0 wrong, 0 without an expectation for this parser",
    ), done.stderr


def test_node_builds_the_same_mails_and_compares_as_python_does(tmp_path: Path) -> None:
    """Node looks the answers up by the bytes that it read or built, so each step of a recipe counts."""
    kinds = ("bcc", "people", "size")
    chosen = [case for kind in kinds for case in bcclog_fixtures.cases(kind=kind)]
    assert any("recipe" in case.sidecar for case in chosen)
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps({_key(case): answer(case.raw, case.given, case.expect)["plan"] for case in chosen}))
    module = tmp_path / "mine.mjs"
    module.write_text(
        'import { createHash } from "node:crypto";\nimport { readFileSync } from "node:fs";\n'
        f"const known = JSON.parse(readFileSync({json.dumps(str(answers))}, 'utf8'));\n"
        "export const plan = (mail, given) =>\n"
        '  known[createHash("sha256").update(mail).update(JSON.stringify(given)).digest("hex")];\n',
        "utf-8",
    )
    folders = [FIXTURES / kind for kind in kinds]
    done = node(module, *folders)
    assert (done.returncode, done.stdout.strip()) == (
        0,
        f"{len(chosen)} right, 0 wrong, 0 without an expectation for this parser",
    ), done.stderr


def _key(case: Case) -> str:
    given = json.dumps(case.given, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(case.raw + given.encode("utf-8")).hexdigest()


def test_node_counts_a_wrong_answer(tmp_path: Path) -> None:
    module = tmp_path / "mine.mjs"
    module.write_text('export const unwrap = () => ({ outcome: "forward", original: null });\n', "utf-8")
    done = node(module, FIXTURES / "chain" / "mutt")
    count = len(list(bcclog_fixtures.cases(kind="chain", client="mutt")))
    assert done.returncode == 1
    assert done.stdout.strip().endswith(f"0 right, {count} wrong, 0 without an expectation for this parser")


def test_node_finding_no_case_is_a_failure(tmp_path: Path) -> None:
    module, folder = tmp_path / "mine.mjs", tmp_path / "empty"
    module.write_text("", "utf-8")
    folder.mkdir()
    done = node(module, folder)
    assert (done.returncode, done.stderr) == (1, "")


# --- the mutation kit -------------------------------------------------------------------------------------------------

EVERY = {"captured": 6, "generated": 6, "reconstructed": 20}
"""Of each so many cases one with all its variants, chosen by its id; all of them with BCCLOG_ALL=1 in the environment."""
BYTES = ("hostile", "encoding")
"""Kinds about single bytes, which a variant changes."""


def sample(*origins: str) -> Iterator[Case]:
    for case in bcclog_fixtures.cases():
        wanted = (
            case.sidecar["provenance"]["kind"] in origins and case.kind not in BYTES and "recipe" not in case.sidecar
        )
        every = 1 if os.environ.get("BCCLOG_ALL") else EVERY[case.sidecar["provenance"]["kind"]]
        if wanted and zlib.crc32(case.id.encode()) % every == 0:
            yield case


def wrong_variants(case: Case) -> Iterator[str]:
    """For each variant what is wrong with its answer, or nothing."""
    for variant in bcclog_fixtures.variants(case):
        lines = wrong(variant)
        yield f"{case.id}, {variant.name}: {lines[0]}" if lines else ""


@pytest.mark.parametrize(("origin", "least"), [("captured", 15), ("reconstructed", 10), ("generated", 8)])
def test_every_variant_of_a_case_has_the_stated_answer(origin: str, least: int) -> None:
    cases = variants = 0
    found: list[str] = []
    for case in sample(origin):
        cases += 1
        for line in wrong_variants(case):
            variants += 1
            found += [line] if line else []
    assert found == []
    assert variants >= least * cases > 0


@pytest.mark.parametrize(
    "name",
    [
        "apple-mail-macos/en/quoted-with-bars",
        "gmail-web/en/quoted-with-bars",
        "samsung-email/en/tags-in-the-text-line",
        "thunderbird/en-US/pieces-unstripped",
    ],
)
def test_a_text_that_one_program_spoilt_and_the_next_quoted_has_the_stated_answer(name: str) -> None:
    case = bcclog_fixtures.case(f"forward/{name}")
    [variant] = [variant for variant in bcclog_fixtures.variants(case) if variant.name == "quoted"]
    assert wrong(variant) == []


def test_the_kit_makes_variants_of_every_sort() -> None:
    names = {
        variant.name.partition("-")[0]
        for case in sample("captured", "generated")
        for variant in bcclog_fixtures.variants(case)
    }
    assert names >= {
        "lf", "unfolded", "folded", "extra", "base64", "quoted", "8bit", "trailing", "flowed", "disclaimer", "list", "pixel", "text",
        "html", "charset", "prefix", "second", "other", "all",
    }  # fmt: skip


CAPTURES = sorted((FIXTURES / "capture").glob("*/capture.py"))


@pytest.mark.parametrize("script", CAPTURES, ids=[script.parent.name for script in CAPTURES])
def test_a_capture_script_says_how_it_is_run(script: Path) -> None:
    """The clients are not here, but each script must load and know its options without them."""
    done = subprocess.run([sys.executable, str(script), "--help"], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: ") and "--help" in done.stdout
