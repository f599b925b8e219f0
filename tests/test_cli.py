"""The command line, as a new user meets it."""

import json
import os
import re
import subprocess
import sys
from errno import ENOSPC
from pathlib import Path

import bcclog_fixtures
import pytest
from click.testing import CliRunner

import bcclog
from bcclog.cli import main

ROOT = Path(__file__).parent.parent
MAIL = bcclog_fixtures.case("forward/roundcube/de-DE/html-comma-name").path.with_suffix(".eml")
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


def explained(*arguments: str, stdin: bytes | None = None) -> str:
    """`bcclog explain` of the usual mail and account."""
    mail = "-" if stdin is not None else str(MAIL)
    return run("explain", "--account", ACCOUNT, "--recipient", "log@in.crm.example", *arguments, mail, stdin=stdin)


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


def test_an_archive_gives_the_same_lines_on_one_core_and_on_two(tmp_path: Path) -> None:
    mail = MAIL.read_bytes().replace(b"\r\n", b"\n")
    numbered = (b"From a\n" + mail.replace(b"Subject: ", b"Subject: %d " % number, 1) for number in range(300))
    (tmp_path / "box").write_bytes(b"\n".join(numbered))
    given = ("plan", "--account", ACCOUNT, "--recipient", "log@in.crm.example", "--json", str(tmp_path / "box"))
    one, two = run(*given, "--jobs", "1"), run(*given, "--jobs", "2")
    assert len(one.splitlines()) == 300
    assert one == two


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_mails_are_counted_by_code_with_an_example(tmp_path: Path, jobs: int) -> None:
    mail = MAIL.read_bytes().replace(b"\r\n", b"\n")
    (tmp_path / "box").write_bytes(b"\n".join(b"From a\n" + (mail if number else b"\n") for number in range(300)))
    box = str(tmp_path / "box")
    given = ("plan", "--account", ACCOUNT, "--recipient", "log@in.crm.example", "--summary", "--jobs", jobs)
    assert run(*given, box) == (
        f"300 mails\n     299  log.forward  for example {box}#2\n"
        "          The forwarded message is logged on the person who wrote it.\n"
        f"       1  refuse.identity.none  for example {box}#1\n          The mail has no usable From address.\n"
    )
    assert json.loads(run("unwrap", "--summary", "--json", "missing.eml", str(MAIL), status=1).splitlines()[-1]) == {
        "mails": 1,
        "codes": [{"code": "forward.inline", "mails": 1, "example": str(MAIL)}],
    }


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


def test_a_folder_without_mail_is_said(tmp_path: Path) -> None:
    assert "neither a Maildir nor a folder with .eml files" in run("unwrap", str(tmp_path), status=1)
    assert "neither a Maildir" in run("explain", str(tmp_path), status=2)
    for name in ("cur", "new"):
        (tmp_path / name).mkdir()
    assert run("unwrap", str(tmp_path)) == ""


def test_a_mail_of_an_mbox_may_be_given_by_the_label_that_the_output_names_it_by(tmp_path: Path) -> None:
    box = tmp_path / "a#1"
    box.write_bytes(b"From a\nSubject: one\n\nx\n\nFrom b\nSubject: two\n\ny\n")
    assert json.loads(run("unwrap", "--json", f"{box}#2"))["path"] == f"{box}#2"
    assert "Subject: two" in run("explain", f"{box}#2")
    assert f"give one of them, such as {box}#1" in run("explain", str(box), status=2)
    assert f"{box} holds no mail of this number" in run("explain", f"{box}#3", status=2)
    for missing in ("a#x", "b#1", "a#", "#1"):
        assert "No such file or folder" in run("explain", str(tmp_path / missing), status=2)


def test_files_of_a_folder_that_are_no_mail_are_counted_aloud(tmp_path: Path) -> None:
    for name in ("one.eml", "two.EML", "0001.mail", "notes.txt"):
        (tmp_path / name).write_bytes(MAIL.read_bytes())
    result = CliRunner().invoke(main, ["unwrap", "--json", str(tmp_path)])
    assert result.exit_code == 0
    assert [Path(json.loads(line)["path"]).name for line in result.stdout.splitlines()] == ["one.eml", "two.EML"]
    assert result.stderr == f"bcclog: {tmp_path}: 2 files passed over, no name in .eml\n"


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
    words = run("codes", "refuse.forward.chain")
    assert words == (
        "refuse.forward.chain  R8, refuse\n  The mail is a forward of a forward.\n"
        "  -> Forward the single message itself and not another forward of it.\n"
    )
    assert "no code is called 'nonsense'; `bcclog codes` lists all" in run("codes", "refuse", "nonsense", status=2)
    assert "near it: contact.skip.never_log_address, contact" in run("codes", "never_log", status=2)
    assert "near it: refuse.forward.chain" in run("notice", "refuse.foward.chain", status=2)


@pytest.mark.parametrize(
    ("start", "told"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "This is an Outlook item (.msg)"),
        (b"%PDF-1.7", "This is a PDF"),
        ("From: a@b.example\n".encode("utf-16"), "This is text in UTF-16"),
    ],
)
def test_what_people_take_for_a_mail_is_told_beside_the_result(tmp_path: Path, start: bytes, told: str) -> None:
    mail = tmp_path / "a.eml"
    mail.write_bytes(start)
    result = CliRunner().invoke(main, ["unwrap", str(mail)])
    assert result.exit_code == 0 and result.stdout
    assert f"a.eml: {told}" in result.stderr
    assert f"\n  -> {told}" in run("explain", str(mail))
    assert f"\n  -> {told}" in run("explain", "--account", ACCOUNT, str(mail))


@pytest.mark.parametrize("arguments", [["codes"], ["unwrap", "--json", str(MAIL)], ["unwrap", str(MAIL)]])
def test_a_full_disk_is_told_in_a_line(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(ENOSPC, "No space left on device")

    monkeypatch.setattr("bcclog.cli.Console.print", full)
    monkeypatch.setattr("bcclog.cli._print_line", full)
    result = CliRunner().invoke(main, arguments)
    assert (result.exit_code, result.stderr) == (2, "bcclog: standard output: No space left on device\n")


def test_wrong_use_is_told_with_what_to_do(tmp_path: Path) -> None:
    mail, account = str(MAIL), ("--account", ACCOUNT)
    assert "no address such as bcc@in.crm.example" in run("plan", *account, "--recipient", "bcc", mail, status=2)
    assert "only with --account" in run("explain", "--recipient", "bcc@in.crm.example", mail, status=2)
    assert "is a folder; give the name of a file in it" in run("init", "--path", str(tmp_path), status=2)
    assert "no words in 'xx', but in de, en," in run("notice", "--language", "xx", "attachment.drop.size", status=2)
    brazil = run("notice", "--language", "pt_BR", "attachment.drop.size")
    assert brazil == run("notice", "--language", "pt", "attachment.drop.size")


# --- explain ------------------------------------------------------------------------------------------------------------


def test_explain_says_why_and_shows_the_evidence_in_place() -> None:
    out = explained()
    assert out.startswith("Logged  [R6 log.forward]\n")
    for part in (
        "create contact Ågren, Lisa <lisa@customer.example>",
        "credited   u1. One user alone has connected the sending address as a personal address. (R20)",
        "-> An administrator can change the policy option log_copied, now false.",
        "[Von: Ågren, Lisa <lisa@customer.example>](from)",
    ):
        assert part in out


def test_explain_without_an_account_explains_the_forward() -> None:
    out = run("explain", str(MAIL))
    assert out.startswith("A forward  [R7 forward.inline]\n")
    assert "What is done" not in out


def test_explain_writes_one_page(tmp_path: Path) -> None:
    place = tmp_path / "why.html"
    assert explained("--html", str(place)) == f"wrote {place}\n"
    page = place.read_text("utf-8")
    assert page.startswith("<!doctype html>") and page.endswith("</html>\n")
    assert explained("--html", "-") == page
    assert "No such file" in run("explain", "--html", str(tmp_path / "no" / "x.html"), str(MAIL), status=2)


def test_explain_takes_one_mail(tmp_path: Path) -> None:
    mail = MAIL.read_bytes().replace(b"\r\n", b"\n")
    box = tmp_path / "box"
    box.write_bytes(b"From a\n" + mail + b"\nFrom b\n" + mail)
    assert "holds 2 mails" in run("explain", str(box), status=2)
    assert "No such file" in run("explain", str(tmp_path / "missing.eml"), status=2)


def test_R17_explain_shows_nobody_on_a_never_log_list(tmp_path: Path) -> None:
    account = tmp_path / "account.toml"
    text = Path(ACCOUNT).read_text("utf-8").replace('"*@lawyer.example"', '"lisa@customer.example"')
    account.write_text(text, "utf-8")
    out = run("explain", "--account", str(account), "--recipient", "log@in.crm.example", str(MAIL))
    assert out.startswith("Not logged  [R17 refuse.nobody_to_log]\n")
    assert "lisa" not in out.lower()


# --- diff ---------------------------------------------------------------------------------------------------------------


def planned(place: Path, *options: str) -> str:
    place.write_text(run("plan", "--account", ACCOUNT, *options, "--json", str(MAIL)), "utf-8")
    return str(place)


def test_diff_shows_what_is_planned_differently_and_why(tmp_path: Path) -> None:
    old = planned(tmp_path / "old.ndjson")
    new = planned(tmp_path / "new.ndjson", "--recipient", "bcc@in.crm.example")
    out = run("diff", old, new, status=1)
    assert f"{MAIL}: changed  [log.forward -> refuse.nobody_to_log]" in out
    assert "  why - route.header, " in out and "refuse.nobody_to_log" in out.partition("  why + ")[2]
    assert out.endswith(
        "1 mail: 0 planned alike, 1 differently, 0 only before, 0 only after\n       1  log.forward -> refuse.nobody_to_log\n"
    )
    assert run("diff", "--sorted", old, new, status=1) == out
    found = json.loads(run("diff", "--json", old, new, status=1))
    assert (found["kind"], found["old_code"], found["new_code"]) == ("changed", "log.forward", "refuse.nobody_to_log")
    assert json.loads(run("diff", "--json", "--summary", old, new, status=1))["changed"] == 1


def test_diff_of_the_same_plans_is_empty_and_ends_well(tmp_path: Path) -> None:
    old = planned(tmp_path / "old.ndjson")
    assert run("diff", old, old) == "1 mail: 1 planned alike, 0 differently, 0 only before, 0 only after\n"
    assert run("diff", "--json", old, old) == ""


def test_diff_compares_two_policies_over_mail(tmp_path: Path) -> None:
    text_alone = tmp_path / "mail.eml"
    text_alone.write_bytes(
        b"From: rosa@ourco.example\nTo: log@in.crm.example\nSubject: Fwd: x\n\n---------- Forwarded message ---------\n"
        b"From: Kim <kim@customer.example>\nDate: Mon, Mar 2, 2026 at 9:15 AM\nSubject: x\nTo: <rosa@ourco.example>\n\nHi\n"
    )
    command = ("diff", "--account", ACCOUNT, "--policy", "HUBSPOT_2023_09")
    out = run(*command, "--policy", "PERMISSIVE", str(text_alone), str(MAIL), status=1)
    assert "changed  [refuse.forward.html_missing -> log.forward]" in out
    assert "2 mails: 1 planned alike, 1 differently" in out
    own = tmp_path / "own.toml"
    own.write_text(Path(ACCOUNT).read_text("utf-8") + "\n[options]\nrequire_both_parts = false\n", "utf-8")
    assert "refuse.forward.html_missing -> log.forward" in run(
        *command, "--policy", str(own), str(text_alone), status=1
    )
    assert "2 mails: 2 planned alike" in run(*command, "--policy", "HUBSPOT_2023_09", str(text_alone), str(MAIL))
    assert "missing.eml" in run(*command, "--policy", "PERMISSIVE", "missing.eml", status=2)


def test_diff_says_what_it_needs(tmp_path: Path) -> None:
    old = planned(tmp_path / "old.ndjson")
    assert "two files of plans" in run("diff", old, status=2)
    assert "--policy twice" in run("diff", "--policy", "PERMISSIVE", old, status=2)
    both = ("--policy", "NOT_ONE", "--policy", "PERMISSIVE")
    assert "neither a policy (HUBSPOT_2023_09" in run("diff", "--account", ACCOUNT, *both, str(MAIL), status=2)
    assert f"bcclog: {MAIL}, line 1: this is no JSON" in run("diff", str(MAIL), old, status=2)
    assert "No such file" in run("diff", "missing.ndjson", old, status=2)


# --- words --------------------------------------------------------------------------------------------------------------


def test_R12_notice_prints_what_a_sender_is_told() -> None:
    out = run("notice", "refuse.forward.chain", "--language", "de")
    assert "Die Nachricht ist die Weiterleitung einer Weiterleitung." in out
    assert "attachment" in run("notice", "attachment.drop.size").lower()
    assert "no sender is told" in run("notice", "contact.create.recipient", status=2)
    assert "no code is called 'nonsense'" in run("notice", "nonsense", status=2)


@pytest.mark.parametrize("command", ["unwrap", "plan", "explain", "diff", "notice", "codes"])
def test_help_shows_examples_that_are_commands(command: str) -> None:
    out = run(command, "--help")
    examples = re.findall(r"^ +bcclog (.*)$", out, re.MULTILINE)
    assert examples
    for example in examples:
        name, *rest = example.partition(" > ")[0].partition("    (")[0].split()
        known = {option for parameter in main.commands[name].params for option in parameter.opts}
        assert {word for word in rest if word.startswith("--")} <= known


# --- hostile mail and names ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [("plan", "--account", ACCOUNT), ("explain", "--account", ACCOUNT), ("unwrap",)])
def test_T82_the_terminal_gets_no_control_characters(command: tuple[str, ...]) -> None:
    raw = MAIL.read_bytes().replace(b"Subject: ", b"Subject: =?utf-8?q?=1B[2J=9B=E2=80=AE:bomb:[red]?= ", 1)
    out = run(*command, "-", stdin=raw)
    assert [char for char in out if not char.isprintable() and char != "\n"] == []


def test_T82_a_files_name_is_no_control_sequence_and_no_reason_to_fail(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    Path(os.fsdecode(os.fsencode(folder) + b"/\x1b[2J\xff.eml")).write_bytes(MAIL.read_bytes())
    assert "\x1b" not in run("plan", "--account", ACCOUNT, str(folder))
    found = json.loads(run("plan", "--account", ACCOUNT, "--json", str(folder)))
    assert found["path"].endswith("\x1b[2J\\xff.eml")
    assert "\x1b" not in run("explain", "no\x1b[2J", status=2)


def test_an_account_file_that_is_no_text_is_said(tmp_path: Path) -> None:
    broken = tmp_path / "account.toml"
    broken.write_bytes(b"\xff\xfe[account]")
    assert "no text in UTF-8" in run("plan", "--account", str(broken), str(MAIL), status=2)


def test_a_console_that_lacks_a_letter_gets_its_escape() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bcclog", "unwrap", str(MAIL)],
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
    )
    assert (done.returncode, b"\\xc5gren, Lisa" in done.stdout) == (0, True), done.stderr


@pytest.mark.parametrize("wrong", ["text", None, 5])
def test_wrong_types_raise_at_once_and_say_what_to_pass(wrong: object) -> None:
    with pytest.raises(TypeError, match="bytes"):
        bcclog.parse(wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="bytes"):
        bcclog.unwrap(wrong)  # type: ignore[arg-type]


def test_an_unknown_policy_raises_and_names_the_known() -> None:
    with pytest.raises(bcclog.PolicyError, match="PERMISSIVE"):
        bcclog.preset("HUBSPOT")
