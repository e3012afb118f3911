/// Flags whose defaults come from environment variables.

import Glibc

package enum EnvironmentDefault {
    /// The variable's value; `fallback` when it is unset or empty.
    package static func text(_ variable: String, _ fallback: String) -> String { text(variable) ?? fallback }

    package static func text(_ variable: String) -> String? {
        guard let value = getenv(variable) else { return nil }
        let text = String(cString: value)
        return text.isEmpty ? nil : text
    }

    /// A number; what is no number counts as unset, and the flag's help shows what counts.
    package static func integer(_ variable: String, _ fallback: Int) -> Int { text(variable).flatMap { Int($0) } ?? fallback }
}
