"""A key of several projects: which of them an export goes to, by what the clients of other products say, over HTTP and gRPC."""
import base64, json
import pytest
from harness import otlp
from harness.accounts import Client
from harness.api import API, PROTOBUF
from harness.grpc_calls import call, frame

DENIED = 7


@pytest.fixture(scope="module")
def setting(server):
    """The bound key, and an API of each project: its own, the further one, and one it may not choose."""
    first = Client(server.url, server.key)
    ids = {name: first.call("POST", "/api/v1/projects", {"name": name}, 201)["id"] for name in ("staging", "foreign")}
    keys = {name: first.call("POST", f"/api/v1/projects/{id}/api-keys", {"name": name, "scopes": ["read"]}, 201)["key"] for name, id in ids.items()}
    bound = first.create_key("ingest", further_projects=[ids["staging"]])
    assert bound["further_projects"] == [{"id": ids["staging"], "name": "staging"}]
    assert first.key(bound)["further_projects"] == bound["further_projects"]
    return bound["key"], ids, {"own": API(server.url, server.key), **{name: API(server.url, key) for name, key in keys.items()}}


def request(number, *projects):
    """A span for each project, whose resource names it, or none."""
    message = otlp.ExportTraceServiceRequest()
    for place, project in enumerate(projects or [None], 1):
        spans = message.resource_spans.add()
        if project:
            spans.resource.attributes.add(key="openinference.project.name").value.string_value = project
        spans.scope_spans.add().spans.add(
            trace_id=(0xC401CE << 64 | number).to_bytes(16, "big"), span_id=place.to_bytes(8, "big"), name="span", start_time_unix_nano=1_790_000_000_000_000_000,
            end_time_unix_nano=1_790_000_000_000_000_009)
    return message


def where(apis, number):
    """How many spans of a request each project has."""
    return {name: api.span_count({"trace_id": {"_eq": f"{0xC401CE << 64 | number:032x}"}}) for name, api in apis.items()}


WAYS = [("Langsmith-Project", "staging"), ("x-bt-parent", "project_name:staging"), ("x-bt-parent", "project_id:{staging}"), ("x-mlflow-experiment-id", "{staging}"),
        ("Spandrel-Project", "{staging}"), ("Spandrel-Project", "staging")]


@pytest.mark.parametrize("number, header, value", [(number, *way) for number, way in enumerate(WAYS, 1)], ids=[" ".join(way) for way in WAYS])
def test_a_header_chooses_over_http_and_grpc(server, setting, number, header, value):
    key, ids, apis = setting
    value = value.format(**ids)
    assert API(server.url, key).export(request(number).SerializeToString(), headers={header: value}).status_code == 200
    assert call(server.grpc_port, frame(request(100 + number).SerializeToString()), f"{header.lower()}: {value}", key=key).status == 0
    assert where(apis, number) == where(apis, 100 + number) == {"own": 0, "staging": 1, "foreign": 0}
    for wrong in (value.replace("staging", "foreign").replace(ids["staging"], ids["foreign"]), value.replace("staging", "nowhere").replace(ids["staging"], ids["staging"][::-1])):
        answer = API(server.url, key).export(request(200).SerializeToString(), headers={header: wrong})
        assert answer.status_code == 403 and b"further_projects" in answer.content and wrong.encode() not in answer.content
        refused = call(server.grpc_port, frame(request(200).SerializeToString()), f"{header.lower()}: {wrong}", key=key)
        assert refused.status == DENIED
    assert where(apis, 200) == {"own": 0, "staging": 0, "foreign": 0}


@pytest.mark.parametrize("style", ["Bearer {}", "{}", "Basic", "x-api-key", "api-key", "api_key"])
def test_every_style_of_a_key_chooses(server, setting, style):
    key, ids, apis = setting
    number = 300 + len(style)
    header, value = ("authorization", style.format(key)) if "{}" in style else (style, key)
    if style == "Basic":
        header, value = "authorization", "Basic " + base64.b64encode(f"public:{key}".encode()).decode()
    answer = API(server.url, "").request("POST", "/otel/v1/traces", data=request(number).SerializeToString(),
                                         headers={"Authorization": None, header: value, "Content-Type": PROTOBUF, "Langsmith-Project": "staging"})
    assert answer.status_code == 200, answer.content
    assert call(server.grpc_port, frame(request(number + 50).SerializeToString()), f"{header}: {value}", "langsmith-project: staging").status == 0
    assert where(apis, number) == where(apis, number + 50) == {"own": 0, "staging": 1, "foreign": 0}


@pytest.mark.parametrize("way", ["http", "json", "grpc"])
def test_each_resource_goes_where_it_says(server, setting, way):
    key, ids, apis = setting
    number = 400 + len(way)
    message = request(number, "staging", None, "foreign", ids["staging"], "default")
    for _ in range(2):
        if way == "grpc":
            answer = call(server.grpc_port, frame(message.SerializeToString()), key=key)
            assert answer.status == 0
            rejected = otlp.ExportTraceServiceResponse.FromString(answer.body).partial_success
        else:
            body, content_type = (message.SerializeToString(), PROTOBUF) if way == "http" else (json.dumps(otlp.to_json(message)), "application/json")
            answer = API(server.url, key).export(body, content_type)
            assert answer.status_code == 200, answer.content
            rejected = otlp.reply(answer).partial_success
        assert rejected.rejected_spans == 2 and "openinference.project.name" in rejected.error_message
        assert where(apis, number) == {"own": 1, "staging": 2, "foreign": 0}


def test_what_may_go_nowhere_is_in_the_quarantine_of_the_keys_own_project_alone(server, setting):
    """Once for each request of the test before, which sent each twice; a replay takes it in when it is named."""
    key, ids, apis = setting
    message = request(600, None, "foreign", "nowhere")
    for _ in range(2):
        assert API(server.url, key).export(message.SerializeToString(), headers={"User-Agent": "wanderer/1"}).status_code == 200
    listed = apis["own"].get("/api/v1/quarantine", reason="project_not_choosable", limit=100)
    mine = [span for span in listed["data"] if span["exporter"] == "wanderer/1"]
    assert len(mine) == 2 and all(span["is_replayable"] for span in mine)
    for name in ("staging", "foreign"):
        assert apis[name].get("/api/v1/quarantine")["data"] == []
    everything = apis["own"].post("/api/v1/quarantine/replay")
    assert everything["stored_spans"] == 0 and everything["not_replayable_spans"] == len(listed["data"])
    named = apis["own"].post("/api/v1/quarantine/replay", {"ids": [span["id"] for span in mine]})
    assert named["stored_spans"] == 2
    assert where(apis, 600) == {"own": 3, "staging": 0, "foreign": 0}


def test_a_key_with_one_project_goes_there_whatever_its_clients_name(server, setting):
    _, ids, apis = setting
    answer = API(server.url, server.key).export(request(500, "foreign").SerializeToString(), headers={"Langsmith-Project": "default", "x-bt-parent": "project_name:foreign"})
    assert answer.status_code == 200 and where(apis, 500) == {"own": 1, "staging": 0, "foreign": 0}
    assert API(server.url, server.key).export(request(501).SerializeToString(), headers={"Spandrel-Project": ids["foreign"]}).status_code == 404
