"""Proof that the grader works: every mutant is caught, nothing right is failed, no attack succeeds.

Course staff only. `python -m proof --help` lists what can be run; docs/proof.md and
docs/security.md hold what came of it.
"""
