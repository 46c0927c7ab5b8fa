"""Train a deeper convolutional network on the photographs of CIFAR-10."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
try:
    from milestones.__main__ import main
except ModuleNotFoundError as missing:
    print(f"{missing.name} is not installed; run: nox -s milestone -- 04/02", file=sys.stderr)
    sys.exit(2)

if __name__ == "__main__":  # a process that grades may import this file
    sys.exit(main(["04/02", *sys.argv[1:]]))
