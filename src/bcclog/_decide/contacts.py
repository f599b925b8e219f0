"""Create, link or skip each person of a mail (R2-R6, R11, R16, R17, R28, T23, T28, T42).

Everybody passes one gate, whatever door he came through: visible recipient, Bcc, author of a forward, copied on one.
The gate is a table of tests in order, and the first that speaks decides. Never Log stands above all that looks a
person up or could let him in, so nothing behind it knows a listed person. Blocking matches wide (tags, subdomains,
imitations); contacts are looked up by the exact normal form alone.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from bcclog._decide.classify import is_no_reply, is_other_drop, is_role, suffixes
from bcclog._people.address import normalize, routed, skeleton, widen
from bcclog._people.never_log import NeverLog
from bcclog.account import Account, Contact, Directory, Holding
from bcclog.address import EmailAddress, NormalEmail
from bcclog.codes import Code
from bcclog.model import Association, ContactAction, ContactActionKind, Evidence, Later
from bcclog.policy import Company, Handling, Policy
from bcclog.reading import NO_EVIDENCE, Person, Role


class Circumstances(NamedTuple):
    """What holds for all people of one mail.

    sender: normal form of the outer From; is_known: whether a user is credited; never_log: the lists in force that list
    anybody, the account's and those of the credited user or of all candidates (R16). list_addresses: normal forms of
    the mailing lists the mail came through. may_log, may_create: None, or the code of what took the permission away:
    attribution, trust or the mail's class.
    """

    account: Account
    directory: Directory
    sender: NormalEmail | None
    is_known: bool
    never_log: tuple[NeverLog, ...]
    list_addresses: frozenset[NormalEmail]
    may_log: Code | None
    may_create: Code | None


class Decided(NamedTuple):
    """One person decided. contact: where one exists and is linked."""

    person: Person
    action: ContactAction
    contact: Contact | None


def people(
    groups: Iterable[tuple[Role, Iterable[EmailAddress], Later[tuple[Evidence, ...]]]],
) -> tuple[Person, ...]:
    """Everybody once, by normal form, in the order given: first role and address, and the first name that is one."""
    found: dict[str | tuple[str | None, str | None], Person] = {}
    for role, addresses, evidence in groups:
        for address in addresses:
            email = address.email
            normal = None if email is None else normalize(email)
            # Unusable addresses and people without one are told apart by what is written.
            key = normal or ((None, address.name) if email is None else (email, None))
            known = found.get(key)
            if known is None:
                found[key] = Person(role, address, normal, email is not None, evidence)
            elif address.name and not known.address.name:
                found[key] = known._replace(address=EmailAddress(address.name, known.address.email))
    return tuple(found.values())


def without_tag(normal: NormalEmail) -> NormalEmail:
    """The address without a +tag; itself where it has none. For blocking only."""
    return widen(normal, plus_tags=True, gmail_dots=False) if "+" in normal else normal


@lru_cache(maxsize=256)
def _shapes_of(domains: frozenset[str]) -> frozenset[str]:
    # The keys are an account's settings and never of a mail; 256 sets of domains, some 100 bytes a domain.
    return frozenset(map(skeleton, domains))


def _shapes(c: Circumstances) -> tuple[frozenset[str], ...]:
    """T23: what the domains look like that nobody may imitate: the own, the listed, that of the credited user."""
    found = [c.account.domains, *(listed.domains for listed in c.never_log)]
    if c.is_known and c.sender is not None:
        found.append(frozenset((c.sender.rpartition("@")[2],)))
    return tuple([_shapes_of(domains) for domains in found if domains])


# --- the gates --------------------------------------------------------------------------------------------------


def is_drop(normal: NormalEmail, account: Account) -> bool:
    """Whether the address is a drop address of the account, with any +tag, or of its drop domains (R2, T29)."""
    domain = normal.rpartition("@")[2]
    if domain in account.drop_hosts:
        bare = without_tag(normal)
        drops = (account.bcc_addresses, account.forwarding_addresses)
        if any(normal in addresses or bare in addresses for addresses in drops):
            return True
    # Few accounts have drop domains; the others need not cut the domain up.
    return bool(account.drop_domains) and not account.drop_domains.isdisjoint(suffixes(domain))


def has_holdings(directory: Directory, normal: NormalEmail) -> bool:
    """Whether any user has the address, active or not."""
    found = directory.holdings(normal)
    return found != () and next(iter(found), None) is not None


class _Group(NamedTuple):
    """People of one role at one domain: most of what the gates ask has one answer for all of them. names: the domain
    and those above it; shapes: see `_shapes`."""

    role: Role
    domain: str
    names: tuple[str, ...]
    shapes: tuple[frozenset[str], ...]
    c: Circumstances


def _anybody(_: _Group) -> bool:
    return True


def _may_be_drop(group: _Group) -> bool:
    account = group.c.account
    return group.domain in account.drop_hosts or not account.drop_domains.isdisjoint(group.names)


def _is_other_drop(group: _Group) -> bool:
    return is_other_drop(group.names)


def _may_be_sender(group: _Group) -> bool:
    sender = group.c.sender
    return sender is not None and sender.endswith("@" + group.domain)


def _is_own_domain(group: _Group) -> bool:
    return not group.c.account.domains.isdisjoint(group.names)


def _is_lookalike(group: _Group) -> bool:
    """Whether the domain looks like a protected one without being one, or below one (T23)."""
    c, names = group.c, group.names
    if not group.shapes or _is_own_domain(group):
        return False
    seen = suffixes(skeleton(names[0]))
    if all(shapes.isdisjoint(seen) for shapes in group.shapes):
        return False
    # The real ones look like themselves, the sender's own among them.
    if _may_be_sender(group):
        return False
    return all(listed.domains.isdisjoint(names) for listed in c.never_log)


def _may_be_list(group: _Group) -> bool:
    return bool(group.c.list_addresses)


def _is_bcc_only(group: _Group) -> bool:
    return group.role is Role.BCC


def _is_copied(group: _Group) -> bool:
    return group.role is Role.COPIED and not group.c.account.policy.log_copied


def _is_drop(normal: NormalEmail, _: str, c: Circumstances) -> bool:
    return is_drop(normal, c.account)


def _is_sender(normal: NormalEmail, _: str, c: Circumstances) -> bool:
    return c.sender is not None and without_tag(normal) == without_tag(c.sender)


def _is_unknown_sender(normal: NormalEmail, local: str, c: Circumstances) -> bool:
    return _is_sender(normal, local, c) and not _is_user(normal, local, c)


def _is_user(normal: NormalEmail, local: str, c: Circumstances) -> bool:
    return has_holdings(c.directory, normal) or ("+" in local and has_holdings(c.directory, without_tag(normal)))


def _is_role(_: NormalEmail, local: str, __: Circumstances) -> bool:
    return is_role(local)


def _is_no_reply(_: NormalEmail, local: str, __: Circumstances) -> bool:
    return is_no_reply(local)


def _is_list_address(normal: NormalEmail, _: str, c: Circumstances) -> bool:
    return normal in c.list_addresses


class _Gate(NamedTuple):
    """One test, in two steps. concerns: whether it can stop anybody of a group, asked once for all of them; stops:
    asked of each by his address, its local part and the circumstances, None where the first answer was for everybody.
    option: the Policy field that says how such people are handled; None: always skipped."""

    code: Code
    concerns: Callable[[_Group], bool]
    stops: Callable[[NormalEmail, str, Circumstances], bool] | None = None
    option: str | None = None


_BEFORE_NEVER_LOG: Final = (
    _Gate(Code.CONTACT_SKIP_DROP_ADDRESS, _may_be_drop, _is_drop),  # R2
    _Gate(Code.CONTACT_SKIP_OTHER_DROP_ADDRESS, _is_other_drop),  # R2, T31
)
_AFTER_NEVER_LOG: Final = (
    _Gate(Code.CONTACT_SKIP_SENDER, _may_be_sender, _is_unknown_sender),
    _Gate(Code.CONTACT_SKIP_USER, _may_be_sender, _is_sender),
    _Gate(Code.CONTACT_SKIP_USER, _anybody, _is_user, "users"),
    _Gate(Code.CONTACT_SKIP_OWN_DOMAIN, _is_own_domain, None, "own_domains"),
    _Gate(Code.CONTACT_SKIP_LOOKALIKE, _is_lookalike),  # T23
    _Gate(Code.CONTACT_SKIP_ROLE, _anybody, _is_role, "role_addresses"),  # T32
    _Gate(Code.CONTACT_SKIP_NO_REPLY, _anybody, _is_no_reply, "no_reply_addresses"),  # T32
    _Gate(Code.CONTACT_SKIP_LIST, _may_be_list, _is_list_address, "list_addresses"),
    _Gate(Code.CONTACT_SKIP_BCC_ONLY, _is_bcc_only),  # R4
    _Gate(Code.CONTACT_SKIP_COPIED, _is_copied),  # R11
)
_LINK: Final = {
    Role.RECIPIENT: Code.CONTACT_LINK_RECIPIENT,
    Role.BCC: Code.CONTACT_LINK_RECIPIENT,
    Role.AUTHOR: Code.CONTACT_LINK_AUTHOR,
    Role.COPIED: Code.CONTACT_LINK_COPIED,
}


def decide_people(everybody: Iterable[Person], c: Circumstances) -> tuple[Decided, ...]:
    """One action for each person, in the order given.

    Nobody is created when more than `max_new_contacts` would be (T28). A person on Never Log leaves an entry without
    name and address, with a keyed digest if the account has a key (R17).
    """
    policy = c.account.policy
    gates = _Gates({}, _shapes(c))
    decided = []
    for person in everybody:
        if c.never_log:
            address = shown(person.address, c.never_log, policy)
            if address is not person.address:
                person = person._replace(address=address)
        decided.append(_decide(person, gates, c))
    created = [one for one in decided if one.action.action is ContactActionKind.CREATE]
    if len(created) > policy.limits.max_new_contacts:
        decided = [
            Decided(one.person, _skip(one.person, Code.CONTACT_SKIP_CAP), None)
            if one.action.action is ContactActionKind.CREATE
            else one
            for one in decided
        ]
    return tuple(decided)


class _Answers(NamedTuple):
    """A directory as it answered, for people who have no contact."""

    held: dict[NormalEmail, tuple[Holding, ...]]

    def holdings(self, email: NormalEmail) -> tuple[Holding, ...]:
        return self.held[email]

    def contact(self, _: NormalEmail) -> None:
        return None


def nobody_is_left(
    everybody: Iterable[Person], account: Account, directory: Directory, may_log: Code | None
) -> Directory | None:
    """Whether all are skipped whatever the gates say, where nobody may be created and no Never Log list is in force:
    nobody may be logged, or nobody has a contact. In an archive most mails end here.

    Then what is left to find out is why, of each, and that can wait: returned is the directory to ask for it, which
    holds what the real one says now. None where somebody may be left.
    """
    held: dict[NormalEmail, tuple[Holding, ...]] = {}
    for person in everybody:
        normal = person.normal
        if normal is None or is_drop(normal, account):
            continue
        if may_log is None and directory.contact(normal) is not None:
            return None
        held[normal] = tuple(directory.holdings(normal))
        if "+" in normal:
            bare = without_tag(normal)
            held[bare] = tuple(directory.holdings(bare))
    return _Answers(held)


class _Gates(NamedTuple):
    """found: role and domain -> the gates that concern them, before Never Log and after it; shapes: see `_shapes`."""

    found: dict[tuple[Role, str], tuple[list[_Gate], list[_Gate]]]
    shapes: tuple[frozenset[str], ...]


def _gates_for(
    role: Role, domain: str, shapes: tuple[frozenset[str], ...], c: Circumstances
) -> tuple[list[_Gate], list[_Gate]]:
    group = _Group(role, domain, suffixes(domain), shapes, c)
    return (
        [gate for gate in _BEFORE_NEVER_LOG if gate.concerns(group)],
        [gate for gate in _AFTER_NEVER_LOG if gate.concerns(group)],
    )


def _decide(person: Person, gates: _Gates, c: Circumstances) -> Decided:
    normal = person.normal
    if normal is None:
        code = Code.CONTACT_SKIP_ADDRESS_INVALID if person.has_address else Code.CONTACT_SKIP_NO_ADDRESS
        return Decided(person, _skip(person, code), None)
    local, _, domain = normal.rpartition("@")
    found = gates.found.get((person.role, domain))
    if found is None:
        found = gates.found[person.role, domain] = _gates_for(person.role, domain, gates.shapes, c)
    before, after = found
    policy = c.account.policy
    for code, _, stops, _ in before:
        if stops is None or stops(normal, local, c):
            return Decided(person, _skip(person, code), None)
    listed = listed_code(normal, c.never_log, policy) if c.never_log else None
    if listed is not None:
        return Decided(person._replace(evidence=NO_EVIDENCE), _hidden(normal, listed, c.account.digest_key), None)
    may_create = c.may_create
    for code, _, stops, option in after:
        if stops is None or stops(normal, local, c):
            handling = Handling.SKIP if option is None else getattr(policy, option)
            if handling is Handling.SKIP:
                return Decided(person, _skip(person, code), None)
            if handling is Handling.LOG:
                may_create = may_create or Code.CONTACT_SKIP_CREATE_OFF
    if c.may_log is not None:
        return Decided(person, _skip(person, c.may_log), None)
    contact = c.directory.contact(normal)
    if contact is not None:
        return Decided(person, _act(person, ContactActionKind.LINK, _LINK[person.role], contact.id), contact)
    if person.role is Role.COPIED:
        return Decided(person, _skip(person, Code.CONTACT_SKIP_COPIED), None)
    if may_create is not None:
        return Decided(person, _skip(person, may_create), None)
    code = Code.CONTACT_CREATE_AUTHOR if person.role is Role.AUTHOR else Code.CONTACT_CREATE_RECIPIENT
    return Decided(person, _act(person, ContactActionKind.CREATE, code, None), None)


def listed_code(normal: NormalEmail, lists: Iterable[NeverLog], policy: Policy) -> Code | None:
    """The code of the first Never Log list that has the address, or one that is written inside it (R16, T35, T42);
    None where none has."""
    left = [normal]
    while left:  # what is inside is shorter, and a local part has 64 characters at most
        address = left.pop()
        for listed in lists:
            code = listed.match(
                address,
                subdomains=policy.never_log_subdomains,
                plus_tags=policy.never_log_plus_tags,
                gmail_dots=policy.never_log_gmail_dots,
            )
            if code is not None:
                return code
        left += routed(address)
    return None


# What stands around an address in running text; what people and programs put inside one; and what ends one where
# nothing is inside: `kim@customer.example/x`, `to=kim@customer.example`.
_AROUND: Final = re.compile(r"[\s<>()\[\]\"',;:]+")
_INSIDE: Final = re.compile(r"[^\w.@+=-]+")
_END: Final = re.compile(r"[^\w.@+-]+")
AT_SIGNS: Final = re.compile("[@\uff20\ufe6b]|[%=]40")
"""What a reader takes for an @: of other widths, and as URLs and encoded words write it."""


def shown(address: EmailAddress, lists: tuple[NeverLog, ...], policy: Policy) -> EmailAddress:
    """The address as a plan may show it: without a text that holds a listed address in some dress (R17, T41).

    A display name that holds one is left out. So is an unusable address, unless what is left of it without quotes,
    blanks and invisible characters is an address that is not listed.
    """
    if not any(lists):
        return address
    name, email = address.name, address.email
    if email is not None and normalize(email) is None and _is_listed(email, lists, policy):
        return EmailAddress(None, None)
    if name is not None and _holds_listed(name, lists, policy):
        return EmailAddress(None, email)
    return address


def _holds_listed(text: str, lists: tuple[NeverLog, ...], policy: Policy) -> bool:
    """Whether a name holds a listed address; a word with an @ that is no address is taken for one."""
    text = AT_SIGNS.sub("@", text)
    return "@" in text and any("@" in word and _is_listed(word, lists, policy) for word in _AROUND.split(text))


def _is_listed(word: str, lists: tuple[NeverLog, ...], policy: Policy) -> bool:
    """Whether a word that is no clean address holds a listed one, or cannot be read as an address at all.

    It is read twice: what does not belong in an address can stand inside it, or end it.
    """
    bare = normalize(_INSIDE.sub("", word).strip(".-"))
    if bare is None or listed_code(bare, lists, policy) is not None:
        return True
    found = (normalize(one.strip(".-")) for one in _END.split(word) if "@" in one)
    return any(one is not None and listed_code(one, lists, policy) is not None for one in found)


def _act(person: Person, action: ContactActionKind, code: Code, contact: str | None) -> ContactAction:
    return ContactAction(
        action=action, code=code, email=person.address.email, name=person.address.name, contact=contact
    )


def _skip(person: Person, code: Code) -> ContactAction:
    return _act(person, ContactActionKind.SKIP, code, None)


def _hidden(normal: NormalEmail, code: Code, key: bytes | None) -> ContactAction:
    import hmac  # loads OpenSSL

    digest = None if key is None else hmac.new(key, normal.encode("utf-8"), "sha256").hexdigest()
    return ContactAction(action=ContactActionKind.SKIP, code=code, email=None, digest=digest)


# --- associations (R5) ------------------------------------------------------------------------------------------


def associate(decided: Iterable[Decided], policy: Policy) -> tuple[Association, ...]:
    """What the log is linked to: each contact, its company, its most recent open deals. A record is linked once, by
    the first contact that leads to it."""
    found: dict[tuple[str, str], Association] = {}

    def link(kind: str, record: str | None, email: str, code: Code) -> None:
        key = (kind, email if record is None else record)
        if key not in found:
            found[key] = Association(kind=kind, id=record, email=email, code=code)

    primary = policy.company is Company.PRIMARY
    for _, action, contact in decided:
        email = action.email
        if email is None or action.action is ContactActionKind.SKIP:
            continue
        link("contact", action.contact, email, Code.ASSOCIATION_CONTACT)
        if contact is None:
            continue
        company = (contact.primary_company or contact.company) if primary else contact.company
        if company is not None:
            link(
                "company", company, email,
                Code.ASSOCIATION_PRIMARY_COMPANY if primary else Code.ASSOCIATION_COMPANY,
            )  # fmt: skip
        for deal in contact.open_deals[: policy.max_open_deals]:
            link("deal", deal, email, Code.ASSOCIATION_DEAL)
    return tuple(found.values())
