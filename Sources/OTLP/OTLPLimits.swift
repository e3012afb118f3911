/// What one export request may ask of the decoder. A span over a limit is rejected alone; a body over one is refused whole.
package struct OTLPLimits: Sendable, Equatable {
    /// Attributes of one span, event, link, resource or scope. SDKs stop at 128 by default; flattened chats of older LLM
    /// instrumentations reach a few hundred.
    package var maximumAttributeCount = 1024

    /// Bytes of an attribute's key. Keys are kept in memory per batch and in dictionaries on disk; generated ones
    /// (`llm.input_messages.12.message.contents.3...`) stay below 128.
    package var maximumKeyByteCount = 256

    /// Bytes of one value or text: half of the largest request, an image in base64 included. Pages and payload slices are sized
    /// for it.
    package var maximumValueByteCount = 32 << 20

    /// Arrays and maps around the innermost value of an attribute. Readers walk values recursively; structured chats need
    /// about eight.
    package var maximumNestingDepth = 64

    /// Events, and links, of one span. Streaming instrumentations write one event per token; two bytes on the wire become an
    /// event of 32 in memory.
    package var maximumEventCount = 65_536

    /// Attributes, events and links of one request together. Bounds the columns to about four times the largest body even when
    /// every element is as small as the wire allows.
    package var maximumElementCount = 8 << 20

    /// Spans of one request. The smallest honest span is about 60 bytes, so 64 MiB of them hold this many.
    package var maximumSpanCount = 1 << 20

    package init() {}

    /// For replay: what was acknowledged once is decoded again, whatever the limits are by now.
    package static let unlimited: OTLPLimits = {
        var limits = OTLPLimits()
        limits.maximumAttributeCount = .max
        limits.maximumKeyByteCount = .max
        limits.maximumValueByteCount = .max
        limits.maximumNestingDepth = .max
        limits.maximumEventCount = .max
        limits.maximumElementCount = .max
        limits.maximumSpanCount = .max
        return limits
    }()

    // What holds even without limits.

    /// A `ByteRange` counts in 32 bits, and replacing bad UTF-8 can triple a body in the appendix.
    static let maximumBodyByteCount = 1 << 29

    /// Nesting at which any recursion stops: below a kilobyte of stack a level, so a quarter of a MiB at most.
    static let maximumRecursionDepth = 256

    /// Resources of a request that are told apart for going to different projects. A collector batches those of some hundred processes; what
    /// is kept of each outlives the reading of the body.
    package static let maximumChosenResourceCount = 65_536

    /// Containers of a JSON body, one in another. A level of an attribute's value takes up to four, so that values at the recursion
    /// limit and beyond are still told from broken text.
    static let maximumJSONDepth = 4096

    /// The nesting that is allowed and safe.
    var nestingDepth: Int { min(maximumNestingDepth, Self.maximumRecursionDepth) }
}
