"""Gives its functions and files names that hold commands, control characters and line ends.

Fails: `ValueError: here`.
"""
PLACE = __file__.replace("layers.py", "\x1b[2J\n::error file=x::y.py")
code = compile("def f():\n    raise ValueError('here')\nf()", PLACE, "exec")
inner = code.co_consts[0].replace(co_name="\n::add-mask::0\x1b[31m")
try:
    inner = inner.replace(co_qualname="\n::add-mask::0\x1b[31m")
except TypeError:
    pass
f = type(lambda: 0)(inner, {})

def forward(self, x, training=True):
    f()

Dropout.forward = forward
