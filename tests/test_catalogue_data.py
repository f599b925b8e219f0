"""The catalogue's files: valid, tidy, and without contradictions that would mislead the reader of blocks."""

import importlib.util
import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bcclog._catalogue.compile import compile_catalogue
from bcclog._catalogue.fold import fold, fold_label, fold_prefix, fold_separator

DATA = Path(__file__).parent.parent / "src" / "bcclog" / "data"
FILES = sorted((DATA / "clients").glob("*.json"))
SCHEMA = json.loads((DATA / "schema" / "client.schema.json").read_text("utf-8"))
SUBJECTS = json.loads((DATA / "subjects.json").read_text("utf-8"))
CLIENTS: dict[str, dict[str, Any]] = {path.stem: json.loads(path.read_text("utf-8")) for path in FILES}
ONE_FIELD = ("from", "to", "cc", "date", "subject")
TEMPLATES = ("separators", "reply_separators", "attributions", "reply_attributions")


def rows() -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    for client in CLIENTS.values():
        for locale, row in client["locales"].items():
            yield f"{client['client']} {locale}", client, row


def test_there_is_a_catalogue() -> None:
    assert len(FILES) >= 80
    assert sum(1 for _ in rows()) >= 1500


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_file_is_valid_and_written_in_the_one_form(path: Path) -> None:
    text = path.read_text("utf-8")
    client = json.loads(text)
    jsonschema.Draft202012Validator(SCHEMA).validate(client)
    assert client["client"] == path.stem
    assert list(client["locales"]) == sorted(client["locales"])
    assert json.dumps(client, ensure_ascii=False, indent=2) + "\n" == text
    keys = [key for key in SCHEMA["properties"] if key in client]
    assert list(client) == keys


def test_prose_is_nfc_and_sources_resolve() -> None:
    for name, client, row in rows():
        for text in (client["name"], *client["sources"].values(), row.get("note", "")):
            assert unicodedata.is_normalized("NFC", text), name
        assert set(row["source"]) <= set(client["sources"]), name


def test_row_names_the_author_or_says_why_not() -> None:
    for name, _, row in rows():
        assert row["labels"].get("from") or row.get("attributions") or row.get("note"), name


def test_client_without_rows_says_why() -> None:
    for client in CLIENTS.values():
        assert client["locales"] or client.get("note"), client["client"]


def test_label_of_two_fields_in_a_row_stands_below_a_separator_the_author_first() -> None:
    for name, client, row in rows():
        seen: dict[str, str] = {}
        for field in ONE_FIELD:
            for label in row["labels"].get(field, ()):
                if seen.setdefault(fold_label(label), field) != field:
                    order = row.get("order", client["order"])
                    assert row.get("separators") or row.get("reply_separators"), (name, label)
                    assert seen[fold_label(label)] == "from", (name, label)
                    assert order.index("from") < order.index(field), (name, label)


def test_labelled_fields_have_a_place_in_the_order() -> None:
    for name, client, row in rows():
        order = [field.rstrip("?") for field in row.get("order", client["order"])]
        if order and "from" in row["labels"]:
            # aosp-email writes no date and yandex no block; a field that is never written needs no label either.
            assert {field for field in ONE_FIELD if field in row["labels"]} <= set(order) | {"date"}, name


def test_separator_stands_once_and_on_one_side() -> None:
    for name, _, row in rows():
        forward, reply = row.get("separators", []), row.get("reply_separators", [])
        assert len({*forward, *reply}) == len(forward) + len(reply), name


def test_no_wording_means_forward_in_one_row_and_reply_in_another() -> None:
    sides: dict[str, set[str]] = {}
    for _, _, row in rows():
        for side in ("separators", "reply_separators"):
            for text in row.get(side, ()):
                sides.setdefault(fold_separator(text), set()).add(side)
    assert [core for core, found in sides.items() if len(found) > 1] == []


def test_separators_have_words_or_are_known_rules() -> None:
    for name, client, row in rows():
        for text in row.get("separators", ()):
            assert any(char.isalpha() for char in text), (name, text)
        for text in row.get("reply_separators", ()):
            assert any(char.isalpha() for char in text) or set(text) == {"_"}, (name, text)
        for text in row.get("ends", ()):
            assert fold_separator(text) or client["layout"].get("rule_ends"), (name, text)


def test_slots_are_parted_by_text() -> None:
    for name, _, row in rows():
        for key in TEMPLATES:
            for text in row.get(key, ()):
                assert "}{" not in text, (name, text)
        for key in ("attributions", "reply_attributions"):
            for text in row.get(key, ()):
                assert "{" in text and fold(text), (name, text)


def test_catalogue_compiles() -> None:
    compiled = compile_catalogue(CLIENTS.values(), SUBJECTS)
    assert len({row.writer for row in compiled.rows}) == sum(1 for _ in rows())
    assert compiled.writers(compiled.all_rows) == tuple(dict.fromkeys(row.writer for row in compiled.rows))


def test_labels_in_english_and_in_a_rows_language_are_not_mixed_in_one_block() -> None:
    """R7 asks for labels in one language; a row that has both in two fields says which stand together."""
    english = {
        (field, label)
        for _, client, row in rows()
        for field in ("from", "to", "date", "subject")
        for label in row["labels"].get(field, ())
        if row is client["locales"].get("en")
    }
    for name, _, row in rows():
        both = [
            field
            for field, texts in row["labels"].items()
            if 0 < sum((field, text) in english for text in texts) < len(texts)
        ]
        if not name.partition(" ")[2].startswith("en") and len(both) > 1:
            assert row.get("labels_by_version"), (name, both)


def test_subject_prefixes_are_folded_sorted_and_on_one_side() -> None:
    for side in ("forward", "reply"):
        prefixes = SUBJECTS[side]
        assert list(prefixes) == sorted(prefixes)
        for prefix, known in prefixes.items():
            assert prefix == fold_prefix(prefix) and known, prefix
    both = set(SUBJECTS["forward"]) & set(SUBJECTS["reply"])
    assert both <= set(SUBJECTS["ambiguous"])


def test_prefixes_of_rows_are_in_the_list() -> None:
    for name, _, row in rows():
        for prefix in row.get("subject_prefixes", ()):
            assert fold_prefix(prefix) in SUBJECTS["forward"] or fold_prefix(prefix) in SUBJECTS["ambiguous"], name


def test_each_shipped_locale_has_a_row_or_is_known_to_need_none() -> None:
    listed = json.loads((DATA.parents[2] / "docs" / "shipped-locales.json").read_text("utf-8"))["clients"]
    assert list(listed) == [name for name, client in CLIENTS.items() if client["kind"] == "open"]
    for name, entry in listed.items():
        rows_of_client = set(CLIENTS[name]["locales"])
        beside = [*entry.get("english", "").split(), *entry.get("like", ())]
        assert sorted([*rows_of_client, *beside]) == entry["locales"].split(), name
        assert set(entry.get("like", {}).values()) <= rows_of_client, name
        assert entry["source"], name


def test_the_largest_clients_have_a_row_for_each_of_the_most_used_languages() -> None:
    spec = importlib.util.spec_from_file_location("language_gaps", DATA.parents[2] / "tools" / "language_gaps.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    gaps = module.gaps()
    assert {client for client, missing in gaps.items() if not missing} >= {
        "gmail-web", "outlook-desktop", "outlook-web", "outlook-ios", "apple-mail-macos", "apple-mail-ios",
        "thunderbird", "k9-mail", "roundcube", "horde-imp",
    }  # fmt: skip
