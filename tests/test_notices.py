"""The words of notices, in every language."""

import json
import re
import unicodedata
from importlib.resources import files
from typing import Any

import pytest

import bcclog
from bcclog import Code, Notice, Severity, notices
from builders import BCC, LOG, ROSA, account, directory, forward, mail

DATA: dict[str, Any] = json.loads((files("bcclog") / "data" / "notices.json").read_text("utf-8"))
LANGUAGES = ("de", "en", "es", "fr", "it", "ja", "nl", "pt")
ABOUT = [code for code in Code if code.severity is Severity.REFUSE]
SENTENCE = re.compile(r"[^\W\d_](?s:.*)[.。]")


def notice(about: Code) -> Notice:
    kind = Code.NOTICE_REFUSED if about.severity is Severity.REFUSE else Code.NOTICE_ATTACHMENT_DROPPED
    return Notice(to=ROSA, code=kind, about=about)


def test_the_languages_of_the_market_are_there() -> None:
    assert notices.languages() == LANGUAGES


def test_R12_R18_every_code_a_notice_can_be_about_has_its_own_words_in_every_language() -> None:
    lost = []
    for tag in LANGUAGES:
        reasons = DATA["languages"][tag]["reasons"]
        for code in (*ABOUT, Code.ATTACHMENT_DROP_SIZE):
            starts = [code.value.rsplit(".", n)[0] for n in range(code.value.count(".") + 1)]
            found = next((start for start in starts if start in reasons), None)
            if found is None or (found == "refuse" and code is not Code.REFUSE_LOOP):
                lost.append((tag, code.value))
    assert lost == []


def test_no_words_are_for_a_code_that_is_none() -> None:
    codes = [code.value for code in Code]
    for tag in LANGUAGES:
        for start in DATA["languages"][tag]["reasons"]:
            assert any(code == start or code.startswith(f"{start}.") for code in codes), (tag, start)


def test_every_language_has_the_same_texts_and_none_is_left_in_english() -> None:
    english = DATA["languages"]["en"]
    for tag in LANGUAGES:
        words = DATA["languages"][tag]
        assert words.keys() == english.keys()
        assert words["reasons"].keys() == english["reasons"].keys()
        if tag != "en":
            for key, told in words["reasons"].items():
                assert told["reason"] != english["reasons"][key]["reason"], (tag, key)
                assert told["action"] != english["reasons"][key]["action"], (tag, key)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_texts_are_whole_sentences(tag: str) -> None:
    words = DATA["languages"][tag]
    sentences = [words["closing"], words["refused"]["intro"], words["attachment"]["intro"]]
    sentences += (told[key] for told in words["reasons"].values() for key in ("reason", "action"))
    for sentence in sentences:
        assert SENTENCE.fullmatch(sentence), sentence
        assert sentence[0] == sentence[0].upper(), sentence
        assert sentence == " ".join(sentence.split())
    for kind in ("refused", "attachment"):
        assert not words[kind]["subject"].endswith((".", "。"))


def test_data_is_sorted_and_in_NFC() -> None:
    text = (files("bcclog") / "data" / "notices.json").read_text("utf-8")
    assert text == json.dumps(DATA, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    assert text == unicodedata.normalize("NFC", text)


def test_a_notice_is_told_whole() -> None:
    told = notices.render(notice(Code.REFUSE_FORWARD_CHAIN))
    assert told.to == ROSA
    assert told.subject == "Your message was not logged"
    assert told.text == (
        "The message that you sent to the logging address was not logged.\n"
        "\n"
        "The message is a forward of a forward.\n"
        "Forward the single message itself, not another forward of it.\n"
        "\n"
        "Code: refuse.forward.chain\n"
        "This notice was sent automatically; answers to it are not read.\n"
    )
    dropped = notices.render(notice(Code.ATTACHMENT_DROP_SIZE), "it")
    assert dropped.subject == "Un allegato non è stato registrato"
    assert "Condividi il file tramite un link" in dropped.text


def test_T50_a_notice_is_marked_as_automatic_and_as_bcclogs_own() -> None:
    for tag in LANGUAGES:
        assert dict(notices.render(notice(Code.REFUSE_TRUST), tag).headers) == {
            "Auto-Submitted": "auto-replied",
            "X-Auto-Response-Suppress": "All",
            "X-Bcclog-Notice": "1",
            "Content-Language": tag,
        }


def test_T50_a_notice_that_comes_back_is_a_loop_and_gives_no_other() -> None:
    told = notices.render(notice(Code.REFUSE_FORWARD_CHAIN))
    raw = mail(*(f"{name}: {value}" for name, value in told.headers.items()), subject=told.subject, body=told.text)
    plan = bcclog.plan(raw, account=account(), directory=directory(), recipient=BCC)
    assert (plan.code, plan.notices) == (Code.REFUSE_LOOP, ())


def test_T50_a_notice_quotes_nothing_of_the_mail() -> None:
    raw = forward(html=False, subject="Fwd: secret", note="secret", text="secret")
    plan = bcclog.plan(raw, account=account(), directory=directory(), recipient=LOG)
    assert len(plan.notices) == 1
    for tag in LANGUAGES:
        told = notices.render(plan.notices[0], tag)
        for shown in ("secret", "customer", "Kim", "rosa"):
            assert shown not in told.subject + told.text


@pytest.mark.parametrize(
    ("asked", "given"),
    [("de-AT", "de"), ("pt_BR", "pt"), ("JA", "ja"), ("xx", "en"), ("", "en"), ("zh-Hans", "en"), ("\x00", "en")],
)
def test_an_unknown_language_falls_back(asked: str, given: str) -> None:
    assert notices.render(notice(Code.REFUSE_TRUST), asked).language == given
