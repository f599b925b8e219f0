"""Where the command line finds mail: an .eml file, an mbox, a Maildir, a folder, or standard input."""

import re
import sys
from collections.abc import Generator, Iterator
from errno import ENOENT
from pathlib import Path
from typing import NamedTuple

_FROM_LINE = b"\nFrom "
_BLOCK = 2**20
"""Bytes of an mbox that are looked at in one go."""
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_MAILDIR = ("cur", "new")


class Source(NamedTuple):
    """One mail to read. label: how it is named in the output; start, end: its place in an mbox from its `From ` line
    on, -1 for a whole file."""

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
        raw = raw[raw.find(b"\n") + 1 :] if b"\n" in raw else b""
        # mboxrd: a body line that began with `From ` was quoted with one `>`.
        return _QUOTED_FROM.sub(rb"\1", raw) if b"\n>" in raw else raw


def sources(path: str) -> Generator[Source, None, int]:
    """The mails at `path`, in order; `OSError` where there is nothing to read. An mbox is not held in memory.

    Returns how many files of a folder are passed over, since their names do not end in `.eml`.
    """
    if path == "-":
        yield Source("-", "-")
        return 0
    place = Path(path)
    if not place.exists():
        yield _numbered(path)
        return 0
    if place.is_dir():
        folders = [place / name for name in _MAILDIR if (place / name).is_dir()]
        within = (file for folder in folders for file in folder.iterdir()) if folders else place.rglob("*")
        files = sorted(file for file in within if file.is_file())
        mails = files if folders else [file for file in files if file.suffix.lower() == ".eml"]
        if not mails and not folders:
            raise FileNotFoundError(ENOENT, "neither a Maildir nor a folder with .eml files", path)
        yield from (Source(str(file), str(file)) for file in mails)
        return len(files) - len(mails)
    with place.open("rb") as file:
        is_mbox = file.read(5) == b"From "
    if not is_mbox:
        yield Source(path, path)
        return 0
    start = 0
    for number, end in enumerate(_ends(place), 1):
        yield Source(f"{path}#{number}", path, start, end)
        start = end
    return 0


def _numbered(label: str) -> Source:
    """The one mail of an mbox that `label` names as the output does, such as `archive.mbox#12`."""
    path, _, number = label.rpartition("#")
    if not number.isdecimal() or not Path(path).is_file():
        raise FileNotFoundError(ENOENT, "No such file or folder", label)
    found = next((source for source in sources(path) if source.label == label), None)
    if found is None:
        raise FileNotFoundError(ENOENT, f"{path} holds no mail of this number", label)
    return found


def _ends(place: Path) -> Iterator[int]:
    """Where each mail of an mbox ends: at the next `From ` line below an empty one, or at the end of the file."""
    with place.open("rb") as file:
        # The end of a block is looked at again with the next one: an empty line and `From ` may lie across both.
        kept = b""
        offset = last = 0
        while block := file.read(_BLOCK):
            block = kept + block
            at = block.find(_FROM_LINE)
            while at >= 0:
                if offset + at > last and block.endswith((b"\n", b"\n\r"), 0, at):
                    last = offset + at
                    yield last + 1
                at = block.find(_FROM_LINE, at + 1)
            kept = block[-_SEAM:]
            offset += len(block) - len(kept)
        yield offset + len(kept)


_SEAM = len(b"\n\r\nFrom ") - 1
