import TraceModel

/// Spans that Langfuse's SDKs mark as the root of their trace: their parent is a span of something else (a web server's, say) which the
/// SDK did not send. A marked span whose parent is not in its trace is read as a root.
package enum AppRoots {
    package static let keys = ["langfuse.internal.is_app_root", "langfuse.internal.as_root"]

    package static func isMark(_ value: AttributeValue?) -> Bool { value == .bool(true) || value == .string("true") }

    package static func isMarked(_ attributes: [KeyValue]) -> Bool {
        attributes.contains { keys.contains($0.key) && isMark($0.value) }
    }
}
