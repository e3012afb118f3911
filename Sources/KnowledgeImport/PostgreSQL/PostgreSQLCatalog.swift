/// The tables of a live PostgreSQL, as its catalog has them: columns, keys, comments. Everything is read in one read-only transaction with a time
/// limit for each statement, so that the answer is of one moment and costs the server little.

import KnowledgeModel
import PostgresClient

package enum PostgreSQLCatalog {
    /// Reads the tables of schemas; without any named, of all that are not the system's. Entries are called `tables/SCHEMA.NAME`.
    /// `addresses`: asked for every host of the connection string before anything is connected to; none: it may not be reached.
    ///
    /// Throws `KnowledgeImportError`, whose text repeats nothing of the connection string, and what `addresses` throws.
    package static func read(
        connectionString: String, schemas: [String], addresses: (_ host: String) async throws -> [String]
    ) async throws -> ImportedKnowledge {
        let hosts: [String]
        do throws(PostgresError) { hosts = try PostgresConfiguration.hosts(ofForeignServer: connectionString) } catch {
            // These texts are PostgresClient's own and quote nothing.
            throw KnowledgeImportError(error.description)
        }
        guard hosts.count <= KnowledgeImportLimits.maximumHostCount else {
            throw KnowledgeImportError("at most \(KnowledgeImportLimits.maximumHostCount) hosts are tried")
        }
        var found: [String: [String]] = [:]
        for host in hosts where found[host] == nil { found[host] = try await addresses(host) }
        let configuration: PostgresConfiguration
        do throws(PostgresError) {
            configuration = try PostgresConfiguration(foreignServer: connectionString, addresses: found)
        } catch {
            throw KnowledgeImportError(error.description)
        }
        return try await read(configuration, schemas: schemas)
    }

    static func read(_ configuration: PostgresConfiguration, schemas: [String]) async throws(KnowledgeImportError) -> ImportedKnowledge {
        guard schemas.count <= KnowledgeImportLimits.maximumSchemaCount else {
            throw KnowledgeImportError("at most \(KnowledgeImportLimits.maximumSchemaCount) schemas are read at once")
        }
        var configuration = configuration
        configuration.statementTimeoutMilliseconds = KnowledgeImportLimits.catalogStatementMilliseconds
        do throws(PostgresError) {
            let connection = try await PostgresConnection.connect(configuration)
            return try await connection.withTransaction { connection throws(PostgresError) in
                _ = try await connection.script("SET TRANSACTION READ ONLY")
                return try await knowledge(of: schemas, connection)
            }
        } catch {
            throw KnowledgeImportError(CatalogFault.message(of: error))
        }
    }

    private static func knowledge(
        of schemas: [String], _ connection: PostgresConnection
    ) async throws(PostgresError) -> ImportedKnowledge {
        var result = ImportedKnowledge()
        let named = PostgresValue.texts(schemas)
        let found = try await connection.query(CatalogQueries.schemas, [named]).decoded { row throws(PostgresError) in
            try row.decode("name", as: String.self)
        }
        for schema in schemas where !found.contains(schema) {
            result.add(
                ImportProblem(at: ImportPlace(), "the database has no schema '\(ImportedText.heading(schema, maximumByteCount: 128))'"))
        }
        let tableLimit = Int64(KnowledgeImportLimits.maximumTableCount + 1)
        let columnLimit = Int64(KnowledgeImportLimits.maximumTotalColumnCount + 1)
        let tableRows = try await connection.query(CatalogQueries.tables, [named, .integer(tableLimit)])
        let columnRows = try await connection.query(CatalogQueries.columns, [named, .integer(columnLimit)])
        let keyRows = try await connection.query(CatalogQueries.keys, [named, .integer(columnLimit)])
        if tableRows.count >= tableLimit || columnRows.count >= columnLimit || keyRows.count >= columnLimit {
            throw PostgresError(
                .decoding,
                "the schemas have more than \(KnowledgeImportLimits.maximumTableCount) tables or \(KnowledgeImportLimits.maximumTotalColumnCount) columns"
            )
        }
        var tables: [TableDescription] = []
        var indexes: [Int64: Int] = [:]
        for row in tableRows {
            indexes[try row.decode("id")] = tables.count
            tables.append(
                TableDescription(
                    schema: try row.decode("schema"), name: try row.decode("name"), description: try row.decodeIfPresent("comment") ?? ""))
        }
        for row in columnRows {
            guard let index = indexes[try row.decode("id")] else { continue }
            tables[index].columns.append(
                TableDescription.Column(
                    name: try row.decode("name"), type: try row.decode("type"), isNullable: try row.decode("is_nullable"),
                    defaultValue: try row.decodeIfPresent("default_value"), description: try row.decodeIfPresent("comment") ?? ""))
        }
        for row in keyRows {
            guard let index = indexes[try row.decode("id")] else { continue }
            let columns = try row.texts("columns")
            switch try row.decode("kind", as: String.self) {
            case "p": tables[index].primaryKey = columns
            case "u": tables[index].uniqueKeys.append(columns)
            default:
                tables[index].foreignKeys.append(
                    TableDescription.ForeignKey(
                        columns: columns, table: try row.decode("referenced_table"), references: try row.texts("referenced_columns")))
            }
        }
        for table in tables {
            switch TableEntry.entry(of: table) {
            case .success(let entry): result.entries.append(entry)
            case .failure(let problem): result.add(problem)
            }
        }
        return result
    }
}
