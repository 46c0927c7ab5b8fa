"""No hostile submission is believed, learns a secret, reaches anything or leaves anything behind.

Each file of `tests/hostile/` says what it tries and what must happen (proof/attack.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from grading import PROJECT, impatient_harness
from other_user import run_as

from gradgate.sandbox import confine
from proof.honeypot import Met, Surroundings, meet, surroundings
from proof.attack import attacks, read
from proof.hostile import MARKS, PATIENCE

ATTACKS = {attack.name: attack for attack in attacks()}
pytestmark = pytest.mark.skipif(
    not confine.confinable(), reason="no Landlock, or no seccomp, on this machine"
)
SAMPLE = (
    "reads_the_secret",
    "overwrites_the_result",
    "daemon_writes_results_later",
    "network_by_tcp",
    "stops_the_parent",
    "memory_fill",
    "locks_its_scratch_folder",
    "frames_on_every_descriptor",
)


@pytest.fixture(scope="module")
def around() -> Iterator[Surroundings]:
    with surroundings() as laid_out:
        yield laid_out


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The harness, but less patient with loops."""
    return impatient_harness(tmp_path_factory.mktemp("harness"), **PATIENCE)


@pytest.fixture(scope="module", params=ATTACKS)
def met(request: pytest.FixtureRequest, around: Surroundings, harness: Path) -> Met:
    return meet(ATTACKS[request.param], around, harness)


def test_an_attack_comes_to_nothing_and_is_told_in_plain_words(met: Met) -> None:
    assert [*met.troubles()] == []


def test_every_failure_is_one_sentence(met: Met) -> None:
    assert all(sentence and "\n" not in sentence for sentence in met.sentences)
    assert bool(met.sentences) == (met.attack.code == 1)
    assert "Traceback" not in met.run.out + met.run.err


def test_there_are_enough_of_them() -> None:
    assert len(ATTACKS) >= 60


def test_the_table_of_outcomes_names_every_one_of_them() -> None:
    text = (PROJECT / "docs" / "security.md").read_text(encoding="utf-8")
    table = text.partition(MARKS[0])[2].partition(MARKS[1])[0]
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == [*ATTACKS]
    assert "GOT THROUGH" not in table


def test_a_file_that_does_not_say_what_must_happen_is_none() -> None:
    with pytest.raises(ValueError, match="must happen"):
        read("vague", '"""Tries something.\n\nSomething happens.\n"""')


MENDED = '''"""Mends what is spoilt.

Fails: it must not be believed.
"""
def forward(self, x, training=True):
    return x * ((np.random.random_sample(x.shape) >= self.p) / (1 - self.p))

Dropout.forward = forward
'''


def test_a_pass_that_is_believed_would_be_seen(around: Surroundings) -> None:
    troubles = [*meet(read("mended", MENDED), around).troubles()]
    assert "layers passed" in troubles
    assert "exit code 0, should be 1" in troubles[0]


def test_they_come_to_nothing_for_an_ordinary_user_too() -> None:
    done = run_as(1234, "proof.hostile", *SAMPLE)
    assert done.returncode == 0, done.stdout
    assert f"{len(SAMPLE)} hostile submissions graded, 0 got through" in done.stdout
