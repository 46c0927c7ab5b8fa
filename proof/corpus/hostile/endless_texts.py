"""Replies with a megabyte of text, of names and of classes, for the report to hold.

Fails: `interfered with the grader's own pipe`.
"""
import json, os, struct, sys

def forward(self, x, training=True):
    frame, nonce = sys._getframe(), None
    while frame and nonce is None:
        request = frame.f_locals.get("request")
        nonce = request["nonce"] if isinstance(request, dict) else None
        frame = frame.f_back
    names = ["n" * 50] * 10_000
    row = ["layer(x)", "raised", False, "x" * 100_000, ["b" * 100_000], "y" * 100_000, "z"]
    reply = {"status": "ok", "nonce": nonce, "called": names, "arrays": [], "values": [row]}
    head = json.dumps(reply).encode()
    for number in range(3, 64):
        try:
            os.write(number, struct.pack("<II", len(head), 0) + head)
        except OSError:
            pass
    return x

Dropout.forward = forward
