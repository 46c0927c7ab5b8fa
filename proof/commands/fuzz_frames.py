"""`python -m proof fuzz`: mutated frames against the frame decoder."""

from __future__ import annotations

import click

from proof.frame_fuzzing import MEMORY_MIB, fuzz_at_random, fuzz_guided, resident_mib

FRAMES = 1_000_000


@click.command()
@click.argument("count", type=click.IntRange(1), default=FRAMES, metavar="[N]")
def fuzz(count: int) -> int:
    """Decode N mutated frames (a million).

    Guided by coverage where atheris is installed, else mutated at random. Exit code 0: each was
    read, or refused by one of the protocol's own exceptions, in bounded memory.
    """
    before = resident_mib()
    try:
        import atheris
    except ImportError:
        read = fuzz_at_random(count)
    else:
        fuzz_guided(atheris, count)  # never returns
    taken = resident_mib() - before
    click.echo(
        f"{count} frames mutated at random, {read} read, the others refused, {taken} MiB taken"
    )
    return 1 if taken > MEMORY_MIB else 0
