"""Followers of one task's events over WebSocket: thousands of counters, some of every event. A process of its own beside the one that
measures the server (`Benchmarks/run_execution.py`).

    event_followers.py URL KEY [--counting 5000] [--whole 20]

Prints `ready` once all are connected, and when the task has ended one JSON object. The delay of an event is from its `time`, the start of
the transaction that wrote it, to its message at each follower that sees every event; what
was written before `ready` is only counted.
"""
import argparse, asyncio, base64, datetime, json, os, resource, time, urllib.parse


class Crowd:
    """Followers over bare sockets: a frame's length is read, its text only where the follower wants it."""

    def __init__(self, url, key):
        self.url, self.key = urllib.parse.urlsplit(url), key
        self.messages, self.delays, self.finished_cases, self.gaps, self.ends = [], [], [], 0, []
        self.ready = None

    async def open(self, query):
        reader, writer = await asyncio.open_connection(self.url.hostname, self.url.port)
        writer.write((f"GET {self.url.path}?{query} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                      f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\nAuthorization: Bearer {self.key}\r\n\r\n").encode())
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
        self.messages.append(seen)

    async def follow(self, reader, writer):
        last = finished = 0
        async for payload in self.frames(reader, writer):
            now, message = time.time(), json.loads(payload)
            if message["type"] in ("hello", "progress"):
                continue
            self.gaps += message["sequence"] != last + 1
            last = message["sequence"]
            if message["type"] == "case.finished":
                finished += 1
                # Nanoseconds are more digits than Python reads.
                written = datetime.datetime.fromisoformat(message["time"][:26].rstrip("Z") + "+00:00").timestamp()
                if written >= self.ready:
                    self.delays.append(now - written)
        self.finished_cases.append(finished)


def quantile_ms(values, share):
    return round(sorted(values)[min(len(values) - 1, int(share * len(values)))] * 1000, 1)


async def follow(options):
    crowd = Crowd(options.url, options.key)
    opened = time.monotonic()
    counting = [await crowd.open("detail=counters") for _ in range(options.counting)]
    whole = [await crowd.open("after=0") for _ in range(options.whole)]
    opening = time.monotonic() - opened
    readers = [asyncio.create_task(crowd.count(*one)) for one in counting] + [asyncio.create_task(crowd.follow(*one)) for one in whole]
    crowd.ready = time.time()
    print("ready", flush=True)
    begun = time.monotonic()
    await asyncio.gather(*readers)
    seconds = time.monotonic() - begun
    return {
        "followers_of_counters": options.counting, "followers_of_everything": options.whole, "opening_s": round(opening, 1), "seconds": round(seconds, 1),
        "counters_per_follower_per_second": round(sum(crowd.messages) / max(1, len(crowd.messages)) / seconds, 2),
        "event_delay_ms": {"p50": quantile_ms(crowd.delays, 0.5), "p99": quantile_ms(crowd.delays, 0.99), "max": quantile_ms(crowd.delays, 1)},
        "finished_cases_seen_by_each": sorted(set(crowd.finished_cases)), "gaps": crowd.gaps,
        "ended_with": {str(code): crowd.ends.count(code) for code in sorted(set(crowd.ends))},
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("key")
    parser.add_argument("--counting", type=int, default=5000)
    parser.add_argument("--whole", type=int, default=20)
    options = parser.parse_args()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 20_000)), hard))
    print(json.dumps(asyncio.run(follow(options))))


if __name__ == "__main__":
    main()
