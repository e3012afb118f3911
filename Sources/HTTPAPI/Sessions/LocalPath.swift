/// A path of this server with its query, to which a browser may be sent after it signed in. Whatever a browser could read as another host's
/// address (`//host`, `/\host`, a tab or a line end that it leaves out) is none.

package struct LocalPath: Sendable, Equatable {
    package let text: String

    /// nil for anything else.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.first == UInt8(ascii: "/"), bytes.count <= 2_000, bytes.count < 2 || bytes[1] != UInt8(ascii: "/"),
            bytes.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\\") })
        else { return nil }
        self.text = text
    }
}

extension LocalPath {
    /// Where people without a place to go are sent from.
    package static let root = LocalPath(root: "/")

    private init(root: String) { text = root }
}
