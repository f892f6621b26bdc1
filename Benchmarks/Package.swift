// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]
let drizzl: Target.Dependency = .product(name: "DrizzlQueue", package: "drizzl")

// A package of its own, so that neither a build nor the tests of the house wait for it.
let package = Package(
    name: "benchmarks",
    dependencies: [
        .package(name: "drizzl", path: ".."),
        // As the house has it.
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", exact: "2.28.1", traits: []),
    ],
    targets: [
        .executableTarget(name: "QueueBench", dependencies: [drizzl], swiftSettings: settings),
        .executableTarget(
            name: "BareRoute", dependencies: [drizzl, .product(name: "Hummingbird", package: "hummingbird")],
            swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
