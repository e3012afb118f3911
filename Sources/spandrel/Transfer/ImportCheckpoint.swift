/// How far an import got: a file that is written after every request that the server has acknowledged, and removed when all is sent.
///
/// What was acknowledged between the answer and this file is sent once more after an interruption, in the same request: a server
/// recognises the repetition for 15 minutes.

import ByteCoding
import FileSystem

struct ImportCheckpoint {
    private let path: String
    private let serverURL: String
    /// By path of the file: how large it was, and up to where it is sent.
    private var files: [String: (byteCount: Int, position: Int)] = [:]

    /// Reads what an earlier import has left; one to another server is none of this one's business, and is refused.
    init(path: String, serverURL: String) throws {
        self.path = path
        self.serverURL = serverURL
        guard try LocalFileSystem().exists(path) else { return }
        let state: JSONValue
        do {
            state = try JSONValue.parse(try LocalFileSystem().readWhole(path, maximumByteCount: 16 << 20))
        } catch let error as JSONError {
            throw CommandFailure("\(path) is no checkpoint of an import (\(error)); remove it to begin anew")
        }
        guard state["server"]?.stringValue == serverURL else {
            throw CommandFailure(
                "\(path) is of an import to \(state["server"]?.stringValue ?? "another server"); remove it or give --checkpoint")
        }
        for member in state["files"]?.objectValue ?? [] {
            guard let byteCount = member.value["bytes"]?.integerValue, let position = member.value["position"]?.integerValue else {
                continue
            }
            files[member.key] = (Int(byteCount), Int(position))
        }
    }

    /// Where a file goes on; 0 for one that was not begun or is another by now.
    func position(of file: String, byteCount: Int) -> Int {
        guard let known = files[file], known.byteCount == byteCount else { return 0 }
        return known.position
    }

    mutating func reached(_ position: Int, of file: String, byteCount: Int) throws {
        files[file] = (byteCount, position)
        let members = files.sorted { $0.key < $1.key }.map { file in
            JSONMember(
                key: file.key,
                value: .object([
                    JSONMember(key: "bytes", value: .integer(Int64(file.value.byteCount))),
                    JSONMember(key: "position", value: .integer(Int64(file.value.position))),
                ]))
        }
        let state = JSONValue.object([
            JSONMember(key: "server", value: .string(serverURL)), JSONMember(key: "files", value: .object(members)),
        ])
        try LocalFileSystem().replace(path, with: state.bytes + [UInt8(ascii: "\n")])
    }

    func remove() throws { if try LocalFileSystem().exists(path) { try LocalFileSystem().remove(path) } }
}
