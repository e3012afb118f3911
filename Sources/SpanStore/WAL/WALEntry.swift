import TraceModel

/// One accepted request as the write-ahead log keeps it: the body as received and everything that replay must not decide
/// anew (which spans were refused, by which decoder, what the sender was told, what was computed from prices).
package struct WALEntry: Sendable {
    /// Log sequence number, from 1, rising. 0 until the log has assigned it.
    package var lsn: UInt64
    package var project: ProjectID
    /// When the request was received. The log raises it to that of the entry before if the clock went back.
    package var receivedUnixNano: UInt64
    package var kind: Kind
    package var codec: Codec
    /// `ExportTraceRequestDecoder.version` of the decoder that accepted the body.
    package var decoderVersion: UInt16
    /// Positions of the refused spans in the body, strictly ascending: replay leaves out exactly these.
    package var rejectedOrdinals: [UInt32]
    /// What was computed at receipt and is not to be computed again, in the store's own encoding.
    package var enrichment: [UInt8]
    package var reply: StoredReply
    /// The body is the first `bodyLength` bytes; what follows is not logged. Shared with the `SpanBatch`, never copied.
    package var bytes: [UInt8]
    package var bodyLength: Int

    /// What an entry is. The raw values are stored and never change.
    package enum Kind: UInt8, Sendable {
        case spans = 1
        /// Event records: log records that belong to spans, in the form of spans (`EventRecordsEncoder`); always `rewrittenProtobuf`.
        case events = 2
    }

    /// How the body is encoded. The raw values are stored and never change.
    package enum Codec: UInt8, Sendable {
        /// `ExportTraceServiceRequest` in protobuf.
        case otlpProtobuf = 1
        /// `ExportTraceServiceRequest` in OTLP's JSON.
        case otlpJSON = 2
        /// `ExportTraceServiceRequest` in protobuf, written anew, under the project's redaction rules if it has any: not what was received,
        /// and without what was refused. Field 2047 holds a hash of the body, so that a repetition is recognised; keyed where there are
        /// rules.
        case rewrittenProtobuf = 3
    }

    package init(
        lsn: UInt64 = 0, project: ProjectID, receivedUnixNano: UInt64, kind: Kind = .spans, codec: Codec, decoderVersion: UInt16,
        rejectedOrdinals: [UInt32] = [], enrichment: [UInt8] = [], reply: StoredReply = StoredReply(), bytes: [UInt8], bodyLength: Int
    ) {
        self.lsn = lsn
        self.project = project
        self.receivedUnixNano = receivedUnixNano
        self.kind = kind
        self.codec = codec
        self.decoderVersion = decoderVersion
        self.rejectedOrdinals = rejectedOrdinals
        self.enrichment = enrichment
        self.reply = reply
        self.bytes = bytes
        self.bodyLength = bodyLength
    }

    package var partition: PartitionID { PartitionID(project: project, receivedUnixNano: receivedUnixNano) }
}

/// What the log made of a submitted entry: durable from the moment this is handed out.
package struct WALReceipt: Hashable, Sendable {
    package var lsn: UInt64
    /// As stored: never before that of the entry before.
    package var receivedUnixNano: UInt64
    package var partition: PartitionID

    package init(lsn: UInt64, receivedUnixNano: UInt64, partition: PartitionID) {
        self.lsn = lsn
        self.receivedUnixNano = receivedUnixNano
        self.partition = partition
    }
}
