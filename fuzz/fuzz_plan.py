"""Coverage-guided fuzzing of `plan`, `unwrap` and all that a caller can ask of their results (P1, P12, P17).

    python fuzz/fuzz_plan.py fuzz/corpus fuzz/seeds -dict=fuzz/mail.dict -runs=100000

The first byte of an input chooses route and policy, the rest is the mail. What must hold: nothing raises, the plan is
JSON of one kind for one input, one-line values hold no control character, nobody on Never Log is in it, and only the
outer From is ever credited. `fuzz/run.sh` is the bounded run.
"""

import json
import re
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["bcclog"]):
    import bcclog

ROSA = "rosa@ourco.example"
DROPS = {"bcc_addresses": ["bcc@in.crm.example"], "forwarding_addresses": ["log@in.crm.example"]}
ACCOUNTS = [
    bcclog.Account(
        domains=["ourco.example"],
        never_log=["zyxlisted.example"],
        digest_key=b"key",
        authserv_ids=["mx.ourco.example"],
        policy=policy,
        **DROPS,
    )
    for policy in (bcclog.PERMISSIVE, bcclog.HUBSPOT_2025_12)
]
DIRECTORY = bcclog.MemoryDirectory.of([bcclog.User(id="u1", address=ROSA)])
RECIPIENTS = ["log@in.crm.example", "bcc@in.crm.example", None]
MANY_LINES = {"text", "html", "comment"}
UNCLEAN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def check_lines(data: object) -> None:
    """One-line values hold no control character."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key not in MANY_LINES:
                check_lines(value)
    elif isinstance(data, list):
        for value in data:
            check_lines(value)
    elif isinstance(data, str):
        assert not UNCLEAN.search(data), data


def one_input(data: bytes) -> None:
    """What must hold for any bytes."""
    choice, raw = (data[0] if data else 0), data[1:]
    account, recipient = ACCOUNTS[choice & 1], RECIPIENTS[(choice >> 1) % 3]
    message = bcclog.parse(raw)
    plan = bcclog.plan(message, account=account, directory=DIRECTORY, recipient=recipient)
    told = plan.to_json()
    assert told == bcclog.plan(raw, account=account, directory=DIRECTORY, recipient=recipient).to_json()
    check_lines(json.loads(told))
    assert plan.code is not bcclog.Code.REFUSE_INTERNAL
    assert plan.attribution.user is None or (plan.sender is not None and (plan.sender.email or "").lower().rstrip(".").replace('"', "") == ROSA)  # fmt: skip
    assert not any(contact.email and "zyxlisted.example" in contact.email.lower() for contact in plan.contacts)
    if plan.body is not None:
        for text in (plan.body.text, plan.body.html):
            assert text is None or "\0" not in text
            (text or "").encode()
    found = bcclog.unwrap(message)
    check_lines(found.to_dict())
    if isinstance(found, bcclog.Forward):
        assert found.original.reply is not None
        bcclog.rebuild(found)


def main() -> None:
    """Fuzz, or say what one file does."""
    Path("fuzz/corpus").mkdir(parents=True, exist_ok=True)
    one_input(b"")
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
