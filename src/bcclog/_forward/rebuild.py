"""A forwarded message as a message again, for whoever stores originals.

An attached message is given back as it came. One that was forwarded inline is put together from what the forward
carries: headers recovered from the block, text, HTML, inline images and files. It is marked as reconstructed, since
nobody signed it and the client may have changed it.
"""

from collections.abc import Iterable
from email import message_from_bytes
from email.generator import BytesGenerator
from email.header import Header
from email.message import Message as MimeMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, quote
from hashlib import sha256
from io import BytesIO

from bcclog._mime.attachments import attachment_parts, referred, referred_in
from bcclog._mime.scan import Part
from bcclog._people.normal import normalize_domain
from bcclog.address import EmailAddress
from bcclog.codes import Code
from bcclog.forward import Forward, Original
from bcclog.message import Message

_POLICY = compat32.clone(linesep="\r\n", max_line_length=78)
MARK = "X-Bcclog-Reconstructed"
"""The field that a reconstructed message bears: the code and the client it was read from."""


def rebuild(forward: Forward) -> bytes:
    """The original of a forward as an RFC 5322 message with CRLF line ends.

    A message forwarded as an attachment comes back byte for byte. Otherwise the result bears `X-Bcclog-Reconstructed`;
    a date without zone or time of day stays out of the Date field (RFC 5322 asks for both) and stands in that mark.
    The same forward gives the same bytes. Rules R15, R30. `TypeError` for what is no `Forward`: nothing was
    forwarded then.
    """
    if not isinstance(forward, Forward):
        raise TypeError(
            f"rebuild takes a Forward, as bcclog.unwrap gives where it finds one, not {type(forward).__name__}"
        )
    original = forward.original
    if original.message is not None:
        index = original.message.index
        return index.raw[index.start : index.end]
    body = _body(original, forward.source)
    _set_headers(body, forward)
    out = BytesIO()
    BytesGenerator(out, mangle_from_=False, policy=_POLICY).flatten(body)
    return out.getvalue()


def _set_headers(message: MimeMessage, forward: Forward) -> None:
    original = forward.original
    mark = [forward.code.value]
    if forward.client is not None:
        mark.append(f"client={forward.client}; locale={forward.locale}")
    sent_at = original.sent_at
    is_day = any(reason.code is Code.WARN_DATE_NO_TIME for reason in forward.warnings)
    is_moment = sent_at is not None and sent_at.tzinfo is not None and not is_day
    if sent_at is not None and not is_moment:
        mark.append(f"local-date={sent_at.date().isoformat() if is_day else sent_at.isoformat()}")
    fields = {
        "From": _people([original.from_] if original.from_ else []),
        "Sender": _people([original.sender] if original.sender else []),
        "To": _people(original.to),
        "Cc": _people(original.cc),
        "Reply-To": _people(original.reply_to),
        "Subject": _encoded(original.subject or ""),
        "Message-ID": f"<{original.message_id}>" if original.message_id and original.message_id.isascii() else "",
        MARK: "; ".join(mark),
    }
    if sent_at is not None and is_moment:
        fields["Date"] = format_datetime(sent_at)
    for name, value in fields.items():
        if value:
            # What is still not ASCII is a local part, which no encoded word may hold: raw UTF-8, as RFC 6532 writes it.
            message[name] = value if value.isascii() else value.encode().decode("ascii", "surrogateescape")


def _encoded(text: str) -> str:
    return text if text.isascii() else Header(text, "utf-8", maxlinelen=70).encode(linesep="")


def _people(addresses: Iterable[EmailAddress]) -> str:
    shown = []
    for address in addresses:
        name = address.name or ""
        if address.email is None:
            if name:
                shown.append(f"{_phrase(name)}: ;")  # a name without an address is a group without members
        else:
            email = _in_ascii(address.email)
            shown.append(f"{_phrase(name)} <{email}>" if name else email)
    return ", ".join(shown)


def _in_ascii(email: str) -> str:
    """The address with its domain in A-labels, which every mail program reads; as it is where it has none."""
    local, at, domain = email.rpartition("@")
    known = None if domain.isascii() else normalize_domain(domain)
    return email if known is None else f"{local}{at}{known}"


def _phrase(name: str) -> str:
    return f'"{quote(name)}"' if name.isascii() else Header(name, "utf-8", maxlinelen=70).encode(linesep="")


def _body(original: Original, source: Message | None) -> MimeMessage:
    text, html = original.text, original.html
    inline, files = ([], []) if source is None else _files(source, html)
    made: MimeMessage | None = None
    if html is not None:
        made = MIMEText(html, "html", "utf-8")
        if inline:
            made = _multipart("related", [made, *inline])
    if text is not None or made is None:
        plain = MIMEText(text or "", "plain", "utf-8")
        made = plain if made is None else _multipart("alternative", [plain, made])
    return _multipart("mixed", [made, *files]) if files else made


def _multipart(kind: str, parts: list[MimeMessage]) -> MimeMessage:
    boundary = sha256(b"\0".join(part.as_bytes(policy=_POLICY) for part in parts)).hexdigest()[:24]
    return MIMEMultipart(kind, f"=_{kind}_{boundary}", parts)


def _files(source: Message, html: str | None) -> tuple[list[MimeMessage], list[MimeMessage]]:
    """What the forward carries: the images that the original's HTML shows, and the files. What its own comment alone
    shows, the forwarder's logo, is neither."""
    shown = set() if html is None else referred_in(html.encode("utf-8", "replace"))
    elsewhere = set() if html is None else referred(source.index) - shown
    inline: list[MimeMessage] = []
    files: list[MimeMessage] = []
    for part in attachment_parts(source.index):
        content_id = (part.content_id or "").encode("utf-8", "replace")
        if content_id not in elsewhere:
            (inline if content_id in shown else files).append(_part(part))
    return inline, files


def _part(part: Part) -> MimeMessage:
    return message_from_bytes(part.header.raw[part.start : part.body_end], policy=_POLICY)
