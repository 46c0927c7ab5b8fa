"""`python -m gradgate`: the same as the command `gradgate`."""

import sys

from gradgate.cli import main

if __name__ == "__main__":  # a process that grades may import this file
    sys.exit(main(sys.argv[1:]))
