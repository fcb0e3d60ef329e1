import Foundation
import MarketData

@testable import TradeFeeds

/// Shared helpers for tests of several venues' adapters.
enum AdapterFixtures {
    static func streams(_ adapter: some VenueAdapter, _ symbols: [String], _ name: String) -> [TradeStream] {
        symbols.map { TradeStream(instrument: Instrument(venue: adapter.venue, symbol: $0), name: name) }
    }

    /// A text parsed as JSON, for a comparison without order and spaces.
    static func json(_ text: String) throws -> NSObject {
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
        return (object as? NSDictionary) ?? (object as? NSArray) ?? NSNull()
    }

    static func trade(_ id: Int64, _ microseconds: Int64, _ price: String, _ quantity: String, _ side: TakerSide) throws
        -> Trade
    {
        Trade(
            instrument: InstrumentID(3),
            id: id,
            time: Timestamp(microseconds: microseconds),
            price: try FixedDecimal(price),
            quantity: try FixedDecimal(quantity),
            takerSide: side
        )
    }
}
