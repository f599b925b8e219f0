"""Write the explanations that check.mjs looks at: python browser/pages.py FOLDER.

Mails of the corpus, chosen for what could go wrong on a page: both directions of text, long lists, refusals, mail that
would run a script, mail that is hidden, an attached message. `pages.json` names them.
"""

import json
import sys
from pathlib import Path

from bcclog import config, decide, explain, read, unwrap

ROOT = Path(__file__).parent.parent
LOG, BCC = "log@in.crm.example", "bcc@in.crm.example"
EVIL = (
    "<script>window.owned=1</script>\"'><img src=x onerror=window.owned=1><a href=javascript:window.owned=1>x</a>"
    "</pre></main><iframe srcdoc='<script>top.owned=1</script>'></iframe><style>*{display:none}</style>"
)
MAILS = (
    ("forward/roundcube/de-DE/html-comma-name.eml", LOG),
    ("forward/thunderbird/ar/html-arabic-rtl.eml", LOG),
    ("forward/thunderbird/he/text-ten-recipients.eml", LOG),
    ("forward/thunderbird/ja/html-attachment-and-inline-image.eml", LOG),
    ("forward-attached/neomutt/en/html-with-history.eml", LOG),
    ("chain/thunderbird/bg/html-plain-short-twice.eml", LOG),
    ("hostile/any/und/hidden-and-in-the-text.eml", LOG),
    ("hostile/any/und/all-bytes.eml", BCC),
    ("never-log/any/und/at-domain.eml", BCC),
)


def hostile() -> bytes:
    """A mail that would run a script wherever a page took its text for markup."""
    return f"""From: "{EVIL.replace('"', "")}" <rosa@ourco.example>
To: log@in.crm.example
X-{"Y" * 900}: {"Z" * 3000}
Subject: Fwd: {EVIL}
Date: Mon, 02 Mar 2026 09:15:00 +0100
Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/plain; charset=utf-8

{EVIL}
\u202e{"w" * 4000}
---------- Forwarded message ---------
From: {EVIL} <kim@customer.example>
Date: Mon, Mar 2, 2026 at 9:15 AM
Subject: {EVIL}
To: Rosa Rep <rosa@ourco.example>

{EVIL}
--b
Content-Type: text/html; charset=utf-8

{EVIL}
--b--
""".encode()


def main(folder: Path) -> None:
    """Write a page a mail, one of a forward alone, and the list of them."""
    folder.mkdir(parents=True, exist_ok=True)
    account, directory = config.load(ROOT / "docs" / "account.example.toml")
    mails = [
        (path.replace("/", "-").removesuffix(".eml"), (ROOT / "fixtures" / path).read_bytes(), recipient)
        for path, recipient in MAILS
    ]
    mails.append(("script", hostile(), LOG))
    names = []
    for name, raw, recipient in mails:
        reading = read(raw, account=account, recipient=recipient)
        plan = decide(reading, directory=directory)
        (folder / f"{name}.html").write_text(explain.to_html(raw, plan, reading, directory=directory), "utf-8")
        names.append(name)
    raw = mails[0][1]
    (folder / "unwrap.html").write_text(explain.to_html(raw, None, unwrap(raw)), "utf-8")
    (folder / "pages.json").write_text(json.dumps([*names, "unwrap"]), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
