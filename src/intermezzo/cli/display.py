"""What a person sees: the plan as a table, progress of a run, the parts of an identity."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console

if TYPE_CHECKING:
    from intermezzo.api import Ran
    from intermezzo.execution.local import Event
    from intermezzo.graph import Graph, Job

LINE_SECONDS = 30.0
MOST_JOBS = 40


def duration(seconds: float) -> str:
    """``45 s``, ``12 min``, ``3.4 h``."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def size(count: float) -> str:
    """``12.3 MB`` and the like."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def print_plan(document: Mapping[str, Any], every: bool) -> None:
    """The plan for a person: jobs (all, or the first of those left), totals, what sharing saves."""
    jobs, totals, sharing = document["jobs"], document["totals"], document["sharing"]
    shown = [job for job in jobs if every or job["state"] != "have"]
    for job in shown if every else shown[:MOST_JOBS]:
        steps = f"{job['steps']} steps" if job["steps"] else f"{job['examples']} examples"
        print(f"{job['id'][:12]}  {job['state']:<5}{duration(job['seconds']):>8}  {steps:>15}  {job['name']}")
        print(f"{'':14}{job['why']}")
    if not every and len(shown) > MOST_JOBS:
        print(f"... and {len(shown) - MOST_JOBS} more (--all lists them)")
    kinds = Counter(job["type"] for job in jobs)
    print(f"\n{totals['jobs']} jobs ({', '.join(f'{n} {kind}' for kind, n in kinds.items())}), {totals['have']} there")
    print(
        f"left: {totals['examples']} examples, {totals['flops']:.2g} operations, about {duration(totals['seconds'])} "
        f"of one thread, {size(totals['bytes'])} (estimates)"
    )
    ours = max(1, sharing["ours_examples"])
    print(
        f"examples processed by the whole study: {ours}; by independent scripts "
        f"{sharing['independent_scripts_examples']} ({sharing['independent_scripts_examples'] / ours:.2f}x); by a "
        f"careful user who keeps checkpoints {sharing['careful_user_examples']} "
        f"({sharing['careful_user_examples'] / ours:.2f}x)"
    )
    for target, bought in document["precision_bought"]["targets"].items():
        print(f"{target}: {bought['items']} items a language settle a gain to +-{bought['half_width_points']:.1f} points")
    for warning in document["warnings"]:
        print(f"note: {warning}", file=sys.stderr)


def print_why(document: Mapping[str, Any]) -> None:
    """A job's identity field by field, then the differences to the nearest job."""
    print(f"{document['id']}  {document['name']}  ({document['state']})")
    for name, value in document["fields"].items():
        print(f"  {name} = {json.dumps(value, ensure_ascii=False)}")
    if document["nearest"] is None:
        print("the store has no other job of this type")
        return
    print(f"nearest in the store: {document['nearest']}  {document['nearest_name']}")
    for difference in document["differences"]:
        this, other = (json.dumps(difference[side], ensure_ascii=False) for side in ("this", "other"))
        print(f"  {difference['field']}: {this} here, {other} there")
        for deeper in difference.get("because", []):
            this, other = (json.dumps(deeper[side], ensure_ascii=False) for side in ("this", "other"))
            print(f"    because {deeper['field']}: {this} here, {other} there")


class RunDisplay:
    """Progress on stderr: bars on a terminal, else a line at most every 30 s."""

    def __init__(self) -> None:
        self.console = Console(stderr=True)
        self.progress: Any = None
        self.bars: dict[str, Any] = {}
        self.expected: dict[str, float] = {}
        self.done = 0.0
        self.part: dict[str, float] = {}
        self.finished = 0
        self.began = time.monotonic()
        self.spoke = time.monotonic()
        self.whole: Any = None

    def __enter__(self) -> RunDisplay:
        if self.console.is_terminal:
            from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

            self.progress = Progress(
                TextColumn("{task.description}"),
                BarColumn(bar_width=24),
                TextColumn("{task.completed:.0f}/{task.total:.0f}"),
                TimeElapsedColumn(),
                TextColumn("{task.fields[left]}"),
                console=self.console,
                transient=True,
            )
            self.progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.progress is not None:
            self.progress.stop()

    def graph(self, made: Graph, jobs: Sequence[Job]) -> None:
        """Called once the work is known."""
        self.expected = {job.id: max(job.estimate.seconds, 0.05) for job in jobs}
        for warning in made.warnings:
            self.console.print(f"note: {warning}", highlight=False, markup=False)
        if self.progress is not None and jobs:
            self.whole = self.progress.add_task("all jobs", total=len(jobs), left="")

    def event(self, event: Event) -> None:
        """One event of the executor."""
        if event.kind == "progress" and event.total:
            self.part[event.id] = event.done / event.total
        if event.kind in ("done", "had", "failed"):
            self.done += self.expected.get(event.id, 0.0)
            self.part.pop(event.id, None)
            self.finished += 1
        if event.kind in ("failed", "retry"):
            self.console.print(f"{event.kind}: {event.name}: {event.text}", highlight=False, markup=False)
        if self.progress is not None:
            self._bars(event)
        elif time.monotonic() - self.spoke >= LINE_SECONDS:
            self.spoke = time.monotonic()
            self.console.print(
                f"{self.finished} of {len(self.expected)} jobs, {self.left()}; {event.name}", highlight=False, markup=False
            )

    def left(self) -> str:
        """Time left by what has been done so far, against the estimates."""
        running = sum(share * self.expected.get(job, 0.0) for job, share in self.part.items())
        done, total = self.done + running, sum(self.expected.values())
        if done <= 0.0 or time.monotonic() - self.began < 3.0:
            return "time left not known yet"
        return f"about {duration((total - done) * (time.monotonic() - self.began) / done)} left"

    def _bars(self, event: Event) -> None:
        if event.kind == "progress" and event.total:
            if event.id not in self.bars:
                self.bars[event.id] = self.progress.add_task(event.name[:60], total=event.total, left="")
            self.progress.update(self.bars[event.id], completed=event.done)
        if event.kind in ("done", "had", "failed") and event.id in self.bars:
            self.progress.remove_task(self.bars.pop(event.id))
        if self.whole is not None:
            self.progress.update(self.whole, completed=self.finished, left=self.left())

    def sentence(self, done: Ran) -> str:
        """What happened, in one line."""
        if not done.ran and not done.failed and not done.stopped:
            return f"all done before: {done.jobs} jobs, nothing to run ({done.store})"
        failed = f", {len(done.failed)} failed" if done.failed else ""
        return f"{done.jobs} jobs: {done.ran} run now, {done.had} there before{failed} ({done.store})"
