"""Bytes to text: transfer encodings, character sets, RFC 2047 words, RFC 2231 parameters, RFC 3676 flowed text.

Rules of this room:

- Total and linear: any bytes give text. What was guessed or lost is said by a code, never by an exception.
- A character set's name comes from the peer and is looked up in the closed table below only; a name that is not
  there is unknown. `codecs.lookup` on such names would import modules and reach `zlib_codec` or `idna` (T73).
- ISO-8859-1 and the like are read as the Windows page that contains them, as every mail program does.
- Text leaves with LF line ends only (CRLF and CR are replaced here, once; VT, FF, NEL, U+2028 are not line ends).
  Offsets in text are code points of the text as it leaves.
- No output holds NUL or a lone surrogate: U+FFFD stands there. Header text holds no control character either.

Sole user of the character set guesser (chardet), which is imported when first needed: it costs 40 ms.
"""

import re
from binascii import a2b_base64, a2b_qp
from collections.abc import Mapping
from io import StringIO
from types import MappingProxyType
from typing import Final, NamedTuple

from bcclog.codes import Code
from bcclog.policy import Limits


class Decoded(NamedTuple):
    """A text part decoded. text: LF line ends; charset: the codec used, a Python codec name of the closed table;
    notes: WARN_CHARSET where the set was guessed or bytes were undecodable, WARN_MIME_AMBIGUOUS where the transfer
    encoding is broken, REFUSE_LIMIT_CONTENT where the text was cut at `max_content_chars`."""

    text: str
    notes: tuple[Code, ...]
    charset: str


class HeaderText(NamedTuple):
    """A header field body decoded to one line; as written past `max_encoded_words`."""

    text: str
    notes: tuple[Code, ...]


class Parameters(NamedTuple):
    """MIME parameters: lower-case name -> decoded value."""

    values: Mapping[str, str]
    notes: tuple[Code, ...]


# --- character sets ---------------------------------------------------------------------------------------------

_NAMES: Final = """
ascii: us-ascii ascii ansi-x3.4-1968 iso646-us iso-646-us csascii 646 7bit
cp1252: iso-8859-1 iso8859-1 iso88591 latin1 latin-1 l1 cp819 iso-ir-100 windows-1252 cp1252 x-cp1252 cp-1252 ansi
iso8859_2: iso-8859-2 iso8859-2 latin2 latin-2 l2
iso8859_3: iso-8859-3 iso8859-3 latin3 latin-3
iso8859_4: iso-8859-4 iso8859-4 latin4 latin-4
iso8859_5: iso-8859-5 iso8859-5 cyrillic
iso8859_6: iso-8859-6 iso8859-6 iso-8859-6-i iso-8859-6-e arabic
iso8859_7: iso-8859-7 iso8859-7 greek
iso8859_8: iso-8859-8 iso8859-8 iso-8859-8-i iso-8859-8-e hebrew
cp1254: iso-8859-9 iso8859-9 latin5 latin-5 windows-1254 cp1254 x-cp1254
iso8859_10: iso-8859-10 iso8859-10 latin6 latin-6
cp874: iso-8859-11 iso8859-11 tis-620 tis620 windows-874 cp874 dos-874
iso8859_13: iso-8859-13 iso8859-13
iso8859_14: iso-8859-14 iso8859-14
iso8859_15: iso-8859-15 iso8859-15 latin9 latin-9
iso8859_16: iso-8859-16 iso8859-16
cp1250: windows-1250 cp1250 x-cp1250
cp1251: windows-1251 cp1251 x-cp1251
cp1253: windows-1253 cp1253 x-cp1253
cp1255: windows-1255 cp1255 x-cp1255
cp1256: windows-1256 cp1256 x-cp1256
cp1257: windows-1257 cp1257 x-cp1257
cp1258: windows-1258 cp1258 x-cp1258
koi8_r: koi8-r koi8r koi8 koi cskoi8r
koi8_u: koi8-u koi8u koi8-ru
cp437: cp437 ibm437
cp737: cp737 ibm737
cp775: cp775 ibm775
cp850: cp850 ibm850
cp852: cp852 ibm852
cp855: cp855 ibm855
cp857: cp857 ibm857
cp858: cp858 ibm858
cp862: cp862 ibm862 dos-862
cp866: cp866 ibm866
mac_roman: macintosh mac x-mac-roman macroman mac-roman
mac_latin2: x-mac-ce x-mac-centraleurroman
mac_cyrillic: x-mac-cyrillic x-mac-ukrainian
mac_greek: x-mac-greek
mac_turkish: x-mac-turkish
utf_8: utf-8 utf8 utf-8-sig unicode-1-1-utf-8 utf8mb4 cp65001
utf_16: utf-16 utf16
utf_16_le: utf-16le utf-16-le
utf_16_be: utf-16be utf-16-be
utf_32: utf-32 utf32
utf_32_le: utf-32le utf-32-le
utf_32_be: utf-32be utf-32-be
utf_7: utf-7 utf7 unicode-1-1-utf-7 x-unicode-2-0-utf-7
cp932: shift-jis shift-jisx0213 shiftjis sjis x-sjis ms-kanji windows-31j cp932 ms932 csshiftjis
euc_jp: euc-jp eucjp x-euc-jp x-euc ujis
iso2022_jp_ext: iso-2022-jp csiso2022jp iso-2022-jp-ext cp50220 cp50221
iso2022_jp_2: iso-2022-jp-1 iso-2022-jp-2
iso2022_jp_2004: iso-2022-jp-3 iso-2022-jp-2004
cp949: euc-kr euckr ks-c-5601-1987 ks-c-5601-1989 ks-c-5601 ksc-5601 ksc5601 kscksc5601 korean windows-949 cp949 uhc
iso2022_kr: iso-2022-kr csiso2022kr
johab: johab
gb18030: gb2312 gb-2312-80 gb2312-80 csgb2312 euc-cn gbk x-gbk gb18030 cp936 windows-936 ms936 chinese
hz: hz-gb-2312 hz
cp950: big5 big-5 cn-big5 csbig5 x-x-big5 chinesebig5 cp950 windows-950
big5hkscs: big5-hkscs big5hkscs
kz1048: kz-1048 kz1048
ptcp154: ptcp154 pt154
"""
CHARSETS: Final[Mapping[str, str]] = MappingProxyType(
    {
        name: codec
        for codec, _, names in (line.partition(": ") for line in _NAMES.strip().splitlines())
        for name in names.split()
    }
)
"""Name in lower case, with hyphens for underscores and blanks -> Python codec. The closed table of T73."""

# In these codecs bytes below 128 need not be ASCII: no short cut for pure ASCII. In the ISO 2022 sets and hz they
# are ASCII as long as no escape (ESC, SO, or `~`) occurs.
_NOT_ASCII: Final = frozenset({"utf_16", "utf_16_le", "utf_16_be", "utf_32", "utf_32_le", "utf_32_be", "utf_7"})
_ESCAPES: Final = {
    "iso2022_jp_ext": b"\x1b", "iso2022_jp_2": b"\x1b", "iso2022_jp_2004": b"\x1b", "iso2022_kr": b"\x1b", "hz": b"~"
}  # fmt: skip

_GUESS_SAMPLE: Final = 64 * 1024
"""Bytes shown to the guesser: enough for its statistics, and a bound on its time whatever the size of the part."""
_MAX_CHARSET_NAME: Final = 64
"""Characters of a charset name that are looked at; the longest known has 21."""

_LONE_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")


def charset_codec(name: str | None) -> str | None:
    """The Python codec for a charset name of the mail; None when there is no name or it is not in the table."""
    if not name or len(name) > _MAX_CHARSET_NAME:
        return None
    return CHARSETS.get(name.strip(" \t\"'").lower().replace("_", "-").replace(" ", "-"))


def _has_only_ascii(data: bytes, codec: str | None) -> bool:
    if not data.isascii() or codec in _NOT_ASCII:
        return False
    escape = _ESCAPES.get(codec) if codec else None
    return escape is None or escape not in data


def _utf8(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _guess(data: bytes) -> str:
    """The codec that the bytes look like; Windows-1252 when in doubt. Looks at no more than `_GUESS_SAMPLE` bytes."""
    import chardet  # 40 ms, and few mails need it

    first = _ODD_BYTE.search(data)
    start = max(0, first.start() - 1024) if first else 0
    sample = data[start : start + _GUESS_SAMPLE]
    # Words that are mostly odd bytes are of another script, and are judged alone: the English around a few Russian
    # words would outweigh them. Accents in Latin words need the words around them.
    foreign = b" ".join(word for word in sample.split() if _ODD_RUN.search(word))
    if 2 * len(foreign.translate(None, _ASCII)) > len(foreign):
        sample = foreign
    guess = chardet.detect(sample, encoding_era=chardet.EncodingEra.MODERN_WEB)
    return charset_codec(guess["encoding"]) or "cp1252"


def load_charsets() -> None:
    """Load every codec of the table, and the guesser with its models, which Python does on first use otherwise."""
    for codec in sorted(set(CHARSETS.values())):
        b"x".decode(codec, "replace")
    # The guesser reads a model when a text first gets so far: these ask for all of them.
    for text in (
        "Привет, как дела?".encode("koi8-r"),
        "Grüße aus Köln an alle".encode("latin-1"),
        bytes(range(128, 256)),
    ):
        _guess(text)


_ODD_BYTE: Final = re.compile(rb"[\x80-\xff]")
_ODD_RUN: Final = re.compile(rb"[\x80-\xff]{3}")
_ASCII: Final = bytes(range(128))


_JAPANESE_ESCAPE: Final = re.compile(rb"\x1b\$[@B][!-~]{2}")


def _decode_text(data: bytes, name: str | None, *, may_guess: bool) -> tuple[str, str, bool]:
    """Text, codec used, and whether the set was guessed or something was lost."""
    codec = charset_codec(name)
    lost = False
    if codec in (None, "ascii") and _JAPANESE_ESCAPE.search(data):
        codec, lost = charset_codec("iso-2022-jp"), True  # old Japanese programs send it without a word
    if _has_only_ascii(data, codec):
        return data.decode("ascii"), codec or "ascii", codec is None and bool(name)
    if codec == "utf_16" and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        codec, lost = "utf_16_be", True  # RFC 2781 section 4.3
    elif codec == "utf_32" and data[:4] not in (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff"):
        codec, lost = "utf_32_be", True
    if codec == "cp1252":
        disguised = _utf8_in_disguise(data)
        if disguised is not None:
            return disguised, "utf_8", True
    if codec is not None:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            pass
        else:
            return _no_surrogates(text) if codec == "utf_7" else text, codec, lost
    # The name is unknown or wrong. UTF-8 proves itself; other sets do not.
    proved = _utf8(data)
    if proved is not None:
        return proved, "utf_8", True
    if codec is not None and codec != "ascii":
        # A cut or a few bad bytes in text that otherwise fits: keep the declared set.
        text = data.decode(codec, "replace")
        bad = text.count("\ufffd")
        good = len(text) - len(text.encode("ascii", "ignore")) - bad
        if good >= bad or not may_guess:
            return _no_surrogates(text), codec, True
    codec = _guess(data) if may_guess else "cp1252"
    return _no_surrogates(data.decode(codec, "replace")), codec, True


_UNLIKELY: Final = re.compile("[\u0180-\u019f\u01a2-\u01ae\u01b1-\u0217\u021c-\u036f\u0530-\u058f\u0700-\u08ff]")
"""What UTF-8 makes of capitals with an accent and a no-break space or a quote behind them (`CAFÉ :`, `groß»`)."""

_LIKELY: Final = re.compile("[\u00c0-\u00ff\u2000-\uffff]")
"""A letter of Latin-1, or what takes three bytes, is proof even alone."""


def _utf8_in_disguise(data: bytes) -> str | None:
    """UTF-8 that is declared as Latin-1 or Windows-1252, as programs do that know no other word; None for what is not.

    Text that was really written in those is hardly ever valid UTF-8; where it is, its pairs make letters that nobody
    writes, or one letter alone.
    """
    text = _utf8(data)
    if text is None or _UNLIKELY.search(text):
        return None
    is_alone = len(text) - len(text.encode("ascii", "ignore")) == 1
    return None if is_alone and not _LIKELY.search(text) else text


def _no_surrogates(text: str) -> str:
    return _LONE_SURROGATE.sub("\ufffd", text)


# --- transfer encodings -----------------------------------------------------------------------------------------

_NOT_BASE64: Final = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="))
_BLANKS: Final = b" \t\r\n"
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
    text, codec, lost = _decode_text(data, charset, may_guess=True)
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


# --- header text ------------------------------------------------------------------------------------------------

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
        return HeaderText(text=_finish(_raw_text(raw, notes), notes), notes=tuple(notes))
    pieces: list[str] = []
    run: list[bytes] = []  # decoded bytes of adjacent words of one charset
    run_charset = ""
    position = 0
    for word in words:
        gap = raw[position : word.start()]
        charset = word[1].partition(b"*")[0].lower().decode("ascii", "replace")
        if run and (gap.strip(_BLANKS) or charset != run_charset):
            pieces.append(_word_text(b"".join(run), run_charset, notes))
            run.clear()
        if position == 0 or gap.strip(_BLANKS):
            pieces.append(_raw_text(gap, notes))
        run_charset = charset
        run.append(a2b_qp(word[3], header=True) if word[2] in b"Qq" else _decode_base64(word[3])[0])
        position = word.end()
    if run:
        pieces.append(_word_text(b"".join(run), run_charset, notes))
    pieces.append(_raw_text(raw[position:], notes))
    return HeaderText(text=_finish("".join(pieces), notes), notes=tuple(notes))


def _word_text(data: bytes, charset: str, notes: dict[Code, None]) -> str:
    text, _, lost = _decode_text(data, charset, may_guess=False)
    if lost or "\ufffd" in text:
        notes[Code.WARN_CHARSET] = None
    return text


def _raw_text(data: bytes, notes: dict[Code, None]) -> str:
    text = _utf8(data)
    if text is None:
        notes[Code.WARN_HEADER_8BIT] = None
        text = data.decode("cp1252", "replace")
    return text.replace("\0", "\ufffd")


def _finish(text: str, notes: dict[Code, None]) -> str:
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
    return HeaderText(text=" ".join(_finish(text.replace("\0", "\ufffd"), notes).split()), notes=tuple(notes))


def _one_line(text: str) -> str:
    return _CONTROLS.sub(" ", text).strip(" ")


# --- parameters (RFC 2045, RFC 2231) ----------------------------------------------------------------------------

# `; name = value`: quoted, or anything up to the next `;`. Each `;` starts one run that ends before the next: linear.
_PARAMETER: Final = re.compile(
    rb';[ \t\r\n]*+([^\x00-\x20;="]++)[ \t\r\n]*+=[ \t\r\n]*+(?:"((?:[^"\\]++|\\.)*+)(?:"|\\?\Z)|([^;]*+))', re.DOTALL
)
# A piece that is no parameter at all but looks like a media type.
_BARE_WORD: Final = re.compile(rb";[ \t\r\n]*+[A-Za-z]++/[^;=\"]*+(?:;|\Z)")
_QUOTED_PAIR: Final = re.compile(rb'\\(["\\])')
_CONTINUED: Final = re.compile(rb"([^*]++)\*(?:([0-9]{1,3})(\*?)|)\Z")
_PERCENT: Final = re.compile(rb"%([0-9A-Fa-f]{2})")


def split_parameters(body: bytes, maximum: int) -> list[tuple[bytes, bytes]]:
    """The parameters of a MIME field as written: (lower-case name, value without quotes and folds), in order.

    body: the field body, `type; name=value; ...`. Stops after `maximum` of them (T70). Unquoted values run to the
    next `;`, since programs write file names with blanks so.
    """
    found: list[tuple[bytes, bytes]] = []
    for match in _PARAMETER.finditer(body):
        if len(found) == maximum:
            break
        name, quoted, token = match.groups()
        if quoted is None:
            value = token.strip(_BLANKS)
        else:
            # A backslash that is not before `"` or `\` stays: programs write Windows paths so.
            value = _QUOTED_PAIR.sub(rb"\1", quoted) if b"\\" in quoted else quoted
        if b"\n" in value or b"\r" in value:
            value = value.translate(None, b"\r\n")
        found.append((name.lower(), value))
    return found


# A parameter of most: no blanks but in front, a value that says the same with quotes and without.
_PLAIN_PARAMETER: Final = re.compile(rb';[ \t\r\n]*+([A-Za-z-]++)=(?:([A-Za-z0-9._-]++)|"([A-Za-z0-9._-]++)")(?=;|\Z)')
_PLAIN_VALUE: Final = re.compile(rb"[A-Za-z0-9._-]++")
_NO_PARAMETERS: Final = Parameters(values=MappingProxyType({}), notes=())


def decode_parameters(body: bytes, limits: Limits) -> Parameters:
    """The parameters of a MIME field decoded: RFC 2231 pieces put together, RFC 2047 words (not allowed there, but
    usual) decoded. T70.

    The first of two equal names counts. Pieces count from 0 up to the first gap; indexes have at most three digits.
    `name*` wins over `name` if it decodes. WARN_PARAM where something was dropped or contradicts.
    """
    if b";" not in body:
        return _NO_PARAMETERS
    usual = _PLAIN_PARAMETER.findall(body)
    if len(usual) == body.count(b";") <= limits.max_parameters:
        named = {name.lower().decode("ascii"): (bare or quoted).decode("ascii") for name, bare, quoted in usual}
        if len(named) == len(usual):
            return Parameters(values=MappingProxyType(named), notes=())
    found = split_parameters(body, limits.max_parameters + 1)
    notes: dict[Code, None] = {}
    if len(found) < body.count(b";") and _BARE_WORD.search(body):
        notes[Code.WARN_PARAM] = None  # `text/plain; text/html` (T69)
    if len(found) > limits.max_parameters:
        notes[Code.WARN_PARAM] = None
        del found[-1]
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bytes, bool]]] = {}  # name -> index -> value, is percent-encoded
    for raw_name, value in found:
        name = raw_name.decode("latin-1")
        if "*" in name:
            continued = _CONTINUED.match(raw_name)
            if continued is None:
                notes[Code.WARN_PARAM] = None
                continue
            name = continued[1].decode("latin-1")
            piece = (0, (value, True)) if continued[2] is None else (int(continued[2]), (value, continued[3] == b"*"))
            if pieces.setdefault(name, {}).setdefault(*piece) is not piece[1]:
                notes[Code.WARN_PARAM] = None
        elif name in plain:
            notes[Code.WARN_PARAM] = None
        elif _PLAIN_VALUE.fullmatch(value):  # of most: it says the same either way
            plain[name] = value.decode("ascii")
        else:
            text = decode_header(value, limits)
            plain[name] = text.text
            if text.notes:
                notes.update(dict.fromkeys(text.notes))
    values = dict(plain)
    for name, by_index in pieces.items():
        extended = _join_pieces(by_index, notes)
        if extended is None:
            notes[Code.WARN_PARAM] = None
            continue
        if name in plain and plain[name] != extended:
            notes[Code.WARN_PARAM] = None
            if "\ufffd" in extended:
                continue  # it does not decode
        values[name] = extended
    return Parameters(values=MappingProxyType(values), notes=tuple(notes))


def _join_pieces(by_index: dict[int, tuple[bytes, bool]], notes: dict[Code, None]) -> str | None:
    """The value of RFC 2231 pieces; None when piece 0 is missing or its charset is unknown."""
    joined: list[bytes] = []
    charset: str | None = None
    while (piece := by_index.get(len(joined))) is not None:
        value, is_encoded = piece
        if is_encoded:
            if not joined:
                charset_name, quote, rest = value.partition(b"'")
                if quote:
                    charset = charset_name.decode("ascii", "replace")
                    value = rest.partition(b"'")[2]
            value = _PERCENT.sub(_percent_byte, value)
        joined.append(value)
    if not joined or (charset and charset_codec(charset) is None):
        return None
    if len(joined) < len(by_index):
        notes[Code.WARN_PARAM] = None  # a gap, or an index that is not written plainly
    data = b"".join(joined)
    text = _word_text(data, charset, notes) if charset else _raw_text(data, notes)
    return _finish(text, notes)


def _percent_byte(match: re.Match[bytes]) -> bytes:
    return bytes((int(match[1], 16),))
