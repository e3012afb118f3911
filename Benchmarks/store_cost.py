#!/usr/bin/env python3
"""Counts what a span costs the store, in figures that are the same on a busy machine: instructions (callgrind), allocations and bytes.

    Benchmarks/store-cost [--program .build/release/StoreCost]      compares with Benchmarks/store_cost.json; status 1 where one is 10 % worse
    Benchmarks/store-cost --write                                   takes what was counted as the figures to compare with

`decode` is bodies to columns and LLM fields, `seal` the whole way from bodies to sealed segments, log included. Times are printed by
`Benchmarks/run`; here they would say more about the machine's other work than about the store.
"""
import argparse, json, pathlib, re, shutil, subprocess, sys, tempfile

HERE = pathlib.Path(__file__).resolve().parent
FIGURES = HERE / "store_cost.json"
TOLERANCE = 0.10
SPANS = {"mixed": 20_000, "agents": 2_000}


def workload(profile):
    """The folder of request bodies; made once, from the same seed every time."""
    folder = HERE / ".work" / f"cost-{profile}-{SPANS[profile]}"
    if not (folder / "done").exists():
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run(
            [sys.executable, HERE / "otlp_workload.py", "--spans", str(SPANS[profile]), "--profile", profile, "--start", "2026-11-01T00:00:00", "--out", folder],
            check=True, stdout=subprocess.DEVNULL)
        (folder / "done").touch()
    return folder


def counted(program, *arguments):
    """What the program prints, with the instructions it took in all its threads."""
    with tempfile.TemporaryDirectory() as scratch:
        # Debian 12's valgrind gives up on the debugging information that Swift writes.
        subprocess.run(["strip", "--strip-debug", "-o", f"{scratch}/program", program], check=True)
        output = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={scratch}/out", f"{scratch}/program", *arguments], check=True, capture_output=True,
            text=True)
    found = json.loads(output.stdout)
    instructions = int(re.search(r"Collected : (\d+)", output.stderr)[1])
    return found, instructions / found["spans"]


def measure(program, profile):
    bodies = workload(profile)
    # The second round has no first time in it: one round's instructions are the difference of both.
    once, once_instructions = counted(program, "decode", bodies, "1")
    twice, twice_instructions = counted(program, "decode", bodies, "2")
    with tempfile.TemporaryDirectory() as scratch:
        sealed, seal_instructions = counted(program, "seal", bodies, f"{scratch}/store")
    return {
        "decode_instructions": round(2 * twice_instructions - once_instructions), "decode_allocations": round(twice["allocations_per_span"], 3),
        "decode_allocated_bytes": round(twice["allocated_bytes_per_span"]), "seal_instructions": round(seal_instructions),
        "seal_allocations": round(sealed["allocations_per_span"], 2), "span_file_bytes": round(sealed["span_bytes_per_span"], 1),
        "payload_file_bytes": round(sealed["payload_bytes_per_span"], 1)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=HERE.parent / ".build/release/StoreCost")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    found = {profile: measure(arguments.program, profile) for profile in SPANS}
    if arguments.write:
        FIGURES.write_text(json.dumps(found, indent=1) + "\n")
    expected = json.loads(FIGURES.read_text())
    print(json.dumps({"per_span": found, "expected": expected}, indent=1))
    worse = [
        f"{profile}: {name} is {value:,}, was {expected[profile][name]:,}"
        for profile, figures in found.items() for name, value in figures.items() if value > expected[profile][name] * (1 + TOLERANCE)]
    for line in worse:
        print(f"store-cost: {line}", file=sys.stderr)
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
