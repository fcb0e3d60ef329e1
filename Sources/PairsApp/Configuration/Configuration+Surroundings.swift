import Foundation
package import Logging
import MarketData
import TradeFeeds
import TradeFiles
import TradeStore

#if canImport(CDispatch)
    // On Linux the compiler attributes `stat` to it or to Glibc, whichever was loaded first.
    import CDispatch
#endif

extension Configuration {
    /// Checks that the files and folders that the document names can be used, by the rules of a start and of a reload.
    /// Nothing is written, and no request is sent to a venue.
    /// - Throws: ``ConfigurationError`` or ``StartError``.
    package func checkSurroundings(logger: Logger) throws {
        try checkStorage()
        _ = try SessionFeeds(self, logger: logger)
    }

    /// Checks that the database can be written, or made.
    func checkStorage() throws(ConfigurationError) {
        guard storage.path != StoreLocation.memoryPath, let problem = Self.writingProblem(storage.path) else {
            return
        }
        throw ConfigurationError(file: file, line: lines.storage, key: "storage.path", problem: problem)
    }

    /// Refuses pairs whose symbol a file of trades does not have.
    /// - Parameter refused: rows of the file that are not trades, by symbol; see ``ReplayFile/refused``.
    func check(
        _ symbols: [String],
        of venue: Venue,
        in source: String,
        refused: [String: RefusedRows] = [:]
    ) throws(ConfigurationError) {
        for pair in pairs {
            for leg in [pair.y, pair.x] where leg.venue == venue && !symbols.contains(leg.symbol) {
                if let rows = refused[leg.symbol].flatMap(Self.summary) {
                    throw error(pair, "\(leg): \(source) has no trade of this symbol: \(rows)")
                }
                let hint = leg.symbol.nearest(in: symbols).map { "did you mean \($0)? " } ?? ""
                let rest = refused[""].flatMap(Self.summary).map { "; beside that, \($0)" } ?? ""
                let known = symbols.prefix(20).joined(separator: ", ") + (symbols.count > 20 ? ", …" : "")
                throw error(pair, "\(leg): \(source) has no such symbol; \(hint)it has \(known)" + rest)
            }
        }
    }

    private static func summary(of refused: RefusedRows) -> String? {
        guard let first = refused.first.first else { return nil }
        let count = refused.count == 1 ? "1 row of it is refused" : "\(refused.count) rows of it are refused, the first"
        return "\(count) in line \(first.line): \(first.problem)"
    }

    /// An error about a feed, with its line.
    func error(_ venue: Venue, _ problem: String) -> ConfigurationError {
        ConfigurationError(file: file, line: lines.feeds[venue], key: "feeds", problem: problem)
    }

    /// An error about a pair, with its line.
    func error(_ pair: PairConfiguration, _ problem: String) -> ConfigurationError {
        ConfigurationError(file: file, line: pair.line, key: "pairs", problem: problem)
    }

    /// Why no database can be written at a path, nil where it can be.
    private static func writingProblem(_ path: String) -> String? {
        var status = stat()
        if stat(path, &status) == 0 {
            switch status.st_mode & S_IFMT {
            case S_IFREG: break
            case S_IFDIR: return "\(path) is a folder; name a file in it"
            default: return "\(path) is no regular file; name another"
            }
            if access(path, W_OK) != 0 { return "\(path) may not be written: \(reason())" }
        }
        var folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        while stat(folder.path, &status) != 0, folder.path != "/" {
            guard errno == ENOENT else { return "\(folder.path) cannot be used: \(reason())" }
            folder.deleteLastPathComponent()
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { return "\(folder.path) is no folder" }
        guard access(folder.path, W_OK | X_OK) == 0 else {
            return "the folder \(folder.path) may not be written: \(reason()); permit it, or name another path"
        }
        return nil
    }

    private static func reason() -> String {
        String(cString: strerror(errno)).lowercased()
    }
}
