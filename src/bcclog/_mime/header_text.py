"""Header fields, and what stands for them in a body, to one clean line: folds, RFC 2047 words, raw bytes, controls.

Total and linear: any bytes give text without control characters, NUL or lone surrogates. What was guessed or lost is
said by a code.
"""

import re
from binascii import a2b_qp
from typing import Final, NamedTuple

from bcclog._mime.charset import as_utf8, decode_text
from bcclog._mime.decode import decode_bytes
from bcclog.codes import Code
from bcclog.policy import Limits


class HeaderText(NamedTuple):
    """A header field body decoded to one line; as written past `max_encoded_words`."""

    text: str
    notes: tuple[Code, ...]


_BLANKS: Final = b" \t\r\n"
_FOLD: Final = re.compile(rb"(?:\r\n?|\n)(?=[ \t])")
_CONTROLS: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# T24: marks that change direction or cannot be seen. They are taken out of names, subjects and file names.
_INVISIBLE: Final = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\U000e0000-\U000e007f]+"
)
# An encoded word, read as leniently as mail programs do: blanks and lone `?` inside are let pass. What it holds ends
# at the next `=?` (unless that is the end `=?=` of a word that itself ends in `=`) or `?=`, so that words which never
# close are each looked at once: linear.
_WORD: Final = re.compile(rb"=\?([^?\x00-\x20=]++)\?([BbQq])\?((?:[^?=]++|\?(?!=)|=(?!\?)|=(?=\?=))*+)\?=")


def decode_header(raw: bytes, limits: Limits) -> HeaderText:
    """Decode the body of an unstructured field, or a phrase, to one clean line.

    raw: folded or unfolded. Unfolds, decodes RFC 2047 words (adjacent ones of one charset joined as bytes first: many
    programs cut inside a character), reads raw 8-bit bytes as UTF-8 if valid, else as Windows-1252
    (WARN_HEADER_8BIT, T11). Runs of control characters become one blank (T15), a raw NUL U+FFFD (T7); invisible and
    direction marks are taken out (WARN_TEXT_BIDI, T24). Past `limits.max_encoded_words` nothing is decoded
    (WARN_HEADER_MALFORMED). Linear.
    """
    if b"\n" in raw or b"\r" in raw:
        raw = _FOLD.sub(b"", raw)
    if b"=?" not in raw and raw.isascii():
        text = raw.decode("ascii").strip(" ")
        if text.isprintable():
            return HeaderText(text=text, notes=())
        return HeaderText(text=_one_line(text.replace("\0", "\ufffd")), notes=())
    notes: dict[Code, None] = {}
    words = list(_WORD.finditer(raw)) if raw.count(b"=?") <= 4 * limits.max_encoded_words else None
    if words is None or len(words) > limits.max_encoded_words:
        notes[Code.WARN_HEADER_MALFORMED] = None
        return HeaderText(text=clean(raw_text(raw, notes), notes), notes=tuple(notes))
    pieces: list[str] = []
    run: list[bytes] = []  # decoded bytes of adjacent words of one charset
    run_charset = ""
    position = 0
    for word in words:
        gap = raw[position : word.start()]
        charset = word[1].partition(b"*")[0].lower().decode("ascii", "replace")
        if run and (gap.strip(_BLANKS) or charset != run_charset):
            pieces.append(word_text(b"".join(run), run_charset, notes))
            run.clear()
        if position == 0 or gap.strip(_BLANKS):
            pieces.append(raw_text(gap, notes))
        run_charset = charset
        run.append(a2b_qp(word[3], header=True) if word[2] in b"Qq" else decode_bytes(word[3], "base64")[0])
        position = word.end()
    if run:
        pieces.append(word_text(b"".join(run), run_charset, notes))
    pieces.append(raw_text(raw[position:], notes))
    return HeaderText(text=clean("".join(pieces), notes), notes=tuple(notes))


def word_text(data: bytes, charset: str, notes: dict[Code, None]) -> str:
    text, _, lost = decode_text(data, charset, may_guess=False)
    if lost or "\ufffd" in text:
        notes[Code.WARN_CHARSET] = None
    return text


def raw_text(data: bytes, notes: dict[Code, None]) -> str:
    text = as_utf8(data)
    if text is None:
        notes[Code.WARN_HEADER_8BIT] = None
        text = data.decode("cp1252", "replace")
    return text.replace("\0", "\ufffd")


def clean(text: str, notes: dict[Code, None]) -> str:
    text, count = _INVISIBLE.subn("", text)
    if count:
        notes[Code.WARN_TEXT_BIDI] = None
    return _one_line(text)


def clean_line(text: str) -> HeaderText:
    """Text from a body as a value of one line, by the rules of `decode_header`: what a client wrote of a field into a
    forwarded block and the field itself come out alike (T7, T15, T24)."""
    if text.isascii() and text.isprintable():
        return HeaderText(text=" ".join(text.split()), notes=())
    notes: dict[Code, None] = {}
    return HeaderText(text=" ".join(clean(text.replace("\0", "\ufffd"), notes).split()), notes=tuple(notes))


def _one_line(text: str) -> str:
    return _CONTROLS.sub(" ", text).strip(" ")
