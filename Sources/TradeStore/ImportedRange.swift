public import MarketData

/// What one import put into a database: trades of one stream, or bars of one timeframe. Retention spares it until it is
/// forgotten.
public struct ImportedRange: Hashable, Sendable {
    /// The instrument.
    public var instrument: Instrument
    /// The name of the trades' stream; nil for bars.
    public var stream: String?
    /// The length of the bars; nil for trades.
    public var timeframe: Timeframe?
    /// Tells one content from another.
    public var checksum: String
    /// The name of the file.
    public var source: String
    /// The least and greatest trade id; 0 for bars.
    public var ids: ClosedRange<Int64>
    /// From the first trade or the opening of the first bar to the last.
    public var times: ClosedRange<Timestamp>

    /// A range from its parts.
    public init(
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
