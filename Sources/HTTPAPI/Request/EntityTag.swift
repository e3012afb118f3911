/// Entity tags (RFC 9110, section 8.8.3) and what requests say about them: what a client has already, and what it believes it changes.

import ByteCoding
import HTTPServer
import HTTPTypes
import Hummingbird

struct EntityTag: Hashable, Sendable {
    /// Without its quotes.
    let value: String

    init(_ value: some CustomStringConvertible) { self.value = value.description }

    var header: String { "\"\(value)\"" }

    /// The tags of a list, weak ones without their mark. nil: it is no list of tags.
    static func list(_ text: String) -> [(tag: EntityTag, isWeak: Bool)]? {
        var rest = Substring(text), tags: [(tag: EntityTag, isWeak: Bool)] = []
        while true {
            rest = rest.drop { $0 == " " || $0 == "\t" }
            let isWeak = rest.hasPrefix("W/")
            if isWeak { rest = rest.dropFirst(2) }
            guard rest.first == "\"" else { return nil }
            rest = rest.dropFirst()
            guard let end = rest.firstIndex(of: "\"") else { return nil }
            tags.append((EntityTag(rest[..<end]), isWeak))
            rest = rest[rest.index(after: end)...].drop { $0 == " " || $0 == "\t" }
            if rest.isEmpty { return tags }
            guard rest.first == "," else { return nil }
            rest = rest.dropFirst()
        }
    }
}

/// On what condition something is to be written.
enum WriteCondition: Equatable, Sendable {
    /// `If-None-Match: *`
    case absent
    /// `If-Match: *`
    case present
    /// `If-Match: "..."`
    case tag(EntityTag)
}

extension APIRequest {
    /// Whether the client has what it would get: `If-None-Match`. What cannot be read says nothing.
    func has(_ tag: EntityTag) -> Bool {
        guard let text = headers[.ifNoneMatch] else { return false }
        return text == "*" || EntityTag.list(text)?.contains { $0.tag == tag } == true
    }

    /// Throws a 428 without a condition, a 400 for one that is none.
    var writeCondition: WriteCondition {
        get throws(Problem) {
            if let text = headers[.ifMatch] {
                if text == "*" { return .present }
                guard let tags = EntityTag.list(text), tags.count == 1, !tags[0].isWeak else {
                    throw .invalid("If-Match", "must be * or one entity tag in quotes, as the ETag of an answer has it")
                }
                return .tag(tags[0].tag)
            }
            guard let text = headers[.ifNoneMatch] else {
                throw Problem(
                    .preconditionRequired,
                    "say what is to be replaced: If-Match with the ETag that was read, or If-None-Match: * for something new")
            }
            guard text == "*" else { throw .invalid("If-None-Match", "must be * here") }
            return .absent
        }
    }
}

extension Response {
    /// JSON text that `write` makes, or 304 for a client that has it.
    static func json(
        _ request: APIRequest, tag: EntityTag, _ write: (inout JSONWriter) throws -> Void
    ) rethrows -> Response {
        guard !request.has(tag) else { return .notModified(tag) }
        return try json(headers: [.eTag: tag.header], write)
    }

    static func notModified(_ tag: EntityTag) -> Response { Response(status: .notModified, headers: [.eTag: tag.header]) }
}
