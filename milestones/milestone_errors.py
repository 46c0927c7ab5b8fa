"""What can go wrong with a milestone: on our side, and on the student's.

GradgateError          ours: exit code 2, one line that says what to do next
└── DataError          a data set is missing, damaged or not the one it should be
TrainingRejected       the student's: the gate stays closed, and the verdict says why
"""

from __future__ import annotations

from gradgate.errors import GradgateError


class DataError(GradgateError):
    """A data set cannot be used; the text names the file and the command that repairs it."""


class TrainingRejected(Exception):
    """The submission does not train the network, or wrongly, or not in time; the text says why."""
