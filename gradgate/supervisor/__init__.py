"""The trusted side of a worker: starts it, asks it, watches it, ends it."""
