// swift-tools-version:6.2
import PackageDescription

let settings: [SwiftSetting] = [.enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility")]

// The rooms, in the order of docs/architecture.md: a target imports only from above its own line.
let package = Package(
    name: "spandrel",
    products: [.executable(name: "spandrel", targets: ["spandrel"])],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        // Floor 0: system libraries.
        .systemLibrary(name: "CLibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CXXHash", pkgConfig: "libxxhash", providers: [.apt(["libxxhash-dev"])]),
        .target(name: "CCRC32C"),
        // Floor 1: bytes, files, PostgreSQL.
        // Bounds-checked reading and writing of bytes, varints, checksums.
        .target(name: "ByteCoding", dependencies: ["CCRC32C", "CXXHash"], swiftSettings: settings),
        // Files, fsync, rename and the directory lock behind one protocol.
        .target(name: "FileSystem", swiftSettings: settings),
        // libpq: connections, pool, rows, transactions, migrations, the private cluster.
        .target(name: "PostgresClient", dependencies: ["CLibpq", .product(name: "Logging", package: "swift-log")], swiftSettings: settings),
        // Floor 2: what things are.
        // Trace id, span, resource, scope, attribute value, SpanBatch.
        .target(name: "TraceModel", swiftSettings: settings),
        // The conventions of GenAI telemetry -> one set of LLM fields; usage; cost.
        .target(name: "GenAIConventions", dependencies: ["ByteCoding", "TraceModel"], swiftSettings: settings),
        // Floor 3: formats, the store, queries, the control plane.
        // OTLP protobuf and JSON <-> SpanBatch and SpanRecord; partial success.
        .target(name: "OTLP", dependencies: ["ByteCoding", "TraceModel"], swiftSettings: settings),
        // Apache Parquet bytes <-> columns. Knows no traces.
        .target(name: "Parquet", dependencies: ["ByteCoding", "CZlib", "CZstd"], swiftSettings: settings),
        // WAL, memtable, segments, manifest, snapshot, scan, retention.
        .target(
            name: "SpanStore", dependencies: ["ByteCoding", "CZstd", "FileSystem", "TraceModel", "GenAIConventions", "OTLP", "Parquet"],
            swiftSettings: settings),
        // Filter AST, plan, operators, rows.
        .target(name: "TraceQuery", dependencies: ["TraceModel", "SpanStore"], swiftSettings: settings),
        // Organizations, projects, API keys, tasks, prices: one folder per noun, SQL beside its repository.
        .target(
            name: "Metastore",
            dependencies: ["PostgresClient", "TraceModel", "GenAIConventions", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: settings),
        // API key -> principal with project and scopes.
        .target(
            name: "Access", dependencies: ["TraceModel", "Metastore", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: settings),
        // Floor 4: the edges.
        // Admit, decode, enrich, append: free of any protocol.
        .target(
            name: "Ingest",
            dependencies: ["ByteCoding", "CZlib", "CZstd", "TraceModel", "GenAIConventions", "OTLP", "SpanStore"], swiftSettings: settings),
        // OTLP/HTTP endpoints and their statuses.
        .target(
            name: "OTLPReceiver",
            dependencies: [
                "OTLP", "Ingest", "Access", "TraceModel", .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "HTTPTypes", package: "swift-http-types"),
            ], swiftSettings: settings),
        // The handlers of openapi/, one file per tag, and the HTTP channel they are served on.
        .target(
            name: "HTTPAPI",
            dependencies: [
                "TraceModel", "OTLP", "SpanStore", "TraceQuery", "Metastore", "Access", "Ingest",
                .product(name: "Hummingbird", package: "hummingbird"), .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"), .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "HTTPTypes", package: "swift-http-types"), .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ], swiftSettings: settings),
        // Floor 5: the executable.
        .executableTarget(
            name: "spandrel",
            dependencies: [
                "ByteCoding", "FileSystem", "PostgresClient", "TraceModel", "GenAIConventions", "OTLP", "SpanStore", "TraceQuery", "Metastore",
                "Access", "Ingest", "OTLPReceiver", "HTTPAPI", .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"), .product(name: "Logging", package: "swift-log"),
            ], swiftSettings: settings),
    ]
)
