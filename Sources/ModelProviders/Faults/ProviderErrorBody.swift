/// What a provider says of an error, from the many forms its body may have, as one value.
///
///     OpenAI      {"error": {"message", "type", "param", "code"}}
///     Anthropic   {"type": "error", "error": {"type", "message", "details": {"error_code"}}, "request_id"}
///     Gemini      {"error": {"code": 429, "message", "status", "details": [{"@type", "reason" | "retryDelay"}]}}, or an array of it
///     xAI         {"code": "...", "error": "..."}
///     others      {"error": "..."}, {"message": "..."}, {"detail": "..."}

import ByteCoding

struct ProviderErrorBody: Sendable, Equatable {
    /// The provider's words for the kind of error, the most specific first.
    var codes: [String] = []
    var message: String?
    /// A number in the place of a code: an HTTP status within a stream.
    var status: Int?
    var requestID: String?
    /// Gemini's RetryInfo.
    var retryDelay: Duration?

    init(codes: [String], message: String?) {
        self.codes = codes.map(Self.boundedWord)
        self.message = message.map(Self.boundedMessage)
    }

    /// Whatever is found in a body; nothing when it is no JSON.
    init(reading body: [UInt8]) {
        self.init(codes: [], message: nil)
        // Whatever was read before the text stops being JSON stays.
        try? JSONScanner.scan(body) { scanner throws(JSONError) in
            if try scanner.peek() == .array {
                try scanner.beginArray()
                guard try scanner.nextElement() else { return }
            }
            try readEnvelope(&scanner)
        }
    }

    /// The value of an `error` member; nil for null.
    static func readError(_ scanner: inout JSONScanner) throws(JSONError) -> ProviderErrorBody? {
        if try scanner.peek() == .null {
            try scanner.null()
            return nil
        }
        var body = ProviderErrorBody(codes: [], message: nil)
        try body.readInner(&scanner)
        return body
    }

    private mutating func readEnvelope(_ scanner: inout JSONScanner) throws(JSONError) {
        guard try scanner.entersObject() else { return }
        var outer: [String] = []
        while let key = try scanner.nextKey() {
            if scanner.matches(key, "error") {
                try readInner(&scanner)
            } else if scanner.matches(key, "code") {
                if let word = try scanner.text() { outer.append(word) }
            } else if scanner.matches(key, "message") || scanner.matches(key, "detail") {
                if let said = try scanner.text() { message = message ?? Self.boundedMessage(said) }
            } else if scanner.matches(key, "request_id") {
                requestID = try scanner.text().map(Self.boundedWord)
            } else {
                try scanner.skipValue()
            }
        }
        codes += outer.map(Self.boundedWord)
    }

    private mutating func readInner(_ scanner: inout JSONScanner) throws(JSONError) {
        if try scanner.peek() == .string {
            message = Self.boundedMessage(try scanner.text() ?? "")
            return
        }
        guard try scanner.entersObject() else { return }
        var code: String?, type: String?, word: String?
        var details: [String] = []
        while let key = try scanner.nextKey() {
            if scanner.matches(key, "message") {
                message = try scanner.text().map(Self.boundedMessage)
            } else if scanner.matches(key, "code") {
                if try scanner.peek() == .number {
                    status = try scanner.integer().flatMap { Int(exactly: $0) }
                } else {
                    code = try scanner.text()
                }
            } else if scanner.matches(key, "type") {
                type = try scanner.text()
            } else if scanner.matches(key, "status") {
                word = try scanner.text()
            } else if scanner.matches(key, "details") {
                details = try readDetails(&scanner)
            } else {
                try scanner.skipValue()
            }
        }
        codes = (details + [code, type, word].compactMap { $0 }).map(Self.boundedWord)
    }

    /// Anthropic's object or Gemini's list.
    private mutating func readDetails(_ scanner: inout JSONScanner) throws(JSONError) -> [String] {
        guard try scanner.peek() == .array else { return try readDetail(&scanner) }
        var words: [String] = []
        try scanner.beginArray()
        while try scanner.nextElement() { words += try readDetail(&scanner) }
        return words
    }

    private mutating func readDetail(_ scanner: inout JSONScanner) throws(JSONError) -> [String] {
        var words: [String] = []
        guard try scanner.entersObject() else { return words }
        while let key = try scanner.nextKey() {
            if scanner.matches(key, "error_code") || scanner.matches(key, "reason") {
                if let word = try scanner.text() { words.append(word) }
            } else if scanner.matches(key, "retryDelay") {
                retryDelay = try scanner.text().flatMap { ProviderTime.goDuration($0) }
            } else {
                try scanner.skipValue()
            }
        }
        return words
    }

    private static func boundedWord(_ word: String) -> String { String(word.prefix(ModelProvidersLimits.providerWordCharacterCount)) }

    private static func boundedMessage(_ message: String) -> String {
        String(message.prefix(ModelProvidersLimits.providerMessageCharacterCount))
    }
}
