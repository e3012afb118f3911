/// Which problem an error of another room becomes for clients of the JSON API: the one place that decides it.

import Access
import ContentReading
import EvaluationModel
import HTTPServer
import HTTPTypes
import Ingest
import KnowledgeBase
import KnowledgeImport
import Metastore
import NIOHTTP1
import SpanStore
import TraceQuery

extension Problem {
    package init(describing error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let error as RequestBodyError: self.init(error)
        case let error as AccessError: self.init(error)
        case let error as MetastoreError: self.init(error)
        case let error as QueryError: self.init(error)
        case let error as InvalidContent:
            self.init(
                .unprocessableContent,
                "the body is well-formed, and \(error.problems.count + error.omittedCount) of its fields are not valid",
                kind: "invalid-field", errors: error.problems.map { FieldError(field: $0.path, message: $0.message) })
        case let error as KnowledgeSearchError: self.init(error)
        case let error as KnowledgeImportError: self.init(.unprocessableContent, error.description, kind: "invalid-file")
        case let error as StoreError: self.init(error)
        case let error as IngestError: self.init(error)
        case EventsError.tooManyFollowers:
            self.init(
                .serviceUnavailable, "too many streams of events are followed; try again later", kind: "too-many-followers",
                retryAfterSeconds: 10)
        case is HTTPParserError: self.init(.badRequest, "the request is not valid HTTP/1.1")
        case is CancellationError: self.init(.serviceUnavailable, "the server is closing; try again", retryAfterSeconds: 2)
        default:
            self.init(.internalServerError, "the server failed; its log has the cause under this request id", kind: "defect")
        }
    }

    private init(_ error: RequestBodyError) {
        switch error {
        case .tooLarge(let maximum): self.init(.contentTooLarge, "the body is larger than \(maximum) bytes")
        case .timeout: self.init(.requestTimeout, "the body came too slowly")
        case .malformed: self.init(.badRequest, "the body ended early or is not valid HTTP/1.1", kind: "malformed-body")
        }
    }

    /// Of what the API shares with ingest: the budget for bodies, the redaction of a preview, replays.
    private init(_ error: IngestError) {
        if error.code == .quotaReached {
            // It stays so until somebody acts.
            self.init(.forbidden, error.message, kind: "quota-reached")
        } else if error.code == .conflict {
            self.init(.conflict, error.message, kind: "under-way")
        } else if let seconds = error.retryAfterSeconds {
            self.init(.serviceUnavailable, error.message, kind: "busy", retryAfterSeconds: seconds)
        } else {
            self.init(.internalServerError, "the server failed; its log has the cause under this request id", kind: "defect")
        }
    }

    private init(_ error: AccessError) {
        let detail = error.description
        switch error {
        case .unauthenticated, .wrongCredentials: self.init(.unauthorized, detail)
        case .forbidden: self.init(.forbidden, detail, kind: "missing-scope")
        case .notPermitted, .userNeeded, .roleTooHigh, .keyEndsAtProject, .reachTooWide, .exceedsOwnKey, .notOfFirstOrganization:
            self.init(.forbidden, detail, kind: "not-permitted")
        case .projectNotChoosable: self.init(.forbidden, detail, kind: "project-not-choosable")
        case .networkNotAllowed: self.init(.forbidden, detail, kind: "network-not-allowed")
        case .unknownProject: self.init(.notFound, "there is no such project in this organization")
        case .notFound, .unknownLink: self.init(.notFound, detail)
        case .projectMissing: self.init(.badRequest, detail, kind: "project-missing")
        case .tooManyConcurrentRequests: self.init(.serviceUnavailable, detail, kind: "too-many-requests-at-once", retryAfterSeconds: 1)
        case .tooManyTickets: self.init(.serviceUnavailable, detail, kind: "too-many-tickets", retryAfterSeconds: 30)
        case .rateLimited(let state): self.init(.tooManyRequests, detail, kind: "rate-limited", retryAfterSeconds: state.retryAfterSeconds)
        case .lockedOut(let seconds): self.init(.tooManyRequests, detail, kind: "locked-out", retryAfterSeconds: seconds)
        case .tooManyRequests(let seconds): self.init(.tooManyRequests, detail, kind: "rate-limited", retryAfterSeconds: seconds)
        case .unavailable: self.init(.serviceUnavailable, detail, kind: "database-unavailable", retryAfterSeconds: 2)
        case .accountExists: self.init(.conflict, detail, kind: "account-exists")
        case .signInNotBegun: self.init(.badRequest, detail, kind: "sign-in-not-begun")
        case .identityRefused: self.init(.unauthorized, detail, kind: "identity-refused")
        case .notInvited: self.init(.forbidden, detail, kind: "not-invited")
        case .identityProvider: self.init(.serviceUnavailable, detail, kind: "identity-provider-unavailable", retryAfterSeconds: 5)
        case .unsuitablePassword(let reason):
            self.init(.unprocessableContent, detail, kind: "invalid-field", errors: [FieldError(field: "password", message: reason)])
        case .masterKey: self.init(.internalServerError, "a stored secret cannot be used; the log has the cause", kind: "defect")
        }
    }

    private init(_ error: MetastoreError) {
        let errors = error.field.isEmpty ? [] : [FieldError(field: error.field, message: error.message)]
        switch error.code {
        case .unavailable, .cancelled: self.init(.serviceUnavailable, error.message, kind: "database-unavailable", retryAfterSeconds: 2)
        case .tooMany: self.init(.tooManyRequests, error.message, kind: "too-many-under-way", retryAfterSeconds: 10)
        // Something else is there than the caller's If-Match says.
        case .conflict where error.field == "hash": self.init(.preconditionFailed, error.message, errors: errors)
        case .conflict: self.init(.conflict, error.message, errors: errors)
        case .invalid where error.field == "cursor" || error.field == "limit":
            self.init(.badRequest, error.message, kind: "invalid-parameter", errors: errors)
        case .invalid: self.init(.unprocessableContent, error.message, kind: "invalid-field", errors: errors)
        case .notFound: self.init(.notFound, error.message)
        case .schema, .internal:
            self.init(.internalServerError, "the database failed; the log has the cause under this request id", kind: "defect")
        }
    }

    private init(_ error: KnowledgeSearchError) {
        switch error.code {
        case .notFound: self.init(.notFound, error.message)
        case .invalid: self.init(.unprocessableContent, error.message, kind: "invalid-field")
        case .embedding: self.init(.unprocessableContent, error.message, kind: "embedding-model")
        case .unavailable: self.init(.serviceUnavailable, error.message, kind: "knowledge-unavailable", retryAfterSeconds: 2)
        case .cancelled: self.init(.serviceUnavailable, "the search was stopped", kind: "search-cancelled", retryAfterSeconds: 1)
        case .internal:
            self.init(.internalServerError, "the search failed; the log has the cause under this request id", kind: "defect")
        }
    }

    private init(_ error: QueryError) {
        let errors = error.path.isEmpty ? [] : [FieldError(field: error.path, message: error.message)]
        switch error.code {
        case .malformed: self.init(.badRequest, error.description, kind: "invalid-query", errors: errors)
        case .cursor:
            self.init(.badRequest, error.message, kind: "invalid-cursor", errors: [FieldError(field: "cursor", message: error.message)])
        case .timeLimit: self.init(.unprocessableContent, error.message, kind: "query-time-limit")
        case .memoryLimit: self.init(.unprocessableContent, error.message, kind: "query-memory-limit")
        case .cancelled: self.init(.serviceUnavailable, "the query was stopped", kind: "query-cancelled", retryAfterSeconds: 1)
        case .storage:
            self.init(.serviceUnavailable, "the store could not be read; try again", kind: "store-unavailable", retryAfterSeconds: 5)
        }
    }

    private init(_ error: StoreError) {
        switch error.code {
        case .invalid, .limit: self.init(.unprocessableContent, error.message)
        case .busy, .full, .poisoned, .closed, .corrupt, .io, .newerFormat, .locked:
            self.init(
                .serviceUnavailable, "the store cannot do this now (\(error.code.rawValue)); try again", kind: "store-unavailable",
                retryAfterSeconds: 2)
        }
    }
}
