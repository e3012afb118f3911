/// The names that attempts at an analysis have paid for, kept with its job: by the trace that is most typical of each feature, which is the
/// same in every attempt.

import ByteCoding
import TraceModel

struct NamingCheckpoint: Sendable, Equatable {
    /// nil: a model was asked, and gave no name.
    private(set) var names: [TraceID: FeatureNaming.Name?] = [:]

    init() {}

    /// What cannot be read is as good as nothing: it is paid for again.
    init(json: [UInt8]?) {
        guard let json, let members = (try? JSONValue.parse(json))?["names"]?.objectValue else { return }
        for member in members {
            guard let trace = TraceID(hex: member.key) else { continue }
            if let name = member.value["name"]?.stringValue {
                names[trace] = .some(FeatureNaming.Name(name: name, description: member.value["description"]?.stringValue ?? ""))
            } else {
                names.updateValue(nil, forKey: trace)
            }
        }
    }

    mutating func add(_ name: FeatureNaming.Name?, of trace: TraceID) { names.updateValue(name, forKey: trace) }

    var json: [UInt8] {
        let members = names.sorted { $0.key < $1.key }.map { trace, name in
            JSONMember(
                key: trace.hex,
                value: name.map {
                    .object([
                        JSONMember(key: "name", value: .string($0.name)), JSONMember(key: "description", value: .string($0.description)),
                    ])
                } ?? .null)
        }
        return JSONValue.object([JSONMember(key: "names", value: .object(members))]).bytes
    }
}
