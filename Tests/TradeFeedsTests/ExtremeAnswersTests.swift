import Foundation
import MarketData
import Testing

@testable import TradeFeeds

/// Reading any number of a venue returns a value or an error; a trap would end this process.
@Suite struct ExtremeAnswersTests {
    /// The replacements of each number of a message, with quotes where the number has them.
    static let extremes = [
        "0", "-1", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
        "18446744073709551615", "9007199254740993", "1e308", "-1e308", "1e-308", "1e999999999", "NaN", "inf", "-0", "",
        "0.000000000000000000000000000001", String(repeating: "9", count: 400), "true", "null", "[]", "{}",
    ]

    /// The variants of a text in which one number is replaced by one extreme.
    static func variants(of text: String) -> [String] {
        let numbers = text.matches(of: /-?[0-9][0-9.]*/).map(\.range)
        return [text] + numbers.flatMap { range in extremes.map { text.replacingCharacters(in: range, with: $0) } }
    }

    @Test("No number of a frame traps, and every decoded trade is valid", arguments: LiveVenues.all)
    func frames(venue: VenueDescriptor) throws {
        let adapter = try adapter(of: venue)
        let stream = AdapterFixtures.streams(adapter, [venue.samples.symbol], venue.streamNames[0])[0]
        let (first, _) = decode(venue.samples.frames[0], adapter.makeDecoder(for: [InstrumentID(0): stream]))
        #expect(first == .trades)
        for text in venue.samples.frames.flatMap(Self.variants) {
            check(decode(text, adapter.makeDecoder(for: [InstrumentID(0): stream])).trades, text)
        }
    }

    private func decode(_ text: String, _ decoder: some FrameDecoder) -> (outcome: FrameOutcome, trades: [Trade]) {
        decoder.decoded(Array(text.utf8))
    }

    @Test("No number of a response traps, and every decoded trade or candle is valid", arguments: LiveVenues.all)
    func answers(venue: VenueDescriptor) throws {
        try answers(adapter(of: venue), venue)
    }

    private func adapter(of venue: VenueDescriptor) throws -> any VenueAdapter {
        venue.makeAdapter(try WebSocketEndpoint("ws://127.0.0.1:1"), venue.streamNames[0])
    }

    private func answers(_ adapter: some VenueAdapter, _ venue: VenueDescriptor) throws {
        let sample = venue.samples
        let stream = AdapterFixtures.streams(adapter, [sample.symbol], venue.streamNames[0])[0]
        let minute = try #require(Timeframe("1m"))
        let greatestID = TradeSequence.validIDs.upperBound - 1
        let time = try #require(adapter.serverTime())
        for text in Self.variants(of: sample.serverTime) {
            guard let time = try? time.read(Data(text.utf8)) else { continue }
            var offset = ClockOffset()
            offset.record(venueTime: time, sent: Timestamp(microseconds: 0), received: Timestamp(microseconds: 1))
        }
        for query in [
            adapter.latestTrades(of: stream, as: InstrumentID(0)),
            adapter.trades(of: stream, as: InstrumentID(0), ids: 0...greatestID),
            adapter.trades(of: stream, as: InstrumentID(0), ids: greatestID...greatestID),
            adapter.trades(of: stream, as: InstrumentID(0), ids: 0...1, since: Timestamp(microseconds: .max)),
        ].compactMap(\.self) {
            for text in Self.variants(of: sample.trades) { check((try? query.read(Data(text.utf8))) ?? [], text) }
        }
        let candles = try #require(adapter.candles(of: stream.instrument, timeframe: minute, slots: 0..<100))
        for text in Self.variants(of: sample.candles) {
            for candle in (try? candles.read(Data(text.utf8))) ?? [] {
                let slot = minute.slot(of: candle.openTime)
                _ = Bar(candle, slot: slot, of: InstrumentID(0), minute).closeTime
                let prices = [candle.prices.open, candle.prices.high, candle.prices.low, candle.prices.close]
                #expect(prices.allSatisfy { $0.isFinite }, "\(text)")
            }
        }
    }

    private func check(_ trades: [Trade], _ text: String) {
        for trade in trades {
            #expect(trade.id >= 0 && trade.time <= TradeRecord.latestTime, "\(text)")
            #expect(trade.discard != nil || trade.price.mantissa > 0, "\(text)")
        }
    }

    @Test("A header with any number results in a wait within bounds", arguments: extremes)
    func patience(header: String) {
        for status in [200, 418, 429, 503] {
            guard let wait = RetryAfter.requestedWait(status: status, header: header) else { continue }
            #expect(wait >= .zero && wait <= .seconds(3 * 86_400))
        }
    }

    @Test("Any weights that a venue reports result in a wait of at most a minute")
    func weights() {
        let now = ContinuousClock.now
        for used in [Int.min, -1, 0, 1, Int(1) << 53, .max] {
            var budget = WeightBudget(weightPerMinute: 100)
            for _ in 0..<3 {
                budget.record(usedWeight: used, at: now)
                #expect(budget.reserve(10, notBefore: now) <= now + .seconds(60))
            }
        }
    }
}
