/// What makes a run the gate of a promotion: all of it is done by workers, and its prompts see what is to become active.

import ContentReading
import EvaluationModel
import RunExecution

package enum GateRule {
    /// Why a run cannot be a gate, at its member's path; nil: it can.
    package static func problem(of specification: RunSpecification) -> ContentProblem? {
        if specification.targets.contains(where: { $0.kind == .exec }) {
            return ContentProblem(path: "targets", message: "a gate has no targets of the kind exec: nobody would do their cells")
        }
        if !specification.targets.contains(where: \.usesContext) {
            return ContentProblem(
                path: "targets",
                message: "no target has {{context}} in its system, prompt or body: the run would not see what is to become active")
        }
        return nil
    }
}
