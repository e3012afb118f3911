"""The OpenAI SDK under Langfuse's wrapper, and an observation written by hand with everything there is; SDK 3 or 4, set up by LANGFUSE_
variables alone."""
import contextlib, datetime, types
from langfuse import get_client, observe, propagate_attributes
from langfuse.model import TextPromptClient
import langfuse.openai  # noqa: F401: wraps the OpenAI SDK
import provider_calls

client = get_client()


@contextlib.contextmanager
def traced(name):
    with client.start_as_current_observation(name=name, as_type="agent") as observation:
        with propagate_attributes(session_id="session-1", user_id="user-1", tags=["geography", "test"], metadata={"plan": "gold"}, version="7"):
            yield observation.trace_id


class Calls(provider_calls.Calls):
    def langfuse_generation(self):
        """As who calls a model without a wrapper."""
        prompt = TextPromptClient(types.SimpleNamespace(
            name="capitals", version=3, prompt="What is the capital of {{country}}?", config={}, labels=[], tags=[], commit_message=None,
            resolution_graph=None))
        with client.start_as_current_observation(
                name="ask", as_type="generation", model="claude-sonnet-4-5", model_parameters={"temperature": 0.2}, prompt=prompt,
                input=[{"role": "system", "content": provider_calls.SYSTEM}, {"role": "user", "content": provider_calls.QUESTION}]) as generation:
            generation.update(
                output={"role": "assistant", "content": "Oslo"}, completion_start_time=datetime.datetime.now(datetime.timezone.utc),
                usage_details={"input": 500, "cache_read_input_tokens": 3000, "cache_creation_input_tokens": 1500, "output": 600},
                cost_details={"input": 0.01, "output": 0.02})


provider_calls.run(
    traced, observe(as_type="tool"), [*(name for name in provider_calls.CALLS if name.startswith("openai")), "langfuse_generation"], Calls)
client.shutdown()
