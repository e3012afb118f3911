/// Requests to other servers: one thread and one libcurl multi handle for as many of them as there are.
///
///     task --CurlRequest--> TransferLoop (thread) --head, pieces of the body--> ResponseStream --> task
///
/// There are no cookies, no `.netrc` and no proxy that nobody configured; certificates are always verified; a connection is only
/// made, or used again, when the request's `OutboundAddressPolicy` allows the address.

package final class CurlClient: Sendable {
    private let settings: CurlSettings
    private let loop: LoopOwner

    package init(settings: CurlSettings = CurlSettings()) {
        self.settings = settings
        loop = LoopOwner(settings)
    }

    /// Ends all transfers with `cancelled`; later ones end the same way.
    package func close() { loop.loop.stop() }

    /// Sends the request and answers once the response's head is there; the body follows as it is read.
    package func send(_ request: CurlRequest) async throws(CurlError) -> CurlResponse {
        let totalDeadline = request.timeouts.total.map { ContinuousClock.now + $0 }
        var request = request
        var followedCount = 0
        while true {
            if Task.isCancelled { throw .cancelled }
            try request.validate()
            let transfer = RunningTransfer(
                TransferPlan(
                    content: .request(request), settings: settings, timeouts: request.timeouts, totalDeadline: totalDeadline,
                    addressPolicy: request.addressPolicy), on: loop)
            let head = try await transfer.head()
            guard
                let next = try RedirectRule.next(
                    after: request, status: head.status, location: head.headers["location"], followedCount: followedCount)
            else {
                return CurlResponse(
                    status: head.status, headers: head.headers, url: request.url, body: CurlResponseBody(transfer: transfer))
            }
            transfer.cancel()
            request = next
            followedCount += 1
        }
    }

    /// Sends the request and reads the whole body. Errors: `tooLarge` as soon as it is known to be over the limit.
    package func send(_ request: CurlRequest, maximumByteCount: Int) async throws(CurlError) -> CurlWholeResponse {
        var request = request
        request.maximumBodyByteCount = min(request.maximumBodyByteCount ?? maximumByteCount, maximumByteCount)
        let response = try await send(request)
        let body = try await response.body.collect(maximumByteCount: maximumByteCount)
        return CurlWholeResponse(status: response.status, headers: response.headers, url: response.url, body: body)
    }

    /// Hands one mail to a server and waits until the server has taken it.
    func send(_ mail: MailTransfer, timeouts: CurlTimeouts) async throws(CurlError) {
        let transfer = RunningTransfer(
            TransferPlan(
                content: .mail(mail), settings: settings, timeouts: timeouts,
                totalDeadline: timeouts.total.map { ContinuousClock.now + $0 }, addressPolicy: .operatorConfigured), on: loop)
        // A mail has no response body: what comes is the end.
        while try await transfer.next() != nil {}
    }
}

/// The loop ends when neither its client nor any response is left.
final class LoopOwner: Sendable {
    let loop: TransferLoop

    init(_ settings: CurlSettings) {
        loop = TransferLoop(connectionCount: settings.connectionCount, connectionCountPerHost: settings.connectionCountPerHost)
    }

    deinit { loop.stop() }
}
