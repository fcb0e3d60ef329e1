package import MarketData

/// What one import wrote to a database: trades of one stream, or bars of one timeframe. Retention does not remove it
/// before `import --forget`.
package struct ImportedRange: Hashable, Sendable {
    /// The instrument.
    package var instrument: Instrument
    /// The name of the trades' stream; nil for bars.
    package var stream: String?
    /// The length of the bars; nil for trades.
    package var timeframe: Timeframe?
    /// The checksum of the imported content.
    package var checksum: String
    /// The name of the file.
    package var source: String
    /// The least and greatest trade id; 0 for bars.
    package var ids: ClosedRange<Int64>
    /// From the first trade or the opening of the first bar to the last.
    package var times: ClosedRange<Timestamp>

    /// A range from its parts.
    package init(
        instrument: Instrument,
        stream: String? = nil,
        timeframe: Timeframe? = nil,
        checksum: String,
        source: String,
        ids: ClosedRange<Int64> = 0...0,
        times: ClosedRange<Timestamp>
    ) {
        self.instrument = instrument
        self.stream = stream
        self.timeframe = timeframe
        self.checksum = checksum
        self.source = source
        self.ids = ids
        self.times = times
    }
}
