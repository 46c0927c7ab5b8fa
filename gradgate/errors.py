"""What can go wrong on our side; a student's mistakes are causes (results.py), not exceptions.

GradgateError          exit code 2, one line that says what to do next
├── UsageError         the command line or the folder it names
├── IsolationError     --require-isolation, where a worker is not confined
└── HarnessError       the harness itself, never the submission
"""


class GradgateError(Exception):
    """Anything that keeps a submission from being graded."""


class UsageError(GradgateError):
    """What was asked for does not exist or cannot be understood."""


class HarnessError(GradgateError):
    """The harness could not do its work; says nothing about the submission."""


class IsolationError(GradgateError):
    """Isolation was required and something was not proven blocked; names what."""
