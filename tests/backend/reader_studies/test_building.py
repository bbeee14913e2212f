"""Items of a design: what is asked, what is shown, what is hidden."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from backend.reader_studies import building, stimuli
from backend.reader_studies.building import BuiltItem, CaseFacts, build_item, build_items, concept_set_of
from backend.reader_studies.choosing import (
    CannotBuild,
    choices,
    choose_options,
    concepts_of,
    present_options,
    speaks_most,
    words_of,
)
from backend.reader_studies.design import ConceptRule, QuestionKind, TaskKind
from backend.reader_studies.items import CLASS, CONCEPT, CONFIDENCE, RATING, Question
from models.concepts import ConceptSet
from models.explanation import Explanation
from tests.backend.reader_studies.conftest import CONCEPTS, DESIGN, FACTS, KNOWN, MODEL, OTHER, designed, explain

Find = Callable[..., list[BuiltItem]]
WHERE, WHAT, DIAGNOSIS, TRUST = designed().tasks


def question(item: BuiltItem, key: str) -> Question:
    return next(each for each in item.content.questions if each.key == key)


def test_there_is_an_item_for_every_unit_and_arm(built: list[BuiltItem], find: Find) -> None:
    real, practice = len(FACTS) - 1, 1
    assert len(find(task_key="where", practice=False)) == real * 2 * 4
    assert len(find(task_key="where", practice=True)) == practice * 2
    assert len(find(task_key="what")) == real * 2 + practice
    assert len(find(task_key="class")) == real * 2 + practice
    assert len(find(task_key="trust")) == real + practice
    assert {item.arm_key for item in find(practice=True)} == {"real", "aided"}
    units: dict[int, list[BuiltItem]] = defaultdict(list)
    for item in built:
        units[item.unit].append(item)
    assert sorted(units) == list(range(1, len(units) + 1))
    for items in units.values():
        assert len({(item.task_key, item.case_index, item.option_id) for item in items}) == 1
        assert len({item.arm_key for item in items}) == len(items)


def test_the_same_design_gives_the_same_items_and_another_seed_others(built: list[BuiltItem]) -> None:
    assert build_items(designed(), KNOWN, FACTS, explain) == built
    others = build_items(designed(order={"seed": 12}), KNOWN, FACTS, explain)
    assert [item.option_id for item in others] == [item.option_id for item in built]  # strongest: no chance in it
    assert [item.content for item in others] != [item.content for item in built]


def test_one_item_is_what_publication_makes(built: list[BuiltItem], find: Find) -> None:
    for task in designed().tasks:
        for arm_key in task.arm_keys:
            expected = find(task_key=task.key, arm_key=arm_key, case_index=2)[0]
            others = [replace(facts, width=1, height=1) if place != 2 else facts for place, facts in enumerate(FACTS)]
            found = build_item(designed(), KNOWN, others, task.key, arm_key, 2, explain)
            assert replace(found, unit=expected.unit) == expected
    for task_key, arm_key, index in (("nothing", "real", 0), ("where", "alone", 0), ("where", "real", 5)):
        with pytest.raises(CannotBuild):
            build_item(designed(), KNOWN, FACTS, task_key, arm_key, index, explain)


def test_what_a_reader_is_shown_has_equal_fields_and_bytes_under_sham_and_real(built: list[BuiltItem]) -> None:
    """Apart from the map's values there is no difference at all between what is real and what is not."""
    units: dict[int, list[BuiltItem]] = defaultdict(list)
    for item in built:
        if item.task_key in ("where", "what") and not item.practice:
            units[item.unit].append(item)
    for items in units.values():
        shown = [item.content.model_dump(mode="json") for item in items]
        assert len({len(json.dumps(content)) for content in shown}) == 1
        values = [content["map"].pop("values") for content in shown]
        assert len({len(each) for each in values}) == 1
        assert len(set(values)) == len(values)
        assert all(content == shown[0] for content in shown)
        for item in items:
            known = (MODEL, item.arm_key, str(item.truth.sham), str(item.truth.map_sha256))
            assert not any(word in json.dumps(shown[0]) for word in known if word not in ("image", "concept", "None"))


def test_truths_say_what_is_really_shown(find: Find) -> None:
    for item in find(practice=False):
        assert item.truth.class_key == FACTS[item.case_index].class_key
    for real in find(task_key="where", arm_key="real"):
        facts, explanation = FACTS[real.case_index], explain(real.case_index, MODEL)
        own = stimuli.patch_map(explanation, "gradcam", str(real.option_id))
        assert real.content.map == stimuli.render(own, explanation.region, facts.width, facts.height)
        assert real.content.map is not None
        assert real.truth.model_dump(exclude={"class_key"}) == {
            "answer": None, "positive": None, "model_version_id": MODEL, "map_kind": "gradcam", "sham": None,
            "map_option_id": real.option_id, "map_case_number": real.case_index + 1,
            "map_sha256": stimuli.sha256_of(real.content.map),
        }  # fmt: skip
        if real.practice:
            continue
        shams = {item.arm_key: item for item in find(unit=real.unit) if item is not real}
        truths = {key: item.truth for key, item in shams.items()}
        assert {key: truth.sham for key, truth in truths.items()} == {
            "concept": "other_concept", "image": "other_image", "shuffled": "shuffled"
        }  # fmt: skip
        group = stimuli.group_of(str(real.option_id))
        shown = str(truths["concept"].map_option_id)
        assert stimuli.group_of(shown) != group
        assert shown in present_options(CONCEPTS, explanation)
        assert truths["concept"].map_case_number == truths["shuffled"].map_case_number == real.case_index + 1
        assert truths["shuffled"].map_option_id == truths["image"].map_option_id == real.option_id
        assert truths["image"].map_case_number not in (real.case_index + 1, 1)  # number 1 is for practice
        other = stimuli.patch_map(explanation, "gradcam", shown)
        assert shams["concept"].content.map == stimuli.render(other, explanation.region, facts.width, facts.height)


def test_the_strongest_concepts_of_the_predicted_class_are_asked_about(find: Find) -> None:
    places = {group.key for group in CONCEPTS.groups if group.localizable}
    for index in range(len(FACTS)):
        explanation = explain(index, MODEL)
        predicted = explanation.class_keys.index(explanation.predicted_class)
        speaks = dict(zip(explanation.option_ids, explanation.contributions[:, predicted].tolist(), strict=True))
        present = [each for each in present_options(CONCEPTS, explanation) if stimuli.group_of(each) in places]
        expected = sorted(present, key=speaks.__getitem__, reverse=True)[:2]
        asked = list(dict.fromkeys(item.option_id for item in find(task_key="where", case_index=index)))
        assert asked == expected
        assert speaks_most(CONCEPTS, explanation) == expected[0]


def test_random_concepts_follow_the_seed_and_stay_within_the_groups() -> None:
    task = WHERE.model_copy(update={"concept_rule": ConceptRule.RANDOM, "group_keys": [], "concepts_per_case": 1})
    found = {choose_options(task, CONCEPTS, explain(1, MODEL), seed, 1)[0] for seed in range(40)}
    assert len(found) == sum(group.localizable for group in CONCEPTS.groups)
    again = [choose_options(task, CONCEPTS, explain(1, MODEL), 7, 1) for _ in range(2)]
    assert again[0] == again[1]
    unplaced = next(group.key for group in CONCEPTS.groups if not group.localizable)
    named = task.model_copy(update={"group_keys": [unplaced], "concepts_per_case": 3})
    (only,) = choose_options(named, CONCEPTS, explain(1, MODEL), 0, 1)
    assert stimuli.group_of(only) == unplaced
    assert (concepts_of(named, CONCEPTS), concepts_of(WHERE, CONCEPTS)) == (1, 2)
    with pytest.raises(CannotBuild, match="no group to ask about"):
        choose_options(task.model_copy(update={"group_keys": ["nothing"]}), CONCEPTS, explain(1, MODEL), 0, 1)


def binary_set() -> ConceptSet:
    """Three plain concepts, each seen or not."""
    option = {"key": "present", "text": "Haze", "source": "a test"}
    groups = [
        {"key": key, "name": name, "localizable": True, "options": [option | {"text": name}]}
        for key, name in (("haze", "Haze"), ("dot", "Dots"), ("vein", "Veins"))
    ]
    classes = [{"key": "sick", "name": "Sick"}, {"key": "well", "name": "Well"}]
    content = {"name": "plain", "version": 1, "title": "Plain", "modality": "test", "prompt": "{group}: {option}"}
    return ConceptSet.model_validate(content | {"classes": classes, "groups": groups})


def test_a_concept_that_the_model_does_not_see_is_asked_about_last() -> None:
    concepts, base = binary_set(), explain(0, MODEL)
    explanation: Explanation = replace(
        base,
        class_keys=("sick", "well"), predicted_class="sick", option_ids=concepts.option_ids,
        scores=np.array([-2.0, 1.0, 3.0], np.float32), option_probabilities=np.array([0.1, 0.7, 0.9], np.float32),
        contributions=np.array([[9.0, 0], [1.0, 0], [2.0, 0]], np.float32), group_keys=concepts.group_keys,
    )  # fmt: skip
    task = WHERE.model_copy(update={"concepts_per_case": 3})
    assert choose_options(task, concepts, explanation, 0, 0) == ["vein.present", "dot.present", "haze.present"]
    assert present_options(concepts, explanation) == ["dot.present", "vein.present"]
    assert words_of(concepts, "dot.present") == "Dots"
    assert words_of(CONCEPTS, CONCEPTS.option_ids[0]).startswith(f"{CONCEPTS.groups[0].name}: ")
    with pytest.raises(CannotBuild, match="needs 4 distractors"):
        choices(WHAT, concepts, "dot.present", 0, 0, tell_options_apart=True)


def test_choices_are_plausible_fixed_and_hold_the_right_one(find: Find) -> None:
    for item in find(task_key="what"):
        asked = question(item, CONCEPT)
        keys = [option.key for option in asked.options]
        assert (item.truth.answer, item.option_id in keys, len(set(keys))) == (item.option_id, True, 5)
        group = next(each for each in CONCEPTS.groups if each.key == stimuli.group_of(str(item.option_id)))
        near = [key for key in keys if stimuli.group_of(key) == group.key]
        assert len(near) == min(5, len(group.options))
        others = [stimuli.group_of(key) for key in keys if key not in near]
        assert len(set(others)) == len(others)  # of a different group each
        assert all(option.text == words_of(CONCEPTS, option.key) for option in asked.options)
        assert (asked.kind, asked.required, item.content.concept) == (QuestionKind.CHOICE, True, None)
    many = Counter(
        choices(WHAT, CONCEPTS, CONCEPTS.option_ids[0], 0, case, tell_options_apart=True).index(CONCEPTS.option_ids[0])
        for case in range(500)
    )
    assert set(many) == set(range(5))
    assert min(many.values()) > 60  # the right one stands anywhere


def test_with_magnet_maps_no_distractor_is_of_the_same_group() -> None:
    for option_id in CONCEPTS.option_ids:
        found = choices(WHAT, CONCEPTS, option_id, 0, 1, tell_options_apart=False)
        groups = [stimuli.group_of(each) for each in found]
        assert len(set(groups)) == 5
    arms = [arm | ({"map": "magnet"} if arm["key"] in ("real", "concept") else {}) for arm in DESIGN["arms"]]
    items = build_items(designed(arms=arms, tasks=[DESIGN["tasks"][1]]), KNOWN, FACTS, explain)
    for item in items:
        assert len({stimuli.group_of(option.key) for option in question(item, CONCEPT).options}) == 5


def test_a_diagnosis_with_and_without_help(find: Find) -> None:
    for alone, aided in zip(find(arm_key="alone"), find(arm_key="aided", practice=False), strict=True):
        assert (alone.content.map, alone.content.suggestion, alone.content.concept) == (None, None, None)
        assert (alone.truth.map_kind, alone.truth.model_version_id, alone.option_id) == (None, None, None)
        explanation = explain(aided.case_index, MODEL)
        suggestion = aided.content.suggestion
        assert suggestion is not None
        assert suggestion.probability == pytest.approx(float(explanation.probabilities.max()))
        assert suggestion.class_name == explanation.class_names[int(explanation.probabilities.argmax())]
        assert len(suggestion.concepts) == len(present_options(CONCEPTS, explanation))
        assert aided.truth.map_option_id == speaks_most(CONCEPTS, explanation)
        assert aided.content.concept is not None
        assert aided.content.concept.option in words_of(CONCEPTS, str(aided.truth.map_option_id))
        assert aided.truth.positive is (FACTS[aided.case_index].class_key == "mel")
        for item in (alone, aided):
            assert [option.key for option in question(item, CLASS).options] == list(CONCEPTS.class_keys)
            assert (question(item, CONFIDENCE).kind, len(question(item, CONFIDENCE).anchors)) == ("scale", 2)
            assert question(item, CONFIDENCE).required
            assert [each.key for each in item.content.questions] == [CLASS, CONFIDENCE, "why"]
        assert alone.content.prompt == aided.content.prompt


def test_what_is_asked_and_told(find: Find) -> None:
    for item in find(task_key="where"):
        rating = question(item, RATING)
        assert (rating.kind, rating.anchors) == (QuestionKind.LIKERT, WHERE.anchors)
        assert item.content.concept is not None
    trust = find(task_key="trust")[0]
    assert [(each.key, each.kind, each.required) for each in trust.content.questions] == [
        ("use", "likert", True), ("pick", "choice", True)
    ]  # fmt: skip
    told = [replace(facts, clinical_information="52 years") for facts in FACTS]
    assert build_item(designed(), KNOWN, told, "trust", "real", 1, explain).content.clinical_information == "52 years"
    assert {item.content.kind for item in find()} == set(TaskKind)
    unknown = [replace(facts, class_key=None) for facts in FACTS]
    truth = build_item(designed(), KNOWN, unknown, "class", "alone", 1, explain).truth
    assert (truth.class_key, truth.positive) == (None, None)


def test_a_second_model_is_asked_about_the_same_concept() -> None:
    arms = [*DESIGN["arms"], {"key": "second", "name": "B", "model_version_id": OTHER, "map": "gradcam"}]
    tasks = [DESIGN["tasks"][0] | {"arm_keys": ["second", "real"]}]
    found = build_items(designed(arms=arms, tasks=tasks), KNOWN, FACTS, explain)
    for item in found:
        assert item.truth.map_option_id == item.option_id
    assert {item.arm_key for item in found if item.practice} == {"second"}
    few = binary_set()
    small = replace(explain(1, OTHER), option_ids=few.option_ids, gradcam=explain(1, OTHER).gradcam[:3])
    with pytest.raises(CannotBuild, match="the same concepts"):
        build_items(
            designed(arms=arms, tasks=[DESIGN["tasks"][0] | {"arm_keys": ["real", "second"], "concepts_per_case": 4}]),
            KNOWN,
            FACTS,
            lambda index, model: small if model == OTHER else explain(index, model),
        )


def _without(key: str, **task: Any) -> dict[str, Any]:
    return {"tasks": [next(each for each in DESIGN["tasks"] if each["key"] == key) | task]}


@pytest.mark.parametrize(("changes", "cases", "words"), [
    (_without("where", arm_keys=["real", "alone"]), FACTS, "shows a map, and arm 'Image alone' has none"),
    (_without("where", arm_keys=["concept"]), FACTS, "needs an arm with a model and without a sham"),
    (_without("where", arm_keys=["lost"]), FACTS, "names an arm 'lost' that is not there"),
    (_without("where", anchors=["a", "b"]), FACTS, "words for all 5 points"),
    (_without("trust", questions=[{"key": "c", "kind": "choice", "text": "C?"}]), FACTS, "at least two answers"),
    (_without("class", questions=[{"key": "class", "kind": "text", "text": "C?"}]), FACTS, "two questions with"),
    (_without("where", arm_keys=["real", "image"]), FACTS[1:2], "one image only"),
    (_without("class", arm_keys=["alone"]) | {"arms": [DESIGN["arms"][4]]}, FACTS, "no arm with a model"),
])  # fmt: skip
def test_what_cannot_be_made_is_said(changes: dict[str, Any], cases: list[CaseFacts], words: str) -> None:
    design = designed(**changes)
    design = design.model_copy(update={"cases": design.cases[: len(cases)]})
    with pytest.raises(CannotBuild, match=words):
        build_items(design, KNOWN, cases, explain)


def test_there_is_an_end_to_how_many_there_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "MOST_ITEMS", 10)
    with pytest.raises(CannotBuild, match="more than 20,000 items"):
        build_items(designed(), KNOWN, FACTS, explain)


def test_classes_come_from_any_model_of_the_design_where_the_task_has_none() -> None:
    design = designed(**_without("class", arm_keys=["alone"]))
    assert concept_set_of(design, design.tasks[0], KNOWN) is CONCEPTS
    items = build_items(design, KNOWN, FACTS, explain)
    assert len(items) == len(FACTS)
    assert question(items[0], CLASS).options
