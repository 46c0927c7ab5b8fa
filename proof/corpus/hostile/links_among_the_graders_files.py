"""Has links among its copies of the grader's files, so that the report lists what lies elsewhere.

Fails: `This repository's own copies of the grader's files differ`.
"""
#### checks/__init__.py
#### gradgate/__init__.py
#### link gradgate/judging to {OUTSIDE}
#### link .github/workflows to {OUTSIDE}
#### link data/recorded to {OUTSIDE}
