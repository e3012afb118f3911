/// Operations as JSON.

import ByteCoding
import ContentReading

extension APIOperation {
    /// In the order of the type's comment; what is absent or empty is left out.
    package var json: JSONValue {
        var members = [JSONMember(key: "method", value: .string(method)), JSONMember(key: "path", value: .string(path))]
        if let operationID { members.append(JSONMember(key: "operation_id", value: .string(operationID))) }
        if let document { members.append(JSONMember(key: "document", value: .string(document))) }
        if !summary.isEmpty { members.append(JSONMember(key: "summary", value: .string(summary))) }
        if !description.isEmpty { members.append(JSONMember(key: "description", value: .string(description))) }
        members.append(JSONMember(key: "is_deprecated", value: .bool(isDeprecated)))
        if details != .object([]) { members.append(JSONMember(key: "details", value: details)) }
        return .object(members)
    }

    /// The members that details may have, each with whether it is a list; all others are objects.
    static let detailMembers: [(key: String, isList: Bool)] = [
        ("parameters", true), ("requestBody", false), ("responses", false), ("security", true), ("servers", true), ("components", false),
    ]
}

extension ObjectReader {
    /// Nil only with a problem in the list.
    mutating func apiOperation() -> APIOperation? {
        let method = requiredText("method", maximumByteCount: KnowledgeLimits.maximumNameByteCount)
        if let method, !method.utf8.allSatisfy(Self.isLetterOrHyphen) { report("method", "a method is letters: GET, POST, ...") }
        let path = line("path")
        let operationID = optionalLine("operation_id")
        let document = optionalLine("document")
        let summary = prose("summary")
        let description = prose("description")
        let isDeprecated = bool("is_deprecated")
        let details = value("details").flatMap(operationDetails)
        guard let method, let path else { return nil }
        return APIOperation(
            method: method.uppercased(), path: path, operationID: operationID, document: document, summary: summary ?? "",
            description: description ?? "", isDeprecated: isDeprecated ?? false, details: details ?? .object([]))
    }

    /// The same value: what is inside stays as OpenAPI has it.
    private func operationDetails(_ value: JSONValue) -> JSONValue? {
        guard var reader = ObjectReader(value, path: path(of: "details"), problems: problems) else { return nil }
        for (key, isList) in APIOperation.detailMembers {
            switch reader.value(key) {
            case nil: break
            case .array where isList: break
            case .object where !isList: break
            case let other?: reader.report(key, "\(isList ? "a list" : "an object") is due here, not \(other.kindName)")
            }
        }
        reader.finish()
        return value
    }

    private static func isLetterOrHyphen(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"): true
        default: false
        }
    }
}
