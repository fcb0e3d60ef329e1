import ArgumentParser
import Foundation
import PairsApp
import PairsTools
import PrometheusExposition

/// Runs the command line from its start to its exit status.
@main
enum Program {
    /// How long the rest of the log waits for its reader at the end.
    private static let logPatience = Duration.milliseconds(500)

    static func main() async {
        StandardStreams.prepare()
        ProcessUsage.raiseOpenFilesLimit()
        var status = ExitCode.success
        do {
            try check(CommandLine.arguments.dropFirst())
            var command = try await PairsExporter.asyncParseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            status = report(error)
        }
        LogWriter.standardError.flush(within: logPatience)
        exit(status.rawValue)
    }

    /// The longest path that the system accepts; nothing else on a command line is longer.
    private static let longestArgument = 4096

    /// Names, paths and symbols of the command line appear in messages, logs and labels.
    private static func check(_ arguments: some Collection<String>) throws {
        for (number, argument) in zip(1..., arguments) {
            guard argument.utf8.count <= longestArgument else {
                throw ValidationError("argument \(number) is longer than \(longestArgument) bytes")
            }
            guard let control = argument.firstControlCharacter else { continue }
            throw ValidationError("argument \(number) holds the control character \(control); write printable text")
        }
    }

    /// Writes the text of an error: help and version, which the user requests by an error, to stdout, everything else
    /// to stderr.
    /// - Returns: the exit status of the program.
    private static func report(_ error: any Error) -> ExitCode {
        if let error = error as? OutputError { return report(error) }
        let status = PairsExporter.exitCode(for: error)
        let text = PairsExporter.fullMessage(for: error)
        guard !text.isEmpty else { return status }
        guard status == .success else {
            StandardError.write(text + "\n", patience: .seconds(1))
            return status
        }
        do {
            try StandardOutput.write(text + "\n")
            return status
        } catch {
            return report(error)
        }
    }

    /// A reader that has closed the pipe, as `head` does, needs no more output.
    private static func report(_ error: OutputError) -> ExitCode {
        error.isUnwanted ? .success : Failure(error, status: .failure).status
    }
}
