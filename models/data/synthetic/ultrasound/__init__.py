"""Procedural breast ultrasound: pictures of masses and of normal tissue, with labels and masks.

For demonstration and tests. Not clinical evidence: nothing here was measured on a patient.
See docs/adr/0041-procedural-ultrasound.md.
"""

from models.data.records import SPLITS
from models.data.synthetic.samples import SyntheticArrays, SyntheticSample
from models.data.synthetic.ultrasound.distributions import CLASS_PRIOR, OPTION_TABLES, bayes_accuracy
from models.data.synthetic.ultrasound.options import CLASS_KEYS, GROUP_KEYS, LOCALIZABLE, OPTION_KEYS
from models.data.synthetic.ultrasound.render import render_options, render_sample, streams_of
from models.data.synthetic.ultrasound.sampling import synthesize
from models.data.synthetic.ultrasound.writing import contact_sheet, write_dataset, write_png

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
