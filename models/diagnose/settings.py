"""The thresholds of the flags and the sizes of the samples. docs/adr/0043-concept-diagnostics.md gives the reasons."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class DiagnoseSettings(BaseModel):
    """Every number that decides about a flag, and how much is sampled.

    Attributes:
        association_floor: phi from which on a code is counted to a group.
        assignment_floor: share of the patches of an even assignment below which an option is "not assigned".
        variation_floor: standard deviation of an option's margin below which it "hardly varies", as a share of the
            median over all options of the set.
        presence_floor: share of images below which an option is "never the present one".
        readable: AUROC against labels of single images below which an option is "not readable".
        least_labels: images with and images without the option that an AUROC must rest on to raise a flag.
        correlation: |correlation| of two options' scores above which they are redundant.
        cosine: of two options' text embeddings above which they are redundant.
        concentration_gain: factor over the same maps with their patches shuffled that a localized map exceeds.
        pointing_gain: by how much the pointing game's hit rate must exceed that of the maps of other images.
        pointing_ceiling: hit rate of the maps of other images from which on the masks are too large to tell.
        least_maps: images that a statement about maps must rest on.
        permutations: of images, for the p-values of code associations.
        permuted_images: images, spread evenly over the split, that these p-values are computed on.
        nearest: patches kept per code.
        extremes: images kept at the top and at the bottom of each option.
        embedded_tokens: tokens in the three-dimensional embeddings.
        umap: whether they are placed by UMAP too, which takes seconds and is left out for 15 tokens or fewer.
        batch: images that go through the network at once.
        seed: of permutations and samples.
    """

    # What has a default is in the JSON all the same, and its schema says so.
    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_serialization_defaults_required=True)
    association_floor: float = Field(default=0.3, gt=0, lt=1)
    assignment_floor: float = Field(default=0.1, ge=0, le=1)
    variation_floor: float = Field(default=0.1, ge=0, le=1)
    presence_floor: float = Field(default=0.005, ge=0, le=1)
    readable: float = Field(default=0.6, ge=0.5, le=1)
    least_labels: int = Field(default=20, ge=2)
    correlation: float = Field(default=0.95, gt=0, le=1)
    cosine: float = Field(default=0.95, gt=0, le=1)
    concentration_gain: float = Field(default=1.1, ge=1)
    pointing_gain: float = Field(default=0.02, ge=0, lt=1)
    pointing_ceiling: float = Field(default=0.95, gt=0, le=1)
    least_maps: int = Field(default=10, ge=2)
    permutations: int = Field(default=199, ge=19)
    permuted_images: int = Field(default=500, ge=2)
    nearest: int = Field(default=24, ge=1)
    extremes: int = Field(default=12, ge=1)
    embedded_tokens: int = Field(default=2000, ge=4)
    umap: bool = True
    batch: int = Field(default=32, ge=1)
    seed: int = Field(default=0, ge=0)
