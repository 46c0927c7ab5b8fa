"""A small stand-in for a runner of GitHub Actions: it runs the steps of one job of a workflow.

`run:` steps run as they are, in bash, with the files and variables that a runner gives them. What
actions do (`uses:`) is told by functions. An expression that it does not know is an error.
"""

from __future__ import annotations

import math
import os
import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

INTERPOLATED = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<name>[\w.-]+)|(?P<sign>\|\||&&|==|!=|[!()]))"
)
COMMAND = re.compile(r"^\s*::([\w-]+)(?: ([^:]*))?::(.*)$")
GIVEN = ("PATH", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "LANG")  # of this machine
FILES = ("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY")

Action = Callable[["Job", Mapping[str, str]], None]


@dataclass(kw_only=True)
class Step:
    """What came of one step: `skipped`, `success` or `failure`."""

    outcome: str
    code: int = 0
    out: str = ""
    outputs: dict[str, str] = field(default_factory=dict)


@dataclass(kw_only=True)
class Job:
    """A job that runs, and then what came of it. `steps` are by name, or by what they use."""

    root: Path
    contexts: dict[str, Any]
    actions: Mapping[str, Action]
    variables: dict[str, str]
    steps: dict[str, Step] = field(default_factory=dict)
    path: list[str] = field(default_factory=list)
    summary: str = ""
    artifacts: dict[str, Path] = field(default_factory=dict)

    @property
    def workspace(self) -> Path:
        return self.root / "workspace"

    @property
    def temp(self) -> Path:
        return self.root / "temp"

    @property
    def failed(self) -> bool:
        return any(step.outcome == "failure" for step in self.steps.values())

    @property
    def out(self) -> str:
        """All that the steps printed."""
        return "".join(step.out for step in self.steps.values())


def load_workflow(file: Path) -> dict[str, Any]:
    """Return a workflow. YAML 1.1 takes the key `on` for true, so it is called that again."""
    data: dict[Any, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {"on" if key is True else key: value for key, value in data.items()}


def run_job(
    workflow: Path,
    root: Path,
    contexts: Mapping[str, Any],
    actions: Mapping[str, Action],
    variables: Mapping[str, str] | None = None,
) -> Job:
    """Run the only job of a workflow in the folder `root`.

    `contexts` are what expressions can name (`github`, `inputs`, `secrets`, `job`), `variables`
    the environment of the runner beside its own.
    """
    ((_, described),) = load_workflow(workflow)["jobs"].items()
    job = Job(
        root=root,
        contexts={**contexts, "runner": {"temp": str(root / "temp")}, "steps": {}},
        actions=actions,
        variables={name: os.environ[name] for name in GIVEN if name in os.environ},
    )
    for folder in (job.workspace, job.temp, root / "home"):
        folder.mkdir(parents=True, exist_ok=True)
    job.variables |= {
        "CI": "true",
        "HOME": str(root / "home"),
        "GITHUB_ACTIONS": "true",
        "GITHUB_WORKSPACE": str(job.workspace),
        "RUNNER_TEMP": str(job.temp),
        **(variables or {}),
    }
    if evaluate(described.get("if", "true"), job):
        for number, step in enumerate(described["steps"]):
            name = step.get("name") or f"{number} {step['uses'].partition('@')[0]}"
            job.steps[name] = run_step(step, described, job)
            if "id" in step:
                job.contexts["steps"][step["id"]] = {"outputs": job.steps[name].outputs}
    return job


def run_step(step: Mapping[str, Any], described: Mapping[str, Any], job: Job) -> Step:
    """Run one step, or skip it."""
    condition = str(step.get("if", "success()"))
    if not re.search(r"\b(always|success|failure|cancelled)\(", condition):
        condition = f"success() && ({condition})"
    if not evaluate(condition, job):
        return Step(outcome="skipped")
    if "uses" in step:
        name, _, pin = step["uses"].partition("@")
        assert re.fullmatch("[0-9a-f]{40}", pin), f"{name} is not pinned by a hash"
        given = {key: fill(value, job) for key, value in step.get("with", {}).items()}
        try:
            job.actions[name](job, given)
        except RuntimeError as error:
            return Step(outcome="failure", code=1, out=f"{error}\n")
        return Step(outcome="success")
    assert "${{" not in step["run"], "an expression would be text of the shell"
    assert described["defaults"]["run"]["shell"] == "bash"
    return run_script(step["run"], step.get("env", {}), job)


def run_script(script: str, env: Mapping[str, Any], job: Job) -> Step:
    """Run a script as `shell: bash` does, and take in what it wrote to the runner's files."""
    place = job.root / "files"
    place.mkdir(exist_ok=True)
    files = {name: place / name for name in FILES}
    for file in files.values():
        file.write_bytes(b"")
    (place / "script.sh").write_text(script, encoding="utf-8")
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(place / "script.sh")],
        cwd=job.workspace,
        env={
            **job.variables,
            "PATH": ":".join([*reversed(job.path), job.variables["PATH"]]),
            **{name: str(file) for name, file in files.items()},
            **{name: fill(value, job) for name, value in env.items()},
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    job.variables |= read_pairs(files["GITHUB_ENV"])
    job.path += files["GITHUB_PATH"].read_text(encoding="utf-8").splitlines()
    job.summary += files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
    return Step(
        outcome="failure" if done.returncode else "success",
        code=done.returncode,
        out=done.stdout,
        outputs=read_pairs(files["GITHUB_OUTPUT"]),
    )


def read_pairs(file: Path) -> dict[str, str]:
    """Read lines `name=text`; the form with a delimiter is not known here."""
    lines = file.read_text(encoding="utf-8").splitlines()
    assert all(re.match(r"\w+=", line) for line in lines), lines
    return {name: text for name, _, text in (line.partition("=") for line in lines)}


def list_commands(out: str) -> list[tuple[str, str]]:
    """Return what a runner obeys of what was printed: names and messages of commands."""
    commands, stop = [], ""
    for line in out.splitlines():
        match = COMMAND.match(line)
        if stop:
            stop = "" if match and match[1] == stop else stop
        elif match and match[1] == "stop-commands":
            stop = match[3]
        elif match:
            commands.append((match[1], match[3]))
        elif "##[" in line:
            commands.append(("##[", line))
    return commands


def fill(value: Any, job: Job) -> str:
    """Return a value of the workflow as text, its expressions evaluated."""
    if isinstance(value, bool):
        return str(value).lower()
    return INTERPOLATED.sub(lambda found: as_text(evaluate(found[1], job)), str(value))


def as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


def evaluate(expression: Any, job: Job) -> Any:
    """Evaluate an expression; raises ValueError for one that is not known here."""
    text = str(expression).strip()
    whole = INTERPOLATED.fullmatch(text)
    text, position, tokens = (whole[1] if whole else text).strip(), 0, []
    while position < len(text):
        match = TOKEN.match(text, position)
        if not match:
            raise ValueError(f"{text[position:]!r} in {text!r} is not known")
        tokens.append(match)
        position = match.end()
    value = evaluate_or(tokens, job)
    if tokens:
        raise ValueError(f"{tokens[0][0]!r} in {text!r} is not known")
    return value


def evaluate_or(tokens: list[re.Match[str]], job: Job) -> Any:
    value = evaluate_and(tokens, job)
    while take(tokens, "||"):
        other = evaluate_and(tokens, job)
        value = value or other
    return value


def evaluate_and(tokens: list[re.Match[str]], job: Job) -> Any:
    value = evaluate_equal(tokens, job)
    while take(tokens, "&&"):
        other = evaluate_equal(tokens, job)
        value = value and other
    return value


def evaluate_equal(tokens: list[re.Match[str]], job: Job) -> Any:
    value = evaluate_one(tokens, job)
    if take(tokens, "=="):
        return are_equal(value, evaluate_one(tokens, job))
    if take(tokens, "!="):
        return not are_equal(value, evaluate_one(tokens, job))
    return value


def are_equal(left: Any, right: Any) -> bool:
    """Compare as GitHub does: texts without case, all else as numbers; nothing is 0."""
    if isinstance(left, str) and isinstance(right, str):
        return left.casefold() == right.casefold()
    return as_number(left) == as_number(right)


def as_number(value: Any) -> float:
    try:
        return float(value or 0)
    except ValueError:
        return math.nan


def evaluate_one(tokens: list[re.Match[str]], job: Job) -> Any:
    """Evaluate a text, a name, a call of a status function, or what stands in parentheses."""
    if not tokens:
        raise ValueError("an expression ends too early")
    token = tokens.pop(0)
    if token["text"]:
        return token["text"][1:-1].replace("''", "'")
    if token["sign"] == "(":
        value = evaluate_or(tokens, job)
        if not take(tokens, ")"):
            raise ValueError("a parenthesis is not closed")
        return value
    if token["sign"] == "!":
        return not evaluate_one(tokens, job)
    if token["name"] and take(tokens, "("):
        states = {"always": True, "success": not job.failed, "failure": job.failed}
        if token["name"] not in states or not take(tokens, ")"):
            raise ValueError(f"the call of {token['name']} is not known")
        return states[token["name"]]
    if token["name"] in ("true", "false"):
        return token["name"] == "true"
    if token["name"]:
        return look_up(token["name"], job)
    raise ValueError(f"{token['sign']!r} is not known here")


def take(tokens: list[re.Match[str]], sign: str) -> bool:
    """Take the next token away if it is this sign."""
    if tokens and tokens[0]["sign"] == sign:
        tokens.pop(0)
        return True
    return False


def look_up(name: str, job: Job) -> Any:
    """Return what a context holds; nothing where it has no such name, as on GitHub."""
    first, *rest = name.split(".")
    if first not in job.contexts:
        raise ValueError(f"the context {first} is not known")
    value = job.contexts[first]
    for part in rest:
        value = (value or {}).get(part)
    return value
