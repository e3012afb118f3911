/// What a request that this program wrote anew carries behind its fields: the beginning of a hash of what was received, so that a
/// repetition is recognised and requests that differ only in what is not kept stay different.
enum RequestIdentity {
    /// Field of the request; no version of OTLP has it, decoders pass over it.
    static let field = 2047
}
