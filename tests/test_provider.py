"""The backend draws by the seed alone, uniformly, and leaves shrinking as good as it was."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from hypothesis.internal.conjecture import data, engine, providers

from gradgate.examples import search as searching  # what it patches is part of what is tested
from gradgate.examples.provider import SIMPLE, UNIFORM, SimpleProvider, UniformProvider
from proof.project import PROJECT

Fails = Callable[[Any], bool]


class Falsified(Exception):
    """The failure of a search."""


def search(
    strategy: st.SearchStrategy[Any],
    fails: Fails = lambda example: False,
    *,
    seed: int = 0,
    examples: int = 100,
) -> list[Any]:
    """Search as the project does; returns every example that was tried, in its order."""
    tried = []

    @hypothesis.seed(seed)
    @hypothesis.settings(
        backend=UNIFORM,
        max_examples=examples,
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        print_blob=False,
        verbosity=hypothesis.Verbosity.quiet,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=(HealthCheck.too_slow,),
    )
    @hypothesis.given(strategy)
    def examine(example: Any) -> None:
        tried.append(example)
        if fails(example):
            raise Falsified

    try:
        examine()
    except Falsified:
        assert fails(tried[-1])  # Hypothesis ends with the smallest
    return tried


@st.composite
def arrays(draw: st.DrawFn) -> tuple[int, bytes, list[int]]:
    """How much is drawn depends on what is drawn, as in the project's checks."""
    sides = [draw(st.integers(0, 7)) for _ in range(draw(st.integers(0, 3)))]
    kind = draw(st.integers(0, 2))
    size = sum(sides) + kind
    numbers = draw(st.binary(min_size=size, max_size=size))
    return kind, numbers, draw(st.permutations(range(size))) if kind else sides


ANYTHING = st.tuples(
    arrays(),
    st.integers(),
    st.integers(min_value=5),
    st.integers(max_value=5),
    st.booleans(),
    st.floats(allow_nan=False),
    st.floats(-1, 1),
    st.text("abc"),
    st.lists(st.binary()),
    st.sets(st.integers(0, 10)),
)


# The same for every seed, in every place


def digest(examples: list[Any]) -> str:
    return hashlib.sha256(repr(examples).encode()).hexdigest()[:16]


def test_the_same_seed_draws_the_same_examples() -> None:
    assert search(ANYTHING, seed=3) == search(ANYTHING, seed=3)
    assert search(ANYTHING, seed=3) != search(ANYTHING, seed=4)


def test_every_version_of_python_and_of_hypothesis_draws_the_same_examples() -> None:
    """Change this with the recorded answers, and never unnoticed."""
    assert digest(search(arrays())) == "8af3e6987ec69445"


def test_what_was_searched_before_changes_nothing() -> None:
    first = search(arrays())
    search(arrays(), lambda example: len(example[1]) > 5, seed=1)
    assert search(arrays()) == first


SCRIPT = """
import sys
import {tests} as t
fails = lambda example: sum(example[1]) > 500
tried = [t.search(t.arrays(), fails, seed=seed) for seed in range(8)]
print(t.digest(tried), sum(map(len, tried)))
"""


def run(place: Path, code: str, **environment: str) -> str:
    """Run code in a process of its own, from a folder that it may write to."""
    place.mkdir(exist_ok=True)
    path = os.pathsep.join([str(place), str(Path(__file__).parent), str(PROJECT)])
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=place,
        env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.long
def test_neither_the_process_nor_the_place_nor_the_files_in_it_change_anything(
    tmp_path: Path,
) -> None:
    code = SCRIPT.format(tests=Path(__file__).stem)
    (tmp_path / "local").mkdir()
    (tmp_path / "local" / "literals.py").write_text(f"numbers = {[*range(40)]}\n")
    outputs = {
        run(tmp_path / "bare", code, PYTHONHASHSEED="1"),
        run(tmp_path / "bare", code, PYTHONHASHSEED="2"),
        run(tmp_path / "local", "import literals" + code, PYTHONHASHSEED="3"),
    }
    assert len(outputs) == 1


def test_nothing_is_left_in_the_current_folder(tmp_path: Path) -> None:
    (tmp_path / "literals.py").write_text(f"numbers = {[*range(40)]}\n")
    run(tmp_path, "import literals" + SCRIPT.format(tests=Path(__file__).stem))
    assert [path.name for path in tmp_path.iterdir()] == ["literals.py"]


# What is drawn


def test_an_example_depends_on_none_of_those_before() -> None:
    """They are the stream of the seeded Random, of which each takes what it needs."""
    stream = Random(5)
    expected = [0, *(stream.randint(0, 10**6) for _ in range(99))]
    assert search(st.integers(0, 10**6), seed=5) == expected


def test_no_example_is_made_of_parts_of_another() -> None:
    drawn = search(st.lists(st.integers(0, 10**12), min_size=8, max_size=8), examples=300)
    numbers = [number for example in drawn[1:] for number in example]
    assert len(numbers) == len(set(numbers))


def test_hypothesis_is_never_asked_to_change_an_example(monkeypatch: pytest.MonkeyPatch) -> None:
    def change(self: object, data: object) -> None:
        raise AssertionError

    monkeypatch.setattr(engine.ConjectureRunner, "generate_mutations_from", change)
    assert len(search(arrays(), examples=50)) == 50


@pytest.mark.parametrize(
    ("strategy", "simplest"),
    [
        (st.integers(3, 9), 3),
        (st.integers(-3, 9), 0),
        (st.binary(min_size=4, max_size=4), bytes(4)),
        (st.permutations(range(5)), [0, 1, 2, 3, 4]),
        (arrays(), (0, b"", [])),
    ],
)
def test_the_simplest_example_comes_first(strategy: st.SearchStrategy[Any], simplest: Any) -> None:
    assert search(strategy)[0] == simplest


def test_as_many_examples_are_tried_as_are_asked_for() -> None:
    assert [len(search(arrays(), examples=n)) for n in (1, 2, 17)] == [1, 2, 17]


def test_all_integers_within_the_bounds_are_equally_likely() -> None:
    counts = Counter(search(st.integers(-3, 4), examples=4001)[1:])
    assert sorted(counts) == [*range(-3, 5)]
    assert all(abs(count - 500) < 100 for count in counts.values())


def test_the_bounds_of_a_wide_range_are_no_likelier_than_the_rest() -> None:
    drawn = search(st.integers(0, 10**6), examples=1000)[1:]
    assert not {0, 1, 10**6 - 1, 10**6} & {*drawn}
    assert abs(sum(drawn) / len(drawn) - 5e5) < 5e4


def test_all_bytes_are_equally_likely() -> None:
    drawn = search(st.binary(min_size=100, max_size=100), examples=257)[1:]
    counts = Counter(b"".join(drawn))
    assert len(counts) == 256
    assert all(50 < count < 150 for count in counts.values())


def test_the_backend_does_what_hypothesis_demands_of_one(tmp_path: Path) -> None:
    """In a process of its own, as this test of Hypothesis's writes into the current folder."""
    code = """
from hypothesis import settings
from hypothesis.internal.conjecture.provider_conformance import run_conformance_test
from gradgate.examples.provider import UniformProvider
chosen = settings(max_examples=20, stateful_step_count=20, derandomize=True, database=None)
run_conformance_test(UniformProvider, settings=settings(chosen, deadline=None))
"""
    run(tmp_path, code, PYTHONHASHSEED="0")


# Shrinking


@pytest.mark.parametrize(
    ("strategy", "fails", "smallest"),
    [
        (st.integers(0, 10**6), lambda n: n >= 12345, 12345),
        (st.integers(-100, 100), lambda n: n < -7, -8),
        (st.integers(3, 9), lambda n: True, 3),
        (st.binary(min_size=6, max_size=6), lambda b: max(b) > 9, b"\0\0\0\0\0\n"),
        (st.binary(min_size=3, max_size=3), lambda b: b[1] > b[2], b"\0\1\0"),
        (st.permutations(range(6)), lambda p: p[0] > p[-1], [1, 2, 3, 4, 5, 0]),
        (st.permutations(range(6)), lambda p: p != sorted(p), [0, 1, 2, 3, 5, 4]),
        (arrays(), lambda e: sum(e[1]) > 99, (1, b"d", [0])),
        (arrays(), lambda e: e[0] == 0 and len(e[2]) == 2 and e[1] != b"", (0, b"\0", [0, 1])),
        (arrays(), lambda e: e[0] == 2 and e[2] != [0, 1], (2, b"\0\0", [1, 0])),
        (st.lists(st.booleans()), lambda x: sum(x) > 2, [True, True, True]),
        (st.text("abc"), lambda text: "c" in text, "c"),
        (st.floats(-10, 10), lambda x: x > 2.5, 3.0),
    ],
)
def test_a_failure_is_shrunk_to_the_smallest_example(
    strategy: st.SearchStrategy[Any], fails: Fails, smallest: Any
) -> None:
    for seed in range(3):
        assert search(strategy, fails, seed=seed, examples=200)[-1] == smallest


# What of Hypothesis is relied on


def test_the_names_relied_on_exist() -> None:
    """`_random` and `_get_local_constants` are private: this fails where they go."""
    example = data.ConjectureData(random=(source := Random(0)), provider=UniformProvider)
    assert example._random is source
    assert providers.AVAILABLE_PROVIDERS[UNIFORM] is UniformProvider
    assert providers.AVAILABLE_PROVIDERS[SIMPLE] is SimpleProvider
    assert callable(vars(providers)["_get_local_constants"])
    assert searching.providers._get_local_constants() is providers._local_constants


def test_nothing_of_hypothesis_but_local_constants_is_patched() -> None:
    changed = engine.ConjectureRunner.generate_mutations_from
    assert changed.__code__.co_filename == engine.__file__
