"""Rows of an Arrow table as Python values, timestamps as integers."""
import pyarrow as pa

from normalize import plain


def rows(table):
    columns = {}
    for name, column in zip(table.column_names, table.columns):
        columns[name] = values(column.combine_chunks() if column.num_chunks != 1 else column.chunk(0))
    return [dict(zip(columns, row)) for row in zip(*columns.values())]


def values(array):
    kind = array.type
    if pa.types.is_dictionary(kind):
        return values(array.dictionary_decode())
    if pa.types.is_timestamp(kind):
        return array.cast(pa.int64()).to_pylist()
    if pa.types.is_struct(kind):
        valid = array.is_valid().to_pylist()
        parts = {field.name: values(array.field(index)) for index, field in enumerate(kind)}
        names = list(parts)
        return [dict(zip(names, row)) if ok else None for ok, row in zip(valid, zip(*parts.values()))]
    if pa.types.is_map(kind):
        entries = [list(pair) for pair in zip(values(array.keys), values(array.items))]
        return slices(array, entries)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return slices(array, values(array.values))
    return [plain(value) for value in array.to_pylist()]


def slices(array, entries):
    offsets = array.offsets.to_pylist()
    valid = array.is_valid().to_pylist()
    return [entries[start:end] if ok else None for ok, start, end in zip(valid, offsets, offsets[1:])]
