"""The `anthropic` SDK: messages, streams, tools, thinking, token counts, errors and retries, on both versions of the API."""
import time
import anthropic, pytest
from anthropic import Anthropic
from harness.stand_in import directive, model

WEATHER = {"name": "weather", "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}
OLD = {"anthropic-version": "2023-06-01"}


def client_of(stand_in, **options):
    return Anthropic(base_url=stand_in.url("anthropic"), **{"api_key": "key-2", "max_retries": 0, **options})


@pytest.fixture
def client(stand_in):
    return client_of(stand_in)


def ask(client, text, **options):
    return client.messages.create(
        **{"model": "stand-in", "max_tokens": 1000, "messages": [{"role": "user", "content": text}], **options})


def test_messages_are_answered(client):
    answer = ask(client, "Say this back", system="Be kind.")
    assert answer.content[0].text == "Say this back" and answer.stop_reason == "end_turn" and answer.type == "message"
    assert answer.usage.input_tokens > 0 and answer.usage.output_tokens > 0 and answer._request_id.startswith("req_")


def test_usage_leaves_the_cache_out_of_the_input(client):
    usage = ask(client, directive(answer="x", usage={"input": 100, "cached": 40, "cache_write": 10, "output": 30, "reasoning": 20})).usage
    assert (usage.input_tokens, usage.cache_read_input_tokens, usage.cache_creation_input_tokens, usage.output_tokens) == (50, 40, 10, 30)
    assert usage.output_tokens_details.thinking_tokens == 20 and usage.cache_creation.ephemeral_5m_input_tokens == 10


def test_streams_give_the_same_message(client):
    asked = directive(answer="a b c d é", reasoning="think hard", usage={"input": 10, "output": 9})
    with client.messages.stream(model="stand-in", max_tokens=100, messages=[{"role": "user", "content": asked}]) as stream:
        events = [event.type for event in stream]
        final = stream.get_final_message()
    assert events[0] == "message_start" and events[-1] == "message_stop"
    assert [block.type for block in final.content] == ["thinking", "text"]
    assert final.content[0].thinking == "think hard" and final.content[0].signature and final.content[1].text == "a b c d é"
    assert final.stop_reason == "end_turn" and (final.usage.input_tokens, final.usage.output_tokens) == (10, 9)


@pytest.mark.parametrize("is_streamed", [False, True])
def test_tools_are_called_and_their_result_is_answered(client, is_streamed):
    asked = {"role": "user", "content": directive(tool_call={"name": "weather", "arguments": {"city": "Oslo"}}, chunks=4)}
    call = {"model": "stand-in", "max_tokens": 100, "messages": [asked], "tools": [WEATHER]}
    if is_streamed:
        with client.messages.stream(**call) as stream:
            message = stream.get_final_message()
    else:
        message = client.messages.create(**call)
    use = message.content[-1]
    assert message.stop_reason == "tool_use" and (use.name, use.input) == ("weather", {"city": "Oslo"})
    result = {"role": "user", "content": [{"type": "tool_result", "tool_use_id": use.id, "content": "cold"}]}
    answer = client.messages.create(**{**call, "messages": [asked, {"role": "assistant", "content": message.content}, result]})
    assert answer.content[0].text == "cold" and answer.stop_reason == "end_turn"


def test_a_chosen_tool_takes_a_judges_verdict(client):
    verdict = {"name": "verdict", "input_schema": {"type": "object", "properties": {
        "score": {"type": "integer", "minimum": 1, "maximum": 5}, "pass": {"type": "boolean"}, "reason": {"type": "string"}}}}
    answer = ask(client, "<answer>quality=0.25</answer>", model=model(judge="compare"), tools=[verdict], tool_choice={"type": "tool", "name": "verdict"})
    assert answer.content[0].input["score"] == 2 and answer.content[0].input["pass"] is False


@pytest.mark.parametrize("members, reason", [
    ({"finish": "length"}, "max_tokens"), ({"refusal": "no"}, "refusal"), ({"finish": "pause_turn"}, "pause_turn"),
    ({"finish": "model_context_window_exceeded"}, "model_context_window_exceeded")])
def test_stop_reasons(client, members, reason):
    assert ask(client, directive(**members)).stop_reason == reason


def test_limits_and_stop_sequences_cut_the_answer(client):
    assert ask(client, "one two three four", max_tokens=2).stop_reason == "max_tokens"
    stopped = ask(client, "one two STOP three", stop_sequences=["STOP"])
    assert (stopped.stop_reason, stopped.stop_sequence, stopped.content[0].text) == ("stop_sequence", "STOP", "one two ")


def test_tokens_are_counted_and_models_listed(client):
    messages = [{"role": "user", "content": "x" * 400}]
    count = client.messages.count_tokens(model="stand-in", messages=messages).input_tokens
    assert count == client.messages.create(model="stand-in", max_tokens=500, messages=messages).usage.input_tokens > 100
    assert "stand-in" in [listed.id for listed in client.models.list()]
    assert client.models.retrieve("any").id == "any"


@pytest.mark.parametrize("fault, error, status, kind", [
    ("bad_request", anthropic.BadRequestError, 400, "invalid_request_error"),
    ("unauthorized", anthropic.AuthenticationError, 401, "authentication_error"),
    ("payment_required", anthropic.APIStatusError, 402, "billing_error"), ("credit_balance_exhausted", anthropic.APIStatusError, 402, "billing_error"),
    ("forbidden", anthropic.PermissionDeniedError, 403, "permission_error"), ("not_found", anthropic.NotFoundError, 404, "not_found_error"),
    ("timeout", anthropic.APIStatusError, 408, "timeout_error"), ("conflict", anthropic.ConflictError, 409, "conflict_error"),
    ("too_large", anthropic.APIStatusError, 413, "request_too_large"), ("rate_limit", anthropic.RateLimitError, 429, "rate_limit_error"),
    ("server_error", anthropic.InternalServerError, 500, "api_error"), ("unavailable", anthropic.InternalServerError, 503, "api_error"),
    ("gateway_timeout", anthropic.InternalServerError, 504, "timeout_error"), ("overloaded", anthropic.InternalServerError, 529, "overloaded_error")])
def test_each_error_is_its_exception(client, fault, error, status, kind):
    with pytest.raises(error) as raised:
        ask(client, directive(fault=fault))
    assert raised.value.status_code == status and raised.value.body["error"]["type"] == kind
    assert raised.value.request_id == raised.value.body["request_id"]


@pytest.mark.parametrize("fault", ["spend_limit", "insufficient_quota"])
def test_a_spend_limit_tells_no_delay(client, fault):
    with pytest.raises(anthropic.RateLimitError) as raised:
        ask(client, directive(fault=fault))
    assert raised.value.body["error"]["details"] == {"error_code": "enforced_spend_limit_reached"}
    assert "retry-after" not in raised.value.response.headers


def test_the_sdk_waits_as_told_and_comes_again(stand_in, key):
    begin = time.monotonic()
    asked = "hi\n" + directive(fault="overloaded", times=1, retry_after=1, key=key)
    assert ask(client_of(stand_in, max_retries=2), asked).content[0].text == "hi"
    assert 1 <= time.monotonic() - begin < 5 and stand_in.calls()["by_key"][key] == 2


def test_a_limit_has_its_headers(client):
    with pytest.raises(anthropic.RateLimitError) as raised:
        ask(client, directive(fault="rate_limit", retry_after=7))
    headers = raised.value.response.headers
    assert headers["retry-after"] == "7" and headers["anthropic-ratelimit-requests-remaining"] == "0"
    assert headers["anthropic-ratelimit-tokens-reset"].endswith("Z")


def test_streams_break_in_every_way(client):
    def stream(fault):
        return list(ask(client, directive(answer="a b c", fault=fault), stream=True))

    import httpx2
    with pytest.raises((anthropic.APIConnectionError, httpx2.RemoteProtocolError)):
        stream("cut_in_stream")
    with pytest.raises(anthropic.APIStatusError) as raised:
        stream("stream_error")
    assert raised.value.body["error"]["type"] == "overloaded_error"
    events = [event.type for event in stream("stream_without_finish")]
    assert "content_block_delta" in events and "message_delta" not in events and "message_stop" not in events


def test_cut_connections_are_retried(stand_in, key):
    asked = "hi\n" + directive(fault="cut_before_head", times=1, key=key)
    assert ask(client_of(stand_in, max_retries=1), asked).content[0].text == "hi"
    with pytest.raises(anthropic.APIConnectionError):
        ask(client_of(stand_in), directive(fault="cut_in_body"))


@pytest.mark.parametrize("change, message", [
    ({"messages": []}, "at least one message"), ({"messages": [{"role": "system", "content": "x"}]}, "messages.0.role"),
    ({"messages": [{"role": "assistant", "content": "x"}]}, "first message"), ({"max_tokens": 0}, "max_tokens"),
    ({"extra_body": {"wrong": 1}}, "wrong: Extra inputs"), ({"extra_body": {"temperature": 0.5}}, "temperature"),
    ({"messages": [{"role": "user", "content": [{"type": "tool_result", "tool_use_id": "nobody"}]}]}, "unexpected `tool_use_id`"),
    ({"messages": [{"role": "user", "content": [{"type": "poem", "text": "x"}]}]}, "Input tag 'poem'"),
    ({"thinking": {"type": "enabled", "budget_tokens": 2000}}, "max_tokens"),
    ({"extra_headers": {"anthropic-version": "1999-01-01"}}, "anthropic-version")])
def test_invalid_requests_are_refused(client, change, message):
    with pytest.raises(anthropic.BadRequestError, match=message):
        ask(client, "x", **change)


def test_the_older_version_takes_sampling_parameters_and_both_take_both_keys(stand_in, client):
    assert ask(client, "x", extra_body={"temperature": 0.5}, extra_headers=OLD).content[0].text == "x"
    with pytest.raises(anthropic.BadRequestError, match="temperature"):
        ask(client, "x", extra_body={"temperature": 1.5}, extra_headers=OLD)
    import httpx2
    body = {"model": "stand-in", "max_tokens": 10, "messages": [{"role": "user", "content": "x"}]}
    url = stand_in.url("anthropic") + "/v1/messages"
    assert httpx2.post(url, json=body, headers={"x-api-key": "k", **OLD}).status_code == 200
    assert httpx2.post(url, json=body, headers={"authorization": "Bearer k", **OLD}).status_code == 200
    assert httpx2.post(url, json=body, headers=OLD).status_code == 401
    assert httpx2.post(url, json=body, headers={"x-api-key": "k"}).status_code == 400
    del body["max_tokens"]
    assert "max_tokens: Field required" in httpx2.post(url, json=body, headers={"x-api-key": "k", **OLD}).text


def test_bad_keys_and_missing_models(stand_in, client):
    with pytest.raises(anthropic.AuthenticationError):
        ask(client_of(stand_in, api_key="invalid"), "x")
    with pytest.raises(anthropic.NotFoundError):
        ask(client, "x", model="no-such-model")
