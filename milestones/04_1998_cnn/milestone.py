"""What milestone 04 asks for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ..data.splits import permute_pixels, place_on_canvas
from ..definition import Exhibit, Gate, Milestone, Recipe, make_mlp
from .networks import ANYWHERE, NORMALISED, TINY, make_deep_cnn

DIGITS = Recipe(  # short: seven nested loops take some 30 s for an epoch
    network=TINY,
    epochs=12,
    batch_size=20,
    phases=9,
    peak=0.2,
    weight_decay=5e-3,
    replayed=108,
)
CANVAS = replace(DIGITS, network=ANYWHERE, epochs=40, weight_decay=5e-4, clip=2.0)
NORMALISED_DIGITS = replace(DIGITS, network=NORMALISED, epochs=30, replayed=270)
PHOTOS = Recipe(
    network=make_deep_cnn(16, 32, 64, pooled=(1, 2, 3)),
    epochs=2,
    batch_size=128,
    phases=75,
    peak=0.15,
    augment=True,
    replayed=9,
    minutes=30,
)
SMALL = replace(PHOTOS, network=make_deep_cnn(32, 64, 128, pooled=(1, 2, 3)), minutes=120)
MID = replace(SMALL, network=make_deep_cnn(32, 64, 64, 128, 128, pooled=(1, 3, 5)))

LECUN_TINYDIGITS = Gate(
    id="04/01",
    script="01_lecun_tinydigits.py",
    title="a convolutional network reads 8×8 digits",
    dataset="tinydigits",
    recipes={"90": DIGITS, "98": NORMALISED_DIGITS},
    rival=make_mlp(64, 32),
    accuracy=0.90,
    lead=0.10,
    exhibits=(
        Exhibit(
            title="digits anywhere on a 12×12 canvas",
            shows="where position varies, shared filters win, with fewer parameters",
            variant=place_on_canvas(12),
            recipe=CANVAS,
            rival=make_mlp(144, 32),
        ),
        Exhibit(
            title="pixels rearranged, in every image alike (control)",
            shows="where neighbours mean nothing, shared filters win nothing",
            variant=permute_pixels,
            recipe=DIGITS,
            rival=make_mlp(64, 32),
        ),
    ),
)

LECUN_CIFAR10 = Gate(
    id="04/02",
    script="02_lecun_cifar10.py",
    title="a deeper convolutional network recognises photographs",
    dataset="cifar10",
    recipes={
        "65": PHOTOS,
        "75": replace(SMALL, epochs=4),
        "80": replace(SMALL, epochs=8),
        "84": replace(MID, epochs=8),
    },
    accuracy=0.65,
)

MILESTONE = Milestone(
    number=4,
    title="Convolution (1998)",
    modules=range(1, 10),
    gates=(LECUN_TINYDIGITS, LECUN_CIFAR10),
    folder=Path(__file__).parent,
)
