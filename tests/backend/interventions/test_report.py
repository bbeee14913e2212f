"""One intervention as a page, as JSON and as CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from PIL import Image

from backend.auth.schemas import PersonRef
from backend.core.letters import printable
from backend.interventions import outcome
from backend.interventions.edits import to_read
from backend.interventions.report.content import CaseFacts, Pictures, Report, most_changed, pushes
from backend.interventions.report.files import COLUMNS, as_csv, as_json
from backend.interventions.report.page import as_pdf
from backend.interventions.report.pictures import figures
from backend.interventions.report.wording import edits_in_words, percent, signed
from backend.interventions.schemas import InterventionRead
from backend.predictions.schemas import ModelSummary
from models.explanation import Region
from models.intervene.editing import EditableModel, Predicted, recompute
from models.intervene.regions import Keep, RegionEdit
from models.intervene.scores import DecisionHead, Edit, Operation
from tests.support.explainer import GRID, WIDTH, editable_by_colour, load_concept_set
from tests.support.images import gradient
from tests.support.pages import text_of

CONCEPTS = load_concept_set("isic2018")
OPTIONS = CONCEPTS.option_ids
PATCHES = tuple(row * GRID[1] + column for row in range(4, 9) for column in range(6, 12))
LONG = "a name that goes on and on " * 8
EDITS: tuple[Edit | RegionEdit, ...] = (
    Edit(OPTIONS[1], Operation.OPTION),
    RegionEdit("shape", Keep.INSIDE, PATCHES),
    Edit(OPTIONS[8], Operation.SET, value=-1.25),
    Edit(OPTIONS[12], Operation.CLASS_MEAN, reference_class="mel"),
    Edit(OPTIONS[15], Operation.MEAN),
)


def report(
    edits: Sequence[Edit | RegionEdit] = EDITS,
    image: Image.Image | None = None,
    model: EditableModel | None = None,
    **about: Any,
) -> Report:
    """Of the numpy model, recomputed as the server does it."""
    model = model or editable_by_colour(CONCEPTS)
    head, random = model.head, np.random.default_rng(4)
    scores, tokens = random.normal(size=len(head.concept_set.option_ids)), random.normal(size=(196, WIDTH))
    decision = head.decide(scores)
    predicted = Predicted(scores, decision.logits, decision.probabilities, tokens)
    found = InterventionRead(
        id="3" * 32,
        prediction_id="1" * 32,
        case_id="2" * 32,
        edits=[to_read(edit) for edit in edits],
        model=ModelSummary(id="ab" * 16, name=about.get("name", "colour"), synthetic=True),
        note=about.get("note", ""),
        created_by=PersonRef(id="4" * 32, name=about.get("by", "Ada Lovelace")),
        created_at=datetime(2026, 11, 21, 17, 5, tzinfo=UTC),
        **outcome.to_document(head, predicted, recompute(model, predicted, edits)),
    )
    image = image or gradient(60, 40)
    side = float(max(image.size))
    keys, columns = head.concept_set.class_keys, head.concept_set.option_ids
    return Report(
        intervention=found,
        case=CaseFacts(about.get("pseudonym", "Case 0F3A"), "c0ffee" * 10 + "c0ff", *image.size, synthetic=True),
        bias=dict(zip(keys, head.bias.tolist(), strict=True)),
        contributions={
            option: dict(zip(keys, row, strict=True))
            for option, row in zip(columns, head.contributions(scores).tolist(), strict=True)
        },
        pictures=Pictures(
            image,
            GRID,
            Region((image.width - side) / 2, (image.height - side) / 2, side, side),
            random.random((len(columns), *GRID)).astype(np.float32),
        ),
    )


def renamed(model: EditableModel, suffix: str) -> EditableModel:
    """With longer names for everything."""
    content = model.head.concept_set.model_dump()
    for group in content["groups"]:
        group["name"] = (group["name"] + suffix)[:300].strip()
        for option in group["options"]:
            option["text"] = (option["text"] + suffix)[:300].strip()
    for label in content["classes"]:
        label["name"] = (label["name"] + suffix)[:300].strip()
    concept_set = type(model.head.concept_set).model_validate(content)
    return replace(model, head=replace(model.head, concept_set=concept_set))


def test_the_page_tells_who_what_and_when() -> None:
    made = report(note="Looks like regression.\nAsk Grace.")
    found = text_of(as_pdf(made))
    for wanted in (
        "What-if report: Case 0F3A",
        "SYNTHETIC",
        "colour (synthetic images only), version abababab",
        "Ada Lovelace",
        "2026-11-21 17:05 UTC",
        "Looks like regression. Ask Grace.",
        "Research use only. Not for diagnosis.",
        "c0ffee" * 10,
        "3" * 32,
        "What was changed (5 edits)",
        "1. Shape: looks only at what lies inside the region (patches painted: 30 of 196)",
        "A region edit changes what a group of concepts may look at, not a score",
        *(f"{place}. {words}" for place, words in enumerate(edits_in_words(made), 1)),
    ):
        assert wanted in found
    before, after = (percent(each.probability) for each in made.outcome(made.intervention.predicted_class))
    assert f"{before} → {after}" in found


def test_edits_in_words() -> None:
    """In the order in which they act."""
    texts = [option.text for group in CONCEPTS.groups for option in group.options]
    assert edits_in_words(report()) == [
        "Shape: looks only at what lies inside the region (patches painted: 30 of 196)",
        f"Colour: “{texts[1]}” made the present one",
        f"Shape: score of “{texts[8]}” set to −1.25",
        "Border: as in class “Melanoma” (average of its validation images)",
        "Dermoscopic pattern: unknown (average of all validation images)",
    ]
    outside = report([RegionEdit("color", Keep.OUTSIDE, (3,))])
    assert edits_in_words(outside) == ["Colour: looks only at what lies outside the region (patches painted: 1 of 196)"]


def test_without_edits_it_says_so() -> None:
    found = text_of(as_pdf(report([])))
    assert "Nothing: this is the prediction itself." in found
    assert "A region edit" not in found
    assert "whose push is largest" in found


def test_the_same_report_is_the_same_bytes_also_in_many_threads() -> None:
    made = report(note="Ünïcödé Ωмега")
    with ThreadPoolExecutor(4) as pool:
        files = set(pool.map(lambda _: as_pdf(made), range(8)))
    assert len(files) == 1


def test_it_stays_one_page_whatever_is_in_it() -> None:
    many = [Edit(OPTIONS[place % len(OPTIONS)], Operation.SET, value=place / 7) for place in range(193)]
    regions = [RegionEdit(group.key, Keep.OUTSIDE, PATCHES) for group in CONCEPTS.groups]
    made = report(
        [*many, *regions],
        gradient(40, 60),
        renamed(editable_by_colour(CONCEPTS), " " + LONG),
        name=LONG[:120],
        by=LONG[:120],
        pseudonym=LONG[:120],
        note="word " * 200,
    )
    found = text_of(as_pdf(made))
    assert "What was changed (200 edits)" in found
    shown = max(place for place in range(1, 201) if f" {place}. " in found)
    assert 10 < shown < 100
    assert f"and {200 - shown} more; the JSON has all" in found
    assert "Research use only. Not for diagnosis." in found


@pytest.mark.parametrize("count", [1, 11, 12, 13, 30, 60, 80, 200])
def test_every_edit_is_shown_or_counted(count: int) -> None:
    found = text_of(as_pdf(report([Edit(OPTIONS[place % 9], Operation.MEAN) for place in range(count)])))
    shown = [place for place in range(1, count + 1) if f" {place}. " in found]
    assert shown == list(range(1, len(shown) + 1))
    assert ("the JSON has all" in found) == (len(shown) < count)
    if len(shown) < count:
        assert f"and {count - len(shown)} more; the JSON has all" in found


@pytest.mark.parametrize("size", [(1, 1), (3000, 2), (2, 3000), (1200, 900)])
def test_images_of_any_shape(size: tuple[int, int]) -> None:
    made = report(image=gradient(*size))
    assert made.pictures is not None
    for figure in figures(made, made.pictures):
        assert max(figure.picture.size) <= 1000
    assert f"{size[0]} × {size[1]} pixels" in text_of(as_pdf(made))


def test_huge_scores_fit() -> None:
    """The contract takes them up to a million."""
    found = text_of(
        as_pdf(report([Edit(OPTIONS[0], Operation.SET, value=1e6), Edit(OPTIONS[9], Operation.SET, value=-1e6)]))
    )
    assert "set to +1.0e+06" in found


def test_a_long_note_stands_in_full_where_there_are_few_edits() -> None:
    note = " ".join(f"word{index}" for index in range(120))
    assert len(note) < 1000
    content = as_pdf(report(note=note))
    assert "word119" in text_of(content)


def test_letters() -> None:
    assert printable("Grüße, Ασφαλής, ёж") == "Grüße, Ασφαλής, ёж"
    assert printable("漢\u0000字\t\ud83d") == "□□"
    found = text_of(as_pdf(report(note="Łódź 漢字 مرحبا \u202e ёж", by="Žofie")))
    assert "Łódź □□" in found
    assert "Žofie" in found


def test_what_a_region_leaves_out_is_dimmed_and_hatched() -> None:
    made = report([RegionEdit("shape", Keep.INSIDE, PATCHES)], Image.new("RGB", (140, 140), (200, 200, 200)))
    assert made.pictures is not None
    plain, _, painted = (np.asarray(figure.picture) for figure in figures(made, made.pictures))
    patch = painted.shape[0] / 14
    inside = painted[round(5 * patch) : round(8 * patch), round(7 * patch) : round(11 * patch)]
    assert (inside == plain[0, 0]).all()
    outside = painted[round(10 * patch) :]
    assert set(np.unique(outside)) == {80, 150}
    reverse = report([RegionEdit("shape", Keep.OUTSIDE, PATCHES)], Image.new("RGB", (140, 140), (200, 200, 200)))
    assert reverse.pictures is not None
    turned = np.asarray(figures(reverse, reverse.pictures)[2].picture)
    assert set(np.unique(turned[round(5 * patch) : round(8 * patch), round(7 * patch) : round(11 * patch)])) == {
        80,
        150,
    }


def test_the_map_is_of_the_option_whose_push_changed_most() -> None:
    made = report([Edit(OPTIONS[5], Operation.SET, value=40.0), Edit(OPTIONS[20], Operation.SET, value=0.1)])
    column, group, option = most_changed(made)
    assert (column, option.id) == (5, OPTIONS[5])
    assert option in group.options


def test_pushes_add_up_to_the_logit() -> None:
    made = report()
    for key in CONCEPTS.class_keys:
        for most in (20, 4):
            found = pushes(made, key, most)
            before, after = made.outcome(key)
            assert sum(push.before for push in found) == pytest.approx(before.logit, abs=1e-9)
            assert sum(push.after for push in found) == pytest.approx(after.logit, abs=1e-9)
            assert len(found) == min(most, len(CONCEPTS.groups)) + 1


def test_numbers_in_words() -> None:
    assert [percent(each) for each in (0.0, 0.0001, 0.1234, 0.9999, 1.0)] == [
        "0.0 %", "< 0.1 %", "12.3 %", "> 99.9 %", "100.0 %"
    ]  # fmt: skip
    assert [signed(each) for each in (1.0, -0.5, 0.001, -0.001)] == ["+1.00", "−0.50", "0.00", "0.00"]


def test_json_has_everything() -> None:
    made = report(note="Straße")
    content = json.loads(as_json(made))
    assert content["notice"] == "Research use only. Not for diagnosis."
    assert content["synthetic"] is True
    assert InterventionRead.model_validate(content["intervention"]) == made.intervention
    assert content["contributions_as_predicted"] == made.contributions
    assert content["case"]["sha256"] == made.case.sha256


def test_csv_has_a_row_for_each_number_and_no_formula() -> None:
    made = report(pseudonym="=1+1", note='=cmd|"/c calc"!A1', by="@SUM(A1)")
    rows = list(csv.DictReader(io.StringIO(as_csv(made).decode())))
    assert tuple(rows[0]) == COLUMNS
    kinds = [row["kind"] for row in rows]
    assert kinds.count("edit") == len(EDITS)
    assert kinds.count("score") == len(OPTIONS)
    assert kinds.count("contribution") == len(OPTIONS) * len(CONCEPTS.classes)
    assert kinds.count("probability") == len(CONCEPTS.classes)
    (mel,) = [row for row in rows if (row["kind"], row["class_key"]) == ("probability", "mel")]
    assert float(mel["after"]) == made.outcome("mel")[1].probability
    cells = [value for row in rows for name, value in row.items() if name == "text"]
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_a_name_that_is_a_formula_is_harmless() -> None:
    """Names of groups come from concept sets that anybody may write."""
    model = editable_by_colour(CONCEPTS)
    content = model.head.concept_set.model_dump()
    content["groups"][0]["name"] = "=HYPERLINK(1)"
    content["classes"][0]["name"] = "+1"
    head = DecisionHead(
        type(CONCEPTS).model_validate(content), model.head.statistics, model.head.weight, model.head.bias
    )
    lines = as_csv(report(model=replace(model, head=head))).decode().splitlines()
    assert any(",'=HYPERLINK(1): " in line for line in lines)
    assert any(",'+1," in line for line in lines)
    assert not any(",=HYPERLINK" in line or ",+1," in line for line in lines)
