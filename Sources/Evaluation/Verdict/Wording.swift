import EvaluationModel

/// Numbers as the sentences of a verdict say them.
enum Wording {
    /// "93.3 %"; two digits more where rounding would hide a difference below a point.
    static func percent(_ share: Double) -> String { number(share * 100, digits: 1) + " %" }

    /// "-2.1 points".
    static func points(_ difference: Double) -> String { number(difference * 100, digits: 1) + " points" }

    /// Rounded to so many digits behind the point, without trailing zeros.
    static func number(_ value: Double, digits: Int) -> String {
        guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
        var scale: Int64 = 1
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int64((abs(value) * Double(scale)).rounded())
        var fraction = String(scaled % scale + scale).dropFirst()
        while fraction.last == "0" { fraction.removeLast() }
        let sign = value < 0 && scaled != 0 ? "-" : ""
        return sign + String(scaled / scale) + (fraction.isEmpty ? "" : "." + fraction)
    }

    static func count(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
        number == 1 ? "1 \(noun)" : "\(number) \(plural ?? noun + "s")"
    }

    /// "95 % interval 90.1 % to 95.6 %".
    static func interval(_ interval: Interval, _ say: (Double) -> String) -> String {
        "\(percent(interval.confidence)) interval \(say(interval.lower)) to \(say(interval.upper))"
    }

    /// What would decide, as a sentence.
    static func more(_ more: MoreData?, repetitions: Int, countsCases: Bool) -> String {
        guard let more else { return "The estimate lies too near the threshold for any amount of data to decide." }
        let cases = more.cases.map { "about \(count($0, "more case"))" }
        let repeated = more.repetitionsPerCase.map { "about \(count($0, "more repetition")) of each case" }
        switch (cases, repeated) {
        case (let cases?, let repeated?): return "At this estimate \(repeated), or \(cases), would decide."
        case (nil, let repeated?): return "At this estimate \(repeated) would decide."
        case (let cases?, nil) where countsCases: return "At this estimate \(cases) would decide."
        case (let cases?, nil) where repetitions == 1:
            return "At this estimate \(cases) would decide; whether repetitions would help cannot be told from one of each case."
        case (let cases?, nil):
            return "At this estimate \(cases) would decide; more repetitions cannot, as the cases differ too much from each other."
        case (nil, nil): return "The estimate lies too near the threshold for any amount of data to decide."
        }
    }
}
