import ByteCoding
import TraceModel

/// Lists of tags as they are sent: an array of strings, a JSON array in a string (`["a","b"]`), or a comma-separated
/// string (`a, b`). White space around a tag, empty tags and repetitions are dropped.
///
/// An array attribute is the protobuf `ArrayValue` without tag and length: `values` (field 1) is a repeated `AnyValue`,
/// whose member `string_value` is its field 1. Every other field is skipped.
extension ValueReader {
    /// Appends the tags of an attribute; whether there were any.
    func appendTags(of attribute: SpanBatch.Attribute, _ batch: inout SpanBatch, to tags: inout [ByteRange]) -> Bool {
        let start = tags.count
        switch attribute.type {
        case .string:
            guard attribute.range.count <= GenAILimits.maximumTagListLength else { return false }
            if let strings = Self.strings(ofJSON: attribute.range, in: batch) {
                for tag in strings { append(batch.append(tag.utf8), from: start, batch, to: &tags) }
            } else {
                for piece in batch.bytes[attribute.range.indices].split(separator: UInt8(ascii: ",")) {
                    append(ByteRange(offset: piece.startIndex, length: piece.count), from: start, batch, to: &tags)
                }
            }
        case .array:
            for element in Self.strings(ofArray: attribute.range, in: batch) {
                if String(validating: batch.bytes[element.indices], as: UTF8.self) != nil {
                    append(element, from: start, batch, to: &tags)
                } else {
                    append(batch.append(batch.text(element).utf8), from: start, batch, to: &tags)
                }
            }
        case .bool, .int, .double, .bytes, .keyValueList, .empty:
            break
        }
        return tags.count > start
    }

    private func append(_ range: ByteRange, from start: Int, _ batch: SpanBatch, to tags: inout [ByteRange]) {
        let text = batch.bytes[range.indices].trimmed()
        guard !text.isEmpty, text.count <= GenAILimits.maximumTagLength, tags.count - start < GenAILimits.maximumTagCount,
            !tags[start...].contains(where: { batch.bytes[$0.indices].elementsEqual(text) })
        else { return }
        tags.append(ByteRange(offset: text.startIndex, length: text.count))
    }

    /// The strings of a JSON array; nil for other texts. Its own function, so that no slice of the bytes is alive when
    /// the caller appends to them: that would copy the whole body.
    private static func strings(ofJSON range: ByteRange, in batch: SpanBatch) -> [String]? {
        let text = batch.bytes[range.indices].trimmed()
        guard text.first == UInt8(ascii: "["),
            let list = try? JSONValue.parse(Array(text), maximumDepth: GenAILimits.maximumTagListDepth).arrayValue
        else { return nil }
        return list.prefix(GenAILimits.maximumTagCount).compactMap(\.stringValue)
    }

    /// The strings of an encoded `ArrayValue`, up to the first byte that is not protobuf.
    private static func strings(ofArray range: ByteRange, in batch: SpanBatch) -> [ByteRange] {
        var found: [ByteRange] = []
        batch.bytes.withUnsafeBytes { body in
            // `ByteReader` checks every read against the end of the range it is given.
            var reader = ByteReader(UnsafeRawBufferPointer(rebasing: body[range.indices]))
            while found.count < GenAILimits.maximumTagCount, let field = reader.nextProtobufField() {
                guard field.number == 1, field.isLengthDelimited else { continue }
                let elementStart = range.start + field.start
                var element = ByteReader(UnsafeRawBufferPointer(rebasing: body[elementStart..<elementStart + field.count]))
                while let member = element.nextProtobufField() {
                    guard member.number == 1, member.isLengthDelimited else { continue }
                    found.append(ByteRange(offset: elementStart + member.start, length: member.count))
                }
            }
        }
        return found
    }
}
