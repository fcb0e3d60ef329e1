extension ClosedRange<Int64> {
    /// The range without other ranges, which ascend by their lower bounds and may overlap.
    package func subtracting(_ ranges: [ClosedRange<Int64>]) -> [ClosedRange<Int64>] {
        var rest: [ClosedRange<Int64>] = []
        var next: Int64? = lowerBound
        for range in ranges where range.overlaps(self) {
            guard let start = next else { break }
            if range.lowerBound > start { rest.append(start...(range.lowerBound - 1)) }
            let (following, overflow) = range.upperBound.addingReportingOverflow(1)
            next = overflow || following > upperBound ? nil : Swift.max(start, following)
        }
        if let next { rest.append(next...upperBound) }
        return rest
    }
}
