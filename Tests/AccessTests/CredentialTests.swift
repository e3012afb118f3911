import Foundation
import PostgresTesting
import Testing

@testable import Access

@Suite struct CredentialTests {
    private static let key = APIKeySecret(words: [1, 2, 3, 4]).text

    private func find(_ headers: [String: String]) -> String? { Credential.find { headers[$0] }?.text }
    private func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

    @Test(
        "the key is found in every header clients use",
        arguments: [
            ["authorization": "Bearer \(key)"], ["authorization": "bearer   \(key) "], ["authorization": "BEARER\t\(key)"],
            ["authorization": key],
            ["authorization": " \(key) "], ["x-api-key": key], ["api-key": key], ["api_key": " \(key)"],
            ["authorization": "Basic " + Data("pk-lf-1:\(key)".utf8).base64EncodedString()],
            ["authorization": "basic " + Data("\(key):".utf8).base64EncodedString()],
            ["authorization": "Basic " + Data("\(key):\(key)".utf8).base64EncodedString()],
            ["authorization": "Basic " + Data("\(key)".utf8).base64EncodedString()],
            ["authorization": "Basic " + Data("user:\(key)".utf8).base64EncodedString().replacingOccurrences(of: "=", with: "")],
            ["authorization": "Basic " + Data("proxy:password".utf8).base64EncodedString(), "x-api-key": key],
            ["authorization": "Bearer of-another-service", "api-key": key], ["authorization": "", "x-api-key": key],
            ["authorization": "Bearer", "api_key": key],
        ])
    func found(_ headers: [String: String]) { #expect(find(headers) == Self.key) }

    @Test("without a key there is no credential; another product's key is one, to be refused")
    func others() {
        #expect(find([:]) == nil)
        #expect(find(["authorization": ""]) == nil && find(["authorization": "Bearer "]) == nil && find(["authorization": "Basic"]) == nil)
        #expect(find(["authorization": "Basic !!!"]) == nil && find(["authorization": "Digest username=x"]) == nil)
        #expect(find(["x-api-key": "sk-lf-123"]) == "sk-lf-123")
        #expect(find(["authorization": "Basic " + base64("a:b:c")]) == "b:c", "the password is all after the first colon")
        #expect(find(["x-api-key": String(repeating: "a", count: 5_000)]) == nil)
    }

    @Test("where several headers hold keys, Authorization counts first")
    func precedence() {
        let other = APIKeySecret.generate().text
        #expect(find(["authorization": "Bearer \(Self.key)", "x-api-key": other]) == Self.key)
        #expect(find(["api-key": other, "x-api-key": Self.key]) == Self.key)
    }
}
