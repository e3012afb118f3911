"""A client that keeps asking whatever it is told, in a process of its own so that it takes no time from whoever measures.

    python hammer.py PORT KEY    reads lines "RATE SECONDS" and answers each with a line of JSON: what came back, and how often
"""
import collections, http.client, json, pathlib, subprocess, sys, threading, time

LIMIT_HEADERS = ("Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "RateLimit-Policy")


class Hammer:
    """The process, as a test uses it."""

    def __init__(self, port, key):
        self.process = subprocess.Popen(
            [sys.executable, pathlib.Path(__file__), str(port), key], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def start(self, rate, seconds):
        self.process.stdin.write(f"{rate} {seconds}\n")
        self.process.stdin.flush()

    def result(self):
        """Waits for the end of what was started."""
        return json.loads(self.process.stdout.readline())

    def end(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def hammer(port, key, rate, seconds):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    statuses, headers = collections.Counter(), None
    begin = time.perf_counter()
    pause, due = threading.Event(), 0.0
    while due < seconds:
        pause.wait(max(0, begin + due - time.perf_counter()))
        connection.request("GET", "/api/v1/traces?limit=1", headers={"Authorization": f"Bearer {key}"})
        response = connection.getresponse()
        response.read()
        statuses[response.status] += 1
        if response.status == 429:
            headers = {name: response.getheader(name) for name in LIMIT_HEADERS}
        due += 1 / rate
    connection.close()
    return {"statuses": statuses, "headers": headers, "seconds": time.perf_counter() - begin}


def main(port, key):
    for line in sys.stdin:
        rate, seconds = map(float, line.split())
        print(json.dumps(hammer(port, key, rate, seconds)), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
