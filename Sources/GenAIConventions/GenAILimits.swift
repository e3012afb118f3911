/// The limits of this room, each with its reason. What is over a limit is ignored by the mapping; the raw attribute stays.
package enum GenAILimits {
    /// The largest token count taken for one: every integer up to here is exact as a double, and a thousand billion
    /// such counts still add up within 128 bits. No model reads 9 * 10^15 tokens.
    package static let maximumTokenCount: Int64 = 1 << 53
    /// Tags are for grouping by hand; a longer list is data, and stays readable in its attribute.
    package static let maximumTagCount = 128
    /// Bytes of one tag: as long as an attribute key may be.
    package static let maximumTagLength = 256
    /// Bytes of a text that is parsed as a list of tags: `maximumTagCount` tags of half the maximum length.
    package static let maximumTagListLength = 16_384
    /// Levels of JSON in such a text: deeper ones are skipped as elements, not parsed without bound.
    package static let maximumTagListDepth = 8
    /// Bytes of a text that is parsed as a number: longer than any number that fits.
    package static let maximumNumberLength = 64
    /// Bytes of a model name that a price is looked up for: the longest known ones (ARNs) have about 150.
    package static let maximumModelNameLength = 256
    /// Names of models whose price a list remembers, for any provider: installations use some dozens.
    static let maximumRememberedModelCount = 4_096
    /// Regular expressions of one provider's prices that are tried for a model: each is compiled, and matched once for a new name.
    package static let maximumPriceExpressionCount = 500
    /// Tiers of a price: service tiers times lengths, of which providers have two.
    package static let maximumPriceTierCount = 16
    /// Bytes of a text that a member of it is looked up in: usage, cost and prompt references have some hundred bytes.
    package static let maximumMemberTextLength = 16_384
    /// Levels of such a text: usage details lie two deep, what stands beside them is skipped.
    package static let maximumMemberDepth = 16
    /// Messages and their parts of one side of a span that are read: the longest conversations of agents have some hundred.
    package static let maximumMessagePartCount = 4_000
    /// Levels of JSON that is looked into for messages: deeper texts stay texts.
    package static let maximumMessageDepth = 64
}
