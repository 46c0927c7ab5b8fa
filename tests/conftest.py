"""What holds for all tests."""

from __future__ import annotations

import os

# Messages name the commands of a repository with a noxfile, whoever starts the tests.
os.environ["NOX_CURRENT_SESSION"] = "tests"
