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
    "capped": "made with training or test examples, or steps, cut by a limit",
    "seen": "on a task that the encoder saw in pretraining",
    "trained": "in a language that was trained on",
    "shared_training": "from a route that shares training data with the target",
    "floor": "at the floor",
    "ceiling": "at the ceiling",
}
NOTES = {"cut": "too long and cut", "dropped": "left out by a rule", "repaired": "repaired"}


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
    scored = [row for row in headline if row["value"] is not None]
    counted = Counter(flag for row in scored for flag in row["flags"])
    texts += [f"Scores {words}: {counted[flag]} of {len(scored)}." for flag, words in MARKS.items() if counted[flag]]
    seeds = len({cell.seed for cell in cells})
    if seeds == 1:
        texts.append("One seed: nothing here says how much another seed would change.")
    texts += _data(jobs, store)
    gone = sum(not one.present for one in jobs)
    if gone:
        texts.append(f"Jobs without an artifact in the store: {gone} of {len(jobs)}.")
    if len({cell.checkpoint for cell in cells}) == 1:
        texts.append("One checkpoint: another pretraining run of the same size may gain differently.")
    texts.append("No control (majority answer, length only, untrained encoder) is compared here; chance levels are.")
    return texts


def _missing(cells: Sequence[Cell], headline: Sequence[Mapping[str, Any]], store: Artifacts) -> list[str]:
    lost = [cell for cell in cells if not store.has(cell.score)]
    texts = [f"{_cells(len(cells))} asked for, {sum(row['value'] is not None for row in headline)} with a score."]
    if lost:
        names = Counter(f"{cell.route} on {cell.target} {cell.language}" for cell in lost)
        texts.append(f"{_cells(len(lost))} without a result ({_listed(names)}).")
    reasons: Counter[str] = Counter()
    for cell in cells:
        scores = read_scores(store, cell.score) or {}
        if scores.get("reason"):
            reasons[f"{cell.target} {cell.language}: {scores['reason']}"] += 1
    texts += [f"{_cells(number)} that cannot be scored: {reason}." for reason, number in reasons.items()]
    return texts


def _gains(found: Sequence[GainRow]) -> list[str]:
    texts = []
    empty = [row for row in found if row.gain is None]
    if empty:
        texts.append(
            f"Gains missing: {len(empty)} of {len(found)}; a mean is given only when all its languages are there."
        )
    partial = [row for row in found if row.gain is not None and "failed" in row.flags]
    if partial:
        texts.append(f"Gains that stand on fewer seeds than asked for: {len(partial)}.")
    return texts


def _data(jobs: Sequence[JobEntry], store: Artifacts) -> list[str]:
    texts = []
    for one in jobs:
        if one.type != "tokenize" or not one.present or not (store.path(one.id) / "meta.json").exists():
            continue
        meta = read_json(store, one.id, "meta.json") or {}
        where = " ".join(str(meta[name]) for name in ("task", "split", "language") if meta.get(name)) or one.name
        for kind, words in NOTES.items():
            texts += [
                f"{where}: {n} {'item' if n == 1 else 'items'} {words} ({reason})."
                for reason, n in meta.get(kind, {}).items()
                if n
            ]
    return list(dict.fromkeys(texts))


def _cells(number: int) -> str:
    return f"{number} cell" if number == 1 else f"{number} cells"


def _listed(names: Counter[str], most: int = 5) -> str:
    shown = [f"{number} {name}" for name, number in names.most_common(most)]
    return "; ".join(shown) + (f"; and {len(names) - most} more" if len(names) > most else "")
