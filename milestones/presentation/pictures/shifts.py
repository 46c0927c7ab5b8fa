"""Accuracy on test images that are moved."""

from __future__ import annotations

from milestones.pictures import style
from milestones.pictures.picture import TRANSLATION, Picture, Run
from milestones.words import lead, tenths


def draw(run: Run) -> Picture:
    """Draw each network's accuracy against the shift."""
    figure = style.figure(3.4)
    axes = figure.subplots()
    for trained, line, aside in zip(run.networks, style.LINES, ((8, 8), (-8, -8)), strict=False):
        shares = [100 * share for share in trained.by_shift]
        axes.plot(range(len(shares)), shares, label=trained.network.title, **line)
        for shift, share in enumerate(trained.by_shift):
            style.told(axes, tenths(share), (shift, 100 * share), aside)
    guess = 100 / len(run.split.classes)
    axes.axhline(guess, color=style.QUIET, linewidth=1, linestyle=":", label="guessing")
    axes.set(ylim=(0, 110), xlim=(-0.2, len(run.own.by_shift) - 0.7))
    axes.set_xticks(range(len(run.own.by_shift)))
    axes.set_xlabel("shift (pixels; mean over up, down, left, right)")
    axes.set_ylabel("test images recognised (%)")
    axes.grid(axis="y")
    axes.legend(loc="upper right")
    return Picture(
        TRANSLATION,
        "Accuracy on shifted images",
        _told(run),
        f"A line chart of accuracy against shift. {_falls(run)}.",
        style.png(figure),
    )


def _told(run: Run) -> tuple[str, ...]:
    augmented = run.verdict.gate.recipes[run.verdict.recipe].augment
    trained = (
        "Training cropped its images at random, so such shifts were part of it."
        if augmented
        else "None of the training images was shifted."
    )
    caution = (
        f"{_falls(run)}. {trained} What a shift moves over the edge is lost, so part of the fall "
        "would befall any reader."
    )
    if len(run.networks) < 2:
        return (caution,)
    own, rival = run.networks[:2]
    still, moved = (lead(own.by_shift[shift], rival.by_shift[shift]) for shift in (0, 1))
    return (
        f"Where nothing moves, {own.network.title} is {still} {rival.network.title}; after a "
        f"shift by one pixel it is {moved} it.",
        caution,
    )


def _falls(run: Run) -> str:
    return "; ".join(
        f"{trained.network.title} goes from {' to '.join(map(tenths, trained.by_shift))} %"
        for trained in run.networks
    )
