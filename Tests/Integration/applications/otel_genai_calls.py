"""The providers' SDKs under OpenTelemetry's own GenAI instrumentations; set up by OTEL_ variables alone, which also say whether content goes
into the spans or into events beside them. Of every other call the events go out before the spans."""
import contextlib, functools, itertools, json
from opentelemetry import trace
from opentelemetry._logs import set_logger_provider
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.genai.anthropic import AnthropicInstrumentor
from opentelemetry.instrumentation.genai.openai import OpenAIInstrumentor
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
import provider_calls

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
trace.set_tracer_provider(provider)
events = LoggerProvider()
events.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter()))
set_logger_provider(events)
orders = itertools.cycle([(provider, events), (events, provider)])
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
    for each in next(orders):
        assert each.force_flush()


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
events.shutdown()
