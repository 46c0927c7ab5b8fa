"""What milestone 03 asks for."""

from __future__ import annotations

from pathlib import Path

from ..definition import Gate, Milestone, Recipe, make_mlp

RUMELHART_TINYDIGITS = Gate(
    id="03/01",
    script="01_rumelhart_tinydigits.py",
    title="a perceptron with a hidden layer reads 8×8 digits",
    dataset="tinydigits",
    recipes={
        "80": Recipe(
            network=make_mlp(64, 32),
            epochs=12,
            batch_size=20,
            phases=9,
            peak=0.2,
            weight_decay=5e-3,
            replayed=108,
        )
    },
    accuracy=0.80,
)

MILESTONE = Milestone(
    number=3,
    title="Back-propagation (1986)",
    modules=range(1, 9),
    gates=(RUMELHART_TINYDIGITS,),
    folder=Path(__file__).parent,
)
