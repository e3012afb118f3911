/// What the store's own code costs, without HTTP and PostgreSQL: `OTLP` bodies in, sealed segments out. Prints JSON.
///
///     swift run -c release StoreCost decode FOLDER [ROUNDS]   bodies -> columns and LLM fields, on one thread
///     swift run -c release StoreCost seal FOLDER STORE        bodies -> log, memtable, sealed segments in the new folder STORE
///
/// FOLDER holds the `.pb` files of `Benchmarks/otlp_workload.py`.

import AllocationCount
import FileSystem
import GenAIConventions
import Glibc
import OTLP
import SpanStore
import TraceModel

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count >= 2 else {
    print("usage: StoreCost decode FOLDER [ROUNDS] | StoreCost seal FOLDER STORE")
    exit(2)
}
let bodies = try Bodies(folder: arguments[1])
switch arguments[0] {
case "decode": print(try DecodeCost.measure(bodies, rounds: arguments.count > 2 ? Int(arguments[2]) ?? 1 : 1))
case "seal" where arguments.count == 3: print(try await SealCost.measure(bodies, root: arguments[2]))
default:
    print("usage: StoreCost decode FOLDER [ROUNDS] | StoreCost seal FOLDER STORE")
    exit(2)
}
