"""Other ways to write what the contract asks for, each right: code appended to the reference."""

from __future__ import annotations

from trained import Code

RELU = """
class ReLU(Block):
    def forward(self, x):
        slope = (x.data > 0) + {at_zero} * (x.data == 0)
        return Tensor.from_op(np.maximum(x.data, 0), (x, lambda g: g * slope))
"""

POOL = """
class MaxPool2d(_Pool):
    def forward(self, x):
        _require_images(x)
        side = self.windows.kernel[0]
        n, c, height, width = x.shape
        cut = np.s_[:, :, : height // side * side, : width // side * side]
        apart = (n, c, height // side, side, width // side, side)
        values = x.data[cut].reshape(apart).transpose(0, 1, 2, 4, 3, 5)
        values = values.reshape(*values.shape[:4], -1)
        peak = values.max(axis=-1)
        share = self.share(values == peak[..., np.newaxis])

        def to_input(g):
            parts = (share * g[..., np.newaxis]).reshape(*g.shape, side, side)
            result = np.zeros_like(x.data)
            result[cut] = parts.transpose(0, 1, 2, 4, 3, 5).reshape(result[cut].shape)
            return result

        return Tensor.from_op(peak, (x, to_input))

    def share(self, best):
        {share}
"""
LAST = "return np.eye(best.shape[-1])[best.shape[-1] - 1 - best[..., ::-1].argmax(axis=-1)]"
EQUALLY = "return best / best.sum(axis=-1, keepdims=True)"

CONVOLUTION = """
class Conv2d(Conv2d):
    def forward(self, x):
        _require_images(x, channels=self.weight.shape[1])
        (pad, _), (kh, kw) = self.windows.padding, self.windows.kernel
        border = ((0, 0), (0, 0), (pad, pad), (pad, pad))
        seen, kernels = np.pad(x.data, border).astype({dtype}), self.weight.data.astype({dtype})
        result = self.correlate(seen, kernels).astype(np.float32)
        if self.bias is not None:
            result += self.bias.data[:, np.newaxis, np.newaxis]

        def to_input(g):
            inner = np.s_[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]]
            return self.to_input(g, kernels, seen)[inner].astype(np.float32)

        edges = [(x, to_input)]
        edges += [(self.weight, lambda g: self.to_weight(g, seen, kernels).astype(np.float32))]
        if self.bias is not None:
            edges += [(self.bias, lambda g: g.sum(axis=(0, 2, 3)))]
        return Tensor.from_op(result, *edges)
"""

# One product for each place of the kernel.
PLACES = """
    def places(self, seen, kernels):
        kh, kw = kernels.shape[2:]
        rows, columns = seen.shape[2] - kh + 1, seen.shape[3] - kw + 1
        for i, j in np.ndindex(kh, kw):
            yield np.s_[:, :, i : i + rows, j : j + columns], np.s_[:, :, i, j]

    def correlate(self, seen, kernels):
        places = self.places(seen, kernels)
        return sum(np.einsum("ncij,oc->noij", seen[a], kernels[b]) for a, b in places)

    def to_input(self, g, kernels, seen):
        result = np.zeros_like(seen)
        for a, b in self.places(seen, kernels):
            result[a] += np.einsum("noij,oc->ncij", g, kernels[b])
        return result

    def to_weight(self, g, seen, kernels):
        result = np.zeros_like(kernels)
        for a, b in self.places(seen, kernels):
            result[b] = np.einsum("noij,ncij->oc", g, seen[a])
        return result
"""

# Windows as rows, batch and place outermost, and one matrix product.
ROWS = (
    PLACES
    + """
    def rows(self, seen, kernels):
        places = [seen[a] for a, _ in self.places(seen, kernels)]
        return np.stack(places).transpose(1, 3, 4, 0, 2).reshape(-1, len(places) * seen.shape[1])

    def correlate(self, seen, kernels):
        flat = kernels.transpose(2, 3, 1, 0).reshape(-1, len(kernels))
        rows, columns = np.array(seen.shape[2:]) - kernels.shape[2:] + 1
        result = self.rows(seen, kernels) @ flat
        return result.reshape(len(seen), rows, columns, -1).transpose(0, 3, 1, 2)

    def to_weight(self, g, seen, kernels):
        flat = self.rows(seen, kernels).T @ g.transpose(0, 2, 3, 1).reshape(-1, len(kernels))
        o, c, kh, kw = kernels.shape
        return flat.reshape(kh, kw, c, o).transpose(3, 2, 0, 1)
"""
)

# Products of spectra, in single precision: rounding is larger than elsewhere.
SPECTRA = """
    def spectrum(self, images, shape):
        return np.fft.rfft2(images, shape).astype(np.complex64)

    def image(self, spectrum, shape):
        return np.fft.irfft2(spectrum, shape)

    def correlate(self, seen, kernels):
        shape = seen.shape[2:]
        a, b = self.spectrum(seen, shape), self.spectrum(kernels, shape).conj()
        rows, columns = np.array(shape) - kernels.shape[2:] + 1
        return self.image(np.einsum("ncij,ocij->noij", a, b), shape)[:, :, :rows, :columns]

    def to_input(self, g, kernels, seen):
        shape = seen.shape[2:]
        a, b = self.spectrum(g, shape), self.spectrum(kernels, shape)
        return self.image(np.einsum("noij,ocij->ncij", a, b), shape)

    def to_weight(self, g, seen, kernels):
        shape, (kh, kw) = seen.shape[2:], kernels.shape[2:]
        a, b = self.spectrum(seen, shape), self.spectrum(g, shape).conj()
        return self.image(np.einsum("ncij,noij->ocij", a, b), shape)[:, :, :kh, :kw]
"""

NORM = """
class BatchNorm2d(BatchNorm2d):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__(num_features, eps, momentum)
        self.running_mean = Tensor(np.zeros((1, num_features, 1, 1)))
        self.running_var = Tensor(np.ones((1, num_features, 1, 1)))

    def forward(self, x):
        _require_images(x, channels=self.gamma.size)
        axes, count, from_batch = (0, 2, 3), x.size / x.shape[1], self.training
        mean, var = self.running_mean.data, self.running_var.data
        if from_batch:
            mean, var = x.data.mean(axis=axes, keepdims=True), x.data.var(axis=axes, keepdims=True)
            self.move("running_mean", mean)
            self.move("running_var", var * count / (count - 1))  # unbiased
        gamma, beta = (p.data.reshape(1, -1, 1, 1) for p in (self.gamma, self.beta))
        slope = 1 / np.sqrt(var + self.eps)
        normal = (x.data - mean) * slope

        def to_input(g):
            if not from_batch:
                return g * gamma * slope
            along = normal * (g * normal).mean(axis=axes, keepdims=True)
            return (g - g.mean(axis=axes, keepdims=True) - along) * gamma * slope

        return Tensor.from_op(
            gamma * normal + beta,
            (x, to_input),
            (self.gamma, lambda g: (g * normal).sum(axis=axes)),
            (self.beta, lambda g: g.sum(axis=axes)),
        )

    def move(self, name, towards):
        before = getattr(self, name).data
        setattr(self, name, Tensor(before + self.momentum * (towards - before)))
"""

OPTIMIZER = """
class SGD(Optimizer):
    def __init__(self, params, lr=0.01, momentum=0.0, weight_decay=0.0):
        super().__init__(params)
        self.{rate}, self.mu, self.decay, self.buffers = lr, momentum, weight_decay, {{}}

    def update(self, index, param, g):
        rate, v = self.{rate}, self.buffers.get(index)
        {step}
"""
IN_PLACE = """g = g + self.decay * param.data
        if v is None:
            v = self.buffers[index] = np.zeros_like(param.data)
        v *= self.mu
        v += g
        param.data -= rate * v"""
REGROUPED = """kept = self.mu * v if v is not None else 0
        self.buffers[index] = kept + g + self.decay * param.data
        param.data = param.data * (1 - rate * self.decay) - rate * (kept + g)"""

# Clips with a little in the denominator, keeps gradients as Tensors, averages over batches.
TRAINER = """
def clip_grad_norm(parameters, max_norm=1.0):
    moved = [p for p in parameters if p.grad is not None]
    norm = np.sqrt(sum((as_array(p.grad) ** 2).sum() for p in moved))
    factor = max_norm / (norm + 1e-6)
    for p in moved:
        p.grad = Tensor(as_array(p.grad) * min(factor, 1))
    return float(norm)

class Trainer(Trainer):
    def train_epoch(self, dataloader, accumulation_steps=1):
        self.model.training = True
        losses = [self.step(inputs, targets) for inputs, targets in dataloader]
        self.optimizer.{rate} = self.scheduler.get_lr(self.epoch)  # for the next epoch
        self.epoch += 1
        return sum(losses) / len(losses)

    def step(self, inputs, targets):
        loss = self.loss_fn.forward(self.model(inputs), targets)
        loss.backward()
        clip_grad_norm(self.model.parameters(), self.grad_clip_norm)
        self.optimizer.step()
        self.optimizer.zero_grad()
        return loss.data
"""


def convolution(way: str, dtype: str = "np.float32") -> str:
    return CONVOLUTION.format(dtype=dtype) + way


def optimizer(step: str, rate: str = "lr") -> str:
    return OPTIMIZER.format(step=step, rate=rate)


VARIANTS: dict[str, Code] = {
    "the reference": {},
    "ReLU of slope 1/2 at zero": {"activations": RELU.format(at_zero=0.5)},
    "ReLU of slope 1 at zero, the last of equal maxima": {
        "activations": RELU.format(at_zero=1),
        "spatial": POOL.format(share=LAST),
    },
    "equal maxima share": {"spatial": POOL.format(share=EQUALLY)},
    "convolution in float64": {"spatial": convolution(PLACES, "np.float64")},
    "convolution place by place": {"spatial": convolution(PLACES)},
    "convolution by rows of windows": {"spatial": convolution(ROWS)},
    "convolution by spectra": {"spatial": convolution(SPECTRA)},
    "velocities in place, made at the first step": {"optimizers": optimizer(IN_PLACE)},
    "weight decay regrouped": {"optimizers": optimizer(REGROUPED)},
    "the rate an epoch late, called learning_rate": {
        "optimizers": optimizer(IN_PLACE, "learning_rate"),
        "training": TRAINER.format(rate="learning_rate"),
    },
}
NORMALISED: dict[str, Code] = {
    "the reference": {},
    "unbiased variance, kept in Tensors (1, C, 1, 1)": {"spatial": NORM},
    "spectra, slope 1 at zero, the last of equal maxima": {
        "activations": RELU.format(at_zero=1),
        "spatial": POOL.format(share=LAST) + convolution(SPECTRA),
    },
    "unbiased variance, the rate an epoch late": {
        "spatial": NORM,
        "training": TRAINER.format(rate="lr"),
    },
}
