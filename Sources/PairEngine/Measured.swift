import PairStatistics

/// A value, or why there is none.
package typealias Measured<Value> = Result<Value, UndefinedReason>

/// The value of a formula, or what its refusal means for a reading.
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
