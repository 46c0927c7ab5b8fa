"""Is right in the first calls of a process and wrong in all later ones.

Fails: `fails after other calls and not in a fresh process`.
"""
calls = []

def forward(self, x, training=True):
    calls.append(x)
    kept = np.random.random_sample(x.shape) >= self.p
    return x * (kept / (1 - self.p)) * (1.0 if len(calls) < 10 else 1.5)

Dropout.forward = forward
