"""The English blocks of closed clients, text and HTML, put together from the facts of the catalogue's sources."""

import pytest

import bcclog

TEXTS = {
    "gmail-web": (
        "Fwd: Offer",
        "Please log.\n\n---------- Forwarded message ---------\nFrom: Kim Roe <kim@customer.example>\n"
        "Date: Wed, Jan 14, 2026 at 3:28\u202fPM\nSubject: Offer\nTo: Rosa Rep <rosa@ourco.example>\n"
        "Cc: Jo Doe <jo@customer.example>\n\n\nHello Rosa\n",
    ),
    "outlook-desktop": (
        "FW: Offer",
        "Please log.\n\nFrom: Kim Roe <kim@customer.example>\nSent: Wednesday, January 14, 2026 3:28 PM\n"
        "To: Rosa Rep <rosa@ourco.example>\nCc: Jo Doe <jo@customer.example>\nSubject: Offer\n\nHello Rosa\n",
    ),
    "outlook-web": (
        "Fw: Offer",
        "Please log.\n\n________________________________\nFrom: Kim Roe <kim@customer.example>\n"
        "Sent: Wednesday, January 14, 2026 3:28 PM\nTo: Rosa Rep <rosa@ourco.example>\n"
        "Cc: Jo Doe <jo@customer.example>\nSubject: Offer\n\nHello Rosa\n",
    ),
    "apple-mail-macos": (
        "Fwd: Offer",
        "Please log.\n\n> Begin forwarded message:\n> \n> From: Kim Roe <kim@customer.example>\n> Subject: Offer\n"
        "> Date: January 14, 2026 at 3:28:00 PM GMT+1\n> To: Rosa Rep <rosa@ourco.example>\n"
        "> Cc: Jo Doe <jo@customer.example>\n> \n> Hello Rosa\n",
    ),
    "yahoo-web": (
        "Fw: Offer",
        "Please log.\n\n----- Forwarded Message ----- From: Kim Roe <kim@customer.example>To: Rosa Rep"
        " <rosa@ourco.example>Cc: Jo Doe <jo@customer.example>Sent: Wednesday, January 14, 2026 at 3:28:00 PM PST"
        "Subject: Offer\n\nHello Rosa\n",
    ),
}

HTMLS = {
    "gmail-web": (
        '<div dir="ltr">Please log.<br><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">---------- Forwarded'
        ' message ---------<br>From: <strong class="gmail_sendername" dir="auto">Kim Roe</strong> <span dir="auto">&lt;'
        '<a href="mailto:kim@customer.example">kim@customer.example</a>&gt;</span><br>Date: Wed, Jan 14, 2026 at'
        ' 3:28\u202fPM<br>Subject: Offer<br>To: Rosa Rep &lt;<a href="mailto:rosa@ourco.example">rosa@ourco.example</a>'
        '&gt;<br>Cc: Jo Doe &lt;<a href="mailto:jo@customer.example">jo@customer.example</a>&gt;<br></div><br><br>'
        '<div dir="ltr">Hello Rosa</div></div></div>'
    ),
    "outlook-desktop": (
        '<html><head><style>p.MsoNormal {margin:0}</style></head><body><p class="MsoNormal">Please log.</p><div><div'
        ' style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in"><p class="MsoNormal"><b>From:</b>'
        " Kim Roe &lt;kim@customer.example&gt; <br><b>Sent:</b> Wednesday, January 14, 2026 3:28 PM<br><b>To:</b> Rosa Rep"
        " &lt;rosa@ourco.example&gt;<br><b>Cc:</b> Jo Doe &lt;jo@customer.example&gt;<br><b>Subject:</b> Offer<o:p></o:p></p>"
        '</div></div><p class="MsoNormal">Hello Rosa</p></body></html>'
    ),
    "outlook-web": (
        '<html><body><div class="elementToProof">Please log.</div><div id="appendonsend"></div><hr style="display:'
        'inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif"'
        ' color="#000000"><b>From:</b> Kim Roe &lt;kim@customer.example&gt;<br><b>Sent:</b> Wednesday, January 14, 2026'
        " 3:28 PM<br><b>To:</b> Rosa Rep &lt;rosa@ourco.example&gt;<br><b>Cc:</b> Jo Doe &lt;jo@customer.example&gt;<br>"
        "<b>Subject:</b> Offer</font><div>&nbsp;</div></div><div>Hello Rosa</div></body></html>"
    ),
    "apple-mail-macos": (
        '<html><body>Please log.<br><div><br><blockquote type="cite"><div>Begin forwarded message:</div><br class="Apple'
        '-interchange-newline"><div><span><b>From: </b></span><span>Kim Roe &lt;<a href="mailto:kim@customer.example">'
        "kim@customer.example</a>&gt;<br></span></div><div><b>Subject: </b><b>Offer</b><br></div><div><b>Date: </b>January 14,"
        " 2026 at 3:28:00 PM GMT+1<br></div><div><b>To: </b>Rosa Rep &lt;rosa@ourco.example&gt;<br></div><div><b>Cc: </b>"
        "Jo Doe &lt;jo@customer.example&gt;<br></div><br><div>Hello Rosa</div></blockquote></div></body></html>"
    ),
}


def mail(subject: str, kind: str, body: str) -> bytes:
    head = (
        f"From: Rosa Rep <rosa@ourco.example>\nTo: log@in.crm.example\nSubject: {subject}\nMIME-Version: 1.0\n"
        f"Content-Type: {kind}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
    )
    return (head + body).replace("\n", "\r\n").encode()


def holds(raw: bytes, client: str) -> None:
    found = bcclog.unwrap(raw)
    assert isinstance(found, bcclog.Forward), found
    original = found.original
    assert original.from_ == bcclog.EmailAddress("Kim Roe", "kim@customer.example")
    assert original.to == (bcclog.EmailAddress("Rosa Rep", "rosa@ourco.example"),)
    assert original.cc == (bcclog.EmailAddress("Jo Doe", "jo@customer.example"),)
    assert original.subject == "Offer"
    assert original.sent_at is not None and original.sent_at.replace(tzinfo=None).isoformat() == "2026-01-14T15:28:00"
    assert (original.text or "").strip() == "Hello Rosa"
    assert found.comment == "Please log."
    assert client in {writer.client for writer in found.writers}


@pytest.mark.parametrize("client", sorted(TEXTS))
def test_R13_a_plain_text_forward_is_read(client: str) -> None:
    subject, body = TEXTS[client]
    holds(mail(subject, "text/plain", body), client)


@pytest.mark.parametrize("client", sorted(HTMLS))
def test_R13_an_html_forward_is_read(client: str) -> None:
    holds(mail(TEXTS[client][0], "text/html", HTMLS[client]), client)


@pytest.mark.parametrize("client", ["outlook-desktop", "outlook-web"])
def test_R7_the_same_block_under_a_reply_is_no_forward(client: str) -> None:
    found = bcclog.unwrap(mail("RE: Offer", "text/plain", TEXTS[client][1]))
    assert found.code is bcclog.Code.NOT_FORWARDED_REPLY
