"""The rules of the flags in words, with the thresholds of one diagnosis. ``models.diagnose.flags`` applies them."""

from __future__ import annotations

from models.diagnose.results import FlagKind
from models.diagnose.settings import DiagnoseSettings


def rules_of(settings: DiagnoseSettings) -> dict[FlagKind, str]:
    """One sentence or two for each kind of flag."""
    return {
        "dormant": (
            f"Where at least {settings.least_labels} images are labelled with the option and as many without: its "
            f"score does not tell them apart (AUROC below {settings.readable:g}). Elsewhere: the codes of its group "
            f"get less than {settings.assignment_floor:.0%} of an even share of the patches where it is present, and "
            f"it is present in less than {settings.presence_floor:.1%} of the images, or it hardly varies (below "
            f"{settings.variation_floor:.0%} of the set's median standard deviation), or it does not follow the class "
            f"table (AUROC below {settings.readable:g})."
        ),
        "redundant": (
            f"The scores of another option correlate with its own by more than {settings.correlation:g} (within a "
            f"group: positively; across groups: either way), or the cosine of the two text embeddings is above "
            f"{settings.cosine:g}."
        ),
        "not_localized": (
            f"Its group has a place in the image, and over at least {settings.least_maps} images its Grad-CAM is less "
            f"than {settings.concentration_gain:g} times as concentrated around its peak as with the patches shuffled, "
            f"or points into the mask less than {settings.pointing_gain:.0%} of the images more often than the maps of "
            f"other images do (not asked where these hit in {settings.pointing_ceiling:.0%} or more)."
        ),
    }
