"""What is known of an imported data set as a whole, and what its import found. Both are kept as JSON beside it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from models.concepts.schema import ClassLabel
from models.data.records import SplitName

FORMAT = 1


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DatasetSource(_Model):
    """Where the data come from, for citing them."""

    homepage: str
    citation: str
    licence: str


class Sizes(_Model):
    """Sides of the images in pixels."""

    min_width: int
    median_width: int
    max_width: int
    min_height: int
    median_height: int
    max_height: int


class DatasetInfo(_Model):
    """An imported data set.

    Attributes:
        format: of the folder; another one is not read.
        name: of the import.
        title: for people.
        adapter: name of the adapter that read it.
        modality: such as "ultrasound".
        concept_set: name of the concept set that it was read with, if any.
        concept_set_digest: of that set; a copy lies beside the manifest. None without one, and in imports that were
            made before copies were kept.
        source: folder that was imported; the images are read from there.
        card: homepage, citation and licence.
        classes: in the order of the logits.
        fractions: asked for train, validation and test.
        published_split: whether the publisher's split was kept where there is one.
        duplicates_ignored: whether near-duplicates may stand in different splits, because somebody asked for that;
            figures of such an import are not to be published as they are.
        created_at: ISO 8601, UTC.
        images: rows of the manifest, those that are left out of every split included.
        counts: images by split and class key.
        sizes: of the images; None if there are none.
        masks: keys that masks are there for: groups, or the whole lesion.
        digest: SHA-256 over keys, labels, splits and pixels: the same for the same data however it is stored.
    """

    format: int = FORMAT
    name: str
    title: str
    adapter: str
    modality: str
    concept_set: str | None
    concept_set_digest: str | None = None
    source: str
    card: DatasetSource
    classes: tuple[ClassLabel, ...]
    fractions: tuple[float, float, float]
    published_split: bool
    duplicates_ignored: bool = False
    created_at: str
    images: int
    counts: dict[SplitName, dict[str, int]]
    sizes: Sizes
    masks: tuple[str, ...]
    digest: str


class ReportedImage(_Model):
    """An image that the report names.

    Attributes:
        row: index into the rows of the data set.
        key: of the image.
        label: key of its class.
        split: where it went; None if it is left out of every split.
        group: its patient or lesion, where the data say so.
    """

    row: int
    key: str
    label: str
    split: SplitName | None
    group: str | None


class Pair(_Model):
    """Two images that show the same.

    Attributes:
        a: key of the one.
        b: key of the other.
        similarity: correlation of their details after alignment, 1 for equal pixels.
        flipped: whether one is the mirror image of the other.
    """

    a: str
    b: str
    similarity: float
    flipped: bool = False


class Cluster(_Model):
    """Near-duplicates: images linked by pairs.

    Attributes:
        id: 1, 2, … in the order of the list.
        disagree: whether their labels differ.
        images: the members.
        pairs: that were found among them.
    """

    id: int
    disagree: bool
    images: tuple[ReportedImage, ...]
    pairs: tuple[Pair, ...]


class Crossing(_Model):
    """Images that belong together and stand in several published splits.

    Attributes:
        kind: "near-duplicate", or "group" for images of one patient or lesion.
        images: the members.
        left_out: keys of those that are left out of every split so that the test and validation images stay unseen.
    """

    kind: str
    images: tuple[ReportedImage, ...]
    left_out: tuple[str, ...]


class Unreadable(_Model):
    """An image that could not be used, or a mask of it.

    Attributes:
        key: of the image.
        reason: in words.
        kept: whether the image is in the data set all the same: only its mask is not.
    """

    key: str
    reason: str
    kept: bool = False


class LeakageReport(_Model):
    """What links images across splits, and what was done about it.

    Attributes:
        clusters: near-duplicates, those whose labels disagree first, then the largest first.
        disagreements: pairs of near-duplicates whose labels differ, most similar first.
        crossings: of published splits; empty where there is none or it was not kept.
        groups: patients or lesions with more than one image.
        unreadable: files that were left out.
        complete: False if there were more pairs than are kept; every image is in its cluster all the same.
    """

    clusters: tuple[Cluster, ...] = ()
    disagreements: tuple[Pair, ...] = ()
    crossings: tuple[Crossing, ...] = ()
    groups: int = Field(0, ge=0)
    unreadable: tuple[Unreadable, ...] = ()
    complete: bool = True

    @property
    def images_in_clusters(self) -> int:
        """How many images have a near-duplicate."""
        return sum(len(cluster.images) for cluster in self.clusters)

    def leaking(self, split: SplitName, trained: SplitName) -> frozenset[str]:
        """Keys of the images of a split that have a near-duplicate in another one: none where these were kept apart."""
        return frozenset(
            image.key
            for cluster in self.clusters
            if any(other.split == trained for other in cluster.images)
            for image in cluster.images
            if image.split == split
        )
