import Testing

@testable import PostgresClient

@Suite("Servers that users name")
struct ForeignServerTests {
    private func place(_ text: String, _ addresses: [String: [String]]) throws -> [String: String] {
        // What stands last counts.
        Dictionary(try PostgresConfiguration(foreignServer: text, addresses: addresses).keywords.map { ($0.name, $0.value) }) { $1 }
    }

    @Test("a host is connected to at the addresses that were settled on, each with the host's port, and keeps its name")
    func addresses() throws {
        let found = ["a.test": ["192.0.2.1", "2001:db8::1"], "b.test": ["192.0.2.2"]]
        let both = try place("host=a.test,b.test port=5433,5434 dbname=d connect_timeout=0", found)
        #expect(both["host"] == "a.test,a.test,b.test" && both["hostaddr"] == "192.0.2.1,2001:db8::1,192.0.2.2")
        #expect(both["port"] == "5433,5433,5434" && both["connect_timeout"] == "5" && both["passfile"] == "/dev/null")
        #expect(try place("postgres://u@b.test:5435/d", found)["port"] == "5435")
        // Not that of this process's environment.
        #expect(try place("postgres://u@b.test/d", found)["port"] == "5432")
        #expect(try PostgresConfiguration.hosts(ofForeignServer: "host=a.test,b.test") == ["a.test", "b.test"])
    }

    @Test(
        "what names no host, an unsettled one, too many ports or a file of this machine is refused, and nothing of it repeated",
        arguments: [
            "dbname=s3cret", "host=c.test password=s3cret", "host=a.test,c.test password=s3cret", "host=a.test,,b.test password=s3cret",
            "host=a.test port=1,2 password=s3cret", "host=a.test hostaddr=127.0.0.1", "host=a.test sslkey=/s3cret",
            "host=a.test service=s3cret",
            "host=a.test options='-c s3cret'", "postgres://u:s3cret@/d",
        ])
    func refused(text: String) {
        #expect {
            try PostgresConfiguration(foreignServer: text, addresses: ["a.test": ["192.0.2.1"], "b.test": []])
        } throws: { error in
            (error as? PostgresError)?.code == .configuration && !"\(error)".contains("s3cret")
        }
    }
}
