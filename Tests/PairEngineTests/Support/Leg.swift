import MarketData

/// The bar of one leg in a slot.
enum Leg: Hashable {
    case traded(Double)
    case carried(Double)
    case gap
    case absent

    /// The close, where there is one.
    var price: Double? {
        switch self {
        case .traded(let price), .carried(let price): price
        case .gap, .absent: nil
        }
    }

    var isCarried: Bool {
        if case .carried = self { true } else { false }
    }

    /// The bar of this slot, nil when the leg is absent.
    func bar(_ instrument: Int, _ timeframe: Timeframe, slot: Int64) -> Bar? {
        let state: BarState
        switch self {
        case .traded: state = .traded
        case .carried: state = .carried
        case .gap: state = .gap
        case .absent: return nil
        }
        return Bar(
            instrument: InstrumentID(instrument),
            timeframe: timeframe,
            slot: slot,
            state: state,
            prices: price.map(BarPrices.carried)
        )
    }
}
