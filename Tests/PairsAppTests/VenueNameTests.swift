import MarketData
import Testing

@testable import PairsTools

@Suite struct VenueNameTests {
    @Test(
        "names of venues, known or not",
        arguments: ["binance-usdm", "binance-coinm", "nyse", "upbit", "ftx", "binance-us"]
    )
    func accepted(name: String) throws {
        #expect(try VenueName.venue(name) == Venue(rawValue: name))
    }

    @Test(
        "a typing mistake is refused with the name that was meant",
        arguments: [
            ("binance-usd", "binance-usdm"), ("binance_usdm", "binance-usdm"), ("Kraken", "kraken"),
            ("okex", "okx"), ("coinbas", "coinbase"), ("bybit ", "bybit"), ("binance-sopt", "binance-spot"),
        ]
    )
    func slip(name: String, meant: String) {
        let error = #expect(throws: VenueName.self) { try VenueName.venue(name) }
        #expect(error?.description.contains(meant) == true)
    }

    @Test("other characters are refused", arguments: ["", "NYSE", "my venue", "börse"])
    func malformed(name: String) {
        #expect(throws: VenueName.self) { try VenueName.venue(name) }
    }
}
