"""Any bytes have an index; line ends, wrapping and encodings do not change what it says."""

from base64 import encodebytes

import hypothesis.strategies as st
from hypothesis import given

from bcclog._mime.decode import decode_bytes
from bcclog._mime.header import _read_lines, read_header
from bcclog._mime.scan import decoded_size, scan, scan_message
from bcclog.policy import Limits

LIMITS = Limits()
TIGHT = Limits(max_header_bytes=60, max_field_bytes=20, max_fields=4, max_parts=5, max_depth=2)

PIECES = st.sampled_from(
    [b"From: a@b.example", b"from", b"From :x", b"X", b":", b" ", b"\t", b"\r", b"\n", b"\r\n", b"\r\n\r\n", b"\0",
     b"--", b"--b", b"--b--", b"--c", b"\n--b\n", b"\n--c\n", b"Content-Type: multipart/mixed; boundary=b\n",
     b"=", b"\xe9", b'"',
     b"Content-Type: multipart/digest; boundary=c\n", b"Content-Type: message/rfc822\n", b"From x\n", b">From y",
     b"Content-Transfer-Encoding: base64\n", b"Content-Transfer-Encoding: quoted-printable\r\n", b"QUJD", b"=41",
     b"Content-Disposition: attachment; filename*0=a; filename*2=b\n"]
)  # fmt: skip
MAIL = st.one_of(st.binary(max_size=200), st.lists(PIECES, max_size=30).map(b"".join))


@given(MAIL, st.sampled_from([LIMITS, TIGHT]))
def test_any_bytes_have_an_index_within_them(raw: bytes, limits: Limits) -> None:
    index = scan(raw, limits)
    for name, name_start, start, end in index.fields:
        assert raw[name_start : start - 1].lower() == name and start <= end <= index.body_start
    for code, start, end in index.notes:
        assert code and 0 <= start <= end <= len(raw)
    bodies = [*index.text_body, *index.html_body, *index.attachments]
    for number, part in enumerate(index.parts):
        assert part.index == number > part.parent
        assert part.start <= part.body_start <= part.body_end <= len(raw)
        assert decoded_size(part) == len(decode_bytes(part.raw_body(), part.cte)[0])
        assert part.media_type.startswith("multipart/") or number in bodies
        assert (part.filename, part.charset, part.content_id) is not None
        if part.is_message:
            assert scan_message(part, limits, index.nesting).nesting == 1
        if number:
            outer = index.parts[part.parent]
            assert outer.body_start <= part.start and part.body_end <= outer.body_end
            assert part.depth == outer.depth + 1 <= limits.max_depth
    if index.refusal is None or index.parts:
        assert 1 <= len(index.parts) <= limits.max_parts


@given(MAIL)
def test_the_short_way_through_a_plain_header_sees_what_the_long_way_sees(raw: bytes) -> None:
    short, long = [], []
    a = read_header(raw, 0, len(raw), LIMITS, short, is_message=True)
    b = _read_lines(raw, 0, len(raw), len(raw), LIMITS, long, True)
    assert short == long
    assert a is not None and b is not None
    assert (a.fields, a.end, a.body_start, a.mime_words()) == (b.fields, b.end, b.body_start, b.mime_words())
    fresh = read_header(raw, 0, len(raw), LIMITS, [], is_message=True)
    assert fresh is not None
    for name in {field[0] for field in b.fields} | {b"from", b"x"}:
        assert (fresh.first(name), fresh.all(name)) == (b.first(name), b.all(name))


@given(MAIL)
def test_fields_found_by_name_are_the_fields_listed(raw: bytes) -> None:
    index, listed = scan(raw, LIMITS), scan(raw, LIMITS).fields
    for name in {field[0] for field in listed}:
        assert index.all(name) == tuple(field for field in listed if field[0] == name)


LEAF = st.tuples(
    st.sampled_from(["text/plain", "text/html", "image/png", "application/pdf", "message/rfc822"]),
    st.lists(st.sampled_from([b"", b"text", b"--", b"--x", b"From: x", b" ", b"--b1x", b"..."]), max_size=5),
)
TREE = st.recursive(LEAF, lambda inner: st.lists(inner, min_size=1, max_size=4), max_leaves=12)


def build(tree: object, eol: bytes, counter: list[int]) -> bytes:
    """A well-formed entity: a leaf as (media type, lines), a multipart as a list."""
    if isinstance(tree, tuple):
        return b"Content-Type: " + tree[0].encode() + eol + eol + eol.join(tree[1])
    assert isinstance(tree, list)
    counter[0] += 1
    boundary = b"b%d" % counter[0]
    parts = b"".join(b"--" + boundary + eol + build(inner, eol, counter) + eol for inner in tree)
    return b"Content-Type: multipart/mixed; boundary=" + boundary + eol + eol + parts + b"--" + boundary + b"--" + eol


def leaves(tree: object, eol: bytes) -> list[tuple[str, bytes]]:
    if isinstance(tree, tuple):
        return [(tree[0], eol.join(tree[1]))]
    assert isinstance(tree, list)
    return [leaf for inner in tree for leaf in leaves(inner, eol)]


@given(TREE, st.sampled_from([b"\r\n", b"\n", b"\r"]))
def test_P9_a_written_tree_is_read_back_with_any_line_end(tree: object, eol: bytes) -> None:
    index = scan(b"From: a@b.example" + eol + build(tree, eol, [0]), LIMITS)
    single = [part for part in index.parts if not part.media_type.startswith("multipart/")]
    assert [(part.media_type, part.raw_body()) for part in single] == leaves(tree, eol)
    assert index.notes == []


@given(st.binary(max_size=300), st.integers(0, 3))
def test_T74_the_size_of_base64_is_that_of_what_was_encoded(data: bytes, cut: int) -> None:
    body = encodebytes(data)
    raw = b"Content-Transfer-Encoding: base64\n\n" + body[: len(body) - cut]
    part = scan(raw, LIMITS).parts[0]
    assert decoded_size(part) == len(decode_bytes(part.raw_body(), "base64")[0])
    if not cut:
        assert decoded_size(part) == len(data)
