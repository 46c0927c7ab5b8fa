"""How training is planned: which images in which order, and how fast."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from milestones.data.splits import VALIDATED
from milestones.definition import Phase, Recipe, make_mlp
from milestones.definition.gate_catalog import load_milestones

SIZES = {"tinydigits": 1_000, "cifar10": 50_000}
RECIPES = {
    f"{gate.id} {name}": (recipe, SIZES[gate.dataset] - VALIDATED[gate.dataset])
    for milestone in load_milestones()
    for gate in milestone.gates
    for name, recipe in [*gate.recipes.items(), *((e.title, e.recipe) for e in gate.exhibits)]
}
EVERY_RECIPE = pytest.mark.parametrize(("recipe", "count"), RECIPES.values(), ids=RECIPES)
SMALL = Recipe(network=make_mlp(4, 2), epochs=5, batch_size=4, phases=3, peak=0.3)


def draw_plan(recipe: Recipe, count: int, seed: int = 0) -> list[Phase]:
    """The phases that a recipe draws from a seed."""
    return list(recipe.draw_plan(count, np.random.default_rng(seed)))


def list_orders(plan: list[Phase]) -> list[list[int]]:
    """The images of each epoch in their order."""
    last = plan[-1].epoch
    return [
        [i for phase in plan if phase.epoch == number for i in phase.order.tolist()]
        for number in range(1, last + 1)
    ]


@EVERY_RECIPE
def test_every_image_is_seen_once_an_epoch(recipe: Recipe, count: int) -> None:
    epochs = list_orders(draw_plan(recipe, count))
    assert len(epochs) == recipe.epochs
    assert all(sorted(epoch) == [*range(count)] for epoch in epochs)


@EVERY_RECIPE
def test_there_are_whole_batches_only_in_phases_of_one_length(recipe: Recipe, count: int) -> None:
    plan = draw_plan(recipe, count)
    assert len(plan) == recipe.epochs * recipe.phases
    (length,) = {len(phase.order) for phase in plan}
    assert length % recipe.batch_size == 0
    assert length >= 2 * recipe.batch_size  # all steps but the last, and the last


@EVERY_RECIPE
def test_the_rate_rises_over_the_first_fifth_and_ends_near_zero(recipe: Recipe, count: int) -> None:
    rates = [phase.rate for phase in draw_plan(recipe, count)]
    highest = int(np.argmax(rates))
    assert abs((highest + 0.5) / len(rates) - 0.2) <= 1 / len(rates)
    assert np.all(np.diff(rates[: highest + 1]) > 0)
    assert np.all(np.diff(rates[highest:]) < 0)
    assert 0.9 * recipe.peak <= rates[highest] <= recipe.peak
    assert 0 < rates[-1] <= 0.02 * recipe.peak
    assert 0 < rates[0] <= 0.06 * recipe.peak


@EVERY_RECIPE
def test_the_phases_to_be_replayed_come_first_and_are_plain(recipe: Recipe, count: int) -> None:
    plain = [phase.plain for phase in draw_plan(recipe, count)]
    assert recipe.replayed >= 1
    augmented = len(plain) - recipe.replayed if recipe.augment else 0
    assert plain == [True] * (len(plain) - augmented) + [False] * augmented


@EVERY_RECIPE
def test_every_epoch_has_an_order_of_its_own(recipe: Recipe, count: int) -> None:
    epochs = list_orders(draw_plan(recipe, count))
    assert len(set(map(tuple, epochs))) == len(epochs)
    assert [*range(count)] not in epochs


def test_the_rates_of_a_small_recipe_by_hand() -> None:
    rates = [phase.rate for phase in draw_plan(SMALL, 24)]
    rise = [0.05, 0.15, 0.25]  # 1/6, 3/6 and 5/6 of the way up: three of fifteen phases
    fall = [0.3 * (12 - step - 0.5) / 12 for step in range(12)]
    np.testing.assert_allclose(rates, rise + fall)


def test_a_plan_follows_from_its_seed() -> None:
    first, again, other = (list_orders(draw_plan(SMALL, 24, seed)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_the_first_steps_are_alike_whether_or_not_images_are_augmented() -> None:
    plain, augmented = (
        draw_plan(replace(SMALL, augment=augment, replayed=2), 24) for augment in (False, True)
    )
    assert [phase.plain for phase in augmented] == [True] * 2 + [False] * 13
    assert list_orders(plain) == list_orders(augmented)


def test_the_last_step_of_a_phase_is_asked_for_alone() -> None:
    (phase, *_) = draw_plan(SMALL, 24)
    before, last = phase.split_off_last_step(SMALL.batch_size)
    assert (len(before), len(last)) == (4, 4)
    assert [*before, *last] == phase.order.tolist()
