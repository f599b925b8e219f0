"""By which drop address a mail came (R1, R2, T29-T31).

The caller's envelope recipient settles it. Without one the header is asked, source by source, in the order of the
table: what the receiving server wrote first, then what the sender wrote. The first source that names a drop address of
the account decides; one that names both kinds refuses. Only addr-specs count, never a display name or a comment. To
have found the way to a drop address earns nobody any right.
"""

from typing import Final, NamedTuple

from bcclog._mime.scan import Index
from bcclog._people.address import normalize
from bcclog.account import Account
from bcclog.address import EmailAddress, NormalEmail
from bcclog.codes import Code
from bcclog.message import Message
from bcclog.model import ByteSpan, Evidence, Reason, Route


class _Source(NamedTuple):
    """Header fields that can name the drop address, together one source."""

    code: Code
    names: tuple[str, ...]


_SOURCES: Final = (
    _Source(Code.ROUTE_DELIVERED_TO, ("delivered-to",)),
    _Source(Code.ROUTE_X_ORIGINAL_TO, ("x-original-to",)),
    _Source(Code.ROUTE_ENVELOPE_TO, ("envelope-to",)),
    _Source(Code.ROUTE_HEADER, ("to", "cc", "bcc")),
)


_ENVELOPE: Final = (Evidence(where="envelope"),)
_BY_ENVELOPE: Final = Reason(Code.ROUTE_ENVELOPE, None, _ENVELOPE)
_UNKNOWN: Final = Reason(Code.REFUSE_ROUTE_UNKNOWN, None, _ENVELOPE)


class Routed(NamedTuple):
    """The route with the reason for it, or None with the refusal."""

    route: Route | None
    reason: Reason


def find_route(message: Message, account: Account, recipient: str | None) -> Routed:
    """Which drop address of the account the mail reached.

    recipient: the SMTP envelope recipient, None where it is not known; it must be one of the account's addresses in
    normal form, or the mail is refused (T30). `TypeError` for anything but a string.
    """
    if recipient is not None:
        if not isinstance(recipient, str):
            raise TypeError(f"recipient is the envelope recipient as a string, not {type(recipient).__name__}")
        route = _kind(normalize(recipient), account)
        return Routed(None, _UNKNOWN) if route is None else Routed(route, _BY_ENVELOPE)
    for source in _SOURCES:
        routes: set[Route] = set()
        evidence: list[Evidence] = []
        for name in source.names:
            if message.index.first(name.encode()) is None:
                continue
            named = {_kind(normalize(a.email), account) for a in _addresses(message, name) if a.email is not None}
            named.discard(None)
            if named:
                routes.update(route for route in named if route is not None)
                evidence += message.evidence(name)
        if routes:
            return _routed(routes, source.code, tuple(evidence))
    found = _received_for(message.index)
    if found is not None:
        route = _kind(normalize(found[0]), account)
        if route is not None:
            return _routed({route}, Code.ROUTE_RECEIVED, (Evidence(where="header", field="received", span=found[1]),))
    return Routed(None, Reason(Code.REFUSE_ROUTE_NONE))


def _addresses(message: Message, name: str) -> tuple[EmailAddress, ...]:
    # To, Cc and Bcc are kept by the message, since the plan needs them too.
    match name:
        case "to":
            return message.to
        case "cc":
            return message.cc
        case "bcc":
            return message.bcc
        case _:
            return message.addresses(name)


def _kind(normal: NormalEmail | None, account: Account) -> Route | None:
    if normal is None:
        return None
    if normal in account.bcc_addresses:
        return Route.BCC
    return Route.FORWARDING if normal in account.forwarding_addresses else None


def _routed(routes: set[Route], code: Code, evidence: tuple[Evidence, ...]) -> Routed:
    if len(routes) > 1:
        return Routed(None, Reason(Code.REFUSE_ROUTE_BOTH, None, evidence))
    return Routed(routes.pop(), Reason(code, None, evidence))


def _received_for(index: Index) -> tuple[str, ByteSpan] | None:
    """The address after `for` in the topmost Received field, which the caller's own server wrote. Lower ones came with
    the mail and prove nothing (T13); comments, where a client's HELO name is repeated, are passed over."""
    field = index.first(b"received")
    if field is None:
        return None
    words: list[bytes] = []
    depth = 0
    body = index.field_bytes(field).partition(b";")[0]
    for run in body.replace(b"(", b"\0(\0").replace(b")", b"\0)\0").split(b"\0"):
        if run == b"(":
            depth += 1
        elif run == b")":
            depth = max(depth - 1, 0)
        elif not depth:
            words += run.split()
    for at in range(len(words) - 2, -1, -1):
        if words[at].lower() == b"for":
            address = words[at + 1].strip(b"<>").decode("ascii", "replace")
            return address, ByteSpan(field[2], field[3])
    return None
