/// Tables as JSON.

import ByteCoding
import ContentReading

extension TableDescription {
    /// In the order of the type's comment; what is absent or empty is left out.
    package var json: JSONValue {
        var members: [JSONMember] = []
        if let schema { members.append(JSONMember(key: "schema", value: .string(schema))) }
        members.append(JSONMember(key: "name", value: .string(name)))
        if !description.isEmpty { members.append(JSONMember(key: "description", value: .string(description))) }
        members.append(JSONMember(key: "columns", value: .array(columns.map(\.json))))
        if !primaryKey.isEmpty { members.append(JSONMember(key: "primary_key", value: Self.texts(primaryKey))) }
        if !uniqueKeys.isEmpty { members.append(JSONMember(key: "unique_keys", value: .array(uniqueKeys.map(Self.texts)))) }
        if !foreignKeys.isEmpty { members.append(JSONMember(key: "foreign_keys", value: .array(foreignKeys.map(\.json)))) }
        return .object(members)
    }

    fileprivate static func texts(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.string)) }
}

extension TableDescription.Column {
    fileprivate var json: JSONValue {
        var members = [JSONMember(key: "name", value: .string(name))]
        if !type.isEmpty { members.append(JSONMember(key: "type", value: .string(type))) }
        members.append(JSONMember(key: "is_nullable", value: .bool(isNullable)))
        if let defaultValue { members.append(JSONMember(key: "default", value: .string(defaultValue))) }
        if !description.isEmpty { members.append(JSONMember(key: "description", value: .string(description))) }
        return .object(members)
    }
}

extension TableDescription.ForeignKey {
    fileprivate var json: JSONValue {
        var members = [
            JSONMember(key: "columns", value: TableDescription.texts(columns)), JSONMember(key: "table", value: .string(table)),
        ]
        if !references.isEmpty { members.append(JSONMember(key: "references", value: TableDescription.texts(references))) }
        return .object(members)
    }
}

extension ObjectReader {
    /// Nil only with a problem in the list.
    mutating func tableDescription() -> TableDescription? {
        let schema = optionalLine("schema")
        let name = line("name")
        let description = prose("description")
        let columns = (array("columns", maximumCount: KnowledgeLimits.maximumColumnCount) ?? []).enumerated().compactMap {
            column($1, path: "\(path(of: "columns"))[\($0)]")
        }
        var names: Set<String> = []
        for column in columns where !names.insert(column.name).inserted { report("columns", "two columns are named \(column.name)") }
        let primaryKey = keyColumns(value("primary_key"), path: path(of: "primary_key"), of: names) ?? []
        let uniqueKeys = (array("unique_keys", maximumCount: KnowledgeLimits.maximumTableKeyCount) ?? []).enumerated().compactMap {
            uniqueKey($1, path: "\(path(of: "unique_keys"))[\($0)]", of: names)
        }
        let foreignKeys = (array("foreign_keys", maximumCount: KnowledgeLimits.maximumTableKeyCount) ?? []).enumerated().compactMap {
            foreignKey($1, path: "\(path(of: "foreign_keys"))[\($0)]", of: names)
        }
        guard let name else { return nil }
        return TableDescription(
            schema: schema, name: name, description: description ?? "", columns: columns, primaryKey: primaryKey,
            uniqueKeys: uniqueKeys, foreignKeys: foreignKeys)
    }

    private func column(_ value: JSONValue, path: String) -> TableDescription.Column? {
        guard var reader = ObjectReader(value, path: path, problems: problems) else { return nil }
        let name = reader.line("name")
        let type = reader.optionalLine("type")
        let isNullable = reader.bool("is_nullable")
        let defaultValue = reader.prose("default", maximumByteCount: KnowledgeLimits.maximumExpressionByteCount)
        let description = reader.prose("description")
        reader.finish()
        guard let name else { return nil }
        return TableDescription.Column(
            name: name, type: type ?? "", isNullable: isNullable ?? true, defaultValue: defaultValue, description: description ?? "")
    }

    /// Names of columns, each one of the table's, none twice. Nil: absent, or with a problem in the list.
    private func keyColumns(_ value: JSONValue?, path: String, of names: Set<String>?) -> [String]? {
        guard let value else { return nil }
        guard case .array(let elements) = value, elements.count <= KnowledgeLimits.maximumTableKeyCount else {
            problems.add(path, "a list of at most \(KnowledgeLimits.maximumTableKeyCount) names of columns is due here")
            return nil
        }
        var columns: [String] = []
        for (index, element) in elements.enumerated() {
            guard case .string(let name) = element, !name.isEmpty, name.utf8.count <= KnowledgeLimits.maximumNameByteCount,
                !name.hasControlCharacters
            else {
                problems.add("\(path)[\(index)]", "the name of a column is due here")
                continue
            }
            if let names, !names.contains(name) { problems.add("\(path)[\(index)]", "the table has no column of this name") }
            if columns.contains(name) { problems.add("\(path)[\(index)]", "this column stands in the key twice") }
            columns.append(name)
        }
        return columns
    }

    private func uniqueKey(_ value: JSONValue, path: String, of names: Set<String>) -> [String]? {
        let columns = keyColumns(value, path: path, of: names)
        if columns?.isEmpty == true { problems.add(path, "columns of the table are due here") }
        return columns
    }

    private func foreignKey(_ value: JSONValue, path: String, of names: Set<String>) -> TableDescription.ForeignKey? {
        guard var reader = ObjectReader(value, path: path, problems: problems) else { return nil }
        let columns = keyColumns(reader.value("columns"), path: reader.path(of: "columns"), of: names)
        if columns?.isEmpty ?? (reader.value("columns") == nil) { reader.report("columns", "columns of the table are due here") }
        let table = reader.line("table")
        let references = keyColumns(reader.value("references"), path: reader.path(of: "references"), of: nil) ?? []
        reader.finish()
        guard let columns, let table else { return nil }
        if !references.isEmpty, references.count != columns.count {
            reader.report("references", "as many columns are due here as the key has, or none")
        }
        return TableDescription.ForeignKey(columns: columns, table: table, references: references)
    }
}
