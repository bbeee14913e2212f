"""Which experiments there are. Modules are named, not imported: ``vitrine experiment --help`` does not wait for torch.

Each module has ``run(settings, surroundings) -> Findings`` and a settings class.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import BaseModel

    from models.experiments.findings import Findings
    from models.experiments.surroundings import Surroundings


@dataclass(frozen=True)
class Experiment:
    """One command.

    Attributes:
        name: of the command and of its files.
        question: that it answers, a line.
        paper: the tables and figures of the paper that it repeats; empty where the paper has none.
        module: where it is.
        settings: name of its settings class there.
    """

    name: str
    question: str
    paper: str
    module: str
    settings: str

    def load(self) -> tuple[type[BaseModel], Callable[[Any, Surroundings], Findings]]:
        """Its settings class and its function."""
        module = import_module(self.module)
        return getattr(module, self.settings), module.run


EXPERIMENTS: tuple[Experiment, ...] = (
    Experiment("training-suite", "Which parts of the model and the objective matter?",
               "tables 3, 4, 5, 10, figures 3, 6, 7, 13", "models.experiments.suite.run", "SuiteConfig"),
    Experiment("concept-intervention", "Does the decision hang on the concepts it should hang on?", "table 7",
               "models.experiments.concept_intervention", "ConceptInterventionConfig"),
    Experiment("effective-concepts", "How many concepts does each decision need?", "table 8",
               "models.experiments.effective_concepts", "EffectiveConceptsConfig"),
    Experiment("intervention-curve", "Does the decision get better as concepts are corrected?", "",
               "models.experiments.intervention_curve", "InterventionCurveConfig"),
    Experiment("leakage", "Do the scores tell more than the concepts they are named after?", "",
               "models.experiments.leakage.run", "LeakageConfig"),
    Experiment("calibration", "Do the probabilities say how often the model is right, and does one temperature help?",
               "", "models.experiments.calibration.run", "CalibrationConfig"),
    Experiment("localization", "Do the maps point to where the findings are?",
               "", "models.experiments.localization.run", "LocalizationConfig"),
    Experiment("familiarity", "Does the distance to the codebook tell images that the model was not made for?",
               "", "models.experiments.familiarity.run", "FamiliarityConfig"),
    Experiment("deletion", "Does the decision hang on the patches that the maps mark?",
               "", "models.experiments.deletion.run", "DeletionConfig"),
    Experiment("prototypes", "Which codes are used, which concepts are dormant, and do codes go with concepts?",
               "appendix K.3", "models.experiments.prototypes.run", "PrototypesConfig"),
    Experiment("concept-metrics", "Are the concepts that decide there, where the maps say, and of the right classes?",
               "", "models.experiments.concept_metrics.run", "ConceptMetricsConfig"),
    Experiment("codebook-map", "Are the codes kept apart, in a map of them and where nothing is projected?", "figure 9",
               "models.experiments.codebook_map.run", "CodebookMapConfig"),
    Experiment("panels", "What do index maps and Grad-CAM look like, model beside model?", "figures 8, 10, 11, 12",
               "models.experiments.panels.run", "PanelsConfig"),
    Experiment("evidence", "How far can this model's explanations be trusted?",
               "", "models.experiments.evidence.run", "EvidenceConfig"),
    Experiment("duplicates", "How much of a figure is worth what near-duplicates in a random split leak?", "",
               "models.experiments.duplicates.run", "DuplicatesConfig"),
)  # fmt: skip


def experiment_named(name: str) -> Experiment:
    """The experiment of that name; ``KeyError`` if there is none."""
    return {known.name: known for known in EXPERIMENTS}[name]
