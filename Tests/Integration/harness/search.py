"""Looks for values that must be nowhere: in every file of a data directory, in a log, in recorded answers.

A value is looked for as it is, as in a URL, in hex and in base64 at each of the three places it may have in a longer text. `grep` reads the files, as
there are some hundred megabytes; Parquet pages are compressed, so those files are read by pyarrow as well.
"""
import base64, pathlib, subprocess, tempfile, urllib.parse
import pyarrow.parquet as parquet
import pyarrow.types as types
import requests


def forms(value):
    """The bytes by which a value betrays itself: a text or bytes."""
    data = value.encode() if isinstance(value, str) else value
    found = [data, urllib.parse.quote(data, safe="").encode(), urllib.parse.quote(data).encode(), data.hex().encode(), data.hex().upper().encode()]
    for shift in range(3):
        # Without the ends, which depend on what stands around the value.
        whole = len(data) - (len(data) + shift) % 3
        text = base64.b64encode(bytes(shift) + data[:whole])[4 if shift else 0:]
        found += [text, text.translate(bytes.maketrans(b"+/", b"-_"))]
    return [form for form in dict.fromkeys(found) if len(form) >= 8]


def found_in(data, values):
    """Which of the values, name -> value, a text or bytes hold."""
    data = data.encode() if isinstance(data, str) else data
    return [name for name, value in values.items() if any(form in data for form in forms(value))]


def found_in_files(directory, values):
    """[(path below the directory, name)] of what the files hold; name -> value."""
    directory = pathlib.Path(directory)
    with tempfile.NamedTemporaryFile() as patterns:
        patterns.write(b"\n".join(form for value in values.values() for form in forms(value) if b"\n" not in form))
        patterns.flush()
        run = subprocess.run(["grep", "-rlaF", "-f", patterns.name, directory], capture_output=True, text=True)
    # 2: a file went away meanwhile, as PostgreSQL's do; those that are there are read.
    assert run.returncode in (0, 1, 2), run.stderr
    hits = [(path, name) for path in run.stdout.splitlines() for name in found_in(pathlib.Path(path).read_bytes(), values)]
    hits += [(str(path), name) for path in directory.rglob("*.parquet") for name in found_in(parquet_text(path), values)]
    return [(str(pathlib.Path(path).relative_to(directory)), name) for path, name in hits]


def parquet_text(path):
    """The bytes of every text and of all bytes in a Parquet file."""
    table = parquet.ParquetFile(path).read()
    return b"\0".join(data for column in table.itercolumns() for chunk in column.chunks for data in _texts(chunk))


def _texts(array):
    kind = array.type
    if types.is_map(kind):
        yield from _texts(array.keys)
        yield from _texts(array.items)
    elif types.is_list(kind):
        yield from _texts(array.values)
    elif types.is_struct(kind):
        for place in range(kind.num_fields):
            yield from _texts(array.field(place))
    elif types.is_dictionary(kind):
        yield from _texts(array.dictionary)
    elif types.is_string(kind) or types.is_binary(kind):
        data = array.buffers()[2]
        yield data.to_pybytes() if data else b""
    else:
        # No text can hide in these.
        assert types.is_primitive(kind) or types.is_fixed_size_binary(kind), f"{kind} is not searched"
        if types.is_fixed_size_binary(kind):
            yield array.buffers()[1].to_pybytes()


def count_files(directory):
    return sum(path.is_file() for path in pathlib.Path(directory).rglob("*"))


class Recorder:
    """Every answer that any session of `requests` gets while this is in use."""

    def __init__(self, monkeypatch):
        self.answers = []
        send = requests.Session.send

        def recording(session, request, **options):
            answer = send(session, request, **options)
            self.answers.append((request, answer))
            return answer

        monkeypatch.setattr(requests.Session, "send", recording)

    def found(self, values):
        """[(answer's method, path and status, name)] of what the answers hold, headers included."""
        hits = []
        for request, answer in self.answers:
            text = "\n".join(f"{name}: {value}" for name, value in answer.headers.items()).encode("latin-1", "replace") + b"\n" + answer.content
            hits += [(f"{request.method} {request.path_url.partition('?')[0]} {answer.status_code}", name) for name in found_in(text, values)]
        return hits
