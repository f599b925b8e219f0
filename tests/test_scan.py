"""The index over the raw bytes: header fields, line ends, MIME parts, limits."""

import pytest

from bcclog._mime.decode import decode_bytes
from bcclog._mime.scan import Index, decoded_size, scan, scan_message
from bcclog.codes import Code
from bcclog.policy import Limits

LIMITS = Limits()
FROM = b"From: rep@acme.example\r\n"
AMBIGUOUS = Code.IDENTITY_AMBIGUOUS_HEADER


def read(raw: bytes, **limits: int) -> Index:
    return scan(raw, Limits(**limits))


def codes(index: Index) -> list[Code]:
    return [code for code, _, _ in index.notes]


def names(index: Index) -> list[bytes]:
    return [name for name, *_ in index.fields]


def bodies(index: Index) -> list[bytes]:
    return [part.raw_body() for part in index.parts]


def types(index: Index) -> list[str]:
    return [part.media_type for part in index.parts]


# --- header -----------------------------------------------------------------------------------------------------


def test_fields_are_offsets_into_the_mail() -> None:
    raw = FROM + b"SUBJECT:  folded\r\n\tline \r\n\r\nbody"
    index = read(raw)
    assert index.fields == ((b"from", 0, 5, 22), (b"subject", 24, 32, 48))
    assert index.all(b"subject") == (index.first(b"subject"),) == (index.fields[1],)
    assert index.field_bytes(index.fields[1]) == b"folded\tline"
    assert raw[index.body_start :] == b"body"
    assert index.first(b"date") is None and index.all(b"date") == ()


@pytest.mark.parametrize("eol", [b"\r\n", b"\n", b"\r"])
def test_T6_crlf_lf_and_cr_all_end_a_line(eol: bytes) -> None:
    index = read(b"From: a@b.example\nSubject: x\n y\n\nbody\n".replace(b"\n", eol))
    assert names(index) == [b"from", b"subject"]
    assert index.header.first_body(b"subject") == b"x y"
    assert bodies(index) == [b"body" + eol]
    assert codes(index) == []


@pytest.mark.parametrize(
    "raw",
    [
        b"X: 1\rFrom: evil@attacker.example\r\n\r\n",
        b"X: 1\rFrom: evil@attacker.example\n\n",
        FROM + b"X: 1\n\n\r\nFrom: evil@attacker.example\r\n\r\n",
    ],
)
def test_T6_a_from_that_depends_on_the_line_ends_is_ambiguous(raw: bytes) -> None:
    assert codes(read(raw)) == [Code.WARN_LINE_ENDS_MIXED, Code.IDENTITY_AMBIGUOUS_LINE_ENDS]


@pytest.mark.parametrize(
    "raw",
    [
        FROM + b"X-Php: 1\nTo: x@y.example\r\n\r\n",
        b"X: 1\n" + FROM + b"\r\n",
        FROM + b"X: 1\r\rFrom: evil@attacker.example\r\n\r\n",
    ],
)
def test_T6_mixed_line_ends_that_hide_nothing_are_a_warning(raw: bytes) -> None:
    assert codes(read(raw)) == [Code.WARN_LINE_ENDS_MIXED]


def test_T6_the_body_is_split_at_two_bare_cr() -> None:
    assert bodies(read(b"From: a@b.example\r\rbody\rFrom: x")) == [b"body\rFrom: x"]


@pytest.mark.parametrize("order", [(b"From", b"From"), (b"From", b"FROM"), (b"from", b"From")])
def test_T1_every_from_is_listed_in_any_case(order: tuple[bytes, bytes]) -> None:
    index = read(b"%b: rep@acme.example\r\nX: 1\r\n%b: evil@attacker.example\r\n\r\n" % order)
    assert [index.field_bytes(field) for field in index.all(b"from")] == [b"rep@acme.example", b"evil@attacker.example"]


@pytest.mark.parametrize(
    "line",
    [b"From : E", b"From\t: E", b"From\0: E", b"Fr\xc2\xadom: E", b"From\xc2\xa0: E", b"\xef\xbb\xbfFROM: E"],
)
def test_T4_a_malformed_name_that_spells_from_is_ambiguous(line: bytes) -> None:
    for raw in (line + b"\r\n" + FROM, FROM + line + b"\r\n"):
        index = read(raw + b"\r\n")
        assert codes(index) == [Code.WARN_HEADER_MALFORMED, AMBIGUOUS]
        assert [raw[start:end] for _, start, end in index.notes] == [line, line]
        assert names(index) == [b"from"]


def test_T4_a_first_line_that_continues_nothing_is_ambiguous() -> None:
    assert codes(read(b"\tFrom: evil@attacker.example\r\n" + FROM + b"\r\n")) == [
        Code.WARN_HEADER_MALFORMED,
        AMBIGUOUS,
    ]


def test_T4_another_malformed_name_is_a_warning_and_passed_over_with_its_folds() -> None:
    index = read(b"Bad name: 1\r\n more\r\n" + FROM + b"\r\nbody")
    assert codes(index) == [Code.WARN_HEADER_MALFORMED]
    assert (names(index), bodies(index)) == ([b"from"], [b"body"])


@pytest.mark.parametrize("fold", [b"\r\n ", b"\r\n \r\n ", b"\n\t\n  ", b"\r\n\t\r\n\t"])
def test_T8_folds_of_blanks_only_continue_the_field(fold: bytes) -> None:
    index = read(b"From:" + fold + b"rep@acme.example\r\nTo: x@y.example\r\n\r\n")
    assert index.header.first_body(b"from") == b"rep@acme.example"
    assert names(index) == [b"from", b"to"]


def test_T9_a_line_of_blanks_does_not_end_the_header() -> None:
    assert names(read(b"Subject: x\r\n \r\n" + FROM + b"\r\n")) == [b"subject", b"from"]


@pytest.mark.parametrize("blank", [b"\r\n", b"\n", b"\n" * 100_000])
def test_T9_an_empty_first_line_means_no_header(blank: bytes) -> None:
    index = read(blank + FROM + b"\r\nbody")
    assert index.fields == () and types(index) == ["text/plain"]


@pytest.mark.parametrize("line", [b"From kim@x.example Mon Aug 26 15:00:00 2002\n", b">From kim@x.example  12:00\n"])
def test_T9_mbox_lines_are_passed_over_at_the_top(line: bytes) -> None:
    for raw in (line + FROM, line + b">From x  Mon 1:2\n" + FROM):
        index = read(raw.replace(b"\r", b"") + b"\n")
        assert (names(index), codes(index)) == ([b"from"], [])
    assert AMBIGUOUS in codes(read(b"From 12: x\n" + FROM.replace(b"\r", b"") + b"\n"))


def test_T9_a_colonless_line_ends_the_header_when_no_person_follows() -> None:
    index = read(FROM + b"garbage\r\nX-Other: 1\r\n\r\nbody")
    assert bodies(index) == [b"garbage\r\nX-Other: 1\r\n\r\nbody"]
    assert codes(index) == [Code.WARN_HEADER_MALFORMED]


@pytest.mark.parametrize("line", [b"From: E", b"TO: x@y.example", b"Reply-To : x", b"sender:x"])
def test_T9_a_colonless_line_before_a_person_is_ambiguous(line: bytes) -> None:
    assert codes(read(FROM + b"garbage\r\nx\r\n" + line + b"\r\n\r\n")) == [Code.WARN_HEADER_MALFORMED, AMBIGUOUS]
    assert AMBIGUOUS not in codes(read(FROM + b"garbage\r\n\r\n" + line + b"\r\n"))


def test_T10_a_smuggled_message_is_body() -> None:
    index = read(FROM + b"\r\nhi\r\n.\r\nMAIL FROM:<e@e.example>\r\nDATA\r\nFrom: e@e.example\r\n\r\n")
    assert names(index) == [b"from"] and len(index.parts) == 1


def test_T12_limits_of_the_header_refuse_at_one_more() -> None:
    fields = b"X: 1\n" * 5
    for raw in (fields + b"\nbody", fields.replace(b"\n", b"\r\n") + b"\r\nbody", fields):
        assert read(raw, max_fields=5).refusal is None
        assert read(raw, max_fields=4).refusal is Code.REFUSE_LIMIT_HEADER
    assert read(fields + b"\nbody", max_header_bytes=25).refusal is None
    assert read(fields + b"\nbody", max_header_bytes=24).refusal is Code.REFUSE_LIMIT_HEADER
    assert read(b"X: 1\n x\nY: 1\n\n", max_field_bytes=7).refusal is None
    assert read(b"X: 1\n x\nY: 1\n\n", max_field_bytes=6).refusal is Code.REFUSE_LIMIT_HEADER
    assert read(b"a b: 1\n" * 3 + b"\n", max_fields=2).refusal is Code.REFUSE_LIMIT_HEADER


def test_T12_a_second_from_behind_the_limit_does_not_win() -> None:
    index = read(FROM + b"X-A: 1\r\n" * 100_000 + b"From: evil@attacker.example\r\n\r\n")
    assert (index.refusal, index.fields, index.parts) == (Code.REFUSE_LIMIT_HEADER, (), [])


def test_T88_a_message_over_the_limit_is_refused() -> None:
    assert read(FROM, max_message_bytes=len(FROM)).refusal is None
    assert read(FROM, max_message_bytes=len(FROM) - 1).refusal is Code.REFUSE_LIMIT_MESSAGE


@pytest.mark.parametrize("wrap", [bytearray, memoryview])
def test_T88_bytearray_and_memoryview_are_mail(wrap: type) -> None:
    assert scan(wrap(FROM), LIMITS).fields == scan(FROM, LIMITS).fields


@pytest.mark.parametrize("wrong", ["From: x", None, 3, [1]])
def test_T88_another_type_is_a_type_error_that_says_what_to_pass(wrong: object) -> None:
    with pytest.raises(TypeError, match=r"^a mail is passed as bytes, for example path.read_bytes\(\), not as "):
        scan(wrong, LIMITS)  # type: ignore[arg-type]


@pytest.mark.parametrize("raw", [b"", b"\n", b"\r", b":", b" ", b"\0", b"a", b"a:", b"-", bytes(range(256))])
def test_T88_extremes_have_one_part(raw: bytes) -> None:
    index = read(raw)
    assert types(index) == ["text/plain"] and index.text_body == index.html_body == [0]


def test_T88_every_prefix_of_a_mail_has_an_index() -> None:
    raw = FROM + multipart(b"b", b"Content-Type: text/html\r\n\r\nx", b"\r\ny")
    for length in range(len(raw)):
        assert read(raw[:length]).refusal is None


# --- parts ------------------------------------------------------------------------------------------------------


def multipart(boundary: bytes, *parts: bytes, subtype: bytes = b"mixed", close: bool = True) -> bytes:
    """A multipart's header fields from Content-Type on, and its body, with CRLF."""
    head = b'Content-Type: multipart/%b; boundary="%b"\r\n\r\n' % (subtype, boundary)
    body = b"".join(b"--%b\r\n%b\r\n" % (boundary, part) for part in parts)
    return head + body + (b"--%b--\r\n" % boundary if close else b"")


def test_parts_are_listed_in_the_order_of_the_mail() -> None:
    alternative = [b"Content-Type: text/plain\r\n\r\nt", b"Content-Type: text/html\r\n\r\nh"]
    image = b"Content-Type: image/png\r\nContent-Disposition: attachment\r\n\r\ni"
    index = read(FROM + multipart(b"out", multipart(b"in", *alternative, subtype=b"alternative"), image))
    assert [(part.index, part.parent, part.depth, part.media_type) for part in index.parts] == [
        (0, -1, 0, "multipart/mixed"),
        (1, 0, 1, "multipart/alternative"),
        (2, 1, 2, "text/plain"),
        (3, 1, 2, "text/html"),
        (4, 0, 1, "image/png"),
    ]
    assert bodies(index)[2:] == [b"t", b"h", b"i"]
    assert (index.text_body, index.html_body, index.attachments) == ([2], [3], [4])
    assert index.notes == []


def test_T67_preamble_and_epilogue_are_no_parts() -> None:
    raw = multipart(b"b", b"\r\nx").replace(b"\r\n\r\n--b", b"\r\n\r\npreamble --b\r\n--bc\r\n--b", 1) + b"epilogue\r\n"
    assert bodies(read(FROM + raw))[1:] == [b"x"]


@pytest.mark.parametrize(
    ("outer", "inner"), [(b"a", b"a-"), (b"a", b"a-b"), (b"a-b", b"a"), (b"a", b"a--"), (b"a b", b"a")]
)
def test_T67_a_boundary_that_begins_another_is_matched_by_the_whole_line(outer: bytes, inner: bytes) -> None:
    index = read(FROM + multipart(outer, multipart(inner, b"\r\n1", b"\r\n2"), b"\r\n3"))
    expected = [b"1", b"2", b"3"] if inner != b"a--" else []  # `--a--` is the outer one's end
    assert [part.raw_body() for part in index.parts if part.depth == 2 or part.index == 4] == expected


def test_T67_an_inner_multipart_does_not_outlive_its_outer() -> None:
    inner = multipart(b"in", b"\r\n1", close=False)
    index = read(FROM + multipart(b"out", inner, b"\r\n2\r\n--in\r\n\r\n3"))
    assert [(part.depth, part.raw_body()) for part in index.parts[2:]] == [(2, b"1\r\n"), (1, b"2\r\n--in\r\n\r\n3")]


def test_T67_the_boundary_of_the_parent_belongs_to_the_parent() -> None:
    index = read(FROM + multipart(b"b", multipart(b"b", b"\r\n1"), b"\r\n2"))
    assert [part.depth for part in index.parts] == [0, 1, 1]
    assert Code.WARN_MIME_AMBIGUOUS in codes(index)


@pytest.mark.parametrize("field", [b"multipart/mixed", b"multipart/mixed; boundary=", b'multipart/mixed; boundary=""'])
def test_T67_a_multipart_without_boundary_is_text(field: bytes) -> None:
    index = read(FROM + b"Content-Type: %b\r\n\r\n--x\r\n\r\nhello\r\n" % field)
    assert (types(index), codes(index), index.text_body) == (["text/plain"], [Code.WARN_MIME_AMBIGUOUS], [0])


def test_T67_a_delimiter_after_the_end_is_noted() -> None:
    raw = FROM + multipart(b"b", b"\r\n1") + b"--b\r\n\r\n2\r\n"
    index = read(raw)
    assert bodies(index)[1:] == [b"1"]
    assert [(code, raw[start:end]) for code, start, end in index.notes] == [(Code.WARN_MIME_AMBIGUOUS, b"--b\r\n")]


def test_T67_a_multipart_never_closed_ends_with_its_region() -> None:
    assert bodies(read(FROM + multipart(b"b", b"\r\n1", b"\r\n2", close=False)))[1:] == [b"1", b"2\r\n"]


@pytest.mark.parametrize("boundary", [b"x" * 10_000, b"with blank", b"'()+_,-./:=?", b"\xff\xfe", b"a\\b"])
def test_T67_any_boundary_is_found(boundary: bytes) -> None:
    assert bodies(read(FROM + multipart(boundary, b"\r\n1")))[1:] == [b"1"]


def test_T67_delimiters_with_trailing_blanks_bare_cr_and_no_body() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\r\r--b \t\r\r1\r--b\r--b\r--b--"
    assert bodies(read(raw))[1:] == [b"1", b"", b""]


def test_T67_a_boundary_in_rfc_2231_pieces() -> None:
    raw = b"Content-Type: multipart/mixed; boundary*0=a; boundary*1=b\n\n--ab\n\n1\n--ab--\n"
    assert bodies(read(raw))[1:] == [b"1"]


def test_T68_parts_stop_at_the_limit() -> None:
    raw = multipart(b"b", *[b"\r\nx"] * 10)
    assert (len(read(raw, max_parts=11).parts), codes(read(raw, max_parts=11))) == (11, [])
    index = read(raw, max_parts=10)
    assert len(index.parts) == 10 and codes(index) == [Code.PART_OPAQUE_COUNT]
    assert read(raw, max_parts=1).parts[0].media_type == "multipart/mixed"


def test_T68_multiparts_deeper_than_the_limit_are_not_opened() -> None:
    raw = b""
    for level in range(100, 0, -1):
        raw = multipart(b"b%d" % level, raw)
    index = read(raw)
    assert max(part.depth for part in index.parts) == LIMITS.max_depth
    assert codes(index) == [Code.PART_OPAQUE_DEPTH]


def test_T12_a_part_with_a_header_past_the_limit_is_left_out_with_a_note() -> None:
    index = read(FROM + multipart(b"b", b"X: " + b"x" * 300 + b"\r\n\r\n1", b"\r\n2"), max_field_bytes=200)
    assert (bodies(index)[1:], codes(index)) == ([b"2"], [Code.PART_OPAQUE_HEADER])


@pytest.mark.parametrize(
    ("fields", "media_type", "cte"),
    [
        (b"Content-Type: text/html\nContent-Type: text/plain\n", "text/html", "7bit"),
        (b"Content-Type: nonsense\nContent-Type: text/html\n", "text/html", "7bit"),
        (b"Content-Transfer-Encoding: base64\nContent-Transfer-Encoding: 7bit\n", "text/plain", "base64"),
        (b"Content-Transfer-Encoding: x-unknown\n", "text/plain", "x-unknown"),
    ],
)
def test_T69_the_first_well_formed_field_counts_and_a_conflict_is_noted(
    fields: bytes, media_type: str, cte: str
) -> None:
    index = read(fields + b"\nx")
    assert (index.parts[0].media_type, index.parts[0].cte) == (media_type, cte)
    # A second Content-Type is odd only where the first is one.
    assert codes(index) == ([] if b"nonsense" in fields else [Code.WARN_MIME_AMBIGUOUS])


def test_T69_a_multipart_in_base64_is_noted() -> None:
    index = read(b"Content-Transfer-Encoding: base64\n" + multipart(b"b", b"\r\n1").replace(b"\r", b""))
    assert codes(index) == [Code.WARN_MIME_AMBIGUOUS] and bodies(index)[1:] == [b"1"]


@pytest.mark.parametrize(
    ("value", "media_type", "cte"),
    [
        (b"Content-Type:\nContent-Transfer-Encoding: base64", "text/plain", "base64"),
        (b"Content-Type:\n TEXT/HTML;a=b\nContent-Transfer-Encoding:\n\tBase64 ;x", "text/html", "base64"),
        (b"content-type: text/html charset=x\ncontent-transfer-encoding: 7-BIT", "text/html", "7bit"),
        (b"Content-Type: /html", "text/plain", "7bit"),
    ],
)
def test_T69_odd_fields_are_read_by_their_first_word(value: bytes, media_type: str, cte: str) -> None:
    for raw in (value + b"\n\nx", value.replace(b"\n", b"\r") + b"\r\rx"):
        part = read(raw).parts[0]
        assert (part.media_type, part.cte) == (media_type, cte)


def test_parameters_are_read_when_asked_for() -> None:
    raw = (
        b'Content-Type: text/plain; charset="utf-8"; format=Flowed; DelSp=yes; name=a.txt\r\n'
        b"Content-Disposition: ATTACHMENT; filename*0*=utf-8''%C3%A9; filename*1=.txt\r\nContent-ID: <i@x>\r\n\r\n"
    )
    part = read(raw).parts[0]
    assert (part.charset, part.is_flowed, part.delsp) == ("utf-8", True, True)
    assert (part.disposition, part.filename, part.content_id) == ("attachment", "é.txt", "i@x")
    assert read(b"\r\n").parts[0].filename is None and read(b"\r\n").parts[0].content_id is None


@pytest.mark.parametrize("kind", [b"message/partial; id=x; number=1", b"message/external-body; access-type=url"])
def test_T76_parts_elsewhere_are_opaque(kind: bytes) -> None:
    index = read(FROM + multipart(b"b", b"Content-Type: " + kind + b"\r\n\r\nFrom: x@y.example\r\n\r\n"))
    assert codes(index) == [Code.PART_OPAQUE_KIND] and index.attachments == [1]


def test_T76_a_mail_that_is_one_piece_is_refused() -> None:
    assert read(FROM + b"Content-Type: message/partial; id=x\r\n\r\nx").refusal is Code.REFUSE_FORMAT_PARTIAL


# --- which parts are body ---------------------------------------------------------------------------------------


def leaf(kind: bytes, extra: bytes = b"") -> bytes:
    return b"Content-Type: %b\r\n%b\r\nx" % (kind, extra)


def test_rfc_8621_example_sorts_text_html_and_attachments() -> None:
    """The mail of RFC 8621 section 4.1.4 with its parts A to K."""
    related = multipart(b"r", leaf(b"text/html"), leaf(b"image/jpeg"), subtype=b"related")  # E, F
    mixed = multipart(b"m2", leaf(b"text/plain"), leaf(b"image/jpeg"), leaf(b"text/plain"))  # B, C, D
    alternative = multipart(b"a", mixed, related, subtype=b"alternative")
    inline = b"Content-Disposition: inline\r\n"
    raw = multipart(
        b"m1",
        leaf(b"text/plain", inline),  # A
        multipart(b"m3", alternative, leaf(b"image/jpeg", b"Content-Disposition: attachment\r\n"),  # G
                  leaf(b"application/x-excel"), leaf(b"message/rfc822")),  # H, J
        leaf(b"text/plain", inline),  # K
    )  # fmt: skip
    index = read(raw)
    letters = dict(
        zip(
            (part.index for part in index.parts if not part.media_type.startswith("multipart/")),
            "ABCDEFGHJK",
            strict=True,
        )
    )
    assert "".join(letters[i] for i in index.text_body) == "ABCDK"
    assert "".join(letters[i] for i in index.html_body) == "AEK"
    assert "".join(letters[i] for i in index.attachments) == "CFGHJ"


@pytest.mark.parametrize(
    ("parts", "text", "html", "attachments"),
    [
        ([leaf(b"text/html")], [2], [2], []),
        ([leaf(b"text/plain")], [2], [2], []),
        ([leaf(b"text/plain"), leaf(b"text/html"), leaf(b"text/calendar")], [2], [3], [4]),
    ],
)
def test_an_alternative_of_one_kind_is_both_bodies(
    parts: list[bytes], text: list[int], html: list[int], attachments: list[int]
) -> None:
    index = read(multipart(b"m", multipart(b"a", *parts, subtype=b"alternative")))
    assert (index.text_body, index.html_body, index.attachments) == (text, html, attachments)


def test_a_named_text_after_the_first_part_is_an_attachment() -> None:
    index = read(multipart(b"b", leaf(b"text/plain; name=a.txt"), leaf(b"text/plain; name=b.txt"), leaf(b"text/plain")))
    assert (index.text_body, index.attachments) == ([1, 3], [2])


# --- messages inside --------------------------------------------------------------------------------------------

INNER = b"From: kim@customer.example\r\nSubject: inner\r\n\r\nhello"


def test_R15_a_message_inside_is_a_leaf_and_read_in_place() -> None:
    index = read(FROM + multipart(b"b", b"\r\nnote", b"Content-Type: message/rfc822\r\n\r\n" + INNER))
    assert [part.is_message for part in index.parts] == [False, False, True]
    inner = scan_message(index.parts[2], LIMITS, index.nesting)
    assert inner.raw is index.raw and inner.nesting == 1
    assert inner.header.first_body(b"from") == b"kim@customer.example"
    assert bodies(inner) == [b"hello"]


def test_T66_a_message_in_base64_is_decoded_first() -> None:
    from base64 import encodebytes

    index = read(b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n" + encodebytes(INNER))
    inner = scan_message(index.parts[0], LIMITS)
    assert (inner.raw, bodies(inner), codes(inner)) == (INNER, [b"hello"], [Code.WARN_MIME_AMBIGUOUS])


def test_T66_eml_files_of_no_known_type_and_global_messages_are_messages() -> None:
    kinds = [b"message/global", b"application/octet-stream; name=a.EML", b"application/octet-stream; name=a.pdf"]
    index = read(multipart(b"b", *(leaf(kind) for kind in kinds)))
    assert [part.is_message for part in index.parts[1:]] == [True, True, False]


def test_T66_the_parts_of_a_digest_are_messages() -> None:
    index = read(multipart(b"b", b"\r\n" + INNER, b"Content-Type: text/plain\r\n\r\nx", subtype=b"digest"))
    assert types(index)[1:] == ["message/rfc822", "text/plain"]


def test_T66_messages_nest_up_to_the_limit() -> None:
    index = read(b"Content-Type: message/rfc822\n\n" * 1_000 + INNER)
    for _ in range(LIMITS.max_nested_messages):
        index = scan_message(index.parts[0], LIMITS, index.nesting)
        assert index.refusal is None
    assert scan_message(index.parts[0], LIMITS, index.nesting).refusal is Code.REFUSE_FORWARD_DEPTH


# --- sizes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cte", [b"7bit", b"base64", b"quoted-printable", b"x-unknown"])
@pytest.mark.parametrize(
    "body",
    [b"", b"QUJD\r\nRA==\r\n", b"QUJDR", b"QU=JD", b"a=3D=\r\nb= \nc=\rd=", b"\xff!Q" * 50_000, b"x=41\n" * 30_000],
)
def test_T74_decoded_size_is_that_of_the_decoded_bytes(cte: bytes, body: bytes) -> None:
    part = read(b"Content-Transfer-Encoding: %b\nContent-Length: 1\n\n%b" % (cte, body)).parts[0]
    assert decoded_size(part) == len(decode_bytes(body, part.cte)[0])
