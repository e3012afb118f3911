/// What a run will probably take: cells are counted, tokens are guessed from the sizes of its texts and from what the suite's earlier
/// runs answered. Calls of scorers and of applications are not in it.

import ByteCoding
import EvaluationModel

package struct RunEstimate: Sendable, Equatable {
    package struct Target: Sendable, Equatable {
        package var name: String
        package var cellCount: Int
        /// Nil where nothing is sent to a model.
        package var inputTokens: Int?
        package var outputTokens: Int?
        /// US dollars; nil where no price is known.
        package var cost: Double?
    }

    package var caseCount: Int
    package var targets: [Target]
    /// Whether answers are as long as those of earlier runs; else a guess.
    package var isFromHistory: Bool
    package var cellCount: Int { targets.reduce(0) { $0 + $1.cellCount } }
    /// Of the targets with a price.
    package var cost: Double { targets.reduce(0) { $0 + ($1.cost ?? 0) } }

    /// Bytes of text that make a token, roughly, in most languages and models.
    static let bytesPerToken = 4
    /// Of an answer nobody has seen the like of.
    static let guessedOutputTokens = 256

    /// - Parameters:
    ///   - inputByteCount: of all cases' inputs.
    ///   - meanOutputTokens: of a cell of earlier runs; nil: there are none.
    ///   - price: US dollars of so many tokens in and out, of a provider and a model.
    package init(
        _ specification: RunSpecification, caseCount: Int, inputByteCount: Int, meanOutputTokens: Double?,
        price: (_ provider: String, _ model: String, _ input: Int, _ output: Int) -> Double?
    ) {
        self.caseCount = caseCount
        isFromHistory = meanOutputTokens != nil
        targets = specification.targets.map { target in
            let cells = caseCount * specification.repetitions
            guard case .model(let model) = target.kind else { return Target(name: target.name, cellCount: cells) }
            let said = (model.system ?? "").utf8.count + model.prompt.utf8.count + model.tools.reduce(0) { $0 + $1.bytes.count }
            let bytes = inputByteCount * specification.repetitions + said * cells
            let input = (bytes + Self.bytesPerToken - 1) / Self.bytesPerToken
            let answer = min(meanOutputTokens ?? Double(Self.guessedOutputTokens), Double(model.parameters.maximumOutputTokens ?? .max))
            let output = Int((answer * Double(cells)).rounded(.up))
            return Target(
                name: target.name, cellCount: cells, inputTokens: input, outputTokens: output,
                cost: price(model.provider, model.model, input, output))
        }
    }
}
