"""The providers' SDKs under OpenInference's instrumentations, set up by Phoenix's `register()`."""
import contextlib, json
from openinference.instrumentation import using_attributes
from openinference.instrumentation.anthropic import AnthropicInstrumentor
from openinference.instrumentation.openai import OpenAIInstrumentor
from phoenix.otel import register
import provider_calls

provider = register(protocol="http/protobuf", batch=True, verbose=False)
OpenAIInstrumentor().instrument(tracer_provider=provider)
AnthropicInstrumentor().instrument(tracer_provider=provider)
tracer = provider.get_tracer("application")


@contextlib.contextmanager
def traced(name):
    with using_attributes(session_id="session-1", user_id="user-1", metadata={"plan": "gold"}, tags=["geography", "test"], prompt_template="What is the capital of {country}?",
                          prompt_template_version="3", prompt_template_variables={"country": "Norway"}):
        with tracer.start_as_current_span(name, openinference_span_kind="agent") as span:
            yield provider_calls.trace_id(span)


provider_calls.run(traced, tracer.tool)
provider.shutdown()
