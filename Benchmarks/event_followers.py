"""What live events cost: followers of counters by the thousand and some that see every event, while a task goes on; prints JSON.

    .venv/integration/bin/python Benchmarks/event_followers.py [--followers 5000] [--full 20] [--rate 500] [--seconds 20]

Events are written in batches, as a worker does. The delay is from before the batch's transaction to the message at each follower that sees
every event; the followers run in this process, whose CPU is not the server's.
"""
import argparse, asyncio, base64, json, os, pathlib, resource, sys, threading, time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / "Tests/Integration")]
import processes
from harness.server import DataDirectory, Server
from harness.tasks import Task


class Crowd:
    """Followers over bare sockets: a frame's length is read, its text only where the follower wants it."""

    def __init__(self, server, task, clock):
        self.server, self.task, self.clock = server, task, clock
        self.counters, self.delays, self.gaps, self.ends = [], [], 0, []

    async def open(self, query):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port)
        writer.write((f"GET {self.task.path}?{query} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                      f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\nAuthorization: Bearer {self.server.key}\r\n\r\n").encode())
        head = await reader.readuntil(b"\r\n\r\n")
        assert b" 101 " in head.split(b"\r\n")[0], head
        return reader, writer

    async def frames(self, reader, writer):
        while True:
            first, length = await reader.readexactly(2)
            if length == 126:
                length = int.from_bytes(await reader.readexactly(2), "big")
            elif length == 127:
                length = int.from_bytes(await reader.readexactly(8), "big")
            payload = await reader.readexactly(length)
            if first & 15 == 9:
                writer.write(bytes([0x8a, 0x80, 0, 0, 0, 0]))
            elif first & 15 == 8:
                self.ends.append(int.from_bytes(payload[:2], "big"))
                writer.write(bytes([0x88, 0x80, 0, 0, 0, 0]))
                writer.close()
                return
            else:
                yield payload

    async def count(self, reader, writer):
        seen = 0
        async for _ in self.frames(reader, writer):
            seen += 1
        self.counters.append(seen)

    async def follow(self, reader, writer):
        expected = 1
        async for payload in self.frames(reader, writer):
            now, message = time.monotonic(), json.loads(payload)
            if message["type"] == "case.finished":
                self.gaps += message["sequence"] != expected
                expected = message["sequence"] + 1
                self.delays.append(now - self.clock[message["sequence"]])


def quantile(values, share):
    return round(sorted(values)[min(len(values) - 1, int(share * len(values)))] * 1000, 1)


async def measure(server, options):
    task, clock = Task(server, total=options.rate * options.seconds), {}
    crowd = Crowd(server, task, clock)
    before = processes.pss_bytes(server.process.pid)
    opened = time.monotonic()
    connections = [await crowd.open("detail=counters") for _ in range(options.followers)]
    full = [await crowd.open("after=0") for _ in range(options.full)]
    opening = time.monotonic() - opened
    readers = [asyncio.create_task(crowd.count(*one)) for one in connections] + [asyncio.create_task(crowd.follow(*one)) for one in full]
    await asyncio.sleep(2)
    idle_memory = processes.pss_bytes(server.process.pid)
    cpu, start, batch = processes.cpu_seconds(server.process.pid), time.monotonic(), max(1, options.rate // 20)

    def write():
        for number in range(options.seconds * 20):
            time.sleep(max(0, start + number / 20 - time.monotonic()))
            now = time.monotonic()
            for sequence in range(task.last + 1, task.last + batch + 1):
                clock[sequence] = now
            task.append(batch, size=200)
        task.finish()

    writer = threading.Thread(target=write)
    writer.start()
    await asyncio.gather(*readers)
    writer.join()
    seconds = time.monotonic() - start
    return {
        "followers_of_counters": options.followers, "followers_of_everything": options.full, "events_per_second": round(task.last / seconds),
        "opening_s": round(opening, 1), "server_cpu_cores": round((processes.cpu_seconds(server.process.pid) - cpu) / seconds, 2),
        "idle_kib_per_follower": round((idle_memory - before) / 1024 / (options.followers + options.full), 1),
        "peak_growth_mib": round((processes.pss_bytes(server.process.pid) - before) / (1 << 20)),
        "counters_per_follower_per_second": round(sum(crowd.counters) / max(1, len(crowd.counters)) / seconds, 2),
        "event_delay_ms": {"p50": quantile(crowd.delays, 0.5), "p99": quantile(crowd.delays, 0.99), "max": quantile(crowd.delays, 1)},
        "events_seen_by_each": len(crowd.delays) / max(1, options.full), "gaps": crowd.gaps,
        "ended_with": {str(code): crowd.ends.count(code) for code in sorted(set(crowd.ends))},
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("followers", 5000), ("full", 20), ("rate", 500), ("seconds", 20)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 20_000)), hard))
    directory = DataDirectory()
    server = Server(directory)
    try:
        print(json.dumps(asyncio.run(measure(server.start(), options)), indent=1))
    finally:
        server.end()
        directory.remove()


if __name__ == "__main__":
    main()
