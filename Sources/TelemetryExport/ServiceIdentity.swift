/// Who exports: the resource of all telemetry, and the name under which the exporter's requests are known again.

import OTLP
import TraceModel

package struct ServiceIdentity: Sendable {
    package static let name = "spandrel"

    let version: String
    /// New with every start of the process.
    let instanceID: String

    package init(version: String) {
        self.version = version
        instanceID = TraceID.random().hex
    }

    /// A request that carries it is this process' own export.
    var userAgent: String { "\(Self.name)-telemetry/\(version) (\(instanceID))" }

    /// An encoded `Resource` message.
    var resource: [UInt8] {
        ResourceEncoder.encode(
            DecodedResource(attributes: [
                KeyValue("service.name", .string(Self.name)), KeyValue("service.version", .string(version)),
                KeyValue("service.instance.id", .string(instanceID)),
            ]))
    }

    /// An encoded `InstrumentationScope` message.
    var scope: [UInt8] { ScopeEncoder.encode(DecodedScope(name: Self.name, version: version)) }
}

extension TraceID {
    /// Never zero.
    static func random() -> TraceID { TraceID(high: .random(in: 1 ... .max), low: .random(in: 1 ... .max)) }
}

extension SpanID {
    /// Never zero.
    static func random() -> SpanID { SpanID(rawValue: .random(in: 1 ... .max)) }
}
