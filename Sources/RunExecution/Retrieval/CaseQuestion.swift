/// What the knowledge base is asked for a case: its input text.

import ByteCoding
import Evaluation
import EvaluationModel

enum CaseQuestion {
    /// The variable `input`, else all variables in their order; of a conversation what the user said last. nil: there is no text in it.
    static func text(of input: TestCaseInput) -> String? {
        let text =
            switch input {
            case .messages(let messages): messages.last { $0.role == .user }?.content?.text ?? ""
            case .variables(let members):
                members.first { $0.key == "input" }?.value.plainText ?? members.map(\.value.plainText).joined(separator: "\n")
            }
        let cut = text.filter { $0 != "\0" }.cut(toByteCount: RunExecutionLimits.questionByteCount)
        return cut.contains { !$0.isWhitespace } ? cut : nil
    }
}
