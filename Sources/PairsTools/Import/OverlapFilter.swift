import MarketData
import TradeStore

/// Finds the trades of a file that another stream of the instrument has on disk: a trade of the same time, price,
/// quantity and taker side is the same trade. Of one that occurs n times in the file and m times on disk, n - m are
/// new.
///
/// Trades without ids that are on disk are left out. Trades with ids replace those without.
struct OverlapFilter {
    /// The trades of a file that are to be written.
    struct Outcome {
        var trades: [Trade] = []
        /// Trades on disk that these replace.
        var replaced: [PresentTrade] = []

        mutating func append(_ other: Outcome) {
            trades += other.trades
            replaced += other.replaced
        }
    }

    /// The most trades of one moment that are held back.
    private static let longestMoment = 100_000

    private let present: any PresentTrades
    /// The first moment of the file.
    private let start: Timestamp
    private let isNumbered: Bool
    /// The trades of the last moment, of which the file may have more.
    private var held: [Trade] = []

    init(_ present: any PresentTrades, start: Timestamp, isNumbered: Bool) {
        self.present = present
        self.start = start
        self.isNumbered = isNumbered
    }

    /// Checks trades in the order of the file, all but those of the last moment.
    mutating func check(_ trades: [Trade]) async throws -> Outcome {
        var moments = (held + trades).moments
        held = []
        if let last = moments.last, last.count < Self.longestMoment {
            held = last
            moments.removeLast()
        }
        return try await check(moments)
    }

    /// Checks the trades of the last moment.
    mutating func finish() async throws -> Outcome {
        defer { held = [] }
        return try await check(held.moments)
    }

    private func check(_ moments: [[Trade]]) async throws -> Outcome {
        func isShared(_ moment: [Trade]) -> Bool { present.times?.contains(moment[0].time) ?? false }
        let shared = moments.filter(isShared)
        var rows = try await present.rows(at: shared.map { $0[0].time })[...]
        var outcome = Outcome()
        var used: [PresentTrade] = []
        for moment in moments {
            guard isShared(moment), let onDisk = rows.popFirst(), !onDisk.isEmpty else {
                outcome.trades += moment
                continue
            }
            let found = isNumbered ? replacing(onDisk, by: moment) : leavingOut(onDisk, of: moment)
            outcome.append(found.outcome)
            used += found.used
        }
        try await present.remove(used)
        return outcome
    }

    /// A stream that begins at the moment has its last trades, any other stream its first ones.
    private func leavingOut(
        _ onDisk: [PresentTrade],
        of moment: [Trade]
    ) -> (outcome: Outcome, used: [PresentTrade]) {
        if moment.count == 1, onDisk.count == 1 {
            let isSame = TradeValue(moment[0]) == TradeValue(onDisk[0].trade)
            return isSame ? (Outcome(), onDisk) : (Outcome(trades: moment), [])
        }
        let rows = Dictionary(grouping: onDisk) { TradeValue($0.trade) }
        let trades = moment.sorted { $0.id < $1.id }
        let counts = Dictionary(trades.map { (TradeValue($0), 1) }, uniquingKeysWith: +)
        var seen: [TradeValue: Int] = [:]
        var outcome = Outcome()
        for trade in trades {
            let value = TradeValue(trade)
            let position = seen[value, default: 0]
            seen[value] = position + 1
            let same = rows[value, default: []]
            let last = same.count { $0.isAtStart }
            if position >= same.count - last, position < counts[value, default: 0] - last {
                outcome.trades.append(trade)
            }
        }
        let used = rows.flatMap { value, rows in rows.prefix(counts[value, default: 0]) }
        return (outcome, used)
    }

    private func replacing(
        _ onDisk: [PresentTrade],
        by moment: [Trade]
    ) -> (outcome: Outcome, used: [PresentTrade]) {
        let counts = Dictionary(moment.map { (TradeValue($0), 1) }, uniquingKeysWith: +)
        let used = Dictionary(grouping: onDisk) { TradeValue($0.trade) }.flatMap { value, rows in
            let count = counts[value, default: 0]
            return moment[0].time == start ? rows.suffix(count) : rows.prefix(count)
        }
        return (Outcome(trades: moment, replaced: used), used)
    }
}

extension [Trade] {
    /// Runs of trades of one time.
    fileprivate var moments: [[Trade]] {
        chunked { $0.time == $1.time }
    }

    private func chunked(_ belongs: (Trade, Trade) -> Bool) -> [[Trade]] {
        var chunks: [[Trade]] = []
        var start = startIndex
        for index in indices where index + 1 == endIndex || !belongs(self[index], self[index + 1]) {
            chunks.append(Array(self[start...index]))
            start = index + 1
        }
        return chunks
    }
}

/// The value by which two trades of one moment are the same: price, quantity and taker side, without trailing zeros.
struct TradeValue: Hashable {
    private struct Number: Hashable {
        let mantissa: Int64
        let scale: UInt8

        init(_ decimal: FixedDecimal) {
            var (mantissa, scale) = (decimal.mantissa, decimal.scale)
            while scale > 0, mantissa.isMultiple(of: 10) {
                mantissa /= 10
                scale -= 1
            }
            (self.mantissa, self.scale) = (mantissa, scale)
        }
    }

    private let price: Number
    private let quantity: Number
    private let side: TakerSide

    init(_ trade: Trade) {
        price = Number(trade.price)
        quantity = Number(trade.quantity)
        side = trade.takerSide
    }
}
