"""Traces of a project where everything occurs: services, models known and unknown, agents that repeat what their calls used, errors, sessions
and users on some spans only, cached and reasoning tokens, costs as reported, parents that never came."""
import random
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

SECOND = 1_000_000_000
SERVICES = ["support-agent", "checkout", "search-api"]
MODELS = [
    ("openai", "gpt-4.1"), ("openai", "gpt-4.1-mini"), ("openai", "o4-mini"), ("anthropic", "claude-sonnet-4-5"), ("anthropic", "claude-haiku-4-5"),
    ("gcp.gemini", "gemini-2.5-flash"), ("gcp.gemini", "gemini-2.5-pro"), ("own", "house-model"), ("own", "house-model-2")]


class VariedProject:
    def __init__(self, seed, end, hours, trace_count):
        """`end`: Unix nanoseconds; the traces begin within the hours before."""
        self.dice = random.Random(seed)
        self.end, self.hours, self.trace_count = end, hours, trace_count

    def requests(self):
        for number in range(self.trace_count):
            start = self.end - self.hours * 3_600 * SECOND + self.hours * 3_600 * SECOND * number // self.trace_count + self.dice.randrange(SECOND)
            yield self.trace(number, start).SerializeToString()

    def trace(self, number, start):
        dice, message = self.dice, ExportTraceServiceRequest()
        resource = message.resource_spans.add()
        put(resource.resource, "service.name", dice.choice(SERVICES))
        spans, trace_id = resource.scope_spans.add().spans, dice.getrandbits(128).to_bytes(16, "big")
        session, user = f"session {dice.randrange(6)}", f"user/{dice.randrange(5)}"
        at = start

        def add(parent, name, milliseconds, **attributes):
            nonlocal at
            length = int(milliseconds * 1e6 * dice.lognormvariate(0, 0.7)) + dice.randrange(1_000)
            span = spans.add(trace_id=trace_id, span_id=dice.getrandbits(64).to_bytes(8, "big"), name=name, start_time_unix_nano=at,
                             end_time_unix_nano=at + length)
            if parent is not None:
                span.parent_span_id = parent.span_id
            for key, value in attributes.items():
                put(span, key.replace("__", "."), value)
            return span

        root = add(None, dice.choice(["POST /chat", "job", "GET /orders"]), 1)
        if number % 4:
            put(root, "user.id", user)
            put(root, "session.id", session)
        if number % 11 == 10:
            root.parent_span_id = b"\1" * 8  # which is never sent
        at += 1_000_000
        shape = number % 5
        if shape == 0:
            for _ in range(dice.randrange(3)):
                at = add(root, "SELECT", 4, db__system__name="postgresql").end_time_unix_nano
        else:
            agent = add(root, "invoke_agent", 1, gen_ai__operation__name="invoke_agent", gen_ai__agent__name="helper")
            input_tokens = output_tokens = 0
            for _ in range(dice.randint(1, 3) if shape != 4 else 0):
                call = self.call(add, agent, number, user, session)
                used = {a.key: a.value.int_value for a in call.attributes}
                input_tokens += used.get("gen_ai.usage.input_tokens", 0)
                output_tokens += used.get("gen_ai.usage.output_tokens", 0)
                at = call.end_time_unix_nano + 1_000
                if dice.random() < 0.5:
                    tool = add(agent, "execute_tool", 20, gen_ai__operation__name="execute_tool", gen_ai__tool__name="search")
                    if dice.random() < 0.2:
                        tool.status.code, tool.status.message = 2, "the tool did not answer"
                    at = tool.end_time_unix_nano
            if shape == 2:
                at = add(agent, "embeddings", 30, gen_ai__operation__name="embeddings", gen_ai__provider__name="openai",
                         gen_ai__request__model="text-embedding-3-small", gen_ai__usage__input_tokens=dice.randrange(10, 400)).end_time_unix_nano
            if shape == 4:
                # Nobody but the agent says what was used.
                input_tokens, output_tokens = dice.randrange(100, 900), dice.randrange(5, 90)
                put(agent, "gen_ai.provider.name", "openai")
                put(agent, "gen_ai.request.model", "gpt-4.1-mini")
            put(agent, "gen_ai.usage.input_tokens", input_tokens)
            put(agent, "gen_ai.usage.output_tokens", output_tokens)
            agent.end_time_unix_nano = at
        root.end_time_unix_nano = max(root.end_time_unix_nano, at)
        return message

    def call(self, add, parent, number, user, session):
        dice = self.dice
        provider, model = dice.choice(MODELS)
        span = add(parent, f"chat {model}", 900, gen_ai__operation__name="chat", gen_ai__provider__name=provider, gen_ai__request__model=model)
        if dice.random() < 0.5:
            put(span, "gen_ai.response.model", model + "-2025-10-01" if provider == "openai" else model)
        if number % 3 == 0:
            put(span, "user.id", user)
            put(span, "session.id", session)
        if dice.random() < 0.1:
            span.status.code, span.status.message = 2, "upstream timeout"
            return span
        read = dice.randrange(50, 4_000)
        put(span, "gen_ai.usage.input_tokens", read)
        put(span, "gen_ai.usage.output_tokens", dice.randrange(1, 700))
        if dice.random() < 0.4:
            put(span, "gen_ai.usage.cache_read.input_tokens", read // 2)
            put(span, "gen_ai.usage.cache_creation.input_tokens", read // 8)
        if model == "o4-mini":
            put(span, "gen_ai.usage.reasoning_tokens", dice.randrange(1, 400))
        if provider == "own":
            put(span, "gen_ai.usage.cost", dice.randrange(1, 9_999) / 1e6)
        put(span, "gen_ai.input.messages", '[{"role": "user", "parts": [{"type": "text", "content": "How much is it?"}]}]')
        put(span, "gen_ai.output.messages", '[{"role": "assistant", "parts": [{"type": "text", "content": "It is enough."}]}]')
        return span


def put(owner, key, value):
    attribute = owner.attributes.add(key=key).value
    if isinstance(value, int):
        attribute.int_value = value
    elif isinstance(value, float):
        attribute.double_value = value
    else:
        attribute.string_value = value
