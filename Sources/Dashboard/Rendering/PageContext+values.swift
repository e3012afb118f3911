/// Values that pages show often, set in a line: names, times, members of the API's answers.

import ByteCoding
import HTTPServer
import HTTPTypes

extension PageContext {
    /// `[{name}]` of each text.
    static func names(_ texts: [String]) -> [PageContext] { texts.map { text in .make { $0.set("name", text) } } }

    /// `NAME_time` for a machine and `NAME_text` for people, of RFC 3339; both empty where there is none.
    mutating func setTime(_ name: String, _ time: String) {
        set(name + "_time", time)
        set(name + "_text", Times.text(time))
    }
}

extension JSONValue {
    /// Texts of an array member; what is none is left out.
    func texts(_ name: String) -> [String] { list(name).compactMap(\.stringValue) }

    /// Whether there is a member of this name that is not null.
    func has(_ name: String) -> Bool { self[name].map { !$0.isNull } ?? false }
}

extension APICaller {
    /// All rows of a list of the API, its pages one after the other, up to `DashboardLimits.maximumRowCount`. `limit`: of one page, at most
    /// what the list allows. Errors: the API's own.
    func all(_ path: String, _ query: [(String, String)] = [], limit: Int = 200) async throws(Problem) -> [JSONValue] {
        var rows: [JSONValue] = [], cursor: String?
        repeat {
            let answer = try await get(path, query + [("limit", String(limit))] + (cursor.map { [("cursor", $0)] } ?? []))
            rows += answer.list("data")
            cursor = answer["next_cursor"]?.stringValue
        } while cursor != nil && rows.count < DashboardLimits.maximumRowCount
        return rows
    }

    /// The same; nil where the API does not let this user see it.
    func findAll(_ path: String, _ query: [(String, String)] = [], limit: Int = 200) async throws(Problem) -> [JSONValue]? {
        do throws(Problem) { return try await all(path, query, limit: limit) } catch {
            if [.notFound, .forbidden].contains(error.status) { return nil }
            throw error
        }
    }
}
