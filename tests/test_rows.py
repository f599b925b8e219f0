"""Every row of the catalogue has a case in the corpus, and whatever a row holds is written out and read back."""

import html
import importlib.util
import json
import textwrap
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import bcclog_fixtures
import pytest
from bcclog_fixtures import cases, differences
from bcclog_fixtures.wrap import forms, wrap

import bcclog
from builders import mail

ROOT = Path(__file__).parent.parent
CLIENTS: dict[str, dict[str, Any]] = {
    path.stem: json.loads(path.read_text("utf-8"))
    for path in sorted((ROOT / "src" / "bcclog" / "data" / "clients").glob("*.json"))
}
LISTS = ("ends", "attributions", "subject_prefixes", "dates")
PEOPLE = {
    "from": {"name": "Piet de Vries", "email": "piet@bakker.example"},
    "to": [{"name": "Rosa Rep", "email": "rosa@ourco.example"}, {"name": "Szabó, Gergő", "email": "gergo@pek.example"}],
    "cc": [{"name": "Ada Brandt", "email": "ada@harbour.example"}],
    "reply_to": [{"name": "Bakkerij", "email": "bestel@bakker.example"}],
}
ORIGINAL = {
    **PEOPLE,
    "subject": "Bread for Monday",
    "sent_at": "2026-10-29T15:55:00+01:00",
    "message_id": "bread@bakker.example",
    "text": "Hello Rosa,\n\nforty loaves please.\n\nPiet\n",
}
# Fields that are known, so that they do not end a block, and not given back.
OTHERS = {
    "sender": "Office <office@bakker.example>", "bcc": "", "organization": "Bakkerij de Vries",
    "newsgroups": "example.bread", "followup_to": "example.bread", "references": "<older@bakker.example>",
    "importance": "High", "attachments": "order.pdf", "resent_from": "Ada <ada@harbour.example>",
    "resent_to": "Piet <piet@bakker.example>", "resent_cc": "Jo <jo@harbour.example>",
    "resent_date": "Thu, 29 Oct 2026 15:58:00 +0100", "resent_comments": "for Piet",
    "resent_message_id": "<again@harbour.example>",
}  # fmt: skip


@cache
def make() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "make_rows", Path(bcclog_fixtures.__file__).parent.parent / "reconstruct" / "make.py"
    )
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def written_rows() -> Iterator[tuple[str, str]]:
    for client in CLIENTS.values():
        for locale, row in client["locales"].items():
            if "from" in row["labels"] or row.get("attributions"):
                yield client["client"], locale


def ended(name: str) -> list[str]:
    """The client's rows with a block that an end line closes."""
    return [locale for locale, row in CLIENTS[name]["locales"].items() if row.get("ends") and "from" in row["labels"]]


def test_every_row_that_says_how_a_forward_looks_has_a_case() -> None:
    shown = {(case.client, case.locale) for case in cases(kind="forward")}
    assert [row for row in written_rows() if row not in shown] == []


def test_rows_without_a_case_are_those_whose_words_no_source_tells() -> None:
    every = {(client["client"], locale) for client in CLIENTS.values() for locale in client["locales"]}
    assert sorted(every - set(written_rows())) == [
        ("delta-chat", "en"),
        ("spark", "en"),
        ("wp-poczta", "pl"),
    ]


def test_reconstructed_cases_are_what_the_catalogue_says_today() -> None:
    found = [case for case in cases(kind="forward") if case.name.startswith("row-")]
    assert len(found) > 1000
    stale = []
    for case in found:
        name, raw, sidecar = make().case(CLIENTS[case.client], case.locale)
        if (name, raw, sidecar) != (case.name, case.raw, case.sidecar):
            stale.append(case.id)
    assert stale == []


@pytest.mark.parametrize("name", [name for name in CLIENTS if any(name == client for client, _ in written_rows())])
def test_everything_that_a_row_holds_is_read(name: str) -> None:
    """R7, R10: each label, separator, end, attribution, prefix and date pattern of each row, in each form."""
    wrong = []
    for locale, client in alternatives(CLIENTS[name]):
        row = client["locales"][locale]
        is_line = bool(row.get("attributions"))
        original = ORIGINAL if is_line else {**ORIGINAL, **others(row)}
        for form in forms(client):
            # The last of two ways is the line in place of a block.
            pick = 1 if is_line and "from" in row["labels"] else 0
            raw, expect = wrap(
                original, locale, client, comment="FYI", form=form, pick=pick, write_date=make().cldr_date
            )
            found = differences(expect, bcclog.unwrap(raw).to_dict(), ("original.html",))
            if found:
                wrong.append((locale, form, *found))
    assert wrong == []


def turned(texts: list[str], turn: int) -> list[str]:
    return texts[turn % len(texts) :] + texts[: turn % len(texts)]


def others(row: Mapping[str, Any]) -> dict[str, str]:
    """Further fields, but for those whose label the row gives to two: `참조` is Cc and References in Thunderbird."""
    taken = [text.casefold() for texts in row["labels"].values() for text in texts]
    return {
        name: value
        for name, value in OTHERS.items()
        if all(taken.count(text.casefold()) == 1 for text in row["labels"].get(name, ()))
    }


def alternatives(client: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """A row's name and the client with that row alone, its lists turned so that each thing is the first once.

    The block of a row is apart from the line that it may write in its place. What the row labels and does not order is
    written at the end.
    """
    for locale, row in client["locales"].items():
        labels = row["labels"]
        order = list(row.get("order", client["order"])) or ["date", "from", "to", "cc?", "subject"]
        order += [field for field in labels if not {field, f"{field}?"} & set(order)]
        rules = [(key, text) for key in ("separators", "reply_separators") for text in row.get(key, ())]
        most = max(len(rules), *(len(row.get(key, ())) for key in LISTS), *map(len, labels.values()), 1)
        for turn in range(most):
            one = {key: turned(row[key], turn) for key in (*LISTS, "separators") if row.get(key)}
            together = row.get("labels_by_version")
            one["labels"] = {
                field: turned(texts, min(turn, len(texts) - 1) if together else turn) for field, texts in labels.items()
            }
            one["order"] = order
            if rules and rules[turn % len(rules)][0] == "reply_separators":
                one |= {"separators": [], "reply_separators": [rules[turn % len(rules)][1]]}
            if "from" in labels:
                yield locale, {**client, "locales": {locale: {**row, **one, "attributions": []}}}
            if row.get("attributions"):
                yield locale, {**client, "locales": {locale: {**row, **one}}}


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("<blockquote>", "</blockquote>"),
        ('<blockquote type="cite">', "</blockquote>"),
        ("<blockquote><table><tr><td>", "</td></tr></table></blockquote>"),
        ("<div>", "</div>"),
    ],
)
@pytest.mark.parametrize("name", [name for name in CLIENTS if ended(name)])
def test_an_end_line_round_a_quote_of_html_closes_what_was_forwarded(name: str, opening: str, closing: str) -> None:
    """In HTML the lines around the forward stand outside of the quote that holds the fields and the body (OTRS)."""
    wrong = []
    for locale in ended(name):
        text = bcclog.parse(wrap(ORIGINAL, locale, CLIENTS[name], write_date=make().cldr_date)[0]).text_body or ""
        lines = (line.removeprefix(">").removeprefix(" ") for line in text.strip().split("\n"))
        above, *inner, end = [html.escape(line, quote=False) for line in lines]
        body = f"FYI<br><div>{above}</div>{opening}{'<br>'.join(inner)}{closing}<div>{end}</div><p>Rosa</p>"
        raw = mail("MIME-Version: 1.0", "Content-Type: text/html; charset=utf-8", subject="Fwd: Bread", body=body)
        found = bcclog.unwrap(raw)
        assert isinstance(found, bcclog.Forward), locale
        if (found.comment, found.original.text) != ("FYI\n\nRosa", ORIGINAL["text"].strip()):
            wrong.append((locale, found.comment, found.original.text))
    assert wrong == []


@pytest.mark.parametrize("width", [60, 72, 76, 78])
@pytest.mark.parametrize("name", [name for name, client in CLIENTS.items() if client["layout"].get("glued")])
def test_a_block_on_one_line_is_read_where_a_program_wrapped_it(name: str, width: int) -> None:
    wrong = []
    for locale, row in CLIENTS[name]["locales"].items():
        for pick in range(2 if "from" in row["labels"] else 0):
            raw, expect = wrap(ORIGINAL, locale, CLIENTS[name], comment="FYI", pick=pick, write_date=make().cldr_date)
            lines = (bcclog.parse(raw).text_body or "").split("\n")
            body = "\n".join(
                textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False) if "@" in line else line
                for line in lines
            )
            raw = mail(
                "MIME-Version: 1.0",
                "Content-Type: text/plain; charset=utf-8",
                subject="Fwd: Bread for Monday",
                body=body,
            )
            found = differences(expect, bcclog.unwrap(raw, is_to_forwarding_address=True).to_dict(), ("original.html",))
            wrong += [(locale, pick, *found)] if found else []
    assert wrong == []


ODD = [
    (name, locale)
    for name, client in CLIENTS.items()
    for locale, row in client["locales"].items()
    if row.get("colon") and "from" in row["labels"]
]


@pytest.mark.parametrize("marks", ["*", "**", "_"])
@pytest.mark.parametrize(("name", "locale"), ODD)
def test_what_a_row_writes_in_place_of_a_colon_is_read_in_bold(name: str, locale: str, marks: str) -> None:
    row = CLIENTS[name]["locales"][locale]
    original = {**ORIGINAL, "message_id": None}
    raw, expect = wrap(original, locale, CLIENTS[name], comment="FYI", write_date=make().cldr_date)
    colon = row["colon"]
    heads = [
        label + (colon.get(field, ":") if isinstance(colon, dict) else colon if isinstance(colon, str) else ":")
        for field, texts in row["labels"].items()
        for label in texts
    ]
    lines = (bcclog.parse(raw).text_body or "").split("\n")
    for at, line in enumerate(lines):
        head = next((head for head in heads if line.startswith(head)), None)
        if head is not None:
            lines[at] = f"{marks}{head.strip()}{marks} {line[len(head) :].strip()}"
    kind = "Content-Type: text/plain; charset=utf-8"
    raw = mail("MIME-Version: 1.0", kind, subject="Fwd: Bread for Monday", body="\n".join(lines))
    found = bcclog.unwrap(raw, is_to_forwarding_address=True).to_dict()
    assert differences(expect, found, ("original.html", "original.message_id")) == []
