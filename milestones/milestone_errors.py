"""What can go wrong with a milestone on our side.

GradgateError          exit code 2, one line that says what to do next
└── DataError          a data set is missing, damaged or not the one it should be
"""

from __future__ import annotations

from gradgate.errors import GradgateError


class DataError(GradgateError):
    """A data set cannot be used; the text names the file and the command that mends it."""
