"""BiomedCLIP's real configuration, with random weights and no network: a site that has the weights needs no more."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import numpy as np
import open_clip
import pytest
import torch
import transformers
from PIL import Image

from models.concepts import load_concept_set
from models.encoders.hugging_face import self_contained
from models.encoders.loading import EncoderError, load_encoder
from models.predictor import Predictor
from models.train import TrainConfig, train
from models.train import run as training_run
from models.train.data import Split

# open_clip_config.json as published with microsoft/BiomedCLIP-PubMedBERT_256-vit_base_patch16_224.
PUBMEDBERT = "microsoft/BiomedNLP-BiomedBERT-base-uncased-abstract"
CONFIG: dict[str, Any] = {
    "model_cfg": {
        "embed_dim": 512,
        "vision_cfg": {
            "timm_model_name": "vit_base_patch16_224",
            "timm_model_pretrained": False,
            "timm_pool": "",
            "timm_proj": "linear",
            "image_size": 224,
        },
        "text_cfg": {
            "hf_model_name": PUBMEDBERT,
            "hf_tokenizer_name": PUBMEDBERT,
            "hf_proj_type": "mlp",
            "hf_pooler_type": "cls_last_hidden_state_pooler",
            "context_length": 256,
        },
    },
    "preprocess_cfg": {
        "mean": [0.48145466, 0.4578275, 0.40821073],
        "std": [0.26862954, 0.26130258, 0.27577711],
    },
}
VOCABULARY = 30522


def _write_tokenizer(folder: Path) -> None:
    letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters)]
    words += [".", ",", ":", "-", *(f"[unused{number}]" for number in range(VOCABULARY))]
    (folder / "vocab.txt").write_text("\n".join(words[:VOCABULARY]) + "\n")
    settings = {"tokenizer_class": "BertTokenizer", "do_lower_case": True, "model_max_length": 512}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))


def _write_weights(folder: Path) -> None:
    """Random weights under the names of the published file, in half precision to save space."""
    with self_contained(folder) as whole:
        model = open_clip.create_model(f"local-dir:{whole}", pretrained_hf=False)
    weights = {name: value.half() if value.is_floating_point() else value for name, value in model.state_dict().items()}
    torch.save(weights, folder / "open_clip_pytorch_model.bin")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("biomedclip")
    (path / "open_clip_config.json").write_text(json.dumps(CONFIG))
    _write_tokenizer(path)
    torch.manual_seed(0)
    _write_weights(path)
    return path


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("no network is needed")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def _two_images(seed: int) -> Split:
    stream = np.random.default_rng(seed)
    images = stream.integers(0, 255, (3, 224, 224, 3), dtype=np.uint8)
    options = np.array([[0, 0, 0, 0, 0], [1, 1, 1, 1, 1], [1, 2, 0, 2, 1]])
    return Split(images, np.array([0, 1, 2]), options, None)


@pytest.mark.slow
def test_it_trains_a_step_and_explains(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training_run, "load_for_training", lambda *_: _two_images(0))
    config = TrainConfig(
        name="biomedclip", encoder=f"local-dir:{folder}", concept_set="busi", epochs=1, batch_size=3, device="cpu"
    )
    checkpoint = train(config, tmp_path)
    assert checkpoint.config.token_width == 768
    assert checkpoint.config.text_width == 512
    assert checkpoint.config.grid == (14, 14)
    assert checkpoint.config.encoder_config["text_cfg"]["hf_model_name"] == PUBMEDBERT  # no path of this machine
    predictor = Predictor.from_folder(tmp_path, device="cpu")
    result = predictor.explain(Image.new("L", (300, 200), 90))
    assert result.gradcam.shape == (load_concept_set("busi").option_count, 14, 14)
    np.testing.assert_allclose(result.magnet.sum(0), np.ones((14, 14)), rtol=1e-4)


@pytest.mark.slow
def test_its_towers_are_those_of_the_paper(folder: Path) -> None:
    encoder = load_encoder(f"local-dir:{folder}")
    assert sum(weight.numel() for weight in encoder.image.parameters()) == 85_798_656  # ViT-B/16 without a head
    assert encoder.preprocessing.mean == (0.48145466, 0.4578275, 0.40821073)
    embeddings = encoder.text.embed(["a breast ultrasound image, margin: spiculated", "a"])
    assert embeddings.shape == (2, 512)
    torch.testing.assert_close(embeddings.norm(dim=-1), torch.ones(2))


def test_the_known_text_tower_is_bert_base(tmp_path: Path) -> None:
    (tmp_path / "open_clip_config.json").write_text(json.dumps(CONFIG))
    with self_contained(tmp_path) as whole:
        architecture = transformers.AutoConfig.from_pretrained(whole)
        assert architecture.to_diff_dict() == transformers.BertConfig(architectures=["BertModel"]).to_diff_dict()
        text = json.loads((whole / "open_clip_config.json").read_text())["model_cfg"]["text_cfg"]
        assert (text["hf_model_name"], text["hf_model_pretrained"]) == (str(whole), False)
    assert not whole.exists()


def test_the_folders_own_architecture_comes_first(tmp_path: Path) -> None:
    (tmp_path / "open_clip_config.json").write_text(json.dumps(CONFIG))
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert", "num_hidden_layers": 2}))
    with self_contained(tmp_path) as whole:
        assert transformers.AutoConfig.from_pretrained(whole).num_hidden_layers == 2


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    (tmp_path / "open_clip_config.json").write_text(json.dumps(CONFIG))
    with pytest.raises(EncoderError, match="holds no weights"):
        load_encoder(f"local-dir:{tmp_path}")
