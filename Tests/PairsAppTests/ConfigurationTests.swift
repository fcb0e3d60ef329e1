import MarketData
import PairEngine
import PairsApp
import SimulatedMarket
import Testing
import TradeFeeds
import TradeFiles
import TradeStore

@Suite struct ConfigurationTests {
    @Test("Without a file, ETHUSDT on BTCUSDT at Binance is watched")
    func standard() throws {
        let configuration = try Configuration.standard()
        #expect(configuration.feeds.map(\.venue) == [.binanceUSDM])
        #expect(configuration.feeds[0].stream == "aggTrade")
        #expect(configuration.pairs.map(\.name) == ["ETHUSDT-BTCUSDT"])
        #expect(configuration.pairs[0].y.description == "binance-usdm:ETHUSDT")
        #expect(configuration.timeframes.map(\.label) == ["1m", "5m"])
        #expect(configuration.pairs[0].settings.windows == [240, 1000])
        #expect(configuration.pairs[0].settings.tests.minimumObservations == 200)
        #expect(configuration.bars.lateness == 250_000)
        #expect(configuration.storage.path == "data/pairs.sqlite")
        #expect(configuration.storage.retention(of: try #require(Timeframe("1m"))) == 90 * 86_400_000_000)
        #expect(configuration.seriesLimit == 100_000)
    }

    @Test("Every documented key is read")
    func everyKey() throws {
        let configuration = try Configuration(
            yaml: """
                feeds:
                  - venue: binance-usdm
                    websocket_url: ws://127.0.0.1:1
                    rest_url: http://127.0.0.1:2
                    stream: trade
                    idle_timeout: 5s
                    connects_per_minute: 3
                    repair_horizon: 2h
                  - venue: replay
                    replay: {path: trades.csv, speed: 10}
                  - venue: simulated
                    simulated: {seed: 7, instruments: [{symbol: A}, {symbol: B, driver: A, hedge_ratio: 2}], episodes: []}
                bars: {lateness: 100ms, pair_timeout: 3s, carry_limit: 5, min_fill: 0.8}
                storage:
                  path: ":memory:"
                  synchronous: full
                  trades_retention: 1d
                  bars_retention: {1s: 1d, 2m: 30d}
                timeframes: [5s, 1s]
                windows: [100, 50]
                price: level
                hedge_ratios: [tls, huber, theil-sen, kalman]
                tick_correlation_horizon: 5m
                tests: {every_bars: 7, min_observations: 50, regression: ct, autolag: t-stat}
                signals:
                  zscore_entry: 3
                  zscore_exit: 1
                  correlation_floor: 0.4
                  correlation_floor_exit: 0.5
                  volatility_spike_ratio: 3
                  volatility_spike_exit: 2
                  pvalue: 0.1
                  pvalue_exit: 0.05
                  dwell_bars: 4
                  recent_bars: 30
                alerts: {timeframes: [1s], min_confidence: 0.2, zscore: 4, zscore_exit: 2}
                series_limit: 5000
                pairs:
                  - {y: "simulated:B", x: "simulated:A", name: mine, export: core, windows: [40], price: log, alerts: {timeframes: []}}
                  - {y: "binance-usdm:ETHUSDT", x: "replay:BTCUSDT"}
                """,
            file: "test.yml"
        )
        #expect(configuration.feeds[0].websocketURL == "ws://127.0.0.1:1")
        #expect(configuration.feeds[0].restURL == "http://127.0.0.1:2")
        #expect(configuration.feeds[0].stream == "trade")
        #expect(configuration.feeds[0].idleTimeout == 5_000_000)
        #expect(configuration.feeds[0].connectsPerMinute == 3)
        #expect(configuration.feeds[0].repairHorizon == 7_200_000_000)
        #expect(configuration.feeds[1].replayPath == "trades.csv")
        #expect(configuration.feeds[1].replaySpeed == .times(10))
        #expect(configuration.feeds[2].simulated.seed == 7)
        #expect(configuration.feeds[2].simulated.instruments.map(\.symbol) == ["A", "B"])
        #expect(configuration.bars.carryLimit == 5)
        #expect(configuration.storage.synchronous == .full)
        #expect(configuration.tickCorrelationHorizon == 300_000_000)
        #expect(configuration.seriesLimit == 5000)
        let mine = configuration.pairs[0]
        #expect(mine.name == "mine")
        #expect(mine.settings.windows == [40] && mine.settings.timeframes.map(\.label) == ["1s", "5s"])
        #expect(mine.settings.price == .log && mine.settings.export == .core)
        let other = configuration.pairs[1]
        #expect(other.name == "ETHUSDT-BTCUSDT")
        #expect(other.settings.windows == [50, 100] && other.settings.price == .level)
        #expect(other.settings.tests.everyBars == 7 && other.settings.signals.pValue == 0.1)
        #expect(other.settings.tests.hedgeRatios == HedgeRatioMethod.allCases)
        #expect(other.settings.signals.zScoreEntry == 3)
        let alerts = other.settings.alerts
        #expect(alerts.timeframes.map(\.label) == ["1s"] && alerts.minimumConfidence == 0.2)
        #expect(alerts.zScore == 4 && alerts.zScoreExit == 2)
        #expect(mine.settings.alerts.timeframes.isEmpty && mine.settings.alerts.zScore == 4)
    }

    @Test(
        "Each venue has its own stream and, where no pair is named, its own symbols of ether on bitcoin",
        arguments: [
            ("binance-usdm", "aggTrade", "ETHUSDT-BTCUSDT"), ("binance-spot", "aggTrade", "ETHUSDT-BTCUSDT"),
            ("okx", "trades-all", "ETH-USDT-SWAP-BTC-USDT-SWAP"), ("coinbase", "matches", "ETH-USD-BTC-USD"),
            ("bybit", "publicTrade", "ETHUSDT-BTCUSDT"), ("kraken", "trade", "ETH-USD-BTC-USD"),
        ]
    )
    func venues(venue: String, stream: String, pair: String) throws {
        let configuration = try Configuration(yaml: "feeds: [{venue: \(venue)}]", file: "test.yml")
        #expect(configuration.feeds.map(\.venue.rawValue) == [venue])
        #expect(configuration.feeds.map(\.stream) == [stream])
        #expect(configuration.pairs.map(\.name) == [pair])
        #expect(configuration.pairs.flatMap { [$0.y.venue.rawValue, $0.x.venue.rawValue] } == [venue, venue])
        let named = try Configuration(yaml: "feeds: [{venue: \(venue), stream: \(stream)}]", file: "test.yml")
        #expect(named.feeds.map(\.stream) == [stream])
    }

    @Test("Bars of seconds never alert by default, and a demo's do")
    func alertingTimeframes() throws {
        let standard = try Configuration(yaml: "timeframes: [1s, 1m]", file: "f.yml").pairs[0].settings.alerts
        #expect(standard == AlertSettings() && standard.timeframes.map(\.label) == ["1m", "5m"])
        let demo = try Configuration(yaml: DemoConfiguration.yaml(database: "d"), file: "demo")
        #expect(demo.pairs.allSatisfy { $0.settings.alerts.timeframes.map(\.label) == ["1s"] })
        #expect(demo.feeds[0].simulated.seed == 1 && demo.feeds[0].simulated.episodes.count == 3)
        let quiet = try Configuration(
            yaml: DemoConfiguration.yaml(database: "d", seed: 7, episodes: .none),
            file: "demo"
        )
        #expect(quiet.feeds[0].simulated.seed == 7 && quiet.feeds[0].simulated.episodes.isEmpty)
    }

    @Test(
        "The summary states which bars may alert, and that none may where no length is in both lists",
        arguments: [
            ("timeframes: [1m, 5m, 1h]", "alerts on bars of 1m, 5m"),
            ("alerts: {timeframes: []}", "no alerts"),
            ("timeframes: [15m]", "no alerts, because alerts.timeframes (1m, 5m) has none of its bars"),
        ]
    )
    func summary(yaml: String, alerts: String) throws {
        #expect(try Configuration(yaml: yaml, file: "f.yml").summary.hasSuffix(", " + alerts))
    }

    @Test("A pair may have its legs at two venues")
    func acrossVenues() throws {
        let configuration = try Configuration(
            yaml: """
                feeds: [{venue: okx}, {venue: coinbase}]
                pairs: [{y: "okx:ETH-USDT-SWAP", x: "coinbase:ETH-USD"}]
                """,
            file: "test.yml"
        )
        #expect(configuration.pairs.map(\.name) == ["ETH-USDT-SWAP-ETH-USD"])
        #expect(configuration.instruments(of: .okx).map(\.symbol) == ["ETH-USDT-SWAP"])
        #expect(configuration.instruments(of: .coinbase).map(\.symbol) == ["ETH-USD"])
    }

    @Test("A default name that is not unique includes the venues")
    func names() throws {
        let configuration = try Configuration(
            yaml: """
                feeds: [{venue: binance-usdm}, {venue: simulated}]
                pairs:
                  - {y: "binance-usdm:ETHUSDT", x: "binance-usdm:BTCUSDT"}
                  - {y: "simulated:ETHUSDT", x: "simulated:BTCUSDT"}
                """,
            file: "test.yml"
        )
        #expect(
            configuration.pairs.map(\.name) == [
                "binance-usdm.ETHUSDT-binance-usdm.BTCUSDT", "simulated.ETHUSDT-simulated.BTCUSDT",
            ]
        )
    }

    @Test(
        "A wrong value is refused with file, line, key and what would be right",
        arguments: [
            ("bars:\n  latenes: 1s", "f.yml:2: bars.latenes: unknown key; did you mean lateness?"),
            ("bars: [1]", "f.yml:1: bars: must be a mapping"),
            ("bars:\n  lateness: soon", "f.yml:2: bars.lateness: must be a duration from 0ms to 1m"),
            ("bars:\n  pair_timeout: 100ms", "f.yml:2: bars.pair_timeout: pair_timeout (100ms) must be longer"),
            ("windows: [60, 60]", "f.yml:1: windows[1]: given twice"),
            ("windows: []", "f.yml:1: windows: must not be empty"),
            ("windows: [6]", "f.yml:1: windows[0]: must be a whole number from 10 to 100000, found \"6\""),
            (
                "windows: [\"60\"]",
                "f.yml:1: windows[0]: must be a whole number from 10 to 100000, found \"60\", which is a text"
            ),
            ("hedge_ratios: [tls, tls]", "f.yml:1: hedge_ratios[1]: given twice"),
            ("pairs:\n  - {y: \"binance-usdm:ethusdt\", x: \"binance-usdm:BTCUSDT\"}", "in capitals: ETHUSDT"),
            (
                "feeds: [{venue: okx}]\npairs:\n  - {y: \"okx:btc-usdt-swap\", x: \"okx:ETH-USDT-SWAP\"}",
                "f.yml:3: pairs: okx:btc-usdt-swap: the venue writes its symbols in capitals: BTC-USDT-SWAP"
            ),
            (
                "feeds: [{venue: okx, stream: trades}]",
                "f.yml:1: feeds[0].stream: must be trades-all at okx, found \"trades\""
            ),
            ("feeds: [{venue: binance-spot, stream: x}]", "must be aggTrade or trade at binance-spot, found \"x\""),
            ("feeds: [{venue: simulated, stream: trade}]", "venue simulated has one stream, which has no name"),
            ("price: logs", "f.yml:1: price: must be one of log, level, found \"logs\""),
            ("feeds: [{venue: upbit}]", "f.yml:1: feeds[0].venue: no feed for venue \"upbit\""),
            ("feeds:\n  - stream: trade", "f.yml:2: feeds[0]: venue is missing"),
            ("feeds: [{venue: replay}]", "replay.path is missing"),
            ("feeds: [{venue: simulated, websocket_url: \"ws://x\"}]", "venue simulated has no server; leave it out"),
            ("feeds: [{venue: okx, websocket_url: \"http://x\"}]", "it begins with neither wss:// nor ws://"),
            ("feeds: [{venue: okx, rest_url: \"ws://x\"}]", "it begins with neither https:// nor http://"),
            (
                "feeds: [{venue: binance-spot, websocket_url: \"ws://x?timeUnit=MICROSECOND\"}]",
                "f.yml:1: feeds[0].websocket_url: ws://x?timeUnit=MICROSECOND: timeUnit: the feed reads times in milliseconds"
            ),
            ("feeds: [{venue: okx}, {venue: coinbase}]", "f.yml:1: feeds: no pair has an instrument of coinbase"),
            (
                "feeds: [{venue: simulated}]\npairs:\n  - {y: \"simulated:SOLUSTD\", x: \"simulated:BTCUSDT\"}",
                "f.yml:3: pairs: simulated:SOLUSTD: the simulated market has no such symbol; did you mean SOLUSDT?"
            ),
            (
                "feeds: [{venue: okx}]\npairs:\n  - {y: \"okx:ETHUSDT\", x: \"okx:BTC-USDT\"}",
                "f.yml:3: pairs: okx:ETHUSDT: OKX writes its symbols with dashes: ETH-USDT or ETH-USDT-SWAP"
            ),
            (
                "windows: [30]\nsignals: {recent_bars: 500}",
                "f.yml:2: signals.recent_bars: 500 bars are recent in a window of 30 bars of ETHUSDT-BTCUSDT"
            ),
            (
                "storage:\n  trades_retention: 5m",
                "f.yml:2: storage.trades_retention: keeps 5m, but after a restart the trades of 15m are needed"
            ),
            ("feeds: [{venue: simulated}, {venue: simulated}]", "venue simulated is configured twice"),
            ("pairs: []", "f.yml:1: pairs: names no pair"),
            ("pairs:\n  - y: a:b", "f.yml:2: pairs[0]: x is missing"),
            ("pairs:\n  - {y: b, x: c}", "f.yml:2: pairs[0].y: must be venue:SYMBOL"),
            ("pairs:\n  - {y: \"okx:A\", x: \"okx:B\"}", "f.yml:2: pairs: okx:A has no feed"),
            ("pairs:\n  - {y: \"binance-usdm:A\", x: \"binance-usdm:A\"}", "a pair needs two instruments"),
            ("pairs:\n  - {y: \"binance-usdm:A\", x: \"binance-usdm:B\", name: \"a b\"}", "may have letters, digits"),
            (
                "pairs:\n  - {y: \"binance-usdm:A\", x: \"binance-usdm:B\"}\n"
                    + "  - {y: \"binance-usdm:A\", x: \"binance-usdm:B\"}",
                "f.yml:3: pairs: binance-usdm.A-binance-usdm.B is configured twice"
            ),
            (
                "timeframes: [1s]\nwindows: [60, 240]\nstorage:\n  bars_retention: {1s: 1m}",
                "f.yml:4: storage.bars_retention.1s: keeps 1m, but the windows of ETHUSDT-BTCUSDT need a history of 24m"
            ),
            (
                "signals:\n  zscore_exit: 5",
                "f.yml:2: signals.zscore_exit: zscore_exit (5.0) must be below zscore_entry"
            ),
            ("alerts:\n  zscore: 0.5", "f.yml:2: alerts.zscore: zscore_exit (1.0) must be below zscore (0.5)"),
            (
                "alerts:\n  timeframes: [15m]",
                "f.yml:2: alerts.timeframes: 15m is not among the timeframes of bars: 1m, 5m"
            ),
            (
                "pairs:\n  - {y: \"binance-usdm:A\", x: \"binance-usdm:B\", alerts: {timeframes: [1s]}}",
                "f.yml:2: pairs[0].alerts.timeframes: 1s is not among the timeframes of bars: 1m, 5m"
            ),
            ("alerts: {zscor: 3}", "f.yml:1: alerts.zscor: unknown key; did you mean zscore?"),
            ("series_limit: 5", "f.yml:1: series_limit: this configuration makes up to"),
            ("a: b: c", "f.yml:1: not valid YAML"),
            ("bars: {}\nbars: {}", "key given twice: bars"),
        ]
    )
    func refused(yaml: String, message: String) {
        let error = #expect(throws: ConfigurationError.self) { try Configuration(yaml: yaml, file: "f.yml") }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "nothing was thrown")")
    }

    @Test("Bars are kept for the configured time, and never shorter than windows need")
    func retention() throws {
        let second = try #require(Timeframe("1s"))
        let day = try #require(Timeframe("1d"))
        let configuration = try Configuration(
            yaml: "timeframes: [1s, 1d]\nwindows: [60, 240]\nstorage: {bars_retention: {1s: 24m}}",
            file: "f.yml"
        )
        #expect(configuration.storage.retention(of: second) == 24 * 60_000_000)
        #expect(configuration.historySpan(of: second) == 24 * 60_000_000)
        #expect(configuration.barsRetention(of: second) == (24 * 60 + 2) * 1_000_000)
        #expect(configuration.storage.retention(of: day) == 365 * 86_400_000_000)
        #expect(configuration.barsRetention(of: day) == (6 * 240 + 2) * 86_400_000_000)
        let minute = try #require(Timeframe("1m"))
        #expect(configuration.historySpan(of: minute) == 0)
        #expect(configuration.barsRetention(of: minute) == 90 * 86_400_000_000)
    }

    @Test("The estimate of series grows with pairs, timeframes and windows, and shrinks with export: core")
    func seriesEstimate() throws {
        func series(_ export: String) throws -> String {
            try Configuration(
                yaml: "pairs: [{y: \"binance-usdm:A\", x: \"binance-usdm:B\", export: \(export)}]",
                file: "f.yml"
            ).summary
        }
        #expect(try series("core") != series("full"))
    }
}
