/// The traces of a window divided among the features known so far and those found in it.
///
/// A trace within the reach of known features belongs to the nearest of them, so that the features people know stay the same from window to
/// window. The whole window is clustered beside that: how finely it parts is seen from everything in it. A trace that no known feature
/// reaches goes with its cluster: to the known feature that has most of it, else into a new one.

package struct FeatureGrouping: Sendable, Equatable {
    package struct Group: Sendable, Equatable {
        /// Index among the known features; nil for a new one.
        package var known: Int?
        /// Traces, nearest to the center first.
        package var members: [Int]
        package var shape: FeatureShape
    }

    /// Known features with traces in their order, then new ones, the largest first.
    package let groups: [Group]
    /// Traces that are like too few others.
    package let others: [Int]

    package init(_ vectors: VectorSet, known: [FeatureShape]) {
        let comparable = known.indices.filter { known[$0].center.count == vectors.dimensionCount }
        var members: [Int: [Int]] = [:]
        var rest: [Int] = []
        for trace in 0..<vectors.count {
            let near = comparable.map { (feature: $0, similarity: vectors.similarity(trace, known[$0].center)) }
                .filter { $0.similarity >= known[$0.feature].reach }.max { $0.similarity < $1.similarity }
            if let near { members[near.feature, default: []].append(trace) } else { rest.append(trace) }
        }
        let minimumSize = max(
            FeatureAnalysisLimits.leastFeatureTraceCount, Int(Double(vectors.count) * FeatureAnalysisLimits.leastFeatureShare))
        // Nothing is left to be found: the cut, which costs most, would tell nothing.
        let cut = rest.isEmpty ? nil : ClusterCut.best(of: vectors, minimumSize: minimumSize)
        var owners = [Int?](repeating: nil, count: vectors.count)
        for (feature, traces) in members { for trace in traces { owners[trace] = feature } }
        var left: [Int] = [], fresh: [[Int]] = []
        for cluster in 0..<(cut?.clusterCount ?? 0) {
            let traces = (0..<vectors.count).filter { cut?.labels[$0] == cluster }, open = traces.filter { owners[$0] == nil }
            let shares = Dictionary(grouping: traces.compactMap { owners[$0] }, by: { $0 }).mapValues(\.count)
            if let (feature, count) = shares.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }), 2 * count > traces.count {
                members[feature, default: []] += open
            } else if open.count >= minimumSize {
                fresh.append(open)
            } else {
                left += open
            }
        }
        left += rest.filter { cut?.labels[$0] == nil }
        var groups = members.keys.sorted().compactMap { feature in
            members[feature].flatMap { Group($0, vectors, known: feature, drifting: known[feature]) }
        }
        var found = fresh.sorted { ($1.count, $0[0]) < ($0.count, $1[0]) }.compactMap { Group($0, vectors, known: nil, drifting: nil) }
        // Pieces that were cut off a cluster come back if it reaches them.
        var others: [Int] = []
        for trace in left.sorted() {
            let near = found.indices.max {
                vectors.similarity(trace, found[$0].shape.center) < vectors.similarity(trace, found[$1].shape.center)
            }
            if let near, vectors.similarity(trace, found[near].shape.center) >= found[near].shape.reach {
                found[near].members.append(trace)
            } else {
                others.append(trace)
            }
        }
        groups += found
        self.groups = groups
        self.others = others
    }
}

extension FeatureGrouping.Group {
    fileprivate init?(_ members: [Int], _ vectors: VectorSet, known: Int?, drifting: FeatureShape?) {
        guard let shape = FeatureShape(of: members, in: vectors) else { return nil }
        let byNearness = members.map { ($0, vectors.similarity($0, shape.center)) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }.map(\.0)
        self.init(known: known, members: byNearness, shape: drifting?.moved(towards: shape) ?? shape)
    }
}
