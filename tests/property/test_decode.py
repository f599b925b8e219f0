"""Any bytes give clean text; what was encoded by the standard library is decoded to what it was."""

import re
from base64 import encodebytes
from binascii import b2a_qp
from email.header import Header
from email.utils import encode_rfc2231

import hypothesis.strategies as st
from hypothesis import given

from bcclog._mime.charset import CHARSETS
from bcclog._mime.decode import decode_bytes, decode_flowed, decode_part
from bcclog._mime.header_text import decode_header
from bcclog._mime.parameters import decode_parameters
from bcclog.policy import Limits

LIMITS = Limits()
DIRTY = re.compile("[\0\ud800-\udfff]")
CONTROL = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029\u202e\ud800-\udfff]")
BYTES = st.one_of(
    st.binary(max_size=120),
    st.lists(
        st.sampled_from(
            [b"=?", b"?=", b"utf-8", b"?q?", b"?b?", b"=", b"=\r\n", b"=C3", b"QQ", b" ", b"\t", b"\r", b"\n", b"\xc3",
             b"\xa9", b"%", b"%41", b";", b"f*", b"0", b"*=", b"''", b'"', b"\\", b"+ADw-", b"\x1b$B", b"~{", b"\x0e",
             b"\0", b"a"]
        ),
        max_size=25,
    ).map(b"".join),
)  # fmt: skip
CLEAN = st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"]), max_size=60)


@given(BYTES, st.sampled_from(["7bit", "base64", "quoted-printable", "?"]), st.sampled_from([None, "x", *CHARSETS]))
def test_any_bytes_in_any_charset_are_clean_text(data: bytes, cte: str, charset: str | None) -> None:
    decoded = decode_part(data, cte, charset, LIMITS)
    assert not DIRTY.search(decoded.text) and "\r" not in decoded.text
    assert decoded.charset in CHARSETS.values()
    decode_flowed(decoded.text, True)


@given(BYTES)
def test_any_bytes_are_one_clean_line_of_header(data: bytes) -> None:
    text = decode_header(data, LIMITS).text
    assert not CONTROL.search(text) and text == text.strip(" ")


@given(BYTES)
def test_any_bytes_have_clean_parameters(data: bytes) -> None:
    for value in decode_parameters(b"a; " + data, LIMITS).values.values():
        assert not CONTROL.search(value)


@given(st.binary(max_size=200))
def test_transfer_encodings_are_undone(data: bytes) -> None:
    assert decode_bytes(encodebytes(data), "base64") == (data, True)
    # As text the standard library's encoder makes all line ends like the first one.
    assert decode_bytes(b2a_qp(data, quotetabs=True, istext=False), "quoted-printable")[0] == data


@given(CLEAN, st.sampled_from(["utf-8", "utf-16", "gb18030", "utf-7"]))
def test_a_declared_charset_gives_the_text_back(text: str, charset: str) -> None:
    assert decode_part(text.encode(charset), "8bit", charset, LIMITS).text == text.removeprefix("\ufeff")


@given(CLEAN)
def test_encoded_words_of_the_standard_library_are_decoded(text: str) -> None:
    raw = Header(text, "utf-8", maxlinelen=40, header_name="Subject").encode().encode()
    assert decode_header(raw, LIMITS).text == text.strip(" ")


@given(CLEAN.filter(str.strip))
def test_extended_parameters_of_the_standard_library_are_decoded(text: str) -> None:
    raw = b"attachment; filename*=" + encode_rfc2231(text, "utf-8").encode()
    assert decode_parameters(raw, LIMITS).values["filename"] == text.strip(" ")


@given(st.text("ab >-\n", max_size=60))
def test_flowed_text_without_soft_breaks_only_loses_stuffing(text: str) -> None:
    lines = [line.rstrip(" ") for line in text.split("\n")]
    flowed = decode_flowed("\n".join(lines), False).split("\n")
    assert [line.replace(" ", "") for line in flowed] == [line.replace(" ", "") for line in lines]
