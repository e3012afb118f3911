/// A model as settings and scorers name it: `provider/model`.

package struct ModelReference: Sendable, Equatable {
    package let provider: String
    /// May have slashes of its own.
    package let model: String

    /// nil for a text that is not of this form.
    package init?(_ text: String) {
        guard let slash = text.firstIndex(of: "/"), slash != text.startIndex, text.index(after: slash) != text.endIndex else { return nil }
        provider = String(text[..<slash])
        model = String(text[text.index(after: slash)...])
    }

    package var text: String { "\(provider)/\(model)" }
}
