"""Says in its layout table that a module of the grader itself is the one to be graded.

Refused: `'gradgate.oracle.live' would hide NumPy, the standard library or the grader`.
"""
#### pyproject.toml
[tool.gradgate.layout]
layers = "gradgate.oracle.live"
