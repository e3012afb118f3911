"""Archives made to take time or memory, to reach out of their folder, or not to be what they say: each with what must become of it.
`files`: the keys of the entries that come of it."""
import dataclasses, io, random, stat, struct, warnings, zipfile

GOOD = ("good.md", "# Good\n")
MAXIMUM_BYTES = 32 << 20


@dataclasses.dataclass
class Case:
    name: str
    content: object
    keys: tuple = ("good",)
    says: str = ""
    state: str = "succeeded"
    seconds: float = 10
    mebibytes: int = 64

    def bytes(self):
        return self.content() if callable(self.content) else self.content


def archive(*files, method=zipfile.ZIP_DEFLATED):
    """Of (name or ZipInfo, text)."""
    bytes = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(bytes, "w", method) as zip:
        # That a name stands twice is what is wanted.
        warnings.simplefilter("ignore")
        for file, text in files:
            zip.writestr(file, text, compress_type=method)
    return bytes.getvalue()


def symbolic_link(name, target):
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info, target


def encrypted():
    """By its flags: what would be decrypted is of no interest."""
    content = bytearray(archive(("secret.md", "x" * 100), GOOD))
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        content[content.index(signature) + offset] |= 1
    return bytes(content)


def renamed(old, new):
    """A name in bytes that no well-behaved program writes."""
    return archive((old, "# Renamed\n"), GOOD).replace(old.encode(), new)


def many_files(count):
    return archive(*[(f"f{number}.md", "x") for number in range(count)], method=zipfile.ZIP_STORED)


def overlapping(count):
    """Every name stands for the same packed megabyte."""
    text = "".join(f"Line {random.Random(line).random()} of a text.\n" for line in range(40_000))[:1 << 20]
    single = archive(("0000000.md", text))
    start, end = single.index(b"PK\1\2"), single.index(b"PK\5\6")
    header = single[start:end]
    directory = b"".join(header.replace(b"0000000", b"%07d" % number) for number in range(count))
    # The record's count has 16 bits; readers without ZIP64 take it as it is.
    tail = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory), start, 0)
    return single[:start] + directory + tail


def large(mebibytes):
    """Text that packs as text does, in files of one megabyte."""
    line = "".join(chr(97 + random.Random(place).randrange(26)) for place in range(60)) + "\n"
    text = line * ((1 << 20) // len(line) - 1)
    packed = "".join(f"{random.Random(place).random()}\n" for place in range(2_000)) + text
    return archive(*[(f"f{number}.md", packed[:(1 << 20) - 100]) for number in range(mebibytes)])


def many_references():
    """Three documents that one operation after the other makes the reader follow 600,000 references: as long as it counts for each of them
    alone, none of them is too much. The fourth has a single one."""
    schema_count, operation_count = 1_100, 28
    def to(number):
        return f'{{"$ref":"#/components/schemas/{number}"}}'
    def document(schemas, count, last):
        paths = ",".join(
            f'"/p{number}":{{"get":{{"responses":{{"200":{{"description":"","content":{{"a/b":{{"schema":{to(last)}}}}}}}}}}}}}'
            for number in range(count))
        return f'{{"openapi":"3.1.0","paths":{{{paths}}},"components":{{"schemas":{{{schemas}}}}}}}'
    # Each refers to all before it.
    schemas = ",".join(f'"{number}":{{"allOf":[{",".join(map(to, range(number)))}]}}' for number in range(schema_count))
    large = document(schemas, operation_count, schema_count - 1)
    return archive(
        *[(f"openapi/d{number}.json", large) for number in range(3)], ("openapi/small.json", document('"0":{}', 1, 0)), GOOD)


def zip64():
    bytes = io.BytesIO()
    with zipfile.ZipFile(bytes, "w", zipfile.ZIP_DEFLATED) as zip:
        with zip.open(zipfile.ZipInfo("good.md"), "w", force_zip64=True) as file:
            file.write(b"# Good\n")
    return bytes.getvalue()


class _Pipe(io.RawIOBase):
    """Cannot be gone back in: sizes come behind the data."""

    def __init__(self):
        self.bytes = b""

    def writable(self):
        return True

    def write(self, data):
        self.bytes += bytes(data)
        return len(data)


def with_data_descriptors():
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as zip:
        zip.writestr(*GOOD)
    assert b"PK\7\x08" in pipe.bytes
    return pipe.bytes


def lying(says):
    """A file of a megabyte whose directory says another size."""
    content = archive(("liar.md", "".join(f"Line {line} of a text.\n" for line in range(50_000))), GOOD)
    place = content.index(b"PK\1\2") + 24
    return content[:place] + struct.pack("<L", says) + content[place + 4:]


def wrong_checksum():
    content = archive(("damaged.md", "text " * 100), GOOD)
    place = content.index(b"PK\1\2") + 16
    return content[:place] + b"\1\2\3\4" + content[place + 4:]


CASES = [
    Case("a folder in folders", archive(("/".join("abcdefgh") + "/deep.md", "# Deep\n"), GOOD), ("a/b/c/d/e/f/g/h/deep", "good")),
    Case("a thousand folders", archive(("a/" * 1_000 + "deep.md", "x"), GOOD), says="too long"),
    Case("folders as entries", archive(("empty/", ""), GOOD)),
    Case("a symbolic link", archive(symbolic_link("link.md", "/etc/passwd"), GOOD), says="symbolic link"),
    Case("a symbolic link as a folder", archive(symbolic_link("folder", "/etc"), ("folder/passwd.md", "x"), GOOD), ("folder/passwd", "good"), "symbolic link"),
    Case("an encrypted file", encrypted, says="encrypted"),
    Case("a name that stands twice", archive(GOOD, ("good.md", "# Other\n")), says="the first counts"),
    Case("names that differ in case", archive(GOOD, ("GOOD.md", "x")), ("GOOD", "good")),
    Case("two files of one key", archive(GOOD, ("other.md", "---\nkey: good\n---\nx")), says="has an entry with the key"),
    Case("a name that is not UTF-8", renamed("cafe.md", b"caf\xe9.md"), says="not UTF-8"),
    Case("a name in UTF-8", archive(("café/日本.md", "x"), GOOD), ("café/日本", "good")),
    Case("a name that leads out", archive(("../../etc/cron.d/x.md", "x"), ("a/../../x.md", "x"), GOOD), says="leads out"),
    Case("an absolute name", archive(("/etc/x.md", "x"), GOOD), says="absolute"),
    Case("a name on a drive", archive(("C:/x.md", "x"), GOOD), says="absolute"),
    Case("a key that leads out", archive(("a.md", "---\nkey: ../../b\n---\nx"), GOOD), says="no part of a key"),
    Case("separators of Windows", archive(("a\\b.md", "x"), GOOD), says="backslash"),
    Case("a name with a line break", archive(("a\nb.md", "x"), GOOD), says="control characters"),
    Case("other files, and archives within", archive(("more.zip", archive(GOOD)), ("x.exe", "MZ"), GOOD), says="neither Markdown nor"),
    Case("ZIP64", zip64),
    Case("data descriptors", with_data_descriptors),
    Case("not packed", archive(GOOD, method=zipfile.ZIP_STORED)),
    Case("packed by bzip2", archive(GOOD, method=zipfile.ZIP_BZIP2)),
    Case("packed by what few can unpack", archive(("lzma.md", "x"), method=zipfile.ZIP_LZMA), (), "cannot be unpacked", "failed"),
    Case("something in front", b"#!/bin/sh\nexit\n" + archive(GOOD), None, state=None),
    Case("cut off", archive(("a.md", "x" * 1000), GOOD)[:-30], (), "no zip archive", "failed"),
    Case("its beginning alone", large(1)[:1000], (), "no zip archive", "failed"),
    Case("a file that is larger than it says", lying(10), says="bytes that the archive says"),
    Case("a file that is smaller than it says", lying(2_000_000), says="bytes that the archive says"),
    Case("a file that says four gigabytes", lying(0xfffffffe), says="packed to less than"),
    Case("a wrong checksum", wrong_checksum, says="CRC"),
    Case("no files", archive(), ()),
    Case("no archive", b"# A Markdown file\n", (), "no zip archive", "failed"),
    Case("zeros", archive(("zeros.md", "\0" * (64 << 20)), GOOD), says="packed to less than"),
    Case("a text longer than an entry", lambda: archive(("long.md", "".join(f"{n} words. " for n in range(200_000))), GOOD), says="bytes"),
    Case("text that is not UTF-8", archive(("latin.md", "café".encode("latin-1")), ("wide.md", "x".encode("utf-16")), GOOD), says="not UTF-8"),
    Case("a billion laughs in front matter", archive(("l.md", "---\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}' if n else 'x'] * 10)}]\n" for n in range(12)) + "---\nx"), GOOD), says="aliases stand for more than"),
    Case("more than is unpacked", lambda: large(300), (), "more than 256 MiB", "failed", seconds=20),
    Case("more references than are followed", many_references, says="too many to follow", seconds=60, mebibytes=800),
    Case("names for one and the same megabyte", lambda: overlapping(2_000), (), "more than 256 MiB", "failed"),
    Case("more files than entries", lambda: many_files(100_001), (), "at most 100000", "failed", seconds=30, mebibytes=256),
]
