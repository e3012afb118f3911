import TraceModel

/// Something that is on for a part of an organization's projects.
package struct FeatureFlag: Sendable, Equatable {
    package let name: String
    /// From 0 to 100.
    package let percentage: Int
    /// Projects for which it is decided by hand.
    package let overrides: [ProjectID: Bool]

    package init(name: String, percentage: Int, overrides: [ProjectID: Bool]) {
        self.name = name
        self.percentage = percentage
        self.overrides = overrides
    }

    /// The same project always gets the same answer, and a greater percentage only ever adds projects.
    package func isEnabled(for project: ProjectID) -> Bool {
        overrides[project] ?? (Self.bucket(name, project) < percentage)
    }

    /// From 0 to 99, by FNV-1a over the name and the id, mixed once more as its low bits are weak.
    static func bucket(_ name: String, _ project: ProjectID) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in "\(name)/\(project.uuid)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        hash = (hash ^ hash >> 33) &* 0xff51_afd7_ed55_8ccd
        hash ^= hash >> 33
        return Int(hash % 100)
    }
}
