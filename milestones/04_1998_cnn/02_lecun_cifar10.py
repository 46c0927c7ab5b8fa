"""Train a deeper convolutional network on the photographs of CIFAR-10."""

import importlib.util
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
if importlib.util.find_spec("gradgate") is None:  # not installed
    sys.path.insert(0, str(PROJECT))
try:
    from gradgate.cli import main
except ModuleNotFoundError as missing:
    print(f"{missing.name} is not installed; run: nox -s milestone -- 04/02", file=sys.stderr)
    sys.exit(2)

if __name__ == "__main__":  # a process that grades may import this file
    sys.exit(main(["milestone", "04/02", "--submission", str(PROJECT), *sys.argv[1:]]))
