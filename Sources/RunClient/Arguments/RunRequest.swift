/// The body of `POST /api/v1/runs` out of the flags of `spandrel run`, checked here as the server would: a mistake is told before
/// anything was sent.

import ByteCoding
import ContentReading
import EvaluationModel

package struct RunRequest: Sendable {
    /// A suite's name or id.
    package var suite: String
    package var suiteVersion: Int64?
    package var name: String?
    package var targets: [JSONValue]
    package var repetitions: Int?
    package var concurrency: Int?
    /// US dollars.
    package var spendingCap: Double?
    package var baseline: String?
    package var gate: JSONValue?
    package var tags: [String] = []
    package var split: String?
    package var metadata: [JSONMember] = []

    package init(suite: String, targets: [JSONValue]) {
        self.suite = suite
        self.targets = targets
    }

    /// Errors: everything that is wrong with the run, by the names of the API.
    package func body() throws(RunClientError) -> JSONValue {
        let specification = specificationJSON
        do throws(InvalidContent) { _ = try RunSpecification(json: specification) } catch {
            throw RunClientError(error.problems.map(\.description).joined(separator: "\n"))
        }
        guard case .object(var members) = specification else { return specification }
        members.append(JSONMember(key: "suite", value: .string(suite)))
        if let suiteVersion { members.append(JSONMember(key: "suite_version", value: .integer(suiteVersion))) }
        return .object(members)
    }

    private var specificationJSON: JSONValue {
        var members: [JSONMember] = []
        func add(_ key: String, _ value: JSONValue?) { if let value { members.append(JSONMember(key: key, value: value)) } }
        add("name", name.map(JSONValue.string))
        add("targets", .array(targets))
        add("repetitions", repetitions.map { .integer(Int64($0)) })
        add("concurrency", concurrency.map { .integer(Int64($0)) })
        add("spending_cap_usd", spendingCap.map(JSONValue.double))
        add("baseline", baseline.map(JSONValue.string))
        add("gate", gate)
        if !tags.isEmpty { add("tags", .array(tags.map(JSONValue.string))) }
        add("split", split.map(JSONValue.string))
        if !metadata.isEmpty { add("metadata", .object(metadata)) }
        return .object(members)
    }
}
