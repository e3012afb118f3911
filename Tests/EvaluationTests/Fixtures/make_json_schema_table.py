#!/usr/bin/env python3
"""Makes json-schema-table.jsonl: random schemas and values, and whether PyPI's `jsonschema` says that they hold.

    pip install jsonschema==4.26.0 && python make_json_schema_table.py > json-schema-table.jsonl

Lines are {"schema": ..., "values": [[value, holds], ...]}. The seed is fixed: the same table every time.
"""
import json
import random

import jsonschema

random.seed(20260901)
KEYS = ["a", "b", "c", "ab", "x1"]
TEXTS = ["", "a", "ab", "abc", "x1", "héé", "2024-01-01", "aaa"]
NUMBERS = [0, 1, 2, 3, -1, 10, 1.0, 1.5, -0.5, 2.5, 1e3, 7]
PATTERNS = ["^a", "b$", "^[a-c]+$", "[0-9]", "^x.*1$", "a{2,}"]
TYPES = ["null", "boolean", "object", "array", "number", "string", "integer"]


def value(depth=0):
    kind = random.randrange(7 if depth < 3 else 4)
    if kind == 0:
        return random.choice([None, True, False])
    if kind == 1:
        return random.choice(NUMBERS)
    if kind in (2, 3):
        return random.choice(TEXTS)
    if kind == 4:
        return [value(depth + 1) for _ in range(random.randrange(4))]
    return {key: value(depth + 1) for key in random.sample(KEYS, random.randrange(4))}


def keyword(depth):
    """One or a few keywords that belong together."""
    sub = lambda: schema(depth + 1)
    some = lambda: [sub() for _ in range(random.randint(1, 3))]
    small = lambda: random.randrange(4)
    leaf = [
        lambda: {"type": random.choice(TYPES)},
        lambda: {"type": random.sample(TYPES, 2)},
        lambda: {"enum": [value(2) for _ in range(3)]},
        lambda: {"const": value(2)},
        lambda: {"minimum": random.choice(NUMBERS)},
        lambda: {"maximum": random.choice(NUMBERS)},
        lambda: {"exclusiveMinimum": random.choice(NUMBERS)},
        lambda: {"exclusiveMaximum": random.choice(NUMBERS)},
        lambda: {"multipleOf": random.choice([1, 2, 0.5, 3, 1.5])},
        lambda: {"minLength": small()},
        lambda: {"maxLength": small()},
        lambda: {"pattern": random.choice(PATTERNS)},
        lambda: {"minItems": small()},
        lambda: {"maxItems": small()},
        lambda: {"uniqueItems": random.choice([True, True, False])},
        lambda: {"minProperties": small()},
        lambda: {"maxProperties": small()},
        lambda: {"required": random.sample(KEYS, random.randint(0, 2))},
        lambda: {"dependentRequired": {random.choice(KEYS): random.sample(KEYS, 1)}},
        lambda: {"$ref": random.choice(["#", "#/$defs/one", "#/$defs/two", "#named"])},
    ]
    nested = [
        lambda: {"prefixItems": some()},
        lambda: {"items": sub()},
        lambda: {"contains": sub()},
        lambda: {"contains": sub(), "minContains": random.randrange(3), "maxContains": random.randint(1, 3)},
        lambda: {"properties": {key: sub() for key in random.sample(KEYS, 2)}},
        lambda: {"patternProperties": {random.choice(PATTERNS): sub()}},
        lambda: {"additionalProperties": sub()},
        lambda: {"properties": {random.choice(KEYS): sub()}, "additionalProperties": random.choice([False, sub()])},
        lambda: {"propertyNames": sub()},
        lambda: {"dependentSchemas": {random.choice(KEYS): sub()}},
        lambda: {"allOf": some()},
        lambda: {"anyOf": some()},
        lambda: {"oneOf": some()},
        lambda: {"not": sub()},
        lambda: {"if": sub(), "then": sub(), "else": sub()},
        lambda: {"unevaluatedProperties": random.choice([False, sub()])},
        lambda: {"unevaluatedItems": random.choice([False, sub()])},
    ]
    return random.choice(leaf if depth > 2 or random.random() < 0.45 else nested)()


def schema(depth=0):
    if depth > 0 and random.random() < 0.08:
        return random.choice([True, False])
    found = {}
    for _ in range(random.randint(1, 3)):
        found |= keyword(depth)
    return found


def main():
    rows = 0
    while rows < 600:
        root = schema()
        root["$defs"] = {"one": schema(2), "two": {"$anchor": "named"} | keyword(2)}
        validator = jsonschema.Draft202012Validator(root)
        try:
            answers = [[v, validator.is_valid(v)] for v in (value() for _ in range(12))]
        except RecursionError:  # a reference that leads to itself without end
            continue
        # Both answers, or there is little to learn.
        if len({answer for _, answer in answers}) < 2 and random.random() < 0.8:
            continue
        print(json.dumps({"schema": root, "values": answers}, ensure_ascii=False, separators=(",", ":")))
        rows += 1


main()
