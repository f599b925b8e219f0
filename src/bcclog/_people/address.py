"""Address lists of real header fields, by the grammar.

Header fields are read by RFC 5322 with its obsolete forms and RFC 6532, and not repaired: what does not fit is skipped
to the next top-level comma and reported with its span (T21). Facts about the field come first; whether it names one
sender is `sender_of`'s decision, which doubts (T2-T21). Names are kept whole (R31); decoded text is a name and is
never parsed again (T14).

The parser works on bytes: all of the grammar is ASCII, so bytes above 127 pass through untouched, and spans are byte
offsets. An address that holds what cannot be shown keeps its place, with U+FFFD, which no normal form admits.

What clients write inside a forward is no such list: see `block_addresses`.
"""

import re
from typing import Final, NamedTuple

from bcclog._mime.header_text import decode_header
from bcclog._people.normal import (
    INVISIBLE,
    has_broken_idna,
    is_lookalike,
    is_mapped,
    normalize,
    normalize_domain,
    routed,
    skeleton,
    widen,
)
from bcclog.address import EmailAddress, NormalEmail
from bcclog.codes import Code
from bcclog.policy import Limits

__all__ = [
    "AddressList", "NormalEmail", "is_lookalike", "normalize", "normalize_domain",
    "parse_header_list", "routed", "sender_of", "skeleton", "widen",
]  # fmt: skip


class AddressList(NamedTuple):
    """What one address list holds.

    mailboxes: every readable mailbox in order, members of groups included (T3); groups: the groups' names.
    notes: (code, start, end); unreadable: (start, end) of the items skipped. Spans are half-open, in bytes of the
    field body given (of its UTF-8 form where text was given), or in code points of a block's text.
    has_route: a source route was dropped (T18). has_gap: a comment or blank stood inside an address (T17).
    is_complete: False where a limit stopped the reading: nobody may be picked from such a list.
    """

    mailboxes: tuple[EmailAddress, ...] = ()
    groups: tuple[str, ...] = ()
    notes: tuple[tuple[Code, int, int], ...] = ()
    unreadable: tuple[tuple[int, int], ...] = ()
    has_route: bool = False
    has_gap: bool = False
    is_complete: bool = True


# --- header fields ----------------------------------------------------------------------------------------------

# The usual item, up to its comma: `Name <a@b>`, `"Name" <a@b>`, `<a@b>`, `a@b`; all else goes the long way. Possessive
# pieces, none of which can match what follows it: one pass over the item.
_USUAL: Final = re.compile(
    rb"[ \t\r\n]*+(?:"
    rb'(?:"([^"\\\x00-\x1f\x7f]*+)"[ \t\r\n]*+|([A-Za-z0-9 !#$%&\'*+/=?^_`{|}~\t\r\n.\x80-\xff-]*+))'
    rb"<([A-Za-z0-9!#$%&'*+/?^_`{|}~.-]++@[A-Za-z0-9.-]++)>"
    rb"|([A-Za-z0-9!#$%&'*+/?^_`{|}~.-]++@[A-Za-z0-9.-]++)"
    rb")[ \t\r\n]*+(?:,|\Z)"
)
_USUAL_TEXT: Final = re.compile(_USUAL.pattern.decode("latin-1"))
# One token starts at every byte. A `"` or `[` without an end is a bad token of one byte.
_TOKEN: Final = re.compile(
    rb'(?P<blank>[ \t\r\n]++)|(?P<atom>[^\x00-\x20\x7f"(),.:;<>@\[\\\]]++)|(?P<special>[,.:;<>@])|(?P<comment>\()'
    rb'|"(?P<quoted>(?:[^"\\]++|\\.)*+)"|(?P<literal>\[[^\[\]\\]*+\])|(?P<bad>.)',
    re.DOTALL,
)
# The same where a `"` was found that nothing closes: the rest is not searched again for ends of quotes.
_TOKEN_WITHOUT_QUOTES: Final = re.compile(_TOKEN.pattern.replace(rb'|"(?P<quoted>(?:[^"\\]++|\\.)*+)"', b""), re.DOTALL)
_COMMENT_PART: Final = re.compile(rb"[^()\\]++|\\.|[()\\]", re.DOTALL)
_QUOTED_PAIR: Final = re.compile(rb"\\(.)", re.DOTALL)
_PLAIN_LOCAL: Final = re.compile(rb"[^\x00-\x20\x7f\"(),:;<>@\[\\\]]++")
_FOLDS: Final = b"\r\n"
UNSHOWABLE: Final = re.compile(rf"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff{INVISIBLE}]")
HOLDS_ADDRESS: Final = re.compile(r"[^\s@]@[^\s@]")
_PASSED_ON: Final = re.compile(r"\S[ \u00a0]\(?via[ \u00a0]\S")
_END: Final = ""
_BAD: Final = "bad"


def parse_header_list(raw_body: bytes | str, limits: Limits) -> AddressList:
    """Read the body of an address field (From, To, Cc, ...).

    raw_body: folded or not; text is read as its UTF-8 form. Addresses come without comments, routes and folds, names
    decoded. An encoded word or a second `@` in an address makes the item unreadable (T14, T16). Past
    `max_encoded_words` or `max_comment_depth` the whole field is unreadable; past `max_addresses` items reading stops
    with REFUSE_LIMIT_ADDRESSES (T28). Linear.
    """
    body = raw_body if isinstance(raw_body, bytes) else raw_body.encode("utf-8", "surrogatepass")
    usual = _usual_list(body, limits.max_addresses)
    if usual is not None:
        return usual
    reader = _Reader(body, limits)
    if b"=?" in body and body.count(b"=?") - body.count(b"=?=") > limits.max_encoded_words:
        return reader.give_up()
    return reader.read()


def _usual_list(body: bytes, most: int) -> AddressList | None:
    """A list in which every item is usual and ASCII and nothing is worth a note; None for any other.

    Nine fields in ten are such, and this costs a third of what `_Reader` does, which reads them alike.
    """
    if not body.isascii() or b"=?" in body:
        return None
    text = body.decode("ascii")
    if "xn--" in text.lower():
        return None
    is_printable = text.isprintable()
    mailboxes: list[EmailAddress] = []
    at, size = 0, len(text)
    while at < size:
        item = _USUAL_TEXT.match(text, at)
        if item is None or len(mailboxes) == most:
            return None
        quoted, phrase, angle, bare = item.groups()
        name = quoted or phrase
        if name:
            name = tidy_name(name)
            if "@" in name or not (is_printable or name.isprintable()):
                return None
        mailboxes.append(EmailAddress(name or None, angle or bare))
        at = item.end()
    return AddressList(tuple(mailboxes))


class _Reader:
    """One pass over one field body. `at` is the place of reading; `kind`, `value`, `gap`, `comment` describe the last
    token: its class or the special character itself, its bytes, whether a blank or comment stood before it, and the
    last such comment's text."""

    __slots__ = (
        "at", "body", "comment", "gap", "groups", "has_gap", "has_route", "in_group", "is_too_deep", "kind", "limits",
        "mailboxes", "may_comment", "notes", "token", "unreadable", "value",
    )  # fmt: skip

    def __init__(self, body: bytes, limits: Limits) -> None:
        self.body = body
        self.limits = limits
        self.at = 0
        self.kind = _END
        self.value = b""
        self.gap = False
        self.comment: bytes | None = None
        self.token = _TOKEN
        self.may_comment = True
        self.is_too_deep = False
        self.in_group = False
        self.has_route = False
        self.has_gap = False
        self.mailboxes: list[EmailAddress] = []
        self.groups: list[str] = []
        self.notes: list[tuple[Code, int, int]] = []
        self.unreadable: list[tuple[int, int]] = []

    def read(self) -> AddressList:
        body, size, most = self.body, len(self.body), self.limits.max_addresses
        is_complete = True
        while self.at < size:
            if len(self.mailboxes) + len(self.unreadable) + len(self.groups) >= most:
                if body[self.at :].strip(b" \t\r\n,"):
                    self.notes.append((Code.REFUSE_LIMIT_ADDRESSES, self.at, size))
                    is_complete = False
                break
            usual = _USUAL.match(body, self.at)
            if usual is None:
                self.item()
                if self.is_too_deep:
                    return self.give_up()
                continue
            quoted, phrase, angle, bare = usual.groups()
            self.add(angle or bare, quoted or phrase or b"", self.at, usual.end())
            self.at = usual.end()
        return AddressList(
            mailboxes=tuple(self.mailboxes),
            groups=tuple(self.groups),
            notes=tuple(self.notes),
            unreadable=tuple(self.unreadable),
            has_route=self.has_route,
            has_gap=self.has_gap,
            is_complete=is_complete,
        )

    def give_up(self) -> AddressList:
        span = (0, len(self.body))
        return AddressList(notes=((Code.WARN_ADDRESS_UNREADABLE, *span),), unreadable=(span,), is_complete=False)

    def add(self, address: bytes, phrase: bytes, start: int, end: int) -> None:
        if address.isascii():
            email = address.decode("ascii")
            if b"xn--" in address.lower() and has_broken_idna(email.rpartition("@")[2]):
                self.notes.append((Code.WARN_IDNA, start, end))
        else:
            email = address.decode("utf-8", "replace")
        if not email.isprintable() or not email.isascii():
            email = UNSHOWABLE.sub("\ufffd", email)
        self.mailboxes.append(EmailAddress(self.name(phrase, email, start, end) if phrase else None, email))

    def name(self, phrase: bytes, email: str, start: int, end: int) -> str | None:
        """A display name: one clean line without quotes around it; None for nothing.

        A name that is the address is a name (R31).
        """
        if b"=?" not in phrase and phrase.isascii():
            text = phrase.decode("ascii")
            if not text.isprintable():
                text = UNSHOWABLE.sub(" ", text)
        else:
            decoded = decode_header(phrase, self.limits)
            text = decoded.text
            self.notes.extend((code, start, end) for code in decoded.notes)
        name = tidy_name(text)
        if "@" in name and name.lower() != email.lower() and HOLDS_ADDRESS.search(name):
            self.notes.append((Code.WARN_NAME_HOLDS_ADDRESS, start, end))
        return name or None

    # --- tokens

    def next(self) -> str:
        """Read on to the next token that is neither blank nor comment; gives its kind."""
        self.gap = False
        self.comment = None
        body = self.body
        while True:
            found = self.token.match(body, self.at)
            if found is None:
                self.kind = _END
                return _END
            kind = found.lastgroup or _BAD
            if kind == "blank":
                self.at = found.end()
                self.gap = True
            elif kind == "comment" and self.may_comment and self.skip_comment():
                self.gap = True
            else:
                break
        self.at = found.end()
        self.value = found[kind]
        if kind == "special":
            kind = self.value.decode("ascii")
        elif kind == "comment":
            kind = _BAD
        elif kind == _BAD and self.value == b'"':
            self.token = _TOKEN_WITHOUT_QUOTES
        self.kind = kind
        return kind

    def skip_comment(self) -> bool:
        """Pass over the comment at `at`, and keep its text; False where it does not end (T17)."""
        depth = 0
        for part in _COMMENT_PART.finditer(self.body, self.at):
            text = part[0]
            if text == b"(":
                depth += 1
                if depth > self.limits.max_comment_depth:
                    self.is_too_deep = True
                    break
            elif text == b")":
                depth -= 1
                if depth == 0:
                    self.comment = self.body[self.at + 1 : part.start()]
                    self.at = part.end()
                    return True
        self.may_comment = False
        return False

    # --- grammar

    def item(self) -> None:
        """Read one item, up to its comma, to the colon that opens a group or the semicolon that closes one."""
        start = self.at
        pieces: list[bytes] = []
        while True:
            kind = self.next()
            if kind in ("atom", ".", "quoted"):
                value = _unquote(self.value) if kind == "quoted" else self.value
                pieces.append(b" " + value if self.gap and pieces else value)
            else:
                break
        phrase = b"".join(pieces)
        address: bytes | None = None
        if kind == "@" and pieces:
            self.at = start
            self.next()
            address = self.address()
            if address is not None and self.kind == "<":
                # `a@b <a@b>`: written by programs that take the address for a name. Two different ones are no address.
                twice = self.angle()
                address = twice if twice is not None and twice.lower() == address.lower() else None
            elif address is not None and self.kind == ":" and not self.in_group:
                # `rep@a.example: kim@b.example;`: an address where the name of a group belongs is that name (T3).
                self.in_group = True
                self.groups.append(self.name(address, "", start, self.at) or "")
                return
            phrase = b""
        elif kind == "<":
            address = self.angle()
        elif kind == ":" and pieces and not self.in_group:
            self.in_group = True
            self.groups.append(self.name(phrase, "", start, self.at) or "")
            return
        elif not pieces and (kind in (",", _END) or (kind == ";" and self.in_group)):
            self.in_group = self.in_group and kind != ";"
            return
        if address is not None and (self.kind in (",", _END) or (self.kind == ";" and self.in_group)):
            self.in_group = self.in_group and self.kind != ";"
            self.add(address, phrase or _QUOTED_PAIR.sub(rb"\1", self.comment or b""), start, self.at)
            return
        while self.kind not in (",", _END) and not (self.kind == ";" and self.in_group):
            self.next()
        self.in_group = self.in_group and self.kind != ";"
        self.unreadable.append((start, self.at))
        self.notes.append((Code.WARN_ADDRESS_UNREADABLE, start, self.at))

    def angle(self) -> bytes | None:
        """The address between `<` (just read) and `>`; None where there is none. Leaves the token after it."""
        self.next()
        if self.kind in ("@", ","):  # obs-route: *(CFWS / ",") "@" domain *("," [CFWS] ["@" domain]) ":"
            while self.kind in ("@", ",", "atom", ".", "literal"):
                self.next()
            if self.kind != ":":
                return None
            self.has_route = True
            self.next()
        address = self.address()
        if address is None or self.kind != ">":
            return None
        if self.comment is not None:
            self.has_gap = True
        self.next()
        return address

    def address(self) -> bytes | None:
        """local-part "@" domain from the present token on, without comments and blanks; None where it is none. Leaves
        the token after it. Dots in odd places of the local part are let pass: such mailboxes exist in Japan."""
        words: list[bytes] = []
        is_quoted = after_word = False
        while True:
            if self.kind == ".":
                after_word = False
            elif self.kind in ("atom", "quoted") and not after_word:
                is_quoted = is_quoted or self.kind == "quoted"
                after_word = True
            else:
                break
            if self.gap and words:
                self.has_gap = True
            words.append(_unquote(self.value) if self.kind == "quoted" else self.value)
            self.next()
        if self.kind != "@" or not words:
            return None
        gap = self.gap
        local = b"".join(words)
        if is_quoted:
            if not _PLAIN_LOCAL.fullmatch(local):
                local = b'"' + local.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
        elif b"=?" in local:
            return None
        self.next()
        gap = gap or self.gap
        if self.kind == "literal":
            domain = b"[" + self.value.strip(b"[] \t\r\n") + b"]"
            self.next()
        else:
            labels: list[bytes] = []
            after_label = False
            while self.kind == "." or (self.kind == "atom" and not after_label):
                gap = gap or (self.gap and bool(labels))
                after_label = self.kind == "atom"
                labels.append(self.value)
                self.next()
            domain = b"".join(labels)
            if not domain or b"=?" in domain:
                return None
        self.has_gap = self.has_gap or gap
        return local + b"@" + domain


def _unquote(quoted: bytes) -> bytes:
    """What a quoted string says: without folds and backslashes."""
    if b"\\" in quoted:
        quoted = _QUOTED_PAIR.sub(rb"\1", quoted)
    return quoted.translate(None, _FOLDS) if b"\n" in quoted or b"\r" in quoted else quoted


def sender_of(raw_body: bytes | str, limits: Limits) -> EmailAddress | Code:
    """The one sender that a From field names, or the code that says why it names none beyond doubt.

    Doubted, and not repaired: several mailboxes (T2), a group (T3), a source route (T18), comments or blanks inside the
    address (T17), an unreadable item beside a readable one (T14, T16, T21), characters that cannot be shown (T7, T24),
    a domain that only a mapping makes the real one (T23).
    A field without any usable address gives REFUSE_IDENTITY_NONE (T5, T20).
    """
    body = raw_body if isinstance(raw_body, bytes) else raw_body.encode("utf-8", "surrogatepass")
    sender = sole_sender(parse_header_list(body, limits), body)
    if isinstance(sender, EmailAddress) and normalize(sender.email or "") is None:
        return Code.REFUSE_IDENTITY_NONE
    return sender


def sole_sender(found: AddressList, body: bytes) -> EmailAddress | Code:
    """`sender_of` over what was read from the body, before anybody asks for the sender's normal form."""
    if found.groups:
        return Code.IDENTITY_AMBIGUOUS_FROM_GROUP
    if len(found.mailboxes) > 1:
        return Code.IDENTITY_AMBIGUOUS_FROM_LIST
    if found.unreadable or not found.mailboxes:
        has_hint = found.mailboxes or b"@" in body or b"=?" in body or not found.is_complete
        return Code.IDENTITY_AMBIGUOUS_ADDRESS if has_hint else Code.REFUSE_IDENTITY_NONE
    sender = found.mailboxes[0]
    email = sender.email or ""
    if (
        found.has_route
        or found.has_gap
        or (not email.isascii() and ("\ufffd" in email or is_mapped(email.rpartition("@")[2])))
    ):
        return Code.IDENTITY_AMBIGUOUS_ADDRESS
    return sender


_QUOTES: Final = frozenset(
    ('""', "''", "“”", "„“", "„”", "””", "‘’", "‚‘", "’’", "«»", "»«", "‹›", "「」", "『』", "`'", "``", "＂＂")
)


def tidy_name(name: str) -> str:
    """A display name with single blanks, without the quotes (two pairs at most) that programs leave around it."""
    name = " ".join(name.split())
    for _ in range(2):
        if len(name) < 2 or name[0] + name[-1] not in _QUOTES:
            break
        name = name[1:-1].strip()
    return name


def is_passed_on(person: EmailAddress) -> bool:
    """Whether name or address say that a group, a list or a service passed the mail on and put its own address in the
    place of the person's: `Kim via Sales <sales@ourco.example>`, `Kim (via Docs) <share@docs.example>`,
    `Kim <kim=customer.example@lists.example>`. So Google Groups and Mailman write where the person's domain has a
    strict DMARC policy (R31)."""
    if person.name is not None and _PASSED_ON.search(person.name) is not None:
        return True
    normal = None if person.email is None else normalize(person.email)
    if normal is None:
        return False
    domain = normal.rpartition("@")[2]
    return any(inside.rpartition("@")[2] != domain for inside in routed(normal))
