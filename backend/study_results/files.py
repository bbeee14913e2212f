"""A study as a file: which forms there are, and what the files are called."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime

from backend.study_results import dictionary, document, imrmc, tidy
from backend.study_results.data import StudyData
from backend.study_results.html import as_html
from backend.study_results.pdf import as_pdf
from backend.study_results.report import make_report
from backend.study_results.schemas import ExportFormat, StudyResults

REPORTS = (ExportFormat.HTML, ExportFormat.PDF)
MEDIA_TYPES = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.DICTIONARY: "text/csv; charset=utf-8",
    ExportFormat.JSON: "application/json",
    ExportFormat.IMRMC: "text/plain; charset=us-ascii",
    ExportFormat.HTML: "text/html; charset=utf-8",
    ExportFormat.PDF: "application/pdf",
}
_ENDINGS = {
    ExportFormat.CSV: "answers.csv",
    ExportFormat.DICTIONARY: "dictionary.csv",
    ExportFormat.JSON: "study.json",
    ExportFormat.IMRMC: "diagnoses.imrmc",
    ExportFormat.HTML: "report.html",
    ExportFormat.PDF: "report.pdf",
}
_MAKERS: dict[ExportFormat, Callable[[StudyData], bytes]] = {
    ExportFormat.CSV: tidy.as_csv,
    ExportFormat.DICTIONARY: lambda _: dictionary.as_csv(),
    ExportFormat.JSON: lambda data: document.as_json(data, document.now()),
    ExportFormat.IMRMC: imrmc.as_imrmc,
}


def make(data: StudyData, wanted: ExportFormat) -> bytes:
    """Any form but the reports. Raises ``NoResults`` for iMRMC without diagnoses."""
    return _MAKERS[wanted](data)


def report(data: StudyData, results: StudyResults, wanted: ExportFormat) -> bytes:
    """The report as HTML or PDF."""
    content = make_report(data, results)
    return as_html(content) if wanted is ExportFormat.HTML else as_pdf(content)


def heading(data: StudyData) -> tuple[str, int]:
    """Title and version of the protocol that holds."""
    return str(data.protocols[-1]["design"]["title"]), int(data.protocols[-1]["version"])


def name(title: str, version: int, wanted: ExportFormat, moment: datetime) -> str:
    """In ASCII: study, protocol version, day, what it is."""
    return f"{slug(title)}_protocol-v{version}_{moment:%Y-%m-%d}_{_ENDINGS[wanted]}"


def slug(title: str) -> str:
    """Small letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:60].strip("-") or "reader-study"
