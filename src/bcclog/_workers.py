"""Many mails on several cores, in the order of the input and in memory that does not grow with the archive.

A plan hangs on its mail alone, so mails are handed to worker processes in batches. No more than a few batches a worker
are under way at a time; what comes back is given out in the order in which the mails were found.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from typing import Any, TypeVar

from bcclog._sources import Source

_Result = TypeVar("_Result")
_BATCH = 128
"""Mails handed over at once: some 20 ms of work, beside which the handing over is nothing. Fewer mails than that are
not worth a process."""
_AHEAD = 3
"""Batches under way for each worker: one is worked on, one waits, one is being given out."""


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_order(
    found: Iterable[Source | OSError], work: Callable[[Source], _Result], jobs: int
) -> Iterator[tuple[Source | OSError, _Result | OSError]]:
    """Each mail with what `work` makes of it, or with the error of the mail that could not be read.

    work: can be pickled, and so can what it gives. jobs: worker processes; 1 does the work in this process.
    """
    rest = iter(found)
    batch = list(islice(rest, _BATCH))
    if jobs == 1 or len(batch) < _BATCH:
        for source in chain(batch, rest):
            yield source, _try(work, source)
        return
    waiting: deque[tuple[list[Source | OSError], Future[list[_Result | OSError]]]] = deque()
    with ProcessPoolExecutor(jobs, initializer=_begin, initargs=(work,)) as pool:
        try:
            while batch or waiting:
                while batch and len(waiting) < _AHEAD * jobs:
                    waiting.append((batch, pool.submit(_do, batch)))
                    batch = list(islice(rest, _BATCH))
                sources, done = waiting.popleft()
                yield from zip(sources, done.result(), strict=True)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


_work: Callable[[Source], Any]
"""What a worker process does; set once, when it begins, since an account may be large and a batch is small."""


def _begin(work: Callable[[Source], Any]) -> None:
    global _work
    _work = work


def _do(batch: list[Source | OSError]) -> list[Any]:
    return [_try(_work, source) for source in batch]


def _try(work: Callable[[Source], _Result], source: Source | OSError) -> _Result | OSError:
    if isinstance(source, OSError):
        return source
    try:
        return work(source)
    except OSError as error:
        return error
