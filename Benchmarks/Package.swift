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
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    ],
    targets: [
        .target(name: "CAllocations"),
        .target(name: "CInstructions"),
        .target(name: "CPlainStore", linkerSettings: [.linkedLibrary("sqlite3")]),
        .executableTarget(
            name: "AlertLoad",
            dependencies: [
                .product(name: "MarketData", package: "pairs-exporter"),
                .product(name: "PairEngine", package: "pairs-exporter"),
                .product(name: "SimulatedPairs", package: "pairs-exporter"),
                .product(name: "TradeFeeds", package: "pairs-exporter"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "Calibration",
            dependencies: [
                .product(name: "MarketData", package: "pairs-exporter"),
                .product(name: "PairEngine", package: "pairs-exporter"),
                .product(name: "PairStatistics", package: "pairs-exporter"),
                .product(name: "SimulatedPairs", package: "pairs-exporter"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "NullTables",
            dependencies: [
                .product(name: "PairStatistics", package: "pairs-exporter"),
                .product(name: "RealModule", package: "swift-numerics"),
                .product(name: "SimulatedPairs", package: "pairs-exporter"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "Stages",
            dependencies: [
                "CAllocations",
                "CInstructions",
                "CPlainStore",
                .product(name: "ExporterHTTP", package: "pairs-exporter"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "MarketData", package: "pairs-exporter"),
                .product(name: "PairEngine", package: "pairs-exporter"),
                .product(name: "PairStatistics", package: "pairs-exporter"),
                .product(name: "PrometheusExposition", package: "pairs-exporter"),
                .product(name: "TradeFeeds", package: "pairs-exporter"),
                .product(name: "TradeStore", package: "pairs-exporter"),
            ],
            swiftSettings: settings
        ),
    ]
)
