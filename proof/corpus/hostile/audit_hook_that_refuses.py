"""Adds an audit hook, which cannot be removed, that ends whatever the grader does next.

Fails: `ended the whole process`.
"""
import os, sys

def forward(self, x, training=True):
    sys.addaudithook(lambda event, arguments: os._exit(0))
    open("file", "w")

Dropout.forward = forward
