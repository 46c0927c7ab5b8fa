"""What a submission may use: one frozen value, handed down to whoever holds it to a limit.

The defaults are here, each with its reason. A course changes some in `[tool.gradgate.limits]` of
its pyproject.toml; the table of a graded folder is never read. A submission that computes honestly,
be it with seven nested loops, stays far below each of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from gradgate.errors import UsageError


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Times in seconds, sizes in MiB, counts; what each is for stands beside it."""

    # One call of the submission.
    call_seconds: float = 5.0  # seven nested loops take 0.02 s on the drawn sizes
    call_seconds_after_timeout: float = 2.0  # a module that hung once must not take minutes
    output_mib: int = 8  # printed; a chatty forward prints a few hundred bytes
    output_shown: int = 2000  # characters of printed text kept in a report
    # One check.
    check_seconds: float = 60.0  # in the worker; the slowest check of the reference takes 2 s
    deaths_per_check: int = 3  # workers that may end before the smallest example stays as it is
    shrink_calls: int = 200  # calls after the first failure; typically 20 to 60 are needed
    # One module: one worker, and those that replace it.
    import_seconds: float = 10.0  # NumPy-only code takes milliseconds, 0.2 s on a cold disk
    module_seconds: float = 300.0  # in the worker; one that hangs in every check takes about 100
    cpu_seconds: int = 900  # a worker that its client has lost; never reached otherwise
    memory_mib: int = 2048  # a worker needs 100; one 7-loop convolution far less than 200
    training_memory_mib: int = 4096  # a batch of CIFAR-10 unfolded in float64 takes up to 1200
    file_mib: int = 64  # one file; a submission need not write any
    scratch_mib: int = 256  # all files together
    scratch_files: int = 1000
    threads: int = 256  # a submission need not start any; the machine has room for 32768 in all
    # One submission.
    submission_mib: int = 16  # of Python source; nine modules take 0.1
    submission_seconds: float = 1200.0  # modules run side by side; the reference takes 20 s

    @property
    def output_bytes(self) -> int:
        """How much one call may print."""
        return self.output_mib << 20

    @property
    def memory_bytes(self) -> int:
        """How much address space a worker may have."""
        return self.memory_mib << 20

    @property
    def file_bytes(self) -> int:
        """How large one file may be."""
        return self.file_mib << 20

    @property
    def scratch_bytes(self) -> int:
        """How much all files of a worker may hold."""
        return self.scratch_mib << 20

    @property
    def submission_bytes(self) -> int:
        """How much source a submission may have."""
        return self.submission_mib << 20


def read_limits(table: Mapping[str, object], source: str) -> Limits:
    """Return the defaults changed by a table; raises UsageError that names `source`."""
    known = {field.name: field.default for field in fields(Limits)}
    for name, value in table.items():
        if name not in known:
            raise UsageError(f"{source}: there is no limit {name!r}; there are {', '.join(known)}")
        wanted = type(known[name])
        fits = isinstance(value, (int, float) if wanted is float else int)
        if not fits or isinstance(value, bool) or not value > 0:  # type: ignore[operator]
            kind = "number" if wanted is float else "whole number"
            raise UsageError(f"{source}: {name} = {value!r} is not a {kind} above 0")
    return Limits(**table)  # type: ignore[arg-type]
