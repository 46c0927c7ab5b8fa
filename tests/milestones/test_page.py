"""The page of a run needs nothing but itself, and is there as a whole or not at all."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field, replace
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import matplotlib
import pytest

from gradgate.submission.layout import find_submission
from milestones import commands
from milestones.data import splits
from milestones.data.splits import Split
from milestones.definition.gate_catalog import select_gates
from milestones.gate.run_gate import Attempt, ExhibitResult, run_gate
from milestones.gate.verdict import Condition, Verdict
from milestones.presentation.page import render_page, write_page
from proof.project import COURSE, PROJECT

DIGITS = splits.load("tinydigits")
PICTURES = {
    *("confusion", "curves", "exhibits", "filters"),
    *("layer_maps", "parameters", "shifts", "worst_mistakes"),
}
Exhibits = list[ExhibitResult]


@pytest.fixture(scope="session")
def attempt() -> Attempt:
    """Two epochs of the digits gate, with the reference as submission."""
    milestone, gate = select_gates(["04/01"])[0]
    recipe = replace(gate.recipes["90"], epochs=2, phases=2)
    return Attempt(
        course=COURSE,
        milestone=milestone,
        gate=replace(gate, recipes={"90": recipe}),
        recipe="90",
        submission=find_submission(PROJECT / "reference", COURSE),
        seed=1,
    )


@pytest.fixture(scope="session")
def verdict(attempt: Attempt) -> Verdict:
    return run_gate(attempt, DIGITS, lambda progress: None)


@pytest.fixture(scope="session")
def exhibits(verdict: Verdict) -> Exhibits:
    """The gate's exhibits, as if its own networks were theirs."""
    own, rival = verdict.networks
    return [ExhibitResult(exhibit, own, rival) for exhibit in verdict.gate.exhibits]


@pytest.fixture(scope="session")
def page(verdict: Verdict, exhibits: Exhibits, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_page(verdict, DIGITS, exhibits, tmp_path_factory.mktemp("results") / "run")


@pytest.fixture(scope="session")
def html(page: Path) -> str:
    return page.read_text(encoding="utf-8")


@dataclass
class Read(HTMLParser):
    """What is on a page: its elements and its text."""

    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> Read:
    found = Read()
    found.feed(html)
    return found


def contents(page: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in page.parent.iterdir()}


def test_every_picture_is_on_the_page_and_beside_it(page: Path, html: str) -> None:
    images = [attributes for tag, attributes in read(html).tags if tag == "img"]
    files = {name for name in contents(page) if name != "index.html"}
    assert files == {f"{name}.png" for name in PICTURES}
    prefix = "data:image/png;base64,"
    embedded = [base64.b64decode((one["src"] or "").removeprefix(prefix)) for one in images]
    assert sorted(embedded) == sorted(contents(page)[name] for name in files)
    assert all(one["alt"] for one in images)


def test_the_page_asks_for_nothing_else(html: str) -> None:
    elements = read(html).tags
    assert not {tag for tag, _ in elements} & {"script", "link", "iframe", "object", "base"}
    addresses = [a[name] or "" for _, a in elements for name in ("src", "href") if name in a]
    assert all(address.startswith("data:image/png;base64,") for address in addresses)
    assert not re.search(r"https?:|file:|url\(|@import", html)
    assert len(html) < 1_500_000


def test_the_page_begins_with_the_verdict(html: str, verdict: Verdict) -> None:
    text = html.partition("<img")[0]
    assert escape(verdict.gate.title[1:]) in text
    assert "This run has" in text
    for condition in verdict.conditions:
        for words in (condition.name, condition.reached, condition.needed):
            assert escape(words) in text
    assert "Recipe 90: 2 epochs in batches of 20. Seed 1 repeats this run." in text
    assert "1,898" in text
    assert "2,410" in text


def test_the_exhibits_say_what_was_reached_in_this_run(html: str, exhibits: Exhibits) -> None:
    text = read(html).text
    for result in exhibits:
        exhibit, own, rival = result.exhibit, result.own, result.rival
        assert f"{exhibit.shows}. In this run {own.network.title} recognises " in text
        assert f"{rival.network.title}, which recognises" in text


def test_what_is_not_passed_or_not_judged_is_called_that(verdict: Verdict) -> None:
    judged = (
        Condition(name="one", reached="1", needed="2", passed=False),
        Condition(name="two", reached="?", needed="3", passed=None),
    )
    text = read(render_page(replace(verdict, conditions=judged), [])).text
    assert "This run has not passed the gate." in text
    assert "not judged" in text


def test_the_same_verdict_gives_the_same_bytes_whatever_the_settings(
    page: Path, verdict: Verdict, exhibits: Exhibits, tmp_path: Path
) -> None:
    with matplotlib.rc_context({"font.size": 30, "savefig.dpi": 50, "axes.grid": True}):
        again = write_page(verdict, DIGITS, exhibits, tmp_path / "run")
        assert matplotlib.rcParams["font.size"] == 30
    assert contents(again) == contents(page)


def test_text_is_text_and_never_markup(
    verdict: Verdict, exhibits: Exhibits, tmp_path: Path
) -> None:
    evil = "<script>alert(1)</script>$\\frac{$"
    gate = replace(verdict.gate, title=evil)
    conditions = tuple(replace(c, name=evil, reached=evil) for c in verdict.conditions)
    split = replace(DIGITS, classes=tuple(f"{evil}{number}" for number in range(10)))
    shown = [
        replace(result, exhibit=replace(result.exhibit, title=evil, shows=evil))
        for result in exhibits
    ]
    judged = replace(verdict, gate=gate, conditions=conditions)
    written = write_page(judged, split, shown, tmp_path / "run")
    text = written.read_text(encoding="utf-8")
    assert "<script" not in text
    assert evil in read(text).text


def test_pages_are_below_the_current_folder(
    attempt: Attempt, verdict: Verdict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def note(verdict: Verdict, split: Split, exhibits: Exhibits, folder: Path) -> Path:
        return folder

    monkeypatch.setattr("milestones.presentation.page.write_page", note)
    monkeypatch.setattr(commands, "train_exhibits", lambda *_: [])
    monkeypatch.chdir(tmp_path)
    results = tmp_path / "milestones" / "04_1998_cnn" / "results"
    sentence = commands.draw_page(attempt, verdict, DIGITS)
    assert sentence.startswith(f"Pictures: {results / '01_lecun_tinydigits_'}")


@pytest.mark.parametrize("moment", ["pictures.curves.draw", "page.render_page"])
def test_an_interruption_leaves_nothing_behind(
    verdict: Verdict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    for slow in ("confusion", "exhibits", "filters", "layer_maps", "worst_mistakes"):
        monkeypatch.setattr(f"milestones.presentation.pictures.{slow}.draw", lambda run: None)
    monkeypatch.setattr(f"milestones.presentation.{moment}", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_page(verdict, DIGITS, [], tmp_path / "run")
    assert list(tmp_path.iterdir()) == []
