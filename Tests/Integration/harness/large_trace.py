"""One trace of any number of spans as export requests: a tree four levels deep, an LLM call for every tenth span, an error for every thousandth."""
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

SPANS_PER_REQUEST = 5_000


class LargeTrace:
    def __init__(self, span_count, trace_id="c0ffee00c0ffee00c0ffee00c0ffee00", start=1_790_000_000_000_000_000):
        self.span_count, self.trace_id, self.start = span_count, trace_id, start

    def span_id(self, number):
        return f"{number:016x}"

    def parent(self, number):
        """The root is 1; every hundredth span is its child, every tenth a child of the hundred before, the others of the ten before."""
        if number == 1:
            return None
        for step in (10, 100):
            if number % step:
                return max(1, number - number % step)
        return 1

    def requests(self):
        for first in range(1, self.span_count + 1, SPANS_PER_REQUEST):
            message = ExportTraceServiceRequest()
            resource = message.resource_spans.add()
            resource.resource.attributes.add(key="service.name").value.string_value = "large"
            spans = resource.scope_spans.add().spans
            for number in range(first, min(first + SPANS_PER_REQUEST, self.span_count + 1)):
                span = spans.add(
                    trace_id=bytes.fromhex(self.trace_id), span_id=number.to_bytes(8), name=f"step {number % 50}",
                    start_time_unix_nano=self.start + number * 1_000, end_time_unix_nano=self.start + number * 1_000 + 50_000)
                if self.parent(number):
                    span.parent_span_id = self.parent(number).to_bytes(8)
                if number % 1_000 == 0:
                    span.status.code = 2
                span.attributes.add(key="note").value.string_value = f"note of span {number}"
                if number % 10 == 5:
                    for key, value in (("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "gpt-4.1-mini"), ("gen_ai.provider.name", "openai")):
                        span.attributes.add(key=key).value.string_value = value
                    span.attributes.add(key="gen_ai.usage.input_tokens").value.int_value = 100
                    span.attributes.add(key="gen_ai.usage.output_tokens").value.int_value = 10
            yield message.SerializeToString()
