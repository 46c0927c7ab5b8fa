"""Both networks on other data: where the lead grows, and where it vanishes."""

from __future__ import annotations

import textwrap

from ...gate.figures import format_tenths
from ...gate.run_gate import ExhibitResult
from ...training.trained_network import TrainedNetwork
from ..words import compare_accuracies
from . import style
from .picture import ELSEWHERE, Picture, Run

Row = tuple[str, TrainedNetwork, TrainedNetwork]


def draw(run: Run) -> Picture | None:
    """Draw accuracy and size of both networks for each exhibit; None if there is none."""
    if not run.exhibits:
        return None
    rows: list[Row] = [(result.exhibit.title, result.own, result.rival) for result in run.exhibits]
    if len(run.networks) > 1:
        rows.insert(0, ("the images as they are", run.networks[0], run.networks[1]))
    figure = style.make_figure(1.2 + 0.85 * len(rows))
    accuracy, size = figure.subplots(1, 2, sharey=True)
    for row, (_, *pair) in enumerate(rows):
        for place, trained, line in zip((-0.2, 0.2), pair, style.LINES, strict=True):
            share, count = trained.by_shift[0], trained.network.size
            style.draw_bar(accuracy, row + place, 100 * share, format_tenths(share), line["color"])
            style.draw_bar(size, row + place, count, f"{count:,}", line["color"])
    accuracy.set_yticks(range(len(rows)), [textwrap.fill(title, 24) for title, *_ in rows])
    accuracy.invert_yaxis()
    accuracy.set_xlim(0, 118)
    accuracy.set_xticks(range(0, 101, 25))
    accuracy.set_xlabel("test images recognised (%)")
    size.margins(x=0.25)
    size.xaxis.set_major_formatter("{x:,.0f}")
    size.set_xlabel("parameters")
    kinds = [trained.network.title.partition(" ")[0] for trained in rows[0][1:]]
    style.add_legend(accuracy, zip(kinds, (style.NETWORK, style.RIVAL), strict=True))
    return Picture(
        section=ELSEWHERE,
        heading="The same contest on other data",
        text=tuple(map(_describe, run.exhibits)),
        alt="Two bar charts, accuracy and parameters of both networks on: "
        + "; ".join(f"{title}, {compare_accuracies(own, rival)}" for title, own, rival in rows),
        png=style.render_png(figure),
    )


def _describe(result: ExhibitResult) -> str:
    exhibit, own, rival = result.exhibit, result.own, result.rival
    title = exhibit.title[:1].upper() + exhibit.title[1:]
    return (
        f"{title}: {exhibit.shows}. In this run {compare_accuracies(own, rival)}; they have "
        f"{own.network.size:,} and {rival.network.size:,} parameters."
    )
