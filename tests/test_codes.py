"""The table of codes."""

import re

from bcclog.codes import CODES, Code, Severity


def test_names_are_the_values_in_capitals() -> None:
    assert {code.name for code in Code} == {code.value.upper().replace(".", "_") for code in Code}


def test_every_code_has_a_rule_and_a_whole_sentence() -> None:
    for code in Code:
        assert re.fullmatch(r"[RTP]\d+(-[RTP]?\d+)?", code.rule), code
        assert code.sentence[0].isupper() and code.sentence.endswith("."), code
        assert code.action == "" or (code.action[0].isupper() and code.action.endswith(".")), code


def test_refusals_and_warnings_have_their_severity() -> None:
    for code in Code:
        if code.value.startswith(("refuse.", "identity.")):
            assert code.severity is Severity.REFUSE
        if code.value.startswith("warn."):
            assert code.severity is Severity.WARNING


def test_codes_are_found_by_value() -> None:
    assert CODES["log.bcc"] is Code.LOG_BCC
    assert Code("log.bcc").info.rule == "R3"
