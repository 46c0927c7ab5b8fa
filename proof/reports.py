"""Reports as students read them: what the judge says of some of the mutants."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradgate.course.catalog import Module
from gradgate.reporting.terminal import render_failure
from proof.mutant import Mutant, build_package
from proof.mutation_run import Case, CaseResult, grade_case
from proof.selection import list_mutants

# Of different kinds, three of each module.
SHOWN = {
    "tensor": ("keeps_integers", "matmul_names_one_shape", "mean_ignores_keepdims"),
    "activations": ("sigmoid_overflows", "relu_in_place", "softmax_sum_without_keepdims"),
    "layers": ("bias_shared", "weight_unscaled", "dropout_unscaled"),
    "losses": ("cross_entropy_picks_block", "mse_averages_rows", "bce_log_of_zero"),
    "autograd": (
        "unbroadcast_missing_left",
        "mean_not_divided",
        "contribution_replaces_earlier_ones",
    ),
    "optimizers": ("sgd_updates_local_copy", "adam_not_corrected", "zero_grad_of_first_only"),
    "training": ("clip_each_by_itself", "cosine_not_clamped", "train_never_zeroes"),
    "dataloader": ("last_batch_dropped", "shuffles_parts_apart", "crop_range_ignores_size"),
    "spatial": ("conv_kernel_flipped", "max_pads_with_zeros", "norm_grad_ignores_mean"),
}


def write_document(modules: Sequence[Module], results: Sequence[CaseResult], seed: int) -> str:
    """Return the reports of the mutants shown as Markdown: the first failure of each.

    `results` are those of mutants graded already; one shown that is not among them is graded here.
    """
    graded = {(known.case.module, known.case.name): known for known in results}
    lines = [
        "# What a student reads",
        "",
        "The first failure reported for three mistakes in each module; the mistake stands above it "
        f"in words. Written by `python -m proof mutants --write`, seed {seed}.",
        "",
    ]
    for module in modules:
        lines += [f"## {module.title}", ""]
        for mutant in _choose(module):
            known = graded.get((module.name, mutant.name)) or _grade(module, mutant, seed)
            report = render_failure(module.title, known.failed[:1])
            lines += [f"The student {mutant.mistake}:", "", "```text", report, "```", ""]
    return "\n".join(lines)


def _choose(module: Module) -> Iterator[Mutant]:
    named = {mutant.name: mutant for mutant in list_mutants(module)}
    return (named[name] for name in SHOWN[module.name])


def _grade(module: Module, mutant: Mutant, seed: int) -> CaseResult:
    files = build_package(mutant)
    return grade_case(Case(module=module.name, name=mutant.name, files=files, seed=seed))
