import TraceModel

/// What providers call the ways they serve calls, without regard to case. `auto` is a wish, not an answer.
enum ServiceTierNames {
    static let names: [(name: String, tier: ServiceTier)] = [
        ("default", .standard), ("standard", .standard), ("standard_only", .standard), ("on_demand", .standard), ("batch", .batch),
        ("flex", .flex), ("priority", .priority),
    ]

    static let table = NameTable(names.enumerated().map { ($1.name, UInt16($0)) }, ignoringCase: true)
}
