/// A request of the JSON API as its handler sees it: who asks, the path's and the query's parameters, the body.

import Access
import ByteCoding
import HTTPServer
import HTTPTypes
import Hummingbird
import IPAddresses
import Metastore
import TraceModel

struct APIRequest: Sendable {
    let operationID: String
    /// nil for public operations.
    let caller: Principal?
    /// What the caller showed; nil for public operations.
    let credential: Credential?
    let query: QueryString
    let headers: HTTPFields
    let context: ServerRequestContext
    /// `.null` for operations without a body.
    let body: JSONValue
    /// The bytes of an operation's body that is a file; empty for all others.
    var file: [UInt8] = []
    /// Makes the share of memory at least this large. Throws a 503 when there is not as much.
    var reserve: @Sendable (_ byteCount: Int) throws -> Void = { _ in }

    // MARK: Who asks

    /// The caller of an operation that is not public.
    var principal: Principal {
        get throws(AccessError) {
            guard let caller else { throw .unauthenticated(.missing) }
            return caller
        }
    }

    /// What the caller of an operation that is not public showed: for what goes on after the answer.
    var shown: Credential {
        get throws(AccessError) {
            guard let credential else { throw .unauthenticated(.missing) }
            return credential
        }
    }

    /// The key's, or the one the user or the path named.
    var project: ProjectID {
        get throws(AccessError) {
            guard let project = try principal.projectID else { throw .projectMissing }
            return project
        }
    }

    /// The caller of an operation for signed-in users.
    var user: (id: UserID, session: SessionID) {
        get throws(AccessError) {
            guard case .user(let id, let session) = try principal.caller else { throw .userNeeded }
            return (id, session)
        }
    }

    /// The beginning of the audit entry of what the caller changes here.
    var audit: AuditDraft {
        get throws(AccessError) {
            try principal.audit(operationID, address: context.remoteAddress?.description, requestID: context.requestID.text)
        }
    }

    /// Where a request comes from whose caller is yet to be known.
    var origin: RequestOrigin {
        RequestOrigin(
            address: context.remoteAddress?.description,
            userAgent: String(String.UnicodeScalarView((headers[.userAgent] ?? "").unicodeScalars.prefix(300))),
            requestID: context.requestID.text)
    }

    // MARK: Path parameters

    /// A placeholder of the route's path, decoded; present whenever the route matched. What cannot be decoded names nothing.
    func path(_ name: String) -> String {
        context.parameters.get(name).flatMap { PercentEncoding.decode($0.utf8, plusIsSpace: false) } ?? ""
    }

    // MARK: Query parameters

    func integer(_ name: String, in range: ClosedRange<Int>, default fallback: Int) throws(Problem) -> Int {
        guard let text = query[name] else { return fallback }
        guard let value = Int(text), range.contains(value) else {
            throw .invalid(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    func boolean(_ name: String) throws(Problem) -> Bool {
        switch query[name] {
        case nil, "false", "0": return false
        case "true", "1", "": return true
        default: throw .invalid(name, "must be true or false")
        }
    }

    // MARK: Body

    /// A text member of the body within a length; nil when it is missing or null.
    func text(_ name: String, maximumByteCount: Int) throws(Problem) -> String? {
        guard let value = body[name], !value.isNull else { return nil }
        guard let text = value.stringValue, !text.isEmpty, text.utf8.count <= maximumByteCount else {
            throw .unprocessable(name, "must be a text of 1 to \(maximumByteCount) bytes")
        }
        return text
    }

    func requiredText(_ name: String, maximumByteCount: Int) throws(Problem) -> String {
        guard let text = try text(name, maximumByteCount: maximumByteCount) else { throw .unprocessable(name, "is missing") }
        return text
    }

    func integer(_ name: String, in range: ClosedRange<Int64>) throws(Problem) -> Int64? {
        guard let value = body[name], !value.isNull else { return nil }
        guard let integer = value.integerValue, range.contains(integer) else {
            throw .unprocessable(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return integer
    }

    func bool(_ name: String) throws(Problem) -> Bool? {
        guard let value = body[name], !value.isNull else { return nil }
        guard let boolean = value.boolValue else { throw .unprocessable(name, "must be true or false") }
        return boolean
    }

    func double(_ name: String, in range: ClosedRange<Double>) throws(Problem) -> Double? {
        guard let value = body[name], !value.isNull else { return nil }
        guard let double = value.doubleValue, range.contains(double) else {
            throw .unprocessable(name, "must be a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return double
    }

    /// Refuses members nobody reads: a misspelt one would otherwise be a silent default.
    func requireOnly(_ names: Set<String>) throws(Problem) {
        guard case .object(let members) = body else { throw Problem(.unprocessableContent, "the body must be a JSON object") }
        let unknown = members.map(\.key).filter { !names.contains($0) }
        guard unknown.isEmpty else {
            throw Problem(
                .unprocessableContent, "the body has members this operation does not know",
                errors: .named(unknown) { _ in "is not one of \(names.sorted().joined(separator: ", "))" })
        }
    }
}

extension [Problem.FieldError] {
    /// An entry for each of the first few names, cut where they are long.
    static func named(_ names: [String], _ message: (String) -> String) -> Self {
        names.prefix(APILimits.maximumNamedErrorCount).map { name in
            Problem.FieldError(field: String(name.prefix(APILimits.maximumErrorNameCharacterCount)), message: message(name))
        }
    }
}

extension Problem {
    /// A query parameter that cannot be read: 400.
    static func invalid(_ parameter: String, _ message: String) -> Problem {
        Problem(
            .badRequest, "the parameter \(parameter) \(message)", kind: "invalid-parameter",
            errors: [FieldError(field: parameter, message: message)])
    }

    /// A member of the body that is well-formed JSON but means nothing here: 422.
    static func unprocessable(_ field: String, _ message: String) -> Problem {
        Problem(.unprocessableContent, "\(field) \(message)", kind: "invalid-field", errors: [FieldError(field: field, message: message)])
    }

    static func notFound(_ what: String) -> Problem { Problem(.notFound, "there is no such \(what) in this project") }
}
