"""Mail built to cost more than its size (T8, T12, T61, T67, T68, T70-T73): n bytes and 4n in about 4 times the time."""

from collections.abc import Callable
from time import process_time

import pytest

from bcclog._mime.decode import decode_flowed, decode_part
from bcclog._mime.header_text import decode_header
from bcclog._mime.parameters import decode_parameters
from bcclog._mime.scan import decoded_size, scan, scan_message
from bcclog.policy import Limits

LIMITS = Limits()
WIDE = Limits(
    max_header_bytes=2**27, max_field_bytes=2**27, max_fields=2**27, max_parts=2**27, max_content_chars=2**27,
    max_parameters=2**27, max_encoded_words=2**27,
)  # fmt: skip
"""Without the caps that would hide a cost that grows too fast."""
MULTIPART = b"From: rep@acme.example\nContent-Type: multipart/mixed; boundary=b\n\n"


def nested(n: int) -> bytes:
    """Multiparts in multiparts, no two boundaries alike, none closed."""
    return b"".join(b"Content-Type: multipart/mixed; boundary=%x\n\n--%x\n" % (i + 16, i + 16) for i in range(n // 50))


def prefix_boundaries(n: int) -> bytes:
    """63 open boundaries, each the start of the next, and lines that nearly match them all."""
    open_ = b"".join(
        b"Content-Type: multipart/mixed; boundary=%s\n\n--%s\n" % (b"a" * i, b"a" * i) for i in range(1, 64)
    )
    return open_ + b"\n" + (b"--" + b"a" * 63 + b"x\n") * (n // 66)


MAILS: dict[str, Callable[[int], bytes]] = {
    "T8 folds of blanks only": lambda n: b"From:" + b"\r\n " * (n // 3) + b"\r\n\r\n",
    "T9 blank lines first": lambda n: b"\r\n" * (n // 2),
    "T9 blank lines of CR": lambda n: b"From: a\r" + b"\r" * n,
    "T9 colonless lines": lambda n: b"From: rep@acme.example\n" + b"ab\n" * (n // 3),
    "T9 names without colon": lambda n: b"From: rep@acme.example\n" + b"x" * n,
    "T12 many fields": lambda n: b"X-A: 1\r\n" * (n // 8) + b"\r\n",
    "T12 many fields to": lambda n: b"To:\n" * (n // 4) + b"\n",
    "T12 one long field": lambda n: b"X-A: " + b"x" * n + b"\r\n\r\n",
    "T12 fields and bare CR": lambda n: b"A: 1\rB: 2\nC: 3\r\n" * (n // 16),
    "T4 malformed names": lambda n: b"From : x\n" * (n // 9),
    "T4 mbox lines": lambda n: b"From x\n" * (n // 7),
    "T6 every byte CR": lambda n: b"A:1" + b"\r" * n,
    "T67 delimiter lines": lambda n: MULTIPART + b"--b\n" * (n // 4),
    "T67 lines that nearly delimit": lambda n: MULTIPART + b"--bx\n" * (n // 5),
    "T67 delimiter and blanks": lambda n: MULTIPART + b"--b" + b" " * n + b"x",
    "T67 hyphens": lambda n: MULTIPART + b"-" * n,
    "T67 boundary of hyphens": lambda n: MULTIPART.replace(b"=b", b"=------") + b"-" * n,
    "T67 prefix boundaries": prefix_boundaries,
    "T67 delimiters after the end": lambda n: MULTIPART + b"--b\n\n--b--\n" + b"--b\n" * (n // 4),
    "T68 parts with headers that never end": lambda n: MULTIPART + b"--b\nA: 1\n" * (n // 9),
    "T68 parts without header": lambda n: MULTIPART + b"--b\n\nx\n" * (n // 7),
    "T68 nested multiparts": nested,
    "T68 alternatives": lambda n: (
        MULTIPART.replace(b"mixed", b"alternative") + b"--b\nContent-Type: text/html\n\n" * (n // 30)
    ),
    "T70 parameters": lambda n: b"Content-Type: multipart/mixed" + b"; a=b" * (n // 5) + b"\n\nx",
    "T70 semicolons": lambda n: b"Content-Type: multipart/mixed" + b";" * n + b"\n\nx",
    "T70 open quotes": lambda n: b"Content-Type: multipart/mixed" + b'; a="' * (n // 5) + b"\n\nx",
    "T88 NUL": lambda n: b"\0" * n,
    "T88 colons": lambda n: b":" * n,
    "T88 line feeds": lambda n: b"\n" * n,
    "T88 blanks": lambda n: b" " * n,
}


def read_mail(raw: bytes, limits: Limits) -> None:
    index = scan(raw, limits)
    assert index.fields is not None
    index.all(b"from")
    for part in index.parts[:50]:
        decoded_size(part)
        assert part.filename is None or part.filename
        if part.is_message:
            scan_message(part, limits)


TEXTS: dict[str, tuple[Callable[[bytes], object], Callable[[int], bytes]]] = {
    name: (lambda data, cte=cte, charset=charset: decode_part(data, cte, charset, WIDE), build)
    for name, cte, charset, build in [
        ("T71 soft breaks", "quoted-printable", None, lambda n: b"=\r\n" * (n // 3)),
        ("T71 soft breaks of CR", "quoted-printable", None, lambda n: b"=\r" * (n // 2)),
        ("T71 blanks", "quoted-printable", None, lambda n: b" " * n),
        ("T71 blanks after =", "quoted-printable", None, lambda n: b"=" + b" " * n),
        ("T71 = runs", "quoted-printable", None, lambda n: b"=" * n),
        ("T71 = and blank", "quoted-printable", None, lambda n: b"= " * (n // 2)),
        ("T72 letters", "base64", None, lambda n: b"A" * n),
        ("T72 one letter a line", "base64", None, lambda n: b"A\n" * (n // 2)),
        ("T72 garbage", "base64", None, lambda n: b"\xff" * n),
        ("T72 padding", "base64", None, lambda n: b"=" * n),
        ("T73 8-bit", "8bit", "us-ascii", lambda n: b"\xe9 " * (n // 2)),
        ("T73 utf-7", "8bit", "utf-7", lambda n: b"+" * n),
        ("T73 iso-2022-jp", "8bit", "iso-2022-jp", lambda n: b"\x1b$B" * (n // 3)),
        ("T73 iso-2022-kr", "8bit", "iso-2022-kr", lambda n: b"\x0e" * n),
        ("T73 hz", "8bit", "hz-gb-2312", lambda n: b"~{" * (n // 2)),
        ("T73 CR", "8bit", "utf-16", lambda n: b"\r" * n),
    ]
} | {
    name: (lambda data: decode_flowed(data.decode(), True), build)
    for name, build in [
        ("T62 quote marks", lambda n: b">" * n),
        ("T62 soft lines", lambda n: b"x \n" * (n // 3)),
        ("T62 quote ladder", lambda n: b"".join(b">" * i + b" x \n" for i in range(int((2 * n) ** 0.5)))),
    ]
} | {
    name: (lambda data: decode_header(data, WIDE), build)
    for name, build in [
        ("T15 encoded words", lambda n: b" =?utf-8?q?a=0D=0A?=" * (n // 21)),
        ("T61 =?", lambda n: b"=?" * (n // 2)),
        ("T61 =?a?q?", lambda n: b"=?a?q?" * (n // 6)),
        ("T61 =?a?q?x?", lambda n: b"=?a?q?" + b"x?" * (n // 2)),
        ("T61 =?a?q?=", lambda n: b"=?a?q?" + b"=" * n),
        ("T61 =?a then text", lambda n: b"=?" + b"a" * n),
        ("T61 words of many sets", lambda n: b"=?utf-8?b?YQ==?= =?koi8-r?q?a?= " * (n // 35)),
        ("T8 folds", lambda n: b"a" + b"\r\n " * (n // 3)),
        ("T15 controls", lambda n: b"\x01 " * (n // 2)),
        ("T24 invisible", lambda n: "\u200b".encode() * (n // 3)),
    ]
} | {
    name: (lambda data: decode_parameters(data, WIDE), build)
    for name, build in [
        ("T70 pieces", lambda n: b"a" + b"".join(b"; f*%d=x" % (i % 1000) for i in range(n // 9))),
        ("T70 pieces reversed", lambda n: b"a" + b"".join(b"; f*%d=x" % (999 - i % 1000) for i in range(n // 9))),
        ("T70 huge index", lambda n: b"a; f*" + b"9" * n + b"*=x"),
        ("T70 percent", lambda n: b"a; f*=utf-8''" + b"%" * n),
        ("T70 percent bytes", lambda n: b"a; f*=utf-8''" + b"%41" * (n // 3)),
        ("T70 backslashes", lambda n: b'a; f="' + b"\\" * n),
        ("T70 stars", lambda n: b"a; f" + b"*" * n + b"=x"),
        ("T70 names", lambda n: b"a; " + b"x" * n),
        ("T70 blanks", lambda n: b"a;" + b" " * n + b"x"),
        ("T70 words", lambda n: b"a" + b"; a/b" * (n // 5)),
        ("T70 words with blanks", lambda n: b"a" + b"; a/ b" * (n // 6) + b'"'),
    ]
}  # fmt: skip


def cost(work: Callable[[], object]) -> float:
    """The best of three runs in seconds, so that a busy machine does not decide."""
    best = float("inf")
    for _ in range(3):
        start = process_time()
        work()
        best = min(best, process_time() - start)
    return best


def assert_linear(run: Callable[[bytes], object], build: Callable[[int], bytes]) -> None:
    """Four times the bytes in at most about four times the time; below 50 ms the clock of a busy machine says nothing."""
    n = 2**16
    small, large = build(n), build(4 * n)
    for _ in range(6):
        slow = cost(lambda: run(large))
        if slow < 0.05 or slow <= 6.5 * cost(lambda: run(small)):
            return
    pytest.fail(f"{len(large)} bytes took {slow:.3f} s")


@pytest.mark.parametrize("name", MAILS)
@pytest.mark.parametrize("limits", [LIMITS, WIDE], ids=["default", "wide"])
def test_scan_grows_with_the_bytes(name: str, limits: Limits) -> None:
    assert_linear(lambda raw: read_mail(raw, limits), MAILS[name])


@pytest.mark.parametrize("name", TEXTS)
def test_decode_grows_with_the_bytes(name: str) -> None:
    assert_linear(*TEXTS[name])


@pytest.mark.parametrize("name", MAILS)
def test_a_mebibyte_takes_at_most_two_seconds(name: str) -> None:
    raw = MAILS[name](2**20)
    assert cost(lambda: read_mail(raw, LIMITS)) <= 2
