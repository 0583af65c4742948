"""``intermezzo init``: a first study from a person's own files, written with comments, to be read and corrected."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from intermezzo.errors import InputError, Problem
from intermezzo.languages import ENGLISH, canonical
from intermezzo.study.guess import Guess, guess
from intermezzo.study.load import load_study
from intermezzo.study.yaml import resolve_scalar

DEFAULT_ENCODER = "intfloat/multilingual-e5-small"
NLI_LABELS = frozenset({"contradiction", "entailment", "neutral"})
METRICS = {"text": "accuracy", "pair": "accuracy", "span": "f1", "tags": "f1", "retrieval": "accuracy"}
_SPLITS = {"train": "train", "training": "train", "dev": "dev", "valid": "dev", "validation": "dev", "val": "dev"}
_OLD_WORDS = {"yes", "no", "on", "off", "y", "n"}  # booleans in YAML 1.1, which many editors still read
_SPLIT_AT_END = re.compile(rf"(^|[^A-Za-z0-9])({'|'.join(_SPLITS)}|test)$", re.IGNORECASE)
_CODE_AT_END = re.compile(r"(?:^|[^A-Za-z0-9])([A-Za-z]{2,3}([-_][A-Z][a-z]{3})?)$")


@dataclass(frozen=True)
class Found:
    """One file of the person: its split, its language (guessed from its name or not), what it holds."""

    path: Path
    split: str
    language: str
    guessed: bool
    content: Guess


def init_study(
    files: Sequence[str | Path],
    out: str | Path,
    *,
    languages: Mapping[str, str] | None = None,
    encoder: str = DEFAULT_ENCODER,
    name: str | None = None,
    data_root: str | Path | None = None,
) -> Path:
    """Write a study of the files to ``out``, which must not exist, and return its path.

    languages: file (as given, or its name) -> language, for what file names do not say. The study has the routes
    ``direct`` and ``nli``. Raises ``InputError``; then nothing is left behind.
    """
    target = Path(out)
    if target.exists() or target.is_symlink():
        raise InputError(Problem("exists already, and is never overwritten", file=str(target), allowed="a new file"))
    if not files:
        allowed = "at least one data file: intermezzo init train.tsv test.tsv"
        raise InputError(Problem("no file is named", allowed=allowed))
    found = _found([Path(file) for file in files], dict(languages or {}))
    text = _study(name or _name(target), encoder, found, Path(os.path.abspath(target)).parent)
    try:
        with open(target, "x", encoding="utf-8", newline="\n") as handle:
            handle.write(text)
    except OSError as error:
        raise InputError(Problem(f"cannot be written: {error.strerror or error}", file=str(target))) from None
    try:
        load_study(target, data_root=data_root)
    except InputError:
        target.unlink()
        raise
    return target


def _name(target: Path) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", target.stem).lstrip(".") or "my-study"


# --- what the files are --------------------------------------------------------------------------------------------


def _found(files: list[Path], languages: dict[str, str]) -> list[Found]:
    problems: list[Problem] = []
    found: list[Found] = []
    for path in files:
        try:
            content = guess(path)
            split = _split(path)
            language, guessed = _language(path, split, languages)
            found.append(Found(path, split, language, guessed, content))
        except InputError as error:
            problems.extend(error.problems)
    given = {str(path) for path in files} | {path.name for path in files}
    for key in languages:
        if key not in given:
            problems.append(Problem(f"a language is given for {key!r}, which is not among the files", field="-l"))
    kinds = sorted({(one.content.kind, one.content.format) for one in found})
    if len(kinds) > 1:
        seen = "; ".join(f"{kind} in {format}" for kind, format in kinds)
        problems.append(Problem(f"the files are of several kinds ({seen})", allowed="the files of one task at a time"))
    places: dict[tuple[str, str], Path] = {}
    for one in found:
        other = places.setdefault((one.split, one.language), one.path)
        if other != one.path:
            what = f"both {str(other)!r} and this are taken for the {one.split} split in {one.language}"
            problems.append(Problem(what, file=str(one.path), allowed="-l FILE=LANGUAGE for one of them"))
    if problems:
        raise InputError(problems)
    return found


def _split(path: Path) -> str:
    words = [word.lower() for word in re.split(r"[^A-Za-z]+", path.stem)]
    return next((_SPLITS[word] for word in words if word in _SPLITS), "test")


def _language(path: Path, split: str, languages: Mapping[str, str]) -> tuple[str, bool]:
    """The canonical language of a file, and whether that is only a guess."""
    given = languages.get(str(path), languages.get(path.name))
    if given is not None:
        return canonical(given), False
    rest = _SPLIT_AT_END.sub("", path.stem)
    # Many sets keep a folder for each language: sw/test.tsv.
    code = _CODE_AT_END.search(rest or Path(os.path.abspath(path)).parent.name)
    if code:
        try:
            return canonical(code.group(1)), True
        except InputError:
            pass
    if split == "train":
        return ENGLISH, True
    what = "the file name does not say which language this is"
    raise InputError(Problem(what, file=str(path), allowed=f"-l {path.name}=LANGUAGE, such as -l {path.name}=sw"))


# --- what is written -----------------------------------------------------------------------------------------------


def quoted(text: str) -> str:
    """Text as a YAML scalar: plain where every reader takes it for text, else in double quotes with escapes."""
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9_./-]*", text) and text.lower() not in _OLD_WORDS
    if plain and resolve_scalar(text) == text:
        return text
    made = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] if ord(c) > 255 else f"\\x{ord(c):02x}" for c in made)


def _columns(content: Guess) -> str:
    parts = [f"{role}: {at if isinstance(at, int) else quoted(at)}" for role, at in content.columns.items()]
    return "{" + ", ".join(parts) + "}"


def _files(found: list[Found], split: str, folder: Path) -> str:
    parts = [
        f"{one.language}: {quoted(os.path.relpath(os.path.abspath(one.path), folder))}"
        for one in found
        if one.split == split
    ]
    return "{" + ", ".join(parts) + "}"


def _training(found: list[Found], labels: list[str], kind: str) -> tuple[str, str]:
    """What target training reads, and the comment beside it."""
    if any(one.split == "train" for one in found):
        return "", "trained on its own train split"
    if kind == "pair" and set(labels) <= NLI_LABELS:
        return "mnli", "English inference data, because the files have no train split"
    if kind == "span":
        return "squad", "English question answering, because the files have no train split"
    if kind == "retrieval":
        return "", "measured without training"
    allowed = "a training file as well, with 'train' in its name: intermezzo init train.en.tsv test.sw.tsv"
    raise InputError(Problem(f"no file to train on (kind {kind})", file=str(found[0].path), allowed=allowed))


def _shown(path: Path) -> str:
    name = os.path.join(*Path(os.path.abspath(path)).parts[-2:])
    return name if name.isprintable() else repr(name)


def _study(name: str, encoder: str, found: list[Found], folder: Path) -> str:
    content = found[0].content
    labels = sorted({label for one in found for label in one.content.labels})
    train, why = _training(found, labels, content.kind)
    if not any(one.split in ("test", "dev") for one in found):
        raise InputError(Problem("no file to evaluate on", file=str(found[0].path), allowed="a test file as well"))
    task = [
        f"    kind: {content.kind}",
        "    role: target",
        *([f"    labels: [{', '.join(quoted(label) for label in labels)}]  # all that were found"] if labels else []),
        *(f"    {s}: {_files(found, s, folder)}" for s in ("train", "dev", "test") if any(o.split == s for o in found)),
        f"    format: {content.format}",
        *([f"    columns: {_columns(content)}"] if content.columns else []),
        *([f"    header: {str(content.header).lower()}"] if content.header is not None else []),
        f"    metric: {METRICS[content.kind]}",
    ]
    guessed = [f"#   {_shown(one.path)} -> {one.language} ({one.split})" for one in found if one.guessed]
    if guessed:
        warning = [
            "# Languages below were taken from names of files and folders, which are not to be trusted. Please check:",
            *guessed,
        ]
    else:
        warning = ["# Languages are as you gave them."]
    target = f"  - {{task: my-task, train: {train}}}" if train else "  - my-task"
    lines = [
        "# A first study, made from your files. Read it, correct it, then run: intermezzo plan on this file.",
        "intermezzo: 1",
        f"name: {quoted(name)}",
        "",
        "# Pretrained encoders: hub ids or folders. Several sizes of one family show whether size matters.",
        "encoders:",
        f"  - {quoted(encoder)}",
        "",
        "# What is trained on, in English, between pretraining and your task. 'direct' is the comparison: nothing.",
        "routes:",
        "  direct: []",
        "  nli: [mnli]",
        "",
        f"# What is evaluated ({why}).",
        "targets:",
        target,
        "",
        "# Each seed repeats everything once: more seeds, narrower intervals.",
        "seeds: [1, 2, 3]",
        "",
        *warning,
        "tasks:",
        "  my-task:",
        *task,
    ]
    return "\n".join(lines) + "\n"
