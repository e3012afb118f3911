import PostgresClient
import Testing

@testable import Metastore

@Suite struct MetastoreErrorTests {
    @Test(
        "what PostgreSQL says of itself is for the log: the message, which goes to clients, is our own",
        arguments: [
            ("53100", "could not extend file \"base/5/16385\": No space left on device", MetastoreError.Code.unavailable),
            ("22P05", "unsupported Unicode escape sequence", .invalid),
            ("22003", "value \"99999999999\" is out of range for type integer", .invalid),
            ("57P03", "the database system is starting up", .unavailable),
        ])
    func ownWords(_ sqlstate: String, _ text: String, _ code: MetastoreError.Code) {
        let error = MetastoreError(PostgresError(.server, text, sqlstate: sqlstate))
        #expect(error.code == code)
        #expect(!error.message.contains(text) && error.message.contains(code == .invalid ? "cannot be stored" : "try again"))
        #expect(error.description.contains(text), "the log says it")
    }
}
