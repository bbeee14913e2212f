"""The tidy table, its dictionary, and iMRMC's file."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from backend.reader_studies.items import CLASS, CONFIDENCE, RATING
from backend.study_results import dictionary, imrmc, tidy
from backend.study_results.analysis import analyse
from backend.study_results.errors import NoResults
from tests.support.published_study import EVIL, published_study
from tests.support.study_data import ALONE, DIAGNOSIS, LOCALIZATION, REAL, SHAM, StudyBuilder, design

DATA = published_study()


def table() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(tidy.as_csv(DATA).decode(), newline="")))


def test_one_row_for_each_question_of_each_answer() -> None:
    questions = {item.number: len(item.content.questions) for item in DATA.items}
    assert len(table()) == sum(questions[answer.item] for answer in DATA.answers)


def test_rows_hold_what_was_answered() -> None:
    found = {(row["reader"], row["session"], row["position"], row["question"]): row for row in table()}
    items = {item.number: item for item in DATA.items}
    for answer in DATA.answers:
        item = items[answer.item]
        for question in item.content.questions:
            row = found[answer.reader, str(answer.session), str(answer.position + 1), question.key]
            given = answer.answers.get(question.key)
            assert row["answer"] == ("" if given is None else str(given))
            assert row["cannot_judge"] == str(answer.cannot_judge).lower()
            assert (row["item"], row["task"], row["arm"]) == (str(item.number), item.task_key, item.arm_key)
            assert row["repeated"] == str(answer.repeated).lower()
            assert row["practice"] == str(item.practice).lower()
            assert float(row["active_seconds"]) == answer.active_seconds
            assert row["amended"] == str(bool(answer.amendments)).lower()
    assert {row["reader_status"] for row in found.values()} == {"finished", "withdrawn"}
    assert {row["sham"] for row in found.values()} == {"", "shuffled"}
    assert {row["model_version"] for row in found.values()} == {"", "IVQ-CBM (aaaaaaaa)"}


def test_right_and_wrong_are_marked_and_nothing_where_there_is_no_right_answer() -> None:
    marked = [row for row in table() if row["correct"]]
    assert {row["question"] for row in marked} == {"concept", "class"}
    assert all((row["correct"] == "true") == (row["answer"] == row["correct_answer"]) for row in marked)
    assert {row["correct"] for row in marked} == {"true", "false"}
    unjudged = [row for row in table() if row["cannot_judge"] == "true"]
    assert unjudged
    assert {row["correct"] for row in unjudged} == {""}


def test_answers_stand_in_the_readers_words_too() -> None:
    texts = {(row["question"], row["answer"]): row["answer_text"] for row in table()}
    assert texts["rating", "5"] == "Perfectly aligned"
    assert texts["class", "benign"] == "Benign"
    assert texts["quality", "good"] == "Good"


def test_it_is_rfc_4180_and_no_spreadsheet_runs_what_readers_write() -> None:
    content = tidy.as_csv(DATA)
    assert content.endswith(b"\r\n")
    comments = [row["comment"] for row in table() if row["comment"]]
    assert comments == [f'\'{EVIL}\nand "more", ü']
    assert b"\r\n" in content
    assert f',"{EVIL}'.encode() not in content


def test_moments_are_iso_8601_in_utc() -> None:
    assert table()[0]["opened_at"] == "2026-01-05T08:00:00.000Z"


def test_the_dictionary_is_about_the_columns_that_there_are() -> None:
    assert list(table()[0]) == [column.name for column in dictionary.DICTIONARY]
    assert set(next(tidy.rows(DATA))) == set(dictionary.COLUMNS)
    told = list(csv.DictReader(io.StringIO(dictionary.as_csv().decode(), newline="")))
    assert [row["column"] for row in told] == list(dictionary.COLUMNS)
    assert all(row["meaning"] and row["type"] for row in told)
    flags = {row["column"] for row in told if row["type"] == "boolean"}
    values = {name: {row[name] for row in table()} for name in flags}
    assert all(found <= {"true", "false", ""} for found in values.values()), values


def _imrmc(content: bytes) -> tuple[list[str], list[list[str]]]:
    lines = content.decode("ascii").split("\r\n")
    start = lines.index("BEGIN DATA:")
    return lines[:start], [line.split(",") for line in lines[start + 1 :] if line]


def test_imrmc_gives_the_same_roc_areas_as_the_results() -> None:
    header, rows = _imrmc(imrmc.as_imrmc(DATA))
    truth = {row[1]: int(row[3]) for row in rows if row[0] == "-1"}
    assert all(row[2] == "0" for row in rows if row[0] == "-1")
    (task,) = [task for task in analyse(DATA, 20).tasks if task.diagnosis is not None]
    compared = 0
    for found in task.diagnosis.rows:
        scores = [(truth[row[1]], float(row[3])) for row in rows if row[0] == found.reader and row[2] == found.arm_key]
        if found.reader and found.auc.value is not None:
            area = roc_auc_score(*np.transpose(scores))
            assert found.auc.value == pytest.approx(area, abs=1e-9)
            compared += 1
    assert compared == 4  # two readers who were not withdrawn, two arms
    assert {"NR: 2", "NM: 2", f"N1: {sum(truth.values())}", f"N0: {len(truth) - sum(truth.values())}"} <= set(header)
    assert any("Research use only" in line for line in header)


def test_imrmc_has_no_practice_no_repeats_no_withdrawn_readers() -> None:
    builder = StudyBuilder(design([REAL, ALONE], [DIAGNOSIS]), readers=2)
    sick = builder.item("diagnosis", "real", 1, truth_class="malignant")
    well = builder.item("diagnosis", "real", 2, truth_class="benign")
    unknown = builder.item("diagnosis", "real", 3)
    practice = builder.item("diagnosis", "real", 4, truth_class="benign", practice=True)
    for item in (sick, well, unknown, practice):
        builder.answer(0, item, {CLASS: "malignant", CONFIDENCE: 80})
    builder.answer(0, well, {CLASS: "benign", CONFIDENCE: 30}, repeated=True)
    builder.answer(1, well, {CLASS: "benign", CONFIDENCE: 99})
    builder.change_reader(1, status="withdrawn")
    _, rows = _imrmc(imrmc.as_imrmc(builder.build()))
    assert rows == [["-1", "1", "0", "1"], ["-1", "2", "0", "0"], ["R1", "1", "real", "80"], ["R1", "2", "real", "80"]]


def test_the_score_is_the_signed_confidence() -> None:
    assert imrmc.score("malignant", 70, ["malignant"]) == 70
    assert imrmc.score("benign", 70, ["malignant"]) == -70
    assert f"{imrmc.score('benign', 0.0, ['malignant']):g}" == "0"


def test_of_several_diagnosis_tasks_the_file_says_which_is_in_it() -> None:
    other = DIAGNOSIS.model_copy(update={"key": "second", "title": "And now?"})
    builder = StudyBuilder(design([REAL, ALONE], [DIAGNOSIS, other]), readers=1)
    for case, truth in ((1, "malignant"), (2, "benign")):
        item = builder.item("second", "real", case, truth_class=truth)
        builder.answer(0, item, {CLASS: truth, CONFIDENCE: 60})
    header, _ = _imrmc(imrmc.as_imrmc(builder.build(demonstration=True)))
    assert "Diagnosis task in this file: second (And now?)" in header
    assert "Diagnosis tasks that are not in it: diagnosis" in header
    assert "Demonstration: simulated readers" in header


def test_without_diagnoses_there_is_no_imrmc_file() -> None:
    builder = StudyBuilder(design([REAL, SHAM], [LOCALIZATION]))
    builder.answer(0, builder.item("where", "real", 1, concept="Shape: round"), {RATING: 4})
    with pytest.raises(NoResults, match="no diagnosis task"):
        imrmc.as_imrmc(builder.build())
    with pytest.raises(NoResults, match="nothing for iMRMC yet"):
        imrmc.as_imrmc(replace(DATA, answers=()))
