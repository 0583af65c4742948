"""The pieces that the forms of a study file are made of: strict models, texts, numbers, and parts of a recipe."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError


def fault(what: str, allowed: str | None = None, at: tuple[str | int, ...] = ()) -> PydanticCustomError:
    """A fault of our own wording; ``at`` is where it stands below the value that is being checked."""
    return PydanticCustomError("fault", "{what}", {"what": what, "allowed": allowed, "at": list(at)})


class Form(BaseModel):
    """Base of all forms: strict, frozen, unknown keys refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)

    def given(self) -> dict[str, Any]:
        """The keys that were written, as plain values."""
        return self.model_dump(exclude_unset=True, by_alias=True)


def shape(
    allowed: str, text: str | None = None, items: str | None = None, number: str | None = None, **keys: str
) -> Discriminator:
    """Tell forms apart: text, list, number, or a mapping by its first key found among ``keys`` (``other`` else)."""

    def tag(value: Any) -> str | None:
        if isinstance(value, int) and not isinstance(value, bool):
            return number
        if isinstance(value, str):
            return text
        if isinstance(value, list):
            return items
        if isinstance(value, BaseModel):
            value = value.model_dump(exclude_unset=True, by_alias=True)
        if isinstance(value, dict):
            return next((name for key, name in keys.items() if key in value), keys.get("other"))
        return None

    # The message is only what is allowed: a context would not be hashable, and braces would be read as its fields.
    return Discriminator(tag, custom_error_type="shape", custom_error_message=allowed)


def printable(text: str) -> str:
    if not text.strip():
        raise fault("must not be empty", "some text")
    if any(ord(char) < 32 or 127 <= ord(char) < 160 for char in text):
        raise fault("holds a control character", "printable text")
    return text


def distinct(items: list[Any]) -> list[Any]:
    seen: dict[Hashable, int] = {}
    for position, item in enumerate(items):
        if item in seen:
            raise fault(f"{item!r} stands twice", "each once", (position,))
        seen[item] = position
    return items


def _entry_name(text: str) -> str:
    if set(text) & set("=;,/\\@") or text != text.strip():
        raise fault(f"the name {text!r} is refused", "a name without the characters = ; , / \\ @ and edge blanks")
    return text


Text = Annotated[str, StringConstraints(max_length=1000), AfterValidator(printable)]
EntryName = Annotated[Text, AfterValidator(_entry_name)]
TaskId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9._-]*$", max_length=100)]
StudyName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9._-]*$", max_length=100)]
Positive = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(gt=0, le=2**62)]
Fraction = Annotated[float, Field(ge=0, lt=1)]
Label = Annotated[Text, WithJsonSchema({"type": ["string", "number", "boolean"]})]
UNIQUE: dict[str, Any] = {"uniqueItems": True}
Languages = Annotated[
    list[Text], Field(min_length=1, max_length=1000, json_schema_extra=UNIQUE), AfterValidator(distinct)
]


def whole(value: Any) -> Any:
    if type(value) is not int:  # True and 1.0 equal 1
        raise fault("must be the number 1, the version of this form", "intermezzo: 1")
    return value


def _precision(value: Any) -> Any:
    if value == "auto":
        raise fault(
            "'auto' is refused in a study, because results would depend on the machine",
            "float32, bfloat16, float16 (or 'auto' on the command line: --precision)",
        )
    return value


Precision = Annotated[Literal["float32", "bfloat16", "float16"], BeforeValidator(_precision)]


class EarlyStoppingForm(Form):
    """Look at dev every ``every`` steps, stop after ``patience`` looks without gain."""

    patience: Count
    every: Count
    metric: Text | None = None


class LoraForm(Form):
    """Low-rank adaptation."""

    rank: Count = 8
    alpha: Count = 16
    dropout: Fraction = 0.0
    layers: list[Text] = Field(default_factory=list)


class RecipeForm(Form):
    """Any part of a recipe; what is left out comes from the level before (see docs of recipes)."""

    learning_rate: Annotated[float, Field(gt=0, le=10)] = 1e-5
    schedule: Literal["linear", "constant", "cosine"] = "linear"
    warmup: Annotated[float, Field(ge=0)] = 0.1
    batch_size: Count = 32
    accumulate: Count = 1
    epochs: Positive = 3.0
    steps: Count | None = None
    max_length: Annotated[int, Field(ge=8, le=1_000_000)] = 256
    stride: Annotated[int, Field(ge=0)] = 64
    weight_decay: Annotated[float, Field(ge=0)] = 0.01
    gradient_clip: Positive = 1.0
    early_stopping: EarlyStoppingForm | None = None
    precision: Precision = "float32"
    lora: LoraForm | None = None
    temperature: Positive = 1.0
    examples_cap: Count | None = None
    dropout: Fraction | None = None
