/// `tools` and `tool_choice` of both OpenAI dialects: chat completions nest what a function is, responses do not.

import ByteCoding

enum OpenAITools {
    static func read(_ fields: RequestFields, isNested: Bool, into request: inout ChatRequest) throws {
        for (index, tool) in (try fields.array("tools") ?? []).enumerated() {
            let tool = try RequestFields(tool, path: fields.place("tools[\(index)]"), dialect: fields.dialect)
            let type = try tool.requiredString("type")
            guard type == "function" else {
                guard !isNested || type == "custom" else {
                    throw Refusal.invalid(
                        "Invalid value: '\(type)'. Supported values are: 'function' and 'custom'.", at: tool.place("type"),
                        code: "invalid_value")
                }
                continue
            }
            var function = tool
            if isNested { function = try RequestFields(tool.require("function"), path: tool.place("function"), dialect: fields.dialect) }
            request.tools.append(.init(name: try function.requiredString("name"), schema: function["parameters"]))
        }
        guard let choice = fields["tool_choice"] else { return }
        guard !request.tools.isEmpty || fields["tools"] != nil || choice == .string("none") else {
            throw Refusal.invalid(
                "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.", at: "tool_choice")
        }
        if choice.stringValue != nil {
            switch try fields.choice("tool_choice", ["none", "auto", "required"]) {
            case "none": request.toolChoice = .none
            case "required": request.toolChoice = .required(nil)
            default: break
            }
        } else {
            let chosen = try RequestFields(choice, path: "tool_choice", dialect: fields.dialect)
            guard let name = isNested ? try chosen.object("function")?.requiredString("name") : try chosen.string("name") else { return }
            guard request.tools.contains(where: { $0.name == name }) else {
                throw Refusal.invalid("Tool choice '\(name)' not found in 'tools' parameter.", at: "tool_choice")
            }
            request.toolChoice = .required(name)
        }
    }
}
