/// The port through which a cell asks its target, and the two that make calls: a model, and an endpoint of the user's application.

import ByteCoding
import ContentReading
import CurlClient
import Evaluation
import EvaluationModel
import GenAIConventions
import Metastore
import ModelProviders

protocol CellTarget: Sendable {
    /// `context`: what `{{context}}` stands for; nil: nothing. `CancellationError` when the task was cancelled.
    func answer(_ content: TestCaseContent, context: String?) async throws -> CellOutput
    /// Whether it asks for `{{context}}`: only then is anything retrieved.
    var usesContext: Bool { get }
    /// How the span of the call is described.
    var span: TargetSpan { get }
}

extension RunTarget {
    /// Whether `{{context}}` stands in its templates. Those that cannot be read ask for nothing: making the run ready says what is wrong.
    package var usesContext: Bool {
        switch kind {
        case .model(let target): (try? PromptRenderer(system: target.system, prompt: target.prompt))?.usesContext == true
        case .http(let target): JSONTemplate.usesContext(target.body)
        case .exec: false
        }
    }
}

/// What the span of a call says besides its answer.
struct TargetSpan: Sendable, Equatable {
    var operation: String
    var provider: String
    var requestModel: String
}

struct ModelCellTarget: CellTarget {
    let target: ModelTarget
    let renderer: PromptRenderer
    let provider: ModelProvider
    let prices: @Sendable () -> PriceBook

    var span: TargetSpan { TargetSpan(operation: "chat", provider: target.provider, requestModel: target.model) }

    var usesContext: Bool { renderer.usesContext }

    func answer(_ content: TestCaseContent, context: String?) async throws -> CellOutput {
        var output = CellOutput()
        do throws(InvalidContent) { output.prompt = try renderer.render(content.input, context: context) } catch {
            throw CellFault("invalid_prompt", error.description)
        }
        let request = request(output.prompt)
        output.startUnixNano = WallClock.nowUnixNano()
        let begun = ContinuousClock.now
        let response: ChatResponse
        do throws(ProviderError) { response = try await provider.chat(request) } catch {
            if error.kind == .cancelled { throw CancellationError() }
            throw CellFault(error, spent: spentInVain(error.attempts))
        }
        output.spentInVain = spentInVain(response.attempts)
        // Of the try that succeeded: waits for the rate budget are not the target's.
        let last = response.attempts.last
        output.durationNano = (last?.duration ?? (ContinuousClock.now - begun)).nanoseconds
        if let start = last?.startUnixNano { output.startUnixNano = start }
        output.firstTokenNano = response.timeToFirstToken?.nanoseconds
        output.text = response.text.isEmpty ? response.refusal ?? "" : response.text
        output.toolCalls = response.toolCalls.map {
            EvaluationModel.ToolCall(id: $0.id, name: $0.name, arguments: JSONValue.string($0.arguments).parsedArguments)
        }
        output.finishReason = response.finishReason.rawValue
        output.model = response.model
        output.usage = response.usage
        output.reportedCost = response.reportedCost
        output.cost = prices().cost(
            billed: response.reportedCost, provider: target.provider, responseModel: response.model, requestModel: target.model,
            usage: response.usage, at: output.startUnixNano)
        return output
    }

    /// What the provider had counted when tries failed.
    private func spentInVain(_ attempts: [ProviderAttempt]) -> CellSpending {
        attempts.reduce(CellSpending()) { sum, attempt in
            guard let usage = attempt.lostUsage else { return sum }
            let cost = prices().cost(provider: target.provider, model: target.model, usage: usage, at: attempt.startUnixNano)
            return sum + CellSpending(costNanoUSD: (cost ?? 0).spentNanoUSD, inputTokens: usage.input, outputTokens: usage.output)
        }
    }

    private func request(_ prompt: [PromptMessage]) -> ChatRequest {
        var request = ChatRequest(model: target.model, messages: prompt.map(ChatMessage.init))
        request.parameters.temperature = target.parameters.temperature
        request.parameters.topP = target.parameters.topP
        request.parameters.maximumOutputTokenCount = target.parameters.maximumOutputTokens
        request.parameters.stop = target.parameters.stop
        request.parameters.seed = target.parameters.seed.map(Int64.init)
        request.parameters.reasoningEffort = target.parameters.reasoningEffort
        request.parameters.extra = .object(target.parameters.extra)
        request.tools = target.tools.compactMap { tool in
            tool["name"]?.stringValue.map {
                ToolDefinition(name: $0, description: tool["description"]?.stringValue, parameters: tool["parameters"] ?? .object([]))
            }
        }
        request.stream = target.streams
        return request
    }
}

extension ChatMessage {
    init(_ message: PromptMessage) {
        let role: ChatRole =
            switch message.role {
            case .system, .developer: .system
            case .user: .user
            case .assistant: .assistant
            case .tool: .tool
            }
        if let callID = message.toolCallID {
            self.init(role, [.toolResult(ToolResult(callID: callID, name: message.name, content: message.content?.text ?? ""))])
            return
        }
        var parts: [ChatPart] = []
        switch message.content {
        case nil: break
        case .text(let text): parts.append(.text(text))
        case .parts(let given): parts += given.compactMap(ChatPart.init)
        }
        parts += message.toolCalls.enumerated().map { index, call in
            let arguments = call.arguments.map { String(decoding: $0.bytes, as: UTF8.self) } ?? "{}"
            return .toolCall(ModelProviders.ToolCall(id: call.id ?? "call_\(index)", name: call.name, arguments: arguments))
        }
        self.init(role, parts)
    }
}

extension ChatPart {
    /// OpenAI's parts: text and image_url; others have nothing to say to a model.
    fileprivate init?(_ part: JSONValue) {
        if let text = part["text"]?.stringValue {
            self = .text(text)
        } else if let url = part["image_url"]?["url"]?.stringValue ?? part["image_url"]?.stringValue {
            self = .image(.url(url))
        } else {
            return nil
        }
    }
}

extension CellFault {
    package init(_ error: ProviderError, spent: CellSpending = CellSpending()) {
        var message = error.message
        if let said = error.fault.providerMessage { message += ": \(said)" }
        self.init(
            error.kind.rawValue, message, isTransient: error.fault.mayBeRetried,
            retryAfterSeconds: error.fault.retryAfter.map { $0 / .seconds(1) })
        self.spent = spent
    }
}

extension Duration {
    var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}

/// An endpoint of the user's application: the case in its body, the answer at a JSON pointer.
struct HTTPCellTarget: CellTarget {
    let target: HTTPTarget
    let client: CurlClient
    let addressPolicy: OutboundAddressPolicy

    var span: TargetSpan { TargetSpan(operation: "invoke_agent", provider: "", requestModel: "") }

    var usesContext: Bool { JSONTemplate.usesContext(target.body) }

    func answer(_ content: TestCaseContent, context: String?) async throws -> CellOutput {
        var output = CellOutput()
        let body: JSONValue
        do throws(InvalidContent) {
            output.prompt = try PromptRenderer(system: nil, prompt: nil).render(content.input)
            body = try JSONTemplate.render(target.body, content.input, context: context)
        } catch { throw CellFault("invalid_prompt", error.description) }
        output.startUnixNano = WallClock.nowUnixNano()
        let begun = ContinuousClock.now
        let response: CurlWholeResponse
        do throws(CurlError) {
            var headers: CurlHeaders = ["content-type": "application/json", "accept": "application/json"]
            for header in target.headers { headers[header.key] = header.value.stringValue }
            var request = CurlRequest("POST", try CurlURL(target.url), headers: headers, body: body.bytes, addressPolicy: addressPolicy)
            request.timeouts = timeouts
            response = try await client.send(request, maximumByteCount: RunExecutionLimits.answerByteCount)
        } catch {
            if error.code == .cancelled { throw CancellationError() }
            throw CellFault("target", error.message, isTransient: error.isTransient)
        }
        output.durationNano = (ContinuousClock.now - begun).nanoseconds
        guard (200..<300).contains(response.status) else {
            let isTransient = [408, 409, 425, 429, 500, 502, 503, 504].contains(response.status)
            let delay = response.headers["retry-after"].flatMap { ProviderTime.retryAfter($0, nowUnixNano: WallClock.nowUnixNano()) }
            throw CellFault(
                "target", "the target answered \(response.status)", isTransient: isTransient,
                retryAfterSeconds: delay.map { $0 / .seconds(1) })
        }
        output.text = try text(response.body)
        return output
    }

    /// The run says how long an answer may take: an application may be silent for all of that.
    var timeouts: CurlTimeouts {
        var timeouts = CurlTimeouts()
        timeouts.total = .seconds(target.timeoutSeconds)
        timeouts.firstByte = timeouts.total
        timeouts.idle = timeouts.total
        return timeouts
    }

    private func text(_ body: [UInt8]) throws -> String {
        guard let pointer = target.output else { return String(decoding: body, as: UTF8.self) }
        guard let value = try? JSONValue.parse(body) else { throw CellFault("target", "the target's answer is no JSON") }
        guard let found = value.value(at: pointer) else { throw CellFault("target", "the target's answer has nothing at \(pointer)") }
        return found.stringValue ?? String(decoding: found.bytes, as: UTF8.self)
    }
}
