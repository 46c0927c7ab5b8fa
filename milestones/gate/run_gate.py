"""Running a gate: train its networks in workers of their own, one after the other, and judge."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from gradgate.sandbox import confine
from gradgate import limits
from gradgate.oracle import live as oracle
from gradgate.submission import layout as submission
from gradgate.authoring.api import Api
from gradgate.supervisor.worker_client import Setup, Worker
from gradgate.supervisor.launcher import Spawner, spawner
from gradgate.submission.layout import Submission
from milestones.catalog import Exhibit, Gate, Milestone
from milestones.data.splits import Split
from milestones.judging import Verdict, conditions
from milestones.recipe import Recipe
from milestones.remote import Refused, RemoteSession
from milestones.training import Tell, Trained, train

PATIENCE = 60.0  # seconds of training, above which no exhibit is trained besides


@dataclass(frozen=True)
class Entry:
    """What is run: a gate by one of its recipes, with a submission's modules, from a seed."""

    milestone: Milestone
    gate: Gate
    recipe: str
    submission: Submission
    seed: int
    require_isolation: bool = False


def run(entry: Entry, split: Split, tell: Tell) -> Verdict:
    """Train the gate's network, and its rival, with a submission, and judge what came of it."""
    gate, seed, own = entry.gate, entry.seed, entry.gate.recipes[entry.recipe]
    recipes = [own, *([replace(own, network=gate.rival)] if gate.rival else [])]
    api = oracle.reference() if oracle.available() else None
    networks: list[Trained] = []
    try:
        with _workers(entry) as worker:
            for number, wanted in enumerate(recipes):
                networks.append(_trained(worker, api, wanted, split, seed + number, tell))
    except Refused as refusal:
        told = f"{recipes[len(networks)].network.title}: {refusal}"
        return Verdict(gate, entry.recipe, seed, (), tuple(networks), told)
    judged = conditions(gate, tuple(networks))
    return Verdict(gate, entry.recipe, seed, judged, tuple(networks))


def shown(
    entry: Entry, verdict: Verdict, split: Split, tell: Tell
) -> list[tuple[Exhibit, Trained, Trained]]:
    """Train the networks of a gate's exhibits; none for a submission that takes minutes."""
    if sum(network.seconds for network in verdict.networks) > PATIENCE:
        return []
    found = []
    for exhibit in entry.gate.exhibits:
        with suppress(Refused):  # an exhibit decides nothing
            found.append((exhibit, *_exhibited(entry, exhibit, split, tell)))
    return found


def _exhibited(entry: Entry, exhibit: Exhibit, split: Split, tell: Tell) -> tuple[Trained, Trained]:
    variant = exhibit.variant(split, np.random.default_rng(entry.seed))
    own = replace(exhibit.recipe, replayed=0)
    with _workers(entry) as worker:
        own_network = _trained(worker, None, own, variant, entry.seed, tell)
        rival = replace(own, network=exhibit.rival)
        return own_network, _trained(worker, None, rival, variant, entry.seed, tell)


def _trained(
    worker: Callable[[], Worker],
    api: Api | None,
    recipe: Recipe,
    split: Split,
    seed: int,
    tell: Tell,
) -> Trained:
    """Train one network in a worker of its own."""
    with closing(worker()) as running:
        remote = RemoteSession(running, seed, recipe.minutes)
        trained = train(remote, api, recipe, split, seed, tell)
        return replace(trained, isolation=running.isolation)


@contextmanager
def _workers(entry: Entry) -> Iterator[Callable[[], Worker]]:
    """Yield what makes a worker with a copy of the submission; the copy lasts as long."""
    with tempfile.TemporaryDirectory(prefix="gradgate-", ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        confine.share(folder)
        submission.copy(entry.submission, folder / "submission")
        setup = Setup(
            entry.submission,
            folder / "submission",
            entry.milestone.needs[-1].name,
            recording=True,
            scenarios="milestones.session",
            memory_bytes=limits.TRAINING_MEMORY_BYTES,
            cpu_seconds=int(120 * entry.gate.recipes[entry.recipe].minutes),
            require_isolation=entry.require_isolation,
        )
        with closing(spawner()) as spawned:
            yield lambda: _worker(spawned, setup, folder)


def _worker(spawned: Spawner, setup: Setup, folder: Path) -> Worker:
    return Worker(spawned, setup, Path(tempfile.mkdtemp(dir=folder)))
