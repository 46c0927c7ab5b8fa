"""Reports as students read them: what the judge says of some of the seeded bugs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradgate.course.catalog import Module
from gradgate.reporting.terminal import failure
from proof import corpus
from proof.mutant import Bug, package
from proof.mutation_run import Case, Outcome, outcome

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


def document(modules: Sequence[Module], bugs: Sequence[Outcome], seed: int) -> str:
    """Return the reports of the bugs shown as Markdown: the first failure of each.

    `bugs` are those graded already; a bug shown that is not among them is graded here.
    """
    graded = {(known.case.module, known.case.name): known for known in bugs}
    lines = [
        "# What a student reads",
        "",
        "The first failure reported for three mistakes in each module; the mistake stands above it "
        f"in words. Written by `nox -s proof -- --write`, seed {seed}.",
        "",
    ]
    for module in modules:
        lines += [f"## {module.title}", ""]
        for bug in _shown(module):
            known = graded.get((module.name, bug.name)) or _graded(module, bug, seed)
            report = failure(module.title, known.failed[:1])
            lines += [f"The student {bug.mistake}:", "", "```", report, "```", ""]
    return "\n".join(lines)


def _shown(module: Module) -> Iterator[Bug]:
    named = {bug.name: bug for bug in corpus.bugs(module)}
    return (named[name] for name in SHOWN[module.name])


def _graded(module: Module, bug: Bug, seed: int) -> Outcome:
    return outcome(Case(module.name, bug.name, package(bug), seed))
