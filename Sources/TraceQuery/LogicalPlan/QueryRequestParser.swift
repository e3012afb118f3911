import ByteCoding

/// The body of `POST /api/v1/query` -> `QueryRequest`. Unknown members are refused: a mistyped one would silently change
/// the answer.
extension QueryRequest {
    private static let members: Set<String> = [
        "filter", "from", "to", "select", "group_by", "aggregates", "bucket", "order_by", "limit", "cursor", "explain", "timeout_ms",
    ]

    package static func parse(_ json: JSONValue) throws(QueryError) -> QueryRequest {
        guard case .object(let given) = json else { throw .malformed("", "a query is a JSON object, not \(json.kindName)") }
        for member in given where !members.contains(member.key) {
            throw .malformed(member.key, "unknown member; known: " + members.sorted().joined(separator: " "))
        }
        func value(_ key: String) -> JSONValue? { json[key].flatMap { $0.isNull ? nil : $0 } }
        func value<T>(_ key: String, _ parse: (JSONValue, String) throws(QueryError) -> T) throws(QueryError) -> T? {
            guard let json = value(key) else { return nil }
            return try parse(json, key)
        }
        let from = try value("from", FilterLiteral.time)
        let to = try value("to", FilterLiteral.time)
        if let from, let to, from > to { throw .malformed("to", "lies before from") }
        var request = QueryRequest(try answer(json, value), from: from, to: to)
        request.filter = try value("filter") { json, path throws(QueryError) in try FilterParser.parse(json, path: path) } ?? .everything
        if case .groups(_, let aggregates, let bucket) = request.answer, bucket == nil, from == nil || to == nil,
            let index = aggregates.firstIndex(where: { $0.function == .rate })
        {
            throw .malformed("aggregates[\(index)]", "rate needs a bucket, or both from and to")
        }
        request.order = try value("order_by") { json, path throws(QueryError) in try order(json, path, request) } ?? []
        if let limit = try value("limit", integer) {
            guard (1...QueryLimits.maximumRowCount).contains(limit) else {
                throw .malformed("limit", "lies between 1 and \(QueryLimits.maximumRowCount)")
            }
            request.limit = limit
        }
        if let cursor = value("cursor") {
            guard case .spans = request.answer else {
                throw .malformed("cursor", "only a query with select has pages; narrow the groups instead")
            }
            guard let text = cursor.stringValue else { throw .malformed("cursor", "takes a string, not \(cursor.kindName)") }
            request.cursor = text
        }
        if let explain = value("explain") {
            guard let flag = explain.boolValue else { throw .malformed("explain", "takes true or false, not \(explain.kindName)") }
            request.explain = flag
        }
        if let timeout = try value("timeout_ms", integer) {
            guard (1...QueryLimits.maximumTimeMilliseconds).contains(timeout) else {
                throw .malformed("timeout_ms", "lies between 1 and \(QueryLimits.maximumTimeMilliseconds)")
            }
            request.timeMilliseconds = timeout
        }
        return request
    }

    private static func answer(_ json: JSONValue, _ value: (String) -> JSONValue?) throws(QueryError) -> Answer {
        let isGrouped = value("group_by") != nil || value("aggregates") != nil || value("bucket") != nil
        if let select = value("select") {
            if isGrouped { throw .malformed("select", "a query either selects spans or groups them (group_by, aggregates, bucket)") }
            let fields = try fields(select, "select", maximum: QueryLimits.maximumColumnCount)
            guard !fields.isEmpty else { throw .malformed("select", "names no field") }
            return .spans(fields)
        }
        guard isGrouped else { return .spans(defaultSelection) }
        let groups =
            if let json = value("group_by") { try fields(json, "group_by", maximum: QueryLimits.maximumGroupFieldCount) } else {
                [SpanField]()
            }
        for (index, field) in groups.enumerated() where field.type == .payload || field.type == .texts {
            throw .malformed("group_by[\(index)]", "\(field.name) cannot be grouped by")
        }
        var aggregates = [Aggregate(.count)]
        if let json = value("aggregates") {
            aggregates = []
            guard case .array(let elements) = json else { throw .malformed("aggregates", "takes an array, not \(json.kindName)") }
            guard elements.count <= QueryLimits.maximumColumnCount else {
                throw .malformed("aggregates", "takes at most \(QueryLimits.maximumColumnCount)")
            }
            for (index, element) in elements.enumerated() { aggregates.append(try aggregate(element, "aggregates[\(index)]")) }
        }
        var bucket: TimeBucket?
        if let json = value("bucket") {
            bucket = json.stringValue.flatMap { TimeBucket($0) }
            if bucket == nil { throw .malformed("bucket", "takes a step such as \"30s\", \"5m\", \"1h\" or \"1d\"") }
        }
        var names = Set<String>(bucket == nil ? [] : ["bucket"])
        for name in groups.map(\.name) + aggregates.map(\.name) where !names.insert(name).inserted {
            throw .malformed("aggregates", "two columns are called \"\(name)\"; name one with \"as\"")
        }
        return .groups(groups, aggregates, bucket: bucket)
    }

    /// `"count"`, `"p95(duration_ms)"` or `{"function": "p95", "field": "duration_ms", "as": "slow"}`.
    private static func aggregate(_ json: JSONValue, _ path: String) throws(QueryError) -> Aggregate {
        let functionName: String, fieldName: String?, name: String?
        var isExact = false
        switch json {
        case .string(let text):
            if let open = text.firstIndex(of: "("), text.last == ")" {
                functionName = String(text[..<open])
                fieldName = String(text[text.index(after: open)...].dropLast())
            } else {
                (functionName, fieldName) = (text, nil)
            }
            name = nil
        case .object(let members):
            for member in members where !["function", "field", "as", "exact"].contains(member.key) {
                throw .malformed("\(path).\(member.key)", "unknown member; known: function field as exact")
            }
            guard let text = json["function"]?.stringValue else { throw .malformed("\(path).function", "names no function") }
            functionName = text
            fieldName = try optionalText(json["field"], "\(path).field")
            name = try optionalText(json["as"], "\(path).as")
            if let name, name.isEmpty || name.utf8.count > 128 { throw .malformed("\(path).as", "has 1 to 128 bytes") }
            if let exact = json["exact"], !exact.isNull {
                guard let flag = exact.boolValue else { throw .malformed("\(path).exact", "takes true or false, not \(exact.kindName)") }
                guard !flag || functionName == AggregateFunction.countDistinct.rawValue else {
                    throw .malformed("\(path).exact", "belongs to count_distinct")
                }
                isExact = flag
            }
        default: throw .malformed(path, "takes a function such as \"p95(duration_ms)\" or an object, not \(json.kindName)")
        }
        guard let function = AggregateFunction(rawValue: functionName) else {
            throw .malformed(
                path, "unknown function \"\(functionName)\"; known: " + AggregateFunction.allCases.map(\.rawValue).joined(separator: " "))
        }
        var field: SpanField?
        if let fieldName, !(fieldName == "*" && function == .count), !(fieldName.isEmpty && function.argument == .none) {
            guard let known = SpanField(name: fieldName) else { throw .malformed(path, FilterParser.unknownField(fieldName)) }
            field = known
        }
        try check(function, field, path)
        return Aggregate(function, field, name: name, isExact: isExact)
    }

    private static func check(_ function: AggregateFunction, _ field: SpanField?, _ path: String) throws(QueryError) {
        guard let field else {
            if function.argument == .none || function.argument == .optional { return }
            throw .malformed(path, "\(function.rawValue) needs a field, as in \"\(function.rawValue)(duration_ms)\"")
        }
        let fits =
            switch function.argument {
            case .none: false
            case .optional: true
            case .number: field.type.isNumeric
            case .numberOrTime: field.type.isNumeric || field.type == .time
            case .anything: field.type != .payload && field.type != .texts
            }
        guard fits else {
            throw .malformed(path, "\(function.rawValue) does not apply to \(field.name), a field of type \(field.type.name)")
        }
    }

    private static func fields(_ json: JSONValue, _ path: String, maximum: Int) throws(QueryError) -> [SpanField] {
        guard case .array(let elements) = json else { throw .malformed(path, "takes an array of fields, not \(json.kindName)") }
        guard elements.count <= maximum else { throw .malformed(path, "takes at most \(maximum) fields") }
        var fields: [SpanField] = []
        for (index, element) in elements.enumerated() {
            guard let name = element.stringValue else {
                throw .malformed("\(path)[\(index)]", "takes a field's name, not \(element.kindName)")
            }
            guard let field = SpanField(name: name) else { throw .malformed("\(path)[\(index)]", FilterParser.unknownField(name)) }
            guard !fields.contains(field) else { throw .malformed("\(path)[\(index)]", "names \(name) twice") }
            fields.append(field)
        }
        return fields
    }

    /// `["-start_time", "name"]` or one such text with commas.
    private static func order(_ json: JSONValue, _ path: String, _ request: QueryRequest) throws(QueryError) -> [OrderTerm] {
        let texts: [(String, String)]
        switch json {
        case .string(let text): texts = text.split(separator: ",").map { (String($0), path) }
        case .array(let elements):
            var all: [(String, String)] = []
            for (index, element) in elements.enumerated() {
                guard let text = element.stringValue else { throw .malformed("\(path)[\(index)]", "takes a name such as \"-start_time\"") }
                all.append((text, "\(path)[\(index)]"))
            }
            texts = all
        default: throw .malformed(path, "takes an array such as [\"-start_time\"], not \(json.kindName)")
        }
        guard texts.count <= QueryLimits.maximumOrderFieldCount else {
            throw .malformed(path, "takes at most \(QueryLimits.maximumOrderFieldCount) fields")
        }
        let columns = request.columns
        var terms: [OrderTerm] = []
        for (text, path) in texts {
            let isDescending = text.hasPrefix("-")
            let name = isDescending || text.hasPrefix("+") ? String(text.dropFirst()) : text
            if case .groups = request.answer {
                guard let index = columns.firstIndex(where: { $0.name == name }) else {
                    throw .malformed(path, "no column is called \"\(name)\"; known: " + columns.map(\.name).joined(separator: " "))
                }
                terms.append(OrderTerm(.column(index), isDescending: isDescending))
            } else {
                guard let field = SpanField(name: name) else { throw .malformed(path, FilterParser.unknownField(name)) }
                guard field.type != .payload, field.type != .texts else { throw .malformed(path, "\(name) has no order") }
                terms.append(OrderTerm(.field(field), isDescending: isDescending))
            }
        }
        return terms
    }

    private static func integer(_ json: JSONValue, _ path: String) throws(QueryError) -> Int {
        guard let value = json.integerValue else { throw .malformed(path, "takes a whole number, not \(json.kindName)") }
        return Int(value)
    }

    private static func optionalText(_ json: JSONValue?, _ path: String) throws(QueryError) -> String? {
        guard let json, !json.isNull else { return nil }
        guard let text = json.stringValue else { throw .malformed(path, "takes a string, not \(json.kindName)") }
        return text
    }
}
