"""What an account wants: every option and every limit as one frozen value, and the dated presets.

A preset is data. No room asks which preset it has; each asks for the one option that concerns it. A preset's meaning
never changes once released: a newer reading of the rules is a new preset.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import Any, Final, NoReturn

from attrs import evolve, field, fields, frozen


class PolicyError(ValueError):
    """A policy, an account or a list that the programmer built wrongly; the message says what was expected."""


def _positive(_: object, attribute: object, value: int) -> None:
    name = getattr(attribute, "name", "value")
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise PolicyError(f"Limits.{name} must be a whole number above 0, not {value!r}")


@frozen(kw_only=True)
class Limits:
    """How much of a mail is read. Past a limit the mail is still answered, with the code named here.

    A cap never changes *who*: where one stops the reading before all identity fields or all blocks were seen, the
    mail is refused and never decided on the part that was read (docs/limits.md).
    """

    max_message_bytes: int = field(default=160 * 2**20, validator=_positive)
    """A whole message; `refuse.limit.message`. Above any mail server's limit for attachments of 50 MB in base64."""
    max_header_bytes: int = field(default=2**20, validator=_positive)
    """The header of one entity (T12); `refuse.limit.header` for the message, `part.opaque.header` for a part."""
    max_field_bytes: int = field(default=256 * 2**10, validator=_positive)
    """One header field with its folds (T12); codes as above."""
    max_fields: int = field(default=2_000, validator=_positive)
    """Header fields of one entity (T12); codes as above."""
    max_received: int = field(default=100, validator=_positive)
    """Received fields before a mail counts as looping (T13); `refuse.loop`."""
    max_depth: int = field(default=64, validator=_positive)
    """Nesting of MIME parts (T68); `part.opaque.depth`."""
    max_parts: int = field(default=2_000, validator=_positive)
    """MIME parts in all (T68); `part.opaque.count`."""
    max_nested_messages: int = field(default=8, validator=_positive)
    """message/rfc822 inside message/rfc822 (T66); `refuse.forward.depth` for a forward that lies deeper."""
    max_parameters: int = field(default=100, validator=_positive)
    """Parameters of one MIME field (T70); further ones are dropped with `warn.param`."""
    max_addresses: int = field(default=2_000, validator=_positive)
    """Addresses read from one message (T28); `refuse.limit.addresses`."""
    max_new_contacts: int = field(default=50, validator=_positive)
    """New contacts planned for one mail (T28); past it none is created, `contact.skip.cap`."""
    max_comment_depth: int = field(default=32, validator=_positive)
    """Nesting of comments in a structured field (T17); the field is unreadable past it."""
    max_encoded_words: int = field(default=1_000, validator=_positive)
    """Encoded words in one field (the standard library is quadratic here); past it none is decoded: a subject is given
    as written with `warn.header.malformed`, a field of addresses is unreadable with `warn.address.unreadable`."""
    max_content_chars: int = field(default=8 * 2**20, validator=_positive)
    """Decoded text, or HTML, that is examined (T60); `refuse.limit.content`."""
    max_lines: int = field(default=2**17, validator=_positive)
    """Lines of a text, or of an HTML part, that are told apart, at some 170 bytes of memory each (T62);
    `refuse.limit.content`. A text of 8 Mi characters has so many if they are of 64 characters."""
    max_line_chars: int = field(default=8 * 2**10, validator=_positive)
    """A line that may belong to a header block (T62); only recipients stand on a longer one, `warn.long_line`."""
    max_quote_depth: int = field(default=64, validator=_positive)
    """Levels of `>` that are told apart (T62); `warn.limit.quote_depth`."""
    max_blocks: int = field(default=32, validator=_positive)
    """Header blocks in one text, chains included (T56); `refuse.forward.chain`."""
    max_field_lines: int = field(default=2**13, validator=_positive)
    """Lines of a text, or of HTML, that begin like a field of a header block, and up to 120 below one: all to an empty
    line and ten behind it, then those with an address (T56); `refuse.limit.content`. The most blocks that are read have
    some 200 fields."""
    max_html_depth: int = field(default=512, validator=_positive)
    """Nesting of HTML elements (T60); deeper ones are flattened with `warn.limit.html_nesting`."""


DEFAULT_LIMITS: Final = Limits()
"""The limits of every preset."""


class _Choice(StrEnum):
    """An option of a few words; `PolicyError` names them for any other."""

    @classmethod
    def _missing_(cls, value: object) -> NoReturn:
        raise PolicyError(f"{cls.__name__} is one of {', '.join(cls)}, not {value!r}")


class Chain(_Choice):
    """R8: what a forward of a forward becomes."""

    REFUSE = "refuse"
    OUTERMOST = "outermost"


class SizeScope(_Choice):
    """R18: what the attachment limit is compared with, in decoded bytes."""

    FILE = "file"
    TOTAL = "total"


class Company(_Choice):
    """R5: which company of a contact is linked."""

    ASSOCIATED = "associated"
    PRIMARY = "primary"


class Handling(_Choice):
    """R28: what becomes of an address, or of a mail, that is not of a person."""

    SKIP = "skip"
    """Neither created nor logged; a mail of the class is refused."""
    LOG = "log"
    """Logged where a contact exists, never created."""
    CREATE = "create"
    """Treated like anybody else."""


@frozen(kw_only=True)
class TrustGrant:
    """R27: what a sender with one trust verdict may do."""

    log: bool = True
    create: bool = True
    attribute: bool = True

    def __attrs_post_init__(self) -> None:
        _check_types(self)


_TRUST_VERDICTS: Final = ("aligned", "unaligned", "absent")


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_set(value: object) -> bool:
    return isinstance(value, frozenset) and all(isinstance(entry, str) for entry in value)


# A wrong type is the programmer's mistake, which is said when the value is made and not at the first mail it meets.
_TYPES: Final[Mapping[Any, tuple[Callable[[object], bool], str]]] = {
    bool: (lambda value: isinstance(value, bool), "true or false"),
    int: (_is_count, "a whole number, 0 or more"),
    int | None: (lambda value: value is None or _is_count(value), "a whole number, 0 or more, or None"),
    str: (lambda value: isinstance(value, str), "a string"),
    frozenset[str]: (_is_set, "a list of strings"),
    frozenset[str] | None: (lambda value: value is None or _is_set(value), "a list of strings, or None"),
    Limits: (lambda value: isinstance(value, Limits), "a bcclog.Limits"),
}


def _check_types(options: "Policy | TrustGrant") -> None:
    for option in fields(type(options)):
        check, expected = _TYPES.get(option.type, (None, ""))
        value = getattr(options, option.name)
        if check is not None and not check(value):
            raise PolicyError(f"{type(options).__name__}.{option.name} must be {expected}, not {value!r}")


def _set(values: Any) -> Any:
    """A list as a set; a single string is not taken for a list of letters."""
    return frozenset(values) if isinstance(values, Iterable) and not isinstance(values, str) else values


@frozen(kw_only=True)
class Policy:
    """Every choice that the rules leave open. Change one with `attrs.evolve(HUBSPOT_2023_09, chain="outermost")`."""

    name: str = "custom"
    """Shown in plans, so that a stored plan says by which policy it was made."""
    limits: Limits = DEFAULT_LIMITS
    """How much of a mail is read."""

    # --- forwarding route
    chain: Chain = field(default=Chain.REFUSE, converter=Chain)
    """R8: a forward of a forward is refused, or its outermost message is logged and the rest reported."""
    require_both_parts: bool = True
    """R9: a forward must hold both an HTML and a plain-text part."""
    accept_structural: bool = False
    """R10: a block in an unknown language counts when its values can be read."""
    accept_attribution: bool = False
    """R7: an attribution line in place of a header block counts as one."""
    clients: frozenset[str] | None = field(default=None, converter=_set)
    """R10, R13: ids of the clients accepted; None for every client of the catalogue."""
    locales: frozenset[str] | None = field(default=None, converter=_set)
    """R10: BCP 47 tags of the languages accepted, `de` for `de-AT` too; None for every language of the catalogue."""
    log_copied: bool = False
    """R11: an existing contact copied on the forwarded message gets the log too. Nobody copied is ever created."""
    own_author_is_outgoing: bool = True
    """R14: a forward of a mail that an own user wrote is logged on its recipients; otherwise nobody is left."""

    # --- people
    never_log_subdomains: bool = True
    """R16: a listed domain covers its subdomains."""
    never_log_plus_tags: bool = True
    """T37: `kim@` on a list covers `kim+tag@`."""
    never_log_gmail_dots: bool = True
    """T38: dots do not matter in gmail.com and googlemail.com, which are one domain."""
    users: Handling = field(default=Handling.SKIP, converter=Handling)
    """R28: users of the account, by any of their addresses."""
    own_domains: Handling = field(default=Handling.SKIP, converter=Handling)
    """R28: addresses of the account's own domains that are no user's."""
    role_addresses: Handling = field(default=Handling.LOG, converter=Handling)
    """R28: postmaster@, info@ and the like: logged where somebody made a contact of it, never created."""
    no_reply_addresses: Handling = field(default=Handling.SKIP, converter=Handling)
    """R28: no-reply, bounce and VERP addresses."""
    list_addresses: Handling = field(default=Handling.SKIP, converter=Handling)
    """R28: the posting address of a mailing list."""
    bounces: Handling = field(default=Handling.SKIP, converter=Handling)
    """R28: bounces and delivery reports."""
    auto_replies: Handling = field(default=Handling.SKIP, converter=Handling)
    """R28: out-of-office and other automatic replies."""
    lists: Handling = field(default=Handling.SKIP, converter=Handling)
    """R28: mail that came through a mailing list."""
    calendar: Handling = field(default=Handling.LOG, converter=Handling)
    """R28: invitations and answers to them."""

    # --- trust and attribution
    trust: Mapping[str, TrustGrant] = field(
        factory=lambda: MappingProxyType({verdict: TrustGrant() for verdict in _TRUST_VERDICTS})
    )
    """R27: by verdict (`aligned`, `unaligned`, `absent`) what the sender may do."""
    arc_sealers: frozenset[str] = field(default=frozenset(), converter=_set)
    """R27, T48: domains whose ARC seal counts as aligned when the own server says `arc=pass`."""
    aligned_subdomains: bool = True
    """T46: SPF or DKIM for a true subdomain of the From domain, or the reverse, counts as aligned."""
    unknown_sender_may_log: bool = True
    """R25: a mail from nobody's address is logged on contacts that exist."""
    unknown_sender_may_create: bool = False
    """R25, T29: a mail from nobody's address may create contacts."""
    credit_deactivated: bool = False
    """R25: deactivated users are credited like others; otherwise they are passed over."""

    # --- associations, sizes, notices
    company: Company = field(default=Company.ASSOCIATED, converter=Company)
    """R5: which company of the contact is linked."""
    max_open_deals: int = 5
    """R5: how many of the most recent open deals are linked."""
    max_attachment_bytes: int = 50 * 10**6
    """R18: decoded bytes; larger attachments are left out. 50 MB as vendors count, 50,000,000 bytes."""
    attachment_scope: SizeScope = field(default=SizeScope.FILE, converter=SizeScope)
    """R18: the limit holds for each file, or for all together in the order of the mail."""
    max_content_bytes: int | None = None
    """R18 (2025-12): text and HTML together in decoded bytes; a mail with more is refused."""
    notify_refused: bool = True
    """R12: the sender is told why a mail was not logged. Only known senders of ordinary mail are (T50)."""

    def __attrs_post_init__(self) -> None:
        _check_types(self)
        if not isinstance(self.trust, Mapping) or set(self.trust) != set(_TRUST_VERDICTS):
            given = ", ".join(map(str, self.trust)) if isinstance(self.trust, Mapping) else repr(self.trust)
            raise PolicyError(f"Policy.trust needs exactly the keys {', '.join(_TRUST_VERDICTS)}, not {given}")
        if not all(isinstance(grant, TrustGrant) for grant in self.trust.values()):
            raise PolicyError(f"each value of Policy.trust must be a bcclog.TrustGrant, not {dict(self.trust)!r}")
        if not isinstance(self.trust, MappingProxyType):
            object.__setattr__(self, "trust", MappingProxyType(dict(self.trust)))

    def __reduce__(self) -> tuple[object, ...]:
        # A read-only mapping cannot be pickled, and a policy goes to the workers of an archive.
        values = {f.name: getattr(self, f.name) for f in fields(type(self))}
        return partial(Policy, **{**values, "trust": dict(self.trust)}), ()


HUBSPOT_2023_09: Final = Policy(name="HUBSPOT_2023_09")
"""The help article of 19 September 2023; the default."""
HUBSPOT_2025_12: Final = evolve(
    HUBSPOT_2023_09, name="HUBSPOT_2025_12", company=Company.PRIMARY, max_content_bytes=2 * 10**6
)
"""The article's state of December 2025: primary company (R5), content of at most 2 MB (R18)."""
PERMISSIVE: Final = evolve(
    HUBSPOT_2023_09,
    name="PERMISSIVE",
    chain=Chain.OUTERMOST,
    require_both_parts=False,
    accept_structural=True,
    accept_attribution=True,
)
"""Without the restrictions that exist only because a parser is weak (R8, R9, the language list)."""

PRESETS: Final[Mapping[str, Policy]] = MappingProxyType(
    {preset.name: preset for preset in (HUBSPOT_2023_09, HUBSPOT_2025_12, PERMISSIVE)}
)
"""The dated presets by name."""


def preset(name: str) -> Policy:
    """The preset of that name; `PolicyError` names the known ones."""
    try:
        return PRESETS[name]
    except KeyError:
        raise PolicyError(f"unknown policy {name!r}; known are {', '.join(PRESETS)}") from None


def differences(old: Policy, new: Policy) -> dict[str, tuple[object, object]]:
    """The options in which two policies differ: option -> (old value, new value). For the docs and `bcclog diff`."""
    return {
        f.name: (getattr(old, f.name), getattr(new, f.name))
        for f in fields(Policy)
        if getattr(old, f.name) != getattr(new, f.name)
    }
