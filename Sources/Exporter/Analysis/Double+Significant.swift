import Foundation

extension Double {
    /// The number with six significant digits at most, as people read it.
    var significant: String { String(format: "%.6g", self) }
}
