import RegularExpressions
import SpanStore
import TraceModel

/// A text test ready to run: one per leaf and thread, since a regular expression fills tables as it goes.
struct TextMatcher {
    private enum Form {
        case among([[UInt8]])
        case range(LiteralRange)
        case contains(Needle)
        case startsWith(Needle)
        case endsWith(Needle)
        case never
    }

    private let form: Form
    private var expression: RegularExpressionMatcher?

    init(_ test: ValueTest, budget: QueryBudget? = nil) {
        switch test {
        case .among(let set): form = set.texts.isEmpty ? .never : .among(set.texts)
        case .range(let range): form = range.isText ? .range(range) : .never
        case .text(.contains(let needle)): form = .contains(needle)
        case .text(.startsWith(let needle)): form = .startsWith(needle)
        case .text(.endsWith(let needle)): form = .endsWith(needle)
        case .text(.matches(let pattern)):
            form = .never
            if let budget {
                expression = RegularExpressionMatcher(pattern) { (try? budget.check()) != nil }
            } else {
                expression = RegularExpressionMatcher(pattern)
            }
        case .isNull: form = .never
        }
    }

    /// The only text that passes, where there is but one.
    var onlyText: [UInt8]? {
        guard case .among(let texts) = form, texts.count == 1 else { return nil }
        return texts[0]
    }

    mutating func matches(_ text: UnsafeRawBufferPointer) -> Bool {
        if expression != nil { return expression?.matches(text) ?? false }
        switch form {
        case .never: return false
        case .among(let texts): return Self.isMember(text, of: texts)
        case .range(let range): return range.contains(text)
        case .contains(let needle):
            return needle.bytes.withUnsafeBytes {
                needle.ignoresCase ? ByteSearch.containsIgnoringCase(text, $0) : ByteSearch.contains(text, $0)
            }
        case .startsWith(let needle):
            return needle.bytes.withUnsafeBytes { ByteSearch.hasPrefix(text, $0, ignoringCase: needle.ignoresCase) }
        case .endsWith(let needle):
            return needle.bytes.withUnsafeBytes { ByteSearch.hasSuffix(text, $0, ignoringCase: needle.ignoresCase) }
        }
    }

    /// Sorted texts: a loop for a few, else bisection.
    private static func isMember(_ text: UnsafeRawBufferPointer, of texts: [[UInt8]]) -> Bool {
        if texts.count <= 4 {
            for candidate in texts where candidate.count == text.count {
                if candidate.withUnsafeBytes({ ByteSearch.equal($0, text) }) { return true }
            }
            return false
        }
        var low = 0
        var high = texts.count
        while low < high {
            let middle = (low + high) / 2
            let isBefore = texts[middle].withUnsafeBytes { ByteSearch.precedes($0, text) }
            if isBefore { low = middle + 1 } else { high = middle }
        }
        return low < texts.count && texts[low].withUnsafeBytes { ByteSearch.equal($0, text) }
    }
}

/// Which texts of a dictionary pass a test: evaluated once per distinct text, and only for those that rows ask for when rows
/// are fewer than texts.
struct DictionaryTable {
    private enum Entry {
        static let unknown: UInt8 = 0
        static let no: UInt8 = 1
        static let yes: UInt8 = 2
    }

    /// Per code: 1 for no, 2 for yes.
    private(set) var entries: [UInt8]

    init(_ dictionary: TextDictionary, codes: some Sequence<UInt32>, rowCount: Int, matcher: inout TextMatcher) {
        if rowCount >= dictionary.count, let text = matcher.onlyText {
            entries = Self.entries(of: dictionary, equalTo: text)
            return
        }
        entries = Array(repeating: Entry.unknown, count: dictionary.count)
        var matcher = matcher
        if rowCount >= dictionary.count {
            dictionary.forEach { code, text in entries[Int(code)] = matcher.matches(text) ? Entry.yes : Entry.no }
        } else {
            dictionary.bytes.withUnsafeBytes { bytes in
                for code in codes where code != TextDictionary.null && entries[Int(code)] == Entry.unknown {
                    let range = Int(dictionary.offsets[Int(code)])..<Int(dictionary.offsets[Int(code) + 1])
                    entries[Int(code)] = matcher.matches(UnsafeRawBufferPointer(rebasing: bytes[range])) ? Entry.yes : Entry.no
                }
            }
        }
    }

    /// One text is looked for most often, and columns of ids have as many texts as rows.
    private static func entries(of dictionary: TextDictionary, equalTo text: [UInt8]) -> [UInt8] {
        text.withUnsafeBytes { text in
            dictionary.bytes.withUnsafeBytes { bytes in
                dictionary.offsets.withUnsafeBufferPointer { offsets in
                    [UInt8](unsafeUninitializedCapacity: dictionary.count) { entries, count in
                        count = offsets.count - 1
                        for code in 0..<count {
                            let range = Int(offsets[code])..<Int(offsets[code + 1])
                            let isEqual =
                                range.count == text.count && ByteSearch.equal(UnsafeRawBufferPointer(rebasing: bytes[range]), text)
                            entries[code] = isEqual ? Entry.yes : Entry.no
                        }
                    }
                }
            }
        }
    }
}
