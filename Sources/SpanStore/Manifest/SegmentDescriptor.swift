import TraceModel

/// What the manifest knows of a segment: enough to name its files, to prune it and to tell that they are whole.
package struct SegmentDescriptor: Hashable, Sendable {
    /// Numbers segments across the store, from 1; never used twice. The files are named after it.
    package var sequence: UInt64
    package var project: ProjectID
    /// Days since 1970-01-01 UTC; the last one of a segment of several days.
    package var receiveDay: Int32
    package var spanRowCount: Int
    package var spanFileByteCount: Int
    /// 0 if the segment has no payload file.
    package var payloadFileByteCount: Int
    package var minimumStartTimeUnixNano: UInt64
    package var maximumStartTimeUnixNano: UInt64
    package var minimumLSN: UInt64
    package var maximumLSN: UInt64
    package var minimumReceivedUnixNano: UInt64
    package var maximumReceivedUnixNano: UInt64
    /// Equal for files of the same columns.
    package var schemaFingerprint: UInt64
    /// `AttributeMapping.version` its columns were made with.
    package var mappingVersion: UInt16
    /// `PriceBook.version` by which the costs of all its spans were worked out anew; 0 where each has that of the moment it came in.
    package var priceVersion: UInt64
    package var rowGroupCount: Int

    package init(
        sequence: UInt64, project: ProjectID, receiveDay: Int32, spanRowCount: Int, spanFileByteCount: Int, payloadFileByteCount: Int,
        minimumStartTimeUnixNano: UInt64, maximumStartTimeUnixNano: UInt64, minimumLSN: UInt64, maximumLSN: UInt64,
        minimumReceivedUnixNano: UInt64, maximumReceivedUnixNano: UInt64, schemaFingerprint: UInt64, mappingVersion: UInt16,
        priceVersion: UInt64 = 0, rowGroupCount: Int
    ) {
        self.sequence = sequence
        self.project = project
        self.receiveDay = receiveDay
        self.spanRowCount = spanRowCount
        self.spanFileByteCount = spanFileByteCount
        self.payloadFileByteCount = payloadFileByteCount
        self.minimumStartTimeUnixNano = minimumStartTimeUnixNano
        self.maximumStartTimeUnixNano = maximumStartTimeUnixNano
        self.minimumLSN = minimumLSN
        self.maximumLSN = maximumLSN
        self.minimumReceivedUnixNano = minimumReceivedUnixNano
        self.maximumReceivedUnixNano = maximumReceivedUnixNano
        self.schemaFingerprint = schemaFingerprint
        self.mappingVersion = mappingVersion
        self.priceVersion = priceVersion
        self.rowGroupCount = rowGroupCount
    }

    package var partition: PartitionID { PartitionID(project: project, receiveDay: receiveDay) }
    /// The receive day of its oldest row; `receiveDay` is that of its youngest, and small projects' days lie together.
    package var firstReceiveDay: Int32 { min(receiveDay, CalendarDay.daysSince1970(unixNano: minimumReceivedUnixNano)) }
    /// Of both files.
    package var byteCount: Int { spanFileByteCount + payloadFileByteCount }
}

/// An attribute key that has a typed column of its own in a project's segments. The type is fixed for ever.
package struct PromotedKey: Hashable, Sendable {
    package var scope: Scope
    package var key: String
    package var type: ColumnType
    /// The UTC receive day from which segments carry the column, in days since 1970.
    package var day: Int32

    /// Whose attribute it is. The raw values are stored and never change.
    package enum Scope: UInt8, Sendable, CaseIterable {
        case span = 1
        case resource = 2
    }

    /// The type of the column. The raw values are stored and never change.
    package enum ColumnType: UInt8, Sendable, CaseIterable {
        case string = 1
        case boolean = 2
        case integer = 3
        case double = 4
    }

    package init(scope: Scope, key: String, type: ColumnType, day: Int32) {
        self.scope = scope
        self.key = key
        self.type = type
        self.day = day
    }
}
