"""`spandrel kb` in a folder, as somebody with a project's key."""
import subprocess
from harness.command_line import environment
from harness.server import BINARY


class Checkout:
    """A folder of a knowledge base, and who works in it."""

    def __init__(self, project, path, scopes=("read", "write", "admin"), name="ci"):
        self.path = path
        self.url = project.client.url
        self.key = project.client.create_key(*scopes, name=name)["key"]

    def command(self, verb, *arguments):
        folder = [] if verb == "promote" else ["--dir", str(self.path)]
        return [str(BINARY), "kb", verb, *folder, *map(str, arguments)]

    @property
    def environment(self):
        return environment(SPANDREL_URL=self.url, SPANDREL_API_KEY=self.key)

    def run(self, verb, *arguments, status=0):
        done = subprocess.run(
            self.command(verb, *arguments), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, env=self.environment)
        assert done.returncode == status, f"kb {verb} {arguments}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def start(self, verb, *arguments):
        return subprocess.Popen(
            self.command(verb, *arguments), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=self.environment)

    # Files

    def write(self, path, text):
        file = self.path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def article(self, path, text, title="T"):
        self.write(path, f"---\ntitle: {title}\n---\n{text}")

    def read(self, path):
        return (self.path / path).read_text()

    def files(self):
        """Every file but the state, by its path."""
        return {
            str(file.relative_to(self.path)): file.read_bytes() for file in sorted(self.path.rglob("*"))
            if file.is_file() and file.name != ".spandrel-kb.json"}

    @property
    def state(self):
        return (self.path / ".spandrel-kb.json").read_bytes()
