"""Mistakes in module 08, dataloader: batches, shuffling and iterators."""

from __future__ import annotations

from proof.mutant import Mutant

BATCHES = (
    # len(loader)
    Mutant(
        "loader_shuffles_one_list",
        "keeps the order in the loader and shuffles it for every iterator, also for those begun",
        "dataloader",
        "order = np.random.permutation(count) if self.shuffle else np.arange(count)\n",
        'order = self.__dict__.setdefault("order", np.arange(count))\n'
        "        if self.shuffle:\n"
        "            np.random.shuffle(order)\n",
    ),
    Mutant(
        "loader_length_rounded_down",
        "does not count the short last batch",
        "dataloader",
        "math.ceil(len(self.dataset) / self.batch_size)",
        "len(self.dataset) // self.batch_size",
    ),
    Mutant(
        "loader_length_one_more",
        "adds a batch even where the division leaves no rest",
        "dataloader",
        "math.ceil(len(self.dataset) / self.batch_size)",
        "len(self.dataset) // self.batch_size + 1",
    ),
    Mutant(
        "loader_length_rounded",
        "rounds to the nearest number of batches",
        "dataloader",
        "math.ceil(len(self.dataset) / self.batch_size)",
        "max(1, round(len(self.dataset) / self.batch_size))",
    ),
    Mutant(
        "loader_length_counts_samples",
        "returns the number of samples",
        "dataloader",
        "math.ceil(len(self.dataset) / self.batch_size)",
        "len(self.dataset)",
    ),
    # batches
    Mutant(
        "last_batch_dropped",
        "stops before the short last batch",
        "dataloader",
        "range(0, count, self.batch_size)",
        "range(0, count - self.batch_size + 1, self.batch_size)",
    ),
    Mutant(
        "last_batch_filled_up",
        "fills the short last batch up with the first samples",
        "dataloader",
        "chosen = order[start : start + self.batch_size]",
        "chosen = np.take(order, range(start, start + self.batch_size), mode='wrap')",
    ),
    Mutant(
        "last_batch_moved_back",
        "lets the last batch be a full one that repeats samples",
        "dataloader",
        "chosen = order[start : start + self.batch_size]",
        "chosen = order[: start + self.batch_size][-self.batch_size :]",
    ),
    Mutant(
        "batches_backwards",
        "takes the samples from the last to the first",
        "dataloader",
        "else np.arange(count)",
        "else np.arange(count)[::-1]",
    ),
    Mutant(
        "batch_is_a_list",
        "yields a list instead of a tuple",
        "dataloader",
        "    return tuple(\n        Tensor.from_op(np.stack",
        "    return list(\n        Tensor.from_op(np.stack",
    ),
    Mutant(
        "batch_of_arrays",
        "stacks arrays and does not wrap them in Tensors",
        "dataloader",
        "Tensor.from_op(np.stack([as_array(value) for value in field]))",
        "np.stack([as_array(value) for value in field])",
    ),
    Mutant(
        "batch_concatenated",
        "joins the samples along their first axis instead of a new one",
        "dataloader",
        "np.stack([as_array(value) for value in field])",
        "np.concatenate([np.atleast_1d(as_array(value)) for value in field])",
    ),
    Mutant(
        "batch_stacked_last",
        "stacks along a new last axis",
        "dataloader",
        "np.stack([as_array(value) for value in field])",
        "np.stack([as_array(value) for value in field], axis=-1)",
    ),
    Mutant(
        "batch_labels_as_columns",
        "gives labels an axis of length 1",
        "dataloader",
        "np.stack([as_array(value) for value in field])",
        "np.stack([np.atleast_1d(as_array(value)) for value in field])",
    ),
    Mutant(
        "batch_truncated_to_integers",
        "turns what it stacks into integers",
        "dataloader",
        "np.stack([as_array(value) for value in field])",
        "np.stack([as_array(value) for value in field]).astype(int)",
    ),
    Mutant(
        "batch_of_two_parts",
        "expects samples to be pairs and drops further parts",
        "dataloader",
        "for field in zip(*samples, strict=True)",
        "for field in list(zip(*samples, strict=True))[:2]",
    ),
    Mutant(
        "batch_parts_reversed",
        "yields the last part of the samples first",
        "dataloader",
        "for field in zip(*samples, strict=True)",
        "for field in reversed(list(zip(*samples, strict=True)))",
    ),
    Mutant(
        "loader_reads_tensors",
        "reads dataset.tensors instead of dataset[index]",
        "dataloader",
        "yield _collate([self.dataset[int(index)] for index in chosen])",
        "yield tuple(Tensor(tensor.data[chosen]) for tensor in self.dataset.tensors)",
    ),
    # shuffling
    Mutant(
        "shuffles_always",
        "shuffles although shuffle is False",
        "dataloader",
        "np.random.permutation(count) if self.shuffle else np.arange(count)",
        "np.random.permutation(count)",
    ),
    Mutant(
        "shuffles_never",
        "ignores shuffle",
        "dataloader",
        "np.random.permutation(count) if self.shuffle else np.arange(count)",
        "np.arange(count)",
    ),
    Mutant(
        "shuffles_with_replacement",
        "draws each index anew, so that samples repeat and others never come",
        "dataloader",
        "np.random.permutation(count)",
        "np.random.randint(0, count, count)",
    ),
    Mutant(
        "shuffles_full_batches_only",
        "drops the short last batch when it shuffles",
        "dataloader",
        "        for start in range(0, count, self.batch_size):\n",
        "        if self.shuffle:\n"
        "            count -= count % self.batch_size\n"
        "        for start in range(0, count, self.batch_size):\n",
    ),
    Mutant(
        "shuffles_all_but_first",
        "draws the indices from 1 on and so loses sample 0",
        "dataloader",
        "np.random.permutation(count)",
        "np.random.permutation(np.arange(1, count))",
    ),
    Mutant(
        "shuffles_by_a_fixed_seed",
        "seeds the generator in __iter__, so that every epoch has the same order",
        "dataloader",
        "        count = len(self.dataset)\n        order",
        "        np.random.seed(0)\n        count = len(self.dataset)\n        order",
    ),
    Mutant(
        "shuffles_once",
        "draws the order in the first epoch and keeps it",
        "dataloader",
        "        order = np.random.permutation(count) if self.shuffle else np.arange(count)\n",
        "        order = np.random.permutation(count) if self.shuffle else np.arange(count)\n"
        '        order = vars(self).setdefault("order", order)\n',
    ),
    Mutant(
        "shuffles_batches_only",
        "shuffles the order of the batches, each of which stays the same",
        "dataloader",
        "        for start in range(0, count, self.batch_size):\n"
        "            chosen = order[start : start + self.batch_size]\n",
        "        starts = range(0, count, self.batch_size)\n"
        "        for start in np.random.permutation(starts) if self.shuffle else starts:\n"
        "            chosen = np.arange(count)[start : start + self.batch_size]\n",
    ),
    Mutant(
        "shuffles_within_batches_only",
        "shuffles the samples of each batch, but always the same ones",
        "dataloader",
        "            chosen = order[start : start + self.batch_size]\n",
        "            chosen = np.arange(count)[start : start + self.batch_size]\n"
        "            chosen = np.random.permutation(chosen) if self.shuffle else chosen\n",
    ),
    Mutant(
        "shuffles_parts_apart",
        "shuffles each part of a batch by itself, so that rows lose their labels",
        "dataloader",
        "            yield _collate([self.dataset[int(index)] for index in chosen])\n",
        "            batch = _collate([self.dataset[int(index)] for index in chosen])\n"
        "            if self.shuffle:\n"
        "                batch = tuple(Tensor(np.random.permutation(t.data)) for t in batch)\n"
        "            yield batch\n",
    ),
    Mutant(
        "shuffles_the_first_part_only",
        "shuffles the inputs and leaves the labels in order",
        "dataloader",
        "            yield _collate([self.dataset[int(index)] for index in chosen])\n",
        "            here = np.arange(start, start + len(chosen))\n"
        "            batch = _collate([self.dataset[int(index)] for index in chosen])\n"
        "            labels = _collate([self.dataset[int(index)] for index in here])\n"
        "            yield batch[0], *labels[1:]\n",
    ),
    # iterators
    Mutant(
        "loader_is_its_own_iterator",
        "keeps the position in the loader, so that two iterators disturb each other",
        "dataloader",
        "        for start in range(0, count, self.batch_size):\n"
        "            chosen = order[start : start + self.batch_size]\n",
        "        self.start = 0\n"
        "        while self.start < count:\n"
        "            chosen = order[self.start : self.start + self.batch_size]\n"
        "            self.start += self.batch_size\n",
    ),
    Mutant(
        "loader_keeps_the_order",
        "keeps the order in the loader, so that a second iterator replaces the first one's",
        "dataloader",
        "            chosen = order[start : start + self.batch_size]\n",
        "            if not start:\n"
        "                self.order = order\n"
        "            chosen = self.order[start : start + self.batch_size]\n",
    ),
    Mutant(
        "loader_runs_once",
        "makes one generator and hands it out again when it is used up",
        "dataloader",
        "    def __iter__(self) -> abc.Iterator[tuple[Tensor, ...]]:\n",
        "    def __iter__(self) -> Any:\n"
        '        return vars(self).setdefault("iterator", self.epoch())\n\n'
        "    def epoch(self) -> abc.Iterator[tuple[Tensor, ...]]:\n",
    ),
    Mutant(
        "shuffles_the_dataset_itself",
        "shuffles the dataset's own tensors in place",
        "dataloader",
        "        order = np.random.permutation(count) if self.shuffle else np.arange(count)\n",
        "        order = np.arange(count)\n"
        '        if self.shuffle and hasattr(self.dataset, "tensors"):\n'
        "            mixed = np.random.permutation(count)\n"
        "            for tensor in self.dataset.tensors:\n"
        "                tensor.data = tensor.data[mixed]\n",
    ),
)
