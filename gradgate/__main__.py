"""`python -m gradgate`: the same as the command `gradgate`."""

from gradgate.cli import run

if __name__ == "__main__":  # a process that grades may import this file
    run()
