import CurlClient
import Testing

@testable import TelemetryExport

@Suite("Headers and settings of the export")
struct TelemetryHeadersTests {
    private func fields(_ environment: String, _ flags: [String] = []) throws -> [String] {
        try TelemetryHeaders.read(environment: environment, flags: flags).fields.map { "\($0.name)|\($0.value)" }
    }

    @Test("are read as OpenTelemetry's SDKs read them")
    func environment() throws {
        #expect(try fields("") == [])
        #expect(try fields("Authorization=Bearer%20abc, x-scope = a=b ,") == ["Authorization|Bearer abc", "x-scope|a=b"])
    }

    @Test("of flags replace those of the environment")
    func flags() throws {
        #expect(try fields("api-key=old,other=1", ["Api-Key: a:b"]) == ["other|1", "Api-Key|a:b"])
    }

    @Test(
        "that are malformed are refused without showing them",
        arguments: [
            ("secret", ""), ("a=se%cret%", ""), ("a=secret%0a", ""), ("=secret", ""), ("", "secret"), ("", ": secret"), ("", "a b: secret"),
        ])
    func malformed(environment: String, flag: String) {
        #expect {
            _ = try fields(environment, flag.isEmpty ? [] : [flag])
        } throws: { error in
            error is TelemetryError && !"\(error)".contains("cret")
        }
    }

    @Test("an endpoint gets the signals' paths behind its own")
    func endpoints() throws {
        for (endpoint, traces) in [
            ("http://a.example:4318", "http://a.example:4318/v1/traces"), ("https://a.example/", "https://a.example/v1/traces"),
            ("https://a.example/otel", "https://a.example/otel/v1/traces"),
        ] {
            let configuration = try TelemetryConfiguration(endpoint: endpoint)
            #expect(configuration.tracesURL.text == traces)
            #expect(configuration.metricsURL.text == traces.replacing("traces", with: "metrics"))
        }
        for endpoint in ["", "a.example:4318", "ftp://a.example", "http://user:secret@a.example", "http://a.example/?key=secret"] {
            #expect { try TelemetryConfiguration(endpoint: endpoint) } throws: { !"\($0)".contains("secret") }
        }
        for ratio in [-0.1, 1.1, .nan] {
            #expect(throws: TelemetryError.sampleRatio) { try TelemetryConfiguration(endpoint: "http://a.example", sampleRatio: ratio) }
        }
        #expect(throws: TelemetryError.metricInterval) {
            try TelemetryConfiguration(endpoint: "http://a.example", metricInterval: .milliseconds(999))
        }
    }
}
