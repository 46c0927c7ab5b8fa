"""The workflow that a handout calls: named by a repository and a tag."""

from __future__ import annotations

import re

from gradgate.errors import UsageError
from gradgate.handout.tree import WORKFLOW

# What GitHub allows, less what would mean something in YAML.
REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9_][A-Za-z0-9._-]*")
REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")


def spell_uses(repository: str, ref: str) -> str:
    """Return the value of `uses:` for a repository ORG/REPO and a tag; nothing if both are empty.

    Raises UsageError for one without the other, and for what could break the YAML.
    """
    if not repository and not ref:
        return ""
    if not repository or not ref:
        raise UsageError("--repository ORG/REPO and --ref TAG go together; give both or neither")
    if not REPOSITORY.fullmatch(repository):
        raise UsageError(f"--repository {repository!r} is not ORG/REPO, such as my-school/course")
    if not REF.fullmatch(ref) or ".." in ref:
        raise UsageError(f"--ref {ref!r} is not a tag or a commit, such as v1.2")
    return f"{repository}/{WORKFLOW}@{ref}"
