"""Mistakes in module 08, dataloader: datasets here, batches and transforms in further files."""

from __future__ import annotations

from proof.corpus.mutants.dataloader_batches import BATCHES
from proof.corpus.mutants.dataloader_transforms import TRANSFORMS
from proof.mutant import Mutant

DATASETS = (
    # Dataset
    Mutant(
        "dataset_not_abstract",
        "does not derive Dataset from abc.ABC",
        "dataloader",
        "class Dataset(ABC):",
        "class Dataset:",
    ),
    Mutant(
        "getitem_not_abstract",
        "does not mark __getitem__ as abstract",
        "dataloader",
        "    @abstractmethod\n    def __getitem__",
        "    def __getitem__",
    ),
    Mutant(
        "len_not_abstract",
        "does not mark __len__ as abstract",
        "dataloader",
        "    @abstractmethod\n    def __len__",
        "    def __len__",
    ),
    # TensorDataset
    Mutant(
        "unequal_sizes_accepted",
        "does not compare the tensors' first sizes",
        "dataloader",
        "if len({len(tensor.data) for tensor in tensors}) != 1:",
        "if not tensors:",
    ),
    Mutant(
        "unequal_sizes_of_first_two",
        "compares the first two tensors only",
        "dataloader",
        "len({len(tensor.data) for tensor in tensors})",
        "len({len(tensor.data) for tensor in tensors[:2]})",
    ),
    Mutant(
        "unequal_sizes_asserted",
        "asserts that the sizes are equal instead of raising ValueError",
        "dataloader",
        'raise ValueError("all tensors of a dataset must have the same first size")',
        'raise AssertionError("all tensors of a dataset must have the same first size")',
    ),
    Mutant(
        "unequal_shapes_refused",
        "compares whole shapes, not the first sizes",
        "dataloader",
        "len({len(tensor.data) for tensor in tensors})",
        "len({tensor.shape for tensor in tensors})",
    ),
    Mutant(
        "dataset_counts_numbers",
        "takes the number of elements for the length",
        "dataloader",
        "return len(self.tensors[0].data)",
        "return self.tensors[0].size",
    ),
    Mutant(
        "row_kept_as_batch",
        "slices a batch of one row instead of taking the row",
        "dataloader",
        "Tensor(tensor.data[index])",
        "Tensor(tensor.data[index : index + 1])",
    ),
    Mutant(
        "row_of_first_tensor_twice",
        "takes every part from the first tensor",
        "dataloader",
        "Tensor(tensor.data[index])",
        "Tensor(self.tensors[0].data[index])",
    ),
    Mutant(
        "index_clamped",
        "returns the last row for an index that is too large",
        "dataloader",
        "        if not 0 <= index < len(self):\n"
        '            raise IndexError(f"index {index} out of range for {len(self)} samples")\n',
        "        index = min(index, len(self) - 1)\n",
    ),
    Mutant(
        "index_wraps_around",
        "takes the index modulo the length",
        "dataloader",
        "        if not 0 <= index < len(self):\n"
        '            raise IndexError(f"index {index} out of range for {len(self)} samples")\n',
        "        index %= len(self)\n",
    ),
    Mutant(
        "index_raises_value_error",
        "raises ValueError instead of IndexError",
        "dataloader",
        "raise IndexError(",
        "raise ValueError(",
    ),
    Mutant(
        "index_refuses_last",
        "refuses the last index",
        "dataloader",
        "if not 0 <= index < len(self):",
        "if not 0 <= index < max(1, len(self) - 1):",
    ),
)

MUTANTS = (*DATASETS, *BATCHES, *TRANSFORMS)
