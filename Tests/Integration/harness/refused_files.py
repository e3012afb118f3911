"""Files of refused spans, written by their description (Sources/SpanStore/WAL/RejectedSpanCoding.swift) and no code of the server."""
import struct

PROTOBUF, JSON = 1, 2


def _crc32c_table():
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return table


_TABLE = _crc32c_table()


def crc32c(data):
    value = 0xFFFFFFFF
    for byte in data:
        value = value >> 8 ^ _TABLE[(value ^ byte) & 0xFF]
    return value ^ 0xFFFFFFFF


def varint(value):
    return bytes([value]) if value < 0x80 else bytes([value & 0x7F | 0x80]) + varint(value >> 7)


def text(value):
    return varint(len(value)) + value


def record(body):
    return struct.pack("<II", len(body), crc32c(body)) + body


def origin(exporter, resource=None, resource_url=None, scope=None, scope_url=None):
    parts = b"".join(b"\0" if part is None else varint(len(part) + 1) + part for part in (resource, resource_url, scope, scope_url))
    return record(bytes([1, 1]) + text(exporter.encode()) + parts)


def span(id, received, reason, source, codec=PROTOBUF, has_origin=True):
    return record(struct.pack("<BBBBIQQ", 2, codec, 2 if has_origin else 0, 0, len(source), received, id) + text(reason.encode()) + source)


def first_version_span(received, reason, source, codec=PROTOBUF):
    return record(struct.pack("<QBBHI", received, codec, 0, 0, len(source)) + text(reason.encode()) + source)


def write(data, project, number, records, oldest, version=2):
    """A file of a project of a server that is stopped. Ids of its spans begin at `number << 24`."""
    directory = data / "store/quarantine/spans" / f"project={project}"
    directory.mkdir(parents=True, exist_ok=True)
    header = b"SPNDLREJ" + struct.pack("<II", version, 0) + (struct.pack("<Q", oldest) if version == 2 else b"")
    path = directory / f"{number:016d}.rejected"
    path.write_bytes(header + b"".join(records))
    return path
