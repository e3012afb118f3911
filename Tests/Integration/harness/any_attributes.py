"""Attributes of every kind a sender may think of, drawn from a seeded generator: keys that mean something under values they never have, keys
that mean nothing, every type of value, nesting, numbers that are none, JSON that is broken."""
import re
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from harness.server import REPOSITORY

# Bytes of a key (docs/limits.md), and as many arrays and maps within each other as Python's protobuf reads; hostile_inputs.py has more.
MAXIMUM_KEY_BYTES, MAXIMUM_DEPTH = 256, 30

TEXTS = ["", " ", "12", "1e400", "-0", "[", '["a"', "[[[[[[", '{"a":', "null", "chat", "LLM", "openai", "gpt-4.1", "{'input': 1}", '"LLM"', '"\\ud800"',
         '{"input":12,"output":"7","total":1e2}', '{"anthropic":{"usage":{"input_tokens":', '{"input":0.5,"x":[1]}', '{"input":1,"input":2}', "a,b,,c", "batch",
         "\0", "\ufeff", "\u202e\u200d", "\ue000\uffff", "é\u0001\U0001f600", '[{"role":"user","content":[{"type":"text","text":{"a":[null]}}]}]',
         '[{"role":7,"parts":"none"},null,[[]]]', "[" * 5000, '{"a":' * 3000 + "1" + "}" * 2999, "x" * 20_000]
INTEGERS = [0, 1, -1, 512, 2**53 + 1, 2**63 - 1, -(2**63)]
DOUBLES = [0.0, -0.0, 0.5, -7.25, 42.0, 1e300, 5e-324, 2.0**63, float("nan"), float("inf"), float("-inf")]
BYTES = [b"", b"\0", b"text", b"\xff\xfe\x80", bytes(range(256)), b"[1,2", b"\x80" * 3000]
# Among them names of one look and two spellings, and combining marks, which join what stands before them.
KEYS = ["", ".", "..", "a.b/c d", " ", "\0", "k" * MAXIMUM_KEY_BYTES, "é" * (MAXIMUM_KEY_BYTES // 2), "é", "e\u0301", "\u0301", "\u0711x", "\ufe0f", "\u200d",
        "attributes.", "0", "events.0.attributes.k"]


def known_keys():
    """Every key that the mapping reads, as its rules have them, and some of lists that are written out."""
    keys = set()
    for file in (REPOSITORY / "Sources/GenAIConventions/Mapping").glob("MappingRules*.swift"):
        keys.update(re.findall(r'\.(?:exact|member|prefix)\("([^"]+)"', file.read_text()))
    indexed = [f"{place}.{member}" for place in ("gen_ai.prompt.0", "gen_ai.completion.1", "llm.input_messages.0.message", "llm.output_messages.7.message")
               for member in ("role", "content", "tool_calls.0.name", "contents.0.message_content.text")]
    return sorted(keys) + indexed + ["gen_ai.prompt.x.role", "gen_ai.prompt.99999999999999999999.role", "gen_ai.tool.definitions", "error.type", "log.body"]


def string(text):
    return AnyValue(string_value=text)


def array(values):
    made = AnyValue()
    made.array_value.SetInParent()
    made.array_value.values.extend(values)
    return made


def members(pairs):
    made = AnyValue()
    made.kvlist_value.SetInParent()
    made.kvlist_value.values.extend(KeyValue(key=key, value=value) for key, value in pairs.items())
    return made


def nested(depth, inner):
    for level in range(depth):
        inner = array([inner]) if level % 2 else members({"k": inner})
    return inner


def absurd_values(generator):
    """One of each type, none of them what a key of the conventions has."""
    return [string(generator.choice(TEXTS)), AnyValue(bool_value=generator.random() < 0.5), AnyValue(int_value=generator.choice(INTEGERS)),
            AnyValue(double_value=generator.choice(DOUBLES)), AnyValue(bytes_value=generator.choice(BYTES)), AnyValue(), array([]), members({}),
            array([string("a"), AnyValue(int_value=1), AnyValue()]), members({"": AnyValue(bytes_value=b"\0"), "input": AnyValue(double_value=float("nan"))}),
            nested(generator.randrange(2, MAXIMUM_DEPTH + 1), string("deep"))]


def any_value(generator, depth=0):
    kind = generator.randrange(6 if depth > 3 else 9)
    if kind == 0:
        return string(generator.choice(TEXTS))
    if kind == 1:
        return string(any_text(generator, generator.choice([3, 30, 300])))
    if kind in (2, 3, 4, 5):
        return absurd_values(generator)[kind - 1]
    if kind == 6:
        return AnyValue()
    if kind == 7:
        return array([any_value(generator, depth + 1) for _ in range(generator.randrange(5))])
    return members({any_key(generator): any_value(generator, depth + 1) for _ in range(generator.randrange(5))})


def any_text(generator, length):
    planes = [(1, 0x7F), (0x80, 0x7FF), (0x800, 0xD7FF), (0xE000, 0xFFFF), (0x10000, 0x10FFFF)]
    return "".join(chr(generator.randint(*generator.choice(planes))) for _ in range(generator.randrange(length + 1)))


def any_key(generator):
    key = generator.choice(KEYS) if generator.random() < 0.3 else any_text(generator, generator.choice([2, 20, MAXIMUM_KEY_BYTES // 4]))
    assert len(key.encode()) <= MAXIMUM_KEY_BYTES
    return key


def spans_of_attributes(generator, random_count):
    """Attribute maps, one for each span: every known key under every type of value, then maps of anything."""
    keys, kinds, maps = known_keys(), len(absurd_values(generator)), []
    for kind in range(kinds):
        generator.shuffle(keys)
        for start in range(0, len(keys), 40):
            maps.append({key: absurd_values(generator)[kind] for key in keys[start:start + 40]})
    for _ in range(random_count):
        chosen = generator.sample(keys, generator.randrange(12)) + [any_key(generator) for _ in range(generator.randrange(12))]
        maps.append({key: any_value(generator) for key in chosen})
    return maps
