"""One `spandrel serve` process on a data directory and a loopback port of its own.

Readiness is the line `listening on http://HOST:PORT`, awaited with a deadline; nothing sleeps a fixed time. A server is stopped and
killed by its own process id. Started by root, the server gives PostgreSQL an unprivileged user, so every parent of the data
directory is made searchable.
"""
import collections, contextlib, json, os, pathlib, re, shutil, signal, subprocess, tempfile, threading, time
from harness.ports import free_port

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]
BINARY = pathlib.Path(os.environ.get("SPANDREL_BINARY", REPOSITORY / ".build/release/spandrel"))
START_SECONDS = 60
STOP_SECONDS = 60


class ServerFailed(Exception):
    """The server ended or did not get ready; carries its last lines."""


def wait_until(condition, seconds, what):
    """Polls a condition until it answers something true, and answers that; fails after the deadline."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s: {what}")
        pause.wait(0.02)


class DataDirectory:
    """A directory for one server, removed afterwards together with whatever still runs on it."""

    def __init__(self, path=None):
        self.parent = pathlib.Path(path or tempfile.mkdtemp(prefix="spandrel-"))
        self.parent.mkdir(parents=True, exist_ok=True)
        self.parent.chmod(0o755)
        self.path = self.parent / "data"

    def postmaster(self):
        """The process id of this directory's PostgreSQL, if it runs."""
        with contextlib.suppress(FileNotFoundError, ValueError, IndexError, ProcessLookupError):
            for name in self.path.glob("postgres/**/postmaster.pid"):
                pid = int(name.read_text().split()[0])
                os.kill(pid, 0)
                return pid
        return None

    def remove(self):
        pid = self.postmaster()
        if pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)
            wait_until(lambda: self.postmaster() is None, STOP_SECONDS, "PostgreSQL to stop")
        shutil.rmtree(self.parent, ignore_errors=True)


class Server:
    def __init__(self, directory, *arguments, port=None, environment=None, keeps_log=False):
        """`keeps_log`: every line is kept, in `log_path`, not only the last ones."""
        self.directory = directory
        self.log_path = directory.parent / "log" if keeps_log else None
        self.port = port or free_port()
        self.grpc_port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.arguments = arguments
        self.environment = {**os.environ, **(environment or {})}
        self.process = None
        self.lines = collections.deque(maxlen=400)

    @property
    def data(self):
        return self.directory.path

    def launch(self):
        """Starts the process without waiting for it."""
        command = [
            str(BINARY), "serve", "--data-dir", str(self.data), "--listen", f"127.0.0.1:{self.port}",
            "--grpc-listen", f"127.0.0.1:{self.grpc_port}", *self.arguments]
        self.listening = threading.Event()
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=self.environment, text=True, errors="replace")
        self.reader = threading.Thread(target=self._read, args=(self.process, self.listening), daemon=True)
        self.reader.start()
        return self

    def _read(self, process, listening):
        with open(self.log_path or os.devnull, "a", buffering=1) as log:
            for line in process.stdout:
                self.lines.append(line.rstrip())
                log.write(line)
                if re.search(r"listening on https?://", line):
                    listening.set()
        listening.set()

    def start(self):
        self.launch()
        if not self.listening.wait(START_SECONDS) or self.process.poll() is not None:
            raise ServerFailed(f"the server did not get ready (exit {self.process.poll()}):\n" + self.log())
        return self

    def log(self):
        return "\n".join(self.lines)

    def stop(self):
        """SIGTERM, and the exit status once it has drained."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def wait(self):
        try:
            status = self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise ServerFailed(f"the server did not stop within {STOP_SECONDS} s:\n" + self.log()) from None
        self.reader.join()
        return status

    def kill(self):
        """SIGKILL: what a power cut is to a process."""
        self.process.kill()
        self.process.wait()
        self.reader.join()

    def end(self):
        """Whatever its state, it does not run afterwards."""
        if self.process is not None and self.process.poll() is None:
            with contextlib.suppress(ServerFailed):
                self.stop()

    @property
    def grpc_url(self):
        return f"http://127.0.0.1:{self.grpc_port}"

    @property
    def credentials(self):
        return json.loads((self.data / "credentials.json").read_text())

    @property
    def key(self):
        return self.credentials["api_key"]
