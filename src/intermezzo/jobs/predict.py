"""Job type ``predict``: one model, one language of a target; one row an example.

Predictions of one model run back to back in one process, and the model stays loaded between them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from intermezzo.encoders import delta
from intermezzo.encoders.load import load_encoder
from intermezzo.encoders.network import HeadSpec, Network
from intermezzo.errors import Stopped
from intermezzo.jobs import tokenize
from intermezzo.jobs.tools import Cost, Tools
from intermezzo.jobs.work import Work
from intermezzo.tasks import kinds
from intermezzo.training.predict import outputs

_warm: dict[str, Network] = {}


def run(job: Work, inputs: Mapping[str, Path], out: Path, partial: Path, tools: Tools) -> Cost:
    """Writes ``predictions.jsonl``: ``{"i", "id", "gold", "answer", "raw"}`` a line, in the order of the examples."""
    meaning = job.meaning
    network = _network(job, inputs, tools.device)
    tokens = tokenize.load(inputs["data"])
    examples = tokenize.load_examples(inputs["data"])

    def between(done: int) -> None:
        tools.progress(done, tokens.features.rows)
        if tools.should_stop():
            raise Stopped("stopped while predicting; this language starts again")

    got = outputs(
        network,
        tokens.features,
        meaning["member"],
        pad=tokens.pad,
        rows_map=None,
        device=tools.device,
        precision=meaning["precision"],
        layer=meaning["layer"],
        between=between,
    )
    settings = kinds.Settings(
        labels=tuple(meaning["labels"]), max_length=0, stride=0, impossible=bool(meaning.get("impossible"))
    )
    rows = kinds.get(meaning["kind"]).decode(examples, tokens.features, got, settings)
    with open(out / "predictions.jsonl", "w", encoding="utf-8", errors="surrogatepass", newline="\n") as handle:
        for row in rows:
            handle.write(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n")
    parameters = sum(p.numel() for p in network.parameters()) - network.word_embedding.weight.numel()
    return Cost(examples=len(examples), flops=2.0 * parameters * tokens.features.pieces)


def _network(job: Work, inputs: Mapping[str, Path], device: str) -> Network:
    """The model of a job, kept for the next job that asks for it."""
    key = f"{job.meaning['encoder']} {job.meaning['inputs'].get('model')} {job.meaning['pooling']} {device}"
    if key not in _warm:
        _warm.clear()
        heads: list[HeadSpec] = []
        if "model" in inputs:
            heads = _heads(inputs["model"])
        network = Network(load_encoder(Path(job.context["encoder"]), dropout=None), job.meaning["pooling"], heads)
        if "model" in inputs:
            delta.load_into(network, inputs["model"] / "weights.safetensors", heads=True)
        _warm[key] = network.to(device).eval()
    return _warm[key]


def _heads(model: Path) -> list[HeadSpec]:
    manifest: dict[str, Any] = json.loads((model / "manifest.json").read_text(encoding="utf-8"))
    return [HeadSpec(member["kind"], member["outputs"]) for member in manifest["job"]["members"]]
