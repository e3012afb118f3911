import Glibc

/// A command, its operands, and options with a value each.
struct Arguments: Sendable {
    private(set) var command = ""
    private(set) var operands: [String] = []
    private var options: [String: String] = [:]

    init(_ words: some Sequence<String>) {
        var waiting: String?
        for word in words {
            if let name = waiting {
                options[name] = word
                waiting = nil
            } else if word == "--verbose" {
                options["verbose"] = "yes"
            } else if word.hasPrefix("--") {
                waiting = String(word.dropFirst(2))
            } else if command.isEmpty {
                command = word
            } else {
                operands.append(word)
            }
        }
    }

    func text(_ name: String) -> String? { options[name] }
    func number(_ name: String) -> Int? { options[name].flatMap { Int($0) } }
    func seed(_ name: String) -> UInt64? { options[name].flatMap { UInt64($0) } }
    func has(_ name: String) -> Bool { options[name] != nil }
}

/// Swift seeds its hash tables at random, and here and there the store follows the order of one. A history that is to come again must not.
enum Steadiness {
    private static let variable = "SWIFT_DETERMINISTIC_HASHING"

    /// Runs the program anew with steady hashing, if it is not on.
    static func ensure() {
        guard getenv(variable) == nil else { return }
        setenv(variable, "1", 1)
        var words = CommandLine.arguments.map { strdup($0) } + [nil]
        execv("/proc/self/exe", &words)
    }
}

func monotonicSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
