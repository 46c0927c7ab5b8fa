"""Writes a frame that says "passed" to every descriptor.

Fails: `interfered with the grader's own pipe (a frame nobody asked for)`.
"""
import json, os, struct

def forward(self, x, training=True):
    head = json.dumps({"status": "ok", "passed": True, "values": [], "called": [], "arrays": []})
    for number in range(64):
        try:
            os.write(number, struct.pack("<II", len(head), 0) + head.encode())
        except OSError:
            pass
    return x

Dropout.forward = forward
