import Testing

/// The largest difference seen between our value and a reference, and where.
struct LargestDifference {
    private(set) var value = 0.0
    private(set) var place = "-"
    private(set) var count = 0

    /// Compares a value with its reference: relative where the reference is above 1 in size, absolute below.
    mutating func compare(_ ours: Double, _ reference: Double, _ place: @autoclosure () -> String) {
        count += 1
        let difference = abs(ours - reference) / max(1, abs(reference))
        if !(difference <= value) {
            value = difference
            self.place = place()
        }
    }

    /// As `compare`, always absolute.
    mutating func compareAbsolute(_ ours: Double, _ reference: Double, _ place: @autoclosure () -> String) {
        count += 1
        let difference = abs(ours - reference)
        if !(difference <= value) {
            value = difference
            self.place = place()
        }
    }

    /// As `compare`, always relative.
    mutating func compareRelative(_ ours: Double, _ reference: Double, _ place: @autoclosure () -> String) {
        count += 1
        let difference = ours == reference ? 0 : abs(ours / reference - 1)
        if !(difference <= value) {
            value = difference
            self.place = place()
        }
    }
}

extension LargestDifference: CustomStringConvertible {
    var description: String { "\(value) of \(count) at \(place)" }
}
