/// How fast a file is played.
package enum ReplaySpeed: Hashable, Sendable, CustomStringConvertible {
    /// So many times as fast as it was recorded, above zero.
    case times(Double)
    /// As fast as the trades are taken.
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
