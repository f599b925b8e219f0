"""What says that a block stands above a forward and not above a reply's history, and how much it says (R7)."""

from bcclog._block.attribution import find_attribution
from bcclog._block.block import Block
from bcclog._catalogue.catalogue import Catalogue
from bcclog._forward.fields import goes_to, read_date
from bcclog._forward.subject import base_subject, is_forward_subject, is_reply_subject
from bcclog._forward.witness import Witness
from bcclog._mime.attachments import carries_files
from bcclog._people.block_addresses import parse_block_list
from bcclog.codes import Code
from bcclog.forward import Confidence
from bcclog.message import Message

_AFTER_PREFIX = (":", "：", "_")
_STRONG = frozenset((Code.FORWARD_SIGN_SEPARATOR, Code.FORWARD_SIGN_MARKUP, Code.FORWARD_SIGN_HEADER))
_CONFIDENCE = {**dict.fromkeys(_STRONG, Confidence.HIGH), Code.FORWARD_SIGN_ATTACHMENT: Confidence.LOW}
NO_SIGNS = frozenset((Code.NOT_FORWARDED_REPLY, Code.NOT_FORWARDED_UNMARKED))
"""What `sign_of` says where it stands above no forward."""
SIGNS_OF_ITS_OWN = _STRONG | {Code.FORWARD_SIGN_SUBJECT}
"""What says of a message by itself that it is a forward, whichever way it came."""


def confidence_of(sign: Code) -> Confidence:
    """How sure it is that a forward stands there, by the sign alone."""
    return _CONFIDENCE.get(sign, Confidence.MEDIUM)


def sign_of(message: Message, best: Witness, html: Witness | None, known: Catalogue, meant: bool) -> Code:
    """What says that the block stands above a forward, strongest first; else that it is a reply's, or that nothing says
    so (R7).

    Clients write the same block above a forward and above a reply's history, and "Original Message" above both; then
    the subject's prefix decides, then the route, if the mail does not go to the block's author too, then whether
    anything stands above the block at all, then the files: replies leave those of the original out.
    """
    block = best.block
    assert block is not None
    subject = message.subject or ""
    is_reply = is_reply_subject(subject, known, block.rows)
    is_forward = is_forward_subject(subject, known, block.rows)
    if (is_reply or (block.depth > 0 and not (block.forward and is_forward))) and (
        (is_reply and block.depth > 0) or find_attribution(best.lines, known, 0, block.start) is not None
    ):
        return Code.NOT_FORWARDED_REPLY  # that quotes a forward, whether its history is marked or not
    if block.forward:
        return Code.FORWARD_SIGN_SEPARATOR
    if html is not None and html.html is not None and any(mark.forward_only for _, mark in html.html.marks):
        return Code.FORWARD_SIGN_MARKUP
    if message.has_field("x-forwarded-message-id"):
        return Code.FORWARD_SIGN_HEADER
    if is_forward and not is_reply:
        return Code.FORWARD_SIGN_SUBJECT
    if meant and _goes_to_author(message, block):
        return Code.NOT_FORWARDED_REPLY  # the forwarding address stands in Bcc, where that for BCC belongs
    if is_forward:
        return Code.FORWARD_SIGN_SUBJECT
    if meant:
        return Code.FORWARD_SIGN_ROUTE
    if is_reply or message.has_field("in-reply-to") or _answers(message, block, known):
        return Code.NOT_FORWARDED_REPLY
    # Only a whole block counts here: advertising imitates the lines of a header.
    is_whole = "@" in (block.get("from") or "") and read_date(block.date, block, known, message) is not None
    # Words above "Original Message" are a forwarder's who renamed the subject, where the mail answers no other.
    in_thread = message.has_field("references")
    is_drawn = block.separator is not None
    starts_thread = is_drawn and not in_thread
    first = not any(line.text.strip() for line in best.lines[best.top : block.start])
    # No client runs its fields together without a separator: a log has such lines too.
    is_client_like = block.in_order and not block.is_strange and (is_drawn or not (block.mixed or block.is_glued))
    if is_whole and is_client_like and (first or starts_thread):
        return Code.FORWARD_SIGN_PLACE
    if is_whole and is_client_like and not in_thread and carries_files(message.index):
        return Code.FORWARD_SIGN_ATTACHMENT
    return Code.NOT_FORWARDED_REPLY if in_thread else Code.NOT_FORWARDED_UNMARKED


def _goes_to_author(message: Message, block: Block) -> bool:
    authors = parse_block_list(block.get("from") or "").mailboxes
    return len(authors) == 1 and goes_to(message, authors[0])


def _answers(message: Message, block: Block, known: Catalogue) -> bool:
    """Whether a mail in words of its own answers what stands below: a program wrote it, or its subject is the block's
    behind words that no row writes (`Ang: Offer`, `Automatic reply: Offer`), which reply and forward alike can be."""
    if (message.header("auto-submitted") or "no").strip().lower() != "no":
        return True
    theirs = base_subject(block.get("subject") or "", known)
    mine = base_subject(message.subject or "", known)
    head = mine.removesuffix(theirs)
    return bool(theirs) and 0 < len(head) < len(mine) and head.rstrip().endswith(_AFTER_PREFIX)
