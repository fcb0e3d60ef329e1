import Logging
import MarketData
import TestSupport

@testable import TradeStore

/// The kinds of store, each of which passes the contract.
enum StoreKind: CaseIterable {
    case file
    /// A file that is compared with the path at each transaction.
    case guardedFile
    case memory

    /// Those whose stores for imports and readers differ.
    static let ofImports = [StoreKind.file, .memory]
}

/// Where stores of one kind are opened, one after another or side by side: what one has written, the next one has.
struct StorePlace {
    private let folder: TemporaryFolder
    private let guarding: FileGuarding?
    private let location: StoreLocation

    init(_ kind: StoreKind) throws {
        folder = try TemporaryFolder()
        location = StoreLocation(path: kind == .memory ? StoreLocation.memoryPath : folder.file())
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        guarding = kind == .guardedFile ? FileGuarding(onReplacement: .stop, logger: logger) : nil
    }

    var path: String { location.path }

    func open(_ streams: StreamTable = Samples.streams) async throws -> any TradeStore {
        try await location.open(streams: streams, guarding: guarding)
    }

    func openForImport(_ streams: StreamTable = Samples.streams) throws -> any ImportStore {
        try location.openForImport(streams: streams)
    }

    func openForReading() throws -> any StoreReader {
        try location.openForReading()
    }
}
