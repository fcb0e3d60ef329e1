package import MarketData

/// Why a file that can be read is not imported.
package enum ImportError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The database has another numbered stream of the instrument in the time of the file.
    case otherStream(path: String, stream: TradeStream, other: String)
    /// A stream is named for trades that have no ids.
    case streamWithoutIDs(path: String, name: String)
    /// An option that has no meaning for what the file holds.
    case ignoredOption(path: String, _ option: String, _ holds: String)

    /// The error, its place, and what would be right.
    package var description: String {
        switch self {
        case .otherStream(let path, let stream, let other):
            "\(path): it holds \(stream), but the database has \(stream.instrument)@\(other) of the same time, and both "
                + "would count each trade twice; import it into another database, or, if both are one stream, name it with "
                + "--stream \(other)"
        case .streamWithoutIDs(let path, let name):
            "\(path): its trades have no ids, so --stream \(name) would be ignored; leave it out"
        case .ignoredOption(let path, let option, let holds):
            "\(path): it holds \(holds), so \(option) would be ignored; leave it out"
        }
    }
}
