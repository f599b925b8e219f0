"""Which files of the logged message are kept, left out, or part of the body (R18, R19, T74, T75).

Sizes are counted here in decoded bytes; what a mail says of its own sizes is not believed. The size rule comes first
and holds for inline images too: otherwise a Content-ID would carry any file past the limit.

Marks of inline images are guesses, made from what is cheap to see, and change nothing but the code:
- a tracking pixel is an image of at most 200 bytes (a GIF of one pixel has 43, a PNG some 70 to 130);
- a logo is an image of at most 32 KiB whose name holds `logo`, `signature`, `banner` or `icon`, or that Outlook named
  by itself (`image001.png`), as it does with the images of a signature.
"""

import re
import unicodedata
from typing import Final

from bcclog._mime.decode import decode_bytes
from bcclog._mime.scan import Index, Part, decoded_size
from bcclog.codes import Code
from bcclog.model import AttachmentAction, AttachmentActionKind
from bcclog.policy import Policy, SizeScope

_CID: Final = re.compile(rb"cid:([^\s\"'<>()\\]{1,998})", re.IGNORECASE)
_PIXEL_BYTES: Final = 200
_LOGO_BYTES: Final = 32 * 2**10
_LOGO_NAME: Final = re.compile(r"logo|signature|banner|icon|\Aimage\d{3}\.(?:png|jpe?g|gif)\Z", re.IGNORECASE)
_BY_PROGRAM: Final = frozenset(
    (
        "application/ms-tnef",
        "application/pgp-keys",
        "application/pgp-signature",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "text/calendar",
        "text/vcard",
        "text/x-vcard",
    )
)
_ELSEWHERE: Final = frozenset(("message/external-body", "message/partial"))


def attachment_parts(index: Index) -> list[Part]:
    """Every leaf part that is no text of the body, in the order of the mail.

    JMAP lists images that stand between texts as body (RFC 8621 section 4.1.4); here they are files too.
    """
    if len(index.parts) == 1 and not index.attachments:
        return []
    body = set(index.text_body)
    body.update(index.html_body)
    attached = set(index.attachments)
    return [
        part
        for part in index.parts
        if part.index in attached or (part.index in body and not part.media_type.startswith("text/"))
    ]


def carries_files(index: Index) -> bool:
    """Whether a person attached something: a file with a name that is no image of the text and none that programs add,
    such as a signature."""
    return any(
        part.filename
        and part.media_type not in _BY_PROGRAM
        and not (part.content_id and part.media_type.startswith("image/"))
        for part in attachment_parts(index)
    )


def plan_attachments(index: Index, policy: Policy) -> tuple[AttachmentAction, ...]:
    """Keep, drop or treat as body each attached file of the message.

    policy: `max_attachment_bytes` for each file, or for all kept ones together in the order of the mail; a file that
    would go past it is left out and the next one is tried (R18).
    """
    parts = attachment_parts(index)
    if not parts:
        return ()
    wanted: set[bytes] | None = None  # found when the first part with a Content-ID asks
    kept = 0
    actions: list[AttachmentAction] = []
    for part in parts:
        size = decoded_size(part)
        name = part.filename
        counted = size + kept if policy.attachment_scope is SizeScope.TOTAL else size
        if part.media_type in _ELSEWHERE:
            action, code = AttachmentActionKind.DROP, Code.ATTACHMENT_DROP_OPAQUE
        elif counted > policy.max_attachment_bytes:
            action, code = AttachmentActionKind.DROP, Code.ATTACHMENT_DROP_SIZE
        else:
            kept += size
            action, code = AttachmentActionKind.KEEP, Code.ATTACHMENT_KEEP
            content_id = part.content_id
            if content_id and part.media_type.startswith("image/"):
                if wanted is None:
                    wanted = referred(index)
                if content_id.encode("utf-8", "replace") in wanted:
                    action, code = AttachmentActionKind.INLINE, _inline_code(name, size)
        actions.append(
            AttachmentAction(
                action=action,
                code=code,
                name=name,
                safe_name=safe_name(name, part.index, part.media_type),
                media_type=part.media_type,
                size=size,
                part=part.index,
            )
        )
    return tuple(actions)


def _inline_code(name: str | None, size: int) -> Code:
    if size <= _PIXEL_BYTES:
        return Code.ATTACHMENT_INLINE_PIXEL
    if size <= _LOGO_BYTES and name is not None and _LOGO_NAME.search(name[:255]):
        return Code.ATTACHMENT_INLINE_LOGO
    return Code.ATTACHMENT_INLINE


def referred(index: Index) -> set[bytes]:
    """The Content-IDs that the HTML of the body names, in one pass over its bytes (T81)."""
    found: set[bytes] = set()
    for number in index.html_body:
        part = index.parts[number]
        if part.media_type == "text/html":
            found |= referred_in(decode_bytes(part.raw_body(), part.cte)[0])
    return found


def referred_in(source: bytes) -> set[bytes]:
    """The Content-IDs that HTML names, as written and as they are meant (RFC 2392: a URL, so `%40` is an `@`)."""
    if b"\0" in source:  # UTF-16: Content-IDs are ASCII
        source = source.replace(b"\0", b"")
    from urllib.parse import unquote_to_bytes  # few mails get here

    found: set[bytes] = set()
    for match in _CID.finditer(source):
        found.add(match[1])
        found.add(unquote_to_bytes(match[1]))
        if b"&" in match[1]:
            found.add(match[1].replace(b"&amp;", b"&"))
    return found


def content_bytes(index: Index) -> int:
    """Decoded bytes of the text and HTML parts of the body (R18, 2025-12)."""
    numbers = {*index.text_body, *index.html_body}
    return sum(
        decoded_size(index.parts[number]) for number in numbers if index.parts[number].media_type.startswith("text/")
    )


# --- file names -------------------------------------------------------------------------------------------------

_UNSAFE: Final = re.compile(r'[<>:"|?*]')
_DEVICES: Final = frozenset(
    (
        "con",
        "prn",
        "aux",
        "nul",
        "conin$",
        "conout$",
        *(f"{port}{n}" for port in ("com", "lpt") for n in "0123456789¹²³"),
    )
)
_HIDDEN: Final = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
"""Controls, direction marks, lone surrogates, unassigned: what a file system or a reader may see otherwise."""
_MAX_NAME_BYTES: Final = 255
_MAX_EXTENSION_BYTES: Final = 32


def safe_name(name: str | None, number: int, media_type: str) -> str:
    """A file name that is safe on any usual system: never a path, a device or hidden, 1 to 255 bytes of UTF-8 (T75).

    name: as the mail gives it; number, media_type: of the part, for a file without a name. Two files of a mail may get
    the same name: the caller who writes them into one folder keeps them apart by `part`.
    """
    text = (name or "").replace("\\", "/").rpartition("/")[2]
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        text = "".join(char for char in text if unicodedata.category(char) not in _HIDDEN)
    elif not text.isprintable():
        text = "".join(char for char in text if char.isprintable())
    text = _UNSAFE.sub("_", text).strip(" .")
    if not text:
        return f"attachment-{number}.eml" if media_type == "message/rfc822" else f"attachment-{number}"
    if text.partition(".")[0].rstrip(" ").lower() in _DEVICES:
        text = "_" + text
    if len(text.encode("utf-8")) > _MAX_NAME_BYTES:
        stem, dot, extension = text.rpartition(".")
        if not stem or len(extension.encode("utf-8")) > _MAX_EXTENSION_BYTES:
            stem, dot, extension = text, "", ""
        room = _MAX_NAME_BYTES - len((dot + extension).encode("utf-8"))
        text = stem.encode("utf-8")[:room].decode("utf-8", "ignore").rstrip(" .") + dot + extension
    return text
