"""What would change a decision: the policy's options that bear on it and, for a refused mail, each of them tried.

An option is named for a refusal only where the mail, read and decided again with it, comes to something else. So nobody
changes a policy in vain, and who changes it knows what for (R12). First of all it is looked whether a mail was given.
"""

from collections.abc import Iterable
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Final

from attrs import evolve

from bcclog._decide.decide import decide
from bcclog._decide.read import read
from bcclog.account import Account, Directory
from bcclog.codes import Code, Severity
from bcclog.model import Outcome, Plan, Route
from bcclog.policy import Chain, Handling, Policy
from bcclog.reading import Reading

_BOTH_PARTS: Final = ("require_both_parts",)
OPTIONS: Final = MappingProxyType(
    {
        Code.REFUSE_FORWARD_CHAIN: ("chain",),
        Code.REFUSE_FORWARD_HTML_MISSING: _BOTH_PARTS,
        Code.REFUSE_FORWARD_TEXT_MISSING: _BOTH_PARTS,
        Code.REFUSE_FORWARD_ONE_PART: _BOTH_PARTS,
        Code.REFUSE_FORWARD_NO_HEADER_BLOCK: ("accept_attribution",),
        Code.REFUSE_FORWARD_LANGUAGE: ("accept_structural", "locales"),
        Code.REFUSE_FORWARD_CLIENT: ("clients",),
        Code.REFUSE_SIZE_CONTENT: ("max_content_bytes",),
        Code.REFUSE_FORWARD_DEPTH: ("limits.max_nested_messages",),
        Code.REFUSE_LIMIT_MESSAGE: ("limits.max_message_bytes",),
        Code.REFUSE_LIMIT_ADDRESSES: ("limits.max_addresses",),
        Code.REFUSE_LIMIT_CONTENT: ("limits.max_content_chars", "limits.max_lines", "limits.max_field_lines"),
        Code.REFUSE_TRUST: ("trust",),
        Code.REFUSE_NOT_PERSON_BOUNCE: ("bounces",),
        Code.REFUSE_NOT_PERSON_AUTO_REPLY: ("auto_replies",),
        Code.REFUSE_NOT_PERSON_LIST: ("lists",),
        Code.REFUSE_NOT_PERSON_CALENDAR: ("calendar",),
        Code.LOG_FORWARD_SENT: ("own_author_is_outgoing",),
        Code.CONTACT_SKIP_COPIED: ("log_copied",),
        Code.CONTACT_SKIP_USER: ("users",),
        Code.CONTACT_SKIP_OWN_DOMAIN: ("own_domains",),
        Code.CONTACT_SKIP_ROLE: ("role_addresses",),
        Code.CONTACT_SKIP_NO_REPLY: ("no_reply_addresses",),
        Code.CONTACT_SKIP_LIST: ("list_addresses",),
        Code.CONTACT_SKIP_UNATTRIBUTED: ("unknown_sender_may_create",),
        Code.CONTACT_SKIP_TRUST: ("trust",),
        Code.CONTACT_SKIP_CAP: ("limits.max_new_contacts",),
        Code.ATTRIBUTION_UNTRUSTED: ("trust",),
        Code.ATTRIBUTION_SKIP_DEACTIVATED: ("credit_deactivated",),
        Code.ASSOCIATION_COMPANY: ("company",),
        Code.ASSOCIATION_PRIMARY_COMPANY: ("company",),
        Code.ASSOCIATION_DEAL: ("max_open_deals",),
        Code.ATTACHMENT_DROP_SIZE: ("max_attachment_bytes",),
        Code.NOTICE_REFUSED: ("notify_refused",),
    }
)
"""Code -> the policy's options that bear on it."""

OTHERWISE: Final[MappingProxyType[str, Any]] = MappingProxyType(
    {
        "chain": Chain.OUTERMOST,
        "require_both_parts": False,
        "accept_attribution": True,
        "accept_structural": True,
        "locales": None,
        "clients": None,
        "max_content_bytes": None,
        "bounces": Handling.LOG,
        "auto_replies": Handling.LOG,
        "lists": Handling.LOG,
        "calendar": Handling.LOG,
    }
)
"""Option that can stop a mail -> the value with which it does not."""


_UTF_16: Final = "This is text in UTF-16, which an editor or a shell made of the mail: save the mail as it came."
_OTHER_KINDS: Final = MappingProxyType(
    {
        b"\xd0\xcf\x11\xe0": "This is an Outlook item (.msg) and not the mail as it was sent: save the mail as .eml in "
        "Outlook on the web or in new Outlook, or forward it to yourself as an attachment and save that.",
        b"%PDF-": "This is a PDF and not the mail as it was sent: save the mail itself as .eml.",
        b"PK\x03\x04": "This is a zip archive: take the mails out of it.",
        b"\xff\xfe": _UTF_16,
        b"\xfe\xff": _UTF_16,
    }
)
"""First bytes -> what people have in hand in place of a mail, and where they get the mail."""


def not_as_sent(raw: bytes) -> str | None:
    """A word for whoever took a file for a mail that it is not; None for any other bytes."""
    return next((told for start, told in _OTHER_KINDS.items() if raw.startswith(start)), None)


def changes(code: Code, policy: Policy | None) -> tuple[str, ...]:
    """What would change a decision: what the sender can do, and the policy's options with their values of now."""
    return (*_action(code), *(f"{_may_change(name)}{_now(name, policy)}." for name in OPTIONS.get(code, ())))


def changes_tried(reading: Reading, plan: Plan, directory: Directory | None) -> tuple[str, ...]:
    """The same for the code that decided a plan. Of its options those that would change it, with what would come out.

    Without a directory it is only said that the mail would no longer be refused for this.
    """
    policy = reading.account.policy
    if plan.outcome is not Outcome.REFUSE:
        return changes(plan.code, policy)
    told = list(_action(plan.code))
    for name in OPTIONS.get(plan.code, ()):
        if name not in OTHERWISE or reading.route is None:  # before the route is known, nothing can be tried
            told.append(f"{_may_change(name)}{_now(name, policy)}.")
        elif getattr(policy, name) != OTHERWISE[name]:
            code = _tried(reading, evolve(policy, **{name: OTHERWISE[name]}), directory)
            if code is not plan.code:
                told.append(
                    f"{_may_change(name)} from {_value(getattr(policy, name))} to {_value(OTHERWISE[name])}: "
                    f"{_then(code)}"
                )
    return tuple(told)


def _tried(reading: Reading, policy: Policy, directory: Directory | None) -> Code | None:
    """The code that decides the mail under another policy; None where no refusal stands before anybody is looked up."""
    account = evolve(reading.account, policy=policy)
    again = read(reading.message, account=account, recipient=_any_address(reading.route, account))
    return again.refusal if directory is None else decide(again, directory=directory).code


def _any_address(route: Route | None, account: Account) -> str:
    """A drop address of the route: which of them it was makes no difference."""
    return min(account.bcc_addresses if route is Route.BCC else account.forwarding_addresses)


def _then(code: Code | None) -> str:
    if code is None:
        return "the mail is then not refused for this."
    if code.severity is Severity.REFUSE:
        return f"the mail is then refused for another reason. {code.sentence}"
    return "the mail is then logged."


def _action(code: Code) -> Iterable[str]:
    return (code.action,) if code.action else ()


def _may_change(name: str) -> str:
    return f"An administrator can change the policy option {name}"


def _now(name: str, policy: Policy | None) -> str:
    return "" if policy is None else f", now {_value(attrgetter(name)(policy))}"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "not set"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, frozenset):
        return ", ".join(sorted(value))
    return str(value) if isinstance(value, str) else "set by the account"
