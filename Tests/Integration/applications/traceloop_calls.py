"""The providers' SDKs under Traceloop's (OpenLLMetry), set up by TRACELOOP_ variables alone."""
import contextlib
from opentelemetry import trace
from traceloop.sdk import Traceloop
from traceloop.sdk.decorators import tool
import provider_calls

Traceloop.init(app_name="application")


@contextlib.contextmanager
def traced(name):
    Traceloop.set_association_properties({"session_id": "session-1", "user_id": "user-1"})
    Traceloop.set_prompt("What is the capital of {country}?", {"country": "Norway"}, 3)
    with trace.get_tracer("application").start_as_current_span(name) as span:
        yield provider_calls.trace_id(span)


provider_calls.run(traced, tool(name="weather"))
trace.get_tracer_provider().shutdown()
