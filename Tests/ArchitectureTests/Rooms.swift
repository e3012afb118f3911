/// The rooms of docs/architecture.md in their order, and what each may import from outside: the table the import lines of
/// `Sources/` are held to.

struct Room {
    var floor: Int
    var name: String
    /// Modules of other packages and of the system. `Glibc` and `Synchronization` are free to everyone.
    var outsideModules: Set<String> = []
}

enum Architecture {
    /// A room imports rooms of lower floors and rooms above it on its own floor: that is, rooms earlier in this list.
    static let rooms: [Room] = [
        Room(floor: 0, name: "CLibpq"),
        Room(floor: 0, name: "CZstd"),
        Room(floor: 0, name: "CZlib"),
        Room(floor: 0, name: "CLibdeflate"),
        Room(floor: 0, name: "CXXHash"),
        Room(floor: 0, name: "CLibcurl"),
        Room(floor: 0, name: "CLibYAML"),
        Room(floor: 0, name: "CLibzip"),
        Room(floor: 0, name: "CCRC32C"),
        Room(floor: 1, name: "ByteCoding"),
        Room(floor: 1, name: "ContentReading"),
        Room(floor: 1, name: "RegularExpressions"),
        Room(floor: 1, name: "YAML"),
        Room(floor: 1, name: "IPAddresses"),
        Room(floor: 1, name: "FileSystem"),
        Room(floor: 1, name: "PostgresClient", outsideModules: ["Dispatch", "Logging"]),
        Room(floor: 1, name: "CurlClient"),
        Room(
            floor: 1, name: "HTTPServer", outsideModules: edge.union(["Crypto", "NIOHTTP2", "NIOHTTPTypesHTTP2", "NIOSSL", "NIOWebSocket"])),
        Room(floor: 2, name: "TraceModel"),
        Room(floor: 2, name: "GenAIConventions"),
        Room(floor: 2, name: "EvaluationModel"),
        Room(floor: 2, name: "KnowledgeModel", outsideModules: ["Crypto"]),
        Room(floor: 2, name: "DemoTraces"),
        Room(floor: 3, name: "OTLP"),
        Room(floor: 3, name: "Parquet"),
        Room(floor: 3, name: "SpanStore", outsideModules: ["Dispatch"]),
        Room(floor: 3, name: "TraceQuery", outsideModules: ["Dispatch"]),
        Room(floor: 3, name: "JobQueue"),
        Room(floor: 3, name: "Metastore", outsideModules: ["Crypto", "Logging"]),
        Room(floor: 3, name: "Access", outsideModules: ["Crypto", "CryptoExtras", "Dispatch", "JWTKit", "Logging"]),
        Room(floor: 3, name: "ModelProviders"),
        Room(floor: 3, name: "Evaluation"),
        Room(floor: 3, name: "KnowledgeImport"),
        Room(floor: 3, name: "KnowledgeFiles"),
        Room(floor: 3, name: "RunClient"),
        Room(floor: 4, name: "Ingest", outsideModules: ["Crypto", "Dispatch", "Logging"]),
        Room(floor: 4, name: "OTLPReceiver", outsideModules: edge),
        Room(floor: 4, name: "TelemetryExport", outsideModules: ["Logging"]),
        Room(floor: 4, name: "SpanScoring", outsideModules: ["Logging", "ServiceLifecycle"]),
        Room(floor: 4, name: "RunExecution", outsideModules: ["Crypto", "Logging", "ServiceLifecycle"]),
        Room(floor: 4, name: "KnowledgeBase", outsideModules: ["Dispatch", "Logging", "ServiceLifecycle"]),
        Room(floor: 4, name: "FeatureCollection", outsideModules: ["Logging"]),
        Room(floor: 4, name: "FeatureAnalysis", outsideModules: ["Dispatch", "Logging", "ServiceLifecycle"]),
        Room(floor: 4, name: "Backup", outsideModules: ["Crypto", "Logging"]),
        Room(floor: 4, name: "HTTPAPI", outsideModules: edge.union(["Crypto"])),
        Room(floor: 4, name: "Dashboard", outsideModules: edge.union(["Crypto", "Mustache"])),
        Room(floor: 4, name: "ProcessSetup", outsideModules: ["ArgumentParser", "Logging", "ServiceLifecycle"]),
        Room(floor: 5, name: "spandrel", outsideModules: edge.union(["ArgumentParser", "Dispatch", "NIOSSL", "UnixSignals"])),
    ]

    /// What HTTP is served with: seen by the edges and by the executable, by nothing inside.
    static let edge: Set<String> = [
        "Hummingbird", "HummingbirdCore", "NIOCore", "NIOPosix", "NIOHTTP1", "NIOHTTPTypes", "NIOHTTPTypesHTTP1", "HTTPTypes", "Logging",
        "ServiceLifecycle",
    ]

    /// Modules of the toolchain that cost nothing and may stand anywhere.
    static let freeModules: Set<String> = ["Glibc", "Synchronization", "Swift"]

    /// System libraries are each behind one room, plus the room that needs the same library for its own format.
    static let libraryUsers: [String: Set<String>] = [
        "CLibpq": ["PostgresClient"],
        "CZstd": ["Parquet", "SpanStore", "Ingest"],
        "CZlib": ["Parquet", "Ingest", "Dashboard"],
        "CLibdeflate": ["Parquet", "Ingest"],
        "CXXHash": ["ByteCoding"],
        "CLibcurl": ["CurlClient"],
        "CLibYAML": ["YAML"],
        "CLibzip": ["KnowledgeImport"],
        "CCRC32C": ["ByteCoding"],
    ]
}
