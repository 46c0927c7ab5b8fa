"""Brings modules called json, random, checks and gradgate, for the grader to import in place of its own.

Fails: `has the name of a module of the standard library and was left out`.

Graded by: 03 -k input_alone
"""
raise RuntimeError("never imported: " + __name__)
#### student/layers.py
raise RuntimeError("never imported")
#### tensor.py
raise RuntimeError("loose")
#### json.py
raise SystemExit(0)
#### random.py
raise SystemExit(0)
#### checks/__init__.py
raise SystemExit(0)
#### gradgate/__init__.py
raise SystemExit(0)
#### gradgate.py
raise SystemExit(0)
