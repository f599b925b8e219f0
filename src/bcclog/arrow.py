"""A table of raw mails in, a table of plans out, in Arrow: for archives, and for many machines (extra `arrow`).

`plan_batches` takes and gives batches one at a time and keeps nothing between them, so it is the function that Spark's
`mapInArrow` asks for, and as it stands the one that Ray Data's `map_batches(..., batch_format="pyarrow")` does.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

try:
    import pyarrow as pa
except ImportError as error:  # pragma: no cover - said to a person who installed the bare library
    raise ImportError("bcclog.arrow needs its extra: pip install 'bcclog[arrow]'") from error

from bcclog._decide.plan import plan
from bcclog.account import Account, Directory
from bcclog.model import Plan, to_json

_STRINGS: Final = pa.list_(pa.string())


def _struct(*names: str, **others: Any) -> Any:
    return pa.struct([*(pa.field(name, pa.string()) for name in names), *(pa.field(*item) for item in others.items())])


SCHEMA: Final = pa.schema(
    [
        pa.field("path", pa.string()),
        pa.field("outcome", pa.string()),
        pa.field("code", pa.string()),
        pa.field("policy", pa.string()),
        pa.field("route", pa.string()),
        pa.field("direction", pa.string()),
        pa.field("sent_at", pa.string()),
        pa.field("sent_at_utc", pa.timestamp("us", tz="UTC")),
        pa.field("subject", pa.string()),
        pa.field("sender", _struct("name", "email")),
        pa.field("user", pa.string()),
        pa.field("rule", pa.string()),
        pa.field("attribution", pa.string()),
        pa.field("candidates", _STRINGS),
        pa.field("contacts", pa.list_(_struct("email", "name", "action", "code", "contact", "digest"))),
        pa.field("associations", pa.list_(_struct("kind", "id", "email", "code"))),
        pa.field(
            "attachments",
            pa.list_(_struct("name", "safe_name", "media_type", "action", "code", size=pa.int64(), part=pa.int32())),
        ),
        pa.field("notices", pa.list_(_struct("to", "code", "about"))),
        pa.field("trust", pa.string()),
        pa.field("keys", _struct("message_id", "fingerprint", "any_route")),
        pa.field("classes", _STRINGS),
        pa.field("warnings", _STRINGS),
        pa.field("trace", pa.string()),
    ]
)
"""The table of plans, a row a mail in the order of the input; the names are those of `Plan.to_dict()`.

`sent_at` is ISO 8601 as the mail writes it, with an offset only where it names a zone; `sent_at_utc` is the same
instant and null without a zone (R30). `user`, `rule`, `attribution` and `candidates` say who is credited, by which rule
and code; `trust` is the verdict; `classes` and `warnings` are codes; `trace` is JSON, the decisions in order. A row
whose `raw` is null has nulls in every column but `path`.
"""

_TEXTS: Final = (pa.string(), pa.large_string(), pa.string_view(), pa.null())
_BINARY: Final = (pa.binary(), pa.large_binary(), pa.binary_view())


def plan_batches(batches: Any, *, account: Account, directory: Directory) -> Iterator[Any]:
    """Plan every mail of a table, batch by batch.

    batches: an iterable of `pyarrow.RecordBatch` (Spark's `mapInArrow`), or one `RecordBatch` or `Table` (Ray's
    `map_batches`). Columns: `raw` (binary, large_binary or binary_view), the mail; `recipient` (string, may be missing
    or null), the SMTP envelope recipient; `path` (string, may be missing), given back. Others are not read.
    Yields a batch of `SCHEMA` for each batch, a table where a table was given; one batch is in memory at a time.
    `ValueError` for a table without `raw`, `TypeError` for a column of a wrong type. Any bytes give a row.
    """
    if isinstance(batches, pa.Table):
        for batch in batches.to_batches() or (pa.RecordBatch.from_pylist([], schema=batches.schema),):
            yield pa.Table.from_pylist(_rows(batch, account, directory), schema=SCHEMA)
        return
    several: Iterable[Any] = (batches,) if isinstance(batches, pa.RecordBatch) else batches
    for batch in several:
        if not isinstance(batch, pa.RecordBatch | pa.Table):
            raise TypeError(f"batches is a RecordBatch, a Table or an iterable of them, not of {type(batch).__name__}")
        yield pa.RecordBatch.from_pylist(_rows(batch, account, directory), schema=SCHEMA)


def _rows(batch: Any, account: Account, directory: Directory) -> list[dict[str, Any]]:
    raws = _column(batch, "raw")
    if raws is None:
        raise ValueError(f"a column raw with the mails is needed; there are {', '.join(batch.schema.names) or 'none'}")
    if raws.type not in _BINARY:
        raise TypeError(f"the column raw must be binary, not {raws.type}")
    recipients, paths = _texts(batch, "recipient"), _texts(batch, "path")
    return [
        _row(
            None if paths is None else paths[number].as_py(),
            _planned(raws[number], None if recipients is None else recipients[number].as_py(), account, directory),
        )
        for number in range(batch.num_rows)
    ]


def _texts(batch: Any, name: str) -> Any:
    """A column of strings, dictionaries of them included; None where it is missing."""
    column = _column(batch, name)
    if column is not None and column.type not in _TEXTS and not pa.types.is_dictionary(column.type):
        raise TypeError(f"the column {name} must be of strings, not {column.type}")
    return column


def _column(batch: Any, name: str) -> Any:
    number = batch.schema.get_field_index(name)
    return None if number < 0 else batch.column(number)


def _planned(raw: Any, recipient: str | None, account: Account, directory: Directory) -> Plan | None:
    if not raw.is_valid:
        return None
    return plan(memoryview(raw.as_buffer()), account=account, directory=directory, recipient=recipient)


def _row(path: str | None, found: Plan | None) -> dict[str, Any]:
    if found is None:
        return {"path": path}
    data = found.to_dict()
    credit = data["attribution"]
    return {
        **{name: data[name] for name in SCHEMA.names if name in data},
        "path": path,
        "sent_at_utc": _instant(found.sent_at),
        "user": credit["user"],
        "rule": credit["rule"],
        "attribution": credit["code"],
        "candidates": credit["candidates"],
        "trust": data["trust"]["verdict"],
        "warnings": [reason["code"] for reason in data["warnings"]],
        "trace": to_json(data["trace"]),
    }


def _instant(value: datetime | None) -> datetime | None:
    if value is None or value.tzinfo is None:
        return None
    try:
        return value.astimezone(UTC)
    except OverflowError:  # the first and the last day of the calendar
        return None
