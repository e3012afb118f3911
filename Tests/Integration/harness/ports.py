"""Loopback ports for servers that are stopped and started again.

They lie below the range that outgoing connections take theirs from, so that a server finds its port free again. Tests run in several
processes: each takes ports of a slice of its own, and hands each out once, since most servers open theirs later.
"""
import os, random, re, socket

FIRST_PORT, SLICE = 20_000, 1_000
# `gw0`, `gw1`, ... in the processes of pytest-xdist.
PROCESS = int(re.sub(r"\D", "", os.environ.get("PYTEST_XDIST_WORKER", "")) or -1) + 1
unused = []


def free_port():
    while True:
        if not unused:
            unused.extend(random.sample(range(SLICE), SLICE))
        port = FIRST_PORT + PROCESS * SLICE + unused.pop()
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
