"""Numbers of system calls: on x86-64, and on 64-bit ARM (None: there it does not exist).

From ``asm/unistd_64.h`` and ``asm-generic/unistd.h``; ``tests/backend/intake/test_confinement.py`` compares.
"""

from __future__ import annotations

from typing import Final

Numbers = dict[str, tuple[int | None, int | None]]

# From this number on both have the same. What is newer than this list is denied with the rest of it.
NEW_FROM: Final = 424
NEW_ALLOWED: Final[Numbers] = {
    "close_range": (436, 436), "faccessat2": (439, 439), "futex_waitv": (449, 449),
}  # fmt: skip

_SOCKETS: Final[Numbers] = {
    "socket": (41, 198), "socketpair": (53, 199), "bind": (49, 200), "listen": (50, 201), "accept": (43, 202),
    "accept4": (288, 242), "connect": (42, 203), "sendto": (44, 206), "sendmsg": (46, 211), "sendmmsg": (307, 269),
    "recvfrom": (45, 207), "recvmsg": (47, 212), "recvmmsg": (299, 243), "shutdown": (48, 210),
}  # fmt: skip
_PROCESSES: Final[Numbers] = {
    "fork": (57, None), "vfork": (58, None), "clone": (56, 220), "execve": (59, 221), "execveat": (322, 281),
    "setsid": (112, 157), "setpgid": (109, 154), "unshare": (272, 97), "setns": (308, 268), "ptrace": (101, 117),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240), "setpriority": (141, 140), "ioprio_set": (251, 30),
    "sched_setaffinity": (203, 122), "sched_setscheduler": (144, 119), "sched_setparam": (142, 118),
    "sched_setattr": (314, 274), "migrate_pages": (256, 238), "move_pages": (279, 239),
}  # fmt: skip
_RIGHTS: Final[Numbers] = {
    "setuid": (105, 146), "setgid": (106, 144), "setreuid": (113, 145), "setregid": (114, 143), "setresuid": (117, 147),
    "setresgid": (119, 149), "setfsuid": (122, 151), "setfsgid": (123, 152), "setgroups": (116, 159),
    "capset": (126, 91), "personality": (135, 92), "keyctl": (250, 219), "add_key": (248, 217),
    "request_key": (249, 218),
}  # fmt: skip
# Landlock knows no rights over these, or only in later versions: names, permissions, times, room without a size.
_FILES: Final[Numbers] = {
    "creat": (85, None), "truncate": (76, 45), "fallocate": (285, 47), "memfd_create": (319, 279),
    "rename": (82, None), "renameat": (264, 38), "renameat2": (316, 276), "link": (86, None), "linkat": (265, 37),
    "symlink": (88, None), "symlinkat": (266, 36), "unlink": (87, None), "unlinkat": (263, 35), "mkdir": (83, None),
    "mkdirat": (258, 34), "rmdir": (84, None), "mknod": (133, None), "mknodat": (259, 33), "chmod": (90, None),
    "fchmod": (91, 52), "fchmodat": (268, 53), "chown": (92, None), "fchown": (93, 55), "lchown": (94, None),
    "fchownat": (260, 54), "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7),
    "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16), "utime": (132, None),
    "utimes": (235, None), "futimesat": (261, None), "utimensat": (280, 88), "inotify_init": (253, None),
    "inotify_init1": (294, 26), "inotify_add_watch": (254, 27), "fanotify_init": (300, 262),
    "fanotify_mark": (301, 263), "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "sync": (162, 81),
    "syncfs": (306, 267), "chroot": (161, 51), "pivot_root": (155, 41), "mount": (165, 40), "umount2": (166, 39),
    "swapon": (167, 224), "swapoff": (168, 225), "quotactl": (179, 60), "acct": (163, 89), "splice": (275, 76),
    "tee": (276, 77), "vmsplice": (278, 75), "io_setup": (206, 0), "io_submit": (209, 2),
}  # fmt: skip
_KERNEL: Final[Numbers] = {
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "kexec_load": (246, 104), "kexec_file_load": (320, 294),
    "reboot": (169, 142), "syslog": (103, 116), "settimeofday": (164, 170), "clock_settime": (227, 112),
    "adjtimex": (159, 171), "clock_adjtime": (305, 266), "sethostname": (170, 161), "setdomainname": (171, 162),
    "iopl": (172, None), "ioperm": (173, None), "modify_ldt": (154, None), "vhangup": (153, 58),
    "lookup_dcookie": (212, 18),
}  # fmt: skip
_SHARED: Final[Numbers] = {
    "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195), "msgget": (68, 186), "msgsnd": (69, 189),
    "msgrcv": (70, 188), "msgctl": (71, 187), "semget": (64, 190), "semop": (65, 193), "semctl": (66, 191),
    "semtimedop": (220, 192), "mq_open": (240, 180), "mq_unlink": (241, 181), "mq_notify": (244, 184),
}  # fmt: skip
DENIED: Final[Numbers] = {**_SOCKETS, **_PROCESSES, **_RIGHTS, **_FILES, **_KERNEL, **_SHARED}

# Allowed for this very process only: the argument with its number, and the values that mean it as well.
SELF_ONLY: Final[Numbers] = {"kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131), "prlimit64": (302, 261)}
# What else is decided by an argument.
BY_ARGUMENT: Final[Numbers] = {"fcntl": (72, 25), "ioctl": (16, 29), "open": (2, None), "openat": (257, 56)}
# Needed here, never denied.
OWN: Final[Numbers] = {"seccomp": (317, 277), "capget": (125, 90), "capset": (126, 91)}
