"""`plan`: `read` and `decide` in a row."""

from bcclog._decide.decide import decide_mail
from bcclog._decide.read import read_mail
from bcclog.account import Account, Directory
from bcclog.message import Message
from bcclog.model import Plan


def plan(
    raw: bytes | bytearray | memoryview | Message,
    *,
    account: Account,
    directory: Directory,
    recipient: str | None = None,
) -> Plan:
    """`read` and `decide` in a row, for a directory that is in memory. Any bytes give a `Plan`, possibly a refusal."""
    return decide_mail(read_mail(raw, account, recipient), directory)
