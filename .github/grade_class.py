"""Grade a class: fetch what each person of a roster handed in, and grade it.

`python .github/grade_class.py ROSTER RESULTS` reads a CSV file with the columns person, repository
(OWNER/NAME) and ref (a branch, tag or commit; empty for the default branch). It writes the new
folder RESULTS: `_summary.md`, a table with a row for everybody, and for each person `report.json`
and `log.txt`. grade-class.yml runs it. The exit code is 0 if everybody has a verdict, else 2.
"""

from __future__ import annotations

import base64
import csv
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TextIO

PROJECT = Path(__file__).resolve().parents[1]
GATES = ("03/01", "04/01")  # 04/02 would take a class hours
PERSON_SECONDS = 30 * 60  # more than gradgate itself gives the modules, so it stops nobody honest
TIDY_SECONDS = 10
TOKEN = "STUDENT_REPOSITORIES_TOKEN"
SERVER = "GITHUB_SERVER_URL"  # set by the runner

TABLE = "_summary.md"  # no person has such a name
VERDICTS = {0: "passed", 1: "not passed"}  # by exit code
COLUMNS = ["person", "repository", "ref"]
PERSON = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*")  # names a folder
LONGEST = 64
REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9_-][A-Za-z0-9._-]*")
REF = re.compile(r"([A-Za-z0-9_][A-Za-z0-9._/-]*)?")


Run = Callable[..., int]


class ClassError(Exception):
    """Nothing can be graded; a line for each reason."""


class NoVerdictError(Exception):
    """One person cannot be graded; says why."""


@dataclass(frozen=True)
class Host:
    """Where the students' repositories are, and what reads those that are private."""

    server: str
    token: str

    def authorize(self) -> dict[str, str]:
        """Return variables by which git authenticates; they stand in no command line."""
        if not self.token:
            return {}
        secret = base64.b64encode(f"x-access-token:{self.token}".encode()).decode()
        return {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"http.{self.server}/.extraHeader",
            "GIT_CONFIG_VALUE_0": f"Authorization: Basic {secret}",
        }


@dataclass
class Person:
    """A row of the roster, and what came of it."""

    name: str
    repository: str
    ref: str
    commit: str = ""
    outcome: str = "not graded yet"
    modules: str = ""
    points: str = ""
    gates: dict[str, str] = field(default_factory=dict)


def main(arguments: Sequence[str]) -> int:
    """Grade everybody; returns the exit code."""
    # Taken out of the environment: no process that grades inherits it.
    host = Host(os.environ.get(SERVER, "https://github.com"), os.environ.pop(TOKEN, ""))
    if len(arguments) != 2:
        print("usage: python .github/grade_class.py ROSTER RESULTS", file=sys.stderr)
        return 2
    roster, results = Path(arguments[0]), Path(arguments[1]).resolve()
    try:
        people = read_roster(roster)
        if results.exists():
            raise ClassError(f"{results} exists; move it away, or name another folder")
        results.mkdir(parents=True)
    except (ClassError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    grade_everybody(people, host, results)
    return 0 if all(person.outcome in ("passed", "not passed") for person in people) else 2


def read_roster(file: Path) -> list[Person]:
    """Return the people of a roster; raises ClassError with a line for each row that is wrong."""
    if not file.is_file():
        raise ClassError(f"there is no {file}; make one with the columns {','.join(COLUMNS)}")
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.DictReader(opened, restval="")
            columns = reader.fieldnames
            rows = [(reader.line_num, row) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise ClassError(f"{file} cannot be read as CSV in UTF-8: {error}") from error
    if columns != COLUMNS:
        raise ClassError(f"{file}, line 1: the columns must be {','.join(COLUMNS)}")
    faults = [f"{file}, line {line}: {fault}" for line, fault in find_faults(rows)]
    if faults or not rows:
        raise ClassError("\n".join(faults) or f"{file} names nobody")
    return [Person(row["person"], row["repository"], row["ref"]) for _, row in rows]


def find_faults(rows: Sequence[tuple[int, Mapping[str, str]]]) -> Iterator[tuple[int, str]]:
    """Yield the lines of rows that cannot be used, and why."""
    seen: dict[str, int] = {}
    for line, row in rows:
        person, repository, ref = (row[column] for column in COLUMNS)
        first = seen.setdefault(person.casefold(), line)  # folders may not tell A from a
        if None in row:  # where DictReader puts what is too much
            yield line, f"has more than the {len(COLUMNS)} columns {','.join(COLUMNS)}"
        elif not PERSON.fullmatch(person) or len(person) > LONGEST:
            yield line, f"person {person!r} is no name: use a-z, 0-9, _, - and, within it, dots"
        elif first != line:
            yield line, f"person {person!r} is in line {first} already"
        elif not REPOSITORY.fullmatch(repository):
            yield line, f"repository {repository!r} is not OWNER/NAME"
        elif not REF.fullmatch(ref) or ".." in ref:
            yield line, f"ref {ref!r} is no branch, tag or commit"


def grade_everybody(people: Sequence[Person], host: Host, results: Path) -> None:
    """Grade one after the other; the table is written anew after each, and has everybody."""
    seed = secrets.randbits(64)  # whoever knows it knows the inputs
    write_summary(people, results)
    for person in people:
        folder = results / person.name
        try:
            folder.mkdir()
            with (folder / "log.txt").open("w", encoding="utf-8") as log:
                limit = time.monotonic() + PERSON_SECONDS
                grade_person(person, host, seed, folder, partial(run, log, limit))
        except NoVerdictError as error:
            person.outcome = str(error)
        except Exception as error:  # ours, and no reason not to grade the others
            person.outcome = f"could not be graded: {type(error).__name__}"
        write_summary(people, results)
        print(f"{person.name}: {person.outcome}", flush=True)


def grade_person(person: Person, host: Host, seed: int, folder: Path, run: Run) -> None:
    """Fetch and grade what a person handed in; raises NoVerdictError where there is no verdict."""
    place = Path(tempfile.mkdtemp(prefix="handed-in-"))
    try:
        person.commit = fetch(person, host, place, run)
        grade = [sys.executable, "-m", "gradgate"]
        what = ["--require-isolation", "--submission", str(place / "submission")]
        file = folder / "report.json"
        code = run([*grade, "check", *what, "--seed", str(seed), "--json", str(file)])
        if code not in VERDICTS:
            raise NoVerdictError("could not be graded")
        report = json.loads(file.read_text(encoding="utf-8"))
        passed = [module["passed"] for module in report["modules"]]
        person.modules = f"{sum(passed)}/{len(passed)}"
        person.points = f"{report['points']}/{report['possible']}"
        codes = [code]
        for gate in GATES:
            codes.append(run([*grade, "milestone", gate, *what, "--fresh"]))
            person.gates[gate] = VERDICTS.get(codes[-1], "could not be run")
        if not VERDICTS.keys() >= set(codes):
            raise NoVerdictError("a milestone could not be run")
        person.outcome = VERDICTS[max(codes)]
    finally:  # by a program that no depth of folders stops
        subprocess.run(["rm", "-rf", str(place)], check=False)


def fetch(person: Person, host: Host, place: Path, run: Run) -> str:
    """Copy the files of one commit to `place / "submission"`; returns the commit.

    Git's own settings and those of this machine are not read, so it knows no filter, no hook, no
    program that asks for a password. `checkout-index` copies the files as they are; `git archive`
    would leave out what the repository's own .gitattributes names. Links become small files.
    """
    repository = place / "repository"
    git = ["git", f"--git-dir={repository}", f"--work-tree={place}"]
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(place),
        # A folder in place of a server is that of a test.
        "GIT_ALLOW_PROTOCOL": "file" if host.server.startswith("file://") else "https",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_LFS_SKIP_SMUDGE": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C.UTF-8",
    }
    url = f"{host.server}/{person.repository}"
    wanted = ["--depth=1", "--no-tags", "--no-recurse-submodules", url, person.ref or "HEAD"]
    copied = ["-c", "core.symlinks=false", "-c", "core.hooksPath=/dev/null"]
    steps = [
        ([*git, "init", "--quiet", "--template="], environment),
        ([*git, *copied, "fetch", "--quiet", *wanted], {**environment, **host.authorize()}),
        ([*git, *copied, "read-tree", "FETCH_HEAD"], environment),
        ([*git, *copied, "checkout-index", "--all", "--prefix=submission/"], environment),
    ]
    for command, variables in steps:
        if run(command, env=variables, cwd=place) != 0:
            raise NoVerdictError("could not be fetched")
    (place / "submission").mkdir(exist_ok=True)  # nothing is handed in
    return subprocess.check_output(
        [*git, "rev-parse", "FETCH_HEAD^{commit}"], env=environment, cwd=place, encoding="utf-8"
    ).strip()


def run(
    log: TextIO,
    limit: float,
    command: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path = PROJECT,
) -> int:
    """Run a command and return its exit code; what it says goes to the log.

    It ends with all that it started where the clock reaches `limit`: raises NoVerdictError.
    """
    with subprocess.Popen(
        command,
        env=env,
        cwd=cwd,
        stdout=log,
        stderr=log,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    ) as started:
        try:
            return started.wait(max(0.0, limit - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(started.pid, signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                started.wait(TIDY_SECONDS)
            raise NoVerdictError(f"took more than {PERSON_SECONDS / 60:.0f} minutes") from None
        finally:
            with suppress(ProcessLookupError):
                os.killpg(started.pid, signal.SIGKILL)


def write_summary(people: Sequence[Person], results: Path) -> None:
    """Write the table as Markdown. Nothing in it is a student's own text."""
    columns = ["person", "repository", "commit", "outcome", "modules", "points", *GATES]
    rows = [
        [
            f"`{person.name}`",
            f"`{person.repository}`",
            person.commit[:12],
            person.outcome,
            person.modules,
            person.points,
            *(person.gates.get(gate, "") for gate in GATES),
        ]
        for person in people
    ]
    table = [columns, ["---"] * len(columns), *rows]
    text = "".join(f"| {' | '.join(cells)} |\n" for cells in table)
    unfinished = results / f"{TABLE}.new"
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(results / TABLE)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
