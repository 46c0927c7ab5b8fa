"""Train a convolutional network on 8×8 digits, against a perceptron on the same."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
try:
    from milestones.__main__ import main
except ModuleNotFoundError as missing:
    print(f"{missing.name} is not installed; run: nox -s milestone -- 04/01", file=sys.stderr)
    sys.exit(2)

if __name__ == "__main__":  # a process that grades may import this file
    sys.exit(main(["04/01", *sys.argv[1:]]))
