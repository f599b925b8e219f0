"""The author's words apart from the history below, above or between them (R8), in every language of the catalogue."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import bcclog
from bcclog._forward.quote import ReplySplit, split_reply
from builders import mail

DATA = Path(bcclog.__file__).parent / "data"
OWN = "Yes, on Friday.\n\nRosa"
BODY = "Can you deliver?\n\nKim"
QUOTE = "> Can you deliver?\n>\n> Kim"
SLOTS = {"name": "Kim Kaufmann", "email": "kim@customer.example", "from": "Kim Kaufmann <kim@customer.example>", "time": "09:15", "forwarder": "Rosa Rep", "count": "1", "subject": "Offer 7"}  # fmt: skip


def rows() -> Iterator[tuple[str, str, dict[str, object]]]:
    """Every client in every language of the catalogue, as the files have it."""
    for path in sorted((DATA / "clients").glob("*.json")):
        client = json.loads(path.read_text("utf-8"))
        for locale, row in client["locales"].items():
            yield client["client"], locale, {"order": client["order"], **row}


ATTRIBUTIONS = sorted({text for _, _, row in rows() for text in row.get("reply_attributions", ())})
DATES = ("2 Mar 2026", "02.03.2026 09:15", "2026-03-02 09:15 +0100")


def written(template: str, date: str) -> str:
    for slot, value in {**SLOTS, "date": date}.items():
        template = template.replace(f"{{{slot}}}", value)
    return template


@pytest.mark.parametrize("template", ATTRIBUTIONS)
@pytest.mark.parametrize("date", DATES)
def test_an_attribution_of_the_catalogue_begins_the_history(template: str, date: str) -> None:
    line = written(template, date)
    for between in ("\n", "\n\n"):
        history = f"{line}{between}{QUOTE}"
        assert split_reply(f"{OWN}\n\n{history}\n") == ReplySplit(OWN, history)
        assert split_reply(f"{history}\n\n{OWN}\n") == ReplySplit(OWN, history)  # below the quote


@pytest.mark.parametrize("template", [text for text in ATTRIBUTIONS if "{date}" in text and "{email}" in text])
def test_without_quote_marks_it_does_so_too_where_it_says_when_and_who(template: str) -> None:
    history = f"{written(template, DATES[0])}\n\n{BODY}"
    assert split_reply(f"{OWN}\n\n{history}\n") == ReplySplit(OWN, history)


@pytest.mark.parametrize("template", [text for text in ATTRIBUTIONS if "{date}" in text and text[:3] != ">>>"])
def test_a_wrapped_attribution_belongs_to_the_history_whole(template: str) -> None:
    """Clients wrap at 65 to 78 characters, but for GroupWise, whose line begins and ends with `>>>`."""
    line = written(template.replace("{name}", "Kim Friederike Kaufmann-Oberhuber"), "2 March 2026 09:15")
    if len(line) < 76:
        return
    cut = line.rfind(" ", 0, 76)
    history = f"{line[:cut]}\n{line[cut + 1 :]}\n{QUOTE}"
    assert split_reply(f"{OWN}\n\n{history}\n") == ReplySplit(OWN, history)


def block(row: dict[str, object]) -> str | None:
    """The lines that a row writes above what it quotes or forwards; None where its words are not all known."""
    labels = row.get("labels", {})
    assert isinstance(labels, dict) and isinstance(row["order"], list)
    values = {"from": SLOTS["from"], "date": "2 March 2026 09:15", "to": "Rosa Rep <rosa@ourco.example>", "subject": "Offer 7"}  # fmt: skip
    order = [name.rstrip("?") for name in row["order"]]
    if not set(values) <= set(labels) & set(order):
        return None
    return "\n".join(f"{labels[name][0]}: {values[name]}" for name in order if name in values)


OUTLOOK = [(client, locale, row) for client, locale, row in rows() if row.get("reply_separators") and block(row)]


@pytest.mark.parametrize(("client", "locale", "row"), OUTLOOK, ids=lambda v: v if isinstance(v, str) else "")
def test_a_block_begins_the_history_with_and_without_its_separator(
    client: str, locale: str, row: dict[str, object]
) -> None:
    written_block = block(row)
    separators = row["reply_separators"]
    assert written_block is not None and isinstance(separators, list)
    for separator in [text for text in separators if "{" not in text]:
        history = f"{separator}\n{written_block}\n\n{BODY}"
        assert split_reply(f"{OWN}\n\n{history}\n") == ReplySplit(OWN, history)


def test_a_signature_below_the_quote_is_the_authors_and_a_lists_footer_is_not() -> None:
    attributed = f"On Mon, Mar 2, 2026 at 9:15 AM Kim Kaufmann <kim@customer.example> wrote:\n{QUOTE}"
    signature = "-- \nRosa Rep\nOur Company"
    footer = f"{'_' * 47}\nUsers mailing list\nusers@lists.customer.example"
    assert split_reply(f"{OWN}\n\n{attributed}\n\n{signature}\n") == ReplySplit(f"{OWN}\n\n{signature}", attributed)
    assert split_reply(f"{OWN}\n\n{attributed}\n\n{footer}\n") == ReplySplit(OWN, f"{attributed}\n\n{footer}")


INSIDE = [
    f"Hello Kim,\n\nOn 2 Mar 2026, Kim Kaufmann <kim@customer.example> wrote:\n> When?\n\nFriday.\n\n> How many?\n\nTen.\n\n{OWN}",
    "On 2 Mar 2026, Kim Kaufmann <kim@customer.example> wrote:\n> When?\n\nFriday.\n\n> How many?\n\nTen.",
    "On 2 Mar 2026, Kim Kaufmann <kim@customer.example> wrote:\n> When?\n\nFriday.\n\n> Regards\n> Kim",
]


@pytest.mark.parametrize("text", INSIDE)
def test_answers_inside_a_quote_keep_all_as_reply(text: str) -> None:
    assert split_reply(text) == ReplySplit(text, None)


@pytest.mark.parametrize(
    "text",
    [
        "Kim wrote:\nWe come on Friday.\n\nRosa",
        "Please note:\n- on 2 March we close at 9:15:\n- we open again on 3 March",
        "See the list at 10:30:\n\nOne\nTwo",
        "From: our warehouse in Kiel\nTo: your door\n\nRosa",
        "a\n\n\n",
        "",
    ],
)
def test_ordinary_text_has_no_history(text: str) -> None:
    assert split_reply(text) == ReplySplit(text.strip(), None)


def test_words_that_introduce_a_citation_stay_the_authors() -> None:
    assert split_reply(f"{OWN}\n\nAs you said:\n\n{QUOTE}") == ReplySplit(f"{OWN}\n\nAs you said:", QUOTE)


def test_a_citation_above_the_history_stays_the_authors() -> None:
    history = f"Le 02/03/2026 à 09:15, Kim Kaufmann a écrit :\n{QUOTE}"
    assert split_reply(f"> When?\n\nFriday.\n\n{history}") == ReplySplit("> When?\n\nFriday.", history)


@pytest.mark.parametrize("quote", [QUOTE, BODY])
def test_a_line_drawn_at_both_ends_with_date_and_address_begins_the_history_in_any_language(quote: str) -> None:
    history = f"---- Am Mo, 02 Mär 2026 08:15:00 +0100 Rosa Rep <rosa@ourco.example> schrieb ----\n{quote}"
    assert split_reply(f"{OWN}\n\n{history}") == ReplySplit(OWN, history)


def test_a_text_that_is_nothing_but_history_has_no_reply() -> None:
    assert split_reply(QUOTE) == ReplySplit("", QUOTE)


def test_an_attribution_above_a_block_comes_first_and_a_block_above_an_attribution_too() -> None:
    line = f"On 2 Mar 2026, at 09:15, Kim Kaufmann <kim@customer.example> wrote:\n\n{QUOTE}"
    lines = "From: Kim Kaufmann <kim@customer.example>\nSent: Monday, March 2, 2026 9:15 AM\nTo: Rosa Rep <rosa@ourco.example>\nSubject: Offer 7\n\nHello"
    for history in (f"{line}\n\n{lines}", f"{lines}\n\n{line}"):
        assert split_reply(f"{OWN}\n\n{history}") == ReplySplit(OWN, history)


FORWARD = "---------- Forwarded message ---------\r\nFrom: Kim Kaufmann <kim@customer.example>\r\nDate: Mon, Mar 2, 2026 at 9:15 AM\r\nSubject: Re: Offer 7\r\nTo: Rosa Rep <rosa@ourco.example>\r\n\r\n"
HISTORIES = {
    "gmail": '<div dir="ltr">Yes.</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Sun, Mar 1, 2026 at 8:00 AM Rosa Rep &lt;<a href="mailto:rosa@ourco.example">rosa@ourco.example</a>&gt; wrote:<br></div><blockquote class="gmail_quote"><div>Will you?</div></blockquote></div>',
    "apple": '<div>Yes.<br><div><br><blockquote type="cite"><div>On 1 Mar 2026, at 08:00, Rosa Rep &lt;rosa@ourco.example&gt; wrote:</div><br><div>Will you?</div></blockquote></div></div>',
    "yahoo": '<div>Yes.</div><div id="yahoo_quoted_1" class="yahoo_quoted"><div>On Sunday, March 1, 2026 at 08:00:00 AM GMT+1, Rosa Rep &lt;rosa@ourco.example&gt; wrote:</div><div><br></div><div>Will you?</div></div>',
    "outlook": '<p>Yes.</p><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p><b>From:</b> Rosa Rep &lt;rosa@ourco.example&gt;<br><b>Sent:</b> Sunday, March 1, 2026 8:00 AM<br><b>To:</b> Kim Kaufmann &lt;kim@customer.example&gt;<br><b>Subject:</b> Offer 7</p></div><p>Will you?</p>',
    "thunderbird": '<p>Yes.</p><div class="moz-cite-prefix">On 01/03/2026 08:00, Rosa Rep wrote:<br></div><blockquote type="cite"><p>Will you?</p></blockquote>',
}  # fmt: skip


@pytest.mark.parametrize("client", HISTORIES)
def test_the_history_of_a_mail_that_is_html_alone_is_split_off(client: str) -> None:
    block_html = FORWARD.replace("<", "&lt;").replace(">", "&gt;").replace("\r\n", "<br>\r\n")
    raw = mail(
        "Content-Type: text/html; charset=utf-8",
        subject="Fwd: Re: Offer 7",
        body=f"<div>{block_html}</div>{HISTORIES[client]}",
    )
    found = bcclog.unwrap(raw)
    assert isinstance(found, bcclog.Forward)
    assert found.original.reply == "Yes."
    assert found.original.history is not None and "Will you?" in found.original.history


def test_more_lines_than_are_read_are_all_reply() -> None:
    text = "x\n" * 2**17 + "> y"
    assert split_reply(text) == ReplySplit(text, None)


@pytest.mark.parametrize("dashes", ["----", "---"])
def test_the_line_that_zoho_draws_above_a_history_belongs_to_it(dashes: str) -> None:
    line = f"---- On Mon, 02 Mar 2026 09:15:00 +0100 Kim Kaufmann <kim@customer.example> wrote {dashes}"
    found = split_reply(f"Yes.\n\n{line}\n\n{QUOTE}")
    assert (found.reply, found.history) == ("Yes.", f"{line}\n\n{QUOTE}")
