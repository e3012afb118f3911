import CurlClient
import IPAddresses
import Testing

/// What tests on loopback may reach.
func loopbackOnly() throws -> OutboundAddressPolicy {
    OutboundAddressPolicy(allowing: [try #require(IPNetwork("127.0.0.1"))])
}

/// A request that loopback allows.
func request(
    _ method: String = "GET", _ url: String, headers: CurlHeaders = [:], body: String = "", timeouts: CurlTimeouts = CurlTimeouts()
) throws -> CurlRequest {
    var request = CurlRequest(
        method, try CurlURL(url), headers: headers, body: Array(body.utf8), addressPolicy: try loopbackOnly())
    request.timeouts = timeouts
    return request
}

/// The code of the error that `body` throws; nil when it throws none.
func code(of body: () async throws -> Void) async -> CurlError.Code? {
    do {
        try await body()
        return nil
    } catch let error as CurlError {
        return error.code
    } catch {
        Issue.record("\(error) is no CurlError")
        return nil
    }
}
