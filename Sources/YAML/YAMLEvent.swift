/// One step of libyaml's parser, as Swift values.
struct YAMLEvent: Equatable, Sendable {
    enum Kind: Equatable, Sendable {
        case streamStart, streamEnd, documentStart, documentEnd
        case alias(String)
        /// `isPlain`: written without quotes, so that its type is to be found out.
        case scalar(String, isPlain: Bool, tag: String?, anchor: String?)
        case sequenceStart(tag: String?, anchor: String?)
        case sequenceEnd
        case mappingStart(tag: String?, anchor: String?)
        case mappingEnd
    }

    var kind: Kind
    var position: YAMLPosition
}
