// swift-tools-version:6.2
import PackageDescription

let settings: [SwiftSetting] = [.enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility")]

let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let jwtKit: Target.Dependency = .product(name: "JWTKit", package: "jwt-kit")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")

// The rooms, in the order of docs/architecture.md: a target imports only from above its own line.
let package = Package(
    name: "spandrel",
    products: [
        .executable(name: "spandrel", targets: ["spandrel"]),
        .executable(name: "spandrel-testcase-worker", targets: ["spandrel-testcase-worker"]),
        .executable(name: "spandrel-feature-analyzer", targets: ["spandrel-feature-analyzer"]),
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    ],
    targets: [
        // Floor 0: system libraries, and the checksum instruction that Swift cannot spell.
        .systemLibrary(name: "CLibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CLibdeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
        .systemLibrary(name: "CXXHash", pkgConfig: "libxxhash", providers: [.apt(["libxxhash-dev"])]),
        .systemLibrary(name: "CLibcurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CLibzip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
        .target(name: "CCRC32C"),

        // Floor 1: bytes, files, PostgreSQL, HTTP in and out.
        // Bounds-checked reading and writing of bytes, varints, checksums, JSON.
        .target(name: "ByteCoding", dependencies: ["CCRC32C", "CXXHash"], swiftSettings: settings),
        // JSON objects that people wrote -> typed values, or every problem with its path.
        .target(name: "ContentReading", dependencies: ["ByteCoding"], swiftSettings: settings),
        // Patterns compiled to automata: matched in linear time, found with a step limit.
        .target(name: "RegularExpressions", swiftSettings: settings),
        // libyaml: YAML 1.2 as JSON values, with the place of each.
        .target(name: "YAML", dependencies: ["ByteCoding", "CLibYAML"], swiftSettings: settings),
        // IP addresses and networks.
        .target(name: "IPAddresses", swiftSettings: settings),
        // Files, fsync, rename and the directory lock behind one protocol.
        .target(name: "FileSystem", swiftSettings: settings),
        // libpq: connections, pool, rows, transactions, migrations, the private cluster.
        .target(name: "PostgresClient", dependencies: ["CLibpq", logging], swiftSettings: settings),
        // libcurl: requests out, streamed bodies, server-sent events, which addresses may be reached, mail.
        .target(name: "CurlClient", dependencies: ["ByteCoding", "CLibcurl", "IPAddresses"], swiftSettings: settings),
        // The HTTP/1.1 channel, request ids, logs, problems, bodies: what both edges are built on.
        .target(
            name: "HTTPServer",
            dependencies: [
                "ByteCoding", "IPAddresses", hummingbird, .product(name: "HummingbirdCore", package: "hummingbird"), nioCore, nioHTTP1,
                crypto, .product(name: "NIOWebSocket", package: "swift-nio"), .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP2", package: "swift-nio-extras"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
                httpTypes, logging,
            ], swiftSettings: settings),

        // Floor 2: what things are.
        // Trace id, span, resource, scope, attribute value, SpanBatch.
        .target(name: "TraceModel", swiftSettings: settings),
        // The conventions of GenAI telemetry -> one set of LLM fields; usage; cost.
        .target(name: "GenAIConventions", dependencies: ["ByteCoding", "RegularExpressions", "TraceModel"], swiftSettings: settings),
        // Test cases, runs, scores, verdicts: the values.
        .target(
            name: "EvaluationModel", dependencies: ["ByteCoding", "ContentReading", "GenAIConventions", "TraceModel"],
            swiftSettings: settings),
        // What agents are told: entries, drafts, differences, chunks: the values.
        .target(name: "KnowledgeModel", dependencies: ["ByteCoding", "ContentReading", crypto], swiftSettings: settings),
        // The sample of an LLM agent's traces that `spandrel demo` sends.
        .target(name: "DemoTraces", dependencies: ["ByteCoding", "TraceModel"], swiftSettings: settings),

        // Floor 3: formats, the store, queries, the control plane.
        // OTLP protobuf and JSON <-> SpanBatch and SpanRecord; partial success.
        .target(name: "OTLP", dependencies: ["ByteCoding", "TraceModel"], swiftSettings: settings),
        // Apache Parquet bytes <-> columns. Knows no traces.
        .target(name: "Parquet", dependencies: ["ByteCoding", "CLibdeflate", "CZlib", "CZstd"], swiftSettings: settings),
        // WAL, memtable, segments, manifest, snapshot, scan, retention.
        .target(
            name: "SpanStore", dependencies: ["ByteCoding", "CZstd", "FileSystem", "TraceModel", "GenAIConventions", "OTLP", "Parquet"],
            swiftSettings: settings),
        // Filter AST, plan, operators, rows.
        .target(
            name: "TraceQuery", dependencies: ["ByteCoding", "GenAIConventions", "RegularExpressions", "TraceModel", "SpanStore"],
            swiftSettings: settings),
        // Jobs in PostgreSQL: enqueued in a transaction, leased, held by heartbeats, retried, rescued.
        .target(name: "JobQueue", dependencies: ["PostgresClient"], swiftSettings: settings),
        // Organizations, projects, API keys, suites, runs, tasks, prices: one folder per noun, SQL beside its repository.
        .target(
            name: "Metastore",
            dependencies: [
                "ByteCoding", "ContentReading", "PostgresClient", "TraceModel", "GenAIConventions", "EvaluationModel", "KnowledgeModel",
                "JobQueue", logging,
            ],
            swiftSettings: settings),
        // API key or access token -> principal with project, scopes and roles; limits, passwords, secrets.
        .target(
            name: "Access",
            dependencies: [
                "ByteCoding", "CurlClient", "FileSystem", "IPAddresses", "TraceModel", "Metastore", crypto, cryptoExtras, jwtKit,
            ],
            swiftSettings: settings),

        // One chat and embedding shape over OpenAI, Anthropic, Gemini, xAI and whoever speaks like them.
        .target(name: "ModelProviders", dependencies: ["ByteCoding", "CurlClient", "GenAIConventions"], swiftSettings: settings),
        // Prompts, scorers, file formats of test cases; what results come to: statistics, verdicts, when to stop early.
        .target(
            name: "Evaluation",
            dependencies: ["ByteCoding", "ContentReading", "EvaluationModel", "RegularExpressions", "TraceModel", "YAML"],
            swiftSettings: settings),
        // OpenAPI documents, folders of Markdown, CREATE TABLE text, a live PostgreSQL's tables -> entries of a knowledge base; its export.
        .target(
            name: "KnowledgeImport", dependencies: ["ByteCoding", "CLibzip", "KnowledgeModel", "PostgresClient", "YAML"],
            swiftSettings: settings),
        // A knowledge base in a folder: its entries as files, what a pull writes and a push sends.
        .target(
            name: "KnowledgeFiles", dependencies: ["ByteCoding", "ContentReading", "KnowledgeImport", "KnowledgeModel", "YAML"],
            swiftSettings: settings),
        // What `spandrel run` does beside HTTP: its arguments, progress, reports for CI, the command beside the code under test.
        .target(name: "RunClient", dependencies: ["ByteCoding", "ContentReading", "EvaluationModel"], swiftSettings: settings),

        // Floor 4: the edges, and what works on runs.
        // Admit, decode, enrich, append: free of any protocol.
        .target(
            name: "Ingest",
            dependencies: [
                "ByteCoding", "CLibdeflate", "CZlib", "CZstd", "RegularExpressions", "TraceModel", "GenAIConventions", "OTLP", "SpanStore",
                crypto,
            ], swiftSettings: settings),
        // OTLP/HTTP endpoints and their statuses.
        .target(
            name: "OTLPReceiver",
            dependencies: ["OTLP", "Ingest", "Access", "TraceModel", "HTTPServer", hummingbird, nioCore, httpTypes, logging],
            swiftSettings: settings),
        // The server's own figures, and its traces and metrics on their way to a collector.
        .target(
            name: "TelemetryExport",
            dependencies: ["ByteCoding", "IPAddresses", "CurlClient", "HTTPServer", "TraceModel", "OTLP", logging], swiftSettings: settings),
        // Stored spans that are to be scored, found: rules followed, backfills planned.
        .target(
            name: "SpanScoring",
            dependencies: [
                "ByteCoding", "ContentReading", "EvaluationModel", "Metastore", "SpanStore", "TraceModel", "TraceQuery", logging,
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        // Workers: cells of runs executed, results written, runs planned and concluded.
        .target(
            name: "RunExecution",
            dependencies: [
                "Access", "ByteCoding", "ContentReading", "CurlClient", "Evaluation", "EvaluationModel", "GenAIConventions", "JobQueue",
                "Metastore", "ModelProviders", "OTLP", "TraceModel", crypto, logging,
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        // What agents are told, found: vectors in files, words in PostgreSQL, both ranked together.
        .target(
            name: "KnowledgeBase",
            dependencies: [
                "ByteCoding", "ContentReading", "EvaluationModel", "FileSystem", "GenAIConventions", "JobQueue", "KnowledgeImport",
                "KnowledgeModel", "Metastore", "ModelProviders", "OTLP", "RunExecution", "TraceModel",
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"), logging,
            ],
            swiftSettings: settings),
        // What users said in the traces of a window: from the store to PostgreSQL.
        .target(
            name: "FeatureCollection",
            dependencies: ["ByteCoding", "GenAIConventions", "Metastore", "SpanStore", "TraceModel", "TraceQuery", logging],
            swiftSettings: settings),
        // Workers: what users were trying to do, found by embeddings and clustering, named by a model.
        .target(
            name: "FeatureAnalysis",
            dependencies: [
                "ByteCoding", "GenAIConventions", "JobQueue", "Metastore", "ModelProviders", "OTLP", "RunExecution", "TraceModel", logging,
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        // Backups of a running server, store and database, and what is made of them again.
        .target(
            name: "Backup",
            dependencies: ["ByteCoding", "FileSystem", "PostgresClient", "SpanStore", "Metastore", crypto, logging], swiftSettings: settings
        ),
        // The handlers of openapi/, one file per tag.
        .target(
            name: "HTTPAPI",
            dependencies: [
                "Backup", "ByteCoding", "ContentReading", "IPAddresses", "CurlClient", "TraceModel", "GenAIConventions", "DemoTraces",
                "OTLP",
                "SpanStore",
                "TraceQuery", "EvaluationModel", "JobQueue", "PostgresClient", "Metastore", "Evaluation", "Access", "Ingest",
                "RunExecution",
                "KnowledgeBase", "KnowledgeImport", "KnowledgeModel", "TelemetryExport",
                "SpanScoring",
                "HTTPServer",
                crypto, hummingbird, nioCore, nioHTTP1, .product(name: "NIOPosix", package: "swift-nio"), httpTypes,
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                logging,
            ], swiftSettings: settings),

        // The pages: HTML of what the API answers.
        .target(
            name: "Dashboard",
            dependencies: [
                "Access", "ByteCoding", "CZlib", "HTTPAPI", "HTTPServer", "IPAddresses", "Metastore", "TraceQuery",
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Mustache", package: "swift-mustache"), crypto, hummingbird, httpTypes, nioCore,
            ], exclude: ["Assets", "Templates"], swiftSettings: settings, plugins: ["EmbedResources"]),
        // Templates and assets -> a Swift file, at build time.
        .plugin(name: "EmbedResources", capability: .buildTool(), dependencies: ["resource-embedder"]),
        .executableTarget(name: "resource-embedder", path: "Plugins/ResourceEmbedder", swiftSettings: settings),

        // What every program takes from its flags, its environment and its system.
        .target(
            name: "ProcessSetup",
            dependencies: [
                "CurlClient", "GenAIConventions", "HTTPServer", "IPAddresses", "Metastore",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"), logging,
            ], swiftSettings: settings),

        // Floor 5: the executables.
        .executableTarget(
            name: "spandrel",
            dependencies: [
                "Backup", "ByteCoding", "FileSystem", "PostgresClient", "TraceModel", "GenAIConventions", "DemoTraces", "OTLP", "SpanStore",
                "TraceQuery", "CurlClient",
                "Metastore", "Access", "Ingest", "OTLPReceiver", "TelemetryExport", "HTTPAPI", "Dashboard", "HTTPServer", "IPAddresses",
                "EvaluationModel", "FeatureAnalysis", "FeatureCollection", "JobQueue", "KnowledgeBase", "ModelProviders", "ProcessSetup",
                "ContentReading", "KnowledgeFiles", "KnowledgeModel", "RunClient",
                "RunExecution", "SpanScoring", hummingbird,
                nioCore, nioHTTP1,
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOPosix", package: "swift-nio"), .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"), logging,
            ], swiftSettings: settings),

        // What worker programs share: their options and composition.
        .target(
            name: "WorkerProcess",
            dependencies: [
                "Access", "CurlClient", "FileSystem", "GenAIConventions", "Metastore", "PostgresClient", "ProcessSetup", "RunExecution",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"), logging,
            ], path: "Workers/WorkerProcess", swiftSettings: settings),
        // Workers as processes of their own.
        .executableTarget(
            name: "spandrel-testcase-worker",
            dependencies: [
                "FileSystem", "KnowledgeBase", "Metastore", "ProcessSetup", "RunExecution", "WorkerProcess",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ], path: "Workers/TestCaseWorker", swiftSettings: settings),
        .executableTarget(
            name: "spandrel-feature-analyzer",
            dependencies: ["FeatureAnalysis", "WorkerProcess", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            path: "Workers/FeatureAnalyzer", swiftSettings: settings),

        // What decoding, appending and sealing cost a span, in time, allocations and bytes: part of `make bench-check`.
        .target(name: "AllocationCount", path: "Benchmarks/AllocationCount"),
        .executableTarget(
            name: "StoreCost",
            dependencies: [
                "AllocationCount", "ByteCoding", "FileSystem", "GenAIConventions", "OTLP", "SpanStore", "TraceModel", "TraceQuery",
            ],
            path: "Benchmarks/StoreCost", swiftSettings: settings),

        // What ten thousand projects cost of which most are idle: `Benchmarks/idle-projects`.
        .executableTarget(
            name: "IdleProjects", dependencies: ["FileSystem", "GenAIConventions", "OTLP", "SpanStore", "TraceModel"],
            path: "Benchmarks/IdleProjects", swiftSettings: settings),

        // What authentication, authorization and limits cost a request: part of `make bench`.
        .executableTarget(
            name: "AccessCost", dependencies: ["ByteCoding", "IPAddresses", "TraceModel", "Metastore", "Access", crypto],
            path: "Benchmarks/AccessCost", swiftSettings: settings),

        // What a search costs in a large knowledge base: `make bench-knowledge`.
        .executableTarget(
            name: "KnowledgeSearch", dependencies: ["ByteCoding", "KnowledgeBase", "Metastore", "PostgresClient", "TraceModel", logging],
            path: "Benchmarks/KnowledgeSearch", swiftSettings: settings),

        // Verdicts of simulated runs over a whole grid, 10,000 runs a row: part of `make soak`.
        .executableTarget(
            name: "VerdictSimulation", dependencies: ["Evaluation", "EvaluationModel", "SimulatedRuns"],
            path: "Benchmarks/VerdictSimulation", swiftSettings: settings),

        // Tests mirror Sources/. Libraries help them: random numbers that come again, a disk that fails on purpose, random lives of a store,
        // servers that fail, a PostgreSQL and an installation of their own, runs drawn from a known truth.
        .target(name: "SeededRandom", path: "Tests/Support/SeededRandom", swiftSettings: settings),
        .target(
            name: "SimulatedDisk", dependencies: ["FileSystem", "SeededRandom"], path: "Tests/Support/SimulatedDisk",
            swiftSettings: settings),
        .target(
            name: "StoreMachine",
            dependencies: [
                "FileSystem", "GenAIConventions", "OTLP", "SeededRandom", "SimulatedDisk", "SpanStore", "TraceModel", "TraceQuery",
            ],
            path: "Tests/Support/StoreMachine", swiftSettings: settings),
        // Long random lives of a store, and of one that is killed over and over: `make soak`.
        .executableTarget(
            name: "StoreSoak", dependencies: ["FileSystem", "SeededRandom", "SpanStore", "StoreMachine"], path: "Tests/StoreSoak",
            swiftSettings: settings),
        .target(
            name: "LoopbackTesting", dependencies: [nioCore, .product(name: "NIOPosix", package: "swift-nio")],
            path: "Tests/Support/LoopbackTesting", swiftSettings: settings),
        .target(
            name: "PostgresTesting", dependencies: ["PostgresClient", logging], path: "Tests/PostgresTesting", swiftSettings: settings),
        .target(
            name: "MetastoreTesting", dependencies: ["Metastore", "PostgresClient", "PostgresTesting"],
            path: "Tests/Support/MetastoreTesting", swiftSettings: settings),
        .target(
            name: "SimulatedRuns", dependencies: ["Evaluation", "EvaluationModel"], path: "Tests/Support/SimulatedRuns",
            swiftSettings: settings),
        .target(
            name: "HTTPTesting",
            dependencies: [
                "Access", "ByteCoding", "CurlClient", "CZlib", "CZstd", "GenAIConventions", "HTTPAPI", "HTTPServer", "Ingest", "Metastore",
                "KnowledgeBase", "MetastoreTesting", "OTLPReceiver",
                "PostgresClient",
                "PostgresTesting",
                "SpanScoring", "SpanStore", "TraceModel", "TraceQuery", crypto, cryptoExtras, hummingbird,
                .product(name: "HummingbirdCore", package: "hummingbird"), httpTypes, nioCore,
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"), logging,
            ], path: "Tests/Support/HTTPTesting", swiftSettings: settings),
        // AI providers for tests: a program that speaks their HTTP dialects and fails as they do, when told to.
        .executableTarget(
            name: "provider-stand-in",
            dependencies: [
                "ByteCoding", nioCore, nioHTTP1, .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], path: "Tests/ProviderStandIn", exclude: ["README.md"], swiftSettings: settings),
        .testTarget(name: "ArchitectureTests", swiftSettings: settings),
        .testTarget(
            name: "RunExecutionTests",
            dependencies: [
                "ByteCoding", "CurlClient", "Evaluation", "EvaluationModel", "GenAIConventions", "JobQueue", "LoopbackTesting", "Metastore",
                "MetastoreTesting", "ModelProviders", "PostgresClient", "PostgresTesting", "RunExecution", "TraceModel",
            ], swiftSettings: settings),
        .testTarget(name: "ProviderStandInTests", dependencies: ["ByteCoding", "provider-stand-in"], swiftSettings: settings),
        .testTarget(name: "ByteCodingTests", dependencies: ["ByteCoding"], swiftSettings: settings),
        .testTarget(name: "ContentReadingTests", dependencies: ["ByteCoding", "ContentReading"], swiftSettings: settings),
        .testTarget(name: "RegularExpressionsTests", dependencies: ["RegularExpressions", "SeededRandom"], swiftSettings: settings),
        .testTarget(name: "YAMLTests", dependencies: ["ByteCoding", "SeededRandom", "YAML"], swiftSettings: settings),
        .testTarget(name: "FileSystemTests", dependencies: ["FileSystem", "SeededRandom"], swiftSettings: settings),
        .testTarget(
            name: "PostgresClientTests", dependencies: ["PostgresClient", "PostgresTesting", "SeededRandom", logging],
            swiftSettings: settings),
        .testTarget(
            name: "CurlClientTests",
            dependencies: ["CurlClient", "IPAddresses", "LoopbackTesting"],
            swiftSettings: settings),
        .testTarget(
            name: "ModelProvidersTests",
            dependencies: [
                "ByteCoding", "CurlClient", "GenAIConventions", "IPAddresses", "LoopbackTesting", "ModelProviders", "SeededRandom",
            ],
            swiftSettings: settings),
        .testTarget(name: "IPAddressesTests", dependencies: ["IPAddresses"], swiftSettings: settings),
        .testTarget(name: "TraceModelTests", dependencies: ["TraceModel"], swiftSettings: settings),
        .testTarget(
            name: "GenAIConventionsTests", dependencies: ["ByteCoding", "GenAIConventions", "SeededRandom", "TraceModel"],
            swiftSettings: settings),
        .testTarget(
            name: "DemoTracesTests", dependencies: ["DemoTraces", "GenAIConventions", "OTLP", "TraceModel"], swiftSettings: settings),
        .testTarget(
            name: "EvaluationModelTests", dependencies: ["ByteCoding", "ContentReading", "EvaluationModel", "TraceModel"],
            swiftSettings: settings),
        .testTarget(
            name: "KnowledgeModelTests", dependencies: ["ByteCoding", "ContentReading", "KnowledgeModel", "SeededRandom"],
            swiftSettings: settings),
        .testTarget(
            name: "KnowledgeImportTests",
            dependencies: ["ByteCoding", "KnowledgeImport", "KnowledgeModel", "PostgresClient", "PostgresTesting", "SeededRandom"],
            swiftSettings: settings),
        .testTarget(name: "OTLPTests", dependencies: ["ByteCoding", "OTLP", "SeededRandom", "TraceModel"], swiftSettings: settings),
        .testTarget(
            name: "ParquetTests", dependencies: ["ByteCoding", "Parquet", "SeededRandom"], exclude: ["Interop"], swiftSettings: settings),
        .testTarget(
            name: "SpanStoreTests",
            dependencies: [
                "ByteCoding", "FileSystem", "GenAIConventions", "OTLP", "Parquet", "SeededRandom", "SimulatedDisk", "SpanStore",
                "TraceModel",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "StoreSoakTests", dependencies: ["FileSystem", "SeededRandom", "SpanStore", "StoreMachine", "StoreSoak", "TraceModel"],
            swiftSettings: settings),
        .testTarget(
            name: "TraceQueryTests",
            dependencies: ["ByteCoding", "RegularExpressions", "SeededRandom", "SpanStore", "TraceModel", "TraceQuery"],
            swiftSettings: settings),
        .testTarget(
            name: "JobQueueTests",
            dependencies: ["JobQueue", "Metastore", "MetastoreTesting", "PostgresClient", "PostgresTesting", "SeededRandom"],
            swiftSettings: settings),
        .testTarget(
            name: "MetastoreTests",
            dependencies: [
                "ByteCoding", "EvaluationModel", "GenAIConventions", "JobQueue", "KnowledgeModel", "Metastore", "MetastoreTesting",
                "PostgresClient", "PostgresTesting", "SeededRandom", "TraceModel", logging,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "EvaluationTests",
            dependencies: [
                "ByteCoding", "ContentReading", "Evaluation", "EvaluationModel", "RegularExpressions", "SeededRandom", "SimulatedRuns",
                "TraceModel",
                "YAML",
            ],
            exclude: ["Fixtures", "Reference"], swiftSettings: settings),
        .testTarget(
            name: "KnowledgeBaseTests",
            dependencies: [
                "Access", "ByteCoding", "CurlClient", "EvaluationModel", "GenAIConventions", "JobQueue", "KnowledgeBase", "KnowledgeImport",
                "KnowledgeModel", "Metastore", "MetastoreTesting", "ModelProviders", "PostgresClient", "PostgresTesting", "RunExecution",
                "SeededRandom", "TraceModel",
                "provider-stand-in", .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"), logging,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "FeatureCollectionTests",
            dependencies: [
                "ByteCoding", "FeatureCollection", "GenAIConventions", "OTLP", "SimulatedDisk", "SpanStore", "TraceModel", "TraceQuery",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "FeatureAnalysisTests",
            dependencies: ["ByteCoding", "FeatureAnalysis", "Metastore", "ModelProviders", "SeededRandom", "TraceModel"],
            swiftSettings: settings),
        .testTarget(
            name: "KnowledgeFilesTests", dependencies: ["ByteCoding", "KnowledgeFiles", "KnowledgeModel", "SeededRandom"],
            swiftSettings: settings),
        .testTarget(
            name: "RunClientTests", dependencies: ["ByteCoding", "EvaluationModel", "RunClient", "YAML"], swiftSettings: settings),
        .testTarget(
            name: "AccessTests",
            dependencies: [
                "Access", "ByteCoding", "CurlClient", "HTTPTesting", "IPAddresses", "Metastore", "MetastoreTesting", "PostgresClient",
                "PostgresTesting", "SeededRandom", "TraceModel", crypto, jwtKit, logging,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "BackupTests",
            dependencies: [
                "Backup", "ByteCoding", "FileSystem", "GenAIConventions", "Metastore", "OTLP", "PostgresClient", "PostgresTesting",
                "SeededRandom", "SimulatedDisk", "SpanStore", "TraceModel", logging,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "IngestTests",
            dependencies: [
                "ByteCoding", "CZlib", "CZstd", "GenAIConventions", "Ingest", "OTLP", "SeededRandom", "SimulatedDisk", "SpanStore",
                "TraceModel", "TraceQuery",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "SpanScoringTests",
            dependencies: [
                "ByteCoding", "EvaluationModel", "FileSystem", "GenAIConventions", "Metastore", "MetastoreTesting", "OTLP",
                "PostgresTesting",
                "SpanScoring", "SpanStore", "TraceModel", "TraceQuery", logging,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "HTTPServerTests",
            dependencies: ["ByteCoding", "HTTPServer", "HTTPTesting", "IPAddresses", hummingbird, nioCore, httpTypes],
            swiftSettings: settings),
        .testTarget(
            name: "OTLPReceiverTests",
            dependencies: [
                "Access", "ByteCoding", "GenAIConventions", "HTTPTesting", "Ingest", "Metastore", "OTLP", "PostgresClient", "SpanStore",
                "TraceModel", logging,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "HTTPAPITests",
            dependencies: [
                "Access", "ByteCoding", "CurlClient", "EvaluationModel", "FileSystem", "HTTPAPI", "HTTPServer", "HTTPTesting",
                "GenAIConventions", "IPAddresses", "Ingest",
                "JobQueue", "KnowledgeImport", "KnowledgeModel", "Metastore", "OTLP", "SeededRandom",
                "SpanStore", "TraceModel", "TelemetryExport", "TraceQuery", "PostgresClient", "PostgresTesting",
                httpTypes, nioCore, .product(name: "NIOPosix", package: "swift-nio"), logging,
            ], swiftSettings: settings),
        .testTarget(
            name: "DashboardTests",
            dependencies: [
                "Access", "ByteCoding", "Dashboard", "HTTPAPI", "HTTPServer", "HTTPTesting", "Metastore", "SeededRandom", "TraceModel",
                "TraceQuery", httpTypes,
            ], exclude: ["Samples"], swiftSettings: settings),
        .testTarget(
            name: "TelemetryExportTests",
            dependencies: ["CurlClient", "HTTPServer", "IPAddresses", "OTLP", "TelemetryExport", "TraceModel"], swiftSettings: settings),
    ]
)
