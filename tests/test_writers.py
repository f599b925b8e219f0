"""Which client is named where several write the same block: the more common one, unless the mail says who sent it."""

import pytest

from bcclog import Forward, unwrap
from bcclog._catalogue.shipped import catalogue
from builders import forward

OUTLOOK = (
    "From: Kim Kaufmann <kim@customer.example>\r\n"
    "Sent: Monday, March 2, 2026 9:15 AM\r\n"
    "To: Rosa Rep <rosa@ourco.example>\r\n"
    "Subject: Offer\r\n"
)


def clients(*fields: str) -> list[str]:
    found = unwrap(forward(*fields, block=OUTLOOK, subject="FW: Offer", html=False))
    assert isinstance(found, Forward)
    return list(dict.fromkeys(writer.client for writer in found.writers))


def test_the_more_common_client_is_named_first() -> None:
    ranks = {row.writer.client: row.rank for row in catalogue().rows}
    named = [ranks[client] for client in clients()]
    assert named == sorted(named)
    assert clients()[0] == "outlook-desktop"


@pytest.mark.parametrize(
    ("field", "client"),
    [
        ("X-Mailer: Microsoft Outlook 16.0", "outlook-desktop"),
        ("X-Mailer: Microsoft Windows Live Mail 16.4.3528.331", "windows-live-mail"),
        ("User-Agent: grommunio-web", "outlook-desktop"),
        ("X-Mailer: iPhone Mail (21E236)", "outlook-desktop"),
    ],
)
def test_the_program_that_sent_the_mail_tells_the_client_where_it_writes_such_a_block(field: str, client: str) -> None:
    """The last two are unknown to the catalogue, and one that never writes so."""
    assert clients(field)[0] == client


def test_the_longest_name_of_a_program_counts() -> None:
    known = catalogue()
    writers = {writer.client for writer in known.writers(known.mailed_by("Microsoft Outlook Express 6.00"))}
    assert writers == {"outlook-express"}


@pytest.mark.parametrize(
    ("date", "locale"),
    [
        ("lun, 2 mar 2026 a las 9:15", "es"),
        ("dl, 2 de març 2026 a les 9:15", "ca"),
        ("lun. 2 mars 2026 à 09:15", "fr"),
        ("seg., 2 de mar. de 2026 às 09:15", "pt-BR"),
    ],
)
def test_the_words_of_the_date_tell_the_language_of_labels_that_several_have(date: str, locale: str) -> None:
    """Gmail writes `De:`, `Date:`, `Subject:`, `To:` in each of them."""
    block = (
        "---------- Forwarded message ---------\r\nDe: Kim Kaufmann <kim@customer.example>\r\n"
        f"Date: {date}\r\nSubject: Offer\r\nTo: Rosa Rep <rosa@ourco.example>\r\n"
    )
    found = unwrap(forward(block=block, html=False))
    assert isinstance(found, Forward)
    assert (found.client, found.locale) == ("gmail-web", locale)
    assert {"ca", "es", "fr", "pt-BR"} <= {writer.locale for writer in found.writers}
