"""Defines no attack at all: the control, whose spoilt Dropout must be seen.

Fails: `layer(x), dropped elements filled in`.
"""
