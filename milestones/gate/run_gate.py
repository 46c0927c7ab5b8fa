"""Running a gate: train its networks in workers of their own, one after the other, and judge."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from gradgate.authoring.api import Api
from gradgate.course import Course
from gradgate.oracle.live import has_reference, load_reference
from gradgate.sandbox.user import share
from gradgate.submission.copying import copy_submission
from gradgate.submission.layout import Submission
from gradgate.supervisor.launcher import Launcher, make_launcher
from gradgate.supervisor.worker_client import Setup, WorkerClient

from ..data.splits import Split
from ..definition import Exhibit, Gate, Milestone, Recipe
from ..milestone_errors import TrainingRejected
from ..training.remote_session import RemoteSession
from ..training.secret_run import draw_secret_run
from ..training.train import ReportProgress, list_test_images, train
from ..training.trained_network import ReplayResult, TrainedNetwork
from .replay import Replay, measure_agreement
from .verdict import Verdict, judge_conditions

PATIENCE = 60.0  # seconds of training, above which no exhibit is trained besides


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What is run: a gate by one of its recipes, with a submission's modules, from a seed."""

    course: Course
    milestone: Milestone
    gate: Gate
    recipe: str
    submission: Submission
    seed: int
    require_isolation: bool = False


@dataclass(frozen=True, eq=False)
class ExhibitResult:
    """Both networks of an exhibit, trained."""

    exhibit: Exhibit
    own: TrainedNetwork
    rival: TrainedNetwork


def run_gate(attempt: Attempt, split: Split, report: ReportProgress) -> Verdict:
    """Train the gate's network, and its rival, with a submission, and judge what came of it."""
    gate, own = attempt.gate, attempt.gate.recipes[attempt.recipe]
    recipes = [own]
    if gate.rival:
        recipes.append(replace(own, network=gate.rival))
    course = attempt.course
    api = load_reference(course) if has_reference(course) else None
    networks: list[TrainedNetwork] = []
    verdict = Verdict(gate=gate, recipe=attempt.recipe, seed=attempt.seed)
    try:
        with _open_trainer(attempt, split, report) as trainer:
            for number, recipe in enumerate(recipes):
                networks.append(trainer.train(recipe, attempt.seed + number, api))
    except TrainingRejected as rejected:
        reason = f"{recipes[len(networks)].network.title}: {rejected}"
        return replace(verdict, networks=tuple(networks), rejection=reason)
    conditions = judge_conditions(gate, tuple(networks))
    return replace(verdict, conditions=conditions, networks=tuple(networks))


def train_exhibits(
    attempt: Attempt, verdict: Verdict, split: Split, report: ReportProgress
) -> list[ExhibitResult]:
    """Train the networks of a gate's exhibits; none for a submission that takes minutes."""
    if sum(network.seconds for network in verdict.networks) > PATIENCE:
        return []
    results = []
    for exhibit in attempt.gate.exhibits:
        with suppress(TrainingRejected):  # an exhibit decides nothing
            results.append(_train_exhibit(attempt, exhibit, split, report))
    return results


def _train_exhibit(
    attempt: Attempt, exhibit: Exhibit, split: Split, report: ReportProgress
) -> ExhibitResult:
    variant = exhibit.variant(split, np.random.default_rng(attempt.seed))
    recipe = replace(exhibit.recipe, replayed=0)
    with _open_trainer(attempt, variant, report) as trainer:
        own = trainer.train(recipe, attempt.seed)
        rival = trainer.train(replace(recipe, network=exhibit.rival), attempt.seed)
    return ExhibitResult(exhibit, own, rival)


@dataclass(frozen=True, kw_only=True)
class _Trainer:
    """Trains networks on one split, each in a worker of its own."""

    setup: Setup
    launcher: Launcher
    folder: Path
    owners: Mapping[str, str]
    split: Split
    report: ReportProgress

    def train(self, recipe: Recipe, seed: int, api: Api | None = None) -> TrainedNetwork:
        """Train one network; with the reference's `api`, repeat its steps and its predictions."""
        secret = draw_secret_run(recipe, self.split, seed)
        replay = Replay(api, secret) if api else None
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        with closing(WorkerClient(self.launcher, self.setup, folder)) as worker:
            remote = RemoteSession(
                worker,
                owners=self.owners,
                limits=self.setup.limits,
                seed=seed,
                minutes=recipe.minutes,
            )
            follow = replay.follow if replay else None
            trained = train(remote, secret, self.split, self.report, follow)
            trained = replace(trained, isolation=worker.isolation)
        if api is None or replay is None:
            return trained
        images = list_test_images(self.split)
        logits = [trained.logits, *trained.shifted_logits]
        agreement = measure_agreement(api, secret, trained.state, images, logits)
        result = ReplayResult(steps=replay.steps, deviation=replay.deviation, agreement=agreement)
        return replace(trained, replay=result)


@contextmanager
def _open_trainer(attempt: Attempt, split: Split, report: ReportProgress) -> Iterator[_Trainer]:
    """Yield what trains with a copy of the submission; the copy lasts as long."""
    course, recipe = attempt.course, attempt.gate.recipes[attempt.recipe]
    limits = replace(
        course.limits,
        memory_mib=course.limits.training_memory_mib,
        cpu_seconds=int(120 * recipe.minutes),
    )
    with tempfile.TemporaryDirectory(prefix="gradgate-", ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        share(folder)
        copy_submission(attempt.submission, folder / "submission", limits)
        setup = Setup(
            submission=attempt.submission,
            root=folder / "submission",
            module=attempt.milestone.list_modules(course)[-1].name,
            course=course.folder,
            limits=limits,
            scenarios="milestones.training.session",
            require_isolation=attempt.require_isolation,
        )
        with closing(make_launcher(course.folder)) as launcher:
            yield _Trainer(
                setup=setup,
                launcher=launcher,
                folder=folder,
                owners=course.owners,
                split=split,
                report=report,
            )
