"""How long training would take a submission, measured before it begins."""

from __future__ import annotations

import math

from ..milestone_errors import TrainingRejected
from .remote_session import RemoteSession
from .secret_run import SecretRun

FEW = 2  # images; seven nested loops take some 10 s for each 32×32 colour image
PATIENCE = 120.0  # seconds that a few images may take
BEARABLE = 20.0  # seconds that a whole batch may be expected to take


def require_time(remote: RemoteSession, secret: SecretRun) -> None:
    """Let a submission train that has the time for it.

    Raises TrainingRejected, with an estimate, where it would need more than its recipe gives.
    """
    recipe, images = secret.recipe, len(secret.train)
    try:
        per_image = _measure_image(remote, secret)
    except TrainingRejected:
        if remote.seconds < PATIENCE:  # something else is wrong
            raise
        per_image = PATIENCE / FEW
    epoch = per_image * images
    if epoch * recipe.epochs > 60 * recipe.minutes:
        raise TrainingRejected(
            f"one epoch would take about {format_duration(epoch)}, {recipe.epochs} epochs about "
            f"{format_duration(epoch * recipe.epochs)} ({per_image:.2g} s an image, measured "
            f"before training); the limit is {format_duration(60 * recipe.minutes)}. "
            f"{_advise(secret)}"
        )


def format_duration(seconds: float) -> str:
    """Return a time as a person says it: 40 seconds, 12 minutes, 3 hours, 5 days."""
    units = ((86_400, "days"), (3_600, "hours"), (60, "minutes"), (1, "seconds"))
    length, name = next((unit for unit in units if seconds >= 2 * unit[0]), units[-1])
    return f"{math.ceil(seconds / length)} {name}"


def _measure_image(remote: RemoteSession, secret: SecretRun) -> float:
    """Return the seconds that one image takes, forward and backward; of a whole batch if it can."""
    few = _measure(remote, secret, FEW) / FEW
    size = secret.recipe.batch_size
    return few if few * size > BEARABLE else _measure(remote, secret, size) / size


def _measure(remote: RemoteSession, secret: SecretRun, count: int) -> float:
    before = remote.seconds
    remote.ask("compute_gradients", PATIENCE, chosen=secret.probe[:count])
    return remote.seconds - before


def _advise(secret: SecretRun) -> str:
    if not any(name.startswith("conv") for name in secret.initial):
        return "Replace loops over samples and elements by array operations."
    return (
        "Vectorise Conv2d: lay the windows out as the rows of one array and make the convolution "
        "one matrix product; likewise its backward."
    )
