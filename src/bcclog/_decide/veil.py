"""What of a mail may be shown to a person: text without what acts on a screen, and nothing of whom a list keeps out.

A mail is hostile, so no character of it reaches a page or a terminal that does more than be seen (T82), and no line of
it is without end. R17: nothing of a person on Never Log is shown; a doubt never shows anybody.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from bcclog._decide.contacts import AT_SIGNS, listed_code
from bcclog._people.address import normalize
from bcclog._people.never_log import NeverLog
from bcclog.account import Directory
from bcclog.address import EmailAddress
from bcclog.codes import Code
from bcclog.forward import Forward, Original, Refused, Unwrapped
from bcclog.model import Plan
from bcclog.policy import Policy
from bcclog.reading import Reading

HIDDEN: Final = "(hidden: it names somebody on a Never Log list)"
_MOST_CHARS: Final = 2_000
"""Characters of one line or header field; more is cut, and the page says so."""
_MOST_NAMES: Final = 64
"""Names and addresses of listed people that every line is searched for; with more, no text is shown at all."""
LISTED: Final = frozenset((Code.CONTACT_SKIP_NEVER_LOG_ADDRESS, Code.CONTACT_SKIP_NEVER_LOG_DOMAIN))
"""Codes of those whom a list keeps out."""
MAILBOXES: Final = ("from", "sender", "reply-to", "to", "cc", "bcc", "resent-from", "resent-to", "resent-cc")
"""Fields that hold mailboxes."""


def clean(text: str) -> str:
    """Text of a mail on one line as it may be shown: what is not to be seen stands as its escape, such as \\x1b."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in _JOINERS else _shown(c) for c in text)


_JOINERS: Final = "\u200c\u200d"
"""They shape Persian and Indic words and emoji, and change nothing else."""
_SPACES: Final = "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"


def _shown(char: str) -> str:
    if char in _SPACES:
        return " "
    code = ord(char)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65_536 else f"\\U{code:08x}"


def cut(text: str) -> str:
    if len(text) <= _MOST_CHARS:
        return text
    return f"{text[:_MOST_CHARS]}… ({len(text) - _MOST_CHARS:,} more characters are not shown)"


# --- what nobody may see (R17) ----------------------------------------------------------------------------------------


class Veil:
    """Hides every line that holds an address on a list, or a name or address of a listed person of this mail.

    A word with an @ that is no address is taken for a listed one while there is a list: a doubt never shows anybody.
    """

    def __init__(
        self, lists: Sequence[NeverLog], policy: Policy, people: Iterable[EmailAddress] = (), *, is_closed: bool = False
    ) -> None:
        self._lists = tuple(one for one in lists if one.addresses or one.domains)
        self._policy = policy
        needles: dict[str, None] = {}
        for person in people:
            if person.email:
                needles[_flat(person.email)] = None
                needles[_flat(person.email.replace("@", "="))] = None  # as a bounce address holds it
            if person.name and person.name.strip():
                needles[_flat(person.name)] = None
        self.is_closed = is_closed or len(needles) > _MOST_NAMES
        self._needles = () if self.is_closed else tuple(needles)

    def covers(self, text: str) -> bool:
        """Whether the text must not be shown."""
        if self.is_closed:
            return True
        if self._needles:
            flat = f" {_flat(text)} "
            for needle in self._needles:
                if len(needle) > 3 or not needle.isascii():
                    if needle in flat:
                        return True
                elif needle in _WORDS.split(flat):
                    return True
        return bool(self._lists) and AT_SIGNS.search(text) is not None and self._holds_listed(AT_SIGNS.sub("@", text))

    def _holds_listed(self, text: str) -> bool:
        for word in _AROUND.split(_GAPS.sub(r"\1", text)):  # `kim @ customer . example`
            normal = normalize(_ODD.sub("", word).strip(".-")) if "@" in word else None
            if normal is not None and listed_code(normal, self._lists, self._policy) is not None:
                return True
        for run in _AROUND.split(text):
            if "@" not in run:
                continue
            for word in (run, *_WITHIN.split(run)):
                if "@" not in word:
                    continue
                bare = _ODD.sub("", word).strip(".-")
                local, _, domain = bare.rpartition("@")
                if not local and "." not in domain:
                    continue  # a mention, or a price
                normal = normalize(bare)
                if normal is None or listed_code(normal, self._lists, self._policy) is not None:
                    return True
        return False

    def is_listed(self, address: EmailAddress) -> bool:
        """Whether the mailbox is a listed person's, or shows one."""
        if address.email is None:
            return address.name is not None and self.covers(address.name)
        normal = normalize(address.email)
        if normal is not None and listed_code(normal, self._lists, self._policy) is not None:
            return True
        return self.covers(address.email) or (address.name is not None and self.covers(address.name))

    def one(self, text: str) -> str:
        """The text on one line, as it may be shown."""
        return HIDDEN if self.covers(text) else cut(clean(text))


_GAPS: Final = re.compile(r"\s{0,9}([@.])\s{0,9}")
_AROUND: Final = re.compile(r"[\s<>()\[\]\"',;:]+")
_WITHIN: Final = re.compile(r"[^\w.@+-]+")
_ODD: Final = re.compile(r"[^\w.@+=-]+")
_WORDS: Final = re.compile(r"\W+")


def _flat(text: str) -> str:
    return " ".join(text.split()).casefold()


def veil_of(reading: Reading, plan: Plan, directory: Directory | None) -> Veil:
    """Lists in force, blocking wide: the account's, and with a directory those of everybody who has the sender's
    address; and the people of this mail whom the plan or a list keeps out."""
    policy, account = reading.account.policy, reading.account
    lists = [account.never_log]
    sender = None if reading.sender is None or reading.sender.email is None else normalize(reading.sender.email)
    if directory is not None and sender is not None:
        lists += (holding.never_log for holding in directory.holdings(sender))
    kept_out = [
        person.address for person, action in zip(reading.people, plan.contacts, strict=False) if action.code in LISTED
    ]
    if reading.sender is not None and plan.sender is None:
        kept_out.append(reading.sender)
    message = reading.message
    named = [mailbox for name in MAILBOXES for mailbox in message.addresses(name)]
    named += (person.address for person in reading.people)
    named += (mailbox for original in _originals(reading.forwarded) for mailbox in _mailboxes(original))
    for address in named:
        normal = None if address.email is None else normalize(address.email)
        if normal is not None and listed_code(normal, lists, policy) is not None:
            kept_out.append(address)
    return Veil(lists, policy, kept_out)


def _originals(found: Unwrapped | None) -> tuple[Original, ...]:
    if isinstance(found, Forward):
        return (found.original, *found.chain, *found.others)
    return found.candidates if isinstance(found, Refused) else ()


def _mailboxes(original: Original) -> Iterator[EmailAddress]:
    if original.from_ is not None:
        yield original.from_
    if original.sender is not None:
        yield original.sender
    yield from (*original.to, *original.cc, *original.reply_to)
