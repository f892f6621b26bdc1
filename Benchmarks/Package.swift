// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that neither a build nor the tests of the house wait for it.
let package = Package(
    name: "benchmarks",
    dependencies: [.package(name: "drizzl", path: "..")],
    targets: [
        .executableTarget(
            name: "QueueBench", dependencies: [.product(name: "DrizzlQueue", package: "drizzl")],
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
                .treatAllWarnings(as: .error),
            ])
    ],
    swiftLanguageModes: [.v6]
)
