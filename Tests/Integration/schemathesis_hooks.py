"""Bodies that Schemathesis has no serializer for: files go as the text that the document's example is, or that it makes up. Answers that the
server holds back on request are asked for within its patience."""
import json
import schemathesis


@schemathesis.serializer("application/jsonl", "application/sql", "application/zip")
def lines(context, value):
    return (value if isinstance(value, str) else json.dumps(value)).encode("utf-8", "surrogateescape")


@schemathesis.hook
def before_call(context, case, kwargs):
    wait = (case.query or {}).get("wait")
    if str(wait).isdecimal() and 1 < int(wait) <= 50:
        case.query["wait"] = type(wait)(1)
