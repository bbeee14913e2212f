"""ICC(A,1): two-way random, absolute agreement, single rater (McGraw and Wong, 1996).

The same as ICC(2,1) of Shrout and Fleiss (1979).
Computed by ``pingouin``, with its F-based interval, on the items that all readers rated.
"""

from __future__ import annotations

import warnings

import numpy as np

from backend.study_results.statistics.figure import Figure, Floats, figure

_LEAST = 5


def icc_a1(ratings: Floats) -> Figure:
    """Share of the variance of ratings that is due to the items.

    Args:
        ratings: (M, I) numbers, NaN: no answer. Items that a reader lacks are left out.
    """
    readers = ratings[np.isfinite(ratings).any(axis=1)]
    if len(readers) < 2:
        return Figure(None, note="Only one reader has answered. Agreement needs a second reader.")
    complete = readers[:, np.isfinite(readers).all(axis=0)]
    items = complete.shape[1]
    if items < _LEAST:
        return Figure(
            None,
            note=f"Items that all {len(readers)} readers rated: {items}; it takes {_LEAST}. "
            "Krippendorff's alpha does with incomplete ratings.",
        )
    if np.ptp(complete) == 0:
        return Figure(None, note="All ratings are the same, so there is no variance to explain.")
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of divisions by a variance of 0, and of pandas in pingouin
        value, low, high = _pingouin(complete)
    return figure(value, low, high)


def _pingouin(complete: Floats) -> tuple[float, float, float]:
    # Imported here: with pandas and statsmodels it takes seconds.
    import pandas as pd  # noqa: PLC0415
    import pingouin  # noqa: PLC0415

    pingouin.options.pop("round.column.CI95", None)  # its interval would have two digits
    readers, items = complete.shape
    table = pd.DataFrame(
        {
            "item": np.tile(np.arange(items), readers),
            "reader": np.repeat(np.arange(readers), items),
            "rating": complete.ravel(),
        }
    )
    found = pingouin.intraclass_corr(table, targets="item", raters="reader", ratings="rating")
    row = found.set_index("Type").loc["ICC(A,1)"]
    low, high = row["CI95"]
    return float(row["ICC"]), float(low), float(high)
