"""Bodies that Schemathesis has no serializer for: files go as the text that the document's example is, or that it makes up."""
import json
import schemathesis


@schemathesis.serializer("application/jsonl", "application/sql", "application/zip")
def lines(context, value):
    return (value if isinstance(value, str) else json.dumps(value)).encode("utf-8", "surrogateescape")
