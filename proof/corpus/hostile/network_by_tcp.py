"""Sends its inputs to a port of this machine by TCP.

Fails: `PermissionError: [Errno 1] Operation not permitted`.
"""
import socket

def forward(self, x, training=True):
    with socket.create_connection(("127.0.0.1", TCP), timeout=1) as connection:
        connection.sendall(x.data.tobytes())
    return x

Dropout.forward = forward
