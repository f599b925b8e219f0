"""Where the command line finds mail: an .eml file, an mbox, a Maildir, a folder, or standard input."""

import mmap
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_FROM_LINE = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\r\n\r\n))From [^\n]*\n")
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_MAILDIR = ("cur", "new")


class Source(NamedTuple):
    """One mail to read. label: how it is named in the output; start, end: its place in an mbox, -1 for a whole file."""

    label: str
    path: str
    start: int = -1
    end: int = -1

    def read(self) -> bytes:
        """The mail's bytes; `OSError` where it cannot be read."""
        if self.path == "-":
            return sys.stdin.buffer.read()
        with Path(self.path).open("rb") as file:
            if self.start < 0:
                return file.read()
            file.seek(self.start)
            raw = file.read(self.end - self.start)
        # mboxrd: a body line that began with `From ` was quoted with one `>`.
        return _QUOTED_FROM.sub(rb"\1", raw) if b"\n>" in raw else raw


def sources(path: str) -> Iterator[Source]:
    """The mails at `path`, in order; `OSError` where there is nothing to read. An mbox is not held in memory."""
    if path == "-":
        yield Source("-", "-")
        return
    place = Path(path)
    if place.is_dir():
        folders = [place / name for name in _MAILDIR if (place / name).is_dir()]
        if folders:
            found = sorted(file for folder in folders for file in folder.iterdir() if file.is_file())
        else:
            found = sorted(file for file in place.rglob("*.eml") if file.is_file())
        yield from (Source(str(file), str(file)) for file in found)
        return
    with place.open("rb") as file:
        is_mbox = file.read(5) == b"From "
    if not is_mbox:
        yield Source(path, path)
        return
    with place.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        start = -1
        number = 0
        for match in _FROM_LINE.finditer(mapped):
            if start >= 0:
                number += 1
                yield Source(f"{path}#{number}", path, start, match.start())
            start = match.end()
        yield Source(f"{path}#{number + 1}", path, start, len(mapped))
