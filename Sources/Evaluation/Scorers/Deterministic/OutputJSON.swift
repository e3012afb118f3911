import ByteCoding

/// Reading JSON out of what a model wrote.
enum OutputJSON {
    /// What was read, or a sentence why nothing was.
    enum Reading {
        case success(JSONValue)
        case failure(String)
    }

    /// The whole text as JSON; with `embedded` also JSON in the first code fence, else the first object or array that stands in it.
    static func read(_ text: String, embedded: Bool) -> Reading {
        let problem: JSONError
        do {
            return .success(try JSONValue.parse(text, maximumDepth: EvaluationLimits.maximumOutputDepth))
        } catch {
            problem = error
        }
        if embedded, let value = first(in: text) { return .success(value) }
        return .failure(text.isEmpty ? "it is empty" : "\(problem)" + (embedded ? ", and no JSON stands in it" : ""))
    }

    private static func first(in text: String) -> JSONValue? {
        if let fenced = fencedText(text), let value = try? JSONValue.parse(fenced, maximumDepth: EvaluationLimits.maximumOutputDepth) {
            return value
        }
        return values(in: text, maximumCount: 1).first
    }

    /// What stands between the first ``` line and the next.
    static func fencedText(_ text: String) -> String? {
        guard let opening = text.firstRange(of: "```") else { return nil }
        let rest = text[opening.upperBound...]
        guard let lineEnd = rest.firstIndex(where: \.isNewline), let closing = rest[lineEnd...].firstRange(of: "```") else { return nil }
        return String(rest[lineEnd..<closing.lowerBound])
    }

    /// The objects and arrays that stand in a text one behind the other, in their order; at most
    /// `EvaluationLimits.maximumEmbeddedStartCount` places are tried.
    static func values(in text: String, maximumCount: Int = .max) -> [JSONValue] {
        var text = text
        return text.withUTF8 { utf8 in
            let bytes = UnsafeRawBufferPointer(utf8)
            var found: [JSONValue] = []
            var position = 0
            var tryCount = 0
            while found.count < maximumCount, tryCount < EvaluationLimits.maximumEmbeddedStartCount {
                guard let start = bytes[position...].firstIndex(where: { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "[") }) else {
                    break
                }
                tryCount += 1
                var scanner = JSONScanner(
                    UnsafeRawBufferPointer(rebasing: bytes[start...]), maximumDepth: EvaluationLimits.maximumOutputDepth)
                if let value = try? JSONValue(from: &scanner) {
                    found.append(value)
                    position = start + scanner.offset
                } else {
                    position = start + 1
                }
            }
            return found
        }
    }
}

extension Array where Element == UInt8 {
    /// Whether `needle` stands somewhere in these bytes. Knuth-Morris-Pratt: linear in both.
    func contains(_ needle: [UInt8]) -> Bool {
        guard let first = needle.first else { return true }
        guard needle.count <= count else { return false }
        if needle.count == 1 { return contains(first) }
        // How far a match that fails behind `index` bytes reaches back.
        var fallback = [Int](repeating: 0, count: needle.count)
        var length = 0
        for index in 1..<needle.count {
            while length > 0, needle[index] != needle[length] { length = fallback[length - 1] }
            if needle[index] == needle[length] { length += 1 }
            fallback[index] = length
        }
        var matched = 0
        for byte in self {
            while matched > 0, byte != needle[matched] { matched = fallback[matched - 1] }
            if byte == needle[matched] { matched += 1 }
            if matched == needle.count { return true }
        }
        return false
    }
}
