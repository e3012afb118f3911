/// How much of an operation stands in place of its references.
enum OperationForm: Int, CaseIterable {
    /// All but the schemas that contain themselves.
    case inlined
    /// All but those and the large ones.
    case withoutLarge
    /// No schema.
    case referring
}
