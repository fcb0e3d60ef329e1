// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ] + (Context.environment["CI"] == nil ? [] : [.treatAllWarnings(as: .error)])

let package = Package(
    name: "pairs-exporter-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "pairs-exporter", path: ".."),
        // Without its traits it needs no malloc library; its malloc counts then read 0.
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
    ],
    targets: [
        .executableTarget(
            name: "Stages",
            dependencies: [
                .product(name: "Benchmark", package: "benchmark"),
                .product(name: "MarketData", package: "pairs-exporter"),
                .product(name: "PairEngine", package: "pairs-exporter"),
                .product(name: "PairStatistics", package: "pairs-exporter"),
                .product(name: "PrometheusExposition", package: "pairs-exporter"),
                .product(name: "TradeFeeds", package: "pairs-exporter"),
                .product(name: "TradeStore", package: "pairs-exporter"),
            ],
            path: "Benchmarks/Stages",
            swiftSettings: settings,
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
        )
    ]
)
