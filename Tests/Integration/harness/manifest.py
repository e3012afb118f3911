"""Writes into the manifest of a stopped server, as docs/manifest-format.md says: what an edit of the server's own would."""
import struct
from harness.refused_files import crc32c, varint

EDIT_HEADER = struct.Struct("<4sIIIQ")


def mask_rows(data, segment, runs, horizon=1):
    """Masks rows of a segment, given as (first, count) that ascend and do not touch."""
    directory = data / "store" / "manifest"
    path = directory / (directory / "CURRENT").read_text().split()[0]
    content = path.read_bytes()
    salt = content[16:24]
    offset, number = 64, 0
    while content[offset:offset + 4] == b"SPME":
        _, _, _, length, number = EDIT_HEADER.unpack_from(content, offset)
        offset += (EDIT_HEADER.size + length + 7) // 8 * 8
    body, end = varint(segment) + varint(horizon) + varint(len(runs)), 0
    for first, count in runs:
        body += varint(first - end) + varint(count - 1)
        end = first + count
    payload = varint(4) + varint(len(body)) + body
    header = struct.pack("<IIQ", crc32c(salt + payload), len(payload), number + 1)
    edit = b"SPME" + struct.pack("<I", crc32c(salt + header)) + header + payload
    path.write_bytes(content[:offset] + edit + bytes(-len(edit) % 8))
