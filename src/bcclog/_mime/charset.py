"""Bytes to text by character set.

- A character set's name comes from the peer and is looked up in the closed table below only; a name that is not
  there is unknown. `codecs.lookup` on such names would import modules and reach `zlib_codec` or `idna` (T73).
- ISO-8859-1 and the like are read as the Windows page that contains them, as every mail program does.

Sole user of the character set guesser (chardet), which is imported when first needed: it costs 40 ms.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

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


def as_utf8(data: bytes) -> str | None:
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


def decode_text(data: bytes, name: str | None, *, may_guess: bool) -> tuple[str, str, bool]:
    """The text of bytes that claim a character set: the text, the codec used, and whether the set was guessed or
    something was lost. may_guess: ask the guesser where neither the name nor UTF-8 fits; else Windows-1252 is taken."""
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
            once = _encoded_once(text) if codec == "utf_8" else None
            if once is not None:
                return once, codec, True
            return _no_surrogates(text) if codec == "utf_7" else text, codec, lost
    # The name is unknown or wrong. UTF-8 proves itself; other sets do not.
    proved = as_utf8(data)
    if proved is not None:
        return _encoded_once(proved) or proved, "utf_8", True
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
    text = as_utf8(data)
    if text is None or _UNLIKELY.search(text):
        return None
    is_alone = len(text) - len(text.encode("ascii", "ignore")) == 1
    return None if is_alone and not _LIKELY.search(text) else text


_TWICE: Final = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)
"""The first two characters that one becomes whose UTF-8 is read as Windows-1252 (`Ã©`, `â€™`)."""
_TO_LATIN1: Final = {
    ord(char): byte for byte in range(0x80, 0xA0) if (char := bytes((byte,)).decode("cp1252", "replace")) != "\ufffd"
}


def _encoded_once(text: str) -> str | None:
    """What was encoded as UTF-8 twice, as it was (`EnvoyÃ© :`); None for any other text, and for one of which only a
    part was: the rest says that the text is meant as it stands."""
    if text.isascii() or _TWICE.search(text) is None:
        return None
    try:
        data = text.translate(_TO_LATIN1).encode("latin-1")
    except UnicodeEncodeError:
        return None
    once = _utf8_in_disguise(data)
    # `AMANHÃ` with a no-break space behind it is `Ã ` too, and in a text of capitals all that is not ASCII.
    return None if once is None or {char for char in once if char > "~"} == {"à"} else once


def _no_surrogates(text: str) -> str:
    return _LONE_SURROGATE.sub("\ufffd", text)
