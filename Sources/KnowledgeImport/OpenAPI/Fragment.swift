/// A piece of a document between references: what stands there literally, and where references leave it.

import ByteCoding

indirect enum FragmentNode {
    /// Without references anywhere in it.
    case literal(JSONValue)
    case object([(key: String, node: FragmentNode)])
    case array([FragmentNode])
    /// Members beside `$ref` replace the target's.
    case reference(target: Int, overrides: [JSONMember])
}

struct Fragment {
    struct Reference {
        var target: Int
        /// Containers around it in its fragment.
        var level: Int
        /// Bytes of the members that replace the target's.
        var overrideByteCount: Int
    }

    var node: FragmentNode
    /// All that is literal.
    var measure: Measure
    /// One for each time a reference stands there.
    var references: [Reference]
}

extension FragmentNode {
    /// The value of a node without references.
    var literalValue: JSONValue {
        switch self {
        case .literal(let value): value
        case .object(let members): .object(members.map { JSONMember(key: $0.key, value: $0.node.literalValue) })
        case .array(let nodes): .array(nodes.map(\.literalValue))
        case .reference: .null
        }
    }
}
