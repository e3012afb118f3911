import ByteCoding

/// Builds the value of a document from the events of libyaml, and decides what libyaml does not: types, keys, anchors, limits.
struct YAMLComposer {
    private struct Anchor {
        var value: JSONValue
        /// A copy: the places of what `<<` took over are moved.
        var places: [YAMLPlace]
        var byteCount: Int
    }

    private let reader: YAMLEventReader
    private let mergesKeys: Bool
    private let keepsFirstOfKeys: Bool
    private let maximumNodeCount: Int
    private(set) var places: [YAMLPlace] = []
    private(set) var repeatedKeys: [YAMLRepeatedKey] = []
    private var anchors: [String: Anchor] = [:]
    /// Anchors of collections not yet closed: an alias to one of them would never end.
    private var openAnchors: Set<String> = []
    private var depth = 0
    private var byteCount = 0
    private var aliasNodeCount = 0
    private var aliasByteCount = 0

    init(_ reader: YAMLEventReader, mergesKeys: Bool, keepsFirstOfKeys: Bool, maximumNodeCount: Int) {
        self.reader = reader
        self.maximumNodeCount = maximumNodeCount
        self.mergesKeys = mergesKeys
        self.keepsFirstOfKeys = keepsFirstOfKeys
    }

    /// Reads the one document of the stream; an empty stream is null.
    mutating func compose() throws(YAMLError) -> JSONValue {
        _ = try reader.next()
        let start = try reader.next()
        if start.kind == .streamEnd {
            places = [YAMLPlace(line: 1, column: 1, nodeCount: 1)]
            return .null
        }
        let value = try node(try reader.next())
        _ = try reader.next()
        let end = try reader.next()
        guard end.kind == .streamEnd else { throw YAMLError("a second document begins here; a file has one", at: end.position) }
        return value
    }

    private static func quoted(_ text: String) -> String {
        "'\(text.utf8.count > YAMLLimits.maximumQuotedByteCount ? String(text.prefix(40)) + "..." : text)'"
    }

    private mutating func node(_ event: YAMLEvent) throws(YAMLError) -> JSONValue {
        let first = places.count
        guard first < maximumNodeCount else {
            throw YAMLError("the document has more than \(maximumNodeCount) nodes", at: event.position)
        }
        if case .alias(let name) = event.kind { return try expand(name, event.position) }
        places.append(
            YAMLPlace(line: Int32(clamping: event.position.line), column: Int32(clamping: event.position.column), nodeCount: 1))
        let bytesBefore = byteCount
        let anchor: String?
        let value: JSONValue
        switch event.kind {
        case .scalar(let text, let isPlain, let tag, let name):
            anchor = name
            byteCount += text.utf8.count
            value = try scalar(text, isPlain, tag, event.position)
        case .sequenceStart(let tag, let name):
            anchor = name
            value = try collection(tag, name, "tag:yaml.org,2002:seq", event.position) { composer throws(YAMLError) in
                try composer.sequence()
            }
        case .mappingStart(let tag, let name):
            anchor = name
            value = try collection(tag, name, "tag:yaml.org,2002:map", event.position) { composer throws(YAMLError) in
                try composer.mapping()
            }
        default: throw YAMLError("a value is due here", at: event.position)
        }
        places[first].nodeCount = Int32(places.count - first)
        if let anchor { anchors[anchor] = Anchor(value: value, places: Array(places[first...]), byteCount: byteCount - bytesBefore) }
        return value
    }

    private mutating func expand(_ name: String, _ position: YAMLPosition) throws(YAMLError) -> JSONValue {
        guard !openAnchors.contains(name) else {
            throw YAMLError("the alias \(Self.quoted("*" + name)) stands inside what it stands for", at: position)
        }
        guard let anchor = anchors[name] else { throw YAMLError("there is no anchor \(Self.quoted("&" + name)) above", at: position) }
        try count(anchor, position)
        places.append(contentsOf: anchor.places)
        return anchor.value
    }

    /// Counts what an alias stands for.
    private mutating func count(_ anchor: Anchor, _ position: YAMLPosition) throws(YAMLError) {
        aliasNodeCount += anchor.places.count
        aliasByteCount += anchor.byteCount
        byteCount += anchor.byteCount
        guard aliasNodeCount <= YAMLLimits.maximumAliasNodeCount, aliasByteCount <= YAMLLimits.maximumAliasByteCount,
            places.count + anchor.places.count <= maximumNodeCount
        else {
            throw YAMLError(
                "the aliases stand for more than \(YAMLLimits.maximumAliasNodeCount) nodes or \(YAMLLimits.maximumAliasByteCount) bytes",
                at: position)
        }
    }

    private mutating func collection(
        _ tag: String?, _ anchor: String?, _ expectedTag: String, _ position: YAMLPosition,
        _ read: (inout YAMLComposer) throws(YAMLError) -> JSONValue
    ) throws(YAMLError) -> JSONValue {
        if let tag, tag != expectedTag, tag != "!" { throw YAMLError("the tag \(Self.quoted(tag)) is not known here", at: position) }
        guard depth < YAMLLimits.maximumDepth else {
            throw YAMLError("the document nests deeper than \(YAMLLimits.maximumDepth)", at: position)
        }
        depth += 1
        let isNew = anchor.map { openAnchors.insert($0).inserted } ?? false
        defer {
            depth -= 1
            if isNew, let anchor { openAnchors.remove(anchor) }
        }
        return try read(&self)
    }

    private mutating func sequence() throws(YAMLError) -> JSONValue {
        var elements: [JSONValue] = []
        while true {
            let event = try reader.next()
            if event.kind == .sequenceEnd { return .array(elements) }
            elements.append(try node(event))
        }
    }

    private mutating func mapping() throws(YAMLError) -> JSONValue {
        var members: [JSONMember] = []
        var lines: [String: Int] = [:]
        /// Members taken over by `<<`, with their places: the mapping's own come first, whatever the order of writing.
        var merged: [(member: JSONMember, places: [YAMLPlace])] = []
        while true {
            let event = try reader.next()
            if event.kind == .mappingEnd { break }
            let (key, isMerge) = try key(event)
            if isMerge {
                let first = places.count
                let value = try node(try reader.next())
                merged += try mergedMembers(value, first, event.position)
                places.removeSubrange(first...)
                continue
            }
            if let place = lines.index(forKey: key) {
                let (firstKey, line) = lines[place]
                if keepsFirstOfKeys, repeatedKeys.count < YAMLLimits.maximumRepeatedKeyCount {
                    let isOtherForm = !firstKey.utf8.elementsEqual(key.utf8)
                    repeatedKeys.append(
                        YAMLRepeatedKey(key: key, position: event.position, firstLine: line, isOtherForm: isOtherForm))
                    let first = places.count
                    _ = try node(try reader.next())
                    places.removeSubrange(first...)
                    continue
                }
                throw YAMLError("the key \(Self.quoted(key)) stands twice in this mapping, first in line \(line)", at: event.position)
            }
            lines[key] = event.position.line
            members.append(JSONMember(key: key, value: try node(try reader.next())))
        }
        for (member, itsPlaces) in merged where lines.updateValue(0, forKey: member.key) == nil {
            members.append(member)
            places.append(contentsOf: itsPlaces)
        }
        return .object(members)
    }

    /// A key's text, and whether it is the merge key.
    private mutating func key(_ event: YAMLEvent) throws(YAMLError) -> (String, Bool) {
        switch event.kind {
        case .scalar(let text, let isPlain, let tag, let anchor):
            byteCount += text.utf8.count
            if let anchor {
                let place = YAMLPlace(
                    line: Int32(clamping: event.position.line), column: Int32(clamping: event.position.column), nodeCount: 1)
                anchors[anchor] = Anchor(value: .string(text), places: [place], byteCount: text.utf8.count)
            }
            if isPlain, text == "<<", mergesKeys { return (text, true) }
            _ = try scalar(text, false, tag, event.position)
            return (text, false)
        case .alias(let name):
            guard let anchor = anchors[name], case .string(let text) = anchor.value else {
                throw YAMLError("a key is a text; the alias \(Self.quoted("*" + name)) is none", at: event.position)
            }
            try count(anchor, event.position)
            return (text, false)
        default: throw YAMLError("a key is a text, not a list or a mapping", at: event.position)
        }
    }

    /// The members of a mapping, or of a list of mappings, behind `<<`; `first` is the place of the value.
    private func mergedMembers(
        _ value: JSONValue, _ first: Int, _ position: YAMLPosition
    ) throws(YAMLError) -> [(member: JSONMember, places: [YAMLPlace])] {
        var place = first + 1
        switch value {
        case .object(let members):
            var found: [(JSONMember, [YAMLPlace])] = []
            for member in members {
                let end = place + Int(places[place].nodeCount)
                found.append((member, Array(places[place..<end])))
                place = end
            }
            return found
        case .array(let elements):
            var found: [(JSONMember, [YAMLPlace])] = []
            for element in elements {
                guard case .object = element else { break }
                found += try mergedMembers(element, place, position)
                place += Int(places[place].nodeCount)
            }
            if elements.allSatisfy({ $0.objectValue != nil }) { return found }
        default: break
        }
        throw YAMLError("what << takes over is a mapping or a list of mappings", at: position)
    }

    private func scalar(_ text: String, _ isPlain: Bool, _ tag: String?, _ position: YAMLPosition) throws(YAMLError) -> JSONValue {
        switch tag {
        case nil:
            guard isPlain else { return .string(text) }
            guard let value = YAMLScalar.value(ofPlain: text) else {
                throw YAMLError("JSON has no number \(Self.quoted(text))", at: position)
            }
            return value
        case "!", "tag:yaml.org,2002:str": return .string(text)
        case "tag:yaml.org,2002:int": if let value = YAMLScalar.integer(text) { return value }
        case "tag:yaml.org,2002:float": if let value = YAMLScalar.float(text) { return value }
        case "tag:yaml.org,2002:bool": if case .bool(let flag)? = YAMLScalar.value(ofPlain: text) { return .bool(flag) }
        case "tag:yaml.org,2002:null": if YAMLScalar.value(ofPlain: text) == .null { return .null }
        default: throw YAMLError("the tag \(Self.quoted(tag ?? "")) is not known here", at: position)
        }
        throw YAMLError("\(Self.quoted(text)) is not of the type its tag names", at: position)
    }
}
