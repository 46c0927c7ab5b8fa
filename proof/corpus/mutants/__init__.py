"""Mutants by module: `MUTANTS` of `<module>.py` is what the checks of that module must catch."""
