/// Networks given by a repeatable flag, or with commas by a variable.

import ArgumentParser
import IPAddresses

package enum NetworkList {
    /// Errors: `ValidationError` naming what is no network.
    package static func parse(_ texts: [String], environment: String) throws -> [IPNetwork] {
        let fromEnvironment = EnvironmentDefault.text(environment, "").split(separator: ",").map { String($0) }
        return try (texts.isEmpty ? fromEnvironment : texts).map { text in
            guard let network = IPNetwork(text) else { throw ValidationError("\(text) is no network; give one like 10.0.0.0/8") }
            return network
        }
    }
}
