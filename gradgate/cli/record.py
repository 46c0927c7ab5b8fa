"""Record the reference's answers for copies without it: `nox -s record`."""

from __future__ import annotations

from gradgate.course.catalog import modules
from gradgate.oracle.live import LiveOracle
from gradgate.oracle.recorded import record


def main() -> None:
    """Write data/recorded/ anew, a file per module."""
    oracle = LiveOracle()
    for module in modules():
        file = record(module, oracle)
        print(f"{file}: {file.stat().st_size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
