"""Load at once what is otherwise loaded on first use (P11).

A call reads no file and imports no module, but for what is loaded on first use: the catalogue, the tables of dates,
names and confusable letters, Python's codecs, the guesser of character sets, the library for quoted replies, and, with
the first forward, the rooms that unwrap. A service that forks, or that forbids file access once it runs, calls
`warm_up` before; nobody else needs to.
"""

from importlib import import_module

from bcclog._catalogue.shipped import catalogue
from bcclog._dates.dates import parse_localized
from bcclog._decide.classify import is_role
from bcclog._forward.quote import quote_library
from bcclog._mime.charset import load_charsets
from bcclog._people.block_addresses import split_on_behalf
from bcclog._people.normal import skeleton

_LATE = ("bcclog._forward.rebuild", "bcclog._forward.unwrap", "hashlib", "hmac", "importlib.resources", "urllib.parse")
"""Modules that a function loads when it is first called, since few calls need them."""


def warm_up() -> None:
    """Load all data, codecs and libraries now, so that no later call opens a file or imports anything.

    Costs some 0.2 s and 40 MB once; the results of later calls are the same with and without it (P10).
    """
    for name in _LATE:
        import_module(name)
    catalogue()
    load_charsets()
    quote_library()
    # Each of these reads a table on its first call; the answers do not matter.
    skeleton("xn--bcher-kva.example")
    is_role("info")
    split_on_behalf("Kim on behalf of Jo")
    for text, languages in (
        ("2 March 2026 9:15 Eastern Time", ("en",)),
        ("1405/01/01", ("fa",)),
        ("1447/09/01", ("ar-SA",)),
    ):
        parse_localized(text, languages)
