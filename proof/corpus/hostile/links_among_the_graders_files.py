"""Has links among its copies of the grader's files, so that the report lists what lies elsewhere.

Fails: `This repository's own copies of the grader's files differ`.
"""
#### checks/engine/__init__.py
#### link .github/workflows to {OUTSIDE}
#### link data/recorded to {OUTSIDE}
