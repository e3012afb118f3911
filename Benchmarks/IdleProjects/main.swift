/// What many projects cost of which most are idle: memory, descriptors, files, bytes on disk and the time of a start. Prints JSON.
///
///     swift run -c release IdleProjects fill STORE [PROJECTS] [DAYS] [SPANS]     simulated days into the new folder STORE
///     swift run -c release IdleProjects start STORE                              opens it again, in a process that did nothing else
///     swift run -c release IdleProjects seal STORE                               leaves nothing in its memtables
///     swift run -c release IdleProjects memtables STORE [PROJECTS]               one span each: what a live memtable costs
///
/// `fill` runs on a clock of its own: 10,000 projects with 50 spans a day each for 30 days by default, in five requests at random times of
/// the day. Sealing, retention's rules, compaction and the log work as in the server; only fdatasync is left out, since it says nothing
/// about memory or files and 300,000 seals would wait for it for an hour.

import Dispatch
import Glibc

let arguments = Array(CommandLine.arguments.dropFirst())
func number(_ index: Int, _ standard: Int) -> Int { arguments.count > index ? Int(arguments[index]) ?? standard : standard }

switch (arguments.first, arguments.count) {
case ("fill", 2...5):
    let load = IdleLoad(projectCount: number(2, 10_000), dayCount: number(3, 30), spanCount: number(4, 50))
    finish { try await load.fill(arguments[1]) }
case ("start", 2): finish { try await IdleLoad.start(arguments[1]) }
case ("seal", 2): finish { try await IdleLoad.seal(arguments[1]) }
case ("memtables", 2...3):
    let load = IdleLoad(projectCount: number(2, 10_000), dayCount: 1, spanCount: 1)
    finish { try await load.memtables(arguments[1]) }
default:
    print("usage: IdleProjects fill STORE [PROJECTS] [DAYS] [SPANS] | start STORE | seal STORE | memtables STORE [PROJECTS]")
    exit(2)
}

/// Prints what a task comes to, and waits for it here.
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
