"""The report names the usual mistakes in a gradient, and says nothing of those it does not know."""

from __future__ import annotations

import pytest
from corpora import mark_most_long

from gradgate.results import CheckResult
from proof.diagnosis_rate import read_diagnosis
from proof.mutant import Mutant, build_package
from proof.mutation_run import Case, grade_case
from proof.project import COURSE
from proof.selection import list_mutants

MUTANTS = {m.name: m for module in COURSE.select(["05", "09"]) for m in list_mutants(module)}
SUBTRACT = "(other, lambda g: -g))\n\n    def __mul__"
OTHERS = {
    "nothing passes": Mutant(
        "", "", "tensor", SUBTRACT, SUBTRACT.replace("-g", "0 * g"), "is zero everywhere"
    ),
    "next to nothing passes": Mutant(
        "", "", "tensor", SUBTRACT, SUBTRACT.replace("-g", "1e-9 * g"), "is next to zero everywhere"
    ),
    "the first slice for the sum": Mutant(
        "",
        "",
        "autograd",
        "g.sum(axis=(*range(added), *stretched))",
        "g[(0,) * added].take(0, axis=stretched[0] - added) if len(stretched) == 1"
        " else g.sum(axis=(*range(added), *stretched))",
        "is the first slice along the axes that were broadcast, not the sum",
    ),
    "every second number is zero": Mutant(
        "",
        "",
        "activations",
        "lambda g: g * (1 - y * y)",
        "lambda g: g * (1 - y * y) * (np.arange(g.size).reshape(g.shape) % 2)",
        "is right in some places and zero in all others",
    ),
}
NAMED = {
    "autograd.add": ("unbroadcast_averages", "unbroadcast_drops_axes_of_one"),
    "autograd.subtract": ("subtract_does_not_negate",),
    "autograd.multiply": ("multiply_swaps_operands", "multiply_sums_too_early"),
    "autograd.divide": (
        "divide_left_not_divided",
        "divide_right_not_squared",
        "unbroadcast_missing_left",
        "unbroadcast_first_axis_only",
        "gradient_of_scalar_gets_an_axis",
    ),
    "autograd.matmul": ("matmul_left_in_wrong_order", "matmul_left_not_transposed"),
    "autograd.matmul_of_batches": (
        "matmul_of_batches_averages_right",
        "matmul_of_batches_takes_first",
    ),
    "autograd.matmul_of_vectors": ("matmul_of_vectors_swaps_operands",),
    "autograd.reuse": ("contribution_replaces_earlier_ones", "walks_breadth_first_once"),
    "autograd.accumulates": ("backward_keeps_what_arrived_between", "zero_grad_does_nothing"),
    "autograd.own_gradients": ("gradient_stored_without_copy",),
    "autograd.starts_from_one": ("backward_starts_from_loss",),
    "autograd.reshape": ("reshape_in_fortran_order",),
    "autograd.transpose": ("transpose_reshapes_back",),
    "autograd.index": ("index_ignores_start_of_slice",),
    "autograd.index_repeated": ("index_repeated_keeps_last", "index_repeated_averages"),
    "autograd.sum_": ("sum_does_not_expand", "sum_ignores_upstream"),
    "autograd.mean": ("mean_not_divided", "mean_divided_by_size", "mean_of_axes_divided_by_first"),
    "autograd.relu": ("relu_passes_all",),
    "autograd.sigmoid": ("sigmoid_slope_of_input",),
    "autograd.tanh": ("tanh_not_squared",),
    "autograd.gelu": ("gelu_forgets_product_rule", "gelu_gradient_of_tanh_form"),
    "autograd.softmax": ("softmax_diagonal_only", "softmax_gradient_along_last_axis"),
    "autograd.log_softmax": ("log_softmax_forgets_sum",),
    "autograd.mse": ("mse_gradient_without_two",),
    "autograd.cross_entropy": (
        "cross_entropy_gradient_not_averaged",
        "cross_entropy_without_one_hot",
        "cross_entropy_subtracts_in_block",
    ),
    "autograd.binary_cross_entropy": ("binary_cross_entropy_gradient_of_logits",),
    "spatial.conv_grad_x": (
        "conv_input_grad_not_flipped",
        "conv_input_grad_overlaps_assigned",
        "conv_input_grad_uncovered_filled",
        "conv_input_grad_ignores_stride",
    ),
    "spatial.conv_grad_weight": (
        "conv_weight_grad_flipped",
        "conv_bias_grad_of_first_place",
        "conv_bias_grad_over_channels",
    ),
    "spatial.max_grad": ("max_grad_to_first_place", "max_grad_to_whole_window"),
    "spatial.average_grad": ("average_grad_undivided", "average_grad_over_covered_places"),
    "spatial.norm_grad": (
        "norm_grad_ignores_mean",
        "norm_grad_ignores_variance",
        "norm_grad_ignores_statistics",
    ),
}
SEEDS = {"sum_does_not_expand": 6}  # at most others it raises, as the shapes do not fit
UNNAMED = {
    "autograd.numbers": ("multiply_by_number_passes_unscaled",),
    "spatial.max_grad": ("max_grad_to_largest_of_all",),
    "spatial.norm_grad": ("norm_gamma_grad_not_centred", "norm_gamma_grad_not_normalised"),
}


def grade(check: str, mutant: Mutant) -> CheckResult:
    """The result of one check of a mutant."""
    module, files = check.partition(".")[0], build_package(mutant)
    seed = SEEDS.get(mutant.name, 0)
    case = Case(module=module, name=mutant.name, files=files, checks=(check,), seed=seed)
    (failed,) = grade_case(case).failed
    return failed


@pytest.mark.parametrize(
    ("check", "name"),
    mark_most_long((check, name) for check, names in NAMED.items() for name in names),
)
def test_a_usual_mistake_is_named(check: str, name: str) -> None:
    assert MUTANTS[name].message
    assert MUTANTS[name].message in read_diagnosis(grade(check, MUTANTS[name]))


@pytest.mark.parametrize("mutant", OTHERS.values(), ids=OTHERS)
def test_so_are_mistakes_that_are_not_in_the_corpus(mutant: Mutant) -> None:
    check = "autograd.tanh" if mutant.file == "activations" else "autograd.subtract"
    assert mutant.message in read_diagnosis(grade(check, mutant))


@pytest.mark.parametrize(
    ("check", "name"), [(check, name) for check, names in UNNAMED.items() for name in names]
)
def test_nothing_is_said_of_a_mistake_that_is_none_of_them(check: str, name: str) -> None:
    assert not MUTANTS[name].message
    assert read_diagnosis(grade(check, MUTANTS[name])) == ""
