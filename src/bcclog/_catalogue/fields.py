"""The fields of a header block, by what they hold."""

CORE = frozenset(("from", "to", "cc", "date", "subject", "reply_to"))
PEOPLE = frozenset(("from", "sender", "to", "cc", "bcc", "reply_to"))
WHOLE = frozenset(("from", "to", "date", "subject"))
"""What follows these below the first blank line is the body, whoever leaves blank lines inside."""
MANY = frozenset(("to", "cc", "bcc"))
"""Fields that announcements fill with hundreds of people."""
