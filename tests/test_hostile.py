"""No hostile submission is believed, learns a secret, reaches anything or leaves anything behind.

Each file of `proof/corpus/hostile/` says what it tries and what must happen (proof/attack.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from corpora import mark_most_long
from other_user import run_as

from gradgate.sandbox.libraries import can_confine
from proof.attack import read_attack, read_attacks
from proof.commands.grade_hostile import LIMITS, MARKS
from proof.harness import make_impatient_course
from proof.honeypot import AttackResult, HoneypotEnvironment, grade_attack, lay_out_honeypot
from proof.project import PROJECT

ATTACKS = {attack.name: attack for attack in read_attacks()}
pytestmark = pytest.mark.skipif(
    not can_confine(), reason="no Landlock, or no seccomp, on this machine"
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
def environment() -> Iterator[HoneypotEnvironment]:
    with lay_out_honeypot() as laid_out:
        yield laid_out


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course, but less patient with loops."""
    return make_impatient_course(tmp_path_factory.mktemp("course"), **LIMITS)


@pytest.fixture(scope="module", params=mark_most_long(ATTACKS))
def result(
    request: pytest.FixtureRequest, environment: HoneypotEnvironment, course: Path
) -> AttackResult:
    return grade_attack(ATTACKS[request.param], environment, course)


def test_an_attack_comes_to_nothing_and_the_report_says_so(result: AttackResult) -> None:
    assert result.list_problems() == []


def test_every_failure_is_one_sentence(result: AttackResult) -> None:
    assert all(sentence and "\n" not in sentence for sentence in result.sentences)
    assert bool(result.sentences) == (result.attack.exit_code == 1)
    assert "Traceback" not in result.run.out + result.run.err


def test_there_are_enough_of_them() -> None:
    assert len(ATTACKS) >= 60


def test_the_table_of_outcomes_names_every_one_of_them() -> None:
    text = (PROJECT / "docs" / "security.md").read_text(encoding="utf-8")
    table = text.partition(MARKS[0])[2].partition(MARKS[1])[0]
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == [*ATTACKS]
    assert "GOT THROUGH" not in table


VAGUE = (
    ("Something happens.", "what must happen is not said"),
    ("Fails: always.\n\nAnd then some.", "a paragraph of no known kind"),
)


@pytest.mark.parametrize(("text", "message"), VAGUE)
def test_a_file_that_does_not_say_what_must_happen_is_none(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_attack("vague", f'"""Tries something.\n\n{text}\n"""')


MENDED = '''"""Mends what is spoilt.

Fails: it must not be believed.
"""
def forward(self, x, training=True):
    return x * ((np.random.random_sample(x.shape) >= self.p) / (1 - self.p))

Dropout.forward = forward
'''


def test_a_pass_that_is_believed_would_be_seen(environment: HoneypotEnvironment) -> None:
    problems = grade_attack(read_attack("mended", MENDED), environment).list_problems()
    assert "layers passed" in problems
    assert "exit code 0, should be 1" in problems[0]


@pytest.mark.long
def test_they_come_to_nothing_for_an_ordinary_user_too() -> None:
    done = run_as(1234, "proof", "hostile", *SAMPLE)
    assert done.returncode == 0, done.stdout
    assert f"{len(SAMPLE)} hostile submissions graded, 0 got through" in done.stdout
