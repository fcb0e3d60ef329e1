import MarketData
import PairEngine

/// Why windows are replaced by those of the stored bars.
enum WindowRefresh: Sendable {
    /// Another process has imported.
    case imports
    /// The venue's candles of these instruments have filled their missing bars.
    case candles(Set<InstrumentID>)

    /// Whether a pair keeps its windows, because none of its bars has changed.
    func keeps(_ pair: PairDefinition) -> Bool {
        switch self {
        case .imports: false
        case .candles(let instruments): !instruments.contains(pair.y) && !instruments.contains(pair.x)
        }
    }
}
