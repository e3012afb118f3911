"""What users were trying to do: labelled traces analyzed by a real server and the provider's stand-in, window after window, through a kill, within a
cap. The stand-in's embeddings know words, so that intents which share their words are found again."""
import datetime, json, os
import pytest
from harness.accounts import Client, owner
from harness.api import API
from harness.intents import INTENTS, adjusted_rand_index, draw
from harness.server import DataDirectory, Server, wait_until
from harness.stand_in import model
from harness.workers import WorkerInstallation
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

EMBEDDING, NAMING = "text-embedding-3-small", "gpt-4.1-mini"
NAMED = {"name": "Named by a model", "description": "Users are named."}
# Texts that one call embeds.
BATCH = 64
# The intent that is there from the second day on.
LATER = "climbing"
FIRST_DAY = {name: 40 - 2 * place for place, name in enumerate(INTENTS) if name != LATER}


@pytest.fixture(scope="module")
def user(module_server, stand_in):
    user = owner(module_server)
    user.create_credential("sk-0123456789", name="stand-in", base_url=stand_in.url("openai"))
    return user


class Project:
    """A project of its own with models, and what was exported to it: trace id -> intent."""

    def __init__(self, user, name, embedding=EMBEDDING, naming=model(NAMING, answer=NAMED)):
        self.id = user.call("POST", f"{user.organization_path}/projects", {"name": name}, 201)["id"]
        self.client = Client(user.url, user.access_token, self.id)
        key = self.client.call("POST", f"/api/v1/projects/{self.id}/api-keys", {"name": "k", "scopes": ["ingest", "read"]}, 201)["key"]
        self.api = API(user.url, key)
        self.set_models(embedding, naming)
        self.labels = {}

    def set_models(self, embedding, naming=None):
        models = {"embedding": f"openai/{embedding}", **({"naming": f"openai/{naming}"} if naming else {})}
        self.client.put_settings(default_models=models)

    def export(self, day, counts, seed, with_texts=True):
        """Chats of one span each, spread over the day; those about refunds fail."""
        message = ExportTraceServiceRequest()
        resource = message.resource_spans.add()
        resource.resource.attributes.add(key="service.name").value.string_value = "shop"
        spans = resource.scope_spans.add().spans
        texts = [(intent, text) for intent, count in counts.items() for text in draw(intent, count, seed)]
        for number, (intent, text) in enumerate(texts):
            trace_id, start = os.urandom(16), int(day.timestamp()) * 10**9 + number * 86_400 * 10**9 // len(texts)
            span = spans.add(trace_id=trace_id, span_id=os.urandom(8), name="chat", kind=3, start_time_unix_nano=start, end_time_unix_nano=start + 10**9)
            messages = [{"role": "system", "parts": [{"type": "text", "content": "You help."}]}, {"role": "user", "parts": [{"type": "text", "content": text}]}]
            given = {"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": NAMING}
            for key, value in ({**given, "gen_ai.input.messages": json.dumps(messages)} if with_texts else given).items():
                span.attributes.add(key=key).value.string_value = value
            span.attributes.add(key="gen_ai.usage.input_tokens").value.int_value = 1000
            if intent == "refund":
                span.status.code = 2
            self.labels[trace_id.hex()] = intent
        assert self.api.export(message.SerializeToString()).status_code == 200

    def order(self, day, **fields):
        end = day + datetime.timedelta(days=1)
        return self.client.call("POST", "/api/v1/feature-analyses", {"start": day.isoformat(), "end": end.isoformat(), **fields}, 202)["id"]

    def task(self, id):
        return self.client.call("GET", f"/api/v1/tasks/{id}")

    def ended(self, id, seconds=60):
        return wait_until(lambda: (task := self.task(id))["state"] in ("succeeded", "failed", "cancelled") and task, seconds, "the analysis's end")

    def analyze(self, day, **fields):
        task = self.ended(self.order(day, **fields))
        assert task["state"] == "succeeded", task
        return task

    def features(self, **parameters):
        query = "&".join(f"{name}={value}" for name, value in {"limit": 500, **parameters}.items())
        return self.client.call("GET", f"/api/v1/trace-features?{query}")["data"]

    def members(self, feature):
        return self.client.call("GET", f"/api/v1/trace-features/{feature['id']}/traces")["trace_ids"]

    def intents(self):
        """Intent -> the feature that most of its traces of the newest window are in."""
        found = {}
        for feature in self.features():
            labels = [self.labels[trace] for trace in self.members(feature)]
            if labels:
                found.setdefault(max(set(labels), key=labels.count), feature)
        return found

    def agreement(self, day_labels):
        """The adjusted Rand index of the stored features against the labels; traces of no feature each have a group of their own."""
        groups = {trace: feature["id"] for feature in self.features() for trace in self.members(feature)}
        traces = sorted(day_labels)
        return adjusted_rand_index([day_labels[trace] for trace in traces], [groups.get(trace, trace) for trace in traces])


def day(number):
    return datetime.datetime(2026, 3, number, tzinfo=datetime.timezone.utc)


@pytest.fixture(scope="module")
def project(user):
    """With a first day that was analyzed."""
    project = Project(user, "labelled")
    project.export(day(1), FIRST_DAY, seed="one")
    project.first = project.analyze(day(1))
    project.before = project.intents()
    return project


def test_labelled_traces_are_found_again(project):
    labels = dict(project.labels)
    index = project.agreement(labels)
    print(f"adjusted Rand index {index:.3f} over {len(labels)} traces")
    assert index >= 0.8
    result = project.first["result"]
    assert result["trace_count"] == result["window_trace_count"] == len(labels)
    assert result["new_count"] == result["feature_count"] == len(project.features(trend="new"))
    assert set(project.before) == set(FIRST_DAY)


def test_features_have_counts_costs_errors_examples_and_names(project):
    refund, password = project.before["refund"], project.before["password"]
    assert refund["newest"]["error_rate"] > 0.9 and password["newest"]["error_rate"] == 0
    assert password["newest"]["cost_usd"] > 0 and password["newest"]["mean_duration_ms"] == 1000
    assert abs(password["newest"]["share"] - FIRST_DAY["password"] / sum(FIRST_DAY.values())) < 0.02
    assert password["name"] == NAMED["name"] and password["is_named"]
    shown = project.client.call("GET", f"/api/v1/trace-features/{password['id']}")
    examples = shown["windows"][0]["examples"]
    assert len(examples) == 5 and all(project.labels[example["trace_id"]] == "password" and "password" in example["text"] for example in examples)


def test_calls_of_models_are_spans_with_their_costs(project, stand_in):
    filter = {"attributes.spandrel.feature_analysis.id": {"_eq": project.first["id"]}}
    call_count = -(-sum(FIRST_DAY.values()) // BATCH) + len(project.before)
    spans = wait_until(
        lambda: len(found := project.api.query(select=["name", "cost", "service"], filter=filter, limit=100)["data"]) > call_count and found,
        20, "the spans of the analysis")
    assert {span["service"] for span in spans} == {"spandrel-feature-analyzer"}
    assert sum(span["name"].startswith("embeddings ") for span in spans) == -(-sum(FIRST_DAY.values()) // BATCH)
    assert sum(span["name"].startswith("chat ") for span in spans) == len(project.before)
    analysis = project.client.call("GET", f"/api/v1/feature-analyses/{project.first['id']}")
    assert analysis["cost_usd"] == pytest.approx(sum(span["cost"] or 0 for span in spans), rel=0.01) and analysis["cost_usd"] > 0


def test_in_the_next_window_features_keep_their_ids_and_say_what_is_new_and_growing(project):
    known = set(project.labels)
    project.export(day(2), {**{name: 25 for name in FIRST_DAY}, "password": 110, LATER: 30}, seed="two")
    task = project.analyze(day(2))
    labels = {trace: label for trace, label in project.labels.items() if trace not in known}
    assert project.agreement(labels) >= 0.8
    now = project.intents()
    assert {name: now[name]["id"] for name in FIRST_DAY} == {name: feature["id"] for name, feature in project.before.items()}
    assert now["password"]["newest"]["trend"] == "growing"
    assert now[LATER]["newest"]["trend"] == "new" and now[LATER]["id"] not in {feature["id"] for feature in project.before.values()}
    assert [feature["id"] for feature in project.features(trend="new")] == [now[LATER]["id"]]
    assert task["result"]["new_count"] == 1 and task["result"]["growing_count"] >= 1
    history = project.client.call("GET", f"/api/v1/trace-features/{now['password']['id']}")["windows"]
    assert history[0]["trace_count"] > 100 and history[-1]["trend"] == "new"


def test_a_window_is_analyzed_once(project):
    body = {"start": day(1).isoformat(), "end": day(2).isoformat()}
    assert project.client.call("POST", "/api/v1/feature-analyses", body, 200)["id"] == project.first["id"]


def test_what_an_analysis_says_to_models_is_nobody_s_intent(project):
    now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    body = {"start": (now - datetime.timedelta(hours=1)).isoformat(), "end": now.isoformat()}
    task = project.ended(project.client.call("POST", "/api/v1/feature-analyses", body, 202)["id"])
    assert task["state"] == "succeeded" and task["result"]["trace_count"] == 0
    # Nobody asked for anything in this hour: so says the newest window of every feature.
    assert {feature["newest"]["trace_count"] for feature in project.features()} == {0}


def test_a_sample_is_taken_of_more_traces_than_asked_for(user):
    project = Project(user, "sampled")
    project.export(day(1), {"password": 100, "boots": 60}, seed="sample")
    result = project.analyze(day(1), maximum_traces=40)["result"]
    assert (result["trace_count"], result["window_trace_count"]) == (40, 160)


def test_a_trace_is_of_the_window_it_begins_in_and_of_no_other(user):
    """One that begins before midnight and goes on after it; one whose words come with a span of the next day."""
    project, midnight = Project(user, "Windows"), int(day(2).timestamp()) * 10**9
    project.export(day(1), {"refund": 12}, seed=3)
    project.export(day(2), {"refund": 12}, seed=4)
    message = ExportTraceServiceRequest()
    resource = message.resource_spans.add()
    resource.resource.attributes.add(key="service.name").value.string_value = "shop"
    spans = resource.scope_spans.add().spans
    for has_early_words in (True, False):
        trace_id = os.urandom(16)
        for start, has_words in ((midnight - 10**9, has_early_words), (midnight + 10**9, True)):
            span = spans.add(trace_id=trace_id, span_id=os.urandom(8), name="chat", kind=3, start_time_unix_nano=start, end_time_unix_nano=start + 1)
            if has_words:
                span.attributes.add(key="input.value").value.string_value = "Where is my refund?"
    assert project.api.export(message.SerializeToString()).status_code == 200
    counts = [project.analyze(day(number))["result"]["window_trace_count"] for number in (1, 2)]
    assert counts == [14, 12], counts


def killed_in_the_middle(stand_in, server, kill):
    """An analysis whose worker is killed after two batches; ends once somebody has gone on with it."""
    user = owner(server)
    user.create_credential("sk-0123456789", name="stand-in", base_url=stand_in.url("openai"))
    # Every call takes a while, so that there is a middle.
    project = Project(user, "killed", embedding=model(EMBEDDING, delay_ms=700))
    project.export(day(1), FIRST_DAY, seed="killed")
    stand_in.reset()
    id = project.order(day(1))
    done = wait_until(lambda: (found := project.task(id)["progress"]["done"]) >= 2 * BATCH and found, 60, "two batches")
    assert done < sum(FIRST_DAY.values())
    kill()
    user = owner(server)
    project.client, project.api = Client(user.url, user.access_token, project.id), API(user.url, project.api.key)
    task = project.ended(id)
    assert task["state"] == "succeeded", task
    batches = -(-sum(FIRST_DAY.values()) // BATCH)
    calls = next(count for path, count in stand_in.calls()["by_path"].items() if path.endswith("/embeddings"))
    print(f"{calls} calls for {batches} batches")
    assert batches <= calls <= batches + 1
    assert project.agreement(project.labels) >= 0.8
    return project, id


def test_the_server_with_its_worker_is_killed_and_pays_for_no_batch_again_but_the_one_under_way(stand_in):
    directory = DataDirectory()
    server = Server(directory, "--allow-outbound", "127.0.0.0/8")

    def kill():
        server.kill()
        server.start()

    try:
        killed_in_the_middle(stand_in, server.start(), kill)
    finally:
        server.end()
        directory.remove()


def test_an_analyzer_process_is_killed_and_another_goes_on_where_it_was(stand_in):
    with WorkerInstallation(workers=0) as installation:
        analyzer = installation.make_analyzer("analyzer-0").start()
        installation.workers.append(analyzer)

        def kill():
            analyzer.kill()
            installation.workers.append(installation.make_analyzer("analyzer-1").start())

        project, id = killed_in_the_middle(stand_in, installation.server, kill)
        # Spans come to the server over HTTP, with the worker's credential.
        filter = {"attributes.spandrel.feature_analysis.id": {"_eq": id}}
        wait_until(lambda: any(span["name"] == "feature analysis" for span in project.api.query(select=["name"], filter=filter)["data"]), 20, "the spans")
        assert installation.workers[-1].stop() == 0


def test_the_cap_stops_the_embedding_after_the_call_that_passes_it(user, stand_in):
    project = Project(user, "capped", naming=None)
    project.export(day(1), FIRST_DAY, seed="capped")
    stand_in.reset()
    task = project.ended(project.order(day(1), spending_cap_usd=0.000001))
    assert task["state"] == "failed" and "spending cap" in task["error"]["message"] and str(BATCH) in task["error"]["message"], task
    assert stand_in.calls()["total"] == 1
    analysis = project.client.call("GET", f"/api/v1/feature-analyses/{task['id']}")
    assert analysis["state"] == "failed" and 0.000001 <= analysis["cost_usd"] < 0.0001
    assert project.features() == []


def test_what_cannot_be_named_now_is_called_by_an_example_and_named_next_time(user):
    project = Project(user, "unnamed", naming=None)
    project.export(day(1), FIRST_DAY, seed="unnamed")
    first = project.analyze(day(1))
    assert "naming" in first["result"]["naming_problem"]
    assert not any(feature["is_named"] for feature in project.features())
    assert "password" in project.intents()["password"]["name"]
    # All is embedded before the cap is reached, and nothing is left for names.
    project.set_models(EMBEDDING, model(NAMING, answer=NAMED))
    project.export(day(2), FIRST_DAY, seed="unnamed")
    capped = project.analyze(day(2), spending_cap_usd=round(first["result"]["cost_usd"] * 0.99, 9))
    assert "cap" in capped["result"]["naming_problem"] and capped["result"]["cost_usd"] == pytest.approx(first["result"]["cost_usd"], rel=0.01)
    assert not any(feature["is_named"] for feature in project.features())
    project.export(day(3), FIRST_DAY, seed="unnamed")
    assert "naming_problem" not in project.analyze(day(3))["result"]
    assert all(feature["name"] == NAMED["name"] for feature in project.features())


def test_a_project_that_keeps_metadata_only_is_told_so(user):
    project = Project(user, "metadata")
    project.export(day(1), {"password": 20}, seed="metadata", with_texts=False)
    task = project.ended(project.order(day(1)))
    assert task["state"] == "failed" and "metadata" in task["error"]["message"]
    # A day without traces is no failure.
    assert project.analyze(day(2))["result"]["trace_count"] == 0


def test_a_project_without_an_embedding_model_is_told_so(user):
    project = Project(user, "modelless")
    project.client.put_settings(default_models={})
    project.export(day(1), {"password": 20}, seed="modelless")
    task = project.ended(project.order(day(1)))
    assert task["state"] == "failed" and "default_models.embedding" in task["error"]["message"]
