import Evaluation
import EvaluationModel
import SimulatedRuns

/// The whole grid of simulated runs: coverage of the intervals, wrong verdicts under continuous looking, what stopping early saves.
/// Arguments: runs per row (10000), seed (4). Prints a table and leaves with 1 when a row breaks its bound: `make soak` runs it.

let arguments = CommandLine.arguments.dropFirst()
let runs = arguments.first.flatMap(Int.init) ?? 10_000
let seed = arguments.dropFirst().first.flatMap(UInt64.init) ?? 4
var random = SeededRandom(seed: seed)
print("runs per row \(runs), seed \(seed)")
var broken = PassRateGrid.run(runs: runs, &random)
broken += DifferenceGrid.run(runs: runs, &random)
broken += EarlyStoppingGrid.run(runs: runs, &random)
print(broken == 0 ? "every row keeps its bound" : "\(broken) rows break their bound")
if broken > 0 { leave() }
