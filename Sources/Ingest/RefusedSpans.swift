/// What the quarantine is given of a request's refused spans: each as it stood in the body, with what stood above it and who sent it.

import ByteCoding
import OTLP
import SpanStore
import TraceModel

enum RefusedSpans {
    /// Of a project without redaction rules.
    static func spans(
        of batch: borrowing SpanBatch, _ contentType: OTLPContentType, exporter: String?, now: UInt64
    ) -> [RejectedSpan] {
        guard !batch.rejections.isEmpty else { return [] }
        let owners = owners(of: batch, contentType)
        let origins = owners.owners.map { origin($0, contentType, exporter: exporter) }
        let unknown = origin(nil, contentType, exporter: exporter)
        return batch.rejections.indices.map { number in
            let rejection = batch.rejections[number]
            var span = RejectedSpan(
                receivedUnixNano: now, reason: rejection.reason, codec: contentType == .protobuf ? .otlpProtobuf : .otlpJSON,
                source: batch.bytes[rejection.source.indices])
            span.origin = owners.place(of: number).map { origins[$0] } ?? unknown
            return span
        }
    }

    static func owners(of batch: borrowing SpanBatch, _ contentType: OTLPContentType) -> Owners {
        let sources = batch.rejections.map(\.source)
        let found = batch.bytes.withUnsafeBytes { [length = batch.bodyLength] bytes in
            let body = UnsafeRawBufferPointer(rebasing: bytes[..<length])
            return switch contentType {
            case .protobuf: SpanOwnerFinder.inProtobuf(body, sources: sources)
            case .json: SpanOwnerFinder.inJSON(body, sources: sources)
            }
        }
        return Owners(found)
    }

    /// What stood above refused spans, as far as it is kept: the first scopes of a request, none larger than the quarantine takes.
    struct Owners {
        let owners: [SpanOwner?]
        private let places: [Int?]

        init(_ found: SpanOwners) {
            owners = found.owners.prefix(IngestLimits.maximumRefusedScopeCount).map {
                $0.byteCount <= QuarantineLimits.maximumOwnerByteCount ? $0 : nil
            }
            places = found.places
        }

        /// The place in `owners` of what stood above a span; nil when that is not known, or not kept.
        func place(of span: Int) -> Int? { places[span].flatMap { $0 < owners.count ? $0 : nil } }
    }

    /// - Parameter exporter: the request's User-Agent. Without one the resource's `telemetry.sdk` attributes say who made the spans.
    static func origin(_ owner: SpanOwner?, _ contentType: OTLPContentType, exporter: String?) -> RejectedSpanOrigin {
        RejectedSpanOrigin(exporter: exporter ?? owner?.resource.flatMap { sdk(in: $0, contentType) }, owner: owner)
    }

    /// `opentelemetry python 1.45.2`.
    private static func sdk(in resource: [UInt8], _ contentType: OTLPContentType) -> String? {
        guard resource.count <= QuarantineLimits.maximumOwnerByteCount else { return nil }
        let attributes = contentType == .protobuf ? protobufTexts(of: resource) : jsonTexts(of: resource)
        let parts = ["name", "language", "version"].compactMap { attributes["telemetry.sdk." + $0] }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    private static func protobufTexts(of resource: [UInt8]) -> [String: String] {
        guard let decoded = try? ResourceDecoder.decode(resource) else { return [:] }
        var texts: [String: String] = [:]
        for attribute in decoded.attributes { if case .string(let text) = attribute.value { texts[attribute.key] = text } }
        return texts
    }

    private static func jsonTexts(of resource: [UInt8]) -> [String: String] {
        guard let attributes = (try? JSONValue.parse(resource))?["attributes"]?.arrayValue else { return [:] }
        var texts: [String: String] = [:]
        for attribute in attributes {
            if let key = attribute["key"]?.stringValue, let text = attribute["value"]?["stringValue"]?.stringValue { texts[key] = text }
        }
        return texts
    }
}
