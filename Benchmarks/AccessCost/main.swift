/// What access control costs, by the real code without HTTP and PostgreSQL. Prints JSON.
///
///     swift run -c release AccessCost calls [COUNT]             CPU of authenticating, authorizing and limiting; status 1 over the bar
///     swift run -c release AccessCost passwords [COUNT] [LANES] time of one password hash alone

import ByteCoding
import Glibc

let arguments = CommandLine.arguments.dropFirst()
let count = arguments.dropFirst().first.flatMap { Int($0) }
switch arguments.first {
case "calls":
    let measured = try await CallCost.measure(callCount: count ?? 1_000_000)
    print(measured.json)
    exit(measured.isWithinBar ? 0 : 1)
case "passwords":
    print(try await PasswordCost.measure(count: count ?? 40, laneCount: arguments.dropFirst(2).first.flatMap { Int($0) } ?? 2).json)
default:
    print("usage: AccessCost calls [COUNT] | AccessCost passwords [COUNT] [LANES]")
    exit(2)
}
