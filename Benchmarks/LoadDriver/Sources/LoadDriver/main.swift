// Sends a directory of OTLP requests to a server on this machine and prints what it saw as JSON.
//
//     LoadDriver PORT KEY DIRECTORY SUFFIX ENCODING CONNECTIONS [RATE]
//
// With RATE, requests a second, in an open loop: latencies count from when a request was due.
// SUFFIX picks the files (`.pb`, `.pb.gz`, `.pb.zst`, `.json`) and says their type, ENCODING is the Content-Encoding they are in (`identity`, `gzip`, `zstd`).
import Glibc

func milliseconds(_ sorted: [UInt64], _ quantile: Double) -> Double {
    guard !sorted.isEmpty else { return 0 }
    let rank = min(sorted.count - 1, Int((quantile * Double(sorted.count)).rounded(.up)) - 1)
    return (Double(sorted[max(0, rank)]) / 1e4).rounded() / 100
}

func cpuSeconds() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
}

func drive() throws {
    let arguments = CommandLine.arguments
    guard 7...8 ~= arguments.count, let port = UInt16(arguments[1]), let connectionCount = Int(arguments[6]), connectionCount > 0 else {
        throw Failure(message: "usage: LoadDriver PORT KEY DIRECTORY SUFFIX ENCODING CONNECTIONS [RATE]")
    }
    var head = "POST /v1/traces HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nAuthorization: Bearer \(arguments[2])\r\n"
    head += "Content-Type: \(arguments[4].hasPrefix(".json") ? "application/json" : "application/x-protobuf")\r\n"
    if arguments[5] != "identity" { head += "Content-Encoding: \(arguments[5])\r\n" }
    var pace = Load.Pace.closed
    if arguments.count == 8 {
        guard let rate = Double(arguments[7]), rate > 0 else { throw Failure(message: "no rate: \(arguments[7])") }
        pace = .open(rate: rate)
    }
    let load = Load(
        port: port, connectionCount: connectionCount, head: head, bodies: try Body.all(in: arguments[3], suffix: arguments[4]), pace: pace)
    let before = cpuSeconds()
    let outcome = try load.run()
    let cpu = cpuSeconds() - before
    let sorted = outcome.latencies.sorted()
    let statuses = outcome.statuses.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ")
    print(
        """
        {"requests": \(sorted.count), "bytes": \(outcome.byteCount), "seconds": \(Double(outcome.nanoseconds / 1_000_000) / 1000), \
        "statuses": {\(statuses)}, "client_cpu_seconds": \((cpu * 1000).rounded() / 1000), \
        "ack_ms": {"p50": \(milliseconds(sorted, 0.5)), "p90": \(milliseconds(sorted, 0.9)), "p99": \(milliseconds(sorted, 0.99)), \
        "max": \(milliseconds(sorted, 1))}}
        """)
}

do {
    try drive()
} catch {
    var message = (error as? Failure)?.message ?? "\(error)"
    message = "LoadDriver: \(message)\n"
    _ = message.withUTF8 { write(2, $0.baseAddress, $0.count) }
    exit(1)
}
