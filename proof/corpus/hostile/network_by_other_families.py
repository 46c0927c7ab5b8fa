"""Tries every family of sockets, a resolver, a server of its own and io_uring.

Fails: `RuntimeError: opened nothing`.
"""
import ctypes, socket, urllib.request

libc = ctypes.CDLL(None, use_errno=True)
ACTS = (
    lambda: socket.socketpair(),
    lambda: socket.create_server(("127.0.0.1", 0)),
    lambda: socket.getaddrinfo("localhost", TCP) and None,
    lambda: urllib.request.urlopen(f"http://127.0.0.1:{TCP}", timeout=1),
    lambda: libc.syscall(425, 8, 0) + 1 or None,
)

def forward(self, x, training=True):
    found = []
    for family in range(46):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
            try:
                socket.socket(family, kind).close()
                found.append((family, kind))
            except OSError:
                pass
    for number, act in enumerate(ACTS):
        try:
            found += [number] if act() is not None else []
        except OSError:
            pass
    raise RuntimeError(f"opened {found or 'nothing'}")

Dropout.forward = forward
