"""Mistakes in module 07, training: saving and loading a checkpoint."""

from __future__ import annotations

from proof.mutant import Mutant

CHECKPOINT = (
    # what is saved
    Mutant(
        "checkpoint_saves_rounded_parameters",
        "writes the parameters with half precision",
        "training",
        '"parameters": [parameter.data for parameter in',
        '"parameters": [parameter.data.astype(np.float16) for parameter in',
    ),
    Mutant(
        "checkpoint_saves_next_epoch",
        "saves the number of the epoch after the next one",
        "training",
        '"epoch": self.epoch,',
        '"epoch": self.epoch + 1,',
    ),
    Mutant(
        "checkpoint_saves_no_file",
        "keeps the checkpoint in the trainer and writes an empty file",
        "training",
        "        Path(path).write_bytes(pickle.dumps(checkpoint))\n",
        "        self.checkpoint = checkpoint\n        Path(path).write_bytes(pickle.dumps({}))\n",
    ),
    Mutant(
        "checkpoint_saves_last_history_entry",
        "saves the last entry of each history instead of the lists",
        "training",
        '"history": self.history,',
        '"history": {name: kept[-1:] for name, kept in self.history.items()},',
    ),
    # what is loaded
    Mutant(
        "checkpoint_loads_no_parameters",
        "assigns what was saved to a loop variable, not to the parameters",
        "training",
        "            parameter.data = data\n",
        "            parameter = Tensor(data)\n",
    ),
    Mutant(
        "checkpoint_loads_weight_only",
        "restores the first parameter and forgets the others",
        "training",
        "            parameter.data = data\n",
        "            parameter.data = data\n            break\n",
    ),
    Mutant(
        "checkpoint_loads_no_optimizer",
        "does not restore the optimizer",
        "training",
        '        self.optimizer.load_state(checkpoint["optimizer"])\n',
        "",
    ),
    Mutant(
        "checkpoint_loads_rate_only",
        "restores the optimizer's learning rate and nothing else of it",
        "training",
        'self.optimizer.load_state(checkpoint["optimizer"])',
        'self.optimizer.lr = checkpoint["optimizer"]["lr"]',
    ),
    Mutant(
        "checkpoint_without_momentum",
        "does not save the velocities of SGD",
        "training",
        '"optimizer": self.optimizer.state(),',
        '"optimizer": {k: v for k, v in self.optimizer.state().items() if k != "velocity"},',
    ),
    Mutant(
        "checkpoint_with_momentum_only",
        "saves the velocities of SGD and nothing of Adam",
        "training",
        '"optimizer": self.optimizer.state(),',
        '"optimizer": {k: v for k, v in self.optimizer.state().items() if k == "velocity"},',
    ),
    Mutant(
        "checkpoint_without_first_moment",
        "does not save Adam's first moments",
        "training",
        '"optimizer": self.optimizer.state(),',
        '"optimizer": {k: v for k, v in self.optimizer.state().items() if k != "first_moment"},',
    ),
    Mutant(
        "checkpoint_without_second_moment",
        "does not save Adam's second moments",
        "training",
        '"optimizer": self.optimizer.state(),',
        '"optimizer": {k: v for k, v in self.optimizer.state().items() if k != "second_moment"},',
    ),
    Mutant(
        "checkpoint_without_step_count",
        "does not save the optimizer's step_count, so that Adam corrects its moments again",
        "training",
        '"optimizer": self.optimizer.state(),',
        '"optimizer": {k: v for k, v in self.optimizer.state().items() if k != "step_count"},',
    ),
    Mutant(
        "checkpoint_loads_no_epoch",
        "does not restore the epoch, so that the schedule starts anew",
        "training",
        '        self.epoch = checkpoint["epoch"]\n',
        "",
    ),
    Mutant(
        "checkpoint_loads_no_history",
        "does not restore the history",
        "training",
        '        self.history = checkpoint["history"]\n',
        "",
    ),
    Mutant(
        "checkpoint_loads_losses_only",
        "restores the losses, but not the learning rates of the history",
        "training",
        '        self.history = checkpoint["history"]\n',
        '        self.history["train_loss"] = checkpoint["history"]["train_loss"]\n'
        '        self.history["eval_loss"] = checkpoint["history"]["eval_loss"]\n',
    ),
    Mutant(
        "checkpoint_extends_history",
        "appends the saved history to the present one",
        "training",
        '        self.history = checkpoint["history"]\n',
        '        for name, kept in checkpoint["history"].items():\n'
        "            self.history[name].extend(kept)\n",
    ),
)
