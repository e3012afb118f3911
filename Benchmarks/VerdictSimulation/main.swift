import Evaluation
import EvaluationModel
@preconcurrency import Glibc
import SimulatedRuns

/// The whole grid of simulated runs: coverage of the intervals, wrong verdicts under continuous looking, what stopping early saves.
/// Arguments: runs per row (10000), seed (4). Prints a table and leaves with 1 when a row breaks its bound: `make soak` runs it.

// Rows appear as they are done, also in a file.
setvbuf(stdout, nil, _IOLBF, 0)
let arguments = CommandLine.arguments.dropFirst()
let runs = arguments.first.flatMap(Int.init) ?? 10_000
let seed = arguments.dropFirst().first.flatMap(UInt64.init) ?? 4
var random = SeededRandom(seed: seed)
print("runs per row \(runs), seed \(seed)")
var broken = PassRateGrid.run(runs: runs, &random)
broken += DifferenceGrid.run(runs: runs, &random)
broken += EarlyStoppingGrid.run(runs: runs, &random)
print(broken == 0 ? "every row keeps its bound" : "\(broken) rows break their bound")
exit(broken == 0 ? 0 : 1)
