/// What requests of the JSON API may cost, and why.
enum APILimits {
    /// Bytes of a body: 200 filter nodes or a project's settings need kilobytes.
    static let maximumBodyByteCount = 1 << 20
    /// Bytes of a body that comes without credentials: an address, a password, the token of a link.
    static let maximumPublicBodyByteCount = 16 << 10
    /// Memory that bodies of callers with credentials may hold together, as they arrive and as `valueBytesPerBodyByte` times their length
    /// once they are JSON values. Over it requests are told to come again.
    static let maximumByteCountInFlight = 256 << 20
    /// The same for bodies without credentials: a share of its own, so that strangers never take that of the others.
    static let maximumPublicByteCountInFlight = 64 << 20
    /// `[0,0,` makes a value of 24 bytes out of two, in an array that may be twice as long as it has to be.
    static let valueBytesPerBodyByte = 24
    /// Faults of one request that its answer names: nobody reads more, and an answer is not to be larger than its question.
    static let maximumNamedErrorCount = 20
    /// Characters of such a fault's place.
    static let maximumErrorNameCharacterCount = 200
}
