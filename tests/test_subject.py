"""What stands before a subject: of forwards, of replies, of lists and of gateways."""

import pytest

from bcclog._catalogue.shipped import catalogue
from bcclog._forward.subject import base_subject, forwarded_subject, is_forward_subject, is_reply_subject

KNOWN = catalogue()


@pytest.mark.parametrize(
    "subject",
    [
        "Fwd: Offer", "FW: Offer", "WG: Offer", "TR : Offer", "I: Offer", "RV: Offer", "ENC: Offer", "转发：Offer", "Fwd[2]: Offer",
        "ED: Offer", "PR: Offer", "PŘ: Offer", "轉寄郵件：Offer", "[team] Fwd: Offer", "[EXTERNAL] FW: Offer", "[EXTERNAL]: FW: Offer",
        "EXTERNAL: FW: Offer", "EXT: WG: Offer", "*** SPAM *** Fwd: Offer", "***SPAM*** Fwd: Offer", "{Spam?} Fwd: Offer",
        "[EXT] EXTERNAL: TR: Offer", "[External] - FW: Offer", "[External] | FW: Offer", "(EXT) FW: Offer",
        "[Caution: External] FW: Offer", "⚠️ Fwd: Offer", "[EXTERN] 🔒 WG: Offer",
        "[FWD] Offer", "[EXTERNAL] [Fwd] Offer", "[FWD]Offer",
    ],
)  # fmt: skip
def test_R7_a_forwards_prefix_is_found_behind_the_tags_of_lists_and_gateways(subject: str) -> None:
    assert is_forward_subject(subject, KNOWN)
    assert not is_reply_subject(subject, KNOWN)
    assert base_subject(subject, KNOWN) == "Offer"


@pytest.mark.parametrize(
    "subject", ["Re: Offer", "AW: Offer", "EXTERNAL: RE: Offer", "[EXTERNAL] Re: Fwd: Offer", "回复：Offer"]
)
def test_a_reply_is_no_forward(subject: str) -> None:
    assert is_reply_subject(subject, KNOWN)
    assert not is_forward_subject(subject, KNOWN)


@pytest.mark.parametrize(
    "subject",
    [
        "Offer",
        "(draft) Fwd: Offer",
        "[Note: Kim] Fwd: Offer",
        "🎉 Offer",
        "EXTERNAL: Offer",
        "Warning: pipe burst",
        "*** Offer ***",
        "Ext",
        "A: b",
        "",
    ],
)
def test_a_subject_without_prefix_is_neither(subject: str) -> None:
    assert not is_forward_subject(subject, KNOWN)
    assert not is_reply_subject(subject, KNOWN)


@pytest.mark.parametrize(
    ("client", "outer", "expected"),
    [
        ("gmail-web", "Fwd: Re: Offer", ("Re: Offer", None)),
        ("gmail-web", "WG: AW: Offer", ("AW: Offer", None)),
        ("gmail-web", "[EXTERNAL] FW: FW: Offer", ("FW: Offer", None)),
        ("gmail-web", "VS: Offer", ("Offer", None)),  # whatever it is in the language, the mail is a forward by now
        ("gmail-web", "Re: Offer", (None, None)),
        ("gmail-web", "Please log", (None, None)),
        ("gmail-web", "Fwd:", (None, None)),
        ("squirrelmail", "[Fwd: Offer]", ("Offer", None)),
        ("alpine", "Offer (fwd)", ("Offer", None)),
        ("mutt", "[kim@customer.example: Re: Offer]", ("Re: Offer", None)),
        ("gmail-web", "[kim@customer.example: Offer]", ("Offer", None)),
        ("balsa", "Fwd: Offer [kim@customer.example]", ("Offer", "kim@customer.example")),
        ("balsa", "Fwd: Offer [second draft]", ("Offer [second draft]", None)),
        ("balsa", "Fwd: (No subject) [kim@customer.example]", (None, "kim@customer.example")),
        ("gmail-web", "Fwd: Offer [kim@customer.example]", ("Offer [kim@customer.example]", None)),
        ("mblaze", "Fwd: [Kim Kaufmann] (no subject)", (None, None)),
    ],
)
def test_R7_a_subject_that_only_the_forward_bears_is_the_original_s(
    client: str, outer: str, expected: tuple[str | None, str | None]
) -> None:
    rows = sum(row.bit for row in KNOWN.rows if row.writer.client == client)
    assert forwarded_subject(outer, KNOWN, rows) == expected


@pytest.mark.parametrize("prefix", ["HA", "НА"])
def test_a_prefix_whose_meaning_no_source_tells_makes_no_forward_and_a_reply_only_of_an_answer(prefix: str) -> None:
    known = catalogue()
    rows = sum(row.bit for row in known.rows if row.writer.locale == "ru")
    subject = f"{prefix}: Offer"
    assert not is_forward_subject(subject, known, rows)
    assert not is_reply_subject(subject, known, rows)
    assert is_reply_subject(subject, known, rows, answers=True)
    assert base_subject(subject, known) == "Offer"
