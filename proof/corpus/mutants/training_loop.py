"""Mistakes in module 07, training: `Trainer.train_epoch` and `Trainer.evaluate`."""

from __future__ import annotations

from proof.mutant import Mutant

LOOP = (
    # one step per batch
    Mutant(
        "train_never_zeroes",
        "never zeroes the gradients, so that they add up over batches",
        "training",
        "        self.optimizer.zero_grad()\n",
        "",
    ),
    Mutant(
        "train_zeroes_once_per_epoch",
        "zeroes the gradients at the start of an epoch only",
        "training",
        "        self.optimizer.zero_grad()\n",
        '        if vars(self).get("zeroed") != self.epoch:\n'
        "            self.optimizer.zero_grad()\n"
        "        self.zeroed = self.epoch\n",
    ),
    Mutant(
        "train_zeroes_before_step",
        "zeroes the gradients between backward and step",
        "training",
        "        self.optimizer.step()\n",
        "        self.optimizer.zero_grad()\n        self.optimizer.step()\n",
    ),
    Mutant(
        "train_never_steps",
        "computes gradients and forgets the optimizer's step",
        "training",
        "        self.optimizer.step()\n",
        "",
    ),
    Mutant(
        "train_steps_before_backward",
        "makes the step before the gradients are computed",
        "training",
        "        self.optimizer.zero_grad()\n",
        "        self.optimizer.step()\n        self.optimizer.zero_grad()\n",
    ),
    Mutant(
        "train_steps_at_the_end_again",
        "makes one more step after the epoch although no batch is left over",
        "training",
        "        self.epoch += 1\n",
        "        self.epoch += 1\n        self.optimizer.step()\n",
    ),
    Mutant(
        "train_indexes_the_loader",
        "reads dataloader[i], although a DataLoader can only be iterated",
        "training",
        "batches = iter(dataloader)",
        "batches = iter([dataloader[i] for i in range(len(dataloader))])",
    ),
    # accumulation
    Mutant(
        "accumulation_ignored",
        "makes a step for every batch whatever accumulation_steps",
        "training",
        "_groups(dataloader, accumulation_steps)",
        "_groups(dataloader, 1)",
    ),
    Mutant(
        "accumulation_sums",
        "adds the gradients of the k mean losses up without dividing by k",
        "training",
        "targets) * share\n            loss.backward()\n            group_loss += loss.data.item()",
        "targets)\n            loss.backward()\n            group_loss += loss.data.item() * share",
    ),
    Mutant(
        "accumulation_zeroes_each_batch",
        "zeroes the gradients before every batch, so that only the last of a group counts",
        "training",
        "            loss.backward()\n",
        "            self.optimizer.zero_grad()\n            loss.backward()\n",
    ),
    Mutant(
        "accumulation_steps_each_batch",
        "steps after every batch of a group, with what has been added up so far",
        "training",
        "            loss.backward()\n",
        "            loss.backward()\n            if len(group) > 1:\n"
        "                self.optimizer.step()\n",
    ),
    Mutant(
        "accumulation_scales_the_report",
        "returns the loss divided by accumulation_steps as well",
        "training",
        "        self.epoch += 1\n",
        "        self.epoch += 1\n        loss /= accumulation_steps\n",
    ),
    Mutant(
        "accumulation_drops_leftovers",
        "forgets the batches left over that do not fill a group",
        "training",
        "    while group := list(islice(batches, size)):\n",
        "    while len(group := list(islice(batches, size))) == size:\n",
    ),
    # clipping
    Mutant(
        "train_never_clips",
        "does not use grad_clip_norm",
        "training",
        "if self.grad_clip_norm is not None:",
        "if False:",
    ),
    Mutant(
        "train_clips_after_step",
        "clips when the step has been made already",
        "training",
        "            clip_grad_norm(self.model.parameters(), self.grad_clip_norm)\n"
        "        self.optimizer.step()\n",
        "            self.optimizer.step()\n"
        "            clip_grad_norm(self.model.parameters(), self.grad_clip_norm)\n"
        "        else:\n"
        "            self.optimizer.step()\n",
    ),
    Mutant(
        "train_clips_parameters_one_by_one",
        "clips each parameter's gradient by itself",
        "training",
        "            clip_grad_norm(self.model.parameters(), self.grad_clip_norm)\n",
        "            for parameter in self.model.parameters():\n"
        "                clip_grad_norm([parameter], self.grad_clip_norm)\n",
    ),
    Mutant(
        "train_clips_at_one",
        "clips at the default of 1 and ignores the value of grad_clip_norm",
        "training",
        "clip_grad_norm(self.model.parameters(), self.grad_clip_norm)",
        "clip_grad_norm(self.model.parameters())",
    ),
    Mutant(
        "train_clips_each_batch",
        "clips after every backward of a group instead of once before the step",
        "training",
        "            group_loss += loss.data.item()\n",
        "            group_loss += loss.data.item()\n"
        "            if self.grad_clip_norm is not None:\n"
        "                clip_grad_norm(self.model.parameters(), self.grad_clip_norm)\n",
    ),
    # the schedule
    Mutant(
        "schedule_only_recorded",
        "records the schedule's rate and does not give it to the optimizer",
        "training",
        "            self.optimizer.lr = self.scheduler.get_lr(self.epoch)\n"
        '            self.history["learning_rates"].append(self.optimizer.lr)\n',
        '            self.history["learning_rates"].append(self.scheduler.get_lr(self.epoch))\n',
    ),
    Mutant(
        "schedule_stands_still",
        "does not count epochs, so that the schedule stays at its start",
        "training",
        "        self.epoch += 1\n",
        "",
    ),
    Mutant(
        "schedule_one_epoch_ahead",
        "trains an epoch at the rate of the next one",
        "training",
        "self.scheduler.get_lr(self.epoch)",
        "self.scheduler.get_lr(self.epoch + 1)",
    ),
    Mutant(
        "schedule_counts_steps",
        "asks the schedule for a rate at every step, by the number of steps",
        "training",
        "        self.optimizer.step()\n",
        "        if self.scheduler is not None:\n"
        "            self.optimizer.lr = self.scheduler.get_lr(self.optimizer.step_count)\n"
        "        self.optimizer.step()\n",
    ),
    Mutant(
        "schedule_multiplies",
        "multiplies the optimizer's rate by the schedule's instead of replacing it",
        "training",
        "self.optimizer.lr = self.scheduler.get_lr(self.epoch)",
        "self.optimizer.lr *= self.scheduler.get_lr(self.epoch)",
    ),
    Mutant(
        "schedule_moves_in_evaluate",
        "counts a call of evaluate as an epoch",
        "training",
        "        self.model.training = False\n",
        "        self.model.training = False\n        self.epoch += 1\n",
    ),
    # the mean loss and the mode
    Mutant(
        "train_loss_of_last_batch",
        "returns the loss of the last batch",
        "training",
        "_mean_over_samples([(self._step(group), _samples(group)) for group in groups])",
        "[self._step(group) for group in groups][-1]",
    ),
    Mutant(
        "train_loss_summed",
        "returns the sum of the batches' losses",
        "training",
        "_mean_over_samples([(self._step(group), _samples(group)) for group in groups])",
        "sum(self._step(group) for group in groups)",
    ),
    Mutant(
        "train_loss_over_samples_once",
        "divides the sum of the batches' mean losses by the number of samples",
        "training",
        "_mean_over_samples([(self._step(group), _samples(group)) for group in groups])",
        "sum(self._step(group) for group in groups) / sum(len(x.data) for x, *_ in dataloader)",
    ),
    Mutant(
        "train_loss_short_batch_as_full",
        "counts a short last batch as a full one when averaging the loss over samples",
        "training",
        "_mean_over_samples([(self._step(group), _samples(group)) for group in groups])",
        "(losses := [(self._step(group), _samples(group)) for group in groups])[0][1] * sum(\n"
        "            mean for mean, _ in losses\n"
        "        ) / sum(size for _, size in losses)",
    ),
    Mutant(
        "train_mode_not_set",
        "does not set model.training, so that it stays False after evaluate",
        "training",
        "        self.model.training = True\n",
        "",
    ),
    # history
    Mutant(
        "train_loss_not_recorded",
        "does not append to train_loss",
        "training",
        '        self.history["train_loss"].append(loss)\n',
        "",
    ),
    Mutant(
        "train_loss_recorded_per_step",
        "appends a train_loss for every step",
        "training",
        "        self.optimizer.step()\n",
        '        self.history["train_loss"].append(group_loss)\n        self.optimizer.step()\n',
    ),
    Mutant(
        "history_holds_only_the_latest",
        "replaces the list instead of appending to it",
        "training",
        '        self.history["train_loss"].append(loss)\n',
        '        self.history["train_loss"] = [loss]\n',
    ),
    Mutant(
        "learning_rate_not_recorded",
        "does not append to learning_rates",
        "training",
        '            self.history["learning_rates"].append(self.optimizer.lr)\n',
        "",
    ),
    Mutant(
        "learning_rate_recorded_twice",
        "appends the rate again when an epoch is evaluated",
        "training",
        '        self.history["eval_loss"].append(loss)\n',
        '        self.history["eval_loss"].append(loss)\n'
        '        self.history["learning_rates"].append(self.optimizer.lr)\n',
    ),
    Mutant(
        "eval_loss_not_recorded",
        "does not append to eval_loss",
        "training",
        '        self.history["eval_loss"].append(loss)\n',
        "",
    ),
    Mutant(
        "eval_loss_recorded_as_train_loss",
        "appends the loss of evaluate to train_loss",
        "training",
        '        self.history["eval_loss"].append(loss)\n',
        '        self.history["train_loss"].append(loss)\n',
    ),
    Mutant(
        "history_shared_by_trainers",
        "keeps the lists in the class, so that all trainers share them",
        "training",
        "        self.history: dict[str, list[float]] = {\n"
        '            "train_loss": [],\n'
        '            "eval_loss": [],\n'
        '            "learning_rates": [],\n'
        "        }\n",
        '        if not hasattr(Trainer, "past"):\n'
        '            Trainer.past = {"train_loss": [], "eval_loss": [], "learning_rates": []}\n'
        "        self.history = Trainer.past\n",
    ),
)
