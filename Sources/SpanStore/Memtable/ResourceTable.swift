import OTLP
import Synchronization
import TraceModel

/// The distinct resources of a memtable. A row holds a code; what it means (its encoded message and, decoded once, its
/// attributes) stands here, behind a lock that is held to add a resource or to copy the list.
final class ResourceTable: Sendable {
    struct Entry: Sendable {
        let resource: SpanRecord.Resource
        /// The attributes that columns and map are made of.
        let attributes: [KeyValue]
    }

    private let entries = Mutex<[Entry]>([])
    /// Used by the memtable's writer only.
    private nonisolated(unsafe) let interner: StringInterner

    init(arena: TextArena, seed: UInt64) { interner = StringInterner(arena: arena, seed: seed) }

    func code(of resource: SpanBatch.Resource, in batch: SpanBatch) -> UInt32 {
        // Presence, schema URL, message: equal bytes mean an equal resource.
        var identity: [UInt8] = [resource.encoded.isNone ? 0 : 1]
        identity.append(contentsOf: batch.bytes[resource.schemaURL.indices])
        identity.append(0)
        identity.append(contentsOf: batch.bytes[resource.encoded.indices])
        let code = identity.withUnsafeBytes { interner.code($0.baseAddress.unsafelyUnwrapped, count: $0.count) }
        entries.withLock { entries in
            guard entries.count <= Int(code) else { return }
            let encoded = resource.encoded.isNone ? nil : Array(batch.bytes[resource.encoded.indices])
            let attributes = encoded.flatMap { try? ResourceDecoder.decode($0).attributes } ?? []
            entries.append(Entry(resource: .init(encoded: encoded, schemaURL: batch.text(resource.schemaURL)), attributes: attributes))
        }
        return code
    }

    func publish() { interner.entries.publish() }
    var all: [Entry] { entries.withLock { $0 } }
}

/// The distinct instrumentation scopes of a memtable, likewise.
final class ScopeTable: Sendable {
    struct Entry: Sendable {
        let scope: SpanRecord.Scope
        let name: String
        let version: String
    }

    private let entries = Mutex<[Entry]>([])
    /// Used by the memtable's writer only.
    private nonisolated(unsafe) let interner: StringInterner

    init(arena: TextArena, seed: UInt64) { interner = StringInterner(arena: arena, seed: seed) }

    func code(of scope: SpanBatch.Scope, in batch: SpanBatch) -> UInt32 {
        var identity: [UInt8] = [scope.encoded.isNone ? 0 : 1]
        identity.append(contentsOf: batch.bytes[scope.schemaURL.indices])
        identity.append(0)
        identity.append(contentsOf: batch.bytes[scope.encoded.indices])
        let code = identity.withUnsafeBytes { interner.code($0.baseAddress.unsafelyUnwrapped, count: $0.count) }
        entries.withLock { entries in
            guard entries.count <= Int(code) else { return }
            entries.append(
                Entry(
                    scope: .init(
                        encoded: scope.encoded.isNone ? nil : Array(batch.bytes[scope.encoded.indices]),
                        schemaURL: batch.text(scope.schemaURL)),
                    name: batch.text(scope.name), version: batch.text(scope.version)))
        }
        return code
    }

    func publish() { interner.entries.publish() }
    var all: [Entry] { entries.withLock { $0 } }
}
