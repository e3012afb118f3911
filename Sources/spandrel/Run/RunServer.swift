/// The server as `spandrel run` and `spandrel kb` need it: answers that can be waited for over restarts and busy moments, connections that
/// are used again, and streams of events.

import ByteCoding
import CurlClient
import NIOHTTP1
import ProcessSetup
import RunClient

struct RunServer: Sendable {
    /// What the server or the connection said instead of an answer.
    struct Fault: Error, CustomStringConvertible {
        let description: String
        /// Nil when nothing was answered.
        let status: Int?
        /// Whether the same request may be answered a moment later.
        let isTransient: Bool
        /// Seconds the server asks to wait.
        var retryAfter: Double?
        /// The problem document, if one was answered.
        var problem: JSONValue?

        init(_ description: String, status: Int? = nil, isTransient: Bool = false) {
            self.description = description
            self.status = status
            self.isTransient = isTransient
        }
    }

    let address: ServerAddress
    private let credentials: ClientCredentials
    private let curl: CurlClient
    /// Seconds without an answer after which a question is given up.
    private let maximumSilenceSeconds: Double
    /// Told of every failed try that is followed by another.
    private let onRetry: @Sendable (String) -> Void

    init(
        _ client: APIClient, maximumSilenceSeconds: Double = RunClientLimits.maximumSilenceSeconds,
        onRetry: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        address = client.address
        credentials = client.credentials
        var settings = CurlSettings()
        settings.additionalAuthoritiesFile = EnvironmentDefault.text("SPANDREL_CA_CERTIFICATE")
        settings.userAgent = "spandrel-cli"
        curl = CurlClient(settings: settings)
        self.maximumSilenceSeconds = maximumSilenceSeconds
        self.onRetry = onRetry
    }

    // MARK: Answers

    /// Asks again until there is an answer or it has been too long. For what may be asked twice. Errors: `Fault`, `CancellationError`.
    func patiently(
        _ method: String, _ path: String, body: [UInt8] = [], contentType: String = "application/json", headers: [(String, String)] = []
    ) async throws -> JSONValue {
        var reconnection = Reconnection(maximumSilenceSeconds: maximumSilenceSeconds, now: MonotonicClock.seconds)
        while true {
            do {
                return try await once(method, path, body: body, contentType: contentType, headers: headers)
            } catch let fault as Fault where fault.isTransient {
                let wait = reconnection.failed(
                    now: MonotonicClock.seconds, retryAfter: fault.retryAfter, random: .random(in: 0...1))
                guard let wait else { throw fault }
                onRetry(fault.description)
                try await Task.sleep(for: .seconds(wait))
            }
        }
    }

    /// One question. Errors: `Fault`, `CancellationError`.
    func once(
        _ method: String, _ path: String, body: [UInt8] = [], contentType: String = "application/json", headers: [(String, String)] = []
    ) async throws -> JSONValue {
        let response = try await send(method, path, body, contentType, headers)
        let bytes: [UInt8]
        do throws(CurlError) {
            bytes = try await response.body.collect(maximumByteCount: RunClientLimits.maximumAnswerByteCount)
        } catch { throw Self.fault(error) }
        try Self.check(response.status, response.headers, bytes)
        guard !bytes.isEmpty else { return .null }
        guard let value = try? JSONValue.parse(bytes) else { throw Fault("the server's answer is not JSON", status: response.status) }
        return value
    }

    /// The stream of a run's events; nil when there is nothing more to come. Errors: `Fault`, `CancellationError`.
    func events(of run: String, after sequence: Int64) async throws -> ServerSentEvents? {
        try await events(at: "/api/v1/runs/\(run)/events", after: sequence)
    }

    /// The same of whatever has events; nil: only those to come, after a greeting that says where it stands.
    func events(at path: String, after sequence: Int64?) async throws -> ServerSentEvents? {
        let query = sequence.map { "?after=\($0)" } ?? ""
        let response = try await send("GET", path + query, [], "", [("accept", "text/event-stream")])
        if response.status == 204 { return nil }
        guard response.status == 200 else {
            let bytes = try? await response.body.collect(maximumByteCount: RunClientLimits.maximumAnswerByteCount)
            try Self.check(response.status, response.headers, bytes ?? [])
            return nil
        }
        return response.body.serverSentEvents
    }

    private func send(
        _ method: String, _ path: String, _ body: [UInt8], _ contentType: String, _ headers: [(String, String)]
    ) async throws -> CurlResponse {
        let response = try await sendOnce(method, path, body, contentType, headers)
        guard response.status == 401, case .session(let session) = credentials else { return response }
        try await session.renew()
        return try await sendOnce(method, path, body, contentType, headers)
    }

    private func sendOnce(
        _ method: String, _ path: String, _ body: [UInt8], _ contentType: String, _ headers: [(String, String)]
    ) async throws -> CurlResponse {
        do {
            var request = CurlRequest(
                method, try CurlURL(address.url + path), body: body, addressPolicy: .operatorConfigured)
            for (name, value) in await credentials.headers() { request.headers[name] = value }
            if !body.isEmpty { request.headers["content-type"] = contentType }
            request.headers["accept"] = "application/json"
            for (name, value) in headers { request.headers[name] = value }
            return try await curl.send(request)
        } catch { throw Self.fault(error) }
    }

    // MARK: Faults

    /// A transfer that did not come to its end. What was cut may be asked again; what was refused may not.
    static func fault(_ error: CurlError) -> any Error {
        if error.code == .cancelled { return CancellationError() }
        return Fault(error.message, isTransient: error.isTransient || error.code == .protocolFault)
    }

    /// Errors: `Fault` unless the status is a success.
    private static func check(_ status: Int, _ headers: CurlHeaders, _ body: [UInt8]) throws(Fault) {
        guard !(200..<300).contains(status) else { return }
        let answer = APIClient.Answer(status: status, headers: [:], body: body)
        var description = "the server answered \(status)"
        do { _ = try APIClient.value(of: answer) } catch { description = "\(error)" }
        var fault = Fault(description, status: status, isTransient: Reconnection.isTransient(status: status))
        fault.retryAfter = headers["retry-after"].flatMap(Double.init)
        fault.problem = try? JSONValue.parse(body)
        throw fault
    }
}

/// Seconds of a clock that never goes back.
enum MonotonicClock {
    private static let start = ContinuousClock.now

    static var seconds: Double {
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        return Double(seconds) + Double(attoseconds) / 1e18
    }
}
