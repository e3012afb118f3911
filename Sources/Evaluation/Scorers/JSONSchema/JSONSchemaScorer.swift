import ByteCoding
import EvaluationModel

/// `json_schema`: the output is JSON that a schema allows.
func schemaJudgement(_ schema: JSONSchema, embedded: Bool, _ input: ScorerInput) throws(ScoreError) -> Judgement {
    switch OutputJSON.read(input.output.text, embedded: embedded) {
    case .failure(let problem): return .verdict(false, "the output is not JSON: \(problem)")
    case .success(let value):
        var validation = JSONSchemaValidation(schema)
        if try validation.validate(value) { return .verdict(true, "the output is JSON that the schema allows") }
        guard let first = validation.faults.first else { return .verdict(false, "the schema does not allow the output") }
        let details = JSONValue.array(
            validation.faults.map {
                .object([JSONMember(key: "path", value: .string($0.path)), JSONMember(key: "message", value: .string($0.message))])
            })
        let more = validation.faultCount > 1 ? "; \(validation.faultCount - 1) more" : ""
        return .verdict(
            false, "the schema does not allow the output: at \(first.path.cut(toByteCount: 200)), \(first.message)\(more)", details: details
        )
    }
}
