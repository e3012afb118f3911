/// Random lives of a store, for as long as one likes.
///
///     StoreSoak simulate [--seconds N] [--seed S] [--steps N] [--skip 3,4] [--verbose]    histories on a disk in memory
///     StoreSoak local DIR [the same]                                                      histories on real files below DIR
///     StoreSoak shrink SEED [--steps N]                                                   leaves steps out while the history still fails
///
///     StoreSoak cycles [FOLDER] [--count N] [--jobs N]                                    a process that is killed over and over
///     StoreSoak order [FOLDER] [--count N]                                                the order of writes, from system calls
///     StoreSoak life ROOT ...                                                             one life of that process
///
/// Prints the seed of each history that breaks a promise, and the steps of it; exits with 1 if one did.

import Dispatch
import Glibc
import StoreMachine

let arguments = Arguments(CommandLine.arguments.dropFirst())
Steadiness.ensure()
let isDone = DispatchSemaphore(value: 0)
Task.detached {
    do {
        switch arguments.command {
        case "simulate", "local": try await Histories(arguments).run()
        case "cycles":
            var cycles = KillCycles(arguments)
            try await cycles.run()
        case "order": try await TracedOrder(arguments).run()
        case "life": try await Life(arguments).run()
        case "shrink": try await Shrinking(arguments).run()
        default:
            Output.line("usage: StoreSoak simulate | local DIR | shrink SEED | cycles [FOLDER] | order [FOLDER] | life ROOT")
            exit(2)
        }
    } catch {
        Output.line("\(error)")
        exit(1)
    }
    isDone.signal()
}
isDone.wait()
