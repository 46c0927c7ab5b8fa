"""Brings a pyproject.toml with limits, points and checks of its own.

Fails: `layer(x), dropped elements filled in`.
"""
#### pyproject.toml
[tool.gradgate.limits]
call_seconds = 1e9
shrink_calls = 0
[tool.gradgate]
threshold = 0.0
checks = []
seed = 1
[tool.pytest.ini_options]
addopts = "--co"
