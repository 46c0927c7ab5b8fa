"""Raises every limit first, by two ways, and then takes memory until there is none.

Fails: `needs more than 2 GiB of memory`.
"""
import ctypes, resource

def forward(self, x, training=True):
    for name in ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NOFILE"):
        for limit in (resource.RLIM_INFINITY, 1 << 40):
            try:
                resource.setrlimit(getattr(resource, name), (limit, limit))
            except (ValueError, OSError):
                pass
    both = (ctypes.c_ulong * 2)(1 << 40, 1 << 40)
    ctypes.CDLL(None).prlimit(0, resource.RLIMIT_AS, both, None)
    kept = []
    while len(kept) < 100:
        kept.append(np.empty(1 << 25))
    return x

Dropout.forward = forward
