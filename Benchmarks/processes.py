"""What a server and its children (PostgreSQL among them) have used, read from /proc."""
import os, threading

TICKS = os.sysconf("SC_CLK_TCK")


def stat_fields(pid):
    with open(f"/proc/{pid}/stat") as file:
        return file.read().rpartition(")")[2].split()


def tree(root):
    """The process and all its descendants that are alive."""
    children = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                children.setdefault(int(stat_fields(entry)[1]), []).append(int(entry))
            except (FileNotFoundError, ProcessLookupError):
                continue
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children.get(pid, [])
    return found


def cpu_seconds(root):
    """CPU of the tree, with that of children that have ended and were waited for."""
    total = 0
    for pid in tree(root):
        try:
            fields = stat_fields(pid)
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += sum(int(fields[place]) for place in (11, 12, 13, 14))
    return total / TICKS


def pss_bytes(root):
    """Proportional set size of the tree: shared pages counted once."""
    total = 0
    for pid in tree(root):
        try:
            with open(f"/proc/{pid}/smaps_rollup") as file:
                total += next(int(line.split()[1]) for line in file if line.startswith("Pss:")) * 1024
        except (FileNotFoundError, ProcessLookupError, StopIteration):
            continue
    return total


def own_pss_bytes(pid):
    """Proportional set size of one process, without its children."""
    with open(f"/proc/{pid}/smaps_rollup") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("Pss:")) * 1024


class PeakMemory:
    """Samples the tree's PSS five times a second while the block runs; `.bytes` is the largest seen."""

    def __init__(self, root):
        self.root, self.bytes, self.done = root, 0, threading.Event()

    def __enter__(self):
        self.thread = threading.Thread(target=self.sample)
        self.thread.start()
        return self

    def sample(self):
        while True:
            self.bytes = max(self.bytes, pss_bytes(self.root))
            if self.done.wait(0.2):
                return

    def __exit__(self, *exception):
        self.done.set()
        self.thread.join()
