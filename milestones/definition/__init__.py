"""What a milestone is made of: its gates, their recipes, the networks these train.

A folder `NN_year_name/` states in its `milestone.py` what the milestone asks for, in these terms.
"""

from .architecture import (
    Architecture,
    Array,
    Shape,
    State,
    flatten,
    global_average,
    list_conv3x3_shapes,
    list_linear_shapes,
    make_mlp,
)
from .gates import Exhibit, Gate, Milestone
from .recipe import Phase, Recipe

__all__ = [
    "Architecture",
    "Array",
    "Exhibit",
    "Gate",
    "Milestone",
    "Phase",
    "Recipe",
    "Shape",
    "State",
    "flatten",
    "global_average",
    "list_conv3x3_shapes",
    "list_linear_shapes",
    "make_mlp",
]
