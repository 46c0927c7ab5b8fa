"""Brings an engine, checks, thresholds and a workflow of its own, where the grader keeps those.

Fails: `This repository's own copies of the grader's files differ; they were not used`, `gradgate/judging/compare.py`, `checks/m03_layers.py`.
"""
#### gradgate/__init__.py
#### gradgate/judging/__init__.py
#### gradgate/judging/compare.py
def compare(*given):
    return None
#### checks/__init__.py
#### checks/m03_layers.py
NAMES = ()
#### milestones/04_1998_cnn/milestone.py
THRESHOLD = 0
#### conftest.py
raise SystemExit(0)
#### noxfile.py
raise SystemExit(0)
#### .github/workflows/ci.yml
on: push
