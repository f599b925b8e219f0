"""Keys under which the same mail is found again (R29, T52).

Each key is the SHA-256, in hexadecimal, of a version mark and the parts named below, joined by NUL. A part that is
unknown is empty; a key without what makes it one is None.

    message_id   the Message-ID, author, time, subject            None without a Message-ID
    fingerprint  author, time, subject, letters of the text       None without an author
    any_route    author, quarter minute, base subject, letters    None without an author, or with no letters at all

- author: normalised address of who wrote the logged mail (the sender, or the forwarded message's author).
- time: ISO 8601, in UTC where a zone is known, as written where none is.
- subject: letters and digits only, in lower case. Base subject: first without anything like `Re:` in front, a short
  word with a colon in any language, up to eight of them; so the key does not hang on a catalogue that grows.
- letters: the first 200 letters and digits of the first 2,048 bytes of the decoded text, in lower case. Line ends,
  wrapping, quote marks, bullets and transfer encodings differ between routes; these do not.
- quarter minute: the minute of the hour, modulo 15. A forwarded block gives local time, mostly without a zone and
  without seconds, and every zone in use is a multiple of 15 minutes from UTC; so this is what of the time survives
  every route. Empty where no time is known.

What any_route does not survive: a client that writes no minutes, and an HTML-only mail, whose text each client makes in
its own way. It is therefore a way to find a candidate; fingerprint and message_id are exact.
"""

import re
import unicodedata
from datetime import UTC, datetime
from typing import Final

from bcclog._mime.charset import charset_codec
from bcclog._mime.decode import decode_bytes
from bcclog._mime.scan import Index, Part
from bcclog.model import Keys

_LETTERS: Final = 200
KEY_HEAD: Final = 2_048
"""Bytes of text that the letters are taken from."""
_RAW_PER_HEAD: Final = {"base64": 3, "quoted-printable": 8}
"""Raw bytes that hold two decoded ones: base64 with line ends, quoted-printable with every byte encoded."""
_HTML_HEAD: Final = 16 * 2**10
"""HTML looked at for letters where there is no plain text; style sheets stand in front."""
_NOT_ALNUM: Final = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"))
# Anything like `Re:`, `AW:`, `RE[2]:`, `回复：`, `[Fwd:` in front: one word of at most 14 characters and a colon.
_PREFIX: Final = re.compile(r"(?:[\s\[(]*+[^\s:：]{1,14}+\s?+[:：]){1,8}+")
_TAG: Final = re.compile(rb"<[^<>]*+>")
_UNSEEN: Final = re.compile(
    rb"<([Ss][Tt][Yy][Ll][Ee]|[Ss][Cc][Rr][Ii][Pp][Tt]|[Hh][Ee][Aa][Dd]|[Tt][Ii][Tt][Ll][Ee])\b"
)


def letters_of(text: str, most: int = _LETTERS) -> str:
    """The first letters and digits of a text in lower case."""
    if text.isascii():
        return _ascii_letters(text.encode("ascii"), most)
    text = unicodedata.normalize("NFC", text)
    return "".join([char for char in text if char.isalnum()][:most]).lower()


def _ascii_letters(text: bytes, most: int = _LETTERS) -> str:
    return text.translate(None, _NOT_ALNUM)[:most].lower().decode("ascii")


def text_head(index: Index) -> str:
    """The letters of the start of a message's text; of its HTML where it has no plain text. Cheap and bounded."""
    for number in index.text_body:
        part = index.parts[number]
        if part.media_type == "text/plain":
            head = _decoded_head(part, KEY_HEAD)
            return _ascii_letters(head) if _is_plain(head) else letters_of(_text_of(head, part))
    for number in index.html_body:
        part = index.parts[number]
        if part.media_type == "text/html":
            head = _decoded_head(part, _HTML_HEAD)
            if not _is_plain(head):
                head = _text_of(head, part).encode("utf-8", "replace")
            # Most HTML has the letters in its first part; it is cut before a tag, so that they are the same.
            letters = _html_letters(head[: max(head.rfind(b"<", 0, _HTML_HEAD // 4), 0)])
            return letters if len(letters) == _LETTERS else _html_letters(head)
    return ""


def _html_letters(source: bytes) -> str:
    seen = _visible(source)
    return _ascii_letters(seen) if seen.isascii() else letters_of(seen.decode("utf-8", "replace"))


def _decoded_head(part: Part, most: int) -> bytes:
    """The first `most` bytes of a part without its transfer encoding."""
    room = most * _RAW_PER_HEAD.get(part.cte, 2) // 2
    data = part.header.raw[part.body_start : min(part.body_end, part.body_start + room)]
    if part.cte in _RAW_PER_HEAD:
        data = decode_bytes(data, part.cte)[0]
    return data[:most]


def _is_plain(data: bytes) -> bool:
    """Whether the bytes are ASCII in any charset that a mail may declare: no escapes, and no UTF-16."""
    return data.isascii() and b"\x1b" not in data and b"\0" not in data


def _text_of(data: bytes, part: Part) -> str:
    """The text in the declared charset, UTF-8 without one; a character cut at the end is left out."""
    return data.decode(charset_codec(part.charset) or "utf-8", "ignore")


def _visible(source: bytes) -> bytes:
    """HTML without tags, and without what stands in the head; bounded by the caller, for a key only."""
    pieces: list[bytes] = []
    at = 0
    while (unseen := _UNSEEN.search(source, at)) is not None:
        pieces.append(source[at : unseen.start()])
        at = source.find(b"</" + unseen[1], unseen.end())
        if at < 0:
            break
    else:
        pieces.append(source[at:])
    return _TAG.sub(b" ", b"".join(pieces))


def duplicate_keys(
    *, author: str | None, message_id: str | None, sent_at: datetime | None, subject: str | None, letters: str
) -> Keys:
    """The three keys of one mail. author: normalised; letters: as `text_head` or `letters_of` give them."""
    if author is None:
        return Keys()
    subject = subject or ""
    time = _instant(sent_at)
    plain = letters_of(subject, len(subject))
    prefix = _PREFIX.match(subject)
    base = plain if prefix is None else letters_of(subject[prefix.end() :], len(subject))
    quarter = "" if sent_at is None else str(sent_at.minute % 15)
    return Keys(
        message_id=_digest("message_id.1", message_id, author, time, plain) if message_id else None,
        fingerprint=_digest("fingerprint.1", author, time, plain, letters),
        any_route=_digest("any_route.1", author, quarter, base, letters) if base or letters else None,
    )


def _instant(sent_at: datetime | None) -> str:
    if sent_at is None:
        return ""
    if sent_at.tzinfo is None:
        return sent_at.isoformat()
    offset = sent_at.utcoffset()
    # Near year 1 and 9999 an instant has no date in UTC; the time as written then stands.
    if offset is None or not 2 <= sent_at.year <= 9998:
        return sent_at.isoformat()
    return sent_at.astimezone(UTC).isoformat()


def _digest(*parts: str) -> str:
    from hashlib import sha256  # with OpenSSL, a tenth of the cost of importing bcclog

    return sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()
