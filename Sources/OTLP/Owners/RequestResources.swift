import ByteCoding
import TraceModel

/// The resources of an export request, before it is decoded: what one of their attributes says, and requests of some of them alone.
///
/// For the few requests whose resources may go to different projects. Only the outermost levels of the body are read; what is wrong
/// further in is found where each part is decoded.
package struct RequestResources: Sendable {
    /// What the attribute says, of each resource of the request; nil where it is missing or no text.
    package private(set) var texts: [String?] = []
    /// Whether there are more than `OTLPLimits.maximumChosenResourceCount`; those behind are not looked at.
    package private(set) var hasTooMany = false
    /// Where each stands in the body: of protobuf with its tag and length, of JSON the object.
    private var ranges: [Range<Int>] = []
    /// Of JSON the member that has the resources; nil of protobuf, where it is field 1 of every request.
    private let member: StaticString?

    /// Of a body in protobuf. nil when its outermost levels cannot be read.
    package init?(protobuf body: [UInt8], attribute key: String) {
        member = nil
        guard (try? body.withUnsafeBytes { bytes in try readProtobuf(bytes, key) }) != nil else { return nil }
    }

    /// The same of a body in JSON. `member`: `resourceSpans` or `resourceLogs`.
    package init?(json body: [UInt8], attribute key: String, member: StaticString = "resourceSpans") {
        self.member = member
        guard (try? body.withUnsafeBytes { bytes in try readJSON(bytes, key, member) }) != nil else { return nil }
    }

    /// A request of some of the resources, in the order of their places. What stood beside the resources, which is nothing in OTLP, is left
    /// out.
    ///
    /// - Parameter body: the one that was read.
    package func request(of places: [Int], in body: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(places.reduce(32) { $0 + ranges[$1].count + 1 })
        if let member { bytes.append(contentsOf: "{\"\(member)\":[".utf8) }
        for (number, place) in places.enumerated() {
            if member != nil, number > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(contentsOf: body[ranges[place]])
        }
        if member != nil { bytes.append(contentsOf: "]}".utf8) }
        return bytes
    }

    // MARK: Protobuf

    private mutating func readProtobuf(_ body: UnsafeRawBufferPointer, _ key: String) throws(SpanFault) {
        var cursor = WireCursor(body, shift: 0)
        while cursor.hasMore {
            let start = cursor.offset, tag = try cursor.tag()
            guard tag == 1 << 3 | 2 else {
                try cursor.skip(tag, known: 1...1)
                continue
            }
            let text = Self.text(of: key, inProtobuf: try Self.resource(of: try cursor.message()))
            guard add(text, start..<cursor.offset) else { return }
        }
    }

    /// False where there is no room for it.
    private mutating func add(_ text: String?, _ range: Range<Int>) -> Bool {
        hasTooMany = texts.count == OTLPLimits.maximumChosenResourceCount
        guard !hasTooMany else { return false }
        texts.append(text)
        ranges.append(range)
        return true
    }

    /// Field 1, whose parts merge.
    private static func resource(of message: WireCursor) throws(SpanFault) -> [UInt8] {
        var cursor = message
        var resource: [UInt8] = []
        while cursor.hasMore {
            let tag = try cursor.tag()
            if tag == 1 << 3 | 2 {
                resource.append(contentsOf: try cursor.message().buffer)
            } else {
                try cursor.skip(tag, known: 1...1)
            }
        }
        return resource
    }

    private static func text(of key: String, inProtobuf resource: [UInt8]) -> String? {
        guard let attribute = (try? ResourceDecoder.decode(resource))?.attributes.first(where: { $0.key == key }),
            case .string(let text) = attribute.value
        else { return nil }
        return text
    }

    // MARK: JSON

    private mutating func readJSON(_ body: UnsafeRawBufferPointer, _ key: String, _ member: StaticString) throws(JSONError) {
        var scanner = JSONScanner(body, maximumDepth: OTLPLimits.maximumJSONDepth)
        try scanner.beginObject()
        while let name = try scanner.nextKey() {
            guard scanner.matches(name, member), try scanner.peek() != .null else {
                try scanner.skipValue()
                continue
            }
            try scanner.beginArray()
            while try scanner.nextElement() {
                scanner.skipWhitespace()
                let start = scanner
                try scanner.skipValue()
                guard add(try Self.text(of: key, inJSON: start), start.offset..<scanner.offset) else { return }
            }
        }
        try scanner.finish()
    }

    private static func text(of key: String, inJSON object: JSONScanner) throws(JSONError) -> String? {
        var scanner = object
        try scanner.beginObject()
        while let name = try scanner.nextKey() {
            guard scanner.matches(name, "resource") else {
                try scanner.skipValue()
                continue
            }
            return try text(of: key, inResource: &scanner)
        }
        return nil
    }

    /// Of an attribute that is sent twice the first counts.
    private static func text(of key: String, inResource scanner: inout JSONScanner) throws(JSONError) -> String? {
        guard try begins(.object, &scanner) else { return nil }
        while let name = try scanner.nextKey() {
            guard scanner.matches(name, "attributes") else {
                try scanner.skipValue()
                continue
            }
            guard try begins(.array, &scanner) else { return nil }
            while try scanner.nextElement() {
                let attribute = try attribute(&scanner, key)
                if attribute.isWanted { return attribute.text }
            }
        }
        return nil
    }

    /// Whether an attribute has the key, and its value where that is a text.
    private static func attribute(_ scanner: inout JSONScanner, _ key: String) throws(JSONError) -> (isWanted: Bool, text: String?) {
        var isWanted = false, text: String?
        guard try begins(.object, &scanner) else { return (false, nil) }
        while let name = try scanner.nextKey() {
            if scanner.matches(name, "key"), try scanner.peek() == .string {
                isWanted = scanner.text(of: try scanner.string()) == key
            } else if scanner.matches(name, "value"), try begins(.object, &scanner) {
                while let member = try scanner.nextKey() {
                    if scanner.matches(member, "stringValue"), try scanner.peek() == .string {
                        text = scanner.text(of: try scanner.string())
                    } else {
                        try scanner.skipValue()
                    }
                }
            } else if !scanner.matches(name, "value") {
                try scanner.skipValue()
            }
        }
        return (isWanted, text)
    }

    /// Begins a container of that kind; a value of another one is passed over.
    private static func begins(_ kind: JSONScanner.Kind, _ scanner: inout JSONScanner) throws(JSONError) -> Bool {
        guard try scanner.peek() == kind else {
            try scanner.skipValue()
            return false
        }
        if kind == .array { try scanner.beginArray() } else { try scanner.beginObject() }
        return true
    }
}
