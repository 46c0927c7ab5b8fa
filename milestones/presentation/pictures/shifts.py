"""Accuracy on test images that are moved."""

from __future__ import annotations

from ...gate.figures import format_tenths
from ..words import describe_lead
from . import style
from .picture import TRANSLATION, Picture, Run


def draw(run: Run) -> Picture:
    """Draw each network's accuracy against the shift."""
    figure = style.make_figure(3.4)
    axes = figure.subplots()
    for trained, line, aside in zip(run.networks, style.LINES, ((8, 8), (-8, -8)), strict=False):
        shares = [100 * share for share in trained.by_shift]
        axes.plot(range(len(shares)), shares, label=trained.network.title, **line)
        for shift, share in enumerate(trained.by_shift):
            style.write_beside(axes, format_tenths(share), (shift, 100 * share), aside)
    guess = 100 / len(run.split.classes)
    axes.axhline(guess, color=style.QUIET, linewidth=1, linestyle=":", label="guessing")
    axes.set(ylim=(0, 110), xlim=(-0.2, len(run.own.by_shift) - 0.7))
    axes.set_xticks(range(len(run.own.by_shift)))
    axes.set_xlabel("shift (pixels; mean over up, down, left, right)")
    axes.set_ylabel("test images recognised (%)")
    axes.grid(axis="y")
    axes.legend(loc="upper right")
    return Picture(
        section=TRANSLATION,
        heading="Accuracy on shifted images",
        text=_explain(run),
        alt=f"A line chart of accuracy against shift. {_describe_falls(run)}.",
        png=style.render_png(figure),
    )


def _explain(run: Run) -> tuple[str, ...]:
    augmented = run.verdict.gate.recipes[run.verdict.recipe].augment
    trained = (
        "Training cropped its images at random, so such shifts were part of it."
        if augmented
        else "None of the training images was shifted."
    )
    caution = (
        f"{_describe_falls(run)}. {trained} What a shift moves over the edge is lost, so that any "
        "network recognises fewer of the shifted images."
    )
    if len(run.networks) < 2:
        return (caution,)
    own, rival = run.networks[:2]
    still, moved = (describe_lead(own.by_shift[shift], rival.by_shift[shift]) for shift in (0, 1))
    return (
        f"Where nothing moves, {own.network.title} is {still} {rival.network.title}; after a "
        f"shift by one pixel it is {moved} it.",
        caution,
    )


def _describe_falls(run: Run) -> str:
    return "; ".join(
        f"{trained.network.title} goes from {' to '.join(map(format_tenths, trained.by_shift))} %"
        for trained in run.networks
    )
