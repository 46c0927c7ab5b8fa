"""`gradgate export`: what is read from a report, and what GitHub shows of it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from gradgate.cli.export_command import find_outlet
from gradgate.errors import UsageError
from gradgate.reporting import github
from gradgate.reporting.github import MOST_BYTES, render_annotations, render_summary
from gradgate.reporting.json_report import as_data, write_report
from gradgate.reporting.saved_report import MOST_BYTES as MOST_BYTES_READ
from gradgate.reporting.saved_report import read_report
from gradgate.results import (
    Cause,
    CheckResult,
    Isolation,
    ModuleResult,
    Notes,
    Report,
    Versions,
)
from proof.harness import grade, reference, write
from proof.project import PROJECT

# Everything that Markdown, HTML, a runner of workflows or a terminal obeys.
HOSTILE = (
    "```\n# forged\n```",
    "`code` ``` ```` text",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "[click](https://example.com) ![x](https://example.com/x.png) https://example.com",
    "@everyone #1 octocat/repo#2 :tada:",
    "| passed | passed |\n|---|---|\n| all | of it |",
    "::error file=x.py::forged\n::set-output name=a::b\n::stop-commands::x\n##[error]x",
    "%0A::error::forged\r::error::forged\x85::error::forged\u2028::error::forged",
    "\x1b[2J\x00\u202e\u200b",
    "<!-- --></details></summary>\n</pre>",
    "\\`\\|\\",
    "    indented\n\ttab",
)
OWN_WORDS = re.compile(
    r"gradgate: (not )?passed|module|result|checks|points|\d+/\d+|"
    + re.escape(github.LEFT_OUT.strip())
)


def make_check(text: str = "wrong", **fields: Any) -> CheckResult:
    """Make a failure all of whose texts are the same."""
    cause = Cause(
        kind="value",
        sentence=text,
        place=f"{text}:3",
        function=text,
        result=text,
        got=text,
        want=text,
        difference=text,
    )
    usual = {
        "id": "tensor.adds",
        "title": text,
        "hint": text,
        "points": 1,
        "stretch": False,
        "outcome": "failed",
        "examples": 3,
        "cause": cause,
        "inputs": {text: text},
        "explanation": text,
        "printed": text,
        "snippet": text,
    }
    return CheckResult(**{**usual, **fields})


def make_report(*checks: CheckResult, text: str = "tensor", submission: str = ".") -> Report:
    """Make a report on one module."""
    module = ModuleResult(
        number=1,
        name=text,
        file="student/tensor.py",
        names=(),
        checks=checks,
        seconds=1.5,
        isolation=Isolation(("starting processes",), ()),
    )
    versions = Versions(
        gradgate="0.2.0", python="3.13.1", numpy="2.3.1", hypothesis="6.1", checks=64 * "0"
    )
    return Report(
        submission=submission,
        seed=7,
        oracle="recorded",
        versions=versions,
        modules=(module,),
        notes=Notes((f"{text} was left out",), (text,)),
    )


PASSED = make_check(outcome="passed", cause=None, hint="", inputs={}, printed="", snippet="")


def at(place: str, **fields: Any) -> CheckResult:
    """Make a failure whose cause is at a place."""
    return make_check(cause=Cause(kind="exception", sentence="wrong", place=place), **fields)


def parse_command(line: str) -> tuple[str, dict[str, str], str]:
    """Read a line as a runner reads a workflow command: its name, properties and message."""
    match = re.fullmatch(r"::(\w+) (.*?)::(.*)", line)
    assert match, line
    pairs = (pair.split("=", 1) for pair in match[2].split(","))
    return match[1], {name: unescape(text) for name, text in pairs}, unescape(match[3])


def unescape(text: str) -> str:
    for code, character in (
        ("%2C", ","),
        ("%3A", ":"),
        ("%0A", "\n"),
        ("%0D", "\r"),
        ("%25", "%"),
    ):
        text = text.replace(code, character)
    return text


def list_tokens(markdown: str) -> list[tuple[str, str]]:
    """Return the kinds and texts of everything that a page is made of."""
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    tokens = [leaf for token in parser.parse(markdown) for leaf in (token, *(token.children or ()))]
    return [(token.type, token.content) for token in tokens]


@pytest.mark.parametrize("checks", [(PASSED,), (PASSED, make_check()), (at("a.py:3"),)])
def test_a_report_is_read_as_it_was_written(checks: tuple[CheckResult], tmp_path: Path) -> None:
    report = make_report(*checks)
    write_report(report, tmp_path / "report.json")
    assert as_data(read_report(tmp_path / "report.json")) == as_data(report)


def damage(**changes: Any) -> bytes:
    """Return a report in which some keys have other values, or are gone."""
    data = {**as_data(make_report(make_check())), **changes}
    return json.dumps({key: data[key] for key in data if data[key] is not ...}).encode()


DAMAGED = {
    "no JSON": b"my thesis",
    "nothing": b"",
    "cut off": damage()[:-200],
    "no text": b"\xff\xfe\x00",
    "nested": b"[" * 100_000,
    "a list": b"[]",
    "foreign": damage(schema="other"),
    "old": damage(version=1),
    "a later one": damage(version=3),
    "no seed": damage(seed=...),
    "no modules": damage(modules=...),
    "modules are a number": damage(modules=1),
    "modules are numbers": damage(modules=[1]),
    "a module without a name": damage(modules=[{"checks": []}]),
    "notes are no texts": damage(excluded=[1]),
    "isolation is a text": damage(isolation="proven"),
    "a failure without a cause": damage(
        modules=[
            {**module, "checks": [{key: value for key, value in check.items() if key != "cause"}]}
            for module in as_data(make_report(make_check()))["modules"]
            for check in module["checks"]
        ]
    ),
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_what_is_no_report_is_refused_in_one_line(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_bytes(content)
    with pytest.raises(UsageError) as refused:
        read_report(file)
    (line,) = str(refused.value).splitlines()
    assert line.startswith(f"{file} is ")


def test_a_file_that_is_missing_or_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no file"):
        read_report(tmp_path / "report.json")
    with pytest.raises(UsageError, match="there is no file"):
        read_report(tmp_path)
    with (tmp_path / "report.json").open("wb") as file:
        file.truncate(MOST_BYTES_READ + 1)
    with pytest.raises(UsageError, match="larger than 16 MiB"):
        read_report(tmp_path / "report.json")


def test_an_outlet_is_a_file_that_has_a_function_export() -> None:
    assert find_outlet("github") is github.export
    for name in ("terminal", "nowhere", "../cli", ""):
        with pytest.raises(UsageError, match=r"no such outlet; there is .*github"):
            find_outlet(name)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stands_in_code_and_does_nothing(text: str) -> None:
    report = make_report(make_check(text), PASSED, text=text)
    check_that_only_code_holds_texts(render_summary(report))


@given(st.text(alphabet="`~|<>&[]()@#:*_\\-=\n\r\t abc\x00\u2028", max_size=30))
def test_no_text_gets_out_of_its_code(text: str) -> None:
    report = make_report(make_check(f"{text}."), text=text)
    check_that_only_code_holds_texts(render_summary(report))


def check_that_only_code_holds_texts(summary: str) -> None:
    tokens = list_tokens(summary)
    own = [content for kind, content in tokens if kind == "text" and content]
    assert all(OWN_WORDS.fullmatch(content) for content in own)
    kinds = {kind for kind, _ in tokens if not re.match(r"(table|thead|tbody|tr|th|td)_", kind)}
    assert kinds <= {
        "heading_open",
        "heading_close",
        "paragraph_open",
        "paragraph_close",
        "inline",
        "text",
        "fence",
        "code_inline",
    }
    assert sum(kind == "td_open" for kind, _ in tokens) == 4
    assert sum(kind == "heading_open" for kind, _ in tokens) == 1
    assert all(c.isprintable() or c == "\n" for c in summary)


def test_the_summary_says_what_the_report_says() -> None:
    report = make_report(make_check("x is wrong"), PASSED)
    text = render_summary(report)
    assert text.startswith("## gradgate: not passed\n")
    assert "| ` 01 tensor ` | ` failed ` | 1/2 | 1/2 |" in text
    for words in ("✗ 01 tensor · x is wrong", "Hint: x is wrong", "0 of 1 modules passed, 1 of 2"):
        assert words in text
    assert render_summary(make_report(PASSED)).startswith("## gradgate: passed\n")


def test_a_summary_that_is_too_long_leaves_out_whole_paragraphs_and_says_so() -> None:
    checks = [make_check(f"{number} {'`' * 9} é {'x' * 9_000}") for number in range(60)]
    summary = render_summary(make_report(*checks))
    assert MOST_BYTES * 0.9 < len(summary.encode()) <= MOST_BYTES
    assert summary.endswith(github.LEFT_OUT)
    check_that_only_code_holds_texts(summary)
    small = make_report(*(make_check(f"{number} is wrong") for number in range(5)))
    for room in range(600, 2_600, 7):
        assert len(render_summary(small, room).encode()) <= room


def test_a_summary_is_appended_and_what_is_there_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "summary.md"
    file.write_bytes(b"x" * (MOST_BYTES - 2_000) + b"\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(file))
    github.export(make_report(*(make_check(f"{n} is wrong") for n in range(40))))
    written = file.read_bytes()
    assert written.startswith(b"xxx")
    assert len(written) <= MOST_BYTES
    assert github.LEFT_OUT.encode() in written
    assert "## gradgate" not in capsys.readouterr().out


def test_without_a_file_for_it_the_summary_is_printed_and_holds_no_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    github.export(make_report(*map(make_check, HOSTILE)))
    printed = capsys.readouterr().out
    summary, annotations = printed[: printed.index("\n::error ")], printed.count("\n::error ")
    assert summary.startswith("## gradgate: not passed\n")
    assert "##[" not in printed
    assert not re.search(r"^\s*::", summary, re.MULTILINE)
    assert annotations == github.MOST_ANNOTATIONS + 1


@pytest.mark.parametrize("text", HOSTILE)
def test_an_annotation_is_one_command_whatever_the_texts_hold(text: str) -> None:
    report = make_report(make_check(text, points=3), text=text)
    (line,) = render_annotations(report)
    assert line.splitlines() == [line]
    name, properties, message = parse_command(line)
    assert name == "error"
    assert set(properties) <= {"title", "file", "line"}
    assert "Hint: " in message


def test_an_annotation_says_module_check_cause_and_hint() -> None:
    (line,) = render_annotations(
        make_report(at("student/tensor.py:12", title="It adds, 5 %2C:: ok."))
    )
    assert parse_command(line) == (
        "error",
        {"file": "student/tensor.py", "line": "12", "title": "01 tensor: It adds, 5 %2C:: ok."},
        "wrong\nHint: wrong",
    )


@pytest.mark.parametrize(
    ("place", "submission", "shown"),
    [
        ("student/tensor.py:3", "../submission", "student/tensor.py"),
        ("tensor.py:3", ".", "tensor.py"),
        ("", ".", "student/tensor.py"),
        ("submission/tensor.py:3", "/work/submission", None),  # the folder is the package
        ("/etc/passwd.py:3", ".", None),
        ("../tensor.py:3", ".", None),
        ("student/../tensor.py:3", ".", None),
        ("student//tensor.py:3", ".", None),
        ("student\\tensor.py:3", ".", None),
        (".github/x.py:3", ".", None),
        ("tensor.py:x", ".", None),
        ("<string>:3", ".", None),
    ],
)
def test_an_annotation_names_a_file_only_as_it_stands_in_the_repository(
    place: str, submission: str, shown: str | None
) -> None:
    (line,) = render_annotations(make_report(at(place), submission=submission))
    assert parse_command(line)[1].get("file") == shown


def test_a_module_that_is_not_begun_is_not_annotated() -> None:
    stub = make_check(cause=Cause(kind="not implemented", sentence="not there yet"))
    assert render_annotations(make_report(stub)) == []


def test_a_failure_with_its_cause_elsewhere_is_not_annotated() -> None:
    checks = (make_check(), make_check(because_of="tensor"))
    assert len(render_annotations(make_report(*checks))) == 1


def test_what_could_not_be_checked_is_in_the_summary_and_annotates_no_line() -> None:
    report = make_report(make_check("the reference fails", outcome="could not check"))
    assert render_annotations(report) == []
    assert "the reference fails. This is the grader's fault, not yours." in render_summary(report)


@pytest.mark.parametrize(("count", "shown", "last"), [(9, 9, "Hint"), (10, 10, "1 more failure ")])
def test_at_most_nine_causes_are_annotated_and_the_rest_is_counted(
    count: int, shown: int, last: str
) -> None:
    checks = [at("", id=f"tensor.check{number}") for number in range(count)]
    lines = render_annotations(make_report(*checks))
    assert len(lines) == shown
    assert last in lines[-1]


def test_causes_that_say_the_same_are_annotated_once() -> None:
    (line,) = render_annotations(make_report(at("tensor.py:1"), at("tensor.py:1")))
    assert parse_command(line)[1]["title"] == "01 tensor: wrong and 1 more"


def test_the_command_shows_a_report_of_a_real_run(tmp_path: Path) -> None:
    wrong = reference(activations=("np.maximum(x.data, 0)", "np.maximum(x.data, ::error::)"))
    run = grade(write(tmp_path / "graded", wrong), "02", "-k", "relu")
    (tmp_path / "report.json").write_text(json.dumps(run.data))
    done = export("report.json", "--to", "github", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "summary.md").read_text().startswith("## gradgate: not passed\n")
    (line,) = done.stdout.splitlines()
    assert parse_command(line)[1]["file"] == "student/activations.py"


@pytest.mark.parametrize(
    "arguments",
    [
        ("nowhere.json", "--to", "github"),
        ("report.json", "--to", "github"),
        ("report.json", "--to", "elsewhere"),
        ("report.json",),
        (),
    ],
)
def test_the_command_refuses_what_it_cannot_show(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "report.json").write_text("my thesis")
    done = export(*arguments, folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.search(r"^(Error|gradgate): .+$", done.stderr, re.MULTILINE)
    assert "Traceback" not in done.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["report.json"]


def test_a_summary_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    write_report(make_report(PASSED), tmp_path / "report.json")
    (tmp_path / "summary.md").mkdir()
    done = export("report.json", "--to", "github", folder=tmp_path)
    assert done.returncode == 2
    assert re.fullmatch(r"gradgate: GITHUB_STEP_SUMMARY: .* cannot be written: .*\n", done.stderr)


def export(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run `gradgate export` in a folder; the summary goes to a file in it."""
    return subprocess.run(
        [sys.executable, "-m", "gradgate", "export", *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(PROJECT), "GITHUB_STEP_SUMMARY": str(folder / "summary.md")},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
