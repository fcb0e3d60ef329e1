import PairEngine

extension PairReading {
    /// Everything that follows from the bars: all but how often signals have begun since the program started.
    var state: String {
        "\(self)".replacing(/entries: SIMD4<UInt32>\([^)]*\)/, with: "")
    }
}
