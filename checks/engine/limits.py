"""What a worker may use, with the reason for each number."""

MEMORY_BYTES = 2 << 30  # a worker needs 0.1 GiB; one 7-loop convolution far less than 0.2
OUTPUT_BYTES = 8 << 20  # printed in one call; a chatty forward prints a few hundred
OUTPUT_SHOWN = 2_000  # characters of printed text kept in a report
IMPORT_SECONDS = 10.0  # importing NumPy-only code takes milliseconds, 0.2 s on a cold disk
CALL_SECONDS = 5.0  # seven nested loops take 0.02 s on the drawn sizes
CALL_SECONDS_AFTER_TIMEOUT = 2.0  # a module that hung once must not take minutes to grade
CPU_SECONDS = 900  # a worker its keeper has lost; never reached otherwise
DEATHS_PER_CHECK = 3  # workers one check may use up before its smallest example is kept as it is
SHRINK_CALLS = 200  # calls after the first failure; typically 20 to 60 are needed
