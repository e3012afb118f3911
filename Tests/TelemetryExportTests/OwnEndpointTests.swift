import CurlClient
import IPAddresses
import Testing

@testable import TelemetryExport

@Suite("An endpoint that may be the server itself")
struct OwnEndpointTests {
    private func isRefused(_ url: String, _ resolved: [String], listeningOn port: Int = 4318) throws -> Bool {
        let local: Set<IPAddress> = [try #require(IPAddress("10.1.2.3")), try #require(IPAddress("fd00::1"))]
        do {
            try OwnEndpoint.check(
                try CurlURL(url), resolved: Set(try resolved.map { try #require(IPAddress($0)) }), listeningOn: port, local: local)
            return false
        } catch is TelemetryError { return true }
    }

    @Test("is refused when the port is the server's and the host this machine, however it is written")
    func own() throws {
        #expect(try isRefused("http://127.0.0.1:4318", ["127.0.0.1"]))
        #expect(try isRefused("http://127.9.9.9:4318", ["127.9.9.9"]))
        #expect(try isRefused("http://localhost:4318", ["::1", "127.0.0.1"]))
        #expect(try isRefused("http://0.0.0.0:4318", ["0.0.0.0"]))
        #expect(try isRefused("http://[::]:4318", ["::"]))
        #expect(try isRefused("http://[::ffff:127.0.0.1]:4318", ["::ffff:127.0.0.1"]))
        #expect(try isRefused("http://me.example:4318", ["203.0.113.7", "10.1.2.3"]))
        #expect(try isRefused("https://me.example", ["fd00::1"], listeningOn: 443))
    }

    @Test("is allowed when the port or the machine is another")
    func other() throws {
        #expect(try !isRefused("http://127.0.0.1:4317", ["127.0.0.1"]))
        #expect(try !isRefused("http://10.1.2.4:4318", ["10.1.2.4"]))
        #expect(try !isRefused("http://later.example:4318", []))
    }
}
