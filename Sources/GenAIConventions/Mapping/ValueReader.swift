import TraceModel

/// Reads attribute values leniently: what instrumentations send for a string, a count or an amount in practice.
/// Nothing here fails; a value that makes no sense is absent.
struct ValueReader {
    /// Where canonical provider names lie in this batch, once one was appended; by `ProviderNames.canonicalNames`.
    private var providerRanges = [ByteRange](repeating: .none, count: ProviderNames.canonicalNames.count)

    /// Whether there is anything in a value: empty texts, lists and unset values are as good as absent.
    static func isPresent(_ attribute: SpanBatch.Attribute) -> Bool {
        switch attribute.type {
        case .string, .bytes, .array, .keyValueList: attribute.range.count > 0
        case .bool, .int, .double: true
        case .empty: false
        }
    }

    /// A non-empty string as it stands, a number as its decimal text in the appendix.
    func text(_ attribute: SpanBatch.Attribute, _ batch: inout SpanBatch) -> ByteRange? {
        switch attribute.type {
        case .string:
            return attribute.range.count > 0 ? attribute.range : nil
        case .int:
            return batch.append(String(Int64(bitPattern: attribute.bits)).utf8)
        case .double:
            let value = Double(bitPattern: attribute.bits)
            if let integer = Self.wholeNumber(value) { return batch.append(String(integer).utf8) }
            return value.isFinite ? batch.append(String(value).utf8) : nil
        case .bool, .bytes, .array, .keyValueList, .empty:
            return nil
        }
    }

    /// The canonical name of a known provider, any other non-empty text as it stands. What stands behind the last dot is an API
    /// (`mistral.chat`) where the whole is no known name and what stands before it is one; on demand always, unless the whole is known.
    mutating func providerName(_ attribute: SpanBatch.Attribute, _ batch: inout SpanBatch, dropsAPI: Bool = false) -> ByteRange? {
        guard attribute.type == .string, attribute.range.count > 0 else { return nil }
        var name = attribute.range
        var known = ProviderNames.table.value(of: batch.bytes.span.extracting(name.indices))
        if known == nil, let dot = batch.bytes[name.indices].lastIndex(of: UInt8(ascii: ".")), dot > name.start {
            let maker = ByteRange(offset: name.start, length: dot - name.start)
            known = ProviderNames.table.value(of: batch.bytes.span.extracting(maker.indices))
            if known != nil || dropsAPI { name = maker }
        }
        guard let known else { return name }
        let canonical = ProviderNames.canonicalNames[Int(known)]
        if batch.equals(name, canonical) { return name }
        if providerRanges[Int(known)].isNone { providerRanges[Int(known)] = batch.append(canonical) }
        return providerRanges[Int(known)]
    }

    /// `ERROR`, or a severity number from 17: OpenTelemetry's for errors, which Logfire uses.
    func isErrorLevel(_ attribute: SpanBatch.Attribute, _ batch: SpanBatch) -> Bool {
        if attribute.type == .string, batch.equals(attribute.range, Array("ERROR".utf8)) { return true }
        return count(attribute, batch).map { $0 >= 17 } ?? false
    }

    /// A whole number from 0 to `GenAILimits.maximumTokenCount`, however it was sent.
    func count(_ attribute: SpanBatch.Attribute, _ batch: SpanBatch) -> Int64? {
        let value: Int64?
        switch attribute.type {
        case .int: value = Int64(bitPattern: attribute.bits)
        case .double: value = Self.wholeNumber(Double(bitPattern: attribute.bits))
        case .string:
            guard let text = numberText(attribute.range, batch) else { return nil }
            value = Int64(text) ?? Double(text).flatMap(Self.wholeNumber)
        case .bool, .bytes, .array, .keyValueList, .empty: value = nil
        }
        guard let value, value >= 0, value <= GenAILimits.maximumTokenCount else { return nil }
        return value
    }

    /// A finite number from 0.
    func amount(_ attribute: SpanBatch.Attribute, _ batch: SpanBatch) -> Double? {
        let value: Double?
        switch attribute.type {
        case .int: value = Double(Int64(bitPattern: attribute.bits))
        case .double: value = Double(bitPattern: attribute.bits)
        case .string: value = numberText(attribute.range, batch).flatMap { Double($0) }
        case .bool, .bytes, .array, .keyValueList, .empty: value = nil
        }
        guard let value, value.isFinite, value >= 0 else { return nil }
        return value
    }

    /// The integer a double stands for exactly; nil for fractions, NaN and what Int64 cannot hold.
    private static func wholeNumber(_ value: Double) -> Int64? {
        guard value >= -0x1p63, value < 0x1p63 else { return nil }
        let integer = Int64(value)
        return Double(integer) == value ? integer : nil
    }

    /// The text without white space around it. Only texts that begin and end like decimal numbers, so that names the
    /// parser knows besides (`inf`, `nan`, `0x10`) are no numbers here.
    private func numberText(_ range: ByteRange, _ batch: SpanBatch) -> String? {
        guard range.count <= GenAILimits.maximumNumberLength else { return nil }
        let text = batch.bytes[range.indices].trimmed()
        let isDecimal = text.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "+"),
                UInt8(ascii: "-"):
                true
            default: false
            }
        }
        return isDecimal && !text.isEmpty ? String(decoding: text, as: UTF8.self) : nil
    }
}

extension ArraySlice<UInt8> {
    /// Without ASCII white space at both ends.
    func trimmed() -> ArraySlice<UInt8> {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 9 < 5 }
        guard let first = firstIndex(where: { !isSpace($0) }), let last = lastIndex(where: { !isSpace($0) }) else {
            return self[startIndex..<startIndex]
        }
        return self[first...last]
    }
}
