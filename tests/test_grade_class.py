"""The program that grades a class: its roster, what it fetches, and what nobody can stop."""

from __future__ import annotations

import importlib.util
import os
import sys
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from git_repositories import commit, make_repository, run_git

from proof.harness import running_below, write
from proof.project import PROJECT


@pytest.fixture(scope="module")
def grade_class() -> ModuleType:
    """The program that grade-class.yml runs."""
    file = PROJECT / ".github" / "grade_class.py"
    spec = importlib.util.spec_from_file_location("grade_class", file)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["grade_class"] = module  # where its dataclasses look for their names
    spec.loader.exec_module(module)
    return module


ROSTERS = {
    "": "line 1: the columns must be person,repository,ref",
    "person,repository\nada,uni/ada\n": "line 1: the columns must be person,repository,ref",
    "person,repository,ref\n": "names nobody",
    "person,repository,ref\n../ada,uni/ada,\n": "line 2: person '../ada' is no name",
    "person,repository,ref\n,uni/ada,\n": "line 2: person '' is no name",
    "person,repository,ref\nada.,uni/ada,\n": "line 2: person 'ada.' is no name",
    f"person,repository,ref\n{'a' * 65},uni/ada,\n": "is no name",
    "person,repository,ref\nada,uni/ada,\nADA,uni/b,\n": "person 'ADA' is in line 2 already",
    "person,repository,ref\nada,ada,\n": "line 2: repository 'ada' is not OWNER/NAME",
    "person,repository,ref\nada,uni/..,\n": "line 2: repository 'uni/..' is not OWNER/NAME",
    "person,repository,ref\nada,-u/ada,\n": "line 2: repository '-u/ada' is not OWNER/NAME",
    "person,repository,ref\nada,uni/ada,--upload-pack=x\n": "line 2: ref '--upload-pack=x' is no",
    "person,repository,ref\nada,uni/ada,a..b\n": "line 2: ref 'a..b' is no branch, tag or commit",
    "person,repository,ref\nada,uni/ada,main,x\n": "line 2: has more than the 3 columns",
}


@pytest.mark.parametrize(("text", "fault"), ROSTERS.items())
def test_a_roster_that_cannot_be_used_is_refused_before_anything_is_done(
    text: str,
    fault: str,
    grade_class: ModuleType,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "roster.csv").write_text(text, encoding="utf-8")
    code = grade_class.main([str(tmp_path / "roster.csv"), str(tmp_path / "results")])
    out, err = capsys.readouterr()
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert fault in err
    assert not (tmp_path / "results").exists()


def test_a_roster_that_is_not_there_and_results_that_are_are_refused(
    grade_class: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    roster, results = tmp_path / "roster.csv", tmp_path / "results"
    assert grade_class.main([str(roster), str(results)]) == 2
    assert "make one with the columns person,repository,ref" in capsys.readouterr().err
    roster.write_bytes(b"\xef\xbb\xbfperson,repository,ref\r\nada,uni/ada,\r\n")  # as Excel does
    write(results, {"ada/report.json": "of last week"})
    assert grade_class.main([str(roster), str(results)]) == 2
    assert "exists; move it away" in capsys.readouterr().err
    assert (results / "ada" / "report.json").read_text() == "of last week"
    assert grade_class.main([str(roster)]) == 2


def test_whatever_happens_to_one_person_the_others_are_graded(
    grade_class: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def grade_person(person: Any, *given: Any) -> None:
        if person.name == "bob":
            raise RecursionError
        if person.name == "cyd":
            raise grade_class.NoVerdictError("took more than 30 minutes")
        person.outcome = "passed"

    monkeypatch.setattr(grade_class, "grade_person", grade_person)
    roster = write(
        tmp_path, {"r.csv": "person,repository,ref\n" + people("ada", "bob", "cyd", "dan")}
    )
    assert grade_class.main([str(roster / "r.csv"), str(tmp_path / "results")]) == 2
    rows = (tmp_path / "results" / "_summary.md").read_text(encoding="utf-8").splitlines()[2:]
    assert [row.split(" | ")[3] for row in rows] == [
        "passed",
        "could not be graded: RecursionError",
        "took more than 30 minutes",
        "passed",
    ]


def people(*names: str) -> str:
    return "".join(f"{name},uni/{name},\n" for name in names)


def test_a_command_ends_at_its_limit_with_all_that_it_started(
    grade_class: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ["bash", "-c", "trap '' TERM; (trap '' TERM; sleep 60; touch late) & sleep 60"]
    monkeypatch.setattr(grade_class, "TIDY_SECONDS", 0.2)
    start = time.monotonic()
    with (tmp_path / "log").open("w") as log, pytest.raises(grade_class.NoVerdictError):
        grade_class.run(log, time.monotonic() + 0.3, command, cwd=tmp_path)
    assert time.monotonic() - start < 30
    assert running_below(tmp_path) == []


def test_a_commit_is_copied_as_it_is_and_runs_nothing(
    grade_class: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = tmp_path / "ran"
    hooks = write(tmp_path / "hooks", {"post-index-change": f"#!/bin/sh\ntouch {ran}\n"})
    (hooks / "post-index-change").chmod(0o755)
    settings = f'[core]\n\thooksPath = {hooks}\n[filter "run"]\n\tsmudge = touch {ran}; cat\n'
    home = write(tmp_path / "home", {".gitconfig": settings})
    files = {
        "student/a.py": "x = 1\n",
        ".gitattributes": "student/* export-ignore export-subst filter=run\n*.bin filter=lfs\n",
        "big.bin": "version https://git-lfs.github.com/spec/v1\n",
        ".gitmodules": '[submodule "m"]\n\tpath = m\n\turl = file:///etc\n',
    }
    repository = make_repository(tmp_path / "hub" / "uni" / "ada", files)
    (repository / "link").symlink_to("/etc/passwd")
    head = commit(repository)
    run_git(repository, "-c", "user.name=A", "-c", "user.email=a@b", "tag", "-a", "v1", "-m", "v1")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    person = grade_class.Person("ada", "uni/ada", "v1")
    host = grade_class.Host(f"file://{tmp_path / 'hub'}", "")
    (place := tmp_path / "place").mkdir()
    assert fetch(grade_class, person, host, place) == head
    copied = {
        str(f.relative_to(place / "submission")): f for f in (place / "submission").rglob("*")
    }
    assert {*copied} == {*files, "student", "link"}
    assert copied["link"].read_text() == "/etc/passwd"
    assert not copied["link"].is_symlink()
    assert copied["student/a.py"].read_text() == "x = 1\n"
    assert not ran.exists()


@pytest.mark.parametrize("server", ["ext::sh -c 'touch ran' #", "{0}", "ssh://x", "http://x"])
def test_a_repository_is_reached_by_no_other_protocol_than_https(
    server: str, grade_class: ModuleType, tmp_path: Path
) -> None:
    make_repository(tmp_path / "uni" / "ada", {"a.py": ""})
    person = grade_class.Person("ada", "uni/ada", "")
    host = grade_class.Host(server.format(tmp_path), "")
    with pytest.raises(grade_class.NoVerdictError, match="could not be fetched"):
        fetch(grade_class, person, host, tmp_path)
    assert "not allowed" in (tmp_path / "log").read_text(encoding="utf-8")
    assert not (tmp_path / "ran").exists()


def fetch(grade_class: ModuleType, person: Any, host: Any, place: Path) -> Any:
    """Fetch what a person handed in; what git says goes to the file `log`."""
    with (place / "log").open("w") as log:
        run = partial(grade_class.run, log, time.monotonic() + 60)
        return grade_class.fetch(person, host, place, run)


def test_the_token_is_there_while_a_commit_is_fetched_and_nowhere_else(
    grade_class: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[tuple[Sequence[str], Mapping[str, str]]] = []

    def run(
        log: Any, limit: float, command: Sequence[str], *, env: Any = None, cwd: Any = None
    ) -> int:
        commands.append((command, dict(os.environ if env is None else env)))
        return 0

    monkeypatch.setattr(grade_class, "run", run)
    monkeypatch.setattr(grade_class.subprocess, "check_output", lambda *_, **__: "0" * 40)
    monkeypatch.setenv("STUDENT_REPOSITORIES_TOKEN", "s3cret")
    roster = write(tmp_path, {"r.csv": "person,repository,ref\nada,uni/ada,\n"}) / "r.csv"
    grade_class.main([str(roster), str(tmp_path / "results")])
    secret = "eC1hY2Nlc3MtdG9rZW46czNjcmV0"  # x-access-token:s3cret
    holding = [command for command, env in commands if "s3cret" in str(env) or secret in str(env)]
    assert [command[-2:] for command in holding] == [["https://github.com/uni/ada", "HEAD"]]
    assert "check" in commands[-1][0]
    assert not [command for command, _ in commands if secret in str(command)]
