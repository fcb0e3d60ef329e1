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
    ],
    targets: [
        .target(name: "CAllocations"),
        .target(name: "CPlainStore", linkerSettings: [.linkedLibrary("sqlite3")]),
        .executableTarget(
            name: "Stages",
            dependencies: [
                "CAllocations",
                "CPlainStore",
                .product(name: "Logging", package: "swift-log"),
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
