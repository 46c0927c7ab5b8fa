"""The pictures say what the figures say; looked at are the figures, not the pixels."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from milestones.data.splits import Images, Split
from milestones.definition import Architecture, State
from milestones.definition.gate_catalog import find_architecture, select_gates
from milestones.gate.figures import format_tenths
from milestones.gate.verdict import Verdict
from milestones.presentation import pictures
from milestones.presentation.pictures import (
    confusion,
    layer_maps,
    parameters,
    shifts,
    worst_mistakes,
)
from milestones.presentation.pictures.picture import Picture, Run
from milestones.presentation.pictures.tiles import GAP, lay_out_tiles
from milestones.presentation.words import describe_lead
from milestones.training.initial_weights import draw_initial_weights
from milestones.training.trained_network import Epoch, TrainedNetwork

TINY_MAPS = {
    **dict.fromkeys(("conv1", "relu1"), (8, 8, 8)),
    **dict.fromkeys(("pool1",), (8, 4, 4)),
    **dict.fromkeys(("conv2", "relu2"), (16, 4, 4)),
    **dict.fromkeys(("pool2",), (16, 2, 2)),
    "flatten": (64,),
    "output": (10,),
}
DEEP_MAPS = {"conv1": (16, 32, 32), "pool1": (16, 16, 16), "norm1": (16, 16, 16)}
LOGITS = np.array([[2, 1, 0], [0, 3, 1], [0, 9, 0], [5, 0, 0], [0, 1, 5]], np.float32)
LABELS = np.array([0, 1, 0, 2, 2])


def pretend_training(
    network: Architecture, maps: dict[str, tuple[int, ...]], count: int = 6
) -> TrainedNetwork:
    """Return a network that never was trained, with the results of one that was."""
    rng = np.random.default_rng(1)
    outputs: State = {name: rng.normal(size=(6, *shape)) for name, shape in maps.items()}
    return TrainedNetwork(
        network=network,
        initial=draw_initial_weights(network.shapes, rng),
        state=draw_initial_weights(network.shapes, rng),
        epochs=(Epoch(2.0, 0.5), Epoch(1.0, 0.75)),
        logits=rng.normal(size=(count, 10)),
        by_shift=(0.98494, 0.65652, 0.2271),
        outputs=outputs,
        idle=(),
        seconds=1.5,
    )


def make_verdict(gate_id: str, *networks: TrainedNetwork) -> Verdict:
    gate = select_gates([gate_id])[0][1]
    return Verdict(gate=gate, recipe=next(iter(gate.recipes)), seed=1, networks=networks)


def make_split(images: np.ndarray, classes: tuple[str, ...] = tuple("0123456789")) -> Split:
    shown = Images(images, np.arange(len(images)) % 10)
    return Split(train=shown, validation=shown, test=shown, classes=classes)


CNN, MLP = find_architecture("CNN 8-16"), find_architecture("MLP 64-32-10")
DEEP = pretend_training(find_architecture("CNN 16-32-64 BN"), DEEP_MAPS)
DIGITS = make_split(np.zeros((6, 1, 8, 8), np.float32))
PHOTOS = make_split(
    np.random.default_rng(1).integers(256, size=(6, 3, 32, 32), dtype=np.uint8),
    tuple(f"thing {number}" for number in range(10)),
)
RUN = Run(
    make_verdict(
        "04/01",
        pretend_training(CNN, TINY_MAPS),
        replace(pretend_training(MLP, {}), by_shift=(0.9, 0.4, 0.1)),
    ),
    DIGITS,
    (),
)


def test_the_confusion_matrix_counts_truth_in_rows_and_answers_in_columns() -> None:
    table = confusion.count_confusions(LOGITS, LABELS, 3)
    assert table.tolist() == [[1, 1, 0], [0, 1, 0], [1, 0, 1]]


def test_the_worst_mistakes_are_those_of_the_highest_probability() -> None:
    drawn = worst_mistakes.find_worst(LOGITS, LABELS)
    assert [(m.image, m.truth, m.taken_for) for m in drawn] == [(2, 0, 1), (3, 2, 0)]
    assert drawn[0].probability == pytest.approx(np.exp(9) / (np.exp(9) + 2))


def test_of_equally_sure_mistakes_the_earlier_image_comes_first() -> None:
    drawn = worst_mistakes.find_worst(np.tile([1.0, 0.0], (30, 1)), np.ones(30, int))
    assert [mistake.image for mistake in drawn] == [*range(20)]


def test_probabilities_of_large_logits_do_not_overflow() -> None:
    assert worst_mistakes.softmax(np.array([[2000.0, 0.0], [-2000.0, -2000.0]])).tolist() == [
        [1, 0],
        [0.5, 0.5],
    ]


def test_without_a_mistake_the_page_says_so() -> None:
    sure = replace(RUN.own, logits=np.eye(10)[:6])
    picture = worst_mistakes.draw(replace(RUN, verdict=make_verdict("04/01", sure)))
    assert picture.png is None
    assert picture.text == ("There are none: every test image is recognised.",)


def test_a_convolution_is_held_against_a_dense_layer_between_the_same_maps() -> None:
    first, second = parameters.find_convolutions(RUN)
    assert (first.name, first.reads, first.makes) == ("conv1", (1, 8, 8), (8, 8, 8))
    assert (first.parameters, first.dense) == (8 * 9 + 8, 64 * 512 + 512)
    assert (second.name, second.reads, second.makes) == ("conv2", (8, 4, 4), (16, 4, 4))
    assert (second.parameters, second.dense) == (16 * 8 * 9 + 16, 128 * 256 + 256)


def test_a_convolution_without_bias_has_its_weights_alone() -> None:
    (first,) = parameters.find_convolutions(Run(make_verdict("04/02", DEEP), PHOTOS, ()))
    assert (first.parameters, first.dense) == (16 * 3 * 9, 3072 * 16384 + 16384)


def test_the_picture_of_shifts_is_of_the_accuracy_by_shift() -> None:
    picture = shifts.draw(RUN)
    assert "CNN 8-16 goes from 98.4 to 65.6 to 22.7 %" in picture.alt
    assert "MLP 64-32-10 goes from 90.0 to 40.0 to 10.0 %" in picture.alt
    assert "CNN 8-16 is 8.4 points ahead of MLP 64-32-10" in picture.text[0]
    assert "by one pixel it is 25.6 points ahead of it" in picture.text[0]


@pytest.mark.parametrize(
    ("own", "rival", "words"),
    [
        (0.9, 0.7, "20.0 points ahead of"),
        (0.102, 0.652, "55.0 points behind"),
        (0.9, 0.9, "level with"),
    ],
)
def test_a_network_that_is_behind_is_said_to_be(own: float, rival: float, words: str) -> None:
    assert describe_lead(own, rival) == words


def test_figures_are_rounded_down_as_in_the_table_of_conditions() -> None:
    assert [format_tenths(share) for share in (0.9, 0.89999, 0.98494, 1.0)] == [
        "90.0",
        "89.9",
        "98.4",
        "100.0",
    ]


def test_tiles_lie_in_rows_from_the_left_with_gaps_between() -> None:
    whole = lay_out_tiles(np.arange(3.0)[:, None, None] * np.ones((3, 24, 24)), 2)
    assert whole.shape == (48 + GAP, 48 + GAP)
    assert [whole[0, 0], whole[0, -1], whole[-1, 0]] == [0, 1, 2]
    assert np.isnan(whole[-1, -1])
    assert np.isnan(whole[:24, 24 : 24 + GAP]).all()


def draw_all(run: Run) -> dict[str, Picture]:
    drawn = pictures.draw_pictures(run)
    assert all(picture.alt for picture in drawn.values() if picture.png)
    return drawn


def test_a_perceptron_alone_is_shown_without_pictures_of_convolutions() -> None:
    drawn = draw_all(
        replace(RUN, verdict=make_verdict("03/01", pretend_training(MLP, {"hidden": (32,)})))
    )
    assert set(drawn) == {"confusion", "curves", "hidden_units", "shifts", "worst_mistakes"}


def test_photographs_are_shown_in_colour_with_the_names_of_their_classes() -> None:
    drawn = draw_all(Run(make_verdict("04/02", DEEP), PHOTOS, ()))
    assert set(drawn) == {
        *("confusion", "curves", "filters", "layer_maps", "parameters", "shifts"),
        "worst_mistakes",
    }
    assert "red, green and blue" in drawn["filters"].text[0]
    assert "Training cropped its images" in drawn["shifts"].text[0]


def test_a_worker_that_lies_about_its_layers_spoils_no_page() -> None:
    lies: State = {
        "conv1": np.full((6, 8, 8, 8), np.nan),
        "$\\frac$": np.full((6, 1, 2, 3), np.inf),
        "conv2": np.zeros(()),
        "empty": np.zeros((6, 0, 8, 8)),
        "vast": np.zeros((6, 1, 1, 10_000)),
    }
    run = replace(RUN, verdict=make_verdict("04/01", replace(RUN.own, outputs=lies)))
    assert layer_maps.draw(run) is None
    assert parameters.draw(run) is None


def test_every_module_that_draws_is_a_picture_of_its_own() -> None:
    helpers = {"__init__", "picture", "style", "tiles"}
    files = {file.stem for file in Path(pictures.__file__).parent.glob("*.py")}
    draws = {n for n in files - helpers if "def draw(" in _source(n)}
    assert draws == files - helpers


def _source(name: str) -> str:
    return (Path(pictures.__file__).parent / f"{name}.py").read_text(encoding="utf-8")
