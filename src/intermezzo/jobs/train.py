"""Job type ``train``: one phase or target training on one encoder, from pretrained weights or a parent's."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from intermezzo import metrics
from intermezzo.encoders import compact, delta
from intermezzo.encoders.load import load_encoder
from intermezzo.encoders.lora import add_lora, merge_lora
from intermezzo.encoders.network import HeadSpec, Network
from intermezzo.jobs import tokenize
from intermezzo.jobs.tools import Cost, Tools
from intermezzo.jobs.work import Work
from intermezzo.tasks import kinds
from intermezzo.training import order
from intermezzo.training.batches import Masking, join
from intermezzo.training.loop import Mixture, Run, train
from intermezzo.training.predict import outputs


def heads_of(meaning: Mapping[str, Any]) -> list[HeadSpec]:
    """One head a member, in the order of the mixture."""
    return [HeadSpec(member["kind"], member["outputs"]) for member in meaning["members"]]


def run(job: Work, inputs: Mapping[str, Path], out: Path, partial: Path, tools: Tools) -> Cost:
    """Writes ``weights.safetensors`` (what differs from the pretrained encoder, and the heads) and ``training.json``."""
    meaning, members, seed = job.meaning, job.meaning["members"], job.meaning["seed"]
    folder = Path(job.context["encoder"])
    data = {name: tokenize.load(path) for name, path in inputs.items() if name != "parent"}
    any_data = next(iter(data.values()))
    tied = any(member["kind"] == "mlm" for member in members)

    network = Network(load_encoder(folder, dropout=meaning["recipe"]["dropout"]), meaning["pooling"], heads_of(meaning))
    for number in range(len(members)):
        network.reset_head(number, order.torch_seed(seed, order.HEAD, number))
    before = delta.load_into(network, inputs["parent"] / "weights.safetensors") if "parent" in inputs else None
    rows, rows_map, full = None, None, None
    if not tied:
        touched = [np.unique(tokens.features.arrays["ids"]) for tokens in data.values()]
        rows = np.unique(np.concatenate([*touched, _kept(any_data), *([] if before is None else [before])]))
        full = compact.word_matrix(network)
        rows_map = compact.compact(network, rows)
    if meaning["recipe"]["lora"] is not None:
        add_lora(network, **meaning["recipe"]["lora"])
    network.to(tools.device)

    pad = any_data.pad
    features = [join([data[name].features for name in member["train"]]) for member in members]
    this = Run(
        recipe=dict(meaning["recipe"]),
        steps=meaning["steps"],
        seed=seed,
        pad=pad,
        rows_map=rows_map,
        masking=_masking(any_data) if tied else None,
        device=tools.device,
    )
    progress = train(
        network,
        Mixture(features, [member["share"] for member in members]),
        this,
        partial,
        look=_look(meaning, inputs, data, this),
        progress_to=tools.progress,
        should_stop=tools.should_stop,
    )
    network.to("cpu")
    if meaning["recipe"]["lora"] is not None:
        merge_lora(network)
    if rows is not None and full is not None:
        compact.expand(network, full, rows)
    delta.save(out / "weights.safetensors", network, folder, rows)
    report = {
        "steps": progress.step,
        "losses": progress.losses,
        "looks": progress.looks,
        "best_step": progress.best_step,
        "members": [f.examples for f in features],
    }
    (out / "training.json").write_text(json.dumps(report, allow_nan=False), encoding="utf-8")
    batch = meaning["recipe"]["batch_size"] * meaning["recipe"]["accumulate"]
    pieces = sum(f.pieces for f in features) / max(1, sum(f.examples for f in features))
    parameters = sum(p.numel() for p in network.parameters()) - network.word_embedding.weight.numel()
    examples = progress.step * batch
    return Cost(examples=examples, steps=progress.step, flops=6.0 * parameters * pieces * examples)


def _kept(tokens: tokenize.Tokenized) -> np.ndarray[Any, Any]:
    """Rows that every compact embedding keeps: the special pieces, padding among them."""
    return np.array(sorted({*tokens.special, tokens.pad}), dtype=np.int64)


def _masking(tokens: tokenize.Tokenized) -> Masking | None:
    if tokens.mask is None:
        return None
    return Masking(tokens.mask, tokens.special, tokens.vocabulary)


def _look(
    meaning: Mapping[str, Any], inputs: Mapping[str, Path], data: Mapping[str, tokenize.Tokenized], this: Run
) -> Callable[[Network], float] | None:
    """The score early stopping goes by: the mean over members and languages of their metric on dev, in percent."""
    if meaning["recipe"]["early_stopping"] is None:
        return None
    examples = {name: tokenize.load_examples(inputs[name]) for m in meaning["members"] for name in m["dev"]}

    def look(network: Network) -> float:
        found = []
        for number, member in enumerate(meaning["members"]):
            settings = kinds.Settings(
                labels=tuple(member["labels"]), max_length=0, stride=0, impossible=bool(member.get("impossible"))
            )
            for name in member["dev"]:
                got = outputs(
                    network,
                    data[name].features,
                    number,
                    pad=this.pad,
                    rows_map=this.rows_map,
                    device=this.device,
                    precision=this.recipe["precision"],
                    masking=this.masking,
                )
                predictions = kinds.get(member["kind"]).decode(examples[name], data[name].features, got, settings)
                value = metrics.compute(member["kind"], member["metric"], predictions, member["labels"])
                found.append(value)
        return sum(found) / len(found)

    return look
