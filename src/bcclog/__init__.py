"""What a CRM's BCC and forwarding addresses do, as pure functions: raw mail in, explained plan out.

`read` says what a mail says, `decide` what to do, `plan` both in a row; `parse`, `unwrap` and `attribute` are the
steps that are useful alone. No I/O, no clock, no state: the caller fetches the mail and carries the plan out.
"""

from typing import TYPE_CHECKING, Any

from bcclog._decide.attribute import attribute
from bcclog._decide.decide import decide
from bcclog._decide.plan import plan
from bcclog._decide.read import read
from bcclog._people.never_log import NeverLog
from bcclog._people.normal import normalize
from bcclog.account import (
    Account,
    Connected,
    Contact,
    ContactDirectory,
    Directory,
    Holding,
    HoldingKind,
    MemoryDirectory,
    TeamAddress,
    User,
    UserDirectory,
)
from bcclog.address import EmailAddress, NormalEmail
from bcclog.codes import CODES, Code, CodeInfo, Severity
from bcclog.forward import Confidence, Forward, NotForwarded, Original, Refused, Unwrapped, Writer
from bcclog.message import Message, parse
from bcclog.model import (
    Association,
    AttachmentAction,
    AttachmentActionKind,
    Attribution,
    Body,
    ByteSpan,
    ContactAction,
    ContactActionKind,
    Direction,
    Evidence,
    Keys,
    Lost,
    Notice,
    Outcome,
    Plan,
    Reason,
    Route,
    TextSpan,
    Times,
    Trust,
)
from bcclog.policy import (
    HUBSPOT_2023_09,
    HUBSPOT_2025_12,
    PERMISSIVE,
    PRESETS,
    Chain,
    Company,
    Handling,
    Limits,
    Policy,
    PolicyError,
    SizeScope,
    TrustGrant,
    preset,
)
from bcclog.reading import Reading

if TYPE_CHECKING:
    from bcclog._catalogue.compile import DataError
    from bcclog._forward.rebuild import rebuild
    from bcclog._forward.unwrap import unwrap
    from bcclog._warm import warm_up

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    room = _LATE.get(name)
    if room is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found = globals()[name] = getattr(import_module(f"bcclog.{room}"), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


_LATE = {
    "DataError": "_catalogue.compile",
    "rebuild": "_forward.rebuild",
    "unwrap": "_forward.unwrap",
    "warm_up": "_warm",
}
"""What is loaded when it is first asked for, and where it stands: unwrapping is half of bcclog and is not needed on the
BCC route, and the one step that writes mail needs the standard library's `email`."""


__all__ = [
    "CODES",
    "HUBSPOT_2023_09",
    "HUBSPOT_2025_12",
    "PERMISSIVE",
    "PRESETS",
    "Account",
    "Association",
    "AttachmentAction",
    "AttachmentActionKind",
    "Attribution",
    "Body",
    "ByteSpan",
    "Chain",
    "Code",
    "CodeInfo",
    "Company",
    "Confidence",
    "Connected",
    "Contact",
    "ContactAction",
    "ContactActionKind",
    "ContactDirectory",
    "DataError",
    "Direction",
    "Directory",
    "EmailAddress",
    "Evidence",
    "Forward",
    "Handling",
    "Holding",
    "HoldingKind",
    "Keys",
    "Limits",
    "Lost",
    "MemoryDirectory",
    "Message",
    "NeverLog",
    "NormalEmail",
    "NotForwarded",
    "Notice",
    "Original",
    "Outcome",
    "Plan",
    "Policy",
    "PolicyError",
    "Reading",
    "Reason",
    "Refused",
    "Route",
    "Severity",
    "SizeScope",
    "TeamAddress",
    "TextSpan",
    "Times",
    "Trust",
    "TrustGrant",
    "Unwrapped",
    "User",
    "UserDirectory",
    "Writer",
    "attribute",
    "decide",
    "normalize",
    "parse",
    "plan",
    "preset",
    "read",
    "rebuild",
    "unwrap",
    "warm_up",
]
