/// Outcomes as lines: what a process says of a step once its caller has heard of it, for whoever survives it.
extension Outcome {
    package var text: String {
        switch self {
        case .appended(let answers): "A " + Self.text(of: answers)
        case .dropped(let gone, let perhaps): "R \(Self.text(of: gone)) \(Self.text(of: perhaps))"
        case .backedUp(let answers, let failure): "B \(failure ?? "taken") " + Self.text(of: answers)
        case .deleted(let spans, let events): "D \(spans) \(events)"
        case .failed(let code): "F \(code)"
        case .done: "O"
        case .unheard: "U"
        }
    }

    /// Nil where the text is none.
    package init?(text: some StringProtocol) {
        let words = text.split(separator: " ")
        switch words.first {
        case "A":
            guard let answers = Self.answers(words.dropFirst().first ?? "") else { return nil }
            self = .appended(answers)
        case "B":
            guard words.count >= 2, let answers = Self.answers(words.count > 2 ? words[2] : "") else { return nil }
            self = .backedUp(answers, failure: words[1] == "taken" ? nil : String(words[1]))
        case "R":
            guard words.count == 3, let gone = Self.rows(words[1]), let perhaps = Self.rows(words[2]) else { return nil }
            self = .dropped(gone: gone, perhaps: perhaps)
        case "D":
            guard words.count == 3, let spans = Int(words[1]), let events = Int(words[2]) else { return nil }
            self = .deleted(spans: spans, events: events)
        case "F": self = .failed(words.count > 1 ? String(words[1]) : "")
        case "O": self = .done
        case "U": self = .unheard
        default: return nil
        }
    }

    private static func text(of answers: [AppendAnswer]) -> String {
        answers.map { answer in
            answer.stored.map { "\(answer.request):\($0.isDuplicate ? "again" : "new"):\($0.lsn):\($0.receivedUnixNano)" }
                ?? "\(answer.request):refused:\(answer.reason)"
        }.joined(separator: ";")
    }

    private static func answers(_ text: some StringProtocol) -> [AppendAnswer]? {
        var answers: [AppendAnswer] = []
        for answer in text.split(separator: ";") {
            let parts = answer.split(separator: ":")
            guard let request = parts.first.flatMap({ Int($0) }), parts.count >= 3 else { return nil }
            guard parts[1] != "refused" else {
                answers.append(AppendAnswer(request: request, stored: nil, reason: String(parts[2])))
                continue
            }
            guard parts.count == 4, let lsn = UInt64(parts[2]), let received = UInt64(parts[3]) else { return nil }
            answers.append(
                AppendAnswer(request: request, stored: .init(isDuplicate: parts[1] == "again", lsn: lsn, receivedUnixNano: received)))
        }
        return answers
    }

    /// A dash where there are none, so that there are always as many words.
    private static func text(of rows: [RowCount]) -> String {
        rows.isEmpty ? "-" : rows.map { "\($0.request):\($0.ordinal):\($0.count)" }.joined(separator: ";")
    }

    private static func rows(_ text: some StringProtocol) -> [RowCount]? {
        guard text != "-" else { return [] }
        var rows: [RowCount] = []
        for row in text.split(separator: ";") {
            let numbers = row.split(separator: ":").compactMap { Int($0) }
            guard numbers.count == 3 else { return nil }
            rows.append(RowCount(request: numbers[0], ordinal: numbers[1], count: numbers[2]))
        }
        return rows
    }
}
