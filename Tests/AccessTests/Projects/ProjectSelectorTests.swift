import Metastore
import Testing
import TraceModel

@testable import Access

@Suite struct ProjectSelectorTests {
    private static let own = KeyProject(id: .make(), name: "Shop"), further = KeyProject(id: .make(), name: "Shop staging")

    private static func key(_ choices: [KeyProject], scopes: Set<Scope> = [.ingest, .read, .write, .admin]) -> Principal {
        Principal(
            caller: .key(.make()), name: "spdrl_abc", organizationID: .make(), projectID: own.id, grants: .scopes(scopes),
            choices: choices)
    }

    private static let one = key([]), several = key([own, further])

    private static func selector(_ headers: [String: String]) -> ProjectSelector? { ProjectSelector.find { headers[$0] } }

    private func chosen(_ principal: Principal, _ headers: [String: String]) throws(AccessError) -> ProjectID? {
        guard let selector = Self.selector(headers) else { return principal.projectID }
        return try principal.choosing(selector).projectID
    }

    @Test("every client's own way of naming a project chooses it, by its id or exactly by its name")
    func headers() throws {
        let (id, name) = (Self.further.id.uuid, Self.further.name)
        for headers in [
            ["spandrel-project": id], ["spandrel-project": name], ["spandrel-project": " \(id)\t"], ["x-bt-parent": "project_id:\(id)"],
            ["x-bt-parent": "project_name:\(name)"], ["x-bt-parent": "project_name: \(name) "], ["langsmith-project": name],
            ["x-mlflow-experiment-id": id],
        ] {
            #expect(try chosen(Self.several, headers) == Self.further.id, "\(headers)")
            #expect(
                try chosen(Self.several, headers.mapValues { $0.replacing(id, with: Self.own.id.uuid).replacing(" staging", with: "") })
                    == Self.own.id)
        }
    }

    @Test("of several the first of ours, Braintrust's, LangSmith's and MLflow's counts; what names no project leaves it open")
    func order() throws {
        let all = ["spandrel-project": "a", "x-bt-parent": "project_id:b", "langsmith-project": "c", "x-mlflow-experiment-id": "d"]
        #expect(Self.selector(all)?.text == "a")
        #expect(Self.selector(all.filter { $0.key != "spandrel-project" })?.text == "b")
        #expect(Self.selector(["x-bt-parent": "experiment_id:b", "langsmith-project": "c", "x-mlflow-experiment-id": "d"])?.text == "c")
        for headers in [[:], ["spandrel-project": " "], ["x-bt-parent": "project_id:"], ["x-bt-parent": "span:1"], ["x-bt-parent": "x"]] {
            #expect(Self.selector(headers) == nil, "\(headers)")
        }
    }

    @Test("a key with one project goes there whatever its clients name, but for our own header, which has to be true")
    func single() throws {
        for headers in [["langsmith-project": "default"], ["x-bt-parent": "project_name:Other"], ["x-mlflow-experiment-id": "0"]] {
            #expect(try chosen(Self.one, headers) == Self.own.id)
        }
        #expect(try chosen(Self.one, ["spandrel-project": Self.own.id.uuid]) == Self.own.id)
        for text in [Self.further.id.uuid, "nonsense", ProjectID.make().uuid] {
            #expect(throws: AccessError.unknownProject) { try chosen(Self.one, ["spandrel-project": text]) }
        }
    }

    @Test("what a key with several may not choose is refused in the same words, whether it is there or not")
    func refused() {
        for text in ["default", "shop staging", "Shop staging ", ProjectID.make().uuid, ""] where !text.isEmpty {
            let expected = text == "Shop staging " ? nil : AccessError.projectNotChoosable(place: "the header langsmith-project")
            let error: AccessError?
            do throws(AccessError) {
                _ = try chosen(Self.several, ["langsmith-project": text])
                error = nil
            } catch let caught { error = caught }
            #expect(error == expected, "\(text)")
            #expect(error?.description.contains(text) != true, "the answer tells nothing of it")
        }
    }

    @Test("in a further project a key sends spans and scores, with the scopes it has, and does nothing else")
    func rights() throws {
        let there = try #require(Self.several.choosing(Self.further.id))
        #expect(Permission.allCases.filter { there.allows($0) } == [.ingestSpans, .writeScores])
        let reader = try #require(Self.key([Self.own, Self.further], scopes: [.read]).choosing(Self.further.id))
        #expect(Permission.allCases.filter { reader.allows($0) } == [])
        #expect(Self.several.choosing(.make()) == nil && Self.one.choosing(Self.further.id) == nil)
        #expect(Self.several.choosing(Self.own.id) == Self.several)
    }
}
