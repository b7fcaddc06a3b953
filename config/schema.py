"""The JSON Schemas by which editors complete and check the three kinds of file. `python -m config.schema` rewrites them."""

import json
from collections.abc import Mapping
from pathlib import Path

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from config.base import Model
from config.channel import AppriseChannel, Smtp, WebhookChannel
from config.portal import Portal
from config.settings import Http, Settings
from config.shipped import SHIPPED_SCHEMAS
from config.watch import Watches

FILES: Mapping[str, type[Model]] = {"canhbao": Settings, "watches": Watches, "portal": Portal}
FILE_KEYS: Mapping[type, tuple[str, ...]] = {
    Settings: ("database",),
    Http: ("proxy",),
    Portal: ("proxy",),
    Smtp: ("password",),
    WebhookChannel: ("url", "secret"),
    AppriseChannel: ("url",),
}
"""Keys that may be given as `<key>_file`: `config.secrets.SECRET_KEYS`, seen from the models."""
REFERENCE: JsonSchemaValue = {"type": "string", "pattern": r"\$\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\}"}


class _AsTyped(GenerateJsonSchema):
    """Describes what stands in the file, where pydantic describes what the models take: `${…}` for any value, `*_file` for secrets."""

    def int_schema(self, schema: core_schema.IntSchema) -> JsonSchemaValue:
        return _or_reference(super().int_schema(schema))

    def float_schema(self, schema: core_schema.FloatSchema) -> JsonSchemaValue:
        return _or_reference(super().float_schema(schema))

    def bool_schema(self, schema: core_schema.BoolSchema) -> JsonSchemaValue:
        return _or_reference(super().bool_schema(schema))

    def url_schema(self, schema: core_schema.UrlSchema) -> JsonSchemaValue:
        return _or_reference(super().url_schema(schema))

    def literal_schema(self, schema: core_schema.LiteralSchema) -> JsonSchemaValue:
        chosen = super().literal_schema(schema)
        return _or_reference(chosen) if len(schema["expected"]) > 1 else chosen

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        block = super().dict_schema(schema)
        return block | {"additionalProperties": False} if "patternProperties" in block else block

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        return _with_file_keys(super().model_schema(schema), FILE_KEYS.get(schema["cls"], ()))


def schemas() -> dict[Path, str]:
    """File to content."""
    return {SHIPPED_SCHEMAS / f"{name}.schema.json": _text(name, model) for name, model in FILES.items()}


def _text(name: str, model: type[Model]) -> str:
    schema = model.model_json_schema(by_alias=True, schema_generator=_AsTyped)
    head = {"$schema": GenerateJsonSchema.schema_dialect, "title": f"canhbao: {name}"}
    return json.dumps(head | {key: value for key, value in schema.items() if key != "title"}, ensure_ascii=False, indent=2) + "\n"


def _or_reference(schema: JsonSchemaValue) -> JsonSchemaValue:
    return {"anyOf": [schema, REFERENCE]}


def _with_file_keys(block: JsonSchemaValue, keys: tuple[str, ...]) -> JsonSchemaValue:
    """Each key of `keys` or its `<key>_file`; where one of the two is required, either will do."""
    properties, required, either = dict(block.get("properties", {})), list(block.get("required", [])), []
    for key in keys:
        properties[f"{key}_file"] = {"type": "string", "description": f"A file that holds the {key}, instead of `{key}`."}
        if key in required:
            required.remove(key)
            either.append({"oneOf": [{"required": [key]}, {"required": [f"{key}_file"]}]})
    changed = {"properties": properties, "required": required, "allOf": either}
    return block | {key: value for key, value in changed.items() if value or key in block}


if __name__ == "__main__":
    SHIPPED_SCHEMAS.mkdir(exist_ok=True)
    for path, text in schemas().items():
        path.write_text(text, encoding="utf-8")
