"""What milestone 04 asks for."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from milestones.catalog import Gate, Milestone
from milestones.networks import mlp
from milestones.recipe import Recipe

networks = import_module("milestones.04_1998_cnn.networks")  # a name no import statement can take

TINY = networks.deep(16, 32, 64, pooled=(1, 2, 3))
SMALL = networks.deep(32, 64, 128, pooled=(1, 2, 3))
MID = networks.deep(32, 64, 64, 128, 128, pooled=(1, 3, 5))

LECUN_TINYDIGITS = Gate(
    id="04/01",
    script="01_lecun_tinydigits.py",
    title="a convolutional network reads 8×8 digits",
    dataset="tinydigits",
    recipes={
        "90": Recipe(networks.TINY, epochs=10, batch_size=50, phases=3, peak=0.1, replayed=30)
    },
    rival=mlp(64, 32),
    accuracy=0.90,
    lead=0.10,
    minutes=15,
)

LECUN_CIFAR10 = Gate(
    id="04/02",
    script="02_lecun_cifar10.py",
    title="a deeper convolutional network recognises photographs (CIFAR-10)",
    dataset="cifar10",
    recipes={
        "65": Recipe(TINY, epochs=2, batch_size=128, phases=25, peak=0.15, augment=True),
        "75": Recipe(SMALL, epochs=4, batch_size=128, phases=25, peak=0.15, augment=True),
        "80": Recipe(SMALL, epochs=8, batch_size=128, phases=25, peak=0.15, augment=True),
        "84": Recipe(MID, epochs=8, batch_size=128, phases=25, peak=0.15, augment=True),
    },
    accuracy=0.65,
    minutes=30,
)

MILESTONE = Milestone(
    number=4,
    title="Convolution (1998)",
    modules=range(1, 10),
    gates=(LECUN_TINYDIGITS, LECUN_CIFAR10),
    folder=Path(__file__).parent,
)
