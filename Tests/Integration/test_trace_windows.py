"""Windows into a trace of 100,000 spans on a real server: every row once and in order, however it is walked, in memory and sealed."""
import time
import pytest
from harness.api import API
from harness.large_trace import LargeTrace

SPANS = 100_000
# Far above what it takes (some tens of milliseconds, docs/benchmarks.md), below what a page that reads the whole trace takes.
FIRST_WINDOW_SECONDS, NEXT_WINDOW_SECONDS = 2, 0.5


@pytest.fixture(scope="module")
def trace(server):
    trace = LargeTrace(SPANS)
    api = API(server.url, server.key)
    for body in trace.requests():
        assert api.export(body).status_code == 200
    return trace


@pytest.fixture(scope="module", params=["in memory", "sealed"])
def api(request, server, trace):
    api = API(server.url, server.key)
    if request.param == "sealed":
        api.seal()
    return api


def windows(api, trace, **parameters):
    """Answers the windows of the whole trace, and the seconds each took."""
    found, seconds, offset = [], [], 0
    while True:
        begin = time.perf_counter()
        window = api.get(f"/api/v1/traces/{trace.trace_id}/spans", offset=offset, limit=1000, **parameters)
        seconds.append(time.perf_counter() - begin)
        if not window["data"]:
            return found, seconds
        found.append(window)
        offset += len(window["data"])


def test_windows_have_every_span_once_behind_its_parent(api, trace):
    found, seconds = windows(api, trace)
    print({"first_ms": seconds[0] * 1000, "median_ms": sorted(seconds)[len(seconds) // 2] * 1000, "slowest_next_ms": max(seconds[1:]) * 1000})
    rows = [row for window in found for row in window["data"]]
    assert len(rows) == SPANS == found[0]["span_count"] and len({window["version"] for window in found}) == 1
    assert [row["position"] for row in rows] == list(range(SPANS))
    places = {row["span_id"]: row["position"] for row in rows}
    assert len(places) == SPANS
    for row in rows:
        parent = trace.parent(int(row["span_id"], 16))
        assert row["parent_span_id"] == (parent and trace.span_id(parent))
        assert parent is None or places[row["parent_span_id"]] < row["position"]
    assert found[0]["error_count"] == SPANS // 1000 and len(found[0]["first_errors"]) == 20
    assert found[0]["input_tokens"] == SPANS // 10 * 100 and found[0]["usage_over_time"][-1]["output_tokens"] == SPANS // 10 * 10
    assert seconds[0] < FIRST_WINDOW_SECONDS and sorted(seconds[1:])[len(seconds) // 2] < NEXT_WINDOW_SECONDS


def test_a_collapsed_root_leaves_one_row_and_a_window_can_be_asked_for_around_any_span(api, trace):
    path = f"/api/v1/traces/{trace.trace_id}/spans"
    collapsed = api.get(path, collapsed=trace.span_id(1))
    assert collapsed["row_count"] == 1 and collapsed["data"][0]["descendant_count"] == SPANS - 1
    for number in (1, 777, 50_000, SPANS):
        window = api.get(path, around=trace.span_id(number), limit=11)
        assert trace.span_id(number) in [row["span_id"] for row in window["data"]] and len(window["data"]) == 11
        row = next(row for row in window["data"] if row["span_id"] == trace.span_id(number))
        assert row["position"] == window["around_position"]


def test_a_search_finds_what_is_there_and_where(api, trace):
    path = f"/api/v1/traces/{trace.trace_id}"
    found = api.get(f"{path}/search", q="NOTE OF SPAN 99999")
    assert found["match_count"] == 1 and found["data"][0]["span_id"] == trace.span_id(99_999)
    at = found["data"][0]["position"]
    assert api.get(f"{path}/spans", offset=at, limit=1)["data"][0]["span_id"] == trace.span_id(99_999)
    assert api.get(f"{path}/search", q="step 7", limit=10)["match_count"] == SPANS // 50


def test_an_outline_follows_what_comes_in(api, trace):
    before = api.get(f"/api/v1/traces/{trace.trace_id}/spans", limit=1)
    extra = LargeTrace(1, trace_id="c0ffee00c0ffee00c0ffee00c0ffee01")
    for body in extra.requests():
        assert api.export(body).status_code == 200
    after = api.get(f"/api/v1/traces/{trace.trace_id}/spans", limit=1)
    # How far the answer reaches is told by what came into the project; the trace is the same.
    assert after["arrival_position"] >= before["arrival_position"]
    assert {**after, "arrival_position": before["arrival_position"]} == before
    assert api.get(f"/api/v1/traces/{extra.trace_id}/spans")["span_count"] == 1
