"""Results and exports of one study. No transaction is open while figures are computed or files are made."""

from __future__ import annotations

from fastapi import Response
from sqlalchemy.orm import Session

from backend.audit.service import Subject, record
from backend.reader_studies.blinding import results_visibility
from backend.reader_studies.errors import StillReading
from backend.reader_studies.members import require_member
from backend.resources import Resources
from backend.study_results import files, loading
from backend.study_results.analysis import analyse
from backend.study_results.data import StudyData
from backend.study_results.document import now
from backend.study_results.errors import NoResults, ResultsHidden
from backend.study_results.schemas import ExportFormat, StudyResults


def results(resources: Resources, study_id: str) -> StudyResults:
    """What was found.

    Raises:
        StudyNotFound: there is no such study, or the one who asks is no member.
        NoResults: it is not published.
        StillReading: the one who asks reads in it and has not finished.
        ResultsHidden: it is open, and its protocol shows nothing yet to the one who asks.
        ServerBusy: too many results are computed.
    """
    found = _results(resources, study_id, _visible(resources, study_id))
    resources.views.note("reader_study.results_viewed", Subject("reader_study", study_id))
    return found


def export(resources: Resources, study_id: str, wanted: ExportFormat) -> Response:
    """A file. That it was taken is an event. Raises the same as ``results``."""
    key = _visible(resources, study_id)
    moment = now()
    if wanted in files.REPORTS:
        found = _results(resources, study_id, key)
        content = resources.computed.get(
            f"{wanted.value} {key}", lambda: files.report(_load(resources, study_id), found, wanted)
        )
        title, version = found.title, found.protocol_version
    else:
        with resources.computed.slots:  # of a large study each takes seconds and a hundred megabytes
            data = _load(resources, study_id)
            content = files.make(data, wanted)
        title, version = files.heading(data)
    told = {"format": wanted.value, "protocol_version": version}
    with resources.database.writing() as session:
        record(session, "reader_study.exported", Subject("reader_study", study_id), after=told)
    headers = {
        "Content-Disposition": f'attachment; filename="{files.name(title, version, wanted, moment)}"',
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=files.MEDIA_TYPES[wanted], headers=headers)


def _results(resources: Resources, study_id: str, key: str) -> StudyResults:
    return resources.computed.get(f"results {key}", lambda: analyse(_load(resources, study_id)))


def _load(resources: Resources, study_id: str) -> StudyData:
    with resources.database.reading() as session:
        return loading.load(session, study_id)


def _visible(resources: Resources, study_id: str) -> str:
    with resources.database.reading() as session:
        return _require_visible(session, study_id)


def _require_visible(session: Session, study_id: str) -> str:
    """The fingerprint of what there is to see."""
    study = require_member(session, study_id)
    if study.status in ("draft", "publishing"):
        raise NoResults
    visibility = results_visibility(session, study)
    if visibility == "reading":
        raise StillReading
    if visibility == "hidden":
        raise ResultsHidden
    return loading.fingerprint(session, study_id, study.status)
