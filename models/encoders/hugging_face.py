"""Text towers of Hugging Face's transformers, such as BiomedCLIP's PubMedBERT, from a local folder alone.

open_clip's configuration of such a model names a text tower on the hub, which it asks for the tower's architecture even
when all weights lie in the folder. A site without a network has only the folder as downloaded, so the architecture is
put beside it: from the folder's own ``config.json``, or from here for the towers whose checkpoint folders have none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

CONFIG = "open_clip_config.json"
_HUGGING_FACE = "config.json"
_BERT_BASE = MappingProxyType(
    {
        "model_type": "bert",
        "architectures": ["BertModel"],
        "vocab_size": 30522,
        "hidden_size": 768,
        "num_hidden_layers": 12,
        "num_attention_heads": 12,
        "intermediate_size": 3072,
        "hidden_act": "gelu",
        "max_position_embeddings": 512,
        "type_vocab_size": 2,
        "layer_norm_eps": 1e-12,
        "pad_token_id": 0,
    }
)
# All of them are BERT-base with a vocabulary of their own.
_KNOWN = MappingProxyType(
    {
        "microsoft/BiomedNLP-BiomedBERT-base-uncased-abstract": _BERT_BASE,
        "microsoft/BiomedNLP-BiomedBERT-base-uncased-abstract-fulltext": _BERT_BASE,
        "microsoft/BiomedNLP-PubMedBERT-base-uncased-abstract": _BERT_BASE,
        "microsoft/BiomedNLP-PubMedBERT-base-uncased-abstract-fulltext": _BERT_BASE,
    }
)


@contextmanager
def self_contained(folder: Path) -> Iterator[Path]:
    """A folder that open_clip can build the model of ``folder`` from without asking the hub.

    Args:
        folder: with ``open_clip_config.json``, weights and tokenizer, as downloaded.

    Yields:
        The folder itself where its text tower is open_clip's own or unknown here; else a temporary one that links to
        its files, next to the text tower's architecture.

    Raises:
        OSError: if the configuration cannot be read.
        json.JSONDecodeError: if it is no JSON.
    """
    config = json.loads((folder / CONFIG).read_text("utf-8"))
    architecture = _text_architecture(folder, config)
    if architecture is None:
        yield folder
        return
    with TemporaryDirectory(prefix="encoder-") as name:
        copy = Path(name)
        for file in folder.iterdir():
            if file.name not in (CONFIG, _HUGGING_FACE):
                (copy / file.name).symlink_to(file.resolve())
        (copy / _HUGGING_FACE).write_text(json.dumps(architecture), "utf-8")
        config["model_cfg"]["text_cfg"] |= {"hf_model_name": str(copy), "hf_model_pretrained": False}
        (copy / CONFIG).write_text(json.dumps(config), "utf-8")
        yield copy


def _text_architecture(folder: Path, config: dict[str, Any]) -> dict[str, Any] | None:
    name = config.get("model_cfg", {}).get("text_cfg", {}).get("hf_model_name")
    if not name:
        return None
    own = folder / _HUGGING_FACE
    if own.is_file():
        found: dict[str, Any] = json.loads(own.read_text("utf-8"))
        if "model_type" in found:
            return found
    known = _KNOWN.get(name)
    return None if known is None else dict(known)
