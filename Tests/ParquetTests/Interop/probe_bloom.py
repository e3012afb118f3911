"""DuckDB's own look into a bloom filter must agree with ours for every probe."""
import sys

import duckdb


def main():
    path, differences = sys.argv[1], 0
    connection = duckdb.connect()
    with open(sys.argv[2], encoding="utf-8") as lines:
        for line in lines:
            probe, ours = line.split()
            excludes = connection.execute(f"select bloom_filter_excludes from parquet_bloom_probe('{path}', 'id', '{probe}')").fetchone()[0]
            if excludes == (ours == "True" or ours == "true"):
                print(f"{probe}: DuckDB excludes: {excludes}, ours might contain: {ours}")
                differences += 1
    sys.exit(1 if differences else 0)


main()
