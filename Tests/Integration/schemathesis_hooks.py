"""Bodies that Schemathesis has no serializer for: files of test cases go as the text that the document's example is, or that it makes up."""
import json
import schemathesis


@schemathesis.serializer("application/jsonl")
def lines(context, value):
    return (value if isinstance(value, str) else json.dumps(value)).encode("utf-8", "surrogateescape")
