/// Small words about what was read: numbers as people write them, lists without repetitions.

extension Double {
    /// Without a point where it is a whole number.
    package var shortText: String {
        self == rounded() && magnitude < 1e15 ? String(Int64(self)) : description
    }
}

extension [String] {
    /// The first of each.
    package var withoutRepetitions: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
