"""The `openai` SDK: chat completions, responses, embeddings, errors and retries; xAI and compatible servers through it, too."""
import json, time
import openai, pytest
from openai import OpenAI
from pydantic import BaseModel
from harness.stand_in import directive, model

WEATHER = {"type": "function", "function": {
    "name": "weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}


def client_of(stand_in, dialect="openai", **options):
    return OpenAI(base_url=stand_in.url(dialect), api_key=options.pop("api_key", "key-1"), **{"max_retries": 0, **options})


@pytest.fixture
def client(stand_in):
    return client_of(stand_in)


def ask(client, text, **options):
    return client.chat.completions.create(model=options.pop("model", "stand-in"), messages=[{"role": "user", "content": text}], **options)


def test_chat_echoes_and_counts_tokens(client):
    answer = ask(client, "Say this back")
    assert answer.choices[0].message.content == "Say this back"
    assert answer.choices[0].finish_reason == "stop" and answer.object == "chat.completion" and answer.model == "stand-in"
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens > 0


def test_usage_has_cached_and_reasoning_tokens(client):
    usage = ask(client, directive(answer="x", usage={"input": 100, "cached": 40, "cache_write": 7, "output": 30, "reasoning": 20})).usage
    assert (usage.prompt_tokens, usage.completion_tokens, usage.total_tokens) == (100, 30, 130)
    assert usage.prompt_tokens_details.cached_tokens == 40 and usage.prompt_tokens_details.cache_write_tokens == 7
    assert usage.completion_tokens_details.reasoning_tokens == 20


def test_chat_stream_gives_the_same_answer_and_usage_when_asked(client):
    text = "a stream of several words, with an é and an 🙂"
    chunks = list(ask(client, text, stream=True, stream_options={"include_usage": True}))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == text
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1] == "stop"
    assert chunks[-1].choices == [] and chunks[-1].usage.total_tokens > 0 and all(chunk.usage is None for chunk in chunks[:-1])
    assert all(chunk.usage is None and chunk.choices for chunk in ask(client, text, stream=True))


def test_tools_are_called_and_their_result_is_answered(client):
    asked = directive(tool_call={"name": "weather", "arguments": {"city": "Oslo"}})
    message = ask(client, asked, tools=[WEATHER]).choices[0].message
    call = message.tool_calls[0]
    assert call.function.name == "weather" and json.loads(call.function.arguments) == {"city": "Oslo"}
    answer = client.chat.completions.create(model="stand-in", tools=[WEATHER], messages=[
        {"role": "user", "content": asked}, message, {"role": "tool", "tool_call_id": call.id, "content": "cold"}])
    assert answer.choices[0].message.content == "cold" and answer.choices[0].finish_reason == "stop"


def test_tool_calls_are_streamed_in_pieces(client):
    with client.chat.completions.stream(
            model="stand-in", messages=[{"role": "user", "content": directive(tool_call={"name": "weather", "arguments": {"city": "Oslo"}}, chunks=5)}],
            tools=[WEATHER]) as stream:
        final = stream.get_final_completion()
    assert final.choices[0].finish_reason == "tool_calls"
    assert json.loads(final.choices[0].message.tool_calls[0].function.arguments) == {"city": "Oslo"}


def test_a_required_tool_is_called_by_itself(client):
    message = ask(client, "Bergen", tools=[WEATHER], tool_choice="required").choices[0].message
    assert json.loads(message.tool_calls[0].function.arguments) == {"city": "Bergen"}


def test_structured_output_fits_its_schema(client):
    class Verdict(BaseModel):
        score: int
        passed: bool
        reason: str

    asked = "<answer>the sky is blue</answer> <expected>the sky is blue</expected>"
    parsed = client.chat.completions.parse(
        model=model(judge="compare", scale=[1, 5]), messages=[{"role": "user", "content": asked}], response_format=Verdict)
    verdict = parsed.choices[0].message.parsed
    assert verdict.score == 5 and verdict.passed and verdict.reason


@pytest.mark.parametrize("members, finish, content", [
    ({"finish": "length"}, "length", "ok"), ({"finish": "content_filter"}, "content_filter", "ok"), ({"refusal": "no"}, "stop", None)])
def test_finish_reasons(client, members, finish, content):
    choice = ask(client, directive(**({"answer": "ok"} if content else {}), **members)).choices[0]
    assert (choice.finish_reason, choice.message.content) == (finish, content)
    assert choice.message.refusal == members.get("refusal")


def test_limits_and_stop_sequences_cut_the_answer(client):
    choice = ask(client, "one two three four five six", max_completion_tokens=2).choices[0]
    assert (choice.finish_reason, choice.message.content) == ("length", "one two ")
    assert ask(client, "one two STOP three", stop="STOP").choices[0].message.content == "one two "


def test_responses_answer_and_stream(client):
    response = client.responses.create(model="stand-in", input="hello there", instructions="Be kind.")
    assert response.output_text == "hello there" and response.status == "completed"
    assert response.usage.total_tokens == response.usage.input_tokens + response.usage.output_tokens
    asked = directive(answer="a b c d", reasoning="think hard", usage={"input": 10, "cached": 4, "output": 9, "reasoning": 5})
    with client.responses.stream(model="stand-in", input=asked) as stream:
        events = list(stream)
        final = stream.get_final_response()
    assert [event.sequence_number for event in events if hasattr(event, "sequence_number")] == list(range(len(events)))
    assert events[0].type == "response.created" and events[-1].type == "response.completed"
    assert "".join(event.delta for event in events if event.type == "response.output_text.delta") == final.output_text == "a b c d"
    assert final.output[0].summary[0].text == "think hard"
    assert final.usage.input_tokens_details.cached_tokens == 4 and final.usage.output_tokens_details.reasoning_tokens == 5


def test_responses_call_functions(client):
    tool = {"type": "function", **WEATHER["function"], "strict": False}
    asked = [{"role": "user", "content": directive(tool_call={"name": "weather", "arguments": {"city": "Rome"}})}]
    call = client.responses.create(model="stand-in", input=asked, tools=[tool]).output[0]
    assert call.type == "function_call" and json.loads(call.arguments) == {"city": "Rome"}
    events = list(client.responses.create(model="stand-in", input=asked, tools=[tool], stream=True))
    assert "".join(event.delta for event in events if event.type == "response.function_call_arguments.delta") == call.arguments
    answered = client.responses.create(model="stand-in", tools=[tool], input=[
        *asked, call.to_dict(), {"type": "function_call_output", "call_id": call.call_id, "output": "warm"}])
    assert answered.output_text == "warm"


def test_an_incomplete_response_says_why(client):
    response = client.responses.create(model="stand-in", input="word " * 100, max_output_tokens=16)
    assert response.status == "incomplete" and response.incomplete_details.reason == "max_output_tokens"


def cosine(a, b):
    return sum(x * y for x, y in zip(a, b))


def test_embeddings_are_near_for_similar_texts_in_both_encodings(client):
    texts = ["How do I reset my password?", "how can I reset the password", "The cat sat on the mat"]
    packed = client.embeddings.create(model="stand-in-embedding", input=texts)
    plain = client.embeddings.create(model="stand-in-embedding", input=texts, encoding_format="float")
    a, b, c = (item.embedding for item in packed.data)
    assert len(a) == 384 and cosine(a, a) == pytest.approx(1, abs=1e-5)
    assert cosine(a, b) > 0.4 > 0.2 > cosine(a, c)
    assert plain.data[0].embedding == pytest.approx(a, abs=1e-6)
    assert len(client.embeddings.create(model="e", input="x", dimensions=64).data[0].embedding) == 64
    assert packed.usage.total_tokens > 0


def test_models_are_listed(client):
    assert "stand-in" in [listed.id for listed in client.models.list()]
    assert client.models.retrieve("anything").id == "anything"


@pytest.mark.parametrize("fault, error, status, code", [
    ("bad_request", openai.BadRequestError, 400, None), ("unauthorized", openai.AuthenticationError, 401, "invalid_api_key"),
    ("payment_required", openai.APIStatusError, 402, "payment_required"), ("forbidden", openai.PermissionDeniedError, 403, None),
    ("not_found", openai.NotFoundError, 404, "model_not_found"), ("timeout", openai.APIStatusError, 408, None),
    ("conflict", openai.ConflictError, 409, None), ("too_large", openai.APIStatusError, 413, None),
    ("unprocessable", openai.UnprocessableEntityError, 422, None), ("rate_limit", openai.RateLimitError, 429, "rate_limit_exceeded"),
    ("rate_limit_in_body", openai.RateLimitError, 429, "rate_limit_exceeded"),
    ("insufficient_quota", openai.RateLimitError, 429, "insufficient_quota"),
    ("credit_balance_exhausted", openai.RateLimitError, 429, "credit_balance_exhausted"),
    ("spend_limit", openai.RateLimitError, 429, "billing_hard_limit_reached"),
    ("server_error", openai.InternalServerError, 500, None), ("bad_gateway", openai.InternalServerError, 502, None),
    ("unavailable", openai.InternalServerError, 503, "server_is_overloaded"),
    ("gateway_timeout", openai.InternalServerError, 504, None), ("overloaded", openai.InternalServerError, 529, None)])
@pytest.mark.parametrize("api", ["chat", "responses", "embeddings"])
def test_each_error_is_its_exception(client, api, fault, error, status, code):
    with pytest.raises(error) as raised:
        if api == "chat":
            ask(client, directive(fault=fault))
        elif api == "responses":
            client.responses.create(model="stand-in", input=directive(fault=fault))
        else:
            client.embeddings.create(model=model(fault=fault), input="x")
    assert raised.value.status_code == status and raised.value.code == code and raised.value.request_id.startswith("req_")


def test_the_sdk_waits_as_told_and_comes_again(stand_in, key):
    patient = client_of(stand_in, max_retries=2)
    begin = time.monotonic()
    assert ask(patient, "hi\n" + directive(fault="rate_limit", times=2, retry_after=0.2, key=key)).choices[0].message.content == "hi"
    assert 0.4 <= time.monotonic() - begin < 5
    assert stand_in.calls()["by_key"][key] == 3


def test_a_limit_has_its_headers(client):
    with pytest.raises(openai.RateLimitError) as raised:
        ask(client, directive(fault="rate_limit", retry_after=7))
    headers = raised.value.response.headers
    assert headers["retry-after"] == "7" and headers["x-ratelimit-remaining-requests"] == "0" and headers["x-ratelimit-reset-requests"] == "1s"
    with pytest.raises(openai.RateLimitError) as raised:
        ask(client, directive(fault="rate_limit_in_body", retry_after=7))
    assert "retry-after" not in raised.value.response.headers and "try again in 7s" in raised.value.message


def test_money_is_not_asked_for_twice_when_the_server_says_so(stand_in, key):
    with pytest.raises(openai.RateLimitError):
        ask(client_of(stand_in, max_retries=2), directive(fault="insufficient_quota", should_retry=False, key=key))
    assert stand_in.calls()["by_key"][key] == 1


@pytest.mark.parametrize("fault", ["cut_before_head", "cut_in_body"])
def test_cut_connections_are_connection_errors_and_retried(stand_in, key, fault):
    with pytest.raises(openai.APIConnectionError):
        ask(client_of(stand_in), directive(fault=fault))
    assert ask(client_of(stand_in, max_retries=1), "hi\n" + directive(fault=fault, times=1, key=key)).choices[0].message.content == "hi"


def test_silence_is_a_timeout(stand_in):
    with pytest.raises(openai.APITimeoutError):
        ask(client_of(stand_in, timeout=0.3), directive(fault="silence"))
    with pytest.raises(openai.APITimeoutError):
        ask(client_of(stand_in, timeout=0.3), directive(delay_ms=2000))


def test_streams_break_in_every_way(client):
    def text_of(stream):
        return "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)

    import httpx2
    with pytest.raises((openai.APIConnectionError, httpx2.RemoteProtocolError)):
        text_of(ask(client, directive(answer="a b c d", fault="cut_in_stream"), stream=True))
    with pytest.raises(openai.APIError, match="had an error"):
        text_of(ask(client, directive(answer="a b c d", fault="stream_error"), stream=True))
    chunks = list(ask(client, directive(answer="a b c d", fault="stream_without_finish"), stream=True))
    assert text_of(chunks) == "a b c d" and all(chunk.choices[0].finish_reason is None for chunk in chunks)
    events = list(client.responses.create(model="stand-in", input=directive(answer="a b", fault="stream_error"), stream=True))
    assert events[-1].type == "response.failed" and events[-1].response.error.code == "server_error"
    assert [event.sequence_number for event in events] == list(range(len(events)))


def test_bodies_are_broken_in_every_way(client):
    with pytest.raises((openai.APIError, json.JSONDecodeError)):
        ask(client, directive(fault="malformed_json"))
    assert isinstance(ask(client, directive(fault="wrong_content_type")), str)
    assert ask(client, directive(answer="small", fault="huge_body", bytes=3_000_000)).choices[0].message.content == "small"


@pytest.mark.parametrize("change, parameter", [
    ({"messages": []}, "messages"), ({"messages": [{"role": "robot", "content": "x"}]}, "messages[0].role"), ({"temperature": 3}, "temperature"),
    ({"messages": [{"role": "user"}]}, "messages[0].content"), ({"extra_body": {"wrong": 1}}, "wrong"), ({"n": 0}, "n"),
    ({"messages": [{"role": "tool", "content": "x", "tool_call_id": "y"}]}, "messages[0].role"), ({"tool_choice": "auto"}, "tool_choice"),
    ({"model": "gpt-5-mini", "max_tokens": 5}, "max_tokens"), ({"model": "o3", "temperature": 0}, "temperature"),
    ({"stream_options": {"include_usage": True}}, "stream_options")])
def test_invalid_requests_are_refused_by_name(client, change, parameter):
    with pytest.raises(openai.BadRequestError) as raised:
        client.chat.completions.create(**{"model": "stand-in", "messages": [{"role": "user", "content": "x"}], **change})
    assert raised.value.param == parameter and raised.value.type == "invalid_request_error"


def test_a_wrong_directive_is_a_bad_request(client):
    for text in (directive(wrong=1), directive(fault="nothing"), "!stand-in {"):
        with pytest.raises(openai.BadRequestError, match="stand-in directive"):
            ask(client, text)


def test_keys_and_models_that_do_not_exist(stand_in, client):
    with pytest.raises(openai.AuthenticationError):
        ask(client_of(stand_in, api_key="invalid-key"), "x")
    with pytest.raises(openai.NotFoundError):
        ask(client, "x", model="no-such-model")


def test_xai_has_its_differences(stand_in):
    client = client_of(stand_in, "xai")
    answer = ask(client, directive(answer="x", reasoning="hm", usage={"input": 100, "output": 30, "reasoning": 20}), model="grok-4")
    usage = answer.usage
    assert usage.completion_tokens == 10 and usage.total_tokens == 130 == usage.prompt_tokens + usage.completion_tokens + 20
    assert usage.cost_in_usd_ticks == 100 * 30_000 + 30 * 150_000 and answer.choices[0].message.reasoning_content == "hm"
    with pytest.raises(openai.BadRequestError) as raised:
        ask(client, "x", model="grok-4", stop="y")
    assert "stop" in raised.value.response.json()["error"]


def test_xais_errors_are_flat(stand_in):
    client = client_of(stand_in, "xai")
    keyless = client_of(stand_in, "xai", api_key="invalid")
    for error, caller, text, code, message in [
            (openai.RateLimitError, client, directive(fault="rate_limit"), "Some resource has been exhausted", "Rate limit"),
            (openai.RateLimitError, client, directive(fault="insufficient_quota"), "Some resource has been exhausted", "available credits"),
            (openai.BadRequestError, keyless, "x", "Client specified an invalid argument", "Incorrect API key")]:
        with pytest.raises(error) as raised:
            ask(caller, text)
        body = raised.value.response.json()
        assert body["code"] == code and message in body["error"]


def test_compatible_servers_need_no_key_and_have_less(stand_in):
    import httpx2
    client = client_of(stand_in, "compatible")
    answer = ask(client, "hello")
    assert answer.usage.prompt_tokens_details is None and answer.system_fingerprint is None
    chunks = list(ask(client, "hello", stream=True, stream_options={"include_usage": True}))
    assert chunks[-1].usage.total_tokens > 0 and chunks[-1].choices[0].finish_reason == "stop"
    with pytest.raises(openai.NotFoundError):
        client.responses.create(model="stand-in", input="x")
    without_key = httpx2.post(stand_in.url("compatible") + "/chat/completions", json={"model": "m", "messages": [{"role": "user", "content": "x"}]})
    assert without_key.status_code == 200


def test_chance_is_the_same_every_time_and_as_likely_as_told(client):
    def passes(seed):
        return [ask(client, "x", model=model(pass_rate=0.3, seed=seed, key="c", repetition=number, answer="y", otherwise="n"))
                .choices[0].message.content == "y" for number in range(200)]

    first = passes(7)
    assert first == passes(7) != passes(8) and 35 <= sum(first) <= 85


def test_faults_come_as_often_as_told(client, key):
    failed = 0
    for _ in range(200):
        try:
            ask(client, "x", model=model(fault="server_error", probability=0.1, seed=7, key=key))
        except openai.InternalServerError:
            failed += 1
    assert 8 <= failed <= 35


def test_a_judge_is_not_steered_by_what_it_judges(client):
    judged = f"<answer>quality=0.9 {directive(answer='steered')}</answer>"
    assert json.loads(ask(client, judged, model=model(judge="compare")).choices[0].message.content)["score"] == 0.9
    assert ask(client, judged, model=model(answer="own", lines=False)).choices[0].message.content == "own"
    assert ask(client, judged).choices[0].message.content == "steered"


def test_answers_come_in_turn_and_in_a_header_too(client, key):
    told = {"extra_headers": {"x-stand-in": json.dumps({"answers": ["one", {"two": 2}], "key": key})}}
    assert [ask(client, "x", **told).choices[0].message.content for _ in range(3)] == ["one", '{"two":2}', '{"two":2}']


def test_calls_are_counted(stand_in, client, key):
    ask(client, "remember me", model=model("counted", key=key))
    calls = stand_in.calls()
    assert calls["by_key"][key] == 1 and calls["by_model"]["counted"] == 1 and calls["by_credential"]["key-1"] > 0
    assert calls["recent"][-1]["body"]["messages"][0]["content"] == "remember me" and calls["recent"][-1]["key"] == key
    assert calls["concurrency"]["in_progress"] == 0 < calls["concurrency"]["most"]
