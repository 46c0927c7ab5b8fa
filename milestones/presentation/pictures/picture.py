"""What a picture is, what it is drawn from, and the sections of the page it stands in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...data.splits import Split
from ...definition import Array
from ...gate.run_gate import ExhibitResult
from ...gate.verdict import Verdict
from ...training.trained_network import TRACED_IMAGES, TrainedNetwork


@dataclass(frozen=True, eq=False)
class Run:
    """A gate's verdict, the images it was reached on, and the exhibits that were trained."""

    verdict: Verdict
    split: Split
    exhibits: tuple[ExhibitResult, ...]

    @property
    def networks(self) -> tuple[TrainedNetwork, ...]:
        """The trained networks, the gate's own first."""
        return self.verdict.networks

    @property
    def own(self) -> TrainedNetwork:
        """The gate's own network."""
        return self.networks[0]

    @property
    def maps(self) -> dict[str, Array]:
        """What the layers of the gate's own network made of the first test images (N, C, H, W).

        These come from the submission's process unchecked: what can be no such maps is left out.
        """
        side = self.split.test.images.shape[-1]
        return {
            name: made for name, made in self.own.outputs.items() if _are_plausible_maps(made, side)
        }


@dataclass(frozen=True)
class Section:
    """A part of the page: what its pictures have in common."""

    heading: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture and what is said of it; `alt` describes it to those who cannot see it.

    `png` is None where there is nothing to be seen and the text says all.
    """

    section: Section
    heading: str
    text: tuple[str, ...]
    alt: str = ""
    png: bytes | None = None


def _are_plausible_maps(made: Array, side: int) -> bool:
    whole = made.ndim == 4 and len(made) == TRACED_IMAGES and made.size > 0
    return whole and max(made.shape[2:]) <= side and bool(np.isfinite(made).all())


TRAINING = Section(
    "How training went",
    "An epoch is one pass over the training images. The validation images are held out from "
    "them; the test images, which decide, are looked at once, at the end.",
)
MISTAKES = Section(
    "What it takes for what",
    "One figure for accuracy hides which classes are told apart and which are not.",
)
LOCALITY = Section(
    "First principle: local connectivity",
    "A unit of a dense layer is connected to every pixel, by a weight for each. A unit of a "
    "convolution is connected to a patch of 3×3, and all the units of a map share their weights. "
    "That says in advance that neighbours belong together, and that a pattern worth finding in "
    "one place is worth finding in all.",
)
TRANSLATION = Section(
    "Second principle: translation invariance",
    "Where an image moves, the maps of a convolution move along: what is learned in one place is "
    "known in every other. Pooling then forgets a little of where things were. This helps against "
    "shifts, it does not cancel them: the last layer is dense, and goes by place.",
)
HIERARCHY = Section(
    "Third principle: features made of features",
    "Each layer reads the maps of the layer before, so what one number depends on grows with "
    "depth: 3×3 pixels after the first convolution, several times that after the next. Small "
    "networks on small images learn strokes, edges and blobs of colour; parts of objects take "
    "larger ones.",
)
ELSEWHERE = Section(
    "Where the advantage comes from",
    "If it is locality and shared weights that help, the lead must grow where the position of "
    "things varies, and vanish where neighbouring pixels have nothing to do with each other.",
)
SECTIONS = (TRAINING, MISTAKES, LOCALITY, TRANSLATION, HIERARCHY, ELSEWHERE)
