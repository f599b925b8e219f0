"""Mail that grows without end, by name: each builds about n bytes of one attack on the whole of bcclog.

A name begins with the number of the threat in `docs/security.md`. Every generator gives a whole mail by a known user,
so that nothing refuses it before the rooms that it attacks have read it; `hits` says which route reads it.
"""

from base64 import encodebytes
from collections.abc import Callable
from typing import NamedTuple

from bcclog import Limits
from bcclog._block.value import MAX_VALUE_LINES
from bcclog._catalogue.shipped import catalogue
from builders import BLOCK, LOG, ROSA

BLOCK_TEXT = BLOCK.replace("\r\n", "\n") + "\n"
BLOCK_HTML = BLOCK_TEXT.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>\n")
SEPARATOR = "---------- Forwarded message ---------\n"


class Attack(NamedTuple):
    """A generator. is_header: it is in the header, which both routes read."""

    build: Callable[[int], bytes]
    is_header: bool = False


def run(unit: str, n: int) -> str:
    """The unit again and again, about n bytes of it."""
    return unit * max(1, n // len(unit.encode()))


def mail(*fields: str, body: str | bytes = "x") -> bytes:
    """A mail by the known user to the forwarding address, subject that of a forward; CRLF in the header."""
    lines = [f"From: Rosa Rep <{ROSA}>", f"To: {LOG}", "Subject: Fwd: Offer", "Date: Mon, 02 Mar 2026 09:15:00 +0100"]
    head = "".join(f"{line}\r\n" for line in (*lines, *fields)).encode("utf-8", "surrogateescape")
    return head + b"\r\n" + (body if isinstance(body, bytes) else body.encode())


def in_text(before: str, unit: str, after: str = "") -> Attack:
    """The unit repeated in a plain-text part."""
    kind = "Content-Type: text/plain; charset=utf-8"
    return Attack(lambda n: mail(kind, body=before + run(unit, n) + after))


def as_read(unit: str) -> Attack:
    """The unit as often as its lines are read as those of fields, and words below."""

    def build(n: int) -> bytes:
        most = (Limits().max_field_lines - 2 * MAX_VALUE_LINES) // unit.count("\n")
        body = run(unit, min(n, most * len(unit.encode())))
        return mail("Content-Type: text/plain; charset=utf-8", body=body + "hello there\n" * ((n - len(body)) // 12))

    return Attack(build)


def in_html(before: str, unit: str, after: str = "") -> Attack:
    """The unit repeated in an HTML part."""
    kind = "Content-Type: text/html; charset=utf-8"
    return Attack(lambda n: mail(kind, body=before + run(unit, n) + after))


def in_field(name: str, unit: str, after: str = "") -> Attack:
    """The unit repeated in one header field, up to the size of a field that is read."""
    return Attack(lambda n: mail(f"{name}: {run(unit, min(n, 2**18 - 2**10))}{after}"), is_header=True)


def in_part(fields: str, unit: bytes) -> Attack:
    """The unit repeated in a part with the fields given."""
    return Attack(lambda n: mail(*fields.split("\n"), body=unit * (n // len(unit))))


def ladder(n: int) -> bytes:
    """`>` once, twice, ... 2,000 times, and again."""
    steps = []
    size = 0
    while size < n:
        depth = len(steps) % 2_000 + 1
        steps.append(">" * depth + "x\n")
        size += depth + 2
    return mail(body="".join(steps))


def nested(kind: str) -> Callable[[int], bytes]:
    """Each part holds one more, none of them closed."""

    def build(n: int) -> bytes:
        if kind == "message/rfc822":
            return mail("Content-Type: message/rfc822", body="Content-Type: message/rfc822\n\n" * (n // 30))
        parts = (f"Content-Type: {kind}; boundary=b{i}\n\n--b{i}\n" for i in range(n // 50))
        return mail("Content-Type: multipart/mixed; boundary=b", body="--b\n" + "".join(parts))

    return build


def messages(n: int) -> bytes:
    """Forwarded messages beside each other."""
    inner = "--b\nContent-Type: message/rfc822\n\nFrom: kim@customer.example\nSubject: x\n\ny\n"
    return mail("Content-Type: multipart/mixed; boundary=b", body=run(inner, n) + "--b--\n")


def cycles(n: int) -> bytes:
    """Inline images, each of which an HTML part refers to."""
    count = n // 150
    html = "".join(f'<img src="cid:c{i}">' for i in range(count))
    images = "".join(f"--b\nContent-Type: image/png\nContent-ID: <c{i}>\n\nx\n" for i in range(count))
    body = f"--b\nContent-Type: text/html\n\n{html}\n{images}--b--\n"
    return mail("Content-Type: multipart/related; boundary=b", body=body)


def labels(n: int) -> bytes:
    """Every label of every language in turn."""
    every = "".join(f"{label}: a@b.example\n" for label in catalogue().labels)
    return mail("Content-Type: text/plain; charset=utf-8", body=run(every, n))


def sections(n: int) -> bytes:
    """RFC 2231 pieces of a file name, last first, up to the size of a field that is read."""
    count = min(n, 2**18) // 20
    pieces = "".join(f";\r\n filename*{number}*=%41x" for number in range(count, -1, -1))
    return mail(f"Content-Type: application/pdf{pieces}")


def prefixes(n: int) -> bytes:
    """63 open boundaries, each the start of the next, and lines that nearly are one of them."""
    opened = "".join(f"Content-Type: multipart/mixed; boundary={'a' * i}\n\n--{'a' * i}\n" for i in range(2, 64))
    return mail(
        "Content-Type: multipart/mixed; boundary=a", body=f"--a\n{opened}\n{run('--' + 'a' * 63 + 'x' + chr(10), n)}"
    )


def attached(fields: str) -> Attack:
    """Messages beside each other, attached as the fields say."""
    inner = f"--b\n{fields}\n\nFrom: kim@customer.example\nSubject: x\n\ny\n"
    return Attack(lambda n: mail("Content-Type: multipart/mixed; boundary=b", body=run(inner, n) + "--b--\n"))


def wrapped(n: int) -> bytes:
    """A message in base64 in a message in base64, as deep as is read and deeper."""
    raw = b"From: kim@customer.example\n\n" + b"x" * (n // 20)
    for _ in range(10):
        raw = b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n" + encodebytes(raw)
    fields, _, body = raw.partition(b"\n\n")
    return mail(*fields.decode().split("\n"), body=body)


def both_parts(unit: str) -> Callable[[int], bytes]:
    """A forward in text and HTML, with the unit below the block in both."""

    def build(n: int) -> bytes:
        text = f"--b\nContent-Type: text/plain\n\n{BLOCK_TEXT}{run(unit, n // 2)}\n"
        html = f"--b\nContent-Type: text/html\n\n<div>{BLOCK_HTML}{run(unit, n // 2)}</div>\n"
        return mail("Content-Type: multipart/alternative; boundary=b", body=f"{text}{html}--b--\n")

    return build


LABELS = "".join(
    f"{label}: x\n" for label in ("Von", "De", "Da", "От", "差出人", "发件人", "Frá", "Від", "Gönderen", "من")
)

ATTACKS: dict[str, Attack] = {
    # --- header
    "T8 folds of blanks": Attack(lambda n: mail("To:" + "\r\n " * (min(n, 2**17) // 3)), is_header=True),
    "T12 fields": Attack(lambda n: mail(*["X-A: 1"] * min(n // 8, 1_900)), is_header=True),
    "T12 fields past the limit": Attack(lambda n: mail(*["X-A: 1"] * (n // 8)), is_header=True),
    "T13 Received": Attack(lambda n: mail(*["Received: from a by b for <c@d.example>; x"] * 99), is_header=True),
    "T15 encoded words": in_field("Subject", "=?utf-8?q?a?= "),
    "T17 open comments": in_field("To", "("),
    "T17 comments": in_field("To", "()"),
    "T28 addresses": in_field("Cc", "a@b.example, "),
    "T28 many addresses": Attack(
        lambda n: mail("Cc: " + ", ".join(f"a{i}@b.example" for i in range(min(n // 18, 1_900)))), is_header=True
    ),
    "T28 many new contacts": Attack(
        lambda n: mail("Cc: " + ", ".join(f"a{i}@b{i}.example" for i in range(min(n // 18, 1_900)))), is_header=True
    ),
    "T28 one address": in_field("Cc", "a", "@b.example"),
    "T20 labels": in_field("Cc", "a@" + "b." * 60 + "c,"),
    "T21 <": in_field("Cc", "<"),
    "T24 invisible": in_field("Subject", "\u200b\u202e"),
    "T25 A-labels": in_field("Cc", "a@xn--bcher-kva.example, "),
    "T25 long A-label": in_field("Cc", "a@xn--" + "a" * 200 + ".example, "),
    "T37 tags": in_field("Cc", "a+b@c.example,"),
    "T45 verdicts": in_field("Authentication-Results", "mx.ourco.example; dmarc=pass (x) ;"),
    "T52 Message-ID": in_field("Message-ID", "<a@b>"),
    "T52 References": in_field("References", "<a@b> "),
    "T7 prefixes of a subject": in_field("Subject", "Fwd: "),
    "T7 tags of a subject": in_field("Subject", "[a] "),
    "T80 digits of a date": in_field("Date", "9"),
    "T80 words of a date": in_field("Date", "Mon, "),
    # --- structure
    "T66 messages nested": Attack(nested("message/rfc822")),
    "T66 messages": Attack(messages),
    "T66 messages without a header": attached("Content-Type: message/rfc822\n\nx\n--b\nContent-Type: message/rfc822\n"),
    "T66 empty messages": in_part(
        "Content-Type: multipart/mixed; boundary=b", b"--b\nContent-Type: message/rfc822\n\n"
    ),
    "T66 nested messages without a header": Attack(
        lambda n: mail("Content-Type: message/rfc822", body=run("Content-Type: message/rfc822\n\n\n", n))
    ),
    "T66 messages that hold a text alone": in_part("Content-Type: message/rfc822", b"no field\n"),
    "T66 messages nested in base64": Attack(wrapped),
    "T66 messages of no type": attached("Content-Type: application/octet-stream; name=a.eml"),
    "T66 messages in base64": attached("Content-Type: message/rfc822\nContent-Transfer-Encoding: base64"),
    "T66 messages, global": attached("Content-Type: message/global"),
    "T66 messages and a block": Attack(
        lambda n: mail(
            "Content-Type: multipart/mixed; boundary=b",
            body=f"--b\n\n{BLOCK_TEXT}\n"
            + run("--b\nContent-Type: message/rfc822\n\nFrom: kim@customer.example\n\ny\n", n),
        )
    ),
    "T67 prefixes of a boundary": Attack(prefixes),
    "T67 closed early": in_part("Content-Type: multipart/mixed; boundary=b", b"--b--\n"),
    "T67 boundary of hyphens": in_part("Content-Type: multipart/mixed; boundary=------", b"-"),
    "T67 empty boundary": in_part('Content-Type: multipart/mixed; boundary=""', b"--\n"),
    "T67 empty lines and an empty boundary": in_part('Content-Type: multipart/mixed; boundary=""', b"--\n\n"),
    "T67 blank boundary": in_part('Content-Type: multipart/mixed; boundary=" "', b"-- \n"),
    "T67 no boundary": in_part("Content-Type: multipart/mixed", b"--\n\n"),
    "T67 boundary of 10 KB": in_part(f"Content-Type: multipart/mixed; boundary={'a' * 10_000}", b"--" + b"a" * 10_000 + b"\n\nx\n"),
    "T67 nearly a boundary of 10 KB": in_part(
        f"Content-Type: multipart/mixed; boundary={'a' * 10_000}", b"--" + b"a" * 9_999 + b"\n\nx\n"
    ),
    "T67 short lines and a boundary of 10 KB": in_part(
        f"Content-Type: multipart/mixed; boundary={'a' * 10_000}", b"--a\n"
    ),
    "T67 the parent's boundary": in_part(
        "Content-Type: multipart/mixed; boundary=b", b"--b\nContent-Type: multipart/mixed; boundary=b\n\n"
    ),
    "T67 the parent's boundary, closed": in_part(
        "Content-Type: multipart/mixed; boundary=b", b"--b\nContent-Type: multipart/mixed; boundary=b\n\n--b--\n"
    ),
    "T67 lines of CR": in_part("Content-Type: multipart/mixed; boundary=b", b"--b\r"),
    "T69 types": Attack(lambda n: mail(*["Content-Type: text/plain"] * min(n // 26, 1_900)), is_header=True),
    "T70 pieces of a name": Attack(sections, is_header=True),
    "T70 percent": in_field("Content-Type", "%4", "x"),
    "T71 blanks": in_part("Content-Transfer-Encoding: quoted-printable", b" "),
    "T71 blanks behind =": in_part("Content-Transfer-Encoding: quoted-printable", b"= "),
    "T71 = that is none": in_part("Content-Transfer-Encoding: quoted-printable", b"=ZZ"),
    "T71 line ends": in_part("Content-Transfer-Encoding: quoted-printable", b"=3D=0A"),
    "T72 letters on a line each": in_part("Content-Transfer-Encoding: base64", b"Q\n"),
    "T72 one line": in_part("Content-Transfer-Encoding: base64", b"QUJD"),
    "T72 garbage": in_part("Content-Transfer-Encoding: base64", b"\xff="),
    "T73 utf-7": in_part("Content-Type: text/plain; charset=utf-7", b"+ADw-a"),
    "T73 hz": in_part("Content-Type: text/plain; charset=hz-gb-2312", b"~{!!~}"),
    "T73 utf-16": in_part("Content-Type: text/plain; charset=utf-16", b"\0a"),
    "T79 yEnc": in_text("", "=ybegin line=128 size=1 name=x\n"),
    "T79 BinHex": in_text("", "(This file must be converted with BinHex 4.0)\n"),
    "T67 delimiters": in_part("Content-Type: multipart/mixed; boundary=b", b"--b\n"),
    "T68 parts": in_part("Content-Type: multipart/mixed; boundary=b", b"--b\n\nx\n"),
    "T68 multiparts nested": Attack(nested("multipart/mixed")),
    "T68 alternatives": in_part("Content-Type: multipart/alternative; boundary=b", b"--b\nContent-Type: text/html\n\n"),
    "T70 parameters": in_field("Content-Type", "multipart/mixed; a=b"),
    "T71 soft breaks": in_part("Content-Transfer-Encoding: quoted-printable", b"=\r\n"),
    "T72 base64": in_part("Content-Transfer-Encoding: base64", b"QUJD\n"),
    "T72 base64 attached": in_part(
        "Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64", b"QUJD\n"
    ),
    "T73 escapes": in_part("Content-Type: text/plain; charset=iso-2022-jp", b"\x1b$B!!\x1b(B"),
    "T73 bytes of no set": in_part("Content-Type: text/plain", b"\xff\xfe\x81"),
    "T79 uuencode": in_text("", "begin 644 x\n"),
    "T81 cid": Attack(cycles),
    "T88 NUL": in_part("Content-Type: text/plain", b"\0"),
    "T88 CR": in_part("Content-Type: text/plain", b"\r"),
    # --- text
    "T56 From lines": in_text("", "From: a@b.example\n"),
    "T56 From on one line": in_text("", "Von: "),
    "T56 labels of many languages": in_text("", LABELS),
    "T56 blocks": in_text("", BLOCK_TEXT),
    "T56 separators": in_text("", SEPARATOR),
    "T56 separator and From": in_text("", SEPARATOR + "From: a@b.example\n"),
    "T56 a field behind each separator": in_text("", "-----Mensaje original----- De: a@b.example\nx\n"),
    "T56 a field without a value behind each separator": in_text("", "--- alkuperäinen viesti seuraa --- Subject: \n"),
    "T56 a colon behind each separator": in_text("", "-----wiadomość oryginalna----- :\n"),
    "T56 a label of no language below each separator": in_text("", SEPARATOR + "Mailer: x\n"),
    "T56 authors on lines of their own": in_text("", f"{'-' * 22} Forwarded by R on 03/04/2026 10:00 AM {'-' * 27}\nK\n03/02/2026 09:15 AM\n"),
    "T56 numbers below separators": in_text("", f"{'-' * 22} Forwarded by R on 03/04/2026 10:00 AM {'-' * 27}\n{'1 2 ' * 25} 9:15\n"),
    "T56 blocks of a broken translation": in_text("", "---------- ຂໍ້ຄວາມສົ່ງຕໍ່ ---------- \nຈາກ: a ວັນທີ\n: b ຫົວຂໍ້\n"),
    "T56 lines below a label in HTML": in_html("", "<div>From: a@b.example</div><div>To: x</div><div>y</div>"),
    "T56 quoted separators": in_text("", "> " + SEPARATOR),
    "T56 near-blocks": in_text("", "Date: x\nSubject: x\nTo: a@b\n\n"),
    "T56 near-blocks with blanks": in_text("", "Date: x\n\nSubject: x\n\nTo: a@b\n\n"),
    "T56 From and To": in_text("", "From: x\nTo: a@b\n"),
    "T56 Von": in_text("", "Von:\n"),
    "T56 folded values": in_text("From: a@b.example\nTo:", " a@b.example,\n"),
    "T56 unknown labels": in_text("", "Fram: a@b.example\nDatu: 1\n"),
    "T54 quoted blocks": in_text(BLOCK_TEXT, "".join(f"> {line}\n" for line in BLOCK_TEXT.splitlines())),
    "T55 headers in a history": in_text(BLOCK_TEXT, "> From: a@b.example\n"),
    "T56 every label": Attack(labels),
    "T56 blocks without an author": in_text("", "Date: x\nSubject: x\nTo: a@b.example\n\n"),
    "T56 blocks without a date": in_text("", "From: a@b.example\nSubject: x\n\n"),
    "T56 labels alone": in_text("", "Von:     \n"),  # so long that a mebibyte passes no limit of lines
    "T56 whole blocks without an address": in_text("", "From: x\nTo: y\nDate: z\nSubject: w\nReply-To: v\nx\n"),
    # so long that a mebibyte passes no limit of lines, as below
    "T56 blocks of longer lines without an address": in_text("", "From: x  \nTo: yyyyy\nDate: z\nSubject: w\nReply-To: v\nhello\n"),
    "T56 long blocks without an address": in_text("", "From: x\nTo: y\nDate: z\nSubject: w\n" + "X-A: 1\n" * 50),
    "T56 long blocks without an author": in_text("", "To: y\nDate: z\nSubject: w\n" + "X-A: 1\n" * 54),
    "T56 blocks without an address, up to the limit": as_read("From: x\nTo: y\nDate: z\nSubject: w\nReply-To: v\nx\n"),
    "T56 fields without an end, up to the limit": as_read("*Da:* x\n*Cc:* x\n*Rispondi a:* x\n*Priorità:* x\n*A:* x\n*Oggetto:* x\n"),
    "T56 labels apart, up to the limit": as_read("Od:\n\nDo:\n\nData:\n\nTemat:\n\nOdpowiedz do:\n\nOn 2 Mar 2026, K <k@b.example> wrote:\nx\ny\n"),
    "T56 fields behind bars, up to the limit": as_read("| Тема | x |\n| Aan | x |\n| Ответить | x |\n\n"),
    "T56 values below labels, up to the limit": as_read("Sent:\nCc:\nReply-To:\nCc:\nTo:\nx\ny\nz\n"),
    "T56 labels above rules": in_text("", "De:: \n=\n"),
    "T56 labels on one line": in_text("", f"-------- Original Message --------From: {'a:' * 60}\n"),
    "T56 words on one line": in_text("", f"---------- Forwarded message ---------From: {'a b c d:' * 40}\n"),
    "T56 labels and addresses on one line": in_text("", f"x {'To: a@b.example ' * 60}\n"),
    "T56 fields on one line": in_text("", "x From: a@b.example Date: soon Subject: x To: a@b.example\n"),
    "T56 fields of a word on one line": in_text("", f"xx@yy.example {'主题：' * 60}\n"),
    "T56 fields on a line each without a date": in_text("", f"x {'From: a@b.example Date: x To: a@b Subject: x ' * 3}\n"),
    "T56 separators on one line": in_text("", f"a@b: c: d: {'-- x --' * 60}\n"),
    "T56 wrapped lines below separators": in_text("", f"---- x {'From: a@b.example To: ' * 3}\n"),
    "T56 a notice below each separator": in_text("", SEPARATOR + "x\nFrom: a@b.example\nTo: x\n\n"),
    "T56 lines in place of a block": in_text("", "-------- Forwarded message --------\n02.03.2026, 09:15, K <k@b.example>:\n"),
    "T56 separators above a block without an author": in_text(BLOCK_TEXT, SEPARATOR + "Fram: a@b.example\nDate: x\nTo: x\n\n"),
    "T56 answers in a quoted forward": in_text(f"> {'> '.join(BLOCK_TEXT.splitlines(keepends=True))}", "> a\nb\n"),
    "T60 answers in a quoted forward": in_html(
        '<div>Begin forwarded message:</div><blockquote type="cite"><div>From: a@b.example</div><div>Date: 2 March 2026 at '
        "09:15:00 CET</div><div>To: x</div><br>",
        '</blockquote><div>b</div><blockquote type="cite">a',
    ),
    "T56 original messages": in_text("", "-----Original Message-----\n"),
    "T56 rules of Outlook": in_text("", "_" * 32 + "\n"),
    "T56 rules with words": in_text("", "---- x\n"),
    "T56 rules of words": in_text("", "---- x y z ----\n"),
    "T56 rules with words below a block": in_text(BLOCK_TEXT, "---- x\n"),
    "T61 attributions": in_text("", "On 2 Mar 2026, Kim <kim@customer.example> wrote:\n"),
    "T61 attributions below a block": in_text(BLOCK_TEXT, "On 2 Mar 2026, Kim <kim@customer.example> wrote:\n"),
    "T61 attributions and quotes": in_text(BLOCK_TEXT, "On 2 Mar 2026, Kim <kim@customer.example> wrote:\n> x\n"),
    "T61 what could be attributions": in_text(BLOCK_TEXT, "1 a:\n"),
    "T61 addresses and colons": in_text("", "a@b:\n"),
    "T61 addresses and colons between blocks": in_text(BLOCK_TEXT, "a@b:\n", BLOCK_TEXT),
    "T61 many colons in folded values": in_text("From: a@b.example\nSubject: x\n", " " + ":" * 8_000 + "\n"),
    "T61 words of a separator": in_text("---- ", "x ", "!"),
    "T61 _": in_text("", "_", "!"),
    "T61 wrote": in_text("", "wrote ", "!"),
    "T61 .a": in_text("", ".a", "!"),
    "T61 =?": in_text("", "=?", "!"),
    "T61 <": in_text("", "<", "!"),
    "T61 brackets": in_text("From: ", "[a", "\nDate: x\n"),
    "T62 quotes between words": in_text(BLOCK_TEXT, "> x\ny\n"),
    "T62 quotes after a block": in_text(BLOCK_TEXT, "> x\n"),
    "T62 signatures": in_text(BLOCK_TEXT, "-- \n"),
    "T62 >>>": in_text(BLOCK_TEXT, ">>> x >>>\n"),
    "T56 raw fields": in_text("From: a@b.example\nDate: x\n", "X-A-b: 1\n"),
    "T61 labels in a folded value": in_text("From: a@b.example\nSubject: x\n", " " + "To:" * 2_600 + "\n"),
    "T61 colons in a folded value": in_text("From: a@b.example\nSubject: x\n", " " + ":" * 8_000 + "\n"),
    "T61 brackets and colons in a folded value": in_text("From: a@b.example\nTo: x\n", " " + ">a:" * 2_600 + "\n"),
    "T61 On": in_text("", "On "),
    "T61 On lines": in_text("", "On 1 a@b.example wrote\n"),
    "T61 On wrote": in_text("", "On 1 a@b.example wrote:\n"),
    "T61 lines that end like an attribution": in_text(BLOCK_TEXT, "a@b:\n", BLOCK_TEXT),
    "T61 dates in front of names": in_text("", "1 a b c d e f g h i j k l m n o p <a@b>:\n"),
    "T61 near-separators": in_text("", "---- x\n"),
    "T61 labels between tags in text": in_text("", "=20 \n<br>\nCc: "),
    "T61 tags in text": in_text("", "<b>From:</b> <br>\n"),
    "T61 line breaks as tags": in_text("", "<br>"),
    "T61 references in text": in_text("", "&lt;a@b&gt;\n"),
    "T61 rows of Markdown": in_text("", "| From: | x |\n|---|---|\n"),
    "T61 bars": in_text("", "| > | > x\n"),
    "T61 labels apart": in_text("", "From:\n\nx\n\nTo:\n\ny\n\nSubject:\n\nz\n\nhello\n\n"),
    "T61 wrapped separators": in_text("", "---- forwarded message from xxxxxxxxxxxxxxxxxxxxxxxxx\n---x---\n"),
    "T61 drawn lines": in_text("", "_" * 32 + "\n"),
    "T61 hyphens": in_text("", "-"),
    "T61 rules": in_text("", "-----\n"),
    "T61 blanks": in_text("", " "),
    "T61 tabs": in_text("", "\t"),
    "T61 digits": in_text("", "7"),
    "T61 a@": in_text("", "a@"),
    "T61 blanks in lines": in_text("", " " * 100 + "\n"),
    "T62 quote marks": in_text("", ">"),
    "T62 quote marks with blanks": in_text("", "> "),
    "T62 quote ladder": Attack(ladder),
    "T62 deep quotes above a block": in_text("", ">" * 64 + "x\n", BLOCK_TEXT),
    "T62 one line": in_text("", "x"),
    "T62 flowed": in_part("Content-Type: text/plain; format=flowed; delsp=yes", b">x \n"),
    "T62 empty lines": in_text("", "\n"),
    "T62 short lines": in_text("", "x\n"),
    "T62 lines up to the limit": Attack(
        lambda n: mail("Content-Type: text/plain", body=BLOCK_TEXT + "x\n" * min(n // 2, 2**17 - 20))
    ),
    "T62 short lines below a block": in_text(BLOCK_TEXT, "x\n"),
    # --- HTML
    "T59 links": in_html("", '<a href="mailto:a@b.example">k</a>'),
    "T59 links without text": in_html("x" * 8_000, "<a href=mailto:a@b></a>"),
    "T59 links in percent code": in_html("", '<a href="mailto:%61@b.example">k@c</a> '),
    "T59 one long link": in_html('<a href="mailto:', "%41", '">k@c</a>'),
    "T58 grounds": in_html("", '<div style="color:red;background:blue">'),
    "T58 colours past the depth": in_html("<i>" * 600, '<b style="color:red" bgcolor="blue">x'),
    "T58 lengths": in_html("", '<p style="text-indent:-1.1pt;position:absolute;left:-9.99in">x'),
    "T60 div": in_html("", "<div>"),
    "T60 b": in_html("", "<b>"),
    "T60 comments": in_html("", "<!--"),
    "T60 closed comments": in_html("", "<!---->"),
    "T60 open attribute": in_html("", '<a x="'),
    "T60 attributes": in_html("<a ", "b=c ", ">"),
    "T60 names": in_html("<a ", "b", ">"),
    "T60 blanks in a tag": in_html("<a " + "b" * 64, " ", ">"),
    "T60 &": in_html("", "&"),
    "T60 &a": in_html("", "&a"),
    "T60 CDATA": in_html("", "<![CDATA["),
    "T60 script": in_html("<script>", "</scr"),
    "T60 script without end": in_html("<script>", "</script"),
    "T60 scripts": in_html("", "<script>"),
    "T60 styles": in_html("", "<style>.a{display:none}</style>"),
    "T60 classes": in_html("<style>", "." + "a" * 64),
    "T60 rules": in_html("<style>", ".a{"),
    "T60 style attributes": in_html("", "<p style='color:red'>x"),
    "T60 <": in_html("", "<"),
    "T60 br": in_html("", "<br>"),
    "T60 blockquotes": in_html("", "<blockquote>x"),
    "T60 blockquotes above a block": in_html("", "<blockquote>x", BLOCK_HTML),
    "T60 blockquotes below a block": in_html("<div>" + BLOCK_HTML, "<blockquote>x"),
    "T60 distinct tags": Attack(
        lambda n: mail("Content-Type: text/html", body="".join(f"<t{i}>" for i in range(n // 8)))
    ),
    "T60 digits": in_html("&#", "9", ";"),
    "T60 digits in hidden text": in_html("<p hidden>&#", "9", ";"),
    "T60 references": in_html("", "&#64;"),
    "T60 misplaced ends": in_html("<div>" + "<b><i><div>" * 150, "</b>"),
    "T60 fonts that go on": in_html("<div><font color=#fff><div><font color=#000>" * 100, "<div></div>"),
    "T60 fonts": in_html("", "<font color=#fff>x"),
    # The standard's own tree has as many nodes as there are fonts times paragraphs (docs/limits.md).
    "T60 distinct fonts in paragraphs": Attack(
        lambda n: mail("Content-Type: text/html", body="".join(f"<font size={i}><p>x" for i in range(n // 20)))
    ),
    "T60 rows without a table": Attack(
        lambda n: mail("Content-Type: text/html", body="<div>" * (n // 9) + "<tr>" * (n // 9))
    ),
    "T60 marks": in_html("", '<p class="gmail_quote gmail_attr">x'),
    "T60 wide characters": in_html("\U0001f600", "<b>xy"),
    "T60 style braces": in_html("<style>@media print{", "} "),
    "T60 style comments": in_html("<p style='", "/*", "'>x"),
    "T60 entities in hidden lines": in_html("<div hidden>", "&lt;<br>"),
    "T60 cells": in_html("<table>", "<tr><td>x"),
    "T60 pre": in_html("<pre>", "x\n"),
    "T60 blocks": in_html("", "<div>" + BLOCK_HTML),
    "T58 hidden": in_html("", "<div hidden>x", BLOCK_HTML),
    "T58 hidden blocks": in_html("<div hidden>", BLOCK_HTML),
    "T57 both parts": Attack(both_parts("x y\n")),
    "T57 both parts, quotes": Attack(both_parts("> x\n")),
}  # fmt: skip
"""Every attack by its name."""
