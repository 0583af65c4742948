"""Job type ``tokenize``: read one split of one language, check that it is the data meant, turn it into features."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from intermezzo.digests import file_digest
from intermezzo.errors import JobError
from intermezzo.jobs.tools import Cost, Tools
from intermezzo.jobs.work import Work
from intermezzo.tasks import kinds, read
from intermezzo.tasks.examples import Example, from_json, to_json
from intermezzo.tasks.features import Features

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


@dataclass(frozen=True)
class Tokenized:
    """What the artifact of a ``tokenize`` job holds."""

    features: Features
    pad: int
    mask: int | None
    special: frozenset[int]
    vocabulary: int


def capped(items: int, cap: int | None) -> list[int]:
    """Positions that a cap leaves: evenly spaced, the same in every language of a parallel set of equal length."""
    if cap is None or items <= cap:
        return list(range(items))
    return [i * items // cap for i in range(cap)]


def settings_of(meaning: Mapping[str, Any]) -> kinds.Settings:
    """How a kind turns examples into features."""
    return kinds.Settings(
        labels=tuple(meaning["labels"]),
        max_length=meaning["max_length"],
        stride=meaning["stride"],
        prefix=meaning["prefix"],
        training=meaning["training"],
        impossible=meaning["impossible"],
    )


def run(job: Work, inputs: Mapping[str, Path], out: Path, partial: Path, tools: Tools) -> Cost:
    """Writes ``features.safetensors``, ``meta.json`` and, unless for training only, ``examples.jsonl``."""
    from safetensors.numpy import save_file

    meaning, context = job.meaning, job.context
    split = read(context["task"], context["split"], context["language"], context["root"])
    if split.digest != meaning["data"]:
        raise JobError(
            f"the data of {split.task} {split.split} {split.language} changed after the study was planned "
            f"({', '.join(str(file) for file in split.files) or 'generated'}); plan and run again"
        )
    before = {file: file_digest(file) for file in split.files}
    examples = [split.examples[i] for i in capped(len(split.examples), meaning["cap"])]
    tokenizer = _tokenizer(str(context["encoder"]))
    features = kinds.get(meaning["kind"]).features(examples, tokenizer, settings_of(meaning))
    save_file({name: np.ascontiguousarray(a) for name, a in features.arrays.items()}, out / "features.safetensors")
    if not meaning["training"]:
        with open(out / "examples.jsonl", "w", encoding="utf-8", errors="surrogatepass", newline="\n") as handle:
            for example in examples:
                handle.write(json.dumps(to_json(example), ensure_ascii=False) + "\n")
    meta = {
        "kind": meaning["kind"],
        "task": split.task,
        "split": split.split,
        "language": split.language,
        "files": [file.name for file in split.files],
        "rows_read": split.rows,
        "examples": features.examples,
        "rows": features.rows,
        "pieces": features.pieces,
        "cut": dict(features.cut),
        "repaired": dict(split.repaired),
        "dropped": dict(split.dropped),
        "pad": tokenizer.pad_token_id,
        "mask": tokenizer.mask_token_id,
        "special": sorted(tokenizer.all_special_ids),
        "vocabulary": len(tokenizer),
    }
    (out / "meta.json").write_text(json.dumps(meta, ensure_ascii=False, sort_keys=True, indent=1), encoding="utf-8")
    if {file: file_digest(file) for file in split.files} != before:
        raise JobError(f"the data of {split.task} {split.split} {split.language} changed while they were read")
    tools.progress(features.examples, features.examples)
    return Cost(examples=features.examples)


@lru_cache(maxsize=2)
def _tokenizer(folder: str) -> PreTrainedTokenizerBase:
    from intermezzo.encoders.load import load_tokenizer

    tokenizer: PreTrainedTokenizerBase = load_tokenizer(Path(folder))
    return tokenizer


def load(folder: Path) -> Tokenized:
    """Read the features of a ``tokenize`` artifact."""
    from safetensors.numpy import load_file

    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    features = Features(meta["kind"], load_file(folder / "features.safetensors"), meta["cut"])
    return Tokenized(features, meta["pad"], meta["mask"], frozenset(meta["special"]), meta["vocabulary"])


def load_examples(folder: Path) -> Sequence[Example]:
    """Read the examples of a ``tokenize`` artifact that was made for evaluation."""
    kind = json.loads((folder / "meta.json").read_text(encoding="utf-8"))["kind"]
    with open(folder / "examples.jsonl", encoding="utf-8", errors="surrogatepass") as handle:
        return [from_json(kind, json.loads(line)) for line in handle]
