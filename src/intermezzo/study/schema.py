"""The study file as pydantic models: what may stand where. Meaning (known tasks, folders, ...) is checked in ``load``.

Every model is strict and forbids unknown keys; a text in quotes is no number and ``true`` is no number. Forms that
may be written in several ways (a text or a mapping) are told apart by shape, so that a fault is reported for the form
that was meant and not once for every form.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, Tag

from intermezzo.study.forms import (
    UNIQUE,
    Count,
    EntryName,
    Form,
    Label,
    Languages,
    Positive,
    RecipeForm,
    StudyName,
    TaskId,
    Text,
    distinct,
    fault,
    shape,
    whole,
)

MAX_SEED = 2**32 - 1

Layer = Annotated[
    Annotated[Literal["last"], Tag("<text>")] | Annotated[int, Field(ge=0, le=10_000), Tag("<number>")],
    shape("last, or the index of a hidden state (0 = embeddings)", text="<text>", number="<number>"),
]


class EncoderForm(Form):
    """One checkpoint: a hub id or a folder, and what is known of it."""

    id: Text
    name: EntryName | None = None
    revision: Text | None = None
    family: EntryName | None = None
    parameters: Count | None = None
    pretraining_seed: Annotated[int, Field(ge=0, le=2**62)] | None = None
    prefix: Annotated[str, StringConstraints(max_length=1000)] = ""
    pooling: Literal["mean", "cls", "max"] | None = None
    layer: Layer | None = None
    seen: Annotated[list[Text], AfterValidator(distinct)] = Field(default_factory=list)
    pretraining_corpus: Text | None = None
    recipe: RecipeForm | None = None


class LadderForm(Form):
    """All checkpoints of a ladder: a shipped name or a folder."""

    ladder: Text


EncoderItem = Annotated[
    Annotated[Text, Tag("<text>")] | Annotated[LadderForm, Tag("<ladder>")] | Annotated[EncoderForm, Tag("<encoder>")],
    shape("a hub id, a folder, {id: ...} or {ladder: ...}", text="<text>", ladder="<ladder>", other="<encoder>"),
]


def _member_text(text: str) -> str:
    task, mark, languages = text.partition("@")
    if not task or (mark and not all(part.strip() for part in languages.split(","))):
        raise fault(f"{text!r} names no task", "a task id, or task@language,language")
    return text


TaskText = Annotated[Text, AfterValidator(_member_text)]


class MemberForm(Form):
    """One task of a phase, its languages and its fixed part of the steps."""

    task: TaskText
    share: Annotated[float, Field(gt=0, lt=1)] | None = None
    languages: Languages | None = None


MemberItem = Annotated[
    Annotated[TaskText, Tag("<text>")] | Annotated[MemberForm, Tag("<member>")],
    shape("a task id or {task, share, languages}", text="<text>", other="<member>"),
]


def _shares(members: list[Any]) -> list[Any]:
    shares = [member.share if isinstance(member, MemberForm) else None for member in members]
    total, fixed = math.fsum(share for share in shares if share is not None), None not in shares
    if fixed and abs(total - 1) > 1e-9:
        raise fault(f"the shares add up to {total:g}", "shares that add up to 1, or one member without a share")
    if not fixed and total >= 1:
        raise fault(f"the shares add up to {total:g} and leave nothing for the others", "shares that add up to less")
    return members


Mixture = Annotated[list[MemberItem], Field(min_length=1, max_length=100), AfterValidator(_shares)]


def _alone(member: MemberForm) -> MemberForm:
    _shares([member])
    return member


PhaseItem = Annotated[
    Annotated[TaskText, Tag("<text>")]
    | Annotated[MemberForm, AfterValidator(_alone), Tag("<member>")]
    | Annotated[Mixture, Tag("<mixture>")],
    shape("a task id, {task, languages} or a list of them (a mixture)", "<text>", "<mixture>", other="<member>"),
]
Phases = Annotated[list[PhaseItem], Field(max_length=50)]


class RouteForm(Form):
    """The long form of a route: its phases and its own part of the recipe."""

    phases: Phases
    recipe: RecipeForm | None = None


RouteItem = Annotated[
    Annotated[Phases, Tag("<phases>")] | Annotated[RouteForm, Tag("<route>")],
    shape("a list of phases, such as [mnli], or {phases, recipe}", items="<phases>", other="<route>"),
]


Routes = Annotated[dict[EntryName, RouteItem], Field(max_length=1000)]
Files = Annotated[dict[Text, Text], Field(min_length=1)]
TrainItem = Annotated[
    Annotated[TaskText, Tag("<text>")]
    | Annotated[Mixture, Tag("<mixture>")]
    | Annotated[MemberForm, AfterValidator(_alone), Tag("<member>")]
    | Annotated[Files, Tag("<files>")],
    shape("a task id, a list of them, or {language: file}", "<text>", "<mixture>", task="<member>", other="<files>"),
]


class TargetForm(Form):
    """A task to evaluate: where, and what target training reads."""

    task: TaskText
    languages: Languages | None = None
    train: TrainItem | None = None


TargetItem = Annotated[
    Annotated[TaskText, Tag("<text>")] | Annotated[TargetForm, Tag("<target>")],
    shape("a task id or {task, languages, train}", text="<text>", other="<target>"),
]

_ONE_COLUMN = "a column's name or its number (from 0)"
Column = Annotated[
    Annotated[Text, Tag("<text>")] | Annotated[int, Field(ge=0, le=10_000), Tag("<number>")],
    shape(_ONE_COLUMN, text="<text>", number="<number>"),
]
ColumnItem = Annotated[
    Annotated[Text, Tag("<text>")]
    | Annotated[int, Field(ge=0, le=10_000), Tag("<number>")]
    | Annotated[list[Column], Field(min_length=1, max_length=100), Tag("<columns>")],
    shape(f"{_ONE_COLUMN}; for choices a list of them", text="<text>", items="<columns>", number="<number>"),
]
ColumnRole = Literal["text", "pair", "label", "tokens", "tags", "question", "context", "answers", "choices", "id"]
Columns = Annotated[dict[ColumnRole, ColumnItem], Field(min_length=1)]
Role = Literal["intermediate", "target"]
RoleItem = Annotated[
    Annotated[Role, Tag("<text>")]
    | Annotated[list[Role], Field(min_length=1), AfterValidator(distinct), Tag("<roles>")],
    shape("intermediate, target or a list of both", text="<text>", items="<roles>"),
]


Labels = Annotated[list[Label], Field(min_length=1, json_schema_extra=UNIQUE), AfterValidator(distinct)]


class LocalTaskForm(Form):
    """A task from files of one's own."""

    kind: Literal["pair", "choice", "span", "tags", "text", "retrieval", "bitext", "mlm"]
    role: RoleItem | None = None
    labels: Labels | None = None
    train: Files | None = None
    dev: Files | None = None
    test: Files | None = None
    format: Literal["tsv", "csv", "jsonl", "conll", "conllu", "parquet", "squad", "lines"]
    columns: Columns | None = None
    metric: Text | None = None
    licence: Text | None = None
    quoting: Literal["none", "csv"] | None = None
    header: bool | None = None


def _rows(text: str) -> str:
    first, mark, last = text.partition(":")
    numbers = all(not part or (part.isascii() and part.isdigit() and len(part) < 16) for part in (first, last))
    if not mark or not numbers or text == ":" or (first and last and int(first) >= int(last)):
        allowed = 'first:last, as in "0:4000" or "4000:" (counted from 0, last left out)'
        raise fault(f"{text!r} is no range of rows", allowed)
    return text


class SplitForm(Form):
    """Where a split of a catalogue task comes from instead."""

    source: Literal["train", "dev", "test"] = Field(alias="from")
    rows: Annotated[str, AfterValidator(_rows)] | None = None
    without: Annotated[list[TaskId], AfterValidator(distinct)] = Field(default_factory=list)


class OverrideForm(Form):
    """An override of a catalogue task."""

    splits: Annotated[dict[Literal["train", "dev", "test"], SplitForm], Field(min_length=1)]


TaskItem = Annotated[
    Annotated[LocalTaskForm, Tag("<local>")] | Annotated[OverrideForm, Tag("<override>")],
    shape(
        "{kind, format, test, ...}, or {splits: ...} for a catalogue task",
        kind="<local>",
        splits="<override>",
        other="<local>",
    ),
]


class PhaseRecipes(Form):
    """Parts of a recipe for all intermediate, and for all target training."""

    intermediate: RecipeForm | None = None
    target: RecipeForm | None = None


class RecipesForm(Form):
    """Parts of a recipe by level: default, then (the encoder's own), then phase, then task, then (the route's own)."""

    default: RecipeForm | None = None
    phase: PhaseRecipes | None = None
    task: dict[TaskId, RecipeForm] | None = None


class LimitsForm(Form):
    """Upper bounds that win over every recipe."""

    train_examples: Count | None = None
    eval_examples: Count | None = None
    steps: Count | None = None
    hours: Positive | None = None


class MarginsForm(Form):
    """Slopes a doubling that are too small to matter."""

    points: Positive = 0.5
    log_odds: Positive = 0.05


class LowResourceForm(Form):
    """Which languages count as low-resource: share of the pretraining corpus in GiB."""

    rule: Literal["pretraining_share"] = "pretraining_share"
    below: Positive = 0.5


class AnalysisForm(Form):
    """What is fixed before the numbers are seen."""

    margins: MarginsForm | None = None
    alpha: Annotated[float, Field(gt=0, lt=0.5)] = 0.05
    low_resource: LowResourceForm | None = None


Seed = Annotated[int, Field(ge=0, le=MAX_SEED)]
Seeds = Annotated[
    list[Seed], Field(min_length=1, max_length=10_000, json_schema_extra=UNIQUE), AfterValidator(distinct)
]


class StudyForm(Form):
    """A study file."""

    intermezzo: Annotated[Literal[1], BeforeValidator(whole)]
    name: StudyName
    encoders: Annotated[list[EncoderItem], Field(min_length=1, max_length=1000)]
    routes: Routes | None = None
    targets: Annotated[list[TargetItem], Field(min_length=1, max_length=1000)]
    seeds: Seeds
    recipes: RecipesForm | None = None
    limits: LimitsForm | None = None
    tasks: dict[TaskId, TaskItem] | None = None
    analysis: AnalysisForm | None = None


FORM_OF_TAG: dict[str, type[Form]] = {
    "<encoder>": EncoderForm,
    "<ladder>": LadderForm,
    "<member>": MemberForm,
    "<route>": RouteForm,
    "<target>": TargetForm,
    "<local>": LocalTaskForm,
    "<override>": OverrideForm,
}


MARKS = frozenset(
    {*FORM_OF_TAG, "<text>", "<number>", "<mixture>", "<phases>", "<files>", "<columns>", "<roles>", "[key]"}
)
"""What unions and keys leave in the location of a fault."""


def translated(text: str) -> tuple[str, tuple[str, ...]]:
    """``mnli@sw,yo`` -> (``mnli``, (``sw``, ``yo``)): a task and the languages into which it is machine-translated."""
    task, _, languages = text.partition("@")
    return task, tuple(part.strip() for part in languages.split(",") if part.strip())


def keys_of(form: type[Form]) -> Iterable[str]:
    """The keys that a form knows, as they are written."""
    return [info.alias or name for name, info in form.model_fields.items()]
