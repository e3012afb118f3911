/// A provider whose every request follows a list of scripts, and a `ModelProvider` that calls it.

import CurlClient
import IPAddresses
import LoopbackTesting
import ModelProviders
import Synchronization
import Testing

/// What came in, and how many.
final class RequestRecord: Sendable {
    private let requests = Mutex<[LoopbackPeer.Request]>([])

    var all: [LoopbackPeer.Request] { requests.withLock { $0 } }

    /// Answers the request's number, from 0.
    func append(_ request: LoopbackPeer.Request) -> Int {
        requests.withLock { requests in
            requests.append(request)
            return requests.count - 1
        }
    }
}

typealias RequestScript = @Sendable (LoopbackPeer) async throws -> Void

/// Serves the requests with the scripts in turn, the last one for all that follow. A connection ends with its client,
/// or when a script throws.
func withLoopbackProvider<Value: Sendable>(
    _ scripts: [RequestScript], _ body: @Sendable (_ url: String, _ record: RequestRecord) async throws -> Value
) async throws -> Value {
    let record = RequestRecord()
    return try await LoopbackServer.run { peer in
        while let request = await peer.request() {
            let number = record.append(request)
            try await scripts[min(number, scripts.count - 1)](peer)
        }
    } _: { server in
        try await body(server.url, record)
    }
}

func answer(_ body: String, status: String = "200 OK", headers: String = "Content-Type: application/json\r\n") -> RequestScript {
    { peer in try await peer.answer(status, headers: headers, body) }
}

/// Events in a chunked stream that ends, or is cut off.
func stream(_ data: [String], isCut: Bool = false) -> RequestScript {
    { peer in
        try await peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        for text in data {
            let event = "data: \(text)\n\n"
            try await peer.send(String(event.utf8.count, radix: 16) + "\r\n" + event + "\r\n")
        }
        if isCut { throw ConnectionCut() }
        try await peer.send("0\r\n\r\n")
    }
}

/// Ends a connection in the middle.
struct ConnectionCut: Error {}

let hello =
    #"{"id":"r","model":"m","choices":[{"message":{"content":"hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":1}}"#

func makeProvider(
    _ url: String, _ provider: Provider = .openAICompatible, dialect: ProviderDialect? = nil, time: FakeClock, attempts: Int = 3,
    timeouts: ProviderTimeouts = ProviderTimeouts(), breakers: CircuitBreakers = CircuitBreakers(),
    budget: any RateBudget = UnlimitedRateBudget(), client: CurlClient = CurlClient()
) throws -> ModelProvider {
    var policy = RetryPolicy()
    policy.maximumAttemptCount = attempts
    return ModelProvider(
        endpoint: try ProviderEndpoint(
            provider: provider, dialect: dialect, baseURL: url, key: ProviderKey("sk-secret"), credentialID: "credential"),
        client: client, budget: budget, breakers: breakers, policy: policy, timeouts: timeouts,
        addressPolicy: OutboundAddressPolicy(allowing: [try #require(IPNetwork("127.0.0.1"))]), clock: time.clock)
}

/// The error that a call throws.
func error(_ body: () async throws -> some Any) async -> ProviderError? {
    do {
        _ = try await body()
        Issue.record("no error")
        return nil
    } catch let error as ProviderError {
        return error
    } catch {
        Issue.record("\(error) is no ProviderError")
        return nil
    }
}
