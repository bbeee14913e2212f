"""Every rule for drafts: what it finds, where, and that a sound design breaks none of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from backend.reader_studies.checking import problems
from backend.reader_studies.design import (
    Access,
    Arm,
    FreeQuestion,
    Grras,
    Order,
    QuestionKind,
    QuestionOption,
    Reading,
    Sampling,
    Separation,
    ShamKind,
    StudyCaseRef,
    StudyDesign,
    Task,
    TaskKind,
)
from backend.reader_studies.facts import Facts
from backend.reader_studies.schemas import Problem
from backend.reader_studies.sources import ImagePlace, Source
from models.concepts import ConceptSet
from tests.support.designs import arms, tasks
from tests.support.explainer import load_concept_set
from tests.support.heads import concept_set

MODEL, OTHER_MODEL = "a" * 32, "b" * 32
ISIC = load_concept_set("isic2018")
FILLED = Grras(**dict.fromkeys(Grras.model_fields, "said"))
ALIGNMENT, LOCALIZATION, DIAGNOSIS, QUESTIONS = range(4)
IMAGES = 16  # the first for practice


def source(number: int, class_key: str | None = None, **changes: Any) -> Source:
    fields: dict[str, Any] = {
        "place": ImagePlace("stored", key=f"{number}"),
        "label": f"P{number}",
        "dataset": "isic",
        "class_key": class_key,
        "class_name": class_key,
        "synthetic": False,
        "case_id": f"{number:032x}",
        "thumbnail": None,
        "fingerprint": f"file-{number}",
    }
    return Source(**(fields | changes))


def images(count: int = IMAGES) -> list[StudyCaseRef]:
    return [
        StudyCaseRef(case_id=f"{number:032x}", truth_class=("mel", "nv")[number % 2], practice=number == 0)
        for number in range(count)
    ]


def sound(**changes: Any) -> StudyDesign:
    """A design without any problem."""
    fields: dict[str, Any] = {
        "title": "T",
        "question": "Do maps show what they say?",
        "grras": FILLED,
        "cases": images(),
        "sampling": Sampling(method="stratified_random", strata="class", seed=1, population=100),
        "arms": arms(MODEL),
        "tasks": tasks(),
        "order": Order(separation=Separation.SESSIONS, washout_days=28, repeats=0.1, gap=5),
    }
    return StudyDesign(**(fields | changes))


def facts(design: StudyDesign, **changes: Any) -> Facts:
    known: dict[str, Any] = {
        "concept_sets": {MODEL: ISIC},
        "sources": [source(number) for number in range(len(design.cases))],
        "readers": 2,
    }
    return Facts(**(known | changes))


def found(design: StudyDesign, **changes: Any) -> list[Problem]:
    return problems(design, facts(design, **changes))


def only(design: StudyDesign, severity: str, step: str, field: str, **changes: Any) -> str:
    """The one problem that this design has; its text."""
    told = found(design, **changes)
    assert [(each.severity, each.step, each.field) for each in told] == [(severity, step, field)], told
    assert told[0].text.endswith(".")
    assert told[0].text.count(". ") >= 1, "it says what is the matter, and what to do"
    return told[0].text


def told(design: StudyDesign, severity: str, step: str, field: str, **changes: Any) -> str:
    """This problem among others; its text."""
    texts = [
        each.text
        for each in found(design, **changes)
        if (each.severity, each.step, each.field) == (severity, step, field)
    ]
    assert len(texts) == 1, found(design, **changes)
    return texts[0]


def with_task(place: int, **changes: Any) -> list[Task]:
    """The tasks, one of them changed."""
    made = tasks()
    made[place] = made[place].model_copy(update=changes)
    return made


def with_arm(place: int, **changes: Any) -> list[Arm]:
    made = arms(MODEL)
    made[place] = made[place].model_copy(update=changes)
    return made


def with_case(place: int, **changes: Any) -> list[StudyCaseRef]:
    made = images()
    made[place] = made[place].model_copy(update=changes)
    return made


def test_a_sound_design_has_no_problem() -> None:
    assert found(sound()) == []


def test_an_empty_draft_is_told_everything_that_is_missing() -> None:
    empty = StudyDesign(title="T")
    assert {(each.severity, each.step, each.field) for each in found(empty, readers=0)} == {
        ("error", "question", "question"),
        ("error", "cases", "cases"),
        ("error", "arms", "arms"),
        ("error", "tasks", "tasks"),
        ("warning", "question", "grras"),
        ("warning", "readers", ""),
    }


def test_errors_come_first() -> None:
    severities = [each.severity for each in found(StudyDesign(title="T"), readers=0)]
    assert severities == sorted(severities)


class TestQuestion:
    def test_missing(self) -> None:
        only(sound(question=""), "error", "question", "question")

    def test_grras_fields_that_are_empty_are_named(self) -> None:
        text = only(
            sound(grras=FILLED.model_copy(update={"sample_size": "", "blinding": ""})), "warning", "question", "grras"
        )
        assert "why so many images and readers, who does not know what" in text
        assert "statistics" not in text


class TestCases:
    def test_practice_alone_is_no_sample(self) -> None:
        design = sound(cases=[ref.model_copy(update={"practice": True}) for ref in images()])
        told(design, "error", "cases", "cases")

    def test_no_reference(self) -> None:
        told(sound(cases=with_case(3, case_id=None)), "error", "cases", "cases.3")

    def test_two_references_in_one(self) -> None:
        told(sound(cases=with_case(3, dataset_id="d" * 32, image="a.png")), "error", "cases", "cases.3")

    def test_a_data_set_without_an_image(self) -> None:
        told(sound(cases=with_case(3, case_id=None, dataset_id="d" * 32)), "error", "cases", "cases.3")

    def test_an_image_of_a_data_set_is_one(self) -> None:
        assert found(sound(cases=with_case(3, case_id=None, dataset_id="d" * 32, split="test", image="a.png"))) == []

    def test_twice_the_same(self) -> None:
        text = only(sound(cases=with_case(5, case_id=f"{3:032x}")), "error", "cases", "cases.5")
        assert "image 4" in text

    def test_gone(self) -> None:
        design = sound()
        sources: list[Source | None] = [source(number) for number in range(IMAGES)]
        sources[2] = None
        only(design, "error", "cases", "cases.2", sources=sources)

    def test_the_same_picture_twice(self) -> None:
        sources = [source(number) for number in range(IMAGES)]
        sources[7] = source(7, fingerprint="file-1")
        assert "image 2" in only(sound(), "error", "cases", "cases.7", sources=sources)

    def test_near_duplicates(self) -> None:
        sources = [source(number) for number in range(IMAGES)]
        sources[4], sources[9] = source(4, cluster="d-1"), source(9, cluster="d-1")
        assert "image 5" in only(sound(), "warning", "cases", "cases.9", sources=sources)

    def test_another_class_than_the_labels_say(self) -> None:
        sources = [source(number) for number in range(IMAGES)]
        sources[2] = source(2, "bcc")
        text = only(sound(), "warning", "cases", "cases.2.truth_class", sources=sources)
        assert "'mel'" in text
        assert "'bcc'" in text

    def test_a_diagnosis_needs_the_true_class(self) -> None:
        design = sound(cases=with_case(2, truth_class=None))
        only(design, "error", "cases", "cases.2.truth_class")

    def test_the_labels_class_is_enough(self) -> None:
        sources = [source(number) for number in range(IMAGES)]
        sources[2] = source(2, "mel")
        assert found(sound(cases=with_case(2, truth_class=None)), sources=sources) == []

    def test_practice_needs_no_true_class(self) -> None:
        assert found(sound(cases=with_case(0, truth_class=None))) == []

    def test_without_a_diagnosis_nobody_needs_the_true_class(self) -> None:
        cases = [ref.model_copy(update={"truth_class": None}) for ref in images()]
        assert found(sound(cases=cases, tasks=tasks()[:2], arms=arms(MODEL)[:2])) == []

    def test_many_are_counted_beyond_the_first_twenty(self) -> None:
        cases = [ref.model_copy(update={"truth_class": None}) for ref in images(31)]
        errors = [each for each in found(sound(cases=cases)) if each.step == "cases"]
        assert len(errors) == 21
        assert "10 more images" in errors[-1].text

    def test_a_class_that_cannot_be_chosen(self) -> None:
        text = told(sound(cases=with_case(2, truth_class="fracture")), "error", "cases", "cases.2.truth_class")
        assert "'fracture'" in text

    @pytest.mark.parametrize("positive", ["mel", "nv"])
    def test_both_sides_of_the_roc_curve(self, positive: str) -> None:
        cases = [ref.model_copy(update={"truth_class": "mel"}) for ref in images()]
        design = sound(cases=cases, tasks=with_task(DIAGNOSIS, positive_classes=[positive]))
        text = only(design, "error", "cases", "cases")
        assert f"0 images {'without' if positive == 'mel' else 'with'} disease" in text

    def test_one_image_on_a_side_is_too_few(self) -> None:
        cases = [
            ref.model_copy(update={"truth_class": "nv" if place == 1 else "mel"}) for place, ref in enumerate(images())
        ]
        texts = [each.text for each in found(sound(cases=cases)) if each.severity == "error"]
        assert len(texts) == 1
        assert "1 image without disease" in texts[0]

    def test_few_of_a_class(self) -> None:
        cases = images(20)
        cases[2], cases[4] = (cases[place].model_copy(update={"truth_class": "bcc"}) for place in (2, 4))
        assert "2 images of class 'bcc'" in only(sound(cases=cases), "warning", "cases", "cases")

    def test_a_hand_picked_sample(self) -> None:
        only(sound(sampling=Sampling(method="hand_picked")), "warning", "cases", "sampling.method")

    def test_a_random_sample_that_nobody_can_draw_again(self) -> None:
        only(sound(sampling=Sampling(method="stratified_random")), "warning", "cases", "sampling.seed")

    def test_all_there_are_need_no_seed(self) -> None:
        assert found(sound(sampling=Sampling(method="all"))) == []

    def test_images_that_readers_know(self) -> None:
        assert "2 images" in only(sound(), "warning", "cases", "cases", known=[3, 5])

    def test_images_of_the_gallery(self) -> None:
        sources = [source(number, synthetic=number in (2, 4)) for number in range(IMAGES)]
        text = only(sound(), "warning", "cases", "cases", sources=sources)
        assert "2 images" in text
        assert "3, 5" in text

    def test_readers_who_see_data_sets(self) -> None:
        place = ImagePlace("dataset", folder="/data/isic", image="1.png")
        sources = [source(number, **({"place": place} if number == 6 else {})) for number in range(IMAGES)]
        assert found(sound(), sources=sources) == []
        text = only(sound(), "warning", "readers", "", sources=sources, dataset_readers=1)
        assert text.startswith("1 reader can look up")
        assert ": 7." in text
        assert found(sound(), dataset_readers=2) == [], "none of the images is of a data set"


class TestArms:
    def test_keys_are_unique(self) -> None:
        made = arms(MODEL)
        made[3] = made[3].model_copy(update={"key": "real"})
        told(sound(arms=made), "error", "arms", "arms.3.key")

    def test_no_name(self) -> None:
        only(sound(arms=with_arm(0, name="")), "error", "arms", "arms.0.name")

    @pytest.mark.parametrize("shown", [{"map": "gradcam"}, {"show_prediction": True}, {"show_concepts": True}])
    def test_something_of_no_model(self, shown: dict[str, Any]) -> None:
        told(sound(arms=with_arm(2, **shown)), "error", "arms", "arms.2.model_version_id")

    def test_a_model_that_is_gone(self) -> None:
        only(sound(arms=with_arm(3, model_version_id=OTHER_MODEL)), "error", "arms", "arms.3.model_version_id")

    def test_a_sham_of_no_map(self) -> None:
        design = sound(arms=with_arm(3, map=None, sham=ShamKind.SHUFFLED))
        only(design, "error", "arms", "arms.3.sham")

    def test_another_images_map_needs_another_image(self) -> None:
        cases = [StudyCaseRef(case_id=f"{number:032x}", practice=number == 0) for number in range(2)]
        design = sound(
            arms=with_arm(1, sham=ShamKind.OTHER_IMAGE)[:2], tasks=tasks()[:2], cases=cases, order=Order(gap=0)
        )
        only(design, "error", "arms", "arms.1.sham")

    def test_another_concepts_map_needs_another_group(self) -> None:
        design = sound(arms=arms(MODEL)[:2], tasks=[tasks()[1]])
        told(design, "error", "arms", "arms.1.sham", concept_sets={MODEL: localizable((3,))})

    def test_an_arm_that_no_task_uses(self) -> None:
        made = [*arms(MODEL), Arm(key="more", name="More", model_version_id=MODEL, map="magnet")]
        only(sound(arms=made), "warning", "arms", "arms.4")

    def test_two_that_show_the_same(self) -> None:
        made = [*arms(MODEL), arms(MODEL)[0].model_copy(update={"key": "more"})]
        design = sound(arms=made, tasks=with_task(LOCALIZATION, arm_keys=["real", "sham", "more"]))
        only(design, "warning", "arms", "arms.4")

    def test_no_sham(self) -> None:
        made = [arm for arm in arms(MODEL) if arm.key != "sham"]
        both = [
            task.model_copy(update={"arm_keys": [key for key in task.arm_keys if key != "sham"]}) for task in tasks()
        ]
        only(sound(arms=made, tasks=both), "warning", "arms", "arms")

    def test_images_alone_need_no_sham(self) -> None:
        design = sound(arms=[Arm(key="real", name="Image")], tasks=[tasks()[QUESTIONS]])
        assert found(design) == []


class TestTasks:
    def test_keys_are_unique(self) -> None:
        told(sound(tasks=with_task(LOCALIZATION, key="which")), "error", "tasks", "tasks.1.key")

    def test_no_title(self) -> None:
        only(sound(tasks=with_task(QUESTIONS, title="")), "error", "tasks", "tasks.3.title")

    def test_no_arm(self) -> None:
        only(sound(tasks=with_task(QUESTIONS, arm_keys=[])), "error", "tasks", "tasks.3.arm_keys")

    def test_an_arm_that_is_not_there(self) -> None:
        text = only(sound(tasks=with_task(QUESTIONS, arm_keys=["real", "gone"])), "error", "tasks", "tasks.3.arm_keys")
        assert "gone" in text

    def test_an_arm_twice(self) -> None:
        only(sound(tasks=with_task(QUESTIONS, arm_keys=["real", "real"])), "error", "tasks", "tasks.3.arm_keys")

    @pytest.mark.parametrize("place", [ALIGNMENT, LOCALIZATION])
    def test_a_map_is_asked_about_where_there_is_none(self, place: int) -> None:
        design = sound(tasks=with_task(place, arm_keys=["real", "sham", "alone"]))
        assert "Image alone" in only(design, "error", "tasks", f"tasks.{place}.arm_keys")

    @pytest.mark.parametrize("place", [ALIGNMENT, LOCALIZATION, QUESTIONS])
    def test_shams_alone(self, place: int) -> None:
        only(sound(tasks=with_task(place, arm_keys=["sham"])), "error", "tasks", f"tasks.{place}.arm_keys")

    def test_models_that_know_other_concepts(self) -> None:
        made = [*arms(MODEL), Arm(key="other", name="Other", model_version_id=OTHER_MODEL, map="gradcam")]
        design = sound(arms=made, tasks=with_task(LOCALIZATION, arm_keys=["real", "other"]))
        sets = {MODEL: ISIC, OTHER_MODEL: without_an_option(ISIC)}
        only(design, "error", "tasks", "tasks.1.arm_keys", concept_sets=sets)

    def test_models_that_know_other_classes(self) -> None:
        made = [*arms(MODEL), Arm(key="other", name="Other", model_version_id=OTHER_MODEL, show_prediction=True)]
        design = sound(arms=made, tasks=with_task(DIAGNOSIS, arm_keys=["told", "other"]))
        sets = {MODEL: ISIC, OTHER_MODEL: without_a_class(ISIC)}
        told(design, "error", "tasks", "tasks.2.arm_keys", concept_sets=sets)

    def test_models_that_differ_in_what_a_task_does_not_ask(self) -> None:
        made = [*arms(MODEL), Arm(key="other", name="Other", model_version_id=OTHER_MODEL, show_prediction=True)]
        design = sound(arms=made, tasks=with_task(DIAGNOSIS, arm_keys=["alone", "told", "other"]))
        assert found(design, concept_sets={MODEL: ISIC, OTHER_MODEL: without_an_option(ISIC)}) == []

    def test_unknown_groups(self) -> None:
        text = only(
            sound(tasks=with_task(ALIGNMENT, group_keys=["color", "rim"])), "error", "tasks", "tasks.0.group_keys"
        )
        assert "rim" in text

    def test_no_group_with_a_place(self) -> None:
        design = sound(tasks=[tasks()[LOCALIZATION]], arms=arms(MODEL)[:2])
        only(design, "error", "tasks", "tasks.0.group_keys", concept_sets={MODEL: concept_set((3, 3), 7)})

    def test_a_group_without_a_place(self) -> None:
        text = only(
            sound(tasks=with_task(LOCALIZATION, group_keys=["symmetry"])), "warning", "tasks", "tasks.1.group_keys"
        )
        assert "ymmetry" in text

    def test_more_concepts_than_groups(self) -> None:
        design = sound(tasks=with_task(LOCALIZATION, group_keys=["color"], concepts_per_case=2))
        only(design, "warning", "tasks", "tasks.1.concepts_per_case")

    def test_every_class_is_positive(self) -> None:
        design = sound(tasks=with_task(DIAGNOSIS, positive_classes=list(ISIC.class_keys)))
        told(design, "error", "tasks", "tasks.2.positive_classes")

    def test_no_class_is_positive(self) -> None:
        only(sound(tasks=with_task(DIAGNOSIS, positive_classes=[])), "error", "tasks", "tasks.2.positive_classes")

    def test_an_unknown_class_is_positive(self) -> None:
        design = sound(tasks=with_task(DIAGNOSIS, positive_classes=["mel", "fracture"]))
        assert "fracture" in only(design, "error", "tasks", "tasks.2.positive_classes")

    def test_a_diagnosis_of_no_models_classes(self) -> None:
        alone = Arm(key="alone", name="Image")
        design = sound(arms=[alone], tasks=[tasks()[DIAGNOSIS].model_copy(update={"arm_keys": ["alone"]})])
        only(design, "error", "tasks", "tasks.0.arm_keys")

    @pytest.mark.parametrize("anchors", [["1", "2", "3", "4"], ["1", "2", "", "4", "5"], ["1", "2", "2", "4", "5"], []])
    def test_anchors_of_a_localization(self, anchors: list[str]) -> None:
        only(sound(tasks=with_task(LOCALIZATION, anchors=anchors)), "error", "tasks", "tasks.1.anchors")

    @pytest.mark.parametrize(
        ("sizes", "arm_map", "distractors", "enough"),
        [
            ((4,), "gradcam", 3, True),
            ((4,), "gradcam", 4, False),
            ((2, 3), "gradcam", 4, True),
            ((2, 2), "gradcam", 4, False),
            ((4, 4, 4), "magnet", 3, False),  # one map a group: other options of the same group would be as right
            ((1, 1, 1, 1), "magnet", 3, True),
        ],
    )
    def test_options_to_choose_among(
        self, sizes: tuple[int, ...], arm_map: str, distractors: int, enough: bool
    ) -> None:
        made = [Arm(key=key, name=key, model_version_id=MODEL, map=arm_map, sham=sham)  # type: ignore[arg-type]
                for key, sham in (("real", None), ("sham", ShamKind.SHUFFLED))]  # fmt: skip
        task = tasks()[ALIGNMENT].model_copy(update={"distractors": distractors})
        design = sound(arms=made, tasks=[task])
        sets = {MODEL: localizable(sizes)}
        if enough:
            assert found(design, concept_sets=sets) == []
        else:
            only(design, "error", "tasks", "tasks.0.distractors", concept_sets=sets)

    def test_far_too_many_items(self) -> None:
        cases = [StudyCaseRef(case_id=f"{number:032x}") for number in range(1000)]
        many = tasks()[LOCALIZATION].model_copy(update={"concepts_per_case": 4})
        other = many.model_copy(update={"key": "again"})
        third = many.model_copy(update={"key": "third"})
        design = sound(cases=cases, arms=arms(MODEL)[:2], tasks=[many, other, third])
        assert "24,000" in only(design, "error", "tasks", "tasks")

    def test_localization_before_alignment_of_the_same_images(self) -> None:
        swapped = [tasks()[LOCALIZATION], tasks()[ALIGNMENT], *tasks()[2:]]
        only(sound(tasks=swapped), "warning", "tasks", "tasks.0")

    def test_localization_and_alignment_of_other_groups(self) -> None:
        swapped = [
            tasks()[LOCALIZATION].model_copy(update={"group_keys": ["color"]}),
            tasks()[ALIGNMENT].model_copy(update={"group_keys": ["border"]}),
            *tasks()[2:],
        ]
        assert found(sound(tasks=swapped)) == []


class TestQuestions:
    def ask(self, *questions: FreeQuestion) -> StudyDesign:
        return sound(tasks=with_task(QUESTIONS, questions=list(questions)))

    def test_none(self) -> None:
        only(self.ask(), "error", "tasks", "tasks.3.questions")

    def test_a_task_of_another_kind_needs_none(self) -> None:
        assert tasks()[LOCALIZATION].questions == []
        assert found(sound()) == []

    def test_keys_are_unique(self) -> None:
        text = FreeQuestion(key="a", kind=QuestionKind.TEXT, text="A?")
        only(self.ask(text, text), "error", "tasks", "tasks.3.questions.1.key")

    @pytest.mark.parametrize("key", ["rating", "concept", "class", "confidence"])
    def test_keys_of_tasks_are_taken(self, key: str) -> None:
        question = FreeQuestion(key=key, kind=QuestionKind.TEXT, text="A?")
        only(self.ask(question), "error", "tasks", "tasks.3.questions.0.key")

    def test_no_text(self) -> None:
        question = FreeQuestion(key="a", kind=QuestionKind.TEXT, text="")
        only(self.ask(question), "error", "tasks", "tasks.3.questions.0.text")

    def test_anchors(self) -> None:
        question = FreeQuestion(key="a", kind=QuestionKind.LIKERT, text="A?", anchors=["no", "yes"])
        only(self.ask(question), "error", "tasks", "tasks.3.questions.0.anchors")

    @pytest.mark.parametrize(
        ("options", "field"),
        [
            ([("a", "A")], "options"),
            ([("a", "A"), ("a", "B")], "options.1.key"),
            ([("a", "A"), ("b", "a")], "options.1.text"),
            ([("a", "A"), ("b", "")], "options.1.text"),
        ],
    )
    def test_answers(self, options: Sequence[tuple[str, str]], field: str) -> None:
        made = [QuestionOption(key=key, text=text) for key, text in options]
        question = FreeQuestion(key="a", kind=QuestionKind.CHOICE, text="A?", options=made)
        only(self.ask(question), "error", "tasks", f"tasks.3.questions.0.{field}")


class TestOrder:
    @pytest.mark.parametrize(("days", "warned"), [(0, True), (27, True), (28, False), (90, False)])
    def test_washout(self, days: int, warned: bool) -> None:
        design = sound(order=Order(separation=Separation.SESSIONS, washout_days=days))
        if warned:
            only(design, "warning", "order", "order.washout_days")
        else:
            assert found(design) == []

    def test_washout_plays_no_part_in_one_session(self) -> None:
        assert found(sound(order=Order(separation=Separation.SPLIT, washout_days=0))) == []

    def test_answers_that_can_be_looked_up_before_their_repeats(self) -> None:
        only(sound(reading=Reading(amend_answers=True)), "warning", "order", "reading.amend_answers")
        order = Order(separation=Separation.SESSIONS, repeats=0)
        only(sound(order=order, reading=Reading(amend_answers=True)), "warning", "order", "order.repeats")

    def test_no_repeats(self) -> None:
        order = Order(separation=Separation.SESSIONS, repeats=0)
        only(sound(order=order), "warning", "order", "order.repeats")

    def test_a_diagnosis_with_and_without_explanation_in_one_session(self) -> None:
        text = only(sound(order=Order(separation=Separation.MIXED)), "warning", "order", "order.separation")
        assert "washout of 28 days" in text

    def test_a_diagnosis_under_one_arm_may_be_in_one_session(self) -> None:
        design = sound(
            order=Order(), arms=with_arm(3)[:2] + with_arm(3)[3:], tasks=with_task(DIAGNOSIS, arm_keys=["told"])
        )
        assert found(design) == []

    def test_all_tasks_mixed(self) -> None:
        order = Order(separation=Separation.SESSIONS, by_task=False)
        only(sound(order=order), "warning", "order", "order.by_task")

    @pytest.mark.parametrize(("gap", "warned"), [(IMAGES - 2, False), (IMAGES - 1, True)])
    def test_a_gap_that_cannot_be_kept(self, gap: int, warned: bool) -> None:
        design = sound(order=Order(separation=Separation.SESSIONS, gap=gap))
        if warned:
            only(design, "warning", "order", "order.gap")
        else:
            assert found(design) == []


class TestReadersAndAccess:
    @pytest.mark.parametrize("readers", [0, 1])
    def test_fewer_than_two(self, readers: int) -> None:
        only(sound(), "warning", "readers", "", readers=readers)

    @pytest.mark.parametrize(("readers", "warned"), [(2, False), (3, True), (4, False)])
    def test_a_split_in_uneven_parts(self, readers: int, warned: bool) -> None:
        design = sound(order=Order(separation=Separation.SPLIT))
        if warned:
            only(design, "warning", "readers", "", readers=readers)
        else:
            assert found(design, readers=readers) == []

    def test_readers_who_are_not_blinded(self) -> None:
        only(sound(), "warning", "readers", "", insiders=1)

    @pytest.mark.parametrize("who", ["coordinators", "members"])
    def test_live_results(self, who: Any) -> None:
        only(sound(access=Access(live_results=who)), "warning", "access", "access.live_results")


def localizable(sizes: tuple[int, ...]) -> ConceptSet:
    """Small groups that all have a place in the image, and the classes of ISIC 2018."""
    made = concept_set(sizes, 2)
    groups = tuple(group.model_copy(update={"localizable": True}) for group in made.groups)
    return made.model_copy(update={"groups": groups, "classes": ISIC.classes})


def without_an_option(known: ConceptSet) -> ConceptSet:
    first = known.groups[0].model_copy(update={"options": known.groups[0].options[1:]})
    return known.model_copy(update={"groups": (first, *known.groups[1:])})


def without_a_class(known: ConceptSet) -> ConceptSet:
    return known.model_copy(update={"classes": known.classes[:-1]})


def test_kinds_of_tasks_are_where_these_tests_think() -> None:
    assert [task.kind for task in tasks()] == [
        TaskKind.ALIGNMENT,
        TaskKind.LOCALIZATION,
        TaskKind.DIAGNOSIS,
        TaskKind.QUESTIONS,
    ]
