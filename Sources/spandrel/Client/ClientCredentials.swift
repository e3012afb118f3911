/// What a command shows to the server: nothing, an API key, or a signed-in user's session, which renews itself.

import ByteCoding
import NIOHTTP1

enum ClientCredentials: Sendable {
    case anonymous
    case key(String)
    case session(ClientSession)

    /// Header fields of a request.
    func headers() async -> [(String, String)] {
        switch self {
        case .anonymous: return []
        case .key(let key): return [("authorization", "Bearer \(key)")]
        case .session(let session):
            let configuration = await session.configuration
            let project = configuration.projectID.map { [("spandrel-project", $0)] } ?? []
            return [("authorization", "Bearer \(configuration.accessToken)")] + project
        }
    }
}

actor ClientSession {
    private(set) var configuration: ClientConfiguration

    init(_ configuration: ClientConfiguration) { self.configuration = configuration }

    /// After a 401: takes the tokens that another command has renewed meanwhile, or renews them. Errors: why that is impossible.
    func renew() async throws {
        try await ClientConfiguration.exclusively {
            if let stored = try ClientConfiguration.read(), stored.accessToken != configuration.accessToken {
                configuration = stored
                return
            }
            let client = APIClient(address: try ServerAddress(url: configuration.url), credentials: .anonymous)
            let renewed: JSONValue
            do {
                renewed = try await client.json(
                    .POST, "/api/v1/auth/refresh",
                    body: .object([JSONMember(key: "refresh_token", value: .string(configuration.refreshToken))]))
            } catch is APIClient.Failure { throw CommandFailure("the session has ended: run `spandrel login` again") }
            guard let access = renewed["access_token"]?.stringValue, let refresh = renewed["refresh_token"]?.stringValue else {
                throw CommandFailure("\(configuration.url) did not answer with a session")
            }
            configuration.accessToken = access
            configuration.refreshToken = refresh
            try configuration.write()
        }
    }
}
