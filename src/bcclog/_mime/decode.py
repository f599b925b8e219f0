"""Bodies to text: transfer encodings and RFC 3676 flowed text.

- Total and linear: any bytes give text. What was guessed or lost is said by a code, never by an exception.
- Text leaves with LF line ends only (CRLF and CR are replaced here, once; VT, FF, NEL, U+2028 are not line ends).
  Offsets in text are code points of the text as it leaves.
- No text holds NUL or a lone surrogate: U+FFFD stands there.
"""

import re
from binascii import a2b_base64, a2b_qp
from io import StringIO
from typing import Final, NamedTuple

from bcclog._mime.charset import decode_text
from bcclog.codes import Code
from bcclog.policy import Limits


class Decoded(NamedTuple):
    """A text part decoded. text: LF line ends; charset: the codec used, a Python codec name of the closed table;
    notes: WARN_CHARSET where the set was guessed or bytes were undecodable, WARN_MIME_AMBIGUOUS where the transfer
    encoding is broken, REFUSE_LIMIT_CONTENT where the text was cut at `max_content_chars`."""

    text: str
    notes: tuple[Code, ...]
    charset: str


_NOT_BASE64: Final = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="))
_CHUNK: Final = 2**16
"""Bytes worked on in one go where the work takes many times their memory."""

# A soft line break that a2b_qp would not see as one: blanks after the `=`, or a bare CR (it then skips to the next
# LF). One `=` starts one run, and runs do not overlap: linear (T71).
_ODD_SOFT_BREAK: Final = re.compile(rb"=(?:[ \t]++(?:\r\n?|\n)|\r(?!\n))")


def decode_bytes(data: bytes, cte: str) -> tuple[bytes, bool]:
    """Undo a transfer encoding: the bytes, and whether the encoding was in order.

    cte: in lower case; anything but `base64` and `quoted-printable` leaves the bytes as they are. Lenient and linear
    (T71, T72): base64 ends at the first `=`, what is not of its alphabet is passed over, and a last lone character is
    dropped; a `=` of quoted-printable that starts nothing stays.
    """
    if cte == "base64":
        return _decode_base64(data)
    if cte == "quoted-printable":
        if _ODD_SOFT_BREAK.search(data):
            data = _mend_soft_breaks(data)
        return a2b_qp(data), True
    return data, True


def _mend_soft_breaks(data: bytes) -> bytes:
    # In chunks that begin with `=`, as what is replaced does: the pieces of millions of replacements at once would
    # take fifty times the memory of the text.
    mended: list[bytes] = []
    start = 0
    while start < len(data):
        end = data.find(b"=", start + _CHUNK)
        if end < 0:
            end = len(data)
        mended.append(_ODD_SOFT_BREAK.sub(b"=\n", data[start:end]))
        start = end
    return b"".join(mended)


def _decode_base64(data: bytes) -> tuple[bytes, bool]:
    clean = data.translate(None, _NOT_BASE64)
    end = clean.find(b"=")
    in_order = len(clean) % 4 == 0
    if end >= 0:
        in_order = in_order and not clean[end:].strip(b"=") and len(clean) - end <= 2
        clean = clean[:end]
    if len(clean) % 4 == 1:
        clean = clean[:-1]
    return a2b_base64(clean + b"=" * (-len(clean) % 4)), in_order


_OTHER_LINE_ENDS: Final = re.compile("[\x85\u2028\u2029]")


def decode_part(raw_slice: bytes, cte: str, charset: str | None, limits: Limits) -> Decoded:
    """Decode the body of one text part.

    raw_slice: the body as in the mail; cte: transfer encoding in lower case; charset: as declared, or None.
    Never decodes more than `limits.max_content_chars` can need: past it the text is cut and REFUSE_LIMIT_CONTENT is
    in the notes. An unknown or wrong charset becomes UTF-8 if the bytes are valid UTF-8, else what the guesser says,
    else Windows-1252; undecodable bytes become U+FFFD; both give WARN_CHARSET. T71-T73.
    """
    notes = []
    is_cut = False
    # A character takes at most 4 bytes in any set of weight, and a byte at most 3 in an encoding without folly
    # (4 for one-character lines of base64); with twice that nobody's text is cut before the count below cuts it.
    most_raw, most = 32 * limits.max_content_chars, 4 * limits.max_content_chars + 4
    if len(raw_slice) > most_raw:
        raw_slice, is_cut = raw_slice[:most_raw], True
    data, in_order = decode_bytes(raw_slice, cte)
    if not in_order:
        notes.append(Code.WARN_MIME_AMBIGUOUS)
    if len(data) > most:
        data, is_cut = data[:most], True
    text, codec, lost = decode_text(data, charset, may_guess=True)
    if text[:1] == "\ufeff":
        text = text[1:]
    if "\r" in text:
        # Gateways that turn LF into CR LF a second time make CR CR LF of a line end.
        text = text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii() and "\n" not in text.rstrip("\n"):
        text = _OTHER_LINE_ENDS.sub("\n", text)  # a text without any other (EBCDIC hosts end lines with NEL)
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
        lost = True
    if len(text) > limits.max_content_chars:
        text, is_cut = text[: limits.max_content_chars], True
    if lost or "\ufffd" in text:
        notes.append(Code.WARN_CHARSET)
    if is_cut:
        notes.append(Code.REFUSE_LIMIT_CONTENT)
    return Decoded(text=text, notes=tuple(notes), charset=codec)


# --- flowed text (RFC 3676) -------------------------------------------------------------------------------------


def decode_flowed(text: str, delsp: bool) -> str:
    """Join the soft breaks of `format=flowed` text and take its space-stuffing off. Linear.

    text: LF line ends, as from `decode_part`. A soft break is never joined across quote depths (section 4.5), and
    the signature line `-- ` never (section 4.3). Quoted lines leave as `>` marks, one blank, text.
    """
    if not (" \n" in text or "\n " in text or "\n>" in text or text[-1:] == " " or text[:1] in (" ", ">")):
        return text  # nothing is wrapped, stuffed or quoted
    joined = StringIO()  # lists of short lines would take twenty times the text
    depth = 0
    is_soft = False
    start = 0
    while start <= len(text):
        end = text.find("\n", start)
        if end < 0:
            end = len(text)
        body = text[start:end]
        marks = 0
        if body[:1] == ">":
            body = body.lstrip(">")
            marks = end - start - len(body)
        if body[:1] == " ":
            body = body[1:]
        is_signature = body == "-- "
        if not is_soft or marks != depth or is_signature:
            if start:
                joined.write("\n")
            if marks:
                joined.write(">" * marks + " " if body else ">" * marks)
        depth = marks
        is_soft = body[-1:] == " " and not is_signature
        joined.write(body[:-1] if is_soft and delsp else body)
        start = end + 1
    return joined.getvalue()
