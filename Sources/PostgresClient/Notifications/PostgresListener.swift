/// Notifications on channels, over a connection of the listener's own that is made again whenever it is lost.
///
///     for await event in PostgresListener(channels: ["jobs"], configuration: pool.configuration, logger: logger) {
///         switch event {
///         case .resumed: ...        // listening from now on: look for what was missed before
///         case .notification(let notification): ...
///         }
///     }
///
/// Nobody keeps notifications for a session that is not there, so every connection begins with `.resumed`: whoever reads the tables
/// then, and again at each notification, misses nothing. The connection is the iterator's; it goes with the loop.

import Logging

package struct PostgresListener: AsyncSequence, Sendable {
    package typealias Element = Event

    package enum Event: Sendable, Hashable {
        /// A connection stands and listens; what was committed before may have gone unheard.
        case resumed
        case notification(PostgresNotification)
    }

    let channels: [String]
    let configuration: PostgresConfiguration
    let logger: Logger

    /// `channels`: one or more names, none of them from outside.
    package init(channels: [String], configuration: PostgresConfiguration, logger: Logger) {
        precondition((1...PostgresLimits.maximumChannelCount).contains(channels.count), "a listener has some channels, not many")
        precondition(
            channels.allSatisfy {
                (1...PostgresLimits.maximumChannelByteCount).contains($0.utf8.count) && $0.utf8.allSatisfy(Self.isPlain)
            },
            "a channel's name is a plain word")
        self.channels = channels
        self.configuration = configuration
        self.logger = logger
    }

    /// Letters, digits, underscore: nothing an SQL identifier in quotes could end with.
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    package func makeAsyncIterator() -> Iterator { Iterator(listener: self) }

    package struct Iterator: AsyncIteratorProtocol {
        let listener: PostgresListener
        private var connection: PostgresConnection?
        private var waiting: [PostgresNotification] = []
        private var backOff = ConnectBackOff()

        init(listener: PostgresListener) { self.listener = listener }

        /// The next event, waited for as long as it takes; nil once the task is cancelled.
        package mutating func next() async -> Event? {
            while !Task.isCancelled {
                if !waiting.isEmpty { return .notification(waiting.removeFirst()) }
                do throws(PostgresError) {
                    guard let connection else {
                        connection = try await listener.connect()
                        if backOff.failureCount > 0 { listener.logger.info("listening to PostgreSQL again") }
                        backOff = ConnectBackOff()
                        return .resumed
                    }
                    waiting = try await connection.notifications(withinMilliseconds: PostgresLimits.maximumListenerSilenceMilliseconds)
                    if waiting.isEmpty { try await connection.query("SELECT 1") }
                } catch {
                    connection = nil
                    if error.code == .cancelled { return nil }
                    await pause(after: error)
                }
            }
            return nil
        }

        private mutating func pause(after error: PostgresError) async {
            if backOff.failureCount == 0 { listener.logger.warning("not listening to PostgreSQL", metadata: ["error": "\(error)"]) }
            // Cancelled in the middle: the loop sees it.
            try? await Task.sleep(for: .milliseconds(backOff.next()))
        }
    }

    private func connect() async throws(PostgresError) -> PostgresConnection {
        let connection = try await PostgresConnection.connect(configuration)
        _ = try await connection.script(channels.map { "LISTEN \"\($0)\"" }.joined(separator: "; "))
        return connection
    }
}

/// How long to wait before connecting again: twice as long after each failure, up to a limit, as the pool does.
struct ConnectBackOff: Equatable {
    private(set) var failureCount = 0

    /// Milliseconds from now.
    mutating func next() -> Int {
        defer { failureCount += 1 }
        return min(PostgresLimits.firstBackOffMilliseconds << min(failureCount, 16), PostgresLimits.maximumBackOffMilliseconds)
    }
}
