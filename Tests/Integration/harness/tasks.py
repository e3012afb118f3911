"""Tasks and their events, made in the database as the server's own code makes them, for tests of those who follow them."""
import secrets, subprocess, time


def sql(server, query):
    """What the database itself says; one line a row."""
    return subprocess.run(
        ["psql", "--host", server.data / "postgres/sock", "--username", "spandrel", "--dbname", "spandrel", "-XAt", "--set", "ON_ERROR_STOP=1"],
        input=query, check=True, capture_output=True, text=True).stdout.rstrip("\n")


def new_id():
    """A UUID version 7."""
    stamp, random = f"{int(time.time() * 1000):012x}", secrets.token_hex(9)
    return f"{stamp[:8]}-{stamp[8:]}-7{random[:3]}-8{random[3:6]}-{random[6:]}"


class Task:
    """A running task of a server's first project."""

    def __init__(self, server, total=None):
        self.server, self.id, self.last = server, new_id(), 0
        project = server.credentials["project_id"]
        sql(server, f"INSERT INTO tasks (id, project_id, kind, state, started_at, progress_total) "
                    f"VALUES ('{self.id}', '{project}', 'test', 'running', now(), {total or 'NULL'})")

    @property
    def path(self):
        return f"/api/v1/tasks/{self.id}/events"

    def append(self, count, type="case.finished", size=0, state=None, announced=True):
        """Adds events in one transaction; `size` bytes of filling in each."""
        change = f", state = '{state}', finished_at = now()" if state else ""
        notify = "SELECT pg_notify('spandrel_events', id || ':' || last_event_sequence) FROM tasks WHERE id = '" + self.id + "';" if announced else ""
        sql(self.server, f"""
            BEGIN;
            WITH next AS (UPDATE tasks SET last_event_sequence = last_event_sequence + {count}, progress_done = progress_done + {count},
                updated_at = now(){change} WHERE id = '{self.id}' RETURNING last_event_sequence)
            INSERT INTO task_events (task_id, sequence, type, data)
            SELECT '{self.id}', next.last_event_sequence - {count} + number, '{type}',
                json_build_object('number', next.last_event_sequence - {count} + number, 'filling', repeat('x', {size}))
            FROM next, generate_series(1, {count}) AS number;
            {notify}
            COMMIT;""")
        self.last += count

    def finish(self):
        self.append(1, type="task.succeeded", state="succeeded")
