/// The one form of an e-mail address, by which accounts are stored and looked up and attempts to sign in are counted: two spellings
/// are one account everywhere or nowhere.
///
/// Only ASCII letters have their case ignored. Beyond them "lower case" depends on who is asked: `İ` becomes `i` in PostgreSQL and two
/// characters in Swift. Addresses that contain such letters are nobody's.

package enum EmailAddress {
    /// nil for an address with a letter beyond ASCII that is not in lower case.
    package static func normalForm(_ text: String) -> String? {
        let bytes = text.utf8.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
        let normal = String(decoding: bytes, as: UTF8.self)
        return normal.lowercased().utf8.elementsEqual(bytes) ? normal : nil
    }

    /// Byte by byte, as PostgreSQL compares; Swift takes differently composed characters for the same. Of normal forms.
    package static func areEqual(_ a: String, _ b: String) -> Bool { a.utf8.elementsEqual(b.utf8) }
}
