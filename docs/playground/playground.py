"""What the playground's page calls: bytes of a mail in, the explanation out. The last line is what the page gets."""

import json
from typing import Any

import bcclog
from bcclog import config, explain


def explained(raw: Any, account_text: str, recipient: str) -> tuple[str, str, str]:
    """Explain a mail. Returns (page, plan as JSON, "") or, where the account cannot be used, ("", "", why).

    raw: a `Uint8Array`. recipient: the envelope recipient, empty where it is not known.
    """
    try:
        account, directory = config.loads(account_text)
    except config.ConfigError as error:
        return "", "", str(error)
    mail = raw.to_bytes()
    reading = bcclog.read(mail, account=account, recipient=recipient or None)
    plan = bcclog.decide(reading, directory=directory)
    page = explain.to_html(mail, plan, reading, directory=directory)
    return page, json.dumps(plan.to_dict(), indent=2), ""


explained  # noqa: B018 - the value of the program
