/// The rows a statement answered with, and the typed reading of their columns.

import CLibpq

/// Owns one `PGresult`, which is never changed after libpq handed it over and may be read from any thread (libpq manual,
/// "Behavior in Threaded Programs"); it is freed with its last user.
final class ResultStorage: Sendable {
    // Safe: immutable memory behind a constant pointer, freed only in deinit, when nobody else can hold it.
    nonisolated(unsafe) let pointer: OpaquePointer
    init(_ pointer: OpaquePointer) { self.pointer = pointer }
    deinit { PQclear(pointer) }
}

/// All rows of one answer, in memory: statements that can answer with many have a LIMIT.
package struct PostgresRows: RandomAccessCollection, Sendable {
    private let storage: ResultStorage
    package let endIndex: Int
    package var startIndex: Int { 0 }

    init(_ storage: ResultStorage) {
        self.storage = storage
        endIndex = Int(PQntuples(storage.pointer))
    }

    package subscript(position: Int) -> PostgresRow {
        precondition(indices.contains(position), "row \(position) of \(count)")
        return PostgresRow(storage: storage, index: Int32(position))
    }

    /// Rows which an INSERT, UPDATE or DELETE touched; 0 for other statements.
    package var affectedRowCount: Int { PQcmdTuples(storage.pointer).flatMap { Int(String(cString: $0)) } ?? 0 }

    /// Every row, read the same way. Errors: `decoding`, and what the closure throws.
    package func decoded<T>(_ decode: (PostgresRow) throws(PostgresError) -> T) throws(PostgresError) -> [T] {
        var values: [T] = []
        values.reserveCapacity(count)
        for row in self { values.append(try decode(row)) }
        return values
    }

    /// The row of a statement that always answers with exactly one. Errors: `decoding`.
    package func only<T>(_ decode: (PostgresRow) throws(PostgresError) -> T) throws(PostgresError) -> T {
        guard let first, count == 1 else { throw PostgresError(.decoding, "one row was expected, \(count) came") }
        return try decode(first)
    }

    /// What the server says it did: `COMMIT`, `INSERT 0 1`, ...
    var commandTag: String { PQcmdStatus(storage.pointer).map { String(cString: $0) } ?? "" }
}

/// One row; columns are asked for by name.
package struct PostgresRow: Sendable {
    fileprivate let storage: ResultStorage
    fileprivate let index: Int32

    /// The value of a column that is never NULL. Errors: `decoding`.
    package func decode<T: PostgresDecodable>(_ column: String, as type: T.Type = T.self) throws(PostgresError) -> T {
        guard let value = try decodeIfPresent(column, as: type) else {
            throw PostgresError(.decoding, "column \(column) is NULL and should be \(type)")
        }
        return value
    }

    /// The value of a column, nil for NULL. Errors: `decoding`.
    package func decodeIfPresent<T: PostgresDecodable>(_ column: String, as type: T.Type = T.self) throws(PostgresError) -> T? {
        // PQfnumber folds unquoted names to lower case, as SQL does; our columns are lower case.
        let number = column.withCString { PQfnumber(storage.pointer, $0) }
        guard number >= 0 else { throw PostgresError(.decoding, "the answer has no column \(column)") }
        if PQgetisnull(storage.pointer, index, number) == 1 { return nil }
        let serverType = PostgresType(rawValue: PQftype(storage.pointer, number))
        let bytes = UnsafeRawBufferPointer(
            start: PQgetvalue(storage.pointer, index, number), count: Int(PQgetlength(storage.pointer, index, number)))
        // The bytes belong to the result: keep it until they are read.
        let decoded = withExtendedLifetime(storage) { T.decode(bytes, type: serverType) }
        guard PQfformat(storage.pointer, number) == 1, let value = decoded else {
            throw PostgresError(.decoding, "column \(column) of PostgreSQL's type number \(serverType.rawValue) cannot be read as \(type)")
        }
        return value
    }

    /// A `text[]` column. Errors: `decoding`.
    package func texts(_ column: String) throws(PostgresError) -> [String] { try decode(column, as: PostgresTextArray.self).values }

    /// A `timestamptz` column in nanoseconds since 1970 UTC. Errors: `decoding`.
    package func unixNano(_ column: String) throws(PostgresError) -> Int64 { try decode(column, as: PostgresTimestamp.self).unixNano }

    /// A nullable `timestamptz` column in nanoseconds since 1970 UTC. Errors: `decoding`.
    package func unixNanoIfPresent(_ column: String) throws(PostgresError) -> Int64? {
        try decodeIfPresent(column, as: PostgresTimestamp.self)?.unixNano
    }
}
