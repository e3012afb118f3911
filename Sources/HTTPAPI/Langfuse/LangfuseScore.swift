/// A score as Langfuse's SDKs send one, as it is stored here:
///
///     dataType      value                     stored
///     NUMERIC       a number                  value
///     BOOLEAN       0 or 1, true or false     passed, and value as it was sent
///     CATEGORICAL   a text                    label
///     none          by the value              a number as NUMERIC, a text as CATEGORICAL, true and false as BOOLEAN

import ByteCoding
import Ingest
import Metastore
import TraceModel

struct LangfuseScore: Equatable {
    /// The sender's: under it the score is stored once.
    let id: String
    let name: String
    private(set) var value: Double?
    private(set) var passed: Bool?
    private(set) var label: String?
    let reason: String
    let trace: TraceID
    let span: SpanID?

    private static let maximumIDCharacterCount = 200, maximumNameCharacterCount = 100, maximumLabelCharacterCount = 200
    private static let maximumReasonCharacterCount = 20_000

    /// `fallbackID`: where the score has none of its own.
    init(_ body: JSONValue, fallbackID: String) throws(LangfuseFault) {
        let id = try LangfuseEventReader.id(body, "id") ?? fallbackID
        guard Self.isStorable(id, 1...Self.maximumIDCharacterCount) else {
            throw LangfuseFault(message: "id must have 1 to \(Self.maximumIDCharacterCount) characters, none of them a control character")
        }
        self.id = id
        guard let name = try LangfuseEventReader.text(body, "name"), Self.isStorable(name, 1...Self.maximumNameCharacterCount) else {
            throw LangfuseFault(
                message: "name must have 1 to \(Self.maximumNameCharacterCount) characters, none of them a control character")
        }
        self.name = name
        let reason = try LangfuseEventReader.text(body, "comment") ?? ""
        guard reason.unicodeScalars.count <= Self.maximumReasonCharacterCount, !reason.utf8.contains(0) else {
            throw LangfuseFault(message: "comment must have at most \(Self.maximumReasonCharacterCount) characters, and no U+0000")
        }
        self.reason = reason
        guard let traceText = try LangfuseEventReader.id(body, "traceId") else {
            throw LangfuseFault(message: "traceId is missing: scores of sessions and of runs of datasets are not kept here")
        }
        trace = LangfuseIDs.trace(traceText)
        span = try LangfuseEventReader.id(body, "observationId").map { [trace] in LangfuseIDs.span($0, in: trace) }
        guard let given = body["value"], !given.isNull else { throw LangfuseFault(message: "value is missing") }
        let type = try LangfuseEventReader.text(body, "dataType")
        switch type ?? Self.type(of: given) {
        case "NUMERIC": value = try Self.number(given)
        case "BOOLEAN":
            if let flag = given.boolValue {
                passed = flag
            } else {
                guard let number = given.doubleValue, number == 0 || number == 1 else {
                    throw LangfuseFault(message: "value of a BOOLEAN score must be 0 or 1")
                }
                passed = number == 1
                value = number
            }
        case "CATEGORICAL":
            guard let text = given.stringValue, Self.isStorable(text, 1...Self.maximumLabelCharacterCount) else {
                throw LangfuseFault(
                    message: "value of a CATEGORICAL score must be a text of 1 to \(Self.maximumLabelCharacterCount) characters")
            }
            label = text
        default: throw LangfuseFault(message: "dataType must be NUMERIC, BOOLEAN or CATEGORICAL: others are not kept here")
        }
    }

    /// What the project's redaction rules look at.
    var content: ScoreContent {
        ScoreContent(name: name, value: value, passed: passed, label: label, reason: reason, externalID: id)
    }

    /// As it is stored. `content`: its own, as the rules left it.
    func score(_ content: ScoreContent, author: String) -> NewScore {
        NewScore(
            name: content.name, source: .application, value: content.value, passed: content.passed, label: content.label,
            reason: content.reason, subject: .trace(trace, span), author: author)
    }

    private static func type(of value: JSONValue) -> String {
        if value.stringValue != nil { return "CATEGORICAL" }
        return value.boolValue == nil ? "NUMERIC" : "BOOLEAN"
    }

    private static func number(_ value: JSONValue) throws(LangfuseFault) -> Double {
        let limit = MetastoreLimits.maximumScoreMagnitude
        guard let number = value.doubleValue, (-limit...limit).contains(number) else {
            throw LangfuseFault(message: "value of a NUMERIC score must be a number from \(-limit) to \(limit)")
        }
        return number
    }

    /// Whether PostgreSQL's column takes a text.
    private static func isStorable(_ text: String, _ counts: ClosedRange<Int>) -> Bool {
        counts.contains(text.unicodeScalars.count) && !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}
