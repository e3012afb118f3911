/// A name for a store that a server has open, which tells nothing of it: a server and the files of a data directory are held against each
/// other by it. The node alone would not do: a store that was restored elsewhere has the same. Nothing of the node's number, which seeds
/// hashes, can be told from it.

import Crypto
import FileSystem

package enum StoreIdentity {
    /// - Parameter processID: of the server, as it sees itself.
    package static func text(nodeID: UInt64, processID: Int32) -> String {
        String(SHA256.hash(data: Array("spandrel store \(String(nodeID, radix: 16)) \(processID)".utf8)).hex.prefix(32))
    }

    /// Of the server that has locked the store's folder, or had it last; nil where none ever did.
    static func processID(ofStore root: String, _ fileSystem: any FileSystem) throws(FileSystemError) -> Int32? {
        let path = FilePath.join(root, "LOCK")
        guard try fileSystem.exists(path) else { return nil }
        let text = String(decoding: try fileSystem.readWhole(path, maximumByteCount: 64), as: UTF8.self)
        return Int32(text.filter { !$0.isWhitespace })
    }
}
