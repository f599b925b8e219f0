"""How much memory a plan takes at its peak (P3): at most 16 times the message and 32 MiB, 3 times with attachments."""

import tracemalloc
from base64 import b64encode

import pytest

from bcclog import PERMISSIVE, Outcome, plan
from builders import BCC, LOG, account, directory, mail, multipart
from hostile.generators import ATTACKS

ACCOUNT = account(policy=PERMISSIVE)
SMALL, LARGE = 2**16, 2**19
FREE = 32 * 2**20


def peak(raw: bytes, recipient: str) -> int:
    """Bytes allocated beyond those that were there before, at the worst moment."""
    plan(mail(), account=ACCOUNT, directory=directory(), recipient=recipient)  # loads tables and catalogue
    tracemalloc.start()
    found = plan(raw, account=ACCOUNT, directory=directory(), recipient=recipient)
    found.to_json()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


@pytest.mark.parametrize("name", ATTACKS)
def test_P3_a_plan_takes_at_most_sixteen_times_the_message_and_32_MiB(name: str) -> None:
    for recipient in (BCC, LOG):
        raw = ATTACKS[name].build(SMALL)
        if peak(raw, recipient) > 16 * len(raw):  # what takes little of little takes little of much (P2)
            raw = ATTACKS[name].build(LARGE)
            assert peak(raw, recipient) <= 16 * len(raw) + FREE


@pytest.mark.parametrize("cte", ["base64", "quoted-printable", "8bit"])
def test_P3_attachments_are_not_decoded_to_be_counted(cte: str) -> None:
    size = 24 * 2**20
    data = {"base64": b64encode(b"\0" * size), "quoted-printable": b"=00" * (size // 3), "8bit": b"\n" * size}[cte]
    head = f"Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: {cte}"
    field, body = multipart(("Content-Type: text/plain", "see below"), (head, data))
    raw = mail(field, body=body)
    assert peak(raw, BCC) <= 3 * len(raw) + FREE
    found = plan(raw, account=ACCOUNT, directory=directory(), recipient=BCC)
    assert found.outcome is Outcome.LOG
    expected = {"base64": size, "quoted-printable": size // 3, "8bit": size}[cte]
    assert [file.size for file in found.attachments] == [expected]
