"""The schemas that ship with the package are what the code says."""

import importlib.util
import json
from pathlib import Path

import jsonschema

ROOT = Path(__file__).parent.parent


def make_schemas() -> object:
    spec = importlib.util.spec_from_file_location("make_schemas", ROOT / "tools" / "make_schemas.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_schema_files_are_up_to_date() -> None:
    module = make_schemas()
    for name, schema in module.SCHEMAS.items():  # type: ignore[attr-defined]
        written = (ROOT / "src" / "bcclog" / "data" / "schema" / name).read_text("utf-8")
        assert written == module.text_of(schema)  # type: ignore[attr-defined]


def test_schemas_are_valid_json_schema() -> None:
    for path in (ROOT / "src" / "bcclog" / "data" / "schema").glob("*.schema.json"):
        jsonschema.Draft202012Validator.check_schema(json.loads(path.read_text("utf-8")))
