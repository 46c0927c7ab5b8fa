"""Loss and validation accuracy, epoch by epoch."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ...gate.figures import format_tenths
from ..words import compare_accuracies
from . import style
from .picture import TRAINING, Picture, Run


def draw(run: Run) -> Picture:
    """Draw every network's curves side by side."""
    figure = style.make_figure(3.2)
    loss, accuracy = figure.subplots(1, 2)
    for trained, line in zip(run.networks, style.LINES, strict=False):
        epochs, title = range(1, len(trained.epochs) + 1), trained.network.title
        loss.plot(epochs, [epoch.loss for epoch in trained.epochs], label=title, **line)
        accuracy.plot(epochs, [100 * epoch.accuracy for epoch in trained.epochs], **line)
    loss.set_ylim(bottom=0)
    accuracy.set_ylim(top=100)
    _label(loss, "training loss (cross-entropy)")
    _label(accuracy, "validation images recognised (%)")
    loss.legend()
    return Picture(
        section=TRAINING,
        heading="Loss and accuracy by epoch",
        text=_explain(run),
        alt="Two line charts by epoch, loss and validation accuracy. At the end: "
        f"{_describe_ends(run)}.",
        png=style.render_png(figure),
    )


def _label(axes: Axes, what: str) -> None:
    axes.set_title(what)
    axes.set_xlabel("epoch")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.grid(axis="y")


def _explain(run: Run) -> tuple[str, ...]:
    learned = (
        "The loss should fall and level off as the learning rate goes to zero; a curve that "
        "jumps up, or never moves, is a training that went wrong."
    )
    if len(run.networks) < 2:
        return (learned,)
    return (
        f"{learned} Both networks had the same images, as many epochs and the same optimiser.",
        f"On the test images as they are, {compare_accuracies(run.networks[0], run.networks[1])}. "
        "At equal training a lead of 1 to 4 points is what convolution brings on centred digits; "
        "the ten points that are sometimes quoted compare 50 epochs of one with 20 of the other. "
        "What sharing weights is worth shows further down, where the digits move.",
    )


def _describe_ends(run: Run) -> str:
    ends = ((trained.network.title, trained.epochs[-1]) for trained in run.networks)
    return "; ".join(
        f"{title}, loss {epoch.loss:.3f} and {format_tenths(epoch.accuracy)} % of validation images"
        for title, epoch in ends
    )
