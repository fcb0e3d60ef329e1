// swift-tools-version: 6.2
import PackageDescription

/// Every target is built the same way: Swift 6 language mode, explicit imports, and warnings that fail the build in CI
/// (a user with a newer compiler must not be stopped by a warning we could not know).
let settings: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ] + (Context.environment["CI"] == nil ? [] : [.treatAllWarnings(as: .error)])

/// Declarations that other targets use are `package`. In `MarketData` and `PairStatistics`, and where decoders use
/// `TradeFeeds`, they are `public`: the compiler inlines across targets only what is, and a reading costs 34 % more
/// instructions without.
let package = Package(
    name: "pairs-exporter",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "pairs-exporter", targets: ["pairs-exporter"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CCrypt", providers: [.apt(["libcrypt-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(
            name: "CBuildInformation",
            cSettings: [.define("REVISION", to: "\"\(Context.environment["REVISION"] ?? "unknown")\"")]
        ),
        .target(name: "MarketData", swiftSettings: settings),
        .target(
            name: "PairStatistics",
            dependencies: [.product(name: "RealModule", package: "swift-numerics")],
            swiftSettings: settings
        ),
        .target(
            name: "PairEngine",
            dependencies: ["MarketData", "PairStatistics", .product(name: "RealModule", package: "swift-numerics")],
            swiftSettings: settings
        ),
        .target(
            name: "PairsMetrics",
            dependencies: [
                "MarketData", "PairEngine", "PairStatistics", "PrometheusExposition",
                .product(name: "RealModule", package: "swift-numerics"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "SimulatedPairs",
            dependencies: ["MarketData", "PairEngine", .product(name: "RealModule", package: "swift-numerics")],
            swiftSettings: settings
        ),
        .target(
            name: "SimulatedMarket",
            dependencies: ["MarketData", "TradeFeeds", .product(name: "RealModule", package: "swift-numerics")],
            swiftSettings: settings
        ),
        .target(
            name: "TradeFeeds",
            dependencies: [
                "MarketData",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "TradeFiles",
            dependencies: [
                "CZlib", "MarketData", "TradeFeeds",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "TradeStore",
            dependencies: [
                "MarketData",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
        .target(name: "PrometheusExposition", dependencies: ["CZlib"], swiftSettings: settings),
        .target(
            name: "ExporterHTTP",
            dependencies: [
                "CCrypt",
                "PrometheusExposition",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "PairsApp",
            dependencies: [
                "CBuildInformation", "ExporterHTTP", "MarketData", "PairEngine", "PairStatistics", "PairsMetrics",
                "PrometheusExposition", "SimulatedMarket", "TradeFeeds", "TradeFiles", "TradeStore", "Yams",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "RealModule", package: "swift-numerics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "PairsTools",
            dependencies: [
                "MarketData", "PairEngine", "PairStatistics", "PairsApp", "PairsMetrics", "PrometheusExposition",
                "TradeFeeds",
                "TradeFiles", "TradeStore",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "RealModule", package: "swift-numerics"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "pairs-exporter",
            dependencies: [
                "ExporterHTTP", "MarketData", "PairEngine", "PairStatistics", "PairsApp", "PairsTools",
                "PrometheusExposition",
                "TradeFeeds", "TradeFiles", "TradeStore",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "VenueSimulator",
            dependencies: [
                "MarketData", "TradeFeeds", "TradeFiles",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "TestSupport",
            dependencies: [
                "MarketData", "PairStatistics", "TradeFeeds", "TradeStore",
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Tests/TestSupport",
            swiftSettings: settings
        ),
        .testTarget(name: "MarketDataTests", dependencies: ["MarketData", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "PairStatisticsTests",
            dependencies: ["PairStatistics", "TestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "PairEngineTests",
            dependencies: [
                "MarketData", "PairEngine", "PairStatistics", "SimulatedPairs", "TestSupport",
                .product(name: "RealModule", package: "swift-numerics"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "PairsMetricsTests",
            dependencies: [
                "MarketData", "PairEngine", "PairStatistics", "PairsMetrics", "PrometheusExposition", "SimulatedPairs",
                "TestSupport",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SimulatedMarketTests",
            dependencies: ["MarketData", "SimulatedMarket", "TestSupport", "TradeFeeds"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "TradeFeedsTests",
            dependencies: [
                "MarketData", "TestSupport", "TradeFeeds", "VenueSimulator",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "TradeFilesTests",
            dependencies: [
                "CZlib", "MarketData", "TestSupport", "TradeFeeds", "TradeFiles",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "TradeStoreTests",
            dependencies: [
                "MarketData", "TestSupport", "TradeStore",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "PrometheusExpositionTests",
            dependencies: ["CZlib", "PrometheusExposition", "TestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ExporterHTTPTests",
            dependencies: [
                "ExporterHTTP", "PrometheusExposition", "TestSupport",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "PairsAppTests",
            dependencies: [
                "ExporterHTTP", "MarketData", "PairEngine", "PairStatistics", "PairsApp", "PairsMetrics", "PairsTools",
                "PrometheusExposition",
                "SimulatedMarket", "SimulatedPairs", "TestSupport", "TradeFeeds", "TradeFiles", "TradeStore",
                "VenueSimulator",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
    ]
)

/// The benchmarks measure parts that only this package may use. `BENCHMARKS=1 swift build -c release` builds them too.
if Context.environment["BENCHMARKS"] != nil {
    let folder = "Benchmarks/Sources/"
    package.targets += [
        .target(name: "CAllocations", path: folder + "CAllocations"),
        .target(name: "CInstructions", path: folder + "CInstructions"),
        .target(name: "CPlainStore", path: folder + "CPlainStore", linkerSettings: [.linkedLibrary("sqlite3")]),
        .executableTarget(
            name: "AlertLoad",
            dependencies: ["MarketData", "PairEngine", "SimulatedMarket", "SimulatedPairs"],
            path: folder + "AlertLoad",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "Calibration",
            dependencies: ["MarketData", "PairEngine", "PairStatistics", "SimulatedPairs"],
            path: folder + "Calibration",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "NullTables",
            dependencies: [
                "PairStatistics", "SimulatedPairs",
                .product(name: "RealModule", package: "swift-numerics"),
            ],
            path: folder + "NullTables",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "Stages",
            dependencies: [
                "CAllocations", "CInstructions", "CPlainStore", "ExporterHTTP", "MarketData", "PairEngine",
                "PairStatistics", "PrometheusExposition", "TradeFeeds", "TradeStore",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: folder + "Stages",
            swiftSettings: settings
        ),
    ]
}
