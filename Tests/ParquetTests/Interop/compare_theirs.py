"""Compares what our reader made of each file in a folder with what pyarrow makes of it, and with what DuckDB makes of its own: pyarrow refuses the
deltas of 33 bits that DuckDB writes between numbers of 32."""
import glob
import os
import sys

import duckdb
import pyarrow.parquet as pq

from arrow_rows import rows
from normalize import compare, load


def main():
    differences = 0
    for path in sorted(glob.glob(os.path.join(sys.argv[1], "*.parquet"))):
        name = os.path.basename(path)
        table = duckdb.read_parquet(path).to_arrow_table() if name.startswith("duckdb-") else pq.read_table(path)
        differences += compare(name, load(path + ".jsonl"), rows(table))
    sys.exit(1 if differences else 0)


main()
