"""What is not a person and what is not ordinary mail (R2, R28, T31, T32, T50, T51).

Two kinds of question. Of an address: a machine's, a shared role's, another CRM's drop address? Of the outer message: a
bounce, an automatic reply, a list's mail, a calendar message? Fields of messages inside never count (T49).

The classes of a mail are a table of rows (class, refusal, test, policy option), and a mail is of every class whose test
it meets. Where the option says `skip`, the first such class refuses the mail.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final, NamedTuple

from bcclog._files import read_json
from bcclog._mime.scan import Index
from bcclog.account import Account
from bcclog.codes import Code
from bcclog.policy import Handling, Policy

# --- addresses --------------------------------------------------------------------------------------------------


class _Known(NamedTuple):
    """The data files, as sets. drops: domain -> (covers itself, covers what is below it); openings: what the names of
    `no_reply` begin with, so that most local parts are known by their first letters to be none."""

    roles: frozenset[str]
    no_reply: frozenset[str]
    openings: frozenset[str]
    bounce: frozenset[str]
    drops: Mapping[str, tuple[bool, bool]]


@cache
def _known() -> _Known:
    """Read once, on first use; some 5 kB."""
    roles = read_json("roles.json")
    drops = read_json("drops.json")
    no_reply = frozenset(roles["no_reply"])
    return _Known(
        roles=frozenset(name for names in roles["roles"].values() for name in names),
        no_reply=no_reply,
        openings=frozenset(name[:end] for name in no_reply for end in range(1, len(name) + 1)),
        bounce=frozenset(roles["bounce"]),
        drops=MappingProxyType(
            {
                row["domain"]: (row["covers"] in ("domain", "both"), row["covers"] in ("subdomains", "both"))
                for row in drops["drops"]
            }
        ),
    )


def is_role(local: str) -> bool:
    """Whether the local part, without a +tag, is that of a role as a whole: `info`, not `info-kim` (T32)."""
    return local.partition("+")[0] in _known().roles


def is_no_reply(local: str) -> bool:
    """Whether the local part belongs to a machine: no-reply, mailer-daemon, bounce-123, VERP (T32).

    local: normalised. Whole tokens between `.`, `-` and `_` are compared, so `norepl` and `anoreplyson` are people.
    """
    known = _known()
    base, _, tag = local.partition("+")
    tokens = base.replace("-", ".").replace("_", ".").split(".")
    if len(tokens) == 1 and base not in known.bounce:
        return base in known.no_reply
    for first, token in enumerate(tokens[:8]):
        if token not in known.openings:
            continue
        joined = ""
        for token in tokens[first : first + 4]:
            joined += token
            if joined in known.no_reply:
                return True
            if joined not in known.openings:
                break
    if tokens[0] not in known.bounce:
        return False
    # `bounce` alone, or before what a machine writes: a number, an encoded address (VERP). `bounce.house` is a name.
    rest = base[len(tokens[0]) :] + tag
    return not rest or any(char.isdigit() or char == "=" for char in rest)


def suffixes(domain: str) -> tuple[str, ...]:
    """The domain and every domain above it, by whole labels, without the top-level one; at most 126."""
    above = domain.partition(".")[2]
    if "." not in above:
        return (domain,)
    found = [domain]
    while "." in above:
        found.append(above)
        above = above.partition(".")[2]
    return tuple(found)


def is_other_drop(domains: tuple[str, ...]) -> bool:
    """Whether the domain takes copies for a CRM (R2), by whole labels: `bcc.hubspot.com.x.example` does not (T31).

    domains: as `suffixes` gives them.
    """
    drops = _known().drops
    if drops.keys().isdisjoint(domains):
        return False
    for place, domain in enumerate(domains):
        covers = drops.get(domain)
        if covers is not None and covers[place > 0]:
            return True
    return False


# --- messages ---------------------------------------------------------------------------------------------------


class Head(NamedTuple):
    """The outer message's header as the tests below ask it. from_local: local part of the sender, normalised; types:
    the media types of all parts."""

    message: Index
    names: frozenset[bytes]
    from_local: str
    types: frozenset[str]

    def word(self, name: bytes) -> bytes:
        """The first word of a field's body in lower case; empty without the field."""
        if name not in self.names:
            return b""
        return self.message.header.first_body(name).partition(b";")[0].partition(b" ")[0].lower()


_AUTO_FIELDS: Final = frozenset((b"x-autoreply", b"x-autorespond", b"x-autoresponse", b"x-auto-reply", b"x-loop"))
_LIST_FIELDS: Final = frozenset((b"list-id", b"list-post", b"mailing-list"))


def _is_auto_reply(head: Head) -> bool:
    # RFC 3834 section 5: anything but `no` is automatic, `auto-generated` too.
    if head.word(b"auto-submitted") not in (b"", b"no"):
        return True
    if b"x-auto-response-suppress" in head.names:
        # Exchange sets single kinds (`DR`, `RN`) on ordinary mail; a machine asks for no automatic answer at all.
        wanted = head.message.header.first_body(b"x-auto-response-suppress").lower().replace(b" ", b"").split(b",")
        if b"all" in wanted or b"autoreply" in wanted:
            return True
    if head.word(b"precedence") in (b"auto_reply", b"bulk", b"junk") and not _is_list(head):
        return True
    return not _AUTO_FIELDS.isdisjoint(head.names)


def _is_bounce(head: Head) -> bool:
    if head.from_local in _DAEMONS or not _REPORTS.isdisjoint(head.types) or not _BOUNCE_FIELDS.isdisjoint(head.names):
        return True
    # A report without parts is read as text, with a note, and is a report all the same.
    if head.message.notes and head.word(b"content-type") == b"multipart/report":
        return True
    # Domino and old Exchange sign as their postmaster, and are known by the return path alone. Automatic replies leave
    # with an empty one as well (RFC 3834 section 3.3).
    field = head.message.header.first(b"return-path")
    if field is None or not _DAEMONS_PATH.match(head.message.raw, field[2], field[3]):
        return False
    return not _is_auto_reply(head)


_DAEMONS_PATH: Final = re.compile(rb"[ \t\r\n]*+<[ \t]*+(?:mailer-daemon(?:@[^<>\r\n]*+)?+)?+>", re.IGNORECASE)
_REPORTS: Final = frozenset(("multipart/report", "message/delivery-status"))
"""A list or a gateway may put a report into a multipart of its own. One inside an attached message is not seen here."""
_BOUNCE_FIELDS: Final = frozenset((b"x-failed-recipients", b"x-dsncontext", b"x-ms-embedded-report"))
"""Of Exim, Microsoft's SMTP service and old Exchange, whose bounces are of any form."""
_DAEMONS: Final = frozenset(("mailer-daemon", "mailerdaemon"))


def _is_list(head: Head) -> bool:
    # List-Unsubscribe alone stands on mail that one person's sales tool sends to another: it makes no list.
    return not _LIST_FIELDS.isdisjoint(head.names) or head.word(b"precedence") == b"list"


def _is_calendar(head: Head) -> bool:
    # RFC 6047: the invitation is a body part. One attached by hand (a booking that somebody forwards) is a file.
    return _CALENDAR in head.types and any(
        part.media_type == _CALENDAR and part.disposition != "attachment" for part in head.message.parts
    )


_CALENDAR: Final = "text/calendar"


class _Class(NamedTuple):
    """One class of mail. option: names the Policy field that says how it is handled."""

    code: Code
    refusal: Code
    test: Callable[[Head], bool]
    option: str


CLASSES: Final = (
    _Class(Code.CLASS_BOUNCE, Code.REFUSE_NOT_PERSON_BOUNCE, _is_bounce, "bounces"),
    _Class(Code.CLASS_AUTO_REPLY, Code.REFUSE_NOT_PERSON_AUTO_REPLY, _is_auto_reply, "auto_replies"),
    _Class(Code.CLASS_LIST, Code.REFUSE_NOT_PERSON_LIST, _is_list, "lists"),
    _Class(Code.CLASS_CALENDAR, Code.REFUSE_NOT_PERSON_CALENDAR, _is_calendar, "calendar"),
)
AUTOMATIC: Final = frozenset((Code.CLASS_BOUNCE, Code.CLASS_AUTO_REPLY, Code.CLASS_LIST))
"""Classes whose sender never gets a notice (T50)."""


def classify(message: Index, from_local: str) -> tuple[Code, ...]:
    """The classes of a mail, `class.*`, in the order of the table. from_local: of the sender's normalised address."""
    head = Head(message, message.header.names, from_local, frozenset([part.media_type for part in message.parts]))
    return tuple([row.code for row in CLASSES if row.test(head)])


def class_refusal(classes: tuple[Code, ...], policy: Policy) -> Code | None:
    """The refusal of the first class that the policy skips; None where the mail may go on."""
    for row in CLASSES:
        if row.code in classes and getattr(policy, row.option) is Handling.SKIP:
            return row.refusal
    return None


def may_create_of(classes: tuple[Code, ...], policy: Policy) -> bool:
    """Whether the policy lets mail of these classes create contacts."""
    return all(getattr(policy, row.option) is Handling.CREATE for row in CLASSES if row.code in classes)


def is_loop(message: Index, account: Account) -> bool:
    """T13, T50: bcclog's own notice came back, or the mail has passed more servers than any honest one."""
    header = message.header
    return b"x-bcclog-notice" in header.names or header.count(b"received") > account.policy.limits.max_received
