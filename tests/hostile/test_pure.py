"""A call does nothing but compute (P11), and computes the same anywhere (P10).

The interpreter's audit events see every file, socket, process, import and `exec`; the clock, random numbers and the
environment are no events, so the modules that offer them are looked for in the code.
"""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import bcclog

SOURCE = Path(bcclog.__file__).parent
TESTS = Path(__file__).parent.parent

PROBE = """
import sys
from builders import BCC, LOG, account, directory, forward, mail, multipart
from hostile.generators import ATTACKS
import bcclog

ACCOUNT = account(policy=bcclog.PERMISSIVE)

def call(raw):
    for recipient in (BCC, LOG, None):
        bcclog.plan(raw, account=ACCOUNT, directory=directory(), recipient=recipient).to_json()
    found = bcclog.unwrap(raw)
    found.to_dict()
    if isinstance(found, bcclog.Forward):
        found.original.reply
        bcclog.rebuild(found)

attached = multipart(("Content-Type: message/rfc822", mail(from_="kim@customer.example")))
MAILS = [forward(), mail(), mail(attached[0], to=LOG, body=attached[1]), mail(body=b"\\xff\\xfe\\x81")]
"""
AUDIT = (
    PROBE
    + """
import os, encodings, chardet
for raw in MAILS:
    call(raw)
MAILS += [attack.build(3_000) for attack in ATTACKS.values()]
for charset in ("utf-8", "iso-8859-15", "koi8-r", "windows-1251", "gb18030", "big5", "shift_jis", "euc-kr", "utf-7", "hz", "iso-2022-jp", "x", "idna"):
    MAILS.append(forward(subject=f"=?{charset}?b?4eLj?=").replace(b"charset=utf-8", b"charset=" + charset.encode()))
    MAILS.append(mail(f"Content-Type: text/plain; charset={charset}", body=bytes(range(128, 256))))
MAILS.append(mail("Cc: a@xn--bcher-kva.example, b@b\u00fccher.example"))
seen = set()
names = []

# A character set's codec and the guesser's model are files of Python and of chardet, read when first needed.
LOADED = (os.path.dirname(encodings.__file__), os.path.dirname(chardet.__file__))

def hook(event, arguments):
    about = str(arguments[0]) if arguments else ""
    if not names or event in ("object.__getattr__", "object.__setattr__", "array.__new__", "marshal.loads", "sys._getframe"):
        return
    if about.startswith(LOADED) or about.partition(".")[0] in ("encodings", "chardet", "_codecs_jp", "_codecs_kr", "_codecs_cn", "_codecs_tw", "_codecs_hk", "_codecs_iso2022", "_multibytecodec"):
        return
    if event == "exec" and any(f'file "{place}' in about for place in LOADED):
        return
    seen.add((event, about))

sys.addaudithook(hook)
names.append(True)
for raw in MAILS:
    call(raw)
names.clear()
print(len(MAILS), sorted(seen))
"""
)
SAME = (
    PROBE
    + """
import hashlib, bcclog_fixtures
MAILS += [attack.build(1_000) for attack in ATTACKS.values()]
MAILS += [case.raw for case in bcclog_fixtures.cases()][::50]
digest = hashlib.sha256()
for raw in MAILS:
    for recipient in (BCC, LOG, None):
        digest.update(bcclog.plan(raw, account=ACCOUNT, directory=directory(), recipient=recipient).to_json().encode())
    digest.update(bcclog.model.to_json(bcclog.unwrap(raw).to_dict()).encode())
print(len(MAILS), digest.hexdigest())
"""
)


def printed(program: str, **environment: str) -> str:
    """What the program prints, run in an interpreter of its own."""
    path = os.pathsep.join([str(TESTS), *filter(None, sys.path)])
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": path, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_P11_a_call_opens_nothing_and_imports_nothing() -> None:
    count, _, seen = printed(AUDIT).partition(" ")
    assert int(count) > 100
    assert seen.strip() == "[]", seen


SHELLS = {"cli.py", "config.py", "_sources.py", "pytest_plugin.py"}
NOT_PURE = {"time", "random", "secrets", "os", "socket", "logging", "locale", "subprocess", "threading", "asyncio", "uuid", "tempfile", "sys", "getpass", "platform"}  # fmt: skip
CLOCKS = {"now", "today", "utcnow", "localtime", "gmtime", "getenv", "environ", "fromtimestamp"}


@pytest.mark.parametrize("path", sorted(p for p in SOURCE.glob("*.py") if p.name not in SHELLS), ids=lambda p: p.name)
def test_P11_no_room_knows_a_clock_chance_or_the_environment(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            assert not {name.name.partition(".")[0] for name in node.names} & NOT_PURE
        elif isinstance(node, ast.ImportFrom):
            assert (node.module or "").partition(".")[0] not in NOT_PURE
        elif isinstance(node, ast.Attribute):
            assert node.attr not in CLOCKS


def test_P10_T87_the_plan_is_the_same_under_any_hash_seed_locale_and_time_zone() -> None:
    found = {
        printed(SAME, PYTHONHASHSEED=seed, LC_ALL=locale, TZ=zone)
        for seed, locale, zone in (
            ("0", "C", "UTC"),
            ("1", "tr_TR.UTF-8", "Asia/Kathmandu"),
            ("2", "C.UTF-8", "America/St_Johns"),
            ("3", "de_DE.UTF-8", "Pacific/Kiritimati"),
            ("4", "ar_SA.UTF-8", "Europe/Rome"),
        )
    }
    assert len(found) == 1, found
