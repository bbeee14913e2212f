"""The report: what it says, and that it is safe to open and to hand on."""

from __future__ import annotations

import copy
import io
import re
from dataclasses import replace
from html.parser import HTMLParser

import pypdfium2
import pytest

from backend.reader_studies.design import Grras, Order, Sampling, Separation
from backend.study_results.analysis import analyse
from backend.study_results.blocks import Picture, Report, Table
from backend.study_results.data import StudyData
from backend.study_results.figures import as_svg
from backend.study_results.html import as_html
from backend.study_results.lookup import Study
from backend.study_results.methods import methods
from backend.study_results.pdf import as_pdf
from backend.study_results.report import INTERIM, SIMULATED, make_report, summarize
from backend.study_results.schemas import StudyResults
from backend.study_results.text import as_text
from backend.study_results.wording import estimate, number, percent
from tests.support.published_study import published_study
from tests.support.study_data import LOCALIZATION, ratings_study

EVIL = '<script>alert("1")</script> & <b>bold</b>'
DATA = published_study(
    grras=Grras(rater_population=f"Radiologists {EVIL}", blinding="See the protocol"),
    sampling=Sampling(method="stratified_random", strata="class", seed=4711, population=300, source="the archive"),
)
RESULTS = analyse(DATA, 100)
REPORT = make_report(DATA, RESULTS)
PAGE = as_html(REPORT).decode()
PDF = as_pdf(REPORT)


class _Elements(HTMLParser):
    """Names, attributes, and all text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def pdf_text(content: bytes) -> list[str]:
    """Of each page."""
    document = pypdfium2.PdfDocument(io.BytesIO(content))
    try:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    finally:
        document.close()


def test_the_page_needs_nothing_from_elsewhere_and_runs_nothing() -> None:
    found = _Elements(PAGE)
    assert not {"script", "link", "iframe", "object", "form", "base"} & set(found.names)
    fetched = [value for _, name, value in found.attributes if name in ("src", "href", "srcset", "action", "data")]
    assert fetched
    assert all(value.startswith("data:image/svg+xml;base64,") for value in fetched)
    assert not [name for _, name, _ in found.attributes if name.startswith("on")]
    policy = next(value for tag, name, value in found.attributes if (tag, name) == ("meta", "content"))
    assert policy.startswith("default-src 'none'")
    assert "@media print" in PAGE
    assert "url(" not in PAGE


def test_what_people_typed_stays_text() -> None:
    assert "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;" in PAGE
    assert "<script" not in PAGE
    assert "<b>" not in PAGE
    assert any(EVIL in text for text in pdf_text(PDF))


def test_it_says_what_it_is_on_every_page() -> None:
    pages = pdf_text(PDF)
    assert all("Research use only. Not for diagnosis." in page for page in pages)
    assert all(f"{number} of {len(pages)}" in page for number, page in enumerate(pages, 1))
    assert RESULTS.protocol_hash in pages[0].replace(" ", "")
    assert PAGE.count("Research use only. Not for diagnosis.") >= 2


def test_the_same_report_gives_the_same_bytes() -> None:
    again = make_report(DATA, RESULTS)
    assert as_html(again).decode() == PAGE
    assert as_pdf(again) == PDF


@pytest.mark.parametrize("number", range(1, 16))
def test_every_item_of_grras_has_its_place(number: int) -> None:
    assert re.search(rf"GRRAS (\d+, )*{number}\b", PAGE)


def test_methods_are_what_the_protocol_says() -> None:
    text = " ".join(sentence for section in methods(Study(DATA), RESULTS) for sentence in section.sentences)
    for said in (
        "Do maps lie where radiologists look?",
        "drawn at random, in equal shares by class, with seed 4711, from 300 (the archive)",
        "the same map with its patches in random places",
        "3 plausible distractors",
        "10 % of each session’s items were shown a second time",
        "100 resamples, seed 0",
        "Further on blinding: See the protocol.",
        "Interval between repeated ratings: Not stated in the protocol.",
        "Nobody saw results before the study was closed",
    ):
        assert said in text, said


def test_methods_say_so_when_an_earlier_protocol_let_somebody_see_results() -> None:
    first = copy.deepcopy(DATA.protocols[0])
    first["design"]["access"]["live_results"] = "members"
    data = replace(DATA, protocols=(first, *DATA.protocols), hashes=("0" * 64, *DATA.hashes))
    text = " ".join(sentence for section in methods(Study(data), RESULTS) for sentence in section.sentences)
    assert "Its members could see results while it was open" in text
    assert "Nobody saw results" not in text


def test_methods_name_the_washout_only_where_there_is_one() -> None:
    for separation, said in (
        (Separation.SESSIONS, "washout of at least 14 days"),
        (Separation.SPLIT, "under one arm only"),
        (Separation.MIXED, "in one session"),
    ):
        design = DATA.protocols[-1]["design"] | {
            "order": Order(separation=separation, washout_days=14).model_dump(mode="json")
        }
        changed = replace(DATA, protocols=(*DATA.protocols[:-1], DATA.protocols[-1] | {"design": design}))
        text = " ".join(sentence for part in methods(Study(changed), RESULTS) for sentence in part.sentences)
        assert said in text
        assert ("washout" in text) == (separation is Separation.SESSIONS)


def tables(report: Report) -> list[Table]:
    return [block for block in report.blocks if isinstance(block, Table)]


def test_the_table_of_the_paper_has_the_results_figures() -> None:
    (found,) = [table for table in tables(REPORT) if table.caption.startswith("Human evaluation")]
    assert len(found.rows) == len(RESULTS.table) > 0
    for cells, row in zip(found.rows, RESULTS.table, strict=True):
        assert cells[1] == (row.dataset or "Average")
        assert cells[2] == f"{estimate(row.localization)}, {row.localization_answers} ratings"
        counts = f"{row.alignment_correct}/{row.alignment_answers}; " if row.dataset else ""  # an average is no share
        assert cells[3].startswith(f"{percent(row.alignment.value)} ({counts}{number(100 * row.alignment.low, 1)} to ")


def test_all_parts_are_there_in_both_forms() -> None:
    text = " ".join(pdf_text(PDF))
    for said in (
        "Readers. Answers",
        "Images that count",
        "Distribution of ratings",
        "Arms against each other",
        "Agreement between readers",
        "Intra-reader agreement",
        "what was chosen (columns) for what was right (rows)",
        "Diagnoses under one arm against another",
        "Active time for an answer",
        "Versions of the protocol",
        "What the amendments changed",
        "Please rest your eyes",
        "Readers asked for breaks",
        "Figures were computed with vitrine",
    ):
        assert said in text, said
        assert said in PAGE, said


def test_pictures_have_words_for_those_who_do_not_see_them() -> None:
    pictures = [block for block in REPORT.blocks if isinstance(block, Picture)]
    assert len(pictures) > 10
    ratings = pictures[0]
    row = RESULTS.tasks[0].questions[0].likert[0]
    assert ", ".join(map(str, row.counts)) in ratings.alt
    assert all(picture.alt for picture in pictures)
    assert as_svg(ratings.draw()).lstrip().startswith(b"<?xml")


def test_a_demonstration_and_an_open_study_say_so_first() -> None:
    shown = make_report(DATA, RESULTS.model_copy(update={"demonstration": True, "status": "open"}))
    assert shown.marks[1:] == (SIMULATED, INTERIM)
    assert all("simulated readers" in page for page in pdf_text(as_pdf(shown)))
    assert REPORT.marks == ("Research use only. Not for diagnosis.",)
    first, *others = DATA.readers
    mixed = replace(DATA, demonstration=True, readers=(replace(first, simulated=True), *others))
    page = as_html(make_report(mixed, RESULTS)).decode()
    assert "Simulated readers: 1. Their answers were drawn by a program" in page
    assert f"Readers who were invited, each with an account of their own: {len(others)}." in page


def test_methods_say_what_intervals_and_tests_are_of() -> None:
    said = next(
        " ".join(section.sentences) for section in methods(Study(DATA), RESULTS) if section.title.startswith("Stat")
    )
    for words in (
        "large-sample",
        "swaps the arms of whole images",
        f"9,999 random ones (seed {RESULTS.seed})",
        "without differences of 0",
        "take the readers as given",
        "percentile",
        "ties count half",
    ):
        assert words in said


def test_uploaded_cases_are_called_so() -> None:
    uploaded = replace(DATA, items=tuple(replace(item, dataset=None) for item in DATA.items))
    assert {row.dataset for row in analyse(uploaded, 20).table} == {"Uploaded cases", ""}


def test_without_readers_nobody_is_called_simulated() -> None:
    (said,) = [
        section.sentences[0]
        for section in methods(Study(replace(DATA, readers=(), answers=())), RESULTS)
        if section.title == "Readers"
    ]
    assert said == "Nobody was invited to read."


def test_text_for_terminals_has_the_tables() -> None:
    text = as_text(summarize(DATA, RESULTS))
    assert text.startswith(RESULTS.title)
    assert "Research use only" in text
    for table in tables(summarize(DATA, RESULTS)):
        assert table.caption in text
        assert all(cell in text for row in table.rows for cell in row)
    assert "Methods" not in text


def _without_answers() -> StudyData:
    return replace(published_study(readers=2, cases=3), answers=())


def _without_readers() -> StudyData:
    return replace(_without_answers(), readers=())


@pytest.mark.parametrize(
    "data",
    [
        _without_answers(),
        _without_readers(),
        published_study(readers=1, cases=3),
        ratings_study([[5]]),
        ratings_study([[4, 4, 4, 4], [4, 4, 4, 4]]),
        published_study(readers=2, cases=2, tasks=[LOCALIZATION], answered=0.3),
    ],
    ids=["no answers", "no readers", "one reader", "one answer", "all alike", "begun"],
)
def test_little_or_nothing_to_tell_is_told_in_words(data: StudyData) -> None:
    results = analyse(data, 50)
    report = make_report(data, results)
    page = as_html(report).decode()
    words = " ".join(_Elements(page).words)
    assert not re.search(r"\bnan\b|\binf\b|\bNone\b", words)
    assert as_pdf(report).startswith(b"%PDF")
    assert as_text(summarize(data, results))


def test_of_very_many_pairs_of_readers_only_the_middle_is_printed() -> None:
    data = ratings_study([[1 + (reader * item + item) % 5 for item in range(6)] for reader in range(12)])
    (found,) = [table for table in tables(make_report(data, _quick(data))) if table.caption.startswith("Agreement")]
    assert [row[2] for row in found.rows if row[1].startswith("Weighted")] == ["66 pairs"]
    assert "median" in next(row[4] for row in found.rows if row[2] == "66 pairs")


def _quick(data: StudyData) -> StudyResults:
    return analyse(data, 20)
