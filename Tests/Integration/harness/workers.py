"""`spandrel-testcase-worker` processes beside a server that runs none, on a PostgreSQL of their own.

    with WorkerInstallation() as installation:      PostgreSQL, a server with --workers 0, a worker's credential
        installation.server, installation.workers[0]
"""
import collections, contextlib, os, pathlib, signal, subprocess, threading
from harness.accounts import owner
from harness.cluster import PostgresCluster
from harness.server import REPOSITORY, STOP_SECONDS, DataDirectory, Server

BINARY = pathlib.Path(os.environ.get("SPANDREL_WORKER_BINARY", REPOSITORY / ".build/release/spandrel-testcase-worker"))
ANALYZER_BINARY = pathlib.Path(os.environ.get("SPANDREL_ANALYZER_BINARY", REPOSITORY / ".build/release/spandrel-feature-analyzer"))
START_SECONDS = 60


class WorkerFailed(Exception):
    """The worker ended or did not get ready; carries its last lines."""


class Worker:
    def __init__(self, *arguments, environment=None, binary=BINARY):
        self.binary = binary
        self.arguments = arguments
        self.environment = {**os.environ, **(environment or {})}
        self.process = None
        self.lines = collections.deque(maxlen=400)

    def launch(self):
        """Starts the process without waiting for it."""
        self.ready = threading.Event()
        self.process = subprocess.Popen(
            [str(self.binary), *map(str, self.arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env=self.environment, text=True, errors="replace")
        self.reader = threading.Thread(target=self._read, args=(self.process, self.ready), daemon=True)
        self.reader.start()
        return self

    def _read(self, process, ready):
        for line in process.stdout:
            self.lines.append(line.rstrip())
            if '"message":"ready"' in line:
                ready.set()
        ready.set()

    def start(self):
        self.launch()
        if not self.ready.wait(START_SECONDS) or self.process.poll() is not None:
            raise WorkerFailed(f"the worker did not get ready (exit {self.process.poll()}):\n" + self.log())
        return self

    def log(self):
        return "\n".join(self.lines)

    @property
    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def stop(self):
        """SIGTERM, and the exit status once it has drained."""
        if self.is_running:
            self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def wait(self):
        """The exit status of a process that ends by itself."""
        try:
            status = self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise WorkerFailed(f"the worker did not stop within {STOP_SECONDS} s:\n" + self.log()) from None
        self.reader.join()
        return status

    def kill(self):
        """SIGKILL: what a power cut is to a process."""
        self.process.kill()
        self.process.wait()
        self.reader.join()


class WorkerInstallation:
    """What every installation with workers apart has. `workers`: how many processes, each with so many calls at a time."""

    def __init__(self, workers=2, concurrency=8):
        self.count, self.concurrency = workers, concurrency
        self.workers = []

    def __enter__(self):
        self.cluster = PostgresCluster().start()
        self.directory = DataDirectory()
        self.server = Server(self.directory, "--database-url", self.cluster.url, "--workers", "0", "--allow-outbound", "127.0.0.0/8")
        try:
            self.server.start()
            made = owner(self.server).call("POST", "/api/v1/worker-credentials", {"name": "test"}, 201)
            self.token = self.directory.parent / "worker-token"
            self.token.write_text(made["token"] + "\n")
            self.token.chmod(0o600)
            for number in range(self.count):
                self.workers.append(self.make_worker(f"worker-{number}").start())
        except BaseException:
            self.__exit__()
            raise
        return self

    def make_analyzer(self, name):
        """`spandrel-feature-analyzer`, which takes the same options but for the calls at a time."""
        return Worker(
            "--database-url", self.cluster.url, "--server", self.server.url, "--credential-file", self.token, "--master-key-file",
            self.server.data / "master.key", "--name", name, "--allow-outbound", "127.0.0.0/8", binary=ANALYZER_BINARY)

    def make_worker(self, name, *more):
        return Worker(
            "--database-url", self.cluster.url, "--server", self.server.url, "--credential-file", self.token, "--master-key-file",
            self.server.data / "master.key", "--concurrency", self.concurrency, "--name", name, "--allow-outbound", "127.0.0.0/8", *more)

    def __exit__(self, *_):
        for worker in self.workers:
            if worker.is_running:
                worker.kill()
        with contextlib.suppress(Exception):
            self.server.end()
        self.cluster.remove()
        self.directory.remove()
