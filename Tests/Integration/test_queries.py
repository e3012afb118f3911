"""Questions with answers that a few lines of Python can work out, asked of memory, of sealed segments, and of both at once."""
import random, statistics, time
import pytest
from harness import otlp

SEED = 20261120
MODELS = ["gpt-4.1", "claude-sonnet-4-5", "gemini-2.5-pro", None]
SERVICES = ["alpha", "beta", "gamma"]
START = 1_780_000_000_000_000_000


def make_spans(part):
    """Spans whose text values are short, long, structured or absent, so that they lie in every place a value can lie."""
    dice = random.Random(f"{SEED}/{part}")
    rows = []
    for number in range(400):
        model = dice.choice(MODELS)
        text = " ".join(dice.choices(["red", "green", "blue", "violet"], k=dice.choice([3, 10, 500])))
        rows.append({
            "trace": dice.getrandbits(128).to_bytes(16, "big"), "span": dice.getrandbits(64).to_bytes(8, "big"), "service": dice.choice(SERVICES), "model": model,
            "start": START + dice.randrange(3 * 86400 * 10**9), "duration": dice.randrange(10**9), "error": dice.random() < 0.1,
            "text": None if dice.random() < 0.2 else text, "structured": dice.random() < 0.2, "tokens": dice.randrange(1000), "size": dice.choice([1, 2.5, "three"])})
    return rows


def request_of(rows):
    message = otlp.ExportTraceServiceRequest()
    for service in SERVICES:
        resource_spans = message.resource_spans.add()
        resource_spans.resource.attributes.add(key="service.name").value.string_value = service
        spans = resource_spans.scope_spans.add().spans
        for row in rows:
            if row["service"] != service:
                continue
            span = spans.add(trace_id=row["trace"], span_id=row["span"], name="query", start_time_unix_nano=row["start"], end_time_unix_nano=row["start"] + row["duration"])
            span.status.code = 2 if row["error"] else 1
            if row["model"]:
                span.attributes.add(key="gen_ai.operation.name").value.string_value = "chat"
                span.attributes.add(key="gen_ai.request.model").value.string_value = row["model"]
                span.attributes.add(key="gen_ai.usage.input_tokens").value.int_value = row["tokens"]
            if row["text"] is not None:
                value = span.attributes.add(key="the.text").value
                if row["structured"]:
                    value.array_value.values.add().string_value = row["text"]
                else:
                    value.string_value = row["text"]
            size = span.attributes.add(key="size").value
            if isinstance(row["size"], str):
                size.string_value = row["size"]
            elif isinstance(row["size"], float):
                size.double_value = row["size"]
            else:
                size.int_value = row["size"]
    return message.SerializeToString()


@pytest.fixture(scope="module", params=["memory", "sealed", "both"])
def asked(request, make_module_server):
    """(API, rows) of a server whose spans lie where the parameter says."""
    api = make_module_server()
    rows = []
    for part in range(3):
        made = make_spans(part)
        assert api.export(request_of(made)).status_code == 200
        rows += made
        if request.param == "sealed" or (request.param == "both" and part < 2):
            api.seal()
    return api, rows


def ids(rows):
    return [row["trace"].hex() for row in rows]


def newest(rows):
    return sorted(rows, key=lambda row: -row["start"])


@pytest.mark.parametrize("phrase", ["red green blue", "violet violet violet violet violet"])
def test_phrases_are_found_wherever_the_text_lies(asked, phrase):
    api, rows = asked
    expected = [row for row in rows if row["text"] and phrase in row["text"]]
    assert expected
    found = {"attributes.the.text": {"_contains": phrase}}
    assert api.span_count(found) == len(expected)
    assert [row["trace_id"] for row in api.query(filter=found, select=["trace_id"], order_by=["-start_time"], limit=50)["data"]] == ids(newest(expected))[:50]
    both = {"_and": [found, {"service": {"_eq": "beta"}}, {"status": {"_eq": "error"}}]}
    assert api.span_count(both) == sum(row["service"] == "beta" and row["error"] for row in expected)


def test_absent_values_are_null(asked):
    api, rows = asked
    absent = [row for row in rows if row["text"] is None]
    answer = api.query(filter={"attributes.the.text": {"_is_null": True}}, select=["trace_id", "attributes.the.text"], order_by=["start_time"], limit=1000)["data"]
    assert [row["trace_id"] for row in answer] == ids(newest(absent))[::-1]
    assert {row["attributes.the.text"] for row in answer} == {None}
    assert api.span_count({"_not": {"attributes.the.text": {"_is_null": True}}}) == len(rows) - len(absent)


def test_groups_have_the_counts_sums_and_percentiles_of_their_rows(asked):
    api, rows = asked
    answer = api.query(filter={"model": {"_is_null": False}}, group_by=["model", "service"], aggregates=["count", "sum(input_tokens)", "avg(duration)", "p50(duration)", "min(duration)", "max(duration)", "error_rate", "count_distinct(trace_id)"])["data"]
    groups = {}
    for row in rows:
        if row["model"]:
            groups.setdefault((row["model"], row["service"]), []).append(row)
    assert {(row["model"], row["service"]) for row in answer} == groups.keys()
    for row in answer:
        group = groups[row["model"], row["service"]]
        durations = [one["duration"] for one in group]
        assert (row["count"], row["count_distinct_trace_id"]) == (len(group), len(group))
        assert row["sum_input_tokens"] == sum(one["tokens"] for one in group)
        assert (row["min_duration"], row["max_duration"]) == (min(durations), max(durations))
        assert row["avg_duration"] == pytest.approx(statistics.fmean(durations), rel=1e-9)
        assert row["p50_duration"] == pytest.approx(statistics.median(durations), rel=0.01)
        assert row["error_rate"] == pytest.approx(sum(one["error"] for one in group) / len(group))


def test_buckets_of_time(asked):
    api, rows = asked
    answer = api.query(bucket="6h", aggregates=["count", "error_count"])["data"]
    counts, errors = {}, {}
    for row in rows:
        bucket = row["start"] // (6 * 3600 * 10**9)
        counts[bucket] = counts.get(bucket, 0) + 1
        errors[bucket] = errors.get(bucket, 0) + row["error"]
    assert [(row["count"], row["error_count"]) for row in answer] == [(counts[bucket], errors[bucket]) for bucket in sorted(counts)]


def test_a_key_with_values_of_several_types_is_compared_by_value(asked):
    api, rows = asked
    for value, operator in ((1, "_eq"), (2.5, "_eq"), ("three", "_eq")):
        assert api.span_count({"attributes.size": {operator: value}}) == sum(row["size"] == value for row in rows)
    assert api.span_count({"attributes.size": {"_gt": 1}}) == sum(not isinstance(row["size"], str) and row["size"] > 1 for row in rows)


def test_pages_by_cursor_give_every_row_once(asked):
    api, rows = asked
    seen, cursor = [], None
    while True:
        page = api.query(select=["trace_id"], order_by=["service", "-duration"], limit=333, **({"cursor": cursor} if cursor else {}))
        seen += [row["trace_id"] for row in page["data"]]
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert seen == ids(sorted(rows, key=lambda row: (row["service"], -row["duration"])))


def test_time_ranges_cut_at_the_nanosecond(asked):
    api, rows = asked
    ordered = sorted(rows, key=lambda row: row["start"])
    first, last = ordered[100]["start"], ordered[900]["start"]
    inside = {"start_time": {"_gte": text_of(first), "_lt": text_of(last)}}
    assert api.span_count(inside) == 800
    assert api.query(**{"from": text_of(first), "to": text_of(last)}, aggregates=["count"])["data"] == [{"count": 800}]


def text_of(nanoseconds):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(nanoseconds // 10**9)) + f".{nanoseconds % 10**9:09d}Z"
