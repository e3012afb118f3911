"""What every application around the providers' own SDKs does: one trace for each of CALLS, below a span of its own. What the stand-in is told
to answer, and what must come of it, stands in `../test_provider_calls.py`.

    STAND_IN_URL    where the providers are
    CALLS_FILE      where the traces' ids go: a JSON object by the calls' names
"""
import contextlib, json, os
import anthropic, openai

URL = os.environ["STAND_IN_URL"]
OPENAI_WEATHER = {"type": "function", "function": {
    "name": "weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}
ANTHROPIC_WEATHER = {"name": "weather", "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}
SYSTEM, QUESTION, FORECAST_QUESTION = "Answer in one word.", "What is the capital of Norway?", "How is the weather in Oslo?"


def steer(**members):
    return {"x-stand-in": json.dumps(members)}


def weather(city):
    return f"snow in {city}"


class Calls:
    def __init__(self, traced_tool):
        """`traced_tool`: makes of `weather` a function whose calls are traced."""
        self.openai = openai.OpenAI(base_url=f"{URL}/openai/v1", api_key="key", max_retries=0)
        self.anthropic = anthropic.Anthropic(base_url=f"{URL}/anthropic", api_key="key", max_retries=0)
        self.weather = traced_tool(weather)

    def openai_chat(self, model="gpt-4.1-mini", **options):
        options.setdefault("extra_headers", steer(answer="Oslo", model="gpt-4.1-mini-2025-04-14", usage={"input": 1200, "output": 300}))
        answer = self.openai.chat.completions.create(
            model=model, messages=[{"role": "system", "content": SYSTEM}, {"role": "user", "content": QUESTION}], **options)
        if options.get("stream"):
            assert "".join(chunk.choices[0].delta.content or "" for chunk in answer if chunk.choices)
        return answer

    def openai_stream(self):
        self.openai_chat(stream=True, stream_options={"include_usage": True})

    def openai_cache_and_reasoning(self, **options):
        usage = {"input": 2000, "cached": 1500, "cache_write": 200, "output": 600, "reasoning": 400}
        self.openai_chat("o4-mini", extra_headers=steer(answer="Oslo", model="o4-mini-2025-04-16", usage=usage), **options)

    def openai_cache_and_reasoning_stream(self):
        self.openai_cache_and_reasoning(stream=True, stream_options={"include_usage": True})

    def openai_tool(self):
        said = [{"role": "user", "content": FORECAST_QUESTION}]
        asked = {"model": "gpt-4.1-mini", "tools": [OPENAI_WEATHER]}
        told = {"tool_call": {"name": "weather", "arguments": {"city": "Oslo"}}, "model": "gpt-4.1-mini-2025-04-14"}
        message = self.openai.chat.completions.create(messages=said, extra_headers=steer(**told, usage={"input": 100, "output": 20}), **asked).choices[0].message
        call = message.tool_calls[0]
        result = self.weather(**json.loads(call.function.arguments))
        said += [message.model_dump(exclude_none=True), {"role": "tool", "tool_call_id": call.id, "content": result}]
        self.openai.chat.completions.create(messages=said, extra_headers=steer(**told, usage={"input": 150, "output": 10}), **asked)

    def openai_rate_limit(self):
        with contextlib.suppress(openai.RateLimitError):
            self.openai_chat(extra_headers=steer(fault="rate_limit"))

    def openai_responses(self, **options):
        usage = {"input": 2000, "cached": 1500, "cache_write": 200, "output": 600, "reasoning": 400}
        answer = self.openai.responses.create(
            model="o4-mini", instructions=SYSTEM, input=QUESTION, extra_headers=steer(answer="Oslo", model="o4-mini-2025-04-16", usage=usage), **options)
        if options.get("stream"):
            assert list(answer)[-1].type == "response.completed"

    def openai_responses_stream(self):
        self.openai_responses(stream=True)

    def openai_embeddings(self):
        self.openai.embeddings.create(model="text-embedding-3-small", input="The capital of Norway is Oslo.", dimensions=8)

    def anthropic_chat(self, headers=None, **options):
        told = steer(answer="Oslo", model="claude-sonnet-4-5-20250929", usage={"input": 1200, "output": 300})
        answer = self.anthropic.messages.create(
            model="claude-sonnet-4-5", max_tokens=1000, system=SYSTEM, messages=[{"role": "user", "content": QUESTION}], extra_headers=headers or told, **options)
        if options.get("stream"):
            assert [event.type for event in answer][-1] == "message_stop"

    def anthropic_stream(self):
        self.anthropic_chat(stream=True)

    def anthropic_cache(self, **options):
        usage = {"input": 5000, "cached": 3000, "cache_write": 1500, "output": 600}
        self.anthropic_chat(steer(answer="Oslo", model="claude-sonnet-4-5-20250929", usage=usage), **options)

    def anthropic_cache_stream(self):
        self.anthropic_cache(stream=True)

    def anthropic_tool(self):
        said = [{"role": "user", "content": FORECAST_QUESTION}]
        asked = {"model": "claude-sonnet-4-5", "max_tokens": 1000, "tools": [ANTHROPIC_WEATHER]}
        told = {"tool_call": {"name": "weather", "arguments": {"city": "Oslo"}}, "model": "claude-sonnet-4-5-20250929"}
        message = self.anthropic.messages.create(messages=said, extra_headers=steer(**told, usage={"input": 100, "output": 20}), **asked)
        use = message.content[-1]
        result = self.weather(**use.input)
        said += [{"role": "assistant", "content": [block.model_dump(exclude_none=True) for block in message.content]},
                 {"role": "user", "content": [{"type": "tool_result", "tool_use_id": use.id, "content": result}]}]
        self.anthropic.messages.create(messages=said, extra_headers=steer(**told, usage={"input": 150, "output": 10}), **asked)

    def anthropic_bad_request(self):
        with contextlib.suppress(anthropic.BadRequestError):
            self.anthropic_chat(steer(fault="bad_request"))


CALLS = (
    "openai_chat", "openai_stream", "openai_cache_and_reasoning", "openai_cache_and_reasoning_stream", "openai_tool", "openai_rate_limit",
    "openai_responses", "openai_responses_stream", "openai_embeddings",
    "anthropic_chat", "anthropic_stream", "anthropic_cache", "anthropic_cache_stream", "anthropic_tool", "anthropic_bad_request")


def run(traced, traced_tool, names=CALLS, calls=Calls):
    """`traced`: by a call's name a context of one trace; answers the trace's id, in hex, when it is entered."""
    calls, traces = calls(traced_tool), {}
    for name in names:
        with traced(name) as traces[name]:
            getattr(calls, name)()
    with open(os.environ["CALLS_FILE"], "w") as file:
        json.dump(traces, file)


def trace_id(span):
    return format(span.get_span_context().trace_id, "032x")
