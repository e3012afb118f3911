"""The `spandrel` command in a process of its own, on a server's data directory.

    with Following(server, "--suite", "good", "--target", "openai/gpt-4.1-mini", "--wait", "--json") as following:
        following.messages()        what it printed so far
"""
import json, os, re, shlex, subprocess, threading
from harness.server import BINARY


def environment(**variables):
    """Not that of the machine's own CI."""
    hidden = ("SPANDREL_", "GITHUB_", "CI_", "CI", "NO_COLOR")
    return {key: value for key, value in os.environ.items() if not key.startswith(hidden) or key in ("SPANDREL_BINARY",)} | variables


def command(server, *arguments, verb=("run",)):
    return [str(BINARY), *verb, *arguments, "--data-dir", str(server.data)]


class Following:
    """A command that runs beside the test; its lines are read as they come."""

    def __init__(self, server, *arguments, verb=("run",), **variables):
        self.server = server
        self.process = subprocess.Popen(
            command(server, *arguments, verb=verb), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=environment(**variables))
        self.out, self.err = [], []
        self.readers = [threading.Thread(target=self._read, args=pair, daemon=True)
                        for pair in ((self.process.stdout, self.out), (self.process.stderr, self.err))]
        for reader in self.readers:
            reader.start()

    @staticmethod
    def _read(stream, lines):
        for line in stream:
            lines.append(line)

    def messages(self):
        """What `--json` printed. A process that was killed may have left half a line behind."""
        return [json.loads(line) for line in list(self.out) if line.endswith("\n")]

    def events(self):
        """Those of the messages that are numbered."""
        return [message for message in self.messages() if "sequence" in message and message["type"] not in ("hello", "progress")]

    def advice(self):
        """The words with which it says how to follow the run; None before it did."""
        found = re.search(r"^ +(\S+ run follow [0-9a-f-]{36}.*)$", "".join(self.err), re.M)
        return found and shlex.split(found[1])

    def wait(self, seconds=120):
        status = self.process.wait(seconds)
        for reader in self.readers:
            reader.join()
        return status

    def kill(self):
        """SIGKILL; what it printed before is all there."""
        self.process.kill()
        self.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.kill()
