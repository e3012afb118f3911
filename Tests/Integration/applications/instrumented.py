"""What every test application shares: a tracer provider configured as a user configures one, by OTEL_ variables alone, and a record of
every span that was ended, so that the test knows what must come out.

    EXPORTER    protobuf, json or grpc: which of OpenTelemetry's exporters is used
    SENT_FILE   where the record goes: a serialized ExportTraceServiceRequest
"""
import os
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

ENDED = InMemorySpanExporter()


def exporter():
    if os.environ["EXPORTER"] == "json":
        from opentelemetry.exporter.otlp.json.http.trace_exporter import OTLPSpanExporter
    elif os.environ["EXPORTER"] == "grpc":
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
    else:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    return OTLPSpanExporter()


def set_up(**resource):
    """Makes and installs the provider; answers the processors, for a second provider to share."""
    provider = TracerProvider(resource=Resource.create(resource))
    processors = [BatchSpanProcessor(exporter()), SimpleSpanProcessor(ENDED)]
    for processor in processors:
        provider.add_span_processor(processor)
    trace.set_tracer_provider(provider)
    return processors


def tear_down():
    """Flushes as an application does on its way out, then writes down what was sent."""
    trace.get_tracer_provider().shutdown()
    with open(os.environ["SENT_FILE"], "wb") as file:
        file.write(encode_spans(ENDED.get_finished_spans()).SerializeToString())
