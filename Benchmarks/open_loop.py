"""An open loop: requests leave at times drawn beforehand, whether or not the ones before them were answered, and a latency is counted from
the time a request was due. So a server that stalls is charged for everybody who would have come meanwhile.
"""
import asyncio, collections, random, time

Answer = collections.namedtuple("Answer", "name status seconds late_seconds")


class Connection(asyncio.Protocol):
    """One kept-alive HTTP/1.1 connection, one request at a time; answers have a Content-Length."""

    def __init__(self):
        self.buffer, self.reply = b"", None

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.buffer += data
        head, separator, body = self.buffer.partition(b"\r\n\r\n")
        if not separator:
            return
        lines = head.split(b"\r\n")
        length = next(int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length:"))
        if len(body) >= length:
            self.buffer = body[length:]
            self.reply.set_result(int(lines[0].split(b" ")[1]))

    def connection_lost(self, error):
        if self.reply is not None and not self.reply.done():
            self.reply.set_exception(ConnectionError("the server closed the connection"))

    async def ask(self, request):
        self.reply = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return await self.reply


def request_bytes(method, path, key, body=b""):
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def _run(port, rate, seconds, choose, seed):
    loop, dice = asyncio.get_running_loop(), random.Random(seed)
    free, answers, tasks = collections.deque(), [], set()

    async def one(name, request, due):
        begin = time.perf_counter()
        connection = free.pop() if free else (await loop.create_connection(Connection, "127.0.0.1", port))[1]
        status = await connection.ask(request)
        answers.append(Answer(name, status, time.perf_counter() - due, begin - due))
        free.append(connection)

    due = time.perf_counter() + 0.1
    end = due + seconds
    while due < end:
        await asyncio.sleep(due - time.perf_counter())
        name, request = choose(dice)
        task = asyncio.ensure_future(one(name, request, due))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        # Arrivals of independent callers: exponential gaps.
        due += dice.expovariate(rate)
    await asyncio.gather(*tasks)
    for connection in free:
        connection.transport.close()
    return answers


def run(port, rate, seconds, choose, seed=1):
    """Sends `rate` requests a second on average. `choose(dice)` gives (name, request bytes). Answers a list of Answer."""
    return asyncio.run(_run(port, rate, seconds, choose, seed))


def percentiles(values):
    """p50, p95, p99 and the largest, in milliseconds."""
    values = sorted(values)
    at = lambda share: round(values[min(len(values) - 1, int(len(values) * share))] * 1000, 2)
    return {"p50": at(0.50), "p95": at(0.95), "p99": at(0.99), "max": round(values[-1] * 1000, 2), "count": len(values)}
