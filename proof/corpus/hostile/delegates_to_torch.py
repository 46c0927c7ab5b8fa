"""Lets PyTorch do the work.

Fails: `imports torch: only NumPy and the standard library may be imported`.
"""
import torch

def forward(self, x, training=True):
    return Tensor(torch.nn.functional.dropout(torch.tensor(x.data), self.p, training).numpy())

Dropout.forward = forward
