"""Concept sets as values: columns, prompts, class table, digest."""

import copy

import pytest
from pydantic import ValidationError

from models.concepts import ConceptSet, load_concept_set


@pytest.fixture
def content() -> dict:
    return {
        "name": "tiny",
        "version": 1,
        "title": "Tiny",
        "modality": "test",
        "prompt": "an image, {group}: {option}",
        "classes": [{"key": "a", "name": "Class A"}, {"key": "b", "name": "Class B"}],
        "groups": [
            {
                "key": "shape",
                "name": "Shape",
                "localizable": True,
                "options": [
                    {"key": "round", "text": "round", "synonyms": ["circular"], "source": "s"},
                    {"key": "oval", "text": "oval", "source": "s"},
                ],
            },
            {
                "key": "hair",
                "name": "Hair",
                "options": [{"key": "hair", "text": "hair is there", "source": "s"}],
            },
        ],
        "class_options": {"a": {"shape": "oval", "hair": "hair"}, "b": {"shape": "round"}},
    }


def test_columns_follow_the_order_of_the_file(content: dict) -> None:
    tiny = ConceptSet.model_validate(content)

    assert (tiny.option_count, tiny.group_count) == (3, 2)
    assert tiny.option_ids == ("shape.round", "shape.oval", "hair.hair")
    assert tiny.group_slices == (slice(0, 2), slice(2, 3))
    assert tiny.group_of_option == (0, 0, 1)
    assert tiny.class_keys == ("a", "b")
    assert tiny.class_names == ("Class A", "Class B")
    assert [group.is_binary for group in tiny.groups] == [False, True]
    assert tiny.groups[0].localizable
    assert not tiny.groups[1].localizable


def test_prompts_fill_the_template(content: dict) -> None:
    tiny = ConceptSet.model_validate(content)

    assert tiny.prompts() == (
        "an image, Shape: round",
        "an image, Shape: oval",
        "an image, Hair: hair is there",
    )
    assert tiny.prompt_variants()[0] == ("an image, Shape: round", "an image, Shape: circular")


def test_braces_in_a_wording_are_not_formatted_again(content: dict) -> None:
    content["groups"][0]["options"][0]["text"] = "like {this}"

    assert ConceptSet.model_validate(content).prompts()[0] == "an image, Shape: like {this}"


def test_class_table_has_minus_one_where_nothing_is_said(content: dict) -> None:
    tiny = ConceptSet.model_validate(content)
    assert tiny.class_table() == [[1, 0], [0, -1]]

    content["class_options"] = {}
    assert ConceptSet.model_validate(content).class_table() == [[-1, -1], [-1, -1]]


def test_digest_is_of_the_content_alone(content: dict) -> None:
    digest = ConceptSet.model_validate(content).digest()
    reordered = dict(reversed(content.items()))
    reordered["class_options"] = dict(reversed(content["class_options"].items()))
    assert ConceptSet.model_validate(reordered).digest() == digest
    assert len(digest) == 64

    swapped = copy.deepcopy(content)
    swapped["groups"][0]["options"].reverse()  # another column order is another concept set
    assert ConceptSet.model_validate(swapped).digest() != digest


def test_an_instance_cannot_be_changed(content: dict) -> None:
    tiny = ConceptSet.model_validate(content)
    with pytest.raises(ValidationError, match="frozen"):
        tiny.version = 2  # type: ignore[misc]


def test_isic2018_has_the_fixed_keys() -> None:
    isic = load_concept_set("isic2018")

    assert isic.class_keys == ("mel", "nv", "bcc", "akiec", "bkl", "df", "vasc")
    assert isic.group_keys == (
        "color", "shape", "border", "pattern", "texture", "symmetry", "elevation",
    )  # fmt: skip
    assert [len(group.options) for group in isic.groups] == [7, 4, 3, 7, 6, 3, 4]
    assert [g.key for g in isic.groups if g.localizable] == [
        "color",
        "border",
        "pattern",
        "texture",
    ]
    assert isic.groups[3].option_keys == (
        "atypical_network", "regular_network", "arborizing_vessels", "glomerular_vessels",
        "milia_like_cysts", "central_white_patch", "lacunae",
    )  # fmt: skip


def test_busi_has_five_groups_of_three() -> None:
    busi = load_concept_set("busi")

    assert busi.class_keys == ("normal", "benign", "malignant")
    assert busi.group_keys == ("shape", "margin", "orientation", "posterior", "echo")
    assert [len(group.options) for group in busi.groups] == [3, 3, 3, 3, 3]
