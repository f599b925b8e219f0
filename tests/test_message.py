"""`Message`: what a parsed mail gives by name, when it is asked for."""

from datetime import UTC, datetime

import bcclog

RAW = b"""Received: from b by mx.crm.example; Mon, 02 Mar 2026 09:15:04 +0000
Received: from a by b; Mon, 02 Mar 2026 09:15:01 +0000
From: Rosa Rep <rosa@ourco.example>
Date: Mon, 02 Mar 2026 09:15:00 +0000
Message-ID: <3@ourco.example>
In-Reply-To: <2@customer.example>
References: <1@ourco.example>
 <2@customer.example>
X-Forwarded-Message-Id: <0@customer.example>

Hello
"""


def test_a_mail_gives_its_times_and_ids_by_name() -> None:
    message = bcclog.parse(RAW)
    assert message.sent_at == datetime(2026, 3, 2, 9, 15, tzinfo=UTC)
    assert message.received_at == datetime(2026, 3, 2, 9, 15, 4, tzinfo=UTC)
    assert message.message_id == "3@ourco.example"
    assert message.in_reply_to == ("2@customer.example",)
    assert message.references == ("1@ourco.example", "2@customer.example")
    assert message.forwarded_message_id == "0@customer.example"


def test_a_mail_without_them_gives_none() -> None:
    message = bcclog.parse(b"From: a@b.example\n\nHello\n")
    assert (message.sent_at, message.received_at, message.message_id, message.forwarded_message_id) == (None,) * 4
    assert (message.in_reply_to, message.references) == ((), ())
