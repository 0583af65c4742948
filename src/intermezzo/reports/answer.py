"""The sentences on top: what was found, what the intervals cover, what can be said about scale."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from intermezzo.page import interval, signed

if TYPE_CHECKING:
    from intermezzo.reports.study import GainRow

# Distinct sizes below which a slope over sizes has too few degrees of freedom to be told from noise.
SIZES_NEEDED = 4


def answer(means: Sequence[GainRow]) -> str:
    """One answer from the mean gains of all routes and targets."""
    if not means:
        return "There is no gain to report: the study has no route beside direct."
    known = [row for row in means if row.gain is not None]
    total = f"{len(means)} mean gain{'s' if len(means) > 1 else ''}"
    if not known:
        return f"There is no gain to report yet: scores are missing in all {total}."
    above = [row for row in known if row.ci95 is not None and row.ci95[0] > 0]
    below = [row for row in known if row.ci95 is not None and row.ci95[1] < 0]
    best = max(above or known, key=_value)
    worst = min(below or known, key=_value)
    if above:
        text = f"The largest gain that can be told from zero is {_words(best)}."
    elif below:
        text = f"No route helps measurably; the largest loss is {_words(worst)}."
    elif any(row.ci95 is not None for row in known):
        text = f"No gain is distinguishable from zero; the largest is {_words(best)}."
    else:
        text = f"No gain has an interval, so none can be told from zero; the largest is {_words(best)}."
    text += f" Of {total}, {len(above)} {_lie(above)} above zero and {len(below)} {_lie(below)} below"
    missing = len(means) - len(known)
    text += f"; {missing} {'is' if missing == 1 else 'are'} missing." if missing else "."
    told = worst if below and not above else best
    if told.flags:
        text += f" That gain is marked {', '.join(told.flags)}: see what the marks mean before relying on it."
    return text


def _value(row: GainRow) -> float:
    return row.gain if row.gain is not None else 0.0


def _lie(rows: Sequence[GainRow]) -> str:
    return "lies" if len(rows) == 1 else "lie"


def _words(row: GainRow) -> str:
    over = f"mean over {row.languages} languages" if row.languages > 1 else "one language"
    ends = interval(row.ci95)
    return (
        f"{signed(row.gain)} points {ends} from route {row.route} on {row.target} ({over}, checkpoint {row.checkpoint})"
    )


def coverage(found: Sequence[GainRow]) -> str:
    """What the intervals cover, in words."""
    kinds = {row.covers for row in found if row.gain is not None}
    if not kinds:
        return "There are no intervals on this page."
    if len(kinds) > 1:
        text = "What an interval covers differs and stands beside each: test examples, seeds, or both."
    else:
        text = {
            ("examples", "seeds"): "The 95 % intervals cover the choice of test examples and of fine-tuning seeds.",
            (
                "examples",
            ): "The 95 % intervals cover the choice of test examples only: another seed may move the gains.",
            ("seeds",): "The 95 % intervals cover fine-tuning seeds only, not the choice of test examples.",
        }.get(next(iter(kinds)), "There are no intervals on this page.")
    return (
        text + " They do not cover other pretrained checkpoints, other languages or other recipes, and each stands for"
        " itself: the largest of many is expected to look larger than it is."
    )


def verdict(parameters: Iterable[int | None]) -> str:
    """What can be said about the size of the encoder: nothing yet, and why."""
    sizes = len({count for count in parameters if count is not None})
    if sizes < SIZES_NEEDED:
        words = "one encoder size" if sizes == 1 else f"{sizes} encoder sizes"
        return (
            f"Verdict: inconclusive: needs at least {SIZES_NEEDED} sizes, and this study has {words}. "
            "Gains at fewer sizes cannot say whether the effect grows or shrinks with the size of the model."
        )
    return (
        f"Verdict: none is computed on this page. The study has {sizes} encoder sizes; whether the gain changes with "
        "size is a question for an analysis of the scores table, not for reading down a column."
    )
