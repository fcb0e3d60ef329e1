import MarketData

/// The primary key of a stored trade: the stream's number above 44 bits of trade id.
///
/// One integer key makes each stream a run of rows in the order of its ids, without an index beside the table.
enum TradeKey {
    static let idBits: Int64 = 44
    /// The ids of a stream that fit below its number.
    static let ids: Range<Int64> = 0..<(1 << idBits)

    /// The key of an accepted id.
    static func key(stream: Int64, id: Int64) -> Int64 {
        stream << idBits | id
    }

    /// The id within the stream.
    static func id(_ key: Int64) -> Int64 {
        key & (ids.upperBound - 1)
    }

    /// All keys of a stream.
    static func keys(of stream: Int64) -> ClosedRange<Int64> {
        key(stream: stream, id: 0)...key(stream: stream, id: ids.upperBound - 1)
    }

    /// All keys of the stream that a key belongs to.
    static func keys(sharing key: Int64) -> ClosedRange<Int64> {
        keys(of: key >> idBits)
    }

    /// The name of a stream in one of its numberings: `aggTrade`, `aggTrade-2`, `aggTrade-3`.
    static func name(_ name: String, numbering: Int64) -> String {
        numbering == 0 ? name : "\(name)-\(numbering + 1)"
    }
}

extension Trade {
    /// The same trade with another id.
    func moved(by distance: Int64) -> Trade {
        guard distance != 0 else { return self }
        var trade = self
        trade.id += distance
        return trade
    }
}
