"""The page of a run: its verdict and its pictures in one HTML file that needs nothing else."""

from __future__ import annotations

import tempfile
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path

from milestones import pictures
from milestones.catalog import Exhibit
from milestones.data.splits import Split
from milestones.judging import Verdict
from milestones.pictures.picture import SECTIONS, Picture, Run, Section
from milestones.training import Trained
from milestones.words import tenths

STYLE = Path(pictures.__file__).with_name("page.css")
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""
OUTCOMES = {
    True: '<span class="passed">passed</span>',
    False: '<span class="failed">not passed</span>',
    None: '<span class="quiet">not judged</span>',
}


def write(
    verdict: Verdict,
    split: Split,
    exhibits: Sequence[tuple[Exhibit, Trained, Trained]],
    folder: Path,
) -> Path:
    """Write a run's page and pictures to a new folder, all or nothing; returns the page's file."""
    drawn = pictures.drawn(Run(verdict, split, tuple(exhibits)))
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as name:
        made = Path(name) / folder.name
        made.mkdir()
        for picture, content in drawn.items():
            if content.png:
                (made / f"{picture}.png").write_bytes(content.png)
        (made / "index.html").write_bytes(page(verdict, drawn.values()).encode())
        made.rename(folder)
    return folder / "index.html"


def page(verdict: Verdict, drawn: Iterable[Picture]) -> str:
    """Return the page as HTML."""
    drawn = list(drawn)
    shown = [(section, [p for p in drawn if p.section == section]) for section in SECTIONS]
    body = [*_verdict(verdict)]
    body += [line for section, within in shown if within for line in _section(section, within)]
    title = escape(f"{verdict.gate.id} {verdict.gate.title}")
    style = STYLE.read_text(encoding="utf-8")
    return PAGE.format(title=title, style=style, body="\n".join(body))


def _verdict(verdict: Verdict) -> Iterator[str]:
    """Yield the head of the page: what was asked, what was reached, and by what."""
    gate = verdict.gate
    yield f'<p class="quiet">Milestone gate {escape(gate.id)}</p>'
    yield f"<h1>{escape(gate.title[:1].upper() + gate.title[1:])}</h1>"
    yield f"<p>This run has {OUTCOMES[verdict.passed]} the gate.</p>"
    yield from _table(
        "What the gate asks for",
        ("condition", "reached", "needed", ""),
        [
            (escape(c.name), escape(c.reached), escape(c.needed), OUTCOMES[c.passed])
            for c in verdict.conditions
        ],
    )
    recipe = gate.recipes[verdict.recipe]
    yield from _table(
        "What was trained",
        ("network", "parameters", "test images recognised", "trained in"),
        map(_network, verdict.networks),
    )
    yield (
        f"<p>Recipe {escape(verdict.recipe)}: {recipe.epochs} epochs in batches of "
        f"{recipe.batch_size}. Seed {verdict.seed} repeats this run.</p>"
    )


def _network(trained: Trained) -> tuple[str, ...]:
    network = trained.network
    reached = f"{tenths(trained.by_shift[0])} %"
    return escape(network.title), f"{network.size:,}", reached, f"{trained.seconds:.1f} s"


def _section(section: Section, within: Iterable[Picture]) -> Iterator[str]:
    yield f"<section>\n<h2>{escape(section.heading)}</h2>\n<p>{escape(section.text)}</p>"
    for picture in within:
        yield f"<h3>{escape(picture.heading)}</h3>"
        if picture.png:
            source = f"data:image/png;base64,{b64encode(picture.png).decode()}"
            yield f'<figure><img src="{source}" alt="{escape(picture.alt)}"></figure>'
        yield from (f"<p>{escape(paragraph)}</p>" for paragraph in picture.text)
    yield "</section>"


def _table(caption: str, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield a table; its cells are HTML."""
    yield f'<div class="wide"><table>\n<caption>{caption}</caption>'
    yield _row("th", headers)
    yield from (_row("td", cells) for cells in rows)
    yield "</table></div>"


def _row(tag: str, cells: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>"
