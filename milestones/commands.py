"""What the engine's command line runs of the milestones; it parses arguments and reports errors."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from gradgate.course import Course
from gradgate.errors import UsageError
from gradgate.submission.layout import find_submission
from gradgate.text import visible

from .data.cifar10 import locate, locate_archive
from .data.fetch import fetch
from .data.places import find_working_folder
from .data.splits import Split, load
from .definition import Gate
from .definition.gate_catalog import load_milestones, select_gates
from .gate.lock import describe_lock, grade_modules
from .gate.pass_cache import Pass, Record, load_record, store_record
from .gate.run_gate import Attempt, run_gate, train_exhibits
from .gate.verdict import Verdict
from .presentation.overview import render_overview
from .presentation.training_progress import show_training_progress
from .presentation.verdict_table import render_verdict

PASSED, FAILED = 0, 1
DATASETS = ("cifar10",)


@dataclass(frozen=True, kw_only=True)
class MilestoneOptions:
    """What a person asked for: the gates to run, or none to list all, and how.

    Weights, order and class numbers are drawn from `seed`, a new one if None. `recipe` names a
    longer training. `data_dir` is where CIFAR-10 is. `fresh` grades modules whatever is on record.
    """

    gates: tuple[str, ...]
    submission: Path
    seed: int | None
    recipe: str
    require_isolation: bool
    data_dir: Path | None
    fresh: bool


def run_milestones(course: Course, options: MilestoneOptions) -> int:
    """Grade the modules that are needed, then list the gates or run those asked for.

    Returns the exit code: 0 if all gates asked for are passed, 1 if some are not, or are locked.
    Raises GradgateError for a gate, recipe, submission or data set that cannot be used.
    """
    wanted = select_gates(options.gates)
    recipes = [_choose_recipe(gate, options.recipe) for _, gate in wanted]
    seed = secrets.randbits(31) if options.seed is None else options.seed
    submission = find_submission(options.submission, course)
    record = load_record(submission, course.folder, fresh=options.fresh)
    needed = wanted[-1][0].list_modules(course)
    record, failing = grade_modules(
        course, submission, needed, record, require_isolation=options.require_isolation
    )
    again = _name_submission(options.submission)
    if not options.gates:
        print(render_overview(load_milestones(), failing, record, again), end="", flush=True)
        return PASSED
    codes = []
    for (milestone, gate), recipe in zip(wanted, recipes, strict=True):
        lock = describe_lock(milestone, course, failing, again)
        if lock:
            print(lock, flush=True)
            codes.append(FAILED)
            continue
        attempt = Attempt(
            course=course,
            milestone=milestone,
            gate=gate,
            recipe=recipe,
            submission=submission,
            seed=seed,
            require_isolation=options.require_isolation,
        )
        verdict = _run_attempt(attempt, options.data_dir)
        if verdict.passed:
            record = _put_on_record(record, verdict)
        codes.append(PASSED if verdict.passed else FAILED)
    return max(codes)


def fetch_data(course: Course, dataset: str, data_dir: Path | None) -> int:
    """Fetch a data set to `data_dir`, or to where the milestones look for it.

    Returns the exit code 0. Raises UsageError for a data set that is not to be had, DataError where
    it could not be fetched.
    """
    if dataset not in DATASETS:
        known = ", ".join(DATASETS)
        raise UsageError(f"there is no data set {dataset!r} to fetch; there is {known}")
    print(fetch(locate_archive(locate(data_dir))), flush=True)
    return PASSED


def _run_attempt(attempt: Attempt, data_dir: Path | None) -> Verdict:
    """Run one gate, print its verdict and draw its pictures."""
    split = load(attempt.gate.dataset, data_dir)
    with show_training_progress() as report:
        verdict = run_gate(attempt, split, report)
    print(visible(render_verdict(verdict)), flush=True)
    if not verdict.rejection:
        print(draw_page(attempt, verdict, split), end="\n\n", flush=True)
    return verdict


def draw_page(attempt: Attempt, verdict: Verdict, split: Split) -> str:
    """Write the page of a run; returns where it is, or why there is none."""
    gate = attempt.gate
    try:
        from .presentation.page import write_page
    except ModuleNotFoundError as absent:
        install = f"python -m pip install {absent.name}"
        return f"No pictures: {absent.name} is not installed; run: {install}"
    with show_training_progress() as report:
        exhibits = train_exhibits(attempt, verdict, split, report)
    results = find_working_folder() / "milestones" / attempt.milestone.folder.name / "results"
    name = f"{Path(gate.script).stem}_{datetime.now():%Y-%m-%d_%H%M%S}"
    try:
        page = write_page(verdict, split, exhibits, results / name)
    except OSError as error:
        return f"No pictures: {error.filename} cannot be written ({error.strerror})."
    return f"Pictures: {page}"


def _put_on_record(record: Record, verdict: Verdict) -> Record:
    """Put a pass on record; returns what is on record then."""
    passed = Pass(
        date=date.today().isoformat(),
        seed=verdict.seed,
        recipe=verdict.recipe,
        figures={condition.name: condition.reached for condition in verdict.conditions},
    )
    record = record.with_gate(verdict.gate.id, passed)
    store_record(record)
    return record


def _choose_recipe(gate: Gate, name: str) -> str:
    """Return the name of the recipe to train by; raises UsageError for one that is not there."""
    if name and name not in gate.recipes:
        known = ", ".join(gate.recipes)
        raise UsageError(f"gate {gate.id} has no recipe {name!r}; its recipes are {known}")
    return name or next(iter(gate.recipes))


def _name_submission(submission: Path) -> str:
    """Return what makes a command that is run here look at the same submission."""
    folder = submission.resolve()
    return "" if folder == Path.cwd().resolve() else f' --submission "{folder}"'
