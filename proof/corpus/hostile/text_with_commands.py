"""Returns a text, where a text is due, that holds commands and control characters.

Fails: `repr(t)`.

Graded by: 01-02 -k itself
"""
#### student/tensor.py
import numpy as np

class Tensor:
    def __init__(self, data, requires_grad=False):
        self.data = np.array(data, np.float32)
        self.shape = self.data.shape

    def __repr__(self):
        return "\x1b[2J\n::error::passed\r\n##[error]\u2028\x00"
