"""How often a correct submission fails: `nox -s false_alarms -- [SUBMISSION] [EXAMPLES]`.

Grades it at one seed after another until enough examples were judged; prints every failure.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from gradgate.course import catalog
from gradgate.submission import layout as submission
from gradgate.grading.grade import grade


def main(arguments: Sequence[str]) -> int:
    """Print the count of examples and failures; exit code 1 if there was any failure."""
    path = Path(arguments[0] if arguments else "reference")
    wanted = int(arguments[1]) if len(arguments) > 1 else 100_000
    found = submission.find(path, [module.name for module in catalog.modules()])
    examples = failures = seed = 0
    while examples < wanted:
        seed += 1
        for module in grade(found, catalog.modules(), seed, lambda module, check: None):
            examples += sum(check.examples for check in module.gating)
            failures += len(module.failures)
            for check in module.failures:
                print(f"seed {seed}: {check.id}: {check.cause and check.cause.sentence}")
    print(f"{path}: {examples} examples at {seed} seeds, {failures} checks failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
