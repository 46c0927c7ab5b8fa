"""Both networks on other data: where the lead grows, and where it vanishes."""

from __future__ import annotations

import textwrap

from milestones.catalog import Exhibit
from milestones.pictures import style
from milestones.pictures.picture import ELSEWHERE, Picture, Run
from milestones.training import Trained
from milestones.words import compared, tenths

Row = tuple[str, Trained, Trained]


def draw(run: Run) -> Picture | None:
    """Draw accuracy and size of both networks for each exhibit; None if there is none."""
    if not run.exhibits:
        return None
    rows: list[Row] = [(exhibit.title, own, rival) for exhibit, own, rival in run.exhibits]
    if len(run.networks) > 1:
        rows.insert(0, ("the images as they are", run.networks[0], run.networks[1]))
    figure = style.figure(1.2 + 0.85 * len(rows))
    accuracy, size = figure.subplots(1, 2, sharey=True)
    for row, (_, *pair) in enumerate(rows):
        for place, trained, line in zip((-0.2, 0.2), pair, style.LINES, strict=True):
            share, count = trained.by_shift[0], trained.network.size
            style.bar(accuracy, row + place, 100 * share, tenths(share), line["color"])
            style.bar(size, row + place, count, f"{count:,}", line["color"])
    accuracy.set_yticks(range(len(rows)), [textwrap.fill(title, 24) for title, *_ in rows])
    accuracy.invert_yaxis()
    accuracy.set_xlim(0, 118)
    accuracy.set_xticks(range(0, 101, 25))
    accuracy.set_xlabel("test images recognised (%)")
    size.margins(x=0.25)
    size.xaxis.set_major_formatter("{x:,.0f}")
    size.set_xlabel("parameters")
    kinds = [trained.network.title.partition(" ")[0] for trained in rows[0][1:]]
    style.keys(accuracy, zip(kinds, (style.NETWORK, style.RIVAL), strict=True))
    return Picture(
        ELSEWHERE,
        "The same contest on other data",
        tuple(map(_told, run.exhibits)),
        "Two bar charts, accuracy and parameters of both networks on: "
        + "; ".join(f"{title}, {compared(own, rival)}" for title, own, rival in rows),
        style.png(figure),
    )


def _told(shown: tuple[Exhibit, Trained, Trained]) -> str:
    exhibit, own, rival = shown
    title = exhibit.title[:1].upper() + exhibit.title[1:]
    return (
        f"{title}: {exhibit.shows}. In this run {compared(own, rival)}; they have "
        f"{own.network.size:,} and {rival.network.size:,} parameters."
    )
