/// What came of cases in the last runs of their suite, counted over the spans that runs leave, one of each cell: one question to the API.

import ByteCoding
import HTTPServer

struct CaseResults: Sendable {
    /// Cells of one case in one run with one target.
    struct Count: Sendable, Equatable {
        var passed: Int64 = 0
        var failed: Int64 = 0
        var errored: Int64 = 0

        var tone: String { failed > 0 ? "bad" : errored > 0 ? "warn" : "good" }

        /// `passed`, or `2 passed, 1 failed`.
        var text: String {
            let all = [(passed, "passed"), (failed, "failed"), (errored, "errored")].filter { $0.0 > 0 }
            if all.count == 1, all[0].0 == 1 { return all[0].1 }
            return all.map { "\(Figures.count($0.0)) \($0.1)" }.joined(separator: ", ")
        }
    }

    struct Place: Hashable, Sendable {
        let key: String
        let run: String
        let target: String
    }

    /// The newest first.
    private let runs: [RunFigures]
    private let counts: [Place: Count]

    /// Runs that are looked at.
    private static let runCount = 6
    private static let groupCount: Int64 = 10_000

    private enum Field {
        static let run = "attributes.spandrel.run.id"
        static let key = "attributes.spandrel.case.key"
        static let target = "attributes.spandrel.target.name"
        static let result = "attributes.spandrel.case.result"
    }

    /// `runs`: of one suite, the newest first. `key`: of one case alone. Errors: the API's own.
    static func load(of runs: [JSONValue], key: String?, _ api: APICaller) async throws(Problem) -> CaseResults {
        let shown = Array(runs.prefix(runCount))
        guard !shown.isEmpty else { return CaseResults(runs: [], rows: []) }
        let rows = try await api.ask("/api/v1/query", question(shown, key)).list("data")
        return CaseResults(runs: shown, rows: rows)
    }

    /// `rows`: the answer's groups.
    init(runs: [JSONValue], rows: [JSONValue]) {
        self.runs = runs.map { RunFigures(run: $0) }
        var counts: [Place: Count] = [:]
        for row in rows {
            let place = Place(key: row.text(Field.key), run: row.text(Field.run), target: row.text(Field.target))
            let count = row.integer("cells") ?? 0
            switch row.text(Field.result) {
            case "passed": counts[place, default: Count()].passed += count
            case "failed": counts[place, default: Count()].failed += count
            default: counts[place, default: Count()].errored += count
            }
        }
        self.counts = counts
    }

    static func question(_ runs: [JSONValue], _ key: String?) -> JSONValue {
        var filter = [
            JSONMember(key: Field.run, value: FilterText.object("_in", .array(runs.map { .string($0.text("id")) }))),
            JSONMember(key: Field.result, value: FilterText.object("_is_null", .bool(false))),
        ]
        if let key { filter.append(JSONMember(key: Field.key, value: FilterText.object("_eq", .string(key)))) }
        var members = [
            JSONMember(key: "filter", value: .object(filter)),
            JSONMember(key: "group_by", value: .array([Field.key, Field.run, Field.target, Field.result].map { .string($0) })),
            JSONMember(
                key: "aggregates",
                value: .array([
                    .object([
                        JSONMember(key: "function", value: .string("count")), JSONMember(key: "as", value: .string("cells")),
                    ])
                ])),
            JSONMember(key: "limit", value: .integer(groupCount)),
        ]
        // No span of a run is older than the run.
        if let oldest = runs.map({ $0.text("created_at") }).min(), !oldest.isEmpty {
            members.append(JSONMember(key: "from", value: .string(oldest)))
        }
        return .object(members)
    }

    // MARK: As pages show them

    /// A mark for each run that asked the case, the oldest first.
    func marks(of key: String, project: String) -> [PageContext] {
        runs.reversed().compactMap { run -> PageContext? in
            let all = counts.filter { $0.key.key == key && $0.key.run == run.id }.map(\.value)
            guard !all.isEmpty else { return nil }
            let sum = all.reduce(into: Count()) { sum, one in
                sum.passed += one.passed
                sum.failed += one.failed
                sum.errored += one.errored
            }
            return .make {
                $0.set("tone", sum.tone)
                $0.set("url", url(run, key, project))
                $0.set("text", "\(run.name): \(sum.text)")
            }
        }
    }

    /// A row for each run and target, the newest first.
    func rows(of key: String, project: String) -> [PageContext] {
        runs.flatMap { run in
            let targets = counts.filter { $0.key.key == key && $0.key.run == run.id }.sorted { $0.key.target < $1.key.target }
            return targets.map { place, count in
                let time = run.run["finished_at"]?.stringValue ?? run.run.text("created_at")
                return PageContext.make {
                    $0.set("tone", count.tone)
                    $0.set("result_text", count.text)
                    $0.set("url", url(run, key, project))
                    $0.set("run_name", run.name)
                    $0.set("target_name", place.target)
                    $0.set("time", time)
                    $0.set("time_text", Times.text(time))
                }
            }
        }
    }

    private func url(_ run: RunFigures, _ key: String, _ project: String) -> String {
        URLText.url("\(project)/runs/\(run.id)", [("q", key)])
    }
}
