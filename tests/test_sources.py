"""Where the command line finds mail, and how it works on many at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bcclog import _sources
from bcclog._sources import Source, sources
from bcclog._workers import in_order

MAILS = (
    b"Subject: one\n\nFrom here on it is text.\n",
    b"Subject: two\n\n>From the start of a line\n>>From twice\n\nFromage\n",
    b"Subject: three\n\nlast line\nFrom below a line that is not empty\n",
    b"",
    b"Subject: five\n\nx\n",
)
READ = (*MAILS[:1], MAILS[1].replace(b">From", b"From"), *MAILS[2:])


def mbox(mails: tuple[bytes, ...], end: bytes) -> bytes:
    return b"\n".join(b"From a@b.example Mon Mar  2 09:15:00 2026\n" + mail for mail in mails).replace(b"\n", end)


@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("block", [1, 2, 5, 7, 8, 31, 2**20])
def test_an_mbox_is_cut_alike_however_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int, end: bytes
) -> None:
    # The first mail's body ends in an empty line, below which `From here on` would begin a mail, so it is quoted.
    mails = (MAILS[0].replace(b"From", b">From"), *MAILS[1:])
    path = tmp_path / "box"
    path.write_bytes(mbox(mails, end))
    monkeypatch.setattr(_sources, "_BLOCK", block)
    found = list(sources(str(path)))
    assert [source.label for source in found] == [f"{path}#{number}" for number in range(1, 6)]
    assert [source.read().strip(b"\r\n") for source in found] == [m.replace(b"\n", end).strip(b"\r\n") for m in READ]


def many(folder: Path, count: int) -> Iterator[Source | OSError]:
    for number in range(count):
        if number == 7:
            yield FileNotFoundError(2, "No such file", "gone")
        path = folder / str(number)
        if number != 200:
            path.write_text(str(number))
        yield Source(str(number), str(path))


def content(source: Source) -> str:
    return source.read().decode()


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_many_mails_come_back_in_the_order_of_the_input(tmp_path: Path, jobs: int) -> None:
    found = list(in_order(many(tmp_path, 700), content, jobs))
    made = ["error" if isinstance(result, OSError) else result for _, result in found]
    expected = [str(number) for number in range(700)]
    expected[200] = "error"
    assert made == [*expected[:7], "error", *expected[7:]]
    assert [source.label for source, _ in found if isinstance(source, Source)] == list(map(str, range(700)))


def test_mails_are_not_asked_for_long_before_they_are_needed(tmp_path: Path) -> None:
    asked = 0

    def counted() -> Iterator[Source | OSError]:
        nonlocal asked
        for source in many(tmp_path, 3_000):
            asked += 1
            yield source

    results = in_order(counted(), content, 2)
    next(results)
    assert asked <= 1_000
    results.close()
