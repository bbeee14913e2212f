"""All results of a study."""

from __future__ import annotations

from collections import Counter

from backend.db.base import now
from backend.reader_studies.design import StudyDesign
from backend.study_results.agreeing import agreement_rows, repeat_rows
from backend.study_results.data import StudyData
from backend.study_results.describing import choice_rows, confusions, likert_rows, scale_rows
from backend.study_results.diagnosing import diagnosis_results
from backend.study_results.gathering import QuestionAnswers, TaskAnswers, gather
from backend.study_results.pairing import paired_rows
from backend.study_results.schemas import ArmRead, QuestionResults, ResultReader, StudyResults, TaskResults
from backend.study_results.statistics.bootstrap import Resampler
from backend.study_results.tabulating import table_rows
from backend.study_results.telling import amendments, notes
from backend.study_results.timing import time_rows

RESAMPLES = 2000


def analyse(data: StudyData, resamples: int = RESAMPLES, seed: int = 0) -> StudyResults:
    """What a study found. The same for the same answers and seed, but for the time.

    Practice items and withdrawn readers count nowhere, second showings in ``repeats`` and ``times`` alone, amendments
    not at all. What cannot be told is None, with a sentence that says why.

    Args:
        data: of the study, as loaded.
        resamples: of every bootstrap.
        seed: of bootstrap and permutations.
    """
    document = data.protocols[-1] if data.protocols else None
    design = StudyDesign.model_validate(document["design"]) if document else None
    resampler = Resampler(resamples, seed)
    gathered = [gather(data, task) for task in design.tasks] if design else []
    readers = _readers(data)
    counted = [reader for reader in readers if reader.status != "withdrawn"]
    return StudyResults(
        study_id=data.study_id,
        title=design.title if design else "",
        demonstration=data.demonstration,
        status=data.status,
        protocol_version=document["version"] if document else 0,
        protocol_hash=data.hashes[-1] if data.hashes else "",
        answers=sum(reader.answers for reader in counted),
        expected=sum(reader.expected for reader in counted),
        amendments=amendments(data),
        readers=readers,
        arms=_arms(design, document["models"]) if design and document else [],
        table=table_rows(gathered, [arm.key for arm in design.arms], resampler) if design else [],
        tasks=[_task(answers, design, resampler) for answers in gathered] if design else [],
        resamples=resamples,
        seed=seed,
        notes=notes(data, design, gathered),
        computed_at=now(),
    )


def _task(answers: TaskAnswers, design: StudyDesign, resampler: Resampler) -> TaskResults:
    arms, separation = {arm.key: arm for arm in design.arms}, design.order.separation
    return TaskResults(
        task_key=answers.task.key,
        kind=answers.task.kind,
        title=answers.task.title,
        questions=[_question(answers, asked, design, resampler) for asked in answers.questions],
        diagnosis=diagnosis_results(answers, arms, separation, resampler),
        times=time_rows(answers),
    )


def _question(
    answers: TaskAnswers, asked: QuestionAnswers, design: StudyDesign, resampler: Resampler
) -> QuestionResults:
    arms = {arm.key: arm for arm in design.arms}
    return QuestionResults(
        key=asked.question.key,
        text=asked.question.text,
        kind=asked.question.kind,
        anchors=asked.question.anchors,
        likert=likert_rows(answers, asked, resampler),
        choice=choice_rows(answers, asked),
        scale=scale_rows(answers, asked, resampler),
        texts=asked.texts,
        confusion=confusions(answers, asked),
        agreement=agreement_rows(answers, asked, resampler),
        repeats=repeat_rows(answers, asked),
        paired=paired_rows(answers, asked, arms, design.order.separation, resampler),
    )


def _arms(design: StudyDesign, models: list[dict[str, str]]) -> list[ArmRead]:
    names = {model["id"]: model["name"] for model in models}
    return [
        ArmRead(
            key=arm.key,
            name=arm.name,
            sham=arm.sham is not None,
            model=names.get(arm.model_version_id or "", arm.model_version_id),
            map=arm.map,
        )
        for arm in design.arms
    ]


def _readers(data: StudyData) -> list[ResultReader]:
    practice = {item.number for item in data.items if item.practice}
    given = Counter(answer.reader for answer in data.answers if answer.item not in practice)
    return [
        ResultReader(
            code=reader.code,
            simulated=reader.simulated,
            status=reader.status,
            profession=(reader.profile or {}).get("profession"),
            years=(reader.profile or {}).get("years"),
            answers=given[reader.code],
            expected=sum(entry.item not in practice for entry in reader.order),
        )
        for reader in data.readers
    ]
