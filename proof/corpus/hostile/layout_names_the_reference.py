"""Says in its layout table that the reference, by the private name of the course, is its module.

Refused: `reference.layers' would hide NumPy, the standard library or the grader`.
"""
#### pyproject.toml
[tool.gradgate.layout]
layers = "{PACKAGE}.reference.layers"
