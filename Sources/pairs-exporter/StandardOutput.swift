import Foundation
import PairsApp
import PairsTools

/// Writes the program's result to stdout, without a buffer even where stdout is a file or a pipe. All output uses it.
enum StandardOutput {
    static func write(_ text: String) throws(OutputError) {
        try write(Data(text.utf8))
    }

    static func write(_ data: Data) throws(OutputError) {
        let outcome = DescriptorWriter(STDOUT_FILENO).write(data)
        if !outcome.isComplete { throw OutputError(OutputError.standardOutput, errorNumber: outcome.errorNumber) }
    }
}
