"""Replies with names nested so deep that to print them takes more of Python's stack than to read them.

Fails: `interfered with the grader's own pipe`.
"""
import json, os, struct, sys

def forward(self, x, training=True):
    frame, nonce = sys._getframe(), None
    while frame and nonce is None:
        request = frame.f_locals.get("request")
        nonce = request["nonce"] if isinstance(request, dict) else None
        frame = frame.f_back
    for depth in (980, 950, 920):
        deep = "[" * depth + "]" * depth
        row = f'[{deep}, "text", false, {deep}, [{deep}], {deep}, {deep}]'
        head = (f'{{"status": "ok", "nonce": "{nonce}", "called": [{deep}], "arrays": [], '
                f'"values": [{row}]}}').encode()
        for number in range(3, 64):
            try:
                os.write(number, struct.pack("<II", len(head), 0) + head)
            except OSError:
                pass
    return x

Dropout.forward = forward
