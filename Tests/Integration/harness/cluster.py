"""A PostgreSQL server that a test owns, stops and starts: what `--database-url` points to.

With a password, so that a log can be searched for it. PostgreSQL refuses to run as root: then it runs under the account `postgres`.
"""
import os, pathlib, pwd, secrets, shutil, signal, subprocess, tempfile
from harness.ports import free_port

START_SECONDS = 60
STOP_SECONDS = 60


def binaries():
    """The directory with the programs of the newest version, laid out as Debian does."""
    found = [path.parent for path in pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(found, key=lambda path: int(path.parent.name))


def children_of(parent):
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            # After the name in brackets: state, parent.
            if int(path.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(path.parent.name))
        except (FileNotFoundError, ProcessLookupError):
            pass
    return found


class PostgresCluster:
    def __init__(self):
        self.parent = pathlib.Path(tempfile.mkdtemp(prefix="spandrel-postgres-"))
        self.parent.chmod(0o755)
        self.data, self.log_path = self.parent / "cluster/data", self.parent / "cluster/log"
        self.account = "postgres" if os.geteuid() == 0 else None
        self.port, self.password = free_port(), secrets.token_hex(16)
        self.is_running, self.frozen = False, []
        folder, password_file = self.data.parent, self.parent / "cluster/password"
        folder.mkdir(mode=0o700)
        password_file.write_text(self.password)
        if self.account:
            owner = pwd.getpwnam(self.account)
            for path in (folder, password_file):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        self._run("initdb", "--pgdata", self.data, "--username", "spandrel", "--pwfile", password_file, "--auth", "scram-sha-256",
                  "--encoding", "UTF8", "--no-sync")

    @property
    def url(self):
        return f"postgres://spandrel:{self.password}@127.0.0.1:{self.port}/postgres"

    def start(self):
        """Returns once it accepts connections."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='{self.data.parent}'"
        self._run("pg_ctl", "start", "--wait", "--timeout", str(START_SECONDS), "--pgdata", self.data, "--log", self.log_path, "--options", options)
        self.is_running = True
        return self

    def stop(self, mode):
        """Returns once every process is gone. `mode`: `fast` ends sessions in good order, `immediate` is a crash."""
        self._run("pg_ctl", "stop", "--wait", "--timeout", str(STOP_SECONDS), "--pgdata", self.data, "--mode", mode)
        self.is_running = False

    def processes(self):
        """The postmaster and all of its processes."""
        postmaster = int((self.data / "postmaster.pid").read_text().split()[0])
        return [postmaster] + children_of(postmaster)

    def freeze(self):
        """Every process stops where it is: connections stay open, new ones are taken, nobody answers."""
        self.frozen = self.processes()
        for process in self.frozen:
            os.kill(process, signal.SIGSTOP)

    def thaw(self):
        for process in self.frozen:
            try:
                os.kill(process, signal.SIGCONT)
            except ProcessLookupError:
                pass
        self.frozen = []

    def execute(self, sql):
        """What a person with psql does."""
        self._run("psql", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", self.url, "--command", sql)

    def remove(self):
        self.thaw()
        if self.is_running:
            self.stop("immediate")
        shutil.rmtree(self.parent, ignore_errors=True)

    def _run(self, program, *arguments):
        # The server inherits what pg_ctl has open: a pipe would be held for as long as it runs.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                [str(binaries() / program), *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, cwd="/",
                **({"user": self.account, "group": self.account, "extra_groups": []} if self.account else {}))
            output.seek(0)
            assert done.returncode == 0, f"{program}: {output.read().decode(errors='replace')}"
