"""Values of any reader in one form, so that they can be compared with the JSON of the Swift side."""
import json
import math


def plain(value):
    if isinstance(value, (bytes, bytearray)):
        return {"hex": bytes(value).hex()}
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    return value


def equal(a, b):
    if isinstance(a, float) and isinstance(b, float):
        return a == b or (math.isnan(a) and math.isnan(b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(equal(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(equal(x, y) for x, y in zip(a, b))
    return type(a) is type(b) and a == b or (isinstance(a, (int, float)) and isinstance(b, (int, float)) and a == b)


def load(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def compare(name, found, expected):
    """Answers the number of differences and prints the first few."""
    if len(found) != len(expected):
        print(f"{name}: {len(found)} rows, expected {len(expected)}")
        return 1
    differences = 0
    for row, (a, b) in enumerate(zip(found, expected)):
        for column in b:
            if column not in a or not equal(a[column], b[column]):
                differences += 1
                if differences <= 5:
                    print(f"{name}: row {row}, {column}: {a.get(column)!r}, expected {b[column]!r}")
    return differences
