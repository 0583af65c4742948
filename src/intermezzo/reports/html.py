"""The report of a study as one HTML file."""

from __future__ import annotations

from intermezzo.page import render
from intermezzo.reports.study import ReportData


def report_html(data: ReportData) -> str:
    """The whole page: no network, no script, every string of the data escaped. Equal data give equal bytes."""
    return render("study.html.j2", data=data)
