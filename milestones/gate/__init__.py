"""A gate: what locks it, how it is run and judged, and which passes are on record."""
