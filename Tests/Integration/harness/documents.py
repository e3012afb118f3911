"""OpenAPI documents of other people's software, and what must become of each of their operations, found out without a line of ours."""
import json, subprocess, tempfile
from harness.server import REPOSITORY

PROGRAM = REPOSITORY / "Tests/Integration/documents/openapi.py"
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
# What only says something about a schema stands in place of the target's; anything else holds beside the target.
ANNOTATIONS = {
    "title", "description", "summary", "default", "example", "examples", "deprecated", "readOnly", "writeOnly", "externalDocs", "$comment"}
MAPS_OF_SCHEMAS = {"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"}
LISTS_OF_SCHEMAS = {"allOf", "anyOf", "oneOf", "prefixItems"}
SCHEMAS = {
    "items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames", "unevaluatedItems", "unevaluatedProperties",
    "contentSchema"}


def python(environment):
    return REPOSITORY / f".venv/{environment}/bin/python"


def packaged(path):
    """A file that a package of the environment `documents` brings."""
    (site,) = (REPOSITORY / ".venv/documents/lib").glob("python*/site-packages")
    return (site / path).read_bytes()


def generated(application, environment="documents"):
    """What an application makes of itself."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        _run(environment, "write", application, file.name)
        return file.read()


def faults(document):
    """What openapi-spec-validator finds wrong with it."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(document, file, default=str)
        file.flush()
        return json.loads(_run("documents", "validate", file.name))


def _run(environment, *arguments):
    done = subprocess.run([python(environment), PROGRAM, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-4_000:]
    return done.stdout


def read(content):
    """A document as a value, from JSON or, by PyYAML, from YAML."""
    if content.lstrip()[:1] == b"{":
        return json.loads(content)
    with tempfile.NamedTemporaryFile(suffix=".yaml") as file:
        file.write(content)
        file.flush()
        return json.loads(_run("documents", "read", file.name))


def lookup(root, reference):
    assert reference.startswith("#/"), reference
    value = root
    for token in reference[2:].split("/"):
        token = token.replace("~1", "/").replace("~0", "~")
        value = value[int(token)] if isinstance(value, list) else value[token]
    return value


def operations(document):
    """(method, path) -> the operation, and the path's item for what it takes over from there."""
    found = {}
    for path, item in document.get("paths", {}).items():
        if "$ref" in item:
            item = lookup(document, item["$ref"])
        for method in METHODS:
            if method in item:
                found[method.upper(), path] = (item[method], item)
    return found


class Comparison:
    """Of an operation as its document has it with the details of an entry: the same once all references are followed. Raises AssertionError
    with the place. `is_old`: OpenAPI 3.0, whose schemas are made ones of 3.1."""

    def __init__(self, document, details):
        self.document, self.details = document, details
        self.is_old = document["openapi"].startswith("3.0")
        self.seen = set()

    def check(self, operation, item):
        inherited = self.parameters(item)
        parameters = {**inherited, **self.parameters(operation)}
        entry = {(value["in"], value["name"]): value for value in self.details.get("parameters", [])}
        assert entry.keys() == parameters.keys(), (entry.keys(), parameters.keys())
        for key, value in parameters.items():
            self.same(value, entry[key], f"parameters {key}")
        for member in ("requestBody", "responses"):
            assert (member in operation) == (member in self.details), member
            if member in operation:
                self.same(operation[member], self.details[member], member)
        security = operation.get("security", self.document.get("security"))
        assert self.details.get("security") == security
        schemes = self.details.get("components", {}).get("securitySchemes", {})
        known = self.document.get("components", {}).get("securitySchemes", {})
        named = {name for requirement in security or [] for name in requirement}
        assert all(schemes[name] == known[name] for name in named & known.keys())

    def parameters(self, holder):
        found = {}
        for value in holder.get("parameters", []):
            if "$ref" in value:
                value = lookup(self.document, value["$ref"])
            found.setdefault((value["in"], value["name"]), value)
        return found

    def same(self, source, entry, place):
        """Of all that is no schema."""
        if isinstance(source, dict) and isinstance(source.get("$ref"), str):
            beside = {key: value for key, value in source.items() if key in ("summary", "description")}
            return self.same({**lookup(self.document, source["$ref"]), **beside}, entry, place)
        if isinstance(source, dict):
            assert isinstance(entry, dict) and source.keys() == entry.keys(), (place, source, entry)
            for key, value in source.items():
                if key == "schema":
                    self.same_schema(value, entry[key], f"{place}.{key}")
                elif key in ("example", "value", "default"):
                    assert value == entry[key], f"{place}.{key}"
                else:
                    self.same(value, entry[key], f"{place}.{key}")
        else:
            assert source == entry, (place, source, entry)

    def same_schema(self, source, entry, place):
        pair = tuple(value["$ref"] if isinstance(value, dict) and isinstance(value.get("$ref"), str) else None for value in (source, entry))
        if all(pair):
            if pair in self.seen:
                return
            # Overrides are compared each time, what is beyond the references once.
            if source.keys() == {"$ref"} == entry.keys():
                self.seen.add(pair)
        source, entry = self.followed(self.document, source, self.is_old), self.followed(self.details, entry, False)
        if not isinstance(source, dict):
            assert source == entry, (place, source, entry)
            return
        assert isinstance(entry, dict) and source.keys() == entry.keys(), (place, source, entry)
        for key, value in source.items():
            other, where = entry[key], f"{place}.{key}"
            if key in MAPS_OF_SCHEMAS:
                assert value.keys() == other.keys(), where
                for name in value:
                    self.same_schema(value[name], other[name], f"{where}.{name}")
            elif key in LISTS_OF_SCHEMAS:
                assert len(value) == len(other), where
                for number, (one, another) in enumerate(zip(value, other)):
                    self.same_schema(one, another, f"{where}.{number}")
            elif key in SCHEMAS:
                self.same_schema(value, other, where)
            elif key == "discriminator":
                # Its mapping names schemas of the document, as references.
                assert value["propertyName"] == other["propertyName"], where
            else:
                assert value == other, (where, value, other)

    def followed(self, root, schema, is_old):
        """Without a reference at its top."""
        if is_old and isinstance(schema, dict):
            schema = upgraded(schema)
        if not isinstance(schema, dict) or not isinstance(schema.get("$ref"), str):
            return schema
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        if any(key not in ANNOTATIONS and not key.startswith("x-") for key in beside):
            parts = [{"$ref": schema["$ref"]}, *beside.pop("allOf", [])]
            return {"allOf": parts, **beside}
        target = self.followed(root, lookup(root, schema["$ref"]), is_old)
        return {**target, **beside} if beside and isinstance(target, dict) else target


def upgraded(schema):
    """A schema of OpenAPI 3.0 as one of 3.1, as the OpenAPI Initiative's page on upgrading says."""
    schema = dict(schema)
    for flag, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(schema.get(flag), bool) and schema.pop(flag) and limit in schema:
            schema[flag] = schema.pop(limit)
    if not isinstance(schema.get("nullable"), bool) or not schema.pop("nullable"):
        return schema
    if isinstance(schema.get("type"), str):
        return {**schema, "type": [schema["type"], "null"]}
    parts = {key: schema.pop(key) for key in ("$ref", "allOf", "anyOf", "oneOf") if key in schema}
    return {**schema, "anyOf": [parts, {"type": "null"}]} if parts else schema
