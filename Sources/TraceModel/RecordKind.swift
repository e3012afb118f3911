/// What a row of the span table is a record of. The raw values are stored; they never change.
package enum RecordKind: String, Sendable, CaseIterable {
    case span
    /// A log record that belongs to a span, by trace id and span id: shown as an event of that span, counted nowhere.
    case event
}

/// Under which keys, among its attributes, an event record keeps the fields of its log record that a span has no place for. They stand
/// before the sender's own attributes, so of a key that occurs twice this one counts.
package enum LogRecordKeys {
    package static let body = "log.body"
    package static let severityNumber = "log.severity_number"
    package static let severityText = "log.severity_text"
    /// Nanoseconds since 1970; only where it is not the record's time.
    package static let observedTime = "log.observed_time_unix_nano"
    /// OpenTelemetry's older place for an event's name: an attribute of the record.
    package static let eventName = "event.name"
}
