import ByteCoding
import ContentReading

/// What a run is asked to do: frozen when it is made.
///
///     {"name": "nightly", "targets": [...], "repetitions": 3, "concurrency": 64, "spending_cap_usd": 5,
///      "baseline": "main", "gate": {"minimum_pass_rate": 0.9}, "scorers": [...], "tags": ["geography"], "split": "test",
///      "metadata": {"branch": "fix-1", "commit": "..."}, "retrieval": {"source": "active"}}
package struct RunSpecification: Equatable, Sendable {
    package var name: String
    package var targets: [RunTarget]
    package var repetitions: Int
    package var concurrency: Int
    /// US dollars after which no further cell is begun.
    package var spendingCap: Double?
    /// The id of a run, or the value of `metadata.branch` of runs of this suite: the newest finished one is meant.
    package var baseline: String?
    /// As it was given: read by whoever judges the run.
    package var gate: JSONValue?
    /// Asked of every case, after its own.
    package var scorers: [ScorerSpecification]
    /// Only cases that have all of these tags, and are of this split.
    package var tags: [String]
    package var split: String?
    package var metadata: [JSONMember]
    /// What `{{context}}` stands for; nil: nothing.
    package var retrieval: RunRetrieval?

    /// Errors: everything that is wrong with it, at once.
    package init(json value: JSONValue) throws(InvalidContent) {
        let problems = ProblemList()
        if let problem = value.problemOfShape(maximumDepth: TestCaseLimits.maximumDepth) { throw InvalidContent(problem) }
        let specification = RunSpecification(value, problems: problems)
        try problems.throwIfAny()
        guard let specification else { throw InvalidContent("the run cannot be read") }
        self = specification
    }

    private init?(_ value: JSONValue, problems: ProblemList) {
        guard var reader = ObjectReader(value, path: "", problems: problems) else { return nil }
        let name = reader.text("name", maximumByteCount: RunLimits.maximumNameByteCount)
        if reader.value("targets") == nil { reader.report("targets", "a run has at least one target") }
        let list = reader.array("targets", maximumCount: RunLimits.maximumTargetCount) ?? []
        let targets = list.enumerated().compactMap { RunTarget($1, path: "targets[\($0)]", problems: problems) }
        if list.isEmpty, reader.value("targets") != nil { reader.report("targets", "a run has at least one target") }
        var names: Set<String> = []
        for target in targets where !names.insert(target.name).inserted {
            reader.report("targets", "two targets are called \(target.name)")
        }
        let scorers = reader.scorers("scorers")
        let metadata = reader.object("metadata") ?? []
        if JSONValue.object(metadata).bytes.count > RunLimits.maximumMetadataByteCount {
            reader.report("metadata", "has more than \(RunLimits.maximumMetadataByteCount) bytes")
        }
        self.init(
            name: name ?? "run", targets: targets,
            repetitions: reader.integer("repetitions", in: 1...RunLimits.maximumRepetitionCount) ?? 1,
            concurrency: reader.integer("concurrency", in: 1...RunLimits.maximumConcurrency) ?? RunLimits.defaultConcurrency,
            spendingCap: reader.number("spending_cap_usd", in: 0.000_001...RunLimits.maximumSpendingCap),
            baseline: reader.text("baseline", maximumByteCount: RunLimits.maximumNameByteCount), gate: reader.value("gate"),
            scorers: scorers,
            tags: reader.texts(
                "tags", maximumCount: TestCaseLimits.maximumTagCount, maximumByteCount: TestCaseLimits.maximumTagByteCount) ?? [],
            split: reader.text("split", maximumByteCount: TestCaseLimits.maximumTagByteCount), metadata: metadata,
            retrieval: reader.value("retrieval").flatMap { RunRetrieval($0, path: "retrieval", problems: problems) })
        reader.finish()
    }

    private init(
        name: String, targets: [RunTarget], repetitions: Int, concurrency: Int, spendingCap: Double?, baseline: String?, gate: JSONValue?,
        scorers: [ScorerSpecification], tags: [String], split: String?, metadata: [JSONMember], retrieval: RunRetrieval?
    ) {
        self.name = name
        self.targets = targets
        self.repetitions = repetitions
        self.concurrency = concurrency
        self.spendingCap = spendingCap
        self.baseline = baseline
        self.gate = gate
        self.scorers = scorers
        self.tags = tags
        self.split = split
        self.metadata = metadata
        self.retrieval = retrieval
    }

    /// Reads back as the same specification, defaults written out.
    package var json: JSONValue {
        var members: [JSONMember] = []
        func add(_ key: String, _ value: JSONValue?) { if let value { members.append(JSONMember(key: key, value: value)) } }
        add("name", .string(name))
        add("targets", .array(targets.map(\.json)))
        add("repetitions", .integer(Int64(repetitions)))
        add("concurrency", .integer(Int64(concurrency)))
        add("spending_cap_usd", spendingCap.map(JSONValue.double))
        add("baseline", baseline.map(JSONValue.string))
        add("gate", gate)
        if !scorers.isEmpty { add("scorers", .array(scorers.map(\.json))) }
        if !tags.isEmpty { add("tags", .array(tags.map(JSONValue.string))) }
        add("split", split.map(JSONValue.string))
        if !metadata.isEmpty { add("metadata", .object(metadata)) }
        add("retrieval", retrieval?.json)
        return .object(members)
    }
}
