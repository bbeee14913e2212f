"""Patch tokens from every kind of tower, without downloads."""

from __future__ import annotations

import json
from pathlib import Path

import open_clip
import pytest
import torch

from models.concepts import load_concept_set
from models.encoders.image import ImageEncoder, build_image_encoder
from models.encoders.loading import EncoderError, load_encoder

TINY_VIT = {
    "embed_dim": 8,
    "vision_cfg": {"image_size": 32, "layers": 2, "width": 16, "head_width": 8, "patch_size": 8},
    "text_cfg": {"context_length": 16, "vocab_size": 49408, "width": 8, "heads": 2, "layers": 1},
}


def test_small_encoder_yields_196_tokens_in_row_order() -> None:
    torch.manual_seed(0)
    encoder = load_encoder("vitrine_small")
    assert encoder.image.token_shape() == (196, 192)
    assert 3e6 < sum(parameter.numel() for parameter in encoder.image.parameters()) < 6e6
    stem = encoder.image.tower.trunk.patch_embed.eval()
    picture = torch.zeros(1, 3, 224, 224)
    picture[..., 32:48, 160:176] = 4.0  # patch row 2, column 10
    with torch.no_grad():
        change = (stem(picture) - stem(torch.zeros_like(picture))).norm(dim=-1)
    row, column = divmod(int(change.argmax()), 14)
    assert abs(row - 2) <= 1
    assert abs(column - 10) <= 1


def test_native_open_clip_tower_yields_its_last_blocks_patches() -> None:
    torch.manual_seed(0)
    encoder = build_image_encoder(TINY_VIT).eval()
    images = torch.randn(2, 3, 32, 32)
    tokens = encoder(images)
    assert tokens.shape == (2, 16, 16)
    tower = encoder.tower
    expected = tower.ln_post(tower.transformer(tower._embeds(images)))[:, 1:]
    torch.testing.assert_close(tokens, expected)


def test_timm_tower_drops_the_class_token() -> None:
    config = {
        "embed_dim": 8,
        "vision_cfg": {
            "image_size": 224,
            "timm_model_name": "vit_tiny_patch16_224",
            "timm_pool": "",
            "timm_proj": "linear",
        },
    }
    assert build_image_encoder(config).token_shape() == (196, 192)


def test_convolutional_timm_tower_yields_its_map() -> None:
    config = {
        "embed_dim": 8,
        "vision_cfg": {"image_size": 64, "timm_model_name": "resnet10t", "timm_pool": "avg", "timm_proj": "linear"},
    }
    assert build_image_encoder(config).token_shape() == (4, 512)


def test_other_towers_are_refused() -> None:
    with pytest.raises(ValueError, match="yields no patch tokens"):
        ImageEncoder(torch.nn.Linear(2, 2))


def test_wrong_image_size_names_both_shapes() -> None:
    encoder = build_image_encoder(TINY_VIT)
    with pytest.raises(ValueError, match=r"\(B, 3, 32, 32\), got \(1, 3, 16, 16\)"):
        encoder(torch.zeros(1, 3, 16, 16))


def test_local_folder_in_the_layout_of_the_hub(tmp_path: Path) -> None:
    """The way BiomedCLIP comes to a machine without a network: open_clip_config.json beside the weights."""
    torch.manual_seed(0)
    model = open_clip.model.CLIP(**TINY_VIT)
    torch.save(model.state_dict(), tmp_path / "open_clip_pytorch_model.bin")
    preprocess = {"mean": [0.1, 0.2, 0.3], "std": [0.4, 0.5, 0.6], "resize_mode": "shortest"}
    (tmp_path / "open_clip_config.json").write_text(json.dumps({"model_cfg": TINY_VIT, "preprocess_cfg": preprocess}))
    encoder = load_encoder(f"local-dir:{tmp_path}")
    assert encoder.preprocessing.mean == (0.1, 0.2, 0.3)
    assert torch.equal(encoder.image.tower.conv1.weight, model.visual.conv1.weight)
    prompts = encoder.text.embed(["a round lesion", "an irregular lesion"])
    torch.testing.assert_close(prompts.norm(dim=-1), torch.ones(2))
    rebuilt = build_image_encoder(encoder.model_config)
    rebuilt.load_state_dict(encoder.image.state_dict())


def test_weights_that_would_run_code_are_refused(tmp_path: Path) -> None:
    class Payload:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (Path.touch, (Path(tmp_path / "ran"),))  # type: ignore[return-value]

    torch.save({"x": Payload()}, tmp_path / "open_clip_pytorch_model.bin")
    (tmp_path / "open_clip_config.json").write_text(json.dumps({"model_cfg": TINY_VIT}))
    with pytest.raises(EncoderError, match="could not be loaded"):
        load_encoder(f"local-dir:{tmp_path}")
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("name", "advice"),
    [("no-such-model", "unknown encoder 'no-such-model'"), ("local-dir:/no/such/folder", "no open_clip_config.json")],
)
def test_unknown_names_say_what_to_do(name: str, advice: str) -> None:
    with pytest.raises(EncoderError, match=advice):
        load_encoder(name)


def test_hub_name_without_a_network_points_to_a_local_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no network")

    monkeypatch.setattr(open_clip.factory, "download_pretrained_from_hf", refuse)
    with pytest.raises(EncoderError, match="local-dir:/path/to/BiomedCLIP"):
        load_encoder("hf-hub:microsoft/BiomedCLIP")


def test_text_tower_tells_the_options_of_a_group_apart() -> None:
    concept_set = load_concept_set("isic2018")
    embeddings = load_encoder("vitrine_small").text.embed(concept_set.prompts())
    for group in concept_set.group_slices:
        similarity = embeddings[group] @ embeddings[group].t()
        similarity.fill_diagonal_(-1.0)
        assert float(similarity.max()) < 0.6
