"""Accuracy on test images that are moved."""

from __future__ import annotations

from milestones.pictures import style
from milestones.pictures.picture import TRANSLATION, Picture, Run
from milestones.pictures.words import lead, tenths


def draw(run: Run) -> Picture:
    """Draw each network's accuracy against the shift."""
    figure = style.figure(3.4)
    axes = figure.subplots()
    for trained, line in zip(run.networks, style.LINES, strict=False):
        shares = [100 * share for share in trained.by_shift]
        axes.plot(range(len(shares)), shares, label=trained.network.title, **line)
        for shift, share in enumerate(shares):
            place = {"xytext": (7, 4), "textcoords": "offset points", "color": line["color"]}
            axes.annotate(f"{tenths(share / 100)}", (shift, share), **place)
    guess = 100 / len(run.split.classes)
    axes.axhline(guess, color=style.QUIET, linewidth=1, linestyle=":", label="guessing")
    axes.set(ylim=(0, 105), xlim=(-0.1, len(run.own.by_shift) - 0.7))
    axes.set_xticks(range(len(run.own.by_shift)))
    axes.set_xlabel("shift (pixels; mean over up, down, left, right)")
    axes.set_ylabel("test images recognised (%)")
    axes.grid(axis="y")
    axes.legend(loc="lower left")
    return Picture(
        TRANSLATION,
        "Accuracy on shifted images",
        _told(run),
        f"A line chart of accuracy against shift. {_falls(run)}.",
        style.png(figure),
    )


def _told(run: Run) -> tuple[str, ...]:
    caution = (
        f"{_falls(run)}. No network was trained on shifted images. What leaves the image at its "
        "edge is lost, so part of the fall would befall any reader."
    )
    if len(run.networks) < 2:
        return (caution,)
    own, rival = run.networks[:2]
    ahead = [
        f"{lead(own.by_shift[shift], rival.by_shift[shift])} {rival.network.title} {when}"
        for shift, when in ((0, "where nothing moves"), (1, "after a shift by one pixel"))
    ]
    return (f"{own.network.title} is {ahead[0]}, and {ahead[1]}.", caution)


def _falls(run: Run) -> str:
    return "; ".join(
        f"{trained.network.title} goes from {' to '.join(map(tenths, trained.by_shift))} %"
        for trained in run.networks
    )
