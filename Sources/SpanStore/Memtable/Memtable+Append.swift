import OTLP
import TraceModel

/// Where attributes with one key go: a column of their own, or the map.
struct KeyPlan {
    let keyCode: UInt32
    /// The type that goes into the column; nil when the key has none.
    let columnType: AttributeType?
    // The memtable holds its columns for as long as it lives, and plans are used by its writer only: unmanaged, because
    // counting references for every attribute of every span costs as much as storing it.
    let text: Unmanaged<SparseTextColumn>?
    let number: Unmanaged<SparseColumn>?
    /// Code of `attributes.KEY` among the payload places.
    let placeCode: UInt32
    /// A longer value goes to the payloads.
    let maximumInlineByteCount: Int

    init(keyCode: UInt32, memtable: Memtable) {
        self.keyCode = keyCode
        let name = memtable.arena.string(memtable.keys.entries[Int(keyCode)])
        placeCode = memtable.payloadPlaces.code("attributes." + name)
        maximumInlineByteCount = memtable.inlineBounds.byteCount(ofKey: name)
        let column = memtable.registry.spanKeys.firstIndex { $0.key == name }
        columnType = column.map { memtable.registry.spanKeys[$0].attributeType }
        let isText = column.map { memtable.registry.spanKeys[$0].type == .string } ?? false
        text = column.flatMap { isText ? .passUnretained(memtable.textColumn($0)) : nil }
        number = column.flatMap { isText ? nil : .passUnretained(memtable.numberColumn($0)) }
    }
}

extension StringInterner {
    func code(_ text: String) -> UInt32 {
        var text = text
        return text.withUTF8 { utf8 in
            // No byte of an empty text is read.
            code(utf8.baseAddress.map { UnsafeRawPointer($0) } ?? UnsafeRawPointer(bitPattern: 1).unsafelyUnwrapped, count: utf8.count)
        }
    }
}

extension Memtable {
    /// Adds a batch and publishes it. Writer only; batches come in the order of their LSNs.
    ///
    /// First it is decided which spans become rows, then columns are filled one after the other: a loop over one column keeps
    /// its state in registers, a loop over spans would fetch that of forty.
    func append(_ batch: SpanBatch, fields: LLMFields, lsn: UInt64, receivedUnixNano: UInt64) {
        var duplicateSpanCount = 0
        batch.bytes.withUnsafeBytes { bytes in
            // An empty body has no spans, and no range to follow.
            guard let base = bytes.baseAddress else { return }
            let rows = appendIdentities(of: batch, &duplicateSpanCount)
            let plans = batch.keys.map { plan(forKey: base + $0.start, count: $0.count) }
            appendSpans(of: batch, rows, base)
            appendLists(of: batch, rows, plans, base)
            appendFields(fields, rows, plans, base)
        }
        note(lsn: lsn, receivedUnixNano: receivedUnixNano, duplicateSpanCount: duplicateSpanCount)
        publish()
    }

    /// A span that does not become a row.
    private static var dropped: UInt32 { .max }

    /// Ids and times, and the row each span gets. A span that is already here gives way to, or drops, the new one: the version
    /// with the later end, then with more attributes, then the one that came last is the one that counts.
    private func appendIdentities(of batch: SpanBatch, _ duplicateSpanCount: inout Int) -> [UInt32] {
        var rows: [UInt32] = []
        rows.reserveCapacity(batch.spanCount)
        let traces = batch.traceIDs, spans = batch.spanIDs, ends = batch.endTimesUnixNano, starts = batch.startTimesUnixNano
        let attributeStarts = batch.attributeStarts, isEvent = batch.record == .event
        traceIndex.update(rowIDs, traces: traces, spans: spans) { span, index in
            let count = attributeStarts[span + 1] &- attributeStarts[span]
            if !isEvent, let other = index.row(trace: traces[span], span: spans[span]) {
                duplicateSpanCount += 1
                let otherEnd = startTimes[Int(other)] &+ UInt64(bitPattern: durations[Int(other)])
                guard (ends[span], UInt16(clamping: count)) >= (otherEnd, attributeCounts[Int(other)]) else {
                    rows.append(Self.dropped)
                    return
                }
                supersededRows.append(other)
            }
            let row = nextRow()
            rows.append(row)
            traceHighs.append(traces[span].high)
            traceLows.append(traces[span].low)
            spanIDs.append(spans[span].rawValue)
            // An event is no version of its span: it has no place among the spans' ids.
            index.insert(row: row, trace: traces[span], span: isEvent ? nil : spans[span])
            if isEvent { eventRows.append(row) }
            startTimes.append(starts[span])
            durations.append(Int64(bitPattern: ends[span] &- starts[span]))
            attributeCounts.append(UInt16(clamping: count))
        }
        return rows
    }

    private func appendSpans(of batch: SpanBatch, _ rows: [UInt32], _ base: UnsafeRawPointer) {
        func each<T>(_ values: [T], _ body: (UInt32, T) -> Void) {
            for span in 0..<rows.count where rows[span] != Self.dropped { body(rows[span], values[span]) }
        }
        each(batch.parentSpanIDs) { parentSpanIDs.append($1.rawValue) }
        each(batch.kinds) { spanKinds.append($1) }
        each(batch.flags) { flags.append($1) }
        let resourceCodes = batch.resources.map { resources.code(of: $0, in: batch) }
        each(batch.resourceIndexes) { self.resourceCodes.append(resourceCodes[Int($1)]) }
        let scopeCodes = batch.scopes.map { scopes.code(of: $0, in: batch) }
        each(batch.scopeIndexes) { self.scopeCodes.append(scopeCodes[Int($1)]) }
        each(batch.names) { names.codes.append(names.interner.code(base + ($1.isNone ? 0 : $1.start), count: $1.count)) }
        let codes = batch.statusCodes, messages = batch.statusMessages, hasStatus = batch.hasStatus
        for span in 0..<rows.count where rows[span] != Self.dropped {
            statusCodes.append(hasStatus[span] ? codes[span] : Self.noStatus)
            if hasStatus[span] { append(messages[span], to: statusMessages, rows[span], base) }
        }
        each(batch.traceStates) { append($1, to: traceStates, $0, base) }
        for (counts, column) in [
            (batch.droppedAttributesCounts, droppedAttributesCounts), (batch.droppedEventsCounts, droppedEventsCounts),
            (batch.droppedLinksCounts, droppedLinksCounts),
        ] {
            each(counts) { if $1 != 0 { column.append(row: $0, bits: UInt64($1)) } }
        }
    }

    // MARK: Attributes, events, links

    private func appendLists(of batch: SpanBatch, _ rows: [UInt32], _ plans: [KeyPlan], _ base: UnsafeRawPointer) {
        let attributes = batch.attributes, starts = batch.attributeStarts
        let eventStarts = batch.eventStarts, linkStarts = batch.linkStarts
        // Row + 1 of the span that had the key last: finds a key that a span has twice.
        var lastRows = [UInt32](repeating: 0, count: plans.count)
        var duplicates: [SpanBatch.Attribute] = []
        var hashes = [UInt64](repeating: 0, count: attributes.count)
        for span in 0..<rows.count {
            if span % Self.warmedSpanCount == 0 {
                let end = min(span + Self.warmedSpanCount, rows.count)
                warm(attributes, Int(starts[span])..<Int(starts[end]), plans, base, &hashes)
            }
            let row = rows[span]
            if row == Self.dropped { continue }
            for place in Int(starts[span])..<Int(starts[span + 1]) {
                let attribute = attributes[place]
                let key = Int(attribute.keyIndex)
                if lastRows[key] == row &+ 1 {
                    duplicates.append(attribute)
                    continue
                }
                lastRows[key] = row &+ 1
                append(attribute, plans[key], row, hashes[place], batch.traceIDs[span], batch, base)
            }
            if !duplicates.isEmpty {
                append(duplicates: duplicates, of: batch, row)
                duplicates.removeAll(keepingCapacity: true)
            }
            if eventStarts[span] != eventStarts[span + 1] { appendEvents(ofSpan: span, batch, plans, base) }
            if linkStarts[span] != linkStarts[span + 1] { appendLinks(ofSpan: span, batch, plans, base) }
            attributeEnds.append(UInt32(mapAttributes.count))
            payloadEnds.append(UInt32(payloadCells.count))
            eventEnds.append(UInt32(events.count))
            linkEnds.append(UInt32(links.count))
        }
    }

    /// Spans whose texts are looked for ahead: a few hundred texts, whose places fit into the smallest cache.
    private static var warmedSpanCount: Int { 16 }

    /// Hashes the texts that go into columns, and reads what their interners will look at: of many different texts each look waits for the
    /// memory, unless it is read ahead, one independent of the other.
    @inline(__always)
    private func warm(
        _ attributes: [SpanBatch.Attribute], _ range: Range<Int>, _ plans: [KeyPlan], _ base: UnsafeRawPointer, _ hashes: inout [UInt64]
    ) {
        var read: UInt64 = 0
        for place in range {
            let attribute = attributes[place], plan = plans[Int(attribute.keyIndex)]
            guard plan.columnType == attribute.type, let text = plan.text else { continue }
            let range = attribute.range
            text._withUnsafeGuaranteedRef { column in
                guard column.interner.isDistinct, range.count <= plan.maximumInlineByteCount else { return }
                hashes[place] = column.interner.hash(base + range.start, count: range.count)
                read ^= column.interner.slot(hashes[place])
            }
        }
        for place in range where hashes[place] != 0 {
            // Only of a text for a column there is a hash.
            plans[Int(attributes[place].keyIndex)].text?._withUnsafeGuaranteedRef { column in
                read ^= column.interner.beginning(column.interner.slot(hashes[place]))
            }
        }
        warmed = read
    }

    /// `hash`: of a text that goes into a column where equal texts have equal codes.
    @inline(__always)
    private func append(
        _ attribute: SpanBatch.Attribute, _ plan: KeyPlan, _ row: UInt32, _ hash: UInt64, _ trace: TraceID, _ batch: SpanBatch,
        _ base: UnsafeRawPointer
    ) {
        if plan.columnType == attribute.type {
            if let text = plan.text {
                let range = attribute.range
                if range.count <= plan.maximumInlineByteCount {
                    text._withUnsafeGuaranteedRef { $0.append(row: row, base + range.start, count: range.count, hash: hash) }
                    return
                }
            } else if let number = plan.number {
                number._withUnsafeGuaranteedRef { $0.append(row: row, bits: attribute.bits) }
                return
            }
        }
        if isLong(attribute, plan) {
            appendPayload(attribute, placeCode: plan.placeCode, trace, batch, base)
        } else {
            mapAttributes.append(cell(of: attribute, keyCode: plan.keyCode, base))
        }
    }

    private func append(duplicates: [SpanBatch.Attribute], of batch: SpanBatch, _ row: UInt32) {
        let pairs = duplicates.map { KeyValue(batch.text(batch.keys[Int($0.keyIndex)]), Self.value(of: $0, in: batch)) }
        (AttributeValueEncoder.encodeList(.keyValueList(pairs)) ?? []).withUnsafeBytes { bytes in
            if let base = bytes.baseAddress { duplicateAttributes.append(row: row, base, count: bytes.count) }
        }
    }

    /// Whether a value goes to the payloads: the others are short enough for the columns.
    private func isLong(_ attribute: SpanBatch.Attribute, _ plan: KeyPlan) -> Bool {
        switch attribute.type {
        case .bool, .int, .double, .empty: false
        case .string, .bytes, .array, .keyValueList: attribute.range.count > plan.maximumInlineByteCount
        }
    }

    private func appendPayload(
        _ attribute: SpanBatch.Attribute, placeCode: UInt32, _ trace: TraceID, _ batch: SpanBatch, _ base: UnsafeRawPointer
    ) {
        let range = attribute.range
        if attribute.type == .string {
            let text = UnsafeRawBufferPointer(start: base + range.start, count: range.count)
            return payloadWriter.append(text, type: AttributeType.string.rawValue, placeCode: placeCode, trace: trace)
        }
        let (text, tag) = StoredValue.encode(Self.value(of: attribute, in: batch))
        text.withUnsafeBytes { payloadWriter.append($0, type: tag, placeCode: placeCode, trace: trace) }
    }

    /// The decoder has checked every nested value of a batch: what it let through can be decoded.
    private static func value(of attribute: SpanBatch.Attribute, in batch: SpanBatch) -> AttributeValue {
        (try? AttributeValueDecoder.value(of: attribute, in: batch)) ?? .empty
    }

    private func cell(of attribute: SpanBatch.Attribute, keyCode: UInt32, _ base: UnsafeRawPointer) -> AttributeCell {
        var bits = attribute.bits
        switch attribute.type {
        case .string, .bytes, .array, .keyValueList: bits = arena.append(base + attribute.range.start, count: attribute.range.count).bits
        case .bool, .int, .double, .empty: break
        }
        return AttributeCell(bits: bits, keyCode: keyCode, type: attribute.type.rawValue)
    }

    private func appendNested(
        _ start: UInt32, _ count: UInt32, place: String, _ trace: TraceID, _ batch: SpanBatch, _ plans: [KeyPlan], _ base: UnsafeRawPointer
    ) -> (start: UInt32, count: UInt32) {
        let first = UInt32(nestedAttributes.count), firstCell = payloadCells.count
        for index in Int(start)..<Int(start) + Int(count) {
            let attribute = batch.nestedAttributes[index]
            let plan = plans[Int(attribute.keyIndex)]
            if isLong(attribute, plan) {
                let name = payloadPlaces.code(place + arena.string(keys.entries[Int(plan.keyCode)]))
                // Of a key that comes twice only one value is a payload: two with one place would read as pieces of one value.
                if !(firstCell..<payloadCells.count).contains(where: { payloadCells[$0].placeCode == name }) {
                    appendPayload(attribute, placeCode: name, trace, batch, base)
                    continue
                }
            }
            nestedAttributes.append(cell(of: attribute, keyCode: plan.keyCode, base))
        }
        return (first, UInt32(nestedAttributes.count) - first)
    }

    private func appendEvents(ofSpan span: Int, _ batch: SpanBatch, _ plans: [KeyPlan], _ base: UnsafeRawPointer) {
        let start = Int(batch.eventStarts[span])
        for index in start..<Int(batch.eventStarts[span + 1]) {
            let event = batch.events[index]
            let range = appendNested(
                event.attributeStart, event.attributeCount, place: "events.\(index - start).attributes.", batch.traceIDs[span], batch,
                plans, base)
            events.append(
                EventCell(
                    timeUnixNano: event.timeUnixNano,
                    nameCode: eventNames.code(base + (event.name.isNone ? 0 : event.name.start), count: event.name.count),
                    droppedAttributesCount: event.droppedAttributesCount, attributeStart: range.start, attributeCount: range.count))
        }
    }

    private func appendLinks(ofSpan span: Int, _ batch: SpanBatch, _ plans: [KeyPlan], _ base: UnsafeRawPointer) {
        let start = Int(batch.linkStarts[span])
        for index in start..<Int(batch.linkStarts[span + 1]) {
            let link = batch.links[index]
            let range = appendNested(
                link.attributeStart, link.attributeCount, place: "links.\(index - start).attributes.", batch.traceIDs[span], batch, plans,
                base)
            links.append(
                LinkCell(
                    traceHigh: link.traceID.high, traceLow: link.traceID.low, spanID: link.spanID.rawValue,
                    traceState: link.traceState.isNone ? .empty : arena.append(base + link.traceState.start, count: link.traceState.count),
                    flags: link.flags, droppedAttributesCount: link.droppedAttributesCount, attributeStart: range.start,
                    attributeCount: range.count))
        }
    }

    // MARK: LLM fields

    private func appendFields(_ fields: LLMFields, _ rows: [UInt32], _ plans: [KeyPlan], _ base: UnsafeRawPointer) {
        for span in 0..<rows.count where rows[span] != Self.dropped { llmKinds.append(fields.kinds[span].rawValue) }
        for (field, column) in zip(LLMTextField.allCases, llmTexts) {
            let texts = field.column(of: fields)
            for span in 0..<rows.count where !texts[span].isNone && rows[span] != Self.dropped {
                column.append(row: rows[span], base + texts[span].start, count: texts[span].count)
            }
        }
        for (field, column) in zip(LLMNumberField.allCases, llmNumbers) {
            for span in 0..<rows.count where rows[span] != Self.dropped {
                if let bits = field.bits(of: fields, span) { column.append(row: rows[span], bits: bits) }
            }
        }
        for (references, column) in [(fields.inputKeys, inputKeys), (fields.outputKeys, outputKeys)] {
            for span in 0..<rows.count where references[span] != .max && rows[span] != Self.dropped {
                column.append(row: rows[span], bits: UInt64(plans[Int(references[span])].keyCode))
            }
        }
        if fields.tags.isEmpty { return }
        for span in 0..<rows.count where rows[span] != Self.dropped {
            for tag in Int(fields.tagStarts[span])..<Int(fields.tagStarts[span + 1]) {
                append(fields.tags[tag], to: tags, rows[span], base)
            }
        }
    }

    @inline(__always)
    private func append(_ range: ByteRange, to column: SparseTextColumn, _ row: UInt32, _ base: UnsafeRawPointer) {
        guard range.count > 0, !range.isNone else { return }
        column.append(row: row, base + range.start, count: range.count)
    }
}
