/// The speed of a replay.
package enum ReplaySpeed: Hashable, Sendable, CustomStringConvertible {
    /// A multiple of the recorded speed, above zero.
    case times(Double)
    /// As fast as the consumer processes the trades.
    case max

    /// Reads `max` or a number above zero; nil for anything else.
    package init?(_ text: String) {
        if text == "max" {
            self = .max
        } else if let factor = Double(text), factor > 0, factor.isFinite {
            self = .times(factor)
        } else {
            return nil
        }
    }

    /// `max` or the number.
    package var description: String {
        switch self {
        case .times(let factor): "\(factor)"
        case .max: "max"
        }
    }
}
