#!/usr/bin/env python3
"""What pages cost whoever waits for them, measured in Chromium: a list of a million spans' traces, a trace of 100,000 spans, a prompt of
10 MiB, and a list that is left open while traces come in at sixty times the normal rate.

    Benchmarks/pages [list filter trace scroll prompt weight tail ...] [--spans 1000000] [--tail-seconds 600] [--data DIRECTORY]

Prints one JSON object, and its figures beside their bars as a table to standard error. Exit status 1 when a bar is missed. `--data`: a
directory that is filled once and kept, for measuring again. The normal rate is that of a million spans a day.
"""
import argparse, contextlib, http.client, json, os, pathlib, shutil, statistics, subprocess, sys, tempfile, threading, time, urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "Tests/Integration")]
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from playwright.sync_api import sync_playwright
from harness.browsers import PageClient
from harness.large_trace import LargeTrace
from harness.server import DataDirectory, Server, wait_until

BARS = {
    "list_interactive_ms": 500, "filter_change_ms": 300, "text_search_ms": 300, "trace_first_shown_ms": 1_000, "scroll_longest_task_ms": 50, "scroll_dom_nodes": 2_000,
    "prompt_longest_task_ms": 100, "first_page_kib": 100, "tail_heap_growth": 1.10}
LARGE_TRACE, PROMPT_TRACE, PROMPT_BYTES, LARGE_SPANS = "c0ffee00" * 4, "fee1900d" * 4, 10 << 20, 100_000
WRITERS, CONNECTIONS, VISITS, REPEATS = 2, 4, 20, 5
NORMAL_SPANS_PER_SECOND, TIMES_NORMAL = 1_000_000 / 86_400, 60
FILTERS = ["status:error", "kind:llm", "model:gpt-4.1-mini-2025-10-01", "duration_ms>5000", "service:checkout", "user_id:user-00007", "cost>0.01 kind:llm",
           "name~refund", "-status:error tool_name:weather"]
# A word alone is looked for in names, inputs and outputs: all texts of the range are read.
TEXT_FILTERS = ["refund", "input~\"tracoin\""]

# In every page, before anything else: long tasks, and when a condition first holds at a frame that was drawn.
OBSERVE = """
window.measured = {tasks: [], at: {}};
new PerformanceObserver(list => { for (const entry of list.getEntries()) measured.tasks.push([entry.startTime, entry.duration]); }).observe({type: "longtask", buffered: true});
measured.when = (name, holds) => {
  const look = () => holds() ? setTimeout(() => { measured.at[name] ??= performance.now(); }) : requestAnimationFrame(look);
  requestAnimationFrame(look);
};
measured.when("list", () => document.querySelector("tr[data-id] a") && document.querySelector("[data-live-toggle]:not([hidden])"));
measured.when("trace", () => document.querySelector(".wf-scroll.is-windowed .wf-row[data-span]"));
document.addEventListener("keydown", event => { if (event.key === "Enter" && event.target.id === "filter") measured.entered = performance.now(); }, true);
document.addEventListener("navigated", () => requestAnimationFrame(() => setTimeout(() => { measured.changed = performance.now(); })));
measured.isCounted = () => measured.changed !== undefined && (measured.counted !== undefined || !document.querySelector("[data-fragment=traces_histogram]"));
document.addEventListener("fragment", event => event.detail.matches("[data-fragment=traces_histogram]") && requestAnimationFrame(() => setTimeout(() => { measured.counted = performance.now(); })));
"""
TIMING = """() => { const [n] = performance.getEntriesByType("navigation");
  return {server: n.responseStart - n.requestStart, document: n.responseEnd, parsed: n.domContentLoadedEventStart, at: measured.at,
          longest_task: Math.max(0, ...measured.tasks.map(([, duration]) => duration))}; }"""
NODES = """() => { let count = 0; const walker = document.createTreeWalker(document, NodeFilter.SHOW_ALL); while (walker.nextNode()) count += 1; return count; }"""
SCRIPT_EVENTS = {"FunctionCall", "EvaluateScript", "v8.callFunction", "RunMicrotasks", "FireAnimationFrame", "TimerFire", "EventDispatch", "ParseHTML"}


def say(text):
    print(f"pages: {text}", file=sys.stderr, flush=True)


def spread(values):
    values = sorted(values)
    return {"p50": round(statistics.median(values), 1), "p95": round(values[min(len(values) - 1, int(0.95 * len(values)))], 1), "max": round(values[-1], 1),
            "count": len(values)}


# Data

def workload(spans):
    """Request bodies of the last day in the order of their times; written anew when the day is over."""
    directory = HERE / ".work" / f"pages-{spans}"
    done = [directory / f"{seed}.json" for seed in range(1, WRITERS + 1)]
    if not all(path.exists() and path.stat().st_size and time.time() - path.stat().st_mtime < 6 * 3_600 for path in done):
        say(f"writing {spans} spans to {directory}")
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
        writers = []
        for seed, path in enumerate(done, 1):
            command = [sys.executable, HERE / "otlp_workload.py", "--spans", str(spans // WRITERS), "--seed", str(seed), "--days", "1", "--out", directory / str(seed)]
            writers.append(subprocess.Popen(command, stdout=open(path, "w")))
        if any([writer.wait() for writer in writers]):
            raise RuntimeError("the workload was not written")
    return sorted(directory.glob("*/*.pb"), key=lambda path: path.name), sum(json.loads(path.read_text())["spans"] for path in done)


class Sender:
    def __init__(self, server):
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=300)
        self.key = server.key

    def post(self, path, body, content_type="application/x-protobuf"):
        self.connection.request("POST", path, body, {"Authorization": f"Bearer {self.key}", "Content-Type": content_type})
        response = self.connection.getresponse()
        content = response.read()
        if response.status != 200:
            raise RuntimeError(f"POST {path}: {response.status} {content[:500]!r}")
        return content

    def export(self, body):
        self.post("/v1/traces", body)

    def seal(self):
        self.post("/api/v1/store/seal", b"{}", "application/json")


def prompt(start):
    """A trace of one call whose prompt has 10 MiB."""
    message = ExportTraceServiceRequest()
    span = message.resource_spans.add().scope_spans.add().spans.add(
        trace_id=bytes.fromhex(PROMPT_TRACE), span_id=(7).to_bytes(8), name="chat with a book", start_time_unix_nano=start, end_time_unix_nano=start + 10**9)
    line = "The quick brown fox jumps over the lazy dog; number {} of the lines of this book says no more.\n"
    text = "".join(line.format(number) for number in range(PROMPT_BYTES // len(line) + 1))[:PROMPT_BYTES]
    messages = [{"role": "user", "parts": [{"type": "text", "content": text}]}]
    for key, value in {"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4.1-mini", "gen_ai.input.messages": json.dumps(messages)}.items():
        span.attributes.add(key=key).value.string_value = value
    return message.SerializeToString()


def fill(server, files):
    """Everything that pages are measured with, sealed."""
    waiting, lock, failures = list(reversed(files)), threading.Lock(), []

    def send():
        sender = Sender(server)
        with contextlib.suppress(IndexError):
            while not failures:
                with lock:
                    file = waiting.pop()
                try:
                    sender.export(file.read_bytes())
                except Exception as failure:
                    failures.append(failure)

    threads = [threading.Thread(target=send) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    sender, hour = Sender(server), 3_600 * 10**9
    for body in LargeTrace(LARGE_SPANS, LARGE_TRACE, time.time_ns() - 2 * hour).requests():
        sender.export(body)
    sender.export(prompt(time.time_ns() - hour))
    sender.seal()


# Looking

def until(page, condition):
    """Waits for what a script says; the pages' policy lets no text be evaluated inside them, so the question comes from outside."""
    wait_until(lambda: page.evaluate(condition), 60, condition)


class Eyes:
    """A browser that is signed in."""

    def __init__(self, server, playwright):
        self.server, self.project = server, f"/projects/{server.credentials['project_id']}"
        self.browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        client = PageClient(server.url)
        assert client.sign_in(server.credentials).status_code == 303
        self.cookie = {"name": "spandrel_session", "value": client.session.cookies["spandrel_session"], "url": server.url}
        self.plain = client

    def page(self, signed_in=True):
        context = self.browser.new_context(base_url=self.server.url, viewport={"width": 1440, "height": 900})
        if signed_in:
            context.add_cookies([self.cookie])
        context.add_init_script(OBSERVE)
        return context.new_page()

    def visit(self, page, path, name):
        """What the browser says of a navigation until what is named stands there."""
        page.goto(path, wait_until="commit")
        until(page, f"measured.at[{name!r}] !== undefined")
        return page.evaluate(TIMING)

    def server_ms(self, path, times=5, **headers):
        """A plain client's time for the same answer, to tell the server's share."""
        taken = []
        for _ in range(times):
            begun = time.perf_counter()
            answer = self.plain.session.get(self.server.url + path, headers=headers, timeout=60)
            assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:300]}"
            taken.append((time.perf_counter() - begun) * 1_000)
        return round(statistics.median(taken), 1)


def visits(eyes, path, name, count=VISITS):
    page = eyes.page()
    first = eyes.visit(page, path, name)
    seen = [eyes.visit(page, path, name) for _ in range(count)]
    page.context.close()
    return {
        "ms": spread([visit["at"][name] for visit in seen]), "first_with_empty_cache_ms": round(first["at"][name], 1),
        "server_ms": spread([visit["server"] for visit in seen]), "after_the_document_ms": spread([visit["at"][name] - visit["document"] for visit in seen]),
        "longest_task_ms": round(max(visit["longest_task"] for visit in seen), 1)}


def measure_list(eyes, options):
    out, api = {}, f"{eyes.project}/api/v1"
    for label, query, since in (("last_24_hours", "", 86_400), ("all_times", "?from=all", None)):
        out[label] = visits(eyes, f"{eyes.project}/traces{query}", "list")
        frm = f"&from={urllib.parse.quote(time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(time.time() - since)))}" if since else ""
        out[label]["api_ms"] = {"traces": eyes.server_ms(f"{api}/traces?limit=50{frm}"), "histogram": eyes.server_ms(f"{api}/traces/histogram?{frm[1:]}")}
    out["list_interactive_ms"] = max(out[label]["ms"]["p95"] for label in ("last_24_hours", "all_times"))
    return out


def measure_filter(eyes, options):
    page = eyes.page()
    eyes.visit(page, f"{eyes.project}/traces", "list")

    def change(text):
        """Milliseconds from Enter until the rows are drawn, and until the histogram is that stands above them."""
        page.evaluate("measured.changed = measured.counted = undefined")
        field = page.locator("#filter")
        field.fill(text)
        field.press("Escape")
        field.press("Enter")
        until(page, "measured.isCounted()")
        return page.evaluate("[measured.changed - measured.entered, (measured.counted ?? measured.changed) - measured.entered]")

    def all_of(filters):
        first, again = {}, {text: [] for text in filters}
        for text in filters:
            first[text] = change(text)
        for _ in range(REPEATS):
            for text in filters:
                again[text].append(change(text))
        return {text: {"first_ms": round(first[text][0], 1), **spread([rows for rows, _ in again[text]]),
                       "histogram": {"first_ms": round(first[text][1], 1), **spread([counted for _, counted in again[text]])}} for text in filters}

    out = {"by_filter": all_of(FILTERS), "by_text_search": all_of(TEXT_FILTERS)}
    page.context.close()
    for bar, part in (("filter_change_ms", "by_filter"), ("text_search_ms", "by_text_search")):
        out[bar] = max(max(figures["first_ms"], figures["p95"]) for figures in out[part].values())
    return out


def measure_trace(eyes, options):
    """First shown: by a server that was just started and knows nothing of the trace; then again and again."""
    path, cold = f"{eyes.project}/traces/{LARGE_TRACE}", []
    for _ in range(3):
        eyes.server.stop()
        eyes.server.start()
        page = eyes.page()
        seen = eyes.visit(page, path, "trace")
        cold.append({"ms": round(seen["at"]["trace"], 1), "server_ms": round(seen["server"], 1), "longest_task_ms": round(seen["longest_task"], 1)})
        page.context.close()
    window = f"{eyes.project}/api/v1/traces/{LARGE_TRACE}/spans?limit=100&offset="
    out = {"after_a_start": cold, "again": visits(eyes, path, "trace", 10), "api_ms": {
        "first_window": eyes.server_ms(window + "0"), "window_in_the_middle": eyes.server_ms(window + "50000"),
        "summary": eyes.server_ms(f"{eyes.project}/api/v1/traces?limit=1&filter=" + urllib.parse.quote(json.dumps({"trace_id": LARGE_TRACE}))),
        "rows_fragment": eyes.server_ms(path + "?fragment=rows&offset=50000&limit=100")}}
    out["trace_first_shown_ms"] = max(max(visit["ms"] for visit in cold), out["again"]["ms"]["p95"])
    return out


class Tasks:
    """A trace of the browser's own: how long tasks of the page's thread were, and scripts in them."""

    def __init__(self, page):
        self.page = page

    def __enter__(self):
        self.path = tempfile.mktemp(suffix=".json")
        self.page.context.browser.start_tracing(
            page=self.page, path=self.path, categories=["devtools.timeline", "disabled-by-default-devtools.timeline", "toplevel", "v8", "__metadata"])
        return self

    def __exit__(self, *_):
        self.page.context.browser.stop_tracing()
        with open(self.path) as file:
            events = json.load(file)["traceEvents"]
        os.unlink(self.path)
        mains = {(event["pid"], event["tid"]) for event in events if event.get("name") == "thread_name" and event["args"].get("name") == "CrRendererMain"}
        scripts = [event for event in events if event.get("ph") == "X" and event["name"] in SCRIPT_EVENTS and (event["pid"], event["tid"]) in mains]
        here = statistics.mode((event["pid"], event["tid"]) for event in scripts)
        tasks = [event for event in events if event.get("ph") == "X" and event["name"] in ("RunTask", "ThreadControllerImpl::RunTask") and (event["pid"], event["tid"]) == here]
        longest = max(tasks, key=lambda event: event["dur"])
        inside = [
            (event["name"], round(event["dur"] / 1_000, 1), event.get("args", {}).get("data", {}).get("functionName", ""))
            for event in events if event.get("ph") == "X" and (event["pid"], event["tid"]) == here and event["ts"] >= longest["ts"]
            and event["ts"] + event["dur"] <= longest["ts"] + longest["dur"] and event["name"] not in ("RunTask", "ThreadControllerImpl::RunTask")]
        own = [event["dur"] / 1_000 for event in scripts if (event["pid"], event["tid"]) == here]
        self.figures = {
            "tasks": len(tasks), "longest_task_ms": round(longest["dur"] / 1_000, 1), "longest_task_cpu_ms": round(longest.get("tdur", 0) / 1_000, 1),
            "longest_script_ms": round(max(own), 1), "in_the_longest_task": sorted(inside, key=lambda part: -part[1])[:5]}


def measure_scroll(eyes, options):
    page = eyes.page()
    eyes.visit(page, f"{eyes.project}/traces/{LARGE_TRACE}", "trace")
    tree = page.locator("[data-waterfall]")
    box, nodes, gaps = tree.bounding_box(), [], 0
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    with Tasks(page) as tasks:
        for step in range(150):
            page.mouse.wheel(0, 120 if step < 50 else 1_200 if step < 100 else 40_000)
            if step % 10 == 9:
                nodes.append(page.evaluate(NODES))
        for share in (0.5, 0.9, 0.1, 1, 0):
            tree.evaluate("(tree, share) => { tree.scrollTop = share * tree.scrollHeight; }", share)
            until(page, "document.querySelectorAll('.wf-slab .is-gap').length === 0 && document.querySelectorAll('.wf-row[data-span]').length > 10")
            nodes.append(page.evaluate(NODES))
        for key in ["ArrowDown"] * 40 + ["End", "Home"]:
            tree.press(key)
    page.context.close()
    return {**tasks.figures, "scroll_longest_task_ms": tasks.figures["longest_task_ms"], "scroll_dom_nodes": max(nodes)}


def measure_prompt(eyes, options):
    page = eyes.page()
    eyes.visit(page, f"{eyes.project}/traces/{PROMPT_TRACE}", "trace")
    with Tasks(page) as tasks:
        begun = time.perf_counter()
        page.locator(".wf-row[data-span]").first.click()
        until(page, "document.querySelectorAll('large-text pre').length > 3")
        shown = (time.perf_counter() - begun) * 1_000
        text = page.locator("large-text").first
        for _ in range(40):
            text.evaluate("element => { element.scrollTop = element.scrollHeight; }")
            page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    read, nodes = page.locator(".large-note").first.inner_text(), page.evaluate(NODES)
    page.context.close()
    return {**tasks.figures, "shown_ms": round(shown, 1), "read": read, "dom_nodes": nodes, "prompt_longest_task_ms": tasks.figures["longest_task_ms"]}


def measure_weight(eyes, options):
    """Bytes over the wire, headers included, with an empty cache."""
    def transferred(path, signed_in):
        page, got = eyes.page(signed_in), []
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", lambda event: got.append(event["encodedDataLength"]))
        page.goto(path, wait_until="networkidle")
        page.context.close()
        return {"requests": len(got), "kib": round(sum(got) / 1_024, 1)}

    out = {"sign_in": transferred("/sign-in", False), "overview": transferred(f"{eyes.project}/overview", True), "traces": transferred(f"{eyes.project}/traces", True),
           "trace": transferred(f"{eyes.project}/traces/{LARGE_TRACE}", True)}
    return {**out, "first_page_kib": max(page["kib"] for page in out.values())}


class Arrivals(threading.Thread):
    """Sends the workload's requests again as traces of this moment, at a rate, until told to end."""

    def __init__(self, server, files, spans_per_second):
        super().__init__(daemon=True)
        self.server, self.files, self.rate = server, files, spans_per_second
        self.ending, self.sent, self.late, self.failure = threading.Event(), 0, 0.0, None

    def run(self):
        try:
            sender, due, key = Sender(self.server), time.monotonic(), os.urandom(16)
            for file in self.files:
                message = ExportTraceServiceRequest.FromString(file.read_bytes())
                spans = [span for resource in message.resource_spans for scope in resource.scope_spans for span in scope.spans]
                shift = time.time_ns() - max(span.end_time_unix_nano for span in spans)
                for span in spans:
                    span.trace_id = bytes(a ^ b for a, b in zip(span.trace_id, key))
                    span.start_time_unix_nano += shift
                    span.end_time_unix_nano += shift
                if self.ending.wait(max(0, due - time.monotonic())):
                    return
                self.late = max(self.late, time.monotonic() - due)
                sender.export(message.SerializeToString())
                self.sent += len(spans)
                due += len(spans) / self.rate
        except Exception as failure:
            self.failure = failure


def measure_tail(eyes, options):
    page = eyes.page()
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    eyes.visit(page, f"{eyes.project}/traces", "list")
    first = page.locator("tr[data-id]").first.get_attribute("data-id")
    arrivals = Arrivals(eyes.server, options.files, NORMAL_SPANS_PER_SECOND * TIMES_NORMAL)
    arrivals.start()
    begun, heap, nodes = time.monotonic(), [], []
    pause, every = threading.Event(), max(2, options.tail_seconds / 60)
    try:
        while time.monotonic() - begun < options.tail_seconds:
            page.wait_for_timeout(every * 1_000)
            session.send("HeapProfiler.collectGarbage")
            heap.append(session.send("Runtime.getHeapUsage")["usedSize"] / (1 << 20))
            nodes.append({each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}["Nodes"])
            if arrivals.failure:
                raise arrivals.failure
    finally:
        arrivals.ending.set()
        arrivals.join()
    seconds = time.monotonic() - begun
    tasks = [duration for _, duration in page.evaluate("measured.tasks")]
    fragments = page.evaluate("performance.getEntriesByType('resource').filter(entry => entry.name.includes('fragment=')).map(entry => [entry.name, entry.duration])")
    taken = {part: [duration for name, duration in fragments if f"fragment={part}" in name] for part in ("traces_results", "traces_histogram")}
    newest = page.locator("tr[data-id]").first.get_attribute("data-id")
    page.context.close()
    # The first tenth is warming up: code is compiled, caches are filled.
    warm = heap[len(heap) // 10:]
    third = max(1, len(warm) // 3)
    early, late = statistics.mean(warm[:third]), statistics.mean(warm[-third:])
    return {
        "seconds": round(seconds), "spans_per_second": round(arrivals.sent / seconds), "heap_mib": [round(size, 2) for size in heap],
        "heap_first_third_mib": round(early, 2), "heap_last_third_mib": round(late, 2), "nodes_first_and_last": [nodes[0], nodes[-1]],
        "list_changed": newest != first, "fragment_ms": {part: spread(durations) for part, durations in taken.items() if durations}, "long_tasks": len(tasks),
        "longest_task_ms": round(max(tasks, default=0), 1), "sent_late_s": round(arrivals.late, 2), "tail_heap_growth": round(late / early, 3)}


PARTS = {"list": measure_list, "filter": measure_filter, "trace": measure_trace, "scroll": measure_scroll, "prompt": measure_prompt, "weight": measure_weight,
         "tail": measure_tail}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"which of {', '.join(PARTS)}; all of them by default")
    parser.add_argument("--spans", type=int, default=1_000_000)
    parser.add_argument("--tail-seconds", type=int, default=600)
    parser.add_argument("--data", help="a directory that is filled once and kept")
    options = parser.parse_args()
    if wrong := set(options.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(wrong))}")
    options.files, spans = workload(options.spans)
    directory = DataDirectory(options.data)
    is_filled = (directory.parent / "filled").exists()
    server = Server(directory).start()
    out = {"cores": os.cpu_count(), "spans": spans + LARGE_SPANS + 1}
    try:
        if not is_filled:
            say(f"sending {spans} spans, a trace of {LARGE_SPANS} and a prompt of {PROMPT_BYTES >> 20} MiB")
            fill(server, options.files)
            (directory.parent / "filled").touch()
        with sync_playwright() as playwright:
            eyes = Eyes(server, playwright)
            out["browser"] = "Chromium " + eyes.browser.version
            for name in options.parts or PARTS:
                say(name)
                load = os.getloadavg()[0]
                out[name] = {**PARTS[name](eyes, options), "load_average": [round(load, 1), round(os.getloadavg()[0], 1)]}
            eyes.browser.close()
    finally:
        server.stop()
        if not options.data:
            directory.remove()
    measured = {bar: part[bar] for part in out.values() if isinstance(part, dict) for bar in BARS if bar in part}
    out["missed"] = [bar for bar, figure in measured.items() if figure > BARS[bar]]
    print(json.dumps(out, indent=1))
    print(f"\n| {'':24} | figure | bar |\n|---|---|---|", file=sys.stderr)
    for bar, figure in measured.items():
        print(f"| {bar:24} | {figure} | {BARS[bar]}{': **missed**' if bar in out['missed'] else ''} |", file=sys.stderr)
    return 1 if out["missed"] else 0


if __name__ == "__main__":
    sys.exit(main())
