"""The JSON Schema for editors is the one that the models give, and knows every key."""

from __future__ import annotations

import json
from typing import Any

from intermezzo.study import study_schema
from intermezzo.study.recipe import Recipe
from intermezzo.study.schema_json import schema_text, shipped_schema


def test_the_shipped_schema_is_up_to_date() -> None:
    assert shipped_schema() == schema_text(), "write schema_text() to src/intermezzo/data/study.schema.json"


def test_every_mapping_is_closed_and_recipes_are_complete() -> None:
    schema = study_schema()
    assert json.loads(shipped_schema()) == schema
    definitions: dict[str, Any] = schema["$defs"]
    assert all(part["additionalProperties"] is False for part in (schema, *definitions.values()))
    assert set(definitions["RecipeForm"]["properties"]) == set(Recipe.__dataclass_fields__)
    assert set(schema["required"]) == {"intermezzo", "name", "encoders", "targets", "seeds"}
    assert set(definitions["SplitForm"]["properties"]) == {"from", "rows", "without"}


def test_defaults_of_the_form_are_those_of_the_recipe() -> None:
    properties = study_schema()["$defs"]["RecipeForm"]["properties"]
    for name, value in Recipe().as_dict().items():
        assert properties[name]["default"] == value, name
