"""A mail as a lazy value: `parse` indexes its bytes, and each thing is decoded when it is first asked for."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import field, frozen

from bcclog._mime.decode import decode_flowed, decode_part
from bcclog._mime.header import unfolded
from bcclog._mime.header_text import decode_header
from bcclog._mime.scan import Index, Part, scan, scan_message
from bcclog._people.address import parse_header_list
from bcclog.address import EmailAddress
from bcclog.codes import Code
from bcclog.model import ByteSpan, Evidence, Reason
from bcclog.policy import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    from bcclog._dates.dates import Parsed
    from bcclog._people.address import AddressList

_SUSPECT_CHARSETS = frozenset(("utf_7", "hz", "utf_16", "utf_16_be", "utf_16_le", "utf_32", "utf_32_be", "utf_32_le"))
"""T73: sets in which ASCII text can hide; text in them is shown and never trusted with a forward's block."""
_PGP_WITHIN = 200
"""Bytes in which the line of an encrypted text begins, after blanks."""
_OUTLOOK_ITEMS = frozenset(("application/vnd.ms-outlook", "application/x-microsoft-rpmsg-message"))
_OUTLOOK_FILES = (".msg", ".rpmsg")
_TNEF = frozenset(("application/ms-tnef", "application/vnd.ms-tnef"))
_ENCRYPTED = frozenset(("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"))


@frozen(kw_only=True, eq=False)
class Message:
    """A parsed mail (RFC 5322, JMAP's words). Every property is decoded when first asked for; none raises on any bytes.

    raw: the bytes as they came. index: offsets of fields and parts, for the rooms inside bcclog.
    """

    raw: bytes = field(repr=False)
    index: Index = field(repr=False)
    limits: Limits = field(repr=False)

    # --- header -------------------------------------------------------------------------------------------------

    @property
    def refusal(self) -> Code | None:
        """Why the mail was not read on: a limit, or a piece of a message; None for an ordinary mail."""
        return self.index.refusal

    @cached_property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """Every well-formed field in order: (name as written, decoded body)."""
        raw, index = self.index.raw, self.index
        return tuple(
            (
                raw[name_start : name_start + len(name)].decode("ascii", "replace"),
                decode_header(index.field_bytes((name, name_start, start, end)), self.limits).text,
            )
            for name, name_start, start, end in index.fields
        )

    def has_field(self, name: str) -> bool:
        """Whether the header has the field, in any case."""
        return name.lower().encode() in self.index.header.names

    def header(self, name: str) -> str | None:
        """The decoded body of the first field of that name, None without one."""
        found = self.index.first(name.lower().encode())
        return None if found is None else decode_header(self.index.field_bytes(found), self.limits).text

    def evidence(self, name: str) -> tuple[Evidence, ...]:
        """Where the fields of that name stand."""
        return tuple(
            Evidence(where="header", field=name, span=ByteSpan(start, end))
            for _, _, start, end in self.index.all(name.lower().encode())
        )

    def addresses(self, name: str) -> tuple[EmailAddress, ...]:
        """The mailboxes of all fields of that name, groups' members included, in order."""
        return tuple(mailbox for found in self.address_lists(name) for mailbox in found.mailboxes)

    def address_lists(self, name: str) -> "tuple[AddressList, ...]":
        """What was read from each field of that name, with notes and unreadable places."""
        index = self.index
        return tuple(
            parse_header_list(index.field_bytes(found), self.limits) for found in index.all(name.lower().encode())
        )

    @property
    def header_notes(self) -> tuple[Code, ...]:
        """What is odd about the people and the subject that the header names, each code once."""
        lists = (found for name in ("from", "to", "cc", "reply-to") for found in self.address_lists(name))
        codes = [note[0] for found in lists for note in found.notes]
        subject = self.index.first(b"subject")
        if subject is not None:
            codes += decode_header(self.index.field_bytes(subject), self.limits).notes
        return tuple(dict.fromkeys(codes))

    @cached_property
    def from_(self) -> tuple[EmailAddress, ...]:
        """The mailboxes of From. Who sent the mail is decided by `read`, which doubts (T1-T6)."""
        return self.addresses("from")

    @cached_property
    def sender(self) -> EmailAddress | None:
        """The mailbox of Sender; never the sending address (T27)."""
        return next(iter(self.addresses("sender")), None)

    @cached_property
    def reply_to(self) -> tuple[EmailAddress, ...]:
        """The mailboxes of Reply-To; never the sending address (T27)."""
        return self.addresses("reply-to")

    @cached_property
    def to(self) -> tuple[EmailAddress, ...]:
        """The mailboxes of To."""
        return self.addresses("to")

    @cached_property
    def cc(self) -> tuple[EmailAddress, ...]:
        """The mailboxes of Cc."""
        return self.addresses("cc")

    @cached_property
    def bcc(self) -> tuple[EmailAddress, ...]:
        """The mailboxes of Bcc, which normally is not there any more (R1)."""
        return self.addresses("bcc")

    @cached_property
    def subject(self) -> str | None:
        """The decoded subject on one line, None without a Subject field."""
        return self.header("subject")

    @cached_property
    def date(self) -> "Parsed | None":
        """What was read from the Date field, None without one."""
        return read_date(self.index.written(b"date"), self.limits)

    @property
    def sent_at(self) -> datetime | None:
        """The time of the Date field; without tzinfo where it names no zone, None where it cannot be read (T80)."""
        return None if self.date is None else self.date.value

    @cached_property
    def sent_at_text(self) -> str | None:
        """The Date field as written."""
        return self.header("date")

    @cached_property
    def receipt(self) -> "Parsed | None":
        """What was read from the topmost Received field, None without one."""
        return read_date(receipt_of(self.index), self.limits)

    @property
    def received_at(self) -> datetime | None:
        """The time in the topmost Received field: when the caller's own server took the mail."""
        return None if self.receipt is None else self.receipt.value

    @cached_property
    def message_id(self) -> str | None:
        """The one Message-ID without its brackets; None without one or with several, which name nothing (T52)."""
        found = self.index.all(b"message-id")
        return _one_id(self.index.field_bytes(found[0])) if len(found) == 1 else None

    @cached_property
    def in_reply_to(self) -> tuple[str, ...]:
        """The ids of In-Reply-To."""
        return self._ids(b"in-reply-to")

    @cached_property
    def references(self) -> tuple[str, ...]:
        """The ids of References."""
        return self._ids(b"references")

    @cached_property
    def forwarded_message_id(self) -> str | None:
        """The id that Thunderbird and others give of the message they forward (X-Forwarded-Message-Id)."""
        return next(iter(self._ids(b"x-forwarded-message-id")), None)

    def _ids(self, name: bytes) -> tuple[str, ...]:
        found = self.index.first(name)
        if found is None:
            return ()
        text = self.index.field_bytes(found).decode("ascii", "replace")
        ids = (piece.strip() for piece in _between_brackets(text, self.limits.max_addresses))
        return tuple(name for name in ids if is_id(name))

    # --- parts --------------------------------------------------------------------------------------------------

    @property
    def media_type(self) -> str:
        """The media type of the whole mail, lower case."""
        return self.index.parts[0].media_type if self.index.parts else "text/plain"

    @property
    def is_encrypted(self) -> bool:
        """Whether the whole mail is encrypted or hidden in an opaque signature (T78): by its type, by the name
        `smime.p7m` of a file of no known type (RFC 8551 section 3.2.1), or as a text that begins with PGP's line."""
        if self.media_type not in _ENCRYPTED:
            parts = self.index.parts
            if self.media_type == "application/octet-stream":
                return (parts[0].filename or "").lower().endswith(".p7m")
            start = parts[self.index.text_body[0]].body_start if self.index.text_body else len(self.raw)
            return self.raw[start : start + _PGP_WITHIN].lstrip().startswith(b"-----BEGIN PGP MESSAGE-----")
        return self.index.parts[0].parameters.get("smime-type", "").lower() != "certs-only"

    def text_parts(self) -> tuple[tuple[int, str], ...]:
        """The plain-text parts of the body: (index of the part, decoded text with LF line ends)."""
        return self._bodies("text/plain", self.index.text_body)

    def html_parts(self) -> tuple[tuple[int, str], ...]:
        """The HTML parts of the body: (index of the part, decoded source with LF line ends)."""
        return self._bodies("text/html", self.index.html_body)

    def _bodies(self, media_type: str, chosen: list[int]) -> tuple[tuple[int, str], ...]:
        parts = self.index.parts
        return tuple((number, self._texts[number]) for number in chosen if parts[number].media_type == media_type)

    @cached_property
    def _texts(self) -> "_Texts":
        return _Texts(self)

    @cached_property
    def text_body(self) -> str | None:
        """The plain text of the mail, None where it has none."""
        texts = [text for _, text in self.text_parts()]
        return "\n".join(texts) if texts else None

    @cached_property
    def html_body(self) -> str | None:
        """The HTML source of the mail, exactly as it came; None where it has none."""
        sources = [source for _, source in self.html_parts()]
        return "\n".join(sources) if sources else None

    def text_notes(self, part: int) -> tuple[Code, ...]:
        """What was guessed of the part's text, or lost (T73), or cut (T60)."""
        return self._texts.notes(part)

    def is_suspect_charset(self, part: int) -> bool:
        """Whether the part's character set can hide ASCII text (T73)."""
        return self._texts.charset(part) in _SUSPECT_CHARSETS

    def is_contradictory(self, part: int) -> bool:
        """Whether the fields of the part, or of one around it, say two things, so that readers differ (T69)."""
        if not self.index.notes:
            return False
        around = set()
        while part >= 0:
            around.add(self.index.parts[part].start)
            part = self.index.parts[part].parent
        return any(code is Code.WARN_MIME_AMBIGUOUS and start in around for code, start, _ in self.index.notes)

    @property
    def attached_parts(self) -> tuple[int, ...]:
        """Indexes of the parts that are messages themselves (R15), `.eml` files of no known type included; without what
        says `forwarded=no`: the mail's own content in a wrapper that protects its header (RFC 8551 section 3.1)."""
        parts = self.index.parts
        return tuple(
            number
            for number in self.index.attachments
            if parts[number].is_message and parts[number].parameters.get("forwarded", "").lower() != "no"
        )

    @property
    def attached_messages(self) -> "tuple[Message, ...]":
        """The messages attached, each as a Message; those that hold no header at all are left out."""
        return tuple(self.attached_by_part.values())

    @cached_property
    def attached_by_part(self) -> "Mapping[int, Message]":
        """The same, by the index of the part that each is."""
        found = {}
        for number in self.attached_parts:
            index = scan_message(self.index.parts[number], self.limits, self.index.nesting)
            if index.refusal is None and index.header.end > index.header.start:
                found[number] = Message(raw=index.raw, index=index, limits=self.limits)
        return found

    @property
    def outlook_items(self) -> tuple[int, ...]:
        """Indexes of the attachments that are messages in formats that only Outlook reads: `.msg`, protected `.rpmsg`,
        and `winmail.dat` where it is all that the mail holds (T77)."""
        parts = self.index.parts
        is_bare = not (self.index.text_body or self.index.html_body)
        return tuple(
            number
            for number in self.index.attachments
            if parts[number].media_type in _OUTLOOK_ITEMS
            or (parts[number].filename or "").lower().endswith(_OUTLOOK_FILES)
            or (is_bare and is_tnef(parts[number].media_type, parts[number].filename or ""))
        )

    @property
    def attachments(self) -> tuple[Part, ...]:
        """The parts that are no body (RFC 8621 section 4.1.4)."""
        return tuple(self.index.parts[number] for number in self.index.attachments)

    @cached_property
    def notes(self) -> tuple[Reason, ...]:
        """What was odd in the structure of the mail and survivable."""
        return tuple(
            Reason(code, None, (Evidence(where="header", span=ByteSpan(start, end)),))
            for code, start, end in self.index.notes
        )


class _Texts:
    """Decoded parts by index, each decoded once; belongs to one message and is its only memory."""

    def __init__(self, message: Message) -> None:
        self._message = message
        self._found: dict[int, tuple[str, str, tuple[Code, ...]]] = {}

    def _decode(self, number: int) -> tuple[str, str, tuple[Code, ...]]:
        found = self._found.get(number)
        if found is None:
            part = self._message.index.parts[number]
            decoded = decode_part(part.raw_body(), part.cte, part.charset, self._message.limits)
            text = decoded.text
            if part.media_type == "text/plain" and part.is_flowed:
                text = decode_flowed(text, part.delsp)
            found = self._found[number] = (text, decoded.charset, decoded.notes)
        return found

    def __getitem__(self, number: int) -> str:
        return self._decode(number)[0]

    def charset(self, number: int) -> str:
        """The codec that was used."""
        return self._decode(number)[1]

    def notes(self, number: int) -> tuple[Code, ...]:
        """What was guessed or lost."""
        return self._decode(number)[2]


def parse(raw: bytes | bytearray | memoryview, *, limits: Limits | None = None) -> Message:
    """Index a raw mail (RFC 5322). Any bytes give a `Message`; nothing is decoded yet.

    `TypeError` for anything but bytes, with a sentence that says what to pass, and for limits that are none.
    """
    limits = given_limits(limits)
    index = scan(raw, limits)
    return Message(raw=index.raw, index=index, limits=limits)


def given_limits(limits: Limits | None) -> Limits:
    """The caller's limits, the usual ones for None; `TypeError` for anything else."""
    if limits is None:
        return DEFAULT_LIMITS
    if not isinstance(limits, Limits):
        raise TypeError(f"limits is a bcclog.Limits, not {type(limits).__name__}")
    return limits


def read_date(body: bytes | None, limits: Limits) -> "Parsed | None":
    """The date in a Date field's body, folded or not; None for none."""
    if body is None:
        return None
    from bcclog._dates.dates import (
        parse_rfc5322,  # the calendars of all languages; most plans are never asked for a date
    )

    return parse_rfc5322(decode_header(unfolded(body), limits).text)


def receipt_of(index: Index) -> bytes | None:
    """The date at the end of the topmost Received field, as written; None without one."""
    _, found, date = (index.written(b"received") or b"").rpartition(b";")
    return date if found else None


def _one_id(body: bytes) -> str | None:
    text = body.decode("ascii", "replace")
    found = list(_between_brackets(text, 2))
    if len(found) > 1:
        return None
    name = found[0].strip() if found else text.strip()
    return name if is_id(name) else None


def is_id(name: str) -> bool:
    """Whether a text between brackets can name a message (T52): printable, without a blank, no longer than a line."""
    return 0 < len(name) <= 998 and " " not in name and name.isprintable()


def is_tnef(media_type: str, filename: str) -> bool:
    """Whether a part is a `winmail.dat`: Outlook's rich text with all that it holds (T77)."""
    return media_type in _TNEF or filename.lower() == "winmail.dat"


def _between_brackets(text: str, most: int) -> Iterator[str]:
    at = 0
    for _ in range(most):
        start = text.find("<", at)
        end = text.find(">", start)
        if start < 0 or end < 0:
            return
        yield text[start + 1 : end]
        at = end + 1
