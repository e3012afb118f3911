/// What `inspect store --verify-deleted` looks for: a receipt of the API as a file, or a selection of its own.

import ByteCoding
import FileSystem
import SpanStore
import TraceModel

struct DeletionReceiptFile {
    let subject: DeletionVerification.Subject
    /// As the receipt has it; nil while it runs.
    let deadline: String?
    let isTraceListCut: Bool

    /// A receipt of 10,000 traces has 350 KB.
    private static let maximumByteCount = 16 << 20

    /// Errors: CommandFailure where it is no receipt.
    init(path: String) throws {
        let bytes: [UInt8]
        do { bytes = try LocalFileSystem().readWhole(path, maximumByteCount: Self.maximumByteCount) } catch {
            throw CommandFailure("\(path) cannot be read: \(error)")
        }
        guard let json = try? JSONValue.parse(bytes), let receipt = Self(json) else {
            throw CommandFailure("\(path) is not the receipt of a deletion, as GET /api/v1/deletions/ID answers it")
        }
        self = receipt
    }

    private init?(_ json: JSONValue) {
        func text(_ name: String) -> String? { json[name]?.stringValue }
        let selection: DeletionSelection
        switch text("kind") {
        case "trace":
            guard let trace = text("trace_id").flatMap({ TraceID(hex: $0) }) else { return nil }
            selection = .trace(trace)
        case "session":
            guard let session = text("session_id") else { return nil }
            selection = .session(session)
        case "user":
            guard let user = text("user_id") else { return nil }
            selection = .user(user)
        case "project": selection = .project
        default: return nil
        }
        guard let project = text("project_id").flatMap({ ProjectID(uuid: $0) }) else { return nil }
        let traces = (json["trace_ids"]?.arrayValue ?? []).compactMap { $0.stringValue.flatMap { TraceID(hex: $0) } }
        subject = DeletionVerification.Subject(
            selection, of: project, traces: Set(traces), deletedUnixNano: text("masked_unix_nano").flatMap { UInt64($0) },
            throughLogFile: json["through_log_file"]?.integerValue.map { UInt64(clamping: $0) })
        deadline = text("deadline")
        isTraceListCut = json["is_trace_list_cut"] == .bool(true)
    }
}
