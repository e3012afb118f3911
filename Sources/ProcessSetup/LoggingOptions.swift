/// How a process logs: the same flags for every program that runs for long.

import ArgumentParser
import HTTPServer
import Logging

package struct LoggingOptions: ParsableArguments {
    @Option(name: .customLong("log-level"), help: "trace, debug, info, notice, warning, error or critical. [SPANDREL_LOG_LEVEL]")
    var level = EnvironmentDefault.text("SPANDREL_LOG_LEVEL", "info")

    @Option(name: .customLong("log-format"), help: "json or text, on standard error. [SPANDREL_LOG_FORMAT]")
    var format = EnvironmentDefault.text("SPANDREL_LOG_FORMAT", "json")

    package init() {}

    package func validate() throws {
        guard Logger.Level(rawValue: level) != nil else { throw ValidationError("\(level) is no log level") }
        guard JSONLogHandler.Format(rawValue: format) != nil else {
            throw ValidationError("\(format) is no log format; use json or text")
        }
    }

    /// Once, before the first logger is made.
    package func bootstrap() {
        let level = Logger.Level(rawValue: level) ?? .info
        let format = JSONLogHandler.Format(rawValue: format) ?? .json
        LoggingSystem.bootstrap { JSONLogHandler(label: $0, level: level, format: format) }
    }
}
