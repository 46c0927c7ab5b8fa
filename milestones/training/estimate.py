"""How long training would take a submission, measured before it begins."""

from __future__ import annotations

import math

from milestones.remote import Refused, RemoteSession
from milestones.secret import Secret

FEW = 2  # images; seven nested loops take some 10 s for each 32×32 colour image
PATIENCE = 120.0  # seconds that a few images may take
BEARABLE = 20.0  # seconds that a whole batch may be expected to take


def require_time(remote: RemoteSession, secret: Secret) -> None:
    """Refuse a submission that would need more time than its recipe gives, saying how much."""
    recipe, images = secret.recipe, len(secret.train)
    try:
        measured = _per_image(remote, secret)
    except Refused:
        if remote.seconds < PATIENCE:  # something else is wrong
            raise
        measured = PATIENCE / FEW
    epoch = measured * images
    if epoch * recipe.epochs > 60 * recipe.minutes:
        raise Refused(
            f"one epoch would take about {duration(epoch)}, {recipe.epochs} epochs about "
            f"{duration(epoch * recipe.epochs)} ({measured:.2g} s an image, measured before "
            f"training); the limit is {duration(60 * recipe.minutes)}. {_advice(secret)}"
        )


def duration(seconds: float) -> str:
    """Return a time as a person says it: 40 seconds, 12 minutes, 3 hours, 5 days."""
    units = ((86_400, "days"), (3_600, "hours"), (60, "minutes"), (1, "seconds"))
    length, name = next((unit for unit in units if seconds >= 2 * unit[0]), units[-1])
    return f"{math.ceil(seconds / length)} {name}"


def _per_image(remote: RemoteSession, secret: Secret) -> float:
    """Return the seconds that one image takes, forward and backward; of a whole batch if it can."""
    few = _timed(remote, secret, FEW) / FEW
    size = secret.recipe.batch_size
    return few if few * size > BEARABLE else _timed(remote, secret, size) / size


def _timed(remote: RemoteSession, secret: Secret, count: int) -> float:
    before = remote.seconds
    remote.ask("gradients", PATIENCE, chosen=secret.probe[:count])
    return remote.seconds - before


def _advice(secret: Secret) -> str:
    if not any(name.startswith("conv") for name in secret.initial):
        return "Replace loops over samples and elements by array operations."
    return (
        "Vectorise Conv2d: lay the windows out as the rows of one array and make the convolution "
        "one matrix product; likewise its backward."
    )
