/// The version of the server: in its own telemetry, and in `openapi/openapi.json`, which tests hold against each other.

enum ServerVersion {
    static let text = "1.0.0"
}
