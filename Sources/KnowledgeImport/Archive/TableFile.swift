/// A table as a Markdown file and back: its structure in the front matter, its description as the text.
///
///     ---
///     key: tables/public.orders
///     title: public.orders
///     kind: table
///     table:
///       schema: public
///       name: orders
///       columns:
///         - {name: id, type: bigint, is_nullable: false, description: ""}
///       primary_key: [id]
///     ---
///     One row for each order.

import ByteCoding
import KnowledgeModel

enum TableFile {
    static func isTable(_ head: JSONValue) -> Bool { head["kind"] == .string("table") && head["table"]?.objectValue != nil }

    /// Throws `ImportProblem`.
    static func table(_ head: JSONValue, description: String, _ place: (String) -> ImportPlace) throws(ImportProblem) -> TableDescription {
        let value = head["table"] ?? .null
        func problem(_ what: String) -> ImportProblem { ImportProblem(at: place("table"), what) }
        func text(_ value: JSONValue?, _ what: String) throws(ImportProblem) -> String? {
            guard let value, value != .null else { return nil }
            guard case .string(let text) = value, text.utf8.count <= KnowledgeImportLimits.maximumDetailsByteCount, !text.utf8.contains(0)
            else { throw problem("\(what) is a text") }
            return text
        }
        func required(_ value: JSONValue?, _ what: String) throws(ImportProblem) -> String {
            guard let text = try text(value, what), !text.isEmpty, text.utf8.count <= KnowledgeLimits.maximumNameByteCount else {
                throw problem("\(what) is a text of 1 to \(KnowledgeLimits.maximumNameByteCount) bytes")
            }
            return text
        }
        func list(_ value: JSONValue?, _ what: String, maximumCount: Int) throws(ImportProblem) -> [JSONValue] {
            guard let value, value != .null else { return [] }
            guard case .array(let elements) = value, elements.count <= maximumCount else {
                throw problem("\(what) is a list of at most \(maximumCount)")
            }
            return elements
        }
        func names(_ value: JSONValue?, _ what: String) throws(ImportProblem) -> [String] {
            try list(value, what, maximumCount: KnowledgeLimits.maximumTableKeyCount).map { element throws(ImportProblem) in
                try required(element, what)
            }
        }

        var table = TableDescription(
            schema: try text(value["schema"], "schema"), name: try required(value["name"], "name"), description: "")
        // What stands behind the head, without the line end that every file has.
        table.description = String(description.hasSuffix("\n") ? description.dropLast() : description[...])
        for column in try list(value["columns"], "columns", maximumCount: KnowledgeLimits.maximumColumnCount) {
            guard case .object = column else { throw problem("a column is a mapping") }
            table.columns.append(
                TableDescription.Column(
                    name: try required(column["name"], "a column's name"), type: try text(column["type"], "a column's type") ?? "",
                    isNullable: column["is_nullable"] != .bool(false), defaultValue: try text(column["default"], "a column's default"),
                    description: try text(column["description"], "a column's description") ?? ""))
        }
        table.primaryKey = try names(value["primary_key"], "primary_key")
        table.uniqueKeys = try list(value["unique_keys"], "unique_keys", maximumCount: KnowledgeLimits.maximumTableKeyCount)
            .map { key throws(ImportProblem) in try names(key, "a unique key") }
        for key in try list(value["foreign_keys"], "foreign_keys", maximumCount: KnowledgeLimits.maximumTableKeyCount) {
            table.foreignKeys.append(
                TableDescription.ForeignKey(
                    columns: try names(key["columns"], "columns"), table: try required(key["table"], "table"),
                    references: try names(key["references"], "references")))
        }
        return table
    }

    static func file(of entry: KnowledgeEntry, _ table: TableDescription) -> [UInt8] {
        func names(_ names: [String]) -> JSONValue { .array(names.map(JSONValue.string)) }
        var structure: [JSONMember] = []
        if let schema = table.schema { structure.append(JSONMember(key: "schema", value: .string(schema))) }
        structure.append(JSONMember(key: "name", value: .string(table.name)))
        let columns = table.columns.map { column in
            var members = [JSONMember(key: "name", value: .string(column.name)), JSONMember(key: "type", value: .string(column.type))]
            members.append(JSONMember(key: "is_nullable", value: .bool(column.isNullable)))
            if let value = column.defaultValue { members.append(JSONMember(key: "default", value: .string(value))) }
            if !column.description.isEmpty { members.append(JSONMember(key: "description", value: .string(column.description))) }
            return JSONValue.object(members)
        }
        structure.append(JSONMember(key: "columns", value: .array(columns)))
        if !table.primaryKey.isEmpty { structure.append(JSONMember(key: "primary_key", value: names(table.primaryKey))) }
        if !table.uniqueKeys.isEmpty { structure.append(JSONMember(key: "unique_keys", value: .array(table.uniqueKeys.map(names)))) }
        if !table.foreignKeys.isEmpty {
            let keys = table.foreignKeys.map { key in
                JSONValue.object([
                    JSONMember(key: "columns", value: names(key.columns)), JSONMember(key: "table", value: .string(key.table)),
                    JSONMember(key: "references", value: names(key.references)),
                ])
            }
            structure.append(JSONMember(key: "foreign_keys", value: .array(keys)))
        }
        var head = [
            JSONMember(key: "key", value: .string(entry.key)), JSONMember(key: "title", value: .string(entry.content.title)),
        ]
        if !entry.content.tags.isEmpty { head.append(JSONMember(key: "tags", value: .array(entry.content.tags.map(JSONValue.string)))) }
        head.append(JSONMember(key: "kind", value: .string("table")))
        head.append(JSONMember(key: "table", value: .object(structure)))
        return FrontMatter.file(head, table.description + "\n")
    }
}
