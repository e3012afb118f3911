/// The `provider-stand-in` program: AI providers on a loopback port. README.md says how tests steer it.

import ArgumentParser
@preconcurrency import Glibc

@main
struct ProviderStandIn: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "provider-stand-in",
        abstract: "Speaks the HTTP dialects of OpenAI, Anthropic, Gemini and xAI on a loopback port, and fails as they do when told to.")

    @Option(help: "Where to listen: HOST:PORT on loopback; port 0 takes a free one.")
    var listen = ListenAddress(host: "127.0.0.1", port: 0)

    @Option(name: .customLong("delay-ms"), help: "Milliseconds before the first byte of every model's answer.")
    var delayMilliseconds = 0

    func validate() throws {
        guard (0...3_600_000).contains(delayMilliseconds) else { throw ValidationError("--delay-ms is from 0 to 3600000") }
    }

    func run() throws {
        // A line goes out as it is printed: who starts the program waits for the last one.
        setvbuf(stdout, nil, _IOLBF, 0)
        DescriptorLimit.raise()
        // Before any other thread: they inherit the mask, and the signal waits for `sigwait` below.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        let server = try StandInServer(listen, StandIn(delayMilliseconds: delayMilliseconds))
        print("listening on http://\(listen.host):\(server.port)")
        var received: Int32 = 0
        sigwait(&signals, &received)
        try server.stop()
    }
}

/// `HOST:PORT` with a host that nobody else's machine reaches.
struct ListenAddress: ExpressibleByArgument {
    let host: String
    let port: Int

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    init?(argument: String) {
        guard let colon = argument.lastIndex(of: ":"), let port = UInt16(argument[argument.index(after: colon)...]) else { return nil }
        let host = argument[..<colon]
        guard host == "localhost" || host.hasPrefix("127.") && host.split(separator: ".").count == 4 else { return nil }
        self.init(host: String(host), port: Int(port))
    }
}

/// A slow call holds a connection, and there may be ten thousand.
enum DescriptorLimit {
    static func raise() {
        var limit = rlimit()
        guard getrlimit(.init(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(.init(RLIMIT_NOFILE.rawValue), &limit)
    }
}
