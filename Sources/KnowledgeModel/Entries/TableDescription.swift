/// A table of a database.
///
///     {"schema": "public", "name": "orders", "description": "...",
///      "columns": [{"name": "id", "type": "bigint", "is_nullable": false, "default": null, "description": ""}],
///      "primary_key": ["id"], "unique_keys": [["number"]],
///      "foreign_keys": [{"columns": ["customer_id"], "table": "public.customers", "references": ["id"]}]}
package struct TableDescription: Sendable, Equatable {
    package struct Column: Sendable, Equatable {
        package var name: String
        /// As the database writes it: `numeric(10,2)`.
        package var type: String
        package var isNullable: Bool
        /// The expression.
        package var defaultValue: String?
        package var description: String

        package init(name: String, type: String, isNullable: Bool = true, defaultValue: String? = nil, description: String = "") {
            self.name = name
            self.type = type
            self.isNullable = isNullable
            self.defaultValue = defaultValue
            self.description = description
        }
    }

    package struct ForeignKey: Sendable, Equatable {
        package var columns: [String]
        /// With its schema, if it was given with one.
        package var table: String
        /// Columns there, as many as `columns`; empty: that table's primary key.
        package var references: [String]

        package init(columns: [String], table: String, references: [String] = []) {
            self.columns = columns
            self.table = table
            self.references = references
        }
    }

    package var schema: String?
    package var name: String
    /// Markdown.
    package var description: String
    package var columns: [Column]
    package var primaryKey: [String]
    package var uniqueKeys: [[String]]
    package var foreignKeys: [ForeignKey]

    package init(
        schema: String? = nil, name: String, description: String = "", columns: [Column] = [], primaryKey: [String] = [],
        uniqueKeys: [[String]] = [], foreignKeys: [ForeignKey] = []
    ) {
        self.schema = schema
        self.name = name
        self.description = description
        self.columns = columns
        self.primaryKey = primaryKey
        self.uniqueKeys = uniqueKeys
        self.foreignKeys = foreignKeys
    }
}
