"""The committed JSON Schemas: current, and at one with the loader."""

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from config.schema import schemas
from config.shipped import SHIPPED, SHIPPED_NATIONAL, SHIPPED_PORTAL_EXAMPLE, SHIPPED_PORTALS, SHIPPED_SCHEMAS, SHIPPED_WATCHES

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


def fits(value: Any, schema: dict[str, Any], root: dict[str, Any]) -> bool:
    """Whether `value` is valid, for the part of JSON Schema that ours use (any other keyword fails the test below)."""
    if "$ref" in schema:
        return fits(value, root["$defs"][schema["$ref"].rpartition("/")[2]], root)
    checks = [KEYWORDS[keyword](value, schema, root) for keyword in schema if keyword in KEYWORDS]
    return all(checks)


def is_of_type(value, schema, root):
    wanted = schema["type"]
    if wanted in ("number", "integer"):
        return not isinstance(value, bool) and isinstance(value, int if wanted == "integer" else (int, float))
    return isinstance(value, TYPES[wanted])


def has_known_properties(value, schema, root):
    return not isinstance(value, dict) or all(fits(value[key], part, root) for key, part in schema["properties"].items() if key in value)


def has_fitting_properties(value, schema, root):
    rules = schema["patternProperties"].items()
    return all(fits(part, rule, root) for pattern, rule in rules for key, part in value.items() if re.search(pattern, key))


def has_no_others(value, schema, root):
    patterns = schema.get("patternProperties", {})
    return not isinstance(value, dict) or all(
        key in schema.get("properties", {}) or any(re.search(pattern, key) for pattern in patterns) for key in value
    )


KEYWORDS: dict[str, Any] = {
    "type": is_of_type,
    "properties": has_known_properties,
    "patternProperties": has_fitting_properties,
    "additionalProperties": has_no_others,  # we only ever say false
    "const": lambda value, schema, root: value == schema["const"],
    "enum": lambda value, schema, root: value in schema["enum"],
    "required": lambda value, schema, root: not isinstance(value, dict) or set(schema["required"]) <= set(value),
    "anyOf": lambda value, schema, root: any(fits(value, part, root) for part in schema["anyOf"]),
    "oneOf": lambda value, schema, root: sum(fits(value, part, root) for part in schema["oneOf"]) == 1,
    "allOf": lambda value, schema, root: all(fits(value, part, root) for part in schema["allOf"]),
    "items": lambda value, schema, root: not isinstance(value, list) or all(fits(item, schema["items"], root) for item in value),
    "pattern": lambda value, schema, root: not isinstance(value, str) or re.search(schema["pattern"], value) is not None,
    "minItems": lambda value, schema, root: len(value) >= schema["minItems"],
    "minProperties": lambda value, schema, root: len(value) >= schema["minProperties"],
    "minLength": lambda value, schema, root: not isinstance(value, str) or len(value) >= schema["minLength"],
    "maxLength": lambda value, schema, root: not isinstance(value, str) or len(value) <= schema["maxLength"],
    "minimum": lambda value, schema, root: isinstance(value, str) or value >= schema["minimum"],
    "maximum": lambda value, schema, root: isinstance(value, str) or value <= schema["maximum"],
    "exclusiveMinimum": lambda value, schema, root: isinstance(value, str) or value > schema["exclusiveMinimum"],
}


def schema_named(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((SHIPPED_SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    return loaded


def accepts(name: str, text: str) -> bool:
    schema = schema_named(name)
    return fits(YAML(typ="safe", pure=True).load(io.StringIO(text)), schema, schema)


def test_the_committed_schemas_are_current():
    committed = {path: path.read_text(encoding="utf-8") for path in SHIPPED_SCHEMAS.iterdir()}

    assert committed == schemas(), "run: python -m config.schema"


SHIPPED_FILES = [("canhbao", SHIPPED), ("watches", SHIPPED_WATCHES), ("portal", SHIPPED_PORTAL_EXAMPLE)]
SHIPPED_FILES += [("portal", path) for folder in (SHIPPED_PORTALS, SHIPPED_NATIONAL) for path in sorted(folder.glob("*.yaml"))]


@pytest.mark.parametrize(("name", "path"), SHIPPED_FILES, ids=lambda value: value.stem if isinstance(value, Path) else "")
def test_the_schemas_accept_what_is_shipped(name, path):
    assert accepts(name, path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("canhbao", "channels: {m: {type: email, from: a@b.c, to: [a@b.c], smtp: {host: h}}}", id="alias-from"),
        pytest.param("canhbao", 'workers: "${WORKERS}"\nchannels: {l: {type: file, path: x}}', id="reference-for-a-number"),
        pytest.param(
            "canhbao",
            'channels: {m: {type: email, from: a@b.c, to: [a@b.c], smtp: {host: h, tls: "${TLS:-true}"}}}',
            id="reference-for-a-truth",
        ),
        pytest.param("canhbao", 'language: "${L}"\nchannels: {l: {type: file, path: x}}', id="reference-for-a-choice"),
        pytest.param("canhbao", "channels: {w: {type: webhook, url: 'https://h/', secret_file: x}}", id="secret-file"),
        pytest.param("canhbao", "channels: {a: {type: apprise, url_file: x}}", id="apprise-url-file"),
        pytest.param("canhbao", "database_file: x\nchannels: {l: {type: file, path: x}}", id="database-file"),
        pytest.param("watches", "watches: [{id: a, name: A, any: [b], when: {digest: ['07:00']}}]", id="digest"),
    ],
)
def test_the_schemas_accept(name, text):
    assert accepts(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("canhbao", "channels: {}", id="no-channel"),
        pytest.param("canhbao", "channels: {l: {type: file, path: x}}\nhtpp: {}", id="unknown-key"),
        pytest.param("canhbao", "channels: {l: {type: file}}", id="missing-key"),
        pytest.param("canhbao", "channels: {w: {type: webhook, url: 'https://h/'}}", id="no-secret"),
        pytest.param("canhbao", "channels: {w: {type: webhook, url: 'https://h/', secret: x, secret_file: y}}", id="secret-twice"),
        pytest.param("canhbao", "workers: many\nchannels: {l: {type: file, path: x}}", id="word-for-a-number"),
        pytest.param("watches", "watches: [{id: A b, name: A, any: [b]}]", id="id-with-a-blank"),
        pytest.param("watches", "watches: [{id: a, name: A, any: [b], quiet_hours: nights}]", id="hours"),
        pytest.param("portal", "{id: a, name: A, home: 'https://h/', sources: [{id: a, kind: fed, url: 'https://h/'}]}", id="unknown-kind"),
    ],
)
def test_the_schemas_refuse(name, text):
    assert not accepts(name, text)


ANNOTATIONS = {"$schema", "$defs", "$ref", "title", "description", "default", "examples", "format", "writeOnly", "discriminator"}


def keywords_in(schema: Any) -> set[str]:
    if isinstance(schema, list):
        return set().union(*map(keywords_in, schema))
    if not isinstance(schema, dict):
        return set()
    by_name = [part for key in ("properties", "patternProperties", "$defs") for part in schema.get(key, {}).values()]
    direct = [schema[key] for key in ("items", "anyOf", "oneOf", "allOf") if key in schema]
    return set(schema).union(*map(keywords_in, [*by_name, *direct]))


@pytest.mark.parametrize("name", ["canhbao", "watches", "portal"])
def test_the_judge_above_knows_every_keyword(name):
    assert keywords_in(schema_named(name)) <= KEYWORDS.keys() | ANNOTATIONS
