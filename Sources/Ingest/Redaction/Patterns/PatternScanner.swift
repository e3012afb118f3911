/// Finds all built-in patterns in one pass: a table says for each byte whether a match could hang on it, and only there a pattern's
/// own scanner looks. Text without such bytes costs a table look-up a byte.
///
/// Matches come in the order of the text and do not overlap; a match that reaches back (an e-mail address is noticed at its `@`)
/// reaches at most to the end of the one before. A match that is noticed first wins.

struct PatternScanner: Sendable {
    private struct Trigger: OptionSet, Sendable {
        let rawValue: UInt8
        static let at = Trigger(rawValue: 1)
        static let percent = Trigger(rawValue: 2)
        static let digit = Trigger(rawValue: 4)
        static let plus = Trigger(rawValue: 8)
        static let bracket = Trigger(rawValue: 16)
        static let colon = Trigger(rawValue: 32)
        static let key = Trigger(rawValue: 64)
        static let escape = Trigger(rawValue: 128)
    }

    private let triggers: [UInt8]
    /// A bit for each two bytes with which a key may begin.
    private let keyBeginnings: [UInt64]
    private let hasEmail: Bool
    private let hasCard: Bool
    private let hasPhone: Bool
    private let hasAddress: Bool
    private let keys = APIKeyScanner()

    init(_ patterns: Set<SensitivePattern>) {
        var triggers = [UInt8](repeating: 0, count: 256)
        func mark(_ bytes: some Sequence<UInt8>, _ trigger: Trigger) { for byte in bytes { triggers[Int(byte)] |= trigger.rawValue } }
        hasEmail = patterns.contains(.email)
        hasCard = patterns.contains(.card)
        hasPhone = patterns.contains(.phone)
        hasAddress = patterns.contains(.ip)
        if hasEmail { mark("@".utf8, .at) }
        if hasEmail || hasCard || hasPhone || hasAddress {
            mark("%".utf8, .percent)
            mark("\\".utf8, .escape)
        }
        if hasCard || hasPhone || hasAddress { mark("0123456789".utf8, .digit) }
        if hasPhone {
            mark("+".utf8, .plus)
            mark("(".utf8, .bracket)
        }
        if hasAddress { mark(":".utf8, .colon) }
        var keyBeginnings = [UInt64](repeating: 0, count: 1024)
        if patterns.contains(.apiKey) {
            mark(APIKeyScanner.beginnings.map { $0.0 }, .key)
            for (first, second) in APIKeyScanner.beginnings {
                keyBeginnings[Int(first) << 2 | Int(second) >> 6] |= 1 << UInt64(second & 63)
            }
        }
        self.keyBeginnings = keyBeginnings
        self.triggers = triggers
    }

    /// Appends what is found. Work linear in the text: what is looked at more than once is bounded for each byte of it.
    ///
    /// - Parameter readCount: counts the bytes that the patterns' own scanners look at, for tests.
    func find(
        _ bytes: UnsafeRawBufferPointer, into matches: inout [SensitiveMatch], countingIn readCount: UnsafeMutablePointer<Int>? = nil
    ) {
        let text = TextBytes(bytes, countingIn: readCount)
        var failedKeys = APIKeyScanner.FailedRuns()
        triggers.withUnsafeBufferPointer { triggers in
            keyBeginnings.withUnsafeBufferPointer { keyBeginnings in
                var position = 0
                var floor = 0
                while position < bytes.count {
                    let byte = bytes[position]
                    let trigger = Trigger(rawValue: triggers[Int(byte)])
                    if trigger.rawValue == 0 {
                        position &+= 1
                        continue
                    }
                    if trigger == .key {
                        let next = text.at(position &+ 1)
                        if keyBeginnings[Int(byte) << 2 | Int(next) >> 6] & 1 << UInt64(next & 63) == 0 {
                            position &+= 1
                            continue
                        }
                    }
                    if trigger == .escape, text.at(position &+ 1) != UInt8(ascii: "u") {
                        position &+= 1
                        continue
                    }
                    if let match = match(text, at: position, trigger, floor: floor, &failedKeys) {
                        matches.append(match)
                        position = match.range.upperBound
                        floor = position
                    } else {
                        position = afterNothing(text, position, trigger)
                    }
                }
            }
        }
    }

    /// Where to go on when nothing was found here.
    private func afterNothing(_ text: TextBytes, _ position: Int, _ trigger: Trigger) -> Int {
        if trigger.contains(.digit) {
            // The rest of a run that is nothing is nothing.
            var end = position + 1
            while text.isDigit(end) { end += 1 }
            return end
        }
        if trigger.contains(.escape), text.escapedUnit(at: position) != nil { return position + TextBytes.unicodeEscapeByteCount }
        // The digits of an encoded byte are none of the number behind it.
        let isEncoded = trigger.contains(.percent) && TextBytes.isHex(text.at(position + 1)) && TextBytes.isHex(text.at(position + 2))
        return position + (isEncoded ? 3 : 1)
    }

    @inline(never)
    private func match(
        _ text: TextBytes, at position: Int, _ trigger: Trigger, floor: Int, _ failedKeys: inout APIKeyScanner.FailedRuns
    ) -> SensitiveMatch? {
        func found(_ range: Range<Int>?, _ pattern: SensitivePattern) -> SensitiveMatch? {
            range.map { SensitiveMatch(range: $0, pattern: pattern) }
        }
        if trigger.contains(.key), let match = found(keys.match(text, at: position, &failedKeys), .apiKey) { return match }
        if trigger.contains(.digit) {
            if hasAddress, let match = found(AddressScanner.version4(text, at: position), .ip) { return match }
            if hasCard, let match = found(CardScanner.match(text, at: position), .card) { return match }
            if hasPhone, let end = PhoneScanner.national(text, at: position) { return found(position..<end, .phone) }
        }
        if trigger.contains(.at) {
            return found(EmailScanner.match(text, sign: position, signByteCount: 1, floor: floor), .email)
        }
        if trigger.contains(.colon) { return found(AddressScanner.version6(text, colon: position, floor: floor), .ip) }
        if trigger.contains(.plus) {
            return PhoneScanner.international(text, from: position + 1).flatMap { found(position..<$0, .phone) }
        }
        if trigger.contains(.bracket) { return PhoneScanner.bracketed(text, at: position).flatMap { found(position..<$0, .phone) } }
        if trigger.contains(.percent) {
            if hasEmail, text.has("%40", at: position) {
                return found(EmailScanner.match(text, sign: position, signByteCount: 3, floor: floor), .email)
            }
            if hasPhone, text.has("%2B", at: position) || text.has("%2b", at: position) {
                return PhoneScanner.international(text, from: position + 3).flatMap { found(position..<$0, .phone) }
            }
        }
        if trigger.contains(.escape) { return escaped(text, at: position, floor: floor) }
        return nil
    }

    /// What begins with, or hangs on, a character that JSON's escapes hide.
    private func escaped(_ text: TextBytes, at position: Int, floor: Int) -> SensitiveMatch? {
        let end = position + TextBytes.unicodeEscapeByteCount
        switch text.escapedUnit(at: position) {
        case UInt16(UInt8(ascii: "@")) where hasEmail:
            return EmailScanner.match(text, sign: position, signByteCount: TextBytes.unicodeEscapeByteCount, floor: floor)
                .map { SensitiveMatch(range: $0, pattern: .email) }
        case UInt16(UInt8(ascii: "+")) where hasPhone:
            return PhoneScanner.international(text, from: end).map { SensitiveMatch(range: position..<$0, pattern: .phone) }
        default: return nil
        }
    }
}
