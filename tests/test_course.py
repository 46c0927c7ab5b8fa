"""A course is found where it can be trusted, and loaded under a name of its own."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny_course import SETTINGS, make_course, make_submission

from gradgate.course import find, find_course, load_course
from gradgate.course.catalog import reject_duplicates
from gradgate.errors import HarnessError, UsageError
from gradgate.examples.example import make_example
from gradgate.limits import Limits, read_limits
from gradgate.oracle.live import LiveOracle
from proof.harness import grade, write
from proof.project import PROJECT


@pytest.fixture(autouse=True)
def not_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """The folder of a course."""
    return make_course(tmp_path / "course")


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in place of the engine's own, with no course in or beside it."""
    folder = tmp_path / "site-packages" / "gradgate"
    folder.mkdir(parents=True)
    monkeypatch.setattr(find, "files", lambda name: folder)
    return folder


# Finding a course.


def test_a_course_that_is_named_is_used(course: Path) -> None:
    found, notice = find_course(course)
    assert (found.folder, notice) == (course, "")
    assert found is load_course(course)


def test_it_may_be_named_by_a_relative_path_or_a_link(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(course.parent)
    (course.parent / "link").symlink_to(course)
    assert find_course(Path("course"))[0].folder == course
    assert find_course(Path("link"))[0].folder == course


def test_a_course_that_is_named_is_used_wherever_it_lies(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    for submission in (course, course / "student", course.parent):
        found, notice = find_course(course, submission, trusted_only=True)
        assert (found.folder, notice) == (course, "")


def test_a_course_is_found_in_the_current_folder_and_upwards(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = course / "checks" / "deeper"
    deep.mkdir()
    for folder in (course, deep):
        monkeypatch.chdir(folder)
        found, notice = find_course(None)
        assert (found.folder, notice) == (course, "")


def test_the_innermost_course_is_found(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = make_course(course / "inner", factor=3)
    monkeypatch.chdir(inner)
    assert find_course(None)[0].folder == inner


@pytest.mark.parametrize(
    "settings",
    [
        *("", "[tool.other]\n", "tool = 3\n", "tool = 'gradgate'\n", "[tool]\ngradgate = 3\n"),
        *("[tool.gradgate", "\udc80", "x = " + 9999 * "[", None),
    ],
)
def test_a_folder_without_settings_is_passed_over(
    settings: str | None, course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = make_course(course / "inner", factor=3)
    if settings is None:
        (inner / "pyproject.toml").unlink()
    else:
        (inner / "pyproject.toml").write_bytes(settings.encode("utf-8", "surrogateescape"))
    monkeypatch.chdir(inner)
    assert find_course(None)[0].folder == course


def test_a_folder_without_checks_is_passed_over(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = write(course / "inner", {"pyproject.toml": SETTINGS})
    monkeypatch.chdir(inner)
    assert find_course(None)[0].folder == course


def test_where_there_is_none_the_built_in_one_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found, notice = find_course(None)
    assert (found.folder, notice) == (PROJECT, "")


def test_one_that_is_found_beside_the_submission_is_used(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(course)
    found, notice = find_course(None, make_submission(tmp_path / "submission"))
    assert (found.folder, notice) == (course, "")


@pytest.mark.parametrize("place", [".", "student", "checks/..", "link", ".."])
def test_one_that_may_belong_to_the_submission_is_not_used(
    place: str, course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_submission(course)
    (course / "link").symlink_to(course / "student")
    monkeypatch.chdir(course)
    found, notice = find_course(None, Path(place))
    assert found.folder == PROJECT
    assert notice == (
        f"the course in {course} is not used, as it may belong to what is graded; "
        f'to use it: --course "{course}"'
    )


def test_in_ci_none_that_is_only_found_is_used(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.chdir(course)
    for submission in (None, make_submission(tmp_path / "submission")):
        found, notice = find_course(None, submission)
        assert found.folder == PROJECT
        assert notice == (
            f'the course in {course} is not used, as this is CI; to use it: --course "{course}"'
        )


def test_where_only_a_trusted_one_will_do_none_that_is_only_found_is_used(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(course)
    found, notice = find_course(None, trusted_only=True)
    assert found.folder == PROJECT
    assert notice == (
        f"the course in {course} is not used, as --require-isolation takes none that is only "
        f'found; to use it: --course "{course}"'
    )


def test_a_course_that_is_not_used_is_not_run(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (course / "checks" / "m01_vector.py").write_text("raise SystemExit('it was run')")
    monkeypatch.chdir(course)
    assert find_course(None, course)[0].folder == PROJECT


def test_the_built_in_one_is_used_wherever_it_lies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.chdir(PROJECT / "checks")
    for submission in (PROJECT, PROJECT / "reference"):
        found, notice = find_course(None, submission, trusted_only=True)
        assert (found.folder, notice) == (PROJECT, "")


def test_the_built_in_one_is_in_the_wheel_or_beside_the_engine(engine: Path) -> None:
    assert find.find_built_in() is None
    beside = make_course(engine.parent)
    assert find.find_built_in() == beside
    inside = make_course(engine / "course" / "built_in", factor=3)
    assert find.find_built_in() == inside


def test_where_none_is_built_in_one_has_to_be_named(
    engine: Path, course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(engine)
    with pytest.raises(UsageError, match="no course is built in here; name one: --course FOLDER"):
        find_course(None)
    assert find_course(course)[0].folder == course


def test_a_folder_that_is_named_has_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--course .*/absent: there is no such folder"):
        find_course(tmp_path / "absent")
    with pytest.raises(UsageError, match="holds no course"):
        find_course(tmp_path)


def test_the_command_line_says_which_course_it_passes_over(course: Path) -> None:
    make_submission(course)
    run = grade(None, "01", "-k", "adds", course=None, folder=course)
    assert f"gradgate: the course in {course} is not used, as it may belong to" in run.err
    assert {check.partition(".")[0] for check in run.checks()} == {"tensor"}


# Loading a course.


def test_a_course_is_read_from_its_files(course: Path) -> None:
    loaded = load_course(course)
    (module,) = loaded.modules
    assert (module.number, module.name, module.title) == (1, "vector", "01 vector")
    assert (loaded.names, loaded.owners) == (("vector",), {"Vector": "vector"})
    assert [*loaded.checks] == ["vector.scales"]
    assert loaded.module("vector") is module
    assert (loaded.settings.holder.name, loaded.settings.packages) == ("Vector", ("student",))
    assert loaded.activation_for("vector") is None
    assert loaded.limits == Limits()


def test_the_checks_of_a_module_may_be_in_a_folder_of_parts(course: Path) -> None:
    file = course / "checks" / "m01_vector.py"
    source = file.read_text().replace("from .cases", "from ..cases")
    write(
        course / "checks",
        {
            "m02_tail/__init__.py": "from . import b, a\nNAMES = ('Vector',)\nPARTS = (b, a)\n",
            "m02_tail/a.py": source,
            "m02_tail/b.py": source.replace("def scales", "def stretches"),
        },
    )
    checks = load_course(course).module("tail").checks
    assert [check.id for check in checks] == ["tail.stretches", "tail.scales"]


def test_two_courses_with_files_of_the_same_names_are_loaded_side_by_side(tmp_path: Path) -> None:
    folders = {factor: make_course(tmp_path / str(factor), factor) for factor in (2, 3)}
    loaded = {factor: load_course(folder) for factor, folder in folders.items()}
    oracles = {factor: LiveOracle(one) for factor, one in loaded.items()}
    x = np.float32([1, 2])
    for factor, one in loaded.items():
        check = one.checks["vector.scales"]
        assert check.title == f"Vector.scale multiplies by {factor}."
        assert check.scenario.__module__ == f"{one.package}.checks.m01_vector"
        (answer,) = oracles[factor].answers(check, make_example({"x": x}, 0))
        assert answer["scaled"].array is not None
        assert answer["scaled"].array.tolist() == (factor * x).tolist()
        assert factor == one.load("milestones.commands").FACTOR
    assert loaded[2].package != loaded[3].package


def test_two_courses_grade_each_by_its_own_checks(tmp_path: Path) -> None:
    submission = make_submission(tmp_path / "submission", factor=3)
    outcomes = [
        grade(submission, course=make_course(tmp_path / str(factor), factor)).outcomes()
        for factor in (2, 3)
    ]
    assert outcomes == [{"vector.scales": "failed"}, {"vector.scales": "passed"}]


def test_a_course_takes_no_name_of_anybody_else(course: Path) -> None:
    before = set(sys.modules)
    package = load_course(course).package
    load_course(course).load("milestones.commands")
    new = set(sys.modules) - before
    assert new
    assert {name.partition(".")[0] for name in new} == {package}


def test_a_course_is_loaded_once(course: Path) -> None:
    first = load_course(course)
    shutil.rmtree(course)
    assert load_course(course) is first


def test_a_course_needs_no_tensor(tmp_path: Path, course: Path) -> None:
    right = grade(make_submission(tmp_path / "right"), course=course)
    assert (right.code, right.outcomes()) == (0, {"vector.scales": "passed"})
    assert "student.vector" not in right.out
    lines = (tmp_path / "right" / "student" / "vector.py").read_text()
    none = lines.replace("return Vector(2 * self.data)", "return None")
    wrong = grade(write(tmp_path / "wrong", {"student/vector.py": none}), course=course)
    assert wrong.code == 1
    assert wrong.sentences() == {"scaled is None, should be a Vector"}


def test_another_module_of_the_course_may_offer_scenarios(course: Path) -> None:
    loaded = load_course(course)
    assert [*loaded.scenarios()] == ["vector.scales"]
    assert [*loaded.scenarios("milestones.commands")] == ["factor"]


@pytest.mark.parametrize("name", ["milestones.absent", "absent.commands", "absent"])
def test_a_module_that_the_course_does_not_have_is_an_error(name: str, course: Path) -> None:
    with pytest.raises(UsageError, match=f"the course in .* has no {name}"):
        load_course(course).load(name)


def test_a_module_of_the_course_that_lacks_another_is_not_taken_for_absent(course: Path) -> None:
    write(course, {"milestones/broken.py": "import nothing_of_this_name\n"})
    with pytest.raises(ModuleNotFoundError, match="nothing_of_this_name"):
        load_course(course).load("milestones.broken")


@pytest.mark.parametrize("name", ["vector.py", "m01-vector.py", "m01.py"])
def test_a_folder_without_a_file_of_checks_holds_no_course(name: str, tmp_path: Path) -> None:
    folder = write(tmp_path, {"pyproject.toml": SETTINGS, f"checks/{name}": "NAMES = ()\n"})
    with pytest.raises(UsageError, match=r"holds no course: it has no file checks/mNN_NAME\.py"):
        load_course(folder)


CHECK = """
from gradgate.authoring import check

NAMES = ("Vector",)


@check(hint="A hint.")
def counts(api):
    'A title.'
    return {result}
"""


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"m1_vector.py": ""}, "m1_vector: its name is not mNN_NAME"),
        ({"m100_vector.py": ""}, "m100_vector: its name is not mNN_NAME"),
        ({"m01_math.py": ""}, "m01_math: math is a module of the standard library"),
        ({"m01_vector.py": CHECK, "m01_other.py": CHECK}, "two modules of the number 01"),
        ({"m01_vector.py": "NAMES = ('Vector',)\n"}, "m01_vector has no checks"),
        ({"m01_vector.py": "NAMES = ('Vector',)\nPARTS = 3\n"}, "PARTS is not a tuple of modules"),
    ],
)
def test_what_is_wrong_with_files_of_checks_is_said(
    tmp_path: Path, files: dict[str, str], said: str
) -> None:
    texts = {f"checks/{name}": text for name, text in files.items()}
    with pytest.raises(UsageError, match=said):
        load_course(write(tmp_path, {"pyproject.toml": SETTINGS, **texts}))


def test_two_parts_with_a_check_of_one_name_are_an_error(tmp_path: Path) -> None:
    part = CHECK.replace("{result}", "{}")
    whole = "from . import one, two\n\nNAMES = ('Vector',)\nPARTS = (one, two)\n"
    files = {"one.py": part, "two.py": part, "__init__.py": whole}
    texts = {f"checks/m01_vector/{name}": text for name, text in files.items()}
    write(tmp_path, {"pyproject.toml": SETTINGS, **texts})
    with pytest.raises(UsageError, match=r"2 checks have the name vector\.counts"):
        reject_duplicates(load_course(tmp_path))


@pytest.mark.parametrize("result", ["{}", "{'a': [0.5]}", "{'a': {}}", "{'a': 1j}"])
def test_a_result_that_nobody_can_compare_is_an_error(tmp_path: Path, result: str) -> None:
    files = {
        "pyproject.toml": SETTINGS,
        "checks/m01_vector.py": CHECK.replace("{result}", result),
        "reference/__init__.py": "",
        "reference/vector.py": "class Vector:\n    data = 0.0\n",
    }
    course = load_course(write(tmp_path, files))
    with pytest.raises(HarnessError, match=r"vector\.counts returns"):
        LiveOracle(course).answers(course.checks["vector.counts"], make_example({}, 0))


@pytest.mark.parametrize("source", ["", "import nothing_of_this_name\n", "1 /\n"])
def test_a_reference_that_cannot_be_used_is_an_error_of_ours(tmp_path: Path, source: str) -> None:
    files = {
        "pyproject.toml": SETTINGS,
        "checks/m01_vector.py": CHECK.replace("{result}", "{'a': 1}"),
        "reference/__init__.py": "",
        "reference/vector.py": source,
    }
    with pytest.raises(HarnessError, match="reference cannot be used"):
        LiveOracle(load_course(write(tmp_path, files)))


def test_a_setting_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    text = SETTINGS + 'package = ["student"]\n'
    write(tmp_path, {"pyproject.toml": text, "checks/m01_vector.py": CHECK})
    with pytest.raises(UsageError, match="there is no setting 'package'"):
        load_course(tmp_path)


def test_a_file_called_checks_is_no_course(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": SETTINGS, "checks": ""})
    with pytest.raises(UsageError, match="holds no course"):
        load_course(tmp_path)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("1 / 0\n", "ZeroDivisionError: division by zero"),
        ("def\n", "SyntaxError: "),
        ("import nothing_of_this_name\n", "No module named 'nothing_of_this_name'"),
        ("from . import absent\n", "ImportError: cannot import name 'absent'"),
        ("", "has no NAMES"),
    ],
)
def test_checks_that_cannot_be_read_are_an_error(source: str, said: str, course: Path) -> None:
    (course / "checks" / "m01_vector.py").write_text(source)
    with pytest.raises(UsageError, match=f"checks/m01_vector.* {said}"):
        load_course(course)


def test_the_command_line_says_so_with_exit_code_2(course: Path, tmp_path: Path) -> None:
    (course / "checks" / "m01_vector.py").write_text("1 / 0\n")
    run = grade(make_submission(tmp_path / "submission"), course=course)
    assert run.code == 2
    assert "ZeroDivisionError" in run.err
    assert "Traceback" not in run.err


# Settings of a course.


HOLDER = '[tool.gradgate]\nholder = { name = "Vector", dtype = "float64" }\n'


def test_settings_are_read(tmp_path: Path) -> None:
    text = (
        f'{HOLDER}packages = ["a.b", "c"]\nactivation = {{ module = "vector", call = "turn_on" }}\n'
        "[tool.gradgate.limits]\ncall_seconds = 1\nmemory_mib = 512\n"
    )
    course = load_course(make_course(tmp_path, settings=text))
    holder, activation = course.settings.holder, course.settings.activation
    assert (holder.name, holder.dtype) == ("Vector", "float64")
    assert activation is not None
    assert (activation.module, activation.call) == ("vector", "turn_on")
    assert course.activation_for("vector") == activation
    assert course.settings.packages == ("a.b", "c")
    assert (course.limits.call_seconds, course.limits.memory_bytes) == (1, 512 << 20)
    assert course.limits.module_seconds == Limits().module_seconds


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("", r"table \[tool.gradgate\]: lacks 'holder'"),
        ("[tool.gradgate]\n", r"table \[tool.gradgate\]: lacks 'holder'"),
        ('[tool.gradgate]\nholder = { dtype = "float32" }\n', "lacks 'name'"),
        ('[tool.gradgate]\nholder = "Vector"\n', "holder = 'Vector' is not a table"),
        ("[tool.gradgate]\nholder = { name = 3 }\n", "name = 3 is not a string"),
        ('[tool.gradgate]\nholder = { name = "Tensor" }\n', "no module offers 'Tensor'"),
        (f'{HOLDER}activation = {{ module = "vector" }}\n', "lacks 'call'"),
        (f'{HOLDER}activation = {{ module = "x", call = "y" }}\n', "no module 'x'"),
        (f'{HOLDER}activation = "vector"\n', "activation = 'vector' is not a table"),
        (f'{HOLDER}packages = "student"\n', "packages = 'student' is not a list"),
        (f"{HOLDER}limits = 3\n", "limits = 3 is not a table"),
        ("[tool.gradgate\n", r"table \[tool.gradgate\]: "),
        ("[tool]\ngradgate = 3\n", r"table \[tool.gradgate\]: gradgate = 3 is not a table"),
        ("tool = 3\n", r"table \[tool.gradgate\]: tool = 3 is not a table"),
    ],
)
def test_settings_that_cannot_be_used_are_an_error(
    settings: str, said: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=f"pyproject.toml.*{said}"):
        load_course(make_course(tmp_path, settings=settings))


def test_a_course_without_a_pyproject_is_an_error(course: Path) -> None:
    (course / "pyproject.toml").unlink()
    with pytest.raises(UsageError, match=r"pyproject.toml cannot be read: No such file"):
        load_course(course)


# Limits.


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"call_seconds": 0.5},
        {"call_seconds": 3},
        {"call_seconds": float("inf")},
        {"memory_mib": 1},
        {"threads": 10**6, "output_shown": 1},
    ],
)
def test_limits_are_the_defaults_but_for_those_that_are_set(table: Mapping[str, Any]) -> None:
    limits, default = read_limits(table, "here"), Limits()
    for name, value in vars(default).items():
        assert getattr(limits, name) == table.get(name, value)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"patience": 3}, "there is no limit 'patience'; there are call_seconds,"),
        ({"memory_bytes": 3}, "there is no limit 'memory_bytes'"),
        ({"call_seconds": "5"}, "call_seconds = '5' is not a number above 0"),
        ({"call_seconds": True}, "call_seconds = True is not a number above 0"),
        ({"call_seconds": None}, "call_seconds = None is not a number above 0"),
        ({"call_seconds": [1]}, r"call_seconds = \[1\] is not a number above 0"),
        ({"call_seconds": 0}, "call_seconds = 0 is not a number above 0"),
        ({"call_seconds": -1.5}, "call_seconds = -1.5 is not a number above 0"),
        ({"call_seconds": float("nan")}, "call_seconds = nan is not a number above 0"),
        ({"memory_mib": 1.5}, "memory_mib = 1.5 is not a whole number above 0"),
        ({"memory_mib": 1024.0}, "memory_mib = 1024.0 is not a whole number above 0"),
        ({"threads": False}, "threads = False is not a whole number above 0"),
        ({"threads": 0}, "threads = 0 is not a whole number above 0"),
        ({"threads": -1, "call_seconds": 1}, "threads = -1 is not a whole number above 0"),
    ],
)
def test_a_limit_that_cannot_be_kept_is_an_error(table: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=f"^here: {said}"):
        read_limits(table, "here")


def test_the_limits_of_a_course_say_where_they_stand(tmp_path: Path) -> None:
    settings = f"{SETTINGS}[tool.gradgate.limits]\nthreads = 0\n"
    where = r"pyproject.toml, table \[tool.gradgate.limits\]: threads = 0"
    with pytest.raises(UsageError, match=where):
        load_course(make_course(tmp_path, settings=settings))


def test_limits_of_a_course_hold_and_those_of_a_submission_do_not(tmp_path: Path) -> None:
    settings = f"{SETTINGS}[tool.gradgate.limits]\ncall_seconds = 0.4\n"
    course = make_course(tmp_path / "course", settings=settings)
    slow = {
        "student/vector.py": "import time\nclass Vector:\n"
        "    def __init__(self, data): self.data = data\n"
        "    def scale(self):\n        time.sleep(1)\n        return Vector(2 * self.data)\n",
        "pyproject.toml": "[tool.gradgate.limits]\ncall_seconds = 9\n",
    }
    run = grade(write(tmp_path / "submission", slow), course=course)
    assert "did not finish within 0.4 s" in run.sentences().pop()


def test_two_checks_of_one_name_are_an_error(tmp_path: Path) -> None:
    source = """
from gradgate.authoring import check

NAMES = ("Vector",)

@check(hint="A hint.")
def twice(api):
    'One.'
    return {}

@check(hint="A hint.")
def twice(api):
    'Two.'
    return {}
"""
    write(tmp_path, {"pyproject.toml": SETTINGS, "checks/m01_vector.py": source})
    with pytest.raises(UsageError, match=r"m01_vector\.py defines twice 2 times"):
        reject_duplicates(load_course(tmp_path))


def test_a_check_without_a_docstring_is_an_error(tmp_path: Path) -> None:
    source = """
from gradgate.authoring import check

NAMES = ("Vector",)

@check(hint="A hint.")
def silent(api):
    return {}
"""
    write(tmp_path, {"pyproject.toml": SETTINGS, "checks/m01_vector.py": source})
    with pytest.raises(UsageError, match="silent has no docstring"):
        load_course(tmp_path)


def test_a_check_that_is_imported_belongs_to_the_file_it_comes_from(tmp_path: Path) -> None:
    first = """
from gradgate.authoring import check

NAMES = ("Vector",)

@check(hint="A hint.")
def once(api):
    'One.'
    return {}
"""
    second = first.replace("once", "again") + "\n\nfrom .m01_vector import once\n"
    files = {"checks/m01_vector.py": first, "checks/m02_scale.py": second}
    write(tmp_path, {"pyproject.toml": SETTINGS, **files})
    assert [*load_course(tmp_path).checks] == ["vector.once", "scale.again"]
