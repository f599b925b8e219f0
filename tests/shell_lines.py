"""Lines of shell as the docs show them: `bcclog ...`, with `> file` at the end or not."""

import shlex
import subprocess
import sys
from pathlib import Path


def run(line: str) -> None:
    """Run a line and print what it prints. `diff` may end with status 1, as diff(1) does; others must end with 0."""
    command, _, file = line.partition(" > ")
    words = shlex.split(command)[1:]
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "bcclog", *words], stdout=subprocess.PIPE, encoding="utf-8"
    )
    if done.returncode not in ((0, 1) if words[0] == "diff" else (0,)):
        raise SystemExit(f"{line}: status {done.returncode}")
    if file:
        Path(file.strip()).write_text(done.stdout, "utf-8")
    else:
        print(done.stdout, end="")
