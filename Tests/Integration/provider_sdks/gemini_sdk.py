"""The `google-genai` SDK: content, streams, functions, embeddings, token counts, errors and retries, on both versions of the API."""
import json
import httpx2, pytest
from google import genai
from google.genai import errors, types
from harness.stand_in import directive, model

WEATHER = types.Tool(function_declarations=[types.FunctionDeclaration(
    name="weather", parameters_json_schema={"type": "object", "properties": {"city": {"type": "string"}}})])


def client_of(stand_in, api_key="key-3", **options):
    return genai.Client(api_key=api_key, http_options=types.HttpOptions(base_url=stand_in.url("gemini"), **options))


@pytest.fixture
def client(stand_in):
    return client_of(stand_in)


def ask(client, contents, config=None, name="stand-in"):
    return client.models.generate_content(model=name, contents=contents, config=config)


@pytest.mark.parametrize("version", ["v1", "v1beta"])
def test_content_is_answered_on_both_versions(stand_in, version):
    answer = ask(client_of(stand_in, api_version=version), "Say this back", {"system_instruction": "Be kind."})
    assert answer.text == "Say this back" and answer.candidates[0].finish_reason == types.FinishReason.STOP
    assert answer.usage_metadata.total_token_count == answer.usage_metadata.prompt_token_count + answer.usage_metadata.candidates_token_count
    assert answer.model_version == "stand-in" and answer.response_id


def test_usage_counts_thoughts_apart(client):
    answer = ask(client, directive(answer="x", reasoning="hm", usage={"input": 100, "cached": 40, "output": 30, "reasoning": 20}))
    usage = answer.usage_metadata
    assert (usage.prompt_token_count, usage.cached_content_token_count, usage.candidates_token_count) == (100, 40, 10)
    assert (usage.thoughts_token_count, usage.total_token_count) == (20, 130)
    assert [bool(part.thought) for part in answer.candidates[0].content.parts] == [True, False] and answer.text == "x"


def test_streams_give_the_same_answer(client):
    chunks = list(client.models.generate_content_stream(model="stand-in", contents=directive(answer="a b c d é", usage={"input": 5, "output": 7})))
    assert len(chunks) > 1 and "".join(chunk.text for chunk in chunks) == "a b c d é"
    assert chunks[-1].candidates[0].finish_reason == types.FinishReason.STOP and chunks[-1].usage_metadata.total_token_count == 12


def post(stand_in, path, body, key="key-3"):
    return httpx2.post(stand_in.url("gemini") + path, json=body, headers={"x-goog-api-key": key} if key else {})


def test_a_stream_without_sse_is_an_array(stand_in):
    body = {"contents": [{"parts": [{"text": directive(answer="a b c")}]}]}
    chunks = post(stand_in, "/v1beta/models/stand-in:streamGenerateContent", body).json()
    assert "".join(chunk["candidates"][0]["content"]["parts"][0]["text"] for chunk in chunks) == "a b c"
    failed = post(stand_in, "/v1/models/stand-in;fault=stream_error:streamGenerateContent", body).json()
    assert failed[-1]["error"]["status"] == "UNAVAILABLE"


@pytest.mark.parametrize("is_streamed", [False, True])
def test_functions_are_called_and_their_result_is_answered(client, is_streamed):
    asked = types.Content(role="user", parts=[types.Part(text=directive(tool_call={"name": "weather", "arguments": {"city": "Oslo"}}))])
    config = types.GenerateContentConfig(tools=[WEATHER])
    if is_streamed:
        answer = list(client.models.generate_content_stream(model="stand-in", contents=asked, config=config))[-1]
    else:
        answer = ask(client, [asked], config)
    call = answer.function_calls[0]
    assert (call.name, call.args) == ("weather", {"city": "Oslo"})
    result = types.Content(role="user", parts=[types.Part.from_function_response(name="weather", response={"result": "cold"})])
    assert ask(client, [asked, answer.candidates[0].content, result], config).text == "cold"


def test_structured_output_fits_its_schema(client):
    schema = {"type": "OBJECT", "properties": {"winner": {"type": "STRING", "enum": ["A", "B", "TIE"]}, "reason": {"type": "STRING"}}}
    asked = "<answer_a>quality=0.2</answer_a><answer_b>quality=0.9</answer_b>"
    config = {"response_mime_type": "application/json", "response_schema": schema}
    assert json.loads(ask(client, asked, config, model(judge="pairwise")).text)["winner"] == "B"
    assert json.loads(ask(client, asked, config, model(judge="first")).text)["winner"] == "A"


@pytest.mark.parametrize("members, reason", [({"finish": "length"}, "MAX_TOKENS"), ({"finish": "content_filter"}, "SAFETY"),
                                             ({"finish": "RECITATION"}, "RECITATION")])
def test_finish_reasons(client, members, reason):
    assert ask(client, directive(answer="x", **members)).candidates[0].finish_reason == types.FinishReason(reason)


def test_a_refused_prompt_has_no_candidates(client):
    answer = ask(client, directive(refusal="no"))
    assert answer.prompt_feedback.block_reason == types.BlockedReason.PROHIBITED_CONTENT and not answer.candidates


def test_embeddings_and_token_counts(client):
    embedded = client.models.embed_content(model="stand-in-embedding", contents=["reset my password", "password reset", "a cat"])
    a, b, c = (embedding.values for embedding in embedded.embeddings)
    assert len(a) == 384 and sum(x * y for x, y in zip(a, b)) > 0.5 > sum(x * y for x, y in zip(a, c))
    config = types.EmbedContentConfig(output_dimensionality=64)
    assert len(client.models.embed_content(model="e", contents="x", config=config).embeddings[0].values) == 64
    assert client.models.count_tokens(model="stand-in", contents="x" * 400).total_tokens > 100
    assert "models/stand-in" in [listed.name for listed in client.models.list()]


def test_the_embedding_of_one_text(stand_in):
    one = post(stand_in, "/v1beta/models/e:embedContent", {"content": {"parts": [{"text": "x y"}]}, "outputDimensionality": 8}).json()
    assert len(one["embedding"]["values"]) == 8


@pytest.mark.parametrize("fault, error, code, status", [
    ("bad_request", errors.ClientError, 400, "INVALID_ARGUMENT"), ("unauthorized", errors.ClientError, 401, "UNAUTHENTICATED"),
    ("payment_required", errors.ClientError, 402, "RESOURCE_EXHAUSTED"), ("credit_balance_exhausted", errors.ClientError, 402, "RESOURCE_EXHAUSTED"),
    ("forbidden", errors.ClientError, 403, "PERMISSION_DENIED"), ("not_found", errors.ClientError, 404, "NOT_FOUND"),
    ("conflict", errors.ClientError, 409, "ABORTED"), ("rate_limit", errors.ClientError, 429, "RESOURCE_EXHAUSTED"),
    ("insufficient_quota", errors.ClientError, 429, "RESOURCE_EXHAUSTED"), ("server_error", errors.ServerError, 500, "INTERNAL"),
    ("unavailable", errors.ServerError, 503, "UNAVAILABLE"), ("gateway_timeout", errors.ServerError, 504, "DEADLINE_EXCEEDED")])
def test_each_error_is_its_exception(client, fault, error, code, status):
    with pytest.raises(error) as raised:
        ask(client, directive(fault=fault))
    assert (raised.value.code, raised.value.status) == (code, status)


def test_a_limit_tells_its_delay_in_the_body_alone(client):
    with pytest.raises(errors.ClientError) as raised:
        ask(client, directive(fault="rate_limit_in_body", retry_after=39))
    details = raised.value.details["error"]["details"]
    assert [detail["retryDelay"] for detail in details if detail["@type"].endswith("RetryInfo")] == ["39s"]
    assert "retry-after" not in raised.value.response.headers
    with pytest.raises(errors.ClientError) as raised:
        ask(client, directive(fault="insufficient_quota"))
    assert [detail["@type"].rpartition(".")[2] for detail in raised.value.details["error"]["details"]] == ["QuotaFailure"]


def test_the_sdk_retries_when_asked_to(stand_in, key):
    retry = types.HttpRetryOptions(attempts=3, initial_delay=0.05, jitter=0)
    assert ask(client_of(stand_in, retry_options=retry), "hi\n" + directive(fault="unavailable", times=2, key=key)).text == "hi"
    assert stand_in.calls()["by_key"][key] == 3


def test_streams_break_in_every_way(client):
    def stream(fault):
        return list(client.models.generate_content_stream(model="stand-in", contents=directive(answer="a b c", fault=fault)))

    with pytest.raises(Exception, match="(?i)incomplete|closed|disconnected"):
        stream("cut_in_stream")
    with pytest.raises(errors.ServerError):
        stream("stream_error")
    assert all(chunk.candidates[0].finish_reason is None for chunk in stream("stream_without_finish"))


@pytest.mark.parametrize("body, message", [
    ({}, "contents is not specified"), ({"contents": [{"role": "system", "parts": [{"text": "x"}]}]}, "valid role"),
    ({"contents": [{"parts": []}]}, "must not be empty"), ({"contents": [{"parts": [{"wrong": 1}]}]}, 'Unknown name "wrong"'),
    ({"contents": [{"parts": [{"text": "x"}]}], "generationConfig": {"temperature": 3}}, "temperature"),
    ({"contents": [{"parts": [{"text": "x"}]}], "wrong": 1}, 'Unknown name "wrong"')])
def test_invalid_requests_are_refused(stand_in, body, message):
    answer = post(stand_in, "/v1beta/models/stand-in:generateContent", body)
    assert answer.status_code == 400 and message in answer.json()["error"]["message"] and answer.json()["error"]["status"] == "INVALID_ARGUMENT"


def test_keys(stand_in):
    body = {"contents": [{"parts": [{"text": "x"}]}]}
    path = "/v1beta/models/stand-in:generateContent"
    assert post(stand_in, path, body, key=None).status_code == 401
    assert post(stand_in, path + "?key=k", body, key=None).status_code == 200
    refused = post(stand_in, path, body, key="invalid-key")
    assert refused.status_code == 400 and refused.json()["error"]["details"][0]["reason"] == "API_KEY_INVALID"
    with pytest.raises(errors.ClientError):
        ask(client_of(stand_in), "x", name="no-such-model")
