/// An answer on the wire: encoded in its dialect, whole or streamed, with the faults of a broken line where one is asked for.

import ByteCoding
@preconcurrency import Glibc
import NIOHTTP1

struct ChatReply {
    let answer: Answer
    let request: ChatRequest
    let directive: Directive
    let dialect: Dialect
    let operation: Operation
    let requestID: String

    func reply(fault: Fault?) -> Reply {
        let headers = AnswerHeaders.common(dialect, requestID: requestID, isLimited: false, time: answer.time)
        guard request.isStreaming, fault.map({ $0.needsStream || $0 == .cutInBody }) ?? true else {
            return FaultyReply.whole(whole.bytes, headers: headers, fault: fault, directive: directive)
        }
        var events = events
        var ending: [Reply.Step] = [.end]
        switch fault {
        case .cutInStream, .cutInBody:
            events.removeLast(events.count - sentCount(of: events))
            ending = [.cut]
        case .streamError:
            events.removeLast(events.count - sentCount(of: events))
            events.append(contentsOf: errorEvents(after: events.count))
        case .streamWithoutFinish: events.removeAll(where: \.isClosing)
        default: break
        }
        let type = isArray ? "application/json" : "text/event-stream; charset=utf-8"
        var steps: [Reply.Step] = [.head(status: 200, headers: Reply.headers(headers, type, byteCount: nil))]
        if directive.chunkDelayMilliseconds > 0 {
            for event in events { steps += [.body(event.bytes), .wait(directive.chunkDelayMilliseconds)] }
        } else {
            steps += events.map { .body($0.bytes) }
        }
        return Reply(steps: steps + ending)
    }

    private var isArray: Bool {
        if case .streamGenerateContent(_, let isEvents) = operation { !isEvents } else { false }
    }

    private var whole: JSONValue {
        switch operation {
        case .responses: OpenAIResponsesAnswer(answer: answer, request: request, dialect: dialect).whole
        case .messages: AnthropicAnswer(answer: answer, request: request).whole
        case .generateContent, .streamGenerateContent: GeminiAnswer(answer: answer, request: request).whole
        default: OpenAIChatAnswer(answer: answer, request: request, dialect: dialect).whole
        }
    }

    private var events: [StreamEvent] {
        let count = directive.chunkCount
        return switch operation {
        case .responses: OpenAIResponsesAnswer(answer: answer, request: request, dialect: dialect).events(pieceCount: count)
        case .messages: AnthropicAnswer(answer: answer, request: request).events(pieceCount: count)
        case .streamGenerateContent(_, let isEvents):
            GeminiAnswer(answer: answer, request: request).events(pieceCount: count, isEvents: isEvents)
        default: OpenAIChatAnswer(answer: answer, request: request, dialect: dialect).events(pieceCount: count)
        }
    }

    /// How many events go out before the fault: what the directive says, else those before the closing ones, one at least.
    private func sentCount(of events: [StreamEvent]) -> Int {
        min(events.count, directive.after ?? max(1, events.prefix { !$0.isClosing }.count))
    }

    /// The error that each provider sends in mid-stream.
    private func errorEvents(after sentCount: Int) -> [StreamEvent] {
        let refusal = Fault.overloaded.refusal(dialect, retrySeconds: nil) ?? Refusal(529, "Overloaded")
        switch operation {
        case .responses:
            let error: JSONValue = ["code": "server_error", "message": "The server had an error while processing your request."]
            let response = OpenAIResponsesAnswer(answer: answer, request: request, dialect: dialect)
                .response("failed", output: [], error: error)
            return [
                .sent(["type": "response.failed", "sequence_number": .count(sentCount), "response": response], name: "response.failed")
            ]
        case .messages:
            return [.sent(DialectErrors.body(refusal, .anthropic, requestID: requestID), name: "error")]
        case .streamGenerateContent:
            let body = DialectErrors.body(Refusal(503, "The model is overloaded. Please try again later."), .gemini, requestID: requestID)
            return isArray
                ? [StreamEvent(bytes: Array((sentCount == 0 ? "[" : ",\r\n").utf8) + body.bytes + Array("]".utf8), isClosing: true)]
                : [.sent(body)]
        default:
            let error = Refusal(500, "The server had an error while processing your request. Sorry about that!")
            return [.sent(["error": DialectErrors.openAIError(error)])]
        }
    }
}

/// A whole body with what may happen to it on the way.
enum FaultyReply {
    private static let hugeByteCount = 64 << 20
    private static let proxyPage = "<html><head><title>200 OK</title></head><body>The application is starting.</body></html>"

    static func whole(_ body: [UInt8], headers: HTTPHeaders, fault: Fault?, directive: Directive) -> Reply {
        switch fault {
        case nil: return .whole(status: 200, headers: headers, body)
        case .cutBeforeHead: return Reply(steps: [.cut])
        case .silence: return Reply(steps: [.silence])
        case .malformedJSON: return .whole(status: 200, headers: headers, Array(body.dropLast(max(1, body.count / 3))))
        case .wrongContentType: return .whole(status: 200, headers: headers, contentType: "text/html", Array(proxyPage.utf8))
        case .hugeBody:
            let filler = directive.byteCount ?? hugeByteCount
            let headers = Reply.headers(headers, "application/json", byteCount: filler + body.count)
            return Reply(steps: [.head(status: 200, headers: headers), .filler(filler), .body(body), .end])
        default:
            let headers = Reply.headers(headers, "application/json", byteCount: body.count)
            let sent = Array(body.prefix(directive.after ?? body.count / 2))
            return Reply(steps: [.head(status: 200, headers: headers), .body(sent), .cut])
        }
    }
}
