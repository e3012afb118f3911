"""A feature as an analysis leaves it, without the analysis: for tests that want one to show and change."""
import subprocess
import uuid


def insert_feature(server, project):
    """Straight into the server's own PostgreSQL; answers its id."""
    id = str(uuid.uuid4())
    # As version 7, which ids are.
    id = id[:14] + "7" + id[15:]
    statement = f"""INSERT INTO features (id, project_id, name, is_named, center, reach, embedding_model, first_window_start, last_window_end)
        VALUES ('{id}', '{project}', 'f', true, '\\x00000000', 0, 'm/e', '2026-01-01', '2026-01-02')"""
    subprocess.run(
        ["psql", "--host", server.data / "postgres/sock", "--username", "spandrel", "--dbname", "spandrel", "-XAt", "--command", statement], check=True,
        capture_output=True)
    return id
