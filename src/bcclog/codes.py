"""Every outcome bcclog can give, as one stable code with its rule and its words for a person.

A code reads `area.outcome.reason`; the enum member is the same in capitals. Codes are never reused: one that is
no longer given stays in the table with a word saying so. `bcclog codes` and `docs/codes.md` are printed from here.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from attrs import frozen


class Severity(StrEnum):
    """What a code does to the mail: `info` explains, `warning` is odd but survivable, `skip` leaves one person or
    file out, `refuse` stops the log."""

    INFO = "info"
    WARNING = "warning"
    SKIP = "skip"
    REFUSE = "refuse"


@frozen
class CodeInfo:
    """rule: the rule or threat the code comes from; sentence: what happened, for a person; action: what he can do,
    empty where nothing is to be done."""

    rule: str
    severity: Severity
    sentence: str
    action: str


class Code(StrEnum):
    """The stable codes. `Code.info` gives rule, severity, sentence and action."""

    rule: str
    severity: Severity
    sentence: str
    action: str

    def __new__(cls, value: str, rule: str, severity: str, sentence: str, action: str = "") -> "Code":
        member = str.__new__(cls, value)
        member._value_ = value
        member.rule = rule
        member.severity = Severity(severity)
        member.sentence = sentence
        member.action = action
        return member

    @property
    def info(self) -> CodeInfo:
        """Rule, severity, sentence and action of this code."""
        return CodeInfo(self.rule, self.severity, self.sentence, self.action)

    # --- what becomes of the mail -------------------------------------------------------------------------------
    LOG_BCC = (
        "log.bcc",
        "R3",
        "info",
        "The mail came through a BCC address and is logged on its visible recipients.",
    )
    LOG_FORWARD = (
        "log.forward",
        "R6",
        "info",
        "The forwarded message is logged on the person who wrote it.",
    )
    LOG_FORWARD_SENT = (
        "log.forward_sent",
        "R14",
        "info",
        "One of the account's own people wrote the forwarded message, so it is logged on its recipients.",
    )

    # --- R1: route ----------------------------------------------------------------------------------------------
    ROUTE_ENVELOPE = (
        "route.envelope",
        "R1",
        "info",
        "The mail was delivered to this drop address (SMTP envelope recipient).",
    )
    ROUTE_DELIVERED_TO = ("route.delivered_to", "R1", "info", "Delivered-To names the drop address.")
    ROUTE_X_ORIGINAL_TO = ("route.x_original_to", "R1", "info", "X-Original-To names the drop address.")
    ROUTE_ENVELOPE_TO = ("route.envelope_to", "R1", "info", "Envelope-To names the drop address.")
    ROUTE_HEADER = ("route.header", "R1", "info", "The drop address stands in To, Cc or Bcc.")
    ROUTE_RECEIVED = ("route.received", "R1", "info", "A Received field was written for the drop address.")
    REFUSE_ROUTE_NONE = (
        "refuse.route.none",
        "R1",
        "refuse",
        "None of the account's BCC or forwarding addresses was found on the mail.",
        "Say which address the mail was delivered to (`recipient`, the SMTP envelope recipient): a Bcc address "
        "normally stands nowhere in the mail.",
    )
    REFUSE_ROUTE_BOTH = (
        "refuse.route.both",
        "R1",
        "refuse",
        "The mail reached both a BCC and a forwarding address, so it is unclear what is meant.",
        "Send it again to one of the two addresses only.",
    )
    REFUSE_ROUTE_UNKNOWN = (
        "refuse.route.unknown",
        "R1",
        "refuse",
        "The envelope recipient is not one of this account's drop addresses.",
        "Check the address the mail was sent to, and that the mail was handed to the right account.",
    )

    # --- who sent it --------------------------------------------------------------------------------------------
    REFUSE_IDENTITY_NONE = (
        "refuse.identity.none",
        "R20-R25",
        "refuse",
        "The mail has no usable From address.",
        "Send it from an ordinary mail program with your own address as sender.",
    )
    IDENTITY_AMBIGUOUS_FROM_COUNT = (
        "identity.ambiguous.from_count",
        "T1",
        "refuse",
        "The mail has more than one From field, so it is unclear who sent it.",
        "Send it again from an ordinary mail program.",
    )
    IDENTITY_AMBIGUOUS_FROM_LIST = (
        "identity.ambiguous.from_list",
        "T2",
        "refuse",
        "The From field names several senders.",
        "Send it again with one sender.",
    )
    IDENTITY_AMBIGUOUS_FROM_GROUP = (
        "identity.ambiguous.from_group",
        "T3",
        "refuse",
        "The From field holds a group and not one sender.",
        "Send it again with one sender.",
    )
    IDENTITY_AMBIGUOUS_HEADER = (
        "identity.ambiguous.header",
        "T4",
        "refuse",
        "A malformed header line could be read as another From field.",
        "Send it again from an ordinary mail program.",
    )
    IDENTITY_AMBIGUOUS_LINE_ENDS = (
        "identity.ambiguous.line_ends",
        "T6",
        "refuse",
        "Odd line ends in the header hide what could be read as another From field.",
        "Send it again from an ordinary mail program.",
    )
    IDENTITY_AMBIGUOUS_ADDRESS = (
        "identity.ambiguous.address",
        "T16-T21",
        "refuse",
        "The address in the From field can be read in more than one way.",
        "Send it again from an ordinary mail program.",
    )

    # --- attribution --------------------------------------------------------------------------------------------
    ATTRIBUTION_TEAM = (
        "attribution.team",
        "R24",
        "info",
        "The sending address is connected as a team address; the user who first connected it is credited.",
    )
    ATTRIBUTION_CONNECTED = (
        "attribution.connected",
        "R20",
        "info",
        "One user alone has connected the sending address as a personal address.",
    )
    ATTRIBUTION_ACCOUNT = (
        "attribution.account",
        "R21",
        "info",
        "One user alone has the sending address as account address.",
    )
    ATTRIBUTION_ALIAS = (
        "attribution.alias",
        "R22",
        "info",
        "One user alone has the sending address as an alias.",
    )
    ATTRIBUTION_LONGEST_CONNECTED = (
        "attribution.longest_connected",
        "R23",
        "info",
        "Several users have connected the sending address; the one who connected it first is credited.",
    )
    ATTRIBUTION_UNATTRIBUTED = (
        "attribution.unattributed",
        "R25",
        "info",
        "No user of the account has the sending address, or none could be read, so nobody is credited.",
        "Add the address to your user as connected address or alias, or send from one that is there.",
    )
    ATTRIBUTION_AMBIGUOUS_SHARED = (
        "attribution.ambiguous.shared",
        "R25",
        "info",
        "Several users share the sending address as account address or alias, so nobody is credited.",
        "Connect the address as a personal address of one user.",
    )
    ATTRIBUTION_AMBIGUOUS_SAME_INSTANT = (
        "attribution.ambiguous.same_instant",
        "R25",
        "info",
        "Several users connected the sending address at the same instant, or one of the instants is not known.",
        "Disconnect the address from all users but one.",
    )
    ATTRIBUTION_UNTRUSTED = (
        "attribution.untrusted",
        "R27",
        "info",
        "The policy credits nobody when the sender is not authenticated in this way.",
        "Send through your own mail server so that SPF, DKIM and DMARC pass.",
    )
    ATTRIBUTION_SKIP_DEACTIVATED = (
        "attribution.skip.deactivated",
        "R25",
        "skip",
        "A deactivated user has the address and was passed over.",
    )

    # --- trust (R27) --------------------------------------------------------------------------------------------
    TRUST_ALIGNED = (
        "trust.aligned",
        "R27",
        "info",
        "The account's own mail server found that the mail really comes from the From domain.",
    )
    TRUST_UNALIGNED = (
        "trust.unaligned",
        "R27",
        "warning",
        "The account's own mail server did not find that the mail really comes from the From domain.",
    )
    TRUST_ABSENT = (
        "trust.absent",
        "R27",
        "info",
        "The account's own mail server left no verdict on the sender that could be relied on.",
    )
    REFUSE_TRUST = (
        "refuse.trust",
        "R27",
        "refuse",
        "The policy logs nothing from a sender who is not authenticated in this way.",
        "Send through your own mail server so that SPF, DKIM and DMARC pass.",
    )

    # --- contacts -----------------------------------------------------------------------------------------------
    CONTACT_CREATE_RECIPIENT = (
        "contact.create.recipient",
        "R3",
        "info",
        "A visible recipient who has no contact yet gets one.",
    )
    CONTACT_CREATE_AUTHOR = (
        "contact.create.author",
        "R6",
        "info",
        "The author of the forwarded message has no contact yet and gets one.",
    )
    CONTACT_LINK_RECIPIENT = ("contact.link.recipient", "R3", "info", "A visible recipient has a contact already.")
    CONTACT_LINK_AUTHOR = (
        "contact.link.author",
        "R6",
        "info",
        "The author of the forwarded message has a contact already.",
    )
    CONTACT_LINK_COPIED = (
        "contact.link.copied",
        "R11",
        "info",
        "A person copied on the forwarded message has a contact, and the policy logs on it.",
    )
    CONTACT_SKIP_COPIED = (
        "contact.skip.copied",
        "R11",
        "skip",
        "People copied on the forwarded message are not logged.",
    )
    CONTACT_SKIP_BCC_ONLY = (
        "contact.skip.bcc_only",
        "R4",
        "skip",
        "A recipient who is only in Bcc is neither created nor logged.",
        "Put the person in To or Cc.",
    )
    CONTACT_SKIP_NEVER_LOG_ADDRESS = (
        "contact.skip.never_log_address",
        "R16",
        "skip",
        "The person's address is on a Never Log list.",
        "Take the address off the Never Log list if it is to be logged.",
    )
    CONTACT_SKIP_NEVER_LOG_DOMAIN = (
        "contact.skip.never_log_domain",
        "R16",
        "skip",
        "The person's domain is on a Never Log list.",
        "Take the domain off the Never Log list if it is to be logged.",
    )
    CONTACT_SKIP_DROP_ADDRESS = (
        "contact.skip.drop_address",
        "R2",
        "skip",
        "The account's own drop address is never a contact.",
    )
    CONTACT_SKIP_OTHER_DROP_ADDRESS = (
        "contact.skip.other_drop_address",
        "R2",
        "skip",
        "Another CRM's drop address is never a contact.",
    )
    CONTACT_SKIP_SENDER = (
        "contact.skip.sender",
        "R28",
        "skip",
        "Who sent the mail to the drop address is not a contact of it.",
    )
    CONTACT_SKIP_USER = ("contact.skip.user", "R28", "skip", "A user of the account is not a contact.")
    CONTACT_SKIP_OWN_DOMAIN = (
        "contact.skip.own_domain",
        "R28",
        "skip",
        "A colleague in one of the account's own domains is not a contact.",
    )
    CONTACT_SKIP_ROLE = (
        "contact.skip.role",
        "R28",
        "skip",
        "A role address such as postmaster@ is not a person.",
        "Create the contact by hand if it stands for a person.",
    )
    CONTACT_SKIP_NO_REPLY = (
        "contact.skip.no_reply",
        "R28",
        "skip",
        "A no-reply or bounce address belongs to a machine.",
    )
    CONTACT_SKIP_LIST = ("contact.skip.list", "R28", "skip", "The address is that of a mailing list.")
    CONTACT_SKIP_ADDRESS_INVALID = (
        "contact.skip.address_invalid",
        "T20",
        "skip",
        "The address cannot belong to a person on the internet.",
        "Correct the address.",
    )
    CONTACT_SKIP_LOOKALIKE = (
        "contact.skip.lookalike",
        "T23",
        "skip",
        "The domain imitates one of the account's own or listed domains with similar letters.",
        "Beware: this is a common trick of fraud.",
    )
    CONTACT_SKIP_NO_ADDRESS = (
        "contact.skip.no_address",
        "R31",
        "skip",
        "The mail gives the person's name but no address.",
        "Log the mail by hand on the right contact.",
    )
    CONTACT_SKIP_CAP = (
        "contact.skip.cap",
        "T28",
        "skip",
        "More new contacts than the policy allows for one mail, so none is created.",
        "Create the contacts by hand or import them.",
    )
    CONTACT_SKIP_UNATTRIBUTED = (
        "contact.skip.unattributed",
        "R27",
        "skip",
        "No contact is created for a mail whose sender is no user of the account.",
        "Add the sending address to your user.",
    )
    CONTACT_SKIP_TRUST = (
        "contact.skip.trust",
        "R27",
        "skip",
        "The policy creates no contact when the sender is not authenticated.",
        "Send through your own mail server so that SPF, DKIM and DMARC pass.",
    )
    CONTACT_SKIP_CREATE_OFF = (
        "contact.skip.create_off",
        "R28",
        "skip",
        "The policy logs on people of this kind but does not create them.",
    )
    REFUSE_NOBODY_TO_LOG = (
        "refuse.nobody_to_log",
        "R17",
        "refuse",
        "Nobody is left on whom the mail could be logged, so nothing of it is kept.",
        "Look at why each person was skipped.",
    )

    # --- associations (R5) --------------------------------------------------------------------------------------
    ASSOCIATION_CONTACT = ("association.contact", "R5", "info", "The mail is linked to the contact.")
    ASSOCIATION_COMPANY = ("association.company", "R5", "info", "The mail is linked to the contact's company.")
    ASSOCIATION_PRIMARY_COMPANY = (
        "association.primary_company",
        "R5",
        "info",
        "The mail is linked to the contact's primary company.",
    )
    ASSOCIATION_DEAL = (
        "association.deal",
        "R5",
        "info",
        "The mail is linked to one of the contact's most recent open deals.",
    )

    # --- attachments (R18, R19) ---------------------------------------------------------------------------------
    ATTACHMENT_KEEP = ("attachment.keep", "R18", "info", "The attachment is logged with the mail.")
    ATTACHMENT_INLINE = (
        "attachment.inline",
        "R19",
        "info",
        "The image is referred to by the HTML and belongs to the body.",
    )
    ATTACHMENT_INLINE_LOGO = (
        "attachment.inline_logo",
        "R19",
        "info",
        "The image looks like a logo of a signature.",
    )
    ATTACHMENT_INLINE_PIXEL = (
        "attachment.inline_pixel",
        "R19",
        "info",
        "The image looks like a tracking pixel.",
    )
    ATTACHMENT_DROP_SIZE = (
        "attachment.drop.size",
        "R18",
        "skip",
        "The attachment is larger than the policy allows.",
        "Share the file by a link, or add it to the record by hand.",
    )
    ATTACHMENT_DROP_OPAQUE = (
        "attachment.drop.opaque",
        "T68",
        "skip",
        "The part lies beyond a limit and was not read.",
    )
    REFUSE_SIZE_CONTENT = (
        "refuse.size.content",
        "R18",
        "refuse",
        "The text and HTML together are larger than the policy allows.",
        "Shorten the mail, for example by cutting quoted history.",
    )

    # --- notices ------------------------------------------------------------------------------------------------
    NOTICE_ATTACHMENT_DROPPED = (
        "notice.attachment_dropped",
        "R18",
        "info",
        "The sender is told that an attachment was left out.",
    )
    NOTICE_REFUSED = ("notice.refused", "R12", "info", "The sender is told that the mail was not logged, and why.")

    # --- the forward --------------------------------------------------------------------------------------------
    FORWARD_INLINE = (
        "forward.inline",
        "R7",
        "info",
        "The header block that a mail program writes above a forwarded message was read.",
    )
    FORWARD_ATTACHED = ("forward.attached", "R15", "info", "The message was forwarded as an attachment.")
    FORWARD_ATTRIBUTION = (
        "forward.attribution",
        "R7",
        "info",
        "The mail client wrote one attribution line in place of a header block.",
    )
    FORWARD_STRUCTURAL = (
        "forward.structural",
        "R10",
        "info",
        "A header block was read by the kind of its values; its labels are in no catalogued language.",
    )
    FORWARD_SIGN_SEPARATOR = (
        "forward.sign.separator",
        "R7",
        "info",
        "The line above the block says that the message was forwarded.",
    )
    FORWARD_SIGN_MARKUP = (
        "forward.sign.markup",
        "R7",
        "info",
        "The HTML bears a mark that the client writes only when forwarding.",
    )
    FORWARD_SIGN_SUBJECT = ("forward.sign.subject", "R7", "info", "The subject begins as that of a forward.")
    FORWARD_SIGN_HEADER = (
        "forward.sign.header",
        "R7",
        "info",
        "X-Forwarded-Message-Id names the forwarded message.",
    )
    FORWARD_SIGN_ROUTE = (
        "forward.sign.route",
        "R7",
        "info",
        "The mail was sent to the forwarding address, so it is meant as a forward.",
    )
    FORWARD_SIGN_PLACE = (
        "forward.sign.place",
        "R7",
        "info",
        "Nothing says that the mail is a reply, and the block stands first or below a line such as `Original Message`.",
    )
    FORWARD_SIGN_ATTACHMENT = (
        "forward.sign.attachment",
        "R7",
        "info",
        "Nothing says that the mail is a reply, the block is whole, and files are attached, which replies leave out.",
    )
    NOT_FORWARDED_NO_BLOCK = (
        "not_forwarded.no_block",
        "R7",
        "info",
        "No lines above a forwarded message (From, Date, Subject, To) were found.",
        "Use the Forward command of your mail program and leave those lines in place.",
    )
    NOT_FORWARDED_REPLY = (
        "not_forwarded.reply",
        "R7",
        "info",
        "The block belongs to a reply's quoted history, not to a forward.",
        "Use Forward and not Reply.",
    )
    NOT_FORWARDED_UNMARKED = (
        "not_forwarded.unmarked",
        "R7",
        "info",
        "Lines like those above a forwarded message stand in the mail, and nothing says that it is one: forms and "
        "reports have such lines too.",
        "Forward to the forwarding address, or leave the subject as your mail program makes it (Fwd:).",
    )
    REFUSE_FORWARD_NO_HEADER_BLOCK = (
        "refuse.forward.no_header_block",
        "R7",
        "refuse",
        "The lines that a mail program writes above a forwarded message (From, Date, Subject, To) are missing, so "
        "nothing says who wrote it.",
        "Use the Forward command of your mail program and leave those lines in place.",
    )
    REFUSE_FORWARD_REPLY = (
        "refuse.forward.reply",
        "R7",
        "refuse",
        "The mail is a reply and not a forward.",
        "Use Forward and not Reply.",
    )
    REFUSE_FORWARD_CHAIN = (
        "refuse.forward.chain",
        "R8",
        "refuse",
        "The mail is a forward of a forward.",
        "Forward the single message itself and not another forward of it.",
    )
    REFUSE_FORWARD_SEVERAL = (
        "refuse.forward.several",
        "R8",
        "refuse",
        "Several messages were forwarded in one mail.",
        "Forward each message on its own.",
    )
    REFUSE_FORWARD_AMBIGUOUS = (
        "refuse.forward.ambiguous",
        "T54",
        "refuse",
        "It is unclear who wrote the forwarded message.",
        "Forward the message again as an attachment.",
    )
    REFUSE_FORWARD_PARTS_DISAGREE = (
        "refuse.forward.parts_disagree",
        "T57",
        "refuse",
        "The text and the HTML of the mail name different authors of the forwarded message.",
        "Forward the message again as an attachment.",
    )
    REFUSE_FORWARD_LINK_DIFFERS = (
        "refuse.forward.link_differs",
        "T59",
        "refuse",
        "The author's address that the forward shows is not the one that its link leads to.",
        "Look at the mail with care: it may be forged. If it is genuine, forward it again as an attachment.",
    )
    REFUSE_FORWARD_HIDDEN_BLOCK = (
        "refuse.forward.hidden_block",
        "T58",
        "refuse",
        "The header block that names the author stands in text that a reader cannot see.",
        "Forward the message again as an attachment.",
    )
    REFUSE_FORWARD_LANGUAGE = (
        "refuse.forward.language",
        "R10",
        "refuse",
        "The header block above the forwarded message is in a language that is not supported.",
        "Forward from a program set to a supported language, or forward as an attachment.",
    )
    REFUSE_FORWARD_CLIENT = (
        "refuse.forward.client",
        "R10",
        "refuse",
        "The mail program that wrote the forward is not supported.",
        "Forward from a supported mail program, or forward as an attachment.",
    )
    REFUSE_FORWARD_HTML_MISSING = (
        "refuse.forward.html_missing",
        "R9",
        "refuse",
        "The mail has no HTML part, which the policy wants every forward to have.",
        "Send the forward as HTML (most programs then add the plain text by themselves).",
    )
    REFUSE_FORWARD_TEXT_MISSING = (
        "refuse.forward.text_missing",
        "R9",
        "refuse",
        "The mail has no plain-text part, which the policy wants every forward to have.",
        "Let your mail program send plain text along with HTML.",
    )
    REFUSE_FORWARD_ONE_PART = (
        "refuse.forward.one_part",
        "R9",
        "refuse",
        "Only one of the text and HTML parts holds the header block.",
        "Forward the message again and leave the header block in place, or forward it as an attachment.",
    )
    REFUSE_FORWARD_NO_AUTHOR = (
        "refuse.forward.no_author",
        "R6",
        "refuse",
        "The forwarded message does not give one address of its author.",
        "Forward the message as an attachment; if that is how it came, log it by hand.",
    )
    REFUSE_FORWARD_CHARSET = (
        "refuse.forward.charset",
        "T73",
        "refuse",
        "The header block is in a character set that could hide something from a reader.",
        "Send the forward in UTF-8, or forward the message as an attachment.",
    )
    REFUSE_FORWARD_DEPTH = (
        "refuse.forward.depth",
        "T66",
        "refuse",
        "The forwarded message lies deeper in the mail than is read.",
        "Forward the message itself.",
    )
    REFUSE_FORWARD_REDIRECT = (
        "refuse.forward.redirect",
        "R15",
        "refuse",
        "The mail was redirected and not forwarded, so nothing in it says what to log.",
        "Use Forward and not Redirect or Bounce.",
    )
    REFUSE_FORWARD_AUTOMATIC = (
        "refuse.forward.automatic",
        "R15",
        "refuse",
        "The mail was forwarded by a rule of a mail server.",
        "Forward single messages by hand.",
    )
    REFUSE_FORWARD_DIGEST = (
        "refuse.forward.digest",
        "R15",
        "refuse",
        "The mail is a digest of several messages.",
        "Forward the single message.",
    )

    # --- not people, not for logging (R28) ----------------------------------------------------------------------
    REFUSE_NOT_PERSON_BOUNCE = (
        "refuse.not_person.bounce",
        "R28",
        "refuse",
        "The mail is a bounce or a delivery report, written by a machine, and the policy does not log those.",
    )
    REFUSE_NOT_PERSON_AUTO_REPLY = (
        "refuse.not_person.auto_reply",
        "R28",
        "refuse",
        "A program sent the mail by itself (an automatic reply, a rule, a report), and the policy does not log those.",
        "Forward by hand what a person wrote.",
    )
    REFUSE_NOT_PERSON_LIST = (
        "refuse.not_person.list",
        "R28",
        "refuse",
        "The mail comes from a mailing list, and the policy does not log those.",
        "Forward it by hand if a person wrote it to you.",
    )
    REFUSE_NOT_PERSON_CALENDAR = (
        "refuse.not_person.calendar",
        "R28",
        "refuse",
        "The mail is a calendar message, and the policy does not log those.",
        "Log the meeting by hand.",
    )
    CLASS_BOUNCE = ("class.bounce", "R28", "info", "The mail is a bounce or a delivery report.")
    CLASS_AUTO_REPLY = (
        "class.auto_reply",
        "R28",
        "info",
        "A program sent the mail by itself (an automatic reply, a rule, a report).",
    )
    CLASS_LIST = ("class.list", "R28", "info", "The mail comes from a mailing list.")
    CLASS_CALENDAR = ("class.calendar", "R28", "info", "The mail is a calendar message.")
    REFUSE_LOOP = (
        "refuse.loop",
        "T13",
        "refuse",
        "The mail goes round in a loop.",
        "Look for a rule that sends mail back to the drop address.",
    )

    # --- formats and limits -------------------------------------------------------------------------------------
    REFUSE_FORMAT_ENCRYPTED = (
        "refuse.format.encrypted",
        "T78",
        "refuse",
        "The mail is encrypted, or signed in a way that hides its text, and cannot be read.",
        "Forward it decrypted, and signed in clear text if at all.",
    )
    REFUSE_FORMAT_OUTLOOK_ITEM = (
        "refuse.format.outlook_item",
        "R12",
        "refuse",
        "The message is in a format that only Outlook reads (.msg, .rpmsg, winmail.dat).",
        "Forward the message inline, as HTML or plain text, or as an .eml attachment.",
    )
    REFUSE_FORMAT_PARTIAL = (
        "refuse.format.partial",
        "T76",
        "refuse",
        "The mail is one piece of a message sent in pieces.",
        "Send the whole message.",
    )
    REFUSE_LIMIT_MESSAGE = (
        "refuse.limit.message",
        "T88",
        "refuse",
        "The mail is larger than is read.",
        "Send a smaller mail.",
    )
    REFUSE_LIMIT_HEADER = (
        "refuse.limit.header",
        "T12",
        "refuse",
        "The header of the mail is larger than is read.",
        "Send it again from an ordinary mail program.",
    )
    REFUSE_LIMIT_ADDRESSES = (
        "refuse.limit.addresses",
        "T28",
        "refuse",
        "The mail names more addresses than are read.",
        "Send it to fewer people.",
    )
    REFUSE_LIMIT_CONTENT = (
        "refuse.limit.content",
        "T60",
        "refuse",
        "The text or HTML of the mail is larger than is examined.",
        "Shorten the mail.",
    )
    # Never given by this version: no room catches an exception (P1 is held by tests). It is kept for callers who answer
    # for a fault of the library in a plan's form, and a code is never reused.
    REFUSE_INTERNAL = (
        "refuse.internal",
        "P1",
        "refuse",
        "The library itself failed on this mail; this is a fault of bcclog.",
        "Please report it with the mail, if you may.",
    )
    PART_OPAQUE_HEADER = ("part.opaque.header", "T12", "warning", "A part's header is larger than is read.")
    PART_OPAQUE_DEPTH = ("part.opaque.depth", "T68", "warning", "A part lies deeper than is read.")
    PART_OPAQUE_COUNT = ("part.opaque.count", "T68", "warning", "The mail has more parts than are read.")
    PART_OPAQUE_KIND = (
        "part.opaque.kind",
        "T76",
        "warning",
        "A part that refers to something elsewhere was not followed.",
    )

    # --- times (R30) --------------------------------------------------------------------------------------------
    TIME_HEADER = ("time.header", "R30", "info", "The time is that of the mail's Date field.")
    TIME_BLOCK = ("time.block", "R30", "info", "The time is the one written in the forwarded block.")
    TIME_ATTACHED = ("time.attached", "R30", "info", "The time is that of the attached message's Date field.")
    TIME_RECEIVED = ("time.received", "R30", "info", "The time is that of receipt, for want of a better one.")
    TIME_NONE = ("time.none", "R30", "warning", "No time could be read anywhere.")
    WARN_DATE_NO_ZONE = ("warn.date.no_zone", "R30", "warning", "The time was written without a zone and is local.")
    WARN_DATE_ZONE = (
        "warn.date.zone",
        "R30",
        "warning",
        "The time was written with a zone whose name has several meanings or none that is known, and is local.",
    )
    WARN_DATE_NO_TIME = (
        "warn.date.no_time",
        "R30",
        "warning",
        "The date was written without a time of day, and midnight only stands in for one.",
    )
    WARN_DATE_INVALID = ("warn.date.invalid", "T80", "warning", "A date could not be read or cannot be.")
    WARN_DATE_ORDER = (
        "warn.date.order",
        "R30",
        "warning",
        "Day and month could be told apart only by the habit of the language or of the client.",
    )

    # --- warnings -----------------------------------------------------------------------------------------------
    WARN_DROP_ADDRESS_LEAKED = (
        "warn.drop_address_leaked",
        "R2",
        "warning",
        "The drop address is visible to all recipients in To or Cc.",
        "Put it in Bcc; ask for a new drop address if strangers use it.",
    )
    WARN_REPLY_TO = ("warn.reply_to", "T27", "warning", "Reply-To differs from From; it is never the sender.")
    WARN_NAME_HOLDS_ADDRESS = (
        "warn.name.holds_address",
        "T16",
        "warning",
        "A display name holds another address; it is not used.",
    )
    WARN_ADDRESS_UNREADABLE = ("warn.address.unreadable", "T21", "warning", "Part of an address list is unreadable.")
    WARN_ADDRESS_WORDS_BEHIND = (
        "warn.address.words_behind",
        "R31",
        "warning",
        "Words beside an address of the block are not understood; they can name another person.",
    )
    WARN_IDNA = ("warn.idna", "T25", "warning", "A domain in punycode does not decode and is kept as written.")
    WARN_TEXT_BIDI = ("warn.text.bidi", "T24", "warning", "Invisible or direction-changing characters were removed.")
    WARN_HEADER_MALFORMED = ("warn.header.malformed", "T4", "warning", "A header line is malformed.")
    WARN_HEADER_8BIT = ("warn.header.8bit", "T11", "warning", "A header holds raw bytes that are not UTF-8.")
    WARN_HEADER_REPEATED = (
        "warn.header.repeated",
        "T1",
        "warning",
        "A header field that may stand once stands several times.",
    )
    WARN_LINE_ENDS_MIXED = ("warn.line_ends.mixed", "T6", "warning", "The mail mixes different line ends.")
    WARN_LONG_LINE = ("warn.long_line", "T62", "warning", "A line is too long to be a header line of a forward.")
    WARN_PARAM = ("warn.param", "T70", "warning", "A parameter of a MIME field is unreadable or contradicts another.")
    WARN_MIME_AMBIGUOUS = (
        "warn.mime.ambiguous",
        "T67",
        "warning",
        "Where the parts of the mail begin and end can be read in two ways.",
    )
    WARN_CHARSET = ("warn.charset", "T73", "warning", "A character set is unknown or its text does not fit it.")
    WARN_TNEF = ("warn.tnef", "T77", "warning", "A winmail.dat part was left unread.", "Send as HTML or plain text.")
    WARN_DKIM_LENGTH = ("warn.dkim.length", "T47", "warning", "A DKIM signature covers only the start of the body.")
    WARN_LIMIT_QUOTE_DEPTH = ("warn.limit.quote_depth", "T62", "warning", "Quoted text is nested deeper than is read.")
    WARN_LIMIT_HTML_NESTING = ("warn.limit.html_nesting", "T60", "warning", "The HTML is nested deeper than is read.")
    WARN_FORWARD_ONE_PART = (
        "warn.forward.one_part",
        "T57",
        "warning",
        "Only one of the text and HTML parts holds the header block.",
    )
    WARN_FORWARD_PARTS_DIFFER = (
        "warn.forward.parts_differ",
        "T57",
        "warning",
        "Text and HTML agree on the author but differ in his name, another field of the block or the comment.",
    )
    WARN_FORWARD_MIXED_LANGUAGES = (
        "warn.forward.mixed_languages",
        "R10",
        "warning",
        "The labels of the block are not all of one known language.",
    )
    WARN_FORWARD_ORDER = (
        "warn.forward.order",
        "R7",
        "warning",
        "The fields of the block stand in an order, or with an empty line among them, that no known client writes.",
    )
    WARN_FORWARD_CHAIN_INCOMPLETE = (
        "warn.forward.chain_incomplete",
        "R7",
        "warning",
        "The chain of forwards is not whole: a message in it names several authors or more people than the limit,"
        " or the subjects or the text say that one more was forwarded, which was lost or cannot be read.",
    )
    WARN_FORWARD_ON_BEHALF = (
        "warn.forward.on_behalf",
        "R31",
        "warning",
        "The block names two senders, one on behalf of the other.",
    )
    WARN_FORWARD_VIA = (
        "warn.forward.via",
        "R31",
        "warning",
        "The author's name or address says that a group, a list or a service passed the message on (via): the address"
        " can be that one's and not his.",
        "Look into the message for his address.",
    )
    WARN_FORWARD_OUTER_SUBJECT = (
        "warn.forward.outer_subject",
        "R7",
        "warning",
        "The forward does not repeat the original's subject: it is the forward's own, less the prefix.",
    )
    WARN_FORWARD_SUBJECT_END = (
        "warn.forward.subject_end",
        "R7",
        "warning",
        "Nothing shows where the subject ends, so it may hold the body's first words.",
    )


CODES: Final[Mapping[str, Code]] = MappingProxyType({str(code): code for code in Code})
"""Every code by its value."""
