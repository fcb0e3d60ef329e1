import PairStatistics

/// A value, or the reason why there is none.
package typealias Measured<Value> = Result<Value, UndefinedReason>

/// The value of a formula, or the reason of a reading for its error.
func measured<Value>(_ formula: () throws(UndefinedStatistic) -> Value) -> Measured<Value> {
    do {
        return .success(try formula())
    } catch {
        return .failure(UndefinedReason(error))
    }
}

extension Result where Failure == UndefinedReason {
    /// Why there is no value, nil when there is one.
    @inlinable package var reason: UndefinedReason? {
        if case .failure(let reason) = self { reason } else { nil }
    }

    /// The value, nil when there is none.
    @inlinable package var value: Success? {
        if case .success(let value) = self { value } else { nil }
    }
}
