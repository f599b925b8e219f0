"""Small raw mails for tests: header fields and a body, as bytes on the wire."""

from collections.abc import Iterable

from bcclog import Account, Connected, Contact, MemoryDirectory, User

BCC = "bcc@in.crm.example"
LOG = "log@in.crm.example"
ROSA = "rosa@ourco.example"
KIM = "kim@customer.example"


def account(**changes: object) -> Account:
    """The account of the tests, with some arguments changed."""
    given: dict[str, object] = {
        "domains": ["ourco.example"],
        "bcc_addresses": [BCC],
        "forwarding_addresses": [LOG],
        "drop_domains": ["in.crm.example"],
    }
    given.update(changes)
    return Account(**given)  # type: ignore[arg-type]


def directory(*, contacts: Iterable[tuple[str, Contact]] = (), users: Iterable[User] | None = None) -> MemoryDirectory:
    """Rosa is the one user unless others are given."""
    rosa = User(id="u1", name="Rosa Rep", address=ROSA, connected=[Connected(address=ROSA)])
    return MemoryDirectory.of([rosa] if users is None else users, contacts=contacts)


def mail(
    *fields: str,
    from_: str | None = f"Rosa Rep <{ROSA}>",
    to: str | None = f"Kim Kaufmann <{KIM}>",
    subject: str | None = "Offer",
    date: str | None = "Mon, 02 Mar 2026 09:15:00 +0100",
    message_id: str | None = "<m1@ourco.example>",
    body: str | bytes = "Hello Kim,\r\nhere is the offer.\r\n",
) -> bytes:
    """One mail with CRLF line ends. fields: further header fields, put in front; None leaves a usual field out."""
    usual = (("From", from_), ("To", to), ("Subject", subject), ("Date", date), ("Message-ID", message_id))
    lines = [*fields, *(f"{name}: {value}" for name, value in usual if value is not None)]
    head = "".join(line + "\r\n" for line in lines).encode("utf-8", "surrogateescape")
    return head + b"\r\n" + (body.encode() if isinstance(body, str) else body)


def multipart(*parts: tuple[str, str | bytes], subtype: str = "mixed", boundary: str = "b0") -> tuple[str, bytes]:
    """Content-Type field and body of a multipart; a part is (header lines with LF, body)."""
    body = b""
    for header, content in parts:
        data = content.encode() if isinstance(content, str) else content
        head = f"--{boundary}\n{header.strip()}\n\n".replace("\n", "\r\n")
        body += head.encode() + data + b"\r\n"
    return f'Content-Type: multipart/{subtype}; boundary="{boundary}"', body + f"--{boundary}--\r\n".encode()


BLOCK = (
    "---------- Forwarded message ---------\r\n"
    "From: Kim Kaufmann <kim@customer.example>\r\n"
    "Date: Mon, Mar 2, 2026 at 9:15 AM\r\n"
    "Subject: Re: Offer\r\n"
    "To: Rosa Rep <rosa@ourco.example>\r\n"
)
"""Gmail's block in English."""


def forward(
    *fields: str,
    block: str = BLOCK,
    text: str = "Thank you, that suits us well.\r\n",
    note: str = "Please log this.\r\n",
    from_: str | None = f"Rosa Rep <{ROSA}>",
    subject: str = "Fwd: Re: Offer",
    html: bool = True,
) -> bytes:
    """An inline forward by Gmail in English to the forwarding address, text and HTML."""
    plain = f"{note}\r\n{block}\r\n\r\n{text}"
    rows = block.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r\n", "<br>\r\n")
    source = (
        f'<div dir="ltr">{note}<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">{rows}</div><br><br>'
        f"<div>{text}</div></div></div>"
    )
    parts = [("Content-Type: text/plain; charset=utf-8", plain)]
    if html:
        parts.append(("Content-Type: text/html; charset=utf-8", source))
    field, body = multipart(*parts, subtype="alternative")
    return mail(*fields, field, "MIME-Version: 1.0", from_=from_, to=LOG, subject=subject, body=body)
