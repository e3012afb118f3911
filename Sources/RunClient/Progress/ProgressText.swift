/// A run's progress as a bar for a terminal, and as a line for a log.

package struct ProgressText: Sendable {
    let progress: RunProgress

    package init(_ progress: RunProgress) { self.progress = progress }

    /// `[######......] 120/360  98 passed, 2 failed  $0.0123  2 min left`, at most so many characters; without line end.
    package func bar(width: Int) -> String {
        let text = line
        let room = min(40, width - text.count - 3)
        guard room >= 10 else { return String(text.prefix(max(0, width))) }
        let share = progress.total > 0 ? min(1, Double(progress.done) / Double(progress.total)) : 0
        let full = Int(share * Double(room))
        return "[" + String(repeating: "#", count: full) + String(repeating: ".", count: room - full) + "] " + text
    }

    /// `120/360  98 passed, 2 failed, 20 errored  $0.0123  2 min left`
    package var line: String {
        guard progress.total > 0 else { return progress.state ?? "waiting" }
        var parts = ["\(progress.done)/\(progress.total)"]
        var counts = ["\(progress.passed) passed"]
        if progress.failed > 0 { counts.append("\(progress.failed) failed") }
        if progress.errored > 0 { counts.append("\(progress.errored) errored") }
        parts.append(counts.joined(separator: ", "))
        if progress.costUSD > 0 { parts.append(Self.dollars(progress.costUSD)) }
        if progress.state == "paused" {
            parts.append("paused")
        } else if let seconds = progress.secondsLeft, progress.done < progress.total {
            parts.append(Self.duration(seconds) + " left")
        }
        return parts.joined(separator: "  ")
    }

    /// With as many digits as say something: `$12.34`, `$0.0123`, `$0.000045`.
    package static func dollars(_ amount: Double) -> String {
        "$" + Decimals.text(amount, digits: amount >= 1 ? 2 : amount >= 0.001 ? 4 : 6)
    }

    /// `45 s`, `3 min`, `2 h 5 min`.
    package static func duration(_ seconds: Double) -> String {
        let whole = Int(min(max(0, seconds), 1e9).rounded(.up))
        if whole < 100 { return "\(whole) s" }
        let minutes = (whole + 30) / 60
        if minutes < 100 { return "\(minutes) min" }
        return "\(minutes / 60) h \(minutes % 60) min"
    }
}

/// Numbers with a fixed count of decimals, whatever the locale.
package enum Decimals {
    /// - Parameter digits: behind the point, 0 to 9.
    package static func text(_ number: Double, digits: Int) -> String {
        guard number.isFinite, abs(number) < 1e9 else { return "\(number)" }
        let digits = min(max(digits, 0), 9)
        let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
        let units = Int64((abs(number) * scale).rounded())
        let sign = number < 0 && units > 0 ? "-" : ""
        guard digits > 0 else { return sign + "\(units)" }
        let fraction = String(units % Int64(scale))
        return sign + "\(units / Int64(scale))." + String(repeating: "0", count: digits - fraction.count) + fraction
    }

    /// `93.4 %`
    package static func percent(_ share: Double) -> String { text(share * 100, digits: 1) + " %" }
}
