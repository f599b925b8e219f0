"""Random draws against Never Log (P7): a listed person in any spelling, through any door, beside anybody, is in no plan.

    python fuzz/never_log.py 1000000

Lists, addresses, their dress (T33-T42) and the mail around them are drawn at random from a seed, which is printed and
can be given as a second argument. Fails at the first plan that shows a listed address, logs on it, or keeps a body for
nobody; prints the draw and what it was.
"""

import random
import sys
import time
from collections import Counter
from pathlib import Path

import bcclog

sys.path.append(str(Path(__file__).parent.parent / "tests"))

from builders import BCC, KIM, LOG, ROSA, account, directory, forward, mail, multipart
from oracles import naming

DOORS = ("To", "Cc", "Bcc", "inner", "author", "copied", "html", "name", "Reply-To", "Sender", "From")
LABELS = ("zyx", "mail", "b\u00fccher", "\u043f\u0440\u0438\u043c\u0435\u0440", "a-b", "x1")
LOCALS = ("zyxkim", "zyx.kim", "k", "zyx-kim_1", "zyx'kim", "zyxkim+a")
GAPS = ("", "", "", "", " ", "(x)", "( \\) )", "\u200b", "\u00ad", "\t")
NAMES = ("", "Kim", '"Kim, K"', "=?utf-8?b?S2lt?=", "K (x)", "Kim via List")
SHAPES = (
    "{n} <{a}>",
    "{n} <@x.example:{a}>",
    "T: {n} <{a}>;",
    "a@b.example, {a}",
    "{a}",
    "{a} (Kim)",
    "<{a}>",
    '"{n}"<{a}>',
    "'{a}'",
    "‘{a}’",
    '"{a}"',
    "“{a}”; '{a}",
    "*{a}*",
    "`{a}` <mailto:{a}>",
    "{n} <'{a}'>",
)
HOLDS = ("{l}={d}@groups.io", "{l}=40{d}@dmarc.ietf.org", "{l}%{d}@b.example", "{d}!{l}@b.example", '"{l}@{d}"@b.example', "SRS0=a=b={d}={l}@b.example", "x+{l}={d}@b.example", "prvs=1={l}@{d}")  # fmt: skip


class Draw:
    """One draw: the listed entry, and its address in some dress."""

    def __init__(self, chance: random.Random) -> None:
        some = chance.choice
        labels = [some(LABELS) for _ in range(chance.randint(1, 3))]
        self.domain = ".".join([*labels, "zyxlisted", "example"])
        local = some(LOCALS)
        self.entry = some([self.domain, f"*@{self.domain}", f"@{self.domain}", f"{local}@{self.domain}"])
        if chance.random() < 0.1 and local.isalnum():
            self.address = some(HOLDS).format(l=local, d=bcclog.normalize(f"a@{self.domain}").partition("@")[2])  # type: ignore[union-attr]
            return
        domain = self.domain
        if chance.random() < 0.4:
            local = "".join(char.upper() if chance.random() < 0.5 else char for char in local)
            domain = "".join(char.upper() if chance.random() < 0.5 else char for char in domain)
        if chance.random() < 0.2:
            domain = (bcclog.normalize(f"a@{domain}") or "a@x").partition("@")[2].upper()
        if "@" not in self.entry[1:] and chance.random() < 0.3:
            domain = f"{some(LABELS)}.{domain}"
        domain += some(("", "", "", ".", "..", "\u3002"))
        if chance.random() < 0.2:
            domain = domain.replace(".", some(("\u3002", " . ", "(x).")))
        local += some(("", "", "+crm", "+a+b"))
        if chance.random() < 0.3:
            local = '"' + "".join(("\\" if chance.random() < 0.3 else "") + char for char in local) + '"'
        self.address = f"{local}{some(GAPS)}@{some(GAPS)}{domain}"


def mail_of(draw: Draw, chance: random.Random) -> tuple[str, bytes, str]:
    """The door, the mail and its recipient."""
    some = chance.choice
    door = some(DOORS)
    written = some(SHAPES).format(n=some(NAMES), a=draw.address)
    other = some(("", "ann@b.example", f"Ann <ann@b.example>, {KIM}"))
    if door in ("To", "Cc", "Bcc", "Reply-To", "Sender"):
        return door, mail(f"{door}: {written}", to=other or None, body=f"Dear {draw.address}"), BCC
    if door == "name":
        return door, mail(to=f'"{draw.address.replace(chr(34), "")}" <ann@b.example>'), BCC
    if door == "From":
        return door, mail(from_=written, to=other or None), BCC
    if door == "inner":
        field, body = multipart(("Content-Type: message/rfc822", mail(from_=written, to=other or None)))
        return door, mail(field, to=LOG, subject="Fwd: x", body=body), LOG
    people = {"author": (written, other or ROSA), "html": (written, other or ROSA), "copied": (other or ROSA, written)}[
        door
    ]
    block = (
        f"---------- Forwarded message ---------\r\nFrom: {people[0]}\r\nDate: Mon, Mar 2, 2026 at 9:15 AM\r\n"
        f"Subject: x\r\nTo: {people[1]}\r\n"
    )
    return door, forward(block=block, html=door == "html"), LOG


def main(count: int, seed: int) -> None:
    """Draw so often."""
    chance = random.Random(seed)
    users = directory()
    doors: Counter[str] = Counter()
    start = time.process_time()
    for number in range(count):
        draw = Draw(chance)
        door, raw, recipient = mail_of(draw, chance)
        given = account(policy=bcclog.PERMISSIVE, never_log=[draw.entry], digest_key=some_key(chance))
        found = bcclog.plan(raw, account=given, directory=users, recipient=recipient)
        data = found.to_dict()
        kept = [one for one in found.contacts if one.action is not bcclog.ContactActionKind.SKIP]
        is_shown = naming(data, draw.domain) or naming(data, bcclog.normalize(f"a@{draw.domain}").partition("@")[2])  # type: ignore[union-attr]
        is_logged = any("zyxlisted" in (one.email or "") for one in kept)
        is_kept = not kept and (found.outcome is bcclog.Outcome.LOG or found.body is not None)
        if is_logged or is_kept or (is_shown and "@" not in draw.entry[1:]):
            raise SystemExit(f"draw {number} of seed {seed}: {draw.entry!r} {draw.address!r} {door}\n{raw!r}\n{data}")
        doors[f"{door} {found.outcome.value}"] += 1
    print(f"{count} draws of seed {seed}, 0 leaks, {time.process_time() - start:.0f} s of processor time")
    print(", ".join(f"{name} {number}" for name, number in sorted(doors.items())))


def some_key(chance: random.Random) -> bytes | None:
    """An account with a key for digests, or without."""
    return chance.choice((None, b"key"))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(2**32))
