"""Which models a header lets one suggest, and what it says against those that somebody chose."""

from __future__ import annotations

from typing import Any

import pytest

from backend.model_registry.header_fit import Header, fits, names_its_part, objection, why_none
from tests.support.explainer import load_concept_set

SETS = ("isic2018", "busi", "nct_crc_he", "idrid", "retina", "siim", "cardio", "cmmd")
CHEST, EYE = {"siim", "cardio"}, {"idrid", "retina"}


def concept_set(name: str) -> dict[str, Any]:
    found: dict[str, Any] = load_concept_set(name).model_dump(mode="json")
    return found


def of(modality: str, title: str) -> dict[str, Any]:
    """Somebody's own."""
    return concept_set("busi") | {"modality": modality, "title": title, "prompt": "{group}: {option}"}


@pytest.mark.parametrize(
    ("modality", "body_part", "suggested"),
    [
        ("US", None, {"busi"}), ("US", "BREAST", {"busi"}), ("US", "THYROID", set()), ("US", "ABDOMEN", set()),
        ("MG", None, {"cmmd"}), ("MG", "BREAST", {"cmmd"}),
        ("DX", "CHEST", CHEST), ("CR", "CHEST", CHEST), ("RG", "THORAX", CHEST), ("RF", "CHEST", CHEST),
        ("DX", None, set()), ("CR", "KNEE", set()), ("CR", "EAR", set()), ("DX", "HEART", {"cardio"}),
        ("DMS", None, {"isic2018"}), ("XC", "FACE", {"isic2018"}), ("DMS", "SKIN", {"isic2018"}),
        ("OP", None, EYE), ("OP", "EYE", EYE), ("OPT", "EYE", set()), ("OPV", "EYE", set()),
        ("SM", None, {"nct_crc_he"}), ("GM", "COLON", {"nct_crc_he"}), ("SM", "BREAST", set()),
        ("CT", None, set()), ("CT", "CHEST", set()), ("MR", "BREAST", set()), ("PT", None, set()), ("NM", None, set()),
        ("XA", None, set()), ("ES", None, set()), ("OT", None, set()), ("SC", None, set()), ("ZZ", None, set()),
        (None, None, set()), (None, "BREAST", set()),
    ],
)  # fmt: skip
def test_the_sets_that_come_with_vitrine(modality: str | None, body_part: str | None, suggested: set[str]) -> None:
    header = Header(modality, body_part)
    assert {name for name in SETS if fits(header, concept_set(name))} == suggested


def test_a_model_of_ones_own() -> None:
    hand = of("hand radiography", "Bone age")
    assert fits(Header("DX", "HAND"), hand)
    assert not fits(Header("DX", None), hand)
    assert fits(Header("US", "THYROID"), of("Thyroid ultrasound", "Nodules"))
    assert fits(Header("US", "LIVER"), of("ultrasound", "Any organ"))
    # A model of computed tomography is never suggested, and nothing is said against it where somebody chooses it.
    for modality in ("CT", "computed tomography", "Chest CT"):
        own = of(modality, "Nodules")
        assert not fits(Header("CT", None), own)
        assert objection(Header("CT", None), own) is None
    assert objection(Header("CT", None), of("optical imaging", "Tractography")) is not None


def test_of_several_the_one_for_the_part_is_known() -> None:
    assert names_its_part(Header("US", "BREAST"), concept_set("busi"))
    assert not names_its_part(Header("US", "BREAST"), of("ultrasound", "Any organ"))
    assert not names_its_part(Header("US", None), concept_set("busi"))


@pytest.mark.parametrize(
    ("header", "name", "words"),
    [
        (Header("CT", None), "busi", ("CT (computed tomography)", "Breast ultrasound", "may mean nothing")),
        (Header("US", "THYROID"), "busi", ("US (ultrasound) of THYROID", "Breast ultrasound")),
        (Header(None, "KNEE"), "siim", ("an image of KNEE", "Pneumothorax")),
        (Header("ZZ", None), "busi", ("says ZZ,", "ultrasound")),
        (Header("US", None), "busi", None),
        (Header("DX", None), "siim", None),  # not suggested, and not contradicted
        (Header(None, None), "siim", None),
        (Header("XC", "ARM"), "isic2018", None),
    ],
    ids=["modality", "part", "part alone", "unknown", "fits", "silent", "nothing", "anywhere"],
)
def test_what_the_header_says_against_a_choice(header: Header, name: str, words: tuple[str, ...] | None) -> None:
    said = objection(header, concept_set(name))
    if words is None:
        assert said is None
    else:
        assert all(word in (said or "") for word in words)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (Header("CT", None), "says CT (computed tomography), for which no model is ever suggested"),
        (Header("US", "THYROID"), "says US (ultrasound) of THYROID, and no active model is for that"),
        (Header("DX", None), "says DX (digital radiography) and not of which part of the body"),
        (Header(None, None), "does not say which kind of image this is"),
    ],
    ids=["kind", "part", "radiograph", "nothing"],
)
def test_a_refusal_says_what_to_do(header: Header, words: str) -> None:
    assert words in why_none(header)
    assert why_none(header).endswith("To explain it all the same, choose a model yourself.")
    assert why_none(header, "ask").endswith("all the same, ask.")
