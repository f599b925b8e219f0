"""Coverage-guided fuzzing of `read`, `decide` and all that a caller can ask of their results (P1, P12, P17).

    python fuzz/fuzz_plan.py fuzz/corpus fuzz/seeds -dict=fuzz/mail.dict -runs=100000

The first byte of an input chooses route and policy and what is asked besides; the rest is the mail. What must hold is
`tests/oracles.py`, and: nothing raises, nobody on Never Log is in the plan, only the outer From is ever credited, the
same input gives the same plan. `fuzz/run.sh` is the bounded run.
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["bcclog"]):
    import bcclog
    from bcclog import explain

sys.path.append(str(Path(__file__).parent.parent / "tests"))

from oracles import check_credit, check_page, check_plan, check_unwrapped, naming

ROSA = "rosa@ourco.example"
LISTED = "zyxlisted.example"
ACCOUNTS = [
    bcclog.Account(
        domains=["ourco.example"],
        never_log=[LISTED],
        digest_key=b"key",
        authserv_ids=["mx.ourco.example"],
        policy=policy,
        bcc_addresses=["bcc@in.crm.example"],
        forwarding_addresses=["log@in.crm.example"],
    )
    for policy in (bcclog.PERMISSIVE, bcclog.HUBSPOT_2025_12)
]
DIRECTORY = bcclog.MemoryDirectory.of([bcclog.User(id="u1", address=ROSA)])
RECIPIENTS = ["log@in.crm.example", "bcc@in.crm.example", None]


def one_input(data: bytes) -> None:
    """What must hold for any bytes. The dear questions are asked of some inputs only, as their first byte says."""
    choice, raw = (data[0] if data else 0), data[1:]
    account, recipient = ACCOUNTS[choice & 1], RECIPIENTS[(choice >> 1) % 3]
    reading = bcclog.read(raw, account=account, recipient=recipient)
    plan = bcclog.decide(reading, directory=DIRECTORY)
    data_of_plan = check_plan(plan)
    check_credit(plan.attribution, plan.sender.email if plan.sender else None, ROSA)
    assert naming(data_of_plan, LISTED) == []
    if reading.forwarded is not None:
        check_unwrapped(reading.forwarded, ask_all=bool(choice & 0x20))
    if choice & 0x40:
        assert plan.to_json() == bcclog.plan(raw, account=account, directory=DIRECTORY, recipient=recipient).to_json()
    if choice & 0x80:
        check_page(explain.to_html(raw, plan, reading))


def main() -> None:
    """Fuzz, or say what one file does."""
    one_input(b"")
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
