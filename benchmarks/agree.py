"""How often other libraries read what our corpus holds: the tables of docs/migration.md.

    pip install quotequail talon mail-parser-reply babel
    npm install --no-save email-forward-parser
    python benchmarks/agree.py --crisp node_modules/email-forward-parser --docs

A peer that is not installed is left out. Each is called as its documentation says, with the text or HTML already
decoded; none of their own tests or fixtures is used. The corpus is ours, and bcclog was developed against it: its own
row says that the corpus holds, and only the others' say what changes for somebody who comes from them.

Forwards: every case of kind `forward` that a real client wrote. Replies: for each line that the catalogue knows above
a quoted history (`reply_attributions`), a mail of two sentences above it and three quoted lines below; the reply must
come back whole and alone.
"""

import argparse
import json
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import bcclog_fixtures
from measured import put

import bcclog

ROOT = Path(__file__).parent.parent
CLIENTS = ROOT / "src" / "bcclog" / "data" / "clients"
REPLY = "Thank you, that suits us well.\n\nWe will be there at nine."
FIELDS = ("taken for a forward", "author's address", "and name", "subject", "text", "all of these")

Answer = Mapping[str, Any] | None
"""author: (name, address); subject, body: text. None: taken for no forward. Dates are not compared: only bcclog gives
them as times."""


def same(one: str | None, other: str | None) -> bool:
    return (one or "").split() == (other or "").split()


def texts(raw: bytes) -> tuple[str, str]:
    """The first text part, or where there is none the lines of the HTML; and the HTML."""
    message = bcclog.parse(raw)
    plain = next((text for _, text in message.text_parts()), "")
    return plain.replace("\r\n", "\n"), next((text for _, text in message.html_parts()), "")


# --- forwards ---------------------------------------------------------------------------------------------------------


def read_bcclog(raw: bytes, _plain: str, _html: str, _subject: str) -> Answer:
    found = bcclog.unwrap(raw)
    if not isinstance(found, bcclog.Forward):
        return None
    original = found.original
    author = original.from_
    return {
        "author": (None, None) if author is None else (author.name, author.email),
        "subject": original.subject,
        "body": original.text,
    }


def read_quotequail(_raw: bytes, plain: str, html: str, _subject: str) -> Answer:
    quotequail = import_module("quotequail")
    for text, unwrap, body in ((plain, quotequail.unwrap, "text"), (html, quotequail.unwrap_html, "html")):
        found = unwrap(text) if text else None
        if found and found.get("type") == "forward":
            return {
                "author": person(found.get("from") or ""),
                "subject": found.get("subject"),
                "body": found.get("text") if body == "text" else seen(found.get("html") or ""),
            }
    return None


def person(text: str) -> tuple[str, str]:
    """Name and address of one person written as `Name <address>`: what is left to somebody who gets a string."""
    address = re.search(r"[^\s<>\[\]():;,\"']+@[^\s<>\[\]():;,\"']+", text)
    if address is None:
        return text, ""
    return text[: address.start()].rstrip(" <[(").strip("\"' "), address[0]


def seen(html: str) -> str:
    """What a reader sees of HTML, which a caller of a text parser has to make of it."""
    from bcclog._catalogue.shipped import catalogue
    from bcclog._lines.html import html_lines

    return "\n".join("> " * line.depth + line.text for line in html_lines(html, catalogue()).lines)


def read_crisp(package: Path, mails: list[tuple[str, str]]) -> list[Answer]:
    command = ["node", str(ROOT / "benchmarks" / "peers" / "crisp_read.js"), str(package.resolve())]
    done = subprocess.run(command, input=json.dumps(mails).encode(), capture_output=True, check=True)
    return [
        {
            "author": (one["email"]["from"].get("name"), one["email"]["from"].get("address")),
            "subject": one["email"].get("subject"),
            "body": one["email"].get("body"),
        }
        if one["forwarded"]
        else None
        for one in json.loads(done.stdout)
    ]


def right(case: bcclog_fixtures.Case, answer: Answer) -> Iterator[str]:
    """The names of `FIELDS` in which an answer is what the case expects."""
    if answer is None:
        return
    yield FIELDS[0]
    original = case.expect["unwrap"]["original"]
    author = original["from"] or {"name": None, "email": None}
    name, address = answer["author"]
    checks = {
        "author's address": (address or "").lower() == (author["email"] or "").lower(),
        "and name": (address or "").lower() == (author["email"] or "").lower() and same(name, author["name"]),
        "subject": same(answer["subject"], original.get("subject")),
        "text": "text" not in original or "original.text" in case.unspecified or same(answer["body"], original["text"]),
    }
    yield from (field for field, is_right in checks.items() if is_right)
    if all(checks.values()):
        yield FIELDS[-1]


def forwards(crisp: Path | None) -> Iterator[str]:
    """The tables of forwards, as lines: what each library reads of those that real clients wrote."""
    cases = [
        case
        for case in bcclog_fixtures.cases(kind="forward")
        if case.sidecar["provenance"]["kind"] == "captured"
        and case.expect.get("unwrap", {}).get("outcome") == "forward"
    ]
    bodies = [texts(case.raw) for case in cases]
    subjects = [bcclog.parse(case.raw).subject or "" for case in cases]
    answers = {"bcclog": [read_bcclog(c.raw, *b, s) for c, b, s in zip(cases, bodies, subjects, strict=True)]}
    if find_spec("quotequail"):
        answers[f"quotequail {version('quotequail')}"] = [
            read_quotequail(case.raw, *body, subject)
            for case, body, subject in zip(cases, bodies, subjects, strict=True)
        ]
    if crisp is not None:
        named = json.loads((crisp / "package.json").read_text("utf-8"))
        mails = [(plain or seen(html), subject) for (plain, html), subject in zip(bodies, subjects, strict=True)]
        answers[f"{named['name']} {named['version']}"] = read_crisp(crisp, mails)
    for is_english, title in ((True, "English"), (False, "other languages")):
        chosen = [n for n, case in enumerate(cases) if case.locale.startswith("en") is is_english]
        writers = {cases[n].client for n in chosen}
        locales = {cases[n].locale for n in chosen}
        head = f"{title}, {len(chosen):,} mails of {len(writers)} clients in {len(locales)} locales"
        yield from ("", f"| {head} | " + " | ".join(FIELDS) + " |", "|---|" + "---|" * len(FIELDS))
        for name, found in answers.items():
            counts = Counter(field for n in chosen for field in right(cases[n], found[n]))
            yield f"| {name} | " + " | ".join(f"{counts[field]:,}" for field in FIELDS) + " |"


# --- replies ----------------------------------------------------------------------------------------------------------


def attributions() -> Iterator[tuple[str, str, str]]:
    """(client, locale, the line above a quoted history, filled)."""
    for path in sorted(CLIENTS.glob("*.json")):
        client = json.loads(path.read_text("utf-8"))
        for locale, rows in client["locales"].items():
            for row in rows if isinstance(rows, list) else [rows]:
                for template in row.get("reply_attributions", ()):
                    yield client["client"], locale, filled(template, locale.replace("-", "_"))


def filled(template: str, locale: str) -> str:
    dates = import_module("babel.dates")
    when = datetime.fromisoformat("2026-03-02T09:15:00")
    try:
        date, time = dates.format_date(when, "medium", locale=locale), dates.format_time(when, "short", locale=locale)
    except (import_module("babel").UnknownLocaleError, ValueError):
        date, time = "2026-03-02", "09:15"
    if "{time}" not in template:
        date = f"{date} {time}"
    values = {"date": date, "time": time, "name": "Kim Kaufmann", "email": "kim@customer.example",
              "from": "Kim Kaufmann <kim@customer.example>"}  # fmt: skip
    return re.sub(r"\{(\w+)\}", lambda match: values.get(match[1], match[0]), template)


def reply_bcclog(text: str) -> str:
    block = (
        "---------- Forwarded message ---------\nFrom: Kim <kim@customer.example>\nDate: Mon, Mar 2, 2026 at 9:15 AM\n"
        "Subject: x\nTo: <rosa@ourco.example>\n\n\n"
    )
    raw = f"Subject: Fwd: x\nContent-Type: text/plain; charset=utf-8\n\n{block}{text}".encode()
    found = bcclog.unwrap(raw)
    return found.original.reply or "" if isinstance(found, bcclog.Forward) else ""


def replies() -> Iterator[str]:
    """The table of replies, as lines: how often the author's own text comes back whole and alone."""
    peers: dict[str, Callable[[str], str]] = {"bcclog": reply_bcclog}
    if find_spec("talon"):
        talon = import_module("talon.quotations")
        peers[f"talon {version('talon')}"] = lambda text: talon.extract_from(text, "text/plain")
    if find_spec("mailparser_reply"):
        library = import_module("mailparser_reply")
        languages = sorted(import_module("mailparser_reply.constants").MAIL_LANGUAGES)
        parser = library.EmailReplyParser(languages=languages)
        peers[f"mail-parser-reply {version('mail-parser-reply')}, all {len(languages)} languages"] = lambda text: (
            parser.parse_reply(text=text) or ""
        )
    lines = list(attributions())
    english = [line for _, locale, line in lines if locale.startswith("en")]
    others = [line for _, locale, line in lines if not locale.startswith("en")]
    yield from (
        "",
        f"| reply | English, {len(english)} lines | other languages, {len(others)} lines |",
        "|---|---|---|",
    )
    for name, read in peers.items():
        counts = [
            sum(same(read(f"{REPLY}\n\n{line}\n> Shall we say\n> Thursday?\n> Kim\n"), REPLY) for line in some)
            for some in (english, others)
        ]
        yield f"| {name} | {counts[0]} | {counts[1]} |"


if __name__ == "__main__":
    options = argparse.ArgumentParser(description="How often other libraries read what our corpus holds.")
    options.add_argument("--crisp", type=Path, help="the npm package email-forward-parser, unpacked")
    options.add_argument("--docs", action="store_true", help="put the tables into docs/migration.md")
    given = options.parse_args()
    for part, lines in (("forwards", forwards(given.crisp)), ("replies", replies())):
        table = "\n".join(lines).strip()
        if given.docs:
            put(ROOT / "docs" / "migration.md", part, table)
        else:
            print(f"{table}\n")
