import Foundation

/// What the program answers on stdout, at once even where stdout is a file or a pipe.
enum StandardOutput {
    static func write(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }
}
