"""Write the JSON Schemas of `Plan.to_dict()` and of `unwrap`'s results; the enums come from the code.

Run it after a code was added: python tools/make_schemas.py. A test compares the files with what this writes.
"""

import json
from pathlib import Path
from typing import Any

from bcclog.codes import Code
from bcclog.forward import Confidence
from bcclog.model import AttachmentActionKind, ContactActionKind, Direction, Outcome, Route

FOLDER = Path(__file__).parent.parent / "src" / "bcclog" / "data" / "schema"
DIALECT = "https://json-schema.org/draft/2020-12/schema"

STRING: dict[str, Any] = {"type": "string"}
MAYBE_STRING: dict[str, Any] = {"type": ["string", "null"]}
LINE: dict[str, Any] = {"type": ["string", "null"], "pattern": "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]*$"}
TIME: dict[str, Any] = {
    "type": ["string", "null"],
    "pattern": "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{6})?([+-]\\d{2}:\\d{2}(:\\d{2})?)?$",
    "description": "ISO 8601; with an offset only where the mail writes a zone (R30).",
}


def ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}"}


def array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def maybe(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def values(enum: Any) -> dict[str, Any]:
    return {"enum": [member.value for member in enum]}


def record(description: str, **properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "description": description,
        "properties": {name.rstrip("_"): schema for name, schema in properties.items()},
        "required": [name.rstrip("_") for name in properties],
        "additionalProperties": False,
    }


DEFINITIONS = {
    "code": {"enum": sorted(code.value for code in Code)},
    "address": record(
        "A mailbox: display name and address, either null where it is not written.", name=LINE, email=LINE
    ),
    "evidence": record(
        "What a decision rests on; the span is half-open and counts from 0.",
        where={"enum": ["envelope", "header", "text", "html", "attachment", "directory", "policy"]},
        field=MAYBE_STRING,
        part={"type": ["integer", "null"], "minimum": 0},
        span={
            "anyOf": [
                {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 2, "maxItems": 2},
                {"type": "null"},
            ]
        },
        unit={"enum": ["byte", "code_point", None]},
    ),
    "lost": record("An alternative that was not taken.", what=LINE, code=ref("code")),
    "reason": record(
        "One decision.",
        code=ref("code"),
        rule=STRING,
        about=LINE,
        evidence=array(ref("evidence")),
        lost=array(ref("lost")),
    ),
}

PLAN = {
    "$schema": DIALECT,
    "$id": "urn:bcclog:plan",
    "title": "A bcclog plan",
    **record(
        "What to do with one mail.",
        outcome=values(Outcome),
        code=ref("code"),
        policy=STRING,
        route={"enum": [*(route.value for route in Route), None]},
        direction={"enum": [*(direction.value for direction in Direction), None]},
        sender=maybe(ref("address")),
        sent_at=TIME,
        subject=LINE,
        times=record(
            "Every time known, and why one was chosen.", header=TIME, block=TIME, received=TIME, code=ref("code")
        ),
        attribution=record(
            "Who is credited.", user=MAYBE_STRING, rule=STRING, code=ref("code"), candidates=array(STRING)
        ),
        contacts=array(
            record(
                "Create, link or skip one person; without address and name for a person on Never Log.",
                email=LINE,
                name=LINE,
                action=values(ContactActionKind),
                code=ref("code"),
                contact=MAYBE_STRING,
                digest={"type": ["string", "null"], "pattern": "^[0-9a-f]{64}$"},
            )
        ),
        associations=array(
            record(
                "A record that the mail is linked to.",
                kind={"enum": ["contact", "company", "deal"]},
                id=MAYBE_STRING,
                email=STRING,
                code=ref("code"),
            )
        ),
        attachments=array(
            record(
                "Keep, drop or treat as body one file; size in decoded bytes.",
                name=LINE,
                safe_name={"type": "string", "pattern": "^[^/\\\\\\u0000-\\u001f\\u007f]+$"},
                media_type=STRING,
                size={"type": "integer", "minimum": 0},
                part={"type": "integer", "minimum": 0},
                action=values(AttachmentActionKind),
                code=ref("code"),
            )
        ),
        notices=array(record("A message the caller may send.", to=STRING, code=ref("code"), about=ref("code"))),
        trust=record(
            "What the caller's own server said.",
            verdict={"enum": ["aligned", "unaligned", "absent"]},
            basis={"enum": ["dmarc", "dkim", "spf", "arc", None]},
            code=ref("code"),
        ),
        keys=record(
            "Keys under which the same mail is found again.",
            **{
                name: {"type": ["string", "null"], "pattern": "^[0-9a-f]{64}$"}
                for name in ("message_id", "fingerprint", "any_route")
            },
        ),
        classes=array(ref("code")),
        warnings=array(ref("reason")),
        trace=array(ref("reason")),
    ),
    "$defs": DEFINITIONS,
}

UNWRAPPED = {
    "$schema": DIALECT,
    "$id": "urn:bcclog:unwrapped",
    "title": "What bcclog unwrapped",
    **record(
        "A forward, no forward, or a refusal.",
        outcome={"enum": ["forward", "not_forwarded", "refused"]},
        code=ref("code"),
        sign=maybe(ref("code")),
        client=MAYBE_STRING,
        locale=MAYBE_STRING,
        writers=array({"type": "array", "items": STRING, "minItems": 2, "maxItems": 2}),
        confidence={"enum": [*(confidence.value for confidence in Confidence), None]},
        comment=MAYBE_STRING,
        original=maybe(ref("original")),
        chain=array(ref("original")),
        others=array(ref("original")),
        evidence=array(ref("reason")),
        warnings=array(ref("reason")),
    ),
    "$defs": {
        **DEFINITIONS,
        "original": record(
            "The forwarded message.",
            from_=maybe(ref("address")),
            sender=maybe(ref("address")),
            to=array(ref("address")),
            cc=array(ref("address")),
            reply_to=array(ref("address")),
            subject=LINE,
            sent_at=TIME,
            sent_at_text=LINE,
            message_id=LINE,
            text=MAYBE_STRING,
            html=MAYBE_STRING,
        ),
    },
}

SCHEMAS = {"plan.schema.json": PLAN, "unwrapped.schema.json": UNWRAPPED}


def text_of(schema: object) -> str:
    """The file's text."""
    return json.dumps(schema, indent=2) + "\n"


if __name__ == "__main__":
    for name, schema in SCHEMAS.items():
        (FOLDER / name).write_text(text_of(schema), "utf-8")
