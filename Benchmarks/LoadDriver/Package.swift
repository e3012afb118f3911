// swift-tools-version:6.2
import PackageDescription

// The benchmark's client, a package of its own: it shares no code with what it measures and builds in seconds.
let package = Package(
    name: "LoadDriver",
    targets: [.executableTarget(name: "LoadDriver", swiftSettings: [.enableUpcomingFeature("ExistentialAny")])]
)
