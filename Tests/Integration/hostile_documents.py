"""Documents made to take time or memory, to reach for what is not theirs, or not to be what they say: each with what must become of it.

`seconds` and `mebibytes` are what it may take: from the request to the task's end, and of memory beyond what server and worker had before.
"""
import dataclasses, json

MAXIMUM_BYTES = 32 << 20


@dataclasses.dataclass
class Case:
    name: str
    content: object
    # Of the task; a number: the status of the request's answer.
    state: object = "succeeded"
    # In the error or in one of the problems.
    says: str = ""
    entries: int = 1
    type: str = "application/json"
    headers: dict = dataclasses.field(default_factory=dict)
    seconds: float = 10
    mebibytes: int = 64
    # Left to `make soak`.
    is_long: bool = False

    def bytes(self):
        content = self.content() if callable(self.content) else self.content
        return content if isinstance(content, bytes) else content.encode()


def document(schemas, *paths, **more):
    """An operation for each schema in `paths`."""
    paths = {f"/p{number}": get(schema) for number, schema in enumerate(paths)}
    return json.dumps({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths, "components": {"schemas": schemas}, **more})


def get(schema):
    return {"get": {"responses": {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}}}


def to(name):
    return {"$ref": f"#/components/schemas/{name}"}


def padded(head, tail, unit):
    """As many units between as the largest document holds."""
    count = (MAXIMUM_BYTES - len(head) - len(tail)) // len(unit)
    return head + unit * count + tail


HEAD = '{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/p": {"get": {"summary": "s"}}}, "x-more": '
YAML = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {/p: {get: {summary: s}}}\n"


def reference_tree():
    """10^30 schemas, written out, below each of 100 operations."""
    schemas = {f"S{level}": {"type": "object", "properties": {f"m{n}": to(f"S{level + 1}") for n in range(10)}} for level in range(30)}
    return document({**schemas, "S30": {"type": "string"}}, *[to(f"S{n % 30}") for n in range(100)])


def whole_graph():
    """Each of 300 schemas refers to all: one cycle of 90,000 references."""
    schemas = {f"S{one}": {"type": "object", "properties": {f"m{other}": to(f"S{other}") for other in range(300)}} for one in range(300)}
    return document(schemas, *[to(f"S{n}") for n in range(20)])


def laughs():
    lines = ["a0: &a0 [" + ", ".join(["lol"] * 10) + "]"]
    lines += [f"a{level}: &a{level} [" + ", ".join([f"*a{level - 1}"] * 10) + "]" for level in range(1, 12)]
    return "openapi: 3.1.0\n" + "\n".join(lines) + "\n"


def merges(levels):
    """Each mapping takes in all before it."""
    lines = ["x0: &x0 {k0: v}"] + [
        f"x{level}: &x{level} {{<<: [{', '.join(f'*x{below}' for below in range(level))}], k{level}: v}}" for level in range(1, levels)]
    return YAML + "\n".join(lines) + "\n"


def text_of(value):
    return json.dumps({"openapi": "3.1.0", "paths": {"/p": {"get": {"summary": value}}, "/q": {"get": {}}}})


CASES = [
    # References
    Case("a schema that is itself", document({"A": to("A")}, to("A"))),
    Case("schemas that are each other", document({"A": to("B"), "B": to("C"), "C": to("A")}, to("A"), to("B")), entries=2),
    Case("a schema within itself", document({"A": {"properties": {"a": {"items": to("A")}}}}, to("A"))),
    Case("a reference to the document", document({}, {"$ref": "#"}), says="no pointer to a part"),
    Case("a reference into the operation that it stands in", document({}, {"properties": {"x": {"$ref": "#/paths/~1p0/get/responses/200/content/application~1json/schema"}}})),
    Case("references that multiply", reference_tree, entries=100, seconds=30, mebibytes=256),
    Case("a graph of references to all", whole_graph, "failed", "bytes; at most", seconds=30, mebibytes=256),
    Case("a chain of 50,000 references", lambda: document({**{f"S{n}": to(f"S{n + 1}") for n in range(50_000)}, "S50000": {"type": "null"}}, to("S0")), mebibytes=256),
    Case("a hundred thousand references to nothing", lambda: document({"A": {"properties": {f"p{n}": to(f"N{n}") for n in range(100_000)}}}, to("A")), state="failed", says="bytes; at most", seconds=30, mebibytes=256),
    Case("a property whose name is $ref", document({}, {"type": "object", "properties": {"$ref": {"type": "string"}}})),
    # YAML
    Case("a billion laughs", laughs, "failed", "aliases stand for more than", type="application/yaml"),
    Case("merges of merges", merges(8), type="application/yaml"),
    Case("merges of too many merges", merges(600), "failed", "aliases stand for more than", type="application/yaml"),
    Case("a merge of itself", YAML + "x: &x {<<: *x}\n", "failed", "", type="application/yaml"),
    Case("an alias within its anchor", YAML + "x: &x [*x]\n", "failed", "", type="application/yaml"),
    Case("tags of other languages", YAML + "x: !!python/object/apply:os.system ['touch /tmp/spandrel-was-here']\n", "failed", "tag", type="application/yaml"),
    Case("tags of types", YAML.replace("summary: s", "summary: !!str 1, deprecated: !!bool true"), type="application/yaml"),
    Case("a mapping as a key", YAML + "? {a: b}\n: c\n", "failed", "key", type="application/yaml"),
    Case("two documents in one file", YAML + "---\n" + YAML, "failed", "", type="application/yaml"),
    Case("sequences in sequences, in a line", lambda: YAML + "x: " + "[" * 50_000, "failed", "deep", type="application/yaml"),
    Case("sequences in sequences, by dashes", lambda: YAML + "x:\n  " + "- " * 50_000 + "a\n", "failed", "deep", type="application/yaml"),
    Case("mappings in mappings, by columns", lambda: YAML + "".join(" " * n + "k:\n" for n in range(3_000)), "failed", "", type="application/yaml"),
    Case("as many items as fit", lambda: padded(YAML + "x:\n", "", "- a\n"), "failed", "more than", type="application/yaml", seconds=60, mebibytes=800),
    Case("a comment of 32 MiB", lambda: padded(YAML, "\n", "# comment\n"), type="application/yaml", seconds=60, mebibytes=400, is_long=True),
    # JSON
    Case("as many numbers as fit", lambda: padded(HEAD + "[0", "]}", ",0"), seconds=60, mebibytes=800, is_long=True),
    Case("as many objects as fit", lambda: padded(HEAD + "[0", "]}", ",{}"), seconds=60, mebibytes=800),
    Case("as many members as fit", lambda: padded(HEAD + '{"a":0', "}}", ',"b":0'), seconds=60, mebibytes=800, says="stands more than once", is_long=True),
    Case("a text of 32 MiB", lambda: padded((HEAD + '"').encode(), b'"}', "é".encode()), seconds=30, mebibytes=400),
    Case("a text of 32 MiB, escaped", lambda: padded(HEAD + '"', '"}', "\\u00e9"), seconds=30, mebibytes=400, is_long=True),
    Case("arrays in arrays", "[" * 100_000, "failed", "deep"),
    Case("objects in objects", lambda: HEAD + '{"a":' * 100_000, "failed", "deep"),
    Case("a schema deeper than an entry may be", lambda: document({"A": json.loads('{"items":' * 90 + "{}" + "}" * 90)}, to("A"), {}), entries=1, says="deep"),
    Case("a path of a megabyte", lambda: document({}, {}).replace("/p0", "/" + "p" * (1 << 20)), "failed", "bytes"),
    Case("a schema's name of a megabyte", lambda: document({"A" * (1 << 20): {"items": to("A" * (1 << 20))}}, to("A" * (1 << 20)))),
    Case("keys that stand twice, 50,000 times", lambda: HEAD + "{" + ",".join(f'"k{n}":0,"k{n}":1' for n in range(50_000)) + "}}", says="more than once", seconds=30, mebibytes=256),
    Case("a path that stands twice", '{"openapi": "3.1.0", "paths": {"/p": {"get": {}}, "/p": {"put": {}}}}', says="more than once"),
    Case("a text with U+0000", text_of("a\0b"), says="U+0000"),
    Case("half of a surrogate pair", text_of("x").replace('"x"', '"\\ud800"'), entries=2),
    Case("numbers beyond all", HEAD + "[1e999, -1e999, 1" + "0" * 5_000 + "]}"),
    # Encodings
    Case("UTF-16 with a mark", document({}, {}).encode("utf-16"), "failed", "UTF-16"),
    Case("UTF-16 without a mark", document({}, {}).encode("utf-16-be"), "failed", "UTF-16"),
    Case("UTF-32", document({}, {}).encode("utf-32"), "failed", "UTF-32"),
    Case("UTF-8 with a mark", b"\xef\xbb\xbf" + document({}, {}).encode()),
    Case("Latin-1", YAML.replace("summary: s", "summary: caf\u00e9").encode("latin-1"), "failed", "not UTF-8", type="application/yaml"),
    Case("a zero byte within", YAML.encode().replace(b"s}", b"s\0}"), "failed", "", type="application/yaml"),
    Case("the encoding of surrogates", YAML.encode().replace(b"summary: s", b"summary: \xed\xa0\x80"), "failed", "not UTF-8", type="application/yaml"),
    # Something else
    Case("blanks", " \n\t ", "failed", "empty"),
    Case("null", "null", "failed", "an object"),
    Case("a page", "<!doctype html><title>Sign in</title>", "failed", "", type="application/yaml"),
    Case("a picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "failed", "not UTF-8"),
    Case("OpenAPI 3.2", '{"openapi": "3.2.0", "paths": {}}', "failed", "3.2.0"),
    Case("OpenAPI 3.1 in a number", "openapi: 3.1\npaths: {/p: {get: {}}}", type="application/yaml"),
    Case("paths in a list", '{"openapi": "3.1.0", "paths": []}', "failed", "paths are an object"),
    Case("everything of the wrong type", json.dumps({"openapi": "3.1.0", "paths": {"/p": {"get": {
        "tags": 1, "summary": [], "operationId": {}, "parameters": {}, "requestBody": [], "responses": 3, "security": "x", "servers": {}, "deprecated": "no"}}}}), says="parameters are a list"),
    Case("no operations", '{"openapi": "3.1.0", "paths": {}}', entries=0, says="no operations"),
    # Size, and what it is packed in
    Case("a byte too many", lambda: b" " * (MAXIMUM_BYTES + 1), 413, ""),
]
