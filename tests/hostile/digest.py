"""One number for the plans of the whole corpus, to compare interpreters and settings by (P10).

    PYTHONPATH=src:fixtures:tests python3.13 tests/hostile/digest.py

Every mail of the corpus and every hostile generator is planned on each route and unwrapped. Prints how many mails, and
the SHA-256 of all that came out, byte for byte. An argument takes every so many mails only.
"""

import hashlib
import locale
import sys
from contextlib import suppress

import bcclog_fixtures

import bcclog
from builders import BCC, LOG, account, directory, forward, mail
from hostile.generators import ATTACKS

LISTED = ["customer.example", "*@partner.example"]


def main(step: int) -> None:
    """Print count and digest."""
    with suppress(locale.Error):  # one that is not installed
        locale.setlocale(locale.LC_ALL, "")
    accounts = (
        account(policy=bcclog.PERMISSIVE, authserv_ids=["mx.ourco.example"]),
        account(policy=bcclog.HUBSPOT_2025_12, never_log=LISTED, digest_key=b"key"),
    )
    users = directory()
    mails = [forward(), mail(body=b"\xff\xfe\x81")]
    mails += [attack.build(1_000) for attack in ATTACKS.values()]
    mails += [case.raw for case in bcclog_fixtures.cases()][::step]
    digest = hashlib.sha256()
    for raw in mails:
        for recipient in (BCC, LOG, None):
            for one in accounts:
                digest.update(bcclog.plan(raw, account=one, directory=users, recipient=recipient).to_json().encode())
        digest.update(bcclog.model.to_json(bcclog.unwrap(raw).to_dict()).encode())
    print(len(mails), digest.hexdigest())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
