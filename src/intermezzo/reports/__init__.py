"""Reports: of a study, as Markdown and as one offline page."""

from __future__ import annotations

from intermezzo.reports.html import report_html
from intermezzo.reports.markdown import report_markdown
from intermezzo.reports.study import ReportData, study_report

__all__ = ["ReportData", "report_html", "report_markdown", "study_report"]
