"""The command line, as a new user meets it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import bcclog
from bcclog.cli import main

ROOT = Path(__file__).parent.parent
MAIL = ROOT / "fixtures" / "forward" / "roundcube" / "de-DE" / "html-comma-name.eml"
ACCOUNT = str(ROOT / "docs" / "account.example.toml")
UNWRAP_KEYS = {"path", "outcome", "code", "client", "locale", "confidence", "comment", "original", "evidence"}
PLAN_KEYS = {
    "path", "outcome", "code", "route", "direction", "sent_at", "subject", "attribution", "contacts", "associations",
    "attachments", "notices", "trust", "trace", "keys",
}  # fmt: skip


def run(*arguments: str, status: int = 0, stdin: bytes | None = None) -> str:
    result = CliRunner().invoke(main, list(arguments), input=stdin)
    assert result.exit_code == status, result.output
    return result.output


def test_unwrap_prints_one_object_a_line() -> None:
    lines = run("unwrap", "--json", str(MAIL), str(MAIL)).splitlines()
    assert len(lines) == 2
    found = json.loads(lines[0])
    assert found.keys() >= UNWRAP_KEYS
    assert found["original"]["from"] == {"name": "Ågren, Lisa", "email": "lisa@customer.example"}


def test_plan_prints_one_object_a_line() -> None:
    out = run("plan", "--account", ACCOUNT, "--recipient", "log@in.crm.example", "--json", str(MAIL))
    found = json.loads(out)
    assert found.keys() >= PLAN_KEYS
    assert (found["outcome"], found["code"], found["attribution"]["user"]) == ("log", "log.forward", "u1")


def test_people_are_shown_in_words() -> None:
    assert "Ågren, Lisa <lisa@customer.example>" in run("unwrap", str(MAIL))
    assert "create lisa@customer.example" in run(
        "plan", "--account", ACCOUNT, "--recipient", "log@in.crm.example", str(MAIL)
    )


def test_standard_input_is_read() -> None:
    assert json.loads(run("unwrap", "--json", "-", stdin=MAIL.read_bytes()))["outcome"] == "forward"


def test_a_missing_file_is_reported_and_the_rest_go_on() -> None:
    out = run("unwrap", "--json", "missing.eml", str(MAIL), status=1)
    assert "missing.eml" in out and '"outcome":"forward"' in out


def test_an_mbox_and_a_maildir_and_a_folder_give_each_mail(tmp_path: Path) -> None:
    mail = MAIL.read_bytes().replace(b"\r\n", b"\n")
    (tmp_path / "box").write_bytes(b"From a\n" + mail + b"\nFrom b\n" + mail)
    assert len(run("unwrap", "--json", str(tmp_path / "box")).splitlines()) == 2
    (tmp_path / "maildir" / "new").mkdir(parents=True)
    (tmp_path / "maildir" / "cur").mkdir()
    (tmp_path / "maildir" / "new" / "1.host").write_bytes(mail)
    assert len(run("unwrap", "--json", str(tmp_path / "maildir")).splitlines()) == 1
    (tmp_path / "folder" / "deep").mkdir(parents=True)
    (tmp_path / "folder" / "deep" / "1.eml").write_bytes(mail)
    assert len(run("unwrap", "--json", str(tmp_path / "folder")).splitlines()) == 1


def test_init_writes_a_file_that_plan_takes(tmp_path: Path) -> None:
    path = tmp_path / "account.toml"
    run("init", "--path", str(path))
    assert "log.forward" in run("plan", "--account", str(path), "--recipient", "log@in.crm.example", str(MAIL))
    assert "exists already" in run("init", "--path", str(path), status=2)


def test_wrong_usage_says_what_to_do(tmp_path: Path) -> None:
    assert "--account" in run("plan", str(MAIL), status=2)
    broken = tmp_path / "account.toml"
    broken.write_text('[account]\nbcc_adresses = ["x"]\n', "utf-8")
    assert "bcc_adresses" in run("plan", "--account", str(broken), str(MAIL), status=2)


def test_codes_are_explained() -> None:
    assert len(run("codes", "--json").splitlines()) == len(bcclog.Code)
    assert "refuse.forward.chain" in run("codes", "refuse.forward")
    assert "no code is called" in run("codes", "nonsense", status=2)


def test_T82_the_terminal_gets_no_control_characters() -> None:
    raw = MAIL.read_bytes().replace(b"Subject: ", b"Subject: =?utf-8?q?=1B[2J?= ", 1)
    assert "\x1b" not in run("plan", "--account", ACCOUNT, "-", stdin=raw)


@pytest.mark.parametrize("wrong", ["text", None, 5])
def test_wrong_types_raise_at_once_and_say_what_to_pass(wrong: object) -> None:
    with pytest.raises(TypeError, match="bytes"):
        bcclog.parse(wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="bytes"):
        bcclog.unwrap(wrong)  # type: ignore[arg-type]


def test_an_unknown_policy_raises_and_names_the_known() -> None:
    with pytest.raises(bcclog.PolicyError, match="PERMISSIVE"):
        bcclog.preset("HUBSPOT")
