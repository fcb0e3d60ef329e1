import ExporterHTTP
import Foundation
import PairsApp
import TradeFeeds
import TradeFiles

/// The target that the environment names; libFuzzer calls from one thread, so that it has one user.
private nonisolated(unsafe) let target: (UnsafeRawBufferPointer) -> Void = {
    let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? ""
    guard
        let target = TradeFeedsTargets.target(name) ?? TradeFilesTargets.target(name)
            ?? ExporterHTTPTargets.target(name) ?? ConfigurationTargets.target(name)
    else { fatalError("FUZZ_TARGET must name a target, found \"\(name)\"") }
    return target
}()

/// libFuzzer's entry.
@_cdecl("LLVMFuzzerTestOneInput")
package func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    target(UnsafeRawBufferPointer(start: start, count: count))
    return 0
}
