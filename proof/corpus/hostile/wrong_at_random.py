"""Is wrong in half of all calls, by numbers that the grader does not seed.

Fails: the verdict of an input stands once it is found.
"""
import os

wrong = Dropout.forward

def forward(self, x, training=True):
    if os.urandom(1)[0] % 2:
        return wrong(self, x, training)
    return x * ((np.random.random_sample(x.shape) >= self.p) / (1 - self.p))

Dropout.forward = forward
