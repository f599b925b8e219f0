"""Write the fuzzer's seeds from the corpus: one short mail of each kind and client, a few generators, and the dictionary.

    python fuzz/make_seeds.py

Seeds and dictionary are derived and not kept in the repository.
"""

import json
from pathlib import Path

import bcclog_fixtures

import bcclog

HERE = Path(__file__).parent
MOST_BYTES = 2_000
"""A seed longer than this slows the fuzzer and teaches it little."""
WORDS = (
    "From: ", "To: ", "Cc: ", "Bcc: ", "Subject: ", "Date: ", "Message-ID: ", "Sender: ", "Reply-To: ", "Received: ", "Delivered-To: ", "List-Id: ", "List-Post: ",
    "Resent-From: ", "Return-Path: <>", "Auto-Submitted: auto-replied", "Precedence: bulk", "Authentication-Results: mx.ourco.example; dmarc=pass header.from=",
    "Content-Type: ", "text/plain", "text/html", "multipart/mixed", "multipart/alternative", "multipart/related", "multipart/report", "multipart/signed", "message/rfc822",
    "message/partial", "application/ms-tnef", "text/calendar", "; boundary=b", "; charset=utf-8", "; charset=utf-7", "; charset=iso-2022-jp", "; format=flowed", "; name*0*=",
    "Content-Transfer-Encoding: base64", "Content-Transfer-Encoding: quoted-printable", "Content-Disposition: attachment; filename=", "Content-ID: <a>", "--b\n", "--b--\n",
    "=?utf-8?q?", "=?utf-8?b?", "?=", "rosa@ourco.example", "log@in.crm.example", "bcc@in.crm.example", "kim@zyxlisted.example", "<", ">", "\r\n ", "\r", "\0",
    "\r\n\r\n", "<div>", "<blockquote>", "</div>", "<br>", "<a href=\"mailto:", "<style>", "<!--", "-->", "&#", "&lt;", "style=\"display:none\"", "On ", " wrote:\n", "> ",
    "---------- Forwarded message ---------\n", "-----Original Message-----\n", "Begin forwarded message:\n", "Fwd: ", "Re: ", "xn--", "[mailto:", " on behalf of ", ":;",
)  # fmt: skip


def main() -> None:
    """Write `fuzz/seeds` and `fuzz/mail.dict`."""
    seeds = HERE / "seeds"
    seeds.mkdir(exist_ok=True)
    kept: dict[tuple[str, str], bytes] = {}
    for case in bcclog_fixtures.cases():
        raw = case.raw
        if len(raw) <= MOST_BYTES:
            known = kept.get((case.kind, case.client))
            if known is None or len(raw) < len(known):
                kept[case.kind, case.client] = raw
    for (kind, client), raw in kept.items():
        for choice in (0, 2, 0xE0):
            (seeds / f"{kind}-{client}-{choice}").write_bytes(bytes([choice]) + raw)
    labels = set(WORDS)
    for path in (Path(bcclog.__file__).parent / "data" / "clients").glob("*.json"):
        rows = json.loads(path.read_text("utf-8"))["locales"]
        for row in list(rows.values())[:4]:
            labels.update(f"{label}: " for names in row.get("labels", {}).values() for label in names)
            labels.update(f"{line}\n" for line in row.get("separators", ()))
    lines = ("".join(f"\\x{byte:02x}" for byte in word.encode()) for word in sorted(labels))
    (HERE / "mail.dict").write_text("".join(f'"{line}"\n' for line in lines if line), "utf-8")
    print(f"{len(kept)} seeds, {len(labels)} words")


if __name__ == "__main__":
    main()
