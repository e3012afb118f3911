"""The providers' SDKs under OpenTelemetry's own GenAI instrumentations; set up by OTEL_ variables alone."""
import contextlib, functools, json
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.genai.anthropic import AnthropicInstrumentor
from opentelemetry.instrumentation.genai.openai import OpenAIInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
import provider_calls

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
trace.set_tracer_provider(provider)
OpenAIInstrumentor().instrument()
AnthropicInstrumentor().instrument()
tracer = trace.get_tracer("application")


@contextlib.contextmanager
def traced(name):
    # Nothing in these conventions hands a session on to spans below: applications set it where they know it.
    attributes = {"gen_ai.operation.name": "invoke_agent", "gen_ai.conversation.id": "session-1", "user.id": "user-1", "gen_ai.prompt.name": "capitals",
                  "gen_ai.prompt.version": "3"}
    with tracer.start_as_current_span(name, attributes=attributes) as span:
        yield provider_calls.trace_id(span)


def traced_tool(function):
    @functools.wraps(function)
    def call(**arguments):
        attributes = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": function.__name__, "gen_ai.tool.call.arguments": json.dumps(arguments)}
        with tracer.start_as_current_span(f"execute_tool {function.__name__}", attributes=attributes) as span:
            result = function(**arguments)
            span.set_attribute("gen_ai.tool.call.result", result)
            return result
    return call


provider_calls.run(traced, traced_tool)
provider.shutdown()
