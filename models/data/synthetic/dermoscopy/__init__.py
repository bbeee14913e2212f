"""Procedural dermoscopy: pictures of skin lesions with labels and masks, for demonstration and tests.

Not clinical evidence: nothing here was measured on a patient. See docs/adr/0040-procedural-dermoscopy.md.
"""

from models.data.synthetic.dermoscopy.distributions import CLASS_PRIOR, OPTION_TABLES, bayes_accuracy
from models.data.synthetic.dermoscopy.options import CLASS_KEYS, GROUP_KEYS, LOCALIZABLE, OPTION_KEYS
from models.data.synthetic.dermoscopy.render import render_options, render_sample
from models.data.synthetic.dermoscopy.sampling import synthesize
from models.data.synthetic.dermoscopy.streams import SPLITS, streams_of
from models.data.synthetic.dermoscopy.writing import contact_sheet, write_dataset, write_png
from models.data.synthetic.samples import SyntheticArrays, SyntheticSample

__all__ = [
    "CLASS_KEYS",
    "CLASS_PRIOR",
    "GROUP_KEYS",
    "LOCALIZABLE",
    "OPTION_KEYS",
    "OPTION_TABLES",
    "SPLITS",
    "SyntheticArrays",
    "SyntheticSample",
    "bayes_accuracy",
    "contact_sheet",
    "render_options",
    "render_sample",
    "streams_of",
    "synthesize",
    "write_dataset",
    "write_png",
]
