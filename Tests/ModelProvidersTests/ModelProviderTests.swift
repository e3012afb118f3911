import CurlClient
import GenAIConventions
import LoopbackTesting
import ModelProviders
import Synchronization
import Testing

@Suite("A call of a model", .timeLimit(.minutes(1)))
struct ModelProviderTests {
    private let time = FakeClock()
    private let question = ChatRequest(model: "m", messages: [ChatMessage(.user, "the prompt")])

    private var streamed: ChatRequest {
        var request = question
        request.stream = true
        return request
    }

    private static func piece(_ text: String) -> String { #"{"choices":[{"delta":{"content":"\#(text)"}}]}"# }
    private static let end = #"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#

    @Test(
        "goes where the dialect says, with the key as the provider wants it",
        arguments: [
            (Provider.openAI, ProviderDialect?.none, "/v1", "/v1/chat/completions", "authorization", "Bearer sk-secret"),
            (.xAI, .openAIResponses, "/v1/", "/v1/responses", "authorization", "Bearer sk-secret"),
            (.anthropic, nil, "", "/v1/messages", "authorization", "Bearer sk-secret"),
            (.anthropic, nil, "/proxy/v1", "/proxy/v1/messages", "authorization", "Bearer sk-secret"),
            (.gemini, nil, "", "/v1/models/m:generateContent", "x-goog-api-key", "sk-secret"),
            (.gemini, nil, "/v1beta", "/v1beta/models/m:generateContent", "x-goog-api-key", "sk-secret"),
        ] as [(Provider, ProviderDialect?, String, String, String, String)])
    func addresses(row: (Provider, ProviderDialect?, String, String, String, String)) async throws {
        try await withLoopbackProvider([answer("{}", status: "400 Bad Request")]) { url, record in
            let provider = try makeProvider(url + row.2, row.0, dialect: row.1, time: time)
            #expect(await error { try await provider.chat(question) }?.kind == .invalid)
            let request = try #require(record.all.first)
            #expect(request.line == "POST \(row.3) HTTP/1.1")
            #expect(request.headers[row.4] == row.5 && request.headers["content-type"] == "application/json")
            #expect(request.headers["authorization"] == nil || row.4 == "authorization")
        }
    }

    @Test("answers with the tries it took, obeying the server's delay and backing off without one")
    func retries() async throws {
        let scripts = [
            answer(
                #"{"error":{"code":"rate_limit_exceeded","message":"slow"}}"#, status: "429 Too Many Requests",
                headers: "Retry-After: 7\r\n"),
            answer("oops", status: "500 Internal Server Error"), answer(hello),
        ]
        try await withLoopbackProvider(scripts) { url, record in
            let response = try await makeProvider(url, time: time).chat(question)
            #expect(response.text == "hello" && response.usage == TokenUsage(input: 3, output: 1) && response.timeToFirstToken == nil)
            #expect(response.attempts.map(\.fault?.kind) == [.limited, .retryable, nil])
            #expect(response.attempts[0].fault?.providerMessage == "slow" && response.attempts[0].startUnixNano == FakeClock.startUnixNano)
            #expect(response.attempts[1].waited >= .seconds(7) && response.attempts[1].waited <= .milliseconds(7500))
            #expect(response.attempts[2].waited <= .seconds(1))
            #expect(time.sleeps.count <= 2 && record.all.count == 3)
        }
    }

    @Test("gives up at once on what a second try meets again, and keeps keys and prompts out of the error")
    func refusals() async throws {
        let body = #"{"error":{"message":"bad key sk-secret for the prompt","type":"insufficient_quota","code":"insufficient_quota"}}"#
        try await withLoopbackProvider([answer(body, status: "429 Too Many Requests")]) { url, record in
            let failure = try #require(await error { try await makeProvider(url, time: time).chat(question) })
            #expect(failure.kind == .refused && failure.attempts.count == 1 && record.all.count == 1 && time.sleeps.isEmpty)
            #expect(failure.fault.providerMessage == "bad key (key) for the prompt")
            #expect(!"\(failure)".contains("sk-secret") && !"\(failure)".contains("prompt"))
        }
    }

    @Test("gives up as limited when the server asks for more patience than there is time")
    func deadline() async throws {
        let busy = answer("", status: "503 Service Unavailable", headers: "Retry-After: 20\r\n")
        try await withLoopbackProvider([busy]) { url, record in
            var timeouts = ProviderTimeouts()
            timeouts.total = .seconds(15)
            let failure = try #require(await error { try await makeProvider(url, time: time, timeouts: timeouts).chat(question) })
            #expect(failure.kind == .limited && failure.fault.retryAfter == .seconds(20) && record.all.count == 1)
        }
    }

    @Test("tries again after a connection that was cut, before the answer and in the midst of it")
    func cutConnections() async throws {
        let scripts: [RequestScript] = [
            { _ in throw ConnectionCut() },
            { peer in
                try await peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"id\":")
                throw ConnectionCut()
            }, answer(hello),
        ]
        try await withLoopbackProvider(scripts) { url, _ in
            let response = try await makeProvider(url, time: time).chat(question)
            #expect(response.text == "hello" && response.attempts.map(\.fault?.kind) == [.retryable, .retryable, nil])
        }
    }

    @Test("a try that failed after the provider had counted says what it took: it is paid for")
    func lostUsage() async throws {
        let counted = #"{"choices":[{"delta":{"content":"he"}}],"usage":{"prompt_tokens":7,"completion_tokens":3}}"#
        let whole = stream([Self.piece("hello"), Self.end, "[DONE]"])
        try await withLoopbackProvider([stream([counted], isCut: true), stream([Self.piece("he")], isCut: true), whole]) { url, _ in
            let attempts = try await makeProvider(url, time: time).chat(streamed).attempts
            #expect(attempts.map(\.lostUsage) == [TokenUsage(input: 7, output: 3), nil, nil])
        }
    }

    @Test("tries a broken stream again as long as nothing was passed on")
    func cutStreams() async throws {
        let cut = stream([Self.piece("he")], isCut: true), unfinished = stream([Self.piece("he")])
        let whole = stream([Self.piece("he"), Self.piece("llo"), Self.end, "[DONE]"])
        try await withLoopbackProvider([cut, unfinished, whole]) { url, _ in
            let response = try await makeProvider(url, time: time).chat(streamed)
            #expect(response.text == "hello" && response.attempts.map(\.fault?.kind) == [.retryable, .retryable, nil])
            #expect(response.timeToFirstToken != nil)
        }
        try await withLoopbackProvider([cut, whole]) { url, record in
            let seen = Mutex<[ChatDelta]>([])
            let failure = await error {
                try await makeProvider(url, time: time).chat(streamed) { delta in seen.withLock { $0.append(delta) } }
            }
            #expect(failure?.kind == .retryable && failure?.attempts.count == 1 && record.all.count == 1)
            #expect(seen.withLock { $0 } == [.text("he")])
        }
    }

    @Test("takes a stream whose connection breaks after its last word")
    func cutAfterEnd() async throws {
        try await withLoopbackProvider([stream([Self.piece("a"), Self.end, "[DONE]"], isCut: true)]) { url, _ in
            let response = try await makeProvider(url, time: time, attempts: 1).chat(streamed)
            #expect(response.text == "a")
        }
    }

    @Test("passes a stream's pieces on as they come, and takes one body where a stream was asked for")
    func deltas() async throws {
        try await withLoopbackProvider([stream([Self.piece("a"), Self.piece("b"), Self.end, "[DONE]"]), answer(hello)]) { url, record in
            let seen = Mutex<[ChatDelta]>([])
            let provider = try makeProvider(url, time: time)
            _ = try await provider.chat(streamed) { delta in seen.withLock { $0.append(delta) } }
            #expect(seen.withLock { $0 } == [.text("a"), .text("b")])
            #expect(String(decoding: record.all[0].body, as: UTF8.self).contains(#""stream":true"#))
            #expect(try await provider.chat(streamed).text == "hello")
        }
    }

    @Test("ends a try when the first byte or the next piece is too long in coming")
    func slowServers() async throws {
        let short = Duration.milliseconds(50)
        for timeouts in [
            ProviderTimeouts(connect: nil, firstByte: short, idle: nil, total: nil),
            ProviderTimeouts(connect: nil, firstByte: nil, idle: nil, total: short),
        ] {
            try await withLoopbackProvider([{ peer in await peer.waitUntilClosed() }]) { url, _ in
                let failure = await error { try await makeProvider(url, time: time, attempts: 1, timeouts: timeouts).chat(question) }
                #expect(failure?.kind == .retryable && failure?.attempts.count == 1)
            }
        }
        let stalled: RequestScript = { peer in
            try await peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: \(Self.piece("a"))\n\n")
            await peer.waitUntilClosed()
        }
        try await withLoopbackProvider([stalled]) { url, _ in
            let timeouts = ProviderTimeouts(connect: nil, firstByte: nil, idle: short, total: nil)
            let failure = await error { try await makeProvider(url, time: time, attempts: 1, timeouts: timeouts).chat(streamed) }
            #expect(failure?.kind == .retryable)
        }
    }

    @Test("closes its connection when the task is cancelled, waiting for the answer or within it")
    func cancellation() async throws {
        for start in ["", "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: \(Self.piece("a"))\n\n"] {
            let began = Signal(), closed = Signal(), received = Signal()
            let script: RequestScript = { peer in
                defer { closed.fire() }
                if start.isEmpty { began.fire() } else { try await peer.send(start) }
                await peer.waitUntilClosed()
            }
            try await withLoopbackProvider([script]) { url, record in
                let provider = try makeProvider(url, time: time)
                let task = Task {
                    await error {
                        try await provider.chat(streamed) { _ in
                            began.fire()
                            received.fire()
                        }
                    }
                }
                await began.wait()
                if !start.isEmpty { await received.wait() }
                task.cancel()
                #expect(await task.value?.kind == .cancelled)
                await closed.wait()
                #expect(record.all.count == 1)
            }
        }
    }

    @Test("stops calling a provider that keeps failing, until a probe finds it alive")
    func circuit() async throws {
        let broken = answer("", status: "500 Internal Server Error")
        try await withLoopbackProvider([RequestScript](repeating: broken, count: 10) + [answer(hello)]) { url, record in
            let breakers = CircuitBreakers()
            let provider = try makeProvider(url, time: time, attempts: 1, breakers: breakers)
            for _ in 0..<10 { #expect(await error { try await provider.chat(question) }?.kind == .retryable) }
            let failure = try #require(await error { try await provider.chat(question) })
            #expect(failure.kind == .limited && failure.attempts.isEmpty && failure.fault.retryAfter == .seconds(5))
            #expect(record.all.count == 10)
            time.advance(.seconds(5))
            #expect(try await provider.chat(question).text == "hello")
            #expect(breakers.state(of: provider.budgetKey(model: "m")) == .closed(failureCount: 0))
        }
    }

    @Test("tells the budget what the headers say, and that unused tokens are free again")
    func budget() async throws {
        let headers = "Content-Type: application/json\r\nx-ratelimit-limit-requests: 60\r\nx-ratelimit-remaining-requests: 0\r\n"
        try await withLoopbackProvider([answer(hello, headers: headers)]) { url, _ in
            let budget = InMemoryRateBudget(limits: { _ in RateLimits(tokensPerMinute: 6000) }, clock: time.clock)
            let provider = try makeProvider(url, time: time, budget: budget)
            _ = try await provider.chat(question)
            let state = try #require(budget.state(of: provider.budgetKey(model: "m")))
            #expect(state.tokens?.level == 6000 - 4 && state.requests?.capacity == 60 && state.requests?.level == 0)
            _ = try await provider.chat(question)
            #expect(time.sleeps == [.seconds(1)])
        }
    }

    @Test("embeds texts, and says where that cannot be had")
    func embeddings() async throws {
        let body = #"{"data":[{"index":0,"embedding":[1,2]}],"usage":{"prompt_tokens":1}}"#
        try await withLoopbackProvider([answer("", status: "503 Service Unavailable"), answer(body)]) { url, _ in
            let request = EmbeddingRequest(model: "e", inputs: ["text"])
            let response = try await makeProvider(url, time: time).embed(request)
            #expect(response.embeddings.values == [1, 2] && response.attempts.count == 2)
            #expect(await error { try await makeProvider(url, .anthropic, time: time).embed(request) }?.attempts == [])
        }
    }

    @Test("is not sent to addresses that the policy forbids")
    func addressPolicy() async throws {
        let endpoint = try ProviderEndpoint(provider: .openAICompatible, baseURL: "http://127.0.0.1:9", key: nil, credentialID: "c")
        let provider = ModelProvider(
            endpoint: endpoint, client: CurlClient(), budget: UnlimitedRateBudget(), breakers: CircuitBreakers(), clock: time.clock)
        #expect(await error { try await provider.chat(question) }?.kind == .invalid)
    }
}
