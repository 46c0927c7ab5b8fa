"""Is a whole course of its own, whose checks are easy, and the grader is started in its folder.

Fails: `is not used, as it may belong to what is graded`, `layer(x), dropped elements filled in`.

Started in: its own folder
"""
#### pyproject.toml
[tool.gradgate]
holder = { name = "Tensor", dtype = "float32" }
packages = ["student"]
[tool.gradgate.limits]
shrink_calls = 1
#### checks/__init__.py
open(__file__ + ".ran", "w").close()
#### checks/m02_activations.py
open(__file__ + ".ran", "w").close()
NAMES = ("ReLU",)
#### checks/m03_layers.py
open(__file__ + ".ran", "w").close()
raise SystemExit(0)
#### reference/__init__.py
open(__file__ + ".ran", "w").close()
#### milestones/__init__.py
open(__file__ + ".ran", "w").close()
