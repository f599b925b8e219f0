"""Bytes to text: transfer encodings, character sets, encoded words, parameters, flowed text."""

import codecs

import pytest

from bcclog._mime.charset import CHARSETS, charset_codec
from bcclog._mime.decode import decode_bytes, decode_flowed, decode_part
from bcclog._mime.header_text import decode_header
from bcclog._mime.parameters import decode_parameters
from bcclog.codes import Code
from bcclog.policy import Limits

LIMITS = Limits()
GUESSED = (Code.WARN_CHARSET,)


def header(raw: bytes) -> str:
    return decode_header(raw, LIMITS).text


def params(raw: bytes) -> dict[str, str]:
    return dict(decode_parameters(raw, LIMITS).values)


# --- transfer encodings -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "expected", "in_order"),
    [
        (b"Zm9v\r\nYmE=\r\n", b"fooba", True),
        (b"Zm9vYmE", b"fooba", False),
        (b"Z m!9\xffv", b"foo", True),
        (b"Zm9vY", b"foo", False),
        (b"Zg==\n____\nfooter", b"f", False),
        (b"Zm=9v", b"f", False),
        (b"====", b"", False),
        (b"", b"", True),
    ],
)
def test_T72_base64_is_read_leniently_up_to_its_first_padding(data: bytes, expected: bytes, in_order: bool) -> None:
    assert decode_bytes(data, "base64") == (expected, in_order)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"a=3Db=\r\nc=\nd", b"a=bcd"),
        (b"a= \t\r\nb=\rc", b"abc"),
        (b"=ZZ =4", b"=ZZ =4"),
        (b"end=", b"end"),
        (b"==\n41", b"=\n41"),
        (b"x=0AFrom: y", b"x\nFrom: y"),
        (b"a \r\nb", b"a \r\nb"),
    ],
)
def test_T71_quoted_printable(data: bytes, expected: bytes) -> None:
    assert decode_bytes(data, "quoted-printable") == (expected, True)


def test_other_encodings_leave_the_bytes() -> None:
    for cte in ("7bit", "8bit", "binary", "x-uuencode", ""):
        assert decode_bytes(b"begin 644 x\n=41", cte) == (b"begin 644 x\n=41", True)


# --- character sets ---------------------------------------------------------------------------------------------


def test_T73_every_codec_of_the_table_exists_and_every_name_is_normal() -> None:
    for name, codec in CHARSETS.items():
        assert codecs.lookup(codec).name
        assert charset_codec(name.upper().replace("-", "_")) == codec


@pytest.mark.parametrize(
    "name",
    ["zlib_codec", "rot13", "idna", "undefined", "unicode_escape", "x\0y", "", None, "cp037", "hex", "x" * 10_000],
)
def test_T73_names_outside_the_table_are_unknown(name: str | None) -> None:
    assert charset_codec(name) is None
    assert decode_part(b"caf\xc3\xa9", "8bit", name, LIMITS).text == "café"


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("iso-8859-1", "café – “x” €"),
        ("ISO_8859-9", "İyi ğ"),
        ("GB2312", "中国〇㑇"),
        ("ks_c_5601-1987", "안녕 똠"),
        ("Shift_JIS", "日本①"),
        ("ISO-2022-JP", "日本語 abc"),
        ("iso-2022-kr", "안녕"),
        ("big5", "香港"),
        ("big5-hkscs", "香港嘅"),
        ("tis-620", "สวัสดี"),
        ("koi8-u", "Привіт ї"),
        ("windows-1255", "שלום"),
        ("euc-jp", "日本"),
        ("iso-8859-15", "€"),
    ],
)
def test_T73_a_declared_charset_is_used(charset: str, text: str) -> None:
    decoded = decode_part(text.encode(CHARSETS[charset.lower().replace("_", "-")]), "8bit", charset, LIMITS)
    assert (decoded.text, decoded.notes) == (text, ())


def test_T73_ascii_declared_but_8_bit_is_utf_8_if_valid() -> None:
    decoded = decode_part("naïve".encode(), "8bit", "us-ascii", LIMITS)
    assert (decoded.text, decoded.charset, decoded.notes) == ("naïve", "utf_8", GUESSED)


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("Größe der Straße in München, schöne Grüße", "cp1252"),
        ("Hello Kim, see below what Ivan wrote to us yesterday.\n\nДобрый день, спасибо за письмо", "cp1251"),
        ("Привет, как дела? Спасибо за письмо", "koi8_r"),
        ("Καλημέρα σας, ευχαριστώ πολύ", "cp1253"),
        ("こんにちは、山田です。", "cp932"),
        ("Please read: 您好，謝謝您的來信", "cp950"),
    ],
)
def test_T73_an_undeclared_charset_is_guessed_and_said_so(text: str, codec: str) -> None:
    decoded = decode_part(text.encode(codec), "8bit", None, LIMITS)
    assert (decoded.text, decoded.notes) == (text, GUESSED)


def test_T73_a_few_bad_bytes_keep_the_declared_charset() -> None:
    decoded = decode_part("été à Noël".encode() + b"\xff", "8bit", "utf-8", LIMITS)
    assert (decoded.text, decoded.charset, decoded.notes) == ("été à Noël\ufffd", "utf_8", GUESSED)


def test_T73_utf_7_and_utf_16_are_decoded_and_named() -> None:
    assert decode_part(b"+ADw-b+AD4-", "7bit", "UTF-7", LIMITS).charset == "utf_7"
    assert decode_part(b"+ADw-b+AD4-", "7bit", "UTF-7", LIMITS).text == "<b>"
    assert decode_part("ab".encode("utf-16"), "8bit", "utf-16", LIMITS).text == "ab"
    without_mark = decode_part("ab".encode("utf-16-be"), "8bit", "utf-16", LIMITS)
    assert (without_mark.text, without_mark.notes) == ("ab", GUESSED)


@pytest.mark.parametrize("data", [b"\x00a", b"\x00"])
def test_outputs_hold_no_nul_and_no_lone_surrogate(data: bytes) -> None:
    assert "\0" not in decode_part(data, "8bit", None, LIMITS).text
    assert decode_part(b"+2AA-", "7bit", "utf-7", LIMITS).text == "\ufffd"


def test_a_byte_order_mark_is_dropped_and_line_ends_become_lf() -> None:
    decoded = decode_part(b"\xef\xbb\xbfa\r\nb\rc\nd\x0be\xc2\x85f", "8bit", "utf-8", LIMITS)
    assert (decoded.text, decoded.notes) == ("a\nb\nc\nd\x0be\x85f", ())


def test_text_past_the_limit_is_cut_before_all_of_it_is_decoded() -> None:
    limits = Limits(max_content_chars=10)
    assert decode_part(b"x" * 10, "7bit", None, limits).notes == ()
    assert decode_part(b"x" * 11, "7bit", None, limits).notes == (Code.REFUSE_LIMIT_CONTENT,)
    assert decode_part("é".encode() * 10**6, "8bit", "utf-8", limits).text == "é" * 10
    assert decode_part(b"e\nA\n=\n" * 10**6, "base64", None, limits).text == "x"
    assert Code.REFUSE_LIMIT_CONTENT in decode_part(b"eHh4" * 10**6, "base64", None, limits).notes


# --- flowed text ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "delsp", "expected"),
    [
        ("a \nb\nc", False, "a b\nc"),
        ("ab \ncd", True, "abcd"),
        ("> a \n> b\n>> c \n> d", False, "> a b\n>> c \n> d"),
        (" From x\n >y\n  z", False, "From x\n>y\n z"),
        ("text \n-- \nKim", False, "text \n-- \nKim"),
        ("> -- \n> x", False, "> -- \n> x"),
        (">\n>a", False, ">\n> a"),
        ("last ", False, "last "),
        ("", False, ""),
        ("a\n\n \nb", False, "a\n\n\nb"),
    ],
)
def test_flowed_text(text: str, delsp: bool, expected: str) -> None:
    assert decode_flowed(text, delsp) == expected


# --- header text ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"plain", "plain"),
        (b" folded\r\n\tline\n  x ", "folded line  x"),
        (b"=?utf-8?Q?caf=C3=A9_au?= lait", "café au lait"),
        (b"=?utf-8?q?a?= =?utf-8?q?b?=\r\n =?iso-8859-1?q?=E9?= c", "abé c"),
        (b"=?utf-8?b?w6k=?= =?utf-8?B?w6k=?=", "éé"),
        (b"=?utf-8?q?=C3?= =?utf-8?q?=A9?=", "é"),
        (b"=?UTF-8*fr?q?=C3=A9?=", "é"),
        (b"x=?utf-8?q?a?=y", "xay"),
        (b"=?utf-8?q?a b?c?=", "a b?c"),
        (b"=?utf-8?q?open =?utf-8?q?x?=", "=?utf-8?q?open x"),
        (b"=?gb2312?B?1tC5+g==?=", "中国"),
        (b"=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本"),
        (b"=?utf-8?x?a?= =??q?a?=", "=?utf-8?x?a?= =??q?a?="),
        (b"caf\xc3\xa9", "café"),
        (b"", ""),
    ],
)
def test_header_text(raw: bytes, text: str) -> None:
    decoded = decode_header(raw, LIMITS)
    assert (decoded.text, decoded.notes) == (text, ())


def test_T15_control_characters_become_one_blank() -> None:
    assert header(b"=?utf-8?q?a=0D=0ABcc:_E=00=09x=E2=80=A8y?=") == "a Bcc: E x y"
    assert header(b"a\x1b[2J\x7f\tb") == "a [2J b"


def test_T7_a_raw_nul_becomes_a_replacement_character() -> None:
    assert header(b"rep\0@x") == header(b"rep\0@x =?utf-8?q??=") == "rep\ufffd@x"


def test_T24_invisible_and_direction_marks_are_taken_out() -> None:
    decoded = decode_header("a\u202egnp.\u200bexe\u00ad\ufeff\U000e0041".encode(), LIMITS)
    assert (decoded.text, decoded.notes) == ("agnp.exe", (Code.WARN_TEXT_BIDI,))


@pytest.mark.parametrize(
    ("raw", "text"), [(b"caf\xe9", "café"), (b"\xc0\x80", "À€"), (b"\xff", "ÿ"), (b"\x81", "\ufffd")]
)
def test_T11_raw_bytes_that_are_not_utf_8_are_windows_1252(raw: bytes, text: str) -> None:
    decoded = decode_header(raw, LIMITS)
    assert (decoded.text, decoded.notes) == (text, (Code.WARN_HEADER_8BIT,))


def test_an_unknown_charset_in_a_word_is_noted() -> None:
    decoded = decode_header(b"=?x-unknown?q?caf=E9?=", LIMITS)
    assert (decoded.text, decoded.notes) == ("café", GUESSED)


def test_past_the_limit_of_words_a_field_is_given_as_written() -> None:
    raw = b"=?utf-8?q?a?= " * 1_000
    assert decode_header(raw, LIMITS).notes == ()
    over = decode_header(raw + b"=?utf-8?q?a?=", LIMITS)
    assert over.text.startswith("=?utf-8?q?a?= ")
    assert over.notes == (Code.WARN_HEADER_MALFORMED,)


# --- parameters -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b'a/b; charset=utf-8 ; X="q\\"; y"', {"charset": "utf-8", "x": 'q"; y'}),
        (b"a; filename=my file (1).pdf", {"filename": "my file (1).pdf"}),
        (b'a; filename="C:\\dir\\a.txt"', {"filename": "C:\\dir\\a.txt"}),
        (b"a; f*=utf-8''%e2%82%ac%20x", {"f": "€ x"}),
        (b"a; f*1=b; f*0=a; f*2*=%63", {"f": "abc"}),
        (b"a; f*0*=utf-8'en'%c3; f*1*=%a9; f*2=%41", {"f": "é%41"}),
        (b'a; f="=?utf-8?q?=C3=A9?="', {"f": "é"}),
        (b"a; f=caf\xc3\xa9", {"f": "café"}),
        (b'a; f="open', {"f": "open"}),
        (b'a; f="x\r\n y"; ; g = h', {"f": "x y", "g": "h"}),
        (b"a", {}),
    ],
)
def test_parameters(raw: bytes, expected: dict[str, str]) -> None:
    found = decode_parameters(raw, LIMITS)
    assert (dict(found.values), found.notes) == (expected, ())


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"a; f*0=a; f*2=c", {"f": "a"}),
        (b"a; f*1=b", {}),
        (b"a; f*9999999999*=x; g=1", {"g": "1"}),
        (b"a; f=x; f*=utf-8''y", {"f": "y"}),
        (b"a; f=x; f*=nonsense''y", {"f": "x"}),
        (b"a; f=x; F=y", {"f": "x"}),
        (b"a; f*0=x; f*0=y", {"f": "x"}),
        (b"text/plain; text/html", {}),
    ],
)
def test_T70_pieces_stop_at_a_gap_and_contradictions_are_noted(raw: bytes, expected: dict[str, str]) -> None:
    found = decode_parameters(raw, LIMITS)
    assert (dict(found.values), found.notes) == (expected, (Code.WARN_PARAM,))


def test_T70_percent_garbage_stays() -> None:
    assert params(b"a; f*=utf-8''%zz%4%41%") == {"f": "%zz%4A%"}


def test_T70_parameters_past_the_limit_are_dropped() -> None:
    found = decode_parameters(b"a" + b"".join(b"; p%d=x" % i for i in range(101)), LIMITS)
    assert len(found.values) == 100 and found.notes == (Code.WARN_PARAM,)


def test_T75_a_file_name_holds_no_control_or_direction_mark() -> None:
    assert params(b"a; filename*=utf-8''a%0D%0A%E2%80%AEb%00") == {"filename": "a b"}


@pytest.mark.parametrize("charset", [None, "us-ascii"])
def test_T73_japanese_text_that_names_no_set_is_known_by_its_escapes(charset: str | None) -> None:
    found = decode_part("高木 <takagi@customer.example>\n".encode("iso-2022-jp"), "7bit", charset, Limits())
    assert (found.text, found.notes) == ("高木 <takagi@customer.example>\n", (Code.WARN_CHARSET,))


def test_T73_an_escape_alone_is_no_japanese() -> None:
    assert decode_part(b"\x1b$B costs \x1b(B", "7bit", None, Limits()).text == "\x1b$B costs \x1b(B"


@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1252"])
@pytest.mark.parametrize("written", ["Grüße", "naïve café", "Привет, Ким", "日本語", "5 €", "Cieszę się"])
def test_T73_utf_8_in_disguise_is_read_and_said(declared: str, written: str) -> None:
    decoded = decode_part(written.encode(), "8bit", declared, Limits())
    assert (decoded.text, decoded.notes) == (written, (Code.WARN_CHARSET,))


@pytest.mark.parametrize(
    "written", ["Grüße", "CAFÉ\u00a0: 3", "groß«", "Ä", "Š\u00a0", "Å ©", "ÄÖÜ", "»groß«", "naïve – ok"]
)
def test_T73_text_in_the_set_that_it_declares_stays(written: str) -> None:
    decoded = decode_part(written.encode("cp1252"), "8bit", "windows-1252", Limits())
    assert (decoded.text, decoded.notes) == (written, ())


@pytest.mark.parametrize("declared", ["utf-8", None])
@pytest.mark.parametrize("as_read", ["cp1252", "latin-1"])
@pytest.mark.parametrize(
    "written", ["Envoyé : lundi\u00a0», Jérôme", "naïve café", "Привет, Ким", "日本語", "Cieszę się", "it’s – 5 €"]
)
def test_T73_utf_8_that_was_encoded_twice_is_read_and_said(written: str, as_read: str, declared: str | None) -> None:
    twice = "".join(_misread(byte, as_read) for byte in written.encode())
    decoded = decode_part(twice.encode(), "8bit", declared, Limits())
    assert (decoded.text, decoded.notes) == (written, (Code.WARN_CHARSET,))


def _misread(byte: int, charset: str) -> str:
    """A byte in a set as programs read it: Windows-1252 has none for five, which stay what they are in Latin-1."""
    try:
        return bytes((byte,)).decode(charset)
    except UnicodeDecodeError:
        return chr(byte)


@pytest.mark.parametrize(
    "written", ["Grüße", "it shows Ã© for é", "AMANHÃ\u00a0?", "CAFÉ\u00a0: 3", "Ä", "Å ©", "Â", "São Paulo – Ã©"]
)
def test_T73_utf_8_that_only_looks_encoded_twice_stays(written: str) -> None:
    decoded = decode_part(written.encode(), "8bit", "utf-8", Limits())
    assert (decoded.text, decoded.notes) == (written, ())
