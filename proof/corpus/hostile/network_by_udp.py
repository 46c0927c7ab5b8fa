"""Sends its inputs to a port of this machine by UDP.

Fails: `PermissionError: [Errno 1] Operation not permitted`.
"""
import socket

def forward(self, x, training=True):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connection:
        connection.sendto(x.data.tobytes(), ("127.0.0.1", UDP))
    return x

Dropout.forward = forward
