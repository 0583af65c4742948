"""From a YAML document to checked forms, with every fault as a ``Problem`` at its line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from intermezzo.errors import Problem, nearest
from intermezzo.study import schema
from intermezzo.study.forms import Form, StudyName
from intermezzo.study.yaml import Document, Key


@dataclass
class Parsed:
    """The parts of a study file that are well formed, each with its path; what is not is in ``problems``."""

    problems: list[Problem] = field(default_factory=list)
    name: str = ""
    encoders: list[tuple[Key, str | schema.LadderForm | schema.EncoderForm]] = field(default_factory=list)
    routes: dict[str, list[Any] | schema.RouteForm] = field(default_factory=dict)
    targets: list[tuple[Key, str | schema.TargetForm]] = field(default_factory=list)
    tasks: dict[str, schema.LocalTaskForm | schema.OverrideForm] = field(default_factory=dict)
    broken_tasks: frozenset[str] = frozenset()
    seeds: list[int] = field(default_factory=list)
    recipes: schema.RecipesForm = field(default_factory=schema.RecipesForm)
    limits: schema.LimitsForm = field(default_factory=schema.LimitsForm)
    analysis: schema.AnalysisForm = field(default_factory=schema.AnalysisForm)


def parse(document: Document) -> Parsed:
    """Check the form of a whole study. Never raises for faults of the study: they are in ``problems``."""
    value = _with_source_text(document)
    parsed = Parsed()
    try:
        schema.StudyForm.model_validate(value)
    except ValidationError as error:
        parsed.problems.extend(problems_of(error, document, schema.StudyForm))
    # Part by part, so that names and files can be checked although another part is broken.
    name = _part(StudyName, value.get("name"))
    parsed.name = name or ""
    parsed.encoders = [
        (("encoders", i), item)
        for i, raw in enumerate(_list(value.get("encoders")))
        if (item := _part(schema.EncoderItem, raw)) is not None
    ]
    parsed.targets = [
        (("targets", i), item)
        for i, raw in enumerate(_list(value.get("targets")))
        if (item := _part(schema.TargetItem, raw)) is not None
    ]
    for name, raw in _mapping(value.get("routes")).items():
        route = _part(schema.RouteItem, raw)
        if name != "direct":
            if route is not None:
                parsed.routes[name] = route
        elif raw not in ([], {"phases": []}):
            what = "the route 'direct' must be empty, because it is the baseline"
            parsed.problems.append(document.problem(("routes", "direct"), what, allowed="direct: []"))
    tasks = _mapping(value.get("tasks"))
    parsed.tasks = {name: item for name, raw in tasks.items() if (item := _part(schema.TaskItem, raw)) is not None}
    parsed.broken_tasks = frozenset(tasks) - frozenset(parsed.tasks)
    parsed.seeds = _part(list[int], value.get("seeds")) or []
    parsed.recipes = _part(schema.RecipesForm, value.get("recipes")) or parsed.recipes
    parsed.limits = _part(schema.LimitsForm, value.get("limits")) or parsed.limits
    parsed.analysis = _part(schema.AnalysisForm, value.get("analysis")) or parsed.analysis
    return parsed


_MOST = 1000  # faults that are put into words; a file of nothing but faults must not take long
_ADAPTERS: dict[int, TypeAdapter[Any]] = {}


def _part(form: Any, value: Any) -> Any:
    """The value as the form, or None when it does not fit."""
    adapter = _ADAPTERS.get(id(form))
    if adapter is None:
        adapter = _ADAPTERS[id(form)] = TypeAdapter(form)
    try:
        return adapter.validate_python(value)
    except ValidationError:
        return None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _with_source_text(document: Document) -> dict[str, Any]:
    """Labels and revisions as they are written: ``0``, ``01``, ``true`` and ``1e5`` are names there, not values."""
    value = dict(document.value)
    tasks = {}
    for name, task in _mapping(value.get("tasks")).items():
        if isinstance(task, dict) and isinstance(task.get("labels"), list):
            path: Key = ("tasks", name, "labels")
            task = {**task, "labels": [_source(document, (*path, i), raw) for i, raw in enumerate(task["labels"])]}
        tasks[name] = task
    if tasks:
        value["tasks"] = tasks
    encoders = _list(value.get("encoders"))
    if encoders:
        value["encoders"] = [
            {**item, "revision": _source(document, ("encoders", i, "revision"), item["revision"])}
            if isinstance(item, dict) and "revision" in item
            else item
            for i, item in enumerate(encoders)
        ]
    return value


def _source(document: Document, path: Key, value: Any) -> Any:
    return document.source.get(path, value) if isinstance(value, (bool, int, float)) else value


# --- wording -----------------------------------------------------------------------------------------------------


def problems_of(error: ValidationError, document: Document, form: type[Form]) -> list[Problem]:
    """Each fault of validating ``form``, as a problem with line, field, what is allowed and the nearest spelling."""
    found: list[Problem] = []
    for detail in error.errors(include_url=False)[:_MOST]:
        path = _path(detail["loc"])
        context: dict[str, Any] = dict(detail.get("ctx") or {})
        near: str | None = None
        if detail["type"] == "fault":
            what, allowed = str(context["what"]), context["allowed"]
            path = (*path, *context["at"])
        elif detail["type"] == "shape":
            what, allowed = f"{_is(detail['input'])} cannot stand here", detail["msg"]
        elif detail["type"] == "extra_forbidden":
            keys = list(schema.keys_of(_form_at(form, detail["loc"][:-1])))
            what, allowed, near = "unknown key", ", ".join(keys), nearest(str(path[-1]), keys)
        elif detail["type"] == "literal_error":
            options = _options(str(context["expected"]))
            what, allowed = f"{_short(detail['input'])} is not known here", ", ".join(options)
            near = nearest(detail["input"], options) if isinstance(detail["input"], str) else None
        else:
            what, allowed = _wording(detail, context)
        found.append(document.problem(path, what, allowed=allowed, near=near))
    return found


def _path(loc: tuple[int | str, ...]) -> Key:
    """A pydantic location without the marks of unions; positions and keys only."""
    return tuple(part for part in loc if part not in schema.MARKS)


def _form_at(form: type[Form], loc: tuple[int | str, ...]) -> type[Form]:
    """The form whose keys were expected at a location: follows fields, and the marks that unions leave."""
    for part in loc:
        if part in schema.FORM_OF_TAG:
            form = schema.FORM_OF_TAG[str(part)]
        elif isinstance(part, str) and part in form.model_fields:
            inner = _first_form(form.model_fields[part].annotation)
            form = inner or form
    return form


def _first_form(annotation: Any) -> type[Form] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation if issubclass(annotation, Form) else None
    return next((form for part in get_args(annotation) if (form := _first_form(part)) is not None), None)


def _options(expected: str) -> list[str]:
    """pydantic's ``'a', 'b' or 'c'`` as a list."""
    return [part.strip().strip("'") for part in expected.replace(" or ", ", ").split(",")]


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _is(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return f"the word {str(value).lower()}"
        case int() | float():
            return f"the number {value}"[:60]
        case str():
            return f"the text {_short(value)}"
        case list():
            return "a list"
    return "a mapping"


_Words = Callable[[Any, dict[str, Any]], tuple[str, str | None]]


def _must(what: str) -> _Words:
    return lambda value, _: (f"must be {what}, not {_is(value)}", None)


def _text(value: Any, _: dict[str, Any]) -> tuple[str, str | None]:
    quoted = isinstance(value, (bool, int, float))
    return f"must be text, not {_is(value)}", "text; put it in quotes" if quoted else None


def _bound(words: str, key: str) -> _Words:
    return lambda value, context: (f"{_short(value)} is out of bounds", f"{words} {context[key]}")


_WORDING: dict[str, _Words] = {
    "missing": lambda _v, _c: ("is missing", None),
    "string_type": _text,
    "int_type": _must("a whole number"),
    "int_from_float": _must("a whole number"),
    "float_type": _must("a number"),
    "bool_type": _must("true or false"),
    "list_type": _must("a list"),
    "dict_type": _must("a mapping"),
    "model_type": _must("a mapping"),
    "finite_number": _must("a finite number"),
    "greater_than": _bound("above", "gt"),
    "greater_than_equal": _bound("at least", "ge"),
    "less_than": _bound("below", "lt"),
    "less_than_equal": _bound("at most", "le"),
    "string_pattern_mismatch": lambda value, _c: (
        f"{_short(value)} is refused",
        "letters, digits and the characters . _ -, not starting with a dot",
    ),
    "too_short": lambda _v, _c: ("must not be empty", None),
    "string_too_short": lambda _v, _c: ("must not be empty", None),
    "too_long": lambda _v, context: ("has too many entries", f"at most {context['max_length']}"),
    "string_too_long": lambda _v, context: ("is too long", f"at most {context['max_length']} characters"),
}


def _wording(detail: ErrorDetails, context: dict[str, Any]) -> tuple[str, str | None]:
    words = _WORDING.get(detail["type"])
    if words is None:
        return f"{_short(detail['input'])}: {detail['msg'][:1].lower()}{detail['msg'][1:]}", None
    return words(detail["input"], context)
