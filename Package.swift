// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioWebSocket: Target.Dependency = .product(name: "NIOWebSocket", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let nioHTTPTypes: Target.Dependency = .product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioHTTPTypesHTTP1: Target.Dependency = .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")

// The levels of docs/data-flow.md, lowest first; scripts/check-layers holds them.
let package = Package(
    name: "drizzl",
    products: [
        .executable(name: "drizzl", targets: ["Drizzl"]),
        // For Benchmarks/, a package beside this one.
        .library(name: "DrizzlQueue", targets: ["Database", "Jobs", "Workers"]),
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/hummingbird-project/swift-mustache.git", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.35.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(
            name: "CCairo", pkgConfig: "pangocairo",
            providers: [.apt(["libpango1.0-dev", "libcairo2-dev", "libfontconfig-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CArgon2", pkgConfig: "libargon2", providers: [.apt(["libargon2-dev"])]),

        .target(name: "Database", dependencies: ["CLibPQ", crypto], swiftSettings: settings),
        // Optimized in debug builds too: it visits tens of thousands of states, for each seeded mistake anew.
        .target(name: "Exploration", swiftSettings: settings + [.unsafeFlags(["-O"])]),
        .target(name: "StateMachines", dependencies: ["Exploration", "Yams"], swiftSettings: settings),
        .target(name: "Storage", dependencies: ["CCurl", crypto], swiftSettings: settings),
        .target(name: "Telemetry", swiftSettings: settings),
        .target(name: "Jobs", dependencies: ["Database", "Telemetry", crypto], swiftSettings: settings),
        .target(name: "Documents", dependencies: ["CCairo", mustache], swiftSettings: settings),

        .target(
            name: "Accounts", dependencies: ["CArgon2", "Database", "StateMachines", crypto],
            swiftSettings: settings),
        .target(
            name: "Workflows",
            dependencies: [
                "Accounts", "Database", "StateMachines", "Jobs", "Documents", "Storage", "Telemetry", crypto,
            ],
            swiftSettings: settings),

        .target(
            name: "Workers",
            dependencies: [
                "Accounts", "CCurl", "Database", "Documents", "Jobs", "StateMachines", "Storage", "Telemetry",
                "Workflows", lifecycle, logging,
            ],
            swiftSettings: settings),
        .target(
            name: "JobTesting", dependencies: ["Database", "Jobs", "Workers", logging], swiftSettings: settings),
        .target(
            name: "Scheduler", dependencies: ["Database", "Jobs", "StateMachines", "Workflows", lifecycle, logging],
            swiftSettings: settings),
        .target(
            name: "Chaos",
            dependencies: [
                "Database", "Jobs", "Scheduler", "Workers", lifecycle, logging,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        .target(
            name: "Bench",
            dependencies: [
                "Database", "Jobs", "StateMachines", "Workers", "Workflows", lifecycle, logging,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        .target(
            name: "Scenarios", dependencies: ["Database", "StateMachines", "Workflows"], swiftSettings: settings),
        .target(
            name: "WebAPI",
            dependencies: [
                "Accounts", "CZlib", "Database", "Jobs", "StateMachines", "Storage", "Telemetry", "Workflows",
                hummingbird,
                hummingbirdCore,
                httpTypes, lifecycle,
                nioCore, nioHTTP1, nioHTTPTypes, nioHTTPTypesHTTP1, nioPosix, nioWebSocket, logging, crypto,
            ],
            swiftSettings: settings),
        .target(
            name: "Portals",
            dependencies: [
                "Accounts", "Database", "Jobs", "StateMachines", "Workflows", "Documents", "WebAPI", hummingbird,
                hummingbirdCore,
                httpTypes, mustache, nioCore, nioPosix,
            ],
            swiftSettings: settings),

        .executableTarget(
            name: "Drizzl",
            dependencies: [
                "Accounts", "Bench", "Chaos", "Database", "Documents", "Jobs", "Portals", "Scenarios", "Scheduler",
                "StateMachines", "Storage",
                "Telemetry", "WebAPI", "Workers", "Workflows", hummingbird, lifecycle, logging, crypto,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),

        .target(
            name: "TestSupport", dependencies: ["Database"], path: "Tests/TestSupport", exclude: ["Resources"],
            swiftSettings: settings),
        .testTarget(
            name: "AccountsTests", dependencies: ["Accounts", "Database", "TestSupport"], swiftSettings: settings),
        .testTarget(name: "DatabaseTests", dependencies: ["Database", "TestSupport"], swiftSettings: settings),
        .target(
            name: "Mutations", dependencies: ["Yams"], path: "Tests/Mutations",
            swiftSettings: settings + [.unsafeFlags(["-O"])]),
        .testTarget(name: "StateMachinesTests", dependencies: ["StateMachines"], swiftSettings: settings),
        .testTarget(
            name: "MutantTests", dependencies: ["Mutations", "Scenarios", "StateMachines", "TestSupport"],
            swiftSettings: settings),
        .testTarget(name: "StorageTests", dependencies: ["Storage", "TestSupport", crypto], swiftSettings: settings),
        .testTarget(name: "TelemetryTests", dependencies: ["Telemetry", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "JobsTests", dependencies: ["Database", "Jobs", "Telemetry", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "DocumentsTests", dependencies: ["Documents", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "WorkflowsTests",
            dependencies: ["Accounts", "Database", "StateMachines", "Jobs", "Workflows", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "WorkersTests",
            dependencies: [
                "Database", "Documents", "Jobs", "StateMachines", "Storage", "Telemetry", "Workers", "Workflows",
                "TestSupport", lifecycle, logging,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "JobTestingTests",
            dependencies: ["Database", "Jobs", "JobTesting", "Workers", "TestSupport", logging],
            swiftSettings: settings),
        .testTarget(
            name: "SchedulerTests",
            dependencies: [
                "Database", "Jobs", "Scheduler", "StateMachines", "Workflows", "TestSupport", lifecycle, logging,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ChaosTests",
            dependencies: ["Chaos", "Database", "Jobs", "Scheduler", "TestSupport", "Workers"],
            swiftSettings: settings),
        .testTarget(
            name: "ScenariosTests",
            dependencies: ["Scenarios", "StateMachines", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "WebAPITests",
            dependencies: [
                "Accounts", "Database", "Jobs", "Portals", "StateMachines", "Storage", "Telemetry", "WebAPI",
                "Workflows", "TestSupport",
                hummingbird, hummingbirdCore, httpTypes, lifecycle, logging, nioCore, nioEmbedded, nioPosix,
                nioWebSocket, crypto,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "PortalsTests", dependencies: ["Accounts", "Documents", "Portals", "WebAPI"], swiftSettings: settings),
        .testTarget(
            name: "BrowserTests", dependencies: ["Drizzl", "TestSupport"], exclude: ["Scripts"],
            swiftSettings: settings),
        .testTarget(
            name: "DrizzlTests", dependencies: ["Accounts", "Database", "Drizzl", "Jobs", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "HighAvailabilityTests", dependencies: ["Database", "Drizzl", "Jobs", "TestSupport"],
            swiftSettings: settings),
        .testTarget(name: "ContractTests", dependencies: ["TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "WholeFlowTests", dependencies: ["Database", "StateMachines", "Workflows", "TestSupport"],
            swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
