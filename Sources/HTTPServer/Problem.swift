/// An error as the API tells it: RFC 9457 `application/problem+json`.
///
///     {"type": "urn:spandrel:problem:invalid-parameter", "title": "Bad Request", "status": 400, "detail": "...",
///      "request_id": "...", "errors": [{"field": "limit", "message": "must be between 1 and 1000"}]}

import ByteCoding
import HTTPTypes

package struct Problem: Error, Equatable, Sendable {
    package static let contentType = "application/problem+json"

    package var status: HTTPResponse.Status
    /// Names the kind of problem; the last part of its `type`. Programs may rely on it.
    package var kind: String
    /// What happened and what to do.
    package var detail: String
    /// The fields that are wrong.
    package var errors: [FieldError]
    /// Seconds after which trying again makes sense.
    package var retryAfterSeconds: Int?
    /// The methods the path has, for 405.
    package var allowedMethods: [String]

    package struct FieldError: Equatable, Sendable {
        /// A parameter's name or a path into the body, as `filter._and[0].duration_ms`.
        package var field: String
        package var message: String

        package init(field: String, message: String) {
            self.field = field
            self.message = message
        }
    }

    package init(
        _ status: HTTPResponse.Status, _ detail: String, kind: String? = nil, errors: [FieldError] = [], retryAfterSeconds: Int? = nil,
        allowedMethods: [String] = []
    ) {
        self.status = status
        self.kind = kind ?? status.reasonPhrase.lowercased().split(separator: " ").joined(separator: "-")
        self.detail = detail
        self.errors = errors
        self.retryAfterSeconds = retryAfterSeconds
        self.allowedMethods = allowedMethods
    }

    package func document(requestID: RequestID) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("type", "urn:spandrel:problem:\(kind)")
        writer.member("title", status.reasonPhrase)
        writer.member("status", status.code)
        writer.member("detail", detail)
        writer.member("request_id", requestID.text)
        writer.key("errors")
        writer.beginArray()
        for error in errors {
            writer.beginObject()
            writer.member("field", error.field)
            writer.member("message", error.message)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }
}
