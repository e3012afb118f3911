/// How a draft is to be rebased, and the answer when people have to decide first.

import ByteCoding
import ContentReading
import HTTPServer
import HTTPTypes
import Hummingbird
import KnowledgeModel
import Metastore

struct RebaseRequest: Sendable {
    /// Which revision the resolutions are about.
    let onto: Int?
    let resolutions: [String: KnowledgeResolution]

    /// Reads `{"onto": 4, "resolutions": {"KEY": "ours" or "theirs" or {"content": {...} or null}}}`. Throws a 422.
    init(_ request: APIRequest) throws {
        try request.requireOnly(["onto", "resolutions"])
        onto = try request.integer("onto", in: 0...Int64(Int32.max)).map(Int.init)
        var resolutions: [String: KnowledgeResolution] = [:]
        if let value = request.body["resolutions"], !value.isNull {
            guard case .object(let members) = value else { throw Problem.unprocessable("resolutions", "must be an object") }
            for member in members {
                resolutions[member.key] = try Self.resolution(
                    member.value, "resolutions[\(member.key.prefix(APILimits.maximumErrorNameCharacterCount))]")
            }
        }
        self.resolutions = resolutions
    }

    private static func resolution(_ value: JSONValue, _ path: String) throws -> KnowledgeResolution {
        switch value {
        case .string("ours"): return .ours
        case .string("theirs"): return .theirs
        case .object(let members) where members.count == 1 && members[0].key == "content":
            if members[0].value.isNull { return .content(nil) }
            do { return .content(try KnowledgeContent(json: members[0].value)) } catch {
                throw InvalidContent(
                    error.problems.map {
                        ContentProblem(path: "\(path).content" + ($0.path.isEmpty ? "" : ".\($0.path)"), message: $0.message)
                    },
                    omittedCount: error.omittedCount)
            }
        default: throw Problem.unprocessable(path, "must be ours, theirs or an object with the content")
        }
    }
}

extension Response {
    /// A 409 as every problem is told, with each conflict beside it.
    static func rebaseConflicts(_ conflicts: [KnowledgeConflict], count: Int, onto: Int, context: ServerRequestContext) -> Response {
        let named = conflicts.prefix(APILimits.maximumNamedErrorCount).map { conflict in
            Problem.FieldError(
                field: String(conflict.key.prefix(APILimits.maximumErrorNameCharacterCount)),
                message: conflict.paths.isEmpty
                    ? "one side took the entry away that the other changed" : "both changed \(conflict.paths.joined(separator: ", "))")
        }
        let problem = Problem(
            .conflict, "\(count) entries were changed here and in revision \(onto) otherwise: say what they are to be",
            kind: "rebase-conflicts",
            errors: named)
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("onto", onto)
        writer.member("conflict_count", count)
        writer.key("conflicts")
        writer.beginArray()
        for conflict in conflicts {
            writer.beginObject()
            writer.member("key", conflict.key)
            writer.member("paths", conflict.paths)
            writer.member("base", conflict.base?.hex)
            writer.member("ours", conflict.ours?.hex)
            writer.member("theirs", conflict.theirs?.hex)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        // RFC 9457 lets a problem have members of its own: both objects become one.
        let bytes = problem.document(requestID: context.requestID).dropLast() + Array(",".utf8) + writer.bytes.dropFirst()
        var response = Response.json(.conflict, bytes: Array(bytes))
        response.headers[.contentType] = Problem.contentType
        return response
    }
}
