/// Which status and which `google.rpc.Code` an error becomes on OTLP's endpoints: the one place that decides it.
///
/// Exporters try again after 429, 502, 503 and 504 only and throw the data away after anything else. So whatever may pass is 503
/// with Retry-After, and a 500 is left for defects.

import Access
import HTTPServer
import HTTPTypes
import Ingest
import OTLP

struct ExportRefusal: Error {
    let status: HTTPResponse.Status
    let code: ExportTraceResponseEncoder.StatusCode
    /// For the counter.
    let reason: String
    let message: String
    var retryAfterSeconds: Int?

    /// What a `google.rpc.Status` says of it beside its message: when to come again, or which part of the request is at fault.
    var detail: ExportTraceResponseEncoder.StatusDetail? {
        if let retryAfterSeconds { return .retryInfo(delayMilliseconds: retryAfterSeconds * 1000) }
        return code == .invalidArgument ? .badRequest(field: field, description: message) : nil
    }

    func shortened(to message: String) -> ExportRefusal {
        ExportRefusal(status: status, code: code, reason: reason, message: message, retryAfterSeconds: retryAfterSeconds)
    }

    private var field: String {
        switch status {
        case .unsupportedMediaType: reason == IngestError.Code.unsupportedEncoding.rawValue ? "content-encoding" : "content-type"
        default: "body"
        }
    }

    static let unsupportedContentType = ExportRefusal(
        status: .unsupportedMediaType, code: .invalidArgument, reason: "unsupported_content_type",
        message: "the body must be application/x-protobuf or application/json")
}

extension ExportRefusal {
    init(_ error: any Error) {
        switch error {
        case let refusal as ExportRefusal: self = refusal
        case let error as IngestError: self.init(error)
        case let error as RequestBodyError: self.init(error)
        case let error as AccessError: self.init(error)
        // What the server's edge refuses by itself: an origin that the project does not allow.
        case let problem as Problem:
            self.init(status: problem.status, code: .permissionDenied, reason: "origin_not_allowed", message: problem.detail)
        case is CancellationError:
            self.init(
                status: .serviceUnavailable, code: .unavailable, reason: "cancelled", message: "the server is closing; try again",
                retryAfterSeconds: 2)
        default: self.init(status: .internalServerError, code: .internal, reason: "defect", message: "the server failed; its log says why")
        }
    }

    private init(_ error: IngestError) {
        let (status, code): (HTTPResponse.Status, ExportTraceResponseEncoder.StatusCode) =
            switch error.code {
            case .overloaded, .unavailable, .conflict: (.serviceUnavailable, .unavailable)
            case .tooLarge: (.contentTooLarge, .resourceExhausted)
            case .malformedCompression, .malformedBody: (.badRequest, .invalidArgument)
            case .unsupportedEncoding: (.unsupportedMediaType, .invalidArgument)
            // No exporter should try again: it stays so until somebody acts.
            case .quotaReached: (.forbidden, .resourceExhausted)
            case .failed: (.internalServerError, .internal)
            }
        self.init(
            status: status, code: code, reason: error.code.rawValue, message: error.message, retryAfterSeconds: error.retryAfterSeconds)
    }

    private init(_ error: AccessError) {
        let (status, code, reason, retryAfterSeconds): (HTTPResponse.Status, ExportTraceResponseEncoder.StatusCode, String, Int?) =
            switch error {
            case .unauthenticated, .wrongCredentials, .identityRefused: (.unauthorized, .unauthenticated, "unauthenticated", nil)
            case .forbidden: (.forbidden, .permissionDenied, "missing_scope", nil)
            case .notPermitted, .userNeeded, .roleTooHigh, .notInvited, .keyEndsAtProject, .reachTooWide, .exceedsOwnKey,
                .notOfFirstOrganization:
                (.forbidden, .permissionDenied, "not_permitted", nil)
            case .projectNotChoosable: (.forbidden, .permissionDenied, "project_not_choosable", nil)
            case .networkNotAllowed: (.forbidden, .permissionDenied, "network_not_allowed", nil)
            case .unknownProject, .notFound, .unknownLink: (.notFound, .notFound, "unknown_project", nil)
            case .projectMissing, .accountExists, .unsuitablePassword, .signInNotBegun:
                (.badRequest, .invalidArgument, "project_missing", nil)
            case .tooManyConcurrentRequests, .tooManyTickets: (.serviceUnavailable, .unavailable, "concurrency", 1)
            case .rateLimited(let state): (.tooManyRequests, .resourceExhausted, "rate", state.retryAfterSeconds)
            case .lockedOut(let seconds), .tooManyRequests(let seconds): (.tooManyRequests, .resourceExhausted, "rate", seconds)
            case .unavailable: (.serviceUnavailable, .unavailable, "database_unavailable", 2)
            case .identityProvider: (.serviceUnavailable, .unavailable, "identity_provider_unavailable", 5)
            case .masterKey: (.internalServerError, .internal, "defect", nil)
            }
        self.init(status: status, code: code, reason: reason, message: error.description, retryAfterSeconds: retryAfterSeconds)
    }

    private init(_ error: RequestBodyError) {
        switch error {
        case .tooLarge(let maximum):
            self.init(
                status: .contentTooLarge, code: .resourceExhausted, reason: "too_large",
                message: "the body is larger than \(maximum) bytes; send smaller batches")
        case .timeout:
            self.init(
                status: .requestTimeout, code: .deadlineExceeded, reason: "body_timeout", message: "the body came too slowly")
        case .malformed:
            self.init(
                status: .badRequest, code: .invalidArgument, reason: "malformed_http",
                message: "the body ended early or is not valid HTTP/1.1")
        }
    }
}
