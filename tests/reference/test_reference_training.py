"""The training loop: schedule, clipping, accumulation, evaluation, and continuing from a file."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reference.activations import Tanh
from reference.layers import Linear, Sequential
from reference.losses import CrossEntropyLoss, MSELoss
from reference.optimizers import SGD, Adam, AdamW
from reference.tensor import Tensor
from reference.training import CosineSchedule, Trainer, clip_grad_norm

INPUTS = np.random.default_rng(0).standard_normal((12, 3))
CLASSES = np.random.default_rng(1).integers(0, 4, 12)


def batches(*sizes: int) -> list[tuple[Tensor, Tensor]]:
    """Cut the first samples into batches of these sizes."""
    ends = np.cumsum(sizes)
    return [
        (Tensor(INPUTS[end - size : end]), Tensor(CLASSES[end - size : end]))
        for size, end in zip(sizes, ends, strict=True)
    ]


def trainer(rule: Any = SGD, seed: int = 0, **options: Any) -> Trainer:
    """Make a trainer of a small network."""
    np.random.seed(seed)
    model = Sequential(Linear(3, 5), Tanh(), Linear(5, 4))
    return Trainer(model, rule(model.parameters(), lr=0.1), CrossEntropyLoss(), **options)


def weights(subject: Trainer) -> Any:
    """Return all parameters as one vector."""
    return np.concatenate([p.data.ravel() for p in subject.model.parameters()])


def test_the_cosine_schedule_falls_along_half_a_cosine() -> None:
    schedule = CosineSchedule(max_lr=1.0, min_lr=0.2, total_epochs=4)
    rates = [schedule.get_lr(epoch) for epoch in range(6)]
    middle = math.sqrt(0.5)
    want = [1, 0.6 + 0.4 * middle, 0.6, 0.6 - 0.4 * middle, 0.2, 0.2]
    assert rates == pytest.approx(want, rel=1e-12)
    assert (CosineSchedule().get_lr(0), CosineSchedule().get_lr(100)) == (0.1, 0.01)


def test_clipping_scales_all_gradients_together() -> None:
    a, b, unused = (Tensor([0.0, 0.0], requires_grad=True) for _ in range(3))
    a.grad, b.grad = np.array([3.0, 0.0]), Tensor([0.0, 4.0])
    assert clip_grad_norm(iter([a, b, unused]), max_norm=2.5) == 5.0
    np.testing.assert_array_equal(a.grad, [1.5, 0])
    np.testing.assert_array_equal(b.grad, [0, 2])
    assert unused.grad is None


def test_clipping_leaves_small_gradients_alone() -> None:
    a = Tensor([0.0], requires_grad=True)
    a.grad = gradient = np.array([0.5])
    assert clip_grad_norm([a]) == 0.5
    assert a.grad is gradient
    assert clip_grad_norm([]) == 0


@pytest.mark.parametrize(
    ("small", "large", "steps"),
    [
        ((4, 4, 4), (12,), 3),
        ((4, 4, 3), (11,), 3),  # the last batch is short
        ((3, 3, 3, 3), (9, 3), 3),  # the last group is incomplete
        ((3, 3, 3, 2), (6, 5), 2),
        ((3, 3), (6,), 5),
        ((5, 5), (5, 5), 1),
    ],
)
def test_accumulated_batches_equal_one_large_batch(
    small: tuple[int, ...], large: tuple[int, ...], steps: int, double: None
) -> None:
    accumulated, whole = trainer(), trainer()
    losses = [
        accumulated.train_epoch(batches(*small), accumulation_steps=steps),
        whole.train_epoch(batches(*large)),
    ]
    assert losses[0] == pytest.approx(losses[1], rel=1e-12)
    np.testing.assert_allclose(weights(accumulated), weights(whole), rtol=1e-12)
    assert accumulated.optimizer.step_count == len(large)


def test_an_epoch_is_steps_of_the_optimizer(double: None) -> None:
    subject, twin = trainer(), trainer()
    subject.train_epoch(batches(6, 6))
    for inputs, targets in batches(6, 6):
        twin.optimizer.zero_grad()
        CrossEntropyLoss()(twin.model.forward(inputs), targets).backward()
        twin.optimizer.step()
    np.testing.assert_array_equal(weights(subject), weights(twin))


def test_the_loss_of_an_epoch_is_the_mean_over_samples_before_each_step(double: None) -> None:
    subject = trainer()
    subject.optimizer.lr = 0.0
    outputs = subject.model.forward(Tensor(INPUTS))
    want = CrossEntropyLoss()(outputs, Tensor(CLASSES)).data.item()
    assert subject.train_epoch(batches(5, 5, 2)) == pytest.approx(want, rel=1e-12)
    assert subject.evaluate(batches(5, 5, 2))[0] == pytest.approx(want, rel=1e-12)


def test_gradients_are_clipped_before_the_step(double: None) -> None:
    subject = trainer(grad_clip_norm=1e-3)
    before = weights(subject)
    subject.train_epoch(batches(12))
    assert np.linalg.norm(weights(subject) - before) == pytest.approx(1e-4, rel=1e-9)


def test_the_schedule_sets_the_rate_of_each_epoch() -> None:
    schedule = CosineSchedule(0.5, 0.1, 2)
    subject = trainer(scheduler=schedule)
    for _ in range(3):
        subject.train_epoch(batches(12))
    assert subject.history["learning_rates"] == pytest.approx([0.5, 0.3, 0.1])
    assert subject.optimizer.lr == pytest.approx(0.1)


def test_evaluation_counts_samples_and_changes_no_parameter(double: None) -> None:
    subject = trainer()
    before = weights(subject)
    loss, accuracy = subject.evaluate(batches(5, 5, 2))
    outputs = subject.model.forward(Tensor(INPUTS))
    assert loss == pytest.approx(CrossEntropyLoss()(outputs, Tensor(CLASSES)).data.item())
    assert accuracy == pytest.approx((outputs.data.argmax(1) == CLASSES).mean())
    np.testing.assert_array_equal(weights(subject), before)
    assert all(parameter.grad is None for parameter in subject.model.parameters())


def test_evaluation_reads_one_hot_targets() -> None:
    subject = trainer()
    subject.loss_fn = MSELoss()
    by_id = subject.evaluate([(Tensor(INPUTS), Tensor(CLASSES[:, None]))])[1]
    one_hot = subject.evaluate([(Tensor(INPUTS), Tensor(np.eye(4)[CLASSES]))])[1]
    assert by_id == one_hot


def test_the_mode_of_the_model_is_set() -> None:
    subject = trainer()
    subject.evaluate(batches(3))
    assert subject.model.training is False
    subject.train_epoch(batches(3))
    assert subject.model.training is True


def test_history_has_one_entry_per_call() -> None:
    subject = trainer()
    losses = [subject.train_epoch(batches(6, 6)) for _ in range(2)]
    result = subject.evaluate(batches(12))[0]
    assert subject.history == {"train_loss": losses, "eval_loss": [result], "learning_rates": []}
    assert subject.epoch == 2


@pytest.mark.parametrize("rule", [lambda p, lr: SGD(p, lr, momentum=0.9), Adam, AdamW])
def test_training_resumed_equals_training_never_stopped(rule: Any, tmp_path: Path) -> None:
    straight = trainer(rule, scheduler=CosineSchedule(total_epochs=4))
    for _ in range(2):
        straight.train_epoch(batches(6, 6))
    straight.evaluate(batches(12))
    straight.save_checkpoint(tmp_path / "two")
    resumed = trainer(rule, seed=1, scheduler=CosineSchedule(total_epochs=4))
    resumed.load_checkpoint(str(tmp_path / "two"))
    for subject in (straight, resumed):
        for _ in range(2):
            subject.train_epoch(batches(6, 6))
    np.testing.assert_array_equal(weights(resumed), weights(straight))
    assert resumed.history == straight.history
    assert (resumed.epoch, resumed.optimizer.step_count) == (4, 8)


def test_a_checkpoint_is_written_once_and_shared_by_no_one(tmp_path: Path) -> None:
    first = trainer(Adam)
    first.train_epoch(batches(12))
    saved = weights(first)
    first.save_checkpoint(tmp_path / "one")
    first.train_epoch(batches(12))
    second, third = trainer(Adam, seed=1), trainer(Adam, seed=2)
    second.load_checkpoint(tmp_path / "one")
    third.load_checkpoint(tmp_path / "one")
    second.train_epoch(batches(12))
    np.testing.assert_array_equal(weights(third), saved)
    assert len(third.history["train_loss"]) == 1


def test_a_checkpoint_of_another_model_is_refused(tmp_path: Path) -> None:
    trainer().save_checkpoint(tmp_path / "one")
    other = trainer()
    other.model = Sequential(Linear(3, 5))
    with pytest.raises(ValueError, match="zip"):
        other.load_checkpoint(tmp_path / "one")
