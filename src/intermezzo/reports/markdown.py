"""The report of a study as Markdown."""

from __future__ import annotations

from intermezzo.page import count, escape, interval, plain, signed, table
from intermezzo.page.html import pretty
from intermezzo.reports.jobs import JobEntry
from intermezzo.reports.study import GainRow, Part, ReportData


def report_markdown(data: ReportData) -> str:
    """The same content as the page. Every string of the data is escaped; equal data give equal bytes."""
    blocks = [
        f"# {escape(data.study)}: does an English intermediate task help?",
        f"**{escape(data.answer)}**",
        escape(data.coverage),
        f"**Scale.** {escape(data.verdict)}",
        "## Gains by route and target",
        "Score on the route minus score on direct, in percentage points, paired on checkpoint, language and seed; "
        "mean over the languages of the target (zero-shot: without English and languages trained on), with its 95 % "
        "interval.",
        _matrix(data),
    ]
    if data.legend:
        blocks.append("\n".join(f"- {escape(flag)}: {escape(meaning)}" for flag, meaning in data.legend))
    blocks.append("## Gains by language")
    for part in data.parts:
        blocks += [f"### {escape(part.target)} ({escape(part.metric)})", _part(part, data)]
    blocks += ["## Scores", _scores(data), "## Limits", "\n".join(f"- {escape(limit)}" for limit in data.limits)]
    blocks += ["## Jobs", *(_job(one, data) for one in data.jobs)]
    return "\n\n".join(blocks) + "\n"


def _gain(row: GainRow | None) -> str:
    if row is None:
        return "not in this study"
    marks = f" ({', '.join(row.flags)})" if row.flags else ""
    return ("no gain" if row.gain is None else f"{signed(row.gain)} {interval(row.ci95)}") + marks


def _matrix(data: ReportData) -> str:
    if not data.matrix:
        return "No route other than direct was asked for, so there is nothing to compare."
    head = ["checkpoint", "route", *data.targets]
    return table(head, [[row.checkpoint, row.route, *map(_gain, row.cells)] for row in data.matrix])


def _part(part: Part, data: ReportData) -> str:
    head = "language checkpoint route direct score gain interval covers seeds n marks jobs".split()
    return table(
        head,
        [
            [
                row.language_words,
                row.checkpoint,
                row.route,
                plain(row.direct),
                plain(row.score),
                signed(row.gain),
                interval(row.ci95),
                ", ".join(row.covers) or "nothing",
                row.seeds,
                count(row.n),
                ", ".join(row.flags),
                "the rows of its languages" if row.is_mean else " ".join(map(data.short, row.jobs)),
            ]
            for row in part.rows
        ],
    )


def _scores(data: ReportData) -> str:
    head = "target language split checkpoint route seed metric version value unit n chance marks job".split()
    return table(
        head,
        [
            [
                *(row[name] for name in ("target", "language", "split", "checkpoint", "route", "seed", "metric")),
                row["metric_version"],
                plain(row["value"]),
                row["unit"],
                count(row["n"]),
                plain(row["chance"], 3),
                ", ".join(row["flags"]),
                data.short(row["job"]),
            ]
            for row in data.scores
        ],
    )


def _job(one: JobEntry, data: ReportData) -> str:
    lines = [f"### {data.short(one.id)} {escape(one.name)}", "", f"- identity: {one.id}"]
    if not one.present:
        return "\n".join([*lines, "- the store has no artifact of this job: it failed, or has not run"])
    inputs = ", ".join(f"{escape(name)} {data.short(id)}" for name, id in one.inputs)
    lines += [f"- made from: {inputs or 'files of the task'}"]
    lines += [f"- digest of {escape(name)}: {escape(value)}" for name, value in one.digests]
    lines += [f"- versions: {escape(one.versions)}", f"- cost: {escape(one.cost)}", ""]
    # Indented code shows everything as it stands, fences and markup included.
    lines += ["    " + line for line in pretty({"meaning": one.meaning, "recipe": one.recipe}).splitlines()]
    return "\n".join(lines)
