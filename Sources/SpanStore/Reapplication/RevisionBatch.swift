import GenAIConventions
import OTLP
import TraceModel

/// A batch put together of stored spans: only of what mapping and prices look at, in the order in which they look.
///
/// The columns that neither reads stay empty; such a batch is never stored. Attributes of a flattened list come in the order of their
/// numbers, the first of them being the one that counts, and those that the stored fields refer to before the others, so that a
/// reference that is as good as another stays what it is.
struct RevisionBatch {
    private(set) var batch = SpanBatch(body: [])
    private var keyIndexes: [String: UInt32] = [:]
    private var isListed: [Bool] = []
    /// By row.
    private var attributes: [[SpanBatch.Attribute]]
    private var duplicates: [[SpanBatch.Attribute]]
    private var events: [[SpanRecord.Event]]

    init(rowCount: Int, record: RecordKind) {
        attributes = Array(repeating: [], count: rowCount)
        duplicates = attributes
        events = Array(repeating: [], count: rowCount)
        batch.record = record
    }

    // MARK: Filling

    mutating func key(_ name: String, isListed: Bool) -> UInt32 {
        if let index = keyIndexes[name] { return index }
        let index = UInt32(batch.keys.count)
        batch.keys.append(batch.append(name.utf8))
        self.isListed.append(isListed)
        keyIndexes[name] = index
        return index
    }

    mutating func text(_ bytes: UnsafeRawBufferPointer) -> ByteRange { batch.append(bytes) }

    mutating func addText(_ range: ByteRange, key: UInt32, row: Int) {
        attributes[row].append(SpanBatch.Attribute(keyIndex: key, type: .string, bits: range.packed))
    }

    mutating func add(_ value: AttributeValue, key: UInt32, row: Int) { attributes[row].append(attribute(value, key)) }

    /// Of a key that the row has already.
    mutating func addDuplicate(_ value: AttributeValue, key: UInt32, row: Int) { duplicates[row].append(attribute(value, key)) }

    mutating func setEvents(_ list: [SpanRecord.Event], row: Int) { events[row] = list }

    /// Whether the row has an attribute that tells a level.
    func hasErrorLevel(row: Int) -> Bool {
        ErrorLevels.levelKeys.contains { name in
            keyIndexes[name].map { key in attributes[row].contains { $0.keyIndex == key } } ?? false
        }
    }

    private mutating func attribute(_ value: AttributeValue, _ key: UInt32) -> SpanBatch.Attribute {
        func made(_ type: AttributeType, _ bits: UInt64) -> SpanBatch.Attribute {
            SpanBatch.Attribute(keyIndex: key, type: type, bits: bits)
        }
        switch value {
        case .string(let text): return made(.string, batch.append(text.utf8).packed)
        case .bool(let flag): return made(.bool, flag ? 1 : 0)
        case .int(let number): return made(.int, UInt64(bitPattern: number))
        case .double(let number): return made(.double, number.bitPattern)
        case .bytes(let bytes): return made(.bytes, batch.append(bytes).packed)
        case .array: return made(.array, batch.append(AttributeValueEncoder.encodeList(value) ?? []).packed)
        case .keyValueList: return made(.keyValueList, batch.append(AttributeValueEncoder.encodeList(value) ?? []).packed)
        case .empty: return made(.empty, 0)
        }
    }

    // MARK: Spans

    struct Identity: Sendable {
        var traceID: TraceID
        var spanID: SpanID
    }

    struct Span {
        var traceID: TraceID
        var spanID: SpanID
        var parentSpanID: SpanID
        var startTimeUnixNano: UInt64
        var endTimeUnixNano: UInt64
        var name: String
        /// Nil where no status was sent.
        var statusCode: Int32?
        var statusMessage: String?
        /// What the stored fields refer to.
        var references: [String]
    }

    /// The whole batch; one span for each row, in order.
    consuming func finish(_ spans: [Span]) -> SpanBatch {
        let order = listOrder()
        for (row, span) in spans.enumerated() {
            batch.traceIDs.append(span.traceID)
            batch.spanIDs.append(span.spanID)
            batch.parentSpanIDs.append(span.parentSpanID)
            batch.startTimesUnixNano.append(span.startTimeUnixNano)
            batch.endTimesUnixNano.append(span.endTimeUnixNano)
            batch.names.append(batch.append(span.name.utf8))
            batch.statusCodes.append(span.statusCode ?? 0)
            batch.hasStatus.append(span.statusCode != nil)
            batch.statusMessages.append(span.statusMessage.map { batch.append($0.utf8) } ?? .none)
            var list = attributes[row]
            if list.contains(where: { isListed[Int($0.keyIndex)] }) {
                let referred = span.references.compactMap { keyIndexes[$0] }
                func rank(_ attribute: SpanBatch.Attribute) -> Int {
                    referred.contains(attribute.keyIndex) ? -1 : order[Int(attribute.keyIndex)]
                }
                list.sort { rank($0) < rank($1) }
            }
            batch.attributes += list
            batch.attributes += duplicates[row]
            batch.attributeStarts.append(UInt32(batch.attributes.count))
            addEvents(events[row])
        }
        return batch
    }

    private mutating func addEvents(_ list: [SpanRecord.Event]) {
        for event in list {
            let start = batch.nestedAttributes.count
            for attribute in event.attributes {
                let added = self.attribute(attribute.value, key(attribute.key, isListed: false))
                batch.nestedAttributes.append(added)
            }
            batch.events.append(
                SpanBatch.Event(
                    timeUnixNano: event.timeUnixNano, name: batch.append(event.name.utf8), attributeStart: UInt32(start),
                    attributeCount: UInt32(event.attributes.count), droppedAttributesCount: event.droppedAttributesCount))
        }
        batch.eventStarts.append(UInt32(batch.events.count))
    }

    /// By key: 0 for one that stands alone, else its place among those of lists.
    private func listOrder() -> [Int] {
        var order = [Int](repeating: 0, count: batch.keys.count)
        let listed = keyIndexes.filter { isListed[Int($0.value)] }.sorted { Self.precedes(Array($0.key.utf8), Array($1.key.utf8)) }
        for (place, key) in listed.enumerated() { order[Int(key.value)] = place + 1 }
        return order
    }

    /// Byte by byte, but for runs of digits, which count as numbers.
    static func precedes(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
        func run(_ text: [UInt8], _ start: Int) -> ArraySlice<UInt8> {
            let digits = text[start...].prefix { isDigit($0) }
            return digits.drop { $0 == UInt8(ascii: "0") }
        }
        var i = 0, j = 0
        while i < a.count, j < b.count {
            if isDigit(a[i]), isDigit(b[j]) {
                let first = run(a, i), second = run(b, j)
                if first.count != second.count { return first.count < second.count }
                if !first.elementsEqual(second) { return first.lexicographicallyPrecedes(second) }
                i = a[i...].firstIndex { !isDigit($0) } ?? a.count
                j = b[j...].firstIndex { !isDigit($0) } ?? b.count
            } else {
                if a[i] != b[j] { return a[i] < b[j] }
                i += 1
                j += 1
            }
        }
        return a.count - i < b.count - j
    }
}
