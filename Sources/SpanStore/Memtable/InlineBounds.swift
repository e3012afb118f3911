import GenAIConventions

/// The longest values that stay in their row; longer ones go to the payload file.
struct InlineBounds: Sendable {
    /// Of most attributes.
    let valueByteCount: Int
    /// Of what people and models said and what tools were given and answered (`PayloadKeys`).
    let contentByteCount: Int

    static let segment = InlineBounds(
        valueByteCount: StoreLimits.maximumInlineValueByteCount, contentByteCount: StoreLimits.maximumInlineContentByteCount)
    /// Every value stays: there is no payload file.
    static let unlimited = InlineBounds(valueByteCount: .max, contentByteCount: .max)

    func byteCount(ofKey key: String) -> Int { PayloadKeys.contains(key) ? contentByteCount : valueByteCount }
}
