"""Compares what our reader made of each file in a folder with what pyarrow makes of it."""
import glob
import os
import sys

import pyarrow.parquet as pq

from arrow_rows import rows
from normalize import compare, load


def main():
    differences = 0
    for path in sorted(glob.glob(os.path.join(sys.argv[1], "*.parquet"))):
        differences += compare(os.path.basename(path), load(path + ".jsonl"), rows(pq.read_table(path)))
    sys.exit(1 if differences else 0)


main()
