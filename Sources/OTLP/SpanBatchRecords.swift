import TraceModel

/// `SpanBatch` -> owned `SpanRecord`s, for the quarantine, for reading spans that are not sealed, and for tests. Fields that the
/// mapping fills (`llm`) stay at their defaults.
extension SpanBatch {
    /// All spans, in their order. Throws when the batch does not come from a decoder and a nested value is malformed.
    package func records() throws(OTLPError) -> [SpanRecord] {
        let resources = resources.map {
            SpanRecord.Resource(encoded: $0.encoded.isNone ? nil : Array(bytes[$0.encoded.indices]), schemaURL: text($0.schemaURL))
        }
        let scopes = scopes.map {
            SpanRecord.Scope(encoded: $0.encoded.isNone ? nil : Array(bytes[$0.encoded.indices]), schemaURL: text($0.schemaURL))
        }
        var records: [SpanRecord] = []
        records.reserveCapacity(spanCount)
        for span in 0..<spanCount {
            var record = try record(ofSpan: span)
            record.resource = resources[Int(resourceIndexes[span])]
            record.scope = scopes[Int(scopeIndexes[span])]
            records.append(record)
        }
        return records
    }

    /// One span without its resource and scope.
    private func record(ofSpan span: Int) throws(OTLPError) -> SpanRecord {
        var record = SpanRecord(
            traceID: traceIDs[span], spanID: spanIDs[span], name: text(names[span]), startTimeUnixNano: startTimesUnixNano[span],
            endTimeUnixNano: endTimesUnixNano[span])
        record.parentSpanID = parentSpanIDs[span]
        record.traceState = text(traceStates[span])
        record.flags = flags[span]
        record.kind = kinds[span]
        record.attributes = try keyValues(attributes(ofSpan: span))
        record.droppedAttributesCount = droppedAttributesCounts[span]
        for event in events[Int(eventStarts[span])..<Int(eventStarts[span + 1])] {
            record.events.append(
                SpanRecord.Event(
                    timeUnixNano: event.timeUnixNano, name: text(event.name),
                    attributes: try nestedKeyValues(event.attributeStart, event.attributeCount),
                    droppedAttributesCount: event.droppedAttributesCount))
        }
        record.droppedEventsCount = droppedEventsCounts[span]
        for link in links[Int(linkStarts[span])..<Int(linkStarts[span + 1])] {
            record.links.append(
                SpanRecord.Link(
                    traceID: link.traceID, spanID: link.spanID, traceState: text(link.traceState),
                    attributes: try nestedKeyValues(link.attributeStart, link.attributeCount),
                    droppedAttributesCount: link.droppedAttributesCount, flags: link.flags))
        }
        record.droppedLinksCount = droppedLinksCounts[span]
        if hasStatus[span] { record.status = SpanRecord.Status(code: statusCodes[span], message: text(statusMessages[span])) }
        return record
    }

    private func nestedKeyValues(_ start: UInt32, _ count: UInt32) throws(OTLPError) -> [KeyValue] {
        try keyValues(nestedAttributes[Int(start)..<Int(start) + Int(count)])
    }

    private func keyValues(_ attributes: ArraySlice<Attribute>) throws(OTLPError) -> [KeyValue] {
        var result: [KeyValue] = []
        result.reserveCapacity(attributes.count)
        for attribute in attributes {
            result.append(KeyValue(text(keys[Int(attribute.keyIndex)]), try AttributeValueDecoder.value(of: attribute, in: self)))
        }
        return result
    }
}
