/// A run's specification as its readers see it: with the names of the header fields that an endpoint is sent, and without their values,
/// which are often the key to somebody's application. Whoever may read a run need not know it.

import ByteCoding

enum ShownSpecification {
    /// In the place of a value.
    static let hidden = "(hidden)"
    /// Fields whose values are no secrets.
    private static let harmless: Set<String> = ["accept", "accept-language", "content-type", "user-agent"]

    /// - Parameter stored: JSON text.
    static func json(_ stored: [UInt8]) -> [UInt8] {
        guard let value = try? JSONValue.parse(stored), let targets = value["targets"]?.arrayValue,
            targets.contains(where: { $0["headers"] != nil })
        else { return stored }
        return replacing("targets", in: value, with: .array(targets.map(shown))).bytes
    }

    private static func shown(_ target: JSONValue) -> JSONValue {
        guard let headers = target["headers"]?.objectValue else { return target }
        let shown = headers.map { header in
            harmless.contains(header.key.lowercased()) ? header : JSONMember(key: header.key, value: .string(hidden))
        }
        return replacing("headers", in: target, with: .object(shown))
    }

    private static func replacing(_ key: String, in value: JSONValue, with new: JSONValue) -> JSONValue {
        .object((value.objectValue ?? []).map { $0.key == key ? JSONMember(key: key, value: new) : $0 })
    }
}
