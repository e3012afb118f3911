/// The cases of a run that did not pass, seen one by one: those that passed least often are kept whole, some more by name, the rest is
/// counted.

package struct WorstCases: Sendable {
    /// The worst first; as bad ones in the order they came.
    package private(set) var shown: [CaseReport] = []
    /// Those that were seen first.
    package private(set) var named: [(key: String, target: Int)] = []
    package private(set) var count = 0
    private let maximumShownCount: Int
    private let maximumNamedCount: Int

    package init(
        maximumShownCount: Int = RunClientLimits.maximumShownCaseCount, maximumNamedCount: Int = RunClientLimits.maximumNamedCaseCount
    ) {
        self.maximumShownCount = maximumShownCount
        self.maximumNamedCount = maximumNamedCount
    }

    package mutating func add(_ one: CaseReport) {
        count += 1
        if named.count < maximumNamedCount { named.append((one.key, one.target)) }
        let place = shown.firstIndex { $0.passedShare > one.passedShare } ?? shown.endIndex
        guard place < maximumShownCount else { return }
        shown.insert(one, at: place)
        if shown.count > maximumShownCount { shown.removeLast() }
    }
}
