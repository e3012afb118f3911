/// What the store's own code costs, without HTTP and PostgreSQL: OTLP bodies in, sealed segments out, questions answered. Prints JSON.
///
///     swift run -c release StoreCost decode FOLDER [ROUNDS]          bodies -> columns and LLM fields, on one thread
///     swift run -c release StoreCost seal FOLDER STORE               bodies -> log, memtable, sealed segments in the new folder STORE
///     swift run -c release StoreCost query STORE QUESTIONS [RUNS]    questions, bodies of `POST /api/v1/query` in an object by name
///
/// FOLDER holds the `.pb` files of `Benchmarks/otlp_workload.py`.

import Glibc

let arguments = Array(CommandLine.arguments.dropFirst())
switch (arguments.first, arguments.count) {
case ("decode", 2...3):
    let rounds = arguments.count > 2 ? Int(arguments[2]) ?? 1 : 1
    print(try DecodeCost.measure(try Bodies(folder: arguments[1]), rounds: rounds))
case ("seal", 3): print(try await SealCost.measure(try Bodies(folder: arguments[1]), root: arguments[2]))
case ("query", 3...4):
    let runs = arguments.count > 3 ? Int(arguments[3]) ?? 20 : 20
    print(try await QueryCost.measure(root: arguments[1], questions: arguments[2], runs: runs))
default:
    print("usage: StoreCost decode FOLDER [ROUNDS] | StoreCost seal FOLDER STORE | StoreCost query STORE QUESTIONS [RUNS]")
    exit(2)
}
