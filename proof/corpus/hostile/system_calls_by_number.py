"""Asks by number to trace, mount, unshare, load modules, share memory and watch files.

Fails: `RuntimeError: got nothing`.
"""
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
CALLS = {
    "ptrace": (101, 16, os.getppid(), 0, 0),
    "ptrace me": (101, 0, 0, 0, 0),
    "unshare": (272, 0x10000000),
    "setns": (308, 0, 0),
    "mount": (165, 0, b"/tmp", b"tmpfs", 0, 0),
    "process_vm_readv": (310, os.getppid(), 0, 0, 0, 0, 0),
    "process_vm_writev": (311, os.getppid(), 0, 0, 0, 0, 0),
    "kcmp": (312, os.getppid(), os.getpid(), 0, 0, 0),
    "pidfd_open": (434, os.getppid(), 0),
    "pidfd_getfd": (438, 0, 0, 0),
    "memfd_create": (319, b"x", 0),
    "shmget": (29, 7, 4096, 0o1777),
    "mq_open": (240, b"x", 0o102, 0o666, 0),
    "bpf": (321, 0, 0, 0),
    "perf_event_open": (298, 0, 0, -1, -1, 0),
    "userfaultfd": (323, 0),
    "io_uring_setup": (425, 8, 0),
    "add_key": (248, b"user", b"x", b"y", 1, -3),
    "inotify_init": (253,),
    "fanotify_init": (300, 0, 0),
    "seccomp": (317, 0, 0, 0),
    "landlock_create_ruleset": (444, 0, 0, 1),
    "modify_ldt": (154, 0, 0, 0),
    "personality": (135, 0xFFFFFFFF),
    "acct": (163, 0),
    "sethostname": (170, b"x", 1),
}

def forward(self, x, training=True):
    got = [name for name, call in CALLS.items() if libc.syscall(*call) != -1]
    raise RuntimeError(f"got {got or 'nothing'}")

Dropout.forward = forward
