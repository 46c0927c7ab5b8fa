"""What a verdict depends on besides the submission."""

from __future__ import annotations

import platform
from importlib.metadata import version

import numpy as np

from gradgate import __version__
from gradgate.course import Course
from gradgate.course.digest import digest_checks
from gradgate.results import Versions


def find_versions(course: Course) -> Versions:
    """Return the versions in use, and the digest of the course's checks."""
    return Versions(
        gradgate=__version__,
        python=platform.python_version(),
        numpy=np.__version__,
        hypothesis=version("hypothesis"),
        checks=digest_checks(course.folder),
    )
