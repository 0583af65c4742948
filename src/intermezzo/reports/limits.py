"""What failed, is missing or was cut: counted, in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from intermezzo.reports.jobs import JobEntry
from intermezzo.scores import Artifacts, Cell, read_json, read_scores

if TYPE_CHECKING:
    from intermezzo.reports.study import GainRow

MARKS = {
    "capped": "were made with training or test examples, or steps, cut by a limit",
    "seen": "touch a task that the encoder saw in pretraining",
    "trained": "are in a language that was trained on",
    "shared_training": "come from a route that shares training data with the target",
    "floor": "are at the floor",
    "ceiling": "are at the ceiling",
}
NOTES = {"cut": "did not fit and were cut", "dropped": "were left out by a rule", "repaired": "were repaired"}


def limits(
    cells: Sequence[Cell],
    table: Sequence[Mapping[str, Any]],
    found: Sequence[GainRow],
    jobs: Sequence[JobEntry],
    store: Artifacts,
) -> list[str]:
    """Sentences, the gravest first; one that says so when there is nothing to count."""
    headline = [row for row in table if row["headline"]]
    texts = [*_missing(cells, headline, store), *_gains(found)]
    counted = Counter(flag for row in headline for flag in row["flags"])
    texts += [f"{counted[flag]} of {len(headline)} scores {words}." for flag, words in MARKS.items() if counted[flag]]
    seeds = len({cell.seed for cell in cells})
    if seeds == 1:
        texts.append("One seed: nothing here says how much another seed would change.")
    texts += _data(jobs, store)
    gone = sum(not one.present for one in jobs)
    if gone:
        texts.append(f"{gone} of {len(jobs)} jobs have no artifact in the store.")
    if len({cell.checkpoint for cell in cells}) == 1:
        texts.append("One checkpoint: another pretraining run of the same size may gain differently.")
    texts.append("No control (majority answer, length only, untrained encoder) is compared here; chance levels are.")
    return texts


def _missing(cells: Sequence[Cell], headline: Sequence[Mapping[str, Any]], store: Artifacts) -> list[str]:
    lost = [cell for cell in cells if not store.has(cell.score)]
    texts = [f"{len(cells)} cells were asked for; {sum(row['value'] is not None for row in headline)} have a score."]
    if lost:
        names = Counter(f"{cell.route} on {cell.target} {cell.language}" for cell in lost)
        texts.append(f"{len(lost)} cells have no result ({_listed(names)}).")
    reasons: Counter[str] = Counter()
    for cell in cells:
        scores = read_scores(store, cell.score) or {}
        if scores.get("reason"):
            reasons[f"{cell.target} {cell.language}: {scores['reason']}"] += 1
    texts += [f"{number} cells cannot be scored: {reason}." for reason, number in reasons.items()]
    return texts


def _gains(found: Sequence[GainRow]) -> list[str]:
    texts = []
    empty = [row for row in found if row.gain is None]
    if empty:
        texts.append(
            f"{len(empty)} of {len(found)} gains are missing; a mean is given only when all its languages are there."
        )
    partial = [row for row in found if row.gain is not None and "failed" in row.flags]
    if partial:
        texts.append(f"{len(partial)} gains stand on fewer seeds than asked for.")
    return texts


def _data(jobs: Sequence[JobEntry], store: Artifacts) -> list[str]:
    texts = []
    for one in jobs:
        if one.type != "tokenize" or not one.present or not (store.path(one.id) / "meta.json").exists():
            continue
        meta = read_json(store, one.id, "meta.json") or {}
        where = " ".join(str(meta[name]) for name in ("task", "split", "language") if meta.get(name)) or one.name
        for kind, words in NOTES.items():
            texts += [f"{where}: {n} items {words} ({reason})." for reason, n in meta.get(kind, {}).items() if n]
    return list(dict.fromkeys(texts))


def _listed(names: Counter[str], most: int = 5) -> str:
    shown = [f"{number} {name}" for name, number in names.most_common(most)]
    return "; ".join(shown) + (f"; and {len(names) - most} more" if len(names) > most else "")
