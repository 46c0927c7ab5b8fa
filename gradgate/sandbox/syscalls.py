"""Which system calls a worker may make: what Python and NumPy compute with, and nothing else.

A call named nowhere here does not exist for the worker (ENOSYS), as the C library expects of a call
newer than the kernel; those of REFUSED fail as not permitted, which says more to a person.
"""

from __future__ import annotations

MEMORY = "brk madvise mincore mmap mprotect mremap msync munmap"
THREADS = (
    "exit exit_group futex futex_waitv get_robust_list gettid membarrier restart_syscall rseq "
    "sched_getaffinity sched_getparam sched_getscheduler sched_get_priority_max "
    "sched_get_priority_min sched_yield set_robust_list set_tid_address arch_prctl getcpu wait4"
)
TIME = (
    "alarm clock_getres clock_gettime clock_nanosleep getitimer gettimeofday nanosleep pause "
    "setitimer time times"
)
SIGNALS = (
    "rt_sigaction rt_sigpending rt_sigprocmask rt_sigreturn rt_sigsuspend rt_sigtimedwait "
    "sigaltstack signalfd4"
)
# Which files they may be used on, Landlock says.
FILES = (
    "access chdir close close_range copy_file_range creat dup dup2 dup3 faccessat faccessat2 "
    "fadvise64 fallocate fchdir fdatasync flock fstat fstatfs fsync ftruncate getcwd getdents "
    "getdents64 lseek lstat mkdir mkdirat newfstatat open openat pread64 preadv preadv2 pwrite64 "
    "pwritev pwritev2 read readlink readlinkat readv rename renameat renameat2 rmdir sendfile stat "
    "statfs statx truncate umask unlink unlinkat write writev"
)
WAITING = (
    "epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_wait eventfd2 pipe pipe2 poll ppoll "
    "pselect6 select timerfd_create timerfd_gettime timerfd_settime"
)
ASKING = (
    "capget getegid geteuid getgid getgroups getpgid getpgrp getpid getppid getpriority getrandom "
    "getresgid getresuid getrlimit getrusage getsid getuid sysinfo uname"
)
ALLOWED = " ".join((MEMORY, THREADS, TIME, SIGNALS, FILES, WAITING, ASKING)).split()

_REFUSED = (
    "accept accept4 bind connect listen socket socketpair fork vfork execve execveat "
    "chmod fchmod fchmodat chown fchown fchownat lchown utime utimes utimensat futimesat "
    "setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr "
    "link linkat symlink symlinkat mknod mknodat memfd_create chroot mount umount2 "
    "tkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_open pidfd_send_signal "
    "ptrace process_vm_readv process_vm_writev pidfd_getfd "
    "setpriority sched_setaffinity sched_setattr sched_setparam sched_setscheduler ioprio_set "
    "setrlimit setns unshare setuid setgid setreuid setregid setresuid setresgid setgroups "
    "setsid setpgid capset bpf perf_event_open io_uring_setup keyctl add_key request_key "
    "userfaultfd name_to_handle_at open_by_handle_at shmget msgget semget mq_open"
)
REFUSED = _REFUSED.split()

# Calls allowed with certain arguments only: (call, argument, values). fcntl without what sends
# signals to an owner; ioctl that asks about terminals; prctl that names threads and memory; limits
# may be read.
SOME = (
    ("fcntl", 1, (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1032)),
    ("ioctl", 1, (0x5401, 0x5413, 0x541B, 0x5450, 0x5451)),
    ("prctl", 0, (15, 16, 0x53564D41)),
    ("prlimit64", 2, (0,)),
)
# Signals that a worker may send to itself alone, named by the first argument.
ON_ITSELF = ("kill", "tgkill")
CLONE_THREAD = 0x00010000
