"""Mistakes in module 04, losses."""

from __future__ import annotations

from proof.mutant import Mutant

MUTANTS = (
    # log_softmax.
    Mutant(
        "log_softmax_forgets_maximum",
        "subtracts the maximum in the sum only and does not add it back",
        "losses",
        "y = shifted - np.log(",
        "y = x.data - np.log(",
    ),
    Mutant(
        "log_softmax_dim_ignored",
        "always runs along the last axis",
        "losses",
        "    shifted = x.data - x.data.max(axis=dim, keepdims=True)\n",
        "    dim = -1\n    shifted = x.data - x.data.max(axis=dim, keepdims=True)\n",
    ),
    Mutant(
        "log_softmax_dim_1_by_default",
        "runs along axis 1 unless told otherwise, as if x were always a matrix",
        "losses",
        "dim: int = -1",
        "dim: int = 1",
    ),
    Mutant(
        "log_softmax_sum_without_keepdims",
        "drops the summed axis, so that square matrices get the wrong sums",
        "losses",
        "np.exp(shifted).sum(axis=dim, keepdims=True)",
        "np.exp(shifted).sum(axis=dim)",
    ),
    Mutant(
        "log_softmax_overflows",
        "does not subtract the maximum before exp",
        "losses",
        "shifted = x.data - x.data.max(axis=dim, keepdims=True)",
        "shifted = x.data",
    ),
    Mutant(
        "log_softmax_subtracts_global_maximum",
        "subtracts the maximum of all rows, far below which a row vanishes",
        "losses",
        "shifted = x.data - x.data.max(axis=dim, keepdims=True)",
        "shifted = x.data - x.data.max()",
    ),
    Mutant(
        "log_of_softmax_plus_epsilon",
        "takes the logarithm of a softmax, with 1e-12 against zero",
        "losses",
        "y = shifted - np.log(np.exp(shifted).sum(axis=dim, keepdims=True))",
        "weights = np.exp(shifted)\n"
        "    y = np.log(weights / weights.sum(axis=dim, keepdims=True) + 1e-12)",
    ),
    Mutant(
        "log_softmax_in_place",
        "subtracts the maximum from x itself",
        "losses",
        "shifted = x.data - x.data.max(axis=dim, keepdims=True)",
        "x.data -= x.data.max(axis=dim, keepdims=True)\n    shifted = x.data",
    ),
    # MSELoss.
    Mutant(
        "mse_sums",
        "adds the squared differences up instead of averaging them",
        "losses",
        "return (difference * difference).mean()",
        "return (difference * difference).sum()",
    ),
    Mutant(
        "mse_averages_rows",
        "divides by the batch size instead of the number of elements",
        "losses",
        "return (difference * difference).mean()",
        "return (difference * difference).sum() / difference.shape[0]",
    ),
    Mutant(
        "mse_halves",
        "divides by 2, as the gradient would like",
        "losses",
        "return (difference * difference).mean()",
        "return (difference * difference).mean() / 2",
    ),
    Mutant(
        "mse_per_column",
        "averages over the batch only",
        "losses",
        "return (difference * difference).mean()",
        "return (difference * difference).mean(axis=0)",
    ),
    Mutant(
        "mse_keeps_axes",
        "returns the mean with axes of length 1",
        "losses",
        "return (difference * difference).mean()",
        "return (difference * difference).mean(keepdims=True)",
    ),
    Mutant(
        "mse_returns_number",
        "returns a Python float",
        "losses",
        "return (difference * difference).mean()",
        "return float((difference * difference).mean().data)",
    ),
    Mutant(
        "mse_in_place",
        "subtracts the target from the prediction itself",
        "losses",
        "difference = prediction - target",
        "difference = prediction\n        difference.data -= target.data",
    ),
    Mutant(
        "mse_keeps_size",
        "divides by the size of the first batch ever after",
        "losses",
        "return (difference * difference).mean()",
        'size = self.__dict__.setdefault("size", difference.size)\n'
        "        return (difference * difference).sum() / size",
    ),
    # CrossEntropyLoss.
    Mutant(
        "cross_entropy_sums",
        "adds the samples up instead of averaging them",
        "losses",
        "return -log_likelihood.mean()",
        "return -log_likelihood.sum()",
    ),
    Mutant(
        "cross_entropy_divides_by_elements",
        "divides by the number of logits instead of samples",
        "losses",
        "return -log_likelihood.mean()",
        "return -log_likelihood.sum() / prediction.size",
    ),
    Mutant(
        "cross_entropy_picks_block",
        "picks every sample's score of every target, an N x N block",
        "losses",
        "[np.arange(len(class_ids)), class_ids]",
        "[:, class_ids]",
    ),
    Mutant(
        "cross_entropy_ids_as_floats",
        "uses the targets as indices without making integers of them",
        "losses",
        "class_ids = target.data.real.astype(int)",
        "class_ids = target.data",
    ),
    Mutant(
        "cross_entropy_one_hot_too_narrow",
        "builds a one-hot table as wide as the largest class id in the batch",
        "losses",
        "log_likelihood = log_softmax(prediction)[np.arange(len(class_ids)), class_ids]",
        "one_hot = Tensor(np.eye(class_ids.max() + 1)[class_ids])\n"
        "        log_likelihood = (log_softmax(prediction) * one_hot).sum(axis=1)",
    ),
    Mutant(
        "cross_entropy_along_batch",
        "takes the softmax over the samples",
        "losses",
        "log_softmax(prediction)[",
        "log_softmax(prediction, dim=0)[",
    ),
    Mutant(
        "cross_entropy_of_probabilities",
        "applies softmax to the logits first, then log_softmax",
        "losses",
        "log_softmax(prediction)[",
        "log_softmax(log_softmax(prediction).exp())[",
    ),
    Mutant(
        "cross_entropy_clips",
        "limits probabilities to 1e-7, so that no sample costs more than 16.1",
        "losses",
        "return -log_likelihood.mean()",
        "return -Tensor.from_op(np.maximum(log_likelihood.data, -16.118)).mean()",
    ),
    Mutant(
        "cross_entropy_in_place",
        "subtracts the maximum from the logits themselves",
        "losses",
        "class_ids = target.data.real.astype(int)",
        "prediction.data -= prediction.data.max(axis=1, keepdims=True)\n"
        "        class_ids = target.data.real.astype(int)",
    ),
    Mutant(
        "cross_entropy_keeps_rows",
        "keeps the row numbers of the first batch",
        "losses",
        "[np.arange(len(class_ids)), class_ids]",
        '[self.__dict__.setdefault("rows", np.arange(len(class_ids))), class_ids]',
    ),
    # BinaryCrossEntropyLoss.
    Mutant(
        "bce_sums",
        "adds the elements up instead of averaging them",
        "losses",
        "(1 - target) * (1 - p).log()).mean()",
        "(1 - target) * (1 - p).log()).sum()",
    ),
    Mutant(
        "bce_positives_only",
        "leaves out the term of label 0",
        "losses",
        "(target * p.log() + (1 - target) * (1 - p).log())",
        "(target * p.log())",
    ),
    Mutant(
        "bce_of_logits",
        "applies a sigmoid to the probabilities",
        "losses",
        "clipped = np.clip(prediction.data, low, high)",
        "clipped = np.clip(1 / (1 + np.exp(-prediction.data)), low, high)",
    ),
    Mutant(
        "bce_log_of_zero",
        "does not clip",
        "losses",
        "clipped = np.clip(prediction.data, low, high)",
        "clipped = prediction.data",
    ),
    Mutant(
        "bce_clips_below_only",
        "clips p at 1e-7 and forgets 1 - p",
        "losses",
        "clipped = np.clip(prediction.data, low, high)",
        "clipped = np.maximum(prediction.data, low)",
    ),
    Mutant(
        "bce_clips_too_much",
        "clips at 1e-5",
        "losses",
        "EPSILON = 1e-7",
        "EPSILON = 1e-5",
    ),
    Mutant(
        "bce_clips_too_little",
        "clips at 1e-12, which float32 cannot subtract from 1",
        "losses",
        "EPSILON = 1e-7",
        "EPSILON = 1e-12",
    ),
    Mutant(
        "bce_clips_in_place",
        "stores the clipped probabilities in p",
        "losses",
        "np.clip(prediction.data, low, high)",
        "np.clip(prediction.data, low, high, out=prediction.data)",
    ),
    Mutant(
        "bce_rounds_labels_in_place",
        "clips the labels too, and stores them",
        "losses",
        "low, high = self.EPSILON, 1 - self.EPSILON",
        "low, high = self.EPSILON, 1 - self.EPSILON\n"
        "        np.clip(target.data, low, high, out=target.data)",
    ),
    Mutant(
        "bce_keeps_probabilities",
        "keeps the clipped probabilities of the first batch of a size",
        "losses",
        "clipped = np.clip(prediction.data, low, high)",
        'seen = self.__dict__.setdefault("seen", {})\n'
        "        clipped = seen.setdefault(\n"
        "            prediction.shape, np.clip(prediction.data, low, high)\n"
        "        )",
    ),
)
