/// What the store's own code costs, without HTTP and PostgreSQL: OTLP bodies in, sealed segments out, questions answered. Prints JSON.
///
///     swift run -c release StoreCost decode FOLDER [ROUNDS]          bodies -> columns and LLM fields, on one thread
///     swift run -c release StoreCost seal FOLDER STORE               bodies -> log, memtable, sealed segments in the new folder STORE
///     swift run -c release StoreCost traces STORE [COUNT]            whole traces by their ids, chosen evenly over the spans
///     swift run -c release StoreCost query STORE QUESTIONS [RUNS]    questions, bodies of `POST /api/v1/query` in an object by name
///
/// FOLDER holds the `.pb` files of `Benchmarks/otlp_workload.py`.

import Dispatch
import Glibc

let arguments = Array(CommandLine.arguments.dropFirst())
switch (arguments.first, arguments.count) {
case ("decode", 2...3):
    let rounds = arguments.count > 2 ? Int(arguments[2]) ?? 1 : 1
    print(try DecodeCost.measure(try Bodies(folder: arguments[1]), rounds: rounds))
case ("seal", 3): finish { try await SealCost.measure(try Bodies(folder: arguments[1]), root: arguments[2]) }
case ("traces", 2...3):
    let count = arguments.count > 2 ? Int(arguments[2]) ?? 1_000 : 1_000
    finish { try await TraceCost.measure(root: arguments[1], count: count) }
case ("query", 3...4):
    let runs = arguments.count > 3 ? Int(arguments[3]) ?? 20 : 20
    finish { try await QueryCost.measure(root: arguments[1], questions: arguments[2], runs: runs) }
default:
    print("usage: StoreCost decode FOLDER [ROUNDS] | StoreCost seal FOLDER STORE | StoreCost traces STORE [COUNT] | StoreCost query STORE QUESTIONS [RUNS]")
    exit(2)
}

/// Prints what a task comes to, and waits for it here: a main function that is itself asynchronous ends in a system call which Debian 12's
/// valgrind does not survive.
func finish(_ measure: @escaping @Sendable () async throws -> String) {
    let isDone = DispatchSemaphore(value: 0)
    Task.detached {
        do {
            print(try await measure())
        } catch {
            print("\(error)")
            exit(1)
        }
        isDone.signal()
    }
    isDone.wait()
}
