"""A mutant: the reference with one mistake that students make, which the checks must catch."""

from __future__ import annotations

from dataclasses import dataclass

from proof.project import PROJECT


@dataclass(frozen=True)
class Mutant:
    """One mistake: its name, what the student does wrong in words, and the change that does it.

    `old` occurs exactly once in `reference/<file>.py` and becomes `new`. `message` holds words by
    which the report names the mistake, if a wrong gradient gives it away; "" where nothing is said.
    """

    name: str
    mistake: str
    file: str
    old: str
    new: str
    message: str = ""


def build_package(*mutants: Mutant) -> dict[str, str]:
    """Return the reference as a student's package, changed by these mutants.

    Keys are paths such as `student/tensor.py`. Raises ValueError where a mutant's `old` does not
    occur exactly once.
    """
    sources = {
        file.stem: file.read_text(encoding="utf-8") for file in (PROJECT / "reference").glob("*.py")
    }
    for mutant in mutants:
        count = sources[mutant.file].count(mutant.old)
        if count != 1:
            raise ValueError(
                f"{mutant.name}: its text is {count} times in reference/{mutant.file}.py"
            )
        sources[mutant.file] = sources[mutant.file].replace(mutant.old, mutant.new)
    return {f"student/{name}.py": text for name, text in sources.items()}
