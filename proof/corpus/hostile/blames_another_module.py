"""Runs code that claims to be a line of the activations, so that they get the blame.

Fails: `ValueError: look there`.
"""
PLACE = __file__.replace("layers", "activations")
code = compile("\n" * 20 + "raise ValueError('look there')", PLACE, "exec")

def forward(self, x, training=True):
    exec(code)

Dropout.forward = forward
