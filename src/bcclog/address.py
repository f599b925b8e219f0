"""Addresses as values: what a mail writes, and the normal form that is compared."""

from typing import NewType

from attrs import frozen

NormalEmail = NewType("NormalEmail", str)
"""An address in its matching form, as `normalize` gives it; only these are compared."""


@frozen
class EmailAddress:
    """A mailbox (JMAP). name: the display name, decoded and kept whole (R31), None without one; email: the address as
    written, None where a mail gives a name only."""

    name: str | None
    email: str | None

    def to_dict(self) -> dict[str, str | None]:
        return {"name": self.name, "email": self.email}
