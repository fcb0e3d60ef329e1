extension RollingPairWindow {
    /// Appends one slot to each of many windows, as `append` would to one after another, in a third of the time where
    /// they do not all fit into the processor's cache.
    ///
    /// - Parameters:
    ///   - x: values of the pairs' first legs; one that is not finite makes the slot a gap, as in `append`.
    ///   - y: values of the second legs, as many as of `x`.
    ///   - windows: the windows of the first pair, then those of the next; as many of each pair.
    public static func append(x: [Double], y: [Double], to windows: inout [RollingPairWindow]) {
        let pairs = min(x.count, y.count)
        guard pairs > 0 else { return }
        let windowsPerPair = windows.count / pairs
        let block = 64
        withUnsafeTemporaryAllocation(of: (SIMD2<Double>, SIMD2<Double>).self, capacity: block) { leaving in
            for start in stride(from: 0, to: pairs * windowsPerPair, by: block) {
                let end = min(start + block, pairs * windowsPerPair)
                // What leaves is looked up for all of a block first: these loads wait for memory together.
                for index in start..<end {
                    leaving.initializeElement(at: index - start, to: windows[index].leaving)
                }
                for index in start..<end {
                    let pair = index / windowsPerPair
                    windows[index].push(SIMD2(x[pair], y[pair]), replacing: leaving[index - start])
                }
            }
        }
    }
}
