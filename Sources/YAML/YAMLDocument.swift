import ByteCoding

/// A YAML document as a JSON value, with the place of every node in the text.
///
/// YAML 1.2's core schema; keys are texts (`200:` is the key `"200"`). Refused with their places: keys that stand twice, a second document,
/// tags of other schemas, numbers that JSON lacks, and everything beyond `YAMLLimits`.
package struct YAMLDocument: Equatable, Sendable {
    package let value: JSONValue
    private let places: [YAMLPlace]
    /// Keys that stand a second time in their mapping, where `keepsFirstOfKeys` allowed them, and where.
    package let repeatedKeys: [YAMLRepeatedKey]

    /// `mergesKeys`: whether `<<` takes over the members of the mapping behind it, as in YAML 1.1, which many tools still read.
    /// `keepsFirstOfKeys`: of equal keys of a mapping the first counts and the others are named, up to `YAMLLimits.maximumRepeatedKeyCount`.
    ///
    /// Throws `YAMLError`.
    package init(
        _ bytes: [UInt8], mergesKeys: Bool = false, keepsFirstOfKeys: Bool = false, maximumByteCount: Int = YAMLLimits.maximumByteCount,
        maximumNodeCount: Int = YAMLLimits.maximumNodeCount
    ) throws(YAMLError) {
        guard bytes.count <= maximumByteCount else {
            throw YAMLError("the text has \(bytes.count) bytes; at most \(maximumByteCount) are read", at: YAMLPosition(line: 1, column: 1))
        }
        let text = try YAMLEncoding.checked(bytes)
        (value, places, repeatedKeys) = try text.withUnsafeBufferPointer { buffer throws(YAMLError) in
            guard let reader = try YAMLEventReader(UnsafeRawBufferPointer(buffer)) else { return (.null, [], []) }
            var composer = YAMLComposer(
                reader, mergesKeys: mergesKeys, keepsFirstOfKeys: keepsFirstOfKeys, maximumNodeCount: maximumNodeCount)
            let value = try composer.compose()
            return (value, composer.places, composer.repeatedKeys)
        }
    }

    package init(_ text: String, mergesKeys: Bool = false) throws(YAMLError) { try self.init(Array(text.utf8), mergesKeys: mergesKeys) }

    package enum Step: Equatable, Sendable {
        case key(String)
        case index(Int)
    }

    /// Where the value at a path stands; where it does not exist, its nearest container. Of a value behind an alias: where it was
    /// anchored.
    package func position(of path: [Step]) -> YAMLPosition {
        var node = value
        var index = 0
        for step in path {
            guard let (child, place) = child(step, of: node, at: index) else { break }
            node = child
            index = place
        }
        return places.isEmpty ? YAMLPosition(line: 1, column: 1) : places[index].position
    }

    /// As above for a path as text: members joined by points, indexes in brackets, other keys in brackets and quotes:
    /// `cases[3].scorers[0].pattern`, `paths["/a b"]`.
    package func position(ofPath text: String) -> YAMLPosition { position(of: YAMLPath.steps(text)) }

    private func child(_ step: Step, of node: JSONValue, at index: Int) -> (JSONValue, Int)? {
        var place = index + 1
        switch (step, node) {
        case (.key(let key), .object(let members)):
            for member in members {
                if member.key == key { return (member.value, place) }
                place += Int(places[place].nodeCount)
            }
        case (.index(let wanted), .array(let elements)):
            for (number, element) in elements.enumerated() {
                if number == wanted { return (element, place) }
                place += Int(places[place].nodeCount)
            }
        default: break
        }
        return nil
    }
}

/// A key that stands a second time in its mapping.
package struct YAMLRepeatedKey: Equatable, Sendable {
    package let key: String
    package let position: YAMLPosition
    /// Where it stood first.
    package let firstLine: Int
    /// Its bytes are not the first one's: both differ in their Unicode normal form.
    package let isOtherForm: Bool
}

/// Where a node stands and how many nodes it has, itself included: places lie in the order of the document, children behind parents.
struct YAMLPlace: Equatable, Sendable {
    var line: Int32
    var column: Int32
    var nodeCount: Int32

    var position: YAMLPosition { YAMLPosition(line: Int(line), column: Int(column)) }
}

/// Reading paths as problems are reported with.
enum YAMLPath {
    static func steps(_ text: String) -> [YAMLDocument.Step] {
        var steps: [YAMLDocument.Step] = []
        var rest = text[...]
        while let first = rest.first {
            if first == "." {
                rest.removeFirst()
            } else if first == "[" {
                let inner = rest.dropFirst()
                if inner.first == "\"" {
                    // The key is JSON text: up to the first quote that closes it.
                    guard let end = inner.firstRange(of: "\"]"),
                        let key = try? JSONValue.parse(String(inner[..<end.lowerBound]) + "\"").stringValue
                    else { return steps }
                    steps.append(.key(key))
                    rest = inner[end.upperBound...]
                } else {
                    guard let end = inner.firstIndex(of: "]"), let index = Int(inner[..<end]) else { return steps }
                    steps.append(.index(index))
                    rest = inner[inner.index(after: end)...]
                }
            } else {
                let key = rest.prefix { $0 != "." && $0 != "[" }
                steps.append(.key(String(key)))
                rest = rest[key.endIndex...]
            }
        }
        return steps
    }
}
