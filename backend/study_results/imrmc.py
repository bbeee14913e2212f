"""Diagnoses as an input file of iMRMC (FDA): ``readerID,caseID,modalityID,score`` with truth rows.

The score is the confidence (0 to 100), positive where a class that counts as disease was chosen, else negative.
"""

from __future__ import annotations

from backend.reader_studies.design import Task, TaskKind
from backend.reader_studies.items import CLASS, CONFIDENCE
from backend.study_results.data import StudyData
from backend.study_results.errors import NoResults
from backend.study_results.lookup import Study
from models.explain.export import NOT_FOR_DIAGNOSIS

NO_TASK = (
    "iMRMC is for diagnoses, and this study has no diagnosis task with classes that count as disease; take CSV instead."
)
NO_ANSWERS = (
    "There is nothing for iMRMC yet: it needs diagnoses with a confidence, of images with and without disease whose "
    "true class is known."
)
TRUTH_READER, TRUTH_MODALITY = "-1", "0"


def score(chosen: str, confidence: float, positive_classes: list[str]) -> float:
    """Signed confidence: the surer of disease, the higher."""
    return (confidence if chosen in positive_classes else -confidence) + 0  # no -0


def as_imrmc(data: StudyData) -> bytes:
    """The file, in ASCII. Of several diagnosis tasks the first one with answers is in it, and the file says so.

    Raises:
        NoResults: there is no diagnosis task, or nothing to analyse of it.
    """
    study = Study(data)
    tasks = [task for task in study.design.tasks if task.kind is TaskKind.DIAGNOSIS and task.positive_classes]
    if not tasks:
        raise NoResults(NO_TASK)
    for task in tasks:
        truth, scores = _scores(study, task)
        if {*truth.values()} == {0, 1}:
            return "\r\n".join([*_header(study, task, tasks, truth, scores), *_rows(truth, scores), ""]).encode()
    raise NoResults(NO_ANSWERS)


Scores = dict[tuple[str, int, str], float]


def _scores(study: Study, task: Task) -> tuple[dict[int, int], Scores]:
    """Truth by case, and scores by reader, case and arm."""
    truth: dict[int, int] = {}
    scores: Scores = {}
    for answer, item in study.counted():
        chosen, confidence = answer.answers.get(CLASS), answer.answers.get(CONFIDENCE)
        if answer.cannot_judge or item.truth.positive is None:
            continue
        if item.task_key == task.key and isinstance(chosen, str) and confidence is not None:
            truth[item.case_number] = int(bool(item.truth.positive))
            scores[answer.reader, item.case_number, item.arm_key] = score(chosen, confidence, task.positive_classes)
    return truth, scores


def _header(study: Study, task: Task, tasks: list[Task], truth: dict[int, int], scores: Scores) -> list[str]:
    readers, arms = {reader for reader, _, _ in scores}, {arm for _, _, arm in scores}
    lines = [
        _ascii(f"Vitrine reader study: {study.design.title}"),
        f"Study {study.data.study_id}, protocol version {study.version}, SHA-256 {study.data.hashes[-1]}",
        _ascii(f"Diagnosis task in this file: {task.key} ({task.title})"),
    ]
    if len(tasks) > 1:
        others = ", ".join(other.key for other in tasks if other is not task)
        lines.append(f"Diagnosis tasks that are not in it: {others}")
    lines += [
        f"Classes that count as disease: {', '.join(task.positive_classes)}",
        "Score: confidence from 0 to 100, negative where no class that counts as disease was chosen",
        "Left out: practice items, second showings, withdrawn readers, items that could not be judged, unknown truth",
    ]
    if study.data.demonstration:
        lines.append("Demonstration: simulated readers")
    lines += [f"{NOT_FOR_DIAGNOSIS}".strip(), ""]
    diseased = sum(truth.values())
    counts = {"N0": len(truth) - diseased, "N1": diseased, "NR": len(readers), "NM": len(arms)}
    return [*lines, *(f"{name}: {count}" for name, count in counts.items()), "", "BEGIN DATA:"]


def _rows(truth: dict[int, int], scores: Scores) -> list[str]:
    known = [f"{TRUTH_READER},{case},{TRUTH_MODALITY},{positive}" for case, positive in sorted(truth.items())]
    return known + [f"{reader},{case},{arm},{value:g}" for (reader, case, arm), value in sorted(scores.items())]


def _ascii(text: str) -> str:
    return text.encode("ascii", "replace").decode()
