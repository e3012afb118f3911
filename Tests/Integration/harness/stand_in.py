"""One `provider-stand-in` process: AI providers on a loopback port that fail when told to (Tests/ProviderStandIn/README.md).

    with StandIn() as stand_in:
        stand_in.url("openai")           the base URL of a dialect, as providers' SDKs take it
        stand_in.calls()["by_model"]     what was called
"""
import json, os, pathlib, re, signal, subprocess, threading, urllib.parse, urllib.request

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]
BINARY = pathlib.Path(os.environ.get("SPANDREL_STAND_IN_BINARY", REPOSITORY / ".build/release/provider-stand-in"))
START_SECONDS = 20
STOP_SECONDS = 20
DIALECTS = ("openai", "xai", "compatible", "anthropic", "gemini")
# Those whose SDKs expect the version in the base URL; the others add it themselves.
VERSIONED = ("openai", "xai", "compatible")
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class StandInFailed(Exception):
    """The stand-in did not start or stop."""


def directive(**members):
    """A line of a user message that steers the answer."""
    return "!stand-in " + json.dumps(members)


def model(name="stand-in", **members):
    """A model's name that steers its answers."""
    def value(member):
        return urllib.parse.quote(member if isinstance(member, str) else json.dumps(member, separators=(",", ":")), safe="")
    return ";".join([name, *(f"{key}={value(member)}" for key, member in members.items())])


class StandIn:
    def __init__(self, delay_ms=0, port=0):
        self.arguments = ["--listen", f"127.0.0.1:{port}", "--delay-ms", str(delay_ms)]
        self.process = None
        self.origin = None

    def start(self):
        if not BINARY.exists():
            raise StandInFailed(f"{BINARY} is not built: make build")
        self.process = subprocess.Popen([str(BINARY), *self.arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        listening = threading.Event()

        def read():
            for line in self.process.stdout:
                found = re.fullmatch(r"listening on (http://\S+)", line.strip())
                if found:
                    self.origin = found[1]
                    listening.set()
            listening.set()

        threading.Thread(target=read, daemon=True).start()
        if not listening.wait(START_SECONDS) or self.origin is None:
            self.end()
            raise StandInFailed(f"the stand-in did not get ready (exit {self.process.poll()})")
        return self

    def stop(self):
        """SIGTERM, and the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_SECONDS)

    def end(self):
        """Whatever its state, it does not run afterwards."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    __enter__ = start

    def __exit__(self, *_):
        self.end()

    def url(self, dialect):
        return f"{self.origin}/{dialect}" + ("/v1" if dialect in VERSIONED else "")

    def calls(self):
        """What was called since the start or the last reset."""
        with DIRECT.open(self.origin + "/stand-in/calls", timeout=20) as answer:
            return json.load(answer)

    def reset(self):
        """Forgets the calls, and how often each key was called."""
        with DIRECT.open(urllib.request.Request(self.origin + "/stand-in/reset", method="POST"), timeout=20) as answer:
            answer.read()
