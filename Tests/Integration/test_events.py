"""Following a task: WebSockets with the client of PyPI and over bare sockets, server-sent events, pages; who may, who is cut off, and what
happens when the server or PostgreSQL goes away in between. The events are made in the database (harness/tasks.py)."""
import json, os, signal, threading, time
import pytest, requests
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from harness import accounts
from harness.frames import CLOSE, PING, PONG, TEXT, RawWebSocket, frame
from harness.server import wait_until
from harness.tasks import Task, sql

SUBPROTOCOL = "spandrel.v1"
# Until a follower has what was committed: a read is 50 ms away at most, a busy machine more.
SECONDS = 30


def bearer(server):
    return f"Authorization: Bearer {server.key}"


def open_socket(server, path, key=None, ticket=None, **options):
    """To be used with `with`."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    protocols = [SUBPROTOCOL] + ([f"ticket.{ticket}"] if ticket else [])
    return connect(f"ws://127.0.0.1:{server.port}{path}", additional_headers=headers, subprotocols=protocols, proxy=None, max_size=None, **options)


def refused(server, path, **options):
    """The status a handshake is refused with."""
    with pytest.raises(InvalidStatus) as refusal, open_socket(server, path, **options):
        pass
    return refusal.value.response.status_code


class Follower(threading.Thread):
    """Reads messages until the stream ends, or `count` events are there."""

    def __init__(self, server, path, after=None, detail=None, count=None):
        super().__init__(daemon=True)
        query = "&".join([f"{name}={value}" for name, value in (("after", after), ("detail", detail)) if value is not None])
        self.connection = open_socket(server, path + (f"?{query}" if query else ""), key=server.key)
        self.socket = self.connection.__enter__()
        self.hello = json.loads(self.socket.recv(timeout=SECONDS))
        assert self.hello["type"] == "hello"
        self.count, self.messages, self.code, self.reason = count, [], None, None
        self.start()

    def run(self):
        try:
            while self.count is None or len(self.events) < self.count:
                self.messages.append((time.monotonic(), json.loads(self.socket.recv())))
        except ConnectionClosed as closed:
            if closed.rcvd:
                self.code, self.reason = closed.rcvd.code, closed.rcvd.reason
        finally:
            self.connection.__exit__(None, None, None)

    @property
    def events(self):
        return [message for _, message in self.messages if message["type"] != "progress"]

    @property
    def sequences(self):
        return [message["sequence"] for message in self.events]

    def wait(self):
        self.join(SECONDS)
        assert not self.is_alive(), f"the stream does not end; {len(self.messages)} messages"
        return self


def server_sent(reply):
    """(id, event, data) of a stream, one after the other."""
    fields = {}
    for line in reply.iter_lines(decode_unicode=True):
        if not line:
            if "data" in fields:
                yield int(fields["id"]), fields["event"], json.loads(fields["data"])
            fields = {}
        elif not line.startswith(":"):
            name, _, value = line.partition(": ")
            fields[name] = value


def open_stream(server, path, headers=None, **parameters):
    reply = requests.get(server.url + path, params=parameters, stream=True, timeout=SECONDS, headers={
        "Authorization": f"Bearer {server.key}", "Accept": "text/event-stream", **(headers or {})})
    return reply


# What is seen

def test_twenty_followers_see_every_event_in_order_and_the_end(server):
    task = Task(server, total=2001)
    followers = [Follower(server, task.path, after=0) for _ in range(20)]
    for _ in range(20):
        task.append(100)
    task.finish()
    for follower in followers:
        follower.wait()
        assert follower.sequences == list(range(1, 2002))
        assert [event["data"]["number"] for event in follower.events] == follower.sequences
        assert follower.code == 1000 and f"after={task.last}" in follower.reason
        assert follower.messages[-1][1]["data"]["state"] == "succeeded"


def test_late_comers_have_it_all_and_those_who_ask_for_nothing_old_only_the_present(server):
    task = Task(server)
    task.append(1500)
    present = Follower(server, task.path)
    assert present.hello["sequence"] == present.hello["data"]["last_sequence"] == 1500
    task.append(3)
    task.finish()
    assert present.wait().sequences == [1501, 1502, 1503, 1504]
    assert Follower(server, task.path, after=0).wait().sequences == list(range(1, 1505))
    assert Follower(server, task.path, after=1504).wait().sequences == []


def test_a_cut_stream_is_resumed_without_a_gap_or_a_repetition(server):
    task, seen = Task(server), []
    for _ in range(5):
        follower = Follower(server, task.path, after=seen[-1] if seen else 0, count=7)
        task.append(10)
        seen += follower.wait().sequences[:7]
    task.finish()
    seen += Follower(server, task.path, after=seen[-1]).wait().sequences
    assert seen == list(range(1, 52))


@pytest.mark.alone
def test_counters_come_at_most_twice_a_second_and_without_the_events_of_cases(server):
    task = Task(server, total=1000)
    follower = Follower(server, task.path, detail="counters")
    for _ in range(60):
        task.append(3)
    task.finish()
    follower.wait()
    assert [event["type"] for event in follower.events] == ["task.succeeded"]
    times = [moment for moment, message in follower.messages if message["type"] == "progress"]
    assert all(later - earlier > 0.4 for earlier, later in zip(times, times[1:])), times
    last = follower.messages[-1][1]
    assert last["type"] == "progress" and last["data"]["done"] == 181 and last["data"]["total"] == 1000


def test_events_that_are_gone_are_told_as_a_gap(server):
    task = Task(server)
    task.append(20)
    sql(server, f"DELETE FROM task_events WHERE task_id = '{task.id}' AND sequence <= 12")
    task.finish()
    events = Follower(server, task.path, after=4).wait().events
    assert events[0]["type"] == "gap" and events[0]["data"] == {"from": 5, "to": 12} and events[0]["sequence"] == 12
    assert [event["sequence"] for event in events[1:]] == list(range(13, 22))


def test_events_that_nobody_announced_are_found_within_seconds(server):
    task = Task(server)
    follower = Follower(server, task.path, count=5)
    task.append(5, announced=False)
    assert follower.wait().sequences == [1, 2, 3, 4, 5]


# Bare sockets

@pytest.mark.parametrize("frames, code", [
    ([frame(TEXT, b"bare", masked=False)], 1002),
    ([frame(TEXT, b"x", reserved=4)], 1002),
    ([frame(7)], 1002),
    ([frame(0, b"nothing to continue")], 1002),
    ([frame(TEXT, b"a", final=False), frame(TEXT, b"b")], 1002),
    ([frame(PING, b"x", final=False)], 1002),
    ([frame(PING, b"x" * 126)], 1002),
    ([frame(2, b"binary")], 1003),
    ([frame(TEXT, b"\xff")], 1007),
    ([frame(TEXT, b"\xc3", final=False), frame(0, b"\x28")], 1007),
    ([frame(TEXT, b"\xf0\x9f", final=False), frame(0, b"")], 1007),
    ([frame(TEXT, b"\xed\xa0\x80")], 1007),
    # Its length is enough: nobody waits for the rest.
    ([frame(TEXT, b"a" * (1 << 20 | 1))[:1000]], 1009),
    ([frame(TEXT, b"a" * (1 << 19), final=False), frame(0, b"a" * (1 << 19), final=False), frame(0, b"a")], 1009),
    ([frame(CLOSE, b"\x03")], 1002),
    ([frame(CLOSE, b"\x03\xed")], 1002),
    ([frame(CLOSE, b"\x03\xe8\xff")], 1007),
])
def test_what_breaks_the_protocol_is_closed_with_its_code(server, frames, code):
    task = Task(server)
    with RawWebSocket(server, task.path, bearer(server)) as socket:
        assert socket.status == 101
        for piece in frames:
            socket.send(piece)
        assert socket.close_code()[0] == code
        with pytest.raises((EOFError, ConnectionResetError)):
            socket.receive()


def test_what_keeps_to_it_is_taken_however_it_is_cut(server):
    task = Task(server)
    with RawWebSocket(server, task.path, bearer(server)) as socket:
        assert socket.receive()[0] == TEXT
        socket.send(frame(TEXT, b"a" * (1 << 20)))
        word = "größer 🙂".encode()
        for index, byte in enumerate(word):
            socket.send(frame(TEXT if index == 0 else 0, bytes([byte]), final=False) + frame(PING, bytes([index])))
        socket.send(frame(0, b""))
        pongs = []
        while len(pongs) < len(word):
            opcode, payload = socket.receive()
            pongs += [payload] if opcode == PONG else []
        assert pongs == [bytes([index]) for index in range(len(word))]
        # One byte at a time, in the middle of headers and masks.
        for byte in frame(PING, b"slow"):
            socket.send(bytes([byte]))
        task.append(1)
        got = set()
        while got != {PONG, TEXT}:
            opcode, payload = socket.receive()
            got.add(opcode)
        socket.send(frame(CLOSE, b"\x03\xe8done"))
        while True:
            opcode, payload = socket.receive()
            if opcode == CLOSE:
                assert payload[:2] == b"\x03\xe8"
                break


def test_a_slow_reader_is_cut_off_where_it_can_resume_and_nobody_else_waits(server, api):
    task = Task(server)
    before = api.metrics()['spandrel_event_streams_ended_total{reason="overflowed"}']
    with RawWebSocket(server, task.path + "?after=0", bearer(server), receive_buffer=1 << 16) as slow:
        assert slow.receive()[0] == TEXT
        quick = Follower(server, task.path, after=0)
        for _ in range(16):
            task.append(500, size=3000)
            wait_until(lambda: len(quick.events) == task.last, SECONDS, "the quick one has them")
        # Now it reads on: what was on its way, then the end.
        seen, code = [], None
        while code is None:
            opcode, payload = slow.receive()
            if opcode == CLOSE:
                code, reason = int.from_bytes(payload[:2], "big"), payload[2:].decode()
            elif opcode == TEXT:
                message = json.loads(payload)
                if message["type"] != "progress":
                    seen.append(message["sequence"])
    assert code == 1013 and seen == list(range(1, len(seen) + 1)) and len(seen) < task.last
    assert f"after={seen[-1]}" in reason
    assert api.metrics()['spandrel_event_streams_ended_total{reason="overflowed"}'] == before + 1
    task.finish()
    assert quick.wait().sequences == list(range(1, task.last + 1))
    assert Follower(server, task.path, after=seen[-1]).wait().sequences == list(range(seen[-1] + 1, task.last + 1))


# Who may

def test_without_credentials_or_with_bad_ones_nobody_follows(server, api):
    task = Task(server)
    assert refused(server, task.path) == 401
    assert refused(server, task.path, key="spdrl_nonsense") == 401
    assert refused(server, task.path, ticket="spdrl_ticket_" + "0" * 64) == 401
    ingest = api.post("/api/v1/api-keys", {"name": "ingest", "scopes": ["ingest"]}, status=201)["key"]
    assert refused(server, task.path, key=ingest) == 403
    assert refused(server, task.path, key=server.key, origin="https://evil.example") == 403
    assert refused(server, "/api/v1/tasks/" + Task(server).id[:-1] + "/events", key=server.key) == 404


def test_a_ticket_opens_one_socket_once(server, api):
    task, other = Task(server), Task(server)
    made = api.post("/api/v1/tickets", {"task_id": task.id}, status=201)
    assert made["expires_in"] == 30
    with open_socket(server, task.path, ticket=made["ticket"]) as socket:
        assert socket.subprotocol == SUBPROTOCOL
        assert json.loads(socket.recv(timeout=SECONDS))["type"] == "hello"
    assert refused(server, task.path, ticket=made["ticket"]) == 401
    tried = api.post("/api/v1/tickets", {"task_id": task.id}, status=201)["ticket"]
    assert refused(server, other.path, ticket=tried) == 401, "it names another task"
    assert refused(server, task.path, ticket=tried) == 401, "a try is a use"
    anyone = api.post("/api/v1/tickets", status=201)["ticket"]
    assert refused(server, task.path, ticket=anyone, origin="https://evil.example") == 403
    assert refused(server, task.path, ticket=anyone) == 401
    assert made["ticket"] not in server.log() and tried not in server.log()


def test_a_page_of_an_allowed_origin_follows_with_the_ticket_of_its_user(server):
    task, owner = Task(server), accounts.owner(server)
    settings = owner.request("PUT", "/api/v1/settings", {"allowed_origins": ["https://app.example"]})
    assert settings.status_code == 200, settings.text
    for origin in ("https://app.example", server.url):
        ticket = owner.request("POST", "/api/v1/tickets", {"task_id": task.id})
        assert ticket.status_code == 201, ticket.text
        with open_socket(server, task.path, ticket=ticket.json()["ticket"], origin=origin) as socket:
            assert json.loads(socket.recv(timeout=SECONDS))["type"] == "hello"


def test_a_revoked_key_ends_its_streams(server, api):
    task = Task(server)
    made = api.post("/api/v1/api-keys", {"name": "short", "scopes": ["read"]}, status=201)
    with open_socket(server, task.path, key=made["key"]) as socket:
        assert json.loads(socket.recv(timeout=SECONDS))["type"] == "hello"
        assert api.request("DELETE", f"/api/v1/api-keys/{made['id']}").status_code == 200
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                socket.recv(timeout=60)
    assert closed.value.rcvd.code == 1008


# Server-sent events and pages

def test_server_sent_events_resume_and_come_to_an_end(server):
    task = Task(server)
    task.append(3)
    with open_stream(server, task.path, after=1) as reply:
        assert reply.status_code == 200 and reply.headers["Content-Type"] == "text/event-stream"
        assert reply.headers["X-Accel-Buffering"] == "no" and "no-cache" in reply.headers["Cache-Control"]
        stream = server_sent(reply)
        assert [next(stream)[:2] for _ in range(3)] == [(1, "hello"), (2, "case.finished"), (3, "case.finished")]
        task.append(2)
        task.finish()
        rest = [(id, event) for id, event, _ in stream if event != "progress"]
    assert rest == [(4, "case.finished"), (5, "case.finished"), (6, "task.succeeded")]
    with open_stream(server, task.path, headers={"Last-Event-ID": "4"}, after=0) as reply:
        assert [id for id, event, _ in server_sent(reply) if event not in ("hello", "progress")] == [5, 6]
    assert open_stream(server, task.path, headers={"Last-Event-ID": "6"}).status_code == 204
    assert open_stream(server, task.path, headers={"Last-Event-ID": "six"}).status_code == 400
    assert open_stream(server, task.path, after=7).status_code == 400


def test_a_silent_stream_is_kept_alive(server):
    with open_stream(server, Task(server).path) as reply:
        begin, comments = time.monotonic(), 0
        for line in reply.iter_lines(decode_unicode=True):
            assert "progress" not in line, "nothing has changed"
            comments += line.startswith(":")
            if comments == 2:
                break
    assert 25 < time.monotonic() - begin < 60


def test_a_slow_reader_of_server_sent_events_is_cut_off_and_resumes(server):
    task = Task(server)
    with open_stream(server, task.path, after=0) as reply:
        stream = server_sent(reply)
        assert next(stream)[1] == "hello"
        quick = Follower(server, task.path, after=0)
        for _ in range(16):
            task.append(500, size=3000)
            wait_until(lambda: len(quick.events) == task.last, SECONDS, "the quick one has them")
        seen = [id for id, event, _ in stream if event != "progress"]
    assert seen == list(range(1, len(seen) + 1)) and 0 < len(seen) < task.last
    task.finish()
    assert quick.wait().code == 1000
    with open_stream(server, task.path, headers={"Last-Event-ID": str(seen[-1])}) as reply:
        rest = [id for id, event, _ in server_sent(reply) if event not in ("hello", "progress")]
    assert rest == list(range(seen[-1] + 1, task.last + 1))


def test_a_poller_reads_pages_to_the_end(server, api):
    task = Task(server)
    task.append(250)
    task.finish()
    seen, page = [], {"is_finished": False}
    while not page["is_finished"]:
        page = api.get(task.path, after=seen[-1] if seen else 0, limit=60)
        seen += [event["sequence"] for event in page["data"]]
    assert seen == list(range(1, 252)) and page["last_sequence"] == 251


# Interruptions

def test_a_server_that_stops_says_where_to_resume_and_the_next_one_goes_on_from_there(make_server):
    server = make_server().start()
    task = Task(server)
    task.append(5)
    socket = Follower(server, task.path, after=0)
    reply = open_stream(server, task.path, after=0)
    stream = server_sent(reply)
    assert next(stream)[1] == "hello"
    wait_until(lambda: len(socket.events) == 5, SECONDS, "the follower has them")
    begin = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - begin < 15
    socket.wait()
    assert socket.code == 1012 and "after=5" in socket.reason
    assert [id for id, event, _ in stream if event != "progress"] == [1, 2, 3, 4, 5], "the stream ends whole"
    server.start()
    task.append(2)
    task.finish()
    assert Follower(server, task.path, after=5).wait().sequences == [6, 7, 8]


def test_followers_stay_through_a_crash_of_postgres_and_miss_nothing(make_server):
    server = make_server().start()
    task = Task(server)
    socket = Follower(server, task.path, after=0)
    for turn, sent in enumerate([signal.SIGKILL, signal.SIGINT, signal.SIGKILL]):
        task.append(10)
        wait_until(lambda: len(socket.events) == task.last, SECONDS, "the follower has them")
        postmaster = server.directory.postmaster()
        os.kill(postmaster, sent)
        wait_until(lambda: server.directory.postmaster() not in (None, postmaster), SECONDS, "PostgreSQL is started again")

        def append():
            try:
                task.append(10)
                return True
            except Exception:
                return False
        wait_until(append, SECONDS, "PostgreSQL takes rows again")
        wait_until(lambda: len(socket.events) == task.last, SECONDS, f"the follower has what came after crash {turn}")
    task.finish()
    assert socket.wait().sequences == list(range(1, task.last + 1)) and socket.code == 1000


def test_many_followers_of_counters_are_shown_in_the_metrics_and_cost_one_feed(server, api):
    task = Task(server, total=100)
    followers = [Follower(server, task.path, detail="counters") for _ in range(200)]
    metrics = api.metrics()
    assert metrics['spandrel_event_followers{transport="websocket"}'] >= 200
    read = metrics["spandrel_event_events_read_total"]
    task.append(50)
    task.finish()
    for follower in followers:
        assert follower.wait().code == 1000
    assert api.metrics()["spandrel_event_events_read_total"] - read < 200, "events are read once for all"
