"""A call does nothing but compute (P11), and computes the same anywhere (P10).

The interpreter's audit events see every file, socket, process, import and `exec`; the clock, random numbers and the
environment are no events, so the modules that offer them are looked for in the code.
"""

import ast
import os
import subprocess
import sys
from pathlib import Path

import bcclog_fixtures
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
bcclog.warm_up()
from bcclog._mime.charset import CHARSETS
MAILS += [attack.build(3_000) for attack in ATTACKS.values()]
for charset in (*CHARSETS, "x", "idna", "zlib_codec", "undefined", "unicode_escape"):
    MAILS.append(forward(subject=f"=?{charset}?b?4eLj?=").replace(b"charset=utf-8", b"charset=" + charset.encode()))
    MAILS.append(mail(f"Content-Type: text/plain; charset={charset}", body=bytes(range(128, 256))))
for text in ("Добрый день".encode("koi8-r"), "こんにちは".encode("euc-jp"), "안녕하세요".encode("euc-kr"), "Grüße".encode("latin-1"), bytes(range(256))):
    MAILS.append(mail(body=text * 9))
MAILS.append(mail("Cc: a@xn--bcher-kva.example, b@b\u00fccher.example"))
seen = set()
names = []

def hook(event, arguments):
    if names and event not in ("object.__getattr__", "object.__setattr__", "array.__new__", "marshal.loads", "sys._getframe"):
        seen.add((event, str(arguments[0]) if arguments else ""))

sys.addaudithook(hook)
names.append(True)
for raw in MAILS:
    call(raw)
names.clear()
print(len(MAILS), sorted(seen))
"""
)


def printed(*arguments: str, python: str = sys.executable, **environment: str) -> str:
    """What a program prints, run in an interpreter of its own."""
    ours = (Path(module.__file__ or "").parent.parent for module in (bcclog, bcclog_fixtures))
    path = os.pathsep.join([str(TESTS), *map(str, ours)])
    done = subprocess.run(
        [python, *arguments],
        env={"PYTHONPATH": path, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_P11_after_one_call_of_warm_up_no_call_opens_a_file_or_imports_a_module() -> None:
    count, _, seen = printed("-c", AUDIT).partition(" ")
    assert int(count) > 100
    assert seen.strip() == "[]", seen


SHELLS = {"cli.py", "config.py", "_sources.py", "_workers.py"}
NOT_PURE = {"time", "random", "secrets", "os", "socket", "logging", "locale", "subprocess", "threading", "asyncio", "uuid", "tempfile", "sys", "getpass", "platform"}  # fmt: skip
CLOCKS = {"now", "today", "utcnow", "localtime", "gmtime", "getenv", "environ", "fromtimestamp"}


@pytest.mark.parametrize(
    "path", sorted(p for p in SOURCE.rglob("*.py") if p.name not in SHELLS), ids=lambda p: str(p.relative_to(SOURCE))
)
def test_P11_no_room_knows_a_clock_chance_or_the_environment(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            assert not {name.name.partition(".")[0] for name in node.names} & NOT_PURE
        elif isinstance(node, ast.ImportFrom):
            assert (node.module or "").partition(".")[0] not in NOT_PURE
        elif isinstance(node, ast.Attribute):
            assert node.attr not in CLOCKS


DIGEST = str(TESTS / "hostile" / "digest.py")
EVERY = "50"
"""Of the corpus every so many mails: the whole of it takes a minute a run."""
SETTINGS = (
    {"PYTHONHASHSEED": "0", "LC_ALL": "C", "TZ": "UTC"},
    {"PYTHONHASHSEED": "1", "LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Kathmandu"},
    {"PYTHONHASHSEED": "2", "LC_ALL": "C.UTF-8", "TZ": "America/St_Johns"},
    {"PYTHONHASHSEED": "3", "LC_ALL": "de_DE.UTF-8", "TZ": "Pacific/Kiritimati", "PYTHONOPTIMIZE": "2"},
    # ASCII is what a file is opened in here, where nobody says what it is written in.
    {"PYTHONHASHSEED": "4", "LC_ALL": "C", "TZ": "Europe/Rome", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
)


def test_P10_T87_the_plan_is_the_same_under_any_hash_seed_locale_and_time_zone() -> None:
    found = [printed(DIGEST, EVERY, **settings) for settings in SETTINGS]
    assert int(found[0].partition(" ")[0]) > 200
    assert len(set(found)) == 1, found


PYTHONS = sorted({sys.executable, *filter(None, os.environ.get("BCCLOG_PYTHONS", "").split(os.pathsep))})
"""This interpreter, and others that were named and have what bcclog needs."""


@pytest.mark.parametrize("python", PYTHONS, ids=[Path(python).name for python in PYTHONS])
def test_P10_the_plan_is_the_same_in_every_python_that_is_named(python: str) -> None:
    assert printed(DIGEST, EVERY, python=python, PYTHONHASHSEED="5") == printed(DIGEST, EVERY, PYTHONHASHSEED="6")
