"""Mistakes in module 07, training: `Trainer.evaluate`."""

from __future__ import annotations

from proof.mutant import Mutant

EVALUATION = (
    # what evaluate leaves alone
    Mutant(
        "evaluate_trains",
        "runs backward and a step as in training",
        "training",
        "            accuracies.append",
        "            self.optimizer.zero_grad()\n"
        "            self.loss_fn(outputs, targets).backward()\n"
        "            self.optimizer.step()\n"
        "            accuracies.append",
    ),
    Mutant(
        "evaluate_steps",
        "makes an optimizer step on the gradients left from training",
        "training",
        "        loss = _mean_over_samples(losses)\n",
        "        self.optimizer.step()\n        loss = _mean_over_samples(losses)\n",
    ),
    Mutant(
        "evaluate_mode_not_set",
        "does not set model.training = False, so that dropout stays on",
        "training",
        "        self.model.training = False\n",
        "",
    ),
    Mutant(
        "evaluate_mode_set_late",
        "sets model.training = False when the first batch has gone through the model",
        "training",
        "        self.model.training = False\n"
        "        losses, accuracies = [], []\n"
        "        for inputs, targets in dataloader:\n"
        "            outputs = self.model.forward(inputs)\n",
        "        losses, accuracies = [], []\n"
        "        for inputs, targets in dataloader:\n"
        "            outputs = self.model.forward(inputs)\n"
        "            self.model.training = False\n",
    ),
    # the loss
    Mutant(
        "evaluate_loss_of_last_batch",
        "returns the loss of the last batch",
        "training",
        "        loss = _mean_over_samples(losses)\n",
        "        loss = losses[-1][0]\n",
    ),
    Mutant(
        "evaluate_loss_summed",
        "returns the sum of the batches' losses",
        "training",
        "        loss = _mean_over_samples(losses)\n",
        "        loss = sum(mean for mean, _ in losses)\n",
    ),
    Mutant(
        "evaluate_loss_over_samples_once",
        "divides the sum of the batches' mean losses by the number of samples",
        "training",
        "        loss = _mean_over_samples(losses)\n",
        "        loss = sum(mean for mean, _ in losses) / sum(size for _, size in losses)\n",
    ),
    Mutant(
        "evaluate_loss_short_batch_as_full",
        "counts a short last batch as a full one when averaging the loss over samples",
        "training",
        "        loss = _mean_over_samples(losses)\n",
        "        seen = sum(size for _, size in losses)\n"
        "        loss = sum(mean * losses[0][1] for mean, _ in losses) / seen\n",
    ),
    Mutant(
        "evaluate_drops_short_batch",
        "leaves the short last batch out of the mean loss",
        "training",
        "        loss = _mean_over_samples(losses)\n",
        "        loss = _mean_over_samples([pair for pair in losses if pair[1] == losses[0][1]])\n",
    ),
    Mutant(
        "evaluate_returns_a_tensor",
        "returns the loss as a Tensor instead of a number",
        "training",
        "        return loss, _mean_over_samples(accuracies)\n",
        "        return Tensor(loss), _mean_over_samples(accuracies)\n",
    ),
    Mutant(
        "evaluate_accuracy_first",
        "returns the accuracy before the loss",
        "training",
        "        return loss, _mean_over_samples(accuracies)\n",
        "        return _mean_over_samples(accuracies), loss\n",
    ),
    # the accuracy
    Mutant(
        "accuracy_averaged_over_batches",
        "averages the batches' accuracies, a short batch counting as a full one",
        "training",
        "accuracies.append((float(right.mean()), len(right)))",
        "accuracies.append((float(right.mean()), 1))",
    ),
    Mutant(
        "accuracy_divides_by_full_batches",
        "divides by the number of batches times the batch size",
        "training",
        "        return loss, _mean_over_samples(accuracies)\n",
        "        right = sum(share * size for share, size in accuracies)\n"
        "        return loss, right / (len(accuracies) * accuracies[0][1])\n",
    ),
    Mutant(
        "accuracy_of_last_batch",
        "counts anew for every batch",
        "training",
        "        return loss, _mean_over_samples(accuracies)\n",
        "        return loss, accuracies[-1][0]\n",
    ),
    Mutant(
        "accuracy_counts",
        "returns how many are right, not their share",
        "training",
        "        return loss, _mean_over_samples(accuracies)\n",
        "        return loss, sum(share * size for share, size in accuracies)\n",
    ),
    Mutant(
        "accuracy_in_percent",
        "returns the accuracy in percent",
        "training",
        "        return loss, _mean_over_samples(accuracies)\n",
        "        return loss, 100 * _mean_over_samples(accuracies)\n",
    ),
    Mutant(
        "accuracy_argmin",
        "takes the class of the smallest output",
        "training",
        "rows.argmax(axis=1)",
        "rows.argmin(axis=1)",
    ),
    Mutant(
        "accuracy_argmax_over_rows",
        "takes, for each class, the row of the largest output",
        "training",
        "rows.argmax(axis=1)",
        "np.resize(rows.argmax(axis=0), len(rows))",
    ),
    Mutant(
        "accuracy_argmax_of_targets",
        "takes the largest of the class ids for the target of every row",
        "training",
        "_class_ids(outputs.data) == _class_ids(targets.data)",
        "_class_ids(outputs.data) == targets.data.argmax()",
    ),
)
