"""JSON Schema of the study file, for editors that check YAML while it is written."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from intermezzo.study.schema import StudyForm

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def study_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a study file, made from the same models that check it."""
    made = StudyForm.model_json_schema(by_alias=True, mode="validation")
    made.pop("description", None)
    return {"$schema": DRAFT, **_any_of(made), "title": "Intermezzo study"}


def _any_of(part: Any) -> Any:
    """``{task: x}`` is a member and also a mapping to text: forms are told apart by us, so any may fit."""
    if isinstance(part, dict):
        return {"anyOf" if key == "oneOf" else key: _any_of(value) for key, value in part.items()}
    return [_any_of(item) for item in part] if isinstance(part, list) else part


def schema_text() -> str:
    """The schema as the file that is shipped holds it."""
    return json.dumps(study_schema(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def shipped_schema() -> str:
    """The text of ``intermezzo/data/study.schema.json``."""
    return files("intermezzo").joinpath("data/study.schema.json").read_text(encoding="utf-8")
