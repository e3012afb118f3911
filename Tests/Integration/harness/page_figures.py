"""What DuckDB says of every figure that a page may show, from the sealed segments alone, with no code of the server.

A page's figures are elements with `data-metric` (Sources/Dashboard): `COLLECT` reads them in a browser with what says whose they are, and
`SegmentFigures.answer` gives the number that must stand there. A metric that is not among `METRICS` has nobody who vouches for it.
"""
import re, urllib.parse
import duckdb
from harness import segments

COLLECT = """() => [...document.querySelectorAll("[data-metric]")].map(element => {
  const row = element.closest("tr, li, .wf-row, .turn"), table = element.closest("table"), link = row?.querySelector("a");
  const cell = element.closest("td"), heads = table?.tHead?.rows[0].cells;
  return {
    metric: element.dataset.metric, value: element.dataset.value, text: element.textContent.trim(),
    link: link?.getAttribute("href") ?? "", linkText: link?.textContent.trim() ?? "", beside: link?.nextElementSibling?.textContent.trim() ?? "",
    span: row?.dataset.span ?? "", column: cell && heads ? heads[cell.cellIndex].textContent.trim() : "",
    names: [...(row?.querySelectorAll("bdi") ?? [])].map(name => name.textContent), isInChart: element.closest("time-chart") !== null, chart: element.closest("time-chart")?.dataset.label ?? "",
  };
})"""

# Agents and chains repeat what the calls below them used.
CONTAINERS = "('agent', 'chain')"
CALLS = "('llm', 'embedding', 'reranker')"
USED = f"(kind IN {CALLS} OR cost IS NOT NULL)"
SPAN_COLUMNS = ("duration_ms", "input_tokens", "output_tokens", "total_tokens", "cache_read_tokens", "cache_write_tokens", "reasoning_tokens", "cost", "reported_cost")
TRACE_COLUMNS = ("duration_ms", "span_count", "error_count", "input_tokens", "output_tokens", "total_tokens", "cost", "start_time")
SESSION_COLUMNS = ("trace_count", "error_count", "input_tokens", "output_tokens", "total_tokens", "cost", "last_time", "duration_ms")
OVERVIEW_SQL = {
    "traces": "count(DISTINCT trace_id)", "traffic": "count(DISTINCT trace_id)", "errors": "count(DISTINCT trace_id) FILTER (is_error)",
    "error_rate": "count(DISTINCT trace_id) FILTER (is_error) / count(DISTINCT trace_id)",
    "cost_per_trace": "sum(cost) / count(DISTINCT trace_id)",
    "cost": "sum(cost)", "tokens": f"sum(total_tokens) FILTER ({USED})",
    **{f"p{share}": f"quantile_cont(duration_ms, 0.{share}) FILTER (parent_span_id IS NULL)" for share in (50, 95, 99)},
}
MODEL_SQL = {
    "calls": "count(*)", "cost": "coalesce(sum(cost), 0)", "tokens": "coalesce(sum(total_tokens), 0)",
    "error_rate": "count(*) FILTER (is_error) / count(*)", **{f"p{share}_ms": f"quantile_cont(duration_ms, 0.{share})" for share in (50, 95)},
}
# Of a user's traces, each counted when it began.
USER_BUCKET_SQL = {
    "error_rate": "count(*) FILTER (error_count > 0) / nullif(count(*), 0)", "cost": "coalesce(sum(cost), 0)",
    "total_tokens": "coalesce(sum(total_tokens), 0)"}
BUCKETS = ("traces", "error_rate", "latency_ms", "cost", "tokens")
MOST_SERIES = 7

METRICS = {
    *("traces." + name for name in ("count", "error_count")), *("trace." + name for name in TRACE_COLUMNS), *("span." + name for name in SPAN_COLUMNS),
    *("session." + name for name in SESSION_COLUMNS), *("user." + name for name in SESSION_COLUMNS), *("overview." + name for name in OVERVIEW_SQL),
    *("model." + name for name in MODEL_SQL), *("bucket." + name for name in BUCKETS), "user.error_rate", "error.count", "error.last_time",
    *("user_bucket." + name for name in (*USER_BUCKET_SQL, "trace_count", "duration_ms")),
}


class SegmentFigures:
    def __init__(self, data):
        self.connection = duckdb.connect()
        files = [str(path) for path in segments.files(data, "spans")]
        columns = {row[0] for row in self.connection.execute("DESCRIBE SELECT * FROM read_parquet(?, union_by_name = true)", [files]).fetchall()}
        service = '"resource.service.name"' if "resource.service.name" in columns else "NULL"
        self.connection.execute(f"""
            CREATE TABLE spans AS SELECT lower(hex(trace_id)) AS trace_id, lower(hex(span_id)) AS span_id, lower(hex(parent_span_id)) AS parent_span_id,
                epoch_ns(start_time) AS start_time, epoch_ns(start_time) + duration AS end_time, duration / 1e6 AS duration_ms, name, kind, provider,
                {service} AS service, status_message, coalesce(response_model, request_model) AS model, session_id, user_id, coalesce(status_code = 2, false) AS is_error,
                input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, cost, reported_cost,
                CASE WHEN input_tokens IS NOT NULL OR output_tokens IS NOT NULL THEN coalesce(input_tokens, 0) + coalesce(output_tokens, 0) END AS total_tokens
            FROM read_parquet({files!r}, union_by_name = true, hive_partitioning = false)""")
        used = ", ".join(
            f"coalesce(sum({name}) FILTER (kind NOT IN {CONTAINERS}), sum({name})) AS {name}"
            for name in ("input_tokens", "output_tokens", "total_tokens", "cost"))
        self.connection.execute(f"""
            CREATE TABLE traces AS SELECT trace_id, min(start_time) AS start_time, (max(end_time) - min(start_time)) / 1e6 AS duration_ms,
                count(*) AS span_count, count(*) FILTER (is_error) AS error_count, max(end_time) AS last_time, {used},
                arg_min(session_id, start_time) FILTER (session_id IS NOT NULL) AS session_id,
                arg_min(user_id, start_time) FILTER (user_id IS NOT NULL) AS user_id
            FROM spans GROUP BY trace_id""")
        for table, owner in (("sessions", "session_id"), ("users", "user_id")):
            self.connection.execute(f"""
                CREATE TABLE {table} AS SELECT {owner}, count(*) AS trace_count, sum(error_count) AS error_count, sum(total_tokens) AS total_tokens,
                    sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens,
                    sum(cost) AS cost, max(last_time) AS last_time, (max(last_time) - min(start_time)) / 1e6 AS duration_ms FROM traces WHERE {owner} IS NOT NULL GROUP BY {owner}""")

    def rows(self, sql, *values):
        return self.connection.execute(sql, list(values)).fetchall()

    def one(self, sql, *values):
        row = self.connection.execute(sql, list(values)).fetchone()
        return None if row is None else row[0]

    def answer(self, figure, path, where="true"):
        """What must stand at a figure of the page at `path`, which is of the spans `where`."""
        group, _, name = figure["metric"].partition(".")
        if figure["metric"] not in METRICS:
            raise KeyError(f"nothing says what {figure['metric']} is")
        return getattr(self, "_" + group)(name, figure, path, where)

    def _traces(self, name, figure, path, where):
        return self.one(f"SELECT count(DISTINCT trace_id) {'FILTER (is_error)' if name == 'error_count' else ''} FROM spans WHERE {where}")

    def _trace(self, name, figure, path, where):
        return self.one(f"SELECT {name} FROM traces WHERE trace_id = ?", owner("traces", figure, path))

    def _span(self, name, figure, path, where):
        span = figure["span"] or urllib.parse.parse_qs(urllib.parse.urlsplit(path).query)["span"][0]
        return self.one(f"SELECT {name} FROM spans WHERE trace_id = ? AND span_id = ?", owner("traces", {"link": ""}, path), span)

    def _session(self, name, figure, path, where):
        return self.one(f"SELECT {name} FROM sessions WHERE session_id = ?", owner("sessions", figure, path))

    def _user(self, name, figure, path, where):
        if name == "error_rate":
            return self.one("SELECT count(*) FILTER (error_count > 0) / count(*) FROM traces WHERE user_id = ?", owner("users", figure, path))
        return self.one(f"SELECT {name} FROM users WHERE user_id = ?", owner("users", figure, path))

    def _user_bucket(self, name, figure, path, where):
        begin, end = span_of(figure["link"])
        inside = f"user_id = ? AND start_time >= {begin} AND start_time < {end}"
        sql = {
            "trace_count": f"count(*) FILTER (error_count {'= 0' if figure['column'] == 'without errors' else '> 0'})",
            "duration_ms": f"quantile_cont(duration_ms, 0.{figure['column'].removeprefix('p')})", **USER_BUCKET_SQL}[name]
        return self.one(f"SELECT {sql} FROM traces WHERE {inside}", owner("users", {"link": ""}, path))

    def _error(self, name, figure, path, where):
        sql = {"count": "count(*)", "last_time": "max(start_time)"}[name]
        failed, message = figure["names"]
        return self.one(f"SELECT {sql} FROM spans WHERE is_error AND name = ? AND coalesce(status_message, '') = ? AND {where}", failed, message)

    def _overview(self, name, figure, path, where):
        answer = self.one(f"SELECT {OVERVIEW_SQL[name]} FROM spans WHERE {where}")
        return 0 if answer is None and name in ("cost", "tokens") else answer

    def _model(self, name, figure, path, where):
        model, provider = (None if text in ("", "unknown") else text for text in (figure["linkText"], figure["beside"]))
        return self.one(
            f"SELECT {MODEL_SQL[name]} FROM spans WHERE kind IN {CALLS} AND model IS NOT DISTINCT FROM ? AND provider IS NOT DISTINCT FROM ? AND {where}",
            model, provider)

    def _bucket(self, name, figure, path, where):
        """A chart's point: its row leads to the traces of its time, its column names the series."""
        begin, end = span_of(figure["link"])
        inside = f"{where} AND start_time >= {begin} AND start_time < {end}"
        column = figure["column"]
        if name == "traces":
            every, bad = self.rows(f"SELECT count(DISTINCT trace_id), count(DISTINCT trace_id) FILTER (is_error) FROM spans WHERE {inside}")[0]
            return {"without errors": every - bad, "with errors": bad}[column]
        if name == "error_rate":
            return self.one(f"SELECT count(DISTINCT trace_id) FILTER (is_error) / nullif(count(DISTINCT trace_id), 0) FROM spans WHERE {inside}")
        if name == "latency_ms":
            return self.one(f"SELECT {OVERVIEW_SQL[column]} FROM spans WHERE {inside}")
        sql = {"cost": "cost", "tokens": "total_tokens"}[name]
        named = [row[0] for row in self.rows(
            f"SELECT coalesce(model, '') FROM spans WHERE {USED} AND {where} GROUP BY 1 ORDER BY coalesce(sum({sql}), 0) DESC, 1")]
        if re.fullmatch(r"\d+ others", column):
            models = named[MOST_SERIES - 1:]
            assert column == f"{len(models)} others", (column, named)
        else:
            models = ["" if column == "unknown" else column]
        return self.one(f"SELECT coalesce(sum({sql}), 0) FROM spans WHERE {USED} AND list_contains(?, coalesce(model, '')) AND {inside}", models)


def owner(kind, figure, path):
    """Whose figure it is: the link of its row says so, else the page's path."""
    for text in (figure["link"], path):
        found = re.search(rf"/{kind}/([^?#/]+)", text)
        if found:
            return urllib.parse.unquote(found[1])
    raise AssertionError(f"{figure} on {path} belongs to none of the {kind}")


def span_of(link):
    """The time that a point's link is of, as Unix nanoseconds."""
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(link).query)
    return nanoseconds(query["from"][0]), nanoseconds(query["to"][0])


def nanoseconds(text):
    """Of RFC 3339 in UTC with up to nine digits behind the second."""
    whole, _, part = text.removesuffix("Z").partition(".")
    return duckdb.execute("SELECT epoch_ns(?::TIMESTAMP)", [whole.replace("T", " ")]).fetchone()[0] + int((part + "000000000")[:9])
